/* SPDX-License-Identifier: BSD-2-Clause */
/* Structured exception handling, as drivers use it around what may raise. */
#include "runtime.h"

extern ULONG Steps; /* of Inner */

/* guarded.c */
NTSTATUS Catch(VOID (*Body)(VOID));
NTSTATUS Passed(VOID (*Body)(VOID));
ULONG Leave(VOID);
VOID Inner(VOID);
VOID RaiseStatus(VOID);

static VOID Nothing(VOID)
{
}

VOID RaiseStatus(VOID)
{
    ExRaiseStatus(STATUS_QUOTA_EXCEEDED);
}

static VOID RaiseAccessViolation(VOID)
{
    ExRaiseAccessViolation();
}

static VOID RaiseMisalignment(VOID)
{
    ExRaiseDatatypeMisalignment();
}

static VOID ReadNull(VOID)
{
    Steps += *(volatile UCHAR *)NULL;
}

static VOID Break(VOID)
{
    DbgBreakPoint();
}

static VOID Exhaust(VOID)
{
    ExAllocatePoolWithTag(NonPagedPool | POOL_RAISE_IF_ALLOCATION_FAILURE, MAXLONG_PTR, 'tseT');
}

static VOID ProbeSystemAddress(VOID)
{
    ProbeForRead(MmSystemRangeStart, 4, 1);
}

static VOID ProbeWrapping(VOID)
{
    ProbeForRead((PVOID)16, (SIZE_T)-8, 1);
}

static VOID ProbeOdd(VOID)
{
    ProbeForRead((PVOID)0x10001, 4, 4);
}

static VOID ProbeMissing(VOID)
{
    ProbeForWrite((PVOID)0x1000, 4, 4);
}

static VOID ReleaseForeignMutex(VOID)
{
    KMUTEX Mutex;

    KeInitializeMutex(&Mutex, 0);
    KeReleaseMutex(&Mutex, FALSE);
}

static VOID NTAPI RaisingThread(PVOID Context)
{
    for (int i = 0; i < 5; i++) {
        CHECK_STATUS(Catch(RaiseStatus), STATUS_QUOTA_EXCEEDED);
        Sleep(1); /* another does the same meanwhile */
    }
}

static VOID RaiseRecord(VOID)
{
    VOID(NTAPI * Raise)(PEXCEPTION_RECORD) = Routine(L"RtlRaiseException");
    EXCEPTION_RECORD Record = {.ExceptionCode = (NTSTATUS)0xE0001234};

    Raise(&Record);
}

VOID TestHandlers(VOID)
{
    PKTHREAD Other;

    CHECK_STATUS(Catch(Nothing), STATUS_SUCCESS);
    CHECK_STATUS(Catch(RaiseStatus), STATUS_QUOTA_EXCEEDED);
    CHECK_STATUS(Catch(RaiseAccessViolation), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(Catch(RaiseMisalignment), STATUS_DATATYPE_MISALIGNMENT);
    CHECK_STATUS(Catch(RaiseRecord), (NTSTATUS)0xE0001234);
    CHECK_STATUS(Catch(ReadNull), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(Catch(Break), STATUS_BREAKPOINT);
    CHECK_STATUS(Catch(Exhaust), STATUS_INSUFFICIENT_RESOURCES);
    CHECK_STATUS(Catch(ProbeSystemAddress), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(Catch(ProbeWrapping), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(Catch(ProbeOdd), STATUS_DATATYPE_MISALIGNMENT);
    CHECK_STATUS(Catch(ProbeMissing), STATUS_ACCESS_VIOLATION);
    CHECK_STATUS(Catch(ReleaseForeignMutex), STATUS_MUTANT_NOT_OWNED);
    Steps = 0;
    CHECK_STATUS(Catch(Inner), STATUS_QUOTA_EXCEEDED);
    CHECK(Steps == 11);
    CHECK_STATUS(Passed(RaiseStatus), STATUS_QUOTA_EXCEEDED);
    CHECK(Leave() == 11);
    Other = Start(RaisingThread, NULL);
    RaisingThread(NULL);
    Join(Other);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
}
