/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports and interrupts of a driver host: only what plug and play has assigned to a device that it
 * has the function driver of. Also a host's timer, and the speaker.
 */
#include "iop.h"

/* The resource of the node that has all of the range. */
static const DRIVER_RESOURCE *IopNodeCovers(PIOP_DEVNODE Node, UINT32 Type, UINT64 Start,
                                            UINT64 Length)
{
    const IOP_ROOT_DEVICE *Description = Node->Description;
    ULONG i;

    for (i = 0; i < Description->ResourceCount; i++) {
        const DRIVER_RESOURCE *Resource = &Description->Resources[i];

        if (Resource->Type == Type && Start >= Resource->Start &&
            Start - Resource->Start < Resource->Length &&
            Length <= Resource->Length - (Start - Resource->Start))
            return Resource;
    }
    return NULL;
}

/* The resource with the range, of a device whose function driver is in this host. NULL: it is not
 * assigned. */
static const DRIVER_RESOURCE *IopAssigned(PIO_HOST Host, UINT32 Type, UINT64 Start, UINT64 Length)
{
    const DRIVER_RESOURCE *Resource = NULL;
    PIOP_DEVNODE Node;
    ULONG Index;

    for (Index = 0; !Resource && (Node = IopGetDevNode(Index)); Index++)
        if (IopHostHasDriver(Host, Node->Description->Services[0]))
            Resource = IopNodeCovers(Node, Type, Start, Length);
    return Resource;
}

static PIOP_PORT_RANGE IopFindPorts(PIO_HOST Host, ULONG First, ULONG Count)
{
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_PORT_RANGES; i++) {
        PIOP_PORT_RANGE Range = &Host->Ports[i];

        if (Range->Count && First >= Range->First && First - Range->First < Range->Count &&
            Count <= Range->Count - (First - Range->First))
            return Range;
    }
    return NULL;
}

static PIOP_PORT_RANGE IopFreePortRange(PIO_HOST Host)
{
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_PORT_RANGES; i++)
        if (!Host->Ports[i].Count)
            return &Host->Ports[i];
    return NULL;
}

static NTSTATUS IopGrantPorts(PIO_HOST Host, ULONG First, ULONG Count, PIOP_PORT_RANGE *Result)
{
    PIOP_PORT_RANGE Range = IopFreePortRange(Host);
    seL4_CPtr Cap, ClientCap;
    NTSTATUS Status;

    if (!Range)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = HalGetPortCap(First, Count, &Cap);
    if (NT_SUCCESS(Status))
        Status = PsGrantCap(Host->Process, Cap, seL4_AllRights, 0, &ClientCap);
    if (!NT_SUCCESS(Status))
        return Status;
    *Range = (IOP_PORT_RANGE){First, Count, Cap, ClientCap};
    *Result = Range;
    return STATUS_SUCCESS;
}

/*
 * DrvGetPort: a capability over Count ports from First on, which must be assigned to the driver's
 * device. It is for all ports that were assigned together, so an access of another size there finds
 * it too. STATUS_ACCESS_DENIED, STATUS_CONFLICTING_ADDRESSES, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI DrvGetPort(ULONG First, ULONG Count, CLIENT(PULONG) PortCap)
{
    PIO_HOST Host = IopCurrentHost();
    const DRIVER_RESOURCE *Resource;
    PIOP_PORT_RANGE Range;
    ULONG ClientCap;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Host)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (!Count || First > 0xffff || Count > 0x10000 - First)
        return STATUS_INVALID_PARAMETER;
    Resource = IopAssigned(Host, DriverResourcePort, First, Count);
    if (!Resource)
        return STATUS_ACCESS_DENIED;
    Range = IopFindPorts(Host, First, Count);
    if (!Range)
        Status = IopGrantPorts(Host, (ULONG)Resource->Start, (ULONG)Resource->Length, &Range);
    if (!NT_SUCCESS(Status))
        return Status;
    ClientCap = (ULONG)Range->ClientCap;
    return MmWriteClient(PortCap, &ClientCap);
}

static PIOP_INTERRUPT IopFreeInterrupt(PIO_HOST Host, PULONG Index)
{
    for (*Index = 0; *Index < IOP_MAXIMUM_INTERRUPTS; (*Index)++)
        if (!Host->Interrupts[*Index].ClientCap)
            return &Host->Interrupts[*Index];
    return NULL;
}

/* The handler signals bit Index of the driver's interrupt notification. The kernel keeps a
 * capability of its own. */
