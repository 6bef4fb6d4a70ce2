/* SPDX-License-Identifier: BSD-2-Clause */
/* The namespace as it is at boot. */
#include "obp.h"

static NTSTATUS ObpCreateDirectoryFor(const WCHAR *Path, SE_PUBLIC_ACCESS Public)
{
    UNICODE_STRING Name;
    POBP_DIRECTORY Directory;
    NTSTATUS Status = ObpCreateDirectory(&Directory);

    if (!NT_SUCCESS(Status))
        return Status;
    RtlInitUnicodeString(&Name, Path);
    Status = ObpAssignSystemSecurity(Directory, Public);
    if (NT_SUCCESS(Status))
        Status = ObInsertName(Directory, &Name);
    ObDereferenceObject(Directory);
    return Status;
}

NTSTATUS ObCreateDirectoryAt(const WCHAR *Path)
{
    return ObpCreateDirectoryFor(Path, SePublicRead);
}

static NTSTATUS ObpCreateInitialNames(void)
{
    static const struct {
        const WCHAR *Path;
        SE_PUBLIC_ACCESS Public;
    } Directories[] = {
        {u"\\Device", SePublicRead},
        {u"\\Driver", SePublicNothing},
        {u"\\KnownDlls", SePublicRead},
        {u"\\BaseNamedObjects", SePublicWrite},
        {u"\\BaseNamedObjects\\Restricted", SePublicWrite},
        {u"\\Sessions", SePublicRead},
        {u"\\Sessions\\0", SePublicRead},
        {u"\\Sessions\\0\\DosDevices", SePublicRead},
        {u"\\Sessions\\BNOLINKS", SePublicRead},
        {u"\\GLOBAL??", SePublicRead},
        {u"\\KernelObjects", SePublicRead},
    };
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Directories) && NT_SUCCESS(Status); i++)
        Status = ObpCreateDirectoryFor(Directories[i].Path, Directories[i].Public);
    return NT_SUCCESS(Status) ? ObpCreateDosDevices() : Status;
}

void ObInitialize(void)
{
    NTSTATUS Status = ObpInitializeTypes();

    if (NT_SUCCESS(Status))
        Status = ObpCreateDirectory(&ObpRootDirectory);
    if (NT_SUCCESS(Status))
        Status = ObpAssignSystemSecurity(ObpRootDirectory, SePublicRead);
    if (NT_SUCCESS(Status))
        Status = ObCreateDirectoryAt(u"\\ObjectTypes");
    if (NT_SUCCESS(Status))
        Status = ObpInsertInitialTypes();
    if (NT_SUCCESS(Status))
        Status = ObpCreateInitialNames();
    if (!NT_SUCCESS(Status))
        KeBugCheck("the object manager's initial names");
}
