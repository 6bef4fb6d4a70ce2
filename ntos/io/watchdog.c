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
 *     from another driver (IopWakeDriver); and when its interrupt thread waits for a spin lock that
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
 * ended. Ticks are counted, not time: when an emulator or hypervisor stops the whole machine for a
 * while, that is one tick.
 */
#include "iop.h"

#define DISPATCH_LEVEL 2 /* (WDK: wdm.h) */
#define IOP_TICKS_PER_SECOND 64
#define IOP_WATCHDOG_TICKS ((NEPTUNE_WATCHDOG_MS * IOP_TICKS_PER_SECOND + 999) / 1000)

static KTIMER IopWatchdogTimer;
static ULONG IopBeatsAbove, IopBeatsBelow; /* at the last tick */
static ULONG IopTicksWithoutBeat;
/* Not referenced: IopForgetThreads clears them. On trial: the last suspect when the beat last came
 * because of a suspicion. */
static PIO_DRIVER IopLastSuspect, IopOnTrial;

/* What the thread says about itself. Its TEB's second page is always mapped here, for the IPC
 * buffer. */
static const volatile void *IopTebField(PETHREAD Thread, ULONG Offset)
{
    return (const volatile UCHAR *)Thread->IpcBuffer - NEPTUNE_TEB_IPC_BUFFER + Offset;
}

static BOOLEAN IopClaimsDispatch(PETHREAD Thread)
{
    return Thread && Thread->Tcb.Cap &&
           *(const volatile UCHAR *)IopTebField(Thread, NEPTUNE_TEB_IRQL) >= DISPATCH_LEVEL;
}

static void IopRaise(PIO_DRIVER Driver)
{
    if (Driver->Raised || Driver->Suspected || Driver->Process->Exiting)
        return;
    Driver->Raised = Driver->JustRaised = TRUE;
    PsSetUrgency(Driver->MainThread, PsUrgencyDispatch);
}

static void IopLower(PIO_DRIVER Driver)
{
    if (!Driver->Raised)
        return;
    Driver->Raised = FALSE;
    PsSetUrgency(Driver->MainThread, PsUrgencyPassive);
}

/* A main thread that is busy below DISPATCH_LEVEL is not raised, since it would go on with that
 * work first. */
void IopWakeDriver(PIO_DRIVER Driver)
{
    if (Driver->Channel->ToDriver.ConsumerSleeps || IopClaimsDispatch(Driver->MainThread))
        IopRaise(Driver);
    seL4_Signal(Driver->MainNotification.Cap);
}

/* One that was raised since the last tick may not have run yet. */
static void IopFollowIrql(PIO_DRIVER Driver)
{
    BOOLEAN AtDispatch = IopClaimsDispatch(Driver->MainThread);
    ULONG Stretch =
        AtDispatch ? *(const volatile ULONG *)IopTebField(Driver->MainThread, NEPTUNE_TEB_STRETCHES)
                   : 0;

    if (AtDispatch && Driver->AtDispatch && Stretch == Driver->LastStretch)
        IopRaise(Driver);
    else if (!Driver->JustRaised)
        IopLower(Driver);
    Driver->AtDispatch = AtDispatch;
    Driver->LastStretch = Stretch;
    Driver->JustRaised = FALSE;
}

static void IopFollowAll(void)
{
    ULONG Bit;

    for (Bit = 1; Bit < KE_SIGNAL_BITS; Bit++)
        if (IopDriverBySignal[Bit])
            IopFollowIrql(IopDriverBySignal[Bit]);
}

/* ---- Finding who keeps the processor ---- */

static BOOLEAN IopIsUrgent(PIO_DRIVER Driver)
{
    return !Driver->Suspected && (Driver->Raised || Driver->InterruptThread);
}

static PIO_DRIVER IopFindSuspect(void)
{
    PIO_DRIVER Found = NULL;
    ULONG Bit;

    if (IopOnTrial && IopIsUrgent(IopOnTrial))
        return IopOnTrial;
    for (Bit = 1; Bit < KE_SIGNAL_BITS; Bit++) {
        PIO_DRIVER Driver = IopDriverBySignal[Bit];

        if (!Driver || !IopIsUrgent(Driver))
            continue;
        if (IopClaimsDispatch(Driver->InterruptThread) || IopClaimsDispatch(Driver->MainThread))
            return Driver;
        if (!Found)
            Found = Driver;
    }
    return Found;
}

static void IopCalm(PIO_DRIVER Driver)
{
    IopLower(Driver);
    Driver->Suspected = TRUE;
    if (Driver->InterruptThread)
        PsSetUrgency(Driver->InterruptThread, PsUrgencyPassive);
}

