/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Presents a request's data as its driver expects it: by the device's I/O method, or the one in the
 * control code.
 */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"

static const DRIVER_DATA *WdmSystemName(PWDM_REQUEST Request)
{
    return Request->Type == DriverMessageRequest ? &Request->Message.System
                                                 : &Request->Command.System;
}

static NTSTATUS WdmMapData(PWDM_REQUEST Request, ULONG Direct, PUCHAR *Data)
{
    UINT64 Id = Request->Node.Id, Address = 0;
    NTSTATUS Status = DrvMapData(&Id, Direct, &Address);

    if (NT_SUCCESS(Status))
        *Data = (PUCHAR)(ULONG_PTR)Address;
    return Status;
}

/* Where the request's system data are seen. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS WdmMapSystemData(PWDM_REQUEST Request)
{
    const DRIVER_DATA *Name = WdmSystemName(Request);

    if (!Name->Place)
        Request->System = Request->Data;
    else
        Request->System = (PUCHAR)(ULONG_PTR)Name->Address;
    return Request->System ? STATUS_SUCCESS : WdmMapData(Request, FALSE, &Request->System);
}

/* The direct data are seen from when somebody wants to, until the request is answered. */
NTSTATUS WdmMapDirectData(PWDM_REQUEST Request)
{
    return Request->Direct ? STATUS_SUCCESS : WdmMapData(Request, TRUE, &Request->Direct);
}

/* An MDL of the direct data, or of system data if the request's sender has not known that the
 * device wants direct ones. */
static NTSTATUS WdmDescribeData(PWDM_REQUEST Request, PUCHAR System, ULONG Length)
{
    if (Length == 0)
        return STATUS_SUCCESS;
    Request->Irp->MdlAddress = Request->Message.Direct.Place ? WdmCreateDirectMdl(Request, Length)
                                                             : WdmCreateMdl(System, Length);
    return Request->Irp->MdlAddress ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

/* Direct data for a device that does not know MDLs are seen at once. */
static NTSTATUS WdmPrepareTransfer(PWDM_REQUEST Request, ULONG Length)
{
    PIRP Irp = Request->Irp;
    PUCHAR Data = Request->System;

    if (Request->Target->Flags & DO_DIRECT_IO)
        return WdmDescribeData(Request, Request->System, Length);
    if (Request->Message.Direct.Place) {
        NTSTATUS Status = WdmMapDirectData(Request);

        if (!NT_SUCCESS(Status))
            return Status;
        Data = Request->Direct;
    }
    if (Request->Target->Flags & DO_BUFFERED_IO)
        Irp->AssociatedIrp.SystemBuffer = Length ? Data : NULL;
    Irp->UserBuffer = Data;
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

/* METHOD_NEITHER: both buffers are seen. */
static NTSTATUS WdmPrepareNeither(PWDM_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    DRIVER_REQUEST *Message = &Request->Message;
    PUCHAR Output = Request->System + DriverOutputOffset(Message);
    NTSTATUS Status = STATUS_SUCCESS;

    if (Message->Direct.Place) {
        Status = WdmMapDirectData(Request);
        Output = Request->Direct;
    }
    Stack->Parameters.DeviceIoControl.Type3InputBuffer =
        Message->InputLength ? Request->System : NULL;
    Request->Irp->UserBuffer = Message->OutputLength ? Output : NULL;
    return Status;
}

static NTSTATUS WdmPrepareControl(PWDM_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    DRIVER_REQUEST *Message = &Request->Message;

    Stack->Parameters.DeviceIoControl.IoControlCode = Message->IoControlCode;
    Stack->Parameters.DeviceIoControl.InputBufferLength = Message->InputLength;
    Stack->Parameters.DeviceIoControl.OutputBufferLength = Message->OutputLength;
    if (Message->Connection && WdmIsConnectCode(Message->MajorFunction, Message->IoControlCode))
        return WdmPrepareConnect(Request, Stack);
    switch (Message->IoControlCode & 3) {
    case METHOD_BUFFERED:
        if (Message->InputLength || Message->OutputLength)
            Request->Irp->AssociatedIrp.SystemBuffer = Request->System;
        Request->Irp->UserBuffer = Request->System;
        return STATUS_SUCCESS;
    case METHOD_NEITHER:
        return WdmPrepareNeither(Request, Stack);
    default:
        Request->Irp->AssociatedIrp.SystemBuffer = Message->InputLength ? Request->System : NULL;
        return WdmDescribeData(Request, Request->System + DriverOutputOffset(Message),
                               Message->OutputLength);
    }
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
    return WdmBuildResourceList((const DRIVER_RESOURCE *)Request->System, Count, Raw, Translated);
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
    if (Request->Resources)
        ExFreePoolWithTag(Request->Resources, 'seRI');
    if (Request->Connection)
        WdmDeleteConnection(Request->Connection);
}
