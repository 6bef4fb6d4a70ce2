/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of the driver and its device, and its requests. */
#include "traptest.h"

typedef struct _TRAPTEST_EXTENSION {
    PDEVICE_OBJECT LowerDevice;
} TRAPTEST_EXTENSION, *PTRAPTEST_EXTENSION;

static const struct {
    PCSTR Name;
    VOID (*Run)(VOID);
} Groups[] = {
    {"ports", TestPorts},
    {"surroundings", TestSurroundings},
    {"strings", TestStrings},
    {"a fault in a string", TestFaultInString},
    {"what the processor has", TestProcessor},
    {"races", TestRaces},
};

static WDMTEST_RESULT Result;

VOID TrapCheck(BOOLEAN Condition, PCSTR Text, ULONG Line)
{
    Result.Checks++;
    if (Condition || Result.Failures++)
        return;
    Result.Line = Line;
    for (ULONG i = 0; i < sizeof(Result.FirstFailure) - 1 && Text[i]; i++)
        Result.FirstFailure[i] = Text[i];
}

static NTSTATUS Run(ULONG Index)
{
    if (Index >= sizeof(Groups) / sizeof(Groups[0]))
        return STATUS_NO_MORE_ENTRIES;
    RtlZeroMemory(&Result, sizeof(Result));
    for (ULONG i = 0; i < sizeof(Result.Name) - 1 && Groups[Index].Name[i]; i++)
        Result.Name[i] = Groups[Index].Name[i];
    Groups[Index].Run();
    return STATUS_SUCCESS;
}

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = NT_SUCCESS(Status) ? Information : 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS NTAPI TrapCreateClose(PDEVICE_OBJECT Device, PIRP Irp)
{
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Answer(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PULONG Index = Irp->AssociatedIrp.SystemBuffer;
    ULONG Room = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    NTSTATUS Status;

    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_WDMTEST_RUN:
        if (Room < sizeof(Result))
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        Status = Run(*Index);
        RtlCopyMemory(Index, &Result, sizeof(Result));
        return Complete(Irp, Status, sizeof(Result));
    case IOCTL_WDMTEST_CRASH:
        return Complete(Irp, TrapCrash(*Index), 0);
    case IOCTL_TRAPTEST_MEASURE:
        if (Room < sizeof(ULONGLONG))
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        return Complete(Irp, TrapMeasure(*Index, (PULONGLONG)Index), sizeof(ULONGLONG));
    default:
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static NTSTATUS NTAPI TrapControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG))
        return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
    return Answer(Irp, Stack);
}

static NTSTATUS NTAPI TrapPnp(PDEVICE_OBJECT Device, PIRP Irp)
{
    PTRAPTEST_EXTENSION Extension = Device->DeviceExtension;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = STATUS_UNSUCCESSFUL;

    if (Stack->MinorFunction != IRP_MN_START_DEVICE) {
        IoSkipCurrentIrpStackLocation(Irp);
        return IoCallDriver(Extension->LowerDevice, Irp);
    }
    if (IoForwardIrpSynchronously(Extension->LowerDevice, Irp))
        Status = Irp->IoStatus.Status;
    if (NT_SUCCESS(Status))
        Status = PortStart(Stack->Parameters.StartDevice.AllocatedResourcesTranslated);
    return Complete(Irp, Status, 0);
}

static NTSTATUS NTAPI TrapAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDevice)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\TrapTest");
    PTRAPTEST_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(*Extension), &Name, FILE_DEVICE_UNKNOWN,
                                     0, FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    Extension->LowerDevice = IoAttachDeviceToDeviceStack(Device, PhysicalDevice);
    if (!Extension->LowerDevice) {
        IoDeleteDevice(Device);
        return STATUS_NO_SUCH_DEVICE;
    }
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    DriverObject->MajorFunction[IRP_MJ_CREATE] = TrapCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = TrapCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = TrapCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = TrapControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = TrapPnp;
    DriverObject->DriverExtension->AddDevice = TrapAddDevice;
    return STATUS_SUCCESS;
}
