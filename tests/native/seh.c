/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Structured exception handling: __try, __except and __finally as the compiler makes them (on i386
 * for Microsoft's target, with the handler of arch/i386/handler3.c), nested, colliding, across
 * frames, and in a stack that has run out.
 */
#include "tap.h"
#include "registers.h"

#define CODE(n) ((NTSTATUS)(0xe0000000 + (n)))
#define NOINLINE __attribute__((noinline))

/* Where a test has come along, as a number: digit by digit. */
static volatile ULONG Trail;

static NOINLINE void Step(ULONG Digit)
{
    Trail = Trail * 10 + Digit;
}

static NOINLINE void Raise(ULONG Number, ULONG Flags)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = CODE(Number), .ExceptionFlags = Flags};

    RtlRaiseException(&Record);
}

static NOINLINE ULONG Read(volatile ULONG *Address)
{
    return *Address;
}

static LONG Decide(LONG Answer, ULONG Digit)
{
    Step(Digit);
    return Answer;
}

static NOINLINE void Except(void)
{
    __try {
        Step(1);
        Read((PULONG)8);
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 2)) {
        Step(3);
    }
    Step(4);
}

static NOINLINE void Pass(void)
{
    __try {
        __try {
            Raise(1, 0);
        } __except (Decide(EXCEPTION_CONTINUE_SEARCH, 1)) {
            Step(9);
        }
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 2)) {
        Step(3);
    }
}

static NOINLINE void GoOn(void)
{
    __try {
        Raise(2, 0);
        Step(2);
    } __except (Decide(EXCEPTION_CONTINUE_EXECUTION, 1)) {
        Step(9);
    }
    Step(3);
}

static NOINLINE void Finally(void)
{
    __try {
        Step(1);
    } __finally {
        Step(2);
    }
    Step(3);
}

static NOINLINE void FinallyInside(void)
{
    __try {
        __try {
            Raise(3, 0);
            Step(9); /* or else clang 14 makes the scopes overlap */
        } __finally {
            Step(2);
        }
    } __finally {
        Step(3);
    }
}

static NOINLINE void Unwinds(void)
{
    __try {
        FinallyInside();
        Step(9);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 1)) {
        Step(4);
    }
}

/* Its own exception comes to it too, before it is handled outside. */
static LONG RaisingFilter(NTSTATUS Status)
{
    Step(1);
    if (Status == CODE(4))
        Raise(5, 0);
    return EXCEPTION_CONTINUE_SEARCH;
}

static NOINLINE void FilterRaises(void)
{
    __try {
        __try {
            Raise(4, 0);
        } __except (RaisingFilter(_exception_code())) {
            Step(9);
        }
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 2)) {
        Step(3);
    }
}

static LONG CatchingFilter(void)
{
    __try {
        Raise(7, 0);
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 1)) {
        Step(2);
    }
    return EXCEPTION_EXECUTE_HANDLER;
}

static NOINLINE void FilterCatches(void)
{
    __try {
        Raise(6, 0);
    } __except (CatchingFilter()) {
        Step(3);
    }
}

/* An exception in a __finally block of an unwinding: that one is given up. */
static NOINLINE void FinallyRaises(void)
{
    __try {
        Raise(8, 0);
    } __finally {
        Step(2);
        Raise(9, 0);
        Step(9);
    }
}

static LONG Code(NTSTATUS Status, NTSTATUS Wanted, ULONG Digit)
{
    Step(Digit);
    return Status == Wanted ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_SEARCH;
}

static NOINLINE void Collides(void)
{
    __try {
        __try {
            __try {
                FinallyRaises();
            } __finally {
                Step(4);
            }
        } __except (Code(_exception_code(), CODE(8), 1)) {
            Step(9);
        }
    } __except (Code(_exception_code(), CODE(9), 3)) {
        Step(5);
    }
}

/* The __finally block of an unwinding catches its own exception, and the unwinding goes on. */
static NOINLINE void FinallyCatchesInside(void)
{
    __try {
        Raise(10, 0);
    } __finally {
        Step(2);
        Except();
        Step(5);
    }
}

