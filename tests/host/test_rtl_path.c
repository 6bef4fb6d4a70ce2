// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/dospath.c rtl/shortname.c rtl/fullpath.c rtl/environment.c rtl/string.c rtl/codepage.c rtl/nlstable.c rtl/utf.c
// sources: ntdll/rtl/fullname.c ntdll/rtl/ntpath.c ntdll/rtl/directory.c ntdll/rtl/searchpath.c
// sources: ntdll/rtl/environment.c ntdll/rtl/peblock.c ntdll/rtl/heapstring.c rtl/cstring.c rtl/print.c
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/wstring.c rtl/upcase.c rtl/ctype.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"

static WCHAR CurrentDirectory[260];
static PCWSTR ExistingFile = u"";
static UCHAR DirectoryHandle;

static void UseDirectory(PCWSTR Path)
{
    wcscpy(CurrentDirectory, Path);
    NtCurrentTeb();
    TestParameters.CurrentDirectory.DosPath =
        (UNICODE_STRING){(USHORT)(wcslen(Path) * 2), sizeof(CurrentDirectory), CurrentDirectory};
}

NTSTATUS NTAPI NtQueryAttributesFile(POBJECT_ATTRIBUTES ObjectAttributes,
                                     PFILE_BASIC_INFORMATION Information)
{
    return _wcsicmp(ObjectAttributes->ObjectName->Buffer, ExistingFile) == 0
               ? STATUS_SUCCESS
               : STATUS_OBJECT_NAME_NOT_FOUND;
}

NTSTATUS NTAPI NtOpenFile(PHANDLE FileHandle, ACCESS_MASK DesiredAccess,
                          POBJECT_ATTRIBUTES ObjectAttributes, PIO_STATUS_BLOCK IoStatusBlock,
                          ULONG ShareAccess, ULONG OpenOptions)
{
    *FileHandle = &DirectoryHandle;
    return _wcsicmp(ObjectAttributes->ObjectName->Buffer, ExistingFile) == 0
               ? STATUS_SUCCESS
               : STATUS_OBJECT_PATH_NOT_FOUND;
}

NTSTATUS NTAPI NtClose(HANDLE Handle)
{
    return STATUS_SUCCESS;
}

static const char *Narrow(PCWSTR Text)
{
    static char Buffers[2][300];
    static ULONG Turn;
    char *Buffer = Buffers[Turn++ % 2];
    ULONG i;

    for (i = 0; Text && Text[i] && i < 299; i++)
        Buffer[i] = Text[i] < 0x80 ? (char)Text[i] : '?';
    Buffer[i] = 0;
    return Text ? Buffer : "(none)";
}

TEST(paths_have_their_types)
{
    static const struct {
        PCWSTR Path;
        RTL_PATH_TYPE Type;
    } Paths[] = {
        {NULL, RtlPathTypeUnknown},
        {u"", RtlPathTypeRelative},
        {u"foo", RtlPathTypeRelative},
        {u".", RtlPathTypeRelative},
        {u"1:", RtlPathTypeDriveRelative},
        {u"c:", RtlPathTypeDriveRelative},
        {u"c:foo", RtlPathTypeDriveRelative},
        {u"c:\\foo", RtlPathTypeDriveAbsolute},
        {u"c:/foo", RtlPathTypeDriveAbsolute},
        {u"\\", RtlPathTypeRooted},
        {u"/foo", RtlPathTypeRooted},
        {u"\\??\\foo", RtlPathTypeRooted},
        {u"\\\\", RtlPathTypeUncAbsolute},
        {u"//foo", RtlPathTypeUncAbsolute},
        {u"\\\\?", RtlPathTypeRootLocalDevice},
        {u"\\/.", RtlPathTypeRootLocalDevice},
        {u"\\\\?x", RtlPathTypeUncAbsolute},
        {u"\\\\.\\", RtlPathTypeLocalDevice},
        {u"//?/c:", RtlPathTypeLocalDevice},
    };

    for (ULONG i = 0; i < ARRAYSIZE(Paths); i++) {
        if (RtlDetermineDosPathNameType_U(Paths[i].Path) != Paths[i].Type)
            FAIL("%s", Narrow(Paths[i].Path));
    }
}

