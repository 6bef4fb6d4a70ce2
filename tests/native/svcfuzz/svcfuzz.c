/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parent: starts processes that make the calls, again and again as calls end them, ends those
 * that no longer get on, and counts what is in use in the system after half of the calls and after
 * all of them.
 */
#include "svcfuzz.h"
#include "../print.h"

#define PATIENCE (-3000000LL) /* without any call that comes back; in 100 ns */
#define SETTLING (-5000000LL)
/* Of this process, for its pool; and what the registry and others keep of processes that are gone.
 */
#define KEPT_COMMITMENT 8
/* Up to four address spaces of ended processes are kept for the next ones, each with its view of
 * ntdll. */
#define KEPT_SLOTS 512
#define MEMORY_LIMIT ((SIZE_T)16 << 20)

static PFUZZ_STATE State;
static HANDLE Job, Token, Children[FUZZ_PROCESSES];
static ULONG Started, Failures;

static void Check(BOOLEAN Condition, PCSTR What)
{
    if (Condition)
        return;
    Failures++;
    Print("not ok: %s\n", What);
}

static NTSTATUS MakeState(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(FUZZ_STATE_NAME),
                   Directory = RTL_CONSTANT_STRING(FUZZ_DIRECTORY);
    LARGE_INTEGER Length = {.QuadPart = sizeof(FUZZ_STATE)};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Handle;
    PVOID Base = NULL;
    SIZE_T Size = 0;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Directory, 0, NULL, ForEveryone());
    Status = NtCreateDirectoryObject(&Handle, DIRECTORY_ALL_ACCESS, &Attributes);
    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, ForEveryone());
    Status = NtCreateSection(&Handle, SECTION_ALL_ACCESS, &Attributes, &Length, PAGE_READWRITE,
                             SEC_COMMIT, NULL);
    if (NT_SUCCESS(Status))
        Status = NtMapViewOfSection(Handle, NtCurrentProcess(), &Base, 0, 0, NULL, &Size, ViewUnmap,
                                    0, PAGE_READWRITE);
    State = Base;
    return Status;
}

/* What the children make ends with them, also their children; together they cannot take all memory.
 */
static NTSTATUS MakeJob(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits = {0};
    NTSTATUS Status = NtCreateJobObject(&Job, JOB_OBJECT_ALL_ACCESS, NULL);

    Limits.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_JOB_MEMORY | JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
    Limits.BasicLimitInformation.ActiveProcessLimit = 3 * FUZZ_PROCESSES;
    Limits.JobMemoryLimit = MEMORY_LIMIT;
    return NT_SUCCESS(Status) ? NtSetInformationJobObject(Job, JobObjectExtendedLimitInformation,
                                                          &Limits, sizeof(Limits))
                              : Status;
}

static NTSTATUS CreateChild(PRTL_USER_PROCESS_INFORMATION Information)
{
    UNICODE_STRING Image = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\svcfuzz.exe"),
                   Line = RTL_CONSTANT_STRING(u"svcfuzz child");
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    NTSTATUS Status =
        RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Line, NULL, NULL, NULL, NULL,
                                     NULL, RTL_USER_PROC_PARAMS_NORMALIZED);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlCreateUserProcess(&Image, OBJ_CASE_INSENSITIVE, Parameters, NULL, NULL, NULL, FALSE,
                                  NULL, Token, Information);
    RtlDestroyProcessParameters(Parameters);
    return Status;
}

static NTSTATUS StartChild(PHANDLE Child)
{
    RTL_USER_PROCESS_INFORMATION Information;
    NTSTATUS Status = CreateChild(&Information);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtAssignProcessToJobObject(Job, Information.ProcessHandle);
    if (NT_SUCCESS(Status))
        Status = NtResumeThread(Information.ThreadHandle, NULL);
    NtClose(Information.ThreadHandle);
    *Child = Information.ProcessHandle;
    Started++;
    return Status;
}

/* A child that has ended makes room for the next. */
static void ReplaceChild(ULONG Index)
{
    NTSTATUS Status;

    NtClose(Children[Index]);
    Status = StartChild(&Children[Index]);
    if (!NT_SUCCESS(Status)) {
        Print("svcfuzz: cannot start a child: %x\n", Status);
        NtTerminateProcess(NtCurrentProcess(), Status);
    }
}

