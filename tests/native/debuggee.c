/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program does that is debugged: "umtests debuggee N". */
#include "debugger.h"
#include "registers.h"

/* arch: faults.S */
void FASTCALL FaultFpu(PVOID Argument);
void FASTCALL FaultUnknownSimd(PVOID Argument);

NTSTATUS NTAPI DebuggeeShort(PVOID Argument)
{
    return (NTSTATUS)(ULONG_PTR)Argument;
}

volatile ULONG DebuggeeCounters[2];

NTSTATUS NTAPI DebuggeeSpin(PVOID Argument)
{
    for (;;)
        ++*(volatile ULONG *)Argument;
}

static LONG NTAPI SkipBreakpoint(PEXCEPTION_POINTERS Pointers)
{
    if (Pointers->ExceptionRecord->ExceptionCode != STATUS_BREAKPOINT)
        return EXCEPTION_CONTINUE_SEARCH;
    PROGRAM_COUNTER(Pointers->ContextRecord)++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static LONG NTAPI SkipPrinted(PEXCEPTION_POINTERS Pointers)
{
    return Pointers->ExceptionRecord->ExceptionCode == DBG_PRINTEXCEPTION_C
               ? EXCEPTION_CONTINUE_EXECUTION
               : EXCEPTION_CONTINUE_SEARCH;
}

static NTSTATUS DoAll(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\testdll.dll");
    HANDLE Thread;
    PVOID Dll;

    if (!NT_SUCCESS(LdrLoadDll(NULL, NULL, &Path, &Dll)))
        return STATUS_UNSUCCESSFUL;
    LdrUnloadDll(Dll);
    Thread = StartThread(DebuggeeShort, (PVOID)0x55);
    if (EndOfThread(Thread) != 0x55)
        return STATUS_UNSUCCESSFUL;
    RtlAddVectoredExceptionHandler(TRUE, SkipBreakpoint);
    DbgBreakPoint();
    DbgUserBreakPoint();
    return 0x77;
}

static NTSTATUS Print(void)
{
    EXCEPTION_RECORD Record = {
        .ExceptionCode = DBG_PRINTEXCEPTION_C,
        .NumberParameters = 2,
        .ExceptionInformation = {sizeof(DEBUGGEE_PRINTED), (ULONG_PTR)DEBUGGEE_PRINTED}};

    RtlAddVectoredExceptionHandler(TRUE, SkipPrinted);
    RtlRaiseException(&Record);
    return 0x78;
}

/* Makes the routine return that has divided by zero. */
static LONG NTAPI SkipDivision(PEXCEPTION_POINTERS Pointers)
{
    PCONTEXT Context = Pointers->ContextRecord;

    if (Pointers->ExceptionRecord->ExceptionCode != STATUS_FLOAT_DIVIDE_BY_ZERO &&
        Pointers->ExceptionRecord->ExceptionCode != SIMD_DIVISION)
        return EXCEPTION_CONTINUE_SEARCH;
    PROGRAM_COUNTER(Context) = *(PULONG_PTR)STACK_POINTER(Context);
    STACK_POINTER(Context) += sizeof(ULONG_PTR);
    CalmFpu(Context);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static NTSTATUS Calculate(void)
{
    RtlAddVectoredExceptionHandler(TRUE, SkipDivision);
    FaultFpu(NULL);
    FaultUnknownSimd(NULL);
    return 0x7b;
}

static volatile ULONG PrintsSeen;

static LONG NTAPI CountPrints(PEXCEPTION_POINTERS Pointers)
{
    if (Pointers->ExceptionRecord->ExceptionCode == DBG_PRINTEXCEPTION_C)
        PrintsSeen++;
    return EXCEPTION_CONTINUE_SEARCH;
}

static NTSTATUS UseDbgPrint(void)
{
    RtlAddVectoredExceptionHandler(TRUE, CountPrints);
    DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, "never to be seen\n");
    DbgPrint("%s by %s", "seen", "debuggers");
    DbgPrint("%s by %s", "seen", "debuggers");
    return 0x7c + PrintsSeen;
}

static volatile ULONG Raised;

static LONG NTAPI CountRaised(PEXCEPTION_POINTERS Pointers)
{
    if (Pointers->ExceptionRecord->ExceptionCode != STATUS_HANDLE_NOT_CLOSABLE)
        return EXCEPTION_CONTINUE_SEARCH;
    Raised++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* NULL, a handle that is none, and one that cannot be closed. */
static NTSTATUS CloseBadly(void)
{
    OBJECT_HANDLE_FLAG_INFORMATION Protected = {.ProtectFromClose = TRUE};
    HANDLE Event;

    RtlAddVectoredExceptionHandler(TRUE, CountRaised);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtSetInformationObject(Event, ObjectHandleFlagInformation, &Protected, sizeof(Protected));
    if (NtClose(NULL) != STATUS_INVALID_HANDLE || NtClose((HANDLE)0x7ff0) != STATUS_INVALID_HANDLE)
        return STATUS_UNSUCCESSFUL;
    for (ULONG i = 0; i < 3; i++)
        if (NtClose(Event) != STATUS_HANDLE_NOT_CLOSABLE)
            return STATUS_UNSUCCESSFUL;
    return 0x80 + Raised;
}

NTSTATUS DebuggeeChild(ULONG Number)
{
    switch (Number) {
    case ChildExits:
        return 0x1234;
    case ChildDoesAll:
        return DoAll();
    case ChildFaults:
        ++*(volatile ULONG *)(ULONG_PTR)0x10;
        return 0x79;
    case ChildSpins:
        StartThread(DebuggeeSpin, (PVOID)&DebuggeeCounters[1]);
        DebuggeeSpin((PVOID)&DebuggeeCounters[0]);
        return 0;
    case ChildPrints:
        return Print();
    case ChildSteps:
        DbgBreakPoint();
        DebuggeeCounters[0] = 1;
        DebuggeeCounters[0] = 2;
        return 0x7a;
    case ChildStarts:
        return RunSelf(u"umtests debuggee 1", 10);
    case ChildCalculates:
        return Calculate();
    case ChildUsesDbgPrint:
        return UseDbgPrint();
    case ChildClosesBadly:
        return CloseBadly();
    default:
        return STATUS_INVALID_PARAMETER;
    }
}
