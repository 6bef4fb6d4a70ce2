/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry: waiting for changes. */
#include "registry.h"
#include "waiting.h"

#define NAME REG_NOTIFY_CHANGE_NAME
#define LAST_SET REG_NOTIFY_CHANGE_LAST_SET

static IO_STATUS_BLOCK Block;

static NTSTATUS Ask(HANDLE Key, HANDLE Event, ULONG Filter, BOOLEAN Subtree)
{
    return NtNotifyChangeKey(Key, Event, NULL, NULL, &Block, Filter, Subtree, NULL, 0, TRUE);
}

static BOOLEAN IsSet(HANDLE Event)
{
    EVENT_BASIC_INFORMATION Information = {0};

    NtQueryEvent(Event, EventBasicInformation, &Information, sizeof(Information), NULL);
    return Information.EventState != 0;
}

static HANDLE MakeEvent(BOOLEAN State)
{
    HANDLE Event = NULL;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, State);
    return Event;
}

static HANDLE Open(ACCESS_MASK Access)
{
    HANDLE Key = NULL;

    OpenKey(NULL, REGISTRY_TEST_ROOT, Access, 0, &Key);
    return Key;
}

static void TestArguments(HANDLE Root, HANDLE Event)
{
    HANDLE Key = Open(KEY_QUERY_VALUE);

    ok_status(Ask(Key, Event, NAME, FALSE), STATUS_ACCESS_DENIED, "to wait needs KEY_NOTIFY");
    NtClose(Key);
    ok_status(Ask(Root, Event, 0x10, FALSE), STATUS_INVALID_PARAMETER, "an unknown filter");
    ok_status(NtNotifyChangeKey(Root, Event, NULL, NULL, NULL, NAME, FALSE, NULL, 0, TRUE),
              STATUS_ACCESS_VIOLATION, "no status block");
    ok_status(NtNotifyChangeKey(Root, Event, NULL, NULL, &Block, NAME, FALSE, (PVOID)8, 8, TRUE),
              STATUS_ACCESS_VIOLATION, "a bad buffer");
    ok_status(Ask(Root, (HANDLE)0x7ffc, NAME, FALSE), STATUS_INVALID_HANDLE, "no event");
    ok_status(Ask(Root, Root, NAME, FALSE), STATUS_OBJECT_TYPE_MISMATCH, "no event but a key");
    ok_status(Ask(NULL, Event, NAME, FALSE), STATUS_INVALID_HANDLE, "no key");
    ok_status(NtNotifyChangeMultipleKeys(Root, 2, NULL, Event, NULL, NULL, &Block, NAME, FALSE,
                                         NULL, 0, TRUE),
              STATUS_INVALID_PARAMETER, "more than one other key");
    ok_status(NtNotifyChangeMultipleKeys(Root, 1, NULL, Event, NULL, NULL, &Block, NAME, FALSE,
                                         NULL, 0, TRUE),
              STATUS_ACCESS_VIOLATION, "another key that is not named");
}

/* What a handle's first call asks for holds for all that follow. */
static void TestSessions(HANDLE Root)
{
    HANDLE Key = Open(KEY_ALL_ACCESS), Key2 = Open(KEY_ALL_ACCESS), Events[4], Sub;

    for (ULONG i = 0; i < 4; i++)
        Events[i] = MakeEvent(TRUE);
    ok_status(Ask(Key, Events[0], NAME, FALSE), STATUS_PENDING, "wait for names");
    ok_status(Ask(Key, Events[1], 0, FALSE), STATUS_PENDING, "once more, with no filter");
    ok_status(Ask(Key2, Events[2], 0, FALSE), STATUS_PENDING, "by another handle, with no filter");
    ok_status(Ask(Key2, Events[3], NAME, FALSE), STATUS_PENDING, "once more, for names");
    ok(!IsSet(Events[0]) && !IsSet(Events[1]) && !IsSet(Events[2]) && !IsSet(Events[3]),
       "the events are reset");
    CreateKey(Root, u"test_subkey", KEY_ALL_ACCESS, 0, &Sub);
    ok(IsSet(Events[0]) && IsSet(Events[1]), "a new key is told to the first handle's");
    ok(!IsSet(Events[2]) && !IsSet(Events[3]), "and not to the second one's");
    ok_status(Block.Status, STATUS_NOTIFY_ENUM_DIR, "what the status block says");
    ok_status(Ask(Key, Events[0], 0, FALSE), STATUS_PENDING, "wait again");
    ok(!IsSet(Events[0]) && IsSet(Events[1]), "only what is asked for is reset");
    ok_status(Ask(Key, Events[1], 0, FALSE), STATUS_PENDING, "for both");
    NtDeleteKey(Sub);
    ok(IsSet(Events[0]) && IsSet(Events[1]) && !IsSet(Events[2]), "a key that goes is told");
    NtClose(Sub);
    ok_status(Ask(Key, Events[0], 0, FALSE), STATUS_PENDING, "wait again");
    Block.Status = 0;
    NtClose(Key);
    ok(IsSet(Events[0]) && !IsSet(Events[2]), "closing the handle ends its waits");
    ok_status(Block.Status, STATUS_NOTIFY_CLEANUP, "what the status block says then");
    NtClose(Key2);
    ok(IsSet(Events[2]) && IsSet(Events[3]), "and the other's");
    for (ULONG i = 0; i < 4; i++)
        NtClose(Events[i]);
}

