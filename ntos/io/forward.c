/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IRPs from one driver process to a device of another, or to a physical device object of ours: data
 * are copied from the sender's area into system memory and from there into the receiver's, and
 * back.
 */
#include "iop.h"

/* To the driver that has sent it, unless that is another process by now. */
static void IopReplyToOrigin(PIRP Irp)
{
    PIO_DRIVER Origin = Irp->Origin;

    if (!Origin->Channel || Origin->Incarnation != Irp->OriginIncarnation) {
        IopFreeIrp(Irp);
        return;
    }
    InsertTailList(&Origin->ReplyQueue, &Irp->QueueEntry);
    IopFlushDriver(Origin);
}

static void IopRefuse(PIO_DRIVER Origin, ULONGLONG Id, NTSTATUS Status)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageDone, .Id = Id};

    Message.Done.Status = Status;
    if (!IopPutMessage(Origin, &Message))
        DbgPrint("io: driver %ls.sys takes no messages: an answer to it is lost\n",
                 (const void *)Origin->Name);
}

static NTSTATUS IopCheckForward(PIO_DRIVER Origin, const DRIVER_IRP *Request,
                                PDEVICE_OBJECT *Device)
{
    *Device = IopLookupId(IopIdDevice, Request->Device);
    if (!*Device || !IopMayReach(Origin, *Device))
        return STATUS_NO_SUCH_DEVICE;
    if (Request->MajorFunction > IRP_MJ_MAXIMUM_FUNCTION)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (Request->DataOffset > DRIVER_DATA_SIZE || Request->DataOffset % 8 ||
        Request->InputLength > DRIVER_DATA_SIZE - Request->DataOffset ||
        Request->OutputLength > DRIVER_DATA_SIZE - Request->DataOffset)
        return STATUS_INVALID_PARAMETER;
    if (Request->File && !IopLookupId(IopIdFile, Request->File))
        return STATUS_INVALID_HANDLE;
    return STATUS_SUCCESS;
}

/* Resources come from the device's assignment, whatever the sender says. */
static const DRIVER_RESOURCE *IopAssignedResources(PDEVICE_OBJECT Device, const DRIVER_IRP *Request,
                                                   UINT32 *Length)
{
    PIOP_DEVNODE Node = IopBottomDevice(Device)->DevNode;

    if (Request->MajorFunction != IRP_MJ_PNP || Request->MinorFunction != IRP_MN_START_DEVICE)
        return NULL;
    *Length = Node ? Node->Description->ResourceCount * sizeof(DRIVER_RESOURCE) : 0;
    return Node ? Node->Description->Resources : NULL;
}

static PIRP IopBuildForward(PIO_DRIVER Origin, PDEVICE_OBJECT Device, const DRIVER_MESSAGE *Message)
{
    const DRIVER_IRP *Request = &Message->Irp;
    UINT32 InputLength = Request->InputLength;
    const void *Input = IopAssignedResources(Device, Request, &InputLength);
    PIRP Irp =
        IopAllocateIrp(Device, NULL, Request->MajorFunction,
                       InputLength > Request->OutputLength ? InputLength : Request->OutputLength);

    if (!Irp)
        return NULL;
    if (!Input)
        Input = Origin->Channel->FromDriverData + Request->DataOffset;
    if (InputLength)
        memcpy(Irp->Buffer, Input, InputLength);
    Irp->Request = *Request;
    Irp->Request.InputLength = InputLength;
    Irp->Request.DataOffset = 0;
    Irp->Request.Connection = 0;
    ObReferenceObject(Origin);
    Irp->Origin = Origin;
    Irp->OriginId = Message->Id;
    Irp->OriginIncarnation = Origin->Incarnation;
    Irp->OriginOffset = Request->DataOffset;
    Irp->Complete = IopReplyToOrigin;
    return Irp;
}

static BOOLEAN IopIsConnect(const DRIVER_IRP *Request)
{
    return Request->MajorFunction == IRP_MJ_INTERNAL_DEVICE_CONTROL &&
           (Request->IoControlCode == IOCTL_INTERNAL_KEYBOARD_CONNECT ||
            Request->IoControlCode == IOCTL_INTERNAL_MOUSE_CONNECT);
}

void IopForwardIrp(PIO_DRIVER Origin, const DRIVER_MESSAGE *Message)
{
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IopCheckForward(Origin, &Message->Irp, &Device);
    PIRP Irp = NULL;

    if (NT_SUCCESS(Status)) {
        Irp = Origin->ForwardCount < IOP_MAXIMUM_REQUESTS ? IopBuildForward(Origin, Device, Message)
                                                          : NULL;
        Status = Irp ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }
    if (NT_SUCCESS(Status)) {
        Origin->ForwardCount++;
        InsertTailList(&Origin->Forwarded, &Irp->ForwardEntry);
        if (IopIsConnect(&Message->Irp))
            Status = IopConnectInput(Irp, Message->Irp.Connection);
        if (NT_SUCCESS(Status))
            IopSendIrp(Irp);
        else
            IopCompleteIrp(Irp, Status, 0);
        return;
    }
    IopRefuse(Origin, Message->Id, Status);
}

/* The sender of a forwarded IRP has cancelled it. */
void IopForwardCancel(PIO_DRIVER Origin, ULONGLONG Id)
{
    PLIST_ENTRY Entry;

    for (Entry = Origin->Forwarded.Flink; Entry != &Origin->Forwarded; Entry = Entry->Flink) {
        PIRP Irp = CONTAINING_RECORD(Entry, IRP, ForwardEntry);

        if (Irp->OriginId == Id && Irp->OriginIncarnation == Origin->Incarnation) {
            IopCancelIrp(Irp);
            return;
        }
    }
}
