/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard: see keyboard.h. */
#include "keyboard.h"
#include "ntcmd.h"

#define PACKETS 32
#define KEPT_KEYS 4096 /* typed ahead; more are dropped */
#define SECOND 10000000LL

static HANDLE Keyboard, Arrived;
static KEYBOARD_INPUT_DATA Packets[PACKETS];
static IO_STATUS_BLOCK Iosb;
static BOOLEAN Reading; /* a read is outstanding */
static KEYBOARD_STATE State;

static KEY_EVENT Kept[KEPT_KEYS];
static ULONG KeptFirst, KeptCount;

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
    return NtOpenFile(&Keyboard, FILE_READ_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE, &Attributes, &OpenStatus, 0, 0);
}

/* Says why there is no keyboard, shows the processes so that the reader sees which driver died, and waits for it. */
static void AwaitKeyboard(NTSTATUS Status)
{
    PWSTR Words[] = {u"ps"};
    LARGE_INTEGER Pause = {.QuadPart = -SECOND};

    Print("\n");
    PrintStatus("The keyboard is gone", Status);
    if (Keyboard)
        NtClose(Keyboard);
    Keyboard = NULL;
    ListProcesses(1, Words);
    Print("Waiting for it to come back ...\n");
    FlushScreen();
    while (!NT_SUCCESS(OpenKeyboard()))
        NtDelayExecution(FALSE, &Pause);
    memset(&State, 0, sizeof(State));
    Print("The keyboard is back. Press Enter.\n");
}

static void SetIndicators(USHORT Indicators)
{
    KEYBOARD_INDICATOR_PARAMETERS Parameters = {0, Indicators};
    IO_STATUS_BLOCK Ignored;
    HANDLE Done;

    /* Lights that cannot be set harm nobody: the keys still work. */
    if (!NT_SUCCESS(NtCreateEvent(&Done, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE)))
        return;
    if (NtDeviceIoControlFile(Keyboard, Done, NULL, NULL, &Ignored, IOCTL_KEYBOARD_SET_INDICATORS, &Parameters,
                              sizeof(Parameters), NULL, 0) == STATUS_PENDING)
        NtWaitForSingleObject(Done, FALSE, NULL);
    NtClose(Done);
}

static void KeepKey(KEY_EVENT Event)
{
    if (Event.Key != KeyNone && KeptCount < KEPT_KEYS)
        Kept[(KeptFirst + KeptCount++) % KEPT_KEYS] = Event;
}

static void TakePackets(ULONG Count)
{
    USHORT Before = State.Indicators;

    for (ULONG i = 0; i < Count; i++)
        KeepKey(TranslateScanCode(&State, Packets[i].MakeCode, Packets[i].Flags));
    if (State.Indicators != Before)
        SetIndicators(State.Indicators);
}

/* Sees to it that a read is outstanding. */
static void StartRead(void)
{
    LARGE_INTEGER Offset = {.QuadPart = 0};

    while (!Reading) {
        NTSTATUS Status = Keyboard ? STATUS_SUCCESS : OpenKeyboard();

        if (NT_SUCCESS(Status))
            Status = NtReadFile(Keyboard, Arrived, NULL, NULL, &Iosb, Packets, sizeof(Packets), &Offset, NULL);
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

KEY_EVENT ReadKey(void)
{
    KEY_EVENT Event;

    while (!KeptCount) {
        StartRead();
        FlushScreen();
        NtWaitForSingleObject(Arrived, FALSE, NULL);
        FinishRead();
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

void WaitForProcess(HANDLE Process)
{
    for (;;) {
        HANDLE Objects[2];
        ULONG Before = KeptCount;

        StartRead();
        FlushScreen();
        Objects[0] = Process;
        Objects[1] = Arrived;
        if (NtWaitForMultipleObjects(2, Objects, WaitAny, FALSE, NULL) != STATUS_WAIT_1)
            return;
        FinishRead();
        if (TakeInterrupt(Before))
            NtTerminateProcess(Process, STATUS_CONTROL_C_EXIT);
    }
}
