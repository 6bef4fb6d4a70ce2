/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two threads of the Executive's that show who has the processor. When asked to, each beats once,
 * as soon as nothing above it wants to run: one is below the Executive's own thread and above all
 * drivers, the other is below the raised drivers and above all programs. If the first beats and the
 * second does not, drivers have had the processor all the time, whatever they claim.
 */
#include "kip.h"

#define STACK_SIZE 1024
#define USER_FLAGS 0x202

typedef struct _KI_HEART {
    MM_KERNEL_OBJECT Tcb, Wanted;
    volatile ULONG Beats;
    UCHAR Stack[STACK_SIZE] __attribute__((aligned(16)));
} KI_HEART;

static KI_HEART Hearts[KeHearts];

/* This runs outside of the dispatcher's thread, so it touches nothing but the count. */
static __attribute__((noreturn)) void Beat(KI_HEART *Heart)
{
    for (;;) {
        seL4_Wait(Heart->Wanted.Cap, NULL);
        Heart->Beats++;
    }
}

static void BeatAboveDrivers(void)
{
    Beat(&Hearts[KeHeartAboveDrivers]);
}

static void BeatBelowDrivers(void)
{
    Beat(&Hearts[KeHeartBelowDrivers]);
}

void KeWantHeartbeats(void)
{
    ULONG i;

    for (i = 0; i < KeHearts; i++)
        seL4_Signal(Hearts[i].Wanted.Cap);
}

ULONG KeHeartbeats(KE_HEART Which)
{
    return Hearts[Which].Beats;
}

static seL4_Error StartThread(KI_HEART *Heart, void (*Routine)(void), ULONG Priority)
{
    seL4_UserContext Registers = {0};
    seL4_Error Error =
        seL4_TCB_Configure(Heart->Tcb.Cap, 0, MmCSpaceRoot, 0, seL4_CapInitThreadVSpace, 0, 0, 0);

    if (Error == seL4_NoError)
        Error = seL4_TCB_SetSchedParams(Heart->Tcb.Cap, seL4_CapInitThreadTCB, 0, Priority);
    if (Error != seL4_NoError)
        return Error;
    seL4_TCB_SetFlags(Heart->Tcb.Cap, 0, seL4_TCBFlag_fpuDisabled);
    KiProgramCounter(&Registers) = (ULONG_PTR)Routine;
    /* As after a call. */
    KiStackPointer(&Registers) = (ULONG_PTR)Heart->Stack + STACK_SIZE - sizeof(PVOID);
    KiFlags(&Registers) = USER_FLAGS;
    return seL4_TCB_WriteRegisters(Heart->Tcb.Cap, TRUE, 0, KI_REGISTER_COUNT, &Registers);
}

void KeStartHeart(KE_HEART Which, ULONG Priority)
{
    static void (*const Routines[])(void) = {BeatAboveDrivers, BeatBelowDrivers};
    KI_HEART *Heart = &Hearts[Which];

    if (!NT_SUCCESS(MmCreateKernelObject(seL4_TCBObject, 0, &Heart->Tcb)) ||
        !NT_SUCCESS(MmCreateKernelObject(seL4_NotificationObject, 0, &Heart->Wanted)) ||
        StartThread(Heart, Routines[Which], Priority) != seL4_NoError)
        KeBugCheck("no heartbeat");
}
