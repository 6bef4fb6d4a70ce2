/* SPDX-License-Identifier: BSD-2-Clause */
/* Where programs and DLLs are: DOS paths in the parameters and the lists of modules, the archive at
 * C:\windows, the directories that are searched, \KnownDlls. */
#include "tap.h"

#define SYSTEM32 u"C:\\windows\\system32"

static BOOLEAN Equals(PCUNICODE_STRING String, PCWSTR Text)
{
    UNICODE_STRING Expected;

    RtlInitUnicodeString(&Expected, Text);
    return RtlEqualUnicodeString(String, &Expected, TRUE);
}

static BOOLEAN Contains(PCWSTR Text, PCWSTR Part)
{
    SIZE_T Length = wcslen(Part);

    for (; *Text; Text++) {
        if (_wcsnicmp(Text, Part, Length) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Text with the program's directory, which may be started as C:\tests or C:\windows\tests, in place
 * of "<". */
static PCWSTR Expand(PCWSTR Text)
{
    static WCHAR Buffer[256];
    UNICODE_STRING Program = NtCurrentPeb()->ProcessParameters->ImagePathName;
    ULONG Length = 0;

    while (Program.Length && Program.Buffer[Program.Length / sizeof(WCHAR) - 1] != '\\')
        Program.Length -= sizeof(WCHAR);
    for (; *Text; Text++) {
        if (*Text != '<') {
            Buffer[Length++] = *Text;
            continue;
        }
        memcpy(Buffer + Length, Program.Buffer, Program.Length - sizeof(WCHAR));
        Length += Program.Length / sizeof(WCHAR) - 1;
    }
    Buffer[Length] = UNICODE_NULL;
    return Buffer;
}

static NTSTATUS OpenFile(PCWSTR Path, ULONG Options)
{
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    UNICODE_STRING Name;
    HANDLE File;
    NTSTATUS Status;

    RtlInitUnicodeString(&Name, Path);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtOpenFile(&File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb, FILE_SHARE_READ,
                        Options | FILE_SYNCHRONOUS_IO_NONALERT);
    if (NT_SUCCESS(Status))
        NtClose(File);
    return Status;
}

static void TestArchive(void)
{
    ok_status(OpenFile(u"\\??\\C:\\windows\\system32\\ntdll.dll", 0), STATUS_SUCCESS,
              "the archive at C:\\windows\\system32");
    ok_status(OpenFile(u"\\??\\C:\\WINDOWS\\System32\\Ntdll.dll", 0), STATUS_SUCCESS,
              "in any case of letters");
    ok_status(OpenFile(u"\\??\\C:\\windows\\ntdll.dll", 0), STATUS_SUCCESS, "at C:\\windows");
    ok_status(OpenFile(u"\\??\\C:\\ntdll.dll", 0), STATUS_SUCCESS, "at C:\\");
    ok_status(OpenFile(u"\\SystemRoot\\system32\\ntdll.dll", 0), STATUS_SUCCESS,
              "at \\SystemRoot\\system32");
    ok_status(OpenFile(u"\\??\\C:\\windows\\tests\\umtests.exe", 0), STATUS_SUCCESS,
              "a directory of it in C:\\windows");
    ok_status(OpenFile(u"\\??\\C:\\windows", FILE_DIRECTORY_FILE), STATUS_SUCCESS,
              "C:\\windows is a directory");
    ok_status(OpenFile(u"\\??\\C:\\windows\\system32\\", FILE_DIRECTORY_FILE), STATUS_SUCCESS,
              "so is C:\\windows\\system32");
    ok_status(OpenFile(u"\\??\\C:\\windowsntdll.dll", 0), STATUS_OBJECT_NAME_NOT_FOUND,
              "a name that only begins alike");
    ok_status(OpenFile(u"\\??\\C:\\system32\\ntdll.dll", 0), STATUS_OBJECT_PATH_NOT_FOUND,
              "C:\\system32 is nothing");
    ok_status(OpenFile(u"\\??\\C:\\windows\\system32\\none.dll", 0), STATUS_OBJECT_NAME_NOT_FOUND,
              "a file that is not there");
    ok_status(OpenFile(u"\\??\\C:\\windows\\none\\none.dll", 0), STATUS_OBJECT_PATH_NOT_FOUND,
              "a directory that is not there");
}

static void TestParameters(void)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters = NtCurrentPeb()->ProcessParameters;
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"SystemRoot"), Value;
    WCHAR Buffer[64];

    ok(Equals(&Parameters->ImagePathName, Expand(u"<\\umtests.exe")) &&
           Parameters->ImagePathName.Buffer[1] == ':',
       "ImagePathName is a DOS path");
    ok(Parameters->CurrentDirectory.DosPath.Length >= 6 &&
           Parameters->CurrentDirectory.DosPath.Buffer[1] == ':' &&
           Parameters->CurrentDirectory.DosPath
                   .Buffer[Parameters->CurrentDirectory.DosPath.Length / sizeof(WCHAR) - 1] == '\\',
       "the current directory is a DOS path, with a backslash behind it");
    ok(Equals(&Parameters->DllPath, SYSTEM32), "so is DllPath");
    Value = (UNICODE_STRING){0, sizeof(Buffer), Buffer};
    ok_status(RtlQueryEnvironmentVariable_U(NULL, &Name, &Value), STATUS_SUCCESS,
              "the environment has SystemRoot");
    ok(Equals(&Value, u"C:\\windows"), "which is C:\\windows");
    RtlInitUnicodeString(&Name, u"PATH");
    Value = (UNICODE_STRING){0, sizeof(Buffer), Buffer};
    ok(NT_SUCCESS(RtlQueryEnvironmentVariable_U(NULL, &Name, &Value)) &&
           Equals(&Value, SYSTEM32 u";C:\\windows"),
       "and Path");
    ok(Contains(SharedUserData->NtSystemRoot, u"C:\\windows"), "so has the shared page");
}

static PLDR_DATA_TABLE_ENTRY EntryOf(PVOID Base)
{
    PLDR_DATA_TABLE_ENTRY Entry;

    return NT_SUCCESS(LdrFindEntryForAddress(Base, &Entry)) ? Entry : NULL;
}

static PVOID Load(PCWSTR Path, PCWSTR Text, NTSTATUS *Status)
{
    UNICODE_STRING Name;
    PVOID Base = NULL;

    RtlInitUnicodeString(&Name, Text);
    *Status = LdrLoadDll(Path, NULL, &Name, &Base);
    return Base;
}

/* Loads and unloads it; the full name is Full. */
static void Loads(PCWSTR Path, PCWSTR Text, PCWSTR Full, const char *Name)
{
    PLDR_DATA_TABLE_ENTRY Entry;
    NTSTATUS Status;
    PVOID Base = Load(Path, Text, &Status);

    if (!ok_status(Status, STATUS_SUCCESS, Name))
        return;
    Entry = EntryOf(Base);
    ok(Entry && Equals(&Entry->FullDllName, Expand(Full)), "its full name");
    LdrUnloadDll(Base);
}

static void TestNames(void)
{
    UNICODE_STRING Ntdll = RTL_CONSTANT_STRING(u"ntdll");
    PLDR_DATA_TABLE_ENTRY Entry = EntryOf(NtCurrentPeb()->ImageBaseAddress);
    NTSTATUS Status;
    PVOID Base, Again;

    ok(Entry && Equals(&Entry->FullDllName, Expand(u"<\\umtests.exe")), "the program's full name");
    ok_status(LdrGetDllHandle(NULL, NULL, &Ntdll, &Base), STATUS_SUCCESS, "ntdll by its name");
    Entry = EntryOf(Base);
    ok(Entry && Equals(&Entry->FullDllName, SYSTEM32 u"\\ntdll.dll"), "ntdll's full name");
    Again = Load(NULL, SYSTEM32 u"\\ntdll.dll", &Status);
    ok(NT_SUCCESS(Status) && Again == Base, "loaded by its path it is the same");
    Loads(NULL, u"\\SystemRoot\\tests\\testdll.dll", u"C:\\windows\\tests\\testdll.dll",
          "a path in \\SystemRoot");
    Loads(NULL, u"\\??\\C:\\windows\\tests\\testdll.dll", u"C:\\windows\\tests\\testdll.dll",
          "a path in \\??");
    Loads(NULL, u"\\\\?\\C:\\windows\\tests\\testdll.dll", u"C:\\windows\\tests\\testdll.dll",
          "a path in \\\\?");
    Loads(NULL, u"C:/windows/tests/testdll", u"C:\\windows\\tests\\testdll.dll",
          "slashes, and no extension");
    Loads(NULL, u"C:\\windows\\pe\\..\\tests\\.\\testdll.dll", u"C:\\windows\\tests\\testdll.dll",
          "dots in the path");
    Loads(NULL, u"testdll", u"<\\testdll.dll", "a name: the program's directory");
    Loads(NULL, u"pe\\raw420.dll", u"<\\pe\\raw420.dll", "a relative path: from there, too");
    Loads(u"C:\\none;;C:\\windows\\tests\\pe\\;C:\\windows\\tests", u"raw420.dll",
          u"C:\\windows\\tests\\pe\\raw420.dll", "a list of directories");
    Load(u"C:\\none;C:\\", u"raw420.dll", &Status);
    ok_status(Status, STATUS_DLL_NOT_FOUND, "a list without it");
    Load(NULL, u"none", &Status);
    ok_status(Status, STATUS_DLL_NOT_FOUND, "a name that nothing has");
    Load(NULL, u"C:\\none\\none.dll", &Status);
    ok_status(Status, STATUS_DLL_NOT_FOUND, "a path that leads nowhere");
    Load(NULL, u"", &Status);
    ok_status(Status, STATUS_OBJECT_NAME_INVALID, "no name");
    Load(NULL, u"C:\\windows\\", &Status);
    ok_status(Status, STATUS_OBJECT_NAME_INVALID, "a directory's name");
    Load(NULL, u"C:\\windows\\tests.", &Status);
    ok_status(Status, STATUS_DLL_NOT_FOUND, "a directory");
    Load(NULL, u"C:\\windows\\readme.txt", &Status);
    ok_status(Status, STATUS_INVALID_IMAGE_NOT_MZ, "a file that is no image");
}

static BOOLEAN SetDllDirectory(PCWSTR Path)
{
    UNICODE_STRING Directory;

    RtlInitUnicodeString(&Directory, Path);
    return NT_SUCCESS(LdrSetDllDirectory(&Directory));
}

/* Whether the list for such flags is this one. */
static BOOLEAN PathIs(PCWSTR Module, ULONG Flags, PCWSTR Expected)
{
    PWSTR Path, Redirected = (PWSTR)1;
    BOOLEAN Right;

    if (!NT_SUCCESS(LdrGetDllPath(Module, Flags, &Path, &Redirected)))
        return FALSE;
    Right = !Redirected && _wcsicmp(Path, Expand(Expected)) == 0;
    if (!Right)
        DbgPrint("# %ls\n", Path);
    RtlReleasePath(Path);
    return Right;
}

#define PROGRAM u"<"
#define SYSTEM SYSTEM32 u";C:\\windows\\system;C:\\windows"
#define USUAL_PATH u";" SYSTEM32 u";C:\\windows"

static void TestDllPath(void)
{
    PWSTR Path, Other;

    ok(PathIs(NULL, 0, PROGRAM u";" SYSTEM u";." USUAL_PATH), "the usual directories");
    ok(PathIs(u"D:\\a\\b.dll", 0, PROGRAM u";" SYSTEM u";." USUAL_PATH),
       "a module does not change them");
    ok(PathIs(u"D:\\a\\b.dll", LOAD_WITH_ALTERED_SEARCH_PATH, u"D:\\a;" SYSTEM u";." USUAL_PATH),
       "but with an altered path it does");
    ok(PathIs(NULL, LOAD_LIBRARY_SEARCH_SYSTEM32, SYSTEM32), "only the system's");
    ok(PathIs(NULL, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS, PROGRAM u";" SYSTEM32),
       "the default ones of LOAD_LIBRARY_SEARCH");
    ok(PathIs(u"D:\\a\\b.dll", LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32,
              u"D:\\a;" SYSTEM32),
       "the module's own and the system's");
    ok(PathIs(u"D:\\b.dll", LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, u"D:\\"),
       "a root directory keeps its backslash");
    ok_status(LdrGetDllPath(u"b.dll", LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, &Path, &Other),
              STATUS_INVALID_PARAMETER, "a module without a directory has none");
    ok_status(LdrGetDllPath(NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, &Path, &Other),
              STATUS_INVALID_PARAMETER, "nor has none");
    ok_status(LdrGetDllPath(u"D:\\b.dll",
                            LOAD_WITH_ALTERED_SEARCH_PATH | LOAD_LIBRARY_SEARCH_SYSTEM32, &Path,
                            &Other),
              STATUS_INVALID_PARAMETER, "flags that exclude each other");
}

static void TestDllDirectory(void)
{
    WCHAR Buffer[32];
    UNICODE_STRING Got = {0, sizeof(Buffer), Buffer};
    NTSTATUS Status;

    Load(NULL, u"raw420.dll", &Status);
    ok_status(Status, STATUS_DLL_NOT_FOUND, "a DLL in another directory");
    ok(SetDllDirectory(u"C:\\windows\\tests\\pe"), "set the DLL directory");
    ok(PathIs(NULL, 0, PROGRAM u";C:\\windows\\tests\\pe;" SYSTEM USUAL_PATH),
       "it replaces the current one");
    ok(PathIs(NULL, LOAD_LIBRARY_SEARCH_USER_DIRS, u"C:\\windows\\tests\\pe"),
       "it is one of the user's");
    Loads(NULL, u"raw420.dll", u"C:\\windows\\tests\\pe\\raw420.dll", "now it is found");
    ok_status(LdrGetDllDirectory(&Got), STATUS_SUCCESS, "get it");
    ok(Equals(&Got, u"C:\\windows\\tests\\pe"), "what was set");
    Got.MaximumLength = 10;
    ok_status(LdrGetDllDirectory(&Got), STATUS_BUFFER_TOO_SMALL, "without room for it");
    ok(Got.Length == sizeof(u"C:\\windows\\tests\\pe") && !Buffer[0], "the room that it needs");
    ok(SetDllDirectory(u"") && PathIs(NULL, 0, PROGRAM u";" SYSTEM USUAL_PATH),
       "an empty one takes the current one away");
    ok(SetDllDirectory(NULL) && PathIs(NULL, 0, PROGRAM u";" SYSTEM u";." USUAL_PATH),
       "none brings it back");
}

static void TestAddedDirectories(void)
{
    UNICODE_STRING One = RTL_CONSTANT_STRING(u"C:\\windows\\tests\\pe"),
                   Two = RTL_CONSTANT_STRING(u"C:\\windows\\drivers"),
                   Relative = RTL_CONSTANT_STRING(u"tests"),
                   Missing = RTL_CONSTANT_STRING(u"C:\\windows\\none");
    PVOID First, Second, Third;

    ok_status(LdrAddDllDirectory(&One, &First), STATUS_SUCCESS, "add a directory");
    ok_status(LdrAddDllDirectory(&Two, &Second), STATUS_SUCCESS, "add another");
    ok_status(LdrAddDllDirectory(&Relative, &Third), STATUS_INVALID_PARAMETER, "a relative one");
    ok_status(LdrAddDllDirectory(&Missing, &Third), STATUS_OBJECT_NAME_NOT_FOUND,
              "one that is not there");
    ok(PathIs(NULL, LOAD_LIBRARY_SEARCH_USER_DIRS, u"C:\\windows\\drivers;C:\\windows\\tests\\pe"),
       "both are the user's");
    ok_status(LdrRemoveDllDirectory(Second), STATUS_SUCCESS, "remove one");
    ok_status(LdrRemoveDllDirectory(Second), STATUS_INVALID_PARAMETER, "it is gone");
    ok(PathIs(NULL, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS, PROGRAM u";C:\\windows\\tests\\pe;" SYSTEM32),
       "the other is still there");
    ok_status(LdrSetDefaultDllDirectories(0), STATUS_INVALID_PARAMETER, "no default directories");
    ok_status(LdrSetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR),
              STATUS_INVALID_PARAMETER, "a flag that is none of them");
    ok_status(LdrRemoveDllDirectory(First), STATUS_SUCCESS, "remove the other");
}

