/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * transfer.sys: three devices, \Device\TransferBuffered, \Device\TransferDirect and
 * \Device\TransferNeither, that tell how data come to them (neptune/ioctl.h).
 */
#include <ntifs.h>
#include <neptune/ioctl.h>
#include "../request.h"

static TRANSFER_FACTS Facts;
static PIRP Held;

static ULONG CheckFrames(PMDL Mdl)
{
    ULONG Pages =
        ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(Mdl), MmGetMdlByteCount(Mdl));
    PPFN_NUMBER Frames = MmGetMdlPfnArray(Mdl);

    for (ULONG i = 0; i < Pages; i++)
        if (!Frames[i] || (i && Frames[i] == Frames[i - 1]))
            return FALSE;
    return TRUE;
}

static PUCHAR MapMdl(PMDL Mdl)
{
    if (!Mdl)
        return NULL;
    Facts.MdlLength = MmGetMdlByteCount(Mdl);
    Facts.MdlAddress = (ULONG_PTR)MmGetMdlVirtualAddress(Mdl);
    Facts.Mapped = (Mdl->MdlFlags & (MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) != 0;
    Facts.Frames = CheckFrames(Mdl);
    Facts.FirstFrame = MmGetMdlPfnArray(Mdl)[0];
    return MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority);
}

static PUCHAR TransferData(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    RtlZeroMemory(&Facts, sizeof(Facts));
    if (DeviceObject->Flags & DO_DIRECT_IO)
        return MapMdl(Irp->MdlAddress);
    if (DeviceObject->Flags & DO_BUFFERED_IO)
        return Irp->AssociatedIrp.SystemBuffer;
    return Irp->UserBuffer;
}

static NTSTATUS NTAPI Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG64 Offset = (ULONG64)Stack->Parameters.Read.ByteOffset.QuadPart;
    ULONG Length = Stack->Parameters.Read.Length;
    PUCHAR Data = TransferData(DeviceObject, Irp);

    if (Length && !Data)
        return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    for (ULONG i = 0; i < Length; i++)
        Data[i] = TransferByte(Offset + i);
    return Complete(Irp, STATUS_SUCCESS, Length);
}

static NTSTATUS NTAPI Write(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG64 Offset = (ULONG64)Stack->Parameters.Write.ByteOffset.QuadPart;
    ULONG Length = Stack->Parameters.Write.Length;
    PUCHAR Data = TransferData(DeviceObject, Irp);

    if (Length && !Data)
        return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    for (ULONG i = 0; i < Length; i++) {
        if (Data[i] != TransferByte(Offset + i))
            return Complete(Irp, STATUS_DATA_ERROR, i);
        Facts.Sum += Data[i];
    }
    return Complete(Irp, STATUS_SUCCESS, Length);
}

typedef struct _BUFFERS {
    PUCHAR Input, Output;
    ULONG InputLength, OutputLength;
} BUFFERS, *PBUFFERS;

static NTSTATUS FindBuffers(PIRP Irp, PBUFFERS Buffers)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    RtlZeroMemory(&Facts, sizeof(Facts));
    Buffers->InputLength = Stack->Parameters.DeviceIoControl.InputBufferLength;
    Buffers->OutputLength = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    Buffers->Input = Irp->AssociatedIrp.SystemBuffer;
    switch (METHOD_FROM_CTL_CODE(Stack->Parameters.DeviceIoControl.IoControlCode)) {
    case METHOD_BUFFERED:
        Buffers->Output = Irp->AssociatedIrp.SystemBuffer;
        break;
    case METHOD_NEITHER:
        Buffers->Input = Stack->Parameters.DeviceIoControl.Type3InputBuffer;
        Buffers->Output = Irp->UserBuffer;
        break;
    default:
        Buffers->Output = MapMdl(Irp->MdlAddress);
        break;
    }
    if ((Buffers->InputLength && !Buffers->Input) || (Buffers->OutputLength && !Buffers->Output))
        return STATUS_INSUFFICIENT_RESOURCES;
    return STATUS_SUCCESS;
}

