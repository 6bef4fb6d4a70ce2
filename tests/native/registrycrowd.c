/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry: much of everything, and two processes at once. */
#include "registry.h"

#define KEYS 5000
#define HANDLES 10000
#define MEGABYTE 0x100000
#define ROUNDS 400
#define FIGHT_ROOT REGISTRY_TEST_ROOT u"\\fight"

static void NumberedName(ULONG Number, WCHAR Text[16])
{
    memcpy(Text, u"Key", 6);
    for (ULONG i = 0; i < 8; i++, Number >>= 4)
        Text[10 - i] = u"0123456789ABCDEF"[Number & 15];
    Text[11] = UNICODE_NULL;
}

static void TestManyKeys(HANDLE Root)
{
    struct {
        KEY_BASIC_INFORMATION Basic;
        WCHAR More[16];
    } Buffer;
    KEY_FULL_INFORMATION Full = {.SubKeys = 0};
    HANDLE Crowd, Key;
    WCHAR Text[16];
    ULONG Wrong = 0, Length, i;

    CreateKey(Root, u"crowd", KEY_ALL_ACCESS, 0, &Crowd);
    for (i = 0; i < KEYS; i++) {
        NumberedName(i * 7919 % KEYS, Text);
        Wrong += CreateKey(Crowd, Text, KEY_ALL_ACCESS, 0, &Key) != STATUS_SUCCESS;
        NtClose(Key);
    }
    ok(!Wrong, "thousands of subkeys");
    NtQueryKey(Crowd, KeyFullInformation, &Full, sizeof(Full), &Length);
    ok(Full.SubKeys == KEYS, "their number");
    for (i = 0; i < KEYS; i++) {
        NumberedName(i, Text);
        Wrong += NtEnumerateKey(Crowd, i, KeyBasicInformation, &Buffer, sizeof(Buffer), &Length) !=
                     STATUS_SUCCESS ||
                 !SameText(Text, Buffer.Basic.Name, Buffer.Basic.NameLength);
    }
    ok(!Wrong, "they come in order");
    for (i = 0; i < KEYS; i++) {
        NumberedName(i * 7907 % KEYS, Text);
        Wrong += OpenKey(Crowd, Text, KEY_ALL_ACCESS, 0, &Key) != STATUS_SUCCESS ||
                 NtDeleteKey(Key) != STATUS_SUCCESS;
        NtClose(Key);
    }
    ok(!Wrong, "each is found and deleted");
    ok_status(NtDeleteKey(Crowd), STATUS_SUCCESS, "none is left");
    NtClose(Crowd);
}

static void TestManyValues(HANDLE Root)
{
    ULONG Wrong = 0, i;
    HANDLE Key;
    WCHAR Text[16];

    CreateKey(Root, u"values", KEY_ALL_ACCESS, 0, &Key);
    for (i = 0; i < KEYS; i++) {
        NumberedName(i * 7919 % KEYS, Text);
        Wrong += SetNumber(Key, Text, i) != STATUS_SUCCESS;
    }
    for (i = 0; i < KEYS; i++) {
        NumberedName(i * 7919 % KEYS, Text);
        Wrong += NumberOf(Key, Text) != i;
    }
    ok(!Wrong, "thousands of values");
    ok_status(NtDeleteKey(Key), STATUS_SUCCESS, "which go with their key");
    NtClose(Key);
}

static void TestManyHandles(HANDLE Root)
{
    PHANDLE Handles = RtlAllocateHeap(RtlProcessHeap(), 0, HANDLES * sizeof(HANDLE));
    ULONG Wrong = 0, Length, i;
    KEY_BASIC_INFORMATION Basic;
    HANDLE Key;

    CreateKey(Root, u"popular", KEY_ALL_ACCESS, 0, &Key);
    for (i = 0; i < HANDLES; i++)
        Wrong += OpenKey(Root, u"popular", KEY_READ, 0, &Handles[i]) != STATUS_SUCCESS;
    ok(!Wrong, "10,000 handles to a key");
    ok_status(NtDeleteKey(Key), STATUS_SUCCESS, "which is deleted");
    for (i = 0; i < HANDLES; i++)
        Wrong += NtQueryKey(Handles[i], KeyBasicInformation, &Basic, sizeof(Basic), &Length) !=
                 STATUS_KEY_DELETED;
    ok(!Wrong, "all of them know");
    for (i = 0; i < HANDLES; i++)
        Wrong += NtClose(Handles[i]) != STATUS_SUCCESS;
    ok(!Wrong, "and are closed");
    NtClose(Key);
    RtlFreeHeap(RtlProcessHeap(), 0, Handles);
}

/* ---- All that there is ---- */

