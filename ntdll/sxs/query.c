// SPDX-License-Identifier: BSD-2-Clause
/* What a context consists of. (Win32: QueryActCtxW) */
#include "sxsp.h"

#define SOURCE_FLAGS                                                                               \
    (QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX | QUERY_ACTCTX_FLAG_ACTCTX_IS_HMODULE |                   \
     QUERY_ACTCTX_FLAG_ACTCTX_IS_ADDRESS)

/* Where the answer goes. */
typedef struct _ANSWER {
    PVOID Information;
    SIZE_T Length;
    PSIZE_T ReturnLength;
    PUCHAR Texts; /* behind what has been written */
} ANSWER, *PANSWER;

/* Room for a structure and what follows it. */
static NTSTATUS Begin(PANSWER Answer, SIZE_T Size, SIZE_T Texts)
{
    if (Answer->ReturnLength)
        *Answer->ReturnLength = Size + Texts;
    if (!Answer->Information || Answer->Length < Size + Texts)
        return STATUS_BUFFER_TOO_SMALL;
    memset(Answer->Information, 0, Size);
    Answer->Texts = (PUCHAR)Answer->Information + Size;
    return STATUS_SUCCESS;
}

static SIZE_T RoomFor(PCUNICODE_STRING Text)
{
    return Text->Length ? Text->Length + sizeof(WCHAR) : 0;
}

static PCWSTR Put(PANSWER Answer, PCUNICODE_STRING Text)
{
    PWSTR Copy = (PWSTR)Answer->Texts;

    if (!Text->Length)
        return NULL;
    memcpy(Copy, Text->Buffer, Text->Length);
    Copy[Text->Length / sizeof(WCHAR)] = UNICODE_NULL;
    Answer->Texts += RoomFor(Text);
    return Copy;
}

/* A context that is asked for is the caller's to release, unless it says otherwise. */
static NTSTATUS QueryBasic(ULONG Flags, HANDLE Context, PANSWER Answer)
{
    ACTIVATION_CONTEXT_BASIC_INFORMATION *Basic = Answer->Information;
    NTSTATUS Status = Begin(Answer, sizeof(*Basic), 0);

    if (!NT_SUCCESS(Status))
        return Status;
    Basic->hActCtx = Context;
    if (!(Flags & QUERY_ACTCTX_FLAG_NO_ADDREF))
        RtlAddRefActivationContext(Context);
    return STATUS_SUCCESS;
}

static UNICODE_STRING ManifestPath(const SXSP_ROSTER_ITEM *Item)
{
    return SxspTextOf(&Item->Section, Item->Information->ManifestPathOffset,
                      Item->Information->ManifestPathLength);
}

/* The directory of the program's assemblies, from the head of the assemblies' section. */
static UNICODE_STRING ApplicationDirectory(const SXSP_SECTION *Section)
{
    const ACTIVATION_CONTEXT_STRING_SECTION_HEADER *Header =
        SxspInSection(Section, 0, sizeof(*Header));
    const ACTIVATION_CONTEXT_DATA_ASSEMBLY_GLOBAL_INFORMATION *Global = NULL;

    if (Header && Header->UserDataSize >= sizeof(*Global))
        Global = SxspInSection(Section, Header->UserDataOffset, sizeof(*Global));
    if (!Global || !Global->ApplicationDirectoryOffset ||
        Global->ApplicationDirectoryOffset > Section->Length)
        return (UNICODE_STRING){0, 0, NULL};
    return SxspTextOf(Section, Header->UserDataOffset + Global->ApplicationDirectoryOffset,
                      Global->ApplicationDirectoryLength);
}

