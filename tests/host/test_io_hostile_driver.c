// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/io/archive.c ntos/io/archivefs.c ntos/io/channel.c ntos/io/client.c
// sources: ntos/io/connection.c ntos/io/control.c ntos/io/create.c ntos/io/dataarea.c
// sources: ntos/io/device.c ntos/io/devsvc.c ntos/io/driver.c ntos/io/file.c ntos/io/forward.c
// sources: ntos/io/id.c ntos/io/irp.c ntos/io/open.c ntos/io/pnp.c ntos/io/process.c
// sources: ntos/io/readwrite.c ntos/io/resource.c ntos/io/rootbus.c ntos/io/start.c
// sources: ntos/ob/attributes.c ntos/ob/directory.c ntos/ob/handle.c ntos/ob/name.c
// sources: ntos/ob/namespace.c ntos/ob/object.c ntos/ob/open.c ntos/ob/reference.c
// sources: ntos/ob/start.c ntos/ob/symlink.c ntos/ob/type.c ntos/ex/capture.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// sources: rtl/string.c rtl/integer.c rtl/wstring.c rtl/upcase.c rtl/time.c
// options: -Itests/host/executive -Iinclude -Intos/inc -Intos/io -DNEPTUNE_HOST_TEST -DDBG=0
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
/*
 * The I/O manager against drivers that write anything into their channels, call their services with
 * anything, and die at any time, while clients open, read, control, cancel and close. Nothing may
 * be touched outside of what was allocated, and in the end nothing may be left.
 */
#include "test.h"
#include "iop.h"

void *calloc(__SIZE_TYPE__ count, __SIZE_TYPE__ size);
void free(void *memory);
void abort(void);
int _setjmp(void *state) __attribute__((returns_twice));
void longjmp(void *state, int value) __attribute__((noreturn));

/* ---- A boot archive with three drivers ---- */
#define ENTRY(mode, namesize)                                                                      \
    "070701"                                                                                       \
    "00000001" mode "00000000"                                                                     \
    "00000000"                                                                                     \
    "00000001"                                                                                     \
    "00000000"                                                                                     \
    "00000004"                                                                                     \
    "00000000"                                                                                     \
    "00000000"                                                                                     \
    "00000000"                                                                                     \
    "00000000" namesize "00000000"
__asm__(".section .rodata\n.balign 4\n.globl NtosBootArchive\nNtosBootArchive:\n"
        ".ascii \"" ENTRY(
            "000041ed",
            "00000008") "drivers\\0"
                        "\\0\\0"
                        "\\0\\0\\0\\0\"\n"
                        ".ascii \"" ENTRY(
                            "000081a4",
                            "00000015") "drivers/kbdclass.sys\\0"
                                        "\\0"
                                        "data\"\n"
                                        ".ascii \"" ENTRY(
                                            "000081a4",
                                            "00000015") "drivers/i8042prt.sys\\0"
                                                        "\\0"
                                                        "data\"\n"
                                                        ".ascii \"" ENTRY(
                                                            "000081a4",
                                                            "00000011") "drivers/beep.sys\\0"
                                                                        "\\0"
                                                                        "data\"\n"
                                                                        ".globl "
                                                                        "NtosBootArchiveEnd\nNtosBo"
                                                                        "otArchiveEnd:\n.text\n");

static ULONG Seed = 1;

static ULONG Random(ULONG Limit)
{
    Seed = Seed * 1664525 + 1013904223;
    return (Seed >> 10) % Limit;
}

/* ---- The rest of the Executive ---- */
struct _ETHREAD *KiCurrentThread;
POBJECT_TYPE PsProcessType, PsThreadType, ExEventType;
static LONG PoolBlocks;
static BOOLEAN MemoryRunsOut;
static ULONGLONG Now = 1000;

PVOID ExAllocatePool(SIZE_T Size)
{
    if (MemoryRunsOut && Random(500) == 0)
        return NULL;
    PoolBlocks++;
    return calloc(1, Size);
}

void ExFreePool(PVOID Memory)
{
    if (Memory)
        PoolBlocks--;
    free(Memory);
}

