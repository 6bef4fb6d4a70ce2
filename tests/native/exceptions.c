/* SPDX-License-Identifier: BSD-2-Clause */
/* What the processor's exceptions look like to a program, and that it can go on from them. The
 * routines of arch/.../faults.S cause them. */
#include "tap.h"
#include <neptune/abi.h>
#include "registers.h"

typedef void(FASTCALL FAULT)(PVOID Argument);

#define FAULT_ROUTINE(name)                                                                        \
    FAULT name;                                                                                    \
    extern UCHAR name##_At[]

FAULT_ROUTINE(FaultDivide);
FAULT_ROUTINE(FaultOverflow);
FAULT_ROUTINE(FaultOverflowMemory);
FAULT_ROUTINE(FaultBreakpoint);
FAULT_ROUTINE(FaultInvalid);
FAULT_ROUTINE(FaultHalt);
FAULT_ROUTINE(FaultClearInterrupts);
FAULT_ROUTINE(FaultRead);
FAULT_ROUTINE(FaultWrite);
FAULT_ROUTINE(FaultExecute);
FAULT_ROUTINE(FaultStep);
FAULT_ROUTINE(FaultFpu);
FAULT_ROUTINE(FaultSimd);
FAULT_ROUTINE(FaultInvalidBesideSimd);
FAULT_ROUTINE(FaultAssertion);
#if defined(__i386__)
FAULT_ROUTINE(FaultInto);
FAULT_ROUTINE(FaultBound);
#else
FAULT_ROUTINE(FaultOverflowIndexed);
#endif

static const UCHAR One = 1;
static const ULONG_PTR Words[2] __attribute__((unused)) = {1, 1};
static const LONG Bounds[2] __attribute__((unused)) = {0, 1};

#define AT(name) name, name##_At

static const struct {
    const char *Name;
    FAULT *Routine;
    PVOID At; /* ExceptionAddress and program counter; NULL: the argument */
    const void *Argument;
    NTSTATUS Code;
    ULONG Parameters;
    ULONG_PTR First, Second;
} Faults[] = {
    {"division by zero", AT(FaultDivide), NULL, STATUS_INTEGER_DIVIDE_BY_ZERO},
    {"the quotient does not fit", AT(FaultOverflow), NULL, STATUS_INTEGER_OVERFLOW},
    {"the same with memory", AT(FaultOverflowMemory), &One, STATUS_INTEGER_OVERFLOW},
    {"INT3", AT(FaultBreakpoint), NULL, STATUS_BREAKPOINT, 1, 0},
    {"UD2", AT(FaultInvalid), NULL, STATUS_ILLEGAL_INSTRUCTION},
    {"HLT", AT(FaultHalt), NULL, STATUS_PRIVILEGED_INSTRUCTION},
    {"CLI", AT(FaultClearInterrupts), NULL, STATUS_PRIVILEGED_INSTRUCTION},
    {"reading nothing", AT(FaultRead), (PVOID)8, STATUS_ACCESS_VIOLATION, 2, EXCEPTION_READ_FAULT,
     8},
    {"writing nothing", AT(FaultWrite), (PVOID)16, STATUS_ACCESS_VIOLATION, 2,
     EXCEPTION_WRITE_FAULT, 16},
    {"writing what is constant", AT(FaultWrite), &One, STATUS_ACCESS_VIOLATION, 2,
     EXCEPTION_WRITE_FAULT, (ULONG_PTR)&One},
    {"executing nothing", FaultExecute, NULL, (PVOID)0x1230, STATUS_ACCESS_VIOLATION, 2,
     EXCEPTION_EXECUTE_FAULT, 0x1230},
    {"the trap flag", AT(FaultStep), NULL, STATUS_SINGLE_STEP},
    {"the FPU divides by zero", AT(FaultFpu), NULL, STATUS_FLOAT_DIVIDE_BY_ZERO, 1, 0},
    {"SSE divides by zero", AT(FaultSimd), NULL, SIMD_DIVISION, 2, 0, 0x1d84},
    {"UD2 while a flag of SSE is set", AT(FaultInvalidBesideSimd), NULL,
     STATUS_ILLEGAL_INSTRUCTION},
    {"INT 2C", AT(FaultAssertion), NULL, STATUS_ASSERTION_FAILURE},
#if defined(__i386__)
    {"BOUND", AT(FaultBound), Bounds, STATUS_ARRAY_BOUNDS_EXCEEDED},
#else
    {"the same with an index", AT(FaultOverflowIndexed), Words, STATUS_INTEGER_OVERFLOW},
    {"an address that cannot be", AT(FaultRead), (PVOID)0x8000000000000000, STATUS_ACCESS_VIOLATION,
     2, EXCEPTION_READ_FAULT, MAXULONG_PTR},
#endif
};

