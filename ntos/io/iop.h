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
#include "se.h"

/* ---- The parts of requests that the DDK numbers (WDK: wdm.h) ---- */
#define IRP_MJ_CREATE 0x00
#define IRP_MJ_CLOSE 0x02
#define IRP_MJ_READ 0x03
#define IRP_MJ_WRITE 0x04
#define IRP_MJ_FLUSH_BUFFERS 0x09
#define IRP_MJ_DIRECTORY_CONTROL 0x0c
#define IRP_MJ_FILE_SYSTEM_CONTROL 0x0d
#define IRP_MJ_DEVICE_CONTROL 0x0e
#define IRP_MJ_INTERNAL_DEVICE_CONTROL 0x0f
#define IRP_MJ_LOCK_CONTROL 0x11
#define IRP_MJ_CLEANUP 0x12
#define IRP_MJ_POWER 0x16
#define IRP_MJ_PNP 0x1b
#define IRP_MJ_MAXIMUM_FUNCTION 0x1b
#define IRP_MN_START_DEVICE 0x00
#define IRP_MN_REMOVE_DEVICE 0x02
#define IRP_MN_CANCEL_STOP_DEVICE 0x06
#define IRP_MN_SURPRISE_REMOVAL 0x17

#define DO_BUFFERED_IO 0x00000004
#define DO_EXCLUSIVE 0x00000008
#define DO_DIRECT_IO 0x00000010
#define DO_DEVICE_INITIALIZING 0x00000080

#define IOCTL_INTERNAL_KEYBOARD_CONNECT                                                            \
    CTL_CODE(FILE_DEVICE_KEYBOARD, 0x0080, METHOD_NEITHER, FILE_ANY_ACCESS)
#define IOCTL_INTERNAL_MOUSE_CONNECT                                                               \
    CTL_CODE(FILE_DEVICE_MOUSE, 0x0080, METHOD_NEITHER, FILE_ANY_ACCESS)

/* ---- Bounds ---- */
#define IOP_MAXIMUM_REQUESTS 1024 /* of one process; from one driver */
#define IOP_MAXIMUM_DEVICES 256   /* of one driver */
#define IOP_MAXIMUM_CONNECTIONS 32
#define IOP_MAXIMUM_OPENS 64       /* DrvOpenDevice, by one driver */
#define IOP_MAXIMUM_STACK 30       /* devices on top of each other */
#define IOP_MAXIMUM_INTERRUPTS 16  /* of one driver */
#define IOP_MAXIMUM_PORT_RANGES 32 /* of one driver */
#define IOP_MAXIMUM_COMPONENT 256  /* characters of a name in the Executive's own file systems */
#define IOP_MAXIMUM_NAME 0x800     /* bytes of a name that a driver gives */
#define IOP_GROUP_NAME 32          /* characters of a host group's name, with a NUL */
#define IOP_SERVICE_KEY_NAME 80
#define IOP_START_SECONDS 10 /* a driver that has not started by then has failed */

/* ---- What a process has transferred (account.c) ---- */
/* An operation of Function that is over, and its Bytes. */
void IopCountTransfer(PEPROCESS Process, UCHAR Function, ULONG_PTR Bytes);

struct _IO_REQUEST;
struct _IO_DRIVER;
struct _IOP_DEVNODE;
struct _IOP_OPEN_PACKET;

/* ---- Ids (id.c): names of objects in channels ---- */
/* A stale id is not mistaken for a newer object's. */
typedef enum _IOP_ID_KIND {
    IopIdFree,
    IopIdDevice,
    IopIdFile,
    IopIdDriver,
    IopIdConnection,
    IopIdBuffer,
} IOP_ID_KIND;

UINT32 IopAllocateId(IOP_ID_KIND Kind, PVOID Object); /* 0: none left */
PVOID IopLookupId(IOP_ID_KIND Kind, UINT32 Id);       /* NULL: no such */
void IopFreeId(UINT32 Id);                            /* 0 is ignored */

/* ---- Files of the Executive's own devices ---- */
typedef struct _IOP_VOLUME_FACTS {
    LONGLONG CreationTime;
    ULONG SerialNumber;
    const WCHAR *Label;
    const WCHAR *FileSystemName;
    ULONG Attributes;      /* FILE_READ_ONLY_VOLUME … */
    ULONG Characteristics; /* FILE_READ_ONLY_DEVICE … */
    ULONGLONG Sectors;     /* in use: there is no room for more */
    ULONG SectorSize;
} IOP_VOLUME_FACTS, *PIOP_VOLUME_FACTS;

typedef struct _IOP_FILE_FACTS {
    LONGLONG Time; /* of creation, last write, change */
    ULONGLONG Size, Allocation;
    ULONGLONG Index; /* unique in the file system */
    ULONG Attributes;
} IOP_FILE_FACTS, *PIOP_FILE_FACTS;

/* What a control code comes with. */
typedef struct _IOP_CONTROL {
    ULONG Code;
    CLIENT(PVOID) Input;
    CLIENT(PVOID) Output;
    ULONG InputLength, OutputLength;
} IOP_CONTROL, *PIOP_CONTROL;

