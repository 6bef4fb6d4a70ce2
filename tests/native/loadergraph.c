/* SPDX-License-Identifier: BSD-2-Clause */
/* Modules that need each other: order, counts, circles, failures, notifications, TLS callbacks. The
 * images are mkimages.py's. */
#include "waiting.h"

#define FOLDER u"C:\\windows\\tests\\pe"
#define MOST_CALLS 16

static NTSTATUS Load(PCWSTR Text, PVOID *Base)
{
    UNICODE_STRING Name;

    *Base = NULL;
    RtlInitUnicodeString(&Name, Text);
    return LdrLoadDll(FOLDER, NULL, &Name, Base);
}

static PVOID Loaded(PCWSTR Text)
{
    UNICODE_STRING Name;
    PVOID Base = NULL;

    RtlInitUnicodeString(&Name, Text);
    return NT_SUCCESS(LdrGetDllHandle(NULL, NULL, &Name, &Base)) ? Base : NULL;
}

static PLDR_DATA_TABLE_ENTRY EntryOf(PVOID Base)
{
    PLDR_DATA_TABLE_ENTRY Entry;

    return Base && NT_SUCCESS(LdrFindEntryForAddress(Base, &Entry)) ? Entry : NULL;
}

static ULONG CountOf(PVOID Base)
{
    PLDR_DATA_TABLE_ENTRY Entry = EntryOf(Base);

    return Entry ? ((PLDR_DDAG_NODE)Entry->DdagNode)->LoadCount : 0xbad;
}

static BOOLEAN IsAttached(PCWSTR Text)
{
    PLDR_DATA_TABLE_ENTRY Entry = EntryOf(Loaded(Text));

    return Entry && Entry->Flags & LDRP_PROCESS_ATTACH_CALLED;
}

/* The place of a module in the order of initialisation; 0: none. */
static ULONG InitOrder(PCWSTR Text)
{
    PLIST_ENTRY Head = &NtCurrentPeb()->Ldr->InInitializationOrderModuleList;
    PLDR_DATA_TABLE_ENTRY Entry = EntryOf(Loaded(Text));
    ULONG Index = 0;

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        Index++;
        if (Entry && Links == &Entry->InInitializationOrderLinks)
            return Index;
    }
    return 0;
}

static void TestChain(void)
{
    PVOID One, Two, Three;
    PLDR_DATA_TABLE_ENTRY Entry;

    if (!ok_status(Load(u"chain1.dll", &One), STATUS_SUCCESS, "a DLL that needs two others"))
        return;
    Two = Loaded(u"chain2");
    Three = Loaded(u"chain3");
    ok(Two && Three, "both are found where it was");
    ok(InitOrder(u"chain3") < InitOrder(u"chain2") && InitOrder(u"chain2") < InitOrder(u"chain1"),
       "what is needed is initialised first");
    ok(CountOf(One) == 1 && CountOf(Two) == 0, "only what was loaded is counted");
    Entry = EntryOf(One);
    ok(Entry->LoadReason == LoadReasonDynamicLoad && Entry->ParentDllBase == NULL,
       "it was loaded for its own sake");
    Entry = EntryOf(Two);
    ok(Entry->LoadReason == LoadReasonStaticDependency && Entry->ParentDllBase == One,
       "the other for it");
    ok_status(Load(u"chain3.dll", &Three), STATUS_SUCCESS, "load what it needs, too");
    ok_status(Load(u"chain1.dll", &One), STATUS_SUCCESS, "load it again");
    ok(CountOf(One) == 2 && CountOf(Three) == 1, "both are counted");
    ok_status(LdrUnloadDll(One), STATUS_SUCCESS, "unload it once");
    ok(Loaded(u"chain1") == One, "it is still there");
    ok_status(LdrUnloadDll(One), STATUS_SUCCESS, "unload it again");
    ok(!Loaded(u"chain1") && !Loaded(u"chain2") && Loaded(u"chain3") == Three,
       "it goes with what only it needs");
    LdrUnloadDll(Three);
    ok(!Loaded(u"chain3"), "the last one goes");
    ok_status(LdrUnloadDll(Three), STATUS_DLL_NOT_FOUND, "once only");
}