/* The default directories cannot be taken back, so this is a child's. */
NTSTATUS DefaultDirectoriesChild(void)
{
    NTSTATUS Status = LdrSetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
    BOOLEAN Right;

    if (!NT_SUCCESS(Status))
        return Status;
    Right = PathIs(NULL, 0, SYSTEM32) &&
            PathIs(u"D:\\a\\b.dll", LOAD_WITH_ALTERED_SEARCH_PATH, u"D:\\a;" SYSTEM32);
    Load(NULL, u"testdll.dll", &Status);
    return Right && Status == STATUS_DLL_NOT_FOUND ? 0x600d : STATUS_UNSUCCESSFUL;
}

static void TestKnownDlls(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\KnownDlls\\NTDLL.DLL"), Ntdll;
    OBJECT_ATTRIBUTES Attributes;
    SECTION_BASIC_INFORMATION Basic;
    HANDLE Section;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!ok_status(NtOpenSection(&Section, SECTION_QUERY | SECTION_MAP_READ, &Attributes),
                   STATUS_SUCCESS, "a known DLL"))
        return;
    ok(NT_SUCCESS(NtQuerySection(Section, SectionBasicInformation, &Basic, sizeof(Basic), NULL)) &&
           (Basic.AllocationAttributes & SEC_IMAGE),
       "it is an image");
    NtClose(Section);
    RtlInitUnicodeString(&Name, u"\\KnownDlls\\none.dll");
    ok_status(NtOpenSection(&Section, SECTION_QUERY, &Attributes), STATUS_OBJECT_NAME_NOT_FOUND,
              "others are not there");
    RtlInitUnicodeString(&Ntdll, u"\\KnownDlls\\KnownDllPath");
    Attributes.ObjectName = &Ntdll;
    ok_status(NtOpenSymbolicLinkObject(&Section, SYMBOLIC_LINK_QUERY, &Attributes), STATUS_SUCCESS,
              "where they are from");
    NtClose(Section);
}

void TestLoaderPaths(void)
{
    TestArchive();
    TestParameters();
    TestNames();
    TestDllPath();
    TestDllDirectory();
    TestAddedDirectories();
    ok_status(RunSelf(u"umtests dll-directories", 10), 0x600d, "default directories");
    TestKnownDlls();
}
