/* SPDX-License-Identifier: BSD-2-Clause */
/* Driver objects, NtLoadDriver and NtUnloadDriver. */
#include "iop.h"

#define IOP_MAXIMUM_DRIVER_NAME 27 /* characters: with ".sys" it is a process's name */

static const WCHAR IopServicesKey[] = u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\";

static void IopDestroyDriver(PVOID Object)
{
    PIO_DRIVER Driver = Object;

    RemoveEntryList(&Driver->ListEntry);
    if (Driver->Host)
        IoDereferenceHost(Driver->Host);
}

const OBJECT_TYPE_INITIALIZER IopDriverTypeInitializer = {
    .Name = u"Driver",
    .Mapping = {STANDARD_RIGHTS_READ, STANDARD_RIGHTS_WRITE, STANDARD_RIGHTS_EXECUTE,
                STANDARD_RIGHTS_REQUIRED},
    .ValidAccess = STANDARD_RIGHTS_REQUIRED,
    .CaseInsensitive = TRUE,
    .Delete = IopDestroyDriver,
};

static void IopBuildPath(WCHAR *Buffer, PUNICODE_STRING Path, ULONG Size, const WCHAR *Parts[3])
{
    ULONG i;

    Path->Buffer = Buffer;
    Path->Length = 0;
    Path->MaximumLength = (USHORT)Size;
    for (i = 0; i < 3; i++)
        RtlAppendUnicodeToString(Path, Parts[i]);
}

