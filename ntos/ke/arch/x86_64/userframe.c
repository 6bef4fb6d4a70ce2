/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the Executive leaves on a client's stack for ntdll's dispatchers on AMD64. Programs and
 * their tools know these layouts. Floating-point state is not ours to see: the dispatchers save it
 * where the CONTEXT has room for it.
 */
#include "../../kip.h"

#define USER_CODE 0x33
#define USER_STACK 0x2b

/* What the processor pushes at an interrupt; unwinders go on from it. */
typedef struct _MACHINE_FRAME {
    ULONG64 Rip, SegCs, EFlags, Rsp, SegSs;
} MACHINE_FRAME;

typedef struct DECLSPEC_ALIGN(16) _EXCEPTION_FRAME {
    CONTEXT Context;
    CONTEXT_EX ContextEx DECLSPEC_ALIGN(16);
    EXCEPTION_RECORD Record DECLSPEC_ALIGN(16);
    MACHINE_FRAME Machine DECLSPEC_ALIGN(16);
} EXCEPTION_FRAME;

_Static_assert(offsetof(EXCEPTION_FRAME, ContextEx) == 0x4d0 &&
                   offsetof(EXCEPTION_FRAME, Record) == 0x4f0 &&
                   offsetof(EXCEPTION_FRAME, Machine) == 0x590,
               "KiUserExceptionDispatcher's frame");

static void FillContext(PCONTEXT Context, const seL4_UserContext *Registers)
{
    KeRegistersToContext(Registers, Context);
    Context->ContextFlags |= CONTEXT_FLOATING_POINT | CONTEXT_SEGMENTS;
    Context->SegDs = Context->SegEs = Context->SegGs = USER_STACK;
    Context->SegFs = 0x53;
}

static void FillContextEx(CONTEXT_EX *ContextEx)
{
    ContextEx->All = (CONTEXT_CHUNK){-(LONG)sizeof(CONTEXT), sizeof(CONTEXT) + sizeof(CONTEXT_EX)};
    ContextEx->Legacy = (CONTEXT_CHUNK){-(LONG)sizeof(CONTEXT), sizeof(CONTEXT)};
    ContextEx->XState = (CONTEXT_CHUNK){sizeof(CONTEXT_EX), 0};
}

static void FillMachineFrame(MACHINE_FRAME *Frame, const seL4_UserContext *Registers)
{
    Frame->Rip = Registers->rip;
    Frame->SegCs = USER_CODE;
    Frame->EFlags = Registers->rflags;
    Frame->Rsp = Registers->rsp;
    Frame->SegSs = USER_STACK;
}

/* What lies between is the dispatcher's to fill in: floating-point state, and room for more. */
#define HEAD_LENGTH offsetof(CONTEXT, FltSave)
#define TAIL_OFFSET offsetof(CONTEXT, VectorControl)

/* Frame begins with a CONTEXT. It has fewer bytes than a page, so both ends reach all of its pages.
 */
static NTSTATUS PushEnds(PETHREAD Thread, ULONG_PTR Address, const void *Frame, SIZE_T Size)
{
    NTSTATUS Status = MmCopyToProcess(Thread->Process, (CLIENT(PVOID))Address, Frame, HEAD_LENGTH);

    if (!NT_SUCCESS(Status))
        return Status;
    return MmCopyToProcess(Thread->Process, (CLIENT(PVOID))(Address + TAIL_OFFSET),
                           (const UCHAR *)Frame + TAIL_OFFSET, Size - TAIL_OFFSET);
}

static void ClearEnds(PVOID Frame, SIZE_T Size)
{
    memset(Frame, 0, HEAD_LENGTH);
    memset((PUCHAR)Frame + TAIL_OFFSET, 0, Size - TAIL_OFFSET);
}

void KiSetDispatcher(PETHREAD Thread, seL4_UserContext *Registers, PS_NTDLL_ROUTINE Routine,
                     ULONG_PTR Frame)
{
    Registers->rip = PsNtdllRoutine(Thread->Process, Routine);
    Registers->rsp = Frame;
    Registers->rflags = KI_USER_FLAGS;
}

NTSTATUS KiPushExceptionFrame(PETHREAD Thread, PEXCEPTION_RECORD Record,
                              seL4_UserContext *Registers)
{
    ULONG_PTR Address = ALIGN_DOWN_BY(Registers->rsp - sizeof(EXCEPTION_FRAME), 16);
    EXCEPTION_FRAME Frame;
    NTSTATUS Status;

    ClearEnds(&Frame, sizeof(Frame));
    Frame.Record = *Record;
    FillContext(&Frame.Context, Registers);
    FillContextEx(&Frame.ContextEx);
    FillMachineFrame(&Frame.Machine, Registers);
    Status = PushEnds(Thread, Address, &Frame, sizeof(Frame));
    if (NT_SUCCESS(Status))
        KiSetDispatcher(Thread, Registers, PsKiUserExceptionDispatcher, Address);
    return Status;
}

