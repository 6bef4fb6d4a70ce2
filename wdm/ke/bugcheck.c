/* SPDX-License-Identifier: BSD-2-Clause */
/* A bug check stops the driver's process; the Executive and all other processes go on. It is an
 * exception that nobody handles, so it is reported like one, with the caller's stack. */
#include "ki.h"
#include "ntdll.h"

VOID NTAPI KeBugCheckEx(ULONG Code, ULONG_PTR Parameter1, ULONG_PTR Parameter2,
                        ULONG_PTR Parameter3, ULONG_PTR Parameter4)
{
    EXCEPTION_RECORD Record = {
        .ExceptionCode = STATUS_DRIVER_INTERNAL_ERROR,
        .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
        .ExceptionAddress = __builtin_return_address(0),
        .NumberParameters = 5,
        .ExceptionInformation = {Code, Parameter1, Parameter2, Parameter3, Parameter4}};
    CONTEXT Context;

    DbgPrint("*** Driver stopped: 0x%08x (%p, %p, %p, %p), called from %p\n", Code,
             (PVOID)Parameter1, (PVOID)Parameter2, (PVOID)Parameter3, (PVOID)Parameter4,
             __builtin_return_address(0));
    KiCallBugCheckCallbacks();
    RtlCaptureContext(&Context);
    NtRaiseException(&Record, &Context, FALSE);
    for (;;)
        NtTerminateProcess(NtCurrentProcess(), STATUS_DRIVER_INTERNAL_ERROR);
}

VOID NTAPI KeBugCheck(ULONG Code)
{
    KeBugCheckEx(Code, 0, 0, 0, 0);
}
