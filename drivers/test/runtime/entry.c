/* SPDX-License-Identifier: BSD-2-Clause */
#include "runtime.h"
#include "../request.h"

PDRIVER_OBJECT TestDriver;
static WDMTEST_RESULT Result;

static const struct {
    PCSTR Name;
    TEST_GROUP *Run;
} Groups[] = {
    {"resources", TestResources},
    {"waits for resources", TestResourceWaits},
    {"push locks", TestPushLocks},
    {"rundown protection", TestRundown},
    {"shared spin locks", TestSharedSpinLocks},
    {"callback objects", TestCallbacks},
    {"lookaside lists", TestLookasideEx},
    {"forms of pool", TestPoolForms},
    {"queues of work", TestWorkQueues},
    {"critical regions", TestRegions},
    {"processors", TestProcessors},
    {"state of threads", TestThreadState},
    {"times", TestTimes},
    {"UUIDs", TestUuids},
    {"formats", TestFormats},
    {"C strings", TestCStrings},
    {"numbers as text", TestNumbers},
    {"sorting", TestSorting},
    {"Unicode strings", TestUnicodeStrings},
    {"OEM strings", TestOemStrings},
    {"GUIDs", TestGuids},
    {"versions", TestVersions},
    {"bitmaps", TestBitmaps},
    {"generic tables", TestTables},
    {"prefixes", TestPrefixes},
    {"SIDs and ACLs", TestSecurityParts},
    {"registry keys", TestRegistryKeys},
    {"registry routines", TestRegistryRoutines},
    {"registry queries", TestRegistryQueries},
    {"objects", TestObjects},
    {"events by handle", TestEventsByHandle},
    {"processes", TestProcesses},
    {"access checks", TestAccess},
    {"privileges", TestPrivileges},
    {"security descriptors", TestDescriptors},
    {"addresses", TestAddresses},
    {"the system", TestSystem},
    {"the debugger", TestDebugger},
    {"share access", TestShareAccess},
    {"kinds of IRPs", TestIrpKinds},
    {"the error log", TestErrorLog},
    {"system services", TestServices},
    {"exception handlers", TestHandlers},
};

static VOID CopyText(PCHAR To, PCSTR From, ULONG Size)
{
    strncpy(To, From, Size - 1);
    To[Size - 1] = 0;
}

VOID TestCheck(BOOLEAN Condition, PCSTR Text, PCSTR File, ULONG Line)
{
    Result.Checks++;
    if (Condition)
        return;
    if (Result.Failures++ == 0) {
        CopyText(Result.FirstFailure, Text, sizeof(Result.FirstFailure));
        Result.Line = Line;
    }
    DbgPrint("runtest: %s, line %u: not so: %s\n", File, Line, Text);
}

VOID TestCheckStatus(NTSTATUS Status, NTSTATUS Expected, PCSTR Text, PCSTR File, ULONG Line)
{
    TestCheck(Status == Expected, Text, File, Line);
    if (Status != Expected)
        DbgPrint("runtest: it is 0x%08x\n", Status);
}

PKTHREAD Start(PKSTART_ROUTINE Routine, PVOID Context)
{
    PKTHREAD Thread = NULL;
    HANDLE Handle;

    if (!NT_SUCCESS(
            PsCreateSystemThread(&Handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Routine, Context)))
        return NULL;
    ObReferenceObjectByHandle(Handle, SYNCHRONIZE, *PsThreadType, KernelMode, (PVOID *)&Thread,
                              NULL);
    ZwClose(Handle);
    return Thread;
}

VOID Join(PKTHREAD Thread)
{
    KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Thread);
}

VOID Sleep(ULONG Milliseconds)
{
    LARGE_INTEGER Interval = {.QuadPart = -10000LL * Milliseconds};

    KeDelayExecutionThread(KernelMode, FALSE, &Interval);
}

PVOID Routine(PCWSTR Name)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Name);
    return MmGetSystemRoutineAddress(&String);
}

