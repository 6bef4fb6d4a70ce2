/* SPDX-License-Identifier: BSD-2-Clause */
/* Structured exception handling, as drivers use it around what may raise. */
#include "runtime.h"

static ULONG Steps;

static NTSTATUS Catch(VOID (*Body)(VOID))
{
    __try {
        Body();
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

static VOID Nothing(VOID)
{
}

static VOID RaiseStatus(VOID)
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

static VOID Inner(VOID)
{
    __try {
        Steps = 1;
        RaiseStatus();
        Steps = 100;
    } __finally {
        Steps += AbnormalTermination() ? 10 : 1000;
    }
}

/* The filter sees the exception, and does not take it. */
static NTSTATUS Passed(VOID)
{
    ULONG Seen = 0;
    NTSTATUS Status;

    __try {
        __try {
            RaiseStatus();
        } __except (Seen++, EXCEPTION_CONTINUE_SEARCH) {
            Seen = 100;
        }
    } __except (GetExceptionCode() == STATUS_QUOTA_EXCEEDED ? EXCEPTION_EXECUTE_HANDLER
                                                            : EXCEPTION_CONTINUE_SEARCH) {
        Status = GetExceptionCode();
        return Seen == 1 ? Status : STATUS_UNSUCCESSFUL;
    }
    return STATUS_SUCCESS;
}

static ULONG Leave(VOID)
{
    ULONG Value = 0;

    __try {
        Value = 1;
        if (Steps != 12345)
            __leave;
        Value = 2;
    } __finally {
        Value += AbnormalTermination() ? 20 : 10;
    }
    return Value;
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
    EXCEPTION_RECORD Record = {.ExceptionCode = (NTSTATUS)0xE0001234};

    RtlRaiseException(&Record);
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
    CHECK_STATUS(Passed(), STATUS_QUOTA_EXCEEDED);
    CHECK(Leave() == 11);
    Other = Start(RaisingThread, NULL);
    RaisingThread(NULL);
    Join(Other);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
}