TEST(devices_are_found_in_paths)
{
    static const struct {
        PCWSTR Path;
        ULONG Offset, Length;
    } Paths[] = {
        {u"\\\\.\\CON", 8, 6},
        {u"\\\\.\\con", 8, 6},
        {u"\\\\.\\NUL", 0, 0},
        {u"\\\\foo\\nul", 0, 0},
        {u"c:\\nul\\", 0, 0},
        {u"c:\\nul\\foo", 0, 0},
        {u"c:\\nul::", 6, 6},
        {u"c:prn     ", 4, 6},
        {u"c:prn.......", 4, 6},
        {u"c:prn... ...", 4, 6},
        {u"c:NUL  ....  ", 4, 6},
        {u"c: . . .", 0, 0},
        {u"c:", 0, 0},
        {u" . . . :", 0, 0},
        {u":", 0, 0},
        {u"c:nul. . . :", 4, 6},
        {u"c:nul . . :", 4, 6},
        {u"c:nul0", 0, 0},
        {u"c:prn:aaa", 4, 6},
        {u"c:PRN:.txt", 4, 6},
        {u"c:aux:.txt...", 4, 6},
        {u"con:", 0, 6},
        {u"lpt1:", 0, 8},
        {u"c:com5:", 4, 8},
        {u"CoM4:", 0, 8},
        {u"lpt9:", 0, 8},
        {u"c:\\lpt0.txt", 0, 0},
        {u"c:\\com0.txt", 0, 0},
        {u"CONIN$", 0, 12},
        {u"c:\\a\\CONOUT$", 10, 14},
        {u"c:\\x/nul.txt", 10, 6},
        {u"", 0, 0},
        {NULL, 0, 0},
        {u"aux .c", 0, 6},
        {u"nulls", 0, 0},
        {u"\\\\.", 0, 0},
        {u"COM¹", 0, 8},
        {u"\\nul", 2, 6},
        {u"com", 0, 0},
    };

    for (ULONG i = 0; i < ARRAYSIZE(Paths); i++) {
        ULONG Found = RtlIsDosDeviceName_U(Paths[i].Path);

        if (Found != (Paths[i].Offset << 16 | Paths[i].Length))
            FAIL("%s: %#x", Narrow(Paths[i].Path), Found);
    }
}

TEST(short_names_are_legal_or_not)
{
    static const struct {
        PCWSTR Name;
        BOOLEAN Legal, Spaces;
    } Names[] = {
        {u"", FALSE},
        {u".", TRUE},
        {u"..", TRUE},
        {u"...", FALSE},
        {u"test", TRUE},
        {u"a.b", TRUE},
        {u"a.b.c", FALSE},
        {u"a b.c", TRUE, TRUE},
        {u" a", FALSE},
        {u"a .b", FALSE},
        {u"a. b", TRUE, TRUE},
        {u"a ", FALSE},
        {u".txt", FALSE},
        {u"12345678.abc", TRUE},
        {u"123456789", FALSE},
        {u"a.", FALSE},
        {u"a.abcd", FALSE},
        {u"a+b", FALSE},
        {u"a:b", FALSE},
        {u"ä.ö", TRUE},
        {u"123456789.ab", FALSE},
    };

    for (ULONG i = 0; i < ARRAYSIZE(Names); i++) {
        UNICODE_STRING Name;
        BOOLEAN Spaces = 9;

        RtlInitUnicodeString(&Name, Names[i].Name);
        if (RtlIsNameLegalDOS8Dot3(&Name, NULL, &Spaces) != Names[i].Legal ||
            Spaces != (Names[i].Legal ? Names[i].Spaces : 9))
            FAIL("%s", Narrow(Names[i].Name));
    }
}

TEST(short_names_come_back_in_the_oem_code_page)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"äb.c");
    CHAR Buffer[4];
    OEM_STRING Oem = {0, sizeof(Buffer), Buffer};

    CHECK(RtlIsNameLegalDOS8Dot3(&Name, &Oem, NULL));
    CHECK(Oem.Length == 4 && memcmp(Buffer,
                                    "\x8e"
                                    "B.C",
                                    4) == 0);
    Oem.MaximumLength = 3;
    CHECK(!RtlIsNameLegalDOS8Dot3(&Name, &Oem, NULL));
}

static void CheckFull(PCWSTR Path, PCWSTR Full, PCWSTR FilePart)
{
    WCHAR Buffer[300];
    PWSTR Part;
    ULONG Bytes = RtlGetFullPathName_U(Path, sizeof(Buffer), Buffer, &Part);

    if (Bytes != wcslen(Full) * 2 || wcscmp(Buffer, Full))
        FAIL("%s becomes %s", Narrow(Path), Narrow(Buffer));
    if (!FilePart != !Part || (Part && wcscmp(Part, FilePart)))
        FAIL("%s has the last part %s", Narrow(Path), Narrow(Part));
}

