/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the programs beside it, which ask drivers for something and look what comes of it: native
 * programs by the stock mingw-w64 headers, with ntdll.dll alone. Failures go to the screen as they
 * come, the sum last: "NAME: 12 passed, 0 failed".
 */
#pragma once
#include <windows.h>
#include <winternl.h>
#include <winioctl.h>
#include <ntstatus.h>

NTSYSAPI NTSTATUS NTAPI NtDisplayString(PUNICODE_STRING);
NTSYSAPI NTSTATUS NTAPI NtTerminateProcess(HANDLE, NTSTATUS);
NTSYSAPI NTSTATUS NTAPI NtOpenProcess(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, CLIENT_ID *);
NTSYSAPI NTSTATUS NTAPI NtReadFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK, PVOID,
                                   ULONG, PLARGE_INTEGER, PULONG);
NTSYSAPI NTSTATUS NTAPI NtWriteFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK, PVOID,
                                    ULONG, PLARGE_INTEGER, PULONG);
NTSYSAPI NTSTATUS NTAPI NtCancelIoFile(HANDLE, PIO_STATUS_BLOCK);
NTSYSAPI NTSTATUS NTAPI NtCreateEvent(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, ULONG, BOOLEAN);
NTSYSAPI NTSTATUS NTAPI NtResetEvent(HANDLE, PLONG);
NTSYSAPI NTSTATUS NTAPI NtCreateSemaphore(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, LONG, LONG);
NTSYSAPI NTSTATUS NTAPI NtDelayExecution(BOOLEAN, PLARGE_INTEGER);
NTSYSAPI NTSTATUS NTAPI NtLoadDriver(PUNICODE_STRING);
NTSYSAPI NTSTATUS NTAPI NtUnloadDriver(PUNICODE_STRING);
NTSYSAPI NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE, PVOID *, ULONG_PTR, PSIZE_T, ULONG, ULONG);
NTSYSAPI NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE, PVOID *, PSIZE_T, ULONG);
NTSYSAPI NTSTATUS NTAPI RtlAdjustPrivilege(ULONG, BOOLEAN, BOOLEAN, PBOOLEAN);
NTSYSAPI NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG, ULONG, PUNICODE_STRING);
NTSYSAPI NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING, PCWSTR);

#define SE_LOAD_DRIVER_PRIVILEGE 10
#define SELF ((HANDLE)-1)
#define SERVICES L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"
#define MILLISECOND (-10000ll)
#ifndef MAXULONG
#define MAXULONG 0xffffffffu
#endif

static ULONG Passed, Failed;

/* mingw-w64's import library of ntdll has none of these, and the compiler calls them by itself. */
#define ITSELF __attribute__((used, optimize("no-tree-loop-distribute-patterns")))

ITSELF void *memcpy(void *To, const void *From, size_t Size)
{
    while (Size--)
        ((PUCHAR)To)[Size] = ((const UCHAR *)From)[Size];
    return To;
}

ITSELF void *memset(void *To, int Byte, size_t Size)
{
    while (Size--)
        ((PUCHAR)To)[Size] = (UCHAR)Byte;
    return To;
}

ITSELF int memcmp(const void *One, const void *Other, size_t Size)
{
    for (size_t i = 0; i < Size; i++)
        if (((const UCHAR *)One)[i] != ((const UCHAR *)Other)[i])
            return ((const UCHAR *)One)[i] - ((const UCHAR *)Other)[i];
    return 0;
}

static inline void Show(PCWSTR Text)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Text);
    NtDisplayString(&String);
}

static inline void ShowNumber(ULONG Number, ULONG Base)
{
    WCHAR Digits[12];
    UNICODE_STRING String = {.Buffer = Digits, .MaximumLength = sizeof(Digits)};

    RtlIntegerToUnicodeString(Number, Base, &String);
    NtDisplayString(&String);
}

static inline BOOLEAN Check(BOOLEAN Good, ULONG Line, PCWSTR What)
{
    if (Good) {
        Passed++;
        return TRUE;
    }
    Failed++;
    Show(L"not ok, line ");
    ShowNumber(Line, 10);
    Show(L": ");
    Show(What);
    Show(L"\n");
    return FALSE;
}

static inline BOOLEAN CheckStatus(NTSTATUS Status, NTSTATUS Expected, ULONG Line, PCWSTR What)
{
    if (Check(Status == Expected, Line, What))
        return TRUE;
    Show(L"  status ");
    ShowNumber(Status, 16);
    Show(L"\n");
    return FALSE;
}

#define ok(Condition, What) Check((Condition) != 0, __LINE__, L##What)
#define is_status(Status, Expected, What) CheckStatus((Status), (Expected), __LINE__, L##What)

static inline void Sum(PCWSTR Name)
{
    Show(Name);
    Show(L": ");
    ShowNumber(Passed, 10);
    Show(L" passed, ");
    ShowNumber(Failed, 10);
    Show(L" failed\n");
    NtTerminateProcess(SELF, Failed ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS);
}

static inline void Pause(ULONG Milliseconds)
{
    LARGE_INTEGER Time = {.QuadPart = Milliseconds * MILLISECOND};

    NtDelayExecution(FALSE, &Time);
}

static inline NTSTATUS WithService(PCWSTR Name, NTSTATUS(NTAPI *Routine)(PUNICODE_STRING))
{
    WCHAR Buffer[128];
    UNICODE_STRING Path = {.Buffer = Buffer, .MaximumLength = sizeof(Buffer)};
    BOOLEAN WasEnabled;

    RtlAdjustPrivilege(SE_LOAD_DRIVER_PRIVILEGE, TRUE, FALSE, &WasEnabled);
    RtlAppendUnicodeToString(&Path, SERVICES);
    RtlAppendUnicodeToString(&Path, Name);
    return Routine(&Path);
}

