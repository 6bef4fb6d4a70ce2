/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a driver process: load the driver, call DriverEntry, serve events. */
#include "ex.h"
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"
#include "ob.h"

typedef struct _WDM_REINITIALIZE {
    struct _WDM_REINITIALIZE *Next;
    PDRIVER_REINITIALIZE Routine;
    PVOID Context;
} WDM_REINITIALIZE, *PWDM_REINITIALIZE;

PDRIVER_OBJECT WdmDriver;
static UNICODE_STRING WdmRegistryPath;
static PWDM_REINITIALIZE WdmReinitializeList;

DECLSPEC_NORETURN static VOID WdmEndProcess(NTSTATUS Status)
{
    for (;;)
        NtTerminateProcess(NtCurrentProcess(), Status);
}

/* The dispatch routine for major functions that the driver does not set. */
static NTSTATUS NTAPI WdmInvalidDeviceRequest(PDEVICE_OBJECT Device, PIRP Irp)
{
    Irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_INVALID_DEVICE_REQUEST;
}

static NTSTATUS WdmCopyString(PUNICODE_STRING To, const WCHAR *From, ULONG Limit)
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
static NTSTATUS WdmCreateDriver(const DRIVER_ATTACH *Attach)
{
    PDRIVER_EXTENSION Extension;
    NTSTATUS Status;

    WdmDriver = ObpCreateObject(&WdmDriverType, sizeof(DRIVER_OBJECT) + sizeof(DRIVER_EXTENSION));
    if (!WdmDriver)
        return STATUS_INSUFFICIENT_RESOURCES;
    Extension = (PDRIVER_EXTENSION)(WdmDriver + 1);
    WdmDriver->Type = IO_TYPE_DRIVER;
    WdmDriver->Size = sizeof(DRIVER_OBJECT);
    WdmDriver->DriverExtension = Extension;
    Extension->DriverObject = WdmDriver;
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        WdmDriver->MajorFunction[i] = WdmInvalidDeviceRequest;
    Status = WdmCopyString(&WdmDriver->DriverName, Attach->DriverName,
                           KI_ARRAY_SIZE(Attach->DriverName));
    if (NT_SUCCESS(Status))
        Status = WdmCopyString(&WdmRegistryPath, Attach->RegistryPath,
                               KI_ARRAY_SIZE(Attach->RegistryPath));
    return Status;
}

/* Turns the loader's status for an import that nothing exports into the one for drivers. */
static NTSTATUS WdmImportStatus(NTSTATUS Status)
{
    switch (Status) {
    case STATUS_ENTRYPOINT_NOT_FOUND:
        return STATUS_DRIVER_ENTRYPOINT_NOT_FOUND;
    case STATUS_ORDINAL_NOT_FOUND:
        return STATUS_DRIVER_ORDINAL_NOT_FOUND;
    default:
        return Status;
    }
}

/*
 * Maps the driver's image and finds its entry point. The loader resolves its imports and calls
 * nothing: a driver may be linked as a DLL, and its entry point is DriverEntry all the same.
 */
static NTSTATUS WdmLoadImage(const DRIVER_ATTACH *Attach)
{
    UNICODE_STRING Path;
    PIMAGE_NT_HEADERS Headers;
    ULONG Flags = LDR_DLL_DONT_CALL_ENTRY;
    PUCHAR Base;
    NTSTATUS Status = WdmCopyString(&Path, Attach->ImagePath, KI_ARRAY_SIZE(Attach->ImagePath));

    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrLoadDll(NULL, &Flags, &Path, (PVOID *)&Base);
    if (!NT_SUCCESS(Status))
        return WdmImportStatus(Status);
    Headers = (PIMAGE_NT_HEADERS)(Base + ((PIMAGE_DOS_HEADER)Base)->e_lfanew);
    if (!Headers->OptionalHeader.AddressOfEntryPoint)
        return STATUS_INVALID_IMAGE_FORMAT;
    WdmDriver->DriverStart = Base;
    WdmDriver->DriverSize = Headers->OptionalHeader.SizeOfImage;
    WdmDriver->DriverInit =
        (PDRIVER_INITIALIZE)(PVOID)(Base + Headers->OptionalHeader.AddressOfEntryPoint);
    return KiAdaptImage(Base, Headers);
}

