/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The channel between the Executive and a driver host, a process that drivers live in: two rings of
 * fixed-size messages in shared memory and a notification in each direction. Neither side trusts
 * the other's indices or contents: the Executive keeps private copies of its indices, copies a
 * message out before it looks at it, and checks every id, offset and length.
 *
 * Data of a few bytes travel in the message. Others lie in pages that the hosts of a request share:
 * a message only names them, nothing is copied from host to host, and a request that stays pending
 * takes no room in the channel.
 *
 * Requests have an Id chosen by their sender and are answered by a DriverMessageDone with the same
 * Id, in any order. Drivers, devices, files and connections are named across the channel by 32-bit
 * ids given out by the Executive (0 = none).
 *
 * The layouts are the same on both sides and both architectures. i386 ELF aligns UINT64 by 4 and
 * i386 PE by 8, so every such field has an offset of a multiple of 8 anyway.
 */
#pragma once
#include <nt/ntdef.h>
#include <stddef.h>

#define DRIVER_RING_ENTRIES 32
#define DRIVER_INLINE_BYTES 152 /* of data that a message itself has room for */
#define DRIVER_INPUT_BYTES 192  /* payload of one DriverMessageInput */
#define DRIVER_MAX_RESOURCES 16

typedef enum _DRIVER_MESSAGE_TYPE {
    /* In both directions */
    DriverMessageDone = 1, /* answers a request: Done */
    DriverMessageRequest,  /* an IRP for a device of the receiver; from a driver: IoCallDriver to a
                          remote device */
    DriverMessageCancel, /* the sender of request Id wants it completed early; it is still answered
                            by Done */
    DriverMessageInput,  /* input packets for a class driver's service callback; never answered:
                            Input */
    /* To the host: Command. Each is answered by Done. */
    DriverMessageLoad,      /* load the driver that the data describe (DRIVER_LOAD) and call
                               DriverEntry, whose status is the answer's */
    DriverMessageAddDevice, /* call the driver's AddDevice for the PDO in Command.Device */
    DriverMessageUnload,    /* call the driver's DriverUnload and forget it */
    /* From the host */
    DriverMessagePending,     /* the dispatch routine has returned and request Id, whose sender set
                                 TellPending, is not answered yet */
    DriverMessageDeviceFlags, /* the driver has changed its device's Flags: Command.Device */
} DRIVER_MESSAGE_TYPE;

/*
 * Where the data of a request lie. System data are what the driver finds at AssociatedIrp's
 * SystemBuffer (or Type3InputBuffer, or UserBuffer); direct data are what an MDL describes, most
 * often pages of the program that has made the request.
 */
typedef enum _DRIVER_DATA_PLACE {
    DriverDataInline, /* in the message; or there are none */
    DriverDataPages,  /* to the host: in pages. Address: where the host sees the system data, or 0,
                         then DrvMapData makes it see them; of direct data: where their owner does */
    DriverDataSystem, /* from the host: they are the system data of the request Address, which it
                         has been sent, from Offset on */
    DriverDataDirect, /* from the host: the direct data of such a request */
    DriverDataLocked, /* from the host: pages of its own; Address: what DrvLockData has said */
} DRIVER_DATA_PLACE;

typedef struct _DRIVER_DATA {
    UINT64 Address;
    UINT32 Offset;
    UINT32 Place;
} DRIVER_DATA;