struct _IOP_CLIENT;

/*
 * File systems whose files have no offsets, and whose requests may wait for other programs (pipes,
 * mailslots). What takes a client consumes it, and returns the service's status. Of a file that
 * could not be opened FsContext is NULL when it is closed.
 */
typedef struct _IOP_STREAM_SYSTEM {
    /* Name is what follows the device's name, or the name of Packet->Related; checks access. */
    NTSTATUS (*Open)(PIO_FILE File, PCUNICODE_STRING Name, struct _IOP_OPEN_PACKET *Packet);
    void (*Cleanup)(PIO_FILE File); /* its last handle is gone. May give way */
    void (*Close)(PIO_FILE File);
    NTSTATUS (*Read)(PIO_FILE File, CLIENT(PVOID) Buffer, ULONG Length, struct _IOP_CLIENT *Client);
    NTSTATUS(*Write)
    (PIO_FILE File, CLIENT(PCVOID) Buffer, ULONG Length, struct _IOP_CLIENT *Client);
    NTSTATUS (*Control)(PIO_FILE File, const IOP_CONTROL *Control, struct _IOP_CLIENT *Client);
    NTSTATUS (*Flush)(PIO_FILE File);
    /* *Information is zeroed, and as large as the class. */
    NTSTATUS (*Query)(PIO_FILE File, FILE_INFORMATION_CLASS Class, PVOID Information);
    NTSTATUS (*Set)(PIO_FILE File, FILE_INFORMATION_CLASS Class, CLIENT(PVOID) Information);
    NTSTATUS (*CheckName)(PIO_FILE File, BOOLEAN Full); /* why its name cannot be told */
    struct _SE_DESCRIPTOR **(*Security)(PIO_FILE File);
} IOP_STREAM_SYSTEM, *PIOP_STREAM_SYSTEM;

typedef struct _IOP_FILE_SYSTEM {
    const IOP_STREAM_SYSTEM *Streams; /* NULL: files have offsets. Else of what follows there is
                                         what directories need */
    /* File->Name is relative, without a leading backslash; fills File->FsContext. */
    NTSTATUS (*Create)(PIO_FILE File, struct _IOP_OPEN_PACKET *Packet);
    void (*QueryFacts)(PVOID FsContext, PIOP_FILE_FACTS Facts); /* NULL: files have none */
    void (*QueryVolume)(PIOP_VOLUME_FACTS Facts);               /* NULL: this is no volume */
    /* NULL: nothing can be written. May give way. */
    NTSTATUS (*Write)(CLIENT(PCVOID) Data, ULONG Length);
    /* Where the data at Offset lie in system memory; *Available bytes, STATUS_END_OF_FILE. */
    NTSTATUS (*Locate)(PVOID FsContext, ULONGLONG Offset, const void **Data, PULONGLONG Available);
    /* The directory's entry at *Position (first 0), which moves on: its context and name. NULL at
     * the end. */
    PVOID (*NextEntry)(PVOID FsContext, PULONG Position, PUNICODE_STRING Name);
    BOOLEAN (*IsDirectory)(PVOID FsContext);
    /* Name, to be freed, is that of the file with the Index. STATUS_INVALID_PARAMETER: there is
     * none. NULL: files are not opened so. */
    NTSTATUS (*NameOfIndex)(ULONGLONG Index, PUNICODE_STRING Name);
    /* The file's last handle is gone, or none came of the open; may be called again. NULL: nothing
     * is to be done. */
    void (*EndSharing)(PIO_FILE File);
} IOP_FILE_SYSTEM, *PIOP_FILE_SYSTEM;

/* ---- Devices (device.c) ---- */
typedef struct _IO_DEVICE {
    struct _IO_DRIVER *Driver;         /* referenced; NULL: the Executive's own */
    const IOP_FILE_SYSTEM *FileSystem; /* of the Executive's own */
    struct _IOP_DEVNODE *DevNode;      /* of a physical device object */
    UINT32 Id;
    ULONG DeviceType, Characteristics, Flags, StackSize;
    struct _IO_DEVICE *AttachedTo;     /* the device below, referenced */
    struct _IO_DEVICE *AttachedDevice; /* the device above */
    LIST_ENTRY DriverEntry;            /* IO_DRIVER.DeviceList */
    ULONG OpenCount;                   /* files */
    LIST_ENTRY KeptBuffers;            /* IO_BUFFER.Links: for the next requests to it */
    ULONG KeptPages;                   /* theirs */
    BOOLEAN Deleted;
} IO_DEVICE, *PIO_DEVICE;

NTSTATUS IopCreateDevice(struct _IO_DRIVER *Driver, PUNICODE_STRING Name, PIO_DEVICE *Device);
/* No new opens; out of its stack; its list's reference goes. */
/* Who may open the device, by its type. */
NTSTATUS IopSecureDevice(PIO_DEVICE Device);
void IopDeleteDevice(PIO_DEVICE Device);
PIO_DEVICE IopTopDevice(PIO_DEVICE Device);
PIO_DEVICE IopBottomDevice(PIO_DEVICE Device);
NTSTATUS IopAttach(PIO_DEVICE Source, PIO_DEVICE Target, PIO_DEVICE *Lower);
void IopDetach(PIO_DEVICE Lower);
void IopDescribeDevice(PIO_DEVICE Device, DRIVER_DEVICE_INFO *Info);
/* The host has changed the flags of one of its devices. */
void IopSetDeviceFlags(struct _IO_HOST *Host, const DRIVER_DEVICE_INFO *Info);
NTSTATUS IopParseDevice(PVOID Object, PUNICODE_STRING RemainingName, ULONG Attributes,
                        ACCESS_MASK DesiredAccess, PVOID ParseContext, PVOID *Result);

