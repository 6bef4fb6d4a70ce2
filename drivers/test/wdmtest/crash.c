/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways in which a driver ends its process. None of these returns. */
#include "wdmtest.h"

static VOID ReadNull(PIRP Irp)
{
    (VOID)(*(volatile ULONG *)NULL);
}

static VOID CallNull(PIRP Irp)
{
    VOID (*volatile Routine)(VOID) = NULL;

    Routine();
}

static VOID DivideByZero(PIRP Irp)
{
    volatile ULONG Zero = 0;

    Zero = 100 / Zero;
}

static VOID ExecuteGarbage(PIRP Irp)
{
    __asm__ volatile("ud2");
}

/* Memory that is not code; where the processor cannot tell, what is there is no instruction. */
static VOID ExecuteData(PIRP Irp)
{
    static UCHAR Data[2] = {0x0F, 0x0B};

    ((VOID(*)(VOID))(PVOID)Data)();
}

static VOID WriteCode(PIRP Irp)
{
    *(volatile UCHAR *)(ULONG_PTR)WriteCode = 0xC3;
}

static VOID StopSystem(PIRP Irp)
{
    KeBugCheckEx(0xE2, 1, 2, 3, 4);
}

static VOID RaiseStatus(PIRP Irp)
{
    ExRaiseStatus(STATUS_INSUFFICIENT_RESOURCES);
}

static VOID FailFast(PIRP Irp)
{
    __asm__ volatile("int $0x29" : : "c"(2));
}

/* As far as memory goes; then the first block that it does not get. */
static VOID ExhaustMemory(PIRP Irp)
{
    PVOID volatile Block;

    while ((Block = ExAllocatePoolWithTag(NonPagedPool, 0x10000, 'tseT')) != NULL)
        RtlFillMemory(Block, 0x10000, 1);
    ReadNull(Irp);
}

static VOID CompleteOwnRequestTwice(PIRP Irp)
{
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoMarkIrpPending(Irp);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static VOID FreeTwice(PIRP Irp)
{
    PVOID Block = ExAllocatePoolWithTag(NonPagedPool, 100, 'tseT');

    ExFreePoolWithTag(Block, 'tseT');
    ExFreePoolWithTag(Block, 'tseT');
}

static ULONG Recurse(volatile UCHAR *Above)
{
    volatile UCHAR Space[1000];

    Space[0] = *Above;
    return Space[0] ? Recurse(Space) + Space[0] : 0;
}

static VOID OverflowStack(PIRP Irp)
{
    UCHAR Start = 1;

    Recurse(&Start);
}

static VOID TakeLockTwice(PIRP Irp)
{
    KSPIN_LOCK Lock;
    KIRQL Irql;

    KeInitializeSpinLock(&Lock);
    KeAcquireSpinLock(&Lock, &Irql);
    KeAcquireSpinLockAtDpcLevel(&Lock);
}

static VOID WaitAtDispatchLevel(PIRP Irp)
{
    KEVENT Event;
    KIRQL Irql;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
}

static VOID CompleteTwice(PIRP Irp)
{
    PIRP Own = IoAllocateIrp(1, FALSE);

    IoCompleteRequest(Own, IO_NO_INCREMENT);
    IoCompleteRequest(Own, IO_NO_INCREMENT);
}

/* The bare instruction; the DDK inlines it on amd64 only. */
static VOID TouchForeignPort(PIRP Irp)
{
    UCHAR Value;

    __asm__ volatile("inb %1, %0" : "=a"(Value) : "Nd"((USHORT)0x64));
}

static VOID RunPrivileged(PIRP Irp)
{
    __asm__ volatile("hlt");
}

static VOID NTAPI CrashingDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    *(volatile ULONG *)Context = 1;
}

/* Whatever happens now, this request is not completed. */
static VOID WaitForEver(VOID)
{
    KEVENT Event;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
}

/* In the event loop: no thread of the driver runs. */
static VOID CrashInTimer(PIRP Irp)
{
    static KTIMER Timer;
    static KDPC Dpc;
    LARGE_INTEGER Soon = {.QuadPart = -10000};

    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, CrashingDpc, (PVOID)16);
    KeSetTimer(&Timer, Soon, &Dpc);
    WaitForEver();
}

static VOID NTAPI ForgetToLower(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL + 1, &Irql);
}

static VOID LeaveDpcRaised(PIRP Irp)
{
    static KDPC Dpc;

    KeInitializeDpc(&Dpc, ForgetToLower, NULL);
    KeInsertQueueDpc(&Dpc, NULL, NULL);
}

static VOID NTAPI CrashingThread(PVOID Context)
{
    (*(VOID(*volatile *)(VOID))Context)();
}