/* The parts of an IO_STACK_LOCATION that travel. */
typedef struct _DRIVER_REQUEST {
    UINT32 Device; /* target */
    UINT32 File;   /* file object id, 0 = none */
    UINT8 MajorFunction;
    UINT8 MinorFunction;
    UINT8 RequestorMode; /* 0 kernel, 1 user */
    UINT8 TellPending; /* 1: the sender waits for Done or DriverMessagePending, whichever is first;
                          from a driver it is ignored */
    UINT32 IoControlCode; /* [INTERNAL_]DEVICE_CONTROL */
    UINT32 Reserved;
    UINT32 InputLength;   /* bytes of data: write data, ioctl input, create: remaining name */
    UINT32 OutputLength;  /* bytes that the driver may return: read data, ioctl output */
    UINT32 DesiredAccess; /* CREATE */
    UINT32 CreateOptions; /* CREATE: options in the low 24 bits, disposition in the high 8 */
    UINT32 Connection; /* IOCTL_INTERNAL_KEYBOARD/MOUSE_CONNECT: to the port driver a connection id,
                          from the class driver a callback id of its own that comes back in
                          Input.Connection */
    UINT16 ShareAccess; /* CREATE */
    UINT16 FileAttributes;
    UINT32 Process;    /* id of the process that made the request, 0 = the Executive */
    UINT64 ByteOffset; /* READ, WRITE */
    DRIVER_DATA System, Direct;
} DRIVER_REQUEST;

_Static_assert(offsetof(DRIVER_REQUEST, ByteOffset) == 48 && sizeof(DRIVER_REQUEST) == 88,
               "on every side");

#define DRIVER_IS_CONTROL(Function) ((Function) == 0x0e || (Function) == 0x0f)

/* Input and output of a control code share one buffer, METHOD_BUFFERED's. */
static inline BOOLEAN DriverSharesBuffer(const DRIVER_REQUEST *Request)
{
    return !DRIVER_IS_CONTROL(Request->MajorFunction) || !(Request->IoControlCode & 3);
}

/* Where the output lies among the system data. */
static inline UINT64 DriverOutputOffset(const DRIVER_REQUEST *Request)
{
    return DriverSharesBuffer(Request) ? 0 : ((UINT64)Request->InputLength + 7) & ~7ull;
}

/* The bytes of system data: what is output too, unless there are direct data for it. */
static inline UINT64 DriverSystemLength(const DRIVER_REQUEST *Request)
{
    UINT64 Output = Request->Direct.Place ? 0 : Request->OutputLength;

    if (Request->Direct.Place && !DRIVER_IS_CONTROL(Request->MajorFunction))
        return 0;
    if (DriverSharesBuffer(Request))
        return Request->InputLength > Output ? Request->InputLength : Output;
    return Output ? DriverOutputOffset(Request) + Output : Request->InputLength;
}

/* The bytes of direct data, if there are any. */
static inline UINT64 DriverDirectLength(const DRIVER_REQUEST *Request)
{
    return Request->MajorFunction == 0x04 /* WRITE */ ? Request->InputLength
                                                      : Request->OutputLength;
}

/* The bytes that come with the request's message, where the system data are inline. */
static inline UINT64 DriverInlineInput(const DRIVER_REQUEST *Request)
{
    if (Request->System.Place ||
        (Request->Direct.Place && !DRIVER_IS_CONTROL(Request->MajorFunction)))
        return 0;
    /* METHOD_IN_DIRECT: what is called output is input too. */
    return DRIVER_IS_CONTROL(Request->MajorFunction) && (Request->IoControlCode & 3) == 1
               ? DriverSystemLength(Request)
               : Request->InputLength;
}

typedef struct _DRIVER_DONE {
    INT32 Status;
    UINT32 Pending;     /* 1: the IRP was marked pending, so its dispatch routine returns that */
    UINT64 Information; /* unless Status is an error, as many bytes of data, at most the request's
                           OutputLength */
} DRIVER_DONE;

_Static_assert(offsetof(DRIVER_DONE, Information) == 8 && sizeof(DRIVER_DONE) == 16,
               "on every side");

typedef struct _DRIVER_INPUT {
    UINT32
    Connection;    /* from the port driver: connection id; to the class driver: its callback id */
    UINT32 Length; /* bytes, at most DRIVER_INPUT_BYTES */
    UINT32 Lost;   /* to the class driver: bytes that had to be dropped before these */
    UINT32 Reserved;
    UINT8 Data[DRIVER_INPUT_BYTES];
} DRIVER_INPUT;

