/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be asked and set of the system: NtQuerySystemInformation(Ex), NtSetSystemInformation,
 * times, power, hard errors. */
#include "tap.h"

static union {
    ULONGLONG Align;
    UCHAR Bytes[65536];
} Buffer;

#define ASK(class, value) NtQuerySystemInformation(class, &(value), sizeof(value), NULL)

/* ---- Lengths and the order of checks ---- */

static const struct {
    SYSTEM_INFORMATION_CLASS Class;
    ULONG Length; /* of the whole answer */
    BOOLEAN Exactly;
    const char *Name;
} FixedClasses[] = {
    {SystemBasicInformation, sizeof(SYSTEM_BASIC_INFORMATION), TRUE, "basic"},
    {SystemEmulationBasicInformation, sizeof(SYSTEM_BASIC_INFORMATION), TRUE, "emulation"},
    {SystemProcessorInformation, sizeof(SYSTEM_PROCESSOR_INFORMATION), FALSE, "processor"},
    {SystemPerformanceInformation, sizeof(SYSTEM_PERFORMANCE_INFORMATION), FALSE, "performance"},
    {SystemDeviceInformation, sizeof(SYSTEM_DEVICE_INFORMATION), TRUE, "devices"},
    {SystemProcessorPerformanceInformation, sizeof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION), FALSE,
     "processor time"},
    {SystemFlagsInformation, sizeof(ULONG), TRUE, "flags"},
    {SystemFileCacheInformation, sizeof(SYSTEM_FILECACHE_INFORMATION), FALSE, "file cache"},
    {SystemInterruptInformation, sizeof(SYSTEM_INTERRUPT_INFORMATION), FALSE, "interrupts"},
    {SystemTimeAdjustmentInformation, sizeof(SYSTEM_QUERY_TIME_ADJUST_INFORMATION), TRUE,
     "time adjustment"},
    {SystemExceptionInformation, sizeof(SYSTEM_EXCEPTION_INFORMATION), FALSE, "exceptions"},
    {SystemContextSwitchInformation, sizeof(SYSTEM_CONTEXT_SWITCH_INFORMATION), FALSE, "switches"},
    {SystemRegistryQuotaInformation, sizeof(SYSTEM_REGISTRY_QUOTA_INFORMATION), FALSE, "registry"},
    {SystemCurrentTimeZoneInformation, sizeof(RTL_TIME_ZONE_INFORMATION), FALSE, "time zone"},
    {SystemDynamicTimeZoneInformation, sizeof(RTL_DYNAMIC_TIME_ZONE_INFORMATION), FALSE,
     "dynamic time zone"},
    {SystemBootEnvironmentInformation, sizeof(SYSTEM_BOOT_ENVIRONMENT_INFORMATION), FALSE, "boot"},
    {SystemProcessorFeaturesInformation, sizeof(SYSTEM_PROCESSOR_FEATURES_INFORMATION), FALSE,
     "features"},
};

static void CheckLengths(SYSTEM_INFORMATION_CLASS Class, ULONG Length, BOOLEAN Exactly)
{
    ULONG Needed = 0;

    ok_status(NtQuerySystemInformation(Class, NULL, 0, &Needed), STATUS_INFO_LENGTH_MISMATCH,
              "into nothing");
    ok(Needed == Length, "what is needed is told");
    ok_status(NtQuerySystemInformation(Class, Buffer.Bytes, Length, &Needed), STATUS_SUCCESS,
              "just enough");
    ok(Needed == Length, "is what is used");
    ok_status(NtQuerySystemInformation(Class, Buffer.Bytes, Length + 4, &Needed),
              Exactly ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS, "more");
    ok_status(NtQuerySystemInformation(Class, (PVOID)16, Length, NULL), STATUS_ACCESS_VIOLATION,
              "to nowhere");
    ok_status(NtQuerySystemInformation(Class, Buffer.Bytes + 2, Length, NULL),
              STATUS_DATATYPE_MISALIGNMENT, "not aligned");
    ok_status(NtQuerySystemInformation(Class, Buffer.Bytes, Length, (PULONG)(Buffer.Bytes + 1)),
              STATUS_DATATYPE_MISALIGNMENT, "a length that is not aligned");
    ok_status(NtQuerySystemInformation(Class, Buffer.Bytes, Length, (PULONG)16),
              STATUS_ACCESS_VIOLATION, "a length that goes nowhere");
}

static void TestLengths(void)
{
    static const SYSTEM_INFORMATION_CLASS Missing[] = {
        SystemPathInformation, SystemCallCountInformation, SystemFullProcessInformation,
        (SYSTEM_INFORMATION_CLASS)79, (SYSTEM_INFORMATION_CLASS)200};
    static const SYSTEM_INFORMATION_CLASS None[] = {
        (SYSTEM_INFORMATION_CLASS)0x100, (SYSTEM_INFORMATION_CLASS)-1,
        SystemLogicalProcessorAndGroupInformation, SystemCpuSetInformation};

    for (ULONG i = 0; i < ARRAYSIZE(FixedClasses); i++) {
        DbgPrint("# system class %s\n", FixedClasses[i].Name);
        CheckLengths(FixedClasses[i].Class, FixedClasses[i].Length, FixedClasses[i].Exactly);
    }
    for (ULONG i = 0; i < ARRAYSIZE(Missing); i++)
        ok_status(NtQuerySystemInformation(Missing[i], Buffer.Bytes, sizeof(Buffer), NULL),
                  STATUS_NOT_IMPLEMENTED, "a class that is not there yet");
    for (ULONG i = 0; i < ARRAYSIZE(None); i++)
        ok_status(NtQuerySystemInformation(None[i], Buffer.Bytes, sizeof(Buffer), NULL),
                  STATUS_INVALID_INFO_CLASS, "a class that cannot be asked so");
}