void IopServiceKey(const WCHAR *DriverName, WCHAR *Key)
{
    const WCHAR *Parts[3] = {u"Machine\\System\\CurrentControlSet\\Services\\", DriverName, u""};
    UNICODE_STRING Path;

    IopBuildPath(Key, &Path, IOP_SERVICE_KEY_NAME * sizeof(WCHAR), Parts);
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
    Driver->State = IopDriverDead;
    KeInitializeEvent(&Driver->Idle, SynchronizationEvent, TRUE);
    InitializeListHead(&Driver->DeviceList);
    InsertTailList(&IopDrivers, &Driver->ListEntry);
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

/* Nobody starts or unloads the driver any more. Those who wait for that go on one after the other,
 * each waking the next. */
static void IopEndWork(PIO_DRIVER Driver)
{
    Driver->Busy = FALSE;
    KeSetEvent(&Driver->Idle);
}

/* Of the driver's own host nobody waits, which would be for himself. */
static NTSTATUS IopAwaitWork(PIO_DRIVER Driver)
{
    PIO_HOST Current = IopCurrentHost();
    NTSTATUS Status = STATUS_SUCCESS;

    while (Status == STATUS_SUCCESS && Driver->Busy && (!Current || Current != Driver->Host))
        Status = KeWaitForSingleObject(&Driver->Idle, FALSE, NULL);
    if (!Driver->Busy)
        KeSetEvent(&Driver->Idle);
    return Status;
}

/* A driver whose host is ending is soon one that has died. */
static NTSTATUS IopAwaitEnd(PIO_DRIVER Driver)
{
    PEPROCESS Process = Driver->Host ? Driver->Host->Process : NULL;
    NTSTATUS Status;

    if (Driver->Busy || Driver->State == IopDriverDead || !Process || !Process->Exiting)
        return STATUS_SUCCESS;
    ObReferenceObject(Process);
    Status = KeWaitForSingleObject(&Process->Header, FALSE, NULL);
    ObDereferenceObject(Process);
    return Status;
}

/* Waits until it is known whether the driver runs: it may be about to start, to be unloaded or to
 * die, and to be started again then. FALSE: the calling thread ends. */
static BOOLEAN IopAwaitDriver(PIO_DRIVER Driver)
{
    NTSTATUS Status = IopAwaitWork(Driver);

    if (Status == STATUS_SUCCESS)
        Status = IopAwaitEnd(Driver);
    if (Status == STATUS_SUCCESS)
        Status = IopAwaitWork(Driver);
    return Status == STATUS_SUCCESS;
}

/* For its next start. FALSE: it runs, or another takes it. */
static BOOLEAN IopTakeDeadDriver(PIO_DRIVER Driver)
{
    if (Driver->State != IopDriverDead || Driver->Busy || Driver->Forgotten)
        return FALSE;
    Driver->State = IopDriverStarting;
    Driver->Busy = TRUE;
    Driver->StartTime = KeQueryInterruptTime();
    Driver->Starts++;
    return TRUE;
}

/* The driver object of that name, which may be a new one; referenced. Another may make it
 * meanwhile, or something else has the name. */
static NTSTATUS IopGetDriver(const WCHAR *Name, PIO_DRIVER *Driver)
{
    NTSTATUS Status;

    *Driver = IopFindDriver(Name);
    if (*Driver)
        return STATUS_SUCCESS;
    Status = IopCreateDriver(Name, Driver);
    if (Status == STATUS_OBJECT_NAME_COLLISION) {
        *Driver = IopFindDriver(Name);
        return *Driver ? STATUS_SUCCESS : Status;
    }
    return Status;
}

/* A new driver object, or one whose host has died. Who waits for that process first learns of
 * its end, so that he does not take the next one for it. While others start the driver they are
 * waited for; when they fail it is this caller's turn. */
static NTSTATUS IopPrepareDriver(const WCHAR *Name, PIO_DRIVER *Driver)
{
    NTSTATUS Status = IopCheckImage(Name);

    while (NT_SUCCESS(Status)) {
        Status = IopGetDriver(Name, Driver);
        if (!NT_SUCCESS(Status))
            break;
        if (!IopAwaitDriver(*Driver))
            Status = STATUS_THREAD_IS_TERMINATING;
        else if (IopTakeDeadDriver(*Driver))
            break;
        else if (!(*Driver)->Forgotten)
            Status = STATUS_IMAGE_ALREADY_LOADED;
        ObDereferenceObject(*Driver);
    }
    return Status;
}

void IopLeaveHost(PIO_DRIVER Driver)
{
    RemoveEntryList(&Driver->HostEntry);
    IopFreeId(Driver->Id);
    Driver->Id = 0;
    Driver->State = IopDriverEnding;
    while (!IsListEmpty(&Driver->DeviceList)) {
        IopDeleteDevice(CONTAINING_RECORD(Driver->DeviceList.Flink, IO_DEVICE, DriverEntry));
        KeGiveWay();
    }
    Driver->State = IopDriverDead;
    ObDereferenceObject(Driver);
}

static PIO_REQUEST IopBuildLoad(PIO_DRIVER Driver)
{
    const WCHAR *Image[3] = {u"\\SystemRoot\\drivers\\", Driver->Name, u".sys"};
    const WCHAR *Registry[3] = {IopServicesKey, Driver->Name, u""};
    const WCHAR *Object[3] = {u"\\Driver\\", Driver->Name, u""};
    PIO_REQUEST Request = IopAllocateCommand(Driver, DriverMessageLoad, sizeof(DRIVER_LOAD));
    DRIVER_LOAD *Load;
    UNICODE_STRING Path;

    if (!Request)
        return NULL;
    Load = Request->Buffer;
    IopBuildPath(Load->ImagePath, &Path, sizeof(Load->ImagePath), Image);
    IopBuildPath(Load->RegistryPath, &Path, sizeof(Load->RegistryPath), Registry);
    IopBuildPath(Load->DriverName, &Path, sizeof(Load->DriverName), Object);
    return Request;
}

/* Why a host has ended before its driver had started. */
static NTSTATUS IopEarlyEnd(PIO_HOST Host)
{
    return NT_SUCCESS(Host->ExitStatus) ? STATUS_DRIVER_UNABLE_TO_LOAD : Host->ExitStatus;
}

/* A host ends with its last driver; one whose driver does not answer is of no use to others. */
static void IopEndUnusedHost(PIO_HOST Host, NTSTATUS Status)
{
    if (Host->Channel && (IsListEmpty(&Host->DriverList) || Status == STATUS_IO_TIMEOUT))
        PsTerminateProcessGivingWay(Host->Process, Status);
}

/* Waits until DriverEntry has returned, the host has ended, or time is up. */
static NTSTATUS IopLoadIntoHost(PIO_DRIVER Driver, PIO_HOST Host)
{
    PIO_REQUEST Request;
    BOOLEAN Completed;
    NTSTATUS Status = STATUS_INSUFFICIENT_RESOURCES;

    Driver->Id = IopAllocateId(IopIdDriver, Driver);
    Request = Driver->Id ? IopBuildLoad(Driver) : NULL;
    if (Request) {
        Status = IopCallAndWait(Request, IOP_START_SECONDS, &Completed);
        if (Completed)
            IopFreeRequest(Request);
    }
    if (!Host->Channel)
        return IopEarlyEnd(Host);
    if (!NT_SUCCESS(Status)) {
        IopLeaveHost(Driver);
        IopEndUnusedHost(Host, Status);
    }
    return Status;
}

static NTSTATUS IopStartDriver(PIO_DRIVER Driver)
{
    PIO_HOST Host;
    NTSTATUS Status = IopPlaceDriver(Driver, &Host);

    if (NT_SUCCESS(Status)) {
        Status = IopLoadIntoHost(Driver, Host);
        IoDereferenceHost(Host);
    }
    if (NT_SUCCESS(Status) && Driver->State != IopDriverStarting)
        Status = STATUS_DRIVER_UNABLE_TO_LOAD; /* it has died meanwhile */
    Driver->State = NT_SUCCESS(Status) ? IopDriverRunning : IopDriverDead;
    IopEndWork(Driver);
    if (!NT_SUCCESS(Status))
        DbgPrint("io: driver %ls.sys does not start: %08x\n", (const void *)Driver->Name,
                 (ULONG)Status);
    return Status;
}

NTSTATUS IopReviveDriver(PIO_DRIVER Driver)
{
    return IopTakeDeadDriver(Driver) ? IopStartDriver(Driver) : STATUS_IMAGE_ALREADY_LOADED;
}

static BOOLEAN IopIsGivenUp(PIO_DRIVER Driver)
{
    return Driver->State == IopDriverDead && !Driver->Busy && !Driver->Restarting;
}

/*
 * NtLoadDriver: loads \SystemRoot\drivers\<name>.sys into a driver host, for the service key
 * \Registry\Machine\System\CurrentControlSet\Services\<name>. Devices whose drivers are all there
 * now are started before it returns. A driver that has died starts anew, without the delay that
 * restart.c may have in mind for it; while it is being started, by whomever, that is waited for.
 * Needs SeLoadDriverPrivilege (STATUS_PRIVILEGE_NOT_HELD). Returns
 * STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_NAME_INVALID, STATUS_IMAGE_ALREADY_LOADED (it runs),
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
    Driver->Failures = 0;
    Status = IopStartDriver(Driver);
    if (!NT_SUCCESS(Status) && IopIsGivenUp(Driver))
        IopForgetDriver(Driver);
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

/* Its host ends if it was the last driver there, and that is waited for. */
static void IopFinishUnload(PIO_DRIVER Driver, PIO_HOST Host)
{
    LARGE_INTEGER Limit = {.QuadPart = -10000000ll * IOP_START_SECONDS};
    PEPROCESS Process;

    if (!Host->Channel)
        return; /* it has ended meanwhile, and has let go of the driver */
    IopLeaveHost(Driver);
    if (!Host->Channel || !IsListEmpty(&Host->DriverList))
        return;
    Process = Host->Process;
    ObReferenceObject(Process);
    PsTerminateProcessGivingWay(Process, STATUS_SUCCESS);
    KeWaitForSingleObject(&Process->Header, FALSE, &Limit);
    ObDereferenceObject(Process);
}

/* Asks the driver to unload itself. */
static NTSTATUS IopUnloadRunning(PIO_DRIVER Driver)
{
    PIO_REQUEST Request = IopAllocateCommand(Driver, DriverMessageUnload, 0);
    PIO_HOST Host = Driver->Host;
    BOOLEAN Completed;
    NTSTATUS Status;

    if (!Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    IoReferenceHost(Host);
    Driver->State = IopDriverUnloading;
    Driver->Busy = TRUE;
    Status = IopCallAndWait(Request, IOP_START_SECONDS, &Completed);
    if (Completed)
        IopFreeRequest(Request);
    if (NT_SUCCESS(Status))
        IopFinishUnload(Driver, Host);
    else if (Driver->State == IopDriverUnloading)
        Driver->State = IopDriverRunning;
    IopEndWork(Driver);
    IoDereferenceHost(Host);
    return Status;
}

static NTSTATUS IopUnload(PIO_DRIVER Driver)
{
    NTSTATUS Status;

    if (!IopAwaitDriver(Driver))
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
