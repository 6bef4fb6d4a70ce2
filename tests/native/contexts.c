/* SPDX-License-Identifier: BSD-2-Clause */
/* NtGetContextThread and NtSetContextThread: of threads in their program, in services, suspended or
 * not. */
#include "tap.h"
#include "registers.h"

static HANDLE Gate;
static volatile ULONG Begun, Arrived, Stop, Counter;
static volatile NTSTATUS WaitStatus;

static void Sleep(LONG Milliseconds)
{
    LARGE_INTEGER Time = {.QuadPart = -10000LL * Milliseconds};

    NtDelayExecution(FALSE, &Time);
}

static DECLSPEC_NORETURN void End(NTSTATUS Status)
{
    NtTerminateThread(NtCurrentThread(), Status);
    __builtin_trap();
}

static NTSTATUS NTAPI Spin(PVOID Argument)
{
    Begun = 1;
    while (!Stop)
        Counter++;
    return 0x11;
}

static NTSTATUS NTAPI Wait(PVOID Argument)
{
    Begun = 1;
    WaitStatus = NtWaitForSingleObject(Gate, FALSE, NULL);
    return 0x22;
}

/* Where threads are sent. */
static void Arrive(void)
{
    Arrived++;
    End(0x33);
}

static HANDLE Start(PUSER_THREAD_START_ROUTINE Routine)
{
    HANDLE Thread = NULL;

    Begun = Arrived = Stop = 0;
    WaitStatus = 0x7777;
    NtResetEvent(Gate, NULL);
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Routine, NULL, 0, 0, 0,
                     0, NULL);
    while (!Begun)
        Sleep(1);
    Sleep(10);
    return Thread;
}

static NTSTATUS Finish(HANDLE Thread)
{
    THREAD_BASIC_INFORMATION Basic = {0};
    LARGE_INTEGER Limit = {.QuadPart = -30000000};

    if (NtWaitForSingleObject(Thread, FALSE, &Limit) != STATUS_SUCCESS)
        NtTerminateThread(Thread, STATUS_TIMEOUT);
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    NtClose(Thread);
    return Basic.ExitStatus;
}

/* As if it had been called. */
static void SendTo(PCONTEXT Context, void (*Routine)(void))
{
    PROGRAM_COUNTER(Context) = (ULONG_PTR)Routine;
    STACK_POINTER(Context) = ALIGN_DOWN_BY(STACK_POINTER(Context) - 64, 16) - sizeof(PVOID);
}

static BOOLEAN IsIn(PCONTEXT Context, const void *Base)
{
    PVOID Found;

    return RtlPcToFileHeader((PVOID)PROGRAM_COUNTER(Context), &Found) == Base;
}

static PVOID NtdllBase(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"ntdll.dll");
    PVOID Base = NULL;

    LdrGetDllHandle(NULL, NULL, &Name, &Base);
    return Base;
}

static void TestProgram(BOOLEAN Suspended)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER};
    HANDLE Thread = Start(Spin);

    if (Suspended)
        NtSuspendThread(Thread, NULL);
    ok_status(NtGetContextThread(Thread, &Context), STATUS_SUCCESS,
              Suspended ? "the context of a suspended thread" : "of one that runs");
    ok(IsIn(&Context, NtCurrentPeb()->ImageBaseAddress), "it is in its program");
    SendTo(&Context, Arrive);
    ok_status(NtSetContextThread(Thread, &Context), STATUS_SUCCESS, "send it elsewhere");
    if (Suspended) {
        CONTEXT Again = {.ContextFlags = CONTEXT_CONTROL};

        Sleep(10);
        ok(!Arrived, "it does not run");
        NtGetContextThread(Thread, &Again);
        ok(PROGRAM_COUNTER(&Again) == (ULONG_PTR)Arrive, "but shows where it will");
        NtResumeThread(Thread, NULL);
    }
    ok_status(Finish(Thread), 0x33, "it goes on there");
}

