/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQuerySystemInformation, NtQuerySystemInformationEx, NtSetSystemInformation: from the class to
 * its routine. */
#include "sysinfo.h"

#define WINDOWS_CLASSES 0x100 /* numbers below are, or may be, classes of Windows' */

typedef struct _SYSTEM_CLASS {
    NTSTATUS (*Query)(PEXP_OUTPUT Output);
    NTSTATUS (*Set)(CLIENT(PVOID) Information, ULONG Length);
    BOOLEAN WithInput; /* NtQuerySystemInformationEx alone answers it */
    BOOLEAN Bytes;     /* the buffer need not be aligned */
} SYSTEM_CLASS;

static const SYSTEM_CLASS Table[] = {
    [SystemBasicInformation] = {ExpQueryBasic},
    [SystemProcessorInformation] = {ExpQueryProcessor},
    [SystemPerformanceInformation] = {ExpQueryPerformance},
    [SystemTimeOfDayInformation] = {ExpQueryTimeOfDay},
    [SystemProcessInformation] = {ExpQueryProcesses},
    [SystemDeviceInformation] = {ExpQueryDevices},
    [SystemProcessorPerformanceInformation] = {ExpQueryProcessorPerformance},
    [SystemFlagsInformation] = {ExpQueryFlags},
    [SystemModuleInformation] = {ExpQueryModules},
    [SystemHandleInformation] = {ExpQueryHandles},
    [SystemObjectInformation] = {ExpQueryObjects},
    [SystemPageFileInformation] = {ExpQueryPageFiles},
    [SystemFileCacheInformation] = {ExpQueryFileCache},
    [SystemInterruptInformation] = {ExpQueryInterrupts},
    [SystemTimeAdjustmentInformation] = {ExpQueryTimeAdjustment, ExpSetTimeAdjustment},
    [SystemExceptionInformation] = {ExpQueryExceptions},
    [SystemKernelDebuggerInformation] = {ExpQueryKernelDebugger, .Bytes = TRUE},
    [SystemContextSwitchInformation] = {ExpQueryContextSwitches},
    [SystemRegistryQuotaInformation] = {ExpQueryRegistryQuota},
    [SystemCurrentTimeZoneInformation] = {ExpQueryTimeZone, ExpSetTimeZone},
    [SystemNumaProcessorMap] = {ExpQueryNumaMap},
    [SystemExtendedProcessInformation] = {ExpQueryExtendedProcesses},
    [SystemEmulationBasicInformation] = {ExpQueryBasic},
    [SystemEmulationProcessorInformation] = {ExpQueryProcessor},
    [SystemExtendedHandleInformation] = {ExpQueryExtendedHandles},
    [SystemLogicalProcessorInformation] = {ExpQueryLogicalProcessors},
    [SystemFirmwareTableInformation] = {ExpQueryFirmwareTable},
    [SystemModuleInformationEx] = {ExpQueryExtendedModules},
    [SystemFileCacheInformationEx] = {ExpQueryFileCache},
    [SystemBootEnvironmentInformation] = {ExpQueryBootEnvironment},
    [SystemDynamicTimeZoneInformation] = {ExpQueryDynamicTimeZone, ExpSetDynamicTimeZone},
    [SystemCodeIntegrityInformation] = {ExpQueryCodeIntegrity},
    [SystemLogicalProcessorAndGroupInformation] = {ExpQueryLogicalProcessorsEx, .WithInput = TRUE},
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

/* STATUS_INVALID_INFO_CLASS: there is no such class; STATUS_NOT_IMPLEMENTED: Windows' has it. */
static NTSTATUS FindClass(ULONG Number, const SYSTEM_CLASS **Class)
{
    static const SYSTEM_CLASS None;

    *Class = Number < ARRAYSIZE(Table) ? &Table[Number] : &None;
    if ((*Class)->Query)
        return STATUS_SUCCESS;
    return Number < WINDOWS_CLASSES ? STATUS_NOT_IMPLEMENTED : STATUS_INVALID_INFO_CLASS;
}

static NTSTATUS Query(ULONG Number, PEXP_OUTPUT Output, BOOLEAN WithInput,
                      CLIENT(PULONG) ReturnLength)
{
    const SYSTEM_CLASS *Class;
    NTSTATUS Status = FindClass(Number, &Class), WriteStatus;

    if (Output->Length && !Class->Bytes && (ULONG_PTR)Output->Information % sizeof(ULONG))
        return STATUS_DATATYPE_MISALIGNMENT;
    if (ReturnLength && (ULONG_PTR)ReturnLength % sizeof(ULONG))
        return STATUS_DATATYPE_MISALIGNMENT;
    if (NT_SUCCESS(Status) && Class->WithInput != WithInput)
        Status = STATUS_INVALID_INFO_CLASS;
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
 * NtQuerySystemInformation: the classes of the table. STATUS_NOT_IMPLEMENTED for others that
 * Windows has, STATUS_INVALID_INFO_CLASS for numbers that are none. Returns
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
 * SystemCpuSetInformation, SystemSupportedProcessorArchitectures. Returns STATUS_INVALID_PARAMETER
 * for an input of the wrong length, and as NtQuerySystemInformation.  (phnt: ntexapi.h)
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
 * NtSetSystemInformation: SystemTimeAdjustment-, SystemCurrentTimeZone- and
 * SystemDynamicTimeZoneInformation. Returns STATUS_INVALID_INFO_CLASS for what cannot be set,
 * STATUS_NOT_IMPLEMENTED for classes that are not there, STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_DATATYPE_MISALIGNMENT, STATUS_ACCESS_VIOLATION, STATUS_PRIVILEGE_NOT_HELD.  (phnt:
 * ntexapi.h)
 */
NTSTATUS NtSetSystemInformation(SYSTEM_INFORMATION_CLASS ClassNumber, CLIENT(PVOID) Information,
                                ULONG Length)
{
    const SYSTEM_CLASS *Class;
    NTSTATUS Status = FindClass((ULONG)ClassNumber, &Class);

    if (Length && (ULONG_PTR)Information % sizeof(ULONG))
        return STATUS_DATATYPE_MISALIGNMENT;
    if (!NT_SUCCESS(Status))
        return Status;
    return Class->Set ? Class->Set(Information, Length) : STATUS_INVALID_INFO_CLASS;
}
