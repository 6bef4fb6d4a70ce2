/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of the driver and its device, and its requests. */
#include "traptest.h"
#include "../pnpdevice.h"

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
    return ServeTestPnp(Device, Irp, PortStart);
}

static NTSTATUS NTAPI TrapAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDevice)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\TrapTest");

    return AddTestDevice(DriverObject, PhysicalDevice, &Name);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    ServeFiles(DriverObject, CompleteWell);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = TrapControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = TrapPnp;
    DriverObject->DriverExtension->AddDevice = TrapAddDevice;
    return STATUS_SUCCESS;
}