static VOID WdmReinitialize(VOID)
{
    for (ULONG Count = 1; WdmReinitializeList; Count++) {
        PWDM_REINITIALIZE Entry = WdmReinitializeList;

        WdmReinitializeList = Entry->Next;
        Entry->Routine(WdmDriver, Entry->Context, Count);
        ExFreePoolWithTag(Entry, 'ieRI');
    }
}

/* IoRegisterDriverReinitialization: Routine is called once DriverEntry has returned. */
VOID NTAPI IoRegisterDriverReinitialization(PDRIVER_OBJECT Driver, PDRIVER_REINITIALIZE Routine,
                                            PVOID Context)
{
    PWDM_REINITIALIZE Entry = ExAllocatePoolWithTag(PagedPool, sizeof(*Entry), 'ieRI');
    PWDM_REINITIALIZE *Link = &WdmReinitializeList;

    if (!Entry)
        return;
    while (*Link)
        Link = &(*Link)->Next;
    *Entry = (WDM_REINITIALIZE){.Routine = Routine, .Context = Context};
    *Link = Entry;
}

/* As Windows' I/O manager does after DriverEntry, marks the devices that were made in it as
 * ready. */
static VOID WdmFinishInitialization(VOID)
{
    for (PDEVICE_OBJECT Device = WdmDriver->DeviceObject; Device; Device = Device->NextDevice)
        Device->Flags &= ~DO_DEVICE_INITIALIZING;
    WdmReinitialize();
}

/* The first thread: everything up to the report to the Executive may wait. */
static VOID NTAPI WdmStartDriver(PVOID Context)
{
    const DRIVER_ATTACH *Attach = Context;
    NTSTATUS Status = WdmLoadImage(Attach);

    if (NT_SUCCESS(Status)) {
        Status = WdmDriver->DriverInit(WdmDriver, &WdmRegistryPath);
        if (NT_SUCCESS(Status))
            WdmFinishInitialization();
    }
    if (!NT_SUCCESS(Status))
        KI_TRACE(ERROR, ("%wZ failed to start: 0x%08x\n", &WdmDriver->DriverName, Status));
    DrvReportStarted(Status);
    if (!NT_SUCCESS(Status))
        WdmEndProcess(Status);
}

/* Takes what the Executive has sent. What needs a thread is queued. */
static VOID WdmHandleMessages(VOID)
{
    DRIVER_MESSAGE Message;

    while (WdmReceive(&Message)) {
        switch (Message.Type) {
        case DriverMessageDone:
            WdmRemoteDone(&Message);
            break;
        case DriverMessageCancel:
            WdmCancelRequest(Message.Id);
            break;
        case DriverMessageInput:
            WdmReceiveInput(&Message.Input);
            break;
        case DriverMessageRequest:
        case DriverMessageAddDevice:
        case DriverMessageUnload:
            WdmQueueRequest(&Message);
            break;
        default:
            WdmBreakChannel(Message.Type);
        }
    }
}

/* The event loop of the main thread, at DISPATCH_LEVEL except inside the threads that it runs. */
DECLSPEC_NORETURN static VOID WdmServe(VOID)
{
    for (;;) {
        KiRetireDpcs();
        KiSignalDueTimers();
        WdmHandleMessages();
        WdmDeliverHeldInput();
        if (WdmStartRequest() || ExpStartWorkItem() || KiDpcsPending())
            continue;
        WdmFlushChannel();
        if (KiRunReadyThread())
            continue;
        KiArmTimer();
        WdmWait();
    }
}

/* The entry point of the process. */
VOID NTAPI NtProcessStartup(PVOID Peb)
{
    static DRIVER_ATTACH Attach;
    NTSTATUS Status = DrvAttach(&Attach);

    if (NT_SUCCESS(Status))
        Status = WdmOpenChannel((ULONG_PTR)Attach.Channel);
    if (NT_SUCCESS(Status))
        Status = KiInitializeThreads();
    if (NT_SUCCESS(Status))
        Status = WdmCreateDriver(&Attach);
    if (NT_SUCCESS(Status) && !KiStartPooledThread(WdmStartDriver, &Attach))
        Status = STATUS_INSUFFICIENT_RESOURCES;
    if (!NT_SUCCESS(Status)) {
        DrvReportStarted(Status);
        WdmEndProcess(Status);
    }
    WdmServe();
}
