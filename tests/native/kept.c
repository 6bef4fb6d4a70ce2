/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the system keeps of ended threads and processes for the next ones must not show: a new
 * thread is new in all its parts, a new process has ntdll as the file has it, and what has ended is
 * gone.
 */
#include "tap.h"
#include "../../base/program/program.h"

#define PATTERN 0x5a
#define DEEP 1024 /* bytes of stack, all within its highest page */
#define CHANGED_MXCSR 0x1fa0
#define CHANGED_FCW 0x027f

static struct {
    PVOID Teb, StackBase, StackLimit, StackAllocation;
    CLIENT_ID Id;
    ULONG Patterns, Mxcsr;
    USHORT Fcw;
    BOOLEAN FieldsAreZero;
    KPRIORITY Priority;
} Seen;

static ULONG ReadMxcsr(void)
{
    ULONG Value;

    __asm__ volatile("stmxcsr %0" : "=m"(Value));
    return Value;
}

static USHORT ReadFcw(void)
{
    USHORT Value;

    __asm__ volatile("fnstcw %0" : "=m"(Value));
    return Value;
}

/* Runs of a pattern that no program leaves by chance. */
static ULONG CountPatterns(volatile UCHAR *From, volatile UCHAR *To)
{
    ULONG Count = 0, Run = 0;

    for (; From < To; From++) {
        Run = *From == PATTERN ? Run + 1 : 0;
        Count += Run == 16;
    }
    return Count;
}

/* The page that the stack begins with, as far as this thread does not use it. */
static __attribute__((noinline)) void Look(PTEB Teb)
{
    THREAD_BASIC_INFORMATION Basic = {0};
    volatile UCHAR Here = 0;

    NtQueryInformationThread(NtCurrentThread(), ThreadBasicInformation, &Basic, sizeof(Basic),
                             NULL);
    Seen.Teb = Teb;
    Seen.StackBase = Teb->NtTib.StackBase;
    Seen.StackLimit = Teb->NtTib.StackLimit;
    Seen.StackAllocation = Teb->DeallocationStack;
    Seen.Id = Basic.ClientId;
    Seen.Priority = Basic.Priority;
    Seen.Patterns = CountPatterns((PUCHAR)Seen.StackBase - PAGE_SIZE, &Here - DEEP);
    Seen.FieldsAreZero = !Teb->LastErrorValue && !Teb->TlsSlots[9] && !Teb->UserReserved[1];
}

static __attribute__((noinline)) void Soil(PTEB Teb)
{
    volatile UCHAR Bytes[DEEP];

    for (ULONG i = 0; i < DEEP; i++)
        Bytes[i] = PATTERN;
    memset((PUCHAR)Teb->NtTib.StackBase - PAGE_SIZE, PATTERN, 512);
    Teb->LastErrorValue = 5;
    Teb->TlsSlots[9] = Teb;
    Teb->UserReserved[1] = 7;
}

static NTSTATUS NTAPI SoilingThread(PVOID Argument)
{
    ULONG Mxcsr = CHANGED_MXCSR;
    USHORT Fcw = CHANGED_FCW;

    Seen.Mxcsr = ReadMxcsr();
    Seen.Fcw = ReadFcw();
    Look(NtCurrentTeb());
    Soil(NtCurrentTeb());
    __asm__ volatile("ldmxcsr %0" : : "m"(Mxcsr));
    __asm__ volatile("fldcw %0" : : "m"(Fcw));
    return 0x77;
}

/* Down to pages that the stack has to grow for. */
static NTSTATUS NTAPI GrowingThread(PVOID Argument)
{
    volatile UCHAR *Address = (PUCHAR)&Argument;

    for (ULONG Page = 0; Page < 8; Page++, Address -= PAGE_SIZE)
        *Address = 1;
    return 0x78;
}

static HANDLE Start(PUSER_THREAD_START_ROUTINE Routine)
{
    HANDLE Thread;

    return NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                       Routine, NULL, 0, 0, 0, 0, NULL))
               ? Thread
               : NULL;
}

static NTSTATUS End(HANDLE Thread)
{
    THREAD_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_PENDING};

    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    return Basic.ExitStatus;
}

