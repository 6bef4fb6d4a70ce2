/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How urgent a driver's threads are, and what happens to a driver that does not give up the
 * processor.
 *
 *   Who                                             seL4 priority
 *   the Executive                                   255
 *   the heartbeat above drivers (ke/heartbeat.c)    254
 *   a driver's interrupt thread: service routines   200
 *   a driver's main thread while it is raised       150
 *   the heartbeat below drivers                     149
 *   programs; a driver's main thread otherwise      80 (NT's 8)
 *
 * So dispatch routines and work items share the processor with programs. The main thread is raised
 *
 *   - when it is woken for work at DISPATCH_LEVEL: a DPC of its interrupt thread's, a timer, input
 *     from another driver (IopWakeHost); and when its interrupt thread waits for a spin lock that
 *     it holds;
 *
 *   - when a tick of the clock finds it at DISPATCH_LEVEL or above, where it has been without a
 *     break since the tick before: as in NT, no program comes between then.
 *
 * It is lowered at the next tick that does not find it there without a break: a driver that is only
 * busy is not there for long. A request therefore costs no system call for this.
 *
 * The watchdog. At each tick the heartbeats are asked for a beat. As long as the lower one beats
 * before the next tick, programs get on; if neither does, the Executive itself is busy. If for
 * IOP_WATCHDOG_TICKS ticks only the upper one has, drivers have had the processor all the time.
 * Which one? What the IRQL in the TEB says only decides who is suspected first, since the driver
 * can write it. The suspects' threads get the priority of programs, one driver after the other, a
 * tick each; when the lower heartbeat starts again, all of them get their urgency back, and the
 * last one is on trial: it may have been another that has stopped of itself in that very tick. If
 * the heartbeat fails again, and comes again as soon as the one on trial is suspected, that is
 * ended.
 *
 * A suspect that gets on with its work meanwhile - interrupts come faster than this machine handles
 * them, say - is not ended: its threads keep the priority of programs for a while, each time for
 * longer. Who only pretends to get on takes no more than a program, then. Ticks are counted, not
 * time: when an emulator or hypervisor stops the whole machine for a while, that is one tick.
 */
#include "iop.h"

#define DISPATCH_LEVEL 2 /* (WDK: wdm.h) */
#define IOP_TICKS_PER_SECOND 64
#define IOP_SHORTEST_CALM IOP_TICKS_PER_SECOND
#define IOP_LONGEST_CALM (64 * IOP_TICKS_PER_SECOND)
#define IOP_WATCHDOG_TICKS ((NEPTUNE_WATCHDOG_MS * IOP_TICKS_PER_SECOND + 999) / 1000)

static KTIMER IopWatchdogTimer;
static ULONG IopBeatsAbove, IopBeatsBelow; /* at the last tick */
static ULONG IopTicksWithoutBeat;
/* Not referenced: IopForgetThreads clears them. On trial: the last suspect when the beat last came
 * because of a suspicion. */
static PIO_HOST IopLastSuspect, IopOnTrial;

/* What the thread says about itself. Its TEB's second page is always mapped here, for the IPC
 * buffer. */
static const volatile void *IopTebField(PETHREAD Thread, ULONG Offset)
{
    return (const volatile UCHAR *)Thread->IpcBuffer - NEPTUNE_TEB_IPC_BUFFER + Offset;
}

static ULONG IopStretches(PETHREAD Thread)
{
    return Thread && Thread->Tcb.Cap
               ? *(const volatile ULONG *)IopTebField(Thread, NEPTUNE_TEB_STRETCHES)
               : 0;
}

static BOOLEAN IopClaimsDispatch(PETHREAD Thread)
{
    return Thread && Thread->Tcb.Cap &&
           *(const volatile UCHAR *)IopTebField(Thread, NEPTUNE_TEB_IRQL) >= DISPATCH_LEVEL;
}

static void IopRaise(PIO_HOST Host)
{
    if (Host->Raised || Host->Suspected || Host->Process->Exiting)
        return;
    Host->Raised = Host->JustRaised = TRUE;
    PsSetUrgency(Host->MainThread, PsUrgencyDispatch);
}

static void IopLower(PIO_HOST Host)
{
    if (!Host->Raised)
        return;
    Host->Raised = FALSE;
    PsSetUrgency(Host->MainThread, PsUrgencyPassive);
}

/* A main thread that is busy below DISPATCH_LEVEL is not raised, since it would go on with that
 * work first. */
void IopWakeHost(PIO_HOST Host)
{
    if (Host->Channel->ToDriver.ConsumerSleeps || IopClaimsDispatch(Host->MainThread))
        IopRaise(Host);
    seL4_Signal(Host->MainNotification.Cap);
}