TEST(full_paths_are_simple)
{
    UseDirectory(u"C:\\windows\\system32\\");
    CheckFull(u"c:\\foo", u"c:\\foo", u"foo");
    CheckFull(u"c:/foo//bar/", u"c:\\foo\\bar\\", NULL);
    CheckFull(u"c:\\foo\\..\\bar", u"c:\\bar", u"bar");
    CheckFull(u"c:\\..\\..\\bar", u"c:\\bar", u"bar");
    CheckFull(u"c:\\foo\\.\\bar\\.", u"c:\\foo\\bar\\", NULL);
    CheckFull(u"c:\\foo\\bar\\..", u"c:\\foo\\", NULL);
    CheckFull(u"c:\\foo. . ", u"c:\\foo", u"foo");
    CheckFull(u"c:\\foo.\\bar", u"c:\\foo\\bar", u"bar");
    CheckFull(u"c:\\foo...\\bar", u"c:\\foo...\\bar", u"bar");
    CheckFull(u"c:\\...\\bar", u"c:\\...\\bar", u"bar");
    CheckFull(u"c:\\foo \\bar", u"c:\\foo \\bar", u"bar");
    CheckFull(u"c:\\", u"c:\\", NULL);
    CheckFull(u"a", u"C:\\windows\\system32\\a", u"a");
    CheckFull(u"..\\a", u"C:\\windows\\a", u"a");
    CheckFull(u"..\\..\\..\\..", u"C:\\", NULL);
    CheckFull(u".", u"C:\\windows\\system32\\", NULL);
    CheckFull(u"\\a", u"C:\\a", u"a");
    CheckFull(u"c:a", u"C:\\windows\\system32\\a", u"a");
    CheckFull(u"c:", u"C:\\windows\\system32\\", NULL);
    CheckFull(u"d:a", u"d:\\a", u"a");
}

TEST(full_paths_of_servers_and_devices)
{
    UseDirectory(u"C:\\");
    CheckFull(u"\\\\server\\share\\..\\..\\a", u"\\\\server\\share\\a", u"a");
    CheckFull(u"//server/share", u"\\\\server\\share", NULL);
    CheckFull(u"\\\\.\\PIPE\\a", u"\\\\.\\PIPE\\a", u"a");
    CheckFull(u"\\\\.\\a\\..\\..\\b", u"\\\\.\\b", u"b");
    CheckFull(u"\\\\.", u"\\\\.\\", NULL);
    CheckFull(u"c:\\x\\nul.txt", u"\\\\.\\nul", NULL);
    CheckFull(u"COM1:", u"\\\\.\\COM1", NULL);
    UseDirectory(u"\\\\server\\share\\dir\\");
    CheckFull(u"\\a", u"\\\\server\\share\\a", u"a");
    CheckFull(u"..\\..\\a", u"\\\\server\\share\\a", u"a");
}

TEST(drives_have_current_directories_of_their_own)
{
    static WCHAR Block[] = u"=D:=D:\\somewhere\0=E:=garbage\0";

    UseDirectory(u"C:\\");
    TestParameters.Environment = Block;
    CheckFull(u"d:a", u"D:\\somewhere\\a", u"a");
    CheckFull(u"e:a", u"e:\\a", u"a");
    TestParameters.Environment = NULL;
}

TEST(full_paths_say_what_they_need)
{
    WCHAR Buffer[6];
    PWSTR Part = Buffer;

    UseDirectory(u"C:\\");
    CHECK_EQUAL(RtlGetFullPathName_U(u"abc", 12, Buffer, &Part), 14);
    CHECK(!Part);
    CHECK_EQUAL(RtlGetFullPathName_U(u"ab", 12, Buffer, NULL), 10);
    CHECK_EQUAL(RtlGetFullPathName_U(u"", 12, Buffer, NULL), 0);
    CHECK_EQUAL(RtlGetFullPathName_U(u"   ", 12, Buffer, NULL), 0);
    CHECK_EQUAL(RtlGetFullPathName_U(NULL, 12, Buffer, NULL), 0);
    OutOfMemory = TRUE;
    CHECK_EQUAL(RtlGetFullPathName_U(u"ab", 12, Buffer, NULL), 0);
    OutOfMemory = FALSE;
}

