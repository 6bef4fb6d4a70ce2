/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers that share a process, or do not, as the registry says; those that are libraries of
 * others; and what becomes of them when the process ends. */
#include "driverservice.h"

#define TRIES 300 /* of 10 ms, until what has been killed is back */

enum { FactEntry, FactTimes, FactKey, FactSum, Facts }; /* drivers/test/library/libuser.c */

/* Group NULL: the registry says nothing any more. */
static void SetGroup(PCWSTR Name, PCWSTR Group)
{
    ok_status(Group ? SetServiceText(Name, u"DriverHost", Group)
                    : DeleteServiceValue(Name, u"DriverHost"),
              STATUS_SUCCESS, Group ? "a group of drivers" : "no group any more");
}

static NTSTATUS ReadFacts(PCWSTR Device, ULONG Result[Facts])
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Path;
    IO_STATUS_BLOCK Iosb;
    HANDLE File;
    NTSTATUS Status;

    memset(Result, 0, Facts * sizeof(ULONG));
    RtlInitUnicodeString(&Path, Device);
    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtOpenFile(&File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb, FILE_SHARE_READ,
                        FILE_SYNCHRONOUS_IO_NONALERT);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtReadFile(File, NULL, NULL, NULL, &Iosb, Result, Facts * sizeof(ULONG), NULL, NULL);
    NtClose(File);
    return Status;
}

static BOOLEAN Says(PCWSTR Device, ULONG Entry, ULONG Times, ULONG Number)
{
    ULONG Fact[Facts];
    NTSTATUS Status = ReadFacts(Device, Fact);

    if (NT_SUCCESS(Status) && Fact[FactEntry] == Entry && Fact[FactTimes] == Times &&
        Fact[FactKey] && Fact[FactSum] == Number)
        return TRUE;
    TapPrint("# %08x: %u %u %u %u\n", Status, Fact[FactEntry], Fact[FactTimes], Fact[FactKey],
             Fact[FactSum]);
    return FALSE;
}

static HANDLE Unloaded; /* set by the library's DllUnload */

static BOOLEAN IsSet(HANDLE Event)
{
    LARGE_INTEGER Now = {.QuadPart = 0};

    return NtWaitForSingleObject(Event, FALSE, &Now) == STATUS_SUCCESS;
}

static void TestLibrary(void)
{
    ok_status(LoadService(u"libuser"), STATUS_SUCCESS, "a driver that imports from another");
    ok(Says(u"\\Device\\libuser", 1, 1, 1), "whose DllInitialize came first, with its own key");
    ok_status(LoadService(u"libuser2"), STATUS_SUCCESS, "a second one");
    ok(HostOf(u"libuser") && HostOf(u"libuser") == HostOf(u"libuser2"), "in the same process");
    ok(Says(u"\\Device\\libuser2", 1, 1, 2), "uses the same library");
    ok(!FindDriver(u"testlib"), "which is no driver");
    ok_status(UnloadService(u"libuser"), STATUS_SUCCESS, "the first one goes");
    ok(!IsSet(Unloaded) && Says(u"\\Device\\libuser2", 1, 1, 3), "the library stays");
    ok_status(UnloadService(u"libuser2"), STATUS_SUCCESS, "so does the second one");
    ok(IsSet(Unloaded), "its DllUnload is called");
    ok(HostOf(u"hold") != 0, "the process stays for the third one");
    ok_status(LoadService(u"libuser"), STATUS_SUCCESS, "the first one comes again");
    ok(Says(u"\\Device\\libuser", 1, 1, 1), "with the library anew");
}

static void TestFailure(void)
{
    ok_status(LoadService(u"testlib"), STATUS_UNSUCCESSFUL, "one whose DriverEntry fails");
    ok(Says(u"\\Device\\libuser", 1, 1, 2), "leaves the others alone");
    ok(!FindDriver(u"testlib"), "and is forgotten");
}

static BOOLEAN IsBack(PCWSTR Name, ULONG Restarts)
{
    for (ULONG i = 0; i < TRIES; i++) {
        const NEP_DRIVER_INFORMATION *Driver = FindDriver(Name);

        if (Driver && Driver->State == NepDriverRunning && Driver->Restarts == Restarts)
            return TRUE;
        Sleep(10);
    }
    return FALSE;
}

static void TestEnd(void)
{
    ULONG Host = HostOf(u"hold"), Restarts = FindDriver(u"hold")->Restarts;

    ok_status(EndHostOf(u"hold", 0x1234), STATUS_SUCCESS, "their process is ended");
    ok(IsBack(u"hold", Restarts + 1) && IsBack(u"libuser", 1), "they are started again");
    ok(FindDriver(u"libuser")->LastStatus == 0x1234, "and show how they have ended");
    ok(HostOf(u"hold") != Host && HostOf(u"hold") == HostOf(u"libuser"), "together");
    ok(Says(u"\\Device\\libuser", 1, 1, 1), "and work");
}

static void TestApart(void)
{
    SetGroup(u"libuser2", u"");
    ok_status(LoadService(u"libuser2"), STATUS_SUCCESS, "one that is to be alone");
    ok(HostOf(u"libuser2") && HostOf(u"libuser2") != HostOf(u"libuser"), "is so");
    ok(Says(u"\\Device\\libuser2", 1, 1, 1), "with a library of its own");
    ok_status(UnloadService(u"libuser2"), STATUS_SUCCESS, "it goes");
}

void TestDriverHosts(void)
{
    static const PCWSTR Names[] = {u"hold", u"libuser", u"libuser2", u"testlib"};
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\TestLibUnloaded");
    OBJECT_ATTRIBUTES Attributes;
    BOOLEAN WasEnabled;

    RtlAdjustPrivilege(SE_LOAD_DRIVER_PRIVILEGE, TRUE, FALSE, &WasEnabled);
    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, NULL);
    NtCreateEvent(&Unloaded, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE);
    for (ULONG i = 0; i < ARRAYSIZE(Names); i++)
        SetGroup(Names[i], u"library");
    ok_status(LoadService(u"hold"), STATUS_SUCCESS, "a driver of a group");
    TestLibrary();
    TestFailure();
    TestEnd();
    TestApart();
    ok_status(UnloadService(u"libuser"), STATUS_SUCCESS, "they are unloaded");
    ok_status(UnloadService(u"hold"), STATUS_SUCCESS, "the last one too");
    ok(!FindDriver(u"hold"), "and none is left");
    for (ULONG i = 0; i < ARRAYSIZE(Names); i++)
        SetGroup(Names[i], NULL);
    NtClose(Unloaded);
    TestDriverRestarts();
    ok_status(NepQueryDriver(10000, NULL), STATUS_NO_MORE_ENTRIES, "so many drivers there are not");
    ok_status(NepQueryDriver(0, NULL), STATUS_ACCESS_VIOLATION, "a driver told nowhere");
}
