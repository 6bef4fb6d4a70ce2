/* SPDX-License-Identifier: BSD-2-Clause */
/* Raising exceptions from kernel routines: a driver's __try may handle them, and of those that
 * nobody handles the Executive ends the host. */
#include "ki.h"
#include "ntdll.h"

VOID NTAPI ExRaiseStatus(NTSTATUS Status)
{
    RtlRaiseStatus(Status);
}

VOID NTAPI ExRaiseAccessViolation(VOID)
{
    RtlRaiseStatus(STATUS_ACCESS_VIOLATION);
}

VOID NTAPI ExRaiseDatatypeMisalignment(VOID)
{
    RtlRaiseStatus(STATUS_DATATYPE_MISALIGNMENT);
}

/* RtlAssert: what a driver's ASSERT calls in debug builds. */
VOID NTAPI RtlAssert(PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PCHAR Message)
{
    DbgPrint("Assertion failed: %s, %s line %u %s\n", (PCSTR)FailedAssertion, (PCSTR)FileName,
             LineNumber, Message ? Message : "");
    KeBugCheckEx(DRIVER_CORRUPTED_EXPOOL, (ULONG_PTR)FailedAssertion, LineNumber, 0, 0);
}
