/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libuser.sys, and libuser2.sys from the same source: a read of their device gives what testlib.sys
 * says, as four ULONGs. A driver that cannot be told from the other by its code is told by its
 * name.
 */
#include <ntifs.h>
#include "../request.h"
#include "library.h"

static ULONG InEntry; /* how often the library had been initialised then */

static NTSTATUS NTAPI Read(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PULONG Facts = Irp->AssociatedIrp.SystemBuffer;

    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length < 4 * sizeof(ULONG))
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    Facts[0] = InEntry;
    Facts[1] = TestLibInitialized();
    Facts[2] = TestLibKnowsItsKey();
    Facts[3] = TestLibAdd(1);
    return Complete(Irp, STATUS_SUCCESS, 4 * sizeof(ULONG));
}

static VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteDevice(DriverObject->DeviceObject);
}

/* \Device\ and the last part of the key. */
static VOID NameDevice(PUNICODE_STRING RegistryPath, PUNICODE_STRING Name)
{
    USHORT Start = RegistryPath->Length / sizeof(WCHAR);
    UNICODE_STRING Last;

    while (Start && RegistryPath->Buffer[Start - 1] != '\\')
        Start--;
    Last.Buffer = RegistryPath->Buffer + Start;
    Last.Length = Last.MaximumLength = RegistryPath->Length - Start * sizeof(WCHAR);
    RtlAppendUnicodeToString(Name, L"\\Device\\");
    RtlAppendUnicodeStringToString(Name, &Last);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    WCHAR Buffer[64];
    UNICODE_STRING Name = {.Buffer = Buffer, .MaximumLength = sizeof(Buffer)};
    PDEVICE_OBJECT Device;
    NTSTATUS Status;

    NameDevice(RegistryPath, &Name);
    Status = IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Device->Flags |= DO_BUFFERED_IO;
    InEntry = TestLibInitialized();
    ServeFiles(DriverObject, CompleteWell);
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
