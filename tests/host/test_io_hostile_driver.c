// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/io/account.c ntos/io/archive.c ntos/io/archivefs.c ntos/io/archivetable.c
// sources: ntos/io/association.c ntos/io/cancel.c ntos/io/message.c ntos/io/channel.c ntos/io/charge.c ntos/io/client.c ntos/io/completion.c
// sources: ntos/io/reserve.c ntos/io/waitpacket.c
// sources: ntos/io/buffer.c ntos/io/data.c ntos/io/hostdata.c ntos/io/connection.c ntos/io/control.c ntos/io/create.c ntos/io/notify.c
// sources: ntos/io/device.c ntos/io/driver_services.c ntos/io/driver.c ntos/io/driverinfo.c ntos/io/file.c
// sources: ntos/io/forward.c ntos/io/outstanding.c rtl/tree.c ntos/io/id.c ntos/io/request.c ntos/io/open.c ntos/io/pnp.c
// sources: ntos/io/host.c ntos/io/hostchoice.c ntos/io/hostsignal.c ntos/io/restart.c ntos/io/readwrite.c ntos/io/resource.c ntos/io/rootbus.c
// sources: ntos/io/start.c ntos/io/watchdog.c ntos/ob/attributes.c ntos/ob/directory.c ntos/ob/dosdevices.c
// sources: ntos/ob/handle.c ntos/ob/inherit.c ntos/ob/name.c ntos/ob/search.c
// sources: ntos/ob/namespace.c ntos/ob/object.c ntos/ob/open.c ntos/ob/reference.c
// sources: ntos/io/console.c ntos/ob/security.c ntos/ob/start.c ntos/ob/symlink.c ntos/ob/type.c ntos/ex/capture.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// sources: rtl/string.c rtl/integer.c rtl/wstring.c rtl/upcase.c rtl/time.c
// options: -Itests/host/executive -Iinclude -Intos/inc -Intos/io -DNEPTUNE_HOST_TEST -DDBG=0 -DNEPTUNE_WATCHDOG_MS=100
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
/*
 * The I/O manager against drivers that write anything into their channels, call their services with
 * anything, and die at any time, while clients open, read, control, cancel and close. Nothing may
 * be touched outside of what was allocated, and in the end nothing may be left.
 */
#include "test.h"
#include "iop.h"
#include "security.h"

void *calloc(__SIZE_TYPE__ count, __SIZE_TYPE__ size);
void free(void *memory);
void abort(void);
/* The host's: NT has others of these names. */
int SetJump(void *state) __asm__("_setjmp") __attribute__((returns_twice));
void LongJump(void *state, int value) __asm__("longjmp") __attribute__((noreturn));

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

void HalDisplayGivingWay(const char *Text, SIZE_T Length)
{
}

PVOID ExAllocatePool(SIZE_T Size)
{
    if (MemoryRunsOut && Random(500) == 0)
        return NULL;
    PoolBlocks++;
    return calloc(1, Size);
}

PVOID ExAllocatePoolFor(PEPROCESS Payer, SIZE_T Size)
{
    return ExAllocatePool(Size);
}

PVOID ExAllocatePoolGivingWay(SIZE_T Size)
{
    return ExAllocatePool(Size);
}

void ExFreePool(PVOID Memory)
{
    if (Memory)
        PoolBlocks--;
    free(Memory);
}

#include "io_memory.h"

/* Pipes, mailslots and locks are no drivers' affair. */
NTSTATUS NpCreateDevice(void)
{
    return STATUS_SUCCESS;
}

NTSTATUS MsCreateDevice(void)
{
    return STATUS_SUCCESS;
}

NTSTATUS IopCheckRead(PIO_FILE File, ULONGLONG Offset, ULONG Length, ULONG Key)
{
    return STATUS_SUCCESS;
}

void IopReleaseLocks(PIO_FILE File, BOOLEAN GiveWay)
{
}

void ExFreePoolGivingWay(PVOID Memory)
{
    ExFreePool(Memory);
}

