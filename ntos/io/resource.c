/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports and interrupts of a driver process: only what plug and play has assigned to a device that
 * it is the function driver of. Also a driver's timer, and the speaker.
 */
#include "iop.h"

static BOOLEAN IopNodeCovers(PIOP_DEVNODE Node, UINT32 Type, UINT64 Start, UINT64 Length)
{
    const IOP_ROOT_DEVICE *Description = Node->Description;
    ULONG i;

    for (i = 0; i < Description->ResourceCount; i++) {
        const DRIVER_RESOURCE *Resource = &Description->Resources[i];

        if (Resource->Type == Type && Start >= Resource->Start &&
            Start - Resource->Start < Resource->Length &&
            Length <= Resource->Length - (Start - Resource->Start))
            return TRUE;
    }
    return FALSE;
}

/* Whether the range is assigned to a device whose function driver is this one. */
static BOOLEAN IopIsAssigned(PIO_DRIVER Driver, UINT32 Type, UINT64 Start, UINT64 Length)
{
    UNICODE_STRING Name, Function;
    PIOP_DEVNODE Node;
    ULONG Index;

    RtlInitUnicodeString(&Name, Driver->Name);
    for (Index = 0; (Node = IopGetDevNode(Index)); Index++) {
        RtlInitUnicodeString(&Function, Node->Description->Services[0]);
        if (RtlEqualUnicodeString(&Name, &Function, TRUE) &&
            IopNodeCovers(Node, Type, Start, Length))
            return TRUE;
    }
    return FALSE;
}

static PIOP_PORT_RANGE IopFindPorts(PIO_DRIVER Driver, ULONG First, ULONG Count)
{
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_PORT_RANGES; i++) {
        PIOP_PORT_RANGE Range = &Driver->Ports[i];

        if (Range->Count && First >= Range->First && First - Range->First < Range->Count &&
            Count <= Range->Count - (First - Range->First))
            return Range;
    }
    return NULL;
}

static PIOP_PORT_RANGE IopFreePortRange(PIO_DRIVER Driver)
{
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_PORT_RANGES; i++)
        if (!Driver->Ports[i].Count)
            return &Driver->Ports[i];
    return NULL;
}

static NTSTATUS IopGrantPorts(PIO_DRIVER Driver, ULONG First, ULONG Count, PIOP_PORT_RANGE *Result)
{
    PIOP_PORT_RANGE Range = IopFreePortRange(Driver);
    seL4_CPtr Cap, ClientCap;
    NTSTATUS Status;

    if (!Range)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = HalGetPortCap(First, Count, &Cap);
    if (NT_SUCCESS(Status))
        Status = PsGrantCap(Driver->Process, Cap, seL4_AllRights, 0, &ClientCap);
    if (!NT_SUCCESS(Status))
        return Status;
    *Range = (IOP_PORT_RANGE){First, Count, Cap, ClientCap};
    *Result = Range;
    return STATUS_SUCCESS;
}

/*
 * DrvGetPort: a capability over Count ports from First on, which must be assigned to the driver's
 * device. STATUS_ACCESS_DENIED, STATUS_CONFLICTING_ADDRESSES, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI DrvGetPort(ULONG First, ULONG Count, CLIENT(PULONG) PortCap)
{
    PIO_DRIVER Driver = IopCurrentDriver();
    PIOP_PORT_RANGE Range;
    ULONG ClientCap;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Driver)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (!Count || First > 0xffff || Count > 0x10000 - First)
        return STATUS_INVALID_PARAMETER;
    if (!IopIsAssigned(Driver, DriverResourcePort, First, Count))
        return STATUS_ACCESS_DENIED;
    Range = IopFindPorts(Driver, First, Count);
    if (!Range)
        Status = IopGrantPorts(Driver, First, Count, &Range);
    if (!NT_SUCCESS(Status))
        return Status;
    ClientCap = (ULONG)Range->ClientCap;
    return MmWriteClient(PortCap, &ClientCap);
}

/* For IN and OUT instructions that trap: ports assigned are granted at the first touch. */
seL4_CPtr IoDriverPortCap(PEPROCESS Process, USHORT Port, ULONG Size)
{
    PIO_DRIVER Driver = Process->Driver;
    PIOP_PORT_RANGE Range;

    if (!Driver || Driver->Process != Process)
        return 0;
    Range = IopFindPorts(Driver, Port, Size);
    if (!Range && IopIsAssigned(Driver, DriverResourcePort, Port, Size) &&
        !NT_SUCCESS(IopGrantPorts(Driver, Port, Size, &Range)))
        return 0;
    return Range ? Range->Cap : 0;
}

