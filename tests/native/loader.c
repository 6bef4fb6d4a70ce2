/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader: a DLL that must be moved, its exports, entry point and thread-local storage. */
#include "tap.h"
#include "testdll.h"

static PVOID Dll;

static PVOID RoutineOf(PVOID Module, const char *Name, ULONG Ordinal)
{
    ANSI_STRING String;
    PVOID Address = NULL;

    RtlInitAnsiString(&String, Name);
    LdrGetProcedureAddress(Module, Name ? &String : NULL, Ordinal, &Address);
    return Address;
}

static PVOID Routine(const char *Name, ULONG Ordinal)
{
    return RoutineOf(Dll, Name, Ordinal);
}

static void TestExports(void)
{
    TESTDLL_ADD Add = (TESTDLL_ADD)Routine("TestDllAdd", 0);
    PVOID *Self = Routine("TestDllSelf", 0), Address;
    ANSI_STRING Missing = RTL_CONSTANT_STRING("TestDllMissing");
    UNICODE_STRING Ntdll = RTL_CONSTANT_STRING(u"ntdll.dll");
    PVOID NtdllBase;

    if (!ok(Add && Self, "exports by name"))
        return;
    ok(Add(1, 0x100000002, 3) == 6, "call one");
    ok(*Self == Self, "addresses in its data are right: it is relocated");
    ok(Routine("TestDllPlus", 0) == (PVOID)Add, "a second name of a routine");
    ok(Routine(NULL, TESTDLL_ADD_ORDINAL) == (PVOID)Add, "the routine by its ordinal");
    ok(NT_SUCCESS(LdrGetDllHandle(NULL, NULL, &Ntdll, &NtdllBase)) &&
           Routine("TestDllYield", 0) == RoutineOf(NtdllBase, "NtYieldExecution", 0),
       "a forwarder");
    ok_status(LdrGetProcedureAddress(Dll, &Missing, 0, &Address), STATUS_ENTRYPOINT_NOT_FOUND,
              "what it does not have");
    ok_status(LdrGetProcedureAddress(Dll, NULL, 999, &Address), STATUS_ORDINAL_NOT_FOUND,
              "an ordinal that is not there");
}

static NTSTATUS NTAPI CountOnce(PVOID Argument)
{
    return (NTSTATUS)((TESTDLL_COUNT)Argument)();
}

static void TestThreadData(void)
{
    TESTDLL_CALLS *Calls = Routine("TestDllCalls", 0);
    TESTDLL_COUNT Count = (TESTDLL_COUNT)Routine("TestDllCount", 0);
    THREAD_BASIC_INFORMATION Basic = {0};
    HANDLE Thread;

    if (!ok(Calls && Count, "its data and its counter"))
        return;
    ok(Calls->Reasons[DLL_PROCESS_ATTACH] == 1 && Calls->Handle == Dll,
       "DllMain was called once, with its base");
    ok(Count() == TESTDLL_PER_THREAD && Count() == TESTDLL_PER_THREAD + 1,
       "a thread-local variable");
    if (!ok(NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                        CountOnce, (PVOID)Count, 0, 0, 0, 0, NULL)),
            "a thread that counts"))
        return;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    NtClose(Thread);
    ok(Basic.ExitStatus == TESTDLL_PER_THREAD, "every thread has its own");
    ok(Calls->Reasons[DLL_THREAD_ATTACH] == 1 && Calls->Reasons[DLL_THREAD_DETACH] == 1,
       "DllMain hears of threads");
}

void TestLoader(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\testdll.dll");
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"testdll.dll");
    PLDR_DATA_TABLE_ENTRY Entry;
    PVOID Found;

    if (!ok_status(LdrLoadDll(NULL, NULL, &Path, &Dll), STATUS_SUCCESS, "load a DLL"))
        return;
    ok(Dll != NtCurrentPeb()->ImageBaseAddress && NT_SUCCESS(LdrFindEntryForAddress(Dll, &Entry)) &&
           (Entry->Flags & LDRP_IMAGE_NOT_AT_BASE),
       "where it would like to be, the program is");
    TestExports();
    TestThreadData();
    ok_status(LdrGetDllHandle(NULL, NULL, &Name, &Found), STATUS_SUCCESS, "find it by name");
    ok_status(LdrUnloadDll(Dll), STATUS_SUCCESS, "unload it");
    ok_status(LdrGetDllHandle(NULL, NULL, &Name, &Found), STATUS_DLL_NOT_FOUND, "it is gone");
    TestLoaderPaths();
    TestApiSets();
    TestLoaderGraph();
    TestLoaderCalls();
    TestResources();
}