/* Suspended: before the service has ended, or after. */
static void TestService(BOOLEAN Suspended, BOOLEAN Ended)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER};
    HANDLE Thread = Start(Wait);

    if (Suspended)
        NtSuspendThread(Thread, NULL);
    if (Ended)
        NtSetEvent(Gate, NULL);
    Sleep(10);
    ok_status(NtGetContextThread(Thread, &Context), STATUS_SUCCESS,
              "the context of a thread in a service");
    ok(IsIn(&Context, NtdllBase()), "it is in ntdll");
    ok_status(NtSetContextThread(Thread, &Context), STATUS_SUCCESS, "set it as it is");
    SendTo(&Context, Arrive);
    ok_status(NtSetContextThread(Thread, &Context), STATUS_SUCCESS, "send it elsewhere");
    Sleep(10);
    ok(!Arrived, "the service goes on first");
    NtSetEvent(Gate, NULL);
    if (Suspended)
        NtResumeThread(Thread, NULL);
    ok_status(Finish(Thread), 0x33, "the thread goes on there");
}

static void TestUnchanged(BOOLEAN Suspended, BOOLEAN Ended)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    HANDLE Thread = Start(Wait);

    if (Suspended)
        NtSuspendThread(Thread, NULL);
    if (Ended)
        NtSetEvent(Gate, NULL);
    Sleep(10);
    NtGetContextThread(Thread, &Context);
    NtSetContextThread(Thread, &Context);
    NtSetEvent(Gate, NULL);
    if (Suspended)
        NtResumeThread(Thread, NULL);
    ok(Finish(Thread) == 0x22 && WaitStatus == STATUS_SUCCESS,
       "a context that is set as it was changes nothing");
}

static volatile float SeenFloat;

static void ArriveWithVector(void)
{
    __asm__ volatile("movss %%xmm3, %0" : "=m"(SeenFloat));
    End(0x44);
}

static void TestFloating(HANDLE Thread, const char *Name)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    float Value = 42;

    NtSuspendThread(Thread, NULL);
    NtGetContextThread(Thread, &Context);
    SetVector(&Context, 3, Value);
    SendTo(&Context, ArriveWithVector);
    SeenFloat = 0;
    ok_status(NtSetContextThread(Thread, &Context), STATUS_SUCCESS, Name);
    memset(&Context, 0, sizeof(Context));
    Context.ContextFlags = CONTEXT_CONTROL;
    NtGetContextThread(Thread, &Context);
    ok(PROGRAM_COUNTER(&Context) == (ULONG_PTR)ArriveWithVector, "it shows the context set");
    NtSetEvent(Gate, NULL);
    NtResumeThread(Thread, NULL);
    ok(Finish(Thread) == 0x44 && SeenFloat == Value, "and goes on with it");
}

static volatile ULONG Steps;

static LONG NTAPI StepHandler(PEXCEPTION_POINTERS Pointers)
{
    if (Pointers->ExceptionRecord->ExceptionCode != STATUS_SINGLE_STEP)
        return EXCEPTION_CONTINUE_SEARCH;
    if (++Steps < 5)
        Pointers->ContextRecord->EFlags |= EFLAGS_TRAP;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void TestSteps(void)
{
    PVOID Handler = RtlAddVectoredExceptionHandler(TRUE, StepHandler);
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    HANDLE Thread = Start(Spin);

    Steps = 0;
    NtSuspendThread(Thread, NULL);
    NtGetContextThread(Thread, &Context);
    Context.EFlags |= EFLAGS_TRAP;
    ok_status(NtSetContextThread(Thread, &Context), STATUS_SUCCESS, "set the trap flag");
    NtResumeThread(Thread, NULL);
    Sleep(30);
    Stop = 1;
    ok_status(Finish(Thread), 0x11, "the thread goes on");
    ok(Steps == 5, "step by step as long as its handler wants");
    RtlRemoveVectoredExceptionHandler(Handler);
}

static void TestOthers(void)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_DEBUG_REGISTERS, .Dr0 = 0x1234, .Dr7 = 1};
    HANDLE Thread = Start(Spin);

    NtSetContextThread(Thread, &Context);
    Context.Dr0 = Context.Dr7 = 0;
    NtGetContextThread(Thread, &Context);
    ok(Context.Dr0 == 0x1234 && Context.Dr7 == 1, "debug registers are kept");
    Stop = 1;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    ok_status(NtGetContextThread(Thread, &Context), STATUS_THREAD_IS_TERMINATING,
              "of a thread that has ended");
    NtClose(Thread);
    ok_status(NtGetContextThread(Gate, &Context), STATUS_OBJECT_TYPE_MISMATCH, "of an event");
    ok_status(NtGetContextThread(NtCurrentThread(), (PCONTEXT)8), STATUS_ACCESS_VIOLATION,
              "to nowhere");
    Context.ContextFlags = 0x00400001;
    ok_status(NtGetContextThread(NtCurrentThread(), &Context), STATUS_INVALID_PARAMETER,
              "of another processor");
    Context.ContextFlags = CONTEXT_CONTROL;
    ok_status(NtGetContextThread(NtCurrentThread(), &Context), STATUS_SUCCESS, "my own");
    ok(IsIn(&Context, NtdllBase()) &&
           STACK_POINTER(&Context) >= (ULONG_PTR)NtCurrentTeb()->NtTib.StackLimit &&
           STACK_POINTER(&Context) < (ULONG_PTR)NtCurrentTeb()->NtTib.StackBase,
       "it is in ntdll, on my stack");
}