static void Run(PUSER_THREAD_START_ROUTINE Routine)
{
    HANDLE Thread = Start(Routine);

    End(Thread);
    NtClose(Thread);
}

static void TestNextThread(void)
{
    Run(SoilingThread);
    for (ULONG i = 0; i < 3; i++) {
        memset(&Seen, 0, sizeof(Seen));
        Run(SoilingThread);
        ok(Seen.Mxcsr == 0x1f80 && Seen.Fcw == 0x37f, "the FPU is as for the first thread");
        ok(Seen.Patterns == 0, "the stack is zero");
        ok(Seen.FieldsAreZero, "so is the TEB");
        ok(Seen.Priority == 8, "the priority is the usual one");
    }
    Run(GrowingThread);
    Run(GrowingThread);
    Run(SoilingThread);
    ok((PCHAR)Seen.StackBase - (PCHAR)Seen.StackLimit == PAGE_SIZE,
       "a stack that has grown does not go on so");
}

/* Their thread objects stay, so that each has a place of its own. */
static void TestKeptHandles(void)
{
    HANDLE Threads[4];
    BOOLEAN Right = TRUE;

    for (ULONG i = 0; i < 4; i++) {
        THREAD_BASIC_INFORMATION Basic;

        Threads[i] = Start(SoilingThread);
        Right &= End(Threads[i]) == 0x77;
        NtQueryInformationThread(Threads[i], ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
        Right &= Basic.ClientId.UniqueThread == Seen.Id.UniqueThread;
    }
    ok(Right, "each of several threads is taken for itself");
    for (ULONG i = 0; i < 4; i++)
        NtClose(Threads[i]);
}

static void TestHighPriority(void)
{
    KPRIORITY Priority = 12;
    HANDLE Thread;

    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), SoilingThread, NULL,
                     THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0, NULL);
    ok_status(NtSetInformationThread(Thread, ThreadPriority, &Priority, sizeof(Priority)),
              STATUS_SUCCESS, "give a thread another priority");
    NtResumeThread(Thread, NULL);
    ok_status(End(Thread), 0x77, "it ends");
    NtClose(Thread);
    Run(SoilingThread);
    ok(Seen.Priority == 8, "the next one has its own");
}

static BOOLEAN IsFree(PVOID Address)
{
    MEMORY_BASIC_INFORMATION Basic = {0};

    return NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), Address, MemoryBasicInformation,
                                           &Basic, sizeof(Basic), NULL)) &&
           Basic.State == MEM_FREE && Basic.RegionSize >= PAGE_SIZE;
}

/* The ended thread's memory cannot be read, and is there for others. */
static void TestEndedMemory(void)
{
    PVOID Base;
    SIZE_T Size;
    UCHAR Byte;

    Run(SoilingThread);
    ok(IsFree(Seen.Teb) && IsFree(Seen.StackAllocation) && IsFree(Seen.StackLimit),
       "TEB and stack of an ended thread are free");
    ok_status(NtReadVirtualMemory(NtCurrentProcess(), Seen.Teb, &Byte, 1, NULL),
              STATUS_PARTIAL_COPY, "its TEB cannot be read");
    ok_status(NtReadVirtualMemory(NtCurrentProcess(), Seen.StackLimit, &Byte, 1, NULL),
              STATUS_PARTIAL_COPY, "nor its stack");
    Base = Seen.StackAllocation;
    Size = (SIZE_T)((PCHAR)Seen.StackBase - (PCHAR)Base);
    ok_status(NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                                      PAGE_READWRITE),
              STATUS_SUCCESS, "another allocation may have the stack's place");
    ok(CountPatterns((PUCHAR)Seen.StackBase - PAGE_SIZE, Seen.StackBase) == 0, "and is zero");
    Run(SoilingThread);
    ok(Seen.Patterns == 0 && Seen.FieldsAreZero, "then the next thread has new ones");
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
}

/* ---- Threads that are made while memory is at work ---- */

static volatile BOOLEAN Go;
static volatile ULONG Rounds;

