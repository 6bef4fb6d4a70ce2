/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of the I/O manager. */
#include "iop.h"

POBJECT_TYPE IoDeviceType, IoFileType, IoDriverType;

void IoInitialize(void)
{
    NTSTATUS Status = ObCreateObjectType(&IopDeviceTypeInitializer, &IoDeviceType);

    if (NT_SUCCESS(Status))
        Status = ObCreateObjectType(&IopDriverTypeInitializer, &IoDriverType);
    if (NT_SUCCESS(Status))
        Status = ObCreateObjectType(&IopFileTypeInitializer, &IoFileType);
    if (NT_SUCCESS(Status))
        Status = IopMountArchive();
    if (!NT_SUCCESS(Status))
        KeBugCheck("no boot archive");
    IopInitializeClients();
    IopInitializeRootBus();
}