/* A device as another process sees it: enough to make a proxy DEVICE_OBJECT. */
typedef struct _DRIVER_DEVICE_INFO {
    UINT32 Device;
    UINT32 DeviceType;
    UINT32 Characteristics;
    UINT32 Flags; /* DO_ flags */
    UINT32 StackSize;
    UINT32 Reserved;
} DRIVER_DEVICE_INFO;

typedef struct _DRIVER_COMMAND {
    UINT32 Driver;
    UINT32 DataLength; /* bytes of data */
    DRIVER_DATA System;
    DRIVER_DEVICE_INFO Device; /* DeviceFlags: Device and Flags */
} DRIVER_COMMAND;

typedef struct _DRIVER_MESSAGE {
    UINT32 Type;       /* DRIVER_MESSAGE_TYPE */
    UINT32 DataLength; /* of Data */
    UINT64 Id;
    union {
        struct {
            union {
                DRIVER_REQUEST Request;
                DRIVER_DONE Done;
                DRIVER_COMMAND Command;
            };
            UINT8 Data[DRIVER_INLINE_BYTES];
        };
        DRIVER_INPUT Input;
    };
} DRIVER_MESSAGE;

_Static_assert(offsetof(DRIVER_MESSAGE, Request) == 16 && offsetof(DRIVER_MESSAGE, Data) == 104 &&
                   sizeof(DRIVER_MESSAGE) == 256,
               "on every side");

/* The bytes of a message that its type uses, without the data. */
static inline UINT32 DriverMessageSize(UINT32 Type)
{
    if (Type == DriverMessageDone)
        return offsetof(DRIVER_MESSAGE, Done) + sizeof(DRIVER_DONE);
    if (Type == DriverMessageInput)
        return sizeof(DRIVER_MESSAGE);
    return offsetof(DRIVER_MESSAGE, Request) + sizeof(DRIVER_REQUEST);
}

/* These bytes only, and the data, unless there are more of them than there can be. From may change
 * meanwhile. */
static inline void DriverCopyMessage(DRIVER_MESSAGE *To, const DRIVER_MESSAGE *From)
{
    UINT32 Type = __atomic_load_n(&From->Type, __ATOMIC_RELAXED);
    UINT32 Length = __atomic_load_n(&From->DataLength, __ATOMIC_RELAXED);

    __builtin_memcpy(To, From, DriverMessageSize(Type));
    To->Type = Type;
    To->DataLength = Length;
    if (Length && Length <= DRIVER_INLINE_BYTES && Type != DriverMessageInput)
        __builtin_memcpy(To->Data, From->Data, Length);
}

/* Consumer and producer count without wrapping back; entry = count % DRIVER_RING_ENTRIES; full when
 * they differ by that. */
typedef struct _DRIVER_RING {
    volatile UINT32 Produced;
    volatile UINT32 Consumed;
    volatile UINT32
        ConsumerSleeps; /* the producer signals the consumer's notification only when this is set */
    UINT32 Reserved[13];
    DRIVER_MESSAGE Entry[DRIVER_RING_ENTRIES];
} DRIVER_RING;

typedef struct _DRIVER_CHANNEL {
    DRIVER_RING ToDriver;
    DRIVER_RING FromDriver;
} DRIVER_CHANNEL;

/* START_DEVICE: InputLength bytes of these as data; the Executive puts them there from the
 * device's assignment. */
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

_Static_assert(offsetof(DRIVER_RESOURCE, Start) == 8 && sizeof(DRIVER_RESOURCE) == 24,
               "on every side");

/* The data of DriverMessageLoad; all strings are NUL-terminated. */
typedef struct _DRIVER_LOAD {
    WCHAR ImagePath[128];    /* \SystemRoot\drivers\name.sys */
    WCHAR RegistryPath[128]; /* \Registry\Machine\System\CurrentControlSet\Services\name */
    WCHAR DriverName[64];    /* \Driver\name */
} DRIVER_LOAD;

/* DrvConnectInterrupt's result. An edge interrupt is acknowledged before its ISR runs (an edge that
   comes while the pin is masked is lost), a level interrupt after it. */
