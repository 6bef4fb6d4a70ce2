/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Presents a request's data as its driver expects it: by the device's I/O method, or the one in the
 * control code.
 */
#include "wdmio.h"
#include "ki.h"

static NTSTATUS WdmCopyInput(PWDM_REQUEST Request)
{
    if (Request->Message.InputLength == 0)
        return STATUS_SUCCESS;
    Request->Input = ExAllocatePoolWithTag(NonPagedPool, Request->Message.InputLength, 'fuBI');
    if (!Request->Input)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(Request->Input, Request->Data, Request->Message.InputLength);
    return STATUS_SUCCESS;
}

static NTSTATUS WdmDescribeData(PWDM_REQUEST Request, ULONG Length)
{
    if (Length == 0)
        return STATUS_SUCCESS;
    Request->Irp->MdlAddress = WdmCreateMdl(Request->Data, Length);
    return Request->Irp->MdlAddress ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS WdmPrepareTransfer(PWDM_REQUEST Request, ULONG Length)
{
    PIRP Irp = Request->Irp;

    if (Request->Target->Flags & DO_DIRECT_IO)
        return WdmDescribeData(Request, Length);
    if (Request->Target->Flags & DO_BUFFERED_IO)
        Irp->AssociatedIrp.SystemBuffer = Length ? Request->Data : NULL;
    Irp->UserBuffer = Request->Data;
    return STATUS_SUCCESS;
}

/*
 * The connect request of a class driver in another process: it gets a connection's data in place of
 * the caller's.
 */
static NTSTATUS WdmPrepareConnect(PWDM_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    ULONG Length;

    Request->Connection = WdmCreateConnection(Request->Message.Connection,
                                              Request->Message.IoControlCode, Request->Target);
    if (!Request->Connection)
        return STATUS_INSUFFICIENT_RESOURCES;
    Stack->Parameters.DeviceIoControl.Type3InputBuffer =
        WdmConnectData(Request->Connection, &Length);
    Stack->Parameters.DeviceIoControl.InputBufferLength = Length;
    return STATUS_SUCCESS;
}

/*
 * Input and output share one buffer in the channel. A method that keeps them apart gets a copy of
 * the input; for METHOD_IN_DIRECT the second buffer's contents do not come through the channel, so
 * that is not supported.
 */
static NTSTATUS WdmPrepareControl(PWDM_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    DRIVER_REQUEST *Message = &Request->Message;
    NTSTATUS Status = STATUS_SUCCESS;

    Stack->Parameters.DeviceIoControl.IoControlCode = Message->IoControlCode;
    Stack->Parameters.DeviceIoControl.InputBufferLength = Message->InputLength;
    Stack->Parameters.DeviceIoControl.OutputBufferLength = Message->OutputLength;
    if (Message->Connection && WdmIsConnectCode(Message->MajorFunction, Message->IoControlCode))
        return WdmPrepareConnect(Request, Stack);
    switch (Message->IoControlCode & 3) {
    case METHOD_BUFFERED:
        if (Message->InputLength || Message->OutputLength)
            Request->Irp->AssociatedIrp.SystemBuffer = Request->Data;
        Request->Irp->UserBuffer = Request->Data;
        break;
    case METHOD_IN_DIRECT:
        if (Message->OutputLength)
            return STATUS_NOT_SUPPORTED;
        /* fall through */
    case METHOD_OUT_DIRECT:
        Status = WdmCopyInput(Request);
        Request->Irp->AssociatedIrp.SystemBuffer = Request->Input;
        if (NT_SUCCESS(Status))
            Status = WdmDescribeData(Request, Message->OutputLength);
        break;
    default:
        Status = WdmCopyInput(Request);
        Stack->Parameters.DeviceIoControl.Type3InputBuffer = Request->Input;
        Request->Irp->UserBuffer = Message->OutputLength ? Request->Data : NULL;
        break;
    }
    return Status;
}

/* START_DEVICE: the assigned resources, as both the raw and the translated list. */
static NTSTATUS WdmPrepareStart(PWDM_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    ULONG Count = Request->Message.InputLength / sizeof(DRIVER_RESOURCE);
    SIZE_T Size;
    PCM_RESOURCE_LIST Raw, Translated;

    if (Count > DRIVER_MAX_RESOURCES)
        return STATUS_INVALID_PARAMETER;
    if (Count == 0)
        return STATUS_SUCCESS;
    Size = (WdmResourceListSize(Count) + 15) & ~(SIZE_T)15;
    Request->Resources = ExAllocatePoolWithTag(PagedPool, 2 * Size, 'seRI');
    if (!Request->Resources)
        return STATUS_INSUFFICIENT_RESOURCES;
    Raw = Request->Resources;
    Translated = (PCM_RESOURCE_LIST)((PUCHAR)Request->Resources + Size);
    Stack->Parameters.StartDevice.AllocatedResources = Raw;
    Stack->Parameters.StartDevice.AllocatedResourcesTranslated = Translated;
    return WdmBuildResourceList((const DRIVER_RESOURCE *)Request->Data, Count, Raw, Translated);
}

/*
 * Fills the data-related parts of the IRP and its first stack location. What it allocates,
 * WdmReleaseBuffers frees.
 */
NTSTATUS WdmPrepareBuffers(PWDM_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    DRIVER_REQUEST *Message = &Request->Message;

    switch (Message->MajorFunction) {
    case IRP_MJ_READ:
        Stack->Parameters.Read.Length = Message->OutputLength;
        Stack->Parameters.Read.ByteOffset.QuadPart = Message->ByteOffset;
        return WdmPrepareTransfer(Request, Message->OutputLength);
    case IRP_MJ_WRITE:
        Stack->Parameters.Write.Length = Message->InputLength;
        Stack->Parameters.Write.ByteOffset.QuadPart = Message->ByteOffset;
        return WdmPrepareTransfer(Request, Message->InputLength);
    case IRP_MJ_DEVICE_CONTROL:
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
        return WdmPrepareControl(Request, Stack);
    case IRP_MJ_PNP:
        if (Message->MinorFunction == IRP_MN_START_DEVICE)
            return WdmPrepareStart(Request, Stack);
        return STATUS_SUCCESS;
    default:
        return STATUS_SUCCESS;
    }
}

VOID WdmReleaseBuffers(PWDM_REQUEST Request)
{
    if (Request->Irp && Request->Irp->MdlAddress)
        IoFreeMdl(Request->Irp->MdlAddress);
    if (Request->Input)
        ExFreePoolWithTag(Request->Input, 'fuBI');
    if (Request->Resources)
        ExFreePoolWithTag(Request->Resources, 'seRI');
    if (Request->Connection)
        WdmDeleteConnection(Request->Connection);
}
