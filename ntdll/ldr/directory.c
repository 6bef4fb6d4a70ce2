// SPDX-License-Identifier: BSD-2-Clause
/*
 * The directories in which DLLs are looked for. (Microsoft: "Dynamic-link library search order";
 * Win32: SetDllDirectory, AddDllDirectory, SetDefaultDllDirectories, LoadLibraryEx)
 */
#include "ldrp.h"
#include "rtlp.h"

#define SEARCH_DEFAULT_PARTS                                                                       \
    (LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS |                         \
     LOAD_LIBRARY_SEARCH_SYSTEM32)
#define SEARCH_FLAGS                                                                               \
    (SEARCH_DEFAULT_PARTS | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR)

/* A directory of LdrAddDllDirectory; its address is the cookie. */
typedef struct _ADDED_DIRECTORY {
    LIST_ENTRY Links;
    SIZE_T Length; /* characters */
    WCHAR Path[];
} ADDED_DIRECTORY, *PADDED_DIRECTORY;

/* All of it is guarded by the PEB's lock. */
static UNICODE_STRING DllDirectory; /* heap. Without a buffer: as if it had never been set */
static LIST_ENTRY AddedDirectories = {&AddedDirectories, &AddedDirectories};
static ULONG DefaultFlags;

/* ---- The list as a text ---- */

static void AddDirectory(PRTLP_LIST List, PCWCH Text, SIZE_T Length)
{
    if (!Length)
        return;
    if (List->Length)
        RtlpAddToList(List, u";", 1);
    RtlpAddToList(List, Text, Length);
}

static void AddText(PRTLP_LIST List, PCWSTR Text)
{
    AddDirectory(List, Text, wcslen(Text));
}

/* The directory of a file, without the backslash but for that of C:\. */
static void AddDirectoryOf(PRTLP_LIST List, PCWCH Path, SIZE_T Length)
{
    while (Length && Path[Length - 1] != '\\' && Path[Length - 1] != '/')
        Length--;
    if (Length > 3)
        Length--;
    AddDirectory(List, Path, Length);
}

static void AddProgram(PRTLP_LIST List)
{
    const UNICODE_STRING *Path = &NtCurrentPeb()->ProcessParameters->ImagePathName;

    AddDirectoryOf(List, Path->Buffer, Path->Length / sizeof(WCHAR));
}

static void AddDllDirectory(PRTLP_LIST List)
{
    AddDirectory(List, DllDirectory.Buffer, DllDirectory.Length / sizeof(WCHAR));
}

static void AddEnvironmentPath(PRTLP_LIST List)
{
    static const WCHAR Name[] = u"PATH";
    PCWSTR Environment = NtCurrentPeb()->ProcessParameters->Environment;
    PWSTR Path = NULL;

    if (Environment)
        RtlpFindVariable(Environment, Name, ARRAYSIZE(Name) - 1, &Path);
    if (Path)
        AddText(List, Path);
}

/* The current directory comes late, and not at all where LdrSetDllDirectory has been called. */
static void FillOrdinary(PRTLP_LIST List, PCWSTR Module)
{
    if (Module)
        AddDirectoryOf(List, Module, wcslen(Module));
    else
        AddProgram(List);
    AddDllDirectory(List);
    AddText(List, LDRP_SYSTEM_DIRECTORY);
    AddText(List, LDRP_WINDOWS_DIRECTORY u"\\system");
    AddText(List, LDRP_WINDOWS_DIRECTORY);
    if (!DllDirectory.Buffer)
        AddText(List, u".");
    AddEnvironmentPath(List);
}

static void FillChosen(PRTLP_LIST List, PCWSTR Module, ULONG Flags)
{
    if (Flags & LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR)
        AddDirectoryOf(List, Module, wcslen(Module));
    if (Flags & LOAD_LIBRARY_SEARCH_APPLICATION_DIR)
        AddProgram(List);
    if (Flags & LOAD_LIBRARY_SEARCH_USER_DIRS) {
        AddDllDirectory(List);
        for (PLIST_ENTRY Links = AddedDirectories.Flink; Links != &AddedDirectories;
             Links = Links->Flink) {
            PADDED_DIRECTORY Added = CONTAINING_RECORD(Links, ADDED_DIRECTORY, Links);

            AddDirectory(List, Added->Path, Added->Length);
        }
    }
    if (Flags & LOAD_LIBRARY_SEARCH_SYSTEM32)
        AddText(List, LDRP_SYSTEM_DIRECTORY);
}

static void Fill(PRTLP_LIST List, PCWSTR Module, ULONG Flags)
{
    if (Flags & SEARCH_FLAGS)
        FillChosen(List, Module, Flags);
    else
        FillOrdinary(List, Flags & LOAD_WITH_ALTERED_SEARCH_PATH ? Module : NULL);
}

static NTSTATUS MakeText(PCWSTR Module, ULONG Flags, PWSTR *Path)
{
    RTLP_LIST List = {NULL, 0};

    Fill(&List, Module, Flags);
    *Path = List.Text = RtlAllocateHeap(RtlProcessHeap(), 0, (List.Length + 1) * sizeof(WCHAR));
    if (!List.Text)
        return STATUS_NO_MEMORY;
    List.Length = 0;
    Fill(&List, Module, Flags);
    List.Text[List.Length] = UNICODE_NULL;
    return STATUS_SUCCESS;
}

