/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the Executive leaves on a client's stack for ntdll's dispatchers on i386. Programs and their
 * tools know these layouts. Floating-point state is not ours to see: the dispatchers save it where
 * the CONTEXT has room for it, which FXSAVE wants aligned by 16.
 */
#include "../../kip.h"

#define ROOM_FOR_IRET 16 /* below the stack pointer of a context that is gone on with */

typedef struct _EXCEPTION_FRAME {
    ULONG RecordAddress, ContextAddress;
    EXCEPTION_RECORD Record;
    CONTEXT Context;
} EXCEPTION_FRAME;

/* Where a structure goes whose CONTEXT lies at an offset. */
static ULONG_PTR PlaceBelow(ULONG_PTR StackPointer, SIZE_T Size, SIZE_T ContextOffset)
{
    SIZE_T Aligned = ContextOffset + offsetof(CONTEXT, ExtendedRegisters);

    return ALIGN_DOWN_BY(StackPointer - Size + Aligned, 16) - Aligned;
}

static void FillContext(PCONTEXT Context, const seL4_UserContext *Registers)
{
    KeRegistersToContext(Registers, Context);
    Context->ContextFlags |= CONTEXT_FLOATING_POINT | CONTEXT_EXTENDED_REGISTERS;
}

void KiSetDispatcher(PETHREAD Thread, seL4_UserContext *Registers, PS_NTDLL_ROUTINE Routine,
                     ULONG_PTR Frame)
{
    Registers->eip = PsNtdllRoutine(Thread->Process, Routine);
    Registers->esp = Frame;
    Registers->eflags = KI_USER_FLAGS;
}

NTSTATUS KiPushExceptionFrame(PETHREAD Thread, PEXCEPTION_RECORD Record,
                              seL4_UserContext *Registers)
{
    ULONG_PTR Address =
        PlaceBelow(Registers->esp, sizeof(EXCEPTION_FRAME), offsetof(EXCEPTION_FRAME, Context));
    SIZE_T Length = offsetof(EXCEPTION_FRAME, Context.ExtendedRegisters); /* the dispatcher's */
    EXCEPTION_FRAME Frame;
    NTSTATUS Status;

    memset(&Frame, 0, Length);
    Frame.RecordAddress = Address + offsetof(EXCEPTION_FRAME, Record);
    Frame.ContextAddress = Address + offsetof(EXCEPTION_FRAME, Context);
    Frame.Record = *Record;
    FillContext(&Frame.Context, Registers);
    Status = MmCopyToProcess(Thread->Process, (CLIENT(PVOID))Address, &Frame, Length);
    if (NT_SUCCESS(Status))
        KiSetDispatcher(Thread, Registers, PsKiUserExceptionDispatcher, Address);
    return Status;
}

typedef struct _APC_FRAME {
    ULONG NormalRoutine, NormalContext, SystemArgument1, SystemArgument2;
    CONTEXT Context;
} APC_FRAME;

/* Without a context that has it, the dispatcher adds the floating-point state; the registers of SSE
 * come last. */
NTSTATUS KiPushApcFrame(PETHREAD Thread, const KAPC *Apc, const CONTEXT *Context,
                        const seL4_UserContext *Registers, PULONG_PTR FrameAddress)
{
    SIZE_T Length = Context ? sizeof(APC_FRAME) : offsetof(APC_FRAME, Context.ExtendedRegisters);
    APC_FRAME Frame;

    if (Context) {
        Frame.Context = *Context;
    } else {
        memset(&Frame, 0, Length);
        KeRegistersToContext(Registers, &Frame.Context);
    }
    Frame.NormalRoutine = Apc->NormalRoutine;
    Frame.NormalContext = Apc->NormalContext;
    Frame.SystemArgument1 = Apc->SystemArgument1;
    Frame.SystemArgument2 = Apc->SystemArgument2;
    *FrameAddress = PlaceBelow(Registers->esp, sizeof(Frame), offsetof(APC_FRAME, Context));
    return MmCopyToProcess(Thread->Process, (CLIENT(PVOID)) * FrameAddress, &Frame, Length);
}

#define HAS(flags, part) (((flags) & (part)) == (part))

/* A context without general registers cannot be gone on with from ntdll. */
BOOLEAN KeNeedsUserMode(const CONTEXT *Context)
{
    if (!HAS(Context->ContextFlags, CONTEXT_CONTROL | CONTEXT_INTEGER))
        return FALSE;
    return (Context->EFlags & EFLAGS_TRAP) || HAS(Context->ContextFlags, CONTEXT_FLOATING_POINT) ||
           HAS(Context->ContextFlags, CONTEXT_EXTENDED_REGISTERS);
}

/* The stubs keep the stack pointer in ECX over their system call (neptune/abi.h). */
void KeSendToContextDispatcher(PETHREAD Thread, ULONG_PTR ContextAddress,
                               seL4_UserContext *Registers)
{
    KiSetDispatcher(Thread, Registers, PsKiUserContextDispatcher, Registers->ecx);
    Registers->ecx = ContextAddress;
}

NTSTATUS KePushContext(PETHREAD Thread, const CONTEXT *Context, seL4_UserContext *Registers)
{
    ULONG_PTR Address = PlaceBelow(Registers->esp - ROOM_FOR_IRET, sizeof(CONTEXT), 0);
    NTSTATUS Status =
        MmCopyToProcess(Thread->Process, (CLIENT(PVOID))Address, Context, sizeof(*Context));

    if (!NT_SUCCESS(Status))
        return Status;
    KiSetDispatcher(Thread, Registers, PsKiUserContextDispatcher, Address);
    Registers->ecx = Address;
    return STATUS_SUCCESS;
}

BOOLEAN KeIsAtContextDispatcher(PETHREAD Thread, const seL4_UserContext *Registers)
{
    return Registers->eip == PsNtdllRoutine(Thread->Process, PsKiUserContextDispatcher);
}

CLIENT(PCONTEXT) KeDispatchedContext(const seL4_UserContext *Registers)
{
    return (CLIENT(PCONTEXT))Registers->ecx;
}

_Static_assert(NEPTUNE_TEB_FXSAVE + 512 <= NEPTUNE_TEB_SIZE &&
                   NEPTUNE_TEB_FNSAVE >= NEPTUNE_TEB_IPC_BUFFER + 4 + 17 * 4,
               "behind the arguments of services");

static const void *BehindTeb(PETHREAD Thread, ULONG Offset)
{
    return (PCHAR)Thread->IpcBuffer + Offset - NEPTUNE_TEB_IPC_BUFFER;
}

void KiReadFloatingState(PETHREAD Thread, PKE_FLOATING_STATE State)
{
    memcpy(State->FxSave, BehindTeb(Thread, NEPTUNE_TEB_FXSAVE), sizeof(State->FxSave));
    memcpy(State->FnSave, BehindTeb(Thread, NEPTUNE_TEB_FNSAVE), sizeof(State->FnSave));
}

void KeAddFloatingState(const KE_FLOATING_STATE *State, PCONTEXT Context)
{
    memcpy(&Context->FloatSave, State->FnSave, sizeof(State->FnSave));
    memcpy(Context->ExtendedRegisters, State->FxSave, sizeof(State->FxSave));
    Context->ContextFlags |= CONTEXT_FLOATING_POINT | CONTEXT_EXTENDED_REGISTERS;
}
