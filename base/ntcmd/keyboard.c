/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard: see keyboard.h. */
#include "keyboard.h"
#include "ntcmd.h"
#include <neptune/ioctl.h>

#define PACKETS 32
#define WATCHED 16
#define KEPT_KEYS 4096               /* typed ahead; more are dropped and counted */
#define REOPEN_INTERVAL (-1000000LL) /* 100 ms */

static HANDLE Keyboard, Arrived;
static KEYBOARD_INPUT_DATA Packets[PACKETS];
static IO_STATUS_BLOCK Iosb;
static BOOLEAN Reading;         /* a read is outstanding */
static BOOLEAN AwaitingProcess; /* no prompt is on the screen */
static ULONG Heir;              /* the process that has the keyboard from us, or 0 */
static KEYBOARD_STATE State;

/* Processes that were started and go on beside the prompt. Their handles are ours. */
static HANDLE Started[WATCHED];
static ULONG StartedCount;

static KEY_EVENT Kept[KEPT_KEYS];
static ULONG KeptFirst, KeptCount;
static ULONG KeysDropped;

static NTSTATUS OpenKeyboard(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\KeyboardClass0");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK OpenStatus;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Arrived)
        Status = NtCreateEvent(&Arrived, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(&Keyboard, FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE, &Attributes,
                      &OpenStatus, 0, 0);
}

/* A control code; waits until it is carried out. */
static NTSTATUS ControlKeyboard(ULONG Code, PVOID Input, ULONG InputLength, PVOID Output,
                                ULONG OutputLength)
{
    IO_STATUS_BLOCK Result;
    HANDLE Done;
    NTSTATUS Status = NtCreateEvent(&Done, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtDeviceIoControlFile(Keyboard, Done, NULL, NULL, &Result, Code, Input, InputLength,
                                   Output, OutputLength);
    if (Status == STATUS_PENDING) {
        NtWaitForSingleObject(Done, FALSE, NULL);
        Status = Result.Status;
    }
    NtClose(Done);
    return Status;
}

/* It fails if this process is not in the foreground, which does no harm. */
static void TellHeir(void)
{
    ControlKeyboard(IOCTL_KEYBOARD_HAND_OVER, &Heir, sizeof(Heir), NULL, 0);
}

static void KeepKey(KEY_EVENT Event)
{
    if (Event.Key == KeyNone)
        return;
    if (KeptCount < KEPT_KEYS)
        Kept[(KeptFirst + KeptCount++) % KEPT_KEYS] = Event;
    else
        KeysDropped++;
}

/* Some packets did not arrive here, so no key is assumed to be held down. */
static void ForgetHeldKeys(void)
{
    KEYBOARD_INDICATOR_PARAMETERS Now;

    State.Shift = State.Control = State.Alt = 0;
    State.LockKeyHeld = FALSE;
    if (NT_SUCCESS(ControlKeyboard(IOCTL_KEYBOARD_QUERY_INDICATORS, NULL, 0, &Now, sizeof(Now))))
        State.Indicators = Now.LedFlags;
}

/* Waits for the keyboard to come back; at the prompt, says why. */
static void AwaitKeyboard(NTSTATUS Status)
{
    LARGE_INTEGER Pause = {.QuadPart = REOPEN_INTERVAL};

    if (!AwaitingProcess) {
        Print("\n");
        PrintStatus("The keyboard is gone", Status);
        FlushScreen();
    }
    if (Keyboard)
        NtClose(Keyboard);
    Keyboard = NULL;
    while (!NT_SUCCESS(OpenKeyboard()))
        NtDelayExecution(FALSE, &Pause);
    TellHeir();
    memset(&State, 0, sizeof(State));
    if (AwaitingProcess)
        return;
    Print("The keyboard is back.\n");
    KeepKey((KEY_EVENT){.Key = KeyRefresh});
}

/* If the lights cannot be set the keys still work. */
static void SetIndicators(USHORT Indicators)
{
    KEYBOARD_INDICATOR_PARAMETERS Parameters = {0, Indicators};

    ControlKeyboard(IOCTL_KEYBOARD_SET_INDICATORS, &Parameters, sizeof(Parameters), NULL, 0);
}

static void TakePackets(ULONG Count)
{
    for (ULONG i = 0; i < Count; i++) {
        USHORT Before = State.Indicators;

        if (Packets[i].MakeCode == KEYBOARD_OVERRUN_MAKE_CODE) {
            ForgetHeldKeys();
            continue;
        }
        KeepKey(TranslateScanCode(&State, Packets[i].MakeCode, Packets[i].Flags));
        if (State.Indicators != Before)
            SetIndicators(State.Indicators);
    }
}

/* Sees to it that a read is outstanding. */
static void StartRead(void)
{
    LARGE_INTEGER Offset = {.QuadPart = 0};

    while (!Reading) {
        NTSTATUS Status = Keyboard ? STATUS_SUCCESS : OpenKeyboard();

        if (NT_SUCCESS(Status))
            Status = NtReadFile(Keyboard, Arrived, NULL, NULL, &Iosb, Packets, sizeof(Packets),
                                &Offset, NULL);
        if (NT_SUCCESS(Status)) /* whether it is complete already or not, Arrived tells */
            Reading = TRUE;
        else
            AwaitKeyboard(Status);
    }
}

/* The outstanding read has ended: Arrived was signalled. */
static void FinishRead(void)
{
    Reading = FALSE;
    if (NT_SUCCESS(Iosb.Status))
        TakePackets((ULONG)(Iosb.Information / sizeof(Packets[0])));
    else
        AwaitKeyboard(Iosb.Status);
}

static void ForgetStarted(ULONG Index)
{
    NtClose(Started[Index]);
    memmove(&Started[Index], &Started[Index + 1], (--StartedCount - Index) * sizeof(HANDLE));
}

void WatchProcess(HANDLE Process)
{
    if (StartedCount == WATCHED)
        ForgetStarted(0);
    Started[StartedCount++] = Process;
}

/* For a key, or for the end of a process that has been started: what it has printed stands behind
 * the prompt, so that comes again. Where nothing was printed it is written over itself. */
static void AwaitKey(void)
{
    HANDLE Objects[1 + WATCHED] = {Arrived};
    NTSTATUS Status;

    memcpy(Objects + 1, Started, StartedCount * sizeof(HANDLE));
    Status = NtWaitForMultipleObjects(1 + StartedCount, Objects, WaitAny, FALSE, NULL);
    if (Status < STATUS_WAIT_1 || Status > STATUS_WAIT_0 + (NTSTATUS)StartedCount) {
        FinishRead();
        return;
    }
    ForgetStarted((ULONG)(Status - STATUS_WAIT_1));
    Print("\r");
    KeepKey((KEY_EVENT){.Key = KeyRefresh});
}

KEY_EVENT ReadKey(void)
{
    KEY_EVENT Event;

    for (;;) {
        StartRead(); /* which may keep a KeyRefresh */
        if (KeptCount)
            break;
        FlushScreen();
        AwaitKey();
    }
    Event = Kept[KeptFirst];
    KeptFirst = (KeptFirst + 1) % KEPT_KEYS;
    KeptCount--;
    return Event;
}

/* Takes all keys up to a Ctrl+C out of what is kept from First on; TRUE when there was one. */
static BOOLEAN TakeInterrupt(ULONG First)
{
    for (ULONG i = First; i < KeptCount; i++) {
        if (Kept[(KeptFirst + i) % KEPT_KEYS].Key == KeyInterrupt) {
            KeptFirst = (KeptFirst + i + 1) % KEPT_KEYS;
            KeptCount -= i + 1;
            return TRUE;
        }
    }
    return FALSE;
}

void HandOverKeyboard(HANDLE ProcessId)
{
    Heir = (ULONG)(ULONG_PTR)ProcessId;
    if (Keyboard)
        TellHeir();
}

void WaitForProcess(HANDLE Process)
{
    AwaitingProcess = TRUE;
    for (;;) {
        HANDLE Objects[2];
        ULONG Before = KeptCount;

        StartRead();
        FlushScreen();
        Objects[0] = Process;
        Objects[1] = Arrived;
        if (NtWaitForMultipleObjects(2, Objects, WaitAny, FALSE, NULL) != STATUS_WAIT_1)
            break;
        FinishRead();
        if (TakeInterrupt(Before) && !IsCritical(Process))
            NtTerminateProcess(Process, STATUS_CONTROL_C_EXIT);
    }
    AwaitingProcess = FALSE;
}

void ShowKeys(ULONG Count, PWSTR Words[])
{
    ULONG Lost;
    NTSTATUS Status = ControlKeyboard(IOCTL_KEYBOARD_QUERY_LOST, NULL, 0, &Lost, sizeof(Lost));

    if (NT_SUCCESS(Status))
        Print("%10u keys pressed or released that found no room on their way here\n", Lost);
    else
        PrintStatus("keys", Status);
    Print("%10u typed ahead that found no room here\n", KeysDropped);
}