static NTSTATUS QueryDetailed(const ACTIVATION_CONTEXT_DATA *Data, PANSWER Answer)
{
    ACTIVATION_CONTEXT_DETAILED_INFORMATION *Detailed = Answer->Information;
    UNICODE_STRING Path, Directory;
    SXSP_ROSTER_ITEM Root;
    NTSTATUS Status;

    if (!Data || !SxspFindAssembly(Data, 1, &Root))
        return Begin(Answer, sizeof(*Detailed), 0);
    Path = ManifestPath(&Root);
    Directory = ApplicationDirectory(&Root.Section);
    Status = Begin(Answer, sizeof(*Detailed), RoomFor(&Path) + RoomFor(&Directory));
    if (!NT_SUCCESS(Status))
        return Status;
    Detailed->ulFormatVersion = Data->FormatVersion;
    Detailed->ulAssemblyCount = SxspAssemblyCount(Data);
    Detailed->ulRootManifestPathType = Root.Information->ManifestPathType;
    Detailed->ulRootManifestPathChars = Path.Length / sizeof(WCHAR);
    Detailed->ulRootConfigurationPathType = ACTIVATION_CONTEXT_PATH_TYPE_NONE;
    Detailed->ulAppDirPathType = ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE;
    Detailed->ulAppDirPathChars = Directory.Length / sizeof(WCHAR);
    Detailed->lpRootManifestPath = Put(Answer, &Path);
    Detailed->lpAppDirPath = Put(Answer, &Directory);
    return STATUS_SUCCESS;
}

static NTSTATUS QueryAssembly(const ACTIVATION_CONTEXT_DATA *Data, const ULONG *Index,
                              PANSWER Answer)
{
    ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION *Out = Answer->Information;
    const ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION *In;
    UNICODE_STRING Identity, Path, Directory;
    SXSP_ROSTER_ITEM Item;
    NTSTATUS Status;

    if (!Data || !Index || !SxspFindAssembly(Data, *Index, &Item))
        return STATUS_INVALID_PARAMETER;
    In = Item.Information;
    Identity = SxspTextOf(&Item.Section, In->EncodedAssemblyIdentityOffset,
                          In->EncodedAssemblyIdentityLength);
    Path = ManifestPath(&Item);
    Directory =
        SxspTextOf(&Item.Section, In->AssemblyDirectoryNameOffset, In->AssemblyDirectoryNameLength);
    Status = Begin(Answer, sizeof(*Out), RoomFor(&Identity) + RoomFor(&Path) + RoomFor(&Directory));
    if (!NT_SUCCESS(Status))
        return Status;
    Out->ulFlags = In->Flags;
    Out->ulEncodedAssemblyIdentityLength = Identity.Length;
    Out->ulManifestPathType = In->ManifestPathType;
    Out->ulManifestPathLength = Path.Length;
    Out->liManifestLastWriteTime.QuadPart = In->ManifestLastWriteTime;
    Out->ulPolicyPathType = In->PolicyPathType;
    Out->liPolicyLastWriteTime.QuadPart = In->PolicyLastWriteTime;
    Out->ulMetadataSatelliteRosterIndex = In->MetadataSatelliteRosterIndex;
    Out->ulManifestVersionMajor = In->ManifestVersionMajor;
    Out->ulManifestVersionMinor = In->ManifestVersionMinor;
    Out->ulPolicyVersionMajor = In->PolicyVersionMajor;
    Out->ulPolicyVersionMinor = In->PolicyVersionMinor;
    Out->ulAssemblyDirectoryNameLength = Directory.Length;
    Out->ulFileCount = In->NumOfFilesInAssembly;
    Out->lpAssemblyEncodedAssemblyIdentity = Put(Answer, &Identity);
    Out->lpAssemblyManifestPath = Put(Answer, &Path);
    Out->lpAssemblyDirectoryName = Put(Answer, &Directory);
    return STATUS_SUCCESS;
}

/* Both indices are from 0. */
static NTSTATUS QueryFile(const ACTIVATION_CONTEXT_DATA *Data,
                          const ACTIVATION_CONTEXT_QUERY_INDEX *Index, PANSWER Answer)
{
    ASSEMBLY_FILE_DETAILED_INFORMATION *File = Answer->Information;
    UNICODE_STRING Name;
    NTSTATUS Status;

    if (!Data || !Index || Index->ulAssemblyIndex >= SxspAssemblyCount(Data) ||
        !SxspFindFile(Data, Index->ulAssemblyIndex + 1, Index->ulFileIndexInAssembly, &Name))
        return STATUS_INVALID_PARAMETER;
    Status = Begin(Answer, sizeof(*File), RoomFor(&Name));
    if (!NT_SUCCESS(Status))
        return Status;
    File->ulFlags = ASSEMBLY_FILE_REDIRECTED;
    File->ulFilenameLength = Name.Length;
    File->lpFileName = Put(Answer, &Name);
    return STATUS_SUCCESS;
}