/* Its services are long, and others have their turns in them. */
static NTSTATUS NTAPI ProtectingThread(PVOID Argument)
{
    PVOID Base = NULL;
    SIZE_T Size = 0x400000;
    ULONG Old;
    NTSTATUS Status = NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                              MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    while (!Go)
        NtYieldExecution();
    for (; Go; Rounds++)
        NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Size,
                               Rounds & 1 ? PAGE_READWRITE : PAGE_READONLY, &Old);
    Size = 0;
    return NT_SUCCESS(Status) ? NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE)
                              : Status;
}

static void TestBusyMemory(void)
{
    HANDLE Helper = Start(ProtectingThread), Thread;
    PVOID Teb, Stack;

    Run(SoilingThread);
    Teb = Seen.Teb;
    Stack = Seen.StackAllocation;
    Rounds = 0;
    Go = TRUE;
    while (!Rounds)
        NtYieldExecution();
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), SoilingThread, NULL,
                     THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0, NULL);
    Go = FALSE;
    ok_status(End(Helper), STATUS_SUCCESS, "a thread that protects memory again and again");
    NtResumeThread(Thread, NULL);
    ok_status(End(Thread), 0x77, "one that is made meanwhile");
    ok(Seen.Teb == Teb && Seen.StackAllocation == Stack, "has what the one before has left");
    ok(Seen.Patterns == 0 && Seen.FieldsAreZero, "as if it were new");
    NtClose(Thread);
    NtClose(Helper);
}

/* ---- Stacks ---- */

static SIZE_T VirtualSize(void)
{
    VM_COUNTERS Counters = {0};

    NtQueryInformationProcess(NtCurrentProcess(), ProcessVmCounters, &Counters, sizeof(Counters),
                              NULL);
    return Counters.VirtualSize;
}

/* The usual stack that is kept is in use while one of another size ends. */
static void TestOtherStack(void)
{
    const SIZE_T Large = 0x800000;
    HANDLE Usual, Other;
    SIZE_T Before;

    NtCreateThreadEx(&Usual, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), SoilingThread, NULL,
                     THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0, NULL);
    Before = VirtualSize();
    NtCreateThreadEx(&Other, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), SoilingThread, NULL, 0, 0,
                     0, Large, NULL);
    ok_status(End(Other), 0x77, "a thread with a large stack");
    ok(VirtualSize() - Before < Large, "leaves it to nobody");
    NtResumeThread(Usual, NULL);
    End(Usual);
    NtClose(Usual);
    NtClose(Other);
}

/* ---- Processes ---- */

static NTSTATUS StartSuspended(RTL_USER_PROCESS_INFORMATION *Child)
{
    return CreateProgram(u"\\SystemRoot\\tests\\umtests.exe", u"umtests exit", Child);
}

/* ---- Objects of which most are closed ---- */

#define MANY_EVENTS 4000
#define STAYS(i) ((i) % 40 == 0)

static SIZE_T Pagefile(void)
{
    VM_COUNTERS Counters = {0};

    NtQueryInformationProcess(NtCurrentProcess(), ProcessVmCounters, &Counters, sizeof(Counters),
                              NULL);
    return Counters.PagefileUsage / PAGE_SIZE;
}

/* A page of objects is its process's until the last of them has gone. */
static void TestScatteredObjects(void)
{
    static HANDLE Events[MANY_EVENTS];
    SIZE_T Before = Pagefile(), Full, Scattered, Pool;
    NEP_RESOURCES First, Now;
    ULONG Made = 0;

    NepQueryResources(&First);
    for (ULONG i = 0; i < MANY_EVENTS; i++)
        Made += NtCreateEvent(&Events[i], EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE) ==
                STATUS_SUCCESS;
    Full = Pagefile() - Before;
    ok(Made == MANY_EVENTS && Full > 40, "many events take pages");
    for (ULONG i = 0; i < MANY_EVENTS; i++)
        if (!STAYS(i))
            NtClose(Events[i]);
    NepQueryResources(&Now);
    Scattered = Pagefile() - Before;
    Pool = Now.PoolPages - First.PoolPages;
    TapPrint("# %Iu pages, %Iu when one in 40 is left, of pool %Iu\n", Full, Scattered, Pool);
    ok(Scattered + 32 >= Pool, "the pages of those that are left are still charged");
    for (ULONG i = 0; i < MANY_EVENTS; i++)
        if (STAYS(i))
            NtClose(Events[i]);
    TapPrint("# %Iu pages stay, which handles and the next blocks have\n", Pagefile() - Before);
    ok(Pagefile() < Before + Full / 2, "and come back with them");
}