static VOID CrashInThread(PIRP Irp)
{
    HANDLE Thread;

    PsCreateSystemThread(&Thread, 0, NULL, NULL, NULL, CrashingThread, NULL);
    WaitForEver();
}

static VOID FreeForeignMemory(PIRP Irp)
{
    ExFreePoolWithTag(&Irp, 'tseT');
}

/*
 * A wild pointer into what the process shares with the Executive: a region of this size is nothing
 * else.
 */
#define CHANNEL_SIZE 0x5000

/* The DDK does not declare these. (Microsoft: ZwQueryVirtualMemory) */
typedef struct _MEMORY_BASIC_INFORMATION {
    PVOID BaseAddress;
    PVOID AllocationBase;
    ULONG AllocationProtect;
    SIZE_T RegionSize;
    ULONG State;
    ULONG Protect;
    ULONG Type;
} MEMORY_BASIC_INFORMATION;

#define MemoryBasicInformation 0

NTSYSAPI NTSTATUS NTAPI ZwQueryVirtualMemory(HANDLE Process, PVOID Address, ULONG Class,
                                             PVOID Information, SIZE_T Length,
                                             PSIZE_T ReturnLength);

static PUCHAR FindChannel(VOID)
{
    MEMORY_BASIC_INFORMATION Region;
    PUCHAR Address = NULL;

    while (NT_SUCCESS(ZwQueryVirtualMemory(NtCurrentProcess(), Address, MemoryBasicInformation,
                                           &Region, sizeof(Region), NULL))) {
        if (Region.State == MEM_COMMIT && Region.Protect == PAGE_READWRITE &&
            Region.RegionSize == CHANNEL_SIZE)
            return Region.BaseAddress;
        Address = (PUCHAR)Region.BaseAddress + Region.RegionSize;
    }
    return NULL;
}

static VOID FillChannel(UCHAR Value)
{
    PUCHAR Channel = FindChannel();

    if (Channel) {
        RtlFillMemory(Channel, CHANNEL_SIZE, Value);
        WaitForEver();
    }
}

static VOID FillChannelWithOnes(PIRP Irp)
{
    FillChannel(0xFF);
}

static VOID FillChannelWithText(PIRP Irp)
{
    FillChannel('a');
}

#if DBG /* what only the verifier of debug builds finds */

static VOID OverrunPool(PIRP Irp)
{
    PUCHAR Block = ExAllocatePoolWithTag(NonPagedPool, 10, 'tseT');

    ((volatile UCHAR *)Block)[10] = 0;
    ExFreePoolWithTag(Block, 'tseT');
}

static VOID AllocatePagedRaised(PIRP Irp)
{
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    ExFreePoolWithTag(ExAllocatePoolWithTag(PagedPool, 10, 'tseT'), 'tseT');
    KeLowerIrql(Irql);
}

static VOID CreateThreadRaised(PIRP Irp)
{
    HANDLE Thread;
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    PsCreateSystemThread(&Thread, 0, NULL, NULL, NULL, CrashingThread, NULL);
    KeLowerIrql(Irql);
}

static VOID ReleaseRemoveLockTwice(PIRP Irp)
{
    IO_REMOVE_LOCK Lock;

    IoInitializeRemoveLock(&Lock, 'tseT', 0, 0);
    IoAcquireRemoveLock(&Lock, Irp);
    IoReleaseRemoveLock(&Lock, Irp);
    IoReleaseRemoveLock(&Lock, Irp);
}

#endif

static VOID (*const Crashes[])(PIRP Irp) = {
    ReadNull,
    CallNull,
    FreeTwice,
    OverflowStack,
    TakeLockTwice,
    WaitAtDispatchLevel,
    CompleteTwice,
    TouchForeignPort,
    RunPrivileged,
    CrashInTimer,
    LeaveDpcRaised,
    CrashInThread,
    FreeForeignMemory,
    FillChannelWithOnes,
    FillChannelWithText,
    DivideByZero,
    ExecuteGarbage,
    ExecuteData,
    WriteCode,
    StopSystem,
    RaiseStatus,
    FailFast,
    CompleteOwnRequestTwice,
    ExhaustMemory,
#if DBG
    OverrunPool,
    AllocatePagedRaised,
    CreateThreadRaised,
    ReleaseRemoveLockTwice,
#endif
};

/* STATUS_NO_MORE_ENTRIES after the last way; otherwise the driver is gone. */
NTSTATUS TestCrash(ULONG Index, PIRP Irp)
{
    if (Index >= sizeof(Crashes) / sizeof(Crashes[0]))
        return STATUS_NO_MORE_ENTRIES;
    Crashes[Index](Irp);
    return STATUS_SUCCESS;
}