/* One that was raised since the last tick may not have run yet. */
static void IopFollowIrql(PIO_HOST Host)
{
    BOOLEAN AtDispatch = IopClaimsDispatch(Host->MainThread);
    ULONG Stretch = AtDispatch ? IopStretches(Host->MainThread) : 0;

    if (AtDispatch && Host->AtDispatch && Stretch == Host->LastStretch)
        IopRaise(Host);
    else if (!Host->JustRaised)
        IopLower(Host);
    Host->AtDispatch = AtDispatch;
    Host->LastStretch = Stretch;
    Host->JustRaised = FALSE;
}

static void IopFollowAll(void)
{
    PLIST_ENTRY Entry;

    for (Entry = IopHosts.Flink; Entry != &IopHosts; Entry = Entry->Flink)
        IopFollowIrql(CONTAINING_RECORD(Entry, IO_HOST, HostsEntry));
}

/* ---- Finding who keeps the processor ---- */

static BOOLEAN IopIsUrgent(PIO_HOST Host)
{
    return !Host->Suspected && (Host->Raised || Host->InterruptThread);
}

static PIO_HOST IopFindSuspect(void)
{
    PIO_HOST Found = NULL;
    PLIST_ENTRY Entry;

    if (IopOnTrial && IopIsUrgent(IopOnTrial))
        return IopOnTrial;
    for (Entry = IopHosts.Flink; Entry != &IopHosts; Entry = Entry->Flink) {
        PIO_HOST Host = CONTAINING_RECORD(Entry, IO_HOST, HostsEntry);

        if (!IopIsUrgent(Host))
            continue;
        if (IopClaimsDispatch(Host->InterruptThread) || IopClaimsDispatch(Host->MainThread))
            return Host;
        if (!Found)
            Found = Host;
    }
    return Found;
}

static void IopCalm(PIO_HOST Host)
{
    IopLower(Host);
    Host->Suspected = TRUE;
    if (Host->InterruptThread)
        PsSetUrgency(Host->InterruptThread, PsUrgencyPassive);
}

/* Of both threads: how often they have ended a stretch of work. */
static ULONG IopProgress(PIO_HOST Host)
{
    return IopStretches(Host->MainThread) + IopStretches(Host->InterruptThread);
}

static void IopSuspect(PIO_HOST Host)
{
    IopLastSuspect = Host;
    Host->ProgressBefore = IopProgress(Host);
    IopCalm(Host);
}

static void IopAcquit(PIO_HOST Host)
{
    Host->Suspected = FALSE;
    if (Host->InterruptThread)
        PsSetUrgency(Host->InterruptThread, PsUrgencyInterrupt);
}

/* Keeps the threads of one that gets on with its work as urgent as programs, for a while. */
static void IopKeepCalm(PIO_HOST Host)
{
    Host->CalmLength = Host->CalmLength ? 2 * Host->CalmLength : IOP_SHORTEST_CALM;
    if (Host->CalmLength > IOP_LONGEST_CALM)
        Host->CalmLength = IOP_LONGEST_CALM;
    Host->CalmTicks = Host->CalmLength;
    DbgPrint("io: %ls has more to do than leaves time for programs\n", (const void *)Host->Name);
}

static void IopEndCalms(void)
{
    PLIST_ENTRY Entry;

    for (Entry = IopHosts.Flink; Entry != &IopHosts; Entry = Entry->Flink) {
        PIO_HOST Host = CONTAINING_RECORD(Entry, IO_HOST, HostsEntry);

        if (Host->CalmTicks && !--Host->CalmTicks && !Host->Process->Exiting)
            IopAcquit(Host);
    }
}

static void IopAcquitAll(void)
{
    PLIST_ENTRY Entry;

    for (Entry = IopHosts.Flink; Entry != &IopHosts; Entry = Entry->Flink) {
        PIO_HOST Host = CONTAINING_RECORD(Entry, IO_HOST, HostsEntry);

        if (Host->Suspected && !Host->CalmTicks && !Host->Process->Exiting)
            IopAcquit(Host);
    }
    IopLastSuspect = NULL;
}

static void IopShow(const WCHAR *Name)
{
    static const char Text[] = " kept the processor at a raised interrupt level and is ended\r\n";
    char Line[ARRAYSIZE(((PIO_HOST)NULL)->Name) + sizeof(Text)] = "\n";
    ULONG Length = 1, i;

    for (i = 0; Name[i]; i++)
        Line[Length++] = (char)Name[i]; /* ASCII: IopIsNameCharacter */
    memcpy(Line + Length, Text, sizeof(Text) - 1);
    HalDisplayString(Line, Length + sizeof(Text) - 1);
}