static void TestFilters(HANDLE Root, HANDLE Event)
{
    HANDLE Key = Open(KEY_ALL_ACCESS), Sub, Tree = Open(KEY_NOTIFY), TreeEvent = MakeEvent(FALSE);
    KEY_WRITE_TIME_INFORMATION Time = {{.QuadPart = 12345}};

    CreateKey(Root, u"below", KEY_ALL_ACCESS, 0, &Sub);
    ok_status(Ask(Key, Event, LAST_SET, FALSE), STATUS_PENDING, "wait for values");
    ok_status(Ask(Tree, TreeEvent, LAST_SET, TRUE), STATUS_PENDING, "and for those below");
    SetNumber(Sub, u"value", 1);
    ok(!IsSet(Event), "a value of a subkey is not told");
    ok(IsSet(TreeEvent), "but to who waits for the tree");
    SetNumber(Root, u"value", 1);
    ok(IsSet(Event), "a value is told");
    ok_status(Ask(Tree, TreeEvent, LAST_SET, TRUE), STATUS_PENDING, "wait again");
    ok(IsSet(TreeEvent), "a change since the last time is told at once");
    ok_status(Ask(Key, Event, LAST_SET, FALSE), STATUS_PENDING, "wait again");
    ok(!IsSet(Event), "there was none here");
    DeleteValue(Root, u"value");
    ok(IsSet(Event), "a deleted value is told");
    ok_status(Ask(Key, Event, LAST_SET, FALSE), STATUS_PENDING, "wait again");
    NtSetInformationKey(Root, KeyWriteTimeInformation, &Time, sizeof(Time));
    ok(IsSet(Event), "so is the time of the last write");
    NtDeleteKey(Sub);
    NtClose(Sub);
    NtClose(Tree);
    NtClose(TreeEvent);
    NtClose(Key);
}

static void TestDeleted(HANDLE Root, HANDLE Event)
{
    HANDLE Key;

    CreateKey(Root, u"doomed", KEY_ALL_ACCESS, 0, &Key);
    ok_status(Ask(Key, Event, LAST_SET, FALSE), STATUS_PENDING, "wait on a key");
    Block.Status = 0;
    NtDeleteKey(Key);
    ok(IsSet(Event), "that goes");
    ok_status(Block.Status, STATUS_NOTIFY_CLEANUP, "the status block says so");
    ok_status(Ask(Key, Event, LAST_SET, FALSE), STATUS_KEY_DELETED, "wait again");
    NtClose(Key);
}

static void TestTwoKeys(HANDLE Root, HANDLE Event)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"other");
    OBJECT_ATTRIBUTES Other;
    HANDLE Key = Open(KEY_NOTIFY), Sub;

    CreateKey(Root, u"other", KEY_ALL_ACCESS, 0, &Sub);
    InitializeObjectAttributes(&Other, &Name, OBJ_CASE_INSENSITIVE, Root, NULL);
    ok_status(NtNotifyChangeMultipleKeys(Key, 1, &Other, Event, NULL, NULL, &Block, LAST_SET, FALSE,
                                         NULL, 0, TRUE),
              STATUS_PENDING, "wait for two keys");
    SetNumber(Sub, u"value", 1);
    ok(IsSet(Event), "the second one is told");
    ok_status(NtNotifyChangeMultipleKeys(Key, 1, &Other, Event, NULL, NULL, &Block, LAST_SET, FALSE,
                                         NULL, 0, TRUE),
              STATUS_PENDING, "wait again");
    SetNumber(Root, u"value", 1);
    ok(IsSet(Event), "the first one too");
    ok_status(NtNotifyChangeMultipleKeys(Key, 1, &Other, Event, NULL, NULL, &Block, LAST_SET, FALSE,
                                         NULL, 0, TRUE),
              STATUS_PENDING, "wait again");
    NtDeleteKey(Sub);
    ok(IsSet(Event), "the second one goes");
    ok_status(NtNotifyChangeMultipleKeys(Key, 1, &Other, Event, NULL, NULL, &Block, LAST_SET, FALSE,
                                         NULL, 0, TRUE),
              STATUS_OBJECT_NAME_NOT_FOUND, "it is gone");
    DeleteValue(Root, u"value");
    NtClose(Sub);
    NtClose(Key);
}

