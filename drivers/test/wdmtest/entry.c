/* SPDX-License-Identifier: BSD-2-Clause */
#include "wdmtest.h"
#include "../request.h"

PDRIVER_OBJECT TestDriver;
static WDMTEST_RESULT Result;

static const struct {
    PCSTR Name;
    VOID (*Run)(VOID);
} Groups[] = {
    {"events", TestEvents},
    {"semaphores and mutexes", TestSemaphoresAndMutexes},
    {"waits for several objects", TestWaitsForSeveral},
    {"timers", TestTimers},
    {"DPCs", TestDpcs},
    {"work items", TestWorkItems},
    {"many threads", TestManyThreads},
    {"IRP stack locations", TestStackLocations},
    {"more processing required", TestMoreProcessing},
    {"pending IRPs", TestPendingIrps},
    {"synchronous requests", TestSynchronousRequests},
    {"cancel-safe queues", TestCancelSafeQueues},
    {"StartIo", TestStartIo},
    {"device queues", TestDeviceQueues},
    {"remove locks", TestRemoveLocks},
    {"pool", TestPool},
    {"lists", TestLists},
    {"lookaside lists", TestLookasideLists},
    {"MDLs", TestMdls},
    {"IRQL", TestIrql},
    {"clocks", TestClocks},
    {"devices of other drivers", TestRemoteDevices},
    {"names", TestNames},
    {"processor", TestProcessor},
};

static VOID CopyText(PCHAR To, PCSTR From, ULONG Size)
{
    ULONG i;

    for (i = 0; i < Size - 1 && From[i]; i++)
        To[i] = From[i];
    To[i] = 0;
}

VOID TestCheck(BOOLEAN Condition, PCSTR Text, ULONG Line)
{
    Result.Checks++;
    if (Condition)
        return;
    if (Result.Failures++ == 0) {
        CopyText(Result.FirstFailure, Text, sizeof(Result.FirstFailure));
        Result.Line = Line;
    }
    DbgPrint("wdmtest: line %u: not so: %s\n", Line, Text);
}

static NTSTATUS RunGroup(ULONG Index)
{
    if (Index >= sizeof(Groups) / sizeof(Groups[0]))
        return STATUS_NO_MORE_ENTRIES;
    RtlZeroMemory(&Result, sizeof(Result));
    CopyText(Result.Name, Groups[Index].Name, sizeof(Result.Name));
    Groups[Index].Run();
    return STATUS_SUCCESS;
}

static NTSTATUS Answer(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PVOID Buffer = Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS Status;

    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG))
        return STATUS_BUFFER_TOO_SMALL;
    if (Stack->Parameters.DeviceIoControl.IoControlCode == IOCTL_WDMTEST_CRASH)
        return TestCrash(*(PULONG)Buffer, Irp);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_WDMTEST_RUN)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(Result))
        return STATUS_BUFFER_TOO_SMALL;
    Status = RunGroup(*(PULONG)Buffer);
    if (NT_SUCCESS(Status)) {
        RtlCopyMemory(Buffer, &Result, sizeof(Result));
        Irp->IoStatus.Information = sizeof(Result);
    }
    return Status;
}

static NTSTATUS NTAPI TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS Status;

    Irp->IoStatus.Information = 0;
    Status = Answer(Irp, IoGetCurrentIrpStackLocation(Irp));
    return Complete(Irp, Status, Irp->IoStatus.Information);
}

/* Forgets a block, which debug builds notice. */
static VOID NTAPI TestUnload(PDRIVER_OBJECT DriverObject)
{
    ExAllocatePoolWithTag(NonPagedPool, 77, 'kaeL');
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\WdmTest");
    PDEVICE_OBJECT Device;
    NTSTATUS Status =
        IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    TestDriver = DriverObject;
    ServeFiles(DriverObject, CompleteWell);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = TestControl;
    DriverObject->DriverUnload = TestUnload;
    return STATUS_SUCCESS;
}
