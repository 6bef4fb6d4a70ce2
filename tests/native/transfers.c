/* SPDX-License-Identifier: BSD-2-Clause */
/* How data come to drivers and back: each IO method, any size, through filters in other hosts,
 * while requests are pending, and from memory that cannot be used. */
#include "waiting.h"
#include <neptune/ioctl.h>

#define SERVICES u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"
#define LARGE (1 << 20)
#define HUGE (16 << 20)
#define PENDING 600

static PUCHAR Memory; /* LARGE + 2 pages */
static HANDLE Device;
static IO_STATUS_BLOCK Iosb;

static NTSTATUS OpenFile(PCWSTR Path, ULONG Options, PHANDLE File)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Path);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtCreateFile(File, FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE, &Attributes, &Iosb,
                        NULL, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, Options, NULL, 0);
}

static NTSTATUS Write(PVOID Data, ULONG Length, LONGLONG Offset)
{
    LARGE_INTEGER At = {.QuadPart = Offset};

    return NtWriteFile(Device, NULL, NULL, NULL, &Iosb, Data, Length, &At, NULL);
}

static NTSTATUS Read(PVOID Data, ULONG Length, LONGLONG Offset)
{
    LARGE_INTEGER At = {.QuadPart = Offset};

    return NtReadFile(Device, NULL, NULL, NULL, &Iosb, Data, Length, &At, NULL);
}

static NTSTATUS Control(ULONG Code, PVOID Input, ULONG InputLength, PVOID Output,
                        ULONG OutputLength)
{
    return NtDeviceIoControlFile(Device, NULL, NULL, NULL, &Iosb, Code, Input, InputLength, Output,
                                 OutputLength);
}

static TRANSFER_FACTS Facts(void)
{
    TRANSFER_FACTS Result = {.Sum = MAXULONG};

    Control(IOCTL_TRANSFER_FACTS, NULL, 0, &Result, sizeof(Result));
    return Result;
}

/* What a read leaves: the pattern, and nothing around it. */
static BOOLEAN IsRead(PUCHAR Data, ULONG Length, LONGLONG Offset)
{
    for (ULONG i = 0; i < Length; i++)
        if (Data[i] != TransferByte((ULONGLONG)Offset + i))
            return FALSE;
    return Data[-1] == 0xee && Data[Length] == 0xee;
}

static BOOLEAN TryTransfer(ULONG Length, ULONG Misalignment)
{
    PUCHAR Data = Memory + 16 + Misalignment;
    LONGLONG Offset = 5;
    BOOLEAN Good;

    RtlFillMemory(Memory, Length + Misalignment + 64, 0xee);
    Good = NT_SUCCESS(Read(Data, Length, Offset)) && Iosb.Information == Length &&
           IsRead(Data, Length, Offset);
    for (ULONG i = 0; i < Length; i++)
        Data[i] = TransferByte((ULONGLONG)Offset + 100 + i);
    Good = Good && NT_SUCCESS(Write(Data, Length, Offset + 100)) && Iosb.Information == Length;
    if (!Length)
        return Good;
    Data[Length - 1] ^= 1;
    return Good && Write(Data, Length, Offset + 100) == STATUS_DATA_ERROR;
}

static const ULONG Sizes[] = {0,    1,    8,    151,  152,   153,   4080,  4095,
                              4096, 4097, 8192, 8193, 16384, 65536, 65537, LARGE};

static void TestTransfers(const char *Kind)
{
    for (ULONG i = 0; i < ARRAYSIZE(Sizes); i++)
        ok(TryTransfer(Sizes[i], 0) && TryTransfer(Sizes[i], 4077), Kind);
}

static BOOLEAN TryCopy(ULONG Method, ULONG InputLength, ULONG OutputLength)
{
    PUCHAR Input = Memory + 8, Output = Memory + LARGE / 2 + 8;
    ULONG Sum = 0, i;

    for (i = 0; i < InputLength; i++) {
        Input[i] = (UCHAR)(i * 3 + 1);
        Sum += Input[i];
    }
    RtlFillMemory(Output - 8, OutputLength + 64, 0xee);
    if (Control(IOCTL_TRANSFER_COPY(Method), Input, InputLength, Output, OutputLength) !=
            STATUS_SUCCESS ||
        Iosb.Information != OutputLength)
        return FALSE;
    for (i = 0; i < OutputLength; i++)
        if (Output[i] != (UCHAR)((InputLength ? (UCHAR)((i % InputLength) * 3 + 1) : 0) + 1))
            return FALSE;
    return Output[-1] == 0xee && Output[OutputLength] == 0xee && Facts().Sum == Sum;
}

