/* SPDX-License-Identifier: BSD-2-Clause */
/* The interrupt request level, which x64 keeps in CR8: stock DDK headers compile KeRaiseIrql and
 * its family to MOV to and from it. A driver's IRQL is a byte in the TEB's page. */
#include "../x86/instruction.h"
#include <neptune/driver.h>

#define REX_B 0x01
#define REX_R 0x04
#define MAXIMUM_LEVEL 15
#define DISPATCH_LEVEL 2

static seL4_Word *GeneralRegister(seL4_UserContext *r, ULONG Number)
{
    seL4_Word *const Registers[] = {&r->rax, &r->rcx, &r->rdx, &r->rbx, &r->rsp, &r->rbp,
                                    &r->rsi, &r->rdi, &r->r8,  &r->r9,  &r->r10, &r->r11,
                                    &r->r12, &r->r13, &r->r14, &r->r15};

    return Registers[Number];
}

/* Like the runtime's KiLowerIrql, whatever the level was: a stretch at DISPATCH_LEVEL is over. */
static BOOLEAN SetLevel(PETHREAD Thread, seL4_Word Level)
{
    CLIENT(PCHAR) Teb = (CLIENT(PCHAR))Thread->Teb;
    UCHAR Value = (UCHAR)Level;
    ULONG Stretches;

    if (Level > MAXIMUM_LEVEL ||
        !NT_SUCCESS(
            MmCopyToProcess(Thread->Process, Teb + NEPTUNE_TEB_IRQL, &Value, sizeof(Value))))
        return FALSE;
    if (Level >= DISPATCH_LEVEL)
        return TRUE;
    if (!NT_SUCCESS(MmCopyFromProcess(Thread->Process, &Stretches, Teb + NEPTUNE_TEB_STRETCHES,
                                      sizeof(Stretches))))
        return FALSE;
    Stretches++;
    return NT_SUCCESS(MmCopyToProcess(Thread->Process, Teb + NEPTUNE_TEB_STRETCHES, &Stretches,
                                      sizeof(Stretches)));
}

/* 0F 20 and 0F 22 are MOV from and to CR0..CR7; REX.R selects CR8 in place of CR0. */
BOOLEAN KiEmulateTwoByteOpcode(PETHREAD Thread, PKI_INSTRUCTION Instruction,
                               seL4_UserContext *Registers)
{
    UCHAR Opcode = KiNextByte(Instruction), ModRm = KiNextByte(Instruction);
    seL4_Word *Register =
        GeneralRegister(Registers, (ModRm & 7) | (Instruction->Rex & REX_B ? 8 : 0));
    CLIENT(PUCHAR) Level = (CLIENT(PUCHAR))Thread->Teb + NEPTUNE_TEB_IRQL;
    UCHAR Value;

    if ((Opcode != 0x20 && Opcode != 0x22) || !(Instruction->Rex & REX_R) || (ModRm & 0xf8) != 0xc0)
        return FALSE;
    if (Opcode == 0x22)
        return SetLevel(Thread, *Register);
    if (!NT_SUCCESS(MmCopyFromProcess(Thread->Process, &Value, Level, sizeof(Value))))
        return FALSE;
    *Register = Value;
    return TRUE;
}
