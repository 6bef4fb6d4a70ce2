/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQuerySystemInformation, NtQuerySystemInformationEx, NtSetSystemInformation: from the class to
 * its routine. */
#include <neptune/missing_classes.def>
#include "sysinfo.h"

typedef struct _SYSTEM_CLASS {
    NTSTATUS (*Query)(PEXP_OUTPUT Output);
    NTSTATUS (*Set)(CLIENT(PVOID) Information, ULONG Length);
    BOOLEAN WithInput; /* NtQuerySystemInformationEx alone answers it */
    BOOLEAN WithGroup; /* it does too, for a group of processors */
    BOOLEAN Bytes;     /* the buffer need not be aligned */
} SYSTEM_CLASS;

static const SYSTEM_CLASS Table[] = {
    [SystemBasicInformation] = {ExpQueryBasic},
    [SystemProcessorInformation] = {ExpQueryProcessor},
    [SystemPerformanceInformation] = {ExpQueryPerformance},
    [SystemTimeOfDayInformation] = {ExpQueryTimeOfDay},
    [SystemProcessInformation] = {ExpQueryProcesses},
    [SystemDeviceInformation] = {ExpQueryDevices},
    [SystemProcessorPerformanceInformation] = {ExpQueryProcessorPerformance, .WithGroup = TRUE},
    [SystemFlagsInformation] = {ExpQueryFlags},
    [SystemModuleInformation] = {ExpQueryModules},
    [SystemHandleInformation] = {ExpQueryHandles},
    [SystemObjectInformation] = {ExpQueryObjects},
    [SystemPageFileInformation] = {ExpQueryPageFiles},
    [SystemFileCacheInformation] = {ExpQueryFileCache},
    [SystemInterruptInformation] = {ExpQueryInterrupts, .WithGroup = TRUE},
    [SystemTimeAdjustmentInformation] = {ExpQueryTimeAdjustment, ExpSetTimeAdjustment},
    [SystemExceptionInformation] = {ExpQueryExceptions},
    [SystemKernelDebuggerInformation] = {ExpQueryKernelDebugger, .Bytes = TRUE},
    [SystemContextSwitchInformation] = {ExpQueryContextSwitches},
    [SystemRegistryQuotaInformation] = {ExpQueryRegistryQuota},
    [SystemCurrentTimeZoneInformation] = {ExpQueryTimeZone, ExpSetTimeZone},
    [SystemNumaProcessorMap] = {ExpQueryNumaMap},
    [SystemExtendedProcessInformation] = {ExpQueryExtendedProcesses},
    [SystemRecommendedSharedDataAlignment] = {ExpQuerySharedDataAlignment},
    [SystemEmulationBasicInformation] = {ExpQueryBasic},
    [SystemEmulationProcessorInformation] = {ExpQueryProcessor},
    [SystemExtendedHandleInformation] = {ExpQueryExtendedHandles},
    [SystemLogicalProcessorInformation] = {ExpQueryLogicalProcessors, .WithGroup = TRUE},
    [SystemFirmwareTableInformation] = {ExpQueryFirmwareTable},
    [SystemModuleInformationEx] = {ExpQueryExtendedModules},
    [SystemFileCacheInformationEx] = {ExpQueryFileCache},
    [SystemProcessIdInformation] = {ExpQueryProcessId},
    [SystemBootEnvironmentInformation] = {ExpQueryBootEnvironment},
    [SystemTimeZoneInformation] = {ExpQueryTimeZone, ExpSetTimeZone},
    [SystemDynamicTimeZoneInformation] = {ExpQueryDynamicTimeZone, ExpSetDynamicTimeZone},
    [SystemCodeIntegrityInformation] = {ExpQueryCodeIntegrity},
    [SystemLogicalProcessorAndGroupInformation] = {ExpQueryLogicalProcessorsEx, .WithInput = TRUE},
    [SystemNativeBasicInformation] = {ExpQueryBasic},
    [SystemPageFileInformationEx] = {ExpQueryPageFiles},
    [SystemSecureBootInformation] = {ExpQuerySecureBoot, .Bytes = TRUE},
    [SystemKernelDebuggerInformationEx] = {ExpQueryKernelDebuggerEx, .Bytes = TRUE},
    [SystemProcessorFeaturesInformation] = {ExpQueryProcessorFeatures},
    [SystemCpuSetInformation] = {ExpQueryCpuSets, .WithInput = TRUE},
    [SystemSupportedProcessorArchitectures] = {ExpQueryArchitectures, .WithInput = TRUE},
};

