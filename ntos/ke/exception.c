/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions of clients. There is no dispatching to handlers yet: every exception is unhandled and
 * ends its process. */
#include "kip.h"

void KeRaiseException(PETHREAD Thread, PEXCEPTION_RECORD Record, const seL4_UserContext *Registers)
{
    KiReportException(Thread, Record, Registers);
    PsTerminateProcess(Thread->Process, Record->ExceptionCode);
}

void KiRaiseFault(PETHREAD Thread, NTSTATUS Code, ULONG Parameters, ULONG_PTR First,
                  ULONG_PTR Second)
{
    EXCEPTION_RECORD Record = {0};
    seL4_UserContext Registers;

    if (seL4_TCB_ReadRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, &Registers) !=
        seL4_NoError)
        KeBugCheck("cannot read a thread's registers");
    Record.ExceptionCode = Code;
    Record.ExceptionAddress = (PVOID)KiProgramCounter(&Registers);
    Record.NumberParameters = Parameters;
    Record.ExceptionInformation[0] = First;
    Record.ExceptionInformation[1] = Second;
    KeRaiseException(Thread, &Record, &Registers);
}
