/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of the boot archive that are opened more than once, by their ids, and watched. */
#include "waiting.h"

#define FILE_THERE u"\\SystemRoot\\readme.txt"
#define DIRECTORY_THERE u"\\SystemRoot\\drivers"
#define READ (FILE_READ_DATA | SYNCHRONIZE)
#define ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
#define SYNCHRONOUS FILE_SYNCHRONOUS_IO_NONALERT

static IO_STATUS_BLOCK Iosb;

static NTSTATUS Open(PHANDLE File, PCWSTR Path, ACCESS_MASK Access, ULONG Share, ULONG Options)
{
    *File = NULL;
    return NtOpenFile(File, Access, Named(Path, OBJ_CASE_INSENSITIVE), &Iosb, Share, Options);
}

/* ---- Sharing ---- */

/* The status of a second open, while there is the first. Both are closed again. */
static NTSTATUS OpenTwice(PCWSTR Path, ACCESS_MASK First, ULONG FirstShare, ACCESS_MASK Second,
                          ULONG SecondShare)
{
    HANDLE One, Two;
    NTSTATUS Status = Open(&One, Path, First, FirstShare, 0);

    if (!NT_SUCCESS(Status))
        return STATUS_UNSUCCESSFUL;
    Status = Open(&Two, Path, Second, SecondShare, 0);
    if (NT_SUCCESS(Status))
        NtClose(Two);
    NtClose(One);
    return Status;
}

static void TestPairs(PCWSTR Path)
{
    static const ACCESS_MASK Accesses[] = {FILE_READ_DATA, FILE_EXECUTE, MAXIMUM_ALLOWED,
                                           FILE_READ_ATTRIBUTES, SYNCHRONIZE | READ_CONTROL};
    ULONG Counting = 3, Wrong = 0, i, Pair;

    for (i = 0; i < ARRAYSIZE(Accesses) * ARRAYSIZE(Accesses); i++) {
        ULONG First = i / ARRAYSIZE(Accesses), Second = i % ARRAYSIZE(Accesses);

        for (Pair = 0; Pair < 64; Pair++) {
            BOOLEAN Shared = Pair & Pair >> 3 & FILE_SHARE_READ;
            NTSTATUS Expected = First < Counting && Second < Counting && !Shared
                                    ? STATUS_SHARING_VIOLATION
                                    : STATUS_SUCCESS;

            Wrong +=
                OpenTwice(Path, Accesses[First], Pair & 7, Accesses[Second], Pair >> 3) != Expected;
        }
    }
    ok(!Wrong, "each pair of opens: both share reading, or one of them does not read");
}

static void TestRelease(void)
{
    HANDLE File, Copy, Other, Section;

    ok_status(Open(&File, FILE_THERE, READ, 0, SYNCHRONOUS), STATUS_SUCCESS, "nobody else");
    Copy = Restricted(File, SYNCHRONIZE);
    ok_status(
        NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_READONLY, SEC_COMMIT, File),
        STATUS_SUCCESS, "a section keeps the file");
    NtClose(File);
    ok_status(Open(&Other, FILE_THERE, READ, ALL, 0), STATUS_SHARING_VIOLATION,
              "a duplicate counts like the handle");
    ok(!Other && Iosb.Status == STATUS_SUCCESS, "what fails leaves handle and block alone");
    NtClose(Copy);
    ok_status(Open(&Other, FILE_THERE, READ, 0, 0), STATUS_SUCCESS,
              "the last handle's end frees it, though the section is there");
    NtClose(Section);
    ok_status(Open(&File, FILE_THERE, READ, ALL, 0), STATUS_SHARING_VIOLATION,
              "the section's end changes nothing");
    NtClose(Other);
    ok_status(Open(&File, FILE_THERE, READ | FILE_WRITE_DATA, 0, 0), STATUS_MEDIA_WRITE_PROTECTED,
              "an open that fails");
    ok_status(Open(&File, FILE_THERE, READ, 0, 0), STATUS_SUCCESS, "leaves nothing behind");
    NtClose(File);
}

/* The second open is of the first's file, without a name. */
static void TestReopening(void)
{
    UNICODE_STRING Empty = {0};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE File, Again;

    Open(&File, FILE_THERE, READ, ALL, 0);
    InitializeObjectAttributes(&Attributes, &Empty, 0, File, NULL);
    ok_status(NtOpenFile(&Again, READ, &Attributes, &Iosb, 0, 0), STATUS_SHARING_VIOLATION,
              "an open relative to it counts by itself");
    ok_status(NtOpenFile(&Again, READ, &Attributes, &Iosb, FILE_SHARE_READ, 0), STATUS_SUCCESS,
              "and may share");
    NtClose(Again);
    NtClose(File);
}

