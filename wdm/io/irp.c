/* SPDX-License-Identifier: BSD-2-Clause */
/* Making IRPs. */
#include "wdmio.h"
#include "ki.h"

USHORT NTAPI KxSizeOfIrp(CCHAR StackSize)
{
    return IoSizeOfIrp(StackSize);
}

/*
 * IoInitializeIrp: PacketSize = IoSizeOfIrp(StackSize). The current location is above the first
 * one.
 */
VOID NTAPI IoInitializeIrp(PIRP Irp, USHORT PacketSize, CCHAR StackSize)
{
    RtlZeroMemory(Irp, PacketSize);
    Irp->Type = IO_TYPE_IRP;
    Irp->Size = PacketSize;
    Irp->StackCount = StackSize;
    Irp->CurrentLocation = StackSize + 1;
    InitializeListHead(&Irp->ThreadListEntry);
    Irp->Tail.Overlay.CurrentStackLocation = (PIO_STACK_LOCATION)(Irp + 1) + StackSize;
}

/* IoAllocateIrp: NULL if there is no memory. */
PIRP NTAPI IoAllocateIrp(CCHAR StackSize, BOOLEAN ChargeQuota)
{
    PIRP Irp;

    if (StackSize <= 0)
        return NULL;
    Irp = ExAllocatePoolWithTag(NonPagedPool, IoSizeOfIrp(StackSize), ' prI');
    if (!Irp)
        return NULL;
    IoInitializeIrp(Irp, IoSizeOfIrp(StackSize), StackSize);
    Irp->AllocationFlags = WDM_ALLOCATED_FROM_POOL;
    return Irp;
}

VOID NTAPI IoFreeIrp(PIRP Irp)
{
    if (Irp->Type != IO_TYPE_IRP || !(Irp->AllocationFlags & WDM_ALLOCATED_FROM_POOL))
        KeBugCheckEx(BAD_POOL_CALLER, 0x44, (ULONG_PTR)Irp, 0, 0);
    Irp->Type = 0;
    ExFreePoolWithTag(Irp, ' prI');
}

/* IoReuseIrp: makes an IRP that its driver allocated fit to be sent again. */
VOID NTAPI IoReuseIrp(PIRP Irp, NTSTATUS Status)
{
    UCHAR Flags = Irp->AllocationFlags;

    IoInitializeIrp(Irp, Irp->Size, Irp->StackCount);
    Irp->AllocationFlags = Flags;
    Irp->IoStatus.Status = Status;
}

/* IofCallDriver: gives the IRP's next stack location to DeviceObject's driver. */
NTSTATUS FASTCALL IofCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION Stack;

    if (Irp->Type != IO_TYPE_IRP || Irp->CurrentLocation <= 1)
        KeBugCheckEx(NO_MORE_IRP_STACK_LOCATIONS, (ULONG_PTR)Irp, 0, 0, 0);
    Irp->CurrentLocation--;
    Stack = --Irp->Tail.Overlay.CurrentStackLocation;
    Stack->DeviceObject = DeviceObject;
    return DeviceObject->DriverObject->MajorFunction[Stack->MajorFunction](DeviceObject, Irp);
}

NTSTATUS NTAPI KxCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return IofCallDriver(DeviceObject, Irp);
}

NTSTATUS NTAPI PoCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return IofCallDriver(DeviceObject, Irp);
}

/*
 * IoSetCompletionRoutineEx: the device object would be kept from unloading; nothing unloads under a
 * pending IRP here.
 */
NTSTATUS NTAPI IoSetCompletionRoutineEx(PDEVICE_OBJECT DeviceObject, PIRP Irp,
                                        PIO_COMPLETION_ROUTINE Routine, PVOID Context,
                                        BOOLEAN OnSuccess, BOOLEAN OnError, BOOLEAN OnCancel)
{
    IoSetCompletionRoutine(Irp, Routine, Context, OnSuccess, OnError, OnCancel);
    return STATUS_SUCCESS;
}
