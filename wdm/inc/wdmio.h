/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The I/O manager of a driver host: its IRPs are the drivers' own, and this is how they come in
 * and go out over the channel to the Executive. Everything here happens on the main thread.
 */
#pragma once
#include "idtree.h"
#include <ntimage.h>

/* ---- Drivers (driver.c) ---- */
UINT32 WdmDriverId(PDRIVER_OBJECT Driver);
PDRIVER_OBJECT WdmFindDriver(UINT32 Id);
PDRIVER_OBJECT WdmFindDriverNamed(PUNICODE_STRING Name); /* \Driver\name, in any case */
NTSTATUS WdmLoadDriver(UINT32 Id, const DRIVER_LOAD *Load);
NTSTATUS WdmAddDevice(UINT32 Id, const DRIVER_DEVICE_INFO *Info);
NTSTATUS WdmUnloadDriver(UINT32 Id);

/* ---- Drivers that are libraries of others (library.c) ---- */
NTSTATUS WdmUseLibraries(PVOID Base);
VOID WdmLeaveLibraries(PVOID Base);
/* The import descriptor of that index; NULL: there are not so many. */
PIMAGE_IMPORT_DESCRIPTOR WdmImport(PUCHAR Base, ULONG Index);
/* How many bytes there are from Rva to the end of the section's pages, or of the headers. */
ULONG WdmImageExtent(PUCHAR Base, ULONG Rva);

/* ---- Devices (device.c). A proxy stands for a device of another process. ---- */
typedef struct _WDM_DEVICE {
    DEVICE_OBJECT Object;
    DEVOBJ_EXTENSION Extension;
    WDM_ID_NODE Node; /* its name in the channel */
    BOOLEAN Remote;
    BOOLEAN Deleted;
    ULONG ReportedFlags;       /* what the Executive knows of Object.Flags */
    PDEVICE_OBJECT AttachedTo; /* what IoAttachDeviceToDeviceStack put it on */
} WDM_DEVICE, *PWDM_DEVICE;

#define WdmDevice(DeviceObject) CONTAINING_RECORD(DeviceObject, WDM_DEVICE, Object)
#define WdmDeviceId(DeviceObject) ((UINT32)WdmDevice(DeviceObject)->Node.Id)

PDEVICE_OBJECT WdmFindDevice(UINT32 Id);
PDEVICE_OBJECT WdmProxyDevice(const DRIVER_DEVICE_INFO *Info);
PDEVICE_OBJECT WdmCreateLocalProxy(PDRIVER_OBJECT Driver, DEVICE_TYPE Type);
VOID WdmReportFlags(PDEVICE_OBJECT Device);

/* ---- The channel (channel.c) ---- */
NTSTATUS WdmOpenChannel(ULONG_PTR Address);
DECLSPEC_NORETURN VOID WdmBreakChannel(ULONG_PTR Found);
BOOLEAN WdmReceive(DRIVER_MESSAGE *Message);
VOID WdmSend(const DRIVER_MESSAGE *Message);
VOID WdmAddData(DRIVER_MESSAGE *Message, const VOID *Data, SIZE_T Length);
VOID WdmSendDone(UINT64 Id, NTSTATUS Status);
VOID WdmSendPending(UINT64 Id);
ULONG WdmSendRoom(VOID);
VOID WdmFlushChannel(VOID);
VOID WdmWait(VOID);

/* An IRP of four stack locations. */
#define WDM_IRP_SPACE (sizeof(IRP) + 4 * sizeof(IO_STACK_LOCATION))

