/* SPDX-License-Identifier: BSD-2-Clause */
/* IRPs that drivers send to other drivers: IoBuild...Request. */
#include "wdmio.h"
#include "ki.h"

static PIRP WdmAllocateRequest(PDEVICE_OBJECT Device, PIO_STACK_LOCATION *Stack,
                               UCHAR MajorFunction)
{
    PIRP Irp = IoAllocateIrp(Device->StackSize, FALSE);

    if (!Irp)
        return NULL;
    Irp->RequestorMode = KernelMode;
    Irp->Tail.Overlay.Thread = (PETHREAD)KiGetCurrentThread();
    *Stack = IoGetNextIrpStackLocation(Irp);
    (*Stack)->MajorFunction = MajorFunction;
    return Irp;
}

/* A buffer that lives as long as the IRP, holding Input, with room for both lengths. */
static BOOLEAN WdmBufferData(PIRP Irp, PVOID Input, ULONG InputLength, PVOID Output,
                             ULONG OutputLength)
{
    ULONG Length = max(InputLength, OutputLength);

    Irp->UserBuffer = Output;
    if (Length == 0)
        return TRUE;
    Irp->AssociatedIrp.SystemBuffer = ExAllocatePoolWithTag(NonPagedPool, Length, 'fuBI');
    if (!Irp->AssociatedIrp.SystemBuffer)
        return FALSE;
    RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, Input, InputLength);
    Irp->Flags |= IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER;
    if (Output && OutputLength)
        Irp->Flags |= IRP_INPUT_OPERATION;
    return TRUE;
}

static BOOLEAN WdmControlBuffers(PIRP Irp, PIO_STACK_LOCATION Stack, PVOID Input, ULONG InputLength,
                                 PVOID Output, ULONG OutputLength)
{
    switch (Stack->Parameters.DeviceIoControl.IoControlCode & 3) {
    case METHOD_BUFFERED:
        return WdmBufferData(Irp, Input, InputLength, Output, OutputLength);
    case METHOD_NEITHER:
        Irp->UserBuffer = Output;
        Stack->Parameters.DeviceIoControl.Type3InputBuffer = Input;
        return TRUE;
    default:
        if (!WdmBufferData(Irp, Input, InputLength, NULL, 0))
            return FALSE;
        if (Output && OutputLength)
            Irp->MdlAddress = WdmCreateMdl(Output, OutputLength);
        return Irp->MdlAddress || !Output || !OutputLength;
    }
}

/*
 * IoBuildDeviceIoControlRequest: on completion the results are in the caller's buffers and
 * IoStatusBlock, and Event is set. NULL if there is no memory.
 */
PIRP NTAPI IoBuildDeviceIoControlRequest(ULONG IoControlCode, PDEVICE_OBJECT DeviceObject,
                                         PVOID InputBuffer, ULONG InputBufferLength,
                                         PVOID OutputBuffer, ULONG OutputBufferLength,
                                         BOOLEAN InternalDeviceIoControl, PKEVENT Event,
                                         PIO_STATUS_BLOCK IoStatusBlock)
{
    UCHAR Major = InternalDeviceIoControl ? IRP_MJ_INTERNAL_DEVICE_CONTROL : IRP_MJ_DEVICE_CONTROL;
    PIO_STACK_LOCATION Stack;
    PIRP Irp = WdmAllocateRequest(DeviceObject, &Stack, Major);

    if (!Irp)
        return NULL;
    Stack->Parameters.DeviceIoControl.IoControlCode = IoControlCode;
    Stack->Parameters.DeviceIoControl.InputBufferLength = InputBufferLength;
    Stack->Parameters.DeviceIoControl.OutputBufferLength = OutputBufferLength;
    if (!WdmControlBuffers(Irp, Stack, InputBuffer, InputBufferLength, OutputBuffer,
                           OutputBufferLength)) {
        if (Irp->Flags & IRP_DEALLOCATE_BUFFER)
            ExFreePool(Irp->AssociatedIrp.SystemBuffer);
        IoFreeIrp(Irp);
        return NULL;
    }
    Irp->UserIosb = IoStatusBlock;
    Irp->UserEvent = Event;
    Irp->AllocationFlags |= WDM_IRP_OWNED;
    return Irp;
}

static BOOLEAN WdmTransferBuffers(PIRP Irp, PDEVICE_OBJECT Device, BOOLEAN Read, PVOID Buffer,
                                  ULONG Length)
{
    if (Length == 0)
        return TRUE;
    if (Device->Flags & DO_DIRECT_IO) {
        Irp->MdlAddress = WdmCreateMdl(Buffer, Length);
        return Irp->MdlAddress != NULL;
    }
    if (Device->Flags & DO_BUFFERED_IO)
        return Read ? WdmBufferData(Irp, NULL, 0, Buffer, Length)
                    : WdmBufferData(Irp, Buffer, Length, NULL, 0);
    Irp->UserBuffer = Buffer;
    return TRUE;
}

/*
 * IoBuildAsynchronousFsdRequest: READ, WRITE, FLUSH_BUFFERS, SHUTDOWN or PNP. The caller's
 * completion routine frees the IRP and what hangs on it.
 */
PIRP NTAPI IoBuildAsynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject,
                                         PVOID Buffer, ULONG Length, PLARGE_INTEGER StartingOffset,
                                         PIO_STATUS_BLOCK IoStatusBlock)
{
    PIO_STACK_LOCATION Stack;
    PIRP Irp = WdmAllocateRequest(DeviceObject, &Stack, (UCHAR)MajorFunction);

    if (!Irp)
        return NULL;
    Irp->UserIosb = IoStatusBlock;
    if (MajorFunction != IRP_MJ_READ && MajorFunction != IRP_MJ_WRITE)
        return Irp;
    Stack->Parameters.Read.Length = Length; /* WRITE's parameters have the same layout */
    if (StartingOffset)
        Stack->Parameters.Read.ByteOffset = *StartingOffset;
    if (WdmTransferBuffers(Irp, DeviceObject, MajorFunction == IRP_MJ_READ, Buffer, Length))
        return Irp;
    IoFreeIrp(Irp);
    return NULL;
}

/* IoBuildSynchronousFsdRequest: the same, completed like IoBuildDeviceIoControlRequest's. */
PIRP NTAPI IoBuildSynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject,
                                        PVOID Buffer, ULONG Length, PLARGE_INTEGER StartingOffset,
                                        PKEVENT Event, PIO_STATUS_BLOCK IoStatusBlock)
{
    PIRP Irp = IoBuildAsynchronousFsdRequest(MajorFunction, DeviceObject, Buffer, Length,
                                             StartingOffset, IoStatusBlock);

    if (!Irp)
        return NULL;
    Irp->UserEvent = Event;
    Irp->AllocationFlags |= WDM_IRP_OWNED;
    return Irp;
}

static NTSTATUS NTAPI WdmWakeCaller(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/*
 * IoForwardIrpSynchronously: sends a copy of the stack location down and waits. FALSE if there is
 * none left.
 */
BOOLEAN NTAPI IoForwardIrpSynchronously(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KEVENT Event;

    if (Irp->CurrentLocation <= 1)
        return FALSE;
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, WdmWakeCaller, &Event, TRUE, TRUE, TRUE);
    if (IofCallDriver(DeviceObject, Irp) == STATUS_PENDING)
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
    return TRUE;
}
