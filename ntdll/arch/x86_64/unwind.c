// SPDX-License-Identifier: BSD-2-Clause
/*
 * RtlVirtualUnwind: undoes what the prologue of a function has done, from its unwind codes, so that
 * the context becomes that of its caller. (Microsoft: x64 exception handling)
 */
#include "sehp.h"

#define RSP 4
#define MAXIMUM_CHAIN 32

/* What the codes of a function, or of a piece of one, are undone with. */
typedef struct _UNWIND_STATE {
    PCONTEXT Context;
    PKNONVOLATILE_CONTEXT_POINTERS Pointers;
    ULONG64 Frame; /* what saved registers are found from */
    ULONG PrologOffset;
    BOOLEAN MachineFrame; /* the return address has been taken from there */
} UNWIND_STATE, *PUNWIND_STATE;

void SehpRestoreRegister(PCONTEXT Context, ULONG Number, PULONG64 From,
                         PKNONVOLATILE_CONTEXT_POINTERS Pointers)
{
    (&Context->Rax)[Number] = *From;
    if (Pointers)
        Pointers->IntegerContext[Number] = From;
}

static void RestoreVector(PUNWIND_STATE State, ULONG Number, ULONG64 Offset)
{
    PM128A From = (PM128A)(State->Frame + Offset);

    memcpy(&State->Context->FltSave.XmmRegisters[Number], From, sizeof(*From));
    if (State->Pointers)
        State->Pointers->FloatingContext[Number] = From;
}

static PUNWIND_INFO InfoOf(ULONG64 ImageBase, PRUNTIME_FUNCTION Function)
{
    return (PUNWIND_INFO)(ImageBase + Function->UnwindData);
}

/* What follows the codes. */
static PVOID BehindCodes(PUNWIND_INFO Info)
{
    return &Info->UnwindCode[ALIGN_UP_BY(Info->CountOfCodes, 2)];
}

static PRUNTIME_FUNCTION ChainedFunction(PUNWIND_INFO Info)
{
    return Info->Flags & UNW_FLAG_CHAININFO ? BehindCodes(Info) : NULL;
}

/* The function that a piece of one belongs to. */
PRUNTIME_FUNCTION SehpPrimaryFunction(ULONG64 ImageBase, PRUNTIME_FUNCTION Function)
{
    for (ULONG i = 0; i < MAXIMUM_CHAIN; i++) {
        PRUNTIME_FUNCTION Next = ChainedFunction(InfoOf(ImageBase, Function));

        if (!Next)
            break;
        Function = Next;
    }
    return Function;
}

/* How many entries a code takes. */
static ULONG CodeLength(UNWIND_CODE Code)
{
    switch (Code.UnwindOp) {
    case UWOP_ALLOC_LARGE:
        return Code.OpInfo ? 3 : 2;
    case UWOP_SAVE_NONVOL:
    case UWOP_SAVE_XMM128:
        return 2;
    case UWOP_SAVE_NONVOL_FAR:
    case UWOP_SAVE_XMM128_FAR:
    case UWOP_SPARE_CODE:
        return 3;
    default:
        return 1;
    }
}

static ULONG Large(const UNWIND_CODE *Code)
{
    return Code[1].FrameOffset | (ULONG)Code[2].FrameOffset << 16;
}

static ULONG64 FramePointer(PUNWIND_INFO Info, PCONTEXT Context)
{
    return (&Context->Rax)[Info->FrameRegister] - Info->FrameOffset * 16;
}

static void PopMachineFrame(PUNWIND_STATE State, BOOLEAN ErrorCode)
{
    PULONG64 Frame = (PULONG64)State->Context->Rsp + (ErrorCode ? 1 : 0);

    State->Context->Rip = Frame[0];
    State->Context->Rsp = Frame[3];
    State->MachineFrame = TRUE;
}

static void UndoCode(PUNWIND_STATE State, PUNWIND_INFO Info, const UNWIND_CODE *Code)
{
    PCONTEXT Context = State->Context;
    ULONG Register = Code->OpInfo;

    switch (Code->UnwindOp) {
    case UWOP_ALLOC_LARGE:
        Context->Rsp += Register ? Large(Code) : Code[1].FrameOffset * 8u;
        break;
    case UWOP_ALLOC_SMALL:
        Context->Rsp += Register * 8 + 8;
        break;
    case UWOP_SET_FPREG:
        Context->Rsp = FramePointer(Info, Context);
        break;
    case UWOP_SAVE_NONVOL:
        SehpRestoreRegister(Context, Register, (PULONG64)(State->Frame + Code[1].FrameOffset * 8u),
                            State->Pointers);
        break;
    case UWOP_SAVE_NONVOL_FAR:
        SehpRestoreRegister(Context, Register, (PULONG64)(State->Frame + Large(Code)),
                            State->Pointers);
        break;
    case UWOP_SAVE_XMM128:
        RestoreVector(State, Register, Code[1].FrameOffset * 16u);
        break;
    case UWOP_SAVE_XMM128_FAR:
        RestoreVector(State, Register, Large(Code));
        break;
    case UWOP_PUSH_MACHFRAME:
        PopMachineFrame(State, Register != 0);
        break;
    }
}

/* In version 2 the first codes describe epilogues, which are recognised by their instructions. An
 * entry of zeroes fills them up to an even number. */
