/* SPDX-License-Identifier: BSD-2-Clause */
/* What a new process is given besides its program: standard handles, ranges that stay free, a
 * descriptor; and what whoever makes it gets back: handles of file and section, the reason of a
 * failure. */
#include "security.h"

#define SELF u"\\SystemRoot\\tests\\umtests.exe"
#define RANGE ((PVOID)0x30000000)
#define RANGE_SIZE 0x20000
#define EXECUTABLE_IMAGE 0x0002 /* IMAGE_FILE_EXECUTABLE_IMAGE */

static PRTL_USER_PROCESS_PARAMETERS Parameters;
static HANDLE Process, Thread;
static PS_CREATE_INFO Info;

typedef struct _WISHES {
    PCWSTR Image; /* NULL: this program */
    ULONG_PTR Attribute;
    PVOID Value;
    SIZE_T Size;
    PSECURITY_DESCRIPTOR Security, ThreadSecurity;
} WISHES;

/* With Info as it is. */
static NTSTATUS CreateSuspended(const WISHES *Wishes)
{
    PCWSTR Image = Wishes->Image ? Wishes->Image : SELF;
    OBJECT_ATTRIBUTES Attributes, ThreadAttributes;
    struct {
        SIZE_T TotalLength;
        PS_ATTRIBUTE Attributes[2];
    } List = {.TotalLength = sizeof(SIZE_T) + sizeof(PS_ATTRIBUTE)};

    Process = Thread = NULL;
    List.Attributes[0] = (PS_ATTRIBUTE){.Attribute = PS_ATTRIBUTE_IMAGE_NAME,
                                        .Size = wcslen(Image) * sizeof(WCHAR),
                                        .ValuePtr = (PVOID)Image};
    if (Wishes->Attribute) {
        List.TotalLength += sizeof(PS_ATTRIBUTE);
        List.Attributes[1] = (PS_ATTRIBUTE){
            .Attribute = Wishes->Attribute, .Size = Wishes->Size, .ValuePtr = Wishes->Value};
    }
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, Wishes->Security);
    InitializeObjectAttributes(&ThreadAttributes, NULL, 0, NULL, Wishes->ThreadSecurity);
    return NtCreateUserProcess(
        &Process, &Thread, PROCESS_ALL_ACCESS, THREAD_ALL_ACCESS, &Attributes, &ThreadAttributes, 0,
        THREAD_CREATE_FLAGS_CREATE_SUSPENDED, Parameters, &Info, (PPS_ATTRIBUTE_LIST)&List);
}

static void Begin(ULONG Flags, ACCESS_MASK FileAccess)
{
    Info = (PS_CREATE_INFO){.Size = sizeof(Info)};
    Info.InitState.InitFlags = Flags;
    Info.InitState.AdditionalFileAccess = FileAccess;
}

static void End(void)
{
    EndNewProcess(&Process, Thread);
}

/* ---- Standard handles ---- */

static HANDLE GivenHandle(ULONG Offset)
{
    HANDLE Handle = (HANDLE)-1;

    NtReadVirtualMemory(Process,
                        (PCHAR)(ULONG_PTR)Info.SuccessState.UserProcessParametersNative + Offset,
                        &Handle, sizeof(Handle), NULL);
    return Handle;
}

#define GIVEN(field) GivenHandle(FIELD_OFFSET(RTL_USER_PROCESS_PARAMETERS, field))

static BOOLEAN IsTheSame(HANDLE Own, HANDLE Given)
{
    HANDLE Copy;
    NTSTATUS Status =
        NtDuplicateObject(Process, Given, NtCurrentProcess(), &Copy, 0, 0, DUPLICATE_SAME_ACCESS);

    if (!NT_SUCCESS(Status))
        return FALSE;
    Status = NtCompareObjects(Own, Copy);
    NtClose(Copy);
    return Status == STATUS_SUCCESS;
}

