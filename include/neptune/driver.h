/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The channel between the Executive and a driver process: two rings of fixed-size messages in shared memory and a
 * notification in each direction. Neither side trusts the other's indices or contents: the Executive keeps private
 * copies of its indices, copies a message out before it looks at it, and checks every id, offset and length.
 *
 * Requests have an Id chosen by their sender and are answered by a DriverMessageDone with the same Id, in any order.
 * Devices, files and connections are named across the channel by 32-bit ids given out by the Executive (0 = none).
 *
 * The layouts are those of both sides and both architectures. i386 ELF aligns UINT64 by 4 and i386 PE by 8, so every such
 * field has an offset of a multiple of 8 anyway.
 */
#pragma once
#include <nt/ntdef.h>
#include <stddef.h>

#define DRIVER_RING_ENTRIES 32
#define DRIVER_DATA_SIZE 0x4000 /* bytes in each of the two data areas */
#define DRIVER_INPUT_BYTES 192  /* payload of one DriverMessageInput */
#define DRIVER_MAX_RESOURCES 16

typedef enum _DRIVER_MESSAGE_TYPE {
    /* In both directions */
    DriverMessageDone = 1, /* answers a request: Done */
    DriverMessageIrp,      /* an IRP for a device of the receiver; from a driver: IoCallDriver to a remote device */
    DriverMessageCancel,   /* the sender of request Id wants it completed early; it is still answered by Done */
    DriverMessageInput,    /* input packets for a class driver's service callback; never answered: Input */
    /* To the driver */
    DriverMessageAddDevice, /* call AddDevice for the PDO in AddDevice.Device; answered by Done */
    DriverMessageUnload,    /* call DriverUnload and exit; answered by Done before exit */
} DRIVER_MESSAGE_TYPE;

/* The parts of an IO_STACK_LOCATION that travel. Offsets count from the start of the data area of the direction. */
typedef struct _DRIVER_IRP {
    UINT32 Device;        /* target */
    UINT32 File;          /* file object id, 0 = none */
    UINT8 MajorFunction;
    UINT8 MinorFunction;
    UINT8 RequestorMode;  /* 0 kernel, 1 user */
    UINT8 Reserved;
    UINT32 IoControlCode; /* [INTERNAL_]DEVICE_CONTROL */
    UINT32 DataOffset;    /* buffer shared by input and output, as METHOD_BUFFERED; 8-byte aligned */
    UINT32 InputLength;   /* bytes of input at DataOffset: write data, ioctl input, create: remaining name */
    UINT32 OutputLength;  /* bytes that the driver may return there: read data, ioctl output */
    UINT32 DesiredAccess; /* CREATE */
    UINT32 CreateOptions; /* CREATE: options in the low 24 bits, disposition in the high 8 */
    UINT32 Connection;    /* IOCTL_INTERNAL_KEYBOARD/MOUSE_CONNECT: to the port driver a connection id, from the class
                             driver a callback id of its own that comes back in Input.Connection */
    UINT16 ShareAccess;   /* CREATE */
    UINT16 FileAttributes;
    UINT32 Reserved2;
    UINT64 ByteOffset;    /* READ, WRITE */
} DRIVER_IRP;

_Static_assert(offsetof(DRIVER_IRP, ByteOffset) == 48 && sizeof(DRIVER_IRP) == 56, "on every side");

typedef struct _DRIVER_DONE {
    INT32 Status;
    UINT32 Reserved;
    UINT64 Information; /* bytes returned at the request's DataOffset, at most its OutputLength */
} DRIVER_DONE;

_Static_assert(offsetof(DRIVER_DONE, Information) == 8 && sizeof(DRIVER_DONE) == 16, "on every side");

typedef struct _DRIVER_INPUT {
    UINT32 Connection; /* from the port driver: connection id; to the class driver: its callback id */
    UINT32 Length;     /* bytes, at most DRIVER_INPUT_BYTES */
    UINT8 Data[DRIVER_INPUT_BYTES];
} DRIVER_INPUT;

/* A device as another process sees it: enough to make a proxy DEVICE_OBJECT. */
typedef struct _DRIVER_DEVICE_INFO {
    UINT32 Device;
    UINT32 DeviceType;
    UINT32 Characteristics;
    UINT32 Flags;      /* DO_ flags */
    UINT32 StackSize;
    UINT32 Reserved;
} DRIVER_DEVICE_INFO;

typedef struct _DRIVER_MESSAGE {
    UINT32 Type; /* DRIVER_MESSAGE_TYPE */
    UINT32 Reserved;
    UINT64 Id;
    union {
        DRIVER_IRP Irp;
        DRIVER_DONE Done;
        DRIVER_INPUT Input;
        DRIVER_DEVICE_INFO AddDevice; /* the PDO */
    };
    UINT8 Padding[256 - 16 - sizeof(DRIVER_INPUT)];
} DRIVER_MESSAGE;