static void TestCircles(void)
{
    PVOID One, Two;

    if (!ok_status(Load(u"cycle1.dll", &One), STATUS_SUCCESS, "three DLLs in a circle"))
        return;
    ok(Loaded(u"cycle2") && Loaded(u"cycle3"), "all are there");
    ok_status(Load(u"cycle2.dll", &Two), STATUS_SUCCESS, "load another of them");
    LdrUnloadDll(One);
    ok(Loaded(u"cycle1") && Loaded(u"cycle2") && Loaded(u"cycle3"), "one holds all");
    LdrUnloadDll(Two);
    ok(!Loaded(u"cycle1") && !Loaded(u"cycle2") && !Loaded(u"cycle3"), "nobody: all go");
    ok_status(Load(u"myself.dll", &One), STATUS_SUCCESS, "a DLL that needs itself");
    LdrUnloadDll(One);
    ok(!Loaded(u"myself"), "it goes, too");
}

static void TestFailures(void)
{
    PVOID Base;

    ok_status(Load(u"refuses.dll", &Base), STATUS_DLL_INIT_FAILED, "a DllMain that fails");
    ok(!Base && !Loaded(u"refuses") && !Loaded(u"chain3"), "nothing stays");
    ok_status(Load(u"onrefuse.dll", &Base), STATUS_DLL_INIT_FAILED, "one that needs it");
    ok(!Loaded(u"onrefuse") && !Loaded(u"refuses") && !Loaded(u"chain3"), "nothing stays either");
    ok_status(Load(u"nomodule.dll", &Base), STATUS_DLL_NOT_FOUND, "modules that are not there");
    ok(!Loaded(u"nomodule") && !Loaded(u"chain3"), "nothing stays of it");
    ok_status(Load(u"noname.dll", &Base), STATUS_ENTRYPOINT_NOT_FOUND, "names that are not there");
    ok_status(Load(u"noordinal.dll", &Base), STATUS_ORDINAL_NOT_FOUND,
              "an ordinal that is not there");
    ok(!Loaded(u"noname") && !Loaded(u"noordinal") && !Loaded(u"chain3") && !Loaded(u"gaps"),
       "nothing stays of them");
    ok_status(Load(u"noapiset.dll", &Base), STATUS_DLL_NOT_FOUND,
              "an API set that nobody implements");
}

static PVOID Procedure(PVOID Base, const char *Name)
{
    ANSI_STRING String;
    PVOID Address = NULL;

    RtlInitAnsiString(&String, Name);
    LdrGetProcedureAddress(Base, &String, 0, &Address);
    return Address;
}

static void TestForwarders(void)
{
    PVOID Base, Other, Third, Query = Procedure(Loaded(u"ntdll.dll"), "ApiSetQueryApiSetPresence");

    ok_status(Load(u"apiset.dll", &Base), STATUS_SUCCESS, "imports from an API set");
    LdrUnloadDll(Base);
    if (ok_status(Load(u"forwset.dll", &Base), STATUS_SUCCESS, "a forwarder to an API set")) {
        ok(Procedure(Base, "Check") == Query && Query, "it leads there");
        LdrUnloadDll(Base);
    }
    if (!ok_status(Load(u"chain2.dll", &Base), STATUS_SUCCESS, "what a forwarder leads to"))
        return;
    LdrUnloadDll(Base);
    ok(!Loaded(u"chain2"), "is not there yet");
    Load(u"chain3.dll", &Third);
    Load(u"forwfar.dll", &Base);
    ok(Procedure(Base, "Check") && IsAttached(u"chain2"), "it comes when its address is wanted");
    ok(Loaded(u"chain2"), "and stays");
    LdrUnloadDll(Base);
    ok(!Loaded(u"chain2"), "until who forwards goes");
    LdrUnloadDll(Third);
    Load(u"forwfar.dll", &Base);
    ok_status(Load(u"onforw.dll", &Other), STATUS_SUCCESS, "who imports a forwarder");
    ok(IsAttached(u"chain2") && IsAttached(u"chain3"), "brings along where it leads");
    LdrUnloadDll(Other);
    ok(!Loaded(u"chain2") && !Loaded(u"chain3") && Loaded(u"forwfar"),
       "for as long as it is there");
    LdrUnloadDll(Base);
}