static BOOLEAN TrySum(ULONG InputLength, ULONG OutputLength)
{
    PUCHAR Input = Memory + 8, Other = Memory + LARGE / 2 + 8;
    ULONG Sum = 0, i;

    for (i = 0; i < InputLength; i++)
        Sum += Input[i] = (UCHAR)(i * 5 + 2);
    for (i = 0; i < OutputLength; i++)
        Sum += Other[i] = (UCHAR)(i * 11 + 3);
    return Control(IOCTL_TRANSFER_SUM, Input, InputLength, Other, OutputLength) == STATUS_SUCCESS &&
           Facts().Sum == Sum;
}

static void TestControls(void)
{
    static const ULONG Lengths[][2] = {{0, 0},     {0, 1},       {1, 0},          {100, 40},
                                       {40, 100},  {76, 76},     {77, 76},        {152, 1},
                                       {1, 4096},  {4096, 1},    {300, 5000},     {5000, 300},
                                       {8192, 64}, {64, 100000}, {200000, 200000}};

    for (ULONG i = 0; i < ARRAYSIZE(Lengths); i++) {
        ok(TryCopy(METHOD_BUFFERED, Lengths[i][0], Lengths[i][1]), "buffered");
        ok(TryCopy(METHOD_OUT_DIRECT, Lengths[i][0], Lengths[i][1]), "input, and output directly");
        ok(TryCopy(METHOD_NEITHER, Lengths[i][0], Lengths[i][1]), "neither");
        ok(TrySum(Lengths[i][0], Lengths[i][1]), "two inputs, one directly");
    }
}

/* ---- What direct IO is ---- */

static void TestDirect(void)
{
    PUCHAR Data = Memory + 100;
    TRANSFER_FACTS First;

    ok_status(Read(Data, 3 * 4096, 0), STATUS_SUCCESS, "read directly");
    First = Facts();
    ok(First.MdlLength == 3 * 4096, "an MDL of that length");
    ok(First.MdlAddress == (ULONG_PTR)Data, "of the program's address");
    ok(!First.Mapped, "which nobody has mapped yet");
    ok(First.Frames && First.FirstFrame, "with the pages' numbers");
    ok_status(Read(Data, 3 * 4096, 0), STATUS_SUCCESS, "once more");
    ok(Facts().FirstFrame == First.FirstFrame, "the same pages");
}

static void TestHeld(void)
{
    PUCHAR Data = Memory + 50;
    IO_STATUS_BLOCK Block = {.Status = UNTOUCHED};
    UCHAR Seen = 0;
    HANDLE Other;

    ok_status(OpenFile(u"\\Device\\TransferDirect", 0, &Other), STATUS_SUCCESS, "open it again");
    Data[0] = 10;
    ok_status(NtDeviceIoControlFile(Other, NULL, NULL, NULL, &Block, IOCTL_TRANSFER_HOLD, NULL, 0,
                                    Data, 5000),
              STATUS_PENDING, "a request that stays pending");
    Data[0] = 77;
    Data[4999] = 1;
    ok_status(Control(IOCTL_TRANSFER_POKE, NULL, 0, &Seen, 1), STATUS_SUCCESS, "the driver looks");
    ok(Seen == 77, "and sees what the program has written meanwhile");
    ok(Data[0] == 78 && Data[4999] == 2, "and the program what the driver has");
    ok(Block.Status == UNTOUCHED, "while the request is pending");
    ok_status(Control(IOCTL_TRANSFER_RELEASE, NULL, 0, NULL, 0), STATUS_SUCCESS, "let it end");
    ok_status(WaitFor(Other, 5000), STATUS_SUCCESS, "it ends");
    ok(Block.Status == STATUS_SUCCESS && Block.Information == 5000, "well");
    NtClose(Other);
}

