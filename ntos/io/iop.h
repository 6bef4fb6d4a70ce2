/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the I/O manager share. A device belongs to a driver, which lives in a process
 * of its own, or to the Executive: then it has a file system (the boot archive) or is a physical
 * device object of the root bus.
 */
#pragma once
#include "io.h"
#include "dbg.h"
#include "drv.h"
#include "ex.h"
#include "hal.h"
#include "mm.h"
#include "ps.h"
#include <neptune/driver.h>

/* ---- The parts of IRPs that the DDK numbers (WDK: wdm.h) ---- */
#define IRP_MJ_CREATE 0x00
#define IRP_MJ_CLOSE 0x02
#define IRP_MJ_READ 0x03
#define IRP_MJ_WRITE 0x04
#define IRP_MJ_DEVICE_CONTROL 0x0e
#define IRP_MJ_INTERNAL_DEVICE_CONTROL 0x0f
#define IRP_MJ_CLEANUP 0x12
#define IRP_MJ_POWER 0x16
#define IRP_MJ_PNP 0x1b
#define IRP_MJ_MAXIMUM_FUNCTION 0x1b
#define IRP_MN_START_DEVICE 0x00
#define IRP_MN_REMOVE_DEVICE 0x02
#define IRP_MN_CANCEL_STOP_DEVICE 0x06
#define IRP_MN_SURPRISE_REMOVAL 0x17

#define DO_EXCLUSIVE 0x00000008
#define DO_DEVICE_INITIALIZING 0x00000080

