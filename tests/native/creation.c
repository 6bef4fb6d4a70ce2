/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes and states of NtCreateUserProcess, and what a process finds in its blocks: PEB, TEB,
 * KUSER_SHARED_DATA. */
#include "waiting.h"

#define SELF u"\\SystemRoot\\tests\\umtests.exe"
#define ATTRIBUTES 4

typedef struct _LIST {
    SIZE_T TotalLength;
    PS_ATTRIBUTE Attributes[ATTRIBUTES];
} LIST, *PLIST;

static PRTL_USER_PROCESS_PARAMETERS Parameters;
static HANDLE Process, Thread;

static void Add(PLIST List, ULONG_PTR Attribute, PVOID Value, SIZE_T Size)
{
    ULONG Index = (ULONG)((List->TotalLength - sizeof(SIZE_T)) / sizeof(PS_ATTRIBUTE));

    List->Attributes[Index] =
        (PS_ATTRIBUTE){.Attribute = Attribute, .Size = Size, .ValuePtr = Value};
    List->TotalLength += sizeof(PS_ATTRIBUTE);
}

/* A child that sleeps, with one or two attributes more than its name. */
static NTSTATUS Create(ULONG Flags, ULONG_PTR First, PVOID FirstValue, SIZE_T FirstSize,
                       PPS_CREATE_INFO Info)
{
    static WCHAR Name[] = SELF;
    LIST List = {.TotalLength = sizeof(SIZE_T)};

    Process = Thread = NULL;
    Add(&List, PS_ATTRIBUTE_IMAGE_NAME, Name, sizeof(Name) - sizeof(WCHAR));
    if (First)
        Add(&List, First, FirstValue, FirstSize);
    return NtCreateUserProcess(&Process, &Thread, MAXIMUM_ALLOWED, MAXIMUM_ALLOWED, NULL, NULL,
                               Flags, THREAD_CREATE_FLAGS_CREATE_SUSPENDED, Parameters, Info,
                               (PPS_ATTRIBUTE_LIST)&List);
}

static NTSTATUS CreateWith(ULONG_PTR Attribute, PVOID Value, SIZE_T Size)
{
    PS_CREATE_INFO Info = {.Size = sizeof(Info)};

    return Create(0, Attribute, Value, Size, &Info);
}

static void End(void)
{
    EndNewProcess(&Process, Thread);
}

static void TestStates(void)
{
    PS_CREATE_INFO Info;

    memset(&Info, 0x7b, sizeof(Info));
    ok_status(Create(0, 0, NULL, 0, &Info), STATUS_SUCCESS, "an uninitialised state is accepted");
    ok(Info.Size == (SIZE_T)0x7b7b7b7b7b7b7b7bull, "and left alone");
    End();
    Info = (PS_CREATE_INFO){.Size = sizeof(Info)};
    ok_status(Create(0, 0, NULL, 0, &Info), STATUS_SUCCESS, "one as Windows has it");
    ok(Info.State == PsCreateSuccess, "tells of the success");
    ok(Info.SuccessState.PebAddressNative != 0, "and the PEB");
    End();
    Info = (PS_CREATE_INFO){.Size = sizeof(Info)};
    ok_status(Create(0, PS_ATTRIBUTE_IMAGE_NAME, SELF, 4, &Info), STATUS_INVALID_PARAMETER,
              "an attribute twice");
    ok_status(Create(0, 0x77, SELF, 4, &Info), STATUS_INVALID_PARAMETER, "one there is not");
    ok_status(Create(0x40, 0, NULL, 0, &Info), STATUS_INVALID_PARAMETER, "a flag that is refused");
    ok_status(Create(0, 0, NULL, 0, NULL), STATUS_ACCESS_VIOLATION, "no state at all");
}

static void TestPriorityClass(void)
{
    UCHAR Class = PROCESS_PRIORITY_CLASS_BELOW_NORMAL;
    PROCESS_PRIORITY_CLASS Given = {0};
    ULONG Mode = 0x8001, GivenMode = 0;

    ok_status(CreateWith(PS_ATTRIBUTE_PRIORITY_CLASS, &Class, sizeof(Class)), STATUS_SUCCESS,
              "with a priority class");
    NtQueryInformationProcess(Process, ProcessPriorityClass, &Given, sizeof(Given), NULL);
    ok(Given.PriorityClass == Class, "it has it");
    End();
    Class = 7;
    ok_status(CreateWith(PS_ATTRIBUTE_PRIORITY_CLASS, &Class, sizeof(Class)),
              STATUS_INVALID_PARAMETER, "no such class");
    ok_status(CreateWith(PS_ATTRIBUTE_PRIORITY_CLASS, &Mode, sizeof(Mode)),
              STATUS_INVALID_PARAMETER, "of the wrong length");
    ok_status(CreateWith(PS_ATTRIBUTE_PRIORITY_CLASS, (PVOID)16, 1), STATUS_ACCESS_VIOLATION,
              "from nowhere");
    ok_status(CreateWith(PS_ATTRIBUTE_ERROR_MODE, &Mode, sizeof(Mode)), STATUS_SUCCESS,
              "with an error mode");
    NtQueryInformationProcess(Process, ProcessDefaultHardErrorMode, &GivenMode, 4, NULL);
    ok(GivenMode == Mode, "it has it");
    End();
}

