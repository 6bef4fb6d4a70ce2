/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device stacks. The Executive keeps them, since they cross processes; the links between device
 * objects in here cover the part that this process knows.
 */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"
#include "ob.h"

static PDEVICE_OBJECT WdmAttach(PDEVICE_OBJECT Source, PDEVICE_OBJECT Target, PNTSTATUS Status)
{
    DRIVER_DEVICE_INFO Info;
    PDEVICE_OBJECT Lower;

    *Status = DrvAttachDevice(WdmDeviceId(Source), WdmDeviceId(Target), &Info);
    if (!NT_SUCCESS(*Status))
        return NULL;
    Lower = WdmProxyDevice(&Info);
    if (!Lower) {
        DrvDetachDevice(Info.Device);
        *Status = STATUS_INSUFFICIENT_RESOURCES;
        return NULL;
    }
    Lower->AttachedDevice = Source;
    WdmDevice(Source)->AttachedTo = Lower;
    Source->StackSize = Lower->StackSize + 1;
    Source->AlignmentRequirement = Lower->AlignmentRequirement;
    return Lower;
}

/* IoAttachDeviceToDeviceStack: returns the device that SourceDevice is now on top of, or NULL. */
PDEVICE_OBJECT NTAPI IoAttachDeviceToDeviceStack(PDEVICE_OBJECT SourceDevice,
                                                 PDEVICE_OBJECT TargetDevice)
{
    NTSTATUS Status;

    return WdmAttach(SourceDevice, TargetDevice, &Status);
}

/* IoAttachDeviceToDeviceStackSafe: the same, with *AttachedToDeviceObject set before it returns. */
NTSTATUS NTAPI IoAttachDeviceToDeviceStackSafe(PDEVICE_OBJECT SourceDevice,
                                               PDEVICE_OBJECT TargetDevice,
                                               PDEVICE_OBJECT *AttachedToDeviceObject)
{
    NTSTATUS Status;

    *AttachedToDeviceObject = WdmAttach(SourceDevice, TargetDevice, &Status);
    return *AttachedToDeviceObject ? STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE;
}

/* IoAttachDevice: by name. */
NTSTATUS NTAPI IoAttachDevice(PDEVICE_OBJECT SourceDevice, PUNICODE_STRING TargetDevice,
                              PDEVICE_OBJECT *AttachedDevice)
{
    PDEVICE_OBJECT Target;
    PFILE_OBJECT File;
    NTSTATUS Status = IoGetDeviceObjectPointer(TargetDevice, FILE_READ_ATTRIBUTES, &File, &Target);

    if (!NT_SUCCESS(Status))
        return Status;
    *AttachedDevice = WdmAttach(SourceDevice, Target, &Status);
    ObDereferenceObject(File);
    return Status;
}

/* IoDetachDevice: takes what is attached to TargetDevice off it. */
VOID NTAPI IoDetachDevice(PDEVICE_OBJECT TargetDevice)
{
    PDEVICE_OBJECT Upper = TargetDevice->AttachedDevice;

    if (!Upper)
        return;
    DrvDetachDevice(WdmDeviceId(TargetDevice));
    WdmDevice(Upper)->AttachedTo = NULL;
    TargetDevice->AttachedDevice = NULL;
}

/* IoGetAttachedDevice: the top of the stack, as far as this process knows it. */
PDEVICE_OBJECT NTAPI IoGetAttachedDevice(PDEVICE_OBJECT DeviceObject)
{
    while (DeviceObject->AttachedDevice)
        DeviceObject = DeviceObject->AttachedDevice;
    return DeviceObject;
}

PDEVICE_OBJECT NTAPI IoGetAttachedDeviceReference(PDEVICE_OBJECT DeviceObject)
{
    DeviceObject = IoGetAttachedDevice(DeviceObject);
    ObReferenceObject(DeviceObject);
    return DeviceObject;
}

PDEVICE_OBJECT NTAPI IoGetLowerDeviceObject(PDEVICE_OBJECT DeviceObject)
{
    PDEVICE_OBJECT Lower = WdmDevice(DeviceObject)->AttachedTo;

    if (Lower)
        ObReferenceObject(Lower);
    return Lower;
}

PDEVICE_OBJECT NTAPI IoGetRelatedDeviceObject(PFILE_OBJECT FileObject)
{
    return IoGetAttachedDevice(FileObject->DeviceObject);
}