TEST(endless_paths_are_refused)
{
    PWSTR Long = malloc(70000 * 2), Part;
    UNICODE_STRING NtPath;
    WCHAR Buffer[8];

    UseDirectory(u"C:\\");
    for (ULONG i = 0; i < 69999; i++)
        Long[i] = 'x';
    Long[69999] = 0;
    CHECK_EQUAL(RtlGetFullPathName_U(Long, 16, Buffer, &Part), 0);
    CHECK_EQUAL(RtlDosPathNameToNtPathName_U_WithStatus(Long, &NtPath, NULL, NULL),
                STATUS_NAME_TOO_LONG);
    memcpy(Long, u"\\\\?\\", 8);
    CHECK_EQUAL(RtlDosPathNameToNtPathName_U_WithStatus(Long, &NtPath, NULL, NULL),
                STATUS_NAME_TOO_LONG);
    CHECK_EQUAL(RtlIsDosDeviceName_U(Long), 0);
    free(Long);
    CHECK_EQUAL(HeapBlocks, 0);
}

static void CheckNt(PCWSTR Path, PCWSTR Expected, PCWSTR FilePart)
{
    UNICODE_STRING NtPath;
    PWSTR Part;

    if (!RtlDosPathNameToNtPathName_U(Path, &NtPath, &Part, NULL)) {
        FAIL("%s has no name", Narrow(Path));
        return;
    }
    if (wcscmp(NtPath.Buffer, Expected) || NtPath.Length != wcslen(Expected) * 2)
        FAIL("%s becomes %s", Narrow(Path), Narrow(NtPath.Buffer));
    if (!FilePart != !Part || (Part && wcscmp(Part, FilePart)))
        FAIL("%s has the last part %s", Narrow(Path), Narrow(Part));
    RtlFreeUnicodeString(&NtPath);
}

TEST(dos_paths_become_nt_paths)
{
    RTL_RELATIVE_NAME_U Relative;
    UNICODE_STRING NtPath;

    UseDirectory(u"C:\\dir\\");
    CheckNt(u"c:\\a\\..\\b", u"\\??\\c:\\b", u"b");
    CheckNt(u"a", u"\\??\\C:\\dir\\a", u"a");
    CheckNt(u"a\\", u"\\??\\C:\\dir\\a\\", NULL);
    CheckNt(u"\\\\server\\share\\a", u"\\??\\UNC\\server\\share\\a", u"a");
    CheckNt(u"\\\\.\\PhysicalDrive0", u"\\??\\PhysicalDrive0", u"PhysicalDrive0");
    CheckNt(u"\\\\?\\C:\\a\\..\\b. ", u"\\??\\C:\\a\\..\\b. ", u"b. ");
    CheckNt(u"\\??\\C:\\a/b", u"\\??\\C:\\a/b", u"a/b");
    CheckNt(u"//?/C:/a/../b", u"\\??\\C:\\b", u"b");
    CheckNt(u"nul", u"\\??\\nul", NULL);
    CheckNt(u"\\\\?\\", u"\\??\\", NULL);
    CHECK(!RtlDosPathNameToNtPathName_U(u"", &NtPath, NULL, NULL));
    CHECK_EQUAL(RtlDosPathNameToNtPathName_U_WithStatus(NULL, &NtPath, NULL, NULL),
                STATUS_OBJECT_NAME_INVALID);
    memset(&Relative, 1, sizeof(Relative));
    CHECK(RtlDosPathNameToNtPathName_U(u"a", &NtPath, NULL, &Relative));
    CHECK(!Relative.RelativeName.Length && !Relative.ContainingDirectory);
    RtlFreeUnicodeString(&NtPath);
    CHECK_EQUAL(HeapBlocks, 0);
}

static NTSTATUS SetDirectory(PCWSTR Path)
{
    UNICODE_STRING Text;

    RtlInitUnicodeString(&Text, Path);
    return RtlSetCurrentDirectory_U(&Text);
}