static BOOLEAN IsAbsolute(PCWSTR Path)
{
    switch (RtlDetermineDosPathNameType_U(Path)) {
    case RtlPathTypeDriveAbsolute:
    case RtlPathTypeUncAbsolute:
    case RtlPathTypeLocalDevice:
        return TRUE;
    default:
        return FALSE;
    }
}

NTSTATUS LdrpMakeDllPath(PCWSTR Module, ULONG Flags, PWSTR *Path)
{
    NTSTATUS Status;

    if ((Flags & LOAD_WITH_ALTERED_SEARCH_PATH) && (Flags & SEARCH_FLAGS))
        return STATUS_INVALID_PARAMETER;
    RtlAcquirePebLock();
    if (!(Flags & SEARCH_FLAGS) && DefaultFlags) {
        if (Flags & LOAD_WITH_ALTERED_SEARCH_PATH)
            Flags |= LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR;
        Flags |= DefaultFlags;
    }
    if (Flags & LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)
        Flags |= SEARCH_DEFAULT_PARTS;
    if ((Flags & LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR) && (!Module || !IsAbsolute(Module)))
        Status = STATUS_INVALID_PARAMETER;
    else
        Status = MakeText(Module && IsAbsolute(Module) ? Module : NULL, Flags, Path);
    RtlReleasePebLock();
    return Status;
}

/* ---- What programs call ---- */

NTSTATUS NTAPI LdrGetDllPath(PCWSTR Module, ULONG Flags, PWSTR *Path, PWSTR *Redirected)
{
    if (Redirected)
        *Redirected = NULL;
    return LdrpMakeDllPath(Module, Flags, Path);
}

NTSTATUS NTAPI LdrSetDllDirectory(PCUNICODE_STRING Directory)
{
    UNICODE_STRING New = {0};

    if (Directory && Directory->Buffer) {
        NTSTATUS Status =
            RtlDuplicateUnicodeString(RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE |
                                          RTL_DUPLICATE_UNICODE_STRING_ALLOCATE_NULL_STRING,
                                      Directory, &New);

        if (!NT_SUCCESS(Status))
            return Status;
    }
    RtlAcquirePebLock();
    if (DllDirectory.Buffer)
        RtlFreeUnicodeString(&DllDirectory);
    DllDirectory = New;
    RtlReleasePebLock();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrGetDllDirectory(PUNICODE_STRING Directory)
{
    NTSTATUS Status = STATUS_SUCCESS;

    RtlAcquirePebLock();
    if (Directory->MaximumLength >= DllDirectory.Length + sizeof(WCHAR)) {
        RtlCopyUnicodeString(Directory, &DllDirectory);
        Directory->Buffer[Directory->Length / sizeof(WCHAR)] = UNICODE_NULL;
    } else {
        Directory->Length = DllDirectory.Length + sizeof(WCHAR);
        if (Directory->MaximumLength >= sizeof(WCHAR))
            Directory->Buffer[0] = UNICODE_NULL;
        Status = STATUS_BUFFER_TOO_SMALL;
    }
    RtlReleasePebLock();
    return Status;
}

static NTSTATUS CheckDirectory(PCWSTR Path)
{
    FILE_BASIC_INFORMATION Information;
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING NtPath;
    NTSTATUS Status;

    if (!IsAbsolute(Path))
        return STATUS_INVALID_PARAMETER;
    Status = RtlDosPathNameToNtPathName_U_WithStatus(Path, &NtPath, NULL, NULL);
    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, &NtPath, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtQueryAttributesFile(&Attributes, &Information);
    RtlFreeUnicodeString(&NtPath);
    return Status;
}

NTSTATUS NTAPI LdrAddDllDirectory(PCUNICODE_STRING Directory, PVOID *Cookie)
{
    SIZE_T Length = Directory->Length / sizeof(WCHAR);
    PADDED_DIRECTORY Added =
        RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Added) + (Length + 1) * sizeof(WCHAR));
    NTSTATUS Status;

    if (!Added)
        return STATUS_NO_MEMORY;
    memcpy(Added->Path, Directory->Buffer, Length * sizeof(WCHAR));
    Added->Path[Length] = UNICODE_NULL;
    Added->Length = Length;
    Status = CheckDirectory(Added->Path);
    if (!NT_SUCCESS(Status)) {
        RtlFreeHeap(RtlProcessHeap(), 0, Added);
        return Status;
    }
    RtlAcquirePebLock();
    InsertHeadList(&AddedDirectories, &Added->Links);
    RtlReleasePebLock();
    *Cookie = Added;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrRemoveDllDirectory(PVOID Cookie)
{
    PLIST_ENTRY Links;

    RtlAcquirePebLock();
    for (Links = AddedDirectories.Flink; Links != &AddedDirectories; Links = Links->Flink) {
        if (CONTAINING_RECORD(Links, ADDED_DIRECTORY, Links) == Cookie)
            break;
    }
    if (Links != &AddedDirectories)
        RemoveEntryList(Links);
    RtlReleasePebLock();
    if (Links == &AddedDirectories)
        return STATUS_INVALID_PARAMETER;
    RtlFreeHeap(RtlProcessHeap(), 0, Cookie);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrSetDefaultDllDirectories(ULONG Flags)
{
    if (!Flags || (Flags & ~(SEARCH_DEFAULT_PARTS | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)))
        return STATUS_INVALID_PARAMETER;
    RtlAcquirePebLock();
    DefaultFlags = Flags;
    RtlReleasePebLock();
    return STATUS_SUCCESS;
}