static NTSTATUS QueryRunLevel(const ACTIVATION_CONTEXT_DATA *Data, PANSWER Answer)
{
    ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION *RunLevel = Answer->Information;
    SXSP_ROSTER_ITEM Root;
    NTSTATUS Status = Begin(Answer, sizeof(*RunLevel), 0);

    if (!NT_SUCCESS(Status) || !Data || !SxspFindAssembly(Data, 1, &Root))
        return Status;
    RunLevel->RunLevel = Root.Information->RunLevel;
    RunLevel->UiAccess = Root.Information->UiAccess;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryCompatibility(const ACTIVATION_CONTEXT_DATA *Data, PANSWER Answer)
{
    const SIZE_T First = offsetof(ACTIVATION_CONTEXT_COMPATIBILITY_INFORMATION, Elements);
    const SIZE_T Size = sizeof(COMPATIBILITY_CONTEXT_ELEMENT);
    SXSP_SECTION Section = {NULL, 0, 0};
    ULONG Count = 0;
    NTSTATUS Status;

    if (Data)
        SxspFindSection(Data, ACTIVATION_CONTEXT_SECTION_COMPATIBILITY_INFO, &Section);
    if (Section.Base && Section.Length >= First)
        memcpy(&Count, Section.Base, sizeof(Count));
    if (Count > (Section.Length - (Count ? First : 0)) / Size)
        return STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
    if (!Count)
        return Begin(Answer, sizeof(Count), 0);
    Status = Begin(Answer, First, Count * Size);
    if (NT_SUCCESS(Status))
        memcpy(Answer->Information, Section.Base, First + Count * Size);
    return Status;
}

static NTSTATUS ContextOfModule(PVOID Address, BOOLEAN IsBase, PHANDLE Context)
{
    PLDR_DATA_TABLE_ENTRY Entry;
    NTSTATUS Status = LdrFindEntryForAddress(Address, &Entry);

    if (!NT_SUCCESS(Status) || (IsBase && Entry->DllBase != Address))
        return STATUS_DLL_NOT_FOUND;
    *Context = Entry->EntryPointActivationContext;
    return STATUS_SUCCESS;
}

/* The context that is meant: at most one flag says which. */
static NTSTATUS ChooseContext(ULONG Flags, PHANDLE Context)
{
    ULONG Source = Flags & SOURCE_FLAGS;

    if ((Flags & ~(SOURCE_FLAGS | QUERY_ACTCTX_FLAG_NO_ADDREF)) || (Source & (Source - 1)))
        return STATUS_INVALID_PARAMETER;
    if (Source == QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX) {
        if (*Context)
            return STATUS_INVALID_PARAMETER;
        SxspActiveContext(Context);
    }
    if (Source == QUERY_ACTCTX_FLAG_ACTCTX_IS_HMODULE ||
        Source == QUERY_ACTCTX_FLAG_ACTCTX_IS_ADDRESS)
        return ContextOfModule(*Context, Source == QUERY_ACTCTX_FLAG_ACTCTX_IS_HMODULE, Context);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQueryInformationActivationContext(ULONG Flags, HANDLE Context, PVOID SubInstance,
                                                    ACTIVATION_CONTEXT_INFO_CLASS Class,
                                                    PVOID Information, SIZE_T Length,
                                                    PSIZE_T ReturnLength)
{
    ANSWER Answer = {Information, Length, ReturnLength, NULL};
    const ACTIVATION_CONTEXT_DATA *Data;
    NTSTATUS Status = ChooseContext(Flags, &Context);

    if (ReturnLength)
        *ReturnLength = 0;
    if (NT_SUCCESS(Status))
        Status = SxspDataOf(Context, &Data);
    if (!NT_SUCCESS(Status))
        return Status;
    switch (Class) {
    case ActivationContextBasicInformation:
        return QueryBasic(Flags, Context, &Answer);
    case ActivationContextDetailedInformation:
        return QueryDetailed(Data, &Answer);
    case AssemblyDetailedInformationInActivationContext:
        return QueryAssembly(Data, SubInstance, &Answer);
    case FileInformationInAssemblyOfAssemblyInActivationContext:
        return QueryFile(Data, SubInstance, &Answer);
    case RunlevelInformationInActivationContext:
        return QueryRunLevel(Data, &Answer);
    case CompatibilityInformationInActivationContext:
        return QueryCompatibility(Data, &Answer);
    default:
        return STATUS_INVALID_PARAMETER;
    }
}