/* What cannot be used is no reason to believe next time that it can. */
static void TestBadForwarders(void)
{
    ANSI_STRING Check = RTL_CONSTANT_STRING("Check");
    PVOID Base, Other, Third, Address;

    Load(u"chain3.dll", &Third);
    if (!ok_status(Load(u"forwbad.dll", &Base), STATUS_SUCCESS, "who forwards to a DLL that fails"))
        return;
    for (ULONG i = 0; i < 2; i++) {
        ok_status(LdrGetProcedureAddress(Base, &Check, 0, &Address), STATUS_DLL_INIT_FAILED,
                  "its DllMain fails");
        ok(!Loaded(u"refuses"), "it does not stay");
        ok_status(Load(u"onbad.dll", &Other), STATUS_DLL_INIT_FAILED, "so does who imports it");
        ok(!Loaded(u"onbad") && !Loaded(u"refuses"), "nor that");
    }
    LdrUnloadDll(Base);
    LdrUnloadDll(Third);
}

static void TestFlags(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"chain1.dll"),
                   Raw = RTL_CONSTANT_STRING(u"raw420.dll"),
                   Path = RTL_CONSTANT_STRING(FOLDER u"\\chain1.dll");
    ULONG Characteristics = LDR_DLL_DONT_RESOLVE_ENTRY;
    PVOID Base;

    ok_status(LdrLoadDll(FOLDER, &Characteristics, &Name, &Base), STATUS_SUCCESS,
              "by a pointer: bind nothing");
    ok(!Loaded(u"chain2") && !InitOrder(u"chain1"), "nothing is bound or initialised");
    LdrUnloadDll(Base);
    ok_status(LdrLoadDll(FOLDER, (PULONG)DONT_RESOLVE_DLL_REFERENCES, &Name, &Base), STATUS_SUCCESS,
              "the same by a value");
    ok(!Loaded(u"chain2"), "nothing is bound");
    LdrUnloadDll(Base);
    ok(!Loaded(u"chain1"), "it goes");
    ok_status(LdrLoadDll(NULL, (PULONG)LOAD_LIBRARY_SEARCH_SYSTEM32, &Raw, &Base),
              STATUS_DLL_NOT_FOUND, "a value: only in the system's directory");
    ok_status(LdrLoadDll((PCWSTR)(ULONG_PTR)(LOAD_LIBRARY_SEARCH_SYSTEM32 | 1), NULL, &Raw, &Base),
              STATUS_DLL_NOT_FOUND, "the same in place of the path");
    ok_status(LdrLoadDll(NULL, (PULONG)LOAD_WITH_ALTERED_SEARCH_PATH, &Path, &Base), STATUS_SUCCESS,
              "a value: what it needs is beside it");
    LdrUnloadDll(Base);
    ok_status(LdrLoadDll(NULL,
                         (PULONG)(LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32),
                         &Path, &Base),
              STATUS_SUCCESS, "the same with the newer flags");
    LdrUnloadDll(Base);
    ok_status(LdrLoadDll(NULL, NULL, &Path, &Base), STATUS_DLL_NOT_FOUND,
              "without, what it needs is not found");
    ok(!Loaded(u"chain1") && !Loaded(u"chain2"), "nothing stays");
}

static ULONG Calls, Reasons[MOST_CALLS];
static PVOID Bases[MOST_CALLS];
static BOOLEAN Complete;

static void NTAPI Record(ULONG Reason, const LDR_DLL_NOTIFICATION_DATA *Data, PVOID Context)
{
    if (Calls < MOST_CALLS) {
        Reasons[Calls] = Reason;
        Bases[Calls] = Data->DllBase;
    }
    Calls++;
    if (Context != &Calls || Data->Flags || !Data->SizeOfImage || !Data->BaseDllName->Length ||
        Data->FullDllName->Length <= Data->BaseDllName->Length)
        Complete = FALSE;
}

