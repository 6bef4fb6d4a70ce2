/* SPDX-License-Identifier: BSD-2-Clause */
/* What a privileged instruction leaves for KiTrapStub, and what it was at, on amd64. */
#include "trap/trap.h"

#define KI_SAVED_XMM 6

/* Where trapstub.S has put XMM0 to XMM5. */
static const M128A *KiTrapFrameXmm(PKI_TRAP_FRAME Frame)
{
    return (const M128A *)((ULONG_PTR)Frame & ~(ULONG_PTR)15) - KI_SAVED_XMM;
}

VOID KiTrapFrameToContext(PKI_TRAP_FRAME Frame, PCONTEXT Context)
{
    C_ASSERT(FIELD_OFFSET(CONTEXT, R15) - FIELD_OFFSET(CONTEXT, Rax) ==
             (KI_REGISTERS - 1) * sizeof(ULONG64));
    RtlCopyMemory(&Context->Rax, Frame->Registers, sizeof(Frame->Registers));
    Context->EFlags = (ULONG)Frame->Flags;
    Context->Rip = KiSiteOfFrame(Frame);
    RtlCopyMemory(&Context->Xmm0, KiTrapFrameXmm(Frame), KI_SAVED_XMM * sizeof(M128A));
}

VOID KiEnterTrapStub(PCONTEXT Context, const KI_SITE *Site)
{
    PULONG64 Stack = (PULONG64)Context->Rsp;

    *--Stack = (ULONG_PTR)Site->Address + KI_CALL_LENGTH;
    *--Stack = (ULONG_PTR)&Site->Instruction;
    Context->Rsp = (ULONG_PTR)Stack;
    Context->Rip = (ULONG_PTR)KiTrapStub;
}

ULONG_PTR KiContextProgramCounter(const CONTEXT *Context)
{
    return Context->Rip;
}

PKI_TRAP_FRAME KiElementFault(const CONTEXT *Context)
{
    return Context->Rip >= (ULONG_PTR)KiElementRoutines &&
                   Context->Rip < (ULONG_PTR)KiElementRoutinesEnd
               ? (PKI_TRAP_FRAME)Context->Rcx
               : NULL;
}

/* call *0x08(%rip), which pushes the address of the instruction; that; the stub's address. */
VOID KiEncodeTrampoline(PUCHAR Code, PUCHAR Address, const KI_INSTRUCTION *Instruction)
{
    static const UCHAR Call[] = {0xFF, 0x15, sizeof(*Instruction), 0, 0, 0};
    ULONG_PTR Stub = (ULONG_PTR)KiTrapStub;
    PUCHAR Next = Code;

    RtlCopyMemory(Next, Call, sizeof(Call));
    Next += sizeof(Call);
    RtlCopyMemory(Next, Instruction, sizeof(*Instruction));
    Next += sizeof(*Instruction);
    RtlCopyMemory(Next, &Stub, sizeof(Stub));
    Code[KI_TRAMPOLINE_LENGTH - 1] = 0xCC;
}