/* ---- Opening (open.c, create.c): the parse context of files ---- */
typedef struct _IOP_OPEN_PACKET {
    ULONG Disposition;
    ULONG Options;
    ULONG FileAttributes;
    ULONG ShareAccess;
    ACCESS_MASK Access;                                /* mapped; MAXIMUM_ALLOWED resolved */
    ULONG_PTR Information;                             /* out: FILE_OPENED … */
    ACCESS_MASK DesiredAccess;                         /* as it was asked for */
    PIO_FILE Related;                                  /* what the name is relative to, or NULL */
    const struct _IOP_NEW_STREAM *New;                 /* a pipe's or mailslot's server */
    PISECURITY_DESCRIPTOR_RELATIVE SecurityDescriptor; /* for it, or NULL */
    SECURITY_QUALITY_OF_SERVICE Quality;               /* Length 0: none is given */
    BOOLEAN Internal; /* the Executive's own: it disturbs nobody, and nobody disturbs it */
} IOP_OPEN_PACKET, *PIOP_OPEN_PACKET;

/* ---- What pipes and mailslots share ---- */
/* nametable.c: names, with a leading backslash. */
#define IOP_MAXIMUM_STREAM_NAME (256 * sizeof(WCHAR)) /* bytes */
_Static_assert(IOP_MAXIMUM_STREAM_NAME <= IOP_MAXIMUM_COMPONENT * sizeof(WCHAR), "can be listed");

typedef struct _IOP_NAMED {
    UNICODE_STRING Name; /* pool */
    ULONG Hash, Number;  /* of the name; differs for each, and grows */
    RTL_BALANCED_NODE NameNode, NumberNode;
    BOOLEAN Listed; /* it is in its table */
} IOP_NAMED, *PIOP_NAMED;

typedef struct _IOP_NAME_TABLE {
    RTL_AVL_TREE Names, Numbers;
    ULONG LastNumber;
} IOP_NAME_TABLE, *PIOP_NAME_TABLE;

PIOP_NAMED IopFindNamed(PIOP_NAME_TABLE Table, PCUNICODE_STRING Name); /* NULL: none */
PIOP_NAMED IopNextNamed(PIOP_NAME_TABLE Table, ULONG Number); /* the first with a higher one */
void IopInsertNamed(PIOP_NAME_TABLE Table, PIOP_NAMED Named); /* its name is set, and free */
void IopRemoveNamed(PIOP_NAME_TABLE Table, PIOP_NAMED Named); /* if it is there */
NTSTATUS IopSetNamed(PIOP_NAMED Named, PCUNICODE_STRING Name);
/* For NextEntry of a directory. */
void IopCopyNamed(PIOP_NAMED Named, PULONG Position, PUNICODE_STRING Name);

/* message.c */
typedef struct _IOP_MESSAGE {
    LIST_ENTRY Links;            /* of who keeps it */
    struct _IO_REQUEST *Request; /* of pipes: the write that waits for room; NULL: none does */
    struct _TOKEN *Token; /* of pipes, referenced: for whom the server acts that has read it; NULL:
                             as before */
    ULONG Length, Offset; /* bytes; how many of them have been read */
    ULONG References;     /* by who keeps it, by requests and others that copy from it */
    ULONGLONG Number;     /* of pipes: it is the so manieth in its queue, from 1 */
    UCHAR Data[];
} IOP_MESSAGE, *PIOP_MESSAGE;

/* Paid for by the calling process. STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_VIOLATION. Gives
 * way. */
NTSTATUS IopCaptureMessage(CLIENT(PCVOID) Buffer, ULONG Length, PIOP_MESSAGE *Message);
void IopDereferenceMessage(PIOP_MESSAGE Message);

/* NtCreateNamedPipeFile, NtCreateMailslotFile */
typedef struct _IOP_NEW_STREAM {
    BOOLEAN Mailslot;
    ULONG Type, ReadMode, CompletionMode, MaximumInstances;
    ULONG Quotas[2]; /* of pipes: inbound, outbound */
    ULONG MaximumMessage;
    LARGE_INTEGER Timeout; /* default, of reading. 100 ns */
    BOOLEAN HasTimeout;
} IOP_NEW_STREAM, *PIOP_NEW_STREAM;

/* The whole of both services, but for what differs. */
NTSTATUS IopCreateStream(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                         CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                         CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, PIOP_OPEN_PACKET Packet);
/* Name becomes the file's. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS IopSetFileName(PIO_FILE File, PCUNICODE_STRING Name);
/* The end of what is done at once: as IopFinishClient, but errors are the service's result alone.
 */