/* ---- A long row of processes, each made by the one before, which has ended ---- */

#define END_OF_ROW u"\\BaseNamedObjects\\EndOfRow"

static NTSTATUS OpenEndOfRow(PHANDLE Event, BOOLEAN Create)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(END_OF_ROW);
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return Create ? NtCreateEvent(Event, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE)
                  : NtOpenEvent(Event, EVENT_ALL_ACCESS, &Attributes);
}

/* So many follow. */
NTSTATUS RowChild(ULONG Number)
{
    WCHAR Line[] = u"umtests row 0000";
    HANDLE Event, Process, Thread;

    if (!Number)
        return NT_SUCCESS(OpenEndOfRow(&Event, FALSE)) ? NtSetEvent(Event, NULL)
                                                       : STATUS_UNSUCCESSFUL;
    for (ULONG i = 1, Rest = Number - 1; i <= 4; i++, Rest /= 10)
        Line[ARRAYSIZE(Line) - 1 - i] = (WCHAR)('0' + Rest % 10);
    return StartSelf(Line, &Process, &Thread);
}

/* What each has made outlives it: the next one's process. When the last ends, so does all that. */
static void TestRow(void)
{
    LARGE_INTEGER Limit = {.QuadPart = -600000000};
    HANDLE Event = NULL;

    ok_status(OpenEndOfRow(&Event, TRUE), STATUS_SUCCESS, "an event");
    ok_status(RunSelf(u"umtests row 0600", 10), STATUS_SUCCESS, "a process that starts the next");
    ok_status(NtWaitForSingleObject(Event, FALSE, &Limit), STATUS_SUCCESS,
              "and so on, to the last");
    ok_status(RunSelf(u"umtests exit", 10), 0x1234, "the system lives on");
    NtClose(Event);
}

static void EndChild(RTL_USER_PROCESS_INFORMATION *Child)
{
    NtTerminateProcess(Child->ProcessHandle, 1);
    NtWaitForSingleObject(Child->ProcessHandle, FALSE, NULL);
    NtClose(Child->ThreadHandle);
    NtClose(Child->ProcessHandle);
}

/* A routine of ntdll: at the same place in every process, as nothing else wants it. */
static PVOID Routine(void)
{
    UNICODE_STRING Ntdll = RTL_CONSTANT_STRING(u"ntdll.dll");
    ANSI_STRING Name = RTL_CONSTANT_STRING("RtlGetVersion");
    PVOID Base = NULL, Address = NULL;

    if (NT_SUCCESS(LdrGetDllHandle(NULL, NULL, &Ntdll, &Base)))
        LdrGetProcedureAddress(Base, &Name, 0, &Address);
    return Address;
}

static NTSTATUS Patch(HANDLE Process, UCHAR Byte)
{
    PVOID Base = Routine(), Page = Base;
    SIZE_T Size = 1;
    ULONG Old;
    NTSTATUS Status = NtProtectVirtualMemory(Process, &Page, &Size, PAGE_EXECUTE_READWRITE, &Old);

    return NT_SUCCESS(Status) ? NtWriteVirtualMemory(Process, Base, &Byte, 1, NULL) : Status;
}