typedef struct _DRIVER_INTERRUPT {
    UINT32 HandlerCap; /* CPtr of the seL4 IRQ handler */
    UINT32 BadgeBit;   /* bit set in the badge of NEPTUNE_DRIVER_IRQ_WAIT_CAP when it fires */
} DRIVER_INTERRUPT;

/*
 * The services, called like system services (services.def); all return NTSTATUS.
 *
 *   DrvAttach(UINT64 *Channel)
 *       The host's first call: where its DRIVER_CHANNEL lies.
 *   DrvCreateDevice(UINT32 Driver, UNICODE_STRING *Name or NULL, ULONG DeviceType,
 *                   ULONG Characteristics, ULONG Flags, UINT32 *Device)
 *   DrvDeleteDevice(UINT32 Device)
 *   DrvAttachDevice(UINT32 Source, UINT32 Target, DRIVER_DEVICE_INFO *LowerDevice)
 *       Attaches on top of Target's stack.
 *   DrvDetachDevice(UINT32 LowerDevice)
 *       Whatever is attached to it is detached.
 *   DrvOpenDevice(UNICODE_STRING *Name, ACCESS_MASK Access, DRIVER_DEVICE_INFO *Device)
 *       For IoGetDeviceObjectPointer.
 *   DrvConnectInterrupt(ULONG Vector, ULONG Latched, DRIVER_INTERRUPT *Info)
 *   DrvDisconnectInterrupt(UINT32 HandlerCap)
 *   DrvGetPort(ULONG First, ULONG Count, UINT32 *PortCap)
 *       An IO port capability over ports assigned to one of its devices.
 *   DrvMakeBeep(ULONG Frequency)
 *       Hertz, as HalMakeBeep takes them; 0 is silence.
 *   DrvSetTimer(LARGE_INTEGER *DueTime)
 *       Absolute interrupt time, 100 ns: the Executive then signals the main notification once.
 *       NULL or 0 cancels.
 *   DrvServeInterrupts()
 *       The calling thread has the priority of interrupts from now on.
 *   DrvMapData(UINT64 *Request, ULONG Direct, UINT64 *Address)
 *       Makes the host see the data of a request that it has been sent, until the request is over:
 *       the system data, or the direct ones. *Address: where their first byte is.
 *   DrvLockData(PVOID Address, ULONG Length, ULONG Write, UINT32 *Name)
 *       Names pages of the host for one request to another host (DriverDataLocked), which may write
 *       there if Write is not 0.
 *   DrvQueryFrames(UINT64 *Request, PVOID Address, ULONG First, ULONG Count, UINT64 *Frames)
 *       The numbers of the physical pages of a request's direct data, from page First on; where
 *       Request is NULL, of the host's own pages from Address on.
 *   DrvRequestDispatch()
 *       There is work for the main thread at DISPATCH_LEVEL: it is signalled, and it runs
 *       above programs if it sleeps or is at that level.
 *   DrvChargeThreads(UINT64 *Request, LONG Count)
 *       The process that has made the request of that Id pays DRIVER_THREAD_COST for one thread
 *       more (Count > 0), or no longer for as many as -Count. STATUS_INSUFFICIENT_RESOURCES: it
 *       cannot. STATUS_NOT_FOUND: nobody pays for the request, or it is answered. Then all that it
 *       has been charged is returned anyway.
 */
#define DRIVER_THREAD_COST 0x9000 /* bytes: a stack, and what goes with it */

/*
 * A driver's thread says in its TEB what it is doing. On amd64 stock DDK headers compile accesses
 * to the IRQL as instructions (MOV CR8) that trap in a process; the Executive carries them out on
 * this byte. The count grows whenever the thread goes below DISPATCH_LEVEL or goes to sleep, so
 * that two looks at it tell whether the thread has been there all the time (ntos/io/watchdog.c).
 */
#define NEPTUNE_TEB_IRQL 0x1BF8
#define NEPTUNE_TEB_STRETCHES 0x1BF0 /* UINT32 */