static EXCEPTION_RECORD Seen;
static CONTEXT SeenContext;
static volatile ULONG Calls, Continued;

/* Makes the routine return. */
static LONG NTAPI ReturnHandler(PEXCEPTION_POINTERS Pointers)
{
    PCONTEXT Context = Pointers->ContextRecord;

    Calls++;
    Seen = *Pointers->ExceptionRecord;
    SeenContext = *Context;
    PROGRAM_COUNTER(Context) = *(PULONG_PTR)STACK_POINTER(Context);
    STACK_POINTER(Context) += sizeof(ULONG_PTR);
    CalmFpu(Context);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static LONG NTAPI CountContinuations(PEXCEPTION_POINTERS Pointers)
{
    Continued++;
    return EXCEPTION_CONTINUE_SEARCH;
}

/* Returns the number of exceptions. */
static ULONG CheckFault(ULONG i)
{
    ULONG_PTR At = (ULONG_PTR)(Faults[i].At ? Faults[i].At : Faults[i].Argument);

    Calls = 0;
    memset(&Seen, 0, sizeof(Seen));
    Faults[i].Routine((PVOID)Faults[i].Argument);
    if (!Calls && Faults[i].Routine == FaultSimd) {
        DbgPrint("# this emulator has no exceptions of SSE\n");
        return 0;
    }
    ok_status(Seen.ExceptionCode, Faults[i].Code, Faults[i].Name);
    ok(Calls == 1 && Seen.NumberParameters == Faults[i].Parameters &&
           Seen.ExceptionInformation[0] == Faults[i].First &&
           Seen.ExceptionInformation[1] == Faults[i].Second && !Seen.ExceptionFlags &&
           !Seen.ExceptionRecord,
       "... once, with its parameters");
    ok((ULONG_PTR)Seen.ExceptionAddress == At && PROGRAM_COUNTER(&SeenContext) == At,
       "... at its instruction");
    return Calls;
}

static void TestFaults(void)
{
    PVOID Handler = RtlAddVectoredExceptionHandler(TRUE, ReturnHandler);
    PVOID ContinueHandler = RtlAddVectoredContinueHandler(TRUE, CountContinuations);
    ULONG Expected = 0;

    Continued = 0;
    for (ULONG i = 0; i < ARRAYSIZE(Faults); i++)
        Expected += CheckFault(i);
    ok(Continued == Expected, "continue handlers are called each time");
    ok(RtlRemoveVectoredContinueHandler(ContinueHandler) &&
           !RtlRemoveVectoredContinueHandler(ContinueHandler),
       "a handler is removed once");
    ok(RtlRemoveVectoredExceptionHandler(Handler), "the other too");
}

#if defined(__i386__)
/* INTO is reported where it is, but the program goes on behind it. */
static void TestInto(void)
{
    PVOID Handler = RtlAddVectoredExceptionHandler(TRUE, ReturnHandler);

    memset(&Seen, 0, sizeof(Seen));
    FaultInto(NULL);
    ok(Seen.ExceptionCode == STATUS_INTEGER_OVERFLOW && Seen.ExceptionAddress == FaultInto_At &&
           PROGRAM_COUNTER(&SeenContext) == (ULONG_PTR)FaultInto_At + 1,
       "INTO");
    RtlRemoveVectoredExceptionHandler(Handler);
}
#endif

void CDECL KeepRegisters(void);
extern UCHAR KeepRegisters_At[];
extern ULONG_PTR KeptRegisters[16];
extern float KeptVectors[16];
extern ULONG KeptFloats[2];
extern BOOLEAN KeptCarry;

static LONG NTAPI SkipHandler(PEXCEPTION_POINTERS Pointers)
{
    float Clobber = 0;

    __asm__ volatile("fninit\n\tfldz\n\tmovss %0, %%xmm0\n\tmovss %0, %%xmm7"
                     :
                     : "m"(Clobber)
                     : "xmm0", "xmm7");
    if (Pointers->ExceptionRecord->ExceptionAddress != KeepRegisters_At)
        return EXCEPTION_CONTINUE_SEARCH;
    PROGRAM_COUNTER(Pointers->ContextRecord)++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void TestRegisters(void)
{
    PVOID Handler = RtlAddVectoredExceptionHandler(TRUE, SkipHandler);
    ULONG Count = sizeof(PVOID) == 8 ? 15 : 7, i;
    BOOLEAN General = TRUE, Vectors = TRUE;

    KeepRegisters();
    for (i = 0; i < Count; i++)
        General &= KeptRegisters[i] == 0x1000 + i;
    ok(General && KeptCarry, "general registers and flags are kept over an exception");
    for (i = 0; i < (sizeof(PVOID) == 8 ? 16 : 8); i++) {
        LONG Value = 0xabcd + 0x100 + (LONG)i;
        Vectors &= KeptVectors[i] == (float)Value;
    }
    ok(Vectors, "vector registers too");
    ok(KeptFloats[0] == 0x40490fdb && KeptFloats[1] == 0x3f800000, "the FPU's too");
    RtlRemoveVectoredExceptionHandler(Handler);
}

/* ---- Raised by programs ---- */

static LONG NTAPI SoftwareHandler(PEXCEPTION_POINTERS Pointers)
{
    if (Pointers->ExceptionRecord->ExceptionCode != (NTSTATUS)0xe0001234)
        return EXCEPTION_CONTINUE_SEARCH;
    Calls++;
    Seen = *Pointers->ExceptionRecord;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void TestRaise(void)
{
    PVOID Handler = RtlAddVectoredExceptionHandler(FALSE, SoftwareHandler);
    EXCEPTION_RECORD Record = {.ExceptionCode = (NTSTATUS)0xe0001234,
                               .NumberParameters = 3,
                               .ExceptionInformation = {7, 8, 9}};
    volatile ULONG Kept = 0x55;
    CONTEXT Context;
    PVOID Base;

    Calls = 0;
    RtlRaiseException(&Record);
    ok(Calls == 1 && Kept == 0x55, "an exception that is raised and continued");
    ok(Seen.NumberParameters == 3 && Seen.ExceptionInformation[2] == 9, "it has its parameters");
    ok(Seen.ExceptionAddress &&
           RtlPcToFileHeader(Seen.ExceptionAddress, &Base) == NtCurrentPeb()->ImageBaseAddress,
       "its address is the caller's");
    Record.NumberParameters = EXCEPTION_MAXIMUM_PARAMETERS + 1;
    RtlCaptureContext(&Context);
    ok_status(NtRaiseException(&Record, &Context, TRUE), STATUS_INVALID_PARAMETER,
              "too many parameters");
    ok_status(NtRaiseException((PEXCEPTION_RECORD)8, &Context, TRUE), STATUS_ACCESS_VIOLATION,
              "a record that is not there");
    RtlRemoveVectoredExceptionHandler(Handler);
}

/* ---- Guard pages ---- */

static void TestGuardPage(void)
{
    PVOID Handler = RtlAddVectoredExceptionHandler(TRUE, ReturnHandler);
    PVOID Base = NULL;
    SIZE_T Size = 0x1000;

    ok_status(NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                                      PAGE_READWRITE | PAGE_GUARD),
              STATUS_SUCCESS, "allocate a guard page");
    Calls = 0;
    FaultWrite((PUCHAR)Base + 5);
    ok(Calls == 1 && Seen.ExceptionCode == STATUS_GUARD_PAGE_VIOLATION &&
           Seen.NumberParameters == 2 && Seen.ExceptionInformation[0] == EXCEPTION_WRITE_FAULT &&
           Seen.ExceptionInformation[1] == (ULONG_PTR)Base + 5,
       "touching it is an exception");
    FaultWrite(Base);
    ok(Calls == 1, "and then it is an ordinary page");
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
    RtlRemoveVectoredExceptionHandler(Handler);
}

/* ---- Ends of processes ---- */

static LONG NTAPI EndingFilter(PEXCEPTION_POINTERS Pointers)
{
    return EXCEPTION_EXECUTE_HANDLER;
}

static LONG NTAPI SkippingFilter(PEXCEPTION_POINTERS Pointers)
{
    PROGRAM_COUNTER(Pointers->ContextRecord)++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void FaultOn(ULONG_PTR StackPointer)
{
#if defined(__x86_64__)
    __asm__ volatile("movq %0, %%rsp\n\tud2" : : "r"(StackPointer));
#else
    __asm__ volatile("movl %0, %%esp\n\tud2" : : "r"(StackPointer));
#endif
}

/* The child's half: what becomes of an exception that nobody handles. */
NTSTATUS ExceptionChild(ULONG Number)
{
    switch (Number) {
    case 0:
        FaultInvalid(NULL);
        break;
    case 1:
        RtlSetUnhandledExceptionFilter(EndingFilter);
        FaultDivide(NULL);
        break;
    case 2:
        RtlSetUnhandledExceptionFilter(SkippingFilter);
        FaultBreakpoint(NULL);
        return 0x77;
    case 3:
        RtlAddVectoredExceptionHandler(TRUE, ReturnHandler);
        __asm__ volatile("int $0x29" : : "c"(5));
        break;
    case 4:
        FaultOn(0x100);
        break;
    case 5:
        FaultOn(~(ULONG_PTR)0xffff);
        break;
    case 6:
        FaultOn(NEPTUNE_SHARED_USER_DATA + 0x800);
        break;
    case 7:
        FaultOn((ULONG_PTR)FaultOn);
        break;
#if defined(__i386__)
    case 10:
    case 11:
    case 12:
        return ChainChild(Number - 10);
#endif
    }
    return STATUS_SUCCESS;
}

static void TestEnds(void)
{
    ok_status(RunSelf(u"umtests exception 0", 5), STATUS_ILLEGAL_INSTRUCTION,
              "an exception that nobody handles ends its process");
    ok_status(RunSelf(u"umtests exception 1", 5), STATUS_INTEGER_DIVIDE_BY_ZERO,
              "a filter of last resort that ends it");
    ok_status(RunSelf(u"umtests exception 2", 5), 0x77, "one that goes on");
    ok_status(RunSelf(u"umtests exception 3", 5), STATUS_STACK_BUFFER_OVERRUN,
              "no handler sees __fastfail");
    ok_status(RunSelf(u"umtests exception 4", 5), STATUS_ILLEGAL_INSTRUCTION,
              "an exception with the stack pointer at nothing");
    ok_status(RunSelf(u"umtests exception 5", 5), STATUS_ILLEGAL_INSTRUCTION,
              "... in the kernel's half");
    ok_status(RunSelf(u"umtests exception 6", 5), STATUS_ILLEGAL_INSTRUCTION,
              "... in memory that is the system's");
    ok_status(RunSelf(u"umtests exception 7", 5), STATUS_ILLEGAL_INSTRUCTION, "... in code");
}

void TestExceptions(void)
{
    ok(KeepsRegisters(TestFaults), "no exception costs a register that is the caller's");
#if defined(__i386__)
    TestInto();
#endif
    TestRegisters();
    ok(KeepsRegisters(TestRaise), "nor do those that programs raise");
    TestGuardPage();
    TestEnds();
    TestSeh();
    TestJumps();
    TestUnwind();
}