_Static_assert(offsetof(DRIVER_MESSAGE, Irp) == 16 && sizeof(DRIVER_MESSAGE) == 256, "on every side");

/* Consumer and producer count without wrapping back; entry = count % DRIVER_RING_ENTRIES; full when they differ by that. */
typedef struct _DRIVER_RING {
    volatile UINT32 Produced;
    volatile UINT32 Consumed;
    volatile UINT32 ConsumerSleeps; /* the producer signals the consumer's notification only when this is set */
    UINT32 Reserved[13];
    DRIVER_MESSAGE Entry[DRIVER_RING_ENTRIES];
} DRIVER_RING;

typedef struct _DRIVER_CHANNEL {
    DRIVER_RING ToDriver;
    DRIVER_RING FromDriver;
    UINT8 ToDriverData[DRIVER_DATA_SIZE];   /* allocated by the Executive */
    UINT8 FromDriverData[DRIVER_DATA_SIZE]; /* allocated by the driver runtime */
} DRIVER_CHANNEL;

/* START_DEVICE: InputLength bytes of these at DataOffset; the Executive puts them there from the device's assignment. */
typedef enum _DRIVER_RESOURCE_TYPE {
    DriverResourcePort = 1,
    DriverResourceInterrupt = 2,
    DriverResourceMemory = 3,
} DRIVER_RESOURCE_TYPE;

typedef struct _DRIVER_RESOURCE {
    UINT32 Type;
    UINT32 Flags;  /* interrupt: 1 = latched (edge), 0 = level */
    UINT64 Start;  /* first port or address; interrupt: the vector to give to IoConnectInterrupt */
    UINT64 Length; /* ports or bytes */
} DRIVER_RESOURCE;

_Static_assert(offsetof(DRIVER_RESOURCE, Start) == 8 && sizeof(DRIVER_RESOURCE) == 24, "on every side");

/* DrvAttach(DRIVER_ATTACH *Info): the driver's first call. */
typedef struct _DRIVER_ATTACH {
    UINT64 Channel;           /* address of the DRIVER_CHANNEL in the driver's address space */
    WCHAR ImagePath[128];     /* \SystemRoot\drivers\name.sys, NUL-terminated */
    WCHAR RegistryPath[128];  /* \Registry\Machine\System\CurrentControlSet\Services\name */
    WCHAR DriverName[64];     /* \Driver\name */
} DRIVER_ATTACH;

/* DrvConnectInterrupt's result. An edge interrupt is acknowledged before its ISR runs (an edge that comes while the pin is
   masked is lost), a level interrupt after it. */
typedef struct _DRIVER_INTERRUPT {
    UINT32 HandlerCap; /* CPtr of the seL4 IRQ handler */
    UINT32 BadgeBit;   /* bit set in the badge of NEPTUNE_DRIVER_IRQ_WAIT_CAP when it fires */
} DRIVER_INTERRUPT;

/*
 * The services (called like system services, see services.def; all return NTSTATUS):
 *   DrvAttach(DRIVER_ATTACH *Info)
 *   DrvReportStarted(NTSTATUS DriverEntryStatus)             a failure status is followed by the process's exit
 *   DrvCreateDevice(UNICODE_STRING *Name or NULL, ULONG DeviceType, ULONG Characteristics, ULONG Flags, UINT32 *Device)
 *   DrvDeleteDevice(UINT32 Device)
 *   DrvAttachDevice(UINT32 Source, UINT32 Target, DRIVER_DEVICE_INFO *LowerDevice)   attaches on top of Target's stack
 *   DrvDetachDevice(UINT32 LowerDevice)                      whatever is attached to it is detached
 *   DrvOpenDevice(UNICODE_STRING *Name, ACCESS_MASK Access, DRIVER_DEVICE_INFO *Device)   IoGetDeviceObjectPointer
 *   DrvConnectInterrupt(ULONG Vector, ULONG Latched, DRIVER_INTERRUPT *Info)
 *   DrvDisconnectInterrupt(UINT32 HandlerCap)
 *   DrvGetPort(ULONG First, ULONG Count, UINT32 *PortCap)    IO port capability over ports assigned to one of its devices
 *   DrvMakeBeep(ULONG Frequency)                             0 = silence; hertz as HalMakeBeep takes them
 *   DrvSetTimer(LARGE_INTEGER *DueTime)                      absolute interrupt time, 100 ns; the Executive then signals
 *                                                            the main notification once; NULL or 0 cancels
 */

/*
 * Stock DDK headers compile privileged instructions into x64 drivers (in/out, mov cr8). In a driver process they trap,
 * and the Executive carries them out: ports that the driver holds, and IRQL (CR8), kept in the thread's TEB page.
 */
#define NEPTUNE_TEB_IRQL 0x1BF8