static PVOID RoutineOf(PCSTR Name)
{
    ANSI_STRING String;
    PVOID Address = NULL;

    RtlInitAnsiString(&String, Name);
    LdrGetProcedureAddress(NtdllBase(), &String, 0, &Address);
    return Address;
}

/* A thread that takes out the first entry of a list finds it gone: it goes on, and finds its
 * way out of the routine to where the stack says. */
static void TestSList(void)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    PVOID Fault = RoutineOf("ExpInterlockedPopEntrySListFault");
    HANDLE Thread = Start(Spin);
    ULONG_PTR *Stack;

    ok(Fault != NULL && RoutineOf("ExpInterlockedPopEntrySListResume") > Fault,
       "ntdll says where it may happen");
    NtSuspendThread(Thread, NULL);
    NtGetContextThread(Thread, &Context);
    Stack = (ULONG_PTR *)ALIGN_DOWN_BY(STACK_POINTER(&Context) - 256, 16);
    for (ULONG i = 0; i < 16; i++)
        Stack[i] = (ULONG_PTR)Arrive;
    STACK_POINTER(&Context) = (ULONG_PTR)Stack;
    PROGRAM_COUNTER(&Context) = (ULONG_PTR)Fault;
    SetAllRegisters(&Context, 0x30);
    NtSetContextThread(Thread, &Context);
    NtResumeThread(Thread, NULL);
    ok_status(Finish(Thread), 0x33, "a read that fails there goes on behind it");
}

/* ---- Floating-point state of other threads ---- */

#define MARK 0x3fc00000u /* 1.5f */

/* In all lanes of XMM7. */
static void SetMark(void)
{
    ULONG Lanes[4] = {MARK, MARK + 1, MARK + 2, MARK + 3};

    __asm__ volatile("movups %0, %%xmm7" : : "m"(Lanes));
}

static BOOLEAN HasMark(void)
{
    ULONG Lanes[4];

    __asm__ volatile("movups %%xmm7, %0" : "=m"(Lanes));
    return Lanes[0] == MARK && Lanes[1] == MARK + 1 && Lanes[2] == MARK + 2 && Lanes[3] == MARK + 3;
}

static NTSTATUS NTAPI SpinMarked(PVOID Argument)
{
    SetMark();
    Begun = 1;
    while (!Stop)
        Counter++;
    return HasMark() ? 0x51 : 0x50;
}

static NTSTATUS NTAPI WaitMarked(PVOID Argument)
{
    SetMark();
    Begun = 1;
    WaitStatus = NtWaitForSingleObject(Gate, FALSE, NULL);
    return HasMark() ? 0x52 : 0x50;
}

static BOOLEAN ShowsMark(HANDLE Thread)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL | ALL_FLOATING};
    ULONG Lanes[4];

    if (!NT_SUCCESS(NtGetContextThread(Thread, &Context)) ||
        (Context.ContextFlags & ALL_FLOATING) != ALL_FLOATING)
        return FALSE;
    GetVector(&Context, 7, Lanes);
    return Lanes[0] == MARK && Lanes[1] == MARK + 1 && Lanes[2] == MARK + 2 && Lanes[3] == MARK + 3;
}

