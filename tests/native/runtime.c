/* SPDX-License-Identifier: BSD-2-Clause */
/* ntdll's own routines where they meet a real process: environment, paths, thread's storage,
 * errors. (What is pure has its tests on the host: tests/host/test_rtl_*.c.) */
#include "tap.h"
#include <nt/nthash.h>

static UNICODE_STRING Text(PCWSTR String)
{
    UNICODE_STRING Result;

    RtlInitUnicodeString(&Result, String);
    return Result;
}

static void TestVariables(void)
{
    WCHAR Buffer[16];
    UNICODE_STRING Name = Text(u"umtests"), Value = Text(u"12"),
                   Found = {0, sizeof(Buffer), Buffer};
    UNICODE_STRING Source = Text(u"<%UMTESTS%>");
    ULONG Length;
    PWSTR Clone;

    ok_status(RtlSetEnvironmentVariable(NULL, &Name, &Value), STATUS_SUCCESS, "set a variable");
    ok_status(RtlQueryEnvironmentVariable_U(NULL, &Name, &Found), STATUS_SUCCESS, "query it");
    ok(RtlEqualUnicodeString(&Found, &Value, FALSE), "its value");
    ok_status(RtlExpandEnvironmentStrings_U(NULL, &Source, &Found, &Length), STATUS_SUCCESS,
              "expand it");
    ok(Length == 10 && wcscmp(Buffer, u"<12>") == 0, "what it has become");
    ok_status(RtlCreateEnvironment(TRUE, &Clone), STATUS_SUCCESS, "clone the environment");
    ok_status(RtlSetEnvironmentVariable(NULL, &Name, NULL), STATUS_SUCCESS, "take it away");
    ok_status(RtlQueryEnvironmentVariable_U(NULL, &Name, &Found), STATUS_VARIABLE_NOT_FOUND,
              "it is gone");
    Found.MaximumLength = sizeof(Buffer);
    ok_status(RtlQueryEnvironmentVariable_U(Clone, &Name, &Found), STATUS_SUCCESS,
              "but not from the clone");
    ok_status(RtlDestroyEnvironment(Clone), STATUS_SUCCESS, "destroy the clone");
}

static void TestPaths(void)
{
    UNICODE_STRING NtPath;
    WCHAR Buffer[32];
    PWSTR Part;

    ok(RtlGetFullPathName_U(u"C:\\a\\..\\b.txt", sizeof(Buffer), Buffer, &Part) == 16,
       "a full path's length");
    ok(wcscmp(Buffer, u"C:\\b.txt") == 0 && wcscmp(Part, u"b.txt") == 0, "and its text");
    ok(RtlDosPathNameToNtPathName_U(u"C:\\b", &NtPath, NULL, NULL), "as a name of an object");
    ok(wcscmp(NtPath.Buffer, u"\\??\\C:\\b") == 0, "which has its prefix");
    RtlFreeUnicodeString(&NtPath);
    ok(!RtlDoesFileExists_U(u"C:\\no such file"), "a file that does not exist");
}

static LONG FreedValues;

static void NTAPI OnFree(PVOID Data)
{
    FreedValues += (LONG)(LONG_PTR)Data;
}

static NTSTATUS NTAPI StoringThread(PVOID Argument)
{
    return RtlFlsSetValue((ULONG)(ULONG_PTR)Argument, (PVOID)5);
}

/* Where programs look by themselves. */
static BOOLEAN IsShown(ULONG Index)
{
    PRTL_BITMAP Bitmap = NtCurrentPeb()->FlsBitmap;

    return Bitmap && Bitmap->Buffer == NtCurrentPeb()->FlsBitmapBits &&
           Bitmap->SizeOfBitMap == 128 && RtlAreBitsSet(Bitmap, Index, 1);
}

static void TestFiberLocalStorage(void)
{
    HANDLE Thread;
    ULONG Index;
    PVOID Value;

    ok_status(RtlFlsAlloc(OnFree, &Index), STATUS_SUCCESS, "allocate an index");
    ok(IsShown(0) && IsShown(Index) && NtCurrentPeb()->FlsHighIndex >= Index,
       "PEB.FlsBitmap has it, and index 0, which is nobody's");
    ok_status(RtlFlsSetValue(Index, (PVOID)7), STATUS_SUCCESS, "set a value");
    ok(NtCurrentTeb()->FlsData && NtCurrentPeb()->FlsListHead.Blink == NtCurrentTeb()->FlsData,
       "TEB.FlsData is where it is, in the list of the PEB");
    if (!ok_status(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                    StoringThread, (PVOID)(ULONG_PTR)Index, 0, 0, 0, 0, NULL),
                   STATUS_SUCCESS, "another thread"))
        return;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
    ok(FreedValues == 5, "its value is freed with it");
    ok_status(RtlFlsGetValue(Index, &Value), STATUS_SUCCESS, "get the own value");
    ok(Value == (PVOID)7, "it is untouched");
    ok_status(RtlFlsFree(Index), STATUS_SUCCESS, "free the index");
    ok(IsShown(0) && !IsShown(Index), "PEB.FlsBitmap has it no more");
    ok(FreedValues == 12, "its value is freed with that");
}

