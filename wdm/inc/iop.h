/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The I/O manager of a driver process: its IRPs are the driver's own, and this is how they come in
 * and go out over the channel to the Executive. Everything here happens on the main thread.
 */
#pragma once
#include "ntoskrnl.h"

/* ---- Devices (device.c). A proxy stands for a device of another process. ---- */
typedef struct _IOP_DEVICE {
    DEVICE_OBJECT Object;
    DEVOBJ_EXTENSION Extension;
    LIST_ENTRY Link; /* in the list of all devices */
    UINT32 Id;       /* its name in the channel */
    BOOLEAN Remote;
    BOOLEAN Deleted;
    PDEVICE_OBJECT AttachedTo; /* what IoAttachDeviceToDeviceStack put it on */
} IOP_DEVICE, *PIOP_DEVICE;

#define IopDevice(DeviceObject) CONTAINING_RECORD(DeviceObject, IOP_DEVICE, Object)

extern PDRIVER_OBJECT IopDriver; /* the driver that this process is for */

PDEVICE_OBJECT IopFindDevice(UINT32 Id);
PDEVICE_OBJECT IopProxyDevice(const DRIVER_DEVICE_INFO *Info);
PDEVICE_OBJECT IopCreateLocalProxy(PDRIVER_OBJECT Driver, DEVICE_TYPE Type);

/* ---- The channel (channel.c) ---- */
NTSTATUS IopOpenChannel(ULONG_PTR Address);
DECLSPEC_NORETURN VOID IopBreakChannel(ULONG_PTR Found);
BOOLEAN IopReceive(DRIVER_MESSAGE *Message);
VOID IopSend(const DRIVER_MESSAGE *Message);
VOID IopSendDone(UINT64 Id, NTSTATUS Status, ULONG_PTR Information);
ULONG IopSendRoom(VOID);
VOID IopFlushChannel(VOID);
VOID IopWait(VOID);
PVOID IopIncomingData(UINT32 Offset, UINT32 Length);
PVOID IopAllocateData(UINT32 Length, PUINT32 Offset);
VOID IopFreeData(UINT32 Offset, UINT32 Length);

/* ---- Requests from the Executive (request.c) and their buffers (buffers.c) ---- */
typedef struct _IOP_REQUEST {
    LIST_ENTRY Link;      /* in the list of requests that are not answered */
    LIST_ENTRY StartLink; /* in the list of those not started */
    UINT64 Id;
    UINT32 Type; /* DRIVER_MESSAGE_TYPE */
    BOOLEAN Started;
    union {
        DRIVER_IRP Message;
        DRIVER_DEVICE_INFO Device;
    };
    PDEVICE_OBJECT Target; /* referenced */
    PFILE_OBJECT File;     /* referenced */
    PIRP Irp;
    PVOID Data;      /* in the channel: input and output */
    PVOID Input;     /* copy of the input, where the method wants it apart from the output */
    PVOID Resources; /* START_DEVICE: CM_RESOURCE_LIST */
    struct _IOP_CONNECTION *Connection;
    IO_SECURITY_CONTEXT Security;
    ACCESS_STATE AccessState;
} IOP_REQUEST, *PIOP_REQUEST;

VOID IopQueueRequest(const DRIVER_MESSAGE *Message);
BOOLEAN IopStartRequest(VOID);
VOID IopCancelRequest(UINT64 Id);
NTSTATUS IopPrepareBuffers(PIOP_REQUEST Request, PIO_STACK_LOCATION Stack);
VOID IopReleaseBuffers(PIOP_REQUEST Request);

/* ---- Files (file.c): those that the Executive has opened on this driver's devices ---- */
PFILE_OBJECT IopCreateFile(UINT32 Id, PDEVICE_OBJECT Device, PVOID Name, UINT32 NameLength);
PFILE_OBJECT IopFindFile(UINT32 Id);
UINT32 IopFileId(PFILE_OBJECT File);
VOID IopCloseFile(PFILE_OBJECT File);

/* ---- IRPs to devices of other processes (remote.c) ---- */
NTSTATUS NTAPI IopCallRemote(PDEVICE_OBJECT Device, PIRP Irp);
VOID IopRemoteDone(UINT64 Id, const DRIVER_DONE *Done);

/* ---- Class and port drivers across processes (connect.c) ---- */
BOOLEAN IopIsConnectCode(UCHAR MajorFunction, ULONG IoControlCode);
struct _IOP_CONNECTION *IopCreateConnection(UINT32 Id, ULONG IoControlCode, PDEVICE_OBJECT Port);
VOID IopDeleteConnection(struct _IOP_CONNECTION *Connection);
PVOID IopConnectData(struct _IOP_CONNECTION *Connection, PULONG Length);
NTSTATUS IopRegisterCallback(ULONG IoControlCode, PVOID ConnectData, ULONG Length, PUINT32 Id);
VOID IopUnregisterCallback(UINT32 Id);
VOID IopReceiveInput(const DRIVER_INPUT *Input);
VOID IopDeliverHeldInput(VOID);
VOID IopForgetConnections(PDEVICE_OBJECT Device);

/* ---- Resource lists (resources.c): conversions between the channel's and the DDK's form ---- */
SIZE_T IopResourceListSize(ULONG Count);
NTSTATUS IopBuildResourceList(const DRIVER_RESOURCE *Resources, ULONG Count, PCM_RESOURCE_LIST Raw,
                              PCM_RESOURCE_LIST Translated);
ULONG IopFlattenResourceList(PCM_RESOURCE_LIST List, DRIVER_RESOURCE *Resources, ULONG Limit);

/* ---- IRPs (irp.c) ---- */
#define IOP_ALLOCATED_FROM_POOL 0x01 /* Irp->AllocationFlags: IoFreeIrp returns it to pool */
#define IOP_IRP_OWNED 0x80           /* the I/O manager completes and frees it */

PMDL IopCreateMdl(PVOID Address, ULONG Length);