static void EndJob(void)
{
    NtTerminateJobObject(Job, STATUS_SUCCESS);
    for (ULONG i = 0; i < FUZZ_PROCESSES; i++) {
        NtWaitForSingleObject(Children[i], FALSE, NULL);
        NtClose(Children[i]);
    }
}

/* A key that the children may do with what they want. */
static void MakeKey(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(FUZZ_KEY);
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Key;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, ForEveryone());
    if (NT_SUCCESS(NtCreateKey(&Key, KEY_ALL_ACCESS, &Attributes, 0, NULL, 0, NULL)))
        NtClose(Key);
}

/* Makes the calls up to number End. */
static void MakeCalls(LONG End)
{
    LARGE_INTEGER Patience = {.QuadPart = PATIENCE};
    LONG Made = State->Made;

    State->End = End;
    MakeKey();
    for (ULONG i = 0; i < FUZZ_PROCESSES; i++)
        if (!NT_SUCCESS(StartChild(&Children[i])))
            NtTerminateProcess(NtCurrentProcess(), STATUS_UNSUCCESSFUL);
    while (State->Next < End) {
        NTSTATUS Status =
            NtWaitForMultipleObjects(FUZZ_PROCESSES, Children, WaitAny, FALSE, &Patience);

        if ((ULONG)Status < FUZZ_PROCESSES)
            ReplaceChild((ULONG)Status);
        else if (State->Made == Made)
            NtTerminateJobObject(Job, STATUS_SUCCESS);
        Made = State->Made;
    }
    EndJob();
    State->Next = End;
}

static NEP_RESOURCES Count(void)
{
    LARGE_INTEGER Settling = {.QuadPart = SETTLING};
    NEP_RESOURCES Now;

    Sweep();
    NtDelayExecution(FALSE, &Settling);
    NepQueryResources(&Now);
    Print("# %Iu pages free, %Iu committed, %Iu of pool,", Now.AvailablePages, Now.CommittedPages,
          Now.PoolPages);
    Print(" %Iu KB of kernel objects, %Iu slots, %u stacks, %u waiting\n",
          Now.KernelObjectBytes / 1024, Now.PromisedSlots, Now.PromisedStacks, Now.OwnedStacks);
    return Now;
}

static void Compare(const NEP_RESOURCES *Before, const NEP_RESOURCES *After)
{
    Check(After->AvailablePages + 64 >= Before->AvailablePages, "no memory is lost");
    Check(After->CommittedPages <= Before->CommittedPages + KEPT_COMMITMENT,
          "no commitment is lost");
    Check(After->PoolPages <= Before->PoolPages + 16, "no pool is lost");
    Check(After->KernelObjectBytes <= Before->KernelObjectBytes + 0x10000,
          "no kernel objects are lost");
    Check(After->PromisedSlots <= Before->PromisedSlots + KEPT_SLOTS,
          "no capability slots are lost");
    Check(After->PromisedStacks == Before->PromisedStacks, "no service stacks are lost");
    Check(After->OwnedStacks <= Before->OwnedStacks, "no service waits that nobody knows of");
}

static ULONG Number(PCWSTR *Text)
{
    ULONG Value = 0;

    while (**Text == ' ')
        ++*Text;
    while (**Text >= '0' && **Text <= '9')
        Value = 10 * Value + *(*Text)++ - '0';
    return Value;
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    PCWSTR Line = wcschr(Peb->ProcessParameters->CommandLine.Buffer, ' ');
    NEP_RESOURCES Half, All;
    ULONG Calls, First;

    if (Line && Line[1] == 'c')
        FuzzChild();
    if (!Line || !NT_SUCCESS(MakeState()) || !NT_SUCCESS(MakeJob()) ||
        !NT_SUCCESS(MakeUserToken(&Token))) {
        Print("svcfuzz SEED COUNT [FIRST]\n");
        return STATUS_INVALID_PARAMETER;
    }
    State->Seed = Number(&Line);
    Calls = Number(&Line);
    First = Number(&Line);
    State->Next = (LONG)First;
    MakeCalls((LONG)(First + Calls / 2));
    Half = Count();
    MakeCalls((LONG)(First + Calls));
    All = Count();
    Compare(&Half, &All);
    Print("svcfuzz: %u calls, %u returned, %u processes, %u failures\n", Calls, State->Made,
          Started, Failures);
    return Failures ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}