static NOINLINE void FinallyCatches(void)
{
    __try {
        FinallyCatchesInside();
    } __except (Decide(EXCEPTION_EXECUTE_HANDLER, 1)) {
        Step(6);
    }
}

static LONG GoOnWith(NTSTATUS Status, NTSTATUS Wanted, ULONG Digit)
{
    Step(Digit);
    return Status == Wanted ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
}

static NOINLINE void NotContinuable(void)
{
    __try {
        __try {
            Raise(11, EXCEPTION_NONCONTINUABLE);
        } __except (GoOnWith(_exception_code(), CODE(11), 1)) {
            Step(9);
        }
    } __except (Code(_exception_code(), STATUS_NONCONTINUABLE_EXCEPTION, 2)) {
        Step(3);
    }
}

static NOINLINE void RaisesStatus(void)
{
    __try {
        RtlRaiseStatus(STATUS_NO_SUCH_DEVICE);
    } __except (Code(_exception_code(), STATUS_NO_SUCH_DEVICE, 1)) {
        Step(2);
    }
}

static LONG Repair(PEXCEPTION_POINTERS Pointers)
{
    Step(1);
    PROGRAM_COUNTER(Pointers->ContextRecord)++; /* INT3 is one byte */
    return EXCEPTION_CONTINUE_EXECUTION;
}

static NOINLINE void BreakHere(void)
{
    __asm__ volatile("int3");
    Step(2);
}

static NOINLINE void Repairs(void)
{
    __try {
        BreakHere();
        Step(3);
    } __except (Repair(_exception_info())) {
        Step(9);
    }
}

static const struct {
    void (*Run)(void);
    ULONG Trail;
    const char *Name;
} Ways[] = {
    {Except, 1234, "__except handles an exception"},
    {Pass, 123, "a filter passes it on"},
    {GoOn, 123, "a filter goes on where it was raised"},
    {Finally, 123, "__finally without exception"},
    {Unwinds, 1234, "__finally blocks are called after the filter, inner ones first"},
    {FilterRaises, 1123, "a filter raises another exception"},
    {FilterCatches, 123, "a filter handles one of its own"},
    {Collides, 121345, "a __finally block raises while frames are unwound"},
    {FinallyCatches, 12123456, "a __finally block handles one of its own"},
    {NotContinuable, 1123, "what cannot be continued"},
    {RaisesStatus, 12, "RtlRaiseStatus"},
    {Repairs, 123, "a filter changes the context"},
};

/* ---- A stack that has run out ---- */

static volatile ULONG Deepest = MAXULONG;

static NOINLINE ULONG Recurse(ULONG Depth)
{
    volatile UCHAR Room[2000];

    Room[Depth % sizeof(Room)] = (UCHAR)Depth;
    if (Depth == Deepest)
        return 0;
    return Recurse(Depth + 1) + Room[Depth % sizeof(Room)];
}

static NTSTATUS NTAPI OverflowingThread(PVOID Argument)
{
    NTSTATUS Status = STATUS_UNSUCCESSFUL;

    __try {
        Recurse(0);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Status = _exception_code();
    }
    return Status;
}

static void TestOverflow(void)
{
    THREAD_BASIC_INFORMATION Basic = {0};
    HANDLE Thread;

    if (!ok_status(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                    OverflowingThread, NULL, 0, 0, 0, 0, NULL),
                   STATUS_SUCCESS, "a thread that uses up its stack"))
        return;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    ok_status(Basic.ExitStatus, STATUS_STACK_OVERFLOW, "handles that as an exception");
    NtClose(Thread);
}

void TestSeh(void)
{
    BOOLEAN Kept = TRUE;
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Ways); i++) {
        Trail = 0;
        Kept &= KeepsRegisters(Ways[i].Run);
        if (!ok(Trail == Ways[i].Trail, Ways[i].Name))
            TapPrint("# trail %u, expected %u\n", Trail, Ways[i].Trail);
    }
    ok(Kept, "all give their callers' registers back");
    TestOverflow();
}
