/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kbdclass.sys: the class driver above every keyboard port driver. It attaches to the port's
 * device, gives it its service callback, keeps the packets that come and hands them to the
 * foreground reader of \Device\KeyboardClassN: see <neptune/ioctl.h>.
 */
#pragma once
#include <wdm.h>
#include <basetyps.h>
#include <kbdmou.h>
#include <neptune/ioctl.h>
#include "../pnp/pnp.h"
#include "queue.h"

/* An open file; its FsContext. */
typedef struct _KBD_READER {
    LIST_ENTRY Link;  /* in Readers */
    LIST_ENTRY Reads; /* pending, oldest first */
    ULONG Process;
    ULONG Heir;     /* the process that it hands the keyboard to, or 0 */
    BOOLEAN Missed; /* packets that another reader got */
} KBD_READER, *PKBD_READER;

typedef struct _DEVICE_EXTENSION {
    INPUT_DEVICE Device; /* the lower one is the port driver's */
    USHORT UnitId;
    KSPIN_LOCK Lock;    /* for what follows */
    LIST_ENTRY Readers; /* the foreground one first */
    KBD_QUEUE Queue;    /* packets not read yet */
    ULONG Lost;         /* packets dropped, here and below */
    ULONG Unreported;   /* of these, those dropped here for which no packet in the queue stands */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

/* pnp.c */
NTSTATUS NTAPI KbdAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject);
NTSTATUS NTAPI KbdPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp);

/* control.c */
NTSTATUS NTAPI KbdDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp);

/* reader.c */
NTSTATUS NTAPI KbdCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp);
NTSTATUS NTAPI KbdCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp);
NTSTATUS KbdHandOver(PDEVICE_EXTENSION Extension, PKBD_READER Reader, ULONG Process);

/* read.c */
NTSTATUS NTAPI KbdRead(PDEVICE_OBJECT DeviceObject, PIRP Irp);
NTSTATUS NTAPI KbdFlush(PDEVICE_OBJECT DeviceObject, PIRP Irp);
VOID KbdServeReads(PDEVICE_EXTENSION Extension);
VOID KbdCancelReads(PDEVICE_EXTENSION Extension, PKBD_READER Reader, NTSTATUS Status);

/* input.c */
VOID NTAPI KbdServiceCallback(PVOID DeviceObject, PVOID InputDataStart, PVOID InputDataEnd,
                              PVOID InputDataConsumed);
