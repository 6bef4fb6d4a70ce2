/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drivers whose host has ended are started again, in a new host, and so are their devices: at once
 * the first time, then after a delay that doubles each time, where they end soon or do not start.
 * The number RestartLimit of a driver's service key (IOP_RESTART_LIMIT without) says how often in a
 * row. A driver that is unloaded meanwhile is left alone; one that is loaded meanwhile starts then,
 * and its failures are forgotten.
 */
#include "iop.h"
#include "cm.h"

#define IOP_RESTART_LIMIT 10
#define IOP_SECOND 10000000ull /* 100 ns */
#define IOP_FIRST_DELAY (IOP_SECOND / 8)
#define IOP_LONGEST_DELAY (8 * IOP_SECOND)
#define IOP_LONG_LIFE (10 * IOP_SECOND) /* who has run for so long has not failed before */

/* The drivers of one host. */
typedef struct _IOP_RESTART {
    KTIMER Timer;
    ULONG Count;
    PIO_DRIVER Drivers[]; /* referenced */
} IOP_RESTART, *PIOP_RESTART;

static ULONG IopRestartLimit(PIO_DRIVER Driver)
{
    WCHAR Key[IOP_SERVICE_KEY_NAME];
    ULONG Limit;

    IopServiceKey(Driver->Name, Key);
    return CmQueryNumber(Key, u"RestartLimit", &Limit) ? Limit : IOP_RESTART_LIMIT;
}

/* Counts a failure. FALSE: it was one too many. */
static BOOLEAN IopMayRestart(PIO_DRIVER Driver)
{
    if (KeQueryInterruptTime() - Driver->StartTime >= IOP_LONG_LIFE)
        Driver->Failures = 0;
    if (Driver->Failures++ < IopRestartLimit(Driver))
        return TRUE;
    DbgPrint("io: driver %ls.sys is not started again\n", (const void *)Driver->Name);
    return FALSE;
}

/* After the failure with that number. */
static ULONGLONG IopRestartDelay(ULONG Failures)
{
    ULONGLONG Delay = Failures > 1 ? IOP_FIRST_DELAY : 0;

    for (; Failures > 2 && Delay < IOP_LONGEST_DELAY; Failures--)
        Delay *= 2;
    return Delay;
}

/* FALSE: there is nothing more to do for the driver. What others begin with it meanwhile may fail,
 * and what ends meanwhile has not been planned for. */
static BOOLEAN IopTryRestart(PIO_DRIVER Driver)
{
    if (NT_SUCCESS(IopReviveDriver(Driver)) || Driver->Forgotten)
        return FALSE;
    if (Driver->Busy || Driver->State == IopDriverEnding)
        return TRUE;
    return Driver->State == IopDriverDead && IopMayRestart(Driver);
}

static void IopScheduleRestart(PIOP_RESTART Restart, ULONGLONG ShortestDelay);

/* System thread. Drivers that go together are started in the order in which they were loaded. */
static void IopRestartThread(PVOID Context)
{
    PIOP_RESTART Restart = Context;
    ULONG Count = Restart->Count, i;

    Restart->Count = 0;
    for (i = 0; i < Count; i++) {
        PIO_DRIVER Driver = Restart->Drivers[i];

        if (IopTryRestart(Driver)) {
            Restart->Drivers[Restart->Count++] = Driver;
        } else {
            Driver->Restarting = FALSE;
            ObDereferenceObject(Driver);
        }
    }
    IopStartDevices();
    IopScheduleRestart(Restart, IOP_FIRST_DELAY);
}

static void IopBeginRestart(PVOID Context)
{
    PIOP_RESTART Restart = Context;

    if (!NT_SUCCESS(KeCreateSystemThread(IopRestartThread, Restart)))
        KeSetTimer(&Restart->Timer, KeQueryInterruptTime() + IOP_FIRST_DELAY);
}

/* It goes when it has no drivers left. */
static void IopScheduleRestart(PIOP_RESTART Restart, ULONGLONG ShortestDelay)
{
    ULONG Failures = 0, i;
    ULONGLONG Delay;

    if (!Restart->Count) {
        ExFreePool(Restart);
        return;
    }
    for (i = 0; i < Restart->Count; i++)
        if (Restart->Drivers[i]->Failures > Failures)
            Failures = Restart->Drivers[i]->Failures;
    Delay = IopRestartDelay(Failures);
    if (Delay < ShortestDelay)
        Delay = ShortestDelay;
    if (Delay)
        KeSetTimer(&Restart->Timer, KeQueryInterruptTime() + Delay);
    else
        IopBeginRestart(Restart);
}

static BOOLEAN IopIsToRestart(PIO_DRIVER Driver)
{
    return Driver->State == IopDriverRunning && !Driver->Restarting && IopMayRestart(Driver);
}

/* The host has ended, and its drivers are about to leave it. NULL: none is to be started again. */
PIOP_RESTART IopPlanRestart(PIO_HOST Host)
{
    PIOP_RESTART Restart;
    PLIST_ENTRY Entry;
    ULONG Count = 0;

    for (Entry = Host->DriverList.Flink; Entry != &Host->DriverList; Entry = Entry->Flink)
        Count++;
    Restart = ExAllocatePool(sizeof(*Restart) + Count * sizeof(Restart->Drivers[0]));
    if (!Restart)
        return NULL;
    KeInitializeTimer(&Restart->Timer, IopBeginRestart, Restart);
    for (Entry = Host->DriverList.Flink; Entry != &Host->DriverList; Entry = Entry->Flink) {
        PIO_DRIVER Driver = CONTAINING_RECORD(Entry, IO_DRIVER, HostEntry);

        if (!IopIsToRestart(Driver))
            continue;
        ObReferenceObject(Driver);
        Driver->Restarting = TRUE;
        Restart->Drivers[Restart->Count++] = Driver;
    }
    return Restart;
}

/* The drivers have left. */
void IopRestartDrivers(PIOP_RESTART Restart)
{
    if (Restart)
        IopScheduleRestart(Restart, 0);
}
