/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a driver process: load the driver, call DriverEntry, serve events. */
#include "ex.h"
#include "iop.h"
#include "ki.h"
#include "ntdll.h"
#include "ob.h"

typedef struct _IOP_REINITIALIZE {
    struct _IOP_REINITIALIZE *Next;
    PDRIVER_REINITIALIZE Routine;
    PVOID Context;
} IOP_REINITIALIZE, *PIOP_REINITIALIZE;

PDRIVER_OBJECT IopDriver;
static UNICODE_STRING IopRegistryPath;
static PIOP_REINITIALIZE IopReinitializeList;

DECLSPEC_NORETURN static VOID IopEndProcess(NTSTATUS Status)
{
    for (;;)
        NtTerminateProcess(NtCurrentProcess(), Status);
}

/* Where a driver's major function goes that it does not set. */
static NTSTATUS NTAPI IopInvalidDeviceRequest(PDEVICE_OBJECT Device, PIRP Irp)
{
    Irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_INVALID_DEVICE_REQUEST;
}

static NTSTATUS IopCopyString(PUNICODE_STRING To, const WCHAR *From, ULONG Limit)
{
    ULONG Length = 0;

    while (Length < Limit && From[Length])
        Length++;
    To->Buffer = ExAllocatePoolWithTag(PagedPool, (Length + 1) * sizeof(WCHAR), 'rtSI');
    if (!To->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(To->Buffer, From, Length * sizeof(WCHAR));
    To->Buffer[Length] = 0;
    To->Length = (USHORT)(Length * sizeof(WCHAR));
    To->MaximumLength = To->Length + sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/* The driver object, with room for its extension behind it. */
static NTSTATUS IopCreateDriver(const DRIVER_ATTACH *Attach)
{
    PDRIVER_EXTENSION Extension;
    NTSTATUS Status;

    IopDriver = ObpCreateObject(&IopDriverType, sizeof(DRIVER_OBJECT) + sizeof(DRIVER_EXTENSION));
    if (!IopDriver)
        return STATUS_INSUFFICIENT_RESOURCES;
    Extension = (PDRIVER_EXTENSION)(IopDriver + 1);
    IopDriver->Type = IO_TYPE_DRIVER;
    IopDriver->Size = sizeof(DRIVER_OBJECT);
    IopDriver->DriverExtension = Extension;
    Extension->DriverObject = IopDriver;
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        IopDriver->MajorFunction[i] = IopInvalidDeviceRequest;
    Status = IopCopyString(&IopDriver->DriverName, Attach->DriverName,
                           KI_ARRAY_SIZE(Attach->DriverName));
    if (NT_SUCCESS(Status))
        Status = IopCopyString(&IopRegistryPath, Attach->RegistryPath,
                               KI_ARRAY_SIZE(Attach->RegistryPath));
    return Status;
}

/*
 * Maps the driver's image and finds its entry point. The loader resolves its imports and does not
 * call it.
 */
static NTSTATUS IopLoadImage(const DRIVER_ATTACH *Attach)
{
    UNICODE_STRING Path;
    PIMAGE_NT_HEADERS Headers;
    PUCHAR Base;
    NTSTATUS Status = IopCopyString(&Path, Attach->ImagePath, KI_ARRAY_SIZE(Attach->ImagePath));

    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrLoadDll(NULL, NULL, &Path, (PVOID *)&Base);
    if (!NT_SUCCESS(Status))
        return Status;
    Headers = (PIMAGE_NT_HEADERS)(Base + ((PIMAGE_DOS_HEADER)Base)->e_lfanew);
    if (!Headers->OptionalHeader.AddressOfEntryPoint)
        return STATUS_INVALID_IMAGE_FORMAT;
    IopDriver->DriverStart = Base;
    IopDriver->DriverSize = Headers->OptionalHeader.SizeOfImage;
    IopDriver->DriverInit =
        (PDRIVER_INITIALIZE)(PVOID)(Base + Headers->OptionalHeader.AddressOfEntryPoint);
    return KiAdaptImage(Base, Headers);
}

static VOID IopReinitialize(VOID)
{
    for (ULONG Count = 1; IopReinitializeList; Count++) {
        PIOP_REINITIALIZE Entry = IopReinitializeList;

        IopReinitializeList = Entry->Next;
        Entry->Routine(IopDriver, Entry->Context, Count);
        ExFreePoolWithTag(Entry, 'ieRI');
    }
}

/* IoRegisterDriverReinitialization: Routine is called once DriverEntry has returned. */
VOID NTAPI IoRegisterDriverReinitialization(PDRIVER_OBJECT Driver, PDRIVER_REINITIALIZE Routine,
                                            PVOID Context)
{
    PIOP_REINITIALIZE Entry = ExAllocatePoolWithTag(PagedPool, sizeof(*Entry), 'ieRI');
    PIOP_REINITIALIZE *Link = &IopReinitializeList;

    if (!Entry)
        return;
    while (*Link)
        Link = &(*Link)->Next;
    *Entry = (IOP_REINITIALIZE){.Routine = Routine, .Context = Context};
    *Link = Entry;
}

/* What the I/O manager of Windows does after DriverEntry, too: the devices made in it are ready. */
static VOID IopFinishInitialization(VOID)
{
    for (PDEVICE_OBJECT Device = IopDriver->DeviceObject; Device; Device = Device->NextDevice)
        Device->Flags &= ~DO_DEVICE_INITIALIZING;
    IopReinitialize();
}

/* The first thread: everything up to the report to the Executive may wait. */
static VOID NTAPI IopStartDriver(PVOID Context)
{
    const DRIVER_ATTACH *Attach = Context;
    NTSTATUS Status = IopLoadImage(Attach);

    if (NT_SUCCESS(Status)) {
        Status = IopDriver->DriverInit(IopDriver, &IopRegistryPath);
        if (NT_SUCCESS(Status))
            IopFinishInitialization();
    }
    if (!NT_SUCCESS(Status))
        KI_TRACE(ERROR, ("%wZ failed to start: 0x%08x\n", &IopDriver->DriverName, Status));
    DrvReportStarted(Status);
    if (!NT_SUCCESS(Status))
        IopEndProcess(Status);
}

/* Takes what the Executive has sent. What needs a thread is queued. */
static VOID IopHandleMessages(VOID)
{
    DRIVER_MESSAGE Message;

    while (IopReceive(&Message)) {
        switch (Message.Type) {
        case DriverMessageDone:
            IopRemoteDone(Message.Id, &Message.Done);
            break;
        case DriverMessageCancel:
            IopCancelRequest(Message.Id);
            break;
        case DriverMessageInput:
            IopReceiveInput(&Message.Input);
            break;
        case DriverMessageIrp:
        case DriverMessageAddDevice:
        case DriverMessageUnload:
            IopQueueRequest(&Message);
            break;
        default:
            IopBreakChannel(Message.Type);
        }
    }
}

/* The event loop of the main thread, at DISPATCH_LEVEL except inside the threads that it runs. */
DECLSPEC_NORETURN static VOID IopServe(VOID)
{
    for (;;) {
        KiRetireDpcs();
        KiExpireTimers();
        IopHandleMessages();
        IopDeliverHeldInput();
        if (IopStartRequest() || ExpStartWorkItem() || KiDpcsPending())
            continue;
        IopFlushChannel();
        if (KiRunReadyThread())
            continue;
        KiArmTimer();
        IopWait();
    }
}

/* Where the process starts. */
VOID NTAPI NtProcessStartup(PVOID Peb)
{
    static DRIVER_ATTACH Attach;
    NTSTATUS Status = DrvAttach(&Attach);

    if (NT_SUCCESS(Status))
        Status = IopOpenChannel((ULONG_PTR)Attach.Channel);
    if (NT_SUCCESS(Status))
        Status = KiInitializeThreads();
    if (NT_SUCCESS(Status))
        Status = IopCreateDriver(&Attach);
    if (NT_SUCCESS(Status) && !KiStartPooledThread(IopStartDriver, &Attach))
        Status = STATUS_INSUFFICIENT_RESOURCES;
    if (!NT_SUCCESS(Status)) {
        DrvReportStarted(Status);
        IopEndProcess(Status);
    }
    IopServe();
}
