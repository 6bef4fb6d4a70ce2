/* SPDX-License-Identifier: BSD-2-Clause */
/* What a privileged instruction leaves for KiTrapStub, and what it was at, on i386. */
#include "trap/trap.h"

VOID KiTrapFrameToContext(PKI_TRAP_FRAME Frame, PCONTEXT Context)
{
    Context->Eax = KiRegister(Frame, 0);
    Context->Ecx = KiRegister(Frame, 1);
    Context->Edx = KiRegister(Frame, 2);
    Context->Ebx = KiRegister(Frame, 3);
    Context->Esp = KiRegister(Frame, 4);
    Context->Ebp = KiRegister(Frame, 5);
    Context->Esi = KiRegister(Frame, 6);
    Context->Edi = KiRegister(Frame, 7);
    Context->EFlags = Frame->Flags;
    Context->Eip = KiSiteOfFrame(Frame);
}

VOID KiEnterTrapStub(PCONTEXT Context, const KI_SITE *Site)
{
    PULONG Stack = (PULONG)Context->Esp;

    *--Stack = (ULONG_PTR)Site->Address + KI_CALL_LENGTH;
    *--Stack = (ULONG_PTR)&Site->Instruction;
    Context->Esp = (ULONG_PTR)Stack;
    Context->Eip = (ULONG_PTR)KiTrapStub;
}

ULONG_PTR KiContextProgramCounter(const CONTEXT *Context)
{
    return Context->Eip;
}

PKI_TRAP_FRAME KiElementFault(const CONTEXT *Context)
{
    return Context->Eip >= (ULONG_PTR)KiElementRoutines &&
                   Context->Eip < (ULONG_PTR)KiElementRoutinesEnd
               ? (PKI_TRAP_FRAME)Context->Ecx
               : NULL;
}

/* A call of the stub, which pushes the address of the instruction; that. */
VOID KiEncodeTrampoline(PUCHAR Code, PUCHAR Address, const KI_INSTRUCTION *Instruction)
{
    ULONG Displacement = (ULONG_PTR)KiTrapStub - (ULONG_PTR)Address - KI_CALL_LENGTH;

    Code[0] = 0xE8;
    RtlCopyMemory(Code + 1, &Displacement, sizeof(Displacement));
    RtlCopyMemory(Code + KI_CALL_LENGTH, Instruction, sizeof(*Instruction));
    Code[KI_TRAMPOLINE_LENGTH - 1] = 0xCC;
}
