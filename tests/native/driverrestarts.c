/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers whose process has ended are started again, at once or later; what becomes of that when
 * others load or unload them meanwhile; and those that several load at the same time. */
#include "driverservice.h"

#define DRIVER u"hold"
#define ROUNDS 12
#define LOADERS 8

static BOOLEAN IsThere(void)
{
    IO_STATUS_BLOCK Iosb;
    HANDLE File;

    if (!NT_SUCCESS(NtOpenFile(&File, FILE_READ_DATA, Named(u"\\Device\\Hold", 0), &Iosb,
                               FILE_SHARE_READ, 0)))
        return FALSE;
    NtClose(File);
    return TRUE;
}

static ULONG Restarts(void)
{
    const NEP_DRIVER_INFORMATION *Driver = FindDriver(DRIVER);

    return Driver ? Driver->Restarts : 0;
}

/* Whoever comes first starts it, and it is there when the load returns. */
static void TestLoadAtOnce(void)
{
    ULONG Good = 0, Before = Restarts();

    for (ULONG i = 1; i <= ROUNDS; i++) {
        NTSTATUS Ended = EndHostOf(DRIVER, 0x77), Loaded = LoadService(DRIVER);
        BOOLEAN There = IsThere();

        if (NT_SUCCESS(Ended) && There && Restarts() == Before + i &&
            (Loaded == STATUS_SUCCESS || Loaded == STATUS_IMAGE_ALREADY_LOADED))
            Good++;
        else
            TapPrint("# %u: %08x, %08x, there %u, restarts %u\n", i, Ended, Loaded, There,
                     Restarts() - Before);
    }
    ok(Good == ROUNDS, "a driver that has ended and is loaded is there at once, and starts once");
}

/* Ends it so often that the next start is some time away. FALSE: it does not come back. */
static BOOLEAN EndOften(ULONG Times)
{
    for (ULONG i = 0; i < Times; i++)
        if (!ComesToBe(DRIVER, NepDriverRunning) || !NT_SUCCESS(EndHostOf(DRIVER, 0x77)))
            return FALSE;
    return TRUE;
}

static void TestLoadDuringDelay(void)
{
    ULONG Before;

    ok(EndOften(6), "a driver ends again and again");
    Before = Restarts();
    ok(FindDriver(DRIVER)->State == NepDriverRestarting, "it is started again later");
    ok(!IsThere(), "and is not there until then");
    ok_status(LoadService(DRIVER), STATUS_SUCCESS, "who loads it need not wait for that");
    ok(IsThere() && Restarts() == Before + 1, "it is there");
    Sleep(2500);
    ok(IsThere() && Restarts() == Before + 1 && FindDriver(DRIVER)->State == NepDriverRunning,
       "it is not started once more");
    ok(EndOften(1) && ComesToBe(DRIVER, NepDriverRunning), "and begins anew with failures");
}

static void TestUnloadDuringDelay(void)
{
    ok(EndOften(3), "a driver ends three times");
    ok_status(UnloadService(DRIVER), STATUS_SUCCESS, "it is unloaded before it is started again");
    Sleep(1000);
    ok(!FindDriver(DRIVER) && !ProcessNamed(u"hold.sys"), "and is left alone");
}

static void TestLimit(void)
{
    ok_status(SetServiceNumber(DRIVER, u"RestartLimit", 1), STATUS_SUCCESS, "one restart");
    ok_status(LoadService(DRIVER), STATUS_SUCCESS, "a driver that is to be started again once");
    ok(EndOften(1) && ComesToBe(DRIVER, NepDriverRunning) && Restarts() == 1, "is so");
    ok(EndOften(1) && FindDriver(DRIVER)->State == NepDriverEnded, "then no more");
    ok_status(LoadService(DRIVER), STATUS_SUCCESS, "but can be loaded");
    ok(EndOften(1) && ComesToBe(DRIVER, NepDriverRunning) && Restarts() == 3,
       "and then be started again once");
    ok_status(UnloadService(DRIVER), STATUS_SUCCESS, "it goes");
    ok_status(DeleteServiceValue(DRIVER, u"RestartLimit"), STATUS_SUCCESS, "no limit any more");
}

