/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnioctl.sys: a driver without hardware that is asked by all four methods. In the shape of
 * Microsoft's sioctl: its routines are declared by their roles and defined without a calling
 * convention.
 */
#include <ntddk.h>
#include <string.h>
#include "ioctl.h"

#define NT_DEVICE_NAME L"\\Device\\FgnIoctl"
#define DOS_DEVICE_NAME L"\\DosDevices\\FgnIoctl"

DRIVER_INITIALIZE DriverEntry;

_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH FgnCreateClose;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH FgnDeviceControl;

DRIVER_UNLOAD FgnUnload;

static ULONG LastSum;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, FgnCreateClose)
#pragma alloc_text(PAGE, FgnDeviceControl)
#pragma alloc_text(PAGE, FgnUnload)
#endif

NTSTATUS
FgnCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);

    PAGED_CODE();

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static VOID Reverse(_Out_writes_(Length) PUCHAR To, _In_reads_(Length) const UCHAR *From,
                    ULONG Length)
{
    ULONG i;

    for (i = 0; i < Length; i++)
        To[i] = From[Length - 1 - i];
}

static ULONG SumOf(_In_reads_(Length) const UCHAR *Bytes, ULONG Length)
{
    ULONG Sum = 0;

    while (Length--)
        Sum += *Bytes++;
    return Sum;
}

/* One buffer for both: the answer must not be written before the question is read. */
static NTSTATUS FgnBuffered(PIRP Irp, ULONG InLength, ULONG OutLength)
{
    PUCHAR Copy;
    ULONG Length = min(InLength, OutLength);

    PAGED_CODE();
    Copy = ExAllocatePool2(POOL_FLAG_PAGED, Length + 1, 'oigF');
    if (!Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(Copy, Irp->AssociatedIrp.SystemBuffer, Length);
    Reverse(Irp->AssociatedIrp.SystemBuffer, Copy, Length);
    ExFreePoolWithTag(Copy, 'oigF');
    Irp->IoStatus.Information = Length;
    return STATUS_SUCCESS;
}

/* The second buffer is input. Nobody gets the first one back, so the sum is kept for who asks. */
static NTSTATUS FgnInDirect(PIRP Irp, ULONG OutLength)
{
    PUCHAR Bytes;

    PAGED_CODE();
    if (!Irp->MdlAddress)
        return STATUS_INVALID_PARAMETER;
    Bytes = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority | MdlMappingNoExecute);
    if (!Bytes)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (MmGetMdlByteCount(Irp->MdlAddress) != OutLength)
        return STATUS_INVALID_BUFFER_SIZE;
    LastSum = SumOf(Bytes, OutLength);
    Irp->IoStatus.Information = OutLength;
    return STATUS_SUCCESS;
}

static NTSTATUS FgnLastSum(PIRP Irp, ULONG OutLength)
{
    if (OutLength < sizeof(ULONG))
        return STATUS_BUFFER_TOO_SMALL;
    *(PULONG)Irp->AssociatedIrp.SystemBuffer = LastSum;
    Irp->IoStatus.Information = sizeof(ULONG);
    return STATUS_SUCCESS;
}

static NTSTATUS FgnOutDirect(PIRP Irp, ULONG InLength, ULONG OutLength)
{
    PUCHAR Out;
    ULONG i;

    PAGED_CODE();
    if (!Irp->MdlAddress || !InLength)
        return STATUS_INVALID_PARAMETER;
    Out = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority | MdlMappingNoExecute);
    if (!Out)
        return STATUS_INSUFFICIENT_RESOURCES;
    for (i = 0; i < OutLength; i++)
        Out[i] = ((PUCHAR)Irp->AssociatedIrp.SystemBuffer)[i % InLength];
    Irp->IoStatus.Information = OutLength;
    return STATUS_SUCCESS;
}

