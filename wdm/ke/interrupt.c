/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts. One thread, created with the first connection, waits for all of the driver's
 * interrupts and calls their service routines under the interrupt spin lock. The Executive gives it
 * a priority above the main thread's.
 *
 * A latched interrupt is acknowledged before its routine runs: it comes back unmasked, and an edge
 * that arrives while the routine runs is kept by the notification. A level interrupt is
 * acknowledged when its routine has quieted the device.
 */
#include "ki.h"
#include "ntdll.h"
#include "stub.h"

#define KI_MAX_INTERRUPTS 16

struct _KINTERRUPT {
    PKSERVICE_ROUTINE ServiceRoutine;
    PVOID ServiceContext;
    KSPIN_LOCK SpinLock;
    PKSPIN_LOCK ActualLock;
    ULONG Vector;
    KIRQL Irql;
    KIRQL SynchronizeIrql;
    BOOLEAN Latched;
    BOOLEAN Connected;
    DRIVER_INTERRUPT Info;
};

static PKINTERRUPT volatile KiInterrupts[KI_MAX_INTERRUPTS];
static HANDLE KiInterruptThreadHandle;

static VOID KiServiceInterrupt(PKINTERRUPT Interrupt)
{
    KiSetIrql(Interrupt->SynchronizeIrql);
    KiAcquireLock(Interrupt->ActualLock);
    if (Interrupt->Connected) {
        if (Interrupt->Latched)
            KxAcknowledgeInterrupt(Interrupt->Info.HandlerCap);
        Interrupt->ServiceRoutine(Interrupt, Interrupt->ServiceContext);
        if (!Interrupt->Latched)
            KxAcknowledgeInterrupt(Interrupt->Info.HandlerCap);
    }
    KiReleaseLock(Interrupt->ActualLock);
    KiSetIrql(KI_DEVICE_IRQL);
}

static ULONG NTAPI KiInterruptLoop(PVOID Context)
{
    ULONGLONG Fired;

    KiSetCurrentThread(&KiInterruptThread);
    DrvServeInterrupts();
    for (;;) {
        KiSetIrql(PASSIVE_LEVEL);
        KiEndStretch();
        Fired = KxWaitInterrupt();
        KiSetIrql(KI_DEVICE_IRQL);
        for (ULONG i = 0; i < KI_MAX_INTERRUPTS; i++) {
            PKINTERRUPT Interrupt = KiInterrupts[i];

            if (Interrupt && (Fired >> Interrupt->Info.BadgeBit & 1))
                KiServiceInterrupt(Interrupt);
        }
    }
    return 0;
}

static NTSTATUS KiStartInterruptThread(VOID)
{
    if (KiInterruptThreadHandle)
        return STATUS_SUCCESS;
    return RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, KI_STACK_SIZE, KI_STACK_SIZE,
                               KiInterruptLoop, NULL, &KiInterruptThreadHandle, NULL);
}

static PKINTERRUPT volatile *KiFreeInterruptSlot(VOID)
{
    for (ULONG i = 0; i < KI_MAX_INTERRUPTS; i++) {
        if (!KiInterrupts[i])
            return &KiInterrupts[i];
    }
    return NULL;
}

/*
 * Puts the object where the interrupt thread finds it, then asks the Executive for the interrupt.
 */
static NTSTATUS KiConnectInterrupt(PKINTERRUPT Interrupt)
{
    PKINTERRUPT volatile *Slot = KiFreeInterruptSlot();
    NTSTATUS Status = Slot ? KiStartInterruptThread() : STATUS_INSUFFICIENT_RESOURCES;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = DrvConnectInterrupt(Interrupt->Vector, Interrupt->Latched, &Interrupt->Info);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Interrupt->Info.BadgeBit >= 64) {
        DrvDisconnectInterrupt(Interrupt->Info.HandlerCap);
        return STATUS_INVALID_PARAMETER;
    }
    Interrupt->Connected = TRUE;
    *Slot = Interrupt;
    /* An interrupt that fired before the slot was filled was not seen, and its line is masked. */
    KxAcknowledgeInterrupt(Interrupt->Info.HandlerCap);
    return STATUS_SUCCESS;
}

/*
 * IoConnectInterrupt: Vector and InterruptMode as START_DEVICE's translated resources gave them.
 * SpinLock is for drivers that share one lock among several interrupts, else NULL. Returns
 * STATUS_INSUFFICIENT_RESOURCES or what the Executive says (STATUS_ACCESS_DENIED for a vector that
 * is not the driver's).
 */
