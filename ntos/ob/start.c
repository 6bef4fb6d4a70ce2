/* SPDX-License-Identifier: BSD-2-Clause */
/* The namespace as it is at boot. */
#include "obp.h"

NTSTATUS ObCreateDirectoryAt(const WCHAR *Path)
{
    UNICODE_STRING Name;
    POBP_DIRECTORY Directory;
    NTSTATUS Status = ObpCreateDirectory(&Directory);

    if (!NT_SUCCESS(Status))
        return Status;
    RtlInitUnicodeString(&Name, Path);
    Status = ObInsertName(Directory, &Name);
    ObDereferenceObject(Directory);
    return Status;
}

static NTSTATUS ObpCreateInitialNames(void)
{
    static const WCHAR *const Directories[] = {u"\\Device",           u"\\Driver",   u"\\KnownDlls",
                                               u"\\BaseNamedObjects", u"\\Sessions", u"\\GLOBAL??"};
    UNICODE_STRING Link = RTL_CONSTANT_STRING(u"\\??"), Target = RTL_CONSTANT_STRING(u"\\GLOBAL??");
    UNICODE_STRING DosDevices = RTL_CONSTANT_STRING(u"\\DosDevices");
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Directories) && NT_SUCCESS(Status); i++)
        Status = ObCreateDirectoryAt(Directories[i]);
    if (NT_SUCCESS(Status))
        Status = ObCreateSymbolicLinkAt(&Link, &Target);
    if (NT_SUCCESS(Status))
        Status = ObCreateSymbolicLinkAt(&DosDevices, &Link);
    return Status;
}

void ObInitialize(void)
{
    NTSTATUS Status = ObpInitializeTypes();

    if (NT_SUCCESS(Status))
        Status = ObpCreateDirectory(&ObpRootDirectory);
    if (NT_SUCCESS(Status))
        Status = ObCreateDirectoryAt(u"\\ObjectTypes");
    if (NT_SUCCESS(Status))
        Status = ObpInsertInitialTypes();
    if (NT_SUCCESS(Status))
        Status = ObpCreateInitialNames();
    if (!NT_SUCCESS(Status))
        KeBugCheck("the object manager's initial names");
}
