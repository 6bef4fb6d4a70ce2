// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/io/watchdog.c rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Itests/host/executive -Iinclude -Intos/inc -Intos/io -DNEPTUNE_HOST_TEST -DDBG=0 -DNEPTUNE_WATCHDOG_MS=100
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
/*
 * Who is ended for keeping the processor: a model of the scheduler in which drivers that loop while
 * their interrupt threads are urgent keep the lower heartbeat away.
 */
#include "test.h"
#include "iop.h"

ULONG_PTR KeGetProgramCounter(PETHREAD Thread)
{
    return 0;
}

void IoNoteHostFault(PEPROCESS Process, ULONG_PTR Address)
{
}

#define DRIVERS 3
#define TICKS 100 /* more than it takes to try all */

struct _ETHREAD *KiCurrentThread;
LIST_ENTRY IopHosts;
static PKTIMER_ROUTINE Tick;
static ULONG Beats[KeHearts];
static IO_HOST Hosts[DRIVERS];
static ETHREAD Threads[DRIVERS];
static EPROCESS Processes[DRIVERS];
static UCHAR Tebs[DRIVERS][NEPTUNE_TEB_SIZE];
static BOOLEAN Urgent[DRIVERS], Looping[DRIVERS], Busy[DRIVERS], Ended[DRIVERS];

static ULONG NumberOf(PEPROCESS Process)
{
    return (ULONG)(Process - Processes);
}

void PsSetUrgency(PETHREAD Thread, PS_URGENCY Urgency)
{
    Urgent[NumberOf(Thread->Process)] = Urgency == PsUrgencyInterrupt;
}

NTSTATUS PsTerminateProcess(PEPROCESS Process, NTSTATUS ExitStatus)
{
    Ended[NumberOf(Process)] = TRUE;
    Looping[NumberOf(Process)] = FALSE;
    return STATUS_SUCCESS;
}

void KeInitializeTimer(PKTIMER Timer, PKTIMER_ROUTINE Routine, PVOID Context)
{
    Tick = Routine;
}

void KeSetTimer(PKTIMER Timer, ULONGLONG DueTime)
{
}

ULONGLONG KeQueryInterruptTime(void)
{
    return 0;
}

void KeStartHeart(KE_HEART Which, ULONG Priority)
{
}

/* Asked for at a tick; comes before the next one if it can. */
void KeWantHeartbeats(void)
{
}

ULONG KeHeartbeats(KE_HEART Which)
{
    return Beats[Which];
}

void KeReportThread(PETHREAD Thread, const char *What)
{
}

void HalDisplayString(const char *Text, SIZE_T Length)
{
}

void ObReferenceObject(PVOID Object)
{
}

void ObDereferenceObject(PVOID Object)
{
}

PIO_HOST IopCurrentHost(void)
{
    return NULL;
}

/* Who is only busy ends stretch after stretch. */
static void RunATick(void)
{
    BOOLEAN Kept = FALSE;
    ULONG i;

    for (i = 0; i < DRIVERS; i++) {
        Kept = Kept || ((Looping[i] || Busy[i]) && Urgent[i]);
        Tebs[i][NEPTUNE_TEB_STRETCHES] += Busy[i];
    }
    Beats[KeHeartAboveDrivers]++;
    Beats[KeHeartBelowDrivers] += !Kept;
    Tick(NULL);
}

static void Begin(void)
{
    ULONG i;

    InitializeListHead(&IopHosts);
    for (i = 0; i < DRIVERS; i++) {
        IopForgetThreads(&Hosts[i]);
        Threads[i] = (ETHREAD){.Process = &Processes[i], .Tcb.Cap = 1};
        Threads[i].IpcBuffer = (seL4_IPCBuffer *)(Tebs[i] + NEPTUNE_TEB_IPC_BUFFER);
        Hosts[i].Process = &Processes[i];
        Hosts[i].MainThread = Hosts[i].InterruptThread = &Threads[i];
        InsertTailList(&IopHosts, &Hosts[i].HostsEntry);
        Hosts[i].CalmLength = 0;
        Looping[i] = Busy[i] = Ended[i] = FALSE;
        Urgent[i] = TRUE;
    }
    IopInitializeWatchdog();
    for (i = 0; i < 10; i++)
        RunATick();
}

static ULONG CountEnded(void)
{
    ULONG Count = 0, i;

    for (i = 0; i < DRIVERS; i++)
        Count += Ended[i];
    return Count;
}

TEST(one_that_loops_is_ended_and_no_other)
{
    ULONG Looper, i;

    for (Looper = 0; Looper < DRIVERS; Looper++) {
        Begin();
        Looping[Looper] = TRUE;
        for (i = 0; i < TICKS; i++)
            RunATick();
        CHECK(Ended[Looper] && CountEnded() == 1);
    }
}

/* Whenever it does, also in the tick in which another is suspected. */
TEST(nobody_is_ended_for_one_that_stops_by_itself)
{
    ULONG Looper, Length, i;

    for (Looper = 0; Looper < DRIVERS; Looper++)
        for (Length = 0; Length < 16; Length++) {
            Begin();
            Looping[Looper] = TRUE;
            for (i = 0; i < Length; i++)
                RunATick();
            Looping[Looper] = FALSE;
            for (i = 0; i < TICKS; i++)
                RunATick();
            CHECK(CountEnded() == 0 || Ended[Looper]);
            CHECK(CountEnded() <= 1);
            for (i = 0; i < DRIVERS; i++)
                CHECK(Urgent[i] || Ended[i]);
        }
}

/* One that loops for long again and again does not get away with it. */
TEST(one_that_rests_between_its_loops_is_ended)
{
    ULONG Round, i;

    Begin();
    for (Round = 0; Round < 20 && !CountEnded(); Round++) {
        Looping[1] = TRUE;
        for (i = 0; i < 30 && Looping[1]; i++) {
            RunATick();
            if (!Urgent[1]) {
                RunATick();
                Looping[1] = FALSE; /* it has noticed */
            }
        }
        for (i = 0; i < 3; i++)
            RunATick();
    }
    CHECK(Ended[1] && CountEnded() == 1);
}

/* Interrupts without end: the driver goes on at the priority of programs, and is urgent again
 * later. Programs get on most of the time. */
TEST(one_that_is_only_busy_is_calmed)
{
    ULONG Calm = 0, Before, i;

    Begin();
    Busy[2] = TRUE;
    Before = Beats[KeHeartBelowDrivers];
    for (i = 0; i < 1000; i++) {
        RunATick();
        Calm += !Urgent[2];
    }
    CHECK(CountEnded() == 0 && Urgent[0] && Urgent[1]);
    CHECK(Calm > 900 && Beats[KeHeartBelowDrivers] - Before > 900);
    Busy[2] = FALSE;
    for (i = 0; i < 2000 && !Urgent[2]; i++)
        RunATick();
    CHECK(Urgent[2]);
}

/* One that loops while another is busy is found, at the latest when that is calm. */
TEST(one_that_loops_beside_a_busy_one_is_ended)
{
    ULONG i;

    Begin();
    Busy[0] = Looping[1] = TRUE;
    for (i = 0; i < 10 * TICKS; i++)
        RunATick();
    CHECK(Ended[1] && CountEnded() == 1);
}