TEST(the_current_directory_changes_if_there_is_such_a_one)
{
    WCHAR Buffer[20];

    UseDirectory(u"C:\\");
    CHECK_EQUAL(RtlGetCurrentDirectory_U(sizeof(Buffer), Buffer), 6);
    CHECK(wcscmp(Buffer, u"C:\\") == 0);
    CHECK_EQUAL(SetDirectory(u"x"), STATUS_OBJECT_PATH_NOT_FOUND);
    CHECK_EQUAL(SetDirectory(u"nul"), STATUS_NOT_A_DIRECTORY);
    CHECK_EQUAL(SetDirectory(u""), STATUS_OBJECT_NAME_INVALID);
    ExistingFile = u"\\??\\C:\\windows";
    CHECK_EQUAL(SetDirectory(u"windows"), STATUS_SUCCESS);
    CHECK(wcscmp(CurrentDirectory, u"C:\\windows\\") == 0);
    CHECK(TestParameters.CurrentDirectory.Handle == &DirectoryHandle);
    CHECK_EQUAL(RtlGetCurrentDirectory_U(sizeof(Buffer), Buffer), 20);
    CHECK(wcscmp(Buffer, u"C:\\windows") == 0);
    CHECK_EQUAL(RtlGetCurrentDirectory_U(20, Buffer), 22);
    TestParameters.CurrentDirectory.DosPath.MaximumLength = 20;
    CHECK_EQUAL(SetDirectory(u"."), STATUS_OBJECT_PATH_NOT_FOUND);
    ExistingFile = u"\\??\\C:\\windows\\";
    CHECK_EQUAL(SetDirectory(u"."), STATUS_NAME_TOO_LONG);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(files_are_found_in_lists_of_directories)
{
    WCHAR Buffer[40];
    PWSTR Part;

    UseDirectory(u"C:\\");
    ExistingFile = u"\\??\\C:\\b\\x.exe";
    CHECK_EQUAL(
        RtlDosSearchPath_U(u"C:\\a;;C:\\b\\;C:\\c", u"x", u".exe", sizeof(Buffer), Buffer, &Part),
        20);
    CHECK(wcscmp(Buffer, u"C:\\b\\x.exe") == 0 && wcscmp(Part, u"x.exe") == 0);
    CHECK_EQUAL(RtlDosSearchPath_U(u"C:\\b", u"x.exe", u".exe", 4, Buffer, &Part), 22);
    CHECK_EQUAL(RtlDosSearchPath_U(u"C:\\b", u"x.com", u".exe", sizeof(Buffer), Buffer, &Part), 0);
    CHECK_EQUAL(RtlDosSearchPath_U(u"", u"C:\\b\\x", u".exe", sizeof(Buffer), Buffer, &Part), 20);
    CHECK_EQUAL(RtlDosSearchPath_U(NULL, u"x", u".exe", sizeof(Buffer), Buffer, &Part), 0);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(search_paths_have_the_current_directory_where_it_belongs)
{
    static WCHAR Block[] = u"PATH=D:\\bin\0", Without[] = u"NoDefaultCurrentDirectoryInExePath=\0";
    PWSTR Path;

    UseDirectory(u"C:\\");
    TestParameters.ImagePathName = (UNICODE_STRING)RTL_CONSTANT_STRING(u"C:\\app\\a.exe");
    TestParameters.Environment = Block;
    wcscpy(TestSharedUserData.NtSystemRoot, u"C:\\W");
    CHECK_EQUAL(RtlGetExePath(u"x", &Path), STATUS_SUCCESS);
    CHECK(wcscmp(Path, u"C:\\app;.;C:\\W\\system32;C:\\W\\system;C:\\W;D:\\bin") == 0);
    RtlReleasePath(Path);
    CHECK_EQUAL(RtlSetSearchPathMode(2), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(
        RtlSetSearchPathMode(BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE | BASE_SEARCH_PATH_PERMANENT),
        STATUS_SUCCESS);
    CHECK_EQUAL(RtlSetSearchPathMode(BASE_SEARCH_PATH_DISABLE_SAFE_SEARCHMODE),
                STATUS_ACCESS_DENIED);
    RtlGetSearchPath(&Path);
    CHECK(wcscmp(Path, u"C:\\app;C:\\W\\system32;C:\\W\\system;C:\\W;.;D:\\bin") == 0);
    RtlReleasePath(Path);
    TestParameters.Environment = Without;
    RtlGetExePath(u"x", &Path);
    CHECK(wcscmp(Path, u"C:\\app;C:\\W\\system32;C:\\W\\system;C:\\W") == 0);
    RtlReleasePath(Path);
    RtlGetExePath(u"a\\x", &Path);
    CHECK(wcscmp(Path, u"C:\\app;.;C:\\W\\system32;C:\\W\\system;C:\\W") == 0);
    RtlReleasePath(Path);
    CHECK_EQUAL(HeapBlocks, 0);
    CHECK_EQUAL(LockDepth, 0);
}
