/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Raising exceptions from kernel routines. No handler of a driver can be reached yet, so an
 * exception is what an unhandled one is: the end of the driver.
 */
#include "ki.h"

VOID NTAPI ExRaiseStatus(NTSTATUS Status)
{
    KeBugCheckEx(KMODE_EXCEPTION_NOT_HANDLED, (ULONG)Status, (ULONG_PTR)__builtin_return_address(0),
                 0, 0);
}

VOID NTAPI ExRaiseAccessViolation(VOID)
{
    ExRaiseStatus(STATUS_ACCESS_VIOLATION);
}

VOID NTAPI ExRaiseDatatypeMisalignment(VOID)
{
    ExRaiseStatus(STATUS_DATATYPE_MISALIGNMENT);
}

/* RtlAssert: what a driver's ASSERT calls in debug builds. */
VOID NTAPI RtlAssert(PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PCHAR Message)
{
    DbgPrint("Assertion failed: %s, %s line %u %s\n", (PCSTR)FailedAssertion, (PCSTR)FileName,
             LineNumber, Message ? Message : "");
    KeBugCheckEx(DRIVER_CORRUPTED_EXPOOL, (ULONG_PTR)FailedAssertion, LineNumber, 0, 0);
}