static void TestNotifications(void)
{
    PVOID Cookie, Base;

    ok_status(LdrRegisterDllNotification(1, Record, NULL, &Cookie), STATUS_INVALID_PARAMETER,
              "flags of notifications");
    ok_status(LdrRegisterDllNotification(0, NULL, NULL, &Cookie), STATUS_INVALID_PARAMETER,
              "no routine");
    ok_status(LdrRegisterDllNotification(0, Record, NULL, NULL), STATUS_INVALID_PARAMETER,
              "no cookie");
    if (!ok_status(LdrRegisterDllNotification(0, Record, &Calls, &Cookie), STATUS_SUCCESS,
                   "register"))
        return;
    Complete = TRUE;
    Load(u"chain2.dll", &Base);
    ok(Calls == 2 && Reasons[0] == LDR_DLL_NOTIFICATION_REASON_LOADED && Bases[0] == Base &&
           Bases[1] == Loaded(u"chain3"),
       "called for each DLL, before what it needs");
    Load(u"chain2.dll", &Base);
    ok(Calls == 2, "not again for the same");
    LdrUnloadDll(Base);
    LdrUnloadDll(Base);
    ok(Calls == 4 && Reasons[2] == LDR_DLL_NOTIFICATION_REASON_UNLOADED &&
           Reasons[3] == LDR_DLL_NOTIFICATION_REASON_UNLOADED,
       "and when they go");
    ok(Complete, "with all data");
    ok_status(LdrUnregisterDllNotification(Cookie), STATUS_SUCCESS, "take it back");
    ok_status(LdrUnregisterDllNotification(Cookie), STATUS_DLL_NOT_FOUND, "once only");
    Load(u"chain3.dll", &Base);
    LdrUnloadDll(Base);
    ok(Calls == 4, "no more calls");
}

/* In the middle of a load, when chain3 waits for its DllMain. */
static PVOID Forwarder, Myself;
static BOOLEAN Early, Right, Nested;

static void NTAPI AskMeanwhile(ULONG Reason, const LDR_DLL_NOTIFICATION_DATA *Data, PVOID Context)
{
    PVOID Base;

    if (Reason != LDR_DLL_NOTIFICATION_REASON_LOADED || Data->DllBase != Loaded(u"gaps"))
        return;
    Right = Procedure(Loaded(u"ntdll"), "NtClose") && Loaded(u"chain3");
    Early = IsAttached(u"chain3");
    Right = Right && Procedure(Forwarder, "Check") && IsAttached(u"myself");
    Early = Early || IsAttached(u"chain3");
    Nested = NT_SUCCESS(Load(u"myself.dll", &Myself)) &&
             Load(u"noordinal.dll", &Base) == STATUS_ORDINAL_NOT_FOUND &&
             Load(u"noordinal.dll", &Base) == STATUS_ORDINAL_NOT_FOUND;
    Early = Early || IsAttached(u"chain3");
}

static void TestMeanwhile(void)
{
    PVOID Cookie, Base, Other;

    if (!ok_status(LdrRegisterDllNotification(0, AskMeanwhile, NULL, &Cookie), STATUS_SUCCESS,
                   "register another"))
        return;
    Load(u"forwself.dll", &Forwarder);
    ok_status(Load(u"waits.dll", &Base), STATUS_SUCCESS, "a load, in which others are");
    ok(Right && Nested, "procedures are found, DLLs are loaded or not");
    ok(!Early, "nobody attaches what waits for the load");
    ok(IsAttached(u"chain3") && IsAttached(u"waits"), "which does it");
    ok(!Loaded(u"noordinal"), "what could not be loaded is gone");
    ok_status(Load(u"noordinal.dll", &Other), STATUS_ORDINAL_NOT_FOUND, "and fails again");
    LdrUnregisterDllNotification(Cookie);
    LdrUnloadDll(Base);
    LdrUnloadDll(Myself);
    LdrUnloadDll(Forwarder);
    ok(!Loaded(u"myself") && !Loaded(u"chain3") && !Loaded(u"gaps"), "all go");
}

