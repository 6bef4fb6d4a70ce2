/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections and views. */
#include "tap.h"
#include "addresses.h"

static NTSTATUS Map(HANDLE Section, PVOID *Base, PSIZE_T Size, ULONG Protect)
{
    return NtMapViewOfSection(Section, NtCurrentProcess(), Base, 0, 0, NULL, Size, ViewUnmap, 0, Protect);
}

static void TestData(void)
{
    LARGE_INTEGER Length = { .QuadPart = 0x5000 };
    HANDLE Section;
    volatile ULONG *First = NULL, *Second = NULL;
    SIZE_T Size = 0;

    if (!ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE, SEC_COMMIT, NULL),
                   STATUS_SUCCESS, "a section of memory"))
        return;
    ok_status(Map(Section, (PVOID *)&First, &Size, PAGE_READWRITE), STATUS_SUCCESS, "a view of it");
    ok(Size == 0x5000, "of its whole size");
    Size = 0;
    ok_status(Map(Section, (PVOID *)&Second, &Size, PAGE_READONLY), STATUS_SUCCESS, "and another");
    First[0x1000] = 0xc0ffee;
    ok(First != Second && Second[0x1000] == 0xc0ffee, "both show the same memory");
    ok_status(NtQuerySystemTime((PLARGE_INTEGER)Second), STATUS_ACCESS_VIOLATION, "the second is read-only");
    ok_status(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)First), STATUS_SUCCESS, "unmap the first");
    ok(Second[0x1000] == 0xc0ffee, "the second stays");
    NtClose(Section);
    ok(Second[0x1000] == 0xc0ffee, "also when the handle is gone");
    ok_status(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)Second), STATUS_SUCCESS, "unmap it");
    ok_status(NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)Second), STATUS_NOT_MAPPED_VIEW, "not twice");
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
    if (!ok_status(NtOpenFile(&File, FILE_READ_DATA | FILE_EXECUTE | SYNCHRONIZE, &Attributes, &Iosb, FILE_SHARE_READ,
                              FILE_SYNCHRONOUS_IO_NONALERT),
                   STATUS_SUCCESS, "open a program"))
        return;
    ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, File),
              STATUS_SUCCESS, "an image section");
    ok_status(NtQuerySection(Section, SectionImageInformation, &Image, sizeof(Image), NULL), STATUS_SUCCESS,
              "query the image");
    ok(Image.TransferAddress != NULL && Image.SubSystemType == 1, "a native program with an entry point");
    NtClose(Section);
    NtClose(File);
    InitializeObjectAttributes(&Attributes, &Text, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (ok_status(NtOpenFile(&File, FILE_READ_DATA | FILE_EXECUTE | SYNCHRONIZE, &Attributes, &Iosb, FILE_SHARE_READ,
                             FILE_SYNCHRONOUS_IO_NONALERT),
                  STATUS_SUCCESS, "open a text")) {
        ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, File),
                  STATUS_INVALID_IMAGE_NOT_MZ, "a text is no image");
        NtClose(File);
    }
}

static volatile ULONG Ticks, Stop;

static NTSTATUS NTAPI TickingThread(PVOID Argument)
{
    LARGE_INTEGER Tick = { .QuadPart = -1 };

    for (; !Stop; Ticks++)
        NtDelayExecution(FALSE, &Tick);
    return STATUS_SUCCESS;
}

#define VIEWS 84 /* five times does a copy of so many give way; a busy host may take some of them */
#define VIEW_SIZE 0x100000

/* Its start must not count: it takes longer than one turn on a busy host. */
static void WaitForFirstTick(void)
{
    LARGE_INTEGER Tick = { .QuadPart = -100000 };

    for (ULONG i = 0; i < 1000 && !Ticks; i++)
        NtDelayExecution(FALSE, &Tick);
}

/* One megabyte seen many times over: a process can have ranges far larger than memory copied. */
static void TestLargeCopy(void)
{
    PCHAR Range = (PCHAR)FREE_RANGE;
    LARGE_INTEGER Length = { .QuadPart = VIEW_SIZE };
    SIZE_T Size = 0, Done = 0;
    HANDLE Section, Thread;
    ULONG Views, Before;

    if (!NT_SUCCESS(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE, SEC_COMMIT, NULL)))
        return;
    for (Views = 0; Views < VIEWS; Views++) {
        PVOID Base = Range + Views * VIEW_SIZE;

        if (!NT_SUCCESS(Map(Section, &Base, &Size, PAGE_READWRITE)))
            break;
    }
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), TickingThread, NULL, 0, 0, 0, 0,
                     NULL);
    WaitForFirstTick();
    Before = Ticks;
    ok_status(NtReadVirtualMemory(NtCurrentProcess(), Range, Range, VIEWS * VIEW_SIZE, &Done), STATUS_SUCCESS,
              "a large copy");
    ok(Done == VIEWS * VIEW_SIZE, "all of it");
    ok(Ticks - Before >= 2, "others had their turn meanwhile");
    Stop = TRUE;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
    while (Views--)
        NtUnmapViewOfSection(NtCurrentProcess(), Range + Views * VIEW_SIZE);
    NtClose(Section);
}

void TestSections(void)
{
    HANDLE Section;
    LARGE_INTEGER Zero = { .QuadPart = 0 };

    TestData();
    TestImage();
    TestLargeCopy();
    ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Zero, PAGE_READWRITE, SEC_COMMIT, NULL),
              STATUS_INVALID_PARAMETER_4, "a section of size 0");
    ok_status(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_READWRITE, SEC_IMAGE, NULL),
              STATUS_INVALID_FILE_FOR_SECTION, "an image section without a file");
}