static void TestStateOfProgram(BOOLEAN Suspended)
{
    HANDLE Thread = Start(SpinMarked);
    ULONG Before;

    if (Suspended)
        NtSuspendThread(Thread, NULL);
    Before = Counter;
    ok(ShowsMark(Thread),
       Suspended ? "the floating-point state of a suspended thread" : "of one that runs");
    ok(ShowsMark(Thread), "again");
    if (Suspended) {
        Sleep(30);
        ok(Counter == Before, "it has not run on");
        NtResumeThread(Thread, NULL);
    }
    Sleep(30);
    ok(Counter != Before, "it runs");
    Stop = 1;
    ok_status(Finish(Thread), 0x51, "and keeps its state");
}

static void TestStateOfService(BOOLEAN Suspended, BOOLEAN Ended)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL}, After = Context;
    HANDLE Thread = Start(WaitMarked);

    if (Suspended)
        NtSuspendThread(Thread, NULL);
    if (Ended)
        NtSetEvent(Gate, NULL);
    Sleep(10);
    NtGetContextThread(Thread, &Context);
    ok(ShowsMark(Thread), "the floating-point state of a thread in a service");
    NtGetContextThread(Thread, &After);
    ok(PROGRAM_COUNTER(&Context) == PROGRAM_COUNTER(&After) &&
           STACK_POINTER(&Context) == STACK_POINTER(&After),
       "it shows itself where it was");
    ok(ShowsMark(Thread), "again");
    Sleep(10);
    ok(WaitStatus == 0x7777, "it has not gone on");
    NtSetEvent(Gate, NULL);
    if (Suspended) {
        Sleep(10);
        ok(WaitStatus == 0x7777, "nor does it while it is suspended");
        NtResumeThread(Thread, NULL);
    }
    ok_status(Finish(Thread), 0x52, "it keeps its state");
    ok_status(WaitStatus, STATUS_SUCCESS, "and its service's status");
}

static NTSTATUS NTAPI AskOther(PVOID Thread)
{
    ULONG Right = 0;

    for (ULONG i = 0; i < 50; i++)
        Right += ShowsMark(Thread);
    return (NTSTATUS)Right;
}

/* Several ask for the same, which is suspended and resumed meanwhile. */
static void TestStateForMany(void)
{
    HANDLE Thread = Start(SpinMarked), Others[3];

    for (ULONG i = 0; i < ARRAYSIZE(Others); i++)
        NtCreateThreadEx(&Others[i], THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), AskOther, Thread,
                         0, 0, 0, 0, NULL);
    for (ULONG i = 0; i < 20; i++) {
        NtSuspendThread(Thread, NULL);
        Sleep(1);
        NtResumeThread(Thread, NULL);
    }
    for (ULONG i = 0; i < ARRAYSIZE(Others); i++)
        ok_status(Finish(Others[i]), 50, "each gets the state each time");
    Stop = 1;
    ok_status(Finish(Thread), 0x51, "and the thread keeps it");
}

static void TestStateOfOwn(void)
{
    SetMark();
    ok(ShowsMark(NtCurrentThread()), "a thread's own state");
    ok(HasMark(), "is kept");
}

static void TestStateOfEnding(void)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL | ALL_FLOATING};
    HANDLE Thread = NULL, Other;

    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Spin, NULL,
                     THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0, NULL);
    ok_status(NtGetContextThread(Thread, &Context), STATUS_SUCCESS, "one that has never run");
    ok(!(Context.ContextFlags & ALL_FLOATING & ~CONTEXT_CONTROL), "has none yet");
    NtTerminateThread(Thread, 0);
    Finish(Thread);
    Thread = Start(SpinMarked);
    NtCreateThreadEx(&Other, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), AskOther, Thread, 0, 0, 0,
                     0, NULL);
    Sleep(5);
    NtTerminateThread(Thread, 0x61);
    ok_status(Finish(Thread), 0x61, "a thread ends while it is asked");
    ok((ULONG)Finish(Other) <= 50, "and who asks goes on");
}

static void NTAPI CountArrival(PVOID Normal, PVOID First, PVOID Second)
{
    Arrived++;
}