static PIOP_INTERRUPT IopFreeInterrupt(PIO_DRIVER Driver, PULONG Index)
{
    for (*Index = 0; *Index < IOP_MAXIMUM_INTERRUPTS; (*Index)++)
        if (!Driver->Interrupts[*Index].ClientCap)
            return &Driver->Interrupts[*Index];
    return NULL;
}

/* The handler signals bit Index of the driver's interrupt notification. The kernel keeps a
 * capability of its own. */
static NTSTATUS IopBindInterrupt(PIO_DRIVER Driver, seL4_CPtr Handler, ULONG Index)
{
    seL4_CPtr Slot = MmAllocateSlot();
    seL4_Error Error;

    if (!Slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    Error = seL4_CNode_Mint(MmCSpaceRoot, Slot, seL4_WordBits, MmCSpaceRoot,
                            Driver->InterruptNotification.Cap, seL4_WordBits, seL4_CanWrite,
                            (seL4_Word)1 << Index);
    if (Error != seL4_NoError) {
        MmFreeSlot(Slot);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Error = seL4_IRQHandler_SetNotification(Handler, Slot);
    MmDeleteCap(Slot);
    return Error == seL4_NoError ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS IopConnectInterrupt(PIO_DRIVER Driver, PIOP_INTERRUPT Interrupt, ULONG Index,
                                    ULONG Vector, BOOLEAN Latched)
{
    NTSTATUS Status = HalCreateInterrupt(Vector, Latched, &Interrupt->Handler);

    if (!NT_SUCCESS(Status))
        return Status;
    Interrupt->Vector = Vector;
    Status = IopBindInterrupt(Driver, Interrupt->Handler, Index);
    if (NT_SUCCESS(Status))
        Status = PsGrantCap(Driver->Process, Interrupt->Handler, seL4_AllRights, 0,
                            &Interrupt->ClientCap);
    if (!NT_SUCCESS(Status))
        HalDeleteInterrupt(Vector, Interrupt->Handler);
    return Status;
}

static void IopDisconnectInterrupt(PIO_DRIVER Driver, PIOP_INTERRUPT Interrupt)
{
    PsRevokeGrant(Driver->Process, Interrupt->ClientCap);
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
    PIO_DRIVER Driver = IopCurrentDriver();
    DRIVER_INTERRUPT Result;
    PIOP_INTERRUPT Interrupt;
    ULONG Index;
    NTSTATUS Status;

    if (!Driver)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (!IopIsAssigned(Driver, DriverResourceInterrupt, Vector, 1))
        return STATUS_ACCESS_DENIED;
    Interrupt = IopFreeInterrupt(Driver, &Index);
    if (!Interrupt)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = IopConnectInterrupt(Driver, Interrupt, Index, Vector, Latched != 0);
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
    PIO_DRIVER Driver = IopCurrentDriver();
    ULONG i;

    if (!Driver)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    for (i = 0; HandlerCap && i < IOP_MAXIMUM_INTERRUPTS; i++) {
        if (Driver->Interrupts[i].ClientCap == HandlerCap) {
            IopDisconnectInterrupt(Driver, &Driver->Interrupts[i]);
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
    PIO_DRIVER Driver;

    if (DueTime && !NT_SUCCESS(MmReadClient(&Due, DueTime)))
        return STATUS_ACCESS_VIOLATION;
    Driver = IopCurrentDriver();
    if (!Driver)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    KeCancelTimer(&Driver->Timer);
    if (Due.QuadPart > 0)
        KeSetTimer(&Driver->Timer, (ULONGLONG)Due.QuadPart);
    return STATUS_SUCCESS;
}

/* DrvMakeBeep: HalMakeBeep, for any driver, as in Windows. STATUS_INVALID_PARAMETER. */
NTSTATUS NTAPI DrvMakeBeep(ULONG Frequency)
{
    return HalMakeBeep(Frequency);
}

/* The process is ending, and its CNode with it. */
void IopReleaseResources(PIO_DRIVER Driver)
{
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_INTERRUPTS; i++)
        if (Driver->Interrupts[i].ClientCap)
            IopDisconnectInterrupt(Driver, &Driver->Interrupts[i]);
    for (i = 0; i < IOP_MAXIMUM_PORT_RANGES; i++) {
        if (Driver->Ports[i].Count)
            PsRevokeGrant(Driver->Process, Driver->Ports[i].ClientCap);
        Driver->Ports[i].Count = 0;
    }
}
