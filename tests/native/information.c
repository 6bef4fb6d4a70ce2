/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be asked and set of processes: NtQueryInformationProcess, NtSetInformationProcess. */
#include "tap.h"

#define ME NtCurrentProcess()
#define QUERY(class, value, length)                                                                \
    NtQueryInformationProcess(ME, class, &(value), sizeof(value), length)
#define SET(class, value) NtSetInformationProcess(ME, class, &(value), sizeof(value))

/* Another handle to this process, with this access only. */
static HANDLE OpenMe(ACCESS_MASK Access)
{
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id = {NtCurrentTeb()->ClientId.UniqueProcess, NULL};
    HANDLE Process = NULL;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    ok_status(NtOpenProcess(&Process, Access, &Attributes, &Id), STATUS_SUCCESS, "open myself");
    return Process;
}

/* ---- The order of checks, for every class of fixed size ---- */

static const struct {
    PROCESSINFOCLASS Class;
    ULONG Length;
    const char *Name;
} FixedClasses[] = {
    {ProcessBasicInformation, sizeof(PROCESS_BASIC_INFORMATION), "basic"},
    {ProcessBasicInformation, sizeof(PROCESS_EXTENDED_BASIC_INFORMATION), "extended basic"},
    {ProcessQuotaLimits, sizeof(QUOTA_LIMITS), "quota"},
    {ProcessQuotaLimits, sizeof(QUOTA_LIMITS_EX), "extended quota"},
    {ProcessIoCounters, sizeof(IO_COUNTERS), "transfers"},
    {ProcessVmCounters, sizeof(VM_COUNTERS), "memory"},
    {ProcessVmCounters, sizeof(VM_COUNTERS) + sizeof(SIZE_T), "private memory"},
    {ProcessVmCounters, sizeof(VM_COUNTERS_EX2), "more memory"},
    {ProcessTimes, sizeof(KERNEL_USER_TIMES), "times"},
    {ProcessDebugPort, sizeof(HANDLE), "debug port"},
    {ProcessDefaultHardErrorMode, sizeof(ULONG), "hard error mode"},
    {ProcessPooledUsageAndLimits, sizeof(POOLED_USAGE_AND_LIMITS), "pool"},
    {ProcessPriorityClass, sizeof(PROCESS_PRIORITY_CLASS), "priority class"},
    {ProcessHandleCount, sizeof(ULONG), "handles"},
    {ProcessHandleCount, sizeof(PROCESS_HANDLE_COUNT), "most handles"},
    {ProcessAffinityMask, sizeof(KAFFINITY), "affinity"},
    {ProcessAffinityMask, sizeof(GROUP_AFFINITY), "group affinity"},
    {ProcessPriorityBoost, sizeof(ULONG), "boost"},
    {ProcessSessionInformation, sizeof(ULONG), "session"},
    {ProcessWow64Information, sizeof(ULONG_PTR), "wow64"},
    {ProcessLUIDDeviceMapsEnabled, sizeof(ULONG), "device maps"},
    {ProcessBreakOnTermination, sizeof(ULONG), "critical"},
    {ProcessIoPriority, sizeof(ULONG), "I/O priority"},
    {ProcessExecuteFlags, sizeof(ULONG), "execute flags"},
    {ProcessCookie, sizeof(ULONG), "cookie"},
    {ProcessImageInformation, sizeof(SECTION_IMAGE_INFORMATION), "image"},
    {ProcessCycleTime, sizeof(PROCESS_CYCLE_TIME_INFORMATION), "cycles"},
    {ProcessPagePriority, sizeof(ULONG), "page priority"},
    {ProcessAffinityUpdateMode, sizeof(ULONG), "affinity updates"},
    {ProcessConsoleHostProcess, sizeof(ULONG_PTR), "console host"},
    {ProcessSubsystemInformation, sizeof(ULONG), "subsystem"},
    {ProcessPowerThrottlingState, sizeof(POWER_THROTTLING_STATE), "throttling"},
    {ProcessUptimeInformation, sizeof(PROCESS_UPTIME_INFORMATION), "uptime"},
    {ProcessSequenceNumber, sizeof(ULONGLONG), "sequence number"},
};