/* From the end, so that a buffer for both is read before it is written. */
static NTSTATUS Copy(PIRP Irp, PBUFFERS Buffers)
{
    ULONG i;

    for (i = 0; i < Buffers->InputLength; i++)
        Facts.Sum += Buffers->Input[i];
    for (i = Buffers->OutputLength; i-- > 0;)
        Buffers->Output[i] =
            (UCHAR)((Buffers->InputLength ? Buffers->Input[i % Buffers->InputLength] : 0) + 1);
    return Complete(Irp, STATUS_SUCCESS, Buffers->OutputLength);
}

static NTSTATUS Sum(PIRP Irp, PBUFFERS Buffers)
{
    ULONG i;

    for (i = 0; i < Buffers->InputLength; i++)
        Facts.Sum += Buffers->Input[i];
    for (i = 0; i < Buffers->OutputLength; i++)
        Facts.Sum += Buffers->Output[i];
    return Complete(Irp, STATUS_SUCCESS, Buffers->OutputLength);
}

static NTSTATUS Hold(PIRP Irp)
{
    if (Held || !Irp->MdlAddress)
        return Complete(Irp, STATUS_DEVICE_BUSY, 0);
    IoMarkIrpPending(Irp);
    Held = Irp;
    return STATUS_PENDING;
}

static NTSTATUS Poke(PIRP Irp, PBUFFERS Buffers)
{
    PUCHAR Data = Held ? MmGetSystemAddressForMdlSafe(Held->MdlAddress, NormalPagePriority) : NULL;

    if (!Data || !Buffers->OutputLength)
        return Complete(Irp, STATUS_INVALID_DEVICE_STATE, 0);
    Buffers->Output[0] = Data[0];
    for (ULONG i = 0; i < MmGetMdlByteCount(Held->MdlAddress); i++)
        Data[i]++;
    return Complete(Irp, STATUS_SUCCESS, 1);
}

static NTSTATUS Release(PIRP Irp)
{
    PIRP Other = Held;

    Held = NULL;
    if (!Other)
        return Complete(Irp, STATUS_INVALID_DEVICE_STATE, 0);
    Complete(Other, STATUS_SUCCESS, MmGetMdlByteCount(Other->MdlAddress));
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS TellFacts(PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(Facts))
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, &Facts, sizeof(Facts));
    return Complete(Irp, STATUS_SUCCESS, sizeof(Facts));
}

static NTSTATUS NTAPI Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    ULONG Code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode;
    BUFFERS Buffers;
    NTSTATUS Status;

    if (Code == IOCTL_TRANSFER_FACTS)
        return TellFacts(Irp);
    if (Code == IOCTL_TRANSFER_HOLD)
        return Hold(Irp);
    if (Code == IOCTL_TRANSFER_RELEASE)
        return Release(Irp);
    Status = FindBuffers(Irp, &Buffers);
    if (!NT_SUCCESS(Status))
        return Complete(Irp, Status, 0);
    if (Code == IOCTL_TRANSFER_SUM)
        return Sum(Irp, &Buffers);
    if (Code == IOCTL_TRANSFER_POKE)
        return Poke(Irp, &Buffers);
    return (Code & ~3u) == IOCTL_TRANSFER_COPY(0) ? Copy(Irp, &Buffers)
                                                  : Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
}

static VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
    while (DriverObject->DeviceObject)
        IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static UNICODE_STRING Names[] = {RTL_CONSTANT_STRING(L"\\Device\\TransferBuffered"),
                                     RTL_CONSTANT_STRING(L"\\Device\\TransferDirect"),
                                     RTL_CONSTANT_STRING(L"\\Device\\TransferNeither")};
    static const ULONG Flags[] = {DO_BUFFERED_IO, DO_DIRECT_IO, 0};
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; i < 3 && NT_SUCCESS(Status); i++) {
        PDEVICE_OBJECT Device;

        Status = IoCreateDevice(DriverObject, 0, &Names[i], FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
        if (NT_SUCCESS(Status))
            Device->Flags |= Flags[i];
    }
    if (!NT_SUCCESS(Status))
        Unload(DriverObject);
    ServeFiles(DriverObject, CompleteWell);
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = Write;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    DriverObject->DriverUnload = Unload;
    return Status;
}
