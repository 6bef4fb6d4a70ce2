// SPDX-License-Identifier: BSD-2-Clause
/*
 * The assemblies that all programs share: manifests in C:\windows\winsxs\manifests, each named
 *     architecture_name_token_version_language_digest.manifest
 * and the files in a directory of that name beside. The store may be absent.
 */
#include "sxsp.h"

#if defined(__x86_64__)
#define OWN_ARCHITECTURE u"amd64"
#else
#define OWN_ARCHITECTURE u"x86"
#endif
#define LIST_ROOM 0x1000

static const UNICODE_STRING Extension = RTL_CONSTANT_STRING(u".manifest");

/* What has been found so far. */
typedef struct _CHOICE {
    const SXSP_IDENTITY *Wanted;
    UNICODE_STRING Begin; /* "architecture_name_token_" */
    USHORT Version[4];
    UNICODE_STRING Name; /* of the file, with room for any; nothing: none */
} CHOICE, *PCHOICE;

static ULONG BuildOf(const USHORT Version[4])
{
    return (ULONG)Version[2] << 16 | Version[3];
}

/* The version in a file's name, and whether it is one of those that are wanted. */
static BOOLEAN ReadVersion(const CHOICE *Choice, PCUNICODE_STRING File, USHORT Version[4])
{
    UNICODE_STRING Text = *File;
    USHORT Length = 0;

    if (File->Length <= Choice->Begin.Length + Extension.Length ||
        !RtlPrefixUnicodeString(&Choice->Begin, File, TRUE))
        return FALSE;
    Text.Buffer += Choice->Begin.Length / sizeof(WCHAR);
    while (Choice->Begin.Length + Length < File->Length && Text.Buffer[Length / 2] != '_')
        Length += sizeof(WCHAR);
    Text.Length = Length;
    return SxspParseVersion(&Text, Version) && Version[0] == Choice->Wanted->Version[0] &&
           Version[1] == Choice->Wanted->Version[1] &&
           BuildOf(Version) >= BuildOf(Choice->Wanted->Version);
}

/* The newest one is taken. */
static void Consider(PCHOICE Choice, PCUNICODE_STRING File)
{
    USHORT Version[4];

    if (!ReadVersion(Choice, File, Version) || File->Length > Choice->Name.MaximumLength ||
        (Choice->Name.Length && BuildOf(Version) <= BuildOf(Choice->Version)))
        return;
    memcpy(Choice->Version, Version, sizeof(Version));
    memcpy(Choice->Name.Buffer, File->Buffer, File->Length);
    Choice->Name.Length = File->Length;
}

static NTSTATUS OpenStore(PHANDLE Directory)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\??\\" SXSP_STORE u"\\manifests");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;

    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(Directory, FILE_LIST_DIRECTORY | SYNCHRONIZE, &Attributes, &Iosb,
                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                      FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
}

static void ConsiderAll(PCHOICE Choice, HANDLE Directory, PUCHAR List)
{
    IO_STATUS_BLOCK Iosb;

    while (NT_SUCCESS(NtQueryDirectoryFile(Directory, NULL, NULL, NULL, &Iosb, List, LIST_ROOM,
                                           FileNamesInformation, FALSE, NULL, FALSE))) {
        PFILE_NAMES_INFORMATION Entry = (PFILE_NAMES_INFORMATION)List;

        for (;; Entry = (PFILE_NAMES_INFORMATION)((PUCHAR)Entry + Entry->NextEntryOffset)) {
            UNICODE_STRING Name = {(USHORT)Entry->FileNameLength, (USHORT)Entry->FileNameLength,
                                   Entry->FileName};

            Consider(Choice, &Name);
            if (!Entry->NextEntryOffset)
                break;
        }
    }
}

/* "architecture_name_token_" */
static NTSTATUS MakeBegin(PSXSP_ARENA Arena, PCHOICE Choice)
{
    static const UNICODE_STRING Own = RTL_CONSTANT_STRING(OWN_ARCHITECTURE);
    static const UNICODE_STRING Between = RTL_CONSTANT_STRING(u"_");
    const SXSP_IDENTITY *Wanted = Choice->Wanted;
    PCUNICODE_STRING Parts[] = {&Wanted->Architecture, &Between, &Wanted->Name, &Between,
                                &Wanted->Token,        &Between};

    if (!Wanted->Architecture.Length || SxspIsText(&Wanted->Architecture, u"*"))
        Parts[0] = &Own;
    Choice->Name.Buffer = SxspAllocate(Arena, LIST_ROOM);
    Choice->Name.MaximumLength = LIST_ROOM;
    if (!Choice->Name.Buffer)
        return STATUS_NO_MEMORY;
    return SxspJoin(Arena, Parts, ARRAYSIZE(Parts), &Choice->Begin);
}

static NTSTATUS AddChosen(PSXSP_GENERATION Generation, const CHOICE *Choice)
{
    static const UNICODE_STRING Folder = RTL_CONSTANT_STRING(SXSP_STORE u"\\manifests\\");
    PCUNICODE_STRING Parts[] = {&Folder, &Choice->Name};
    SXSP_SOURCE Source;
    SXSP_FOUND_ASSEMBLY Found = {.DirectoryName = Choice->Name, .Source = &Source};
    NTSTATUS Status = SxspJoin(&Generation->Arena, Parts, ARRAYSIZE(Parts), &Found.Path);

    if (NT_SUCCESS(Status))
        Status = SxspReadFile(&Generation->Arena, Found.Path.Buffer, &Source);
    if (!NT_SUCCESS(Status))
        return Status;
    Found.DirectoryName.Length -= Extension.Length;
    return SxspAddAssembly(Generation, Choice->Wanted, &Found);
}

/* Only assemblies with a key are shared. */
NTSTATUS SxspLocateShared(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted)
{
    CHOICE Choice = {.Wanted = Wanted};
    HANDLE Directory;
    PUCHAR List;
    NTSTATUS Status;

    if (!Wanted->Token.Length || !NT_SUCCESS(OpenStore(&Directory)))
        return STATUS_SXS_ASSEMBLY_NOT_FOUND;
    List = SxspAllocate(&Generation->Arena, LIST_ROOM);
    Status = List ? MakeBegin(&Generation->Arena, &Choice) : STATUS_NO_MEMORY;
    if (NT_SUCCESS(Status))
        ConsiderAll(&Choice, Directory, List);
    NtClose(Directory);
    if (!NT_SUCCESS(Status))
        return Status;
    return Choice.Name.Length ? AddChosen(Generation, &Choice) : STATUS_SXS_ASSEMBLY_NOT_FOUND;
}
