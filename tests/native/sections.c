/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections and views. */
#include "tap.h"
#include "addresses.h"

static NTSTATUS Map(HANDLE Section, PVOID *Base, PSIZE_T Size, ULONG Protect)
{
    return NtMapViewOfSection(Section, NtCurrentProcess(), Base, 0, 0, NULL, Size, ViewUnmap, 0,
                              Protect);
}

static void TestData(void)
{
    LARGE_INTEGER Length = {.QuadPart = 0x5000};
    HANDLE Section;
    volatile ULONG *First = NULL, *Second = NULL;
    SIZE_T Size = 0;

    if (!ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                   SEC_COMMIT, NULL),
                   STATUS_SUCCESS, "a section of memory"))
        return;
    ok_status(Map(Section, (PVOID *)&First, &Size, PAGE_READWRITE), STATUS_SUCCESS, "a view of it");
    ok(Size == 0x5000, "of its whole size");
    Size = 0;
    ok_status(Map(Section, (PVOID *)&Second, &Size, PAGE_READONLY), STATUS_SUCCESS, "and another");
    First[0x1000] = 0xc0ffee;
    ok(First != Second && Second[0x1000] == 0xc0ffee, "both show the same memory");
    ok_status(NtQuerySystemTime((PLARGE_INTEGER)Second), STATUS_ACCESS_VIOLATION,
              "the second is read-only");
    ok_status(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)First), STATUS_SUCCESS,
              "unmap the first");
    ok(Second[0x1000] == 0xc0ffee, "the second stays");
    NtClose(Section);
    ok(Second[0x1000] == 0xc0ffee, "also when the handle is gone");
    ok_status(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)Second), STATUS_SUCCESS, "unmap it");
    ok_status(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)Second), STATUS_NOT_MAPPED_VIEW,
              "not twice");
}

static void TestImage(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\ntcmd.exe");
    UNICODE_STRING Text = RTL_CONSTANT_STRING(u"\\SystemRoot\\readme.txt");
    SECTION_IMAGE_INFORMATION Image;
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    HANDLE File, Section;

    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!ok_status(NtOpenFile(&File, FILE_READ_DATA | FILE_EXECUTE | SYNCHRONIZE, &Attributes,
                              &Iosb, FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT),
                   STATUS_SUCCESS, "open a program"))
        return;
    ok_status(
        NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, File),
        STATUS_SUCCESS, "an image section");
    ok_status(NtQuerySection(Section, SectionImageInformation, &Image, sizeof(Image), NULL),
              STATUS_SUCCESS, "query the image");
    ok(Image.TransferAddress != NULL && Image.SubSystemType == 1,
       "a native program with an entry point");
    NtClose(Section);
    NtClose(File);
    InitializeObjectAttributes(&Attributes, &Text, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (ok_status(NtOpenFile(&File, FILE_READ_DATA | FILE_EXECUTE | SYNCHRONIZE, &Attributes, &Iosb,
                             FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT),
                  STATUS_SUCCESS, "open a text")) {
        ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE,
                                  File),
                  STATUS_INVALID_IMAGE_NOT_MZ, "a text is no image");
        NtClose(File);
    }
}

static SIZE_T CommittedPages(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Information = {0};

    NtQuerySystemInformation(SystemPerformanceInformation, &Information, sizeof(Information), NULL);
    return Information.CommittedPages;
}

static NTSTATUS MapAt(HANDLE Section, PVOID Base, ULONG_PTR ZeroBits, ULONG Type)
{
    SIZE_T Size = 0x1000;

    return NtMapViewOfSection(Section, NtCurrentProcess(), &Base, ZeroBits, 0, NULL, &Size,
                              ViewUnmap, Type, PAGE_READWRITE);
}

static void TestViewArguments(HANDLE Section)
{
    ok_status(MapAt(Section, (PVOID)FREE_RANGE, 12, 0), STATUS_INVALID_PARAMETER_4,
              "an address that zero bits forbid");
    ok_status(MapAt(Section, NULL, 22, 0), STATUS_INVALID_PARAMETER_4, "22 zero bits");
    ok_status(MapAt(NULL, NULL, 22, 0x80000000), STATUS_INVALID_PARAMETER_4,
              "zero bits are looked at first");
    ok_status(MapAt(NULL, NULL, 0, 0x80000000), STATUS_INVALID_PARAMETER_9,
              "and the type before the handle");
    ok_status(MapAt(Section, NULL, 0, MEM_RESERVE), STATUS_INVALID_PARAMETER_9,
              "only views of files can grow");
}