/* The pages stay while the driver has them, whatever becomes of the program's memory. */
static void TestFreed(void)
{
    SIZE_T Size = 8 * 4096, None = 0;
    PUCHAR Data = NULL;
    UCHAR Seen = 0;
    IO_STATUS_BLOCK Block;
    HANDLE Other;

    ok_status(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Data, 0, &Size,
                                      MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
              STATUS_SUCCESS, "memory");
    OpenFile(u"\\Device\\TransferDirect", 0, &Other);
    Data[0] = 42;
    ok_status(NtDeviceIoControlFile(Other, NULL, NULL, NULL, &Block, IOCTL_TRANSFER_HOLD, NULL, 0,
                                    Data, (ULONG)Size),
              STATUS_PENDING, "that a driver has");
    ok_status(NtFreeVirtualMemory(NtCurrentProcess(), (PVOID *)&Data, &None, MEM_RELEASE),
              STATUS_SUCCESS, "is freed");
    ok_status(Control(IOCTL_TRANSFER_POKE, NULL, 0, &Seen, 1), STATUS_SUCCESS, "the driver looks");
    ok(Seen == 42, "and has it still");
    ok_status(Control(IOCTL_TRANSFER_RELEASE, NULL, 0, NULL, 0), STATUS_SUCCESS, "let it end");
    ok_status(WaitFor(Other, 5000), STATUS_SUCCESS, "it ends");
    NtClose(Other);
}

/* ---- Memory that cannot be used ---- */

static PUCHAR AllocateOdd(ULONG Protect)
{
    PUCHAR Base = NULL, Page;
    SIZE_T Size = 3 * 4096;
    ULONG Old;

    NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                            PAGE_READWRITE);
    for (ULONG i = 0; i < Size; i++)
        Base[i] = TransferByte(i);
    Page = Base + 4096;
    Size = 4096;
    if (Protect)
        NtProtectVirtualMemory(NtCurrentProcess(), (PVOID *)&Page, &Size, Protect, &Old);
    else
        NtFreeVirtualMemory(NtCurrentProcess(), (PVOID *)&Page, &Size, MEM_DECOMMIT);
    return Base;
}

static void FreeOdd(PUCHAR Base)
{
    SIZE_T None = 0;

    NtFreeVirtualMemory(NtCurrentProcess(), (PVOID *)&Base, &None, MEM_RELEASE);
}

static void TestBadMemory(void)
{
    PUCHAR ReadOnly = AllocateOdd(PAGE_READONLY), Hole = AllocateOdd(0),
           NoAccess = AllocateOdd(PAGE_NOACCESS);

    ok_status(Write(ReadOnly, 3 * 4096, 0), STATUS_SUCCESS, "write what cannot be written to");
    ok_status(Read(ReadOnly, 3 * 4096, 0), STATUS_ACCESS_VIOLATION, "read to where none may write");
    ok_status(Write(Hole, 3 * 4096, 0), STATUS_ACCESS_VIOLATION, "write with a hole");
    ok_status(Read(Hole, 3 * 4096, 0), STATUS_ACCESS_VIOLATION, "read with a hole");
    ok_status(Write(NoAccess, 3 * 4096, 0), STATUS_ACCESS_VIOLATION, "write with no access");
    ok_status(Read((PVOID)8, 4096, 0), STATUS_ACCESS_VIOLATION, "read to nowhere");
    ok_status(Write((PVOID)(LONG_PTR)-4096, 8192, 0), STATUS_ACCESS_VIOLATION, "write from beyond");
    ok_status(Control(IOCTL_TRANSFER_SUM, NULL, 0, ReadOnly, 3 * 4096), STATUS_SUCCESS,
              "a direct input that cannot be written to");
    ok_status(Control(IOCTL_TRANSFER_COPY(METHOD_OUT_DIRECT), NULL, 0, ReadOnly, 3 * 4096),
              STATUS_ACCESS_VIOLATION, "a direct output that cannot be written to");
    ok_status(Control(IOCTL_TRANSFER_SUM, NULL, 0, Hole, 3 * 4096), STATUS_ACCESS_VIOLATION,
              "a direct input with a hole");
    ok_status(Control(IOCTL_TRANSFER_SUM, Hole + 4000, 200, Memory, 10), STATUS_ACCESS_VIOLATION,
              "an input with a hole");
    FreeOdd(ReadOnly);
    FreeOdd(Hole);
    FreeOdd(NoAccess);
    ok(TryTransfer(8192, 0), "after all that it works");
}

