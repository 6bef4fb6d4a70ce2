// SPDX-License-Identifier: BSD-2-Clause
/* Where files without a directory are looked for. (Win32: SearchPath, SetSearchPathMode) */
#include "rtlp.h"

/* Directory\File.Extension, the last two as they are given; NULL: out of memory. */
static PWSTR Compose(PCWSTR Directory, SIZE_T DirectoryLength, PCWSTR File, PCWSTR Extension)
{
    SIZE_T FileLength = wcslen(File), ExtensionLength = Extension ? wcslen(Extension) : 0;
    PWSTR Path = RtlAllocateHeap(
        RtlProcessHeap(), 0, (DirectoryLength + FileLength + ExtensionLength + 2) * sizeof(WCHAR));
    PWSTR End = Path;

    if (!Path)
        return NULL;
    memcpy(End, Directory, DirectoryLength * sizeof(WCHAR));
    End += DirectoryLength;
    if (DirectoryLength && End[-1] != '\\' && End[-1] != '/')
        *End++ = '\\';
    memcpy(End, File, FileLength * sizeof(WCHAR));
    End += FileLength;
    if (ExtensionLength)
        memcpy(End, Extension, ExtensionLength * sizeof(WCHAR));
    End[ExtensionLength] = UNICODE_NULL;
    return Path;
}

/* Whether a name has an extension of its own. */
static BOOLEAN HasExtension(PCWSTR File)
{
    PCWSTR Dot = wcsrchr(File, '.');

    return Dot && !wcspbrk(Dot, u"\\/");
}

/* The bytes of the full path if there is such a file. */
static ULONG Try(PCWSTR Directory, SIZE_T DirectoryLength, PCWSTR File, PCWSTR Extension,
                 ULONG Size, PWSTR Buffer, PWSTR *FilePart)
{
    PWSTR Path = Compose(Directory, DirectoryLength, File, Extension);
    ULONG Bytes = 0;

    if (Path && RtlDoesFileExists_U(Path))
        Bytes = RtlGetFullPathName_U(Path, Size, Buffer, FilePart);
    if (Path)
        RtlFreeHeap(RtlProcessHeap(), 0, Path);
    return Bytes;
}

/* A name with a directory is looked for there only. */
ULONG NTAPI RtlDosSearchPath_U(PCWSTR Directories, PCWSTR File, PCWSTR Extension, ULONG Size,
                               PWSTR Buffer, PWSTR *FilePart)
{
    ULONG Bytes = 0;

    if (!File)
        return 0;
    if (RtlDetermineDosPathNameType_U(File) != RtlPathTypeRelative) {
        Bytes = Try(u"", 0, File, NULL, Size, Buffer, FilePart);
        if (!Bytes && Extension && !HasExtension(File))
            Bytes = Try(u"", 0, File, Extension, Size, Buffer, FilePart);
        return Bytes;
    }
    if (HasExtension(File))
        Extension = NULL;
    while (Directories && *Directories && !Bytes) {
        SIZE_T Length = wcscspn(Directories, u";");

        if (Length)
            Bytes = Try(Directories, Length, File, Extension, Size, Buffer, FilePart);
        Directories += Length;
        if (*Directories)
            Directories++;
    }
    return Bytes;
}

/* The program's own directory, without the backslash: a part of its path. */
static UNICODE_STRING ProgramDirectory(void)
{
    UNICODE_STRING Path = NtCurrentPeb()->ProcessParameters->ImagePathName;

    while (Path.Length && Path.Buffer[Path.Length / sizeof(WCHAR) - 1] != '\\')
        Path.Length -= sizeof(WCHAR);
    if (Path.Length > 3 * sizeof(WCHAR))
        Path.Length -= sizeof(WCHAR);
    return Path;
}

void RtlpAddToList(PRTLP_LIST List, PCWCH Text, SIZE_T Length)
{
    if (List->Text)
        memcpy(List->Text + List->Length, Text, Length * sizeof(WCHAR));
    List->Length += Length;
}