static void TestReserved(void)
{
    LARGE_INTEGER Length = {.QuadPart = 0x10000};
    volatile UCHAR *View = NULL;
    MEMORY_BASIC_INFORMATION Basic;
    SIZE_T Size = 0, Before = CommittedPages();
    HANDLE Section;

    if (!ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                   SEC_RESERVE, NULL),
                   STATUS_SUCCESS, "a reserved section"))
        return;
    TestViewArguments(Section);
    ok_status(NtMapViewOfSection(Section, NtCurrentProcess(), (PVOID *)&View, 0, 0x11000, NULL,
                                 &Size, ViewUnmap, 0, PAGE_READWRITE),
              STATUS_INVALID_PARAMETER_5, "more to commit than the view has");
    Size = 0;
    ok_status(NtMapViewOfSection(Section, NtCurrentProcess(), (PVOID *)&View, 0, 1000, NULL, &Size,
                                 ViewUnmap, 0, PAGE_READWRITE),
              STATUS_SUCCESS, "a view with 1,000 bytes committed");
    NtQueryVirtualMemory(NtCurrentProcess(), (PVOID)View, MemoryBasicInformation, &Basic,
                         sizeof(Basic), NULL);
    ok(Basic.State == MEM_COMMIT && Basic.RegionSize == 0x1000, "that is a page");
    if (Basic.State == MEM_COMMIT)
        View[0xfff] = 1;
    ok_status(NtQuerySystemTime((PLARGE_INTEGER)(View + 0x1000)), STATUS_ACCESS_VIOLATION,
              "the next one is not there");
    NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)View);
    NtClose(Section);
    ok(CommittedPages() == Before, "all commitment is returned");
}

static void TestCommitView(void)
{
    LARGE_INTEGER Length = {.QuadPart = 0x4000};
    PUCHAR View = NULL;
    SIZE_T Size = 0;
    HANDLE Section;

    if (!ok(NT_SUCCESS(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                       SEC_COMMIT, NULL)) &&
                NT_SUCCESS(Map(Section, (PVOID *)&View, &Size, PAGE_READONLY)),
            "a section and its view"))
        return;
    ok_status(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&View, 0, &Size, MEM_COMMIT,
                                      PAGE_READONLY),
              STATUS_SUCCESS, "what is committed can be committed again");
    ok_status(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&View, 0, &Size, MEM_COMMIT,
                                      PAGE_READWRITE),
              STATUS_SECTION_PROTECTION, "but not so that it can be written");
    NtUnmapViewOfSection(NtCurrentProcess(), View);
    NtClose(Section);
}

/* Pages that copy on write are charged when they are mapped, or become such, not when written. */
static void TestCopyOnWrite(void)
{
    LARGE_INTEGER Length = {.QuadPart = 0x4000};
    volatile UCHAR *View = NULL;
    SIZE_T Size = 0, Before, Mapped, Page = 0x1000;
    PVOID Base;
    HANDLE Section;
    ULONG Old;

    if (!ok(NT_SUCCESS(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                       SEC_COMMIT, NULL)) &&
                NT_SUCCESS(Map(Section, (PVOID *)&View, &Size, PAGE_READWRITE)),
            "a section and its view"))
        return;
    NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)View);
    Before = CommittedPages();
    View = NULL;
    if (!ok(NT_SUCCESS(Map(Section, (PVOID *)&View, &Size, PAGE_WRITECOPY)), "a copying view"))
        return;
    Mapped = CommittedPages();
    ok(Mapped >= Before + 4, "four pages are charged with the view");
    View[0] = 1;
    ok(CommittedPages() == Mapped, "writing charges nothing");
    Base = (PVOID)View;
    NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Page, PAGE_READONLY, &Old);
    ok(CommittedPages() == Mapped, "a page that has been copied stays charged");
    Base = (PVOID)(View + 0x1000);
    NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Page, PAGE_READONLY, &Old);
    ok(CommittedPages() == Mapped - 1, "one that can no longer be is not");
    NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Page, PAGE_WRITECOPY, &Old);
    ok(CommittedPages() == Mapped, "until it can be again");
    NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)View);
    ok(CommittedPages() <= Before, "all is returned with the view");
    NtClose(Section);
}

static volatile ULONG Ticks, Stop;

static NTSTATUS NTAPI TickingThread(PVOID Argument)
{
    LARGE_INTEGER Tick = {.QuadPart = -1};

    for (; !Stop; Ticks++)
        NtDelayExecution(FALSE, &Tick);
    return STATUS_SUCCESS;
}

/* A copy of so many gives way five times; a busy host may take some of them. */
#define VIEWS 84
#define VIEW_SIZE 0x100000

/* Its start must not count: it takes longer than one turn on a busy host. */
static void WaitForFirstTick(void)
{
    LARGE_INTEGER Tick = {.QuadPart = -100000};

    for (ULONG i = 0; i < 1000 && !Ticks; i++)
        NtDelayExecution(FALSE, &Tick);
}

