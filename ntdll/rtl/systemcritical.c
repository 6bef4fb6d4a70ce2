// SPDX-License-Identifier: BSD-2-Clause
/* Processes and threads without which the system does not go on. (phnt: RtlSetProcessIsCritical) */
#include "rtlp.h"

#define FLG_ENABLE_SYSTEM_CRIT_BREAKS 0x00100000

static BOOLEAN AreBreaksEnabled(void)
{
    return (NtCurrentPeb()->NtGlobalFlag & FLG_ENABLE_SYSTEM_CRIT_BREAKS) != 0;
}

NTSTATUS NTAPI RtlSetProcessIsCritical(BOOLEAN NewValue, PBOOLEAN OldValue, BOOLEAN NeedBreaks)
{
    ULONG Old = FALSE, New = NewValue;

    if (NeedBreaks && !AreBreaksEnabled())
        return STATUS_UNSUCCESSFUL;
    if (OldValue) {
        NtQueryInformationProcess(NtCurrentProcess(), ProcessBreakOnTermination, &Old, sizeof(Old),
                                  NULL);
        *OldValue = (BOOLEAN)Old;
    }
    return NtSetInformationProcess(NtCurrentProcess(), ProcessBreakOnTermination, &New,
                                   sizeof(New));
}

NTSTATUS NTAPI RtlSetThreadIsCritical(BOOLEAN NewValue, PBOOLEAN OldValue, BOOLEAN NeedBreaks)
{
    ULONG Old = FALSE, New = NewValue;

    if (NeedBreaks && !AreBreaksEnabled())
        return STATUS_UNSUCCESSFUL;
    if (OldValue) {
        NtQueryInformationThread(NtCurrentThread(), ThreadBreakOnTermination, &Old, sizeof(Old),
                                 NULL);
        *OldValue = (BOOLEAN)Old;
    }
    return NtSetInformationThread(NtCurrentThread(), ThreadBreakOnTermination, &New, sizeof(New));
}