static void AddString(PRTLP_LIST List, PCWSTR Text)
{
    RtlpAddToList(List, Text, wcslen(Text));
}

enum { CURRENT_NOWHERE, CURRENT_EARLY, CURRENT_LATE };

/* Program's directory, system's directories, PATH; the current directory before or behind the
 * system's, or not at all. */
static void FillList(PRTLP_LIST List, ULONG Current)
{
    static const UNICODE_STRING PathName = RTL_CONSTANT_STRING(u"PATH");
    UNICODE_STRING Program = ProgramDirectory();
    PCWSTR Windows = SharedUserData->NtSystemRoot, Environment;
    PWSTR Path = NULL;

    RtlpAddToList(List, Program.Buffer, Program.Length / sizeof(WCHAR));
    if (Current == CURRENT_EARLY)
        AddString(List, u";.");
    AddString(List, u";");
    AddString(List, Windows);
    AddString(List, u"\\system32;");
    AddString(List, Windows);
    AddString(List, u"\\system;");
    AddString(List, Windows);
    if (Current == CURRENT_LATE)
        AddString(List, u";.");
    Environment = NtCurrentPeb()->ProcessParameters->Environment;
    if (Environment)
        RtlpFindVariable(Environment, PathName.Buffer, PathName.Length / sizeof(WCHAR), &Path);
    if (Path) {
        AddString(List, u";");
        AddString(List, Path);
    }
}

static NTSTATUS MakeList(ULONG Current, PWSTR *Path)
{
    RTLP_LIST List = {NULL, 0};

    RtlAcquirePebLock();
    FillList(&List, Current);
    *Path = List.Text = RtlAllocateHeap(RtlProcessHeap(), 0, (List.Length + 1) * sizeof(WCHAR));
    if (List.Text) {
        List.Length = 0;
        FillList(&List, Current);
        List.Text[List.Length] = UNICODE_NULL;
    }
    RtlReleasePebLock();
    return List.Text ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* 0 until somebody has chosen; then the flags of SetSearchPathMode. */
static ULONG SearchPathMode;

NTSTATUS NTAPI RtlSetSearchPathMode(ULONG Flags)
{
    ULONG Previous;

    if (Flags != BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE &&
        Flags != BASE_SEARCH_PATH_DISABLE_SAFE_SEARCHMODE &&
        Flags != (BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE | BASE_SEARCH_PATH_PERMANENT))
        return STATUS_INVALID_PARAMETER;
    RtlAcquirePebLock();
    Previous = SearchPathMode;
    if (!(Previous & BASE_SEARCH_PATH_PERMANENT))
        SearchPathMode = Flags;
    RtlReleasePebLock();
    return Previous & BASE_SEARCH_PATH_PERMANENT ? STATUS_ACCESS_DENIED : STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetSearchPath(PWSTR *Path)
{
    BOOLEAN Safe = (SearchPathMode & BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE) != 0;

    return MakeList(Safe ? CURRENT_LATE : CURRENT_EARLY, Path);
}

/* A variable keeps programs from being started out of the current directory by their bare names.
 * (Win32: NeedCurrentDirectoryForExePath) */
NTSTATUS NTAPI RtlGetExePath(PCWSTR Name, PWSTR *Path)
{
    static const WCHAR Variable[] = u"NoDefaultCurrentDirectoryInExePath";
    SIZE_T Length;
    BOOLEAN Without;

    Without = !wcschr(Name, '\\') &&
              RtlQueryEnvironmentVariable(NULL, Variable, ARRAYSIZE(Variable) - 1, NULL, 0,
                                          &Length) != STATUS_VARIABLE_NOT_FOUND;
    return MakeList(Without ? CURRENT_NOWHERE : CURRENT_EARLY, Path);
}

void NTAPI RtlReleasePath(PWSTR Path)
{
    RtlFreeHeap(RtlProcessHeap(), 0, Path);
}