static NTSTATUS NTAPI ContinueWithParts(PVOID Flags)
{
    CONTEXT Context = {.ContextFlags = (ULONG)(ULONG_PTR)Flags};

    Arrived = 0;
    NtContinue(&Context, FALSE);
    NtContinue(&Context, TRUE);
    NtQueueApcThread(NtCurrentThread(), CountArrival, NULL, NULL, NULL);
    NtContinue(&Context, TRUE);
    return Arrived == 1 ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

/* What a context does not name stays, so the thread goes on behind its call. */
static void TestContinueWithParts(void)
{
    static const ULONG Parts[] = {0, CONTEXT_SEGMENTS, CONTEXT_FLOATING_POINT,
                                  CONTEXT_DEBUG_REGISTERS};

    for (ULONG i = 0; i < ARRAYSIZE(Parts); i++) {
        HANDLE Thread = NULL;

        NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), ContinueWithParts,
                         (PVOID)(ULONG_PTR)Parts[i], 0, 0, 0, 0, NULL);
        ok_status(Finish(Thread), STATUS_SUCCESS, "NtContinue without general registers returns");
    }
}

/* ---- NtContinueEx ---- */

static KCONTINUE_ARGUMENT ContinueArgument;

/* Goes on in Arrive; a routine that is queued is counted too. */
static NTSTATUS NTAPI ContinueToArrive(PVOID Argument)
{
    CONTEXT Context;

    RtlCaptureContext(&Context);
    Context.ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER;
    SendTo(&Context, Arrive);
    NtQueueApcThread(NtCurrentThread(), CountArrival, NULL, NULL, NULL);
    return NtContinueEx(&Context, Argument);
}

static NTSTATUS ContinueBy(PVOID Argument)
{
    HANDLE Thread = NULL;

    Arrived = 0;
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), ContinueToArrive,
                     Argument, 0, 0, 0, 0, NULL);
    return Finish(Thread);
}

static NTSTATUS ContinueByArgument(KCONTINUE_TYPE Type, ULONG Flags)
{
    ContinueArgument = (KCONTINUE_ARGUMENT){.ContinueType = Type, .ContinueFlags = Flags};
    return ContinueBy(&ContinueArgument);
}

static void TestContinueEx(void)
{
    CONTEXT Context = {0};

    ok_status(ContinueBy((PVOID)FALSE), 0x33, "NtContinueEx as NtContinue: FALSE");
    ok(Arrived == 1, "runs no routine that is queued");
    ok_status(ContinueBy((PVOID)TRUE), 0x33, "TRUE");
    ok(Arrived == 2, "runs it first");
    for (KCONTINUE_TYPE Type = KCONTINUE_UNWIND; Type < KCONTINUE_LAST; Type++) {
        ok_status(ContinueByArgument(Type, 0), 0x33, "with an argument of each type");
        ok(Arrived == 1, "that does not test for alerts");
        ok_status(ContinueByArgument(Type, KCONTINUE_FLAG_TEST_ALERT), 0x33, "and one that does");
        ok(Arrived == 2, "which runs the routine");
    }
    ok_status(ContinueByArgument(KCONTINUE_LAST, 0), STATUS_INVALID_PARAMETER,
              "a type that there is not");
    ok_status(ContinueByArgument(KCONTINUE_UNWIND, 0x80), STATUS_INVALID_PARAMETER,
              "a flag that there is not");
    ok(Arrived == 0, "goes nowhere");
    ok_status(ContinueBy((PVOID)0x100), STATUS_ACCESS_VIOLATION, "an argument at a bad address");
    ok_status(NtContinueEx((PCONTEXT)8, NULL), STATUS_ACCESS_VIOLATION,
              "a context at a bad address");
    ok_status(NtContinueEx(&Context, (PVOID)0x100), STATUS_ACCESS_VIOLATION,
              "the argument is looked at as well");
}

/* ---- A thread whose service has ended, and that has not run since ---- */

static HANDLE Called;

/* The fault lets the kernel see a stack pointer that is not the one of the service. */
static __attribute__((noinline)) NTSTATUS FaultAndCall(volatile UCHAR *FreshPage)
{
    NTSTATUS Status;

    *FreshPage = 1;
    Status = NtSetEvent(Called, NULL);
    return *FreshPage ? Status : STATUS_UNSUCCESSFUL;
}

static NTSTATUS NTAPI CallOnce(PVOID FreshPage)
{
    return FaultAndCall(FreshPage);
}

/* Whether the stub's return address lies above the registers that it has saved. */
static BOOLEAN IsStackOfStub(PCONTEXT Context)
{
    const ULONG_PTR *Words = (const ULONG_PTR *)STACK_POINTER(Context);

    for (ULONG i = 0; i < 6; i++)
        if (Words[i] - (ULONG_PTR)FaultAndCall < 0x100)
            return TRUE;
    return FALSE;
}