/* Requests that stay pending hold nobody up. */
static void TestManyPending(void)
{
    static IO_STATUS_BLOCK Blocks[PENDING];
    LARGE_INTEGER Zero = {.QuadPart = 0};
    ULONG Started = 0, Ended = 0, Wanted = PENDING + 1, i;
    HANDLE Hold;

    ok_status(OpenFile(u"\\Device\\Hold", 0, &Hold), STATUS_SUCCESS, "a device that keeps reads");
    NtDeviceIoControlFile(Hold, NULL, NULL, NULL, &Iosb, IOCTL_HOLD_SET_COUNT, &Wanted,
                          sizeof(Wanted), &Wanted, sizeof(Wanted));
    for (i = 0; i < PENDING; i++)
        Started += NtReadFile(Hold, NULL, NULL, NULL, &Blocks[i], Memory, 8192, &Zero, NULL) ==
                   STATUS_PENDING;
    ok(Started == PENDING, "many reads of 8 KB are pending");
    ok(TryTransfer(65536, 0), "others are served meanwhile");
    ok_status(NtClose(Hold), STATUS_SUCCESS, "closing gets through");
    for (i = 0; i < 200 && Ended < PENDING; i++) {
        Sleep(10);
        Ended = 0;
        for (ULONG j = 0; j < PENDING; j++)
            Ended += Blocks[j].Status == STATUS_CANCELLED;
    }
    ok(Ended == PENDING, "and ends all");
}

static void TestHuge(void)
{
    SIZE_T Size = HUGE, None = 0;
    PUCHAR Data = NULL;

    ok_status(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Data, 0, &Size,
                                      MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
              STATUS_SUCCESS, "16 MB");
    ok_status(Read(Data, HUGE, 3), STATUS_SUCCESS, "read at once");
    ok(Iosb.Information == HUGE && Data[HUGE - 1] == TransferByte(HUGE + 2), "to the last byte");
    ok_status(Write(Data, HUGE, 3), STATUS_SUCCESS, "and written");
    NtFreeVirtualMemory(NtCurrentProcess(), (PVOID *)&Data, &None, MEM_RELEASE);
}

static void OnDevice(PCWSTR Name, const char *Kind, BOOLEAN Direct)
{
    if (!ok_status(OpenFile(Name, FILE_SYNCHRONOUS_IO_NONALERT, &Device), STATUS_SUCCESS, Kind))
        return;
    TestTransfers(Kind);
    TestBadMemory();
    if (Direct) {
        TestControls();
        TestDirect();
        TestHeld();
        TestFreed();
        TestHuge();
        TestManyPending();
    }
    NtClose(Device);
}

static void OnDevices(void)
{
    OnDevice(u"\\Device\\TransferBuffered", "buffered IO", FALSE);
    OnDevice(u"\\Device\\TransferNeither", "neither", FALSE);
    OnDevice(u"\\Device\\TransferDirect", "direct IO", TRUE);
}

static NTSTATUS Call(NTSTATUS(NTAPI *Routine)(PUNICODE_STRING), PCWSTR Service)
{
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Service);
    return Routine(&Name);
}

/* A file that was closed is gone when its last request is. */
static NTSTATUS UnloadSoon(PCWSTR Service)
{
    NTSTATUS Status = STATUS_DEVICE_BUSY;

    for (ULONG i = 0; i < 500 && Status == STATUS_DEVICE_BUSY; i++) {
        Status = Call(NtUnloadDriver, Service);
        if (Status == STATUS_DEVICE_BUSY)
            Sleep(10);
    }
    return Status;
}

void TestDataTransfers(void)
{
    SIZE_T Size = LARGE + 2 * 4096, None = 0;
    NTSTATUS Status = Call(NtLoadDriver, SERVICES u"hold");

    ok(NT_SUCCESS(Status) || Status == STATUS_IMAGE_ALREADY_LOADED, "load hold");
    ok_status(Call(NtLoadDriver, SERVICES u"transfer"), STATUS_SUCCESS, "load transfer");
    ok_status(NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Memory, 0, &Size,
                                      MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
              STATUS_SUCCESS, "memory");
    OnDevices();
    ok_status(Call(NtLoadDriver, SERVICES u"tfilter"), STATUS_SUCCESS,
              "the same through a filter in another process");
    OnDevices();
    ok_status(Call(NtUnloadDriver, SERVICES u"tfilter"), STATUS_SUCCESS, "unload the filter");
    ok_status(UnloadSoon(SERVICES u"transfer"), STATUS_SUCCESS, "and the driver");
    ok_status(UnloadSoon(SERVICES u"hold"), STATUS_SUCCESS, "and hold");
    NtFreeVirtualMemory(NtCurrentProcess(), (PVOID *)&Memory, &None, MEM_RELEASE);
}
