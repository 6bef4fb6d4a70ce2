/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of the I/O manager. */
#include "iop.h"

POBJECT_TYPE IoDeviceType, IoFileType, IoDriverType, IoCompletionType;
POBJECT_TYPE IopReserveType, IopWaitPacketType;

static void IopCreateTypes(void)
{
    static const struct {
        const OBJECT_TYPE_INITIALIZER *Initializer;
        POBJECT_TYPE *Type;
    } Types[] = {
        {&IopDeviceTypeInitializer, &IoDeviceType},
        {&IopDriverTypeInitializer, &IoDriverType},
        {&IopFileTypeInitializer, &IoFileType},
        {&IopCompletionTypeInitializer, &IoCompletionType},
        {&IopReserveTypeInitializer, &IopReserveType},
        {&IopWaitPacketTypeInitializer, &IopWaitPacketType},
    };
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Types); i++)
        if (!NT_SUCCESS(ObCreateObjectType(Types[i].Initializer, Types[i].Type)))
            KeBugCheck("no object types of the I/O manager");
}

void IoInitialize(void)
{
    IopCreateTypes();
    if (!NT_SUCCESS(IopMountArchive()))
        KeBugCheck("no boot archive");
    if (!NT_SUCCESS(IopCreateConsole()))
        KeBugCheck("no console");
    if (!NT_SUCCESS(NpCreateDevice()) || !NT_SUCCESS(MsCreateDevice()))
        KeBugCheck("no named pipes or mailslots");
    IopInitializeClients();
    IopInitializeHosts();
    IopInitializeRootBus();
    IopInitializeWatchdog();
}
