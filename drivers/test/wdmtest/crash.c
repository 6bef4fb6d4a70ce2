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

/* The instruction, which the DDK inlines on amd64 only. */
static VOID TouchForeignPort(PIRP Irp)
{
    UCHAR Value;

    __asm__ volatile("inb %1, %0" : "=a"(Value) : "Nd"((USHORT)0x64));
}

static VOID RunPrivileged(PIRP Irp)
{
    __asm__ volatile("hlt");
}

static VOID (*const Crashes[])(PIRP Irp) = {
    ReadNull,      CallNull,         FreeTwice,
    OverflowStack, TakeLockTwice,    WaitAtDispatchLevel,
    CompleteTwice, TouchForeignPort, RunPrivileged,
};

/* STATUS_NO_MORE_ENTRIES after the last way; otherwise the driver is gone. */
NTSTATUS TestCrash(ULONG Index, PIRP Irp)
{
    if (Index >= sizeof(Crashes) / sizeof(Crashes[0]))
        return STATUS_NO_MORE_ENTRIES;
    Crashes[Index](Irp);
    return STATUS_SUCCESS;
}
