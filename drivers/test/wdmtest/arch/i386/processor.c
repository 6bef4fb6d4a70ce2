/* SPDX-License-Identifier: BSD-2-Clause */
/* What the DDK has for i386 only: imports that amd64 inlines, and stdcall forms behind its
 * macros. */
#include <ntifs.h>

#include "../../wdmtest.h"

#undef KeAcquireSpinLock
#undef KeAcquireSpinLockAtDpcLevel
#undef KeLowerIrql
#undef KeRaiseIrql
#undef KeReleaseSpinLock
#undef KeReleaseSpinLockFromDpcLevel
NTHALAPI VOID NTAPI KeRaiseIrql(KIRQL NewIrql, PKIRQL OldIrql);
NTHALAPI VOID NTAPI KeLowerIrql(KIRQL NewIrql);
NTHALAPI VOID NTAPI KeAcquireSpinLock(PKSPIN_LOCK SpinLock, PKIRQL OldIrql);
NTHALAPI VOID NTAPI KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql);
NTKERNELAPI VOID NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock);
NTKERNELAPI VOID NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock);

#undef ExInterlockedAddUlong
NTKERNELAPI ULONG NTAPI ExInterlockedAddUlong(PULONG Addend, ULONG Increment, PKSPIN_LOCK Lock);

static VOID TestStdcallForms(VOID)
{
    KSPIN_LOCK Lock;
    ULONG Number = 5;
    KIRQL Old, Older;

    KeInitializeSpinLock(&Lock);
    KeRaiseIrql(APC_LEVEL, &Older);
    CHECK(Older == PASSIVE_LEVEL && KeGetCurrentIrql() == APC_LEVEL);
    KeAcquireSpinLock(&Lock, &Old);
    CHECK(Old == APC_LEVEL && KeGetCurrentIrql() == DISPATCH_LEVEL && Lock);
    KeReleaseSpinLockFromDpcLevel(&Lock);
    CHECK(!Lock && KeGetCurrentIrql() == DISPATCH_LEVEL);
    KeAcquireSpinLockAtDpcLevel(&Lock);
    KeReleaseSpinLock(&Lock, Old);
    CHECK(KeGetCurrentIrql() == APC_LEVEL);
    KeLowerIrql(Older);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    CHECK(ExInterlockedAddUlong(&Number, 3, &Lock) == 5 && Number == 8);
}

static VOID TestInterlocked(VOID)
{
    LONGLONG Big = 0x100000002, Expected = 0x100000002, New = 0x300000004;
    LONG volatile Value = -1;

    CHECK(InterlockedIncrement(&Value) == 0 && InterlockedDecrement(&Value) == -1);
    CHECK(InterlockedExchange(&Value, 7) == -1 && InterlockedExchangeAdd(&Value, 3) == 7);
    CHECK(InterlockedCompareExchange(&Value, 1, 2) == 10 && Value == 10);
    CHECK(InterlockedCompareExchange(&Value, 1, 10) == 10 && Value == 1);
    CHECK(ExInterlockedCompareExchange64(&Big, &New, &Expected, NULL) == 0x100000002 && Big == New);
    CHECK(ExInterlockedCompareExchange64(&Big, &Expected, &Expected, NULL) == New && Big == New);
}

/* The header is the documented one of 32 bits: drivers read depth and first entry themselves. */
static VOID TestListHeader(VOID)
{
    SLIST_ENTRY Entries[3];
    SLIST_HEADER Head;
    USHORT Sequence;

    InitializeSListHead(&Head);
    for (int i = 0; i < 3; i++)
        InterlockedPushEntrySList(&Head, &Entries[i]);
    CHECK(Head.Depth == 3 && Head.Next.Next == &Entries[2] && Entries[2].Next == &Entries[1]);
    Sequence = Head.Sequence;
    CHECK(InterlockedPopEntrySList(&Head) == &Entries[2]);
    CHECK(InterlockedPushEntrySList(&Head, &Entries[2]) == &Entries[1]);
    CHECK(Head.Depth == 3 && Head.Sequence != Sequence);
    CHECK(ExInterlockedFlushSList(&Head) == &Entries[2]);
    CHECK(Head.Depth == 0 && !Head.Next.Next && !InterlockedPopEntrySList(&Head));
}

/* The tick count is a variable that changes while the driver calls nothing. */
static VOID TestTickCount(VOID)
{
    ULONGLONG Start = __rdtsc();
    LARGE_INTEGER First, Now;

    KeQueryTickCount(&First);
    do {
        KeQueryTickCount(&Now);
    } while (Now.QuadPart == First.QuadPart && __rdtsc() - Start < 20000000000);
    CHECK(Now.QuadPart > First.QuadPart);
}

static PVOID HandlerChain(VOID)
{
    PVOID First;

    __asm__ volatile("movl %%fs:0, %0" : "=r"(First) : : "memory");
    return First;
}

static VOID NTAPI ChangeChain(PVOID Context)
{
    PVOID First = HandlerChain();

    *(PVOID *)Context = First;
    __asm__ volatile("movl %0, %%fs:0" : : "r"(&First) : "memory");
    PsTerminateSystemThread(STATUS_SUCCESS);
}

/* Each thread has its own chain of exception handlers. */
static VOID TestHandlerChain(VOID)
{
    LARGE_INTEGER Interval = {.QuadPart = -10000};
    PVOID Mine = HandlerChain(), Other = NULL;
    HANDLE Thread;

    CHECK(NT_SUCCESS(PsCreateSystemThread(&Thread, 0, NULL, NULL, NULL, ChangeChain, &Other)));
    ZwClose(Thread);
    KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    CHECK(Other == (PVOID)MAXULONG_PTR && HandlerChain() == Mine);
}

static VOID TestIntegers(VOID)
{
    LARGE_INTEGER Big = {.QuadPart = -1000000007}, Tenth = {.QuadPart = 0x1999999999999999};
    ULONG Rest, Numbers[3] = {0};

    CHECK(RtlExtendedIntegerMultiply(Big, -9).QuadPart == 9000000063);
    CHECK(RtlExtendedMagicDivide(Big, Tenth, 0).QuadPart == -100000000);
    Big.QuadPart = 9000000063;
    CHECK(RtlExtendedLargeIntegerDivide(Big, 10, &Rest).QuadPart == 900000006 && Rest == 3);
    RtlFillMemoryUlong(Numbers, 2 * sizeof(ULONG), 0x12345678);
    CHECK(Numbers[0] == 0x12345678 && Numbers[1] == 0x12345678 && Numbers[2] == 0);
}

static VOID TestRegisters(VOID)
{
    ULONG Words[2] = {0x11223344, 0x55667788}, Copy[2];

    CHECK(READ_REGISTER_UCHAR((PUCHAR)Words + 1) == 0x33);
    CHECK(READ_REGISTER_ULONG(&Words[1]) == 0x55667788);
    WRITE_REGISTER_USHORT((PUSHORT)&Words[0], 0xAABB);
    READ_REGISTER_BUFFER_USHORT((PUSHORT)Words, (PUSHORT)Copy, 4);
    CHECK(Copy[0] == 0x1122AABB && Copy[1] == 0x55667788);
}

VOID TestProcessor(VOID)
{
    TestIntegers();
    TestRegisters();
    TestStdcallForms();
    TestInterlocked();
    TestListHeader();
    TestTickCount();
    TestHandlerChain();
}