static BOOLEAN IsBad(const void *Address, SIZE_T Length)
{
    return Length && (ULONG_PTR)Address < 0x10000;
}

NTSTATUS MmCopyFromClient(PVOID Destination, const void *Source, SIZE_T Length)
{
    if (IsBad(Source, Length))
        return STATUS_ACCESS_VIOLATION;
    memcpy(Destination, Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyToClient(PVOID Destination, const void *Source, SIZE_T Length)
{
    if (IsBad(Destination, Length))
        return STATUS_ACCESS_VIOLATION;
    memcpy(Destination, Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyToProcess(PEPROCESS Process, PVOID Destination, const void *Source, SIZE_T Length)
{
    return MmCopyToClient(Destination, Source, Length);
}

NTSTATUS MmProbeForWrite(PVOID Address, SIZE_T Length)
{
    return IsBad(Address, Length) ? STATUS_ACCESS_VIOLATION : STATUS_SUCCESS;
}

seL4_CPtr MmCSpaceRoot;

seL4_CPtr MmAllocateSlot(void)
{
    return 77;
}

void MmFreeSlot(seL4_CPtr Slot)
{
}

void MmDeleteCap(seL4_CPtr Slot)
{
}

NTSTATUS MmCreateKernelObject(seL4_Word Type, seL4_Word SizeBits, PMM_KERNEL_OBJECT Object)
{
    Object->Cap = 78;
    return Random(50) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

void MmDeleteKernelObject(PMM_KERNEL_OBJECT Object)
{
    Object->Cap = 0;
}

NTSTATUS MmAllocateSharedRegion(PEPROCESS Process, SIZE_T Size, PVOID *System, PVOID *Client)
{
    *System = *Client = ExAllocatePool(Size);
    return *System ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

void MmFreeSharedRegion(PVOID System, SIZE_T Size)
{
    ExFreePool(System);
}

NTSTATUS KeMintSignal(ULONG Bit, seL4_CPtr Slot)
{
    return STATUS_SUCCESS;
}

void KeBugCheck(const char *Reason)
{
    test_print("# bug check: %s\n", Reason);
    abort();
}

LONGLONG KeQuerySystemTime(void)
{
    return (LONGLONG)Now;
}

ULONGLONG KeQueryInterruptTime(void)
{
    return Now;
}

void KeInitializeTimer(PKTIMER Timer, PKTIMER_ROUTINE Routine, PVOID Context)
{
    *Timer = (KTIMER){.Routine = Routine, .Context = Context};
}

void KeSetTimer(PKTIMER Timer, ULONGLONG DueTime)
{
    Timer->DueTime = DueTime;
}

BOOLEAN KeCancelTimer(PKTIMER Timer)
{
    BOOLEAN Set = Timer->DueTime != 0;

    Timer->DueTime = 0;
    return Set;
}

void KeInitializeDispatcherHeader(PDISPATCHER_HEADER Header, UCHAR Type, LONG State)
{
    Header->Type = Type;
    Header->SignalState = State;
}

void KeInitializeEvent(PKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
    KeInitializeDispatcherHeader(&Event->Header, (UCHAR)Type, State);
}

void KeSignalObject(PDISPATCHER_HEADER Header)
{
    Header->SignalState = 1;
}

LONG KeSetEvent(PKEVENT Event)
{
    Event->Header.SignalState = 1;
    return 0;
}

LONG KeResetEvent(PKEVENT Event)
{
    Event->Header.SignalState = 0;
    return 0;
}

NTSTATUS HalGetPortCap(ULONG First, ULONG Count, seL4_CPtr *Cap)
{
    *Cap = 1000 + First;
    return STATUS_SUCCESS;
}

NTSTATUS HalCreateInterrupt(ULONG Vector, BOOLEAN Latched, seL4_CPtr *Handler)
{
    *Handler = 2000 + Vector;
    return STATUS_SUCCESS;
}

void HalDeleteInterrupt(ULONG Vector, seL4_CPtr Handler)
{
}

NTSTATUS HalMakeBeep(ULONG Frequency)
{
    return STATUS_SUCCESS;
}

NTSTATUS PsGrantCap(PEPROCESS Process, seL4_CPtr Source, seL4_CapRights_t Rights, ULONG Slot,
                    seL4_CPtr *CPtr)
{
    if (CPtr)
        *CPtr = 0x310 + Random(100);
    return Random(50) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

void PsRevokeGrant(PEPROCESS Process, seL4_CPtr CPtr)
{
}

/* ---- Threads: clients, one in each driver process, and system threads that run to their end ----
 */
#define DRIVERS 3
#define FILES 12

static const WCHAR *const Services[DRIVERS] = {
    u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\i8042prt",
    u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\kbdclass",
    u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\beep",
};
static ETHREAD Client, DriverThread;
static PEPROCESS ClientProcess;
static PEPROCESS Live[DRIVERS]; /* referenced */
static HANDLE Files[FILES];
static ULONG Depth;
static UINT32 KnownIds[64];         /* the first eight: the keyboard's PDO */
static ULONG64 CompletionStart[32]; /* a jmp_buf */

static struct {
    void (*Routine)(PVOID);
    PVOID Context;
} SystemThreads[256];
static ULONG SystemThreadCount;

NTSTATUS KeCreateSystemThread(void (*Routine)(PVOID), PVOID Context)
{
    if (SystemThreadCount == ARRAYSIZE(SystemThreads))
        return STATUS_INSUFFICIENT_RESOURCES;
    SystemThreads[SystemThreadCount].Routine = Routine;
    SystemThreads[SystemThreadCount++].Context = Context;
    return STATUS_SUCCESS;
}

NTSTATUS PsCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process, PETHREAD *Thread)
{
    NTSTATUS Status = ObCreateObject(PsProcessType, sizeof(EPROCESS), (PVOID *)Process);
    ULONG i;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCreateObject(PsThreadType, sizeof(ETHREAD), (PVOID *)Thread);
    if (!NT_SUCCESS(Status)) {
        ObDereferenceObject(*Process);
        return Status;
    }
    (*Process)->Driver = Arguments->Driver;
    for (i = 0; i < DRIVERS && Live[i]; i++)
        continue;
    if (i == DRIVERS) { /* one that was given up has not been taken apart yet */
        ObDereferenceObject(*Thread);
        ObDereferenceObject(*Process);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    ObReferenceObject(*Process);
    Live[i] = *Process;
    return STATUS_SUCCESS;
}

static void EndProcess(ULONG Number, NTSTATUS Status)
{
    PEPROCESS Process = Live[Number];

    if (!Process)
        return;
    Live[Number] = NULL;
    Process->Exiting = TRUE;
    Process->ExitStatus = Status;
    IoDriverProcessExit(Process);
    Process->Header.SignalState = 1;
    ObDereferenceObject(Process);
}

/* As the real one: the process is taken apart later, on a thread of its own. */
static void EndLater(PVOID Context)
{
    ULONG i;

    for (i = 0; i < DRIVERS; i++)
        if (Live[i] == Context)
            EndProcess(i, STATUS_UNSUCCESSFUL);
}

NTSTATUS PsTerminateProcess(PEPROCESS Process, NTSTATUS ExitStatus)
{
    return KeCreateSystemThread(EndLater, Process);
}

static void RunSystemThreads(void)
{
    PETHREAD Previous = KiCurrentThread;
    ULONG i;

    KiCurrentThread = NULL;
    for (i = 0; i < SystemThreadCount; i++)
        if (!_setjmp(CompletionStart))
            SystemThreads[i].Routine(SystemThreads[i].Context);
    /* The first is the IO completion thread, which never ends. */
    for (i = 1; i < SystemThreadCount; i++)
        SystemThreads[i].Routine = NULL;
    SystemThreadCount = SystemThreadCount ? 1 : 0;
    KiCurrentThread = Previous;
}

/* ---- A driver's ways ---- */
static PIO_DRIVER ChannelOf(ULONG Number)
{
    PIO_DRIVER Driver = Live[Number] ? Live[Number]->Driver : NULL;

    return Driver && Driver->Process == Live[Number] && Driver->Channel ? Driver : NULL;
}

static UINT32 SomeId(void)
{
    return Random(8) ? KnownIds[Random(ARRAYSIZE(KnownIds))] : Random(1 << 22);
}

static UINT32 OwnId(ULONG Number)
{
    PIO_DRIVER Driver = ChannelOf(Number);

    if (!Driver || IsListEmpty(&Driver->DeviceList))
        return SomeId();
    return CONTAINING_RECORD(Driver->DeviceList.Blink, DEVICE_OBJECT, DriverEntry)->Id;
}

static void FillIrp(DRIVER_IRP *Irp)
{
    static const UINT8 Functions[] = {0, 2, 3, 4, 14, 15, 15, 18, 22, 27, 27, 40};
    static const UINT32 Lengths[] = {0, 1, 8, 12, 100, 4096, 0x4000, 0x4001, 0xffffffff};

    Irp->Device = SomeId();
    Irp->File = Random(2) ? 0 : SomeId();
    Irp->MajorFunction = Functions[Random(ARRAYSIZE(Functions))];
    Irp->MinorFunction = (UINT8)Random(25);
    Irp->IoControlCode = Random(2) ? IOCTL_INTERNAL_KEYBOARD_CONNECT : Random(0x1000000);
    Irp->DataOffset = Random(2) ? Random(DRIVER_DATA_SIZE / 8) * 8 : Random(0x8000);
    Irp->InputLength = Lengths[Random(ARRAYSIZE(Lengths))];
    Irp->OutputLength = Lengths[Random(ARRAYSIZE(Lengths))];
}

static void FillMessage(PIO_DRIVER Driver, DRIVER_MESSAGE *Message)
{
    static const INT32 Statuses[] = {0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     0,
                                     STATUS_PENDING,
                                     STATUS_BUFFER_OVERFLOW,
                                     STATUS_CANCELLED,
                                     STATUS_REPARSE,
                                     0x12345678};

    memset(Message, 0, sizeof(*Message));
    Message->Type = Random(12) ? 1 + Random(4) : Random(10);
    Message->Id = Random(1000);
    if (Random(2))
        Message->Id = Driver->Channel->ToDriver.Entry[Random(DRIVER_RING_ENTRIES)].Id;
    else if (!IsListEmpty(&Driver->Outstanding))
        Message->Id = CONTAINING_RECORD(Driver->Outstanding.Flink, IRP, QueueEntry)->Id;
    if (Message->Type == DriverMessageDone) {
        Message->Done.Status = Statuses[Random(ARRAYSIZE(Statuses))];
        Message->Done.Information = Random(2) ? Random(20000) : (UINT64)-1;
    } else if (Message->Type == DriverMessageIrp) {
        FillIrp(&Message->Irp);
    } else if (Message->Type == DriverMessageInput) {
        Message->Input.Connection =
            Driver->Channel->ToDriver.Entry[Random(DRIVER_RING_ENTRIES)].Irp.Connection;
        Message->Input.Length = Random(400);
    }
}

static void ServeChannel(ULONG Number)
{
    PIO_DRIVER Driver = ChannelOf(Number);
    ULONG Count = Random(6);

    if (!Driver)
        return;
    while (Count--) {
        DRIVER_RING *Ring = &Driver->Channel->FromDriver;

        FillMessage(Driver, &Ring->Entry[Ring->Produced % DRIVER_RING_ENTRIES]);
        Ring->Produced++;
    }
    if (Random(4))
        Driver->Channel->ToDriver.Consumed = Driver->Channel->ToDriver.Produced;
    if (Random(60) == 0)
        Driver->Channel->FromDriver.Produced = Random(0x10000);
    if (Random(60) == 0)
        Driver->Channel->ToDriver.Consumed = Random(0x10000);
    IoDriverSignal((seL4_Word)1 << Driver->SignalBit);
}

static void CallDriverService(ULONG Number)
{
    static const WCHAR *const Names[] = {u"\\Device\\A", u"\\Device\\B", u"\\Device\\00000001",
                                         u"bad", u""};
    PETHREAD Previous = KiCurrentThread;
    DRIVER_DEVICE_INFO Info = {0};
    DRIVER_INTERRUPT Interrupt;
    DRIVER_ATTACH Attach;
    UNICODE_STRING Name;
    ULONG Id = 0, Cap;

    if (!Live[Number])
        return;
    KiCurrentThread = &DriverThread;
    DriverThread.Process = Live[Number];
    RtlInitUnicodeString(&Name, Names[Random(ARRAYSIZE(Names))]);
    switch (Random(11)) {
    case 0:
        DrvAttach(Random(5) ? &Attach : NULL);
        break;
    case 1:
        DrvReportStarted(Random(4) ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL);
        break;
    case 2:
    case 3:
        if (NT_SUCCESS(DrvCreateDevice(Random(2) ? &Name : NULL, 1, 0, Random(8) ? 0 : DO_EXCLUSIVE,
                                       Random(20) ? &Id : NULL)))
            KnownIds[8 + Random(ARRAYSIZE(KnownIds) - 8)] = Id;
        break;
    case 4:
        if (Random(8) == 0)
            DrvDeleteDevice(SomeId());
        break;
    case 5:
    case 6:
        DrvAttachDevice(OwnId(Number), Random(2) ? KnownIds[0] : SomeId(),
                        Random(20) ? &Info : NULL);
        break;
    case 7:
        DrvDetachDevice(SomeId());
        break;
    case 8:
        if (NT_SUCCESS(DrvOpenDevice(&Name, 1, &Info)))
            KnownIds[8 + Random(ARRAYSIZE(KnownIds) - 8)] = Info.Device;
        break;
    case 9:
        DrvConnectInterrupt(Random(3), 1, Random(5) ? &Interrupt : NULL);
        DrvDisconnectInterrupt(0x310 + Random(100));
        break;
    default:
        DrvGetPort(0x60 + Random(5), Random(3), &Cap);
    }
    KiCurrentThread = Previous;
}

static void DriversDoSomething(void)
{
    ULONG Number = Random(DRIVERS);

    if (Random(3))
        ServeChannel(Number);
    else
        CallDriverService(Number);
    if (Random(1000) == 0)
        EndProcess(Number, 0x77);
}

/* Others run while one waits. Who waits without a limit on a system thread starts again later. */
NTSTATUS KeWaitForMultipleObjects(ULONG Count, PVOID Objects[], WAIT_TYPE Type, BOOLEAN Alertable,
                                  PLARGE_INTEGER Timeout)
{
    ULONG Tries, i;

    for (Tries = 0; Tries < 12; Tries++) {
        for (i = 0; i < Count; i++) {
            PDISPATCHER_HEADER Header = Objects[i];

            if (Header->SignalState > 0) {
                if (Header->Type == SynchronizationEventObject)
                    Header->SignalState = 0;
                return STATUS_WAIT_0 + (NTSTATUS)i;
            }
        }
        if (!KiCurrentThread && !Timeout)
            longjmp(CompletionStart, 1);
        if (Depth < 3) {
            Depth++;
            DriversDoSomething();
            Depth--;
        }
    }
    return Timeout && Random(2) ? STATUS_TIMEOUT : STATUS_THREAD_IS_TERMINATING;
}

NTSTATUS KeWaitForSingleObject(PVOID Object, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    return KeWaitForMultipleObjects(1, &Object, WaitAny, Alertable, Timeout);
}

/* ---- Clients ---- */
static void Open(ULONG Number)
{
    static const WCHAR *const Names[] = {u"\\Device\\A", u"\\Device\\B\\x", u"\\Device\\00000001"};
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    IO_STATUS_BLOCK Iosb;

    RtlInitUnicodeString(&Name, Names[Random(ARRAYSIZE(Names))]);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!Files[Number] &&
        !NT_SUCCESS(NtOpenFile(&Files[Number], FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE,
                               &Attributes, &Iosb, 0, Random(2) ? FILE_SYNCHRONOUS_IO_ALERT : 0)))
        Files[Number] = NULL;
}

static void UseFile(HANDLE File)
{
    static UCHAR Buffer[0x5000];
    static IO_STATUS_BLOCK Iosb, CancelIosb;
    LARGE_INTEGER Offset = {.QuadPart = 0};
    ULONG Length = Random(20) ? Random(300) : Random(0x5000);

    switch (Random(5)) {
    case 0:
    case 1:
        NtReadFile(File, NULL, NULL, NULL, &Iosb, Buffer, Length, &Offset, NULL);
        break;
    case 2:
        NtWriteFile(File, NULL, NULL, NULL, &Iosb, Buffer, Length, &Offset, NULL);
        break;
    case 3:
        NtDeviceIoControlFile(File, NULL, NULL, NULL, &Iosb, Random(0x4000), Buffer, Length, Buffer,
                              Random(300));
        break;
    default:
        NtCancelIoFile(File, &CancelIosb);
    }
}

static void ClientDoesSomething(void)
{
    ULONG Number = Random(FILES);
    UNICODE_STRING Service;

    if (Random(12) == 0) {
        RtlInitUnicodeString(&Service, Services[Random(DRIVERS)]);
        if (Random(4))
            NtLoadDriver(&Service);
        else
            NtUnloadDriver(&Service);
    }
    if (Files[Number] && Random(20) == 0) {
        NtClose(Files[Number]);
        Files[Number] = NULL;
    }
    if (Files[Number])
        UseFile(Files[Number]);
    else
        Open(Number);
    if (Random(200) == 0)
        IoCancelThreadIrps(&Client);
}

static void CreateTypes(void)
{
    OBJECT_TYPE_INITIALIZER Type = {.Name = u"Process", .ValidAccess = 0x1fffff};

    ObCreateObjectType(&Type, &PsProcessType);
    Type.Name = u"Thread";
    ObCreateObjectType(&Type, &PsThreadType);
}

static void StartAll(void)
{
    ULONG i;

    ObInitialize();
    CreateTypes();
    IoInitialize();
    ObCreateObject(PsProcessType, sizeof(EPROCESS), (PVOID *)&ClientProcess);
    ObCreateHandleTable(ClientProcess);
    Client.Process = ClientProcess;
    InitializeListHead(&Client.IrpList);
    KiCurrentThread = &Client;
    for (i = 0; i < ARRAYSIZE(KnownIds); i++)
        KnownIds[i] = IopGetDevNode(0)->Pdo->Id;
    MemoryRunsOut = TRUE;
}

static void EndAll(void)
{
    ULONG i;

    for (i = 0; i < DRIVERS; i++)
        EndProcess(i, 0x99);
    IoCancelThreadIrps(&Client);
    for (i = 0; i < 8; i++)
        RunSystemThreads();
    ObCloseAllHandles(ClientProcess);
    for (i = 0; i < FILES; i++)
        Files[i] = NULL;
    while (!NT_SUCCESS(ObCreateHandleTable(ClientProcess)))
        continue;
    for (i = 0; i < 8; i++)
        RunSystemThreads();
}

static void UnloadAll(void)
{
    UNICODE_STRING Service;
    ULONG i, Tries;

    for (i = 0; i < DRIVERS; i++) {
        RtlInitUnicodeString(&Service, Services[i]);
        for (Tries = 0; Tries < 20; Tries++)
            NtUnloadDriver(&Service);
    }
}

TEST(drivers_may_do_anything)
{
    ULONG Round, Step, Loaded = 0, Opened = 0, i;
    LONG Blocks = 0;

    StartAll();
    for (Round = 0; Round < 60; Round++) {
        for (Step = 0; Step < 3000; Step++) {
            ClientDoesSomething();
            DriversDoSomething();
            RunSystemThreads();
            Now += 1000;
            for (i = 0; i < DRIVERS; i++)
                Loaded += ChannelOf(i) != NULL;
            for (i = 0; i < FILES; i++)
                Opened += Files[i] != NULL;
        }
        EndAll();
        UnloadAll();
        if (Round == 2)
            Blocks = PoolBlocks;
        if (Round > 2)
            CHECK(PoolBlocks <= Blocks + 1); /* the table of ids may have grown */
    }
    CHECK(Loaded > 10000 && Opened > 10000); /* it was no idle test */
    test_print("# loaded %u, open %u\n", Loaded, Opened);
}