/* Its threads may be many, and are ended in turn with programs, so none may be above those. */
void IopEndHost(PIO_HOST Host)
{
    IopCalm(Host);
    PsTerminateProcess(Host->Process, STATUS_DRIVER_INTERNAL_ERROR);
}

/* As Windows' bug check DPC_WATCHDOG_VIOLATION, for one driver. */
static void IopBark(PIO_HOST Host)
{
    PETHREAD Thread =
        IopClaimsDispatch(Host->InterruptThread) ? Host->InterruptThread : Host->MainThread;

    DbgPrint("io: %ls kept the processor for more than %u ms and is ended\n",
             (const void *)Host->Name, NEPTUNE_WATCHDOG_MS);
    KeReportThread(Thread, "DPC watchdog violation");
    IoNoteHostFault(Host->Process, KeGetProgramCounter(Thread));
    IopShow(Host->Name);
    IopEndHost(Host);
}

/* The suspect may be gone by now, or may have nothing to do with the beat: see above. On the way to
 * the second suspicion one tick without a beat is enough. */
static void IopBeatCame(void)
{
    PIO_HOST Suspect = IopLastSuspect;
    BOOLEAN Again = Suspect && Suspect == IopOnTrial;
    BOOLEAN Busy = Suspect && IopProgress(Suspect) != Suspect->ProgressBefore;

    IopTicksWithoutBeat = Suspect && !Busy ? IOP_WATCHDOG_TICKS - 1 : 0;
    if (Busy)
        IopKeepCalm(Suspect);
    IopAcquitAll();
    if (Suspect)
        IopOnTrial = Busy ? NULL : Suspect;
    if (Again && !Busy)
        IopBark(Suspect);
}

static void IopBeatMissing(void)
{
    PIO_HOST Suspect;

    if (++IopTicksWithoutBeat < IOP_WATCHDOG_TICKS)
        return;
    Suspect = IopFindSuspect();
    if (Suspect)
        IopSuspect(Suspect);
}

static void IopWatchdogTick(PVOID Context)
{
    ULONG Above = KeHeartbeats(KeHeartAboveDrivers), Below = KeHeartbeats(KeHeartBelowDrivers);

    KeSetTimer(&IopWatchdogTimer, KeQueryInterruptTime() + 1);
    if (Below != IopBeatsBelow)
        IopBeatCame();
    else if (Above != IopBeatsAbove)
        IopBeatMissing();
    IopBeatsAbove = Above;
    IopBeatsBelow = Below;
    IopEndCalms();
    IopFollowAll();
    KeWantHeartbeats();
}

/* ---- What the rest of io asks for ---- */

void IopForgetThreads(PIO_HOST Host)
{
    if (IopLastSuspect == Host)
        IopLastSuspect = NULL;
    if (IopOnTrial == Host)
        IopOnTrial = NULL;
    if (Host->MainThread)
        ObDereferenceObject(Host->MainThread);
    if (Host->InterruptThread)
        ObDereferenceObject(Host->InterruptThread);
    Host->MainThread = Host->InterruptThread = NULL;
    Host->Raised = Host->JustRaised = Host->Suspected = Host->AtDispatch = FALSE;
    Host->CalmTicks = 0;
}

/* DrvServeInterrupts: once in a process. STATUS_INVALID_DEVICE_STATE. */
NTSTATUS NTAPI DrvServeInterrupts(void)
{
    PIO_HOST Host = IopCurrentHost();
    PETHREAD Thread = PsGetCurrentThread();

    if (!Host)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (Host->InterruptThread || Thread == Host->MainThread)
        return STATUS_INVALID_DEVICE_STATE;
    ObReferenceObject(Thread);
    Host->InterruptThread = Thread;
    PsSetUrgency(Thread, Host->Suspected ? PsUrgencyPassive : PsUrgencyInterrupt);
    return STATUS_SUCCESS;
}

/* DrvRequestDispatch: see IopWakeHost. */
NTSTATUS NTAPI DrvRequestDispatch(void)
{
    PIO_HOST Host = IopCurrentHost();

    if (!Host)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    IopWakeHost(Host);
    return STATUS_SUCCESS;
}

void IopInitializeWatchdog(void)
{
    KeStartHeart(KeHeartAboveDrivers, PS_ABOVE_DRIVERS);
    KeStartHeart(KeHeartBelowDrivers, PS_BELOW_DRIVERS);
    KeInitializeTimer(&IopWatchdogTimer, IopWatchdogTick, NULL);
    KeWantHeartbeats();
    KeSetTimer(&IopWatchdogTimer, KeQueryInterruptTime() + 1);
}