NTSTATUS IopFinishStream(PIO_FILE File, struct _IOP_CLIENT *Client, NTSTATUS Status,
                         ULONG_PTR Information);

/* ---- Buffers: pages with the data of requests (buffer.c, data.c) ---- */
typedef struct _IO_BUFFER {
    ULONG References; /* by requests; 0: kept, or dead */
    ULONG Pages;
    struct _MM_SECTION *Section; /* referenced */
    BOOLEAN Writable;            /* hosts may write to it */
    PIO_DEVICE Keeper;           /* referenced, but not by what it keeps; NULL: not to be kept */
    struct _IOP_VIEW *Views;     /* where hosts see it */
    LIST_ENTRY Links;
} IO_BUFFER, *PIO_BUFFER;

/* Data of a request. Buffer NULL: there are none, or they are at Request->Buffer. */
typedef struct _IOP_DATA {
    PIO_BUFFER Buffer; /* referenced */
    ULONG Offset;      /* where they begin in it */
    ULONG_PTR Address; /* of direct data: where their owner has them */
} IOP_DATA, *PIOP_DATA;

void IopInitializeBuffers(void);
NTSTATUS IopCreateBuffer(PIO_DEVICE Device, ULONG Length, BOOLEAN *Fresh, PIO_BUFFER *Buffer);
NTSTATUS IopLockBuffer(PEPROCESS Process, ULONG_PTR Address, ULONG Length, BOOLEAN Write,
                       PIO_BUFFER *Buffer);
void IopReferenceBuffer(PIO_BUFFER Buffer);
void IopDereferenceBuffer(PIO_BUFFER Buffer);
void IopDereferenceBufferAndWait(PIO_BUFFER Buffer);
ULONG_PTR IopBufferAddress(PIO_BUFFER Buffer, struct _IO_HOST *Host); /* 0: not there yet */
NTSTATUS IopMapBuffer(PIO_BUFFER Buffer, struct _IO_HOST *Host);      /* may wait */
void IopDropBuffers(PIO_DEVICE Device);

/* ---- requests: requests to drivers (request.c) ---- */
/* The table at the top of channel.c says where a request is in each, and what leads on. */
typedef enum _IOP_REQUEST_STATE {
    IopRequestNew,
    IopRequestQueued,
    IopRequestSent,
    IopRequestDone,
} IOP_REQUEST_STATE;

/* Where the results of a client's asynchronous request are written. */
typedef struct _IOP_CLIENT {
    PEPROCESS Process; /* referenced */
    PKEVENT Event;     /* referenced; NULL: none */
    CLIENT(PIO_STATUS_BLOCK) Iosb;
    CLIENT(PVOID) Buffer;
    PIO_PACKET Packet; /* for the file's completion port; NULL: none is wanted */
    PKAPC Apc;         /* for Thread, which is referenced; NULL: none is wanted */
    PETHREAD Thread;
} IOP_CLIENT, *PIOP_CLIENT;

struct _IO_HOST;

typedef struct _IO_REQUEST {
    LIST_ENTRY QueueEntry; /* IO_HOST.SendQueue, CancelQueue or ReplyQueue, or the completion
                              worker's list */
    RTL_BALANCED_NODE OutstandingNode; /* IO_HOST.Outstanding */
    LIST_ENTRY ThreadEntry;            /* ETHREAD.RequestList; Flink NULL: in none */
    IOP_REQUEST_STATE State;
    ULONGLONG Id;
    PIO_DEVICE Device;     /* referenced; NULL: a command */
    PIO_FILE File;         /* referenced or NULL */
    struct _IO_HOST *Host; /* referenced: who it is sent to */
    UINT32 MessageType;
    DRIVER_REQUEST Parameters;
    DRIVER_COMMAND Command; /* of a message that is no request for a device */
    IOP_DATA System, Direct;
    PVOID Buffer;     /* system data that lie in no pages: input, then output */
    ULONG DataLength; /* bytes of Buffer; of the system data */
    /* Of the Executive's own files: how it begins to wait (in a list by QueueEntry, State is
     * IopRequestQueued then) or is completed at once, after which it may give way; and what else
     * there is to do when it has left that list to be completed with STATUS_CANCELLED, which must
     * not. */
    void (*Start)(struct _IO_REQUEST *Request);
    void (*Cancel)(struct _IO_REQUEST *Request);
    PVOID Context;        /* theirs */
    const void *Output;   /* where the output lies; NULL: at Buffer */
    PIOP_MESSAGE Message; /* referenced: what has the output; or NULL */
    BOOLEAN CancelRequested;
    BOOLEAN CancelQueued; /* in Driver->CancelQueue */
    BOOLEAN Counted;      /* in Payer->RequestCount */
    BOOLEAN Abandoned;    /* nobody waits any more */
    BOOLEAN Pending;      /* the driver's dispatch routine has left it so */
    NTSTATUS Status;
    ULONG_PTR Information;
    /* Called by the dispatcher: must not wait. It owns the request from then on. */
    void (*Complete)(struct _IO_REQUEST *Request);
    KEVENT Done; /* for the thread that waits; set as well when the driver leaves it pending and
                    TellPending */
    IOP_CLIENT Client;
    PEPROCESS Payer; /* referenced: charged for what drivers hold for it (charge.c); NULL: nobody */
    SIZE_T Charge;
    ULONG Threads;                 /* of hosts' that it has been charged for */
    RTL_BALANCED_NODE ForwardNode; /* IO_HOST.Forwarded of Origin */
    struct _IO_HOST *Origin;       /* referenced: the host that sent it, and its number for it */
    ULONGLONG OriginId;
    BOOLEAN Forwarded;                  /* in Origin->Forwarded */
    struct _IOP_CONNECTION *Connection; /* made by this request */
} IO_REQUEST, *PIO_REQUEST;

