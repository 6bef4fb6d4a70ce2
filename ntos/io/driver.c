/* SPDX-License-Identifier: BSD-2-Clause */
/* Driver objects, NtLoadDriver and NtUnloadDriver. */
#include "iop.h"

#define IOP_MAXIMUM_DRIVER_NAME 27 /* characters: with ".sys" it is a process's name */

static const WCHAR IopServicesKey[] = u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\";

static void IopDestroyDriver(PVOID Object)
{
    PIO_DRIVER Driver = Object;

    if (Driver->Process)
        ObDereferenceObject(Driver->Process);
}

const OBJECT_TYPE_INITIALIZER IopDriverTypeInitializer = {
    .Name = u"Driver",
    .Mapping = {STANDARD_RIGHTS_READ, STANDARD_RIGHTS_WRITE, STANDARD_RIGHTS_EXECUTE,
                STANDARD_RIGHTS_REQUIRED},
    .ValidAccess = STANDARD_RIGHTS_REQUIRED,
    .CaseInsensitive = TRUE,
    .Delete = IopDestroyDriver,
};

PIO_DRIVER IopCurrentDriver(void)
{
    PEPROCESS Process = PsGetCurrentProcess();
    PIO_DRIVER Driver = Process->Driver;

    return Driver && Driver->Process == Process && Driver->Channel ? Driver : NULL;
}

static void IopBuildPath(WCHAR *Buffer, PUNICODE_STRING Path, ULONG Size, const WCHAR *Parts[3])
{
    ULONG i;

    Path->Buffer = Buffer;
    Path->Length = 0;
    Path->MaximumLength = (USHORT)Size;
    for (i = 0; i < 3; i++)
        RtlAppendUnicodeToString(Path, Parts[i]);
}

/* The object may lose its name before the search for it returns. */
PIO_DRIVER IopFindDriver(const WCHAR *Name)
{
    WCHAR Buffer[64];
    const WCHAR *Parts[3] = {u"\\Driver\\", Name, u""};
    UNICODE_STRING Path;
    PIO_DRIVER Driver = NULL;

    IopBuildPath(Buffer, &Path, sizeof(Buffer), Parts);
    do {
        if (Driver)
            ObDereferenceObject(Driver);
        if (!NT_SUCCESS(ObReferenceObjectByName(&Path, IoDriverType, 0, NULL, (PVOID *)&Driver)))
            return NULL;
    } while (Driver->Forgotten);
    return Driver;
}

static void IopForgetDriver(PIO_DRIVER Driver)
{
    Driver->Forgotten = TRUE;
    ObRemoveName(Driver);
}

static NTSTATUS IopCreateDriver(const WCHAR *Name, PIO_DRIVER *Result)
{
    WCHAR Buffer[64];
    const WCHAR *Parts[3] = {u"\\Driver\\", Name, u""};
    UNICODE_STRING Path;
    PIO_DRIVER Driver;
    NTSTATUS Status = ObCreateObject(IoDriverType, sizeof(IO_DRIVER), (PVOID *)Result);
    ULONG i;

    if (!NT_SUCCESS(Status))
        return Status;
    Driver = *Result;
    for (i = 0; Name[i]; i++)
        Driver->Name[i] = Name[i];
    InitializeListHead(&Driver->DeviceList);
    InitializeListHead(&Driver->SendQueue);
    InitializeListHead(&Driver->ReplyQueue);
    InitializeListHead(&Driver->CancelQueue);
    KeInitializeEvent(&Driver->Started, NotificationEvent, FALSE);
    IopBuildPath(Buffer, &Path, sizeof(Buffer), Parts);
    Status = ObInsertName(Driver, &Path);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(Driver);
    return Status;
}

static BOOLEAN IopIsNameCharacter(WCHAR Character)
{
    return (Character >= 'a' && Character <= 'z') || (Character >= 'A' && Character <= 'Z') ||
           (Character >= '0' && Character <= '9') || Character == '_' || Character == '-' ||
           Character == '.';
}

/* The key's name is the driver's. What the key says (ImagePath, Type, Start) is not looked at, and
 * it need not be there. */