NTSTATUS ExpReturnInformation(CLIENT(PVOID) Information, ULONG Length, const void *Data,
                              ULONG DataLength, CLIENT(PULONG) ReturnLength)
{
    NTSTATUS Status = STATUS_INFO_LENGTH_MISMATCH;

    if (Length >= DataLength)
        Status = MmCopyToClient(Information, Data, DataLength);
    if (ReturnLength && (NT_SUCCESS(Status) || Status == STATUS_INFO_LENGTH_MISMATCH)) {
        NTSTATUS WriteStatus = MmWriteClient(ReturnLength, &DataLength);

        if (!NT_SUCCESS(WriteStatus))
            return WriteStatus;
    }
    return Status;
}

NTSTATUS ExpAnswer(PEXP_OUTPUT Output, const void *Data, ULONG DataLength, ULONG Minimum)
{
    Output->Needed = DataLength;
    if (Output->Length < Minimum)
        return STATUS_INFO_LENGTH_MISMATCH;
    if (Output->Length < DataLength)
        Output->Needed = Output->Length;
    return MmCopyToClient(Output->Information, Data, Output->Needed);
}

NTSTATUS ExpAnswerExactly(PEXP_OUTPUT Output, const void *Data, ULONG DataLength)
{
    Output->Needed = DataLength;
    return Output->Length == DataLength ? MmCopyToClient(Output->Information, Data, DataLength)
                                        : STATUS_INFO_LENGTH_MISMATCH;
}

NTSTATUS ExpAppend(PEXP_OUTPUT Output, const void *Data, ULONG DataLength)
{
    ULONG Offset = Output->Needed;

    Output->Needed += DataLength;
    return Output->Needed <= Output->Length
               ? MmCopyToClient((CLIENT(PCHAR))Output->Information + Offset, Data, DataLength)
               : STATUS_SUCCESS;
}

NTSTATUS ExpEndAnswer(PEXP_OUTPUT Output)
{
    return Output->Needed <= Output->Length ? STATUS_SUCCESS : STATUS_INFO_LENGTH_MISMATCH;
}

static const SYSTEM_CLASS *FindClass(ULONG Number)
{
    static const SYSTEM_CLASS None;

    return Number < ARRAYSIZE(Table) ? &Table[Number] : &None;
}

