/* SPDX-License-Identifier: BSD-2-Clause */
/* Power, as far as there is something to say: NtPowerInformation, execution states. The system
 * never sleeps. */
#include <neptune/missing_classes.def>
#include "sysinfo.h"

#define EXECUTION_STATES                                                                           \
    (ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED | ES_USER_PRESENT | ES_AWAYMODE_REQUIRED |           \
     ES_CONTINUOUS)
#define POWER_CAPABILITIES_LENGTH 76 /* SYSTEM_POWER_CAPABILITIES */

typedef union _POWER_ANSWER {
    SYSTEM_BATTERY_STATE Battery;
    PROCESSOR_POWER_INFORMATION Processor;
    UCHAR Capabilities[POWER_CAPABILITIES_LENGTH];
    ULONGLONG Time;
    ULONG State;
} POWER_ANSWER, *PPOWER_ANSWER;

static void FillProcessor(PPROCESSOR_POWER_INFORMATION Processor)
{
    Processor->MaxMhz = Processor->CurrentMhz = Processor->MhzLimit = HalTscMegahertz();
}

/* No battery, no sleep states, no buttons: what is not filled in is 0. Returns the length of the
 * answer; 0: there is none. */
static ULONG FillAnswer(ULONG Level, PPOWER_ANSWER Answer)
{
    switch (Level) {
    case SystemPowerCapabilities:
        return POWER_CAPABILITIES_LENGTH;
    case SystemBatteryState:
        Answer->Battery.AcOnLine = TRUE;
        return sizeof(Answer->Battery);
    case ProcessorInformation:
        FillProcessor(&Answer->Processor);
        return sizeof(Answer->Processor);
    case LastWakeTime:
    case LastSleepTime:
        return sizeof(Answer->Time);
    case SystemExecutionState:
        Answer->State = PsGetCurrentThread()->ExecutionState & ~ES_CONTINUOUS;
        return sizeof(Answer->State);
    default:
        return 0;
    }
}

static NTSTATUS Refuse(ULONG Level)
{
    switch (Level) {
        MISSING_NtPowerInformation(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

/*
 * NtPowerInformation: SystemPowerCapabilities, SystemBatteryState, ProcessorInformation,
 * LastWakeTime, LastSleepTime, SystemExecutionState. STATUS_NOT_IMPLEMENTED for the levels of
 * missing_classes.def, STATUS_INVALID_PARAMETER for numbers that are none, or where an input is
 * given that nobody wants, STATUS_BUFFER_TOO_SMALL, STATUS_ACCESS_VIOLATION.  (WDK:
 * ZwPowerInformation)
 */
NTSTATUS NtPowerInformation(ULONG InformationLevel, CLIENT(PVOID) Input, ULONG InputLength,
                            CLIENT(PVOID) Output, ULONG OutputLength)
{
    POWER_ANSWER Answer = {0};
    ULONG Length = FillAnswer(InformationLevel, &Answer);

    if (!Length)
        return Refuse(InformationLevel);
    if (Input || InputLength || !Output)
        return STATUS_INVALID_PARAMETER;
    if (OutputLength < Length)
        return STATUS_BUFFER_TOO_SMALL;
    return MmCopyToClient(Output, &Answer, Length);
}

/*
 * NtSetThreadExecutionState: what the thread wishes the system to stay awake for, which it does
 * anyhow. PreviousFlags receives the wishes until now. Returns STATUS_INVALID_PARAMETER,
 * STATUS_ACCESS_VIOLATION.  (Win32: SetThreadExecutionState)
 */
NTSTATUS NtSetThreadExecutionState(ULONG NewFlags, CLIENT(PULONG) PreviousFlags)
{
    PETHREAD Thread = PsGetCurrentThread();
    ULONG Previous = Thread->ExecutionState | ES_CONTINUOUS;
    NTSTATUS Status;

    if ((NewFlags & ~EXECUTION_STATES) ||
        ((NewFlags & ES_AWAYMODE_REQUIRED) && !(NewFlags & ES_CONTINUOUS)))
        return STATUS_INVALID_PARAMETER;
    Status = MmWriteClient(PreviousFlags, &Previous);
    if (NT_SUCCESS(Status) && (NewFlags & ES_CONTINUOUS))
        Thread->ExecutionState = NewFlags;
    return Status;
}

/* NtIsSystemResumeAutomatic: whether the system woke up by itself, which the result is, not a
 * status. It did not. */
NTSTATUS NtIsSystemResumeAutomatic(void)
{
    return FALSE;
}