static NTSTATUS IopBindInterrupt(PIO_HOST Host, seL4_CPtr Handler, ULONG Index)
{
    seL4_CPtr Slot = MmAllocateSlot();
    seL4_Error Error;

    if (!Slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    Error = seL4_CNode_Mint(MmCSpaceRoot, Slot, seL4_WordBits, MmCSpaceRoot,
                            Host->InterruptNotification.Cap, seL4_WordBits, seL4_CanWrite,
                            (seL4_Word)1 << Index);
    if (Error != seL4_NoError) {
        MmFreeSlot(Slot);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Error = seL4_IRQHandler_SetNotification(Handler, Slot);
    MmDeleteCap(Slot);
    return Error == seL4_NoError ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS IopConnectInterrupt(PIO_HOST Host, PIOP_INTERRUPT Interrupt, ULONG Index,
                                    ULONG Vector, BOOLEAN Latched)
{
    NTSTATUS Status = HalCreateInterrupt(Vector, Latched, &Interrupt->Handler);

    if (!NT_SUCCESS(Status))
        return Status;
    Interrupt->Vector = Vector;
    Status = IopBindInterrupt(Host, Interrupt->Handler, Index);
    if (NT_SUCCESS(Status))
        Status =
            PsGrantCap(Host->Process, Interrupt->Handler, seL4_AllRights, 0, &Interrupt->ClientCap);
    if (!NT_SUCCESS(Status))
        HalDeleteInterrupt(Vector, Interrupt->Handler);
    return Status;
}

static void IopDisconnectInterrupt(PIO_HOST Host, PIOP_INTERRUPT Interrupt)
{
    PsRevokeGrant(Host->Process, Interrupt->ClientCap);
    HalDeleteInterrupt(Interrupt->Vector, Interrupt->Handler);
    Interrupt->ClientCap = 0;
}

/*
 * DrvConnectInterrupt: the interrupt Vector, which must be assigned to the driver's device, to the
 * driver's interrupt notification. STATUS_ACCESS_DENIED, STATUS_RESOURCE_IN_USE,
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI DrvConnectInterrupt(ULONG Vector, ULONG Latched, CLIENT(DRIVER_INTERRUPT *) Info)
{
    PIO_HOST Host = IopCurrentHost();
    DRIVER_INTERRUPT Result;
    PIOP_INTERRUPT Interrupt;
    ULONG Index;
    NTSTATUS Status;

    if (!Host)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (!IopAssigned(Host, DriverResourceInterrupt, Vector, 1))
        return STATUS_ACCESS_DENIED;
    Interrupt = IopFreeInterrupt(Host, &Index);
    if (!Interrupt)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = IopConnectInterrupt(Host, Interrupt, Index, Vector, Latched != 0);
    if (!NT_SUCCESS(Status))
        return Status;
    Result = (DRIVER_INTERRUPT){(UINT32)Interrupt->ClientCap, Index};
    Status = MmWriteClient(Info, &Result);
    if (!NT_SUCCESS(Status))
        DrvDisconnectInterrupt(Result.HandlerCap);
    return Status;
}

/* DrvDisconnectInterrupt: STATUS_INVALID_PARAMETER if it is not an interrupt of the driver's. */
NTSTATUS NTAPI DrvDisconnectInterrupt(ULONG HandlerCap)
{
    PIO_HOST Host = IopCurrentHost();
    ULONG i;

    if (!Host)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    for (i = 0; HandlerCap && i < IOP_MAXIMUM_INTERRUPTS; i++) {
        if (Host->Interrupts[i].ClientCap == HandlerCap) {
            IopDisconnectInterrupt(Host, &Host->Interrupts[i]);
            return STATUS_SUCCESS;
        }
    }
    return STATUS_INVALID_PARAMETER;
}

/* DrvSetTimer: the main notification is signalled once at DueTime (interrupt time); NULL or 0
 * cancels. */
NTSTATUS NTAPI DrvSetTimer(CLIENT(PLARGE_INTEGER) DueTime)
{
    LARGE_INTEGER Due = {.QuadPart = 0};
    PIO_HOST Host;

    if (DueTime && !NT_SUCCESS(MmReadClient(&Due, DueTime)))
        return STATUS_ACCESS_VIOLATION;
    Host = IopCurrentHost();
    if (!Host)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    KeCancelTimer(&Host->Timer);
    if (Due.QuadPart > 0)
        KeSetTimer(&Host->Timer, (ULONGLONG)Due.QuadPart);
    return STATUS_SUCCESS;
}

/* DrvMakeBeep: HalMakeBeep, for any driver, as in Windows. STATUS_INVALID_PARAMETER. */
NTSTATUS NTAPI DrvMakeBeep(ULONG Frequency)
{
    return HalMakeBeep(Frequency);
}

/* The process is ending, and its CNode with it. */
void IopReleaseResources(PIO_HOST Host)
{
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_INTERRUPTS; i++)
        if (Host->Interrupts[i].ClientCap)
            IopDisconnectInterrupt(Host, &Host->Interrupts[i]);
    for (i = 0; i < IOP_MAXIMUM_PORT_RANGES; i++) {
        if (Host->Ports[i].Count)
            PsRevokeGrant(Host->Process, Host->Ports[i].ClientCap);
        Host->Ports[i].Count = 0;
    }
}
