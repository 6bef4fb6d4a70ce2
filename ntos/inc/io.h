/* SPDX-License-Identifier: BSD-2-Clause */
/* Input and output: drivers (each in its process), devices, files, requests, the boot archive,
 * PnP. */
#pragma once
#include "ke.h"
#include "ob.h"

struct _EPROCESS;
struct _ETHREAD;
struct _IO_HOST;
struct _IO_DEVICE;

extern POBJECT_TYPE IoDeviceType, IoFileType, IoDriverType;

/* ---- Completion ports (completion.c) ---- */
extern POBJECT_TYPE IoCompletionType;

typedef struct _IO_COMPLETION {
    KQUEUE Queue; /* of IO_PACKET.Entry */
} IO_COMPLETION, *PIO_COMPLETION;

typedef struct _IO_PACKET {
    LIST_ENTRY Entry;
    void (*Release)(struct _IO_PACKET *Packet); /* it has been taken, or its port is gone */
    PVOID Key, Context;
    IO_STATUS_BLOCK Block;
} IO_PACKET, *PIO_PACKET;

/* Releases itself. NULL: no memory, or Payer cannot pay for it. */
PIO_PACKET IoAllocatePacket(struct _EPROCESS *Payer);
/* Packet is the port's from then on. */
void IoPostPacket(PIO_COMPLETION Port, PIO_PACKET Packet);

typedef struct _IO_FILE {
    DISPATCHER_HEADER Header;  /* signalled when the last operation completes */
    struct _IO_DEVICE *Device; /* referenced */
    ULONG Id;      /* the file's name in the driver's channel; 0 for in-process file systems */
    ULONG Options; /* FILE_SYNCHRONOUS_IO_ … */
    ACCESS_MASK Access;
    LONGLONG CurrentByteOffset;
    PVOID FsContext;        /* the file system's own: boot archive entry */
    ULONG FsPosition;       /* directory enumeration */
    UNICODE_STRING Name;    /* below the device, pool */
    UNICODE_STRING Pattern; /* of a directory that is being enumerated, pool */
    PIO_COMPLETION Port;    /* referenced: where finished requests are reported, or NULL */
    PVOID PortKey;
    ULONG PortFlags; /* FILE_SKIP_COMPLETION_PORT_ON_SUCCESS … */
    struct _IO_REQUEST *CleanupRequest, *CloseRequest; /* ready to be sent to the device's driver */
    LIST_ENTRY Notifications; /* IO_REQUEST.QueueEntry: who waits for changes of the directory */
    BOOLEAN Opened;           /* the driver knows the file */
    BOOLEAN Enumerated;       /* NtQueryDirectoryFile has begun */
    BOOLEAN CleanedUp;        /* its last handle is gone */
    UCHAR Sharing;            /* IOP_SHARING_: how it counts among those that have FsContext open */
} IO_FILE, *PIO_FILE;

void IoProvideAddedArchive(const void *Archive, SIZE_T Length); /* before IoInitialize */
void IoInitialize(void); /* object types, \SystemRoot on the boot archive, the root bus's devices */

/* For sections and process creation: opens a file for reading by absolute path; comes
 * referenced. */
NTSTATUS IoOpenFile(PUNICODE_STRING Path, PIO_FILE *File);
NTSTATUS IoReopenFile(PIO_FILE File, PIO_FILE *Copy);
NTSTATUS IoQueryFileSize(PIO_FILE File, PULONGLONG Size);
/* Reads into system memory; *Read may be short at the end of the file. May wait. */
NTSTATUS IoPageRead(PIO_FILE File, PVOID Buffer, ULONG Length, ULONGLONG Offset, PULONG Read);

void IoHostSignal(seL4_Word Bits); /* the dispatcher: channels of these signal bits want attention
                                      (KE_CLOCK bit removed) */
/* A process has a reference to the driver host that it is. */
void IoReferenceHost(struct _IO_HOST *Host);
void IoDereferenceHost(struct _IO_HOST *Host);
/* The process, which has a driver host, is about to end by what it has done at that address. */
void IoNoteHostFault(struct _EPROCESS *Process, ULONG_PTR Address);
void IoHostProcessExit(
    struct _EPROCESS *Process); /* the host is gone: fail its requests, mask its interrupts */
void IoHostThreadExit(struct _ETHREAD *Thread); /* it is over, and is not the last */
/* The driver's thread is about to end or wait is aborted: cancels what it has outstanding. */
void IoCancelThreadRequests(struct _ETHREAD *Thread, BOOLEAN GiveWay);