NTSTATUS NTAPI IoConnectInterrupt(PKINTERRUPT *InterruptObject, PKSERVICE_ROUTINE ServiceRoutine,
                                  PVOID ServiceContext, PKSPIN_LOCK SpinLock, ULONG Vector,
                                  KIRQL Irql, KIRQL SynchronizeIrql, KINTERRUPT_MODE InterruptMode,
                                  BOOLEAN ShareVector, KAFFINITY ProcessorEnableMask,
                                  BOOLEAN FloatingSave)
{
    PKINTERRUPT Interrupt = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Interrupt), 'tnIK');
    NTSTATUS Status;

    *InterruptObject = NULL;
    if (!Interrupt)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlZeroMemory(Interrupt, sizeof(*Interrupt));
    Interrupt->ServiceRoutine = ServiceRoutine;
    Interrupt->ServiceContext = ServiceContext;
    Interrupt->ActualLock = SpinLock ? SpinLock : &Interrupt->SpinLock;
    Interrupt->Vector = Vector;
    Interrupt->Irql = Irql;
    Interrupt->SynchronizeIrql = max(SynchronizeIrql, Irql);
    Interrupt->Latched = InterruptMode == Latched;
    *InterruptObject = Interrupt; /* the first interrupt may come before this returns */
    Status = KiConnectInterrupt(Interrupt);
    if (!NT_SUCCESS(Status)) {
        *InterruptObject = NULL;
        ExFreePoolWithTag(Interrupt, 'tnIK');
    }
    return Status;
}

VOID NTAPI IoDisconnectInterrupt(PKINTERRUPT Interrupt)
{
    KIRQL OldIrql = KeAcquireInterruptSpinLock(Interrupt);

    Interrupt->Connected = FALSE;
    KeReleaseInterruptSpinLock(Interrupt, OldIrql);
    for (ULONG i = 0; i < KI_MAX_INTERRUPTS; i++) {
        if (KiInterrupts[i] == Interrupt)
            KiInterrupts[i] = NULL;
    }
    DrvDisconnectInterrupt(Interrupt->Info.HandlerCap);
    ExFreePoolWithTag(Interrupt, 'tnIK');
}

/* IoConnectInterruptEx: the fully specified form only; the others return STATUS_NOT_SUPPORTED. */
NTSTATUS NTAPI IoConnectInterruptEx(PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    PIO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS Full = &Parameters->FullySpecified;

    if (Parameters->Version != CONNECT_FULLY_SPECIFIED &&
        Parameters->Version != CONNECT_FULLY_SPECIFIED_GROUP) {
        Parameters->Version = CONNECT_FULLY_SPECIFIED;
        return STATUS_NOT_SUPPORTED;
    }
    return IoConnectInterrupt(Full->InterruptObject, Full->ServiceRoutine, Full->ServiceContext,
                              Full->SpinLock, Full->Vector, Full->Irql, Full->SynchronizeIrql,
                              Full->InterruptMode, Full->ShareVector, Full->ProcessorEnableMask,
                              Full->FloatingSave);
}

VOID NTAPI IoDisconnectInterruptEx(PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters)
{
    IoDisconnectInterrupt(Parameters->ConnectionContext.InterruptObject);
}

/* The lock that the interrupt's service routine runs under. */
KIRQL NTAPI KeAcquireInterruptSpinLock(PKINTERRUPT Interrupt)
{
    KIRQL OldIrql = KiRaiseIrql(Interrupt->SynchronizeIrql);

    KiAcquireLock(Interrupt->ActualLock);
    return OldIrql;
}

VOID NTAPI KeReleaseInterruptSpinLock(PKINTERRUPT Interrupt, KIRQL OldIrql)
{
    KiReleaseLock(Interrupt->ActualLock);
    KiLowerIrql(OldIrql);
}

BOOLEAN NTAPI KeSynchronizeExecution(PKINTERRUPT Interrupt, PKSYNCHRONIZE_ROUTINE Routine,
                                     PVOID Context)
{
    KIRQL OldIrql = KeAcquireInterruptSpinLock(Interrupt);
    BOOLEAN Result = Routine(Context);

    KeReleaseInterruptSpinLock(Interrupt, OldIrql);
    return Result;
}
