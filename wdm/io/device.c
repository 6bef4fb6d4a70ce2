/* SPDX-License-Identifier: BSD-2-Clause */
/* Device objects: the driver's own, and proxies for those of other processes. */
#include "iop.h"
#include "ki.h"
#include "ntdll.h"
#include "ob.h"

#define IOP_MAX_STACK_SIZE 32

static LIST_ENTRY IopDevices = {&IopDevices, &IopDevices};
static DRIVER_OBJECT IopRemoteDriver; /* of all proxies */

/* The device object or proxy with that id, NULL if there is none. */
PDEVICE_OBJECT IopFindDevice(UINT32 Id)
{
    for (PLIST_ENTRY Entry = IopDevices.Flink; Entry != &IopDevices; Entry = Entry->Flink) {
        PIOP_DEVICE Device = CONTAINING_RECORD(Entry, IOP_DEVICE, Link);

        if (Device->Id == Id && !Device->Deleted)
            return &Device->Object;
    }
    return NULL;
}

static VOID IopInitializeDevice(PIOP_DEVICE Device, PDRIVER_OBJECT Driver, DEVICE_TYPE Type,
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
    InitializeListHead(&Device->Link);
}

static VOID IopRemoveFromDriver(PDEVICE_OBJECT Device)
{
    for (PDEVICE_OBJECT *Link = &Device->DriverObject->DeviceObject; *Link;
         Link = &(*Link)->NextDevice) {
        if (*Link == Device) {
            *Link = Device->NextDevice;
            return;
        }
    }
}

static PIOP_DEVICE IopAllocateDevice(ULONG ExtensionSize)
{
    /* The driver's extension follows, at the alignment of pool. */
    SIZE_T Size = (sizeof(IOP_DEVICE) + 15) & ~(SIZE_T)15;
    PIOP_DEVICE Device = ObpCreateObject(&IopDeviceType, Size + ExtensionSize);

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
    PIOP_DEVICE Device = IopAllocateDevice(ExtensionSize);
    NTSTATUS Status;

    *DeviceObject = NULL;
    if (!Device)
        return STATUS_INSUFFICIENT_RESOURCES;
    IopInitializeDevice(Device, DriverObject, DeviceType, Characteristics);
    Device->Object.Size = (USHORT)(sizeof(DEVICE_OBJECT) + ExtensionSize);
    Device->Object.Flags = Flags;
    Status = DrvCreateDevice(DeviceName, DeviceType, Characteristics, Flags, &Device->Id);
    if (!NT_SUCCESS(Status)) {
        ObDereferenceObject(Device);
        return Status;
    }
    InsertTailList(&IopDevices, &Device->Link);
    Device->Object.NextDevice = DriverObject->DeviceObject;
    DriverObject->DeviceObject = &Device->Object;
    *DeviceObject = &Device->Object;
    return STATUS_SUCCESS;
}

/* IoDeleteDevice: no new request reaches it; the memory goes with the last reference. */
VOID NTAPI IoDeleteDevice(PDEVICE_OBJECT DeviceObject)
{
    PIOP_DEVICE Device = IopDevice(DeviceObject);

    if (Device->Deleted)
        return;
    Device->Deleted = TRUE;
    IopForgetConnections(DeviceObject);
    if (!Device->Remote)
        DrvDeleteDevice(Device->Id);
    RemoveEntryList(&Device->Link);
    IopRemoveFromDriver(DeviceObject);
    ObDereferenceObject(Device);
}

static VOID IopDescribeProxy(PDEVICE_OBJECT Device, const DRIVER_DEVICE_INFO *Info)
{
    BOOLEAN Sane = Info->StackSize > 0 && Info->StackSize < IOP_MAX_STACK_SIZE;

    Device->DeviceType = Info->DeviceType;
    Device->Characteristics = Info->Characteristics;
    Device->Flags = Info->Flags & ~DO_DEVICE_INITIALIZING;
    Device->StackSize = Sane ? (CCHAR)Info->StackSize : 1;
}

static VOID IopInitializeRemoteDriver(VOID)
{
    IopRemoteDriver.Type = IO_TYPE_DRIVER;
    IopRemoteDriver.Size = sizeof(DRIVER_OBJECT);
    for (ULONG i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        IopRemoteDriver.MajorFunction[i] = IopCallRemote;
}

/*
 * The device object that stands for the device in Info: the driver's own if it is one, else a
 * proxy. NULL: no memory.
 */
PDEVICE_OBJECT IopProxyDevice(const DRIVER_DEVICE_INFO *Info)
{
    PDEVICE_OBJECT Known = IopFindDevice(Info->Device);
    PIOP_DEVICE Device;

    if (Known) {
        if (IopDevice(Known)->Remote)
            IopDescribeProxy(Known, Info); /* the id may be another device's by now */
        return Known;
    }
    Device = IopAllocateDevice(0);
    if (!Device)
        return NULL;
    if (!IopRemoteDriver.Type)
        IopInitializeRemoteDriver();
    IopInitializeDevice(Device, &IopRemoteDriver, Info->DeviceType, Info->Characteristics);
    IopDescribeProxy(&Device->Object, Info);
    Device->Object.Size = sizeof(DEVICE_OBJECT);
    Device->Id = Info->Device;
    Device->Remote = TRUE;
    InsertTailList(&IopDevices, &Device->Link);
    return &Device->Object;
}

/* A device object that no IRP reaches: only its address matters. */
PDEVICE_OBJECT IopCreateLocalProxy(PDRIVER_OBJECT Driver, DEVICE_TYPE Type)
{
    PIOP_DEVICE Device = IopAllocateDevice(0);

    if (!Device)
        return NULL;
    IopInitializeDevice(Device, Driver, Type, 0);
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
    *DeviceObject = IopProxyDevice(&Info);
    *FileObject = *DeviceObject ? IopCreateFile(0, *DeviceObject, NULL, 0) : NULL;
    return *FileObject ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