PIO_REQUEST IopAllocateRequest(PIO_DEVICE Device, PIO_FILE File, UCHAR MajorFunction,
                               ULONG BufferLength);
/* data.c: what the system data begin with, and from where. They give way, and fail as copying
 * does. */
NTSTATUS IopWriteData(PIO_REQUEST Request, ULONG Offset, const void *Source, ULONG Length);
NTSTATUS IopFillData(PIO_REQUEST Request, ULONG Offset, CLIENT(PCVOID) Source, ULONG Length);
/* The output, to a process: STATUS_ACCESS_VIOLATION. */
NTSTATUS IopReturnData(PIO_REQUEST Request, PEPROCESS Process, CLIENT(PVOID) Destination);
/* The direct data are the calling process's pages. STATUS_ACCESS_VIOLATION,
 * STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS IopLockData(PIO_REQUEST Request, CLIENT(PVOID) Address, ULONG Length, BOOLEAN Write);
/* In a message to Host: where the data are, as it sees them. */
void IopDescribeData(PIO_REQUEST Request, struct _IO_HOST *Host, DRIVER_DATA *System,
                     DRIVER_DATA *Direct);
void IopReleaseData(PIO_REQUEST Request);
void IopReleaseDataAndWait(PIO_REQUEST Request); /* before the request is freed, by who may wait */
/* For the driver's host, about that driver; it has a host, and an id there. */
PIO_REQUEST IopAllocateCommand(struct _IO_DRIVER *Driver, UINT32 MessageType, ULONG DataLength);
/* One that waits in the Executive, for the caller to send. NULL also: its process has too many. */
PIO_REQUEST IopAllocateOwnRequest(PIO_FILE File, UCHAR MajorFunction, ULONG BufferLength,
                                  void (*Start)(PIO_REQUEST Request));
void IopFreeRequest(PIO_REQUEST Request);
void IopShowData(PIO_REQUEST Request);    /* may wait */
void IopSendRequest(PIO_REQUEST Request); /* always ends in Complete, perhaps at once */
void IopCompleteRequest(PIO_REQUEST Request, NTSTATUS Status, ULONG_PTR Information);
void IopCancelRequest(PIO_REQUEST Request);
/* Sends the request and waits at most Seconds (0: for ever). If *Completed, returns the driver's
 * status, and the caller frees the IO_REQUEST; else returns why the wait ended, and the IO_REQUEST
 * is no longer the caller's. */
NTSTATUS IopCallAndWait(PIO_REQUEST Request, ULONG Seconds, BOOLEAN *Completed);
NTSTATUS IopCallAlertably(PIO_REQUEST Request, BOOLEAN *Completed); /* without a time limit */
void IopDispatchOwn(
    PIO_REQUEST Request); /* rootbus.c: an IO_REQUEST to a physical device object of ours */

/* charge.c: who pays for what drivers hold */
BOOLEAN IopChargeRequest(PIO_REQUEST Request);
BOOLEAN IopChargeData(PIO_REQUEST Request, ULONG Pages);
BOOLEAN IopChargeName(PIO_FILE File);
void IopReturnCharge(PIO_REQUEST Request);
BOOLEAN IopCountRequest(PIO_REQUEST Request);
void IopUncountRequest(PIO_REQUEST Request);

/* client.c: requests of clients */
void IopMoveList(PLIST_ENTRY List, PLIST_ENTRY To); /* all of List to the end of To */
void IopInitializeClients(void);
NTSTATUS IopPrepareClient(PIOP_CLIENT Client, PIO_FILE File, HANDLE Event,
                          PIO_APC_ROUTINE ApcRoutine, CLIENT(PVOID) ApcContext,
                          CLIENT(PIO_STATUS_BLOCK) Iosb);
void IopReleaseClient(PIOP_CLIENT Client);
NTSTATUS IopIssueClientRequest(PIO_REQUEST Request, PIOP_CLIENT Client); /* consumes both */
NTSTATUS IopFinishClient(PIO_FILE File, PIOP_CLIENT Client, NTSTATUS Status, ULONG_PTR Information);

/* ---- Files (file.c) ---- */
/* NULL: it has offsets. */
FORCEINLINE const IOP_STREAM_SYSTEM *IopStreamsOf(PIO_FILE File)
{
    return File->Device->FileSystem ? File->Device->FileSystem->Streams : NULL;
}