/* One megabyte seen many times over: a process can have ranges far larger than memory copied. */
static void TestLargeCopy(void)
{
    PCHAR Range = (PCHAR)FREE_RANGE;
    LARGE_INTEGER Length = {.QuadPart = VIEW_SIZE};
    SIZE_T Size = 0, Done = 0;
    HANDLE Section, Thread;
    ULONG Views, Before;

    if (!ok(NT_SUCCESS(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                       SEC_COMMIT, NULL)),
            "a section for many views"))
        return;
    for (Views = 0; Views < VIEWS; Views++) {
        PVOID Base = Range + Views * VIEW_SIZE;

        if (!NT_SUCCESS(Map(Section, &Base, &Size, PAGE_READWRITE)))
            break;
    }
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), TickingThread, NULL, 0,
                     0, 0, 0, NULL);
    WaitForFirstTick();
    Before = Ticks;
    ok_status(NtReadVirtualMemory(NtCurrentProcess(), Range, Range, VIEWS * VIEW_SIZE, &Done),
              STATUS_SUCCESS, "a large copy");
    ok(Done == VIEWS * VIEW_SIZE, "all of it");
    ok(Ticks - Before >= 2, "others had their turn meanwhile");
    Stop = TRUE;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
    while (Views--)
        NtUnmapViewOfSection(NtCurrentProcess(), Range + Views * VIEW_SIZE);
    NtClose(Section);
}

/* Protecting the pages of a view of a section made with Attributes and mapped with Type. */
static NTSTATUS ProtectView(ULONG Attributes, ULONG Type, NTSTATUS *MapStatus)
{
    LARGE_INTEGER Length = {.QuadPart = 0x10000};
    PVOID Base = NULL, Page;
    SIZE_T Size = 0, PageSize = 1;
    HANDLE Section = NULL;
    NTSTATUS Status;
    ULONG Old;

    *MapStatus = NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                 SEC_COMMIT | Attributes, NULL);
    if (NT_SUCCESS(*MapStatus))
        *MapStatus = NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size,
                                        ViewUnmap, Type, PAGE_READWRITE);
    Page = Base;
    Status = NtProtectVirtualMemory(NtCurrentProcess(), &Page, &PageSize, PAGE_READONLY, &Old);
    if (NT_SUCCESS(*MapStatus))
        *MapStatus = NtUnmapViewOfSection(NtCurrentProcess(), Base);
    NtClose(Section);
    return Status;
}

static void TestFlags(void)
{
    NTSTATUS Mapped;

    ok_status(ProtectView(SEC_NO_CHANGE, 0, &Mapped), STATUS_INVALID_PAGE_PROTECTION,
              "a section whose views stay as they are");
    ok_status(Mapped, STATUS_SUCCESS, "they are mapped and unmapped");
    ok_status(ProtectView(0, SEC_NO_CHANGE, &Mapped), STATUS_INVALID_PAGE_PROTECTION,
              "such a view of another section");
    ok_status(Mapped, STATUS_SUCCESS, "is mapped and unmapped");
    ok_status(ProtectView(SEC_NOCACHE, 0, &Mapped), STATUS_SUCCESS, "without a cache");
    ok_status(Mapped, STATUS_SUCCESS, "a section is made");
    ok_status(ProtectView(SEC_WRITECOMBINE, 0, &Mapped), STATUS_SUCCESS, "with combined writes");
    ok_status(Mapped, STATUS_SUCCESS, "too");
    ok_status(ProtectView(0, MEM_DOS_LIM, &Mapped), STATUS_SUCCESS, "at a multiple of 4 KB");
    ok_status(Mapped, STATUS_SUCCESS, "a view may be asked for");
}

static void TestUnalignedView(void)
{
    LARGE_INTEGER Length = {.QuadPart = 0x1000};
    PVOID Base = (PVOID)0x30001000;
    SIZE_T Size = 0;
    HANDLE Section = NULL;

    NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE, SEC_COMMIT, NULL);
    ok_status(NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size, ViewUnmap,
                                 MEM_DOS_LIM, PAGE_READWRITE),
              STATUS_MAPPED_ALIGNMENT, "but it is not got");
    NtClose(Section);
}

void TestSections(void)
{
    HANDLE Section;
    LARGE_INTEGER Zero = {.QuadPart = 0};

    TestData();
    TestImage();
    TestReserved();
    TestCommitView();
    TestCopyOnWrite();
    TestLargeCopy();
    TestFlags();
    TestUnalignedView();
    ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Zero, PAGE_READWRITE, SEC_COMMIT,
                              NULL),
              STATUS_INVALID_PARAMETER_4, "a section of size 0");
    ok_status(
        NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_READWRITE, SEC_IMAGE, NULL),
        STATUS_INVALID_FILE_FOR_SECTION, "an image section without a file");
}
