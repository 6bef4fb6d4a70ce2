/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plug and play: when all drivers of a device are loaded, each gets AddDevice from the function
 * driver up, then the top of the stack gets START_DEVICE. When one of them dies, what is left of
 * the stack is removed, and the device waits for the driver to be loaded again.
 */
#include "iop.h"

static BOOLEAN IopIsServiceRunning(const WCHAR *Name)
{
    PIO_DRIVER Driver = IopFindDriver(Name);
    BOOLEAN Running = Driver && Driver->State == IopDriverRunning;

    if (Driver)
        ObDereferenceObject(Driver);
    return Running;
}

static BOOLEAN IopAreServicesRunning(PIOP_DEVNODE Node)
{
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_SERVICES && Node->Description->Services[i]; i++)
        if (!IopIsServiceRunning(Node->Description->Services[i]))
            return FALSE;
    return TRUE;
}

/* Sends Request, waits for it, frees it. */
static NTSTATUS IopCallPnp(PIO_REQUEST Request)
{
    BOOLEAN Completed;
    NTSTATUS Status;

    if (!Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = IopCallAndWait(Request, IOP_START_SECONDS, &Completed);
    if (Completed)
        IopFreeRequest(Request);
    return Status;
}

static NTSTATUS IopAddDevice(PIOP_DEVNODE Node, const WCHAR *Service)
{
    PIO_DRIVER Driver = IopFindDriver(Service);
    PIO_REQUEST Request =
        Driver && Driver->Id ? IopAllocateCommand(Driver, DriverMessageAddDevice, 0) : NULL;

    if (Driver)
        ObDereferenceObject(Driver);
    if (Request)
        IopDescribeDevice(Node->Pdo, &Request->Command.Device);
    return IopCallPnp(Request);
}

static NTSTATUS IopSendStart(PIOP_DEVNODE Node)
{
    ULONG Length = Node->Description->ResourceCount * sizeof(DRIVER_RESOURCE);
    PIO_REQUEST Request = IopAllocateRequest(IopTopDevice(Node->Pdo), NULL, IRP_MJ_PNP, Length);

    if (Request) {
        Request->Parameters.MinorFunction = IRP_MN_START_DEVICE;
        Request->Parameters.InputLength = Length;
        if (!NT_SUCCESS(IopWriteData(Request, 0, Node->Description->Resources, Length))) {
            IopFreeRequest(Request);
            Request = NULL;
        }
    }
    return IopCallPnp(Request);
}

static void IopSendRemoval(PIO_DEVICE Top)
{
    static const UCHAR Functions[] = {IRP_MN_SURPRISE_REMOVAL, IRP_MN_REMOVE_DEVICE};
    ULONG i;

    ObReferenceObject(Top);
    for (i = 0; i < ARRAYSIZE(Functions); i++) {
        PIO_REQUEST Request = IopAllocateRequest(Top, NULL, IRP_MJ_PNP, 0);

        if (Request)
            Request->Parameters.MinorFunction = Functions[i];
        IopCallPnp(Request);
    }
    ObDereferenceObject(Top);
}

static NTSTATUS IopBuildStack(PIOP_DEVNODE Node)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_SERVICES && Node->Description->Services[i] && NT_SUCCESS(Status);
         i++)
        Status = IopAddDevice(Node, Node->Description->Services[i]);
    return NT_SUCCESS(Status) ? IopSendStart(Node) : Status;
}

static void IopStartNode(PIOP_DEVNODE Node)
{
    NTSTATUS Status;

    Node->State = IopNodeStarting;
    Status = IopBuildStack(Node);
    if (NT_SUCCESS(Status) && Node->State == IopNodeStarting) {
        Node->State = IopNodeStarted;
        return;
    }
    DbgPrint("io: device %ls does not start: %08x\n", (const void *)Node->Description->Instance,
             (ULONG)Status);
    if (Node->Pdo->AttachedDevice)
        IopSendRemoval(IopTopDevice(Node->Pdo));
    Node->State = IopNodeFailed;
}

