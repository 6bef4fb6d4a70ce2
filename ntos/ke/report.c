/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report of an unhandled exception on the debug log. Places are written as module+0xoffset,
 * which tools/symbolize turns into functions and lines. The client's stack may be anything: each
 * frame must lie above the one before.
 */
#include "kip.h"

#if DBG

#define MAXIMUM_FRAMES 32
#define PLACE_LENGTH 64

/* "ntdll.dll+0x1234", or the bare address where there is no image. */
static void PrintPlace(PEPROCESS Process, ULONG_PTR Address)
{
    WCHAR Name[32];
    ULONG_PTR Base;

    if (!MmFindImageAt(Process, Address, &Base, Name)) {
        DbgPrint("0x%llx", (ULONGLONG)Address);
        return;
    }
    DbgPrint("%ls+0x%llx", Name, (ULONGLONG)(Address - Base));
}

static void PrintFrame(PEPROCESS Process, ULONG Number, ULONG_PTR Address)
{
    DbgPrint("  #%u ", Number);
    PrintPlace(Process, Address);
    DbgPrint("\n");
}

static void PrintStack(PEPROCESS Process, const seL4_UserContext *Registers)
{
    ULONG_PTR Frame = KiFramePointer(Registers), Lowest = KiStackPointer(Registers);
    struct {
        ULONG_PTR Next, Return;
    } Link;
    ULONG Number;

    PrintFrame(Process, 0, KiProgramCounter(Registers));
    for (Number = 1; Number < MAXIMUM_FRAMES; Number++) {
        if (Frame < Lowest || Frame % sizeof(ULONG_PTR) ||
            !NT_SUCCESS(MmCopyFromProcess(Process, &Link, (CLIENT(PVOID))Frame, sizeof(Link))) ||
            !Link.Return)
            return;
        PrintFrame(Process, Number, Link.Return);
        Lowest = Frame + sizeof(Link);
        Frame = Link.Next;
    }
}

static const char *ExceptionName(NTSTATUS Code)
{
    switch (Code) {
    case STATUS_ACCESS_VIOLATION:
        return "access violation";
    case STATUS_STACK_OVERFLOW:
        return "stack overflow";
    case STATUS_GUARD_PAGE_VIOLATION:
        return "guard page violation";
    case STATUS_ILLEGAL_INSTRUCTION:
        return "illegal instruction";
    case STATUS_PRIVILEGED_INSTRUCTION:
        return "privileged instruction";
    case STATUS_INTEGER_DIVIDE_BY_ZERO:
        return "division by zero";
    case STATUS_BREAKPOINT:
        return "breakpoint";
    case STATUS_STACK_BUFFER_OVERRUN:
        return "fast fail";
    case STATUS_INVALID_SYSTEM_SERVICE:
        return "system call that does not exist";
    default:
        return "exception";
    }
}

static const char *AccessName(ULONG_PTR Kind)
{
    return Kind == EXCEPTION_WRITE_FAULT     ? "writing"
           : Kind == EXCEPTION_EXECUTE_FAULT ? "executing"
                                             : "reading";
}

void KiReportException(PETHREAD Thread, PEXCEPTION_RECORD Record, const seL4_UserContext *Registers)
{
    PEPROCESS Process = Thread->Process;

    DbgPrint("\n*** %ls (process %u, thread %u): unhandled exception %08x, %s", Process->ImageName,
             (ULONG)(ULONG_PTR)Process->UniqueProcessId, (ULONG)(ULONG_PTR)Thread->UniqueThreadId,
             (ULONG)Record->ExceptionCode, ExceptionName(Record->ExceptionCode));
    if (Record->NumberParameters >= 2 && (Record->ExceptionCode == STATUS_ACCESS_VIOLATION ||
                                          Record->ExceptionCode == STATUS_IN_PAGE_ERROR))
        DbgPrint(" %s 0x%llx", AccessName(Record->ExceptionInformation[0]),
                 (ULONGLONG)Record->ExceptionInformation[1]);
    DbgPrint("\n    at ");
    PrintPlace(Process, (ULONG_PTR)Record->ExceptionAddress);
    DbgPrint("\n");
    KiPrintRegisters(Registers, DbgPrint);
    PrintStack(Process, Registers);
}

void KeReportThread(PETHREAD Thread, const char *What)
{
    PEPROCESS Process = Thread->Process;
    seL4_UserContext Registers;

    DbgPrint("\n*** %ls (process %u, thread %u): %s\n", Process->ImageName,
             (ULONG)(ULONG_PTR)Process->UniqueProcessId, (ULONG)(ULONG_PTR)Thread->UniqueThreadId,
             What);
    if (seL4_TCB_ReadRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, &Registers) !=
        seL4_NoError)
        return;
    KiPrintRegisters(&Registers, DbgPrint);
    PrintStack(Process, &Registers);
}

#else

void KeReportThread(PETHREAD Thread, const char *What)
{
}

void KiReportException(PETHREAD Thread, PEXCEPTION_RECORD Record, const seL4_UserContext *Registers)
{
}

#endif