#define IOCTL_INTERNAL_KEYBOARD_CONNECT                                                            \
    CTL_CODE(FILE_DEVICE_KEYBOARD, 0x0080, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_MOUSE_CONNECT                                                               \
    CTL_CODE(FILE_DEVICE_MOUSE, 0x0080, METHOD_NEITHER, FILE_ANY_ACCESS)

/* ---- Bounds ---- */
#define IOP_MAXIMUM_TRANSFER (DRIVER_DATA_SIZE / 2) /* bytes of one request to a driver process */
#define IOP_MAXIMUM_REQUESTS 1024                   /* to one driver */
#define IOP_MAXIMUM_DEVICES 256                     /* of one driver */
#define IOP_MAXIMUM_CONNECTIONS 32
#define IOP_MAXIMUM_OPENS 64       /* DrvOpenDevice, by one driver */
#define IOP_MAXIMUM_STACK 30       /* devices on top of each other */
#define IOP_MAXIMUM_INTERRUPTS 16  /* of one driver */
#define IOP_MAXIMUM_PORT_RANGES 32 /* of one driver */
#define IOP_MAXIMUM_COMPONENT 256  /* characters of a name in the Executive's own file systems */
#define IOP_MAXIMUM_NAME 0x800     /* bytes of a name that a driver gives */
#define IOP_START_SECONDS 10       /* a driver that is not done by then has failed */

struct _IRP;
struct _IO_DRIVER;
struct _IOP_DEVNODE;
struct _IOP_OPEN_PACKET;

/* ---- Ids (id.c): names of objects in channels ---- */
/* A stale id is not mistaken for a newer object's. */
typedef enum _IOP_ID_KIND {
    IopIdFree,
    IopIdDevice,
    IopIdFile,
    IopIdConnection,
} IOP_ID_KIND;

UINT32 IopAllocateId(IOP_ID_KIND Kind, PVOID Object); /* 0: none left */
PVOID IopLookupId(IOP_ID_KIND Kind, UINT32 Id);       /* NULL: no such */
void IopFreeId(UINT32 Id);                            /* 0 is ignored */

/* ---- Files of the Executive's own devices ---- */
typedef struct _IOP_FILE_FACTS {
    LONGLONG Time; /* of creation, last write, change */
    ULONGLONG Size, Allocation;
    ULONGLONG Index; /* unique in the file system */
    ULONG Attributes;
} IOP_FILE_FACTS, *PIOP_FILE_FACTS;

typedef struct _IOP_FILE_SYSTEM {
    /* File->Name is relative, without a leading backslash; fills File->FsContext. */
    NTSTATUS (*Create)(PFILE_OBJECT File, struct _IOP_OPEN_PACKET *Packet);
    void (*QueryFacts)(PVOID FsContext, PIOP_FILE_FACTS Facts);
    /* Where the data at Offset lie in system memory; *Available bytes, STATUS_END_OF_FILE. */
    NTSTATUS (*Locate)(PVOID FsContext, ULONGLONG Offset, const void **Data, PULONGLONG Available);
    /* The directory's entry at *Position (first 0), which moves on: its context and name. NULL at
     * the end. */
    PVOID (*NextEntry)(PVOID FsContext, PULONG Position, PUNICODE_STRING Name);
    BOOLEAN (*IsDirectory)(PVOID FsContext);
} IOP_FILE_SYSTEM, *PIOP_FILE_SYSTEM;

/* ---- Devices (device.c) ---- */
typedef struct _DEVICE_OBJECT {
    struct _IO_DRIVER *Driver;         /* referenced; NULL: the Executive's own */
    const IOP_FILE_SYSTEM *FileSystem; /* of the Executive's own */
    struct _IOP_DEVNODE *DevNode;      /* of a physical device object */
    UINT32 Id;
    ULONG DeviceType, Characteristics, Flags, StackSize;
    struct _DEVICE_OBJECT *AttachedTo;     /* the device below, referenced */
    struct _DEVICE_OBJECT *AttachedDevice; /* the device above */
    LIST_ENTRY DriverEntry;                /* IO_DRIVER.DeviceList */
    ULONG OpenCount;                       /* files */
    BOOLEAN Deleted;
} DEVICE_OBJECT, *PDEVICE_OBJECT;

NTSTATUS IopCreateDevice(struct _IO_DRIVER *Driver, PUNICODE_STRING Name, PDEVICE_OBJECT *Device);
/* No new opens; out of its stack; its list's reference goes. */
void IopDeleteDevice(PDEVICE_OBJECT Device);
PDEVICE_OBJECT IopTopDevice(PDEVICE_OBJECT Device);
PDEVICE_OBJECT IopBottomDevice(PDEVICE_OBJECT Device);
NTSTATUS IopAttach(PDEVICE_OBJECT Source, PDEVICE_OBJECT Target, PDEVICE_OBJECT *Lower);
void IopDetach(PDEVICE_OBJECT Lower);
void IopDescribeDevice(PDEVICE_OBJECT Device, DRIVER_DEVICE_INFO *Info);
NTSTATUS IopParseDevice(PVOID Object, PUNICODE_STRING RemainingName, ULONG Attributes,
                        ACCESS_MASK DesiredAccess, PVOID ParseContext, PVOID *Result);

/* ---- Opening (open.c, create.c): the parse context of files ---- */
typedef struct _IOP_OPEN_PACKET {
    ULONG Disposition;
    ULONG Options;
    ULONG FileAttributes;
    ULONG ShareAccess;
    ACCESS_MASK Access;    /* mapped; MAXIMUM_ALLOWED resolved */
    ULONG_PTR Information; /* out: FILE_OPENED … */
} IOP_OPEN_PACKET, *PIOP_OPEN_PACKET;

/* ---- IRPs: requests to drivers (irp.c) ---- */
typedef enum _IOP_IRP_STATE {
    IopIrpNew,
    IopIrpQueued, /* waits for room in its driver's ring */
    IopIrpSent,
    IopIrpDone,
} IOP_IRP_STATE;

/* Where the result of a client's asynchronous request goes. */
typedef struct _IOP_CLIENT {
    PEPROCESS Process; /* referenced */
    PKEVENT Event;     /* referenced; NULL: none */
    PIO_STATUS_BLOCK Iosb;
    PVOID Buffer;
} IOP_CLIENT, *PIOP_CLIENT;

typedef struct _IRP {
    LIST_ENTRY QueueEntry;  /* IO_DRIVER.SendQueue, Outstanding or ReplyQueue, or the completion
                               worker's list */
    LIST_ENTRY ThreadEntry; /* ETHREAD.IrpList; Flink NULL: in none */
    IOP_IRP_STATE State;
    ULONGLONG Id;
    PDEVICE_OBJECT Device;     /* referenced; NULL: AddDevice, Unload */
    PFILE_OBJECT File;         /* referenced or NULL */
    struct _IO_DRIVER *Driver; /* referenced: who it is sent to */
    UINT32 MessageType;
    DRIVER_IRP Request;
    DRIVER_DEVICE_INFO AddDevice;
    PVOID Buffer;     /* pool: input, then output */
    ULONG DataLength; /* room it takes in the driver's data area while it is sent */
    BOOLEAN CancelRequested, CancelSent;
    BOOLEAN Counted;   /* in Driver->RequestCount */
    BOOLEAN Abandoned; /* nobody waits any more */
    NTSTATUS Status;
    ULONG_PTR Information;
    /* From the dispatcher: must not wait; the IRP is its own from then on. */
    void (*Complete)(struct _IRP *Irp);
    KEVENT Done; /* for who waits */
    IOP_CLIENT Client;
    LIST_ENTRY ForwardEntry;   /* IO_DRIVER.Forwarded */
    struct _IO_DRIVER *Origin; /* referenced: the driver that has sent it, and its number for it */
    ULONGLONG OriginId, OriginIncarnation;
    UINT32 OriginOffset;
    struct _IOP_CONNECTION *Connection; /* made by this request */
} IRP, *PIRP;

PIRP IopAllocateIrp(PDEVICE_OBJECT Device, PFILE_OBJECT File, UCHAR MajorFunction,
                    ULONG BufferLength);
void IopFreeIrp(PIRP Irp);
void IopSendIrp(PIRP Irp); /* always ends in Complete, perhaps at once */
void IopCompleteIrp(PIRP Irp, NTSTATUS Status, ULONG_PTR Information);
void IopCancelIrp(PIRP Irp);
/* Sends and waits at most Seconds (0: for ever). What it returns is the driver's status, or why the
   wait ended: then the IRP is gone. Otherwise the caller frees it; *Completed tells. */
NTSTATUS IopCallAndWait(PIRP Irp, ULONG Seconds, BOOLEAN *Completed);
void IopDispatchOwn(PIRP Irp); /* rootbus.c: an IRP to a physical device object of ours */

/* client.c: requests of clients */
void IopInitializeClients(void);
NTSTATUS IopPrepareClient(PIOP_CLIENT Client, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                          PIO_STATUS_BLOCK Iosb);
void IopReleaseClient(PIOP_CLIENT Client);
NTSTATUS IopIssueClientIrp(PIRP Irp, PIOP_CLIENT Client); /* consumes both */
NTSTATUS IopFinishClient(PFILE_OBJECT File, PIOP_CLIENT Client, NTSTATUS Status,
                         ULONG_PTR Information);

/* ---- Files (file.c) ---- */
extern const OBJECT_TYPE_INITIALIZER IopDeviceTypeInitializer, IopDriverTypeInitializer,
    IopFileTypeInitializer;
NTSTATUS IopAllocateFile(PDEVICE_OBJECT Device, PIOP_OPEN_PACKET Packet, PFILE_OBJECT *File);
#define IopIsSynchronous(file)                                                                     \
    ((file)->Options & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT))