static ULONG FirstCode(PUNWIND_INFO Info)
{
    ULONG i = 0;

    if (Info->Version < 2)
        return 0;
    while (i < Info->CountOfCodes &&
           (Info->UnwindCode[i].UnwindOp == UWOP_EPILOG || !Info->UnwindCode[i].FrameOffset))
        i++;
    return i;
}

/* Most codes are of pushed registers: the first of them that follows the others is returned. */
static const UNWIND_CODE *UndoPushes(PUNWIND_STATE State, const UNWIND_CODE *Code,
                                     const UNWIND_CODE *End)
{
    PULONG64 Stack = (PULONG64)State->Context->Rsp;

    for (; Code < End && Code->UnwindOp == UWOP_PUSH_NONVOL; Code++)
        if (Code->CodeOffset <= State->PrologOffset)
            SehpRestoreRegister(State->Context, Code->OpInfo, Stack++, State->Pointers);
    State->Context->Rsp = (ULONG64)Stack;
    return Code;
}

/* Those of which the prologue has not come to the end are not undone. */
static void UndoCodes(PUNWIND_STATE State, PUNWIND_INFO Info)
{
    const UNWIND_CODE *Code = &Info->UnwindCode[FirstCode(Info)];
    const UNWIND_CODE *End = &Info->UnwindCode[Info->CountOfCodes];

    while ((Code = UndoPushes(State, Code, End)) < End) {
        if (Code->CodeOffset <= State->PrologOffset)
            UndoCode(State, Info, Code);
        Code += CodeLength(*Code);
    }
}

static BOOLEAN HasSetFramePointer(PUNWIND_INFO Info, ULONG PrologOffset)
{
    if (PrologOffset >= Info->SizeOfProlog || (Info->Flags & UNW_FLAG_CHAININFO))
        return TRUE;
    for (ULONG i = FirstCode(Info); i < Info->CountOfCodes; i += CodeLength(Info->UnwindCode[i]))
        if (Info->UnwindCode[i].UnwindOp == UWOP_SET_FPREG)
            return Info->UnwindCode[i].CodeOffset <= PrologOffset;
    return FALSE;
}

static ULONG64 EstablisherOf(PUNWIND_INFO Info, ULONG PrologOffset, PCONTEXT Context)
{
    if (Info->FrameRegister && HasSetFramePointer(Info, PrologOffset))
        return FramePointer(Info, Context);
    return Context->Rsp;
}

BOOLEAN SehpHasNoHandler(ULONG64 ImageBase, PRUNTIME_FUNCTION Function, ULONG HandlerType)
{
    return !(InfoOf(ImageBase, SehpPrimaryFunction(ImageBase, Function))->Flags & HandlerType);
}

ULONG64 SehpEstablisher(ULONG64 ImageBase, ULONG64 ControlPc, PRUNTIME_FUNCTION Function,
                        PCONTEXT Context)
{
    return EstablisherOf(InfoOf(ImageBase, Function),
                         (ULONG)(ControlPc - ImageBase) - Function->BeginAddress, Context);
}

/* Undoes the function, and those that it is chained to as a whole. The last one is returned. */
static PRUNTIME_FUNCTION UndoPrologues(PUNWIND_STATE State, ULONG64 ImageBase,
                                       PRUNTIME_FUNCTION Function)
{
    for (ULONG i = 0;; i++) {
        PUNWIND_INFO Info = InfoOf(ImageBase, Function);
        PRUNTIME_FUNCTION Next = ChainedFunction(Info);

        UndoCodes(State, Info);
        if (!Next || i == MAXIMUM_CHAIN)
            return Function;
        Function = Next;
        State->PrologOffset = MAXULONG;
    }
}

static void Return(PCONTEXT Context)
{
    Context->Rip = *(PULONG64)Context->Rsp;
    Context->Rsp += 8;
}

PEXCEPTION_ROUTINE RtlVirtualUnwind(ULONG HandlerType, ULONG64 ImageBase, ULONG64 ControlPc,
                                    PRUNTIME_FUNCTION FunctionEntry, PCONTEXT Context,
                                    PVOID *HandlerData, PULONG64 EstablisherFrame,
                                    PKNONVOLATILE_CONTEXT_POINTERS ContextPointers)
{
    UNWIND_STATE State = {.Context = Context, .Pointers = ContextPointers};
    PULONG Handler;
    PUNWIND_INFO Info;

    if (!FunctionEntry) { /* a leaf */
        *EstablisherFrame = Context->Rsp;
        Return(Context);
        return NULL;
    }
    Info = InfoOf(ImageBase, FunctionEntry);
    State.PrologOffset = (ULONG)(ControlPc - ImageBase) - FunctionEntry->BeginAddress;
    *EstablisherFrame = State.Frame = EstablisherOf(Info, State.PrologOffset, Context);
    if (State.PrologOffset >= Info->SizeOfProlog &&
        SehpUnwindEpilogue(ImageBase, ControlPc, FunctionEntry, Context, ContextPointers))
        return NULL;
    FunctionEntry = UndoPrologues(&State, ImageBase, FunctionEntry);
    if (!State.MachineFrame)
        Return(Context);
    Info = InfoOf(ImageBase, FunctionEntry);
    if (State.PrologOffset < Info->SizeOfProlog || !(Info->Flags & HandlerType) ||
        (Info->Flags & UNW_FLAG_CHAININFO))
        return NULL;
    Handler = BehindCodes(Info);
    *HandlerData = Handler + 1;
    return (PEXCEPTION_ROUTINE)(ImageBase + *Handler);
}
