/* SPDX-License-Identifier: BSD-2-Clause */
/* The processor, of which there is one, and its time. (Windows SDK: winnt.h) */
#include "sysinfo.h"

#define ALL_PROCESSORS 1
#define LEVEL 6
#define FIRST_CPU_SET 0x100

#define MACHINE                                                                                    \
    (sizeof(PVOID) == 8 ? (ULONG)IMAGE_FILE_MACHINE_AMD64 : (ULONG)IMAGE_FILE_MACHINE_I386)

NTSTATUS ExpQueryProcessor(PEXP_OUTPUT Output)
{
    SYSTEM_PROCESSOR_INFORMATION Processor = {0};

    Processor.ProcessorArchitecture = MmSharedUserData->NativeProcessorArchitecture;
    Processor.ProcessorLevel = LEVEL;
    Processor.MaximumProcessors = 1;
    return ExpAnswer(Output, &Processor, sizeof(Processor), sizeof(Processor));
}

/* An entry for each processor; idle time is a part of kernel time. */
NTSTATUS ExpQueryProcessorPerformance(PEXP_OUTPUT Output)
{
    SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION Performance = {0};
    ULONGLONG Idle, Kernel, User;

    KeQueryProcessorTicks(&Idle, &Kernel, &User);
    Performance.IdleTime.QuadPart = PS_TICKS_TO_TIME(Idle);
    Performance.KernelTime.QuadPart = PS_TICKS_TO_TIME(Idle + Kernel);
    Performance.UserTime.QuadPart = PS_TICKS_TO_TIME(User);
    Performance.InterruptCount = (ULONG)(Idle + Kernel + User);
    return ExpAnswer(Output, &Performance, sizeof(Performance), sizeof(Performance));
}

NTSTATUS ExpQueryInterrupts(PEXP_OUTPUT Output)
{
    SYSTEM_INTERRUPT_INFORMATION Interrupts = {.TimeIncrement = EXP_TICK_LENGTH};

    return ExpAnswer(Output, &Interrupts, sizeof(Interrupts), sizeof(Interrupts));
}

/* As KUSER_SHARED_DATA has them: a bit for each PF_ number. */
NTSTATUS ExpQueryProcessorFeatures(PEXP_OUTPUT Output)
{
    SYSTEM_PROCESSOR_FEATURES_INFORMATION Features = {0};
    ULONG i;

    for (i = 0; i < PROCESSOR_FEATURE_MAX; i++)
        if (MmSharedUserData->ProcessorFeatures[i])
            Features.ProcessorFeatureBits |= 1ull << i;
    return ExpAnswer(Output, &Features, sizeof(Features), sizeof(Features));
}

/* One node. A buffer for it alone will do. */
NTSTATUS ExpQueryNumaMap(PEXP_OUTPUT Output)
{
    ULONG Least = FIELD_OFFSET(SYSTEM_NUMA_INFORMATION, ActiveProcessorsGroupAffinity[1]);
    struct {
        ULONG HighestNodeNumber, Reserved;
        GROUP_AFFINITY Node;
    } Map = {.Node.Mask = ALL_PROCESSORS};

    _Static_assert(sizeof(Map) ==
                       FIELD_OFFSET(SYSTEM_NUMA_INFORMATION, ActiveProcessorsGroupAffinity[1]),
                   "a map of one node");
    return ExpAnswer(Output, &Map, Least, Least);
}

/* One core in one package on one node */
NTSTATUS ExpQueryLogicalProcessors(PEXP_OUTPUT Output)
{
    static const LOGICAL_PROCESSOR_RELATIONSHIP Relations[] = {
        RelationProcessorCore, RelationProcessorPackage, RelationNumaNode};
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION Processor[ARRAYSIZE(Relations)] = {0};
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Relations); i++) {
        Processor[i].ProcessorMask = ALL_PROCESSORS;
        Processor[i].Relationship = Relations[i];
    }
    return ExpAnswer(Output, Processor, sizeof(Processor), sizeof(Processor));
}

static BOOLEAN IsWanted(LOGICAL_PROCESSOR_RELATIONSHIP Wanted,
                        LOGICAL_PROCESSOR_RELATIONSHIP Relation)
{
    return Wanted == RelationAll || Wanted == Relation;
}

static NTSTATUS AppendProcessor(PEXP_OUTPUT Output, LOGICAL_PROCESSOR_RELATIONSHIP Relation)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Processor = {.Relationship = Relation};

    Processor.Size = FIELD_OFFSET(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Processor) +
                     sizeof(Processor.Processor);
    Processor.Processor.GroupCount = 1;
    Processor.Processor.GroupMask[0].Mask = ALL_PROCESSORS;
    return ExpAppend(Output, &Processor, Processor.Size);
}

