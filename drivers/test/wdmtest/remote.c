/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests to devices of other driver processes, and names. */
#include "wdmtest.h"
#include <ntddbeep.h>

static PDEVICE_OBJECT OpenDevice(PCWSTR Path, PFILE_OBJECT *File)
{
    UNICODE_STRING Name;
    PDEVICE_OBJECT Device = NULL;

    RtlInitUnicodeString(&Name, Path);
    CHECK(NT_SUCCESS(IoGetDeviceObjectPointer(&Name, FILE_READ_DATA, File, &Device)));
    return Device;
}

static NTSTATUS Call(PDEVICE_OBJECT Device, PIRP Irp, PKEVENT Event, PIO_STATUS_BLOCK IoStatus)
{
    NTSTATUS Status = IoCallDriver(Device, Irp);

    if (Status != STATUS_PENDING)
        return Status;
    KeWaitForSingleObject(Event, Executive, KernelMode, FALSE, NULL);
    return IoStatus->Status;
}

static NTSTATUS Transfer(PDEVICE_OBJECT Device, UCHAR Major, PVOID Buffer, ULONG Length,
                         PULONG_PTR Information)
{
    LARGE_INTEGER Offset = {.QuadPart = 0};
    IO_STATUS_BLOCK IoStatus = {0};
    KEVENT Event;
    NTSTATUS Status;
    PIRP Irp;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Irp = IoBuildSynchronousFsdRequest(Major, Device, Buffer, Length, &Offset, &Event, &IoStatus);
    Status = Call(Device, Irp, &Event, &IoStatus);
    *Information = IoStatus.Information;
    return Status;
}

static NTSTATUS Control(PDEVICE_OBJECT Device, ULONG Code, PVOID Input, ULONG Length)
{
    IO_STATUS_BLOCK IoStatus = {0};
    KEVENT Event;
    PIRP Irp;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Irp = IoBuildDeviceIoControlRequest(Code, Device, Input, Length, NULL, 0, FALSE, &Event,
                                        &IoStatus);
    return Call(Device, Irp, &Event, &IoStatus);
}

#define LARGE 300000 /* bytes: much more than a message holds */

static VOID TestNullDevice(VOID)
{
    static UCHAR Data[5000];
    PVOID Large;
    PFILE_OBJECT File;
    PDEVICE_OBJECT Device = OpenDevice(L"\\Device\\Null", &File);
    ULONG_PTR Information;

    if (!Device)
        return;
    for (int i = 0; i < 50; i++) {
        CHECK(Transfer(Device, IRP_MJ_WRITE, Data, 100 * i, &Information) == STATUS_SUCCESS);
        CHECK(Information == 100 * (ULONG)i);
    }
    CHECK(Transfer(Device, IRP_MJ_READ, Data, 16, &Information) == STATUS_END_OF_FILE);
    Large = ExAllocatePoolWithTag(NonPagedPool, LARGE, 'tseT');
    CHECK(Large && Transfer(Device, IRP_MJ_WRITE, Large, LARGE, &Information) == STATUS_SUCCESS);
    CHECK(Information == LARGE);
    if (Large)
        ExFreePoolWithTag(Large, 'tseT');
    CHECK(Transfer(Device, IRP_MJ_WRITE, (PVOID)0x1000, LARGE, &Information) ==
          STATUS_ACCESS_VIOLATION); /* there is nothing */
    ObDereferenceObject(File);
}

static VOID TestBeepDevice(VOID)
{
    BEEP_SET_PARAMETERS Silence = {0, 0}, Wrong = {5, 5};
    PFILE_OBJECT File;
    PDEVICE_OBJECT Device = OpenDevice(L"\\Device\\Beep", &File);

    if (!Device)
        return;
    CHECK(Control(Device, IOCTL_BEEP_SET, &Silence, sizeof(Silence)) == STATUS_SUCCESS);
    CHECK(Control(Device, IOCTL_BEEP_SET, &Wrong, sizeof(Wrong)) == STATUS_INVALID_PARAMETER);
    CHECK(Control(Device, IOCTL_BEEP_SET, &Silence, 3) == STATUS_INVALID_PARAMETER);
    CHECK(Control(Device, IOCTL_BEEP_SET + 4, NULL, 0) == STATUS_INVALID_DEVICE_REQUEST);
    ObDereferenceObject(File);
}

VOID TestRemoteDevices(VOID)
{
    UNICODE_STRING Missing = RTL_CONSTANT_STRING(L"\\Device\\NoSuchDevice");
    PDEVICE_OBJECT Device;
    PFILE_OBJECT File;

    CHECK(!NT_SUCCESS(IoGetDeviceObjectPointer(&Missing, 0, &File, &Device)));
    TestNullDevice();
    TestBeepDevice();
}

VOID TestNames(VOID)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\WdmTest2");
    UNICODE_STRING Link = RTL_CONSTANT_STRING(L"\\Device\\WdmTestLink");
    PDEVICE_OBJECT Device, Again;
    NTSTATUS Status = IoCreateDevice(TestDriver, 40, &Name, FILE_DEVICE_NULL, 0, FALSE, &Device);

    CHECK(NT_SUCCESS(Status));
    if (!NT_SUCCESS(Status))
        return;
    CHECK(((PUCHAR)Device->DeviceExtension)[39] == 0);
    CHECK(IoCreateDevice(TestDriver, 0, &Name, FILE_DEVICE_NULL, 0, FALSE, &Again) ==
          STATUS_OBJECT_NAME_COLLISION);
    CHECK(TestDriver->DeviceObject == Device);
    CHECK(NT_SUCCESS(IoCreateSymbolicLink(&Link, &Name)));
    CHECK(IoCreateSymbolicLink(&Link, &Name) == STATUS_OBJECT_NAME_COLLISION);
    CHECK(NT_SUCCESS(IoDeleteSymbolicLink(&Link)));
    CHECK(NT_SUCCESS(IoCreateSymbolicLink(&Link, &Name)));
    CHECK(NT_SUCCESS(IoDeleteSymbolicLink(&Link)));
    CHECK(IoDeleteSymbolicLink(&Link) == STATUS_OBJECT_NAME_NOT_FOUND);
    IoDeleteDevice(Device);
    CHECK(TestDriver->DeviceObject != Device);
    CHECK(NT_SUCCESS(IoCreateDevice(TestDriver, 0, &Name, FILE_DEVICE_NULL, 0, FALSE, &Again)));
    IoDeleteDevice(Again);
}