static HANDLE Go;
static volatile ULONG There;

static NTSTATUS NTAPI LoadWithOthers(PVOID Name)
{
    NTSTATUS Status;

    NtWaitForSingleObject(Go, FALSE, NULL);
    Status = LoadService(Name);
    if (HostOf(Name) && ComesToBe(Name, NepDriverRunning))
        __atomic_add_fetch(&There, 1, __ATOMIC_RELAXED);
    return Status;
}

/* The number of those that return with Status. */
static ULONG LoadTogether(const PCWSTR Names[], ULONG Count, NTSTATUS Status)
{
    HANDLE Threads[LOADERS];
    ULONG Good = 0;

    There = 0;
    NtCreateEvent(&Go, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    for (ULONG i = 0; i < Count; i++)
        StartSmallThread(&Threads[i], LoadWithOthers, (PVOID)Names[i]);
    NtSetEvent(Go, NULL);
    for (ULONG i = 0; i < Count; i++)
        Good += EndOfThread(Threads[i]) == Status;
    NtClose(Go);
    return Good;
}

static void TestLoadTogether(void)
{
    static const PCWSTR Same[LOADERS] = {DRIVER, DRIVER, DRIVER, DRIVER,
                                         DRIVER, DRIVER, DRIVER, DRIVER};
    static const PCWSTR Group[] = {DRIVER, u"libuser", u"libuser2"};

    ok(LoadTogether(Same, LOADERS, STATUS_IMAGE_ALREADY_LOADED) == LOADERS - 1,
       "of many who load a driver one starts it");
    ok(There == LOADERS && IsThere(), "and it runs when the others are told so");
    ok_status(UnloadService(DRIVER), STATUS_SUCCESS, "it goes");
    for (ULONG i = 0; i < ARRAYSIZE(Group); i++)
        SetServiceText(Group[i], u"DriverHost", u"restarts");
    ok(LoadTogether(Group, ARRAYSIZE(Group), STATUS_SUCCESS) == ARRAYSIZE(Group),
       "three of a group that are loaded at the same time");
    ok(HostOf(DRIVER) && HostOf(DRIVER) == HostOf(u"libuser") &&
           HostOf(DRIVER) == HostOf(u"libuser2"),
       "find each other");
    for (ULONG i = 0; i < ARRAYSIZE(Group); i++) {
        ok_status(UnloadService(Group[i]), STATUS_SUCCESS, "one goes");
        DeleteServiceValue(Group[i], u"DriverHost");
    }
}

static NTSTATUS NTAPI LoadDriver(PVOID Name)
{
    return LoadService(Name);
}

/* Until it has been loaded it is not found; while it starts, that is waited for. */
static void TestUnloadDuringStart(void)
{
    ULONG Good = 0;

    for (ULONG i = 0; i < ROUNDS; i++) {
        NTSTATUS Status = STATUS_OBJECT_NAME_NOT_FOUND, Loaded;
        HANDLE Loader;

        StartSmallThread(&Loader, LoadDriver, DRIVER);
        for (ULONG Tries = 0; Status == STATUS_OBJECT_NAME_NOT_FOUND && Tries < 100000; Tries++)
            Status = UnloadService(DRIVER);
        Loaded = EndOfThread(Loader);
        if (Status == STATUS_SUCCESS && Loaded == STATUS_SUCCESS && !FindDriver(DRIVER))
            Good++;
        else
            TapPrint("# load %08x, unload %08x\n", Loaded, Status);
    }
    ok(Good == ROUNDS, "a driver is unloaded while it is loaded");
}

void TestDriverRestarts(void)
{
    ok_status(LoadService(DRIVER), STATUS_SUCCESS, "a driver");
    TestLoadAtOnce();
    TestLoadDuringDelay();
    TestUnloadDuringDelay();
    TestLimit();
    TestLoadTogether();
    TestUnloadDuringStart();
}