extern const OBJECT_TYPE_INITIALIZER IopDeviceTypeInitializer, IopDriverTypeInitializer,
    IopFileTypeInitializer;
NTSTATUS IopAllocateFile(PIO_DEVICE Device, PIOP_OPEN_PACKET Packet, PIO_FILE *File);
#define IopIsSynchronous(file)                                                                     \
    ((file)->Options & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT))

/* ---- Files and completion ports (association.c) ---- */
/* Port NULL: no longer. STATUS_INVALID_PARAMETER, and what the port's handle may give. */
NTSTATUS IopAssociatePort(PIO_FILE File, const FILE_COMPLETION_INFORMATION *Information,
                          BOOLEAN Replace);
NTSTATUS IopSetPortFlags(PIO_FILE File, ULONG Flags);
/* Memory for what the port will be told, if a port can be. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS IopPreparePacket(PIO_FILE File, PVOID Context, PIO_PACKET *Packet);
/* The request is over. Pending: its caller has been told so. */
void IopPostClient(PIO_FILE File, PIOP_CLIENT Client, const IO_STATUS_BLOCK *Block,
                   BOOLEAN Pending);

/* ---- Objects of completion ports (completion.c, reserve.c, waitpacket.c) ---- */
extern const OBJECT_TYPE_INITIALIZER IopCompletionTypeInitializer, IopReserveTypeInitializer,
    IopWaitPacketTypeInitializer;
extern POBJECT_TYPE IopReserveType, IopWaitPacketType;

/* ---- Driver hosts (host.c): processes that drivers live in ---- */
typedef struct _IOP_INTERRUPT {
    ULONG Vector;
    seL4_CPtr Handler;
    seL4_CPtr ClientCap; /* what the host calls it; 0: free */
} IOP_INTERRUPT, *PIOP_INTERRUPT;

typedef struct _IOP_PORT_RANGE {
    ULONG First, Count;
    seL4_CPtr Cap; /* the HAL's */
    seL4_CPtr ClientCap;
} IOP_PORT_RANGE, *PIOP_PORT_RANGE;

/* Where a host's last exception was, or where the watchdog has found it. */
typedef struct _IOP_FAULT {
    WCHAR Module[32]; /* empty: in none, or there was none */
    ULONG_PTR Offset; /* in the module; without one an address */
} IOP_FAULT;

typedef struct _IO_HOST {
    ULONG References;
    WCHAR Name[32];              /* its process's: that of the first driver, with ".sys" */
    BOOLEAN Grouped;             /* the registry says who is in it */
    WCHAR Group[IOP_GROUP_NAME]; /* the group's name, or an empty string */
    PEPROCESS Process;           /* referenced, and refers to the host; NULL: it has ended */
    NTSTATUS ExitStatus;         /* the process's, when that has ended */
    IOP_FAULT Fault;             /* what it has ended by */
    BOOLEAN Equipping;           /* IopCreateHost is at work */
    BOOLEAN EndedEarly;          /* its process has ended meanwhile */
    BOOLEAN Attached;            /* the runtime has called DrvAttach */
    PETHREAD MainThread, InterruptThread; /* referenced; NULL: none */
    LIST_ENTRY DriverList;                /* IO_DRIVER.HostEntry, not referenced */
    PIO_DEVICE Opens[IOP_MAXIMUM_OPENS];  /* referenced: by DrvOpenDevice */
    ULONG OpenCount;

    /* The channel */
    DRIVER_CHANNEL *Channel; /* NULL: gone, and it gets no other */
    PVOID ClientChannel;
    UINT32 Produced, Consumed; /* our indices: ToDriver, FromDriver */
    LIST_ENTRY SendQueue;      /* requests that wait for room */
    LIST_ENTRY ReplyQueue;     /* answered requests of this host's, to be reported to it */
    LIST_ENTRY CancelQueue; /* requests sent to it whose cancellation it has yet to be asked for */
    RTL_AVL_TREE Outstanding; /* requests sent to it, by Id */
    RTL_AVL_TREE Forwarded;   /* requests that it has sent to others, by its number for them */
    ULONG ForwardCount;
    LIST_ENTRY LockedData; /* IOP_LOCKED_DATA: named by the host, and in no request yet */
    ULONG LockedCount;
    ULONG SignalBit;        /* of the Executive's notification, 0: none; others may have the same */
    LIST_ENTRY SignalEntry; /* those of that bit */
    LIST_ENTRY HostsEntry;  /* IopHosts, while it has a bit */
    KTIMER RetryTimer;

    /* The watchdog's (watchdog.c) */
    BOOLEAN Raised;       /* the main thread runs above programs */
    BOOLEAN JustRaised;   /* since the last tick */
    BOOLEAN Suspected;    /* its threads run like programs, to see whether others then can */
    ULONG ProgressBefore; /* of its threads when it was suspected */
    ULONG CalmTicks,
        CalmLength;     /* how long it still is as urgent as programs; how long last time */
    ULONG LastStretch;  /* of the main thread at the last tick */
    BOOLEAN AtDispatch; /* the main thread at the last tick */

    /* Capabilities and mappings that the process holds */
    MM_KERNEL_OBJECT MainNotification, InterruptNotification, LockNotification;
    KTIMER Timer; /* DrvSetTimer */
    IOP_INTERRUPT Interrupts[IOP_MAXIMUM_INTERRUPTS];
    IOP_PORT_RANGE Ports[IOP_MAXIMUM_PORT_RANGES];
} IO_HOST, *PIO_HOST;