static ULONG RoutineCalls;
static NTSTATUS RoutineStatus;

static void NTAPI Routine(PVOID Context, PIO_STATUS_BLOCK IoStatusBlock, ULONG Reserved)
{
    RoutineCalls += (ULONG)(ULONG_PTR)Context;
    RoutineStatus = IoStatusBlock->Status;
}

static void TestRoutine(HANDLE Root)
{
    LARGE_INTEGER Short = {.QuadPart = -10000000};
    HANDLE Key = Open(KEY_NOTIFY);

    ok_status(
        NtNotifyChangeKey(Key, NULL, Routine, (PVOID)7, &Block, LAST_SET, FALSE, NULL, 0, TRUE),
        STATUS_PENDING, "wait with a routine");
    SetNumber(Root, u"value", 1);
    ok(RoutineCalls == 0, "it does not run before an alertable wait");
    ok_status(NtDelayExecution(TRUE, &Short), STATUS_USER_APC, "which it ends");
    ok(RoutineCalls == 7 && RoutineStatus == STATUS_NOTIFY_ENUM_DIR, "it has run once");
    DeleteValue(Root, u"value");
    NtClose(Key);
}

static HANDLE SynchronousKey;

static NTSTATUS NTAPI WaitSynchronously(PVOID Argument)
{
    IO_STATUS_BLOCK Own = {0};
    NTSTATUS Status =
        NtNotifyChangeKey(SynchronousKey, NULL, NULL, NULL, &Own, LAST_SET, FALSE, NULL, 0, FALSE);

    return Own.Status == Status ? Status : STATUS_UNSUCCESSFUL;
}

static NTSTATUS NTAPI AskAndEnd(PVOID Argument)
{
    return Ask(SynchronousKey, Argument, LAST_SET, FALSE);
}

static void TestSynchronous(HANDLE Root)
{
    HANDLE Thread;

    SynchronousKey = Open(KEY_NOTIFY);
    Thread = StartThread(WaitSynchronously, NULL);
    ComesToWait(Thread);
    SetNumber(Root, u"value", 1);
    ok_status(EndOfThread(Thread), STATUS_NOTIFY_ENUM_DIR, "a synchronous wait");
    SetNumber(Root, u"value", 2);
    ok_status(NtNotifyChangeKey(SynchronousKey, NULL, NULL, NULL, &Block, LAST_SET, FALSE, NULL, 0,
                                FALSE),
              STATUS_NOTIFY_ENUM_DIR, "one that a change has come before");
    Thread = StartThread(WaitSynchronously, NULL);
    ComesToWait(Thread);
    NtClose(SynchronousKey);
    ok_status(EndOfThread(Thread), STATUS_NOTIFY_CLEANUP, "its handle is closed");
    SynchronousKey = Open(KEY_NOTIFY);
    Thread = StartThread(WaitSynchronously, NULL);
    ComesToWait(Thread);
    NtTerminateThread(Thread, 77);
    ok_status(EndOfThread(Thread), 77, "its thread is ended");
    DeleteValue(Root, u"value");
    NtClose(SynchronousKey);
}

static void TestThreadEnd(HANDLE Root, HANDLE Event)
{
    SynchronousKey = Open(KEY_NOTIFY);
    ok_status(EndOfThread(StartThread(AskAndEnd, Event)), STATUS_PENDING,
              "a thread waits and ends");
    ok(IsSet(Event), "its event is set");
    NtResetEvent(Event, NULL);
    SetNumber(Root, u"value", 1);
    ok(!IsSet(Event), "nothing is told any more");
    DeleteValue(Root, u"value");
    NtClose(SynchronousKey);
}

void TestRegistryNotify(HANDLE Root)
{
    HANDLE Event = MakeEvent(FALSE);

    TestArguments(Root, Event);
    TestSessions(Root);
    TestFilters(Root, Event);
    TestDeleted(Root, Event);
    TestTwoKeys(Root, Event);
    TestRoutine(Root);
    TestSynchronous(Root);
    TestThreadEnd(Root, Event);
    NtClose(Event);
}