/* The requestor's own addresses, in its context: probed, locked, mapped. */
static NTSTATUS FgnMapUser(PVOID Buffer, ULONG Length, LOCK_OPERATION Operation, PMDL *Mdl,
                           PUCHAR *Mapped)
{
    PAGED_CODE();
    *Mdl = IoAllocateMdl(Buffer, Length, FALSE, TRUE, NULL);
    if (!*Mdl)
        return STATUS_INSUFFICIENT_RESOURCES;
    try {
        MmProbeAndLockPages(*Mdl, UserMode, Operation);
    }
    except(EXCEPTION_EXECUTE_HANDLER)
    {
        NTSTATUS Status = GetExceptionCode();

        IoFreeMdl(*Mdl);
        return Status;
    }
    *Mapped = MmGetSystemAddressForMdlSafe(*Mdl, NormalPagePriority | MdlMappingNoExecute);
    if (*Mapped)
        return STATUS_SUCCESS;
    MmUnlockPages(*Mdl);
    IoFreeMdl(*Mdl);
    return STATUS_INSUFFICIENT_RESOURCES;
}

static NTSTATUS FgnNeither(PIRP Irp, PIO_STACK_LOCATION IrpSp, ULONG InLength, ULONG OutLength)
{
    PUCHAR In = IrpSp->Parameters.DeviceIoControl.Type3InputBuffer, Mapped;
    ULONG Length = min(InLength, OutLength), i;
    NTSTATUS Status;
    PMDL Mdl;

    PAGED_CODE();
    Status = FgnMapUser(Irp->UserBuffer, OutLength, IoWriteAccess, &Mdl, &Mapped);
    if (!NT_SUCCESS(Status))
        return Status;
    try {
        ProbeForRead(In, InLength, sizeof(UCHAR));
        for (i = 0; i < Length; i++)
            Mapped[i] = In[InLength - 1 - i];
    }
    except(EXCEPTION_EXECUTE_HANDLER)
    {
        Status = GetExceptionCode();
    }
    MmUnlockPages(Mdl);
    IoFreeMdl(Mdl);
    if (NT_SUCCESS(Status))
        Irp->IoStatus.Information = Length;
    return Status;
}

NTSTATUS
FgnDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
    ULONG InLength = IrpSp->Parameters.DeviceIoControl.InputBufferLength;
    ULONG OutLength = IrpSp->Parameters.DeviceIoControl.OutputBufferLength;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(DeviceObject);
    PAGED_CODE();
    Irp->IoStatus.Information = 0;
    if (!InLength && !OutLength) {
        Status = STATUS_INVALID_PARAMETER;
        goto End;
    }
    switch (IrpSp->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_FGN_BUFFERED:
    case IOCTL_FGN_READ_ONLY:
        Status = FgnBuffered(Irp, InLength, OutLength);
        break;
    case IOCTL_FGN_IN_DIRECT:
        Status = FgnInDirect(Irp, OutLength);
        break;
    case IOCTL_FGN_SUM:
        Status = FgnLastSum(Irp, OutLength);
        break;
    case IOCTL_FGN_OUT_DIRECT:
        Status = FgnOutDirect(Irp, InLength, OutLength);
        break;
    case IOCTL_FGN_NEITHER:
        Status = FgnNeither(Irp, IrpSp, InLength, OutLength);
        break;
    default:
        KdPrint(("fgnioctl: unknown code %x\n", IrpSp->Parameters.DeviceIoControl.IoControlCode));
        Status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }

End:
    Irp->IoStatus.Status = Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

VOID FgnUnload(_In_ PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING LinkName;

    PAGED_CODE();
    RtlInitUnicodeString(&LinkName, DOS_DEVICE_NAME);
    IoDeleteSymbolicLink(&LinkName);
    if (DriverObject->DeviceObject != NULL)
        IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS
DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    NTSTATUS Status;
    UNICODE_STRING DeviceName, LinkName;
    PDEVICE_OBJECT Device = NULL;

    UNREFERENCED_PARAMETER(RegistryPath);
    RtlInitUnicodeString(&DeviceName, NT_DEVICE_NAME);
    Status = IoCreateDevice(DriverObject, 0, &DeviceName, FILE_DEVICE_UNKNOWN,
                            FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = FgnCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = FgnCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = FgnDeviceControl;
    DriverObject->DriverUnload = FgnUnload;
    RtlInitUnicodeString(&LinkName, DOS_DEVICE_NAME);
    Status = IoCreateSymbolicLink(&LinkName, &DeviceName);
    if (!NT_SUCCESS(Status))
        IoDeleteDevice(Device);
    return Status;
}
