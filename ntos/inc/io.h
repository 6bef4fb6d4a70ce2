/* SPDX-License-Identifier: BSD-2-Clause */
/* Input and output: drivers (each in its process), devices, files, IRPs, the boot archive, PnP. */
#pragma once
#include "ke.h"
#include "ob.h"

struct _EPROCESS;
struct _ETHREAD;
struct _IO_DRIVER;
struct _DEVICE_OBJECT;

extern POBJECT_TYPE IoDeviceType, IoFileType, IoDriverType;

typedef struct _FILE_OBJECT {
    DISPATCHER_HEADER Header; /* signalled when the last operation completes */
    struct _DEVICE_OBJECT *Device; /* referenced */
    ULONG Id;                 /* the file's name in the driver's channel; 0 for in-process file systems */
    ULONG Options;            /* FILE_SYNCHRONOUS_IO_ … */
    ACCESS_MASK Access;
    LONGLONG CurrentByteOffset;
    PVOID FsContext;          /* the file system's own: boot archive entry */
    ULONG FsPosition;         /* directory enumeration */
    UNICODE_STRING Name;      /* below the device, pool */
    UNICODE_STRING Pattern;   /* of a directory that is being enumerated, pool */
    struct _IRP *CleanupIrp, *CloseIrp; /* ready to be sent to the device's driver */
    BOOLEAN Opened;           /* the driver knows the file */
    BOOLEAN Enumerated;       /* NtQueryDirectoryFile has begun */
} FILE_OBJECT, *PFILE_OBJECT;

void IoInitialize(void); /* object types, \SystemRoot on the boot archive, the root bus's devices */

/* For sections and process creation: opens a file for reading by absolute path; comes referenced. */
NTSTATUS IoOpenFile(PUNICODE_STRING Path, PFILE_OBJECT *File);
NTSTATUS IoQueryFileSize(PFILE_OBJECT File, PULONGLONG Size);
/* Reads into system memory; *Read may be short at the end of the file. May wait. */
NTSTATUS IoPageRead(PFILE_OBJECT File, PVOID Buffer, ULONG Length, ULONGLONG Offset, PULONG Read);

void IoDriverSignal(seL4_Word Bits); /* the dispatcher: these drivers' channels want attention (KE_CLOCK bit removed) */
void IoDriverProcessExit(struct _EPROCESS *Process); /* the driver is gone: fail its IRPs, mask its interrupts */
/* The driver's thread is about to end or wait is aborted: cancels what it has outstanding. */
void IoCancelThreadIrps(struct _ETHREAD *Thread);
/* Ports that the driver process holds: capability covering [Port, Port+Size), 0 if it does not. */
seL4_CPtr IoDriverPortCap(struct _EPROCESS *Process, USHORT Port, ULONG Size);