static inline NTSTATUS Load(PCWSTR Name)
{
    return WithService(Name, NtLoadDriver);
}

static inline NTSTATUS Unload(PCWSTR Name)
{
    return WithService(Name, NtUnloadDriver);
}

/* For requests that wait; or not, with FILE_SYNCHRONOUS_IO_NONALERT. */
static inline NTSTATUS Open(PCWSTR Device, ULONG Options, PHANDLE File)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Block;

    RtlInitUnicodeString(&Name, Device);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE, &Attributes, &Block,
                      FILE_SHARE_READ | FILE_SHARE_WRITE, Options);
}

static inline NTSTATUS OpenSynchronous(PCWSTR Device, PHANDLE File)
{
    return Open(Device, FILE_SYNCHRONOUS_IO_NONALERT, File);
}

static inline HANDLE NewEvent(void)
{
    HANDLE Event = NULL;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, 1 /* SynchronizationEvent */, FALSE);
    return Event;
}

/* STATUS_SUCCESS or STATUS_TIMEOUT. */
static inline NTSTATUS WaitFor(HANDLE Object, ULONG Milliseconds)
{
    LARGE_INTEGER Time = {.QuadPart = Milliseconds * MILLISECOND};

    return NtWaitForSingleObject(Object, FALSE, &Time);
}

/* A control code on a file for synchronous requests; *Information becomes how many bytes came back.
 */
static inline NTSTATUS Control(HANDLE File, ULONG Code, PVOID In, ULONG InLength, PVOID Out,
                               ULONG OutLength, PULONG Information)
{
    IO_STATUS_BLOCK Block = {.Information = 0};
    NTSTATUS Status =
        NtDeviceIoControlFile(File, NULL, NULL, NULL, &Block, Code, In, InLength, Out, OutLength);

    *Information = (ULONG)Block.Information;
    return Status;
}

/* A request that may wait. */
typedef struct _PENDING {
    HANDLE Event;
    IO_STATUS_BLOCK Block;
} PENDING;

static inline NTSTATUS StartControl(HANDLE File, ULONG Code, PVOID In, ULONG InLength, PVOID Out,
                                    ULONG OutLength, PENDING *Pending)
{
    Pending->Event = NewEvent();
    Pending->Block.Status = STATUS_PENDING;
    Pending->Block.Information = 0;
    return NtDeviceIoControlFile(File, Pending->Event, NULL, NULL, &Pending->Block, Code, In,
                                 InLength, Out, OutLength);
}

static inline NTSTATUS StartRead(HANDLE File, PVOID Buffer, ULONG Length, PENDING *Pending)
{
    LARGE_INTEGER Start = {.QuadPart = 0};

    Pending->Event = NewEvent();
    Pending->Block.Status = STATUS_PENDING;
    Pending->Block.Information = 0;
    return NtReadFile(File, Pending->Event, NULL, NULL, &Pending->Block, Buffer, Length, &Start,
                      NULL);
}

/* What has become of it after at most so long: STATUS_TIMEOUT when it is waiting still. */
static inline NTSTATUS Finish(PENDING *Pending, ULONG Milliseconds)
{
    NTSTATUS Status = WaitFor(Pending->Event, Milliseconds);

    if (Status != STATUS_SUCCESS)
        return Status;
    NtClose(Pending->Event);
    return Pending->Block.Status;
}

/* Ends the process with that image; the number of those that were found. */
static inline ULONG KillProcess(PCWSTR Image)
{
    static UCHAR Buffer[0x10000];
    PSYSTEM_PROCESS_INFORMATION Entry = (PVOID)Buffer;
    ULONG Needed, Found = 0;
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Image);
    if (!NT_SUCCESS(
            NtQuerySystemInformation(SystemProcessInformation, Buffer, sizeof(Buffer), &Needed)))
        return 0;
    for (;; Entry = (PVOID)((PUCHAR)Entry + Entry->NextEntryOffset)) {
        UNICODE_STRING *Its =
            (PVOID)((PUCHAR)Entry + 0x38); /* ImageName, which winternl.h does not name */
        CLIENT_ID Id = {.UniqueProcess = Entry->UniqueProcessId};
        OBJECT_ATTRIBUTES Attributes;
        HANDLE Process;

        InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
        if (Its->Length == Name.Length && !memcmp(Its->Buffer, Name.Buffer, Name.Length) &&
            NT_SUCCESS(NtOpenProcess(&Process, PROCESS_TERMINATE, &Attributes, &Id))) {
            Found += NT_SUCCESS(NtTerminateProcess(Process, 0x1234));
            NtClose(Process);
        }
        if (!Entry->NextEntryOffset)
            return Found;
    }
}

/* A driver that was killed is started again: its device opens, some time within ten seconds. */
static inline NTSTATUS OpenAgain(PCWSTR Device, PHANDLE File)
{
    NTSTATUS Status = STATUS_UNSUCCESSFUL;
    ULONG i;

    for (i = 0; i < 200 && !NT_SUCCESS(Status); i++) {
        Status = OpenSynchronous(Device, File);
        if (!NT_SUCCESS(Status))
            Pause(50);
    }
    return Status;
}

/* Whether the command line has it. */
static inline BOOLEAN HasWord(PPEB Peb, PCWSTR Word)
{
    PUNICODE_STRING Line = &Peb->ProcessParameters->CommandLine;
    USHORT Length = 0, i, j;

    while (Word[Length])
        Length++;
    for (i = 0; i + Length <= Line->Length / sizeof(WCHAR); i++) {
        for (j = 0; j < Length && Line->Buffer[i + j] == Word[j]; j++)
            ;
        if (j == Length)
            return TRUE;
    }
    return FALSE;
}