PIO_HOST IopCurrentHost(void); /* of the calling process; NULL: it has been given up */
UINT32 IopCurrentProcessId(void);
/* hostchoice.c: puts a driver into the host that it is to be loaded into, perhaps a new one;
 * referenced. May wait. */
NTSTATUS IopPlaceDriver(struct _IO_DRIVER *Driver, PIO_HOST *Host);
void IopInitializeHosts(void);
/* A new host, whose process is named after its first driver; referenced. */
NTSTATUS IopCreateHost(const WCHAR *DriverName, PIO_HOST *Host);

/* ---- Signals of hosts (hostsignal.c) ---- */
extern LIST_ENTRY IopHosts; /* those that can signal the Executive */
void IopAssignSignal(PIO_HOST Host);
void IopReleaseSignal(PIO_HOST Host);

/* ---- Drivers (driver.c) ---- */
typedef enum _IOP_DRIVER_STATE {
    IopDriverStarting,
    IopDriverRunning,
    IopDriverUnloading,
    IopDriverEnding, /* its host has ended, what that had is being taken back */
    IopDriverDead,
} IOP_DRIVER_STATE;

typedef struct _IO_DRIVER {
    WCHAR Name[32];
    UINT32 Id; /* its name in the channel; 0: it is in no host */
    IOP_DRIVER_STATE State;
    BOOLEAN Busy;         /* somebody who starts or unloads it is waiting for its host */
    KEVENT Idle;          /* a synchronisation event: nobody does any more */
    BOOLEAN Forgotten;    /* has lost its name for good: a new one is made of that name */
    PIO_HOST Host;        /* referenced; NULL: never started. The last one, when it is dead */
    LIST_ENTRY HostEntry; /* IO_HOST.DriverList */
    LIST_ENTRY DeviceList;
    ULONG DeviceCount;
    BOOLEAN Restarting;  /* restart.c will start it again */
    ULONG Failures;      /* in a row */
    ULONGLONG StartTime; /* interrupt time of its last start */
    ULONG Starts;
    NTSTATUS LastStatus;  /* exit status of its last host that has ended */
    IOP_FAULT LastFault;  /* and where it was then */
    LIST_ENTRY ListEntry; /* IopDrivers */
} IO_DRIVER, *PIO_DRIVER;

extern LIST_ENTRY IopDrivers;                /* all, in the order of loading: driverinfo.c */
PIO_DRIVER IopFindDriver(const WCHAR *Name); /* referenced; NULL: none */
/* Starts one whose host has ended; its devices are the caller's to start.
 * STATUS_IMAGE_ALREADY_LOADED: it has not, or another starts it. */
NTSTATUS IopReviveDriver(PIO_DRIVER Driver);
/* The key of its service below \Registry, of IOP_SERVICE_KEY_NAME characters at most. */
void IopServiceKey(const WCHAR *DriverName, WCHAR *Key);
void IopLeaveHost(PIO_DRIVER Driver); /* its devices go; the driver object stays */

/* ---- Starting drivers again (restart.c) ---- */
struct _IOP_RESTART *IopPlanRestart(PIO_HOST Host);
void IopRestartDrivers(struct _IOP_RESTART *Restart);

/* ---- The channel (channel.c) ---- */
void IopFlushHost(PIO_HOST Host); /* sends what waits, as far as there is room */
BOOLEAN IopSendAtOnce(PIO_HOST Host, PIO_REQUEST Request);
void IopDrainChannel(PIO_HOST Host); /* takes what it has sent */
BOOLEAN IopPutMessage(PIO_HOST Host, const DRIVER_MESSAGE *Message);
ULONG IopOutputLength(PIO_REQUEST Request);

/* ---- Requests by number (outstanding.c) ---- */
void IopInsertOutstanding(PIO_HOST Host, PIO_REQUEST Request);
void IopRemoveOutstanding(PIO_HOST Host, PIO_REQUEST Request);
PIO_REQUEST IopFindOutstanding(PIO_HOST Host, ULONGLONG Id); /* NULL: it has no such request */
PIO_REQUEST IopFirstOutstanding(PIO_HOST Host);              /* NULL: none is left */
void IopInsertForwarded(PIO_HOST Origin, PIO_REQUEST Request);
void IopRemoveForwarded(PIO_HOST Origin, PIO_REQUEST Request);
PIO_REQUEST IopFindForwarded(PIO_HOST Origin, ULONGLONG OriginId);

