/* SPDX-License-Identifier: BSD-2-Clause */
/* Control codes by the four methods, good and bad: ioctltest [direct] [neither] says what is tried
 * besides METHOD_BUFFERED. */
#include "check.h"
#include "ioctl.h"

#define LARGE (1 << 20)

static HANDLE File;

static NTSTATUS Ask(ULONG Code, PVOID In, ULONG InLength, PVOID Out, ULONG OutLength,
                    PULONG Information)
{
    return Control(File, Code, In, InLength, Out, OutLength, Information);
}

static ULONG LastSum(void)
{
    ULONG Sum = 0, Information;

    Ask(IOCTL_FGN_SUM, NULL, 0, &Sum, sizeof(Sum), &Information);
    return Sum;
}

static PUCHAR Allocate(SIZE_T Size)
{
    PVOID Memory = NULL;

    NtAllocateVirtualMemory(SELF, &Memory, 0, &Size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    return Memory;
}

static void Buffered(void)
{
    UCHAR Out[8] = "xxxxxxx";
    ULONG Information;

    is_status(Ask(IOCTL_FGN_BUFFERED, "abcdef", 6, Out, 6, &Information), STATUS_SUCCESS,
              "a buffered request");
    ok(Information == 6 && !memcmp(Out, "fedcbax", 7), "gives what was given, backwards");
    is_status(Ask(IOCTL_FGN_BUFFERED, "abcdef", 6, Out, 2, &Information), STATUS_SUCCESS,
              "less room for the answer");
    ok(Information == 2 && !memcmp(Out, "badcba", 6), "and no more is written");
    is_status(Ask(IOCTL_FGN_BUFFERED, "abc", 3, NULL, 0, &Information), STATUS_SUCCESS,
              "none at all");
    ok(Information == 0, "gives nothing");
    is_status(Ask(IOCTL_FGN_BUFFERED, NULL, 0, NULL, 0, &Information), STATUS_INVALID_PARAMETER,
              "neither buffer");
    is_status(Ask(IOCTL_FGN_BUFFERED + 4, "a", 1, Out, 1, &Information),
              STATUS_INVALID_DEVICE_REQUEST, "an unknown code");
    ok(Information == 0, "without an answer");
    is_status(Ask(IOCTL_FGN_READ_ONLY, "ab", 2, Out, 2, &Information), STATUS_SUCCESS,
              "one that needs access to read");
    ok(Out[0] == 'b' && Out[1] == 'a', "is answered");
}

static void BadPointers(void)
{
    UCHAR Out[4];
    ULONG Information;

    is_status(Ask(IOCTL_FGN_BUFFERED, (PVOID)16, 4, Out, 4, &Information), STATUS_ACCESS_VIOLATION,
              "input that is not there");
    is_status(Ask(IOCTL_FGN_BUFFERED, "abcd", 4, (PVOID)16, 4, &Information),
              STATUS_ACCESS_VIOLATION, "room for the answer that is not there");
    is_status(Ask(IOCTL_FGN_BUFFERED, (PVOID)(ULONG_PTR)-64, 4, Out, 4, &Information),
              STATUS_ACCESS_VIOLATION, "input above what a program has");
    is_status(Ask(IOCTL_FGN_BUFFERED, "ab", 2, Out, 2, &Information), STATUS_SUCCESS,
              "and the driver lives");
}

static void NoAccess(void)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Block;
    UCHAR Out[2];
    HANDLE Writer;
    ULONG Information;

    RtlInitUnicodeString(&Name, L"\\??\\FgnIoctl");
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    is_status(NtOpenFile(&Writer, FILE_WRITE_DATA | SYNCHRONIZE, &Attributes, &Block,
                         FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_SYNCHRONOUS_IO_NONALERT),
              STATUS_SUCCESS, "a file to write to only");
    is_status(Control(Writer, IOCTL_FGN_READ_ONLY, "ab", 2, Out, 2, &Information),
              STATUS_ACCESS_DENIED, "a code that needs access to read");
    is_status(Control(Writer, IOCTL_FGN_BUFFERED, "ab", 2, Out, 2, &Information), STATUS_SUCCESS,
              "one that needs none");
    is_status(NtClose(Writer), STATUS_SUCCESS, "it closes");
}

/* In pieces of the size: buffered, then direct if Direct. */
static void Sizes(ULONG Size, BOOLEAN Direct)
{
    PUCHAR In = Allocate(Size), Out = Allocate(Size);
    ULONG Information, i, Sum = 0, Wrong = 0;

    for (i = 0; i < Size; i++) {
        In[i] = (UCHAR)(i * 7 + i / 251);
        Sum += In[i];
    }
    is_status(Ask(IOCTL_FGN_BUFFERED, In, Size, Out, Size, &Information), STATUS_SUCCESS,
              "a large buffered request");
    for (i = 0; i < Size; i++)
        Wrong += Out[i] != In[Size - 1 - i];
    ok(Information == Size && !Wrong, "all of it");
    if (!Direct)
        return;
    is_status(Ask(IOCTL_FGN_IN_DIRECT, "", 1, In, Size, &Information), STATUS_SUCCESS,
              "direct input");
    ok(Information == Size && LastSum() == Sum, "the driver has seen each byte");
    is_status(Ask(IOCTL_FGN_OUT_DIRECT, "abc", 3, Out, Size, &Information), STATUS_SUCCESS,
              "direct output");
    for (i = Wrong = 0; i < Size; i++)
        Wrong += Out[i] != "abc"[i % 3];
    ok(Information == Size && !Wrong, "the driver has written each byte");
}