static void TestNextProcess(void)
{
    UCHAR Original = *(volatile UCHAR *)Routine(), Found = 0;
    MEMORY_BASIC_INFORMATION Basic;
    RTL_USER_PROCESS_INFORMATION Child;

    if (!ok_status(StartSuspended(&Child), STATUS_SUCCESS, "a child that does not run yet"))
        return;
    ok_status(Patch(Child.ProcessHandle, 0xcc), STATUS_SUCCESS, "its ntdll is changed");
    EndChild(&Child);
    for (ULONG i = 0; i < 2; i++) {
        ok_status(StartSuspended(&Child), STATUS_SUCCESS, "another child");
        NtReadVirtualMemory(Child.ProcessHandle, Routine(), &Found, 1, NULL);
        ok(Found == Original, "it has ntdll as it is in the file");
        NtQueryVirtualMemory(Child.ProcessHandle, Routine(), MemoryBasicInformation, &Basic,
                             sizeof(Basic), NULL);
        ok(Basic.Protect == PAGE_EXECUTE_READ && Basic.Type == MEM_IMAGE, "and protected");
        EndChild(&Child);
    }
    ok_status(RunSelf(u"umtests exit", 10), 0x1234, "which runs");
}

/* Ntdll's view can be taken away from a process that does not run: the next one has it again. */
static void TestLostView(void)
{
    RTL_USER_PROCESS_INFORMATION Child;

    if (!ok_status(StartSuspended(&Child), STATUS_SUCCESS, "a child that does not run yet"))
        return;
    ok_status(NtUnmapViewOfSection(Child.ProcessHandle, Routine()), STATUS_SUCCESS,
              "it loses its ntdll");
    EndChild(&Child);
    ok_status(RunSelf(u"umtests exit", 10), 0x1234, "the next one has it");
}

/* Pages of the section of ntdll that is written, with which it begins. */
static SIZE_T ProtectData(HANDLE Process)
{
    MEMORY_BASIC_INFORMATION Basic = {.BaseAddress = Routine()};
    ULONG Old;

    do {
        PVOID Next = (PCHAR)Basic.BaseAddress + Basic.RegionSize;

        if (!NT_SUCCESS(NtQueryVirtualMemory(Process, Next, MemoryBasicInformation, &Basic,
                                             sizeof(Basic), NULL)) ||
            Basic.Type != MEM_IMAGE)
            return 0;
    } while (Basic.Protect != PAGE_WRITECOPY);
    return NT_SUCCESS(NtProtectVirtualMemory(Process, &Basic.BaseAddress, &Basic.RegionSize,
                                             PAGE_READONLY, &Old))
               ? Basic.RegionSize / PAGE_SIZE
               : 0;
}

static SIZE_T CommittedPages(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Information = {0};

    NtQuerySystemInformation(SystemPerformanceInformation, &Information, sizeof(Information), NULL);
    return Information.CommittedPages;
}

/* A child whose ntdll is charged less than at first, and which may be charged nothing more. */
static SIZE_T EndLimitedChild(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits = {
        .BasicLimitInformation = {.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY},
        .ProcessMemoryLimit = PAGE_SIZE};
    RTL_USER_PROCESS_INFORMATION Child;
    SIZE_T Pages;
    HANDLE Job;

    if (!NT_SUCCESS(StartSuspended(&Child)))
        return 0;
    Pages = ProtectData(Child.ProcessHandle);
    NtCreateJobObject(&Job, JOB_OBJECT_ALL_ACCESS, NULL);
    NtAssignProcessToJobObject(Job, Child.ProcessHandle);
    NtSetInformationJobObject(Job, JobObjectExtendedLimitInformation, &Limits, sizeof(Limits));
    EndChild(&Child);
    NtClose(Job);
    return Pages;
}

static void TestLimitedChild(void)
{
    SIZE_T Before, Pages;

    EndLimitedChild(); /* what is kept is used up */
    EndLimitedChild();
    EndLimitedChild();
    EndLimitedChild();
    Before = CommittedPages();
    Pages = EndLimitedChild() + EndLimitedChild() + EndLimitedChild() + EndLimitedChild();
    ok(Pages >= 4, "children whose ntdll's data is read-only");
    ok(CommittedPages() + Pages / 2 >= Before, "do not give back more than they have had");
}

void TestKept(void)
{
    TestNextThread();
    TestKeptHandles();
    TestHighPriority();
    TestEndedMemory();
    TestBusyMemory();
    TestOtherStack();
    TestNextProcess();
    TestLostView();
    TestLimitedChild();
    TestScatteredObjects();
    TestRow();
}
