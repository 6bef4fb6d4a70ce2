/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kbdclass.sys: the class driver above every keyboard port driver. It attaches to the port's
 * device, gives it its service callback, keeps the packets that come and hands them to whoever
 * reads \Device\KeyboardClassN.
 */
#pragma once
#include <wdm.h>
#include <basetyps.h>
#include <kbdmou.h>
#include "queue.h"

#define KBDCLASS_TRACE 0
#if DBG && KBDCLASS_TRACE
#define KbdTrace(Arguments) DbgPrint Arguments
#else
#define KbdTrace(Arguments) ((VOID)0)
#endif

typedef struct _DEVICE_EXTENSION {
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT PhysicalDevice;
    PDEVICE_OBJECT LowerDevice; /* the port driver's */
    IO_REMOVE_LOCK RemoveLock;
    USHORT UnitId;
    BOOLEAN Started;
    KSPIN_LOCK Lock;     /* for what follows */
    KBD_QUEUE Queue;     /* packets not read yet */
    LIST_ENTRY ReadList; /* pending reads, oldest first */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

NTSTATUS KbdComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information);

/* entry.c */
NTSTATUS NTAPI KbdForward(PDEVICE_OBJECT DeviceObject, PIRP Irp);

/* pnp.c */
NTSTATUS NTAPI KbdAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject);
NTSTATUS NTAPI KbdPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp);
NTSTATUS NTAPI KbdPower(PDEVICE_OBJECT DeviceObject, PIRP Irp);

/* control.c */
NTSTATUS NTAPI KbdDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp);

/* read.c */
NTSTATUS NTAPI KbdRead(PDEVICE_OBJECT DeviceObject, PIRP Irp);
NTSTATUS NTAPI KbdFlush(PDEVICE_OBJECT DeviceObject, PIRP Irp);
NTSTATUS NTAPI KbdCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp);
VOID NTAPI KbdServiceCallback(PVOID DeviceObject, PVOID InputDataStart, PVOID InputDataEnd,
                              PVOID InputDataConsumed);
VOID KbdCancelReads(PDEVICE_EXTENSION Extension, PFILE_OBJECT FileObject);