/* ---- Drivers (driver.c) ---- */
typedef enum _IOP_DRIVER_STATE {
    IopDriverStarting,
    IopDriverRunning,
    IopDriverUnloading,
    IopDriverDead,
} IOP_DRIVER_STATE;

typedef struct _IOP_INTERRUPT {
    ULONG Vector;
    seL4_CPtr Handler;
    seL4_CPtr ClientCap; /* what the driver calls it; 0: free */
} IOP_INTERRUPT, *PIOP_INTERRUPT;

typedef struct _IOP_PORT_RANGE {
    ULONG First, Count;
    seL4_CPtr Cap; /* the HAL's */
    seL4_CPtr ClientCap;
} IOP_PORT_RANGE, *PIOP_PORT_RANGE;

typedef struct _IO_DRIVER {
    WCHAR Name[32];
    IOP_DRIVER_STATE State;
    PEPROCESS Process;     /* referenced; NULL: never started */
    ULONGLONG Incarnation; /* differs for every process that the driver has had */
    BOOLEAN Attached;
    KEVENT Started;
    NTSTATUS StartStatus;
    LIST_ENTRY DeviceList;
    ULONG DeviceCount;
    PDEVICE_OBJECT Opens[IOP_MAXIMUM_OPENS]; /* referenced: by DrvOpenDevice */
    ULONG OpenCount;

    /* The channel */
    DRIVER_CHANNEL *Channel;
    PVOID ClientChannel;
    UINT32 Produced, Consumed;                   /* our indices: ToDriver, FromDriver */
    ULONG64 DataMap[DRIVER_DATA_SIZE / 64 / 64]; /* a bit for each 64 bytes of ToDriverData */
    LIST_ENTRY SendQueue;                        /* IRPs that wait for room */
    LIST_ENTRY ReplyQueue;  /* answered IRPs of this driver's, to be reported to it */
    LIST_ENTRY Outstanding; /* IRPs sent to it */
    LIST_ENTRY Forwarded;   /* IRPs that it has sent to others */
    ULONG ForwardCount;
    ULONG RequestCount;
    ULONG SignalBit; /* of the Executive's notification, 0: none */
    KTIMER RetryTimer;

    /* What the process holds */
    MM_KERNEL_OBJECT MainNotification, InterruptNotification, LockNotification;
    KTIMER Timer; /* DrvSetTimer */
    IOP_INTERRUPT Interrupts[IOP_MAXIMUM_INTERRUPTS];
    IOP_PORT_RANGE Ports[IOP_MAXIMUM_PORT_RANGES];
} IO_DRIVER, *PIO_DRIVER;