static NTSTATUS RunGroup(ULONG Index)
{
    if (Index >= ARRAYSIZE(Groups))
        return STATUS_NO_MORE_ENTRIES;
    RtlZeroMemory(&Result, sizeof(Result));
    CopyText(Result.Name, Groups[Index].Name, sizeof(Result.Name));
    Groups[Index].Run();
    return STATUS_SUCCESS;
}

/* ---- The driver's end, as its bug check callback tells it ---- */

static KBUGCHECK_CALLBACK_RECORD Record;
static HANDLE EndEvent;

static VOID NTAPI TellEnd(PVOID Buffer, ULONG Length)
{
    if (Buffer == &EndEvent && Length == sizeof(EndEvent))
        ZwSetEvent(EndEvent, NULL);
}

static NTSTATUS BugCheck(VOID)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\RunTestEnd");
    OBJECT_ATTRIBUTES Attributes;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_KERNEL_HANDLE, NULL, NULL);
    Status = ZwOpenEvent(&EndEvent, EVENT_MODIFY_STATE, &Attributes);
    if (!NT_SUCCESS(Status))
        return Status;
    KeInitializeCallbackRecord((&Record));
    if (!KeRegisterBugCheckCallback(&Record, TellEnd, &EndEvent, sizeof(EndEvent),
                                    (PUCHAR) "runtest"))
        return STATUS_UNSUCCESSFUL;
    KeBugCheck(MANUALLY_INITIATED_CRASH);
    return STATUS_SUCCESS;
}

/* An event of the program, by its handle: signalled here. */
static NTSTATUS Signal(PIRP Irp, ULONG Value)
{
    PKEVENT Event;
    NTSTATUS Status =
        ObReferenceObjectByHandle(ULongToHandle(Value), EVENT_MODIFY_STATE, *ExEventObjectType,
                                  Irp->RequestorMode, (PVOID *)&Event, NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    KeSetEvent(Event, IO_NO_INCREMENT, FALSE);
    ObDereferenceObject(Event);
    return STATUS_SUCCESS;
}

/* Who asks, in three ways. */
static NTSTATUS Whose(PIRP Irp, PULONG Ids)
{
    PEPROCESS Requestor = IoGetRequestorProcess(Irp);

    if (!Requestor || Requestor != PsGetCurrentProcess())
        return STATUS_UNSUCCESSFUL;
    Ids[0] = IoGetRequestorProcessId(Irp);
    Ids[1] = HandleToULong(PsGetCurrentProcessId());
    Ids[2] = HandleToULong(PsGetProcessId(Requestor));
    Irp->IoStatus.Information = 3 * sizeof(ULONG);
    return ExGetPreviousMode() == UserMode ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

static NTSTATUS Answer(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PULONG Buffer = Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS Status;

    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG) ||
        Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(Result))
        return STATUS_BUFFER_TOO_SMALL;
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_WDMTEST_RUN:
        Status = RunGroup(*Buffer);
        if (!NT_SUCCESS(Status))
            return Status;
        RtlCopyMemory(Buffer, &Result, sizeof(Result));
        Irp->IoStatus.Information = sizeof(Result);
        return Status;
    case IOCTL_WDMTEST_CRASH:
        return BugCheck();
    case IOCTL_RUNTEST_SIGNAL:
        return Signal(Irp, *Buffer);
    case IOCTL_RUNTEST_WHOSE:
        return Whose(Irp, Buffer);
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}

static NTSTATUS NTAPI Control(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS Status;

    Irp->IoStatus.Information = 0;
    Status = Answer(Irp, IoGetCurrentIrpStackLocation(Irp));
    return Complete(Irp, Status, Irp->IoStatus.Information);
}

static VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\RunTest");
    PDEVICE_OBJECT Device;
    NTSTATUS Status =
        IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    TestDriver = DriverObject;
    ServeFiles(DriverObject, CompleteWell);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