static void TestOtherAttributes(void)
{
    ULONGLONG Mitigations[3] = {0};
    USHORT Node = 0;
    PROCESSOR_NUMBER Number = {0};
    GROUP_AFFINITY Affinity = {.Mask = 1};
    PS_STD_HANDLE_INFO Standard = {PS_STD_NEVER_DUPLICATE, 3};

    ok_status(CreateWith(PS_ATTRIBUTE_MITIGATION_OPTIONS, Mitigations, 8), STATUS_SUCCESS,
              "mitigations are accepted");
    End();
    ok_status(CreateWith(PS_ATTRIBUTE_MITIGATION_OPTIONS, Mitigations, 7), STATUS_INVALID_PARAMETER,
              "but not of any length");
    ok_status(CreateWith(PS_ATTRIBUTE_PREFERRED_NODE, &Node, sizeof(Node)), STATUS_SUCCESS,
              "the node there is");
    End();
    Node = 1;
    ok_status(CreateWith(PS_ATTRIBUTE_PREFERRED_NODE, &Node, sizeof(Node)),
              STATUS_INVALID_PARAMETER, "another one");
    ok_status(CreateWith(PS_ATTRIBUTE_IDEAL_PROCESSOR, &Number, sizeof(Number)), STATUS_SUCCESS,
              "the processor there is");
    End();
    Number.Number = 1;
    ok_status(CreateWith(PS_ATTRIBUTE_IDEAL_PROCESSOR, &Number, sizeof(Number)),
              STATUS_INVALID_PARAMETER, "another one");
    ok_status(CreateWith(PS_ATTRIBUTE_GROUP_AFFINITY, &Affinity, sizeof(Affinity)), STATUS_SUCCESS,
              "all processors");
    End();
    Affinity.Group = 1;
    ok_status(CreateWith(PS_ATTRIBUTE_GROUP_AFFINITY, &Affinity, sizeof(Affinity)),
              STATUS_INVALID_PARAMETER, "of another group");
    ok_status(CreateWith(PS_ATTRIBUTE_STD_HANDLE_INFO, &Standard, sizeof(Standard)), STATUS_SUCCESS,
              "standard handles");
    End();
    Standard.Flags = 3;
    ok_status(CreateWith(PS_ATTRIBUTE_STD_HANDLE_INFO, &Standard, sizeof(Standard)),
              STATUS_INVALID_PARAMETER, "a state there is not");
}

static BOOLEAN HasHandle(HANDLE Handle)
{
    HANDLE Copy;
    NTSTATUS Status =
        NtDuplicateObject(Process, Handle, NtCurrentProcess(), &Copy, 0, 0, DUPLICATE_SAME_ACCESS);

    if (NT_SUCCESS(Status))
        NtClose(Copy);
    return NT_SUCCESS(Status);
}

static HANDLE MakeEvent(ULONG Attributes)
{
    OBJECT_ATTRIBUTES ObjectAttributes;
    HANDLE Event = NULL;

    InitializeObjectAttributes(&ObjectAttributes, NULL, Attributes, NULL, NULL);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, &ObjectAttributes, NotificationEvent, FALSE);
    return Event;
}

