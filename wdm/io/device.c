/* SPDX-License-Identifier: BSD-2-Clause */
/* Device objects: the driver's own, and proxies for those of other processes. */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"
#include "ob.h"
#include "verifier.h"

#define WDM_MAX_STACK_SIZE 32

static RTL_AVL_TREE WdmDevices;       /* those that are not deleted */
static DRIVER_OBJECT WdmRemoteDriver; /* of all proxies */

/* The device object or proxy with that id, NULL if there is none. */
PDEVICE_OBJECT WdmFindDevice(UINT32 Id)
{
    PWDM_ID_NODE Node = WdmFindId(&WdmDevices, Id);

    return Node ? &CONTAINING_RECORD(Node, WDM_DEVICE, Node)->Object : NULL;
}

static VOID WdmInitializeDevice(PWDM_DEVICE Device, PDRIVER_OBJECT Driver, DEVICE_TYPE Type,
                                ULONG Characteristics)
{
    PDEVICE_OBJECT Object = &Device->Object;

    Object->Type = IO_TYPE_DEVICE;
    Object->DriverObject = Driver;
    Object->DeviceType = Type;
    Object->Characteristics = Characteristics;
    Object->StackSize = 1;
    Object->DeviceObjectExtension = &Device->Extension;
    KeInitializeDeviceQueue(&Object->DeviceQueue);
    KeInitializeEvent(&Object->DeviceLock, SynchronizationEvent, TRUE);
    Device->Extension.Type = IO_TYPE_DEVICE_OBJECT_EXTENSION;
    Device->Extension.Size = sizeof(DEVOBJ_EXTENSION);
    Device->Extension.DeviceObject = Object;
}

static VOID WdmRemoveFromDriver(PDEVICE_OBJECT Device)
{
    for (PDEVICE_OBJECT *Link = &Device->DriverObject->DeviceObject; *Link;
         Link = &(*Link)->NextDevice) {
        if (*Link == Device) {
            *Link = Device->NextDevice;
            return;
        }
    }
}

static PWDM_DEVICE WdmAllocateDevice(ULONG ExtensionSize)
{
    /* The driver's extension follows, at the alignment of pool. */
    SIZE_T Size = (sizeof(WDM_DEVICE) + 15) & ~(SIZE_T)15;
    PWDM_DEVICE Device = ObpCreateObject(&WdmDeviceType, Size + ExtensionSize);

    if (Device && ExtensionSize)
        Device->Object.DeviceExtension = (PUCHAR)Device + Size;
    return Device;
}

/*
 * IoCreateDevice: DeviceName may be NULL. Returns STATUS_INSUFFICIENT_RESOURCES or what the
 * Executive says (STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_NAME_INVALID, ...).
 */
NTSTATUS NTAPI IoCreateDevice(PDRIVER_OBJECT DriverObject, ULONG ExtensionSize,
                              PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
                              ULONG Characteristics, BOOLEAN Exclusive,
                              PDEVICE_OBJECT *DeviceObject)
{
    ULONG Flags = DO_DEVICE_INITIALIZING | (Exclusive ? DO_EXCLUSIVE : 0) |
                  (DeviceName ? DO_DEVICE_HAS_NAME : 0);
    PWDM_DEVICE Device = WdmAllocateDevice(ExtensionSize);
    NTSTATUS Status;
    UINT32 Id;

    KI_VERIFY_IRQL(APC_LEVEL);
    *DeviceObject = NULL;
    if (!Device)
        return STATUS_INSUFFICIENT_RESOURCES;
    WdmInitializeDevice(Device, DriverObject, DeviceType, Characteristics);
    Device->Object.Size = (USHORT)(sizeof(DEVICE_OBJECT) + ExtensionSize);
    Device->Object.Flags = Flags;
    Status = DrvCreateDevice(WdmDriverId(DriverObject), DeviceName, DeviceType, Characteristics,
                             Flags, &Id);
    if (!NT_SUCCESS(Status)) {
        ObDereferenceObject(Device);
        return Status;
    }
    Device->ReportedFlags = Flags;
    WdmInsertId(&WdmDevices, &Device->Node, Id);
    Device->Object.NextDevice = DriverObject->DeviceObject;
    DriverObject->DeviceObject = &Device->Object;
    *DeviceObject = &Device->Object;
    return STATUS_SUCCESS;
}