static void TestPrograms(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"testdll.dll");
    HANDLE File;
    PVOID Dll;

    ok_status(Open(&File, u"\\SystemRoot\\tests\\testdll.dll", READ, 0, 0), STATUS_SUCCESS,
              "a library for oneself");
    ok_status(LdrLoadDll(NULL, NULL, &Name, &Dll), STATUS_SHARING_VIOLATION, "cannot be loaded");
    NtClose(File);
    ok_status(LdrLoadDll(NULL, NULL, &Name, &Dll), STATUS_SUCCESS, "it can then");
    ok_status(Open(&File, u"\\SystemRoot\\tests\\testdll.dll", READ, 0, 0), STATUS_SUCCESS,
              "a mapped image is no open file");
    NtClose(File);
    LdrUnloadDll(Dll);
}

/* ---- Ids ---- */

static NTSTATUS OpenId(PHANDLE File, HANDLE Root, const void *Id, USHORT Length)
{
    UNICODE_STRING Name = {Length, Length, (PWSTR)Id};
    OBJECT_ATTRIBUTES Attributes;

    *File = NULL;
    InitializeObjectAttributes(&Attributes, &Name, 0, Root, NULL);
    return NtOpenFile(File, READ | FILE_READ_ATTRIBUTES, &Attributes, &Iosb, ALL,
                      FILE_OPEN_BY_FILE_ID | SYNCHRONOUS);
}

static LONGLONG IdOf(HANDLE File)
{
    FILE_INTERNAL_INFORMATION Internal = {0};

    NtQueryInformationFile(File, &Iosb, &Internal, sizeof(Internal), FileInternalInformation);
    return *(LONGLONG *)&Internal;
}

static BOOLEAN IsNamed(HANDLE File, PCWSTR Name)
{
    union {
        FILE_NAME_INFORMATION Information;
        WCHAR Room[64];
    } Answer;
    ULONG Length = (ULONG)wcslen(Name) * sizeof(WCHAR);

    return NT_SUCCESS(
               NtQueryInformationFile(File, &Iosb, &Answer, sizeof(Answer), FileNameInformation)) &&
           Answer.Information.FileNameLength == Length &&
           memcmp(Answer.Information.FileName, Name, Length) == 0;
}

static void TestLongId(HANDLE Root, HANDLE File)
{
    FILE_ID_INFORMATION Id;
    HANDLE Found;

    NtQueryInformationFile(File, &Iosb, &Id, sizeof(Id), FileIdInformation);
    ok_status(OpenId(&Found, Root, &Id.FileId, 16), STATUS_SUCCESS, "an id of 128 bits");
    ok(IdOf(Found) == IdOf(File), "the same file");
    NtClose(Found);
    ((PUCHAR)&Id.FileId)[15] = 1;
    ok_status(OpenId(&Found, Root, &Id.FileId, 16), STATUS_INVALID_PARAMETER,
              "one that is too high");
}

static void TestBadIds(HANDLE Root, LONGLONG Id)
{
    LONGLONG Even = Id + 1, High = Id + (1LL << 32), Backslash = '\\', Zero = 0, Negative = -1;
    HANDLE Found;

    ok_status(OpenId(&Found, Root, &Even, 8), STATUS_INVALID_PARAMETER, "an id of no file");
    ok_status(OpenId(&Found, Root, &High, 8), STATUS_INVALID_PARAMETER, "one that is too high");
    ok_status(OpenId(&Found, Root, &Negative, 8), STATUS_INVALID_PARAMETER, "the highest");
    ok_status(OpenId(&Found, Root, &Zero, 8), STATUS_INVALID_PARAMETER, "0");
    ok_status(OpenId(&Found, Root, &Backslash, 8), STATUS_OBJECT_PATH_SYNTAX_BAD,
              "one that begins like an absolute name");
    ok_status(OpenId(&Found, Root, &Id, 6), STATUS_INVALID_PARAMETER, "an id that is too short");
    ok_status(OpenId(&Found, Root, &Id, 0), STATUS_INVALID_PARAMETER, "none");
}

static void TestAbsoluteId(LONGLONG Id)
{
    WCHAR Path[11] = u"\\??\\C:\\";
    HANDLE Found;

    memcpy(Path + 7, &Id, sizeof(Id));
    ok_status(OpenId(&Found, NULL, Path, sizeof(Path)), STATUS_SUCCESS,
              "after the name of the volume");
    ok(IdOf(Found) == Id, "the same file");
    NtClose(Found);
}

static void TestIds(void)
{
    HANDLE Root, File, Directory, Found;
    LONGLONG Id;

    Open(&Root, u"\\??\\C:", FILE_READ_ATTRIBUTES | SYNCHRONIZE, ALL, SYNCHRONOUS);
    Open(&File, u"\\SystemRoot\\tests\\testdll.dll", READ | FILE_READ_ATTRIBUTES, ALL, SYNCHRONOUS);
    Open(&Directory, DIRECTORY_THERE, READ | FILE_READ_ATTRIBUTES, ALL, SYNCHRONOUS);
    Id = IdOf(File);
    ok_status(OpenId(&Found, Root, &Id, 8), STATUS_SUCCESS, "a file by its id, on the volume");
    ok(IdOf(Found) == Id && IsNamed(Found, u"\\tests\\testdll.dll"), "it is that, with its name");
    NtClose(Found);
    ok_status(OpenId(&Found, Directory, &Id, 8), STATUS_SUCCESS, "relative to another file");
    NtClose(Found);
    TestAbsoluteId(Id);
    TestLongId(Root, File);
    TestBadIds(Root, Id);
    Id = IdOf(Root);
    ok_status(OpenId(&Found, File, &Id, 8), STATUS_SUCCESS, "the root by its id");
    ok(IdOf(Found) == Id && IsNamed(Found, u"\\"), "is the root");
    NtClose(Found);
    NtClose(Root);
    NtClose(File);
    NtClose(Directory);
}

