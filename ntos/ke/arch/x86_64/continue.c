/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Going on with other registers on AMD64: the kernel loads all that have been written. A thread in
 * its program that is to come to the Executive is sent to an address where nothing can be mapped,
 * and after the fault there back to where it was.
 */
#include "../../kip.h"

#define NOWHERE 0xfffffffffffff000

static BOOLEAN Write(PETHREAD Thread, seL4_UserContext *Registers, BOOLEAN Resume)
{
    return seL4_TCB_WriteRegisters(Thread->Tcb.Cap, Resume, 0, KI_REGISTER_COUNT, Registers) ==
           seL4_NoError;
}

/* The kernel does not keep the stack pointer of a system call, which the stubs have in RAX: a
 * thread that has not run since has the one of its last trap. */
static BOOLEAN Read(PETHREAD Thread, seL4_UserContext *Registers)
{
    if (seL4_TCB_ReadRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, Registers) !=
        seL4_NoError)
        return FALSE;
    if (Thread->Continuation.Pending)
        Registers->rip = Thread->Continuation.ProgramCounter;
    if (!Registers->rsp || PsIsAtSystemCall(Thread->Process, Registers->rip))
        Registers->rsp = Registers->rax;
    return TRUE;
}

BOOLEAN KeReadRegisters(PETHREAD Thread, seL4_UserContext *Registers)
{
    if (!Thread->Detour)
        return Read(Thread, Registers);
    *Registers = *KiDetourRegisters(Thread);
    return TRUE;
}

BOOLEAN KeContinueThread(PETHREAD Thread, const seL4_UserContext *Registers, BOOLEAN Resume)
{
    seL4_UserContext New = *Registers;

    if (Thread->Detour) {
        *KiDetourRegisters(Thread) = New;
        return TRUE;
    }
    Thread->Continuation.Pending = FALSE;
    return Write(Thread, &New, Resume);
}

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
    seL4_UserContext Detour;

    if (!KeReadRegisters(Thread, &Detour))
        return FALSE;
    Thread->Continuation.Pending = TRUE;
    Thread->Continuation.ProgramCounter = Detour.rip;
    Detour.rip = NOWHERE;
    return Write(Thread, &Detour, FALSE);
}

BOOLEAN KiFinishContinue(PETHREAD Thread, ULONG_PTR Address)
{
    seL4_UserContext Registers;

    if (!Thread->Continuation.Pending || Address != NOWHERE)
        return FALSE;
    if (!Read(Thread, &Registers))
        return FALSE;
    Thread->Continuation.Pending = FALSE;
    return Write(Thread, &Registers, FALSE);
}

/* Behind SYSCALL, which has two bytes; the stubs take the status from R10. */
void KiSetServiceStatus(seL4_UserContext *Registers, NTSTATUS Status)
{
    Registers->rip += 2;
    Registers->rsp = Registers->rax;
    Registers->r10 = (ULONG)Status;
}
