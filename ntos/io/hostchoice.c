/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which host a driver is loaded into. The value DriverHost of its service's key, a string, is the
 * name of a group, whose drivers share a host; an empty one keeps the driver alone. Where there is
 * no such value plug and play decides: drivers of the same device go together, since they may call
 * each other and share data, and any other driver has a host of its own.
 */
#include "iop.h"
#include "cm.h"

static KEVENT IopPlaceFree; /* a synchronisation event: nobody chooses a host */

/* FALSE: the registry says nothing. */
static BOOLEAN IopQueryGroup(const WCHAR *DriverName, WCHAR Group[IOP_GROUP_NAME])
{
    WCHAR Key[IOP_SERVICE_KEY_NAME];
    UNICODE_STRING Text;
    ULONG Length;

    IopServiceKey(DriverName, Key);
    if (!CmQuerySetting(Key, u"DriverHost", &Text))
        return FALSE;
    Length = Text.Length / sizeof(WCHAR) < IOP_GROUP_NAME ? Text.Length : 0; /* too long: alone */
    memcpy(Group, Text.Buffer, Length);
    Group[Length / sizeof(WCHAR)] = 0;
    ExFreePool(Text.Buffer);
    return TRUE;
}

static BOOLEAN IopIsOfGroup(PIO_HOST Host, const WCHAR *Group)
{
    UNICODE_STRING Wanted, Name;

    RtlInitUnicodeString(&Wanted, Group);
    RtlInitUnicodeString(&Name, Host->Group);
    return Host->Grouped && RtlEqualUnicodeString(&Wanted, &Name, TRUE);
}

/* NULL: there is none (yet). */
static PIO_HOST IopFindHostOfGroup(const WCHAR *Group)
{
    PLIST_ENTRY Entry;

    for (Entry = IopHosts.Flink; Group[0] && Entry != &IopHosts; Entry = Entry->Flink) {
        PIO_HOST Host = CONTAINING_RECORD(Entry, IO_HOST, HostsEntry);

        if (IopIsOfGroup(Host, Group) && !Host->Process->Exiting)
            return Host;
    }
    return NULL;
}

/* The host of a driver that runs or starts there, and is not to be in a certain one. */
static PIO_HOST IopFindHostOfService(const WCHAR *Service)
{
    PIO_DRIVER Driver = IopFindDriver(Service);
    PIO_HOST Host = Driver ? Driver->Host : NULL;

    if (Driver)
        ObDereferenceObject(Driver);
    return Host && IopHostHasDriver(Host, Service) && Host->Channel && !Host->Process->Exiting &&
                   !Host->Grouped
               ? Host
               : NULL;
}

static PIO_HOST IopFindHostOfNode(PIOP_DEVNODE Node)
{
    PIO_HOST Host = NULL;
    ULONG i;

    for (i = 0; i < IOP_MAXIMUM_SERVICES && Node->Description->Services[i] && !Host; i++)
        Host = IopFindHostOfService(Node->Description->Services[i]);
    return Host;
}

static PIO_HOST IopFindHostByDevices(const WCHAR *DriverName)
{
    PIO_HOST Host = NULL;
    PIOP_DEVNODE Node;
    ULONG Index;

    for (Index = 0; !Host && (Node = IopGetDevNode(Index)); Index++)
        if (IopNodeHasService(Node, DriverName))
            Host = IopFindHostOfNode(Node);
    return Host;
}

/* Referenced. The statuses of IopCreateHost. */
static NTSTATUS IopChooseHost(const WCHAR *DriverName, PIO_HOST *Result)
{
    WCHAR Group[IOP_GROUP_NAME];
    BOOLEAN Grouped = IopQueryGroup(DriverName, Group);
    PIO_HOST Host = Grouped ? IopFindHostOfGroup(Group) : IopFindHostByDevices(DriverName);
    NTSTATUS Status;

    if (Host) {
        IoReferenceHost(Host);
        *Result = Host;
        return STATUS_SUCCESS;
    }
    Status = IopCreateHost(DriverName, Result);
    if (NT_SUCCESS(Status) && Grouped) {
        (*Result)->Grouped = TRUE;
        memcpy((*Result)->Group, Group, sizeof(Group));
    }
    return Status;
}

static void IopJoinHost(PIO_DRIVER Driver, PIO_HOST Host)
{
    if (Driver->Host)
        IoDereferenceHost(Driver->Host);
    IoReferenceHost(Host);
    Driver->Host = Host;
    ObReferenceObject(Driver); /* the list's */
    InsertTailList(&Host->DriverList, &Driver->HostEntry);
}

/* One driver after the other, so that those that are started at the same time find each other.
 * Referenced. The statuses of IopCreateHost; STATUS_THREAD_IS_TERMINATING. */
NTSTATUS IopPlaceDriver(PIO_DRIVER Driver, PIO_HOST *Host)
{
    NTSTATUS Status = KeWaitForSingleObject(&IopPlaceFree, FALSE, NULL);

    if (Status != STATUS_SUCCESS)
        return Status;
    Status = IopChooseHost(Driver->Name, Host);
    if (NT_SUCCESS(Status))
        IopJoinHost(Driver, *Host);
    KeSetEvent(&IopPlaceFree);
    return Status;
}

void IopInitializeHosts(void)
{
    KeInitializeEvent(&IopPlaceFree, SynchronizationEvent, TRUE);
}