static void TestFigures(void)
{
    SYSTEM_BASIC_INFORMATION Basic;
    SYSTEM_PERFORMANCE_INFORMATION Performance;
    SYSTEM_PROCESSOR_INFORMATION Processor;
    SYSTEM_PROCESSOR_FEATURES_INFORMATION Features;
    ULONG Older = FIELD_OFFSET(SYSTEM_PERFORMANCE_INFORMATION, CcTotalDirtyPages), Needed;

    ASK(SystemBasicInformation, Basic);
    ok(Basic.PageSize == 4096 && Basic.AllocationGranularity == 65536, "pages");
    ok(Basic.NumberOfProcessors == 1 && Basic.ActiveProcessorsAffinityMask == 1, "one processor");
    ok(Basic.NumberOfPhysicalPages == SharedUserData->NumberOfPhysicalPages, "as many pages");
    ok(Basic.TimerResolution == 156250, "ticks of a 64th second");
    ok(Basic.MinimumUserModeAddress == 0x10000, "where addresses begin");
    ok((ULONG_PTR)&Basic < Basic.MaximumUserModeAddress, "and end");
    ok_status(NtQuerySystemInformation(SystemPerformanceInformation, &Performance, Older, &Needed),
              STATUS_SUCCESS, "the older structure");
    ok(Needed == Older, "is shorter");
    ok_status(NtQuerySystemInformation(SystemPerformanceInformation, &Performance, Older - 4, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "none is shorter still");
    ASK(SystemPerformanceInformation, Performance);
    ok(Performance.AvailablePages && Performance.AvailablePages < Basic.NumberOfPhysicalPages,
       "memory is there");
    ok(Performance.CommittedPages <= Performance.PeakCommitment, "and promised");
    ok(Performance.CommitLimit > Performance.CommittedPages, "but not all");
    ASK(SystemProcessorInformation, Processor);
    ok(Processor.ProcessorArchitecture == SharedUserData->NativeProcessorArchitecture,
       "the architecture");
    ASK(SystemProcessorFeaturesInformation, Features);
    for (ULONG i = 0; i < 40; i++)
        if (SharedUserData->ProcessorFeatures[i] != (Features.ProcessorFeatureBits >> i & 1))
            ok(FALSE, "a feature differs");
    ok(Features.ProcessorFeatureBits >> PF_COMPARE_EXCHANGE_DOUBLE & 1, "the features");
}

static void TestTimesOfProcessor(void)
{
    SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION Before, After;
    LARGE_INTEGER Delay = {.QuadPart = -2000000};

    ASK(SystemProcessorPerformanceInformation, Before);
    NtDelayExecution(FALSE, &Delay);
    for (ULONG i = 0; i < 1000; i++) {
        for (volatile ULONG j = 0; j < 100000; j++)
            ;
        ASK(SystemProcessorPerformanceInformation, After);
        if (After.UserTime.QuadPart > Before.UserTime.QuadPart + 156250)
            break;
    }
    ok(After.UserTime.QuadPart > Before.UserTime.QuadPart, "somebody works");
    ok(After.IdleTime.QuadPart >= Before.IdleTime.QuadPart, "or nobody");
    ok(After.KernelTime.QuadPart >= After.IdleTime.QuadPart, "idle time is kernel time");
    ok(After.InterruptCount > Before.InterruptCount, "the clock ticks");
}

/* ---- Processes ---- */

static NTSTATUS NTAPI Sleep(PVOID Argument)
{
    LARGE_INTEGER Forever = {.QuadPart = -0x7fffffffffffffff};

    return NtDelayExecution(FALSE, &Forever);
}

#define THREADS 40

static PSYSTEM_PROCESS_INFORMATION FindMe(void)
{
    PSYSTEM_PROCESS_INFORMATION Process = (PSYSTEM_PROCESS_INFORMATION)Buffer.Bytes;

    while (Process->UniqueProcessId != NtCurrentTeb()->ClientId.UniqueProcess) {
        if (!Process->NextEntryOffset)
            return NULL;
        Process = (PSYSTEM_PROCESS_INFORMATION)((PUCHAR)Process + Process->NextEntryOffset);
    }
    return Process;
}

static BOOLEAN IsListed(HANDLE Thread, PVOID First, ULONG Count, ULONG Length)
{
    THREAD_BASIC_INFORMATION Basic;

    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    for (ULONG i = 0; i < Count; i++) {
        PSYSTEM_THREAD_INFORMATION Entry = (PSYSTEM_THREAD_INFORMATION)((PUCHAR)First + i * Length);

        if (Entry->ClientId.UniqueThread == Basic.ClientId.UniqueThread)
            return Entry->ClientId.UniqueProcess == Basic.ClientId.UniqueProcess &&
                   Entry->ThreadState == Waiting;
    }
    return FALSE;
}

static void CheckProcesses(SYSTEM_INFORMATION_CLASS Class, ULONG ThreadLength,
                           const HANDLE Threads[THREADS])
{
    PSYSTEM_PROCESS_INFORMATION Me;
    ULONG Needed = 0, Used = 0, Listed = 0;

    ok_status(NtQuerySystemInformation(Class, Buffer.Bytes, 300, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "the processes into too little");
    ok(Needed > THREADS * ThreadLength, "much is needed");
    ok_status(NtQuerySystemInformation(Class, Buffer.Bytes, sizeof(Buffer), &Used), STATUS_SUCCESS,
              "into enough");
    ok(Used == Needed, "that much");
    Me = FindMe();
    if (!ok(Me != NULL, "this process is listed"))
        return;
    ok(Me->NumberOfThreads >= THREADS + 1, "with all threads");
    for (ULONG i = 0; i < THREADS; i++)
        Listed += IsListed(Threads[i], Me->Threads, Me->NumberOfThreads, ThreadLength);
    ok(Listed == THREADS, "each of them");
    ok((PUCHAR)Me->ImageName.Buffer == (PUCHAR)Me->Threads + Me->NumberOfThreads * ThreadLength,
       "the name behind");
    ok(Me->ImageName.Length == 11 * sizeof(WCHAR) && !wcscmp(Me->ImageName.Buffer, u"umtests.exe"),
       "is right");
    ok(Me->SessionId == 0 && Me->BasePriority == 8, "session and priority");
    ok(Me->HandleCount >= THREADS, "the handles");
    ok(Me->VirtualSize && Me->WorkingSetSize && Me->PagefileUsage, "the memory");
}

static void TestProcessList(void)
{
    HANDLE Threads[THREADS];
    ULONG Made = 0;
    PSYSTEM_PROCESS_INFORMATION Me;
    PSYSTEM_EXTENDED_THREAD_INFORMATION First;

    while (Made < THREADS &&
           NT_SUCCESS(NtCreateThreadEx(&Threads[Made], THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                       Sleep, NULL, THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0x1000,
                                       0x10000, NULL)))
        Made++;
    ok(Made == THREADS, "many threads");
    CheckProcesses(SystemProcessInformation, sizeof(SYSTEM_THREAD_INFORMATION), Threads);
    CheckProcesses(SystemExtendedProcessInformation, sizeof(SYSTEM_EXTENDED_THREAD_INFORMATION),
                   Threads);
    Me = FindMe();
    First = Me ? (PSYSTEM_EXTENDED_THREAD_INFORMATION)Me->Threads : NULL;
    ok(First && First->TebBase == NtCurrentTeb(), "the extended form has the TEB");
    ok(First && First->StackBase == NtCurrentTeb()->NtTib.StackBase, "and the stack");
    while (Made--) {
        NtTerminateThread(Threads[Made], 0);
        NtClose(Threads[Made]);
    }
}

static NTSTATUS AskProcess(PSYSTEM_PROCESS_ID_INFORMATION Process, HANDLE Id, PWSTR Room,
                           USHORT Length)
{
    *Process = (SYSTEM_PROCESS_ID_INFORMATION){Id, {0, Length, Room}};
    return NtQuerySystemInformation(SystemProcessIdInformation, Process, sizeof(*Process), NULL);
}

static void TestProcessId(void)
{
    static const UNICODE_STRING End = RTL_CONSTANT_STRING(u"umtests.exe");
    HANDLE Me = NtCurrentTeb()->ClientId.UniqueProcess;
    SYSTEM_PROCESS_ID_INFORMATION Process;
    WCHAR Room[128];
    USHORT Needed;

    ok_status(AskProcess(&Process, Me, Room, sizeof(Room)), STATUS_SUCCESS, "a process's image");
    Needed = (USHORT)(Process.ImageName.Length + sizeof(WCHAR));
    ok(Process.ImageName.Length > End.Length && Room[Process.ImageName.Length / 2] == 0 &&
           memcmp(Room + (Process.ImageName.Length - End.Length) / 2, End.Buffer, End.Length) == 0,
       "is this one's");
    ok_status(AskProcess(&Process, Me, Room, (USHORT)(Needed - 2)), STATUS_INFO_LENGTH_MISMATCH,
              "into too little room");
    ok(Process.ImageName.MaximumLength == Needed, "what is needed is told");
    ok_status(AskProcess(&Process, (HANDLE)0x7ffffffc, Room, sizeof(Room)), STATUS_INVALID_CID,
              "no such process");
    ok_status(AskProcess(&Process, Me, (PWSTR)16, sizeof(Room)), STATUS_ACCESS_VIOLATION,
              "to nowhere");
    Process.ImageName.Length = 2;
    ok_status(NtQuerySystemInformation(SystemProcessIdInformation, &Process, sizeof(Process), NULL),
              STATUS_INVALID_PARAMETER, "room that is not empty");
    ok_status(NtQuerySystemInformation(SystemProcessIdInformation, &Process, 4, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "a wrong length");
}

static void TestOtherNames(void)
{
    SYSTEM_BASIC_INFORMATION Basic, Native;
    RTL_TIME_ZONE_INFORMATION Zone, Current;
    ULONG Alignment = 0, Needed = 9;

    ASK(SystemBasicInformation, Basic);
    ok_status(ASK(SystemNativeBasicInformation, Native), STATUS_SUCCESS, "the native system");
    ok(memcmp(&Basic, &Native, sizeof(Basic)) == 0, "is this one");
    ok_status(ASK(SystemTimeZoneInformation, Zone), STATUS_SUCCESS, "a time zone");
    ASK(SystemCurrentTimeZoneInformation, Current);
    ok(memcmp(&Zone, &Current, sizeof(Zone)) == 0, "is the current one");
    ok_status(ASK(SystemRecommendedSharedDataAlignment, Alignment), STATUS_SUCCESS, "an alignment");
    ok(Alignment == 64, "is a cache line's");
    ok_status(NtQuerySystemInformation(SystemPageFileInformationEx, Buffer.Bytes, sizeof(Buffer),
                                       &Needed),
              STATUS_SUCCESS, "paging files");
    ok(Needed == 0, "there are none");
}

/* NtQuerySystemInformationEx */
static NTSTATUS AskGroup(SYSTEM_INFORMATION_CLASS Class, ULONG Group, ULONG Length)
{
    return NtQuerySystemInformationEx(Class, &Group, Length, Buffer.Bytes, sizeof(Buffer.Bytes),
                                      NULL);
}

static void TestGroups(void)
{
    ok_status(AskGroup(SystemLogicalProcessorInformation, 0, 2), STATUS_SUCCESS,
              "the processors of a group");
    ok_status(AskGroup(SystemProcessorPerformanceInformation, 0, 2), STATUS_SUCCESS,
              "and their times");
    ok_status(AskGroup(SystemInterruptInformation, 0, 2), STATUS_SUCCESS, "and interrupts");
    ok_status(AskGroup(SystemInterruptInformation, 1, 2), STATUS_INVALID_PARAMETER, "of no group");
    ok_status(AskGroup(SystemInterruptInformation, 0, 4), STATUS_INVALID_PARAMETER,
              "of a group of the wrong length");
}

static void TestHandleLists(void)
{
    PSYSTEM_HANDLE_INFORMATION List = (PVOID)Buffer.Bytes;
    PSYSTEM_HANDLE_INFORMATION_EX Extended = (PVOID)Buffer.Bytes;
    ULONG_PTR Me = (ULONG_PTR)NtCurrentTeb()->ClientId.UniqueProcess;
    PVOID Object = NULL;
    HANDLE Event, Second;
    ULONG Needed = 0, Found = 0;

    NtCreateEvent(&Event, EVENT_MODIFY_STATE, NULL, NotificationEvent, FALSE);
    NtDuplicateObject(NtCurrentProcess(), Event, NtCurrentProcess(), &Second, 0, OBJ_INHERIT,
                      DUPLICATE_SAME_ACCESS);
    ok_status(NtQuerySystemInformation(SystemHandleInformation, Buffer.Bytes, 16, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "all handles into too little");
    ok(Needed > 16, "more is needed");
    ok_status(
        NtQuerySystemInformation(SystemHandleInformation, Buffer.Bytes, sizeof(Buffer), &Needed),
        STATUS_SUCCESS, "all handles");
    ok(Needed == FIELD_OFFSET(SYSTEM_HANDLE_INFORMATION, Handles) +
                     List->NumberOfHandles * sizeof(List->Handles[0]),
       "as many as are told");
    for (ULONG i = 0; i < List->NumberOfHandles; i++) {
        PSYSTEM_HANDLE_TABLE_ENTRY_INFO Entry = &List->Handles[i];

        if (Entry->UniqueProcessId != Me || (Entry->HandleValue != (USHORT)(ULONG_PTR)Event &&
                                             Entry->HandleValue != (USHORT)(ULONG_PTR)Second))
            continue;
        Found += (!Object || Entry->Object == Object) &&
                 Entry->GrantedAccess == EVENT_MODIFY_STATE &&
                 Entry->HandleAttributes ==
                     (Entry->HandleValue == (USHORT)(ULONG_PTR)Second ? OBJ_INHERIT : 0);
        Object = Entry->Object;
    }
    ok(Found == 2, "two of one object, with attributes");
    ok_status(NtQuerySystemInformation(SystemExtendedHandleInformation, Buffer.Bytes,
                                       sizeof(Buffer), &Needed),
              STATUS_SUCCESS, "in the longer form");
    ok(Needed == FIELD_OFFSET(SYSTEM_HANDLE_INFORMATION_EX, Handles) +
                     Extended->NumberOfHandles * sizeof(Extended->Handles[0]),
       "as many as are told");
    Found = 0;
    for (ULONG_PTR i = 0; i < Extended->NumberOfHandles; i++)
        Found += Extended->Handles[i].UniqueProcessId == Me &&
                 Extended->Handles[i].HandleValue == (ULONG_PTR)Event &&
                 Extended->Handles[i].Object == Object;
    ok(Found == 1, "the same object");
    NtClose(Event);
    NtClose(Second);
}

static void TestModules(void)
{
    PRTL_PROCESS_MODULES Modules = (PVOID)Buffer.Bytes;
    PRTL_PROCESS_MODULE_INFORMATION_EX Extended = (PVOID)Buffer.Bytes;
    ULONG Needed = 0, Count = 1, First;

    ok_status(NtQuerySystemInformation(SystemModuleInformation, NULL, 0, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "modules into nothing");
    ok_status(NtQuerySystemInformation(SystemModuleInformation, Modules, sizeof(Buffer), &Needed),
              STATUS_SUCCESS, "modules");
    First = Modules->NumberOfModules;
    ok(First >= 3, "the system and drivers");
    ok(Needed == FIELD_OFFSET(RTL_PROCESS_MODULES, Modules) + First * sizeof(Modules->Modules[0]),
       "as many as are told");
    ok(!strcmp((PCHAR)Modules->Modules[0].FullPathName + Modules->Modules[0].OffsetToFileName,
               "ntoskrnl.exe"),
       "the system comes first");
    ok(Modules->Modules[0].ImageBase && Modules->Modules[0].ImageSize, "with its place");
    ok_status(NtQuerySystemInformation(SystemModuleInformationEx, Extended, sizeof(Buffer), NULL),
              STATUS_SUCCESS, "in the longer form");
    while (Extended->NextOffset && Count < 100) {
        Extended = (PVOID)((PUCHAR)Extended + Extended->NextOffset);
        Count++;
    }
    ok(Count == First + 1, "the same ones and an end");
}

/* ---- Processors, trust ---- */

static void TestSetsOfProcessors(void)
{
    PSYSTEM_NUMA_INFORMATION Numa = (PVOID)Buffer.Bytes;
    PSYSTEM_CPU_SET_INFORMATION Set = (PVOID)Buffer.Bytes;
    HANDLE Process = NULL;
    ULONG Needed = 0, Machines[4] = {0};

    ok_status(NtQuerySystemInformation(SystemNumaProcessorMap, Numa, sizeof(*Numa), &Needed),
              STATUS_SUCCESS, "nodes");
    ok(Numa->HighestNodeNumber == 0 && Numa->ActiveProcessorsGroupAffinity[0].Mask == 1, "one");
    ok_status(NtQuerySystemInformationEx(SystemCpuSetInformation, &Process, sizeof(Process), Set,
                                         sizeof(*Set) - 1, &Needed),
              STATUS_BUFFER_TOO_SMALL, "CPU sets into too little");
    ok(Needed == sizeof(*Set), "one");
    ok_status(NtQuerySystemInformationEx(SystemCpuSetInformation, &Process, sizeof(Process), Set,
                                         sizeof(Buffer), &Needed),
              STATUS_SUCCESS, "CPU sets");
    ok(Set->Size == sizeof(*Set) && Set->Id == 0x100, "the first");
    Process = (HANDLE)(ULONG_PTR)0x7ffc;
    ok_status(NtQuerySystemInformationEx(SystemCpuSetInformation, &Process, sizeof(Process), Set,
                                         sizeof(Buffer), &Needed),
              STATUS_INVALID_HANDLE, "of no process");
    Process = NULL;
    ok_status(NtQuerySystemInformationEx(SystemSupportedProcessorArchitectures, &Process,
                                         sizeof(Process), Machines, sizeof(Machines), NULL),
              STATUS_SUCCESS, "the machines");
    ok((USHORT)Machines[0] ==
               (sizeof(PVOID) == 8 ? IMAGE_FILE_MACHINE_AMD64 : IMAGE_FILE_MACHINE_I386) &&
           (Machines[0] & SUPPORTED_ARCHITECTURE_NATIVE) && !Machines[1],
       "this one");
    ok_status(NtGetCurrentProcessorNumber(), 0, "the number of the processor");
}

static void TestProcessors(void)
{
    PSYSTEM_LOGICAL_PROCESSOR_INFORMATION Logical = (PVOID)Buffer.Bytes;
    PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Entry = (PVOID)Buffer.Bytes;
    LOGICAL_PROCESSOR_RELATIONSHIP Relation = RelationAll;
    ULONG Needed = 0, Offset = 0, Seen = 0;

    ok_status(NtQuerySystemInformation(SystemLogicalProcessorInformation, NULL, 0, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "processors into nothing");
    ok_status(NtQuerySystemInformation(SystemLogicalProcessorInformation, Logical, Needed, &Needed),
              STATUS_SUCCESS, "processors");
    ok(Needed % sizeof(*Logical) == 0 && Logical->ProcessorMask == 1, "whole entries");
    ok_status(NtQuerySystemInformationEx(SystemLogicalProcessorAndGroupInformation, &Relation,
                                         sizeof(Relation), NULL, 0, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "all relations into nothing");
    ok_status(NtQuerySystemInformationEx(SystemLogicalProcessorAndGroupInformation, &Relation,
                                         sizeof(Relation), Buffer.Bytes, sizeof(Buffer), &Needed),
              STATUS_SUCCESS, "all relations");
    for (; Offset < Needed; Offset += Entry->Size) {
        Entry = (PVOID)(Buffer.Bytes + Offset);
        Seen |= 1u << Entry->Relationship;
    }
    ok(Offset == Needed, "entry by entry");
    ok(Seen == (1u << RelationProcessorCore | 1u << RelationNumaNode |
                1u << RelationProcessorPackage | 1u << RelationGroup),
       "a core, a package, a node, a group");
    Relation = RelationGroup;
    ok_status(NtQuerySystemInformationEx(SystemLogicalProcessorAndGroupInformation, &Relation,
                                         sizeof(Relation), Buffer.Bytes, sizeof(Buffer), &Needed),
              STATUS_SUCCESS, "the group alone");
    Entry = (PVOID)Buffer.Bytes;
    ok(Entry->Size == Needed && Entry->Group.GroupInfo[0].ActiveProcessorCount == 1, "of one");
    Relation = 77;
    ok_status(NtQuerySystemInformationEx(SystemLogicalProcessorAndGroupInformation, &Relation,
                                         sizeof(Relation), Buffer.Bytes, sizeof(Buffer), &Needed),
              STATUS_INVALID_PARAMETER, "no such relation");
    ok_status(NtQuerySystemInformationEx(SystemLogicalProcessorAndGroupInformation, NULL, 4,
                                         Buffer.Bytes, sizeof(Buffer), &Needed),
              STATUS_INVALID_PARAMETER, "no relation");
    ok_status(NtQuerySystemInformationEx(SystemBasicInformation, &Relation, sizeof(Relation),
                                         Buffer.Bytes, sizeof(Buffer), &Needed),
              STATUS_INVALID_INFO_CLASS, "a class that takes no input");
    TestSetsOfProcessors();
}

static void TestTrust(void)
{
    SYSTEM_KERNEL_DEBUGGER_INFORMATION Debugger = {TRUE, FALSE};
    SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX DebuggerEx = {TRUE, TRUE, TRUE};
    SYSTEM_CODEINTEGRITY_INFORMATION Integrity = {sizeof(Integrity), 7};
    SYSTEM_SECUREBOOT_INFORMATION Secure = {TRUE, TRUE};
    SYSTEM_FIRMWARE_TABLE_INFORMATION Table = {0x21212121, 0, 0, 0};
    ULONG Needed = 9;

    ok_status(ASK(SystemKernelDebuggerInformation, Debugger), STATUS_SUCCESS, "a debugger");
    ok(!Debugger.KernelDebuggerEnabled && Debugger.KernelDebuggerNotPresent, "is not there");
    ok(SharedUserData->KdDebuggerEnabled == 0, "nor in the shared data");
    ok_status(ASK(SystemKernelDebuggerInformationEx, DebuggerEx), STATUS_SUCCESS, "more of that");
    ok(!DebuggerEx.DebuggerAllowed && !DebuggerEx.DebuggerPresent, "nor may it be");
    ok_status(ASK(SystemCodeIntegrityInformation, Integrity), STATUS_SUCCESS, "code integrity");
    ok(Integrity.CodeIntegrityOptions == 0, "is not checked");
    Integrity.Length = 4;
    ok_status(ASK(SystemCodeIntegrityInformation, Integrity), STATUS_INFO_LENGTH_MISMATCH,
              "a structure that says another length");
    ok_status(ASK(SystemSecureBootInformation, Secure), STATUS_SUCCESS, "secure boot");
    ok(!Secure.SecureBootEnabled, "is off");
    ok_status(ASK(SystemFirmwareTableInformation, Table), STATUS_NOT_IMPLEMENTED,
              "a provider of firmware tables that is not there");
    ok_status(NtQuerySystemInformation(SystemFirmwareTableInformation, &Table, 8, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "and need more than this");
    ok_status(
        NtQuerySystemInformation(SystemPageFileInformation, Buffer.Bytes, sizeof(Buffer), &Needed),
        STATUS_SUCCESS, "paging files");
    ok(Needed == 0, "there are none");
    ok_status(NtQuerySystemInformation(SystemObjectInformation, Buffer.Bytes, sizeof(Buffer), NULL),
              STATUS_UNSUCCESSFUL, "objects are not kept in lists");
}

/* ---- Firmware tables ---- */

typedef struct _FIRMWARE_REQUEST {
    SYSTEM_FIRMWARE_TABLE_INFORMATION Head;
    ULONG Table[4096];
} FIRMWARE_REQUEST, *PFIRMWARE_REQUEST;

static NTSTATUS AskFirmware(PFIRMWARE_REQUEST Request, ULONG Provider, ULONG Action, ULONG Table,
                            ULONG Room)
{
    Request->Head = (SYSTEM_FIRMWARE_TABLE_INFORMATION){Provider, Action, Table, Room};
    return NtQuerySystemInformation(SystemFirmwareTableInformation, Request,
                                    (ULONG)sizeof(Request->Head) + Room, NULL);
}

#define ACPI 0x41435049
#define SMBIOS 0x52534d42
#define FACP 0x50434146 /* as it stands in memory */

static void TestAcpi(PFIRMWARE_REQUEST Request)
{
    ULONG Count, Index = 0, Length;

    ok_status(AskFirmware(Request, ACPI, 0, 0, 0), STATUS_BUFFER_TOO_SMALL, "a list without room");
    Length = Request->Head.TableBufferLength;
    ok(Length && Length % sizeof(ULONG) == 0, "says how much it needs");
    ok_status(AskFirmware(Request, ACPI, 0, 0, sizeof(Request->Table)), STATUS_SUCCESS,
              "the tables of ACPI");
    Count = Request->Head.TableBufferLength / sizeof(ULONG);
    while (Index < Count && Request->Table[Index] != FACP)
        Index++;
    ok(Index < Count, "the fixed description is among them");
    ok_status(AskFirmware(Request, ACPI, 1, FACP, 4), STATUS_BUFFER_TOO_SMALL,
              "a table without room");
    Length = Request->Head.TableBufferLength;
    ok_status(AskFirmware(Request, ACPI, 1, FACP, sizeof(Request->Table)), STATUS_SUCCESS,
              "a table");
    ok(Request->Head.TableBufferLength == Length && Request->Table[0] == FACP &&
           Request->Table[1] == Length,
       "is what was asked for, and has its length");
    ok_status(AskFirmware(Request, ACPI, 1, 0x21212121, sizeof(Request->Table)), STATUS_NOT_FOUND,
              "a table there is not");
    ok_status(AskFirmware(Request, ACPI, 2, 0, sizeof(Request->Table)), STATUS_NOT_IMPLEMENTED,
              "something else than a list or a table");
}

static void TestFirmwareTables(void)
{
    static FIRMWARE_REQUEST Request;
    PUCHAR Bytes = (PUCHAR)Request.Table;

    TestAcpi(&Request);
    ok_status(AskFirmware(&Request, SMBIOS, 0, 0, sizeof(Request.Table)), STATUS_SUCCESS,
              "the tables of SMBIOS");
    ok(Request.Head.TableBufferLength == 4 && Request.Table[0] == 0, "are one");
    ok_status(AskFirmware(&Request, SMBIOS, 1, 0, sizeof(Request.Table)), STATUS_SUCCESS,
              "which can be had");
    ok(Bytes[1] >= 2 && Request.Table[1] + 8 == Request.Head.TableBufferLength,
       "with its version and length");
}

/* ---- Time ---- */

static void TestTime(void)
{
    SYSTEM_TIMEOFDAY_INFORMATION Time = {0};
    SYSTEM_QUERY_TIME_ADJUST_INFORMATION Adjustment;
    RTL_DYNAMIC_TIME_ZONE_INFORMATION Zone;
    ULONG Needed = 0, Actual = 0, Ticks;
    LARGE_INTEGER Bad = {.QuadPart = -5};

    ok_status(NtQuerySystemInformation(SystemTimeOfDayInformation, &Time, 8, &Needed),
              STATUS_SUCCESS, "the time of the start alone");
    ok(Needed == 8 && Time.BootTime.QuadPart && !Time.CurrentTime.QuadPart, "nothing else");
    ok_status(ASK(SystemTimeOfDayInformation, Time), STATUS_SUCCESS, "all of it");
    ok(Time.CurrentTime.QuadPart > Time.BootTime.QuadPart, "it is later now");
    ok_status(
        NtQuerySystemInformation(SystemTimeOfDayInformation, Buffer.Bytes, sizeof(Time) + 4, NULL),
        STATUS_INFO_LENGTH_MISMATCH, "more there is not");
    ASK(SystemTimeAdjustmentInformation, Adjustment);
    ok(Adjustment.TimeAdjustment == 156250 && Adjustment.TimeIncrement == 156250 &&
           Adjustment.Enable,
       "the clock is not adjusted");
    ok_status(ASK(SystemDynamicTimeZoneInformation, Zone), STATUS_SUCCESS, "the time zone");
    ok(Zone.TimeZone.Bias == 0 && !wcscmp(Zone.TimeZoneKeyName, u"UTC"), "is universal time");
    ok_status(NtSetSystemInformation(SystemCurrentTimeZoneInformation, &Zone, 4),
              STATUS_INFO_LENGTH_MISMATCH, "a zone of the wrong length");
    ok_status(NtSetSystemInformation(SystemCurrentTimeZoneInformation, (PVOID)16,
                                     sizeof(RTL_TIME_ZONE_INFORMATION)),
              STATUS_ACCESS_VIOLATION, "from nowhere");
    ok_status(NtSetSystemInformation(SystemBasicInformation, &Zone, sizeof(Zone)),
              STATUS_INVALID_INFO_CLASS, "what cannot be set");
    ok_status(NtSetSystemInformation((SYSTEM_INFORMATION_CLASS)0x7777, &Zone, sizeof(Zone)),
              STATUS_INVALID_INFO_CLASS, "what there is not");
    ok_status(NtSetSystemInformation(SystemFileCacheInformation, &Zone, sizeof(Zone)),
              STATUS_NOT_IMPLEMENTED, "what is not there yet");
    ok_status(NtSetSystemTime(&Bad, NULL), STATUS_INVALID_PARAMETER, "a time before time");
    Bad.QuadPart = 0x2000000000000000;
    ok_status(NtSetSystemTime(&Bad, NULL), STATUS_INVALID_PARAMETER, "one too late");
    ok_status(NtSetSystemTime((PLARGE_INTEGER)16, NULL), STATUS_ACCESS_VIOLATION, "from nowhere");
    ok_status(NtSetTimerResolution(10000, FALSE, &Actual), STATUS_TIMER_RESOLUTION_NOT_SET,
              "nothing to take back");
    ok_status(NtSetTimerResolution(10000, TRUE, &Actual), STATUS_SUCCESS, "finer ticks");
    ok(Actual == 156250, "are not to be had");
    ok_status(NtSetTimerResolution(10000, FALSE, &Actual), STATUS_SUCCESS, "take it back");
    ok_status(NtSetTimerResolution(10000, TRUE, (PULONG)16), STATUS_ACCESS_VIOLATION, "to nowhere");
    Ticks = (ULONG)NtGetTickCount();
    ok(Ticks > 0 && Ticks / 1000 <= SharedUserData->TickCountQuad * 15625 / 1000000 + 1,
       "milliseconds since the start");
}

/* ---- Power, errors ---- */

static void TestPower(void)
{
    SYSTEM_BATTERY_STATE Battery;
    PROCESSOR_POWER_INFORMATION Processor;
    PROCESSOR_NUMBER Number = {9, 9, 9};
    ULONG Previous = 0, State = 9;

    ok_status(NtPowerInformation(SystemBatteryState, NULL, 0, &Battery, sizeof(Battery)),
              STATUS_SUCCESS, "the battery");
    ok(Battery.AcOnLine && !Battery.BatteryPresent, "is none");
    ok_status(NtPowerInformation(SystemBatteryState, NULL, 0, &Battery, sizeof(Battery) - 1),
              STATUS_BUFFER_TOO_SMALL, "into too little");
    ok_status(NtPowerInformation(SystemBatteryState, &Battery, 4, &Battery, sizeof(Battery)),
              STATUS_INVALID_PARAMETER, "with an input");
    ok_status(NtPowerInformation(SystemBatteryState, NULL, 0, NULL, 0), STATUS_INVALID_PARAMETER,
              "without a buffer");
    ok_status(NtPowerInformation(SystemBatteryState, NULL, 0, (PVOID)16, sizeof(Battery)),
              STATUS_ACCESS_VIOLATION, "to nowhere");
    ok_status(NtPowerInformation(ProcessorInformation, NULL, 0, &Processor, sizeof(Processor)),
              STATUS_SUCCESS, "the processor");
    ok(Processor.CurrentMhz > 0, "has a speed");
    ok_status(NtPowerInformation(0, NULL, 0, Buffer.Bytes, sizeof(Buffer)), STATUS_NOT_IMPLEMENTED,
              "policies are not there");
    ok_status(NtPowerInformation(0xffff, NULL, 0, Buffer.Bytes, sizeof(Buffer)),
              STATUS_INVALID_PARAMETER, "nor is what is no level");
    ok_status(NtSetThreadExecutionState(ES_SYSTEM_REQUIRED | ES_CONTINUOUS, &Previous),
              STATUS_SUCCESS, "stay awake");
    ok(Previous == ES_CONTINUOUS, "nothing was wished before");
    NtPowerInformation(SystemExecutionState, NULL, 0, &State, sizeof(State));
    ok(State == ES_SYSTEM_REQUIRED, "now something is");
    ok_status(NtSetThreadExecutionState(ES_CONTINUOUS, &Previous), STATUS_SUCCESS, "no more");
    ok(Previous == (ES_SYSTEM_REQUIRED | ES_CONTINUOUS), "that was wished");
    ok_status(NtSetThreadExecutionState(0x100, &Previous), STATUS_INVALID_PARAMETER,
              "no such wish");
    ok_status(NtSetThreadExecutionState(ES_CONTINUOUS, (PULONG)16), STATUS_ACCESS_VIOLATION,
              "to nowhere");
    ok_status(NtIsSystemResumeAutomatic(), FALSE, "it did not wake up by itself");
    ok_status(NtGetCurrentProcessorNumberEx(&Number), STATUS_SUCCESS, "the processor's number");
    ok(Number.Group == 0 && Number.Number == 0 && Number.Reserved == 0, "is the first");
    ok_status(NtGetCurrentProcessorNumberEx((PPROCESSOR_NUMBER)16), STATUS_ACCESS_VIOLATION,
              "to nowhere");
}

void TestSystemInformation(void)
{
    TestLengths();
    TestFigures();
    TestTimesOfProcessor();
    TestProcessList();
    TestProcessId();
    TestOtherNames();
    TestGroups();
    TestHandleLists();
    TestModules();
    TestProcessors();
    TestTrust();
    TestFirmwareTables();
    TestTime();
    TestPower();
}
