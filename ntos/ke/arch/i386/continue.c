/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Going on with other registers on i386. A thread that entered the kernel by SYSENTER leaves it by
 * SYSEXIT, whatever was written to its registers in between, and SYSEXIT has the stack pointer in
 * ECX and the instruction pointer in EDX. So ECX, EDX and EIP are set later: the thread is first
 * sent to an address where nothing can be mapped, and after the fault there the kernel loads all
 * registers.
 */
#include "../../kip.h"

#define NOWHERE 0xfffff000u

static BOOLEAN Read(PETHREAD Thread, seL4_UserContext *Registers)
{
    if (seL4_TCB_ReadRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, Registers) !=
        seL4_NoError)
        return FALSE;
    if (Thread->Continuation.Pending) {
        Registers->eip = Thread->Continuation.ProgramCounter;
        Registers->ecx = Thread->Continuation.Count;
        Registers->edx = Thread->Continuation.Data;
    }
    return TRUE;
}

BOOLEAN KeReadRegisters(PETHREAD Thread, seL4_UserContext *Registers)
{
    if (!Thread->Detour)
        return Read(Thread, Registers);
    *Registers = *KiDetourRegisters(Thread);
    return TRUE;
}

/* Behind SYSENTER, which has two bytes; the stubs take the status from EDI. */
void KiSetServiceStatus(seL4_UserContext *Registers, NTSTATUS Status)
{
    Registers->eip += 2;
    Registers->esp = Registers->ecx;
    Registers->edi = (ULONG)Status;
}

BOOLEAN KeContinueThread(PETHREAD Thread, const seL4_UserContext *Registers, BOOLEAN Resume)
{
    seL4_UserContext Detour = *Registers;

    if (Thread->Detour) {
        *KiDetourRegisters(Thread) = *Registers;
        return TRUE;
    }
    Thread->Continuation.Pending = TRUE;
    Thread->Continuation.ProgramCounter = Registers->eip;
    Thread->Continuation.Count = Registers->ecx;
    Thread->Continuation.Data = Registers->edx;
    Detour.eip = NOWHERE;
    return seL4_TCB_WriteRegisters(Thread->Tcb.Cap, Resume, 0, KI_REGISTER_COUNT, &Detour) ==
           seL4_NoError;
}

/* It does not matter what SYSEXIT leaves in ECX and EDX. */
BOOLEAN KeEnterDispatcher(PETHREAD Thread, const seL4_UserContext *Registers, BOOLEAN Resume)
{
    seL4_UserContext Target;

    if (Thread->Detour)
        return KeContinueThread(Thread, Registers, Resume);
    KiProgramCounter(&Target) = KiProgramCounter(Registers);
    KiStackPointer(&Target) = KiStackPointer(Registers);
    KiFlags(&Target) = KiFlags(Registers);
    Thread->Continuation.Pending = FALSE;
    return seL4_TCB_WriteRegisters(Thread->Tcb.Cap, Resume, 0, KI_DISPATCHER_REGISTERS, &Target) ==
           seL4_NoError;
}

BOOLEAN KeInterceptThread(PETHREAD Thread)
{
    seL4_UserContext Registers;

    return KeReadRegisters(Thread, &Registers) && KeContinueThread(Thread, &Registers, FALSE);
}

/* After a fault the kernel loads all registers. */
BOOLEAN KiFinishContinue(PETHREAD Thread, ULONG_PTR Address)
{
    seL4_UserContext Registers;

    if (!Thread->Continuation.Pending || Address != NOWHERE)
        return FALSE;
    if (!Read(Thread, &Registers))
        return FALSE;
    Thread->Continuation.Pending = FALSE;
    return seL4_TCB_WriteRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, &Registers) ==
           seL4_NoError;
}
