/* SPDX-License-Identifier: BSD-2-Clause */
/* ls, cd and cat: directories of files and of objects, and files. */
#include "ntcmd.h"

#define BUFFER_SIZE 4096

/* Opened directories: of a file system or of the object manager. */
typedef struct _DIRECTORY {
    HANDLE Handle;
    BOOLEAN OfObjects;
} DIRECTORY;

static NTSTATUS OpenDirectory(PCWSTR Shown, DIRECTORY *Directory)
{
    WCHAR Native[MAXIMUM_PATH];
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    IO_STATUS_BLOCK Iosb;
    NTSTATUS Status = NativePath(Shown, Native), FileStatus;

    if (!NT_SUCCESS(Status))
        return Status;
    RtlInitUnicodeString(&Name, Native);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Directory->OfObjects = TRUE;
    Status = NtOpenDirectoryObject(&Directory->Handle, DIRECTORY_QUERY, &Attributes);
    if (NT_SUCCESS(Status))
        return Status;
    Directory->OfObjects = FALSE;
    FileStatus = NtOpenFile(&Directory->Handle, FILE_LIST_DIRECTORY | SYNCHRONIZE, &Attributes,
                            &Iosb, FILE_SHARE_READ | FILE_SHARE_WRITE,
                            FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    return FileStatus;
}

static void PrintFile(const FILE_DIRECTORY_INFORMATION *Entry)
{
    if (Entry->FileAttributes & FILE_ATTRIBUTE_DIRECTORY)
        Print("       <dir>  ");
    else
        Print("%12llu  ", (ULONGLONG)Entry->EndOfFile.QuadPart);
    PrintWide(Entry->FileName, Entry->FileNameLength / sizeof(WCHAR));
    Print("\n");
}

static NTSTATUS ListFiles(HANDLE Directory)
{
    static ULONGLONG Buffer[BUFFER_SIZE / sizeof(ULONGLONG)];
    IO_STATUS_BLOCK Iosb;
    NTSTATUS Status;

    for (;;) {
        PFILE_DIRECTORY_INFORMATION Entry = (PFILE_DIRECTORY_INFORMATION)Buffer;

        Status = NtQueryDirectoryFile(Directory, NULL, NULL, NULL, &Iosb, Buffer, sizeof(Buffer),
                                      FileDirectoryInformation, FALSE, NULL, FALSE);
        if (!NT_SUCCESS(Status))
            return Status == STATUS_NO_MORE_FILES ? STATUS_SUCCESS : Status;
        for (;;) {
            PrintFile(Entry);
            if (!Entry->NextEntryOffset)
                break;
            Entry = (PFILE_DIRECTORY_INFORMATION)((PUCHAR)Entry + Entry->NextEntryOffset);
        }
    }
}

/* " -> \Target" behind a symbolic link's name. */
static void PrintLinkTarget(HANDLE Directory, PUNICODE_STRING Name)
{
    WCHAR Buffer[MAXIMUM_PATH];
    UNICODE_STRING Target = {0, sizeof(Buffer), Buffer};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Link;

    InitializeObjectAttributes(&Attributes, Name, OBJ_CASE_INSENSITIVE, Directory, NULL);
    if (!NT_SUCCESS(NtOpenSymbolicLinkObject(&Link, SYMBOLIC_LINK_QUERY, &Attributes)))
        return;
    if (NT_SUCCESS(NtQuerySymbolicLinkObject(Link, &Target, NULL))) {
        Print(" -> ");
        PrintWide(Buffer, Target.Length / sizeof(WCHAR));
    }
    NtClose(Link);
}

static void PrintObject(HANDLE Directory, POBJECT_DIRECTORY_INFORMATION Entry)
{
    UNICODE_STRING SymbolicLink = RTL_CONSTANT_STRING(u"SymbolicLink");

    Print("  ");
    PrintWide(Entry->TypeName.Buffer, Entry->TypeName.Length / sizeof(WCHAR));
    for (ULONG i = Entry->TypeName.Length / sizeof(WCHAR); i < 14; i++)
        Print(" ");
    PrintWide(Entry->Name.Buffer, Entry->Name.Length / sizeof(WCHAR));
    if (RtlEqualUnicodeString(&Entry->TypeName, &SymbolicLink, TRUE))
        PrintLinkTarget(Directory, &Entry->Name);
    Print("\n");
}

static NTSTATUS ListObjects(HANDLE Directory)
{
    static ULONGLONG Buffer[BUFFER_SIZE / sizeof(ULONGLONG)];
    ULONG Context = 0, Length;
    BOOLEAN First = TRUE;
    NTSTATUS Status;

    for (;; First = FALSE) {
        Status = NtQueryDirectoryObject(Directory, Buffer, sizeof(Buffer), TRUE, First, &Context,
                                        &Length);
        if (!NT_SUCCESS(Status))
            return Status == STATUS_NO_MORE_ENTRIES ? STATUS_SUCCESS : Status;
        PrintObject(Directory, (POBJECT_DIRECTORY_INFORMATION)Buffer);
    }
}

void ListDirectory(ULONG Count, PWSTR Words[])
{
    WCHAR Shown[MAXIMUM_PATH];
    DIRECTORY Directory;
    NTSTATUS Status = ResolvePath(Count > 1 ? Words[1] : u"", Shown);

    if (NT_SUCCESS(Status))
        Status = OpenDirectory(Shown, &Directory);
    if (NT_SUCCESS(Status)) {
        Status = Directory.OfObjects ? ListObjects(Directory.Handle) : ListFiles(Directory.Handle);
        NtClose(Directory.Handle);
    }
    if (!NT_SUCCESS(Status))
        PrintCommandStatus(Words[0], Status);
}

/* Programs begin in the same directory, as long as it is one of a drive. */
void PassDirectory(void)
{
    UNICODE_STRING Path;

    RtlInitUnicodeString(&Path, CurrentDirectory);
    if (CurrentDirectory[1] == ':')
        RtlSetCurrentDirectory_U(&Path);
}

void ChangeDirectory(ULONG Count, PWSTR Words[])
{
    WCHAR Shown[MAXIMUM_PATH];
    DIRECTORY Directory;
    NTSTATUS Status;

    if (Count < 2) {
        PrintWide(CurrentDirectory, (ULONG)wcslen(CurrentDirectory));
        Print("\n");
        return;
    }
    Status = ResolvePath(Words[1], Shown);
    if (NT_SUCCESS(Status))
        Status = OpenDirectory(Shown, &Directory);
    if (!NT_SUCCESS(Status)) {
        PrintStatus("cd", Status);
        return;
    }
    NtClose(Directory.Handle);
    wcscpy(CurrentDirectory, Shown);
    PassDirectory();
}

static NTSTATUS OpenText(PCWSTR Path, PHANDLE File)
{
    WCHAR Shown[MAXIMUM_PATH], Native[MAXIMUM_PATH];
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    IO_STATUS_BLOCK Iosb;
    NTSTATUS Status = ResolvePath(Path, Shown);

    if (NT_SUCCESS(Status))
        Status = NativePath(Shown, Native);
    if (!NT_SUCCESS(Status))
        return Status;
    RtlInitUnicodeString(&Name, Native);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb,
                      FILE_SHARE_READ | FILE_SHARE_WRITE,
                      FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
}

/* Control characters other than line ends and tabs would move the cursor: they are shown as
 * dots. */
static void PrintBytes(const UCHAR *Bytes, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++) {
        if (Bytes[i] != '\r')
            Print("%c", Bytes[i] >= ' ' || Bytes[i] == '\n' || Bytes[i] == '\t' ? Bytes[i] : '.');
    }
}

void ShowFile(ULONG Count, PWSTR Words[])
{
    static UCHAR Buffer[1024];
    IO_STATUS_BLOCK Iosb;
    HANDLE File;
    NTSTATUS Status;

    if (Count < 2) {
        PrintWide(Words[0], (ULONG)wcslen(Words[0]));
        Print(": which file?\n");
        return;
    }
    Status = OpenText(Words[1], &File);
    if (!NT_SUCCESS(Status)) {
        PrintCommandStatus(Words[0], Status);
        return;
    }
    while (NT_SUCCESS(Status = NtReadFile(File, NULL, NULL, NULL, &Iosb, Buffer, sizeof(Buffer),
                                          NULL, NULL)) &&
           Iosb.Information)
        PrintBytes(Buffer, (ULONG)Iosb.Information);
    NtClose(File);
    if (!NT_SUCCESS(Status) && Status != STATUS_END_OF_FILE)
        PrintCommandStatus(Words[0], Status);
}
