// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finding the file of a module: among the sections that the system keeps of its own DLLs
 * (\KnownDlls), or in a list of directories. A file that is there and is no image ends the search.
 */
#include "ldrp.h"
#include "rtlp.h"

#define SECTION_ACCESS (SECTION_MAP_READ | SECTION_MAP_EXECUTE | SECTION_QUERY)

static const UNICODE_STRING SystemDirectory = RTL_CONSTANT_STRING(LDRP_SYSTEM_DIRECTORY);

/* Text is First and Second, with a backslash between if there is none. NULL: out of memory. */
static PWSTR Join(PCWCH First, SIZE_T FirstLength, PCWCH Second, SIZE_T SecondLength)
{
    PWSTR Text =
        RtlAllocateHeap(RtlProcessHeap(), 0, (FirstLength + SecondLength + 2) * sizeof(WCHAR));
    PWSTR End = Text;

    if (!Text)
        return NULL;
    memcpy(End, First, FirstLength * sizeof(WCHAR));
    End += FirstLength;
    if (FirstLength && End[-1] != '\\' && End[-1] != '/')
        *End++ = '\\';
    memcpy(End, Second, SecondLength * sizeof(WCHAR));
    End[SecondLength] = UNICODE_NULL;
    return Text;
}

static NTSTATUS OpenFileSection(PCUNICODE_STRING Path, ULONG Attributes, PHANDLE Section)
{
    OBJECT_ATTRIBUTES ObjectAttributes;
    IO_STATUS_BLOCK Iosb;
    HANDLE File;
    NTSTATUS Status;

    InitializeObjectAttributes(&ObjectAttributes, Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtOpenFile(&File, FILE_READ_DATA | FILE_EXECUTE | SYNCHRONIZE, &ObjectAttributes,
                        &Iosb, FILE_SHARE_READ | FILE_SHARE_DELETE,
                        FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtCreateSection(Section, SECTION_ACCESS, NULL, NULL,
                             Attributes == SEC_IMAGE ? PAGE_EXECUTE : PAGE_EXECUTE_READ, Attributes,
                             File);
    NtClose(File);
    return Status;
}

/* Path may be relative. *FullName comes from the heap. */
static NTSTATUS OpenPath(PCWSTR Path, ULONG Attributes, PUNICODE_STRING FullName, PHANDLE Section)
{
    PWSTR FullPath, FilePart, NtPath;
    UNICODE_STRING String;
    NTSTATUS Status = RtlpFullPath(Path, &FullPath, &FilePart);

    if (!NT_SUCCESS(Status))
        return Status;
    NtPath = Join(u"\\??\\", 4, FullPath, wcslen(FullPath));
    Status = NtPath ? RtlInitUnicodeStringEx(&String, NtPath) : STATUS_NO_MEMORY;
    if (NT_SUCCESS(Status))
        Status = OpenFileSection(&String, Attributes, Section);
    if (NtPath)
        RtlFreeHeap(RtlProcessHeap(), 0, NtPath);
    if (NT_SUCCESS(Status))
        RtlInitUnicodeString(FullName, FullPath);
    else
        RtlFreeHeap(RtlProcessHeap(), 0, FullPath);
    return Status;
}

/* There is no such file here; there may be one elsewhere. */
static BOOLEAN IsAbsent(NTSTATUS Status)
{
    switch (Status) {
    case STATUS_OBJECT_NAME_NOT_FOUND:
    case STATUS_OBJECT_PATH_NOT_FOUND:
    case STATUS_OBJECT_NAME_INVALID:
    case STATUS_OBJECT_PATH_INVALID:
    case STATUS_OBJECT_PATH_SYNTAX_BAD:
    case STATUS_OBJECT_TYPE_MISMATCH:
    case STATUS_NO_SUCH_DEVICE:
    case STATUS_NO_SUCH_FILE:
    case STATUS_NOT_A_DIRECTORY:
    case STATUS_FILE_IS_A_DIRECTORY:
        return TRUE;
    default:
        return FALSE;
    }
}

static NTSTATUS SearchList(PCWSTR List, PCUNICODE_STRING Name, ULONG Attributes,
                           PUNICODE_STRING FullName, PHANDLE Section)
{
    NTSTATUS Status = STATUS_OBJECT_NAME_NOT_FOUND;

    while (*List && IsAbsent(Status)) {
        SIZE_T Length = wcscspn(List, u";");
        PWSTR Path;

        if (Length) {
            Path = Join(List, Length, Name->Buffer, Name->Length / sizeof(WCHAR));
            if (!Path)
                return STATUS_NO_MEMORY;
            Status = OpenPath(Path, Attributes, FullName, Section);
            RtlFreeHeap(RtlProcessHeap(), 0, Path);
        }
        List += Length;
        if (*List)
            List++;
    }
    return Status;
}

/* \KnownDlls, opened once; NULL: there is none. Another one would be none, too. */
static HANDLE KnownDirectory(void)
{
    static HANDLE Directory = NULL;
    static BOOLEAN Tried = FALSE;
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\KnownDlls");
    OBJECT_ATTRIBUTES Attributes;

    if (!Tried) {
        Tried = TRUE;
        InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
        if (!NT_SUCCESS(NtOpenDirectoryObject(&Directory, DIRECTORY_QUERY | DIRECTORY_TRAVERSE,
                                              &Attributes)))
            Directory = NULL;
    }
    return Directory;
}

static NTSTATUS OpenKnown(PCUNICODE_STRING Name, PUNICODE_STRING FullName, PHANDLE Section)
{
    HANDLE Directory = KnownDirectory();
    OBJECT_ATTRIBUTES Attributes;
    NTSTATUS Status;
    PWSTR Text;

    if (!Directory)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    InitializeObjectAttributes(&Attributes, Name, OBJ_CASE_INSENSITIVE, Directory, NULL);
    Status = NtOpenSection(Section, SECTION_ACCESS, &Attributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Text = Join(SystemDirectory.Buffer, SystemDirectory.Length / sizeof(WCHAR), Name->Buffer,
                Name->Length / sizeof(WCHAR));
    if (Text) {
        RtlInitUnicodeString(FullName, Text);
        return STATUS_SUCCESS;
    }
    NtClose(*Section);
    return STATUS_NO_MEMORY;
}

static NTSTATUS SearchDirectories(PCWSTR List, PCUNICODE_STRING Name, ULONG Attributes,
                                  PUNICODE_STRING FullName, PHANDLE Section)
{
    PWSTR Default;
    NTSTATUS Status;

    if (List)
        return SearchList(List, Name, Attributes, FullName, Section);
    Status = LdrpMakeDllPath(NULL, 0, &Default);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SearchList(Default, Name, Attributes, FullName, Section);
    RtlReleasePath(Default);
    return Status;
}

NTSTATUS LdrpFullName(PCWSTR Path, PUNICODE_STRING FullName)
{
    PWSTR FullPath, FilePart;
    NTSTATUS Status = RtlpFullPath(Path, &FullPath, &FilePart);

    if (NT_SUCCESS(Status))
        RtlInitUnicodeString(FullName, FullPath);
    return Status;
}

NTSTATUS LdrpOpenModule(PCWSTR SearchPath, PCUNICODE_STRING Name, ULONG Attributes,
                        PUNICODE_STRING FullName, PHANDLE Section)
{
    NTSTATUS Status = STATUS_OBJECT_NAME_NOT_FOUND;

    if (RtlDetermineDosPathNameType_U(Name->Buffer) != RtlPathTypeRelative) {
        Status = OpenPath(Name->Buffer, Attributes, FullName, Section);
    } else {
        if (Attributes == SEC_IMAGE && !LdrpContains(Name, '\\'))
            Status = OpenKnown(Name, FullName, Section);
        if (!NT_SUCCESS(Status))
            Status = SearchDirectories(SearchPath, Name, Attributes, FullName, Section);
    }
    return IsAbsent(Status) ? STATUS_DLL_NOT_FOUND : Status;
}