static NTSTATUS IopParseServiceName(PCUNICODE_STRING Key, WCHAR Name[32])
{
    UNICODE_STRING Prefix = RTL_CONSTANT_STRING(IopServicesKey);
    ULONG Count, i;

    if (!RtlPrefixUnicodeString(&Prefix, Key, TRUE))
        return STATUS_OBJECT_NAME_NOT_FOUND;
    Count = (Key->Length - Prefix.Length) / sizeof(WCHAR);
    if (!Count || Count > IOP_MAXIMUM_DRIVER_NAME)
        return STATUS_OBJECT_NAME_INVALID;
    for (i = 0; i < Count; i++) {
        Name[i] = Key->Buffer[Prefix.Length / sizeof(WCHAR) + i];
        if (!IopIsNameCharacter(Name[i]))
            return STATUS_OBJECT_NAME_INVALID;
    }
    Name[Count] = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS IopCaptureServiceName(CLIENT(PUNICODE_STRING) ClientKey, WCHAR Name[32])
{
    UNICODE_STRING Key;
    NTSTATUS Status = ExCaptureUnicodeString(&Key, ClientKey, 1024);

    if (!NT_SUCCESS(Status))
        return Status == STATUS_NAME_TOO_LONG ? STATUS_OBJECT_NAME_NOT_FOUND : Status;
    Status = IopParseServiceName(&Key, Name);
    ExFreeUnicodeString(&Key);
    return Status;
}

/* Whether \SystemRoot\drivers\<Name>.sys exists. */
static NTSTATUS IopCheckImage(const WCHAR *Name)
{
    WCHAR Buffer[80];
    const WCHAR *Parts[3] = {u"\\SystemRoot\\drivers\\", Name, u".sys"};
    UNICODE_STRING Path;
    PIO_FILE File;
    NTSTATUS Status;

    IopBuildPath(Buffer, &Path, sizeof(Buffer), Parts);
    Status = IoOpenFile(&Path, &File);
    if (NT_SUCCESS(Status))
        ObDereferenceObject(File);
    return Status;
}

/* A driver whose process is ending is soon one that has died. FALSE: the calling thread ends. */
static BOOLEAN IopAwaitEnd(PIO_DRIVER Driver)
{
    PEPROCESS Process = Driver->Process;
    NTSTATUS Status;

    if (Driver->Busy || Driver->State == IopDriverDead || !Process || !Process->Exiting)
        return TRUE;
    ObReferenceObject(Process);
    Status = KeWaitForSingleObject(&Process->Header, FALSE, NULL);
    ObDereferenceObject(Process);
    return Status == STATUS_SUCCESS;
}

/* A new driver object, or one whose process has died. Who waits for that process first learns of
 * its end, so that he does not take the next one for it. */
static NTSTATUS IopPrepareDriver(const WCHAR *Name, PIO_DRIVER *Driver)
{
    NTSTATUS Status = IopCheckImage(Name);

    if (!NT_SUCCESS(Status))
        return Status;
    *Driver = IopFindDriver(Name);
    if (!*Driver) {
        Status = IopCreateDriver(Name, Driver);
        if (!NT_SUCCESS(Status)) /* another may have made it meanwhile */
            return Status == STATUS_OBJECT_NAME_COLLISION ? STATUS_IMAGE_ALREADY_LOADED : Status;
    } else if (!IopAwaitEnd(*Driver) || (*Driver)->State != IopDriverDead || (*Driver)->Busy) {
        ObDereferenceObject(*Driver);
        return STATUS_IMAGE_ALREADY_LOADED;
    }
    (*Driver)->State = IopDriverStarting;
    (*Driver)->Busy = TRUE;
    return STATUS_SUCCESS;
}

/* Waits until DriverEntry has returned, the process has died, or time is up. */
static NTSTATUS IopWaitForStart(PIO_DRIVER Driver)
{
    LARGE_INTEGER Limit = {.QuadPart = -10000000ll * IOP_START_SECONDS};
    PVOID Objects[] = {&Driver->Started, &Driver->Process->Header};
    PEPROCESS Process = Driver->Process;
    NTSTATUS Status;

    ObReferenceObject(Process);
    Status = KeWaitForMultipleObjects(ARRAYSIZE(Objects), Objects, WaitAny, FALSE, &Limit);
    if (Status == STATUS_WAIT_0)
        Status = Driver->StartStatus;
    else if (Status == STATUS_WAIT_0 + 1)
        Status =
            NT_SUCCESS(Process->ExitStatus) ? STATUS_DRIVER_UNABLE_TO_LOAD : Process->ExitStatus;
    else if (Status == STATUS_TIMEOUT)
        Status = STATUS_IO_TIMEOUT;
    if (!NT_SUCCESS(Status))
        PsTerminateProcessGivingWay(Process, Status);
    ObDereferenceObject(Process);
    return Status;
}

static NTSTATUS IopStartDriver(PIO_DRIVER Driver)
{
    NTSTATUS Status = IopStartProcess(Driver);

    if (NT_SUCCESS(Status))
        Status = IopWaitForStart(Driver);
    Driver->Busy = FALSE;
    if (NT_SUCCESS(Status) && Driver->State != IopDriverStarting)
        Status = STATUS_DRIVER_UNABLE_TO_LOAD; /* it has died meanwhile */
    if (NT_SUCCESS(Status)) {
        Driver->State = IopDriverRunning;
        return Status;
    }
    DbgPrint("io: driver %ls.sys does not start: %08x\n", (const void *)Driver->Name,
             (ULONG)Status);
    Driver->State = IopDriverDead;
    IopForgetDriver(Driver);
    return Status;
}

/*
 * NtLoadDriver: starts \SystemRoot\drivers\<name>.sys in a process of its own, for the service key
 * \Registry\Machine\System\CurrentControlSet\Services\<name>. Devices whose drivers are all there
 * now are started before it returns. A driver that has died starts anew. Needs
 * SeLoadDriverPrivilege (STATUS_PRIVILEGE_NOT_HELD). Returns
 * STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_NAME_INVALID, STATUS_IMAGE_ALREADY_LOADED,
 * STATUS_IO_TIMEOUT (DriverEntry takes more than 10 s), or what DriverEntry returned.  (WDK:
 * ZwLoadDriver)
 */
NTSTATUS NTAPI NtLoadDriver(CLIENT(PUNICODE_STRING) DriverServiceName)
{
    WCHAR Name[32];
    PIO_DRIVER Driver;
    NTSTATUS Status = SeCheckPrivilege(SE_LOAD_DRIVER_PRIVILEGE);

    if (NT_SUCCESS(Status))
        Status = IopCaptureServiceName(DriverServiceName, Name);
    if (NT_SUCCESS(Status))
        Status = IopPrepareDriver(Name, &Driver);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopStartDriver(Driver);
    ObDereferenceObject(Driver);
    if (NT_SUCCESS(Status))
        IopStartDevices();
    return Status;
}

static BOOLEAN IopIsInUse(PIO_DRIVER Driver)
{
    PLIST_ENTRY Entry;

    for (Entry = Driver->DeviceList.Flink; Entry != &Driver->DeviceList; Entry = Entry->Flink)
        if (CONTAINING_RECORD(Entry, IO_DEVICE, DriverEntry)->OpenCount)
            return TRUE;
    return FALSE;
}

/* Asks the driver to unload itself and waits for its process to end. */
static NTSTATUS IopUnloadRunning(PIO_DRIVER Driver)
{
    LARGE_INTEGER Limit = {.QuadPart = -10000000ll * IOP_START_SECONDS};
    PEPROCESS Process = Driver->Process;
    BOOLEAN Completed;
    NTSTATUS Status;
    PIO_REQUEST Request = IopAllocateRequest(NULL, NULL, 0, 0);

    if (!Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    ObReferenceObject(Driver);
    Request->Driver = Driver;
    Request->MessageType = DriverMessageUnload;
    Driver->State = IopDriverUnloading;
    Driver->Busy = TRUE;
    ObReferenceObject(Process);
    Status = IopCallAndWait(Request, IOP_START_SECONDS, &Completed);
    if (Completed)
        IopFreeRequest(Request);
    if (NT_SUCCESS(Status)) {
        Status = KeWaitForSingleObject(&Process->Header, FALSE, &Limit);
        if (Status != STATUS_SUCCESS)
            PsTerminateProcessGivingWay(Process, STATUS_IO_TIMEOUT);
    } else if (Driver->State == IopDriverUnloading) {
        Driver->State = IopDriverRunning;
    }
    Driver->Busy = FALSE;
    ObDereferenceObject(Process);
    return Status == STATUS_TIMEOUT ? STATUS_SUCCESS : Status;
}

static NTSTATUS IopUnload(PIO_DRIVER Driver)
{
    NTSTATUS Status;

    if (!IopAwaitEnd(Driver))
        return STATUS_THREAD_IS_TERMINATING;
    if (Driver->State == IopDriverRunning) {
        if (IopIsPnpDriver(Driver))
            return STATUS_INVALID_DEVICE_REQUEST;
        if (IopIsInUse(Driver))
            return STATUS_DEVICE_BUSY;
        Status = IopUnloadRunning(Driver);
        if (!NT_SUCCESS(Status))
            return Status;
    } else if (Driver->State != IopDriverDead || Driver->Busy) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    IopForgetDriver(Driver);
    return STATUS_SUCCESS;
}

/*
 * NtUnloadDriver: asks a driver to unload itself; the object of a driver that has died goes too.
 * Drivers of plug-and-play devices and those without DriverUnload stay
 * (STATUS_INVALID_DEVICE_REQUEST), so do those with open files (STATUS_DEVICE_BUSY). Needs
 * SeLoadDriverPrivilege (STATUS_PRIVILEGE_NOT_HELD). Returns
 * STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_NAME_INVALID, STATUS_IO_TIMEOUT.  (WDK:
 * ZwUnloadDriver)
 */
NTSTATUS NTAPI NtUnloadDriver(CLIENT(PUNICODE_STRING) DriverServiceName)
{
    WCHAR Name[32];
    PIO_DRIVER Driver;
    NTSTATUS Status = SeCheckPrivilege(SE_LOAD_DRIVER_PRIVILEGE);

    if (NT_SUCCESS(Status))
        Status = IopCaptureServiceName(DriverServiceName, Name);
    if (!NT_SUCCESS(Status))
        return Status;
    Driver = IopFindDriver(Name);
    if (!Driver)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    Status = IopUnload(Driver);
    ObDereferenceObject(Driver);
    return Status;
}

static void IopFillAttach(PIO_DRIVER Driver, DRIVER_ATTACH *Info)
{
    const WCHAR *Image[3] = {u"\\SystemRoot\\drivers\\", Driver->Name, u".sys"};
    const WCHAR *Registry[3] = {IopServicesKey, Driver->Name, u""};
    const WCHAR *Object[3] = {u"\\Driver\\", Driver->Name, u""};
    UNICODE_STRING Path;

    Info->Channel = (UINT64)(ULONG_PTR)Driver->ClientChannel;
    IopBuildPath(Info->ImagePath, &Path, sizeof(Info->ImagePath), Image);
    IopBuildPath(Info->RegistryPath, &Path, sizeof(Info->RegistryPath), Registry);
    IopBuildPath(Info->DriverName, &Path, sizeof(Info->DriverName), Object);
}

/* DrvAttach: tells the runtime what it has to know; once in a process. STATUS_INVALID_DEVICE_STATE,
 * STATUS_ACCESS_VIOLATION. */
NTSTATUS NTAPI DrvAttach(CLIENT(DRIVER_ATTACH *) Info)
{
    PIO_DRIVER Driver = IopCurrentDriver();
    DRIVER_ATTACH Attach = {0};

    if (!Driver)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (Driver->Attached)
        return STATUS_INVALID_DEVICE_STATE;
    IopFillAttach(Driver, &Attach);
    Driver->Attached = TRUE;
    return MmWriteClient(Info, &Attach);
}

/* DrvReportStarted: DriverEntry has returned; NtLoadDriver goes on. */
NTSTATUS NTAPI DrvReportStarted(NTSTATUS DriverEntryStatus)
{
    PIO_DRIVER Driver = IopCurrentDriver();

    if (!Driver)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (Driver->Started.Header.SignalState)
        return STATUS_INVALID_DEVICE_STATE;
    Driver->StartStatus = DriverEntryStatus;
    KeSetEvent(&Driver->Started);
    return STATUS_SUCCESS;
}