/* Drivers set how they want data after they have made the device. */
VOID WdmReportFlags(PDEVICE_OBJECT Object)
{
    PWDM_DEVICE Device = WdmDevice(Object);
    DRIVER_MESSAGE Message = {.Type = DriverMessageDeviceFlags};

    if (Device->ReportedFlags == Object->Flags || Device->Remote || Device->Deleted)
        return;
    Device->ReportedFlags = Object->Flags;
    Message.Command.Device.Device = WdmDeviceId(Object);
    Message.Command.Device.Flags = Object->Flags;
    WdmSend(&Message);
}

/* IoDeleteDevice: no new request reaches it; the memory goes with the last reference. */
VOID NTAPI IoDeleteDevice(PDEVICE_OBJECT DeviceObject)
{
    PWDM_DEVICE Device = WdmDevice(DeviceObject);

    if (Device->Deleted)
        return;
    Device->Deleted = TRUE;
    WdmForgetConnections(DeviceObject);
    if (!Device->Remote)
        DrvDeleteDevice(WdmDeviceId(DeviceObject));
    if (Device->Node.Id)
        WdmRemoveId(&WdmDevices, &Device->Node);
    WdmRemoveFromDriver(DeviceObject);
    ObDereferenceObject(Device);
}

static VOID WdmDescribeProxy(PDEVICE_OBJECT Device, const DRIVER_DEVICE_INFO *Info)
{
    BOOLEAN Sane = Info->StackSize > 0 && Info->StackSize < WDM_MAX_STACK_SIZE;

    Device->DeviceType = Info->DeviceType;
    Device->Characteristics = Info->Characteristics;
    Device->Flags = Info->Flags & ~DO_DEVICE_INITIALIZING;
    Device->StackSize = Sane ? (CCHAR)Info->StackSize : 1;
}

static VOID WdmInitializeRemoteDriver(VOID)
{
    WdmRemoteDriver.Type = IO_TYPE_DRIVER;
    WdmRemoteDriver.Size = sizeof(DRIVER_OBJECT);
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        WdmRemoteDriver.MajorFunction[i] = WdmCallRemote;
}

/*
 * The device object that stands for the device in Info: the driver's own if it is one, else a
 * proxy. NULL: no memory.
 */
PDEVICE_OBJECT WdmProxyDevice(const DRIVER_DEVICE_INFO *Info)
{
    PDEVICE_OBJECT Known = WdmFindDevice(Info->Device);
    PWDM_DEVICE Device;

    if (Known) {
        if (WdmDevice(Known)->Remote)
            WdmDescribeProxy(Known, Info); /* the id may have been given to another device by now */
        return Known;
    }
    Device = WdmAllocateDevice(0);
    if (!Device)
        return NULL;
    if (!WdmRemoteDriver.Type)
        WdmInitializeRemoteDriver();
    WdmInitializeDevice(Device, &WdmRemoteDriver, Info->DeviceType, Info->Characteristics);
    WdmDescribeProxy(&Device->Object, Info);
    Device->Object.Size = sizeof(DEVICE_OBJECT);
    Device->Remote = TRUE;
    WdmInsertId(&WdmDevices, &Device->Node, Info->Device);
    return &Device->Object;
}

/* A device object that no IRP reaches: only its address matters. */
PDEVICE_OBJECT WdmCreateLocalProxy(PDRIVER_OBJECT Driver, DEVICE_TYPE Type)
{
    PWDM_DEVICE Device = WdmAllocateDevice(0);

    if (!Device)
        return NULL;
    WdmInitializeDevice(Device, Driver, Type, 0);
    Device->Object.Size = sizeof(DEVICE_OBJECT);
    Device->Remote = TRUE;
    return &Device->Object;
}

/*
 * IoGetDeviceObjectPointer: the device of that name, and a file object to dereference when done
 * with it.
 */
NTSTATUS NTAPI IoGetDeviceObjectPointer(PUNICODE_STRING ObjectName, ACCESS_MASK DesiredAccess,
                                        PFILE_OBJECT *FileObject, PDEVICE_OBJECT *DeviceObject)
{
    DRIVER_DEVICE_INFO Info;
    NTSTATUS Status = DrvOpenDevice(ObjectName, DesiredAccess, &Info);

    if (!NT_SUCCESS(Status))
        return Status;
    *DeviceObject = WdmProxyDevice(&Info);
    *FileObject = *DeviceObject ? WdmCreateFile(0, *DeviceObject, NULL, 0) : NULL;
    return *FileObject ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
