/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests from one driver host to a device of another, or to a physical device object of ours. A
 * few bytes of data are copied; of others the sender names the pages, and the receiver sees them
 * too.
 */
#include "iop.h"

/* Sends the answer to the host that sent the request, if it is still there. */
static void IopReplyToOrigin(PIO_REQUEST Request)
{
    PIO_HOST Origin = Request->Origin;

    if (!Origin->Channel) {
        IopFreeRequest(Request);
        return;
    }
    InsertTailList(&Origin->ReplyQueue, &Request->QueueEntry);
    IopFlushHost(Origin);
}

static void IopRefuse(PIO_HOST Origin, ULONGLONG Id, NTSTATUS Status)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageDone, .Id = Id};

    Message.Done.Status = Status;
    if (!IopPutMessage(Origin, &Message))
        DbgPrint("io: %ls takes no messages: an answer to it is lost\n",
                 (const void *)Origin->Name);
}

static NTSTATUS IopCheckForward(PIO_HOST Origin, const DRIVER_MESSAGE *Message, PIO_DEVICE *Device)
{
    const DRIVER_REQUEST *Parameters = &Message->Request;

    *Device = IopLookupId(IopIdDevice, Parameters->Device);
    if (!*Device || !IopMayReach(Origin, *Device))
        return STATUS_NO_SUCH_DEVICE;
    if (Parameters->MajorFunction > IRP_MJ_MAXIMUM_FUNCTION)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (Message->DataLength > DRIVER_INLINE_BYTES)
        return STATUS_INVALID_PARAMETER;
    if (!Parameters->System.Place && (DriverSystemLength(Parameters) > DRIVER_INLINE_BYTES ||
                                      DriverInlineInput(Parameters) > Message->DataLength))
        return STATUS_INVALID_PARAMETER;
    if (Parameters->File && !IopLookupId(IopIdFile, Parameters->File))
        return STATUS_INVALID_HANDLE;
    return STATUS_SUCCESS;
}

/* Resources come from the device's assignment, whatever the sender says. */
static const DRIVER_RESOURCE *IopAssignedResources(PIO_DEVICE Device,
                                                   const DRIVER_REQUEST *Parameters, UINT32 *Length)
{
    PIOP_DEVNODE Node = IopBottomDevice(Device)->DevNode;

    if (Parameters->MajorFunction != IRP_MJ_PNP || Parameters->MinorFunction != IRP_MN_START_DEVICE)
        return NULL;
    *Length = Node ? Node->Description->ResourceCount * sizeof(DRIVER_RESOURCE) : 0;
    return Node ? Node->Description->Resources : NULL;
}

/* The data: what comes with the message, resources, or what the message names. FALSE: they cannot
 * be had. */
static BOOLEAN IopBringData(PIO_HOST Origin, PIO_REQUEST Request, const DRIVER_MESSAGE *Message,
                            const DRIVER_RESOURCE *Resources)
{
    if (Resources)
        return NT_SUCCESS(IopWriteData(Request, 0, Resources, Request->Parameters.InputLength));
    if (!Message->Request.System.Place && Request->Buffer)
        memcpy(Request->Buffer, Message->Data, DriverInlineInput(&Message->Request));
    return IopAdoptData(Origin, Request, &Message->Request);
}

/* Not more than a page of data is allocated, so it does not give way. */
static PIO_REQUEST IopBuildForward(PIO_HOST Origin, PIO_DEVICE Device,
                                   const DRIVER_MESSAGE *Message)
{
    DRIVER_REQUEST Parameters = Message->Request;
    const DRIVER_RESOURCE *Resources =
        IopAssignedResources(Device, &Message->Request, &Parameters.InputLength);
    ULONG Length = Resources                 ? Parameters.InputLength
                   : Parameters.System.Place ? 0
                                             : (ULONG)DriverSystemLength(&Parameters);
    PIO_REQUEST Request = IopAllocateRequest(Device, NULL, Parameters.MajorFunction, Length);

    if (!Request)
        return NULL;
    Request->Parameters = Parameters;
    if (!IopBringData(Origin, Request, Message, Resources)) {
        IopFreeRequest(Request);
        return NULL;
    }
    Request->Parameters.Connection = 0;
    Request->Parameters.TellPending = 0;
    IoReferenceHost(Origin);
    Request->Origin = Origin;
    Request->OriginId = Message->Id;
    Request->Complete = IopReplyToOrigin;
    return Request;
}

static BOOLEAN IopIsConnect(const DRIVER_REQUEST *Parameters)
{
    return Parameters->MajorFunction == IRP_MJ_INTERNAL_DEVICE_CONTROL &&
           (Parameters->IoControlCode == IOCTL_INTERNAL_KEYBOARD_CONNECT ||
            Parameters->IoControlCode == IOCTL_INTERNAL_MOUSE_CONNECT);
}

void IopForwardRequest(PIO_HOST Origin, const DRIVER_MESSAGE *Message)
{
    PIO_DEVICE Device;
    NTSTATUS Status = IopCheckForward(Origin, Message, &Device);
    PIO_REQUEST Request = NULL;

    if (NT_SUCCESS(Status)) {
        Request = Origin->ForwardCount < IOP_MAXIMUM_REQUESTS
                      ? IopBuildForward(Origin, Device, Message)
                      : NULL;
        Status = Request ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }
    if (NT_SUCCESS(Status)) {
        IopInsertForwarded(Origin, Request);
        if (IopIsConnect(&Message->Request))
            Status = IopConnectInput(Request, Message->Request.Connection);
        if (NT_SUCCESS(Status))
            IopSendRequest(Request);
        else
            IopCompleteRequest(Request, Status, 0);
        return;
    }
    IopRefuse(Origin, Message->Id, Status);
}

/* The sender of a forwarded request has cancelled it. */
void IopForwardCancel(PIO_HOST Origin, ULONGLONG Id)
{
    PIO_REQUEST Request = IopFindForwarded(Origin, Id);

    if (Request)
        IopCancelRequest(Request);
}