static void TestQuota(HANDLE Root)
{
    SIZE_T Size = MEGABYTE;
    PVOID Memory = NULL;
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Count;
    HANDLE Key, Sub;
    WCHAR Text[16];

    NtAllocateVirtualMemory(NtCurrentProcess(), &Memory, 0, &Size, MEM_COMMIT, PAGE_READWRITE);
    CreateKey(Root, u"quota", KEY_ALL_ACCESS, 0, &Key);
    for (Count = 0; Count < 4096 && NT_SUCCESS(Status); Count++) {
        NumberedName(Count, Text);
        Status = SetValue(Key, Text, REG_BINARY, Memory, MEGABYTE);
    }
    ok_status(Status, STATUS_INSUFFICIENT_RESOURCES, "the registry is full");
    ok_status(SetNumber(Key, u"small", 1), STATUS_SUCCESS, "but for what is small");
    for (ULONG Part = MEGABYTE; Part >= 64; Part /= 2)
        while (Count < 100000 && NT_SUCCESS(Status = SetValue(Key, Text, REG_BINARY, Memory, Part)))
            NumberedName(++Count, Text);
    ok_status(Status, STATUS_INSUFFICIENT_RESOURCES, "until nothing is left");
    Status = CreateKey(Key, u"sub", KEY_ALL_ACCESS, 0, &Sub);
    ok(Status == STATUS_INSUFFICIENT_RESOURCES || Status == STATUS_SUCCESS,
       "a key more or an honest status");
    if (NT_SUCCESS(Status)) {
        NtDeleteKey(Sub);
        NtClose(Sub);
    }
    ok_status(NtDeleteKey(Key), STATUS_SUCCESS, "delete it all");
    NtClose(Key);
    CreateKey(Root, u"quota", KEY_ALL_ACCESS, 0, &Key);
    ok_status(SetValue(Key, u"large", REG_BINARY, Memory, MEGABYTE), STATUS_SUCCESS,
              "there is room again");
    NtDeleteKey(Key);
    NtClose(Key);
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Memory, &Size, MEM_RELEASE);
}

/* ---- Two processes ---- */

static BOOLEAN IsExpected(NTSTATUS Status)
{
    return Status == STATUS_SUCCESS || Status == STATUS_KEY_DELETED ||
           Status == STATUS_OBJECT_NAME_NOT_FOUND || Status == STATUS_CANNOT_DELETE ||
           Status == STATUS_NO_MORE_ENTRIES || Status == STATUS_BUFFER_OVERFLOW;
}

/* One round of making, reading, renaming and deleting what the other does too. */
static ULONG FightOnce(HANDLE Root, ULONG Round)
{
    static const PCWSTR Names[] = {u"a", u"b", u"c", u"d"};
    UNICODE_STRING Other;
    UCHAR Buffer[64];
    ULONG Wrong = 0, Length;
    HANDLE Key;
    NTSTATUS Status = CreateKey(Root, Names[Round & 3], KEY_ALL_ACCESS, 0, &Key);

    if (!NT_SUCCESS(Status))
        return !IsExpected(Status);
    Wrong += !IsExpected(SetNumber(Key, Names[Round >> 2 & 3], Round));
    Wrong += !IsExpected(SetValue(Root, Names[Round & 3], REG_BINARY, Buffer, Round & 63));
    Wrong += !IsExpected(
        NtEnumerateValueKey(Key, 0, KeyValueFullInformation, Buffer, sizeof(Buffer), &Length));
    Wrong += !IsExpected(
        NtEnumerateKey(Root, Round & 3, KeyBasicInformation, Buffer, sizeof(Buffer), &Length));
    RtlInitUnicodeString(&Other, Names[Round >> 1 & 3]);
    if (Round % 3 == 0)
        Wrong += !IsExpected(NtRenameKey(Key, &Other));
    Wrong += !IsExpected(DeleteValue(Root, Names[Round >> 1 & 3]));
    Wrong += !IsExpected(NtDeleteKey(Key));
    Wrong += NtClose(Key) != STATUS_SUCCESS;
    return Wrong;
}

NTSTATUS RegistryFight(ULONG Seed)
{
    ULONG Wrong = 0;
    HANDLE Root;
    NTSTATUS Status = OpenKey(NULL, FIGHT_ROOT, KEY_ALL_ACCESS, 0, &Root);

    if (!NT_SUCCESS(Status))
        return Status;
    for (ULONG i = 0; i < ROUNDS; i++) {
        Wrong += FightOnce(Root, i * 13 + Seed);
        if (i % 5 == Seed)
            NtYieldExecution();
    }
    NtClose(Root);
    return Wrong ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

static void TestFight(HANDLE Root)
{
    LARGE_INTEGER Long = {.QuadPart = -600000000};
    PROCESS_BASIC_INFORMATION Information = {.ExitStatus = STATUS_PENDING};
    HANDLE Key, Process, Thread;

    CreateKey(Root, u"fight", KEY_ALL_ACCESS, 0, &Key);
    if (ok_status(StartSelf(u"umtests registry-fight", &Process, &Thread), STATUS_SUCCESS,
                  "another process")) {
        NtResumeThread(Thread, NULL);
        ok_status(RegistryFight(1), STATUS_SUCCESS, "does the same in the same key");
        ok_status(NtWaitForSingleObject(Process, FALSE, &Long), STATUS_SUCCESS, "it ends");
        NtQueryInformationProcess(Process, ProcessBasicInformation, &Information,
                                  sizeof(Information), NULL);
        ok_status(Information.ExitStatus, STATUS_SUCCESS, "it was content");
        NtClose(Process);
        NtClose(Thread);
    }
    NtClose(Key);
    DeleteTree(Root, u"fight");
    ok_status(OpenKey(Root, u"fight", KEY_READ, 0, &Key), STATUS_OBJECT_NAME_NOT_FOUND,
              "what they have left can be deleted");
}

void TestRegistryCrowd(HANDLE Root)
{
    TestManyKeys(Root);
    TestManyValues(Root);
    TestManyHandles(Root);
    TestQuota(Root);
    TestFight(Root);
}