static void CheckOrder(PROCESSINFOCLASS Class, ULONG Length)
{
    static ULONG_PTR Buffer[32];
    ULONG Returned = 0;
    UCHAR Alignment = Class == ProcessPriorityClass ? 1 : 4;

    Buffer[0] = Length; /* the extended basic information's Size */
    ok_status(NtQueryInformationProcess(NULL, Class, Buffer, Length + 1, &Returned),
              STATUS_INFO_LENGTH_MISMATCH, "a byte more");
    ok(Returned != 0, "the right length is told");
    ok_status(NtQueryInformationProcess(NULL, Class, NULL, Length, NULL), STATUS_ACCESS_VIOLATION,
              "no buffer");
    ok_status(NtQueryInformationProcess(NULL, Class, Buffer, Length, (PULONG)8),
              STATUS_ACCESS_VIOLATION, "nowhere to tell the length");
    ok_status(NtQueryInformationProcess(NULL, Class, Buffer, Length, (PULONG)((PCHAR)Buffer + 1)),
              STATUS_DATATYPE_MISALIGNMENT, "a length that is not aligned");
    ok_status(NtQueryInformationProcess(NULL, Class, (PCHAR)Buffer + 1, Length, NULL),
              Alignment == 1 ? STATUS_INVALID_HANDLE : STATUS_DATATYPE_MISALIGNMENT,
              "a buffer that is not aligned");
    ok_status(NtQueryInformationProcess(NULL, Class, Buffer, Length, NULL), STATUS_INVALID_HANDLE,
              "no process");
    ok_status(NtQueryInformationProcess(NtCurrentThread(), Class, Buffer, Length, NULL),
              STATUS_OBJECT_TYPE_MISMATCH, "a thread is no process");
    ok_status(NtQueryInformationProcess(ME, Class, Buffer, Length, &Returned), STATUS_SUCCESS,
              "all right");
    ok(Returned == Length, "the length is told");
}

static void TestOrder(void)
{
    for (ULONG i = 0; i < ARRAYSIZE(FixedClasses); i++) {
        DbgPrint("# process class %s\n", FixedClasses[i].Name);
        CheckOrder(FixedClasses[i].Class, FixedClasses[i].Length);
    }
}

static void TestAccess(void)
{
    HANDLE None = OpenMe(SYNCHRONIZE), Limited = OpenMe(PROCESS_QUERY_LIMITED_INFORMATION),
           Full = OpenMe(PROCESS_QUERY_INFORMATION);
    KERNEL_USER_TIMES Times;
    HANDLE Port;
    ULONG Flags;

    ok_status(NtQueryInformationProcess(None, ProcessTimes, &Times, sizeof(Times), NULL),
              STATUS_ACCESS_DENIED, "without a right to query");
    ok_status(NtQueryInformationProcess(Limited, ProcessTimes, &Times, sizeof(Times), NULL),
              STATUS_SUCCESS, "times want the limited right");
    ok_status(NtQueryInformationProcess(Full, ProcessTimes, &Times, sizeof(Times), NULL),
              STATUS_SUCCESS, "which the full one includes");
    ok_status(NtQueryInformationProcess(Limited, ProcessDebugPort, &Port, sizeof(Port), NULL),
              STATUS_ACCESS_DENIED, "the debug port wants the full right");
    ok_status(NtQueryInformationProcess(Full, ProcessDebugPort, &Port, sizeof(Port), NULL),
              STATUS_SUCCESS, "with it");
    ok(Port == NULL, "nobody debugs");
    ok_status(NtQueryInformationProcess(Limited, ProcessExecuteFlags, &Flags, sizeof(Flags), NULL),
              STATUS_ACCESS_DENIED, "so do the execute flags");
    ok_status(NtSetInformationProcess(Full, ProcessDefaultHardErrorMode, &Flags, sizeof(Flags)),
              STATUS_ACCESS_DENIED, "to set is another right");
    NtClose(None);
    NtClose(Limited);
    NtClose(Full);
}

static void TestClasses(void)
{
    static const PROCESSINFOCLASS Missing[] = {ProcessLdtInformation, ProcessWorkingSetWatch,
                                               ProcessDeviceMap, ProcessEnergyValues,
                                               ProcessTelemetryIdInformation};
    static const PROCESSINFOCLASS SetOnly[] = {ProcessBasePriority, ProcessRaisePriority,
                                               ProcessAccessToken,  ProcessExceptionPort,
                                               ProcessUserModeIOPL, ProcessForegroundInformation,
                                               MaxProcessInfoClass, (PROCESSINFOCLASS)-1};
    static const PROCESSINFOCLASS QueryOnly[] = {
        ProcessBasicInformation, ProcessTimes,         ProcessVmCounters, ProcessHandleCount,
        ProcessWow64Information, ProcessImageFileName, ProcessCookie,     MaxProcessInfoClass};
    static ULONG_PTR Buffer[16];

    for (ULONG i = 0; i < ARRAYSIZE(Missing); i++)
        ok_status(NtQueryInformationProcess(ME, Missing[i], Buffer, sizeof(Buffer), NULL),
                  STATUS_NOT_IMPLEMENTED, "a class that is not there yet");
    for (ULONG i = 0; i < ARRAYSIZE(SetOnly); i++)
        ok_status(NtQueryInformationProcess(ME, SetOnly[i], Buffer, sizeof(Buffer), NULL),
                  STATUS_INVALID_INFO_CLASS, "a class that cannot be asked");
    for (ULONG i = 0; i < ARRAYSIZE(QueryOnly); i++)
        ok_status(NtSetInformationProcess(ME, QueryOnly[i], Buffer, sizeof(Buffer)),
                  STATUS_INVALID_INFO_CLASS, "a class that cannot be set");
    ok_status(NtSetInformationProcess(ME, ProcessRaisePriority, Buffer, 4), STATUS_NOT_IMPLEMENTED,
              "one that cannot be set yet");
}

