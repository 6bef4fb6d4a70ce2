/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tfilter.sys, and nullfilt.sys from the same source: filters above the devices of transfer.sys, or
 * above \Device\Null. They pass every request on.
 */
#include <ntifs.h>

typedef struct _EXTENSION {
    PDEVICE_OBJECT Lower;
} EXTENSION, *PEXTENSION;

static NTSTATUS NTAPI Pass(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(((PEXTENSION)DeviceObject->DeviceExtension)->Lower, Irp);
}

static VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
    while (DriverObject->DeviceObject) {
        PDEVICE_OBJECT Device = DriverObject->DeviceObject;

        IoDetachDevice(((PEXTENSION)Device->DeviceExtension)->Lower);
        IoDeleteDevice(Device);
    }
}

static NTSTATUS Attach(PDRIVER_OBJECT DriverObject, PCWSTR TargetName)
{
    UNICODE_STRING Target;
    PDEVICE_OBJECT Device;
    PEXTENSION Extension;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(*Extension), NULL, FILE_DEVICE_UNKNOWN, 0,
                                     FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    RtlInitUnicodeString(&Target, TargetName);
    Status = IoAttachDevice(Device, &Target, &Extension->Lower);
    if (!NT_SUCCESS(Status)) {
        IoDeleteDevice(Device);
        return Status;
    }
    Device->Flags |= Extension->Lower->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    static const WCHAR *const Transfer[] = {L"\\Device\\TransferBuffered",
                                            L"\\Device\\TransferDirect",
                                            L"\\Device\\TransferNeither", NULL};
    static const WCHAR *const Null[] = {L"\\Device\\Null", NULL};
    WCHAR Last = RegistryPath->Buffer[RegistryPath->Length / sizeof(WCHAR) - 1];
    const WCHAR *const *Name = Last == 'r' ? Transfer : Null;
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        DriverObject->MajorFunction[i] = Pass;
    DriverObject->DriverUnload = Unload;
    for (; *Name && NT_SUCCESS(Status); Name++)
        Status = Attach(DriverObject, *Name);
    if (!NT_SUCCESS(Status))
        Unload(DriverObject);
    return Status;
}