static void TestHandleList(void)
{
    HANDLE Listed = MakeEvent(OBJ_INHERIT), Other = MakeEvent(OBJ_INHERIT), Own = MakeEvent(0);
    HANDLE List[3] = {Listed, Listed, NULL};
    PROCESS_HANDLE_COUNT Handles = {0};
    PS_CREATE_INFO Info = {.Size = sizeof(Info)};

    ok_status(Create(PROCESS_CREATE_FLAGS_INHERIT_HANDLES, 0, NULL, 0, &Info), STATUS_SUCCESS,
              "inheriting");
    ok(HasHandle(Listed) && HasHandle(Other), "all that can be");
    ok(!HasHandle(Own), "and nothing else");
    NtQueryInformationProcess(Process, ProcessHandleCount, &Handles, sizeof(Handles), NULL);
    ok(Handles.HandleCount >= 2 && Handles.HandleCountHighWatermark == Handles.HandleCount,
       "there have never been more");
    End();
    Info = (PS_CREATE_INFO){.Size = sizeof(Info)};
    ok_status(Create(PROCESS_CREATE_FLAGS_INHERIT_HANDLES, PS_ATTRIBUTE_HANDLE_LIST, List,
                     2 * sizeof(HANDLE), &Info),
              STATUS_SUCCESS, "inheriting from a list");
    ok(HasHandle(Listed), "what is listed");
    ok(!HasHandle(Other), "and nothing else");
    End();
    List[2] = Own;
    Info = (PS_CREATE_INFO){.Size = sizeof(Info)};
    ok_status(Create(PROCESS_CREATE_FLAGS_INHERIT_HANDLES, PS_ATTRIBUTE_HANDLE_LIST, List,
                     sizeof(List), &Info),
              STATUS_INVALID_PARAMETER, "one that cannot be");
    List[2] = (HANDLE)(ULONG_PTR)0x3fffc;
    Info = (PS_CREATE_INFO){.Size = sizeof(Info)};
    ok_status(Create(PROCESS_CREATE_FLAGS_INHERIT_HANDLES, PS_ATTRIBUTE_HANDLE_LIST, List,
                     sizeof(List), &Info),
              STATUS_INVALID_PARAMETER, "one there is not");
    Info = (PS_CREATE_INFO){.Size = sizeof(Info)};
    ok_status(Create(0, PS_ATTRIBUTE_HANDLE_LIST, List, sizeof(HANDLE), &Info),
              STATUS_INVALID_PARAMETER, "a list without inheriting");
    ok_status(
        Create(PROCESS_CREATE_FLAGS_INHERIT_HANDLES, PS_ATTRIBUTE_HANDLE_LIST, List, 3, &Info),
        STATUS_INVALID_PARAMETER, "a part of a handle");
    ok_status(Create(PROCESS_CREATE_FLAGS_INHERIT_HANDLES, PS_ATTRIBUTE_HANDLE_LIST, (PVOID)16,
                     sizeof(HANDLE), &Info),
              STATUS_ACCESS_VIOLATION, "a list that is nowhere");
    NtClose(Listed);
    NtClose(Other);
    NtClose(Own);
}

/* ---- What is read directly ---- */

static void TestPeb(void)
{
    PPEB Peb = NtCurrentPeb();

    ok(Peb->BeingDebugged == FALSE, "PEB: nobody debugs");
    ok(*(PUSHORT)Peb->ImageBaseAddress == IMAGE_DOS_SIGNATURE, "the image");
    ok(Peb->Ldr && Peb->Ldr->Initialized, "the loader's data");
    ok(Peb->ProcessParameters && (Peb->ProcessParameters->Flags & RTL_USER_PROC_PARAMS_NORMALIZED),
       "the parameters");
    ok(Peb->ProcessHeap == RtlProcessHeap() && Peb->ProcessHeap, "the heap");
    ok(Peb->SessionId == 0, "the session");
    ok(Peb->TlsBitmap->SizeOfBitMap == TLS_MINIMUM_AVAILABLE &&
           Peb->TlsBitmap->Buffer == Peb->TlsBitmapBits,
       "the TLS bitmap");
    ok(Peb->TlsExpansionBitmap->SizeOfBitMap == TLS_EXPANSION_SLOTS &&
           Peb->TlsExpansionBitmap->Buffer == Peb->TlsExpansionBitmapBits,
       "the further one");
    ok(Peb->NumberOfProcessors == 1, "one processor");
    ok(Peb->ActiveProcessAffinityMask == 1, "this one");
    ok(Peb->OSMajorVersion == 10 && Peb->OSMinorVersion == 0 && Peb->OSBuildNumber == 19045 &&
           Peb->OSPlatformId == 2,
       "the version");
    ok(Peb->NtGlobalFlag == 0, "no flags");
    ok(Peb->FastPebLock != NULL && Peb->LoaderLock != NULL, "locks");
    ok(Peb->CriticalSectionTimeout.QuadPart < 0, "a time limit");
    ok(Peb->ImageSubsystem != 0, "the subsystem");
    ok(Peb->HeapSegmentReserve && Peb->HeapSegmentCommit, "the heap's sizes");
    ok(Peb->KernelCallbackTable == NULL, "no callbacks");
}