void IopStartDevices(void)
{
    PIOP_DEVNODE Node;
    ULONG Index;

    for (Index = 0; (Node = IopGetDevNode(Index)); Index++)
        if (IopAreServicesRunning(Node) && /* others may run meanwhile */
            (Node->State == IopNodeStopped || Node->State == IopNodeFailed))
            IopStartNode(Node);
}

BOOLEAN IopIsPnpDriver(PIO_DRIVER Driver)
{
    PIOP_DEVNODE Node;
    ULONG Index;

    for (Index = 0; (Node = IopGetDevNode(Index)); Index++)
        if (Node->State != IopNodeStopped && IopNodeHasService(Node, Driver->Name))
            return TRUE;
    return FALSE;
}

typedef struct _IOP_REMOVAL {
    PIOP_DEVNODE Node;
    PIO_DEVICE Top; /* referenced */
} IOP_REMOVAL, *PIOP_REMOVAL;

/* System thread: a part of a stack that has survived is removed. The lost driver may have been
 * loaded again meanwhile. */
static void IopRemovalThread(PVOID Context)
{
    PIOP_REMOVAL Removal = Context;
    PIOP_DEVNODE Node = Removal->Node;

    IopSendRemoval(Removal->Top);
    ObDereferenceObject(Removal->Top);
    ExFreePool(Removal);
    if (--Node->Removals)
        return;
    Node->State = IopNodeFailed;
    IopStartDevices();
}

static void IopRemoveFragment(PIOP_DEVNODE Node, PIO_DEVICE Top)
{
    PIOP_REMOVAL Removal = ExAllocatePool(sizeof(*Removal));

    if (!Removal)
        return;
    Removal->Node = Node;
    Removal->Top = Top;
    if (!NT_SUCCESS(KeCreateSystemThread(IopRemovalThread, Removal))) {
        ExFreePool(Removal);
        return;
    }
    ObReferenceObject(Top);
    Node->Removals++;
}

static BOOLEAN IopIsDeviceOf(PIO_DEVICE Device, PIO_HOST Host)
{
    return Device->Driver && Device->Driver->Host == Host;
}

/*
 * A host of a device's drivers has died (its device objects are still in place): the stack falls
 * apart there, and the fragments above and below are removed.
 */
static void IopBreakStack(PIOP_DEVNODE Node, PIO_HOST Host)
{
    PIO_DEVICE Device = Node->Pdo, Upper;

    for (; Device; Device = Upper) {
        Upper = Device->AttachedDevice;
        if (IopIsDeviceOf(Device, Host) || !Device->Driver ||
            (Upper && !IopIsDeviceOf(Upper, Host)))
            continue;
        IopRemoveFragment(Node, Device);
    }
}

BOOLEAN IopHostHasDriver(PIO_HOST Host, const WCHAR *Name)
{
    UNICODE_STRING Wanted, Driver;
    PLIST_ENTRY Entry;

    RtlInitUnicodeString(&Wanted, Name);
    for (Entry = Host->DriverList.Flink; Entry != &Host->DriverList; Entry = Entry->Flink) {
        RtlInitUnicodeString(&Driver, CONTAINING_RECORD(Entry, IO_DRIVER, HostEntry)->Name);
        if (RtlEqualUnicodeString(&Wanted, &Driver, TRUE))
            return TRUE;
    }
    return FALSE;
}

/* Whether one of the device's drivers is in the host. */
BOOLEAN IopNodeIsOfHost(PIOP_DEVNODE Node, PIO_HOST Host)
{
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_SERVICES && Node->Description->Services[i]; i++)
        if (IopHostHasDriver(Host, Node->Description->Services[i]))
            return TRUE;
    return FALSE;
}

void IopHostLost(PIO_HOST Host)
{
    PIOP_DEVNODE Node;
    ULONG Index;

    for (Index = 0; (Node = IopGetDevNode(Index)); Index++) {
        if (Node->State == IopNodeStopped || !IopNodeIsOfHost(Node, Host))
            continue;
        if (Node->State == IopNodeStarted)
            IopBreakStack(Node, Host);
        Node->State = Node->Removals ? IopNodeRemoving : IopNodeFailed;
    }
}