static void Direct(void)
{
    UCHAR Out[16] = "---------------";
    ULONG Information;

    is_status(Ask(IOCTL_FGN_OUT_DIRECT, "xy", 2, Out + 3, 5, &Information), STATUS_SUCCESS,
              "output at any address");
    ok(Information == 5 && !memcmp(Out, "---xyxyx-------", 15), "and not beside it");
    is_status(Ask(IOCTL_FGN_IN_DIRECT, "", 1, Out + 3, 5, &Information), STATUS_SUCCESS,
              "input at any address");
    ok(Information == 5 && LastSum() == 3 * 'x' + 2 * 'y', "only that");
    is_status(Ask(IOCTL_FGN_OUT_DIRECT, "xy", 2, NULL, 0, &Information), STATUS_INVALID_PARAMETER,
              "no output: no MDL");
    is_status(Ask(IOCTL_FGN_OUT_DIRECT, "xy", 2, (PVOID)16, 16, &Information),
              STATUS_ACCESS_VIOLATION, "output that is not there");
    is_status(Ask(IOCTL_FGN_IN_DIRECT, "", 1, (PVOID)16, 16, &Information), STATUS_ACCESS_VIOLATION,
              "input that is not there");
    is_status(Ask(IOCTL_FGN_OUT_DIRECT, "xy", 2, (PVOID) "constant", 4, &Information),
              STATUS_ACCESS_VIOLATION, "output to what cannot be written");
}

static void Neither(void)
{
    UCHAR Out[16] = "---------------";
    PUCHAR Page = Allocate(8192);
    PVOID Address = Page + 4096;
    SIZE_T Size = 4096;
    ULONG Information;

    is_status(Ask(IOCTL_FGN_NEITHER, "abcdef", 6, Out + 1, 6, &Information), STATUS_SUCCESS,
              "the program's own addresses");
    ok(Information == 6 && !memcmp(Out, "-fedcba--------", 15), "both ways");
    is_status(Ask(IOCTL_FGN_NEITHER, (PVOID)16, 6, Out, 6, &Information), STATUS_ACCESS_VIOLATION,
              "input that is not there is caught by the driver");
    ok(Information == 0, "which says so");
    is_status(Ask(IOCTL_FGN_NEITHER, "abc", 3, (PVOID)16, 3, &Information), STATUS_ACCESS_VIOLATION,
              "output that is not there is not locked");
    is_status(Ask(IOCTL_FGN_NEITHER, (PVOID)(ULONG_PTR)-64, 6, Out, 6, &Information),
              STATUS_ACCESS_VIOLATION, "an address above what a program has is not probed");
    is_status(NtFreeVirtualMemory(SELF, &Address, &Size, MEM_DECOMMIT), STATUS_SUCCESS,
              "a page less");
    is_status(Ask(IOCTL_FGN_NEITHER, Page + 4090, 12, Out, 12, &Information),
              STATUS_ACCESS_VIOLATION, "input that ends in it");
    is_status(Ask(IOCTL_FGN_NEITHER, "abcdef", 6, Page + 4090, 12, &Information),
              STATUS_ACCESS_VIOLATION, "output that ends in it");
    memcpy(Page + 4090, "abcdef", 6);
    is_status(Ask(IOCTL_FGN_NEITHER, Page + 4090, 6, Out, 6, &Information), STATUS_SUCCESS,
              "input that ends before it");
    ok(!memcmp(Out, "fedcba", 6), "is read");
}

static void Endings(void)
{
    HANDLE Second;
    UCHAR Out[2];
    ULONG Information;

    is_status(OpenSynchronous(L"\\??\\FgnIoctl", &Second), STATUS_SUCCESS, "a second handle");
    is_status(Unload(L"fgnioctl"), STATUS_DEVICE_BUSY, "with open files a driver is not unloaded");
    is_status(NtClose(Second), STATUS_SUCCESS, "one closes");
    ok(KillProcess(L"fgnioctl.sys") == 1, "its process is killed");
    is_status(Ask(IOCTL_FGN_BUFFERED, "ab", 2, Out, 2, &Information), STATUS_DEVICE_DOES_NOT_EXIST,
              "requests fail");
    is_status(NtClose(File), STATUS_SUCCESS, "the file closes");
    is_status(OpenAgain(L"\\??\\FgnIoctl", &File), STATUS_SUCCESS, "it is started again");
    is_status(Ask(IOCTL_FGN_BUFFERED, "ab", 2, Out, 2, &Information), STATUS_SUCCESS,
              "and answers");
    is_status(NtClose(File), STATUS_SUCCESS, "no file is open any more");
    is_status(Unload(L"fgnioctl"), STATUS_SUCCESS, "it is unloaded");
    is_status(OpenSynchronous(L"\\??\\FgnIoctl", &File), STATUS_OBJECT_NAME_NOT_FOUND,
              "with its name");
    is_status(Unload(L"fgnioctl"), STATUS_OBJECT_NAME_NOT_FOUND, "once");
}

void start(PPEB Peb)
{
    is_status(Load(L"fgnioctl"), STATUS_SUCCESS, "the driver is loaded");
    is_status(Load(L"fgnioctl"), STATUS_IMAGE_ALREADY_LOADED, "once");
    if (is_status(OpenSynchronous(L"\\??\\FgnIoctl", &File), STATUS_SUCCESS,
                  "its device opens by the DOS name")) {
        Buffered();
        BadPointers();
        NoAccess();
        Sizes(4096, FALSE);
        if (HasWord(Peb, L"direct")) {
            Direct();
            Sizes(12345, TRUE);
            Sizes(LARGE, TRUE);
        }
        if (HasWord(Peb, L"neither"))
            Neither();
        Endings();
    }
    Sum(L"ioctltest");
}
