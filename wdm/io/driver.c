/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The drivers of the host: each is loaded, and unloaded, when the Executive says so
 * (ntos/io/driver.c). A driver object, its extension and what the runtime keeps about it are one
 * block.
 */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"
#include "ob.h"
#include "verifier.h"

typedef struct _WDM_REINITIALIZE {
    struct _WDM_REINITIALIZE *Next;
    PDRIVER_REINITIALIZE Routine;
    PVOID Context;
} WDM_REINITIALIZE, *PWDM_REINITIALIZE;

typedef struct _WDM_DRIVER {
    DRIVER_OBJECT Object;
    DRIVER_EXTENSION Extension;
    WDM_ID_NODE Node; /* its name in the channel; Id 0 until it has started */
    UNICODE_STRING RegistryPath;
    BOOLEAN Ready; /* its libraries are in use for it */
    PWDM_REINITIALIZE Reinitialize;
} WDM_DRIVER, *PWDM_DRIVER;

#define WdmDriver(DriverObject) CONTAINING_RECORD(DriverObject, WDM_DRIVER, Object)

static RTL_AVL_TREE WdmDrivers;

/* The number by which the Executive knows the driver. */
UINT32 WdmDriverId(PDRIVER_OBJECT Driver)
{
    return (UINT32)WdmDriver(Driver)->Node.Id;
}

/* NULL: there is none of that number. */
PDRIVER_OBJECT WdmFindDriver(UINT32 Id)
{
    PWDM_ID_NODE Node = WdmFindId(&WdmDrivers, Id);

    return Node ? &CONTAINING_RECORD(Node, WDM_DRIVER, Node)->Object : NULL;
}