BOOLEAN ExChargeQuota(PEPROCESS Process, SIZE_T Bytes)
{
    return TRUE;
}

void ExReturnQuota(PEPROCESS Process, SIZE_T Bytes)
{
}

PKAPC KeAllocateApc(void)
{
    return NULL;
}

void KeFreeApc(PKAPC Apc)
{
}

BOOLEAN KeInsertUserApc(PETHREAD Thread, PKAPC Apc)
{
    return FALSE;
}

NTSTATUS PsCreateApcReserve(PVOID *Object)
{
    return STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS KeMintSignal(ULONG Bit, seL4_CPtr Slot)
{
    return STATUS_SUCCESS;
}

void HalDisplayString(const char *Text, SIZE_T Length)
{
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

/* Of all timers only the watchdog's, which has no context, ever expires: see Tick. */
static PKTIMER_ROUTINE Watchdog;

void KeInitializeTimer(PKTIMER Timer, PKTIMER_ROUTINE Routine, PVOID Context)
{
    if (!Context)
        Watchdog = Routine;
    *Timer = (KTIMER){.Routine = Routine, .Context = Context};
}

/* Those that are set; the watchdog's is left out. */
static PKTIMER Timers[64];
static ULONG TimerCount;

BOOLEAN KeCancelTimer(PKTIMER Timer)
{
    BOOLEAN Set = Timer->DueTime != 0;
    ULONG i;

    Timer->DueTime = 0;
    for (i = 0; i < TimerCount; i++)
        if (Timers[i] == Timer)
            Timers[i] = Timers[--TimerCount];
    return Set;
}

void KeSetTimer(PKTIMER Timer, ULONGLONG DueTime)
{
    KeCancelTimer(Timer);
    Timer->DueTime = DueTime;
    if (!Timer->Context)
        return;
    CHECK(TimerCount < ARRAYSIZE(Timers));
    Timers[TimerCount++] = Timer;
}

static void FireTimers(ULONGLONG Time)
{
    ULONG i;

    for (i = 0; i < TimerCount; i++) {
        PKTIMER Timer = Timers[i];

        if (Timer->DueTime > Time)
            continue;
        KeCancelTimer(Timer);
        Timer->Routine(Timer->Context);
        i = (ULONG)-1; /* the list has changed */
    }
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

void KeSignalObject(PDISPATCHER_HEADER Header, BOOLEAN GiveWay)
{
    Header->SignalState = 1;
}

LONG KeSetEvent(PKEVENT Event)
{
    Event->Header.SignalState = 1;
    return 0;
}

LONG KeSetEventGivingWay(PKEVENT Event)
{
    return KeSetEvent(Event);
}

LONG KeResetEvent(PKEVENT Event)
{
    Event->Header.SignalState = 0;
    return 0;
}

static ULONG Beats[KeHearts];

void KeStartHeart(KE_HEART Which, ULONG Priority)
{
}

void KeWantHeartbeats(void)
{
}

ULONG KeHeartbeats(KE_HEART Which)
{
    return Beats[Which];
}

void PsSetUrgency(PETHREAD Thread, PS_URGENCY Urgency)
{
    CHECK(Thread->Process != NULL);
}

void KeReportThread(PETHREAD Thread, const char *What)
{
    CHECK(Thread->Process != NULL);
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

/* ---- The registry: who shares a host is chosen anew each time ---- */
BOOLEAN CmQuerySetting(PCWSTR Key, PCWSTR Value, PUNICODE_STRING Text)
{
    static const WCHAR *const Groups[] = {u"", u"one",
                                          u"this group has too long a name for a group"};
    UNICODE_STRING Group;

    *Text = (UNICODE_STRING){0};
    if (Random(3))
        return FALSE;
    RtlInitUnicodeString(&Group, Groups[Random(ARRAYSIZE(Groups))]);
    Text->Buffer = ExAllocatePool(Group.Length + sizeof(WCHAR));
    if (!Text->Buffer)
        return FALSE;
    Text->Length = Group.Length;
    memcpy(Text->Buffer, Group.Buffer, Group.Length);
    return TRUE;
}

BOOLEAN CmQueryNumber(PCWSTR Key, PCWSTR Value, PULONG Number)
{
    *Number = Random(6);
    return Random(2) != 0;
}

/* ---- Threads: clients, one in each driver process, and system threads that run to the end ---- */
#define DRIVERS 3
#define FILES 12

static const WCHAR *const Services[DRIVERS] = {
    u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\i8042prt",
    u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\kbdclass",
    u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\beep",
};
static ETHREAD Client;
static PETHREAD DriverThread;       /* of whichever driver calls */
static UCHAR Teb[NEPTUNE_TEB_SIZE]; /* of all drivers' threads */
static PEPROCESS ClientProcess;
static PEPROCESS Live[DRIVERS]; /* referenced */
static HANDLE Files[FILES];
static ULONG FileOptions[FILES];
static ULONG Pended, Answered; /* requests on asynchronous files */
static ULONG Depth;
static UINT32 KnownIds[64];         /* the first eight: the keyboard's PDO */
static ULONG64 CompletionStart[32]; /* a jmp_buf */

static struct {
    void (*Routine)(PVOID);
    PVOID Context;
} SystemThreads[256];
static ULONG SystemThreadCount;

/* ---- Completion ports: no client of this test has one ---- */
void KeInitializeQueue(PKQUEUE Queue, ULONG MaximumCount)
{
}

LONG KeInsertQueue(PKQUEUE Queue, PLIST_ENTRY Entry)
{
    abort();
}

NTSTATUS KeRemoveQueue(PKQUEUE Queue, BOOLEAN Alertable, PLARGE_INTEGER Timeout, PLIST_ENTRY *Entry)
{
    abort();
}

PLIST_ENTRY KeTryRemoveQueue(PKQUEUE Queue)
{
    return NULL;
}

BOOLEAN KeRemoveEntryQueue(PKQUEUE Queue, PLIST_ENTRY Entry)
{
    abort();
}

void KeCloseQueue(PKQUEUE Queue)
{
}

void KeRundownQueue(PKQUEUE Queue)
{
}

BOOLEAN KeRegisterWait(PKWAIT_BLOCK Block, PVOID Object, void (*Routine)(PKWAIT_BLOCK Block))
{
    abort();
}

void KeDeregisterWait(PKWAIT_BLOCK Block)
{
    abort();
}

NTSTATUS KeRaiseUserException(NTSTATUS Code)
{
    return Code;
}

NTSTATUS KeGiveWay(void)
{
    return STATUS_SUCCESS;
}

NTSTATUS KeCreateSystemThread(void (*Routine)(PVOID), PVOID Context)
{
    /* Now and then there is no memory for one, once those are there that never end. */
    if (SystemThreadCount == ARRAYSIZE(SystemThreads) || (MemoryRunsOut && Random(4) == 0))
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
    (*Process)->DriverHost = Arguments->DriverHost;
    IoReferenceHost(Arguments->DriverHost);
    (*Thread)->Process = *Process;
    (*Thread)->Tcb.Cap = 79;
    (*Thread)->IpcBuffer = (seL4_IPCBuffer *)(Teb + NEPTUNE_TEB_IPC_BUFFER);
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
    IoHostProcessExit(Process);
    Process->Header.SignalState = 1;
    ObDereferenceObject(Process);
}

static void EndLater(PVOID Context)
{
    ULONG i;

    for (i = 0; i < DRIVERS; i++)
        if (Live[i] == Context)
            EndProcess(i, STATUS_UNSUCCESSFUL);
}

/* As the real one: the process is taken apart later, on a thread of its own; if there is none, at
 * once, in the middle of the call that found its end. */
NTSTATUS PsTerminateProcess(PEPROCESS Process, NTSTATUS ExitStatus)
{
    if (Process->Exiting)
        return STATUS_PROCESS_IS_TERMINATING;
    Process->Exiting = TRUE;
    if (!NT_SUCCESS(KeCreateSystemThread(EndLater, Process)))
        EndLater(Process);
    return STATUS_SUCCESS;
}

NTSTATUS PsTerminateProcessGivingWay(PEPROCESS Process, NTSTATUS ExitStatus)
{
    return PsTerminateProcess(Process, ExitStatus);
}

static void RunSystemThreads(void)
{
    PETHREAD Previous = KiCurrentThread;
    ULONG i;

    KiCurrentThread = NULL;
    for (i = 0; i < SystemThreadCount; i++)
        if (!SetJump(CompletionStart))
            SystemThreads[i].Routine(SystemThreads[i].Context);
    /* The first two, for completed requests and for buffers, never end. */
    for (i = 2; i < SystemThreadCount; i++)
        SystemThreads[i].Routine = NULL;
    SystemThreadCount = SystemThreadCount < 2 ? SystemThreadCount : 2;
    KiCurrentThread = Previous;
}

/* ---- A driver's ways ---- */
static PIO_HOST ChannelOf(ULONG Number)
{
    PIO_HOST Host = Live[Number] ? Live[Number]->DriverHost : NULL;

    return Host && Host->Process == Live[Number] && Host->Channel ? Host : NULL;
}

/* One of the drivers in the host; NULL: there is none. */
static PIO_DRIVER DriverIn(PIO_HOST Host)
{
    if (!Host || IsListEmpty(&Host->DriverList))
        return NULL;
    return CONTAINING_RECORD(Random(2) ? Host->DriverList.Flink : Host->DriverList.Blink, IO_DRIVER,
                             HostEntry);
}

static UINT32 SomeId(void)
{
    return Random(8) ? KnownIds[Random(ARRAYSIZE(KnownIds))] : Random(1 << 22);
}

static UINT32 OwnId(ULONG Number)
{
    PIO_DRIVER Driver = DriverIn(ChannelOf(Number));

    if (!Driver || IsListEmpty(&Driver->DeviceList))
        return SomeId();
    return CONTAINING_RECORD(Driver->DeviceList.Blink, IO_DEVICE, DriverEntry)->Id;
}

static UINT32 LockedName;

/* Data that the driver names, some of them its own to name. */
static void FillName(PIO_HOST Host, DRIVER_DATA *Name)
{
    PIO_REQUEST First = IopFirstOutstanding(Host);

    Name->Place = Random(3) ? DriverDataInline : Random(7);
    Name->Address = Random(3) ? (First ? First->Id : 0) : LockedName;
    Name->Offset = Random(3) ? Random(5000) : Random(2) ? 0 : (UINT32)-Random(5000);
}

static void FillRequest(PIO_HOST Host, DRIVER_REQUEST *Request)
{
    static const UINT8 Functions[] = {0, 2, 3, 4, 14, 15, 15, 18, 22, 27, 27, 40};
    static const UINT32 Lengths[] = {0, 1, 8, 12, 100, 152, 153, 4096, 0x4001, 0xffffffff};

    Request->Device = SomeId();
    Request->File = Random(2) ? 0 : SomeId();
    Request->MajorFunction = Functions[Random(ARRAYSIZE(Functions))];
    Request->MinorFunction = (UINT8)Random(25);
    Request->IoControlCode = Random(2) ? IOCTL_INTERNAL_KEYBOARD_CONNECT : Random(0x1000000);
    Request->InputLength = Lengths[Random(ARRAYSIZE(Lengths))];
    Request->OutputLength = Lengths[Random(ARRAYSIZE(Lengths))];
    FillName(Host, &Request->System);
    FillName(Host, &Request->Direct);
}

static void FillMessage(PIO_HOST Host, DRIVER_MESSAGE *Message)
{
    static const UINT32 Types[] = {DriverMessageDone,    DriverMessageRequest,
                                   DriverMessageCancel,  DriverMessageInput,
                                   DriverMessagePending, DriverMessageDeviceFlags};
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
    Message->Type = Random(12) ? Types[Random(ARRAYSIZE(Types))] : Random(11);
    Message->Id = Random(1000);
    Message->DataLength = Random(2) ? Random(DRIVER_INLINE_BYTES + 1) : Random(0x8000);
    if (Random(2))
        Message->Id = Host->Channel->ToDriver.Entry[Random(DRIVER_RING_ENTRIES)].Id;
    else if (IopFirstOutstanding(Host))
        Message->Id = IopFirstOutstanding(Host)->Id;
    if (Message->Type == DriverMessageDone) {
        Message->Done.Status = Statuses[Random(ARRAYSIZE(Statuses))];
        Message->Done.Pending = Random(3);
        Message->Done.Information = Random(2) ? Random(20000) : (UINT64)-1;
    } else if (Message->Type == DriverMessageRequest) {
        FillRequest(Host, &Message->Request);
    } else if (Message->Type == DriverMessageDeviceFlags) {
        Message->Command.Device.Device = SomeId();
        Message->Command.Device.Flags = Random(2) ? DO_DIRECT_IO : Random(0x100);
    } else if (Message->Type == DriverMessageInput) {
        Message->Input.Connection =
            Host->Channel->ToDriver.Entry[Random(DRIVER_RING_ENTRIES)].Request.Connection;
        Message->Input.Length = Random(400);
    }
}

static void ServeChannel(ULONG Number)
{
    PIO_HOST Host = ChannelOf(Number);
    ULONG Count = Random(6);

    if (!Host)
        return;
    while (Count--) {
        DRIVER_RING *Ring = &Host->Channel->FromDriver;

        FillMessage(Host, &Ring->Entry[Ring->Produced % DRIVER_RING_ENTRIES]);
        Ring->Produced++;
    }
    if (Random(4))
        Host->Channel->ToDriver.Consumed = Host->Channel->ToDriver.Produced;
    if (Random(60) == 0)
        Host->Channel->FromDriver.Produced = Random(0x10000);
    if (Random(60) == 0)
        Host->Channel->ToDriver.Consumed = Random(0x10000);
    IoHostSignal((seL4_Word)1 << Host->SignalBit);
}

static void CallDriverService(ULONG Number)
{
    static const WCHAR *const Names[] = {u"\\Device\\A", u"\\Device\\B", u"\\Device\\00000001",
                                         u"bad", u""};
    PETHREAD Previous = KiCurrentThread;
    DRIVER_DEVICE_INFO Info = {0};
    DRIVER_INTERRUPT Interrupt;
    PIO_DRIVER Driver = DriverIn(ChannelOf(Number));
    ULONGLONG Channel, Request = 0, Frames[40];
    UNICODE_STRING Name;
    ULONG Id = 0, Cap;

    if (!Live[Number])
        return;
    KiCurrentThread = DriverThread;
    DriverThread->Process = Live[Number];
    if (ChannelOf(Number) && IopFirstOutstanding(ChannelOf(Number)))
        Request = IopFirstOutstanding(ChannelOf(Number))->Id;
    RtlInitUnicodeString(&Name, Names[Random(ARRAYSIZE(Names))]);
    switch (Random(17)) {
    case 16:
        DrvChargeThreads(Random(9) ? &Request : NULL, Random(4));
        break;
    case 13:
        DrvMapData(Random(9) ? &Request : NULL, Random(2), Random(9) ? &Channel : NULL);
        break;
    case 14:
        DrvLockData((PVOID)(ULONG_PTR)(Random(9) ? 0x123456 : 8), Random(20000), Random(2),
                    Random(9) ? &LockedName : NULL);
        break;
    case 15:
        DrvQueryFrames(Random(2) ? &Request : NULL, (PVOID)0x20000, Random(4), Random(40), Frames);
        break;
    case 11:
        DrvServeInterrupts();
        break;
    case 12:
        DrvRequestDispatch();
        break;
    case 0:
        DrvAttach(Random(5) ? &Channel : NULL);
        break;
    case 1:
    case 2:
    case 3:
        if (NT_SUCCESS(DrvCreateDevice(Driver && Random(8) ? Driver->Id : SomeId(),
                                       Random(2) ? &Name : NULL, 1, 0, Random(8) ? 0 : DO_EXCLUSIVE,
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

/* For long times the lower heartbeat comes, then for long times it does not. */
static void Tick(void)
{
    static ULONG Ticks;

    Beats[KeHeartAboveDrivers] += Random(4) != 0;
    Beats[KeHeartBelowDrivers] += Ticks++ % 1000 < 980 || Random(12) == 0;
    Teb[NEPTUNE_TEB_IRQL] = (UCHAR)Random(4);
    Teb[NEPTUNE_TEB_STRETCHES] += Random(3) == 0;
    Watchdog(NULL);
}

/* The runtime tells how a command has ended, mostly well. */
static void AnswerCommand(ULONG Number)
{
    PIO_HOST Host = ChannelOf(Number);
    PIO_REQUEST Request = Host ? IopFirstOutstanding(Host) : NULL;
    DRIVER_RING *Ring;

    if (!Request || Request->MessageType == DriverMessageRequest)
        return;
    Ring = &Host->Channel->FromDriver;
    Ring->Entry[Ring->Produced++ % DRIVER_RING_ENTRIES] =
        (DRIVER_MESSAGE){.Type = DriverMessageDone,
                         .Id = Request->Id,
                         .Done.Status = Random(6) ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL};
    IoHostSignal((seL4_Word)1 << Host->SignalBit);
}

static void DriversDoSomething(void)
{
    ULONG Number = Random(DRIVERS);

    if (Random(2))
        AnswerCommand(Number);

    if (Random(60) == 0)
        Tick();
    if (Random(3))
        ServeChannel(Number);
    else
        CallDriverService(Number);
    if (Random(1000) == 0)
        EndProcess(Number, 0x77);
}

/* Other threads run while one waits. A system thread that waits without a limit starts again
 * later. */
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
            LongJump(CompletionStart, 1);
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
    FileOptions[Number] = Random(2) ? FILE_SYNCHRONOUS_IO_ALERT : 0;
    if (!Files[Number] &&
        !NT_SUCCESS(NtOpenFile(&Files[Number], FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE,
                               &Attributes, &Iosb, 0, FileOptions[Number])))
        Files[Number] = NULL;
}

static NTSTATUS RequestOf(HANDLE File)
{
    static UCHAR Buffer[0x5000];
    static IO_STATUS_BLOCK Iosb;
    LARGE_INTEGER Offset = {.QuadPart = 0};
    ULONG Length = Random(20) ? Random(300) : Random(0x5000);

    switch (Random(4)) {
    case 0:
    case 1:
        return NtReadFile(File, NULL, NULL, NULL, &Iosb, Buffer, Length, &Offset, NULL);
    case 2:
        return NtWriteFile(File, NULL, NULL, NULL, &Iosb, Buffer, Length, &Offset, NULL);
    default:
        return NtDeviceIoControlFile(File, NULL, NULL, NULL, &Iosb, Random(0x4000), Buffer, Length,
                                     Buffer, Random(300));
    }
}

static void UseFile(ULONG Number)
{
    IO_STATUS_BLOCK Iosb;
    NTSTATUS Status;

    if (Random(5) == 0) {
        NtCancelIoFile(Files[Number], &Iosb);
        return;
    }
    Status = RequestOf(Files[Number]);
    if (FileOptions[Number]) {
        CHECK(Status != STATUS_PENDING);
    } else {
        Pended += Status == STATUS_PENDING;
        Answered += NT_SUCCESS(Status) && Status != STATUS_PENDING;
    }
}

static void ClientDoesSomething(void)
{
    ULONG Number = Random(FILES), Uses;
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
    if (!Files[Number])
        Open(Number);
    for (Uses = 0; Files[Number] && Uses < 4; Uses++) /* soon, while its device is there */
        UseFile(Number);
    if (Random(200) == 0)
        IoCancelThreadRequests(&Client, TRUE);
}

static void DestroyProcess(PVOID Object)
{
    PEPROCESS Process = Object;

    if (Process->DriverHost)
        IoDereferenceHost(Process->DriverHost);
}

static void CreateTypes(void)
{
    OBJECT_TYPE_INITIALIZER Type = {
        .Name = u"Process", .ValidAccess = 0x1fffff, .Delete = DestroyProcess};

    ObCreateObjectType(&Type, &PsProcessType);
    Type.Name = u"Section";
    Type.Delete = DeleteSection;
    ObCreateObjectType(&Type, &MmSectionObjectType);
    Type.Name = u"Thread";
    Type.Delete = NULL;
    ObCreateObjectType(&Type, &PsThreadType);
}

static void StartAll(void)
{
    ULONG i;

    ObInitialize();
    CreateTypes();
    IoInitialize();
    ObCreateObject(PsProcessType, sizeof(EPROCESS), (PVOID *)&ClientProcess);
    ObCreateObject(PsThreadType, sizeof(ETHREAD), (PVOID *)&DriverThread);
    DriverThread->IpcBuffer = (seL4_IPCBuffer *)(Teb + NEPTUNE_TEB_IPC_BUFFER);
    DriverThread->Tcb.Cap = 79;
    ObCreateHandleTable(ClientProcess, NULL, NULL);
    Client.Process = ClientProcess;
    InitializeListHead(&Client.RequestList);
    KiCurrentThread = &Client;
    for (i = 0; i < ARRAYSIZE(KnownIds); i++)
        KnownIds[i] = IopGetDevNode(0)->Pdo->Id;
    MemoryRunsOut = TRUE;
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

/* Until nothing is left that could go on by itself. */
static void EndDrivers(void)
{
    ULONG Tries, i;

    for (Tries = 0; Tries < 20; Tries++) {
        for (i = 0; i < DRIVERS; i++)
            EndProcess(i, 0x99);
        RunSystemThreads();
        FireTimers((ULONGLONG)-1);
        UnloadAll();
    }
}

static void EndAll(void)
{
    ULONG i;

    EndDrivers();
    IoCancelThreadRequests(&Client, TRUE);
    for (i = 0; i < 8; i++)
        RunSystemThreads();
    ObCloseAllHandles(ClientProcess);
    for (i = 0; i < FILES; i++)
        Files[i] = NULL;
    while (!NT_SUCCESS(ObCreateHandleTable(ClientProcess, NULL, NULL)))
        continue;
    for (i = 0; i < 8; i++)
        RunSystemThreads();
    CHECK(TimerCount == 0);
}

TEST(drivers_may_do_anything)
{
    ULONG Round, Step, Loaded = 0, Opened = 0, i;
    LONG Blocks = 0;

    StartAll();
    for (Round = 0; Round < 80; Round++) {
        for (Step = 0; Step < 3000; Step++) {
            ClientDoesSomething();
            DriversDoSomething();
            RunSystemThreads();
            FireTimers(Now += 1000);
            for (i = 0; i < DRIVERS; i++)
                Loaded += ChannelOf(i) != NULL;
            for (i = 0; i < FILES; i++)
                Opened += Files[i] != NULL;
        }
        EndAll();
        if (Round == 2)
            Blocks = PoolBlocks;
        if (Round > 2)
            CHECK(PoolBlocks <= Blocks + 1); /* the table of ids may have grown */
        CHECK(ClientProcess->Vm.DriverBytes == 0 && ClientProcess->RequestCount == 0);
    }
    CHECK(Loaded > 10000 && Opened > 10000); /* it was no idle test */
    CHECK(Pended > 0 && Answered > 0);
    test_print("# loaded %u, open %u, pending %u, answered %u\n", Loaded, Opened, Pended, Answered);
}