typedef struct DECLSPEC_ALIGN(16) _APC_FRAME {
    CONTEXT Context; /* the routine and its arguments are in the first words */
    CONTEXT_EX ContextEx DECLSPEC_ALIGN(16);
    MACHINE_FRAME Machine DECLSPEC_ALIGN(16);
} APC_FRAME;

_Static_assert(offsetof(APC_FRAME, Machine) == 0x4f0, "KiUserApcDispatcher's frame");

static void FillApcFrame(APC_FRAME *Frame, const KAPC *Apc, const seL4_UserContext *Registers)
{
    Frame->Context.P1Home = Apc->NormalContext;
    Frame->Context.P2Home = Apc->SystemArgument1;
    Frame->Context.P3Home = Apc->SystemArgument2;
    Frame->Context.P4Home = Apc->NormalRoutine;
    FillContextEx(&Frame->ContextEx);
    FillMachineFrame(&Frame->Machine, Registers);
}

/* The dispatcher adds the floating-point state if there is no context that has it. */
NTSTATUS KiPushApcFrame(PETHREAD Thread, const KAPC *Apc, const CONTEXT *Context,
                        const seL4_UserContext *Registers, PULONG_PTR FrameAddress)
{
    ULONG_PTR Address = ALIGN_DOWN_BY(Registers->rsp - sizeof(APC_FRAME), 16);
    APC_FRAME Frame;

    *FrameAddress = Address;
    if (Context) {
        Frame = (APC_FRAME){.Context = *Context};
        FillApcFrame(&Frame, Apc, Registers);
        return MmCopyToProcess(Thread->Process, (CLIENT(PVOID))Address, &Frame, sizeof(Frame));
    }
    ClearEnds(&Frame, sizeof(Frame));
    FillContext(&Frame.Context, Registers);
    Frame.Context.ContextFlags &= ~(CONTEXT_FLOATING_POINT & ~CONTEXT_AMD64);
    FillApcFrame(&Frame, Apc, Registers);
    return PushEnds(Thread, Address, &Frame, sizeof(Frame));
}

#define HAS(flags, part) (((flags) & (part)) == (part))

/* A context without general registers cannot be gone on with from ntdll. */
BOOLEAN KeNeedsUserMode(const CONTEXT *Context)
{
    if (!HAS(Context->ContextFlags, CONTEXT_CONTROL | CONTEXT_INTEGER))
        return FALSE;
    return (Context->EFlags & EFLAGS_TRAP) || HAS(Context->ContextFlags, CONTEXT_FLOATING_POINT);
}

/* The stubs keep the stack pointer in RAX over their system call (neptune/abi.h). */
void KeSendToContextDispatcher(PETHREAD Thread, ULONG_PTR ContextAddress,
                               seL4_UserContext *Registers)
{
    KiSetDispatcher(Thread, Registers, PsKiUserContextDispatcher, Registers->rax);
    Registers->rcx = ContextAddress;
}

NTSTATUS KePushContext(PETHREAD Thread, const CONTEXT *Context, seL4_UserContext *Registers)
{
    ULONG_PTR Address = ALIGN_DOWN_BY(Registers->rsp - sizeof(CONTEXT), 16);
    NTSTATUS Status =
        MmCopyToProcess(Thread->Process, (CLIENT(PVOID))Address, Context, sizeof(*Context));

    if (!NT_SUCCESS(Status))
        return Status;
    KiSetDispatcher(Thread, Registers, PsKiUserContextDispatcher, Address);
    Registers->rcx = Address;
    return STATUS_SUCCESS;
}

BOOLEAN KeIsAtContextDispatcher(PETHREAD Thread, const seL4_UserContext *Registers)
{
    return Registers->rip == PsNtdllRoutine(Thread->Process, PsKiUserContextDispatcher);
}

CLIENT(PCONTEXT) KeDispatchedContext(const seL4_UserContext *Registers)
{
    return (CLIENT(PCONTEXT))Registers->rcx;
}

_Static_assert(NEPTUNE_TEB_FXSAVE + 512 <= NEPTUNE_TEB_SIZE &&
                   NEPTUNE_TEB_FXSAVE >= NEPTUNE_TEB_IPC_BUFFER + 8 + 17 * 8,
               "behind the arguments of services");

void KiReadFloatingState(PETHREAD Thread, PKE_FLOATING_STATE State)
{
    memcpy(State->FxSave, (PCHAR)Thread->IpcBuffer + NEPTUNE_TEB_FXSAVE - NEPTUNE_TEB_IPC_BUFFER,
           sizeof(State->FxSave));
}

void KeAddFloatingState(const KE_FLOATING_STATE *State, PCONTEXT Context)
{
    memcpy(&Context->FltSave, State->FxSave, sizeof(State->FxSave));
    Context->MxCsr = Context->FltSave.MxCsr;
    Context->ContextFlags |= CONTEXT_FLOATING_POINT;
}