static void TestTeb(void)
{
    PTEB Teb = NtCurrentTeb();
    CHAR Here;

    ok(Teb->NtTib.Self == (PNT_TIB)Teb, "TEB: itself");
    ok((PCHAR)Teb->NtTib.StackBase > &Here && (PCHAR)Teb->NtTib.StackLimit <= &Here, "the stack");
    ok(Teb->DeallocationStack < Teb->NtTib.StackLimit, "its lowest address");
    ok(Teb->GuaranteedStackBytes == 0, "nothing is guaranteed");
    ok(Teb->ProcessEnvironmentBlock == NtCurrentPeb(), "the PEB");
    ok(Teb->ClientId.UniqueProcess && Teb->ClientId.UniqueThread, "the ids");
    ok(!memcmp(&Teb->RealClientId, &Teb->ClientId, sizeof(CLIENT_ID)), "twice");
    ok(Teb->StaticUnicodeString.Buffer == Teb->StaticUnicodeBuffer &&
           Teb->StaticUnicodeString.MaximumLength == sizeof(Teb->StaticUnicodeBuffer),
       "room for a name");
    ok(Teb->CurrentLocale == 0x409, "the locale");
    ok(Teb->WOW32Reserved == NULL, "no other architecture");
    ok(Teb->SubProcessTag == NULL, "no tag");
    ok(Teb->HardErrorMode == 0, "no error mode");
    ok(Teb->IsImpersonating == 0, "nobody is impersonated");
#if defined(__i386__)
    ok(Teb->NtTib.ExceptionList != NULL, "a chain of handlers");
#else
    ok(Teb->NtTib.ExceptionList == NULL, "no chain of handlers");
#endif
    RtlSetLastWin32Error(77);
    ok(Teb->LastErrorValue == 77, "the last error");
}

static void TestSharedData(void)
{
    const KUSER_SHARED_DATA *Data = SharedUserData;
    ULONGLONG Before = Data->TickCountQuad;
    LARGE_INTEGER Delay = {.QuadPart = -400000}, Now, Frequency, Counter;
    LONGLONG Shown;

    NtDelayExecution(FALSE, &Delay);
    ok(Data->TickCountQuad > Before, "shared data: ticks go on");
    NtQuerySystemTime(&Now);
    Shown =
        (LONGLONG)((ULONGLONG)(ULONG)Data->SystemTime.High1Time << 32 | Data->SystemTime.LowPart);
    ok(Now.QuadPart >= Shown && Now.QuadPart - Shown < 100000000, "the time");
    ok(Data->InterruptTime.LowPart || Data->InterruptTime.High1Time, "the time since the start");
    ok(Data->NtMajorVersion == 10 && Data->NtMinorVersion == 0 && Data->NtBuildNumber == 19045,
       "the version");
    ok(Data->NtProductType == NtProductWinNt && Data->ProductTypeIsValid, "a workstation");
    NtQueryPerformanceCounter(&Counter, &Frequency);
    ok(Data->QpcFrequency == Frequency.QuadPart, "the counter's frequency");
    ok(Data->TickCountMultiplier == 0x0fa00000, "the length of a tick");
    ok(Data->NumberOfPhysicalPages > 1000, "memory");
    ok(Data->ActiveProcessorCount == 1 && Data->ActiveGroupCount == 1, "one processor");
    ok(Data->ProcessorFeatures[PF_COMPARE_EXCHANGE_DOUBLE] &&
           !Data->ProcessorFeatures[PF_AVX_INSTRUCTIONS_AVAILABLE],
       "features");
    ok(Data->NtSystemRoot[1] == ':', "where the system is");
    ok(Data->KdDebuggerEnabled == 0, "no debugger");
}

/* ---- Objects ---- */

