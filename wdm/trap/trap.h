/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Privileged instructions of drivers: the stock DDK headers compile IRQL and ports to them on
 * amd64. The processor refuses them, which is an exception (handler.c). There the instruction is
 * carried out (execute.c), and replaced by a call of KiTrapStub, which carries it out from then on
 * (patch.c).
 *
 * Only the bytes of the instruction itself change. A call has five bytes; where the instruction has
 * fewer, those behind it are the rest of the call's displacement as they are. So what follows stays
 * where it is, for whoever jumps there or is there, and the place that is called is not free to
 * choose: trampoline.c makes room there. Where it cannot, the instruction goes on trapping.
 */
#pragma once
#include "instruction.h"
#include "ki.h"

#define KI_CALL_LENGTH 5

#ifndef EXCEPTION_WRITE_FAULT
#define EXCEPTION_WRITE_FAULT 1
#endif

/* What KiTrapStub leaves on the driver's stack; arch/trapstub.S knows the layout. */
typedef struct _KI_TRAP_FRAME {
    ULONG_PTR Registers[KI_REGISTERS]; /* KiRegister */
    ULONG_PTR Flags;
    const KI_INSTRUCTION *Instruction;
    ULONG_PTR Return; /* behind the call, as if it had five bytes; then where the driver goes on */
} KI_TRAP_FRAME, *PKI_TRAP_FRAME;

/* By its number in instructions */
#define KiRegister(Frame, Number) ((Frame)->Registers[KI_REGISTER_INDEX(Number)])
#define KI_ACCUMULATOR 0
#define KI_COUNT_REGISTER 1
#define KI_DATA_REGISTER 2
#define KI_STACK_REGISTER 4
#define KI_SOURCE_REGISTER 6
#define KI_DESTINATION_REGISTER 7

/* An instruction that has trapped. */
typedef struct _KI_SITE {
    PUCHAR Address; /* NULL: free */
    KI_INSTRUCTION Instruction;
    BOOLEAN Patched;
    UCHAR Traps; /* how often; counted to just above KI_MANY_TRAPS */
    struct _KI_SITE *Next;
} KI_SITE, *PKI_SITE;

#define KI_MANY_TRAPS 16

/* arch/trapstub.S; not for C: its caller has pushed a KI_TRAP_FRAME's last two words. */
VOID KiTrapStub(VOID);

/* There too: memory of the driver, for a string instruction. A fault in one is the instruction's
 * (KiIsElementFault). */
VOID KiProbeElement(PKI_TRAP_FRAME Frame, PVOID Address, ULONG_PTR Size);
VOID KiStoreElement(PKI_TRAP_FRAME Frame, PVOID Address, ULONG_PTR Size, ULONG_PTR Value);
ULONG KiLoadElement(PKI_TRAP_FRAME Frame, PVOID Address, ULONG_PTR Size);
extern UCHAR KiElementRoutines[], KiElementRoutinesEnd[];

/* arch/trapcontext.c: Context becomes what the thread was at the instruction. */
VOID KiTrapFrameToContext(PKI_TRAP_FRAME Frame, PCONTEXT Context);
/* There too: the thread that goes on with Context begins in KiTrapStub, for that instruction. */
VOID KiEnterTrapStub(PCONTEXT Context, const KI_SITE *Site);
ULONG_PTR KiContextProgramCounter(const CONTEXT *Context);
/* NULL: the fault with that context is not one of a string instruction. */
PKI_TRAP_FRAME KiElementFault(const CONTEXT *Context);

static inline ULONG_PTR KiSiteOfFrame(const KI_TRAP_FRAME *Frame)
{
    return Frame->Return - KI_CALL_LENGTH;
}

/* execute.c: called by KiTrapStub */
VOID KiExecuteInstruction(PKI_TRAP_FRAME Frame);
/* An exception with this parameter is what a refused instruction raises: it is not tried again. */
#define KI_REFUSED ((ULONG_PTR)0x6B726566)

/* site.c: with the lock of handler.c */
PKI_SITE KiFindSite(PUCHAR Address);
PKI_SITE KiAddSite(PUCHAR Address, const KI_INSTRUCTION *Instruction);
VOID KiRemoveSites(PUCHAR Base, SIZE_T Size);
/* Whether the instruction at Address shares a byte with another that has trapped. */
BOOLEAN KiOverlapsSite(PUCHAR Address, ULONG Length);

/* patch.c: with that lock. FALSE: it stays. */
BOOLEAN KiPatchSite(PKI_SITE Site);

/* There too: writes code that nobody runs yet. FALSE: it is not there. */
BOOLEAN KiWriteCode(PUCHAR Address, const UCHAR *Code, SIZE_T Length);

/* trampoline.c: before the first driver is loaded */
VOID KiReserveRooms(VOID);
/* With that lock. Makes a place that carries out Instruction when it is called, at
 * Lowest or one of the Count - 1 addresses behind; Hot: it is wanted often. NULL: there is no room.
 */
PUCHAR KiMakeTrampoline(PUCHAR Lowest, ULONG_PTR Count, const KI_INSTRUCTION *Instruction,
                        BOOLEAN Hot);
/* arch/trapcontext.c: what lies there, at most KI_TRAMPOLINE_LENGTH bytes */
VOID KiEncodeTrampoline(PUCHAR Code, PUCHAR Address, const KI_INSTRUCTION *Instruction);