PDRIVER_OBJECT WdmFindDriverNamed(PUNICODE_STRING Name)
{
    PWDM_ID_NODE Node = WdmNextId(&WdmDrivers, 0);

    for (; Node; Node = WdmNextId(&WdmDrivers, Node->Id)) {
        PDRIVER_OBJECT Driver = &CONTAINING_RECORD(Node, WDM_DRIVER, Node)->Object;

        if (RtlEqualUnicodeString(&Driver->DriverName, Name, TRUE))
            return Driver;
    }
    return NULL;
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

static VOID WdmFreeString(PUNICODE_STRING String)
{
    if (String->Buffer)
        ExFreePoolWithTag(String->Buffer, 'rtSI');
}

static VOID WdmDeleteDriver(PWDM_DRIVER Driver)
{
    WdmRemoveId(&WdmDrivers, &Driver->Node);
    if (Driver->Ready)
        WdmLeaveLibraries(Driver->Object.DriverStart);
    if (Driver->Object.DriverStart) {
        KiForgetCode(Driver->Object.DriverStart, Driver->Object.DriverSize);
        LdrUnloadDll(Driver->Object.DriverStart);
    }
    WdmFreeString(&Driver->Object.DriverName);
    WdmFreeString(&Driver->RegistryPath);
    ObDereferenceObject(Driver);
}

static NTSTATUS WdmCreateDriver(UINT32 Id, const DRIVER_LOAD *Load, PWDM_DRIVER *Result)
{
    PWDM_DRIVER Driver = ObpCreateObject(&WdmDriverType, sizeof(*Driver));
    PDRIVER_OBJECT Object = &Driver->Object;
    NTSTATUS Status;

    if (!Driver)
        return STATUS_INSUFFICIENT_RESOURCES;
    Object->Type = IO_TYPE_DRIVER;
    Object->Size = sizeof(DRIVER_OBJECT);
    Object->DriverExtension = &Driver->Extension;
    Driver->Extension.DriverObject = Object;
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        Object->MajorFunction[i] = WdmInvalidDeviceRequest;
    WdmInsertId(&WdmDrivers, &Driver->Node, Id);
    Status = WdmCopyString(&Object->DriverName, Load->DriverName, KI_ARRAY_SIZE(Load->DriverName));
    if (NT_SUCCESS(Status))
        Status = WdmCopyString(&Driver->RegistryPath, Load->RegistryPath,
                               KI_ARRAY_SIZE(Load->RegistryPath));
    if (NT_SUCCESS(Status))
        *Result = Driver;
    else
        WdmDeleteDriver(Driver);
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

/* Where what drivers import is looked for: other drivers, and what this process began with. */
static WCHAR WdmSearchPath[] = L"C:\\windows\\drivers;C:\\windows;C:\\windows\\system32";

/*
 * Maps the driver's image and finds its entry point. The loader resolves its imports and calls
 * nothing: a driver may be linked as a DLL, and its entry point is DriverEntry all the same.
 */
static NTSTATUS WdmLoadImage(PDRIVER_OBJECT Driver, const WCHAR *ImagePath)
{
    UNICODE_STRING Path;
    PIMAGE_NT_HEADERS Headers;
    ULONG Flags = LDR_DLL_DONT_CALL_ENTRY;
    PUCHAR Base;
    NTSTATUS Status;

    RtlInitUnicodeString(&Path, ImagePath);
    Status = LdrLoadDll(WdmSearchPath, &Flags, &Path, (PVOID *)&Base);
    if (!NT_SUCCESS(Status))
        return WdmImportStatus(Status);
    Driver->DriverStart = Base;
    Headers = (PIMAGE_NT_HEADERS)(Base + ((PIMAGE_DOS_HEADER)Base)->e_lfanew);
    if (!Headers->OptionalHeader.AddressOfEntryPoint)
        return STATUS_INVALID_IMAGE_FORMAT;
    Driver->DriverSize = Headers->OptionalHeader.SizeOfImage;
    Driver->DriverInit =
        (PDRIVER_INITIALIZE)(PVOID)(Base + Headers->OptionalHeader.AddressOfEntryPoint);
    return KiAdaptImage(Base, Headers);
}

static NTSTATUS WdmPrepareDriver(PWDM_DRIVER Driver, const WCHAR *ImagePath)
{
    NTSTATUS Status = WdmLoadImage(&Driver->Object, ImagePath);

    if (NT_SUCCESS(Status))
        Status = WdmUseLibraries(Driver->Object.DriverStart);
    Driver->Ready = NT_SUCCESS(Status);
    return Status;
}

static VOID WdmReinitialize(PWDM_DRIVER Driver)
{
    for (ULONG Count = 1; Driver->Reinitialize; Count++) {
        PWDM_REINITIALIZE Entry = Driver->Reinitialize;

        Driver->Reinitialize = Entry->Next;
        Entry->Routine(&Driver->Object, Entry->Context, Count);
        ExFreePoolWithTag(Entry, 'ieRI');
    }
}

/* IoRegisterDriverReinitialization: Routine is called once DriverEntry has returned. */
VOID NTAPI IoRegisterDriverReinitialization(PDRIVER_OBJECT Driver, PDRIVER_REINITIALIZE Routine,
                                            PVOID Context)
{
    PWDM_REINITIALIZE Entry = ExAllocatePoolWithTag(PagedPool, sizeof(*Entry), 'ieRI');
    PWDM_REINITIALIZE *Link = &WdmDriver(Driver)->Reinitialize;

    if (!Entry)
        return;
    while (*Link)
        Link = &(*Link)->Next;
    *Entry = (WDM_REINITIALIZE){.Routine = Routine, .Context = Context};
    *Link = Entry;
}

/* IoRegisterBootDriverReinitialization: all drivers of the boot have been started before any
 * program runs; so that is not later than this. */
VOID NTAPI IoRegisterBootDriverReinitialization(PDRIVER_OBJECT Driver, PDRIVER_REINITIALIZE Routine,
                                                PVOID Context)
{
    IoRegisterDriverReinitialization(Driver, Routine, Context);
}

/* As Windows' I/O manager does after DriverEntry, marks the devices that were made in it as
 * ready. */
static VOID WdmFinishInitialization(PWDM_DRIVER Driver)
{
    for (PDEVICE_OBJECT Device = Driver->Object.DeviceObject; Device; Device = Device->NextDevice)
        Device->Flags &= ~DO_DEVICE_INITIALIZING;
    WdmReinitialize(Driver);
}

/* The Executive learns how the driver's devices want their data. */
static VOID WdmReportDevices(PDRIVER_OBJECT Driver)
{
    for (PDEVICE_OBJECT Device = Driver->DeviceObject; Device; Device = Device->NextDevice)
        WdmReportFlags(Device);
}

/* DriverEntry is called on the calling thread and may wait. Its status, or why it was not called.
 */
NTSTATUS WdmLoadDriver(UINT32 Id, const DRIVER_LOAD *Load)
{
    PWDM_DRIVER Driver;
    NTSTATUS Status = WdmCreateDriver(Id, Load, &Driver);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = WdmPrepareDriver(Driver, Load->ImagePath);
    if (NT_SUCCESS(Status))
        Status = Driver->Object.DriverInit(&Driver->Object, &Driver->RegistryPath);
    if (NT_SUCCESS(Status)) {
        WdmFinishInitialization(Driver);
        WdmReportDevices(&Driver->Object);
        return Status;
    }
    KI_TRACE(ERROR, ("%wZ failed to start: 0x%08x\n", &Driver->Object.DriverName, Status));
    WdmDeleteDriver(Driver);
    return Status;
}

/* STATUS_INVALID_DEVICE_REQUEST: the driver does not know plug and play. */
NTSTATUS WdmAddDevice(UINT32 Id, const DRIVER_DEVICE_INFO *Info)
{
    PDRIVER_OBJECT Driver = WdmFindDriver(Id);
    PDEVICE_OBJECT Physical;
    NTSTATUS Status;

    if (!Driver)
        return STATUS_NO_SUCH_DEVICE;
    if (!Driver->DriverExtension->AddDevice)
        return STATUS_INVALID_DEVICE_REQUEST;
    Physical = WdmProxyDevice(Info);
    if (!Physical)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = Driver->DriverExtension->AddDevice(Driver, Physical);
    WdmReportDevices(Driver);
    return Status;
}

/* STATUS_INVALID_DEVICE_REQUEST: the driver cannot be unloaded. */
NTSTATUS WdmUnloadDriver(UINT32 Id)
{
    PDRIVER_OBJECT Driver = WdmFindDriver(Id);

    if (!Driver)
        return STATUS_NO_SUCH_DEVICE;
    if (!Driver->DriverUnload)
        return STATUS_INVALID_DEVICE_REQUEST;
    Driver->DriverUnload(Driver);
    if (DBG)
        ExReportLeaks(&Driver->DriverName, Driver->DriverStart, Driver->DriverSize);
    WdmDeleteDriver(WdmDriver(Driver));
    return STATUS_SUCCESS;
}