/* Of a class that cannot be asked so: Windows has it, or not either. */
static NTSTATUS RefuseQuery(ULONG Number)
{
    switch (Number) {
        MISSING_NtQuerySystemInformation(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

static NTSTATUS RefuseQueryEx(ULONG Number)
{
    switch (Number) {
        MISSING_NtQuerySystemInformationEx(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

static NTSTATUS RefuseSetting(ULONG Number)
{
    switch (Number) {
        MISSING_NtSetSystemInformation(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

/* There is group 0 alone. */
static NTSTATUS CheckGroup(PEXP_OUTPUT Output)
{
    USHORT Group;

    if (Output->InputLength != sizeof(Group))
        return STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(MmCopyFromClient(&Group, Output->Input, sizeof(Group))))
        return STATUS_ACCESS_VIOLATION;
    return Group ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

static NTSTATUS CheckClass(ULONG Number, const SYSTEM_CLASS *Class, PEXP_OUTPUT Output,
                           BOOLEAN WithInput)
{
    if (!WithInput)
        return Class->Query && !Class->WithInput ? STATUS_SUCCESS : RefuseQuery(Number);
    if (Class->WithGroup)
        return CheckGroup(Output);
    return Class->WithInput ? STATUS_SUCCESS : RefuseQueryEx(Number);
}

static NTSTATUS Query(ULONG Number, PEXP_OUTPUT Output, BOOLEAN WithInput,
                      CLIENT(PULONG) ReturnLength)
{
    const SYSTEM_CLASS *Class = FindClass(Number);
    NTSTATUS Status, WriteStatus;

    if (Output->Length && !Class->Bytes && (ULONG_PTR)Output->Information % sizeof(ULONG))
        return STATUS_DATATYPE_MISALIGNMENT;
    if (ReturnLength && (ULONG_PTR)ReturnLength % sizeof(ULONG))
        return STATUS_DATATYPE_MISALIGNMENT;
    Status = CheckClass(Number, Class, Output, WithInput);
    if (NT_SUCCESS(Status) && ReturnLength)
        Status = MmProbeForWrite(ReturnLength, sizeof(ULONG));
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Class->Query(Output);
    if (!ReturnLength || (!NT_SUCCESS(Status) && Status != STATUS_INFO_LENGTH_MISMATCH &&
                          Status != STATUS_BUFFER_TOO_SMALL))
        return Status;
    WriteStatus = MmWriteClient(ReturnLength, &Output->Needed);
    return NT_SUCCESS(WriteStatus) ? Status : WriteStatus;
}

/*
 * NtQuerySystemInformation: the classes of the table. STATUS_NOT_IMPLEMENTED for those of
 * missing_classes.def, STATUS_INVALID_INFO_CLASS for others. Returns
 * STATUS_INFO_LENGTH_MISMATCH with the length needed in ReturnLength,
 * STATUS_DATATYPE_MISALIGNMENT, STATUS_ACCESS_VIOLATION.  (Windows SDK: winternl.h)
 */
NTSTATUS NtQuerySystemInformation(SYSTEM_INFORMATION_CLASS Class, CLIENT(PVOID) Information,
                                  ULONG Length, CLIENT(PULONG) ReturnLength)
{
    EXP_OUTPUT Output = {.Information = Information, .Length = Length};

    return Query((ULONG)Class, &Output, FALSE, ReturnLength);
}

/*
 * NtQuerySystemInformationEx: classes that want to be told more: SystemLogicalProcessorAndGroup-,
 * SystemCpuSetInformation, SystemSupportedProcessorArchitectures; those of processors for a group.
 * Returns STATUS_INVALID_PARAMETER for an input of the wrong length or another group than 0, and as
 * NtQuerySystemInformation.  (phnt: ntexapi.h)
 */
NTSTATUS NtQuerySystemInformationEx(SYSTEM_INFORMATION_CLASS Class, CLIENT(PVOID) Input,
                                    ULONG InputLength, CLIENT(PVOID) Information, ULONG Length,
                                    CLIENT(PULONG) ReturnLength)
{
    EXP_OUTPUT Output = {
        .Information = Information, .Length = Length, .Input = Input, .InputLength = InputLength};

    return Input && InputLength ? Query((ULONG)Class, &Output, TRUE, ReturnLength)
                                : STATUS_INVALID_PARAMETER;
}

/*
 * NtSetSystemInformation: SystemTimeAdjustment-, SystemCurrentTimeZone-, SystemTimeZone- and
 * SystemDynamicTimeZoneInformation. Returns STATUS_INVALID_INFO_CLASS for what cannot be set,
 * STATUS_NOT_IMPLEMENTED for the classes of missing_classes.def, STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_DATATYPE_MISALIGNMENT, STATUS_ACCESS_VIOLATION, STATUS_PRIVILEGE_NOT_HELD.  (phnt:
 * ntexapi.h)
 */
NTSTATUS NtSetSystemInformation(SYSTEM_INFORMATION_CLASS ClassNumber, CLIENT(PVOID) Information,
                                ULONG Length)
{
    const SYSTEM_CLASS *Class = FindClass((ULONG)ClassNumber);

    if (Length && (ULONG_PTR)Information % sizeof(ULONG))
        return STATUS_DATATYPE_MISALIGNMENT;
    return Class->Set ? Class->Set(Information, Length) : RefuseSetting((ULONG)ClassNumber);
}