static void TestTypes(void)
{
    static union {
        ULONGLONG Align;
        UCHAR Bytes[16384];
    } Buffer;
    POBJECT_TYPES_INFORMATION Types = (PVOID)Buffer.Bytes;
    POBJECT_TYPE_INFORMATION Type =
        (PVOID)(Buffer.Bytes + ALIGN_UP_BY(sizeof(*Types), sizeof(PVOID)));
    ULONG Needed = 0, Used = 0, Found = 0;
    HANDLE Event = MakeEvent(0);
    NTSTATUS Status;

    ok_status(NtQueryObject(NULL, ObjectTypesInformation, NULL, 0, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "all types into nothing");
    ok_status(NtQueryObject(NULL, ObjectTypesInformation, Buffer.Bytes, sizeof(Buffer), &Used),
              STATUS_SUCCESS, "all types");
    ok(Used == Needed, "as long as was told");
    for (ULONG i = 0; i < Types->NumberOfTypes; i++) {
        Found += Type->TypeIndex == i + 2;
        Type =
            (PVOID)((PUCHAR)(Type + 1) + ALIGN_UP_BY(Type->TypeName.MaximumLength, sizeof(PVOID)));
    }
    ok(Found == Types->NumberOfTypes && Found >= 15, "numbered from 2 on");
    ok((PUCHAR)Type == Buffer.Bytes + Used, "up to the end");
    ok_status(NtQueryObject(Event, (OBJECT_INFORMATION_CLASS)9, Buffer.Bytes, 64, NULL),
              STATUS_INVALID_INFO_CLASS, "a class there is not");
    ok_status(NtQueryObject(Event, ObjectSessionInformation, Buffer.Bytes, 64, NULL),
              STATUS_INVALID_INFO_CLASS, "one that can only be set");
    ok_status(NtQueryObject(Event, ObjectBasicInformation, Buffer.Bytes + 1, 56, NULL),
              STATUS_DATATYPE_MISALIGNMENT, "not aligned");
    ok_status(
        NtQueryObject(Event, ObjectBasicInformation, Buffer.Bytes, 56, (PULONG)(Buffer.Bytes + 1)),
        STATUS_DATATYPE_MISALIGNMENT, "a length that is not aligned");
    Status = NtQueryObject(NtCurrentProcess(), ObjectTypeInformation, Buffer.Bytes, 8, &Needed);
    ok_status(Status, STATUS_INFO_LENGTH_MISMATCH, "a type into too little");
    ok_status(NtQueryObject(NtCurrentProcess(), ObjectTypeInformation, Buffer.Bytes, Needed, NULL),
              STATUS_SUCCESS, "just enough");
    NtClose(Event);
}

static void TestObjectName(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\information");
    OBJECT_ATTRIBUTES Attributes;
    UCHAR Buffer[256] __attribute__((aligned(8)));
    HANDLE Event;
    ULONG Needed = 0;

    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, NULL);
    if (!ok_status(NtCreateEvent(&Event, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE),
                   STATUS_SUCCESS, "an event with a name"))
        return;
    ok_status(NtQueryObject(Event, ObjectNameInformation, NULL, 0, &Needed),
              STATUS_INFO_LENGTH_MISMATCH, "its name into nothing");
    ok(Needed > sizeof(UNICODE_STRING), "what is needed");
    ok_status(NtQueryObject(Event, ObjectNameInformation, Buffer, sizeof(UNICODE_STRING), NULL),
              STATUS_BUFFER_OVERFLOW, "room for the descriptor only");
    ok_status(NtQueryObject(Event, ObjectNameInformation, Buffer, Needed - 1, NULL),
              STATUS_BUFFER_OVERFLOW, "a byte too little");
    ok_status(NtQueryObject(Event, ObjectNameInformation, Buffer, Needed, NULL), STATUS_SUCCESS,
              "enough");
    NtClose(Event);
}

/* A program in the boot archive is read: the counters count. */
static void TestTransfers(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(SELF);
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    IO_COUNTERS Before, After;
    UCHAR Bytes[64];
    HANDLE File;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!ok_status(NtOpenFile(&File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb,
                              FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT),
                   STATUS_SUCCESS, "open a file"))
        return;
    NtQueryInformationProcess(NtCurrentProcess(), ProcessIoCounters, &Before, sizeof(Before), NULL);
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, Bytes, sizeof(Bytes), NULL, NULL),
              STATUS_SUCCESS, "read a bit");
    NtQueryInformationProcess(NtCurrentProcess(), ProcessIoCounters, &After, sizeof(After), NULL);
    ok(After.ReadOperationCount == Before.ReadOperationCount + 1, "an operation more");
    ok(After.ReadTransferCount == Before.ReadTransferCount + sizeof(Bytes), "with its bytes");
    ok(After.WriteOperationCount == Before.WriteOperationCount, "nothing was written");
    NtClose(File);
}

void TestProcessCreation(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(SELF), Line = RTL_CONSTANT_STRING(u"umtests sleep");

    if (!ok_status(RtlCreateProcessParametersEx(&Parameters, &Name, NULL, NULL, &Line, NULL, NULL,
                                                NULL, NULL, NULL, RTL_USER_PROC_PARAMS_NORMALIZED),
                   STATUS_SUCCESS, "process parameters"))
        return;
    TestStates();
    TestPriorityClass();
    TestOtherAttributes();
    TestHandleList();
    TestCreateOptions(Parameters);
    RtlDestroyProcessParameters(Parameters);
    TestPeb();
    TestTeb();
    TestSharedData();
    TestTypes();
    TestObjectName();
    TestTransfers();
}
