/* SPDX-License-Identifier: BSD-2-Clause */
/* ISA interrupts through the IOAPIC. The vector that we give the kernel is the ISA interrupt's
 * number. */
#include "halp.h"

#define MPS_ACTIVE_LOW 3
#define MPS_LEVEL 3
#define MPS_AS_BUS 0

static HALP_OVERRIDE HalpOverrides[HALP_ISA_VECTORS];
static BOOLEAN HalpOverridesRead;

/* Without a readable MADT: pin = number, but the PIT on pin 2, as on practically every PC. */
static void HalpReadOverrides(void)
{
    ULONG Vector, Length;
    const void *Madt;

    if (HalpOverridesRead)
        return;
    HalpOverridesRead = TRUE;
    for (Vector = 0; Vector < HALP_ISA_VECTORS; Vector++)
        HalpOverrides[Vector].Pin = Vector;
    Madt = HalpFindAcpiTable("APIC", 0, &Length);
    if (Madt)
        HalpParseMadt(Madt, Length, HalpOverrides);
    else
        HalpOverrides[HALP_CLOCK_VECTOR].Pin = 2;
}

/*
 * An seL4 handler for ISA interrupt Vector. Latched is what the driver believes; an override in the
 * MADT takes precedence. Returns STATUS_INVALID_PARAMETER, STATUS_RESOURCE_IN_USE,
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS HalCreateInterrupt(ULONG Vector, BOOLEAN Latched, seL4_CPtr *Handler)
{
    PHALP_OVERRIDE Override;
    seL4_Word Level, Low;
    seL4_Error Error;
    seL4_CPtr Slot;

    if (Vector >= HALP_ISA_VECTORS)
        return STATUS_INVALID_PARAMETER;
    HalpReadOverrides();
    Override = &HalpOverrides[Vector];
    Level = Override->Trigger == MPS_AS_BUS ? !Latched : Override->Trigger == MPS_LEVEL;
    Low = Override->Polarity == MPS_ACTIVE_LOW;
    Slot = MmAllocateSlot();
    if (!Slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    Error = seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, MmCSpaceRoot, Slot, seL4_WordBits, 0,
                                      Override->Pin, Level, Low, Vector);
    if (Error != seL4_NoError) {
        MmFreeSlot(Slot);
        return Error == seL4_RevokeFirst ? STATUS_RESOURCE_IN_USE : STATUS_INVALID_PARAMETER;
    }
    *Handler = Slot;
    return STATUS_SUCCESS;
}

/* Revoking takes away a driver's copies; with the last capability the kernel masks the pin. */
void HalDeleteInterrupt(ULONG Vector, seL4_CPtr Handler)
{
    if (seL4_IRQHandler_Clear(Handler) != seL4_NoError ||
        seL4_CNode_Revoke(MmCSpaceRoot, Handler, seL4_WordBits) != seL4_NoError)
        DbgPrint("hal: interrupt %u does not go away\n", Vector);
    MmDeleteCap(Handler);
}