extern PIO_DRIVER IopDriverBySignal[64];
PIO_DRIVER IopFindDriver(const WCHAR *Name); /* referenced; NULL: none */
PIO_DRIVER IopCurrentDriver(void); /* of the calling driver process; NULL: it has been given up */
/* process.c: its process and what that gets */
NTSTATUS IopStartProcess(PIO_DRIVER Driver);
void IopReleaseProcess(PIO_DRIVER Driver);

/* ---- The channel (channel.c), its data area (dataarea.c) ---- */
void IopFlushDriver(PIO_DRIVER Driver); /* sends what waits, as far as there is room */
void IopDrainChannel(PIO_DRIVER Driver);
BOOLEAN IopPutMessage(PIO_DRIVER Driver, const DRIVER_MESSAGE *Message);
BOOLEAN IopAllocateData(PIO_DRIVER Driver, ULONG Length, UINT32 *Offset);
void IopFreeData(PIO_DRIVER Driver, UINT32 Offset, ULONG Length);

/* ---- From one driver to another (forward.c, connection.c) ---- */
void IopForwardIrp(PIO_DRIVER Origin, const DRIVER_MESSAGE *Message);
void IopForwardCancel(PIO_DRIVER Origin, ULONGLONG Id);
BOOLEAN IopMayReach(PIO_DRIVER Driver, PDEVICE_OBJECT Device);
NTSTATUS IopConnectInput(PIRP Irp, UINT32 ClassCallback);
void IopEndConnect(PIRP Irp);
void IopRouteInput(PIO_DRIVER Port, const DRIVER_INPUT *Input);
void IopDeleteConnections(PIO_DRIVER Driver);

/* ---- Resources (resource.c) ---- */
void IopReleaseResources(PIO_DRIVER Driver);

/* ---- Plug and play (pnp.c, rootbus.c) ---- */
#define IOP_MAXIMUM_SERVICES 4

typedef struct _IOP_ROOT_DEVICE {
    const WCHAR *Instance; /* ACPI\PNP0303\0 */
    /* The function driver, then upper filters from the bottom up. */
    const WCHAR *Services[IOP_MAXIMUM_SERVICES];
    DRIVER_RESOURCE Resources[DRIVER_MAX_RESOURCES];
    ULONG ResourceCount;
} IOP_ROOT_DEVICE, *PIOP_ROOT_DEVICE;

typedef enum _IOP_NODE_STATE {
    IopNodeStopped,
    IopNodeStarting,
    IopNodeStarted,
    IopNodeRemoving,
    IopNodeFailed, /* until one of its drivers is loaded again */
} IOP_NODE_STATE;

typedef struct _IOP_DEVNODE {
    const IOP_ROOT_DEVICE *Description;
    PDEVICE_OBJECT Pdo;
    IOP_NODE_STATE State;
    ULONG Removals; /* fragments of its stack that are being removed */
} IOP_DEVNODE, *PIOP_DEVNODE;

void IopInitializeRootBus(void);
PIOP_DEVNODE IopGetDevNode(ULONG Index); /* NULL at the end */
void IopStartDevices(void);              /* those whose drivers are all there; may wait */
void IopDriverLost(PIO_DRIVER Driver);   /* must not wait */
BOOLEAN IopIsPnpDriver(PIO_DRIVER Driver);
BOOLEAN IopNodeHasService(PIOP_DEVNODE Node, const WCHAR *Name);

/* ---- The boot archive (archive.c pure, archivefs.c), names (pattern.c pure) ---- */
typedef struct _IOP_ARCHIVE_ENTRY {
    const char *Name; /* without a leading slash; not NUL-terminated */
    ULONG NameLength;
    ULONG Mode;
    ULONG Time; /* seconds since 1970 */
    const UCHAR *Data;
    ULONG Size;
} IOP_ARCHIVE_ENTRY, *PIOP_ARCHIVE_ENTRY;

BOOLEAN IopNextArchiveEntry(const UCHAR *Archive, SIZE_T Length, SIZE_T *Offset,
                            PIOP_ARCHIVE_ENTRY Entry);
BOOLEAN IopIsArchiveDirectory(const IOP_ARCHIVE_ENTRY *Entry);
extern const IOP_FILE_SYSTEM IopArchiveFileSystem;
NTSTATUS IopMountArchive(void);
BOOLEAN IopMatchPattern(PCUNICODE_STRING Pattern, PCUNICODE_STRING Name);
