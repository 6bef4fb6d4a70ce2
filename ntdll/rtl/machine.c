// SPDX-License-Identifier: BSD-2-Clause
/* What the machine is and has. There is one processor, and no subsystem for the other
 * architecture's programs. (Win32: IsProcessorFeaturePresent, Wow64DisableWow64FsRedirection,
 * IsWow64Process2) */
#include "rtlp.h"

BOOLEAN NTAPI RtlIsProcessorFeaturePresent(ULONG Feature)
{
    return Feature < PROCESSOR_FEATURE_MAX && SharedUserData->ProcessorFeatures[Feature];
}

void NTAPI RtlGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER Number)
{
    memset(Number, 0, sizeof(*Number));
}

ULONGLONG NTAPI RtlGetEnabledExtendedFeatures(ULONGLONG FeatureMask)
{
    return SharedUserData->XState.EnabledFeatures & FeatureMask;
}

NTSTATUS NTAPI RtlWow64EnableFsRedirection(BOOLEAN Enable)
{
    return STATUS_NOT_IMPLEMENTED;
}

NTSTATUS NTAPI RtlWow64EnableFsRedirectionEx(ULONG Disable, PULONG Previous)
{
    return STATUS_NOT_IMPLEMENTED;
}

NTSTATUS NTAPI RtlWow64GetProcessMachines(HANDLE Process, PUSHORT ProcessMachine,
                                          PUSHORT NativeMachine)
{
    PROCESS_BASIC_INFORMATION Information;
    NTSTATUS Status = NtQueryInformationProcess(Process, ProcessBasicInformation, &Information,
                                                sizeof(Information), NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    *ProcessMachine = IMAGE_FILE_MACHINE_UNKNOWN;
    *NativeMachine = IMAGE_FILE_MACHINE_NATIVE;
    return STATUS_SUCCESS;
}

#if defined(__x86_64__)
/* There is no thread of the other architecture. */
NTSTATUS NTAPI RtlWow64GetThreadContext(HANDLE Thread, PVOID Context)
{
    return STATUS_INVALID_PARAMETER;
}

NTSTATUS NTAPI RtlWow64SetThreadContext(HANDLE Thread, PVOID Context)
{
    return STATUS_INVALID_PARAMETER;
}
#endif