/* ---- Oplocks, which there are not ---- */

static void TestOplocks(void)
{
    static const ULONG Options[] = {FILE_COMPLETE_IF_OPLOCKED, FILE_OPEN_REQUIRING_OPLOCK,
                                    FILE_RESERVE_OPFILTER};
    HANDLE First, File;

    Open(&First, FILE_THERE, READ, ALL, 0);
    for (ULONG i = 0; i < ARRAYSIZE(Options); i++) {
        Iosb.Information = UNTOUCHED;
        ok_status(Open(&File, FILE_THERE, READ, ALL, Options[i]), STATUS_SUCCESS,
                  "an option for oplocks, of a file that is open");
        ok(Iosb.Information == FILE_OPENED, "has no effect");
        NtClose(File);
    }
    NtClose(First);
}

/* ---- Watching ---- */

static NTSTATUS Watch(HANDLE Directory, HANDLE Event, volatile IO_STATUS_BLOCK *Block)
{
    static ULONG Buffer[64];

    Block->Status = UNTOUCHED;
    return NtNotifyChangeDirectoryFile(Directory, Event, NULL, NULL, (PIO_STATUS_BLOCK)Block,
                                       Buffer, sizeof(Buffer), 1, TRUE);
}

static void TestWatchEnds(void)
{
    volatile IO_STATUS_BLOCK First, Second;
    HANDLE Directory, Copy, Event;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    Open(&Directory, DIRECTORY_THERE, READ, ALL, 0);
    ok_status(Watch(Directory, Event, &First), STATUS_PENDING, "wait for changes");
    ok(WaitFor(Event, 50) == STATUS_TIMEOUT && First.Status == UNTOUCHED, "there are none");
    ok_status(NtCancelIoFile(Directory, &Iosb), STATUS_SUCCESS, "cancel that");
    ok(WaitFor(Event, 5000) == STATUS_SUCCESS && First.Status == STATUS_CANCELLED, "it is over");
    Watch(Directory, Event, &First);
    ok_status(Watch(Directory, NULL, &Second), STATUS_PENDING, "two wait");
    Copy = Restricted(Directory, SYNCHRONIZE);
    NtClose(Directory);
    ok(WaitFor(Event, 50) == STATUS_TIMEOUT, "a duplicate is still there");
    NtClose(Copy);
    ok(WaitFor(Event, 5000) == STATUS_SUCCESS && First.Status == STATUS_NOTIFY_CLEANUP,
       "the last handle's end ends the first");
    ok(IsOver(&Second) && Second.Status == STATUS_NOTIFY_CLEANUP, "and the second");
    NtClose(Event);
}

static HANDLE Watched;
static volatile IO_STATUS_BLOCK WatcherBlock;

static NTSTATUS NTAPI WatchInThread(PVOID Argument)
{
    return Watch(Watched, NULL, &WatcherBlock);
}

static void TestWatchers(void)
{
    HANDLE Thread;

    Open(&Watched, DIRECTORY_THERE, READ, ALL, 0);
    Thread = StartThread(WatchInThread, NULL);
    ok_status(EndOfThread(Thread), STATUS_PENDING, "a thread that waits ends");
    ok(IsOver(&WatcherBlock) && WatcherBlock.Status == STATUS_CANCELLED, "its request with it");
    NtClose(Watched);
    Open(&Watched, DIRECTORY_THERE, READ, ALL, SYNCHRONOUS);
    Thread = StartThread(WatchInThread, NULL);
    ok(ComesToWait(Thread), "on a synchronous file the service waits");
    NtClose(Watched);
    ok_status(EndOfThread(Thread), STATUS_NOTIFY_CLEANUP, "until the handle is closed");
    Open(&Watched, DIRECTORY_THERE, READ, ALL, SYNCHRONOUS);
    Thread = StartThread(WatchInThread, NULL);
    ComesToWait(Thread);
    NtTerminateThread(Thread, STATUS_ABANDONED);
    ok_status(EndOfThread(Thread), STATUS_ABANDONED, "or the thread is ended");
    NtClose(Watched);
}

void TestFileShares(void)
{
    TestPairs(FILE_THERE);
    TestPairs(DIRECTORY_THERE);
    TestRelease();
    TestReopening();
    TestPrograms();
    TestIds();
    TestOplocks();
    TestWatchEnds();
    TestWatchers();
}