static NTSTATUS AppendNode(PEXP_OUTPUT Output)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Node = {.Relationship = RelationNumaNode};

    Node.Size =
        FIELD_OFFSET(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, NumaNode) + sizeof(Node.NumaNode);
    Node.NumaNode.GroupMask.Mask = ALL_PROCESSORS;
    return ExpAppend(Output, &Node, Node.Size);
}

static NTSTATUS AppendGroup(PEXP_OUTPUT Output)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Group = {.Relationship = RelationGroup};

    Group.Size = FIELD_OFFSET(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Group) + sizeof(Group.Group);
    Group.Group.MaximumGroupCount = Group.Group.ActiveGroupCount = 1;
    Group.Group.GroupInfo[0].MaximumProcessorCount = 1;
    Group.Group.GroupInfo[0].ActiveProcessorCount = 1;
    Group.Group.GroupInfo[0].ActiveProcessorMask = ALL_PROCESSORS;
    return ExpAppend(Output, &Group, Group.Size);
}

/* Caches are not described. */
NTSTATUS ExpQueryLogicalProcessorsEx(PEXP_OUTPUT Output)
{
    LOGICAL_PROCESSOR_RELATIONSHIP Wanted;
    NTSTATUS Status;

    if (Output->InputLength < sizeof(Wanted))
        return STATUS_INVALID_PARAMETER;
    Status = MmReadClient(&Wanted, (CLIENT(LOGICAL_PROCESSOR_RELATIONSHIP *))Output->Input);
    if (NT_SUCCESS(Status) && Wanted > RelationProcessorDie && Wanted != RelationAll)
        Status = STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(Status) && IsWanted(Wanted, RelationProcessorCore))
        Status = AppendProcessor(Output, RelationProcessorCore);
    if (NT_SUCCESS(Status) && IsWanted(Wanted, RelationProcessorPackage))
        Status = AppendProcessor(Output, RelationProcessorPackage);
    if (NT_SUCCESS(Status) && IsWanted(Wanted, RelationNumaNode))
        Status = AppendNode(Output);
    if (NT_SUCCESS(Status) && IsWanted(Wanted, RelationGroup))
        Status = AppendGroup(Output);
    return NT_SUCCESS(Status) ? ExpEndAnswer(Output) : Status;
}

/* The input is the handle of a process, or NULL. */
static NTSTATUS CheckProcess(PEXP_OUTPUT Output)
{
    HANDLE Handle;
    PVOID Process;
    NTSTATUS Status;

    if (Output->InputLength != sizeof(Handle))
        return STATUS_INVALID_PARAMETER;
    Status = MmReadClient(&Handle, (CLIENT(PHANDLE))Output->Input);
    if (!NT_SUCCESS(Status) || !Handle)
        return Status;
    Status = ObReferenceObjectByHandle(Handle, PROCESS_QUERY_LIMITED_INFORMATION, PsProcessType,
                                       &Process);
    if (NT_SUCCESS(Status))
        ObDereferenceObject(Process);
    return Status;
}

NTSTATUS ExpQueryCpuSets(PEXP_OUTPUT Output)
{
    SYSTEM_CPU_SET_INFORMATION Set = {.Size = sizeof(Set), .Id = FIRST_CPU_SET};
    NTSTATUS Status = CheckProcess(Output);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ExpAnswer(Output, &Set, sizeof(Set), sizeof(Set));
    return Status == STATUS_INFO_LENGTH_MISMATCH ? STATUS_BUFFER_TOO_SMALL : Status;
}

NTSTATUS ExpQueryArchitectures(PEXP_OUTPUT Output)
{
    ULONG Machines[2] = {MACHINE | SUPPORTED_ARCHITECTURE_KERNEL | SUPPORTED_ARCHITECTURE_USER |
                             SUPPORTED_ARCHITECTURE_NATIVE | SUPPORTED_ARCHITECTURE_PROCESS,
                         0};
    NTSTATUS Status = CheckProcess(Output);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ExpAnswer(Output, Machines, sizeof(Machines), sizeof(Machines));
    return Status == STATUS_INFO_LENGTH_MISMATCH ? STATUS_BUFFER_TOO_SMALL : Status;
}

/* NtGetCurrentProcessorNumber: the result is the number, not a status. */
NTSTATUS NtGetCurrentProcessorNumber(void)
{
    return 0;
}

/* NtGetCurrentProcessorNumberEx: the same with its group. Returns STATUS_ACCESS_VIOLATION. */
NTSTATUS NtGetCurrentProcessorNumberEx(CLIENT(PPROCESSOR_NUMBER) Number)
{
    PROCESSOR_NUMBER First = {0};

    return MmWriteClient(Number, &First);
}