static void IopSuspect(PIO_DRIVER Driver)
{
    IopLastSuspect = Driver;
    IopCalm(Driver);
}

static void IopAcquitAll(void)
{
    ULONG Bit;

    for (Bit = 1; Bit < KE_SIGNAL_BITS; Bit++) {
        PIO_DRIVER Driver = IopDriverBySignal[Bit];

        if (!Driver || !Driver->Suspected || Driver->Process->Exiting)
            continue;
        Driver->Suspected = FALSE;
        if (Driver->InterruptThread)
            PsSetUrgency(Driver->InterruptThread, PsUrgencyInterrupt);
    }
    IopLastSuspect = NULL;
}

static void IopShow(const WCHAR *Name)
{
    static const char Text[] =
        ".sys kept the processor at a raised interrupt level and is ended\r\n";
    char Line[ARRAYSIZE(((PIO_DRIVER)NULL)->Name) + sizeof(Text)] = "\n";
    ULONG Length = 1, i;

    for (i = 0; Name[i]; i++)
        Line[Length++] = (char)Name[i]; /* ASCII: IopIsNameCharacter */
    memcpy(Line + Length, Text, sizeof(Text) - 1);
    HalDisplayString(Line, Length + sizeof(Text) - 1);
}

/* Its threads may be many, and are ended in turn with programs, so none may be above those. */
void IopEndDriver(PIO_DRIVER Driver)
{
    IopCalm(Driver);
    PsTerminateProcess(Driver->Process, STATUS_DRIVER_INTERNAL_ERROR);
}

/* As Windows' bug check DPC_WATCHDOG_VIOLATION, for one driver. */
static void IopBark(PIO_DRIVER Driver)
{
    PETHREAD Thread =
        IopClaimsDispatch(Driver->InterruptThread) ? Driver->InterruptThread : Driver->MainThread;

    DbgPrint("io: driver %ls.sys kept the processor for more than %u ms and is ended\n",
             (const void *)Driver->Name, NEPTUNE_WATCHDOG_MS);
    KeReportThread(Thread, "DPC watchdog violation");
    IopShow(Driver->Name);
    IopEndDriver(Driver);
}

/* The suspect may be gone by now, or may have nothing to do with the beat: see above. On the way to
 * the second suspicion one tick without a beat is enough. */
static void IopBeatCame(void)
{
    PIO_DRIVER Suspect = IopLastSuspect;
    BOOLEAN Again = Suspect && Suspect == IopOnTrial;

    IopTicksWithoutBeat = Suspect ? IOP_WATCHDOG_TICKS - 1 : 0;
    IopAcquitAll();
    if (Suspect)
        IopOnTrial = Suspect;
    if (Again)
        IopBark(Suspect);
}

static void IopBeatMissing(void)
{
    PIO_DRIVER Suspect;

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
    IopFollowAll();
    KeWantHeartbeats();
}

/* ---- What the rest of io asks for ---- */

void IopForgetThreads(PIO_DRIVER Driver)
{
    if (IopLastSuspect == Driver)
        IopLastSuspect = NULL;
    if (IopOnTrial == Driver)
        IopOnTrial = NULL;
    if (Driver->MainThread)
        ObDereferenceObject(Driver->MainThread);
    if (Driver->InterruptThread)
        ObDereferenceObject(Driver->InterruptThread);
    Driver->MainThread = Driver->InterruptThread = NULL;
    Driver->Raised = Driver->JustRaised = Driver->Suspected = Driver->AtDispatch = FALSE;
}

/* DrvServeInterrupts: once in a process. STATUS_INVALID_DEVICE_STATE. */
NTSTATUS NTAPI DrvServeInterrupts(void)
{
    PIO_DRIVER Driver = IopCurrentDriver();
    PETHREAD Thread = PsGetCurrentThread();

    if (!Driver)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (Driver->InterruptThread || Thread == Driver->MainThread)
        return STATUS_INVALID_DEVICE_STATE;
    ObReferenceObject(Thread);
    Driver->InterruptThread = Thread;
    PsSetUrgency(Thread, Driver->Suspected ? PsUrgencyPassive : PsUrgencyInterrupt);
    return STATUS_SUCCESS;
}

/* DrvRequestDispatch: see IopWakeDriver. */
NTSTATUS NTAPI DrvRequestDispatch(void)
{
    PIO_DRIVER Driver = IopCurrentDriver();

    if (!Driver)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    IopWakeDriver(Driver);
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