/* It has a lower priority than who has waited for it, and comes back here behind its call. */
static void TestStackBehindService(void)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL};
    SIZE_T Size = 0x1000;
    LONG Lower = -2;
    PVOID Page = NULL;
    HANDLE Thread;

    NtCreateEvent(&Called, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtAllocateVirtualMemory(NtCurrentProcess(), &Page, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                            PAGE_READWRITE);
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), CallOnce, Page,
                     THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0, NULL);
    NtSetInformationThread(Thread, ThreadBasePriority, &Lower, sizeof(Lower));
    NtResumeThread(Thread, NULL);
    NtWaitForSingleObject(Called, FALSE, NULL);
    NtSuspendThread(Thread, NULL);
    ok_status(NtGetContextThread(Thread, &Context), STATUS_SUCCESS,
              "the context of a thread that has not run since its service");
    ok(IsIn(&Context, NtdllBase()) && IsStackOfStub(&Context), "its stack pointer is the stub's");
    NtResumeThread(Thread, NULL);
    ok_status(Finish(Thread), STATUS_SUCCESS, "it goes on");
    NtClose(Called);
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Page, &Size, MEM_RELEASE);
}

/* Wherever the processor has more: what is kept for a thread is x87 and SSE. */
static void TestExtendedState(void)
{
    const XSTATE_CONFIGURATION *XState = &SharedUserData->XState;
    ULONG Flags = CONTEXT_FULL | CONTEXT_ARCHITECTURE | CONTEXT_XSTATE_PART, Length = 0, Legacy = 0;
    PCONTEXT_EX Ex = NULL;
    UCHAR Buffer[2048];

    ok(XState->EnabledFeatures == 3 && XState->EnabledVolatileFeatures == 3,
       "the enabled features are x87 and SSE");
    ok(XState->Size == 512 + 64 && XState->AllFeatureSize == XState->Size &&
           XState->Features[0].Offset == 0 && XState->Features[0].Size == 160 &&
           XState->Features[1].Offset == 160 && XState->Features[1].Size == 256 &&
           !XState->Features[2].Size,
       "and have their places in an area of FXSAVE");
    ok(RtlGetEnabledExtendedFeatures(~0ull) == 3 && RtlGetEnabledExtendedFeatures(2) == 2 &&
           RtlGetEnabledExtendedFeatures(4) == 0,
       "RtlGetEnabledExtendedFeatures says so; AVX is none of them");
    ok_status(RtlGetExtendedContextLength(Flags, &Length), STATUS_SUCCESS,
              "how long a context with extended state is");
    if (!ok(Length <= sizeof(Buffer), "no longer than that"))
        return;
    ok_status(RtlInitializeExtendedContext(Buffer, Flags, &Ex), STATUS_SUCCESS, "make one");
    ok(RtlLocateLegacyContext(Ex, &Legacy)->ContextFlags == Flags &&
           (PUCHAR)RtlLocateLegacyContext(Ex, NULL) + Legacy == (PUCHAR)Ex &&
           !RtlLocateExtendedFeature(Ex, 2, NULL) && !RtlGetExtendedFeaturesMask(Ex),
       "its parts");
}

void TestContexts(void)
{
    NtCreateEvent(&Gate, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    TestProgram(TRUE);
    TestProgram(FALSE);
    TestService(FALSE, FALSE);
    TestService(TRUE, FALSE);
    TestService(TRUE, TRUE);
    TestUnchanged(FALSE, FALSE);
    TestUnchanged(TRUE, FALSE);
    TestUnchanged(TRUE, TRUE);
    TestFloating(Start(Spin), "set floating-point state of a thread");
    TestFloating(Start(Wait), "of one in a service");
    TestSteps();
    TestStackBehindService();
    TestOthers();
    TestStateOfProgram(FALSE);
    TestStateOfProgram(TRUE);
    TestStateOfService(FALSE, FALSE);
    TestStateOfService(TRUE, FALSE);
    TestStateOfService(TRUE, TRUE);
    TestStateForMany();
    TestStateOfOwn();
    TestStateOfEnding();
    TestContinueWithParts();
    TestContinueEx();
    TestSList();
    TestExtendedState();
    NtClose(Gate);
}