static NTSTATUS CreateWithHandles(ULONG State, ULONG Pseudo, ULONG Subsystem)
{
    PS_STD_HANDLE_INFO Standard = {State | Pseudo << PS_STD_PSEUDO_SHIFT, Subsystem};
    WISHES Wishes = {
        .Attribute = PS_ATTRIBUTE_STD_HANDLE_INFO, .Value = &Standard, .Size = sizeof(Standard)};

    Begin(0, 0);
    return CreateSuspended(&Wishes);
}

static void TestStandardHandles(void)
{
    HANDLE Input, Output;

    NtCreateEvent(&Input, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtCreateEvent(&Output, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    Parameters->StandardInput = Input;
    Parameters->StandardOutput = Output;
    Parameters->StandardError = (HANDLE)(ULONG_PTR)0x3fffc;
    ok_status(CreateWithHandles(PS_STD_ALWAYS_DUPLICATE, 0, 0), STATUS_SUCCESS,
              "standard handles that are duplicated");
    ok(IsTheSame(Input, GIVEN(StandardInput)) && IsTheSame(Output, GIVEN(StandardOutput)),
       "mean the same objects");
    ok(GIVEN(StandardError) == NULL, "one that is none is not there");
    End();
    ok_status(CreateWithHandles(PS_STD_REQUEST_DUPLICATE, PS_STD_OUTPUT, 1), STATUS_SUCCESS,
              "for the program's subsystem, but for one");
    ok(IsTheSame(Input, GIVEN(StandardInput)), "the first is duplicated");
    ok(GIVEN(StandardOutput) == Output && !IsTheSame(Output, Output), "the second is passed on");
    End();
    ok_status(CreateWithHandles(PS_STD_REQUEST_DUPLICATE, 0, 3), STATUS_SUCCESS,
              "for another subsystem");
    ok(GIVEN(StandardInput) == Input && !IsTheSame(Input, Input), "nothing is duplicated");
    End();
    ok_status(CreateWithHandles(PS_STD_NEVER_DUPLICATE, 0, 1), STATUS_SUCCESS, "never");
    ok(GIVEN(StandardInput) == Input && !IsTheSame(Input, Input), "nothing is");
    End();
    Parameters->StandardInput = Parameters->StandardOutput = Parameters->StandardError = NULL;
    NtClose(Input);
    NtClose(Output);
}

/* ---- Ranges ---- */

static NTSTATUS CreateWithRanges(PVOID Ranges, SIZE_T Size)
{
    WISHES Wishes = {.Attribute = PS_ATTRIBUTE_MEMORY_RESERVE, .Value = Ranges, .Size = Size};

    Begin(0, 0);
    return CreateSuspended(&Wishes);
}

static void TestRanges(void)
{
    PS_MEMORY_RESERVE Ranges[2] = {{RANGE, RANGE_SIZE}, {RANGE, 0x10000}};
    MEMORY_BASIC_INFORMATION Basic = {0};

    ok_status(CreateWithRanges(Ranges, sizeof(Ranges[0])), STATUS_SUCCESS, "a range is reserved");
    ok_status(
        NtQueryVirtualMemory(Process, RANGE, MemoryBasicInformation, &Basic, sizeof(Basic), NULL),
        STATUS_SUCCESS, "ask for it");
    ok(Basic.State == MEM_RESERVE && Basic.AllocationBase == RANGE &&
           Basic.RegionSize == RANGE_SIZE,
       "it is there");
    End();
    ok_status(CreateWithRanges(Ranges, sizeof(Ranges)), STATUS_CONFLICTING_ADDRESSES,
              "the same twice");
    ok_status(CreateWithRanges(Ranges, 7), STATUS_INVALID_PARAMETER, "of a wrong length");
    ok_status(CreateWithRanges((PVOID)16, sizeof(Ranges[0])), STATUS_ACCESS_VIOLATION,
              "from nowhere");
}

/* ---- Handles and reasons ---- */

static void TestMadeFrom(void)
{
    WISHES Wishes = {0};
    SECTION_IMAGE_INFORMATION Image;
    LARGE_INTEGER Offset = {0};
    IO_STATUS_BLOCK Iosb;
    USHORT Signature = 0;

    Begin(PS_CREATE_WRITE_OUTPUT_ON_EXIT, FILE_READ_DATA);
    ok_status(CreateSuspended(&Wishes), STATUS_SUCCESS, "with handles to what it is made from");
    ok_status(NtReadFile(Info.SuccessState.FileHandle, NULL, NULL, NULL, &Iosb, &Signature,
                         sizeof(Signature), &Offset, NULL),
              STATUS_SUCCESS, "the file can be read");
    ok(Signature == IMAGE_DOS_SIGNATURE, "and is a program");
    ok_status(NtQuerySection(Info.SuccessState.SectionHandle, SectionImageInformation, &Image,
                             sizeof(Image), NULL),
              STATUS_SUCCESS, "the section can be asked");
    NtClose(Info.SuccessState.FileHandle);
    NtClose(Info.SuccessState.SectionHandle);
    End();
    Begin(0, FILE_READ_DATA);
    ok_status(CreateSuspended(&Wishes), STATUS_SUCCESS, "without being asked");
    ok(!Info.SuccessState.FileHandle && !Info.SuccessState.SectionHandle, "there are none");
    End();
}

static void TestReasons(void)
{
    WISHES Wishes = {.Image = u"\\SystemRoot\\readme.txt"};

    Begin(PS_CREATE_WRITE_OUTPUT_ON_EXIT, 0);
    ok_status(CreateSuspended(&Wishes), STATUS_INVALID_IMAGE_NOT_MZ, "a text is no program");
    ok(Info.State == PsCreateFailOnSectionCreate, "no section can be made");
    ok_status(NtClose(Info.FailSection.FileHandle), STATUS_SUCCESS, "the file is there");
    Begin(0, 0);
    CreateSuspended(&Wishes);
    ok(Info.State == PsCreateFailOnSectionCreate && !Info.FailSection.FileHandle,
       "or not, without being asked");
    Wishes.Image = u"\\SystemRoot\\nothing.exe";
    Begin(0, 0);
    ok_status(CreateSuspended(&Wishes), STATUS_OBJECT_NAME_NOT_FOUND, "what is not there");
    ok(Info.State == PsCreateFailOnFileOpen, "cannot be opened");
    Wishes.Image = u"\\SystemRoot\\ntdll.dll";
    Begin(0, 0);
    ok_status(CreateSuspended(&Wishes), STATUS_INVALID_IMAGE_FORMAT, "a DLL is no program");
    ok(Info.State == PsCreateFailExeFormat, "and is said to be none");
    Wishes.Image = NULL;
    Begin(EXECUTABLE_IMAGE << PS_CREATE_PROHIBITED_SHIFT, 0);
    ok_status(CreateSuspended(&Wishes), STATUS_INVALID_IMAGE_FORMAT, "nor is what is prohibited");
}

/* ---- Descriptors ---- */

static NTSTATUS OpenAsUser(HANDLE Token, ACCESS_MASK Access, BOOLEAN OpenThread)
{
    OBJECT_ATTRIBUTES Attributes;
    PROCESS_BASIC_INFORMATION Basic = {0};
    THREAD_BASIC_INFORMATION ThreadBasic = {0};
    CLIENT_ID Id = {0};
    HANDLE Handle;
    NTSTATUS Status;

    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    NtQueryInformationThread(Thread, ThreadBasicInformation, &ThreadBasic, sizeof(ThreadBasic),
                             NULL);
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    Id.UniqueProcess = (HANDLE)Basic.UniqueProcessId;
    ActFor(Token);
    if (OpenThread)
        Status = NtOpenThread(&Handle, Access, &Attributes, &ThreadBasic.ClientId);
    else
        Status = NtOpenProcess(&Handle, Access, &Attributes, &Id);
    ActFor(NULL);
    if (NT_SUCCESS(Status))
        NtClose(Handle);
    return Status;
}

static void TestThreadDescriptor(HANDLE User)
{
    OBJECT_ATTRIBUTES Attributes;
    PACL Acl = BeginAcl();

    Allow(Acl, THREAD_SUSPEND_RESUME | SYNCHRONIZE, AS_SID(WorldSid));
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, Described(Acl));
    NtClose(Thread);
    ok_status(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, &Attributes, NtCurrentProcess(),
                               (PUSER_THREAD_START_ROUTINE)RtlExitUserThread, NULL,
                               THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0, 0, NULL),
              STATUS_SUCCESS, "a thread with a descriptor of its own");
    ok_status(OpenAsUser(User, SYNCHRONIZE, TRUE), STATUS_SUCCESS, "lets others do what it says");
    ok_status(OpenAsUser(User, THREAD_TERMINATE, TRUE), STATUS_ACCESS_DENIED, "and no more");
    NtResumeThread(Thread, NULL);
    WaitFor(Thread, 10000);
    Attributes.SecurityDescriptor = (PVOID)8;
    ok_status(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, &Attributes, NtCurrentProcess(),
                               (PUSER_THREAD_START_ROUTINE)RtlExitUserThread, NULL, 0, 0, 0, 0,
                               NULL),
              STATUS_ACCESS_VIOLATION, "a descriptor that is nowhere");
}