/* ---- From one driver to another (forward.c, connection.c) ---- */
void IopForwardRequest(PIO_HOST Origin, const DRIVER_MESSAGE *Message);
void IopForwardCancel(PIO_HOST Origin, ULONGLONG Id);
/* hostdata.c: the data that the message names. FALSE: it may not, or there are none such. */
BOOLEAN IopAdoptData(PIO_HOST Origin, PIO_REQUEST Request, const DRIVER_REQUEST *Parameters);
void IopDropLockedData(PIO_HOST Host);
BOOLEAN IopMayReach(PIO_HOST Host, PIO_DEVICE Device);
NTSTATUS IopConnectInput(PIO_REQUEST Request, UINT32 ClassCallback);
void IopEndConnect(PIO_REQUEST Request);
void IopRouteInput(PIO_HOST Port, const DRIVER_INPUT *Input);
void IopDeleteConnections(PIO_HOST Host);

/* ---- Resources (resource.c) ---- */
void IopReleaseResources(PIO_HOST Host);

/* ---- Priorities and the watchdog (watchdog.c) ---- */
void IopInitializeWatchdog(void);
void IopWakeHost(PIO_HOST Host); /* its main thread, for work at DISPATCH_LEVEL */
void IopEndHost(PIO_HOST Host);  /* its process; for callers that must not give way */
void IopForgetThreads(PIO_HOST Host);

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
    PIO_DEVICE Pdo;
    IOP_NODE_STATE State;
    ULONG Removals; /* fragments of its stack that are being removed */
} IOP_DEVNODE, *PIOP_DEVNODE;

void IopInitializeRootBus(void);
PIOP_DEVNODE IopGetDevNode(ULONG Index); /* NULL at the end */
void IopStartDevices(void);              /* those whose drivers are all there; may wait */
void IopHostLost(PIO_HOST Host);         /* must not wait */
BOOLEAN IopIsPnpDriver(PIO_DRIVER Driver);
BOOLEAN IopNodeHasService(PIOP_DEVNODE Node, const WCHAR *Name);
BOOLEAN IopHostHasDriver(PIO_HOST Host, const WCHAR *Name);
BOOLEAN IopNodeIsOfHost(PIOP_DEVNODE Node, PIO_HOST Host);

/* fileinfo.c: what begins with Header and ends with a name: as much of that as there is room for.
 * STATUS_BUFFER_OVERFLOW. */
NTSTATUS IopReturnName(CLIENT(PVOID) Buffer, ULONG Length, const void *Header, ULONG Size,
                       PCUNICODE_STRING Name, PULONG_PTR Returned);

/* notify.c: the last handle of a directory is gone. May give way. */
void IopEndNotifications(PIO_FILE File);

/* ---- The console (console.c) ---- */
NTSTATUS IopCreateConsole(void);

/* ---- Named pipes (npfs/), mailslots (msfs/) ---- */
NTSTATUS NpCreateDevice(void);
NTSTATUS MsCreateDevice(void);
/* ---- Locks of ranges (rangelock.c), of files with FsContext ---- */
/* Whether the file may be read there: STATUS_FILE_LOCK_CONFLICT. */
NTSTATUS IopCheckRead(PIO_FILE File, ULONGLONG Offset, ULONG Length, ULONG Key);
void IopReleaseLocks(PIO_FILE File, BOOLEAN GiveWay); /* those of the file */

/* A device of the Executive's own, and a link to it. */
NTSTATUS IopCreateStreamDevice(PUNICODE_STRING Name, PUNICODE_STRING Link, ULONG Type,
                               const IOP_FILE_SYSTEM *FileSystem);

/* ---- The boot archive (archivefs.c; pure: archive.c, archivetable.c), names (pattern.c) ---- */
typedef struct _IOP_ARCHIVE_ENTRY {
    const char *Name; /* without a leading slash; not NUL-terminated */
    ULONG NameLength;
    ULONG Mode;
    ULONG Time; /* seconds since 1970 */
    const UCHAR *Data;
    ULONG Size;
    ULONG Readers, SharingReaders; /* files that count; those of them that let others read */
} IOP_ARCHIVE_ENTRY, *PIOP_ARCHIVE_ENTRY;

BOOLEAN IopNextArchiveEntry(const UCHAR *Archive, SIZE_T Length, SIZE_T *Offset,
                            PIOP_ARCHIVE_ENTRY Entry);
BOOLEAN IopIsArchiveEnd(const UCHAR *Archive, SIZE_T Length, SIZE_T Offset);
BOOLEAN IopIsArchiveDirectory(const IOP_ARCHIVE_ENTRY *Entry);
BOOLEAN IopIsArchiveFile(const IOP_ARCHIVE_ENTRY *Entry);

typedef struct _IOP_ARCHIVE_TABLE {
    PIOP_ARCHIVE_ENTRY Entries;
    ULONG Count;
} IOP_ARCHIVE_TABLE, *PIOP_ARCHIVE_TABLE;

NTSTATUS IopListArchive(const UCHAR *Archive, SIZE_T Length, PIOP_ARCHIVE_TABLE Table);
NTSTATUS IopMergeArchive(PIOP_ARCHIVE_TABLE Table, const UCHAR *Archive, SIZE_T Length);
BOOLEAN IopSameArchiveName(const char *One, const char *Other, ULONG Length);
extern const IOP_FILE_SYSTEM IopArchiveFileSystem;
NTSTATUS IopMountArchive(void);
BOOLEAN IopMatchPattern(PCUNICODE_STRING Pattern, PCUNICODE_STRING Name);
