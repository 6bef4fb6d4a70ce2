/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Going on with other registers on i386. A thread that entered the kernel by SYSENTER leaves it by
 * SYSEXIT, whatever was written to its registers in between, and SYSEXIT has the stack pointer in
 * ECX and the instruction pointer in EDX. So these three wait, and the thread is sent to an address
 * where nothing can be mapped: after the fault there the kernel loads all registers.
 */
#include "../../kip.h"

#define NOWHERE 0xfffff000u

BOOLEAN KeContinueThread(PETHREAD Thread, const seL4_UserContext *Registers, BOOLEAN Resume)
{
    seL4_UserContext Detour = *Registers;

    Thread->Continuation.Pending = TRUE;
    Thread->Continuation.ProgramCounter = Registers->eip;
    Thread->Continuation.Count = Registers->ecx;
    Thread->Continuation.Data = Registers->edx;
    Detour.eip = NOWHERE;
    return seL4_TCB_WriteRegisters(Thread->Tcb.Cap, Resume, 0, KI_REGISTER_COUNT, &Detour) ==
           seL4_NoError;
}

BOOLEAN KiFinishContinue(PETHREAD Thread, ULONG_PTR Address)
{
    seL4_UserContext Registers;

    if (!Thread->Continuation.Pending || Address != NOWHERE)
        return FALSE;
    Thread->Continuation.Pending = FALSE;
    if (seL4_TCB_ReadRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, &Registers) !=
        seL4_NoError)
        return FALSE;
    Registers.eip = Thread->Continuation.ProgramCounter;
    Registers.ecx = Thread->Continuation.Count;
    Registers.edx = Thread->Continuation.Data;
    return seL4_TCB_WriteRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, &Registers) ==
           seL4_NoError;
}