static NTSTATUS NTAPI Nothing(PVOID Argument)
{
    return STATUS_SUCCESS;
}

static void RunThread(void)
{
    HANDLE Thread;

    if (!NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Nothing,
                                     NULL, 0, 0, 0, 0, NULL)))
        return;
    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtClose(Thread);
}

static void TestTlsCallbacks(void)
{
    typedef volatile ULONG *(NTAPI * CHECK)(void);
    volatile ULONG *Sum;
    CHECK Check;
    PVOID Base;

    if (!ok_status(Load(u"tls.dll", &Base), STATUS_SUCCESS, "a DLL with TLS callbacks"))
        return;
    Check = (CHECK)Procedure(Base, "Check");
    if (!ok(Check != NULL, "its counter"))
        return;
    Sum = Check();
    ok(*Sum == DLL_PROCESS_ATTACH + 1, "called when it was loaded");
    RunThread();
    ok(*Sum == 2 + DLL_THREAD_ATTACH + 1 + DLL_THREAD_DETACH + 1, "and for a thread");
    ok_status(LdrDisableThreadCalloutsForDll(Base), STATUS_SUCCESS, "threads do not matter now");
    RunThread();
    ok(*Sum == 9, "not called for the next one");
    LdrUnloadDll(Base);
    ok_status(LdrDisableThreadCalloutsForDll(Base), STATUS_DLL_NOT_FOUND, "it is gone");
    ok(!NT_SUCCESS(Load(u"tlshuge.dll", &Base)) && !Loaded(u"tlshuge"),
       "a DLL whose threads would need 4 GB each");
}

static PVOID NTAPI DllHook(ULONG Reason, PDELAYLOAD_INFO Info)
{
    ok(Reason == DELAYLOAD_GPA_FAILURE && Info->Size == sizeof(*Info), "the program's hook");
    if (Info->TargetApiDescriptor.ImportDescribedByName)
        return strcmp(Info->TargetApiDescriptor.Description.Name, "Missing") == 0 ? (PVOID)0x1234
                                                                                  : NULL;
    return (PVOID)(ULONG_PTR)Info->TargetApiDescriptor.Description.Ordinal;
}

static PVOID NTAPI SystemHook(PCSTR Dll, PCSTR Name)
{
    return strcmp(Dll, "nowhere.dll") == 0 && strcmp(Name, "Check") == 0 ? (PVOID)0x5678 : NULL;
}

static PVOID NTAPI FailHook(ULONG Reason, PDELAYLOAD_INFO Info)
{
    return (PVOID)(ULONG_PTR)Info->LastError;
}