static void TestDescriptors(void)
{
    static UCHAR Copy[4096] DECLSPEC_ALIGN(8);
    PACL Acl = BeginAcl();
    WISHES Wishes = {.Security = Copy};
    ULONG Length = sizeof(Copy);
    HANDLE User;

    if (!ok_status(MakeUserToken(TokenImpersonation, SecurityImpersonation, 0, &User),
                   STATUS_SUCCESS, "an ordinary user"))
        return;
    Allow(Acl, PROCESS_QUERY_LIMITED_INFORMATION, AS_SID(WorldSid));
    RtlMakeSelfRelativeSD(Described(Acl), Copy, &Length);
    Acl = BeginAcl();
    Allow(Acl, THREAD_QUERY_LIMITED_INFORMATION, AS_SID(WorldSid));
    Wishes.ThreadSecurity = Described(Acl);
    Begin(0, 0);
    ok_status(CreateSuspended(&Wishes), STATUS_SUCCESS, "descriptors for a process and its thread");
    ok_status(OpenAsUser(User, PROCESS_QUERY_LIMITED_INFORMATION, FALSE), STATUS_SUCCESS,
              "others may do with the process what it says");
    ok_status(OpenAsUser(User, PROCESS_TERMINATE, FALSE), STATUS_ACCESS_DENIED, "and no more");
    ok_status(OpenAsUser(User, THREAD_QUERY_LIMITED_INFORMATION, TRUE), STATUS_SUCCESS,
              "and with its thread");
    ok_status(OpenAsUser(User, THREAD_TERMINATE, TRUE), STATUS_ACCESS_DENIED, "no more either");
    NtTerminateProcess(Process, 0);
    WaitFor(Process, 10000);
    TestThreadDescriptor(User);
    NtClose(Process);
    Wishes = (WISHES){.Security = (PVOID)8};
    Begin(0, 0);
    ok_status(CreateSuspended(&Wishes), STATUS_ACCESS_VIOLATION, "one that is nowhere");
    NtClose(Thread);
    NtClose(User);
}

void TestCreateOptions(PRTL_USER_PROCESS_PARAMETERS OfChild)
{
    Parameters = OfChild;
    TestStandardHandles();
    TestRanges();
    TestMadeFrom();
    TestReasons();
    TestDescriptors();
}
