// SPDX-License-Identifier: BSD-2-Clause
/* Where a DLL is that the active contexts have. */
#include "sxsp.h"

/* The directory of an assembly's files, with a backslash at the end: that of its manifest, or one
 * of the store. */
static NTSTATUS RootOf(PSXSP_ARENA Arena, const ACTIVATION_CONTEXT_DATA *Data, ULONG RosterIndex,
                       PUNICODE_STRING Root)
{
    static const UNICODE_STRING Store = RTL_CONSTANT_STRING(SXSP_STORE u"\\");
    static const UNICODE_STRING Backslash = RTL_CONSTANT_STRING(u"\\");
    UNICODE_STRING Name;
    PCUNICODE_STRING Parts[] = {&Store, &Name, &Backslash};
    SXSP_ROSTER_ITEM Item;

    if (!SxspFindAssembly(Data, RosterIndex, &Item))
        return STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
    Name = SxspTextOf(&Item.Section, Item.Information->AssemblyDirectoryNameOffset,
                      Item.Information->AssemblyDirectoryNameLength);
    if (Name.Length)
        return SxspJoin(Arena, Parts, ARRAYSIZE(Parts), Root);
    *Root = SxspTextOf(&Item.Section, Item.Information->ManifestPathOffset,
                       Item.Information->ManifestPathLength);
    while (Root->Length && Root->Buffer[Root->Length / sizeof(WCHAR) - 1] != '\\')
        Root->Length -= sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/* The segments of the path that the record has. */
static NTSTATUS JoinSegments(PSXSP_ARENA Arena, const SXSP_FOUND *Found,
                             const ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION *Record,
                             PUNICODE_STRING Path)
{
    const ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_SEGMENT *Segment;
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; i < Record->PathSegmentCount && NT_SUCCESS(Status); i++) {
        UNICODE_STRING Text;
        PCUNICODE_STRING Parts[] = {Path, &Text};

        if (i > SXSP_MAXIMUM_DEPTH)
            return STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
        Segment = SxspInSection(&Found->Section, Record->PathSegmentOffset + i * sizeof(*Segment),
                                sizeof(*Segment));
        if (!Segment)
            return STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
        Text = SxspTextOf(&Found->Section, Segment->Offset, Segment->Length);
        Status = SxspJoin(Arena, Parts, ARRAYSIZE(Parts), Path);
    }
    return Status;
}

static NTSTATUS Expand(PSXSP_ARENA Arena, PUNICODE_STRING Path)
{
    UNICODE_STRING Expanded = {0, SXSP_MAXIMUM_PATH * sizeof(WCHAR), NULL};

    Expanded.Buffer = SxspAllocate(Arena, Expanded.MaximumLength);
    if (!Expanded.Buffer)
        return STATUS_NO_MEMORY;
    return RtlExpandEnvironmentStrings_U(NULL, Path, &Expanded, NULL) == STATUS_SUCCESS
               ? (*Path = Expanded, STATUS_SUCCESS)
               : STATUS_NAME_TOO_LONG;
}

static NTSTATUS MakePath(PSXSP_ARENA Arena, const ACTIVATION_CONTEXT_DATA *Data,
                         const SXSP_FOUND *Found, PCUNICODE_STRING Name, PUNICODE_STRING Path)
{
    const ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION *Record = Found->Data;
    PCUNICODE_STRING Parts[] = {Path, Name};
    NTSTATUS Status = STATUS_SUCCESS;

    *Path = (UNICODE_STRING){0, 0, NULL};
    if (Found->Length < sizeof(*Record))
        return STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
    if (!(Record->Flags & ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_OMITS_ASSEMBLY_ROOT))
        Status = RootOf(Arena, Data, Found->RosterIndex, Path);
    if (NT_SUCCESS(Status))
        Status = JoinSegments(Arena, Found, Record, Path);
    if (NT_SUCCESS(Status) && (Record->Flags & ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_EXPAND))
        Status = Expand(Arena, Path);
    if (NT_SUCCESS(Status) &&
        !(Record->Flags & ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_INCLUDES_BASE_NAME))
        Status = SxspJoin(Arena, Parts, ARRAYSIZE(Parts), Path);
    return Status;
}

static NTSTATUS CopyPath(PCUNICODE_STRING Path, PUNICODE_STRING FullPath)
{
    return RtlDuplicateUnicodeString(RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE, Path, FullPath);
}

NTSTATUS SxspRedirect(PCUNICODE_STRING Name, PUNICODE_STRING FullPath)
{
    for (ULONG i = 0; i < SXSP_LAYERS; i++) {
        HANDLE Handle;
        const ACTIVATION_CONTEXT_DATA *Data = SxspLayer(i, &Handle);
        SXSP_ARENA Arena = {NULL};
        UNICODE_STRING Path;
        SXSP_FOUND Found;
        NTSTATUS Status;

        if (!Data || !NT_SUCCESS(SxspFindText(Data, ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION,
                                              Name, &Found)))
            continue;
        Status = MakePath(&Arena, Data, &Found, Name, &Path);
        if (NT_SUCCESS(Status))
            Status = CopyPath(&Path, FullPath);
        SxspFreeArena(&Arena);
        return Status;
    }
    return STATUS_SXS_KEY_NOT_FOUND;
}