/* ---- Hash tables (and tests/host/test_rtl_hashtable.c) ---- */

#define HASHED 2000

static RTL_DYNAMIC_HASH_TABLE_ENTRY Hashed[HASHED];

static void TestHashTable(void)
{
    RTL_DYNAMIC_HASH_TABLE_ENUMERATOR Walk;
    PRTL_DYNAMIC_HASH_TABLE Table = NULL;
    ULONG Found = 0, Seen = 0;

    if (!ok(RtlCreateHashTable(&Table, 0, 0) && Table->TableSize == 128, "a hash table"))
        return;
    for (ULONG i = 0; i < HASHED; i++) {
        RtlInsertEntryHashTable(Table, &Hashed[i], i * 7 + 1, NULL);
        if (Table->NumEntries > 2 * Table->TableSize)
            RtlExpandHashTable(Table);
    }
    ok(Table->NumEntries == HASHED && Table->TableSize == HASHED / 2, "that has grown");
    for (ULONG i = 0; i < HASHED; i++)
        Found += RtlLookupEntryHashTable(Table, i * 7 + 1, NULL) == &Hashed[i];
    ok(Found == HASHED && !RtlLookupEntryHashTable(Table, 7, NULL), "all entries are found");
    RtlInitEnumerationHashTable(Table, &Walk);
    for (PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry;
         (Entry = RtlEnumerateEntryHashTable(Table, &Walk)) != NULL; Seen++) {
        if (Seen % 2)
            RtlRemoveEntryHashTable(Table, Entry, NULL);
    }
    RtlEndEnumerationHashTable(Table, &Walk);
    ok(Seen == HASHED && Table->NumEntries == HASHED / 2, "listed, and half of them removed");
    while (RtlContractHashTable(Table))
        continue;
    ok(Table->TableSize == 128 && Table->NonEmptyBuckets <= 128, "it shrinks");
    RtlDeleteHashTable(Table);
}

#define PUSHES 2000

static SLIST_HEADER List;
static SLIST_ENTRY Entries[2 * PUSHES];

static NTSTATUS NTAPI PushingThread(PVOID Argument)
{
    PSLIST_ENTRY First = Argument;

    for (ULONG i = 0; i < PUSHES; i++)
        RtlInterlockedPushEntrySList(&List, &First[i]);
    return STATUS_SUCCESS;
}

static void TestLists(void)
{
    HANDLE Thread;
    ULONG Popped = 0;

    RtlInitializeSListHead(&List);
    if (!ok_status(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                    PushingThread, Entries, 0, 0, 0, 0, NULL),
                   STATUS_SUCCESS, "a thread that pushes entries"))
        return;
    PushingThread(Entries + PUSHES);
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
    ok(RtlQueryDepthSList(&List) == 2 * PUSHES, "all are on the list");
    while (RtlInterlockedPopEntrySList(&List))
        Popped++;
    ok(Popped == 2 * PUSHES, "and come off it");
}

static void TestProcessState(void)
{
    RTL_OSVERSIONINFOEXW Version = {.dwOSVersionInfoSize = sizeof(Version)};
    REGHANDLE Provider = 0;
    GUID Guid = {1};

    ok(RtlNtStatusToDosError(STATUS_ACCESS_DENIED) == 5, "access denied is error 5");
    RtlSetLastWin32Error(1234);
    ok(NtCurrentTeb()->LastErrorValue == 1234, "the last error is in the TEB");
    ok(RtlDecodePointer(RtlEncodePointer(&List)) == &List, "an encoded pointer comes back");
    ok_status(RtlGetVersion(&Version), STATUS_SUCCESS, "the version");
    ok(Version.dwMajorVersion == 10 && Version.dwPlatformId == VER_PLATFORM_WIN32_NT, "is 10, NT");
    ok(EtwEventRegister(&Guid, NULL, NULL, &Provider) == 0 && Provider, "register a provider");
    ok(!EtwEventProviderEnabled(Provider, 1, 1), "which nobody listens to");
}

static void TestOwnImage(void)
{
    PVOID Base = NtCurrentPeb()->ImageBaseAddress, Found;

    ok(RtlPcToFileHeader((PVOID)(ULONG_PTR)TestRuntime, &Found) == Base && Found == Base,
       "the program's image by an address in it");
    ok(!RtlPcToFileHeader(NULL, &Found) && !Found, "no image");
}

#if defined(__x86_64__)
void __chkstk(void);

static void TestStackProbe(void)
{
    ULONG_PTR Bytes = 20000, Kept = 0x1234;

    __asm__ volatile("movq %2, %%r10\n\tcall __chkstk\n\tmovq %%r10, %1"
                     : "+a"(Bytes), "=r"(Kept)
                     : "r"(Kept)
                     : "r10", "memory", "cc");
    ok(Bytes == 20000 && Kept == 0x1234, "a probe of the stack changes nothing");
}
#endif

void TestRuntime(void)
{
#if defined(__x86_64__)
    TestStackProbe();
#endif
    TestOwnImage();
    TestVariables();
    TestPaths();
    TestFiberLocalStorage();
    TestHashTable();
    TestLists();
    TestProcessState();
}
