// SPDX-License-Identifier: BSD-2-Clause
/* Where an assembly is: shared by all programs, or in a directory of the program's own. (Win32:
 * "Assembly Searching Sequence") */
#include "sxsp.h"

static const UNICODE_STRING Backslash = RTL_CONSTANT_STRING(u"\\");
static const UNICODE_STRING Nothing = {0, 0, NULL};

/* There is no such file, or it has no manifest: there may be one elsewhere. */
static BOOLEAN IsAbsent(NTSTATUS Status)
{
    switch (Status) {
    case STATUS_OBJECT_NAME_NOT_FOUND:
    case STATUS_OBJECT_PATH_NOT_FOUND:
    case STATUS_OBJECT_NAME_INVALID:
    case STATUS_OBJECT_PATH_SYNTAX_BAD:
    case STATUS_NO_SUCH_FILE:
    case STATUS_FILE_IS_A_DIRECTORY:
    case STATUS_RESOURCE_DATA_NOT_FOUND:
    case STATUS_RESOURCE_TYPE_NOT_FOUND:
    case STATUS_RESOURCE_NAME_NOT_FOUND:
    case STATUS_RESOURCE_LANG_NOT_FOUND:
        return TRUE;
    default:
        return FALSE;
    }
}

static NTSTATUS Try(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted,
                    PCUNICODE_STRING Folder, BOOLEAN Dll)
{
    static const UNICODE_STRING Ends[] = {RTL_CONSTANT_STRING(u".manifest"),
                                          RTL_CONSTANT_STRING(u".dll")};
    PCUNICODE_STRING Parts[] = {Folder, &Wanted->Name, &Ends[Dll]};
    SXSP_SOURCE Source;
    SXSP_FOUND_ASSEMBLY Found = {
        .Flags = ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION_PRIVATE_ASSEMBLY, .Source = &Source};
    NTSTATUS Status = SxspJoin(&Generation->Arena, Parts, ARRAYSIZE(Parts), &Found.Path);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Dll)
        Status = SxspReadFileResource(&Generation->Arena, Found.Path.Buffer, 1, 0, &Source);
    else
        Status = SxspReadFile(&Generation->Arena, Found.Path.Buffer, &Source);
    if (!NT_SUCCESS(Status))
        return IsAbsent(Status) ? STATUS_SXS_ASSEMBLY_NOT_FOUND : Status;
    return SxspAddAssembly(Generation, Wanted, &Found);
}

/* In a directory, and in one of the assembly's name below it. */
static NTSTATUS TryFolder(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted,
                          PCUNICODE_STRING Directory, PCUNICODE_STRING Language)
{
    PCUNICODE_STRING Parts[] = {Directory, Language, Language->Length ? &Backslash : &Nothing,
                                &Wanted->Name, &Backslash};
    NTSTATUS Status = STATUS_SXS_ASSEMBLY_NOT_FOUND;

    for (ULONG i = 0; i < 4 && Status == STATUS_SXS_ASSEMBLY_NOT_FOUND; i++) {
        UNICODE_STRING Folder;

        Status = SxspJoin(&Generation->Arena, Parts, i < 2 ? 3 : 5, &Folder);
        if (NT_SUCCESS(Status))
            Status = Try(Generation, Wanted, &Folder, i % 2 == 0);
    }
    return Status;
}

static NTSTATUS TryDirectory(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted,
                             PCUNICODE_STRING Directory)
{
    NTSTATUS Status = STATUS_SXS_ASSEMBLY_NOT_FOUND;

    if (!Directory->Length)
        return Status;
    if (Wanted->Language.Length && !SxspIsText(&Wanted->Language, u"*"))
        Status = TryFolder(Generation, Wanted, Directory, &Wanted->Language);
    if (Status == STATUS_SXS_ASSEMBLY_NOT_FOUND)
        Status = TryFolder(Generation, Wanted, Directory, &Nothing);
    return Status;
}

NTSTATUS SxspLocateAssembly(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted)
{
    NTSTATUS Status = SxspLocateShared(Generation, Wanted);

    if (Status == STATUS_SXS_ASSEMBLY_NOT_FOUND)
        Status = TryDirectory(Generation, Wanted, &Generation->Nearer);
    if (Status == STATUS_SXS_ASSEMBLY_NOT_FOUND)
        Status = TryDirectory(Generation, Wanted, &Generation->Directory);
    return Status;
}