static void TestDelayed(void)
{
    const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptors;
    PVOID Base, Other, Address;
    ULONG_PTR *Table;
    ULONG Size;

    if (!ok_status(Load(u"delay.dll", &Base), STATUS_SUCCESS, "a DLL with delayed imports"))
        return;
    ok(!Loaded(u"chain2"), "what it needs later is not loaded");
    ok_status(Load(u"chain2.dll", &Other), STATUS_SUCCESS, "it is now");
    Descriptors =
        RtlImageDirectoryEntryToData(Base, TRUE, IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT, &Size);
    Table = (ULONG_PTR *)((PUCHAR)Base + Descriptors[0].ImportAddressTableRVA);
    Address = LdrResolveDelayLoadedAPI(Base, &Descriptors[0], DllHook, SystemHook, &Table[0], 0);
    ok(Address && Address == Procedure(Other, "Check") && Table[0] == (ULONG_PTR)Address,
       "resolve one by name");
    ok(*(PVOID *)((PUCHAR)Base + Descriptors[0].ModuleHandleRVA) == Other, "the handle is kept");
    ok(LdrResolveDelayLoadedAPI(Base, &Descriptors[0], NULL, NULL, &Table[1], 0) == Address,
       "one by ordinal");
    LdrUnloadDll(Other);
    ok(Loaded(u"chain2") == Other, "what is needed stays");
    ok(LdrResolveDelayLoadedAPI(Base, &Descriptors[0], DllHook, SystemHook, &Table[2], 0) ==
           (PVOID)0x1234,
       "a name that is not there is the program's affair");
    ok(!LdrResolveDelayLoadedAPI(Base, &Descriptors[0], NULL, NULL, &Table[2], 0), "or nobody's");
    Table = (ULONG_PTR *)((PUCHAR)Base + Descriptors[1].ImportAddressTableRVA);
    ok(LdrResolveDelayLoadedAPI(Base, &Descriptors[1], NULL, SystemHook, &Table[0], 0) ==
           (PVOID)0x5678,
       "a module that is not there is the system's");
    ok(LdrResolveDelayLoadedAPI(Base, &Descriptors[1], DllHook, SystemHook, &Table[1], 0) ==
           (PVOID)5,
       "by ordinal");
    ok_status(LdrResolveDelayLoadsFromDll(Base, "NTDLL.dll", 0), STATUS_SUCCESS,
              "all of one module");
    Table = (ULONG_PTR *)((PUCHAR)Base + Descriptors[2].ImportAddressTableRVA);
    ok(Table[1] == (ULONG_PTR)Procedure(Loaded(u"ntdll.dll"), "NtClose"), "they are there");
    for (ULONG i = 0; i < 2; i++) {
        Table = (ULONG_PTR *)((PUCHAR)Base + Descriptors[3].ImportAddressTableRVA);
        ok(LdrResolveDelayLoadedAPI(Base, &Descriptors[3], FailHook, NULL, &Table[0], 0) ==
                   (PVOID)(ULONG_PTR)(ULONG)STATUS_DLL_INIT_FAILED &&
               !Loaded(u"refuses"),
           "a module that fails does not stay");
    }
    ok_status(LdrResolveDelayLoadsFromDll(Base, "other.dll", 0), STATUS_DLL_NOT_FOUND,
              "a module that it does not need");
    LdrUnloadDll(Base);
    ok(!Loaded(u"delay") && !Loaded(u"chain2") && !Loaded(u"chain3"), "all go together");
}

static const IMAGE_DELAYLOAD_DESCRIPTOR *Contended;
static PVOID Contender;

static NTSTATUS NTAPI ResolveAgain(PVOID Argument)
{
    ULONG_PTR *Table = (ULONG_PTR *)((PUCHAR)Contender + Contended->ImportAddressTableRVA);

    for (ULONG i = 0; i < 3000; i++)
        if (!LdrResolveDelayLoadedAPI(Contender, Contended, NULL, NULL, &Table[i % 2], 0))
            return STATUS_UNSUCCESSFUL;
    return STATUS_SUCCESS;
}

/* The table is made writable for as long as it is written to. */
static void TestContention(void)
{
    HANDLE Threads[3];
    BOOLEAN All = TRUE;
    PVOID Page;
    SIZE_T Length = sizeof(PVOID);
    ULONG Size, Old;

    if (!NT_SUCCESS(Load(u"delay.dll", &Contender)))
        return;
    Contended = (const IMAGE_DELAYLOAD_DESCRIPTOR *)RtlImageDirectoryEntryToData(
                    Contender, TRUE, IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT, &Size) +
                2;
    LdrDisableThreadCalloutsForDll(Contender); /* its code is in the same page */
    Page = (PUCHAR)Contender + Contended->ImportAddressTableRVA;
    NtProtectVirtualMemory(NtCurrentProcess(), &Page, &Length, PAGE_EXECUTE_READ, &Old);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Threads[i] = StartThread(ResolveAgain, NULL);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        All = NT_SUCCESS(EndOfThread(Threads[i])) && All;
    ok(All, "three threads resolve the same imports");
    LdrUnloadDll(Contender);
}

void TestLoaderGraph(void)
{
    TestChain();
    TestCircles();
    TestFailures();
    TestForwarders();
    TestBadForwarders();
    TestFlags();
    TestNotifications();
    TestMeanwhile();
    TestTlsCallbacks();
    TestDelayed();
    TestContention();
}