/* ---- Requests from the Executive (request.c) and their buffers (buffers.c) ---- */
typedef struct _WDM_REQUEST {
    WDM_ID_NODE Node;     /* of the requests that are not answered */
    LIST_ENTRY StartLink; /* in the list of those not started */
    UINT32 Type;          /* DRIVER_MESSAGE_TYPE */
    BOOLEAN Started;
    union {
        DRIVER_REQUEST Message;
        DRIVER_COMMAND Command;
    };
    PDEVICE_OBJECT Target; /* referenced */
    PFILE_OBJECT File;     /* referenced */
    PIRP Irp;
    PUCHAR System;   /* the system data, once they are seen */
    PUCHAR Direct;   /* the direct data; NULL: not seen yet */
    PVOID Resources; /* START_DEVICE: CM_RESOURCE_LIST */
    struct _WDM_CONNECTION *Connection;
    IO_SECURITY_CONTEXT Security;
    ACCESS_STATE AccessState;
    DECLSPEC_ALIGN(16) UCHAR IrpSpace[WDM_IRP_SPACE]; /* for Irp, where that is small enough */
    UCHAR Data[DRIVER_INLINE_BYTES];                  /* system data that came with the message */
} WDM_REQUEST, *PWDM_REQUEST;

VOID WdmQueueRequest(const DRIVER_MESSAGE *Message);
BOOLEAN WdmStartRequest(VOID);
VOID WdmCancelRequest(UINT64 Id);
PWDM_REQUEST WdmRequestOf(PIRP Irp);
NTSTATUS WdmMapSystemData(PWDM_REQUEST Request);
NTSTATUS WdmMapDirectData(PWDM_REQUEST Request);
NTSTATUS WdmPrepareBuffers(PWDM_REQUEST Request, PIO_STACK_LOCATION Stack);
VOID WdmReleaseBuffers(PWDM_REQUEST Request);

/* ---- Files (file.c): those that the Executive has opened on this driver's devices ---- */
PFILE_OBJECT WdmCreateFile(UINT32 Id, PDEVICE_OBJECT Device, PVOID Name, UINT32 NameLength);
PFILE_OBJECT WdmFindFile(UINT32 Id);
UINT32 WdmFileId(PFILE_OBJECT File);
VOID WdmCloseFile(PFILE_OBJECT File);

/* ---- IRPs to devices of other processes (remote.c) ---- */
NTSTATUS NTAPI WdmCallRemote(PDEVICE_OBJECT Device, PIRP Irp);
VOID WdmRemoteDone(const DRIVER_MESSAGE *Message);

/* ---- Class and port drivers across processes (connect.c) ---- */
BOOLEAN WdmIsConnectCode(UCHAR MajorFunction, ULONG IoControlCode);
struct _WDM_CONNECTION *WdmCreateConnection(UINT32 Id, ULONG IoControlCode, PDEVICE_OBJECT Port);
VOID WdmDeleteConnection(struct _WDM_CONNECTION *Connection);
PVOID WdmConnectData(struct _WDM_CONNECTION *Connection, PULONG Length);
NTSTATUS WdmRegisterCallback(ULONG IoControlCode, PVOID ConnectData, ULONG Length, PUINT32 Id);
VOID WdmUnregisterCallback(UINT32 Id);
VOID WdmReceiveInput(const DRIVER_INPUT *Input);
VOID WdmDeliverHeldInput(VOID);
VOID WdmForgetConnections(PDEVICE_OBJECT Device);

/* ---- Resource lists (resources.c): conversions between the channel's and the DDK's form ---- */
SIZE_T WdmResourceListSize(ULONG Count);
NTSTATUS WdmBuildResourceList(const DRIVER_RESOURCE *Resources, ULONG Count, PCM_RESOURCE_LIST Raw,
                              PCM_RESOURCE_LIST Translated);
ULONG WdmFlattenResourceList(PCM_RESOURCE_LIST List, DRIVER_RESOURCE *Resources, ULONG Limit);

/* ---- IRPs (irp.c) ---- */
#define WDM_ALLOCATED_FROM_POOL 0x01 /* Irp->AllocationFlags: IoFreeIrp returns it to pool */
#define WDM_IRP_OWNED 0x80           /* the I/O manager completes and frees it */

VOID WdmFinishAssociatedIrp(PIRP Irp); /* associated.c */
PMDL WdmCreateMdl(PVOID Address, ULONG Length);
PMDL WdmCreateDirectMdl(PWDM_REQUEST Request, ULONG Length);
/* The request whose direct data the MDL describes; NULL: it describes pages of this host. */
PWDM_REQUEST WdmMdlRequest(PMDL Mdl);
ULONG WdmMdlOffset(PMDL Mdl); /* where it begins among them */