/* What a process has not, and nothing can give it here. */
static void TestAbsent(void)
{
    static const struct {
        PROCESSINFOCLASS Class;
        ULONG Length;
        const char *Name;
    } Absent[] = {
        {ProcessMemoryAllocationMode, 4, "memory from the top"},
        {ProcessHandleCheckingMode, 4, "stricter handles"},
        {ProcessKeepAliveCount, 8, "what keeps it awake"},
        {ProcessInPrivate, 1, "being in private"},
        {ProcessRaiseUMExceptionOnInvalidHandleClose, 4, "exceptions from bad handles"},
        {ProcessChildProcessInformation, 3, "a prohibition of children"},
        {ProcessHighGraphicsPriorityInformation, 1, "a priority on the screen"},
    };

    for (ULONG i = 0; i < ARRAYSIZE(Absent); i++) {
        UCHAR Answer[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
        ULONG Returned = 0, Rest = 0;

        ok_status(
            NtQueryInformationProcess(ME, Absent[i].Class, Answer, Absent[i].Length, &Returned),
            STATUS_SUCCESS, Absent[i].Name);
        for (ULONG j = 0; j < Absent[i].Length; j++)
            Rest += Answer[j];
        ok(Returned == Absent[i].Length && Rest == 0 &&
               Answer[Absent[i].Length] == (Absent[i].Length < 9),
           "it has not");
    }
}

static void TestBasic(void)
{
    PROCESS_EXTENDED_BASIC_INFORMATION Extended = {.Size = sizeof(Extended)};
    PROCESS_BASIC_INFORMATION Basic;
    PPEB Peb = NtCurrentPeb();

    ok_status(QUERY(ProcessBasicInformation, Basic, NULL), STATUS_SUCCESS, "basic information");
    ok(Basic.ExitStatus == STATUS_PENDING, "it runs");
    ok(Basic.PebBaseAddress == Peb, "the PEB");
    ok(Basic.AffinityMask == Peb->ActiveProcessAffinityMask, "the processors");
    ok(Basic.BasePriority == 8, "a normal priority");
    ok((HANDLE)Basic.UniqueProcessId == NtCurrentTeb()->ClientId.UniqueProcess, "the id");
    ok(Basic.InheritedFromUniqueProcessId != 0, "it has a parent");
    ok_status(QUERY(ProcessBasicInformation, Extended, NULL), STATUS_SUCCESS, "the longer form");
    ok(Extended.Size == sizeof(Extended), "its size stays");
    ok(!memcmp(&Extended.BasicInfo, &Basic, sizeof(Basic)) ||
           Extended.BasicInfo.PebBaseAddress == Peb,
       "the same within");
    ok(Extended.Flags == 0, "without flags");
    Extended.Size = 8;
    ok_status(QUERY(ProcessBasicInformation, Extended, NULL), STATUS_INVALID_PARAMETER,
              "a size that is none");
}

static void TestQuota(void)
{
    QUOTA_LIMITS Limits, Old, Bad = {0};
    HANDLE Process = OpenMe(PROCESS_SET_INFORMATION);

    ok_status(QUERY(ProcessQuotaLimits, Old, NULL), STATUS_SUCCESS, "quotas");
    ok(Old.MinimumWorkingSetSize == 0x32000 && Old.MaximumWorkingSetSize == 0x159000,
       "the working set of a new process: 200 KB to 1,380 KB");
    Limits = Old;
    Limits.MaximumWorkingSetSize += 0x10000;
    ok_status(SET(ProcessQuotaLimits, Limits), STATUS_SUCCESS, "a larger one");
    ok_status(QUERY(ProcessQuotaLimits, Limits, NULL), STATUS_SUCCESS, "ask again");
    ok(Limits.MaximumWorkingSetSize == Old.MaximumWorkingSetSize + 0x10000, "it is kept");
    ok_status(NtSetInformationProcess(Process, ProcessQuotaLimits, &Limits, sizeof(Limits)),
              STATUS_ACCESS_DENIED, "PROCESS_SET_QUOTA is wanted");
    Bad.MinimumWorkingSetSize = 0x200000;
    ok_status(SET(ProcessQuotaLimits, Bad), STATUS_INVALID_PARAMETER, "half of it");
    Bad.MaximumWorkingSetSize = 0x100000;
    ok_status(SET(ProcessQuotaLimits, Bad), STATUS_BAD_WORKING_SET_LIMIT, "more than the most");
    Bad.MinimumWorkingSetSize = Bad.MaximumWorkingSetSize = 0x1000;
    ok_status(SET(ProcessQuotaLimits, Bad), STATUS_BAD_WORKING_SET_LIMIT, "a page is too little");
    Bad.MinimumWorkingSetSize = Bad.MaximumWorkingSetSize = (SIZE_T)-1;
    ok_status(SET(ProcessQuotaLimits, Bad), STATUS_SUCCESS, "empty the working set");
    ok_status(SET(ProcessQuotaLimits, Old), STATUS_SUCCESS, "as it was");
    NtClose(Process);
}

static void TestVmCounters(void)
{
    VM_COUNTERS_EX2 Before, During, After;
    PVOID Base = NULL;
    SIZE_T Size = 0x100000, Zero = 0;

    ok_status(QUERY(ProcessVmCounters, Before, NULL), STATUS_SUCCESS, "memory");
    NtAllocateVirtualMemory(ME, &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    memset(Base, 1, 0x10000);
    QUERY(ProcessVmCounters, During, NULL);
    NtFreeVirtualMemory(ME, &Base, &Zero, MEM_RELEASE);
    QUERY(ProcessVmCounters, After, NULL);
    ok(During.VirtualSize >= Before.VirtualSize + 0x100000, "a megabyte more is reserved");
    ok(During.PagefileUsage >= Before.PagefileUsage + 0x100000, "and committed");
    ok(During.PrivateUsage == During.PagefileUsage, "all of that is private");
    ok(During.WorkingSetSize >= Before.WorkingSetSize + 0x10000, "some is resident");
    ok(During.PageFaultCount > Before.PageFaultCount, "by page faults");
    ok(After.VirtualSize <= During.VirtualSize - 0x100000, "afterwards it is gone");
    ok(After.PagefileUsage <= During.PagefileUsage - 0x100000, "with its commitment");
    ok(After.PeakVirtualSize >= During.VirtualSize, "the peak of addresses remains");
    ok(After.PeakPagefileUsage >= During.PagefileUsage, "and that of commitment");
    ok(After.PeakWorkingSetSize >= During.WorkingSetSize, "and that of the working set");
}

/* Until the clock has found this process at work. */
static void TestTimes(void)
{
    KERNEL_USER_TIMES First, Times;
    PROCESS_CYCLE_TIME_INFORMATION Cycles;
    PROCESS_UPTIME_INFORMATION Uptime;
    LARGE_INTEGER Now;
    BOOLEAN User, Kernel;

    QUERY(ProcessTimes, First, NULL);
    NtQuerySystemTime(&Now);
    ok(First.CreateTime.QuadPart > 0 && First.CreateTime.QuadPart < Now.QuadPart, "begun before");
    ok(First.ExitTime.QuadPart == 0, "not ended");
    ok((First.UserTime.QuadPart + First.KernelTime.QuadPart) % 156250 == 0, "whole ticks");
    do {
        for (volatile ULONG i = 0; i < 300000; i++)
            ;
        QUERY(ProcessTimes, Times, NULL);
        User = Times.UserTime.QuadPart >= First.UserTime.QuadPart + 2 * 156250;
        NtQuerySystemTime(&Now);
    } while (!User && Now.QuadPart < Times.CreateTime.QuadPart + 1200000000LL);
    ok(User, "work takes user time");
    do {
        for (ULONG i = 0; i < 2000; i++)
            NtFlushProcessWriteBuffers();
        QUERY(ProcessTimes, Times, NULL);
        Kernel = Times.KernelTime.QuadPart > First.KernelTime.QuadPart;
        NtQuerySystemTime(&Now);
    } while (!Kernel && Now.QuadPart < Times.CreateTime.QuadPart + 2400000000LL);
    ok(Kernel, "services take kernel time");
    ok_status(QUERY(ProcessCycleTime, Cycles, NULL), STATUS_SUCCESS, "as cycles");
    ok(Cycles.AccumulatedCycles > 0, "they are as many");
    ok_status(QUERY(ProcessUptimeInformation, Uptime, NULL), STATUS_SUCCESS, "the uptime");
    ok(Uptime.Uptime > 0 && Uptime.Uptime <= Uptime.QueryInterruptTime,
       "is less than the system's");
    ok(Uptime.EndInterruptTime == 0, "and has no end");
}

/* The same handles as numbers alone. */
static void TestHandleTable(HANDLE Wanted, ULONG Count)
{
    static ULONG Numbers[4096];
    ULONG Needed = 0, Found = 0;

    ok_status(NtQueryInformationProcess(ME, ProcessHandleTable, Numbers, 4, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "the numbers of all handles into too little room");
    ok(Needed == Count * sizeof(ULONG), "what is needed is told");
    ok_status(NtQueryInformationProcess(ME, ProcessHandleTable, Numbers, sizeof(Numbers), &Needed),
              STATUS_SUCCESS, "the numbers of all handles");
    for (ULONG i = 0; i < Count; i++)
        Found += Numbers[i] == (ULONG)(ULONG_PTR)Wanted;
    ok(Needed == Count * sizeof(ULONG) && Found == 1, "each is there once");
}

static void TestHandles(void)
{
    static union {
        PROCESS_HANDLE_SNAPSHOT_INFORMATION List;
        UCHAR Bytes[32768];
    } Buffer;
    PROCESS_HANDLE_COUNT Before, After;
    HANDLE Event;
    ULONG Needed = 0;
    BOOLEAN Found = FALSE;

    QUERY(ProcessHandleCount, Before, NULL);
    NtCreateEvent(&Event, EVENT_QUERY_STATE, NULL, NotificationEvent, FALSE);
    ok_status(QUERY(ProcessHandleCount, After, NULL), STATUS_SUCCESS, "count the handles");
    ok(After.HandleCount == Before.HandleCount + 1, "one more");
    ok(After.HandleCountHighWatermark >= After.HandleCount, "there may have been more");
    ok_status(NtQueryInformationProcess(ME, ProcessHandleInformation, &Buffer, 8, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "all of them into too little room");
    ok(Needed == FIELD_OFFSET(PROCESS_HANDLE_SNAPSHOT_INFORMATION, Handles) +
                     After.HandleCount * sizeof(PROCESS_HANDLE_TABLE_ENTRY_INFO),
       "what is needed is told");
    ok_status(
        NtQueryInformationProcess(ME, ProcessHandleInformation, &Buffer, sizeof(Buffer), &Needed),
        STATUS_SUCCESS, "all handles");
    ok(Buffer.List.NumberOfHandles == After.HandleCount, "as many as were counted");
    for (ULONG i = 0; i < Buffer.List.NumberOfHandles; i++)
        if (Buffer.List.Handles[i].HandleValue == Event)
            Found = Buffer.List.Handles[i].GrantedAccess == EVENT_QUERY_STATE &&
                    Buffer.List.Handles[i].HandleCount == 1 &&
                    Buffer.List.Handles[i].HandleAttributes == 0;
    ok(Found, "with their access");
    TestHandleTable(Event, After.HandleCount);
    NtClose(Event);
    QUERY(ProcessHandleCount, Before, NULL);
    ok(Before.HandleCount == After.HandleCount - 1, "one less");
    ok(Before.HandleCountHighWatermark >= After.HandleCount, "the most that there were stays");
}

static void TestSettings(void)
{
    ULONG Value, Old;
    POWER_THROTTLING_STATE Throttling = {1, 1, 1};
    BOOLEAN Flag = TRUE;

    ok_status(QUERY(ProcessDefaultHardErrorMode, Old, NULL), STATUS_SUCCESS, "the error mode");
    Value = 0x8003;
    ok_status(SET(ProcessDefaultHardErrorMode, Value), STATUS_SUCCESS, "another one");
    Value = 0;
    QUERY(ProcessDefaultHardErrorMode, Value, NULL);
    ok(Value == 0x8003, "is kept");
    ok_status(SET(ProcessDefaultHardErrorMode, Old), STATUS_SUCCESS, "as it was");
    Value = 1;
    ok_status(SET(ProcessPriorityBoost, Value), STATUS_SUCCESS, "no boosts");
    Value = 7;
    QUERY(ProcessPriorityBoost, Value, NULL);
    ok(Value == 1, "are disabled");
    NtQueryInformationThread(NtCurrentThread(), ThreadPriorityBoost, &Value, sizeof(Value), NULL);
    ok(Value == 1, "for its threads too");
    Value = 0;
    ok_status(SET(ProcessPriorityBoost, Value), STATUS_SUCCESS, "boosts again");
    QUERY(ProcessIoPriority, Value, NULL);
    ok(Value == 2, "normal I/O priority");
    Value = 0;
    ok_status(SET(ProcessIoPriority, Value), STATUS_SUCCESS, "the lowest");
    Value = 5;
    ok_status(SET(ProcessIoPriority, Value), STATUS_INVALID_PARAMETER, "none");
    Value = 2;
    SET(ProcessIoPriority, Value);
    QUERY(ProcessPagePriority, Value, NULL);
    ok(Value == 5, "normal page priority");
    Value = 6;
    ok_status(SET(ProcessPagePriority, Value), STATUS_INVALID_PARAMETER, "no higher one");
    Value = 0;
    ok_status(SET(ProcessPagePriority, Value), STATUS_INVALID_PARAMETER, "nor nothing");
    Value = 1;
    ok_status(SET(ProcessAffinityUpdateMode, Value), STATUS_SUCCESS, "automatic affinity");
    Value = 2;
    ok_status(SET(ProcessAffinityUpdateMode, Value), STATUS_INVALID_PARAMETER, "no such mode");
    ok_status(SET(ProcessPowerThrottlingState, Throttling), STATUS_SUCCESS, "save energy");
    Throttling = (POWER_THROTTLING_STATE){0};
    QUERY(ProcessPowerThrottlingState, Throttling, NULL);
    ok(Throttling.Version == 1 && Throttling.StateMask == 1, "is kept");
    Throttling.ControlMask = 0;
    ok_status(SET(ProcessPowerThrottlingState, Throttling), STATUS_INVALID_PARAMETER,
              "a state that is not controlled");
    Throttling.Version = 2;
    ok_status(SET(ProcessPowerThrottlingState, Throttling), STATUS_INVALID_PARAMETER,
              "another version");
    ok_status(SET(ProcessForegroundInformation, Flag), STATUS_SUCCESS, "in the foreground");
    ok_status(SET(ProcessEnableAlignmentFaultFixup, Flag), STATUS_SUCCESS, "mend alignment faults");
}

static void TestAffinity(void)
{
    KAFFINITY Mask = 0, All = NtCurrentPeb()->ActiveProcessAffinityMask;
    GROUP_AFFINITY Group = {.Group = 7};
    USHORT Groups[2] = {7, 7};

    ok_status(QUERY(ProcessAffinityMask, Mask, NULL), STATUS_SUCCESS, "the affinity");
    ok(Mask == All, "all processors");
    ok_status(QUERY(ProcessAffinityMask, Group, NULL), STATUS_SUCCESS, "with its group");
    ok(Group.Mask == All && Group.Group == 0, "the first");
    ok_status(NtQueryInformationProcess(ME, ProcessGroupInformation, Groups, 2, NULL),
              STATUS_SUCCESS, "the groups");
    ok(Groups[0] == 0 && Groups[1] == 7, "one");
    ok_status(SET(ProcessAffinityMask, All), STATUS_SUCCESS, "to all processors");
    Mask = 0;
    ok_status(SET(ProcessAffinityMask, Mask), STATUS_INVALID_PARAMETER, "to none");
    Mask = All + 1;
    ok_status(SET(ProcessAffinityMask, Mask), STATUS_INVALID_PARAMETER, "to one there is not");
    Mask = (KAFFINITY)-1;
    ok_status(SET(ProcessAffinityMask, Mask), STATUS_INVALID_PARAMETER, "to more than there are");
}

static void TestPriorityClass(void)
{
    static const struct {
        UCHAR Class;
        KPRIORITY Base;
    } Classes[] = {{PROCESS_PRIORITY_CLASS_IDLE, 4},
                   {PROCESS_PRIORITY_CLASS_BELOW_NORMAL, 6},
                   {PROCESS_PRIORITY_CLASS_ABOVE_NORMAL, 10},
                   {PROCESS_PRIORITY_CLASS_HIGH, 13},
                   {PROCESS_PRIORITY_CLASS_NORMAL, 8}};
    PROCESS_PRIORITY_CLASS Class;
    PROCESS_BASIC_INFORMATION Basic;
    THREAD_BASIC_INFORMATION Thread;
    HANDLE Other = OpenMe(PROCESS_SET_LIMITED_INFORMATION);

    ok_status(QUERY(ProcessPriorityClass, Class, NULL), STATUS_SUCCESS, "the priority class");
    ok(Class.PriorityClass == PROCESS_PRIORITY_CLASS_NORMAL, "is normal");
    for (ULONG i = 0; i < ARRAYSIZE(Classes); i++) {
        Class = (PROCESS_PRIORITY_CLASS){FALSE, Classes[i].Class};
        ok_status(SET(ProcessPriorityClass, Class), STATUS_SUCCESS, "set a priority class");
        QUERY(ProcessPriorityClass, Class, NULL);
        ok(Class.PriorityClass == Classes[i].Class, "it is set");
        QUERY(ProcessBasicInformation, Basic, NULL);
        ok(Basic.BasePriority == Classes[i].Base, "the base priority follows");
        NtQueryInformationThread(NtCurrentThread(), ThreadBasicInformation, &Thread, sizeof(Thread),
                                 NULL);
        ok(Thread.Priority == Classes[i].Base && Thread.BasePriority == 0, "the thread's too");
    }
    Class.PriorityClass = 7;
    ok_status(SET(ProcessPriorityClass, Class), STATUS_INVALID_PARAMETER, "no such class");
    Class.PriorityClass = PROCESS_PRIORITY_CLASS_UNKNOWN;
    ok_status(SET(ProcessPriorityClass, Class), STATUS_INVALID_PARAMETER, "nor the unknown one");
    ok_status(NtSetInformationProcess(Other, ProcessPriorityClass, &Class, sizeof(Class)),
              STATUS_ACCESS_DENIED, "PROCESS_SET_INFORMATION is wanted");
    Basic.BasePriority = 0;
    ok_status(SET(ProcessBasePriority, Basic.BasePriority), STATUS_INVALID_PARAMETER,
              "a base priority that is none");
    Basic.BasePriority = 32;
    ok_status(SET(ProcessBasePriority, Basic.BasePriority), STATUS_INVALID_PARAMETER,
              "nor is this one");
    Basic.BasePriority = 7;
    ok_status(SET(ProcessBasePriority, Basic.BasePriority), STATUS_SUCCESS, "a lower one");
    QUERY(ProcessBasicInformation, Basic, NULL);
    ok(Basic.BasePriority == 7, "is set");
    Class.PriorityClass = PROCESS_PRIORITY_CLASS_NORMAL;
    ok_status(SET(ProcessPriorityClass, Class), STATUS_SUCCESS, "normal again");
    NtClose(Other);
}

/* Compares without regard to case. */
static BOOLEAN Ends(PUNICODE_STRING String, PCWSTR End)
{
    UNICODE_STRING Tail, Expected;

    RtlInitUnicodeString(&Expected, End);
    if (String->Length < Expected.Length)
        return FALSE;
    Tail = (UNICODE_STRING){Expected.Length, Expected.Length,
                            (PWSTR)((PCHAR)String->Buffer + String->Length - Expected.Length)};
    return RtlEqualUnicodeString(&Tail, &Expected, TRUE);
}

static void CheckName(PROCESSINFOCLASS Class, PCWSTR End, const char *Name)
{
    static union {
        UNICODE_STRING String;
        UCHAR Bytes[2048];
    } Buffer;
    PUNICODE_STRING String = &Buffer.String;
    ULONG Needed = 0, Again = 0;

    ok_status(NtQueryInformationProcess(ME, Class, NULL, 0, &Needed), STATUS_INFO_LENGTH_MISMATCH,
              Name);
    ok(Needed > sizeof(*String), "it needs room");
    ok_status(NtQueryInformationProcess(ME, Class, &Buffer, Needed - 1, &Again),
              STATUS_INFO_LENGTH_MISMATCH, "a byte less");
    ok(Again == Needed, "needs the same");
    ok_status(NtQueryInformationProcess(ME, Class, (PCHAR)&Buffer + 1, Needed, NULL),
              STATUS_DATATYPE_MISALIGNMENT, "not aligned");
    ok_status(NtQueryInformationProcess(NULL, Class, &Buffer, Needed, NULL), STATUS_INVALID_HANDLE,
              "of no process");
    ok_status(NtQueryInformationProcess(ME, Class, (PVOID)8, Needed, NULL), STATUS_ACCESS_VIOLATION,
              "into no memory");
    ok_status(NtQueryInformationProcess(ME, Class, &Buffer, Needed, &Again), STATUS_SUCCESS,
              "enough");
    ok(Again == Needed, "is what is used");
    ok(String->Buffer == (PWSTR)(String + 1), "the characters follow");
    ok(String->MaximumLength == String->Length + sizeof(WCHAR) &&
           String->Buffer[String->Length / sizeof(WCHAR)] == 0,
       "with a NUL");
    ok(Needed == sizeof(*String) + String->MaximumLength, "nothing else does");
    ok(Ends(String, End), "the name is right");
}

static void TestNames(void)
{
    static union {
        UNICODE_STRING String;
        UCHAR Bytes[2048];
    } Buffer;

    CheckName(ProcessImageFileName, u"\\tests\\umtests.exe", "the image's name");
    CheckName(ProcessImageFileNameWin32, u"\\tests\\umtests.exe", "the same for Win32");
    NtQueryInformationProcess(ME, ProcessImageFileNameWin32, &Buffer, sizeof(Buffer), NULL);
    ok(Buffer.String.Buffer[1] == ':', "begins with a drive");
    CheckName(ProcessCommandLineInformation, u"", "the command line");
    NtQueryInformationProcess(ME, ProcessCommandLineInformation, &Buffer, sizeof(Buffer), NULL);
    ok(RtlEqualUnicodeString(&Buffer.String, &NtCurrentPeb()->ProcessParameters->CommandLine,
                             FALSE),
       "is that of the parameters");
}

static void TestOwn(void)
{
    SECTION_IMAGE_INFORMATION Image;
    ULONGLONG Mine, Childs;
    ULONG First = 0, Second = 1, Flags;
    HANDLE Process, Thread;

    QUERY(ProcessCookie, First, NULL);
    QUERY(ProcessCookie, Second, NULL);
    ok(First && First == Second, "a cookie stays the same");
    QUERY(ProcessImageInformation, Image, NULL);
    ok(Image.Machine == (sizeof(PVOID) == 8 ? IMAGE_FILE_MACHINE_AMD64 : IMAGE_FILE_MACHINE_I386),
       "the image is of this machine");
    ok(Image.SubSystemType == NtCurrentPeb()->ImageSubsystem, "of the PEB's subsystem");
    QUERY(ProcessExecuteFlags, Flags, NULL);
#if defined(__x86_64__)
    ok(Flags == (MEM_EXECUTE_OPTION_DISABLE | MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION |
                 MEM_EXECUTE_OPTION_PERMANENT),
       "data are never executed");
    ok_status(SET(ProcessExecuteFlags, Flags), STATUS_INVALID_PARAMETER, "nothing to be set");
#else
    ok(Flags == MEM_EXECUTE_OPTION_ENABLE, "data can be executed");
    ok_status(SET(ProcessExecuteFlags, Flags), STATUS_SUCCESS, "which may be asked for");
    Flags = MEM_EXECUTE_OPTION_DISABLE;
    ok_status(SET(ProcessExecuteFlags, Flags), STATUS_NOT_SUPPORTED, "but not the opposite");
    Flags = 0x40;
    ok_status(SET(ProcessExecuteFlags, Flags), STATUS_INVALID_PARAMETER, "no such flag");
#endif
    if (!ok_status(StartSelf(u"umtests sleep", &Process, &Thread), STATUS_SUCCESS, "a child"))
        return;
    QUERY(ProcessSequenceNumber, Mine, NULL);
    ok_status(
        NtQueryInformationProcess(Process, ProcessSequenceNumber, &Childs, sizeof(Childs), NULL),
        STATUS_SUCCESS, "its number");
    ok(Childs > Mine, "is higher than mine");
    ok_status(NtQueryInformationProcess(Process, ProcessCookie, &First, sizeof(First), NULL),
              STATUS_INVALID_PARAMETER, "its cookie is its own");
    NtTerminateProcess(Process, 5);
    NtWaitForSingleObject(Process, FALSE, NULL);
    ok_status(NtQueryInformationProcess(Process, ProcessCommandLineInformation, NULL, 0, NULL),
              STATUS_PROCESS_IS_TERMINATING, "an ended process has no command line");
    NtClose(Thread);
    NtClose(Process);
}

/* Children of an urgent process are normal, those of a process below normal are like it. */
static void TestInheritance(void)
{
    static const UCHAR Classes[][2] = {
        {PROCESS_PRIORITY_CLASS_BELOW_NORMAL, PROCESS_PRIORITY_CLASS_BELOW_NORMAL},
        {PROCESS_PRIORITY_CLASS_IDLE, PROCESS_PRIORITY_CLASS_IDLE},
        {PROCESS_PRIORITY_CLASS_ABOVE_NORMAL, PROCESS_PRIORITY_CLASS_NORMAL},
        {PROCESS_PRIORITY_CLASS_NORMAL, PROCESS_PRIORITY_CLASS_NORMAL}};
    PROCESS_PRIORITY_CLASS Class = {0};
    HANDLE Process, Thread;

    for (ULONG i = 0; i < ARRAYSIZE(Classes); i++) {
        Class.PriorityClass = Classes[i][0];
        SET(ProcessPriorityClass, Class);
        if (!ok_status(StartSelf(u"umtests sleep", &Process, &Thread), STATUS_SUCCESS, "a child"))
            continue;
        NtQueryInformationProcess(Process, ProcessPriorityClass, &Class, sizeof(Class), NULL);
        ok(Class.PriorityClass == Classes[i][1], "has the right priority class");
        NtTerminateProcess(Process, 0);
        NtWaitForSingleObject(Process, FALSE, NULL);
        NtClose(Thread);
        NtClose(Process);
    }
}

void TestInformation(void)
{
    TestOrder();
    TestAccess();
    TestClasses();
    TestAbsent();
    TestBasic();
    TestQuota();
    TestVmCounters();
    TestTimes();
    TestHandles();
    TestSettings();
    TestAffinity();
    TestPriorityClass();
    TestNames();
    TestOwn();
    TestInheritance();
}
