/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program of stock mingw-w64, with its headers and its import library of ntdll alone: it uses
 * each family of the native API a little, and prints a line for each. What the headers lack is
 * declared here as it is documented.
 */
#define WIN32_NO_STATUS
#include <windows.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>
#include <winternl.h>

#define IMPORT __declspec(dllimport)
#define SELF ((HANDLE)(LONG_PTR)-1)
#define SECONDS(n) (-10000000LL * (n))

/* ---- What winternl.h does not declare ---- */
typedef struct {
    ULONG Size;
    HANDLE Process, Thread;
    struct {
        HANDLE Process, Thread;
    } Id;
    ULONG_PTR Image[16];
} PROGRAM;

typedef struct {
    USHORT DataLength, TotalLength;
    ULONG ZeroInit;
    struct {
        HANDLE Process, Thread;
    } Id;
    ULONG MessageId;
    ULONG_PTR ViewSize;
    ULONG Value;
} MESSAGE;

typedef VOID(NTAPI *APC_ROUTINE)(PVOID, PVOID, PVOID);
typedef NTSTATUS(NTAPI *START_ROUTINE)(PVOID);
typedef VOID(NTAPI *WORK_CALLBACK)(PVOID Instance, PVOID Context, PVOID Work);

IMPORT NTSTATUS NTAPI NtDisplayString(PUNICODE_STRING);
IMPORT NTSTATUS NTAPI NtTerminateProcess(HANDLE, NTSTATUS);
IMPORT NTSTATUS NTAPI NtCreateEvent(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, ULONG, BOOLEAN);
IMPORT NTSTATUS NTAPI NtOpenEvent(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES);
IMPORT NTSTATUS NTAPI NtSetEvent(HANDLE, PLONG);
IMPORT NTSTATUS NTAPI NtDuplicateObject(HANDLE, HANDLE, HANDLE, PHANDLE, ACCESS_MASK, ULONG, ULONG);
IMPORT NTSTATUS NTAPI NtQueueApcThread(HANDLE, APC_ROUTINE, PVOID, PVOID, PVOID);
IMPORT NTSTATUS NTAPI NtDelayExecution(BOOLEAN, PLARGE_INTEGER);
IMPORT NTSTATUS NTAPI NtCreateIoCompletion(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, ULONG);
IMPORT NTSTATUS NTAPI NtSetIoCompletion(HANDLE, PVOID, PVOID, NTSTATUS, ULONG_PTR);
IMPORT NTSTATUS NTAPI NtRemoveIoCompletion(HANDLE, PVOID *, PVOID *, PIO_STATUS_BLOCK,
                                           PLARGE_INTEGER);
IMPORT NTSTATUS NTAPI RtlWaitOnAddress(const void *, const void *, SIZE_T, const LARGE_INTEGER *);
IMPORT VOID NTAPI RtlWakeAddressAll(const void *);
IMPORT VOID NTAPI RtlAcquireSRWLockExclusive(PVOID *);
IMPORT VOID NTAPI RtlReleaseSRWLockExclusive(PVOID *);
IMPORT NTSTATUS NTAPI TpAllocWork(PVOID *, WORK_CALLBACK, PVOID, PVOID);
IMPORT VOID NTAPI TpPostWork(PVOID);
IMPORT VOID NTAPI TpWaitForWork(PVOID, ULONG);
IMPORT VOID NTAPI TpReleaseWork(PVOID);
IMPORT NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE, PVOID *, ULONG_PTR, PSIZE_T, ULONG, ULONG);
IMPORT NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE, PVOID *, PSIZE_T, ULONG);
IMPORT NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE, PVOID *, PSIZE_T, ULONG, PULONG);
IMPORT NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE, PVOID, ULONG, PVOID, SIZE_T, PSIZE_T);
IMPORT NTSTATUS NTAPI NtCreateSection(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, PLARGE_INTEGER,
                                      ULONG, ULONG, HANDLE);
IMPORT NTSTATUS NTAPI NtMapViewOfSection(HANDLE, HANDLE, PVOID *, ULONG_PTR, SIZE_T, PLARGE_INTEGER,
                                         PSIZE_T, ULONG, ULONG, ULONG);
IMPORT NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE, PVOID);
IMPORT NTSTATUS NTAPI NtCreateThreadEx(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, HANDLE, PVOID,
                                       PVOID, ULONG, SIZE_T, SIZE_T, SIZE_T, PVOID);
IMPORT NTSTATUS NTAPI RtlCreateProcessParametersEx(PRTL_USER_PROCESS_PARAMETERS *, PUNICODE_STRING,
                                                   PUNICODE_STRING, PUNICODE_STRING,
                                                   PUNICODE_STRING, PVOID, PUNICODE_STRING,
                                                   PUNICODE_STRING, PUNICODE_STRING,
                                                   PUNICODE_STRING, ULONG);
IMPORT NTSTATUS NTAPI RtlCreateUserProcess(PUNICODE_STRING, ULONG, PRTL_USER_PROCESS_PARAMETERS,
                                           PVOID, PVOID, HANDLE, BOOLEAN, HANDLE, HANDLE,
                                           PROGRAM *);
IMPORT NTSTATUS NTAPI NtResumeThread(HANDLE, PULONG);
IMPORT NTSTATUS NTAPI NtCreateJobObject(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES);
IMPORT NTSTATUS NTAPI NtAssignProcessToJobObject(HANDLE, HANDLE);
IMPORT NTSTATUS NTAPI NtIsProcessInJob(HANDLE, HANDLE);
IMPORT PVOID NTAPI RtlAddVectoredExceptionHandler(ULONG, PVECTORED_EXCEPTION_HANDLER);
IMPORT ULONG NTAPI RtlRemoveVectoredExceptionHandler(PVOID);
IMPORT VOID NTAPI RtlRaiseException(PEXCEPTION_RECORD);
IMPORT NTSTATUS NTAPI NtCreateDebugObject(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, ULONG);
IMPORT NTSTATUS NTAPI NtCreatePort(PHANDLE, POBJECT_ATTRIBUTES, ULONG, ULONG, ULONG);
IMPORT NTSTATUS NTAPI NtListenPort(HANDLE, MESSAGE *);
IMPORT NTSTATUS NTAPI NtAcceptConnectPort(PHANDLE, PVOID, MESSAGE *, BOOLEAN, PVOID, PVOID);
IMPORT NTSTATUS NTAPI NtCompleteConnectPort(HANDLE);
IMPORT NTSTATUS NTAPI NtReplyWaitReceivePort(HANDLE, PVOID *, MESSAGE *, MESSAGE *);
IMPORT NTSTATUS NTAPI NtReplyPort(HANDLE, MESSAGE *);
IMPORT NTSTATUS NTAPI NtConnectPort(PHANDLE, PUNICODE_STRING, PSECURITY_QUALITY_OF_SERVICE, PVOID,
                                    PVOID, PULONG, PVOID, PULONG);
IMPORT NTSTATUS NTAPI NtRequestWaitReplyPort(HANDLE, MESSAGE *, MESSAGE *);
IMPORT NTSTATUS NTAPI NtOpenProcessToken(HANDLE, ACCESS_MASK, PHANDLE);
IMPORT NTSTATUS NTAPI NtQueryInformationToken(HANDLE, ULONG, PVOID, ULONG, PULONG);
IMPORT NTSTATUS NTAPI NtDuplicateToken(HANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, BOOLEAN, ULONG,
                                       PHANDLE);
IMPORT NTSTATUS NTAPI NtAccessCheck(PSECURITY_DESCRIPTOR, HANDLE, ACCESS_MASK, PGENERIC_MAPPING,
                                    PPRIVILEGE_SET, PULONG, PACCESS_MASK, PNTSTATUS);
IMPORT NTSTATUS NTAPI RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR, ULONG);
IMPORT NTSTATUS NTAPI RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR, PSID, BOOLEAN);
IMPORT NTSTATUS NTAPI RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR, PSID, BOOLEAN);
IMPORT NTSTATUS NTAPI RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR, BOOLEAN, PACL, BOOLEAN);
IMPORT NTSTATUS NTAPI RtlCreateAcl(PACL, ULONG, ULONG);
IMPORT NTSTATUS NTAPI RtlAddAccessAllowedAce(PACL, ULONG, ACCESS_MASK, PSID);
IMPORT NTSTATUS NTAPI LdrGetDllHandle(PCWSTR, PULONG, PUNICODE_STRING, PVOID *);
IMPORT NTSTATUS NTAPI LdrLoadDll(PCWSTR, PULONG, PUNICODE_STRING, PVOID *);
IMPORT NTSTATUS NTAPI LdrUnloadDll(PVOID);
IMPORT NTSTATUS NTAPI LdrGetProcedureAddress(PVOID, PANSI_STRING, ULONG, PVOID *);
IMPORT PVOID NTAPI RtlAllocateHeap(PVOID, ULONG, SIZE_T);
IMPORT PVOID NTAPI RtlReAllocateHeap(PVOID, ULONG, PVOID, SIZE_T);
IMPORT BOOLEAN NTAPI RtlFreeHeap(PVOID, ULONG, PVOID);
IMPORT PVOID NTAPI RtlDestroyHeap(PVOID);
IMPORT NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING, PCUNICODE_STRING, BOOLEAN);
IMPORT NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOW);
IMPORT ULONG NTAPI RtlComputeCrc32(ULONG, PVOID, ULONG);
IMPORT NTSTATUS NTAPI NtCreateKey(PHANDLE, ACCESS_MASK, POBJECT_ATTRIBUTES, ULONG, PUNICODE_STRING,
                                  ULONG, PULONG);
IMPORT NTSTATUS NTAPI NtSetValueKey(HANDLE, PUNICODE_STRING, ULONG, ULONG, PVOID, ULONG);
IMPORT NTSTATUS NTAPI NtQueryValueKey(HANDLE, PUNICODE_STRING, ULONG, PVOID, ULONG, PULONG);
IMPORT NTSTATUS NTAPI NtDeleteKey(HANDLE);
IMPORT NTSTATUS NTAPI NtReadFile(HANDLE, HANDLE, PVOID, PVOID, PIO_STATUS_BLOCK, PVOID, ULONG,
                                 PLARGE_INTEGER, PULONG);

/* ---- Reports ---- */
static ULONG Failures, Line;

static void Print(PCWSTR Text)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Text);
    NtDisplayString(&String);
}

static void PrintNumber(ULONG Number)
{
    WCHAR Digits[12];
    ULONG i = 11;

    Digits[i] = 0;
    do
        Digits[--i] = (WCHAR)('0' + Number % 10);
    while (Number /= 10);
    Print(Digits + i);
}

/* Goes on, so that one failure does not hide another. */
#define CHECK(condition) Check((condition) ? TRUE : FALSE, __LINE__)

static void Check(BOOLEAN Condition, ULONG Where)
{
    if (Condition)
        return;
    Failures++;
    Line = Where;
}

static OBJECT_ATTRIBUTES Named(PUNICODE_STRING String, PCWSTR Name)
{
    OBJECT_ATTRIBUTES Attributes;

    RtlInitUnicodeString(String, Name);
    InitializeObjectAttributes(&Attributes, String, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return Attributes;
}

static NTSTATUS WaitFor(HANDLE Object)
{
    LARGE_INTEGER Limit = {.QuadPart = SECONDS(10)};

    return NtWaitForSingleObject(Object, FALSE, &Limit);
}

static HANDLE Start(START_ROUTINE Routine, PVOID Argument)
{
    HANDLE Thread = NULL;

    CHECK(NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, SELF, (PVOID)Routine,
                                      Argument, 0, 0, 0, 0, NULL)));
    return Thread;
}

/* ---- The families ---- */

static void Objects(void)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Attributes = Named(&Name, L"\\BaseNamedObjects\\Contract");
    HANDLE Event, Same, Copy;

    CHECK(NT_SUCCESS(NtCreateEvent(&Event, EVENT_ALL_ACCESS, &Attributes, 0, FALSE)));
    CHECK(NT_SUCCESS(NtOpenEvent(&Same, SYNCHRONIZE, &Attributes)));
    CHECK(NtSetEvent(Same, NULL) == STATUS_ACCESS_DENIED);
    CHECK(NT_SUCCESS(NtDuplicateObject(SELF, Event, SELF, &Copy, 0, 0, DUPLICATE_SAME_ACCESS)));
    CHECK(NT_SUCCESS(NtSetEvent(Copy, NULL)) && WaitFor(Same) == STATUS_SUCCESS);
    NtClose(Copy);
    NtClose(Same);
    CHECK(NtClose(Event) == STATUS_SUCCESS && NtClose(Event) == STATUS_INVALID_HANDLE);
}

static volatile LONG Shared;
static PVOID Lock;

static VOID NTAPI Apc(PVOID First, PVOID Second, PVOID Third)
{
    InterlockedIncrement(&Shared);
}

static VOID NTAPI Work(PVOID Instance, PVOID Context, PVOID Item)
{
    RtlAcquireSRWLockExclusive(&Lock);
    InterlockedIncrement(&Shared);
    RtlReleaseSRWLockExclusive(&Lock);
}

static NTSTATUS NTAPI Waker(PVOID Argument)
{
    InterlockedIncrement(&Shared);
    RtlWakeAddressAll((PVOID)&Shared);
    return 7;
}

static void Waits(void)
{
    LARGE_INTEGER Second = {.QuadPart = SECONDS(1)};
    IO_STATUS_BLOCK Iosb;
    HANDLE Port, Thread;
    PVOID Key, Context, Item;
    LONG Old;

    CHECK(NT_SUCCESS(NtQueueApcThread((HANDLE)(LONG_PTR)-2, Apc, NULL, NULL, NULL)));
    CHECK(NtDelayExecution(TRUE, &Second) == STATUS_USER_APC && Shared == 1);
    CHECK(NT_SUCCESS(NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0)));
    CHECK(NT_SUCCESS(NtSetIoCompletion(Port, (PVOID)5, (PVOID)6, STATUS_SUCCESS, 7)));
    CHECK(NtRemoveIoCompletion(Port, &Key, &Context, &Iosb, &Second) == STATUS_SUCCESS);
    CHECK(Key == (PVOID)5 && Context == (PVOID)6 && Iosb.Information == 7);
    NtClose(Port);
    CHECK(NT_SUCCESS(TpAllocWork(&Item, Work, NULL, NULL)));
    TpPostWork(Item);
    TpWaitForWork(Item, FALSE);
    TpReleaseWork(Item);
    CHECK(Shared == 2);
    Old = Shared;
    Thread = Start(Waker, NULL);
    while (Shared == Old)
        RtlWaitOnAddress((PVOID)&Shared, &Old, sizeof(Old), &Second);
    CHECK(WaitFor(Thread) == STATUS_SUCCESS);
    NtClose(Thread);
}

static void Memory(void)
{
    LARGE_INTEGER Length = {.QuadPart = 0x10000};
    MEMORY_BASIC_INFORMATION Basic;
    PVOID Base = NULL, First = NULL, Second = NULL;
    SIZE_T Size = 0x3000, ViewSize = 0;
    HANDLE Section;
    ULONG Old;

    CHECK(NT_SUCCESS(
        NtAllocateVirtualMemory(SELF, &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)));
    *(volatile ULONG *)Base = 1;
    CHECK(NT_SUCCESS(NtProtectVirtualMemory(SELF, &Base, &Size, PAGE_READONLY, &Old)));
    CHECK(Old == PAGE_READWRITE);
    CHECK(NT_SUCCESS(NtQueryVirtualMemory(SELF, Base, 0, &Basic, sizeof(Basic), NULL)));
    CHECK(Basic.RegionSize == 0x3000 && Basic.Protect == PAGE_READONLY);
    Size = 0;
    CHECK(NT_SUCCESS(NtFreeVirtualMemory(SELF, &Base, &Size, MEM_RELEASE)));
    CHECK(NT_SUCCESS(NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                     SEC_COMMIT, NULL)));
    CHECK(NT_SUCCESS(
        NtMapViewOfSection(Section, SELF, &First, 0, 0, NULL, &ViewSize, 2, 0, PAGE_READWRITE)));
    ViewSize = 0;
    CHECK(NT_SUCCESS(
        NtMapViewOfSection(Section, SELF, &Second, 0, 0, NULL, &ViewSize, 2, 0, PAGE_READONLY)));
    *(volatile ULONG *)First = 77;
    CHECK(*(volatile ULONG *)Second == 77);
    NtUnmapViewOfSection(SELF, First);
    NtUnmapViewOfSection(SELF, Second);
    NtClose(Section);
}

static NTSTATUS StartChild(PROGRAM *Program)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    UNICODE_STRING Image, Arguments;
    NTSTATUS Status;

    RtlInitUnicodeString(&Image, L"\\SystemRoot\\contract.exe");
    RtlInitUnicodeString(&Arguments, L"contract child");
    Status = RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Arguments, NULL, NULL,
                                          NULL, NULL, NULL, 1);
    return NT_SUCCESS(Status) ? RtlCreateUserProcess(&Image, OBJ_CASE_INSENSITIVE, Parameters, NULL,
                                                     NULL, NULL, FALSE, NULL, NULL, Program)
                              : Status;
}

static void Processes(void)
{
    PROGRAM Program = {0};
    PROCESS_BASIC_INFORMATION Basic = {0};
    HANDLE Job;

    CHECK(NT_SUCCESS(NtCreateJobObject(&Job, JOB_OBJECT_ALL_ACCESS, NULL)));
    CHECK(NT_SUCCESS(StartChild(&Program)));
    CHECK(NT_SUCCESS(NtAssignProcessToJobObject(Job, Program.Process)));
    CHECK(NtIsProcessInJob(Program.Process, Job) == STATUS_PROCESS_IN_JOB);
    CHECK(NT_SUCCESS(NtResumeThread(Program.Thread, NULL)));
    CHECK(WaitFor(Program.Process) == STATUS_SUCCESS);
    NtQueryInformationProcess(Program.Process, ProcessBasicInformation, &Basic, sizeof(Basic),
                              NULL);
    CHECK(Basic.ExitStatus == 33);
    NtClose(Program.Thread);
    NtClose(Program.Process);
    NtClose(Job);
}

static volatile LONG Handled;

/* A read of what may not be read goes on behind it: the page is made readable. */
static LONG NTAPI Handler(PEXCEPTION_POINTERS Pointers)
{
    PEXCEPTION_RECORD Record = Pointers->ExceptionRecord;
    SIZE_T Size = 0x1000;
    PVOID Base;
    ULONG Old;

    Handled++;
    if (Record->ExceptionCode == STATUS_ACCESS_VIOLATION && Record->NumberParameters == 2) {
        Base = (PVOID)Record->ExceptionInformation[1];
        return NT_SUCCESS(NtProtectVirtualMemory(SELF, &Base, &Size, PAGE_READWRITE, &Old))
                   ? EXCEPTION_CONTINUE_EXECUTION
                   : EXCEPTION_CONTINUE_SEARCH;
    }
    return Record->ExceptionCode == 0xe0000001 ? EXCEPTION_CONTINUE_EXECUTION
                                               : EXCEPTION_CONTINUE_SEARCH;
}

static void Exceptions(void)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = 0xe0000001};
    PVOID Base = NULL, Entry = RtlAddVectoredExceptionHandler(1, Handler);
    SIZE_T Size = 0x1000;
    HANDLE Debug;

    CHECK(Entry != NULL);
    CHECK(NT_SUCCESS(
        NtAllocateVirtualMemory(SELF, &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS)));
    CHECK(*(volatile ULONG *)Base == 0 && Handled == 1);
    RtlRaiseException(&Record);
    CHECK(Handled == 2);
    CHECK(RtlRemoveVectoredExceptionHandler(Entry) != 0);
    CHECK(NT_SUCCESS(NtCreateDebugObject(&Debug, 0x1f000f, NULL, 0)));
    NtClose(Debug);
}

static HANDLE ServerPort;

static NTSTATUS NTAPI Server(PVOID Argument)
{
    MESSAGE Message = {0};
    HANDLE Port;
    PVOID Context;

    CHECK(NT_SUCCESS(NtListenPort(ServerPort, &Message)));
    CHECK(NT_SUCCESS(NtAcceptConnectPort(&Port, NULL, &Message, TRUE, NULL, NULL)));
    CHECK(NT_SUCCESS(NtCompleteConnectPort(Port)));
    CHECK(NT_SUCCESS(NtReplyWaitReceivePort(Port, &Context, NULL, &Message)));
    Message.Value *= 2;
    CHECK(NT_SUCCESS(NtReplyPort(Port, &Message)));
    return STATUS_SUCCESS;
}

static void Ports(void)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), SecurityImpersonation, FALSE, TRUE};
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Attributes = Named(&Name, L"\\BaseNamedObjects\\ContractPort");
    MESSAGE Message = {.DataLength = sizeof(ULONG), .TotalLength = sizeof(Message), .Value = 21};
    HANDLE Port, Thread;
    ULONG Longest;

    Message.DataLength = (USHORT)(sizeof(Message) - FIELD_OFFSET(MESSAGE, Value));
    CHECK(NT_SUCCESS(NtCreatePort(&ServerPort, &Attributes, 0, sizeof(Message), 0)));
    Thread = Start(Server, NULL);
    CHECK(NT_SUCCESS(NtConnectPort(&Port, &Name, &Quality, NULL, NULL, &Longest, NULL, NULL)));
    CHECK(NT_SUCCESS(NtRequestWaitReplyPort(Port, &Message, &Message)) && Message.Value == 42);
    CHECK(WaitFor(Thread) == STATUS_SUCCESS);
    NtClose(Thread);
    NtClose(Port);
    NtClose(ServerPort);
}

static void Security(void)
{
    static GENERIC_MAPPING Mapping = {1, 2, 4, 7};
    ULONG UserBuffer[32], AclBuffer[32], Privileges[32], Length = sizeof(Privileges);
    PTOKEN_USER User = (PTOKEN_USER)UserBuffer;
    SECURITY_DESCRIPTOR Descriptor;
    PACL Acl = (PACL)AclBuffer;
    HANDLE Token, Copy;
    OBJECT_ATTRIBUTES Attributes;
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), SecurityImpersonation, FALSE, FALSE};
    ACCESS_MASK Granted = 0;
    NTSTATUS Access = STATUS_UNSUCCESSFUL;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    Attributes.SecurityQualityOfService = &Quality;
    CHECK(NT_SUCCESS(NtOpenProcessToken(SELF, TOKEN_QUERY | TOKEN_DUPLICATE, &Token)));
    CHECK(NT_SUCCESS(NtDuplicateToken(Token, TOKEN_QUERY, &Attributes, FALSE, 2, &Copy)));
    CHECK(NT_SUCCESS(
        NtQueryInformationToken(Token, TokenUser, UserBuffer, sizeof(UserBuffer), &Length)));
    RtlCreateAcl(Acl, sizeof(AclBuffer), ACL_REVISION);
    CHECK(NT_SUCCESS(RtlAddAccessAllowedAce(Acl, ACL_REVISION, 3, User->User.Sid)));
    RtlCreateSecurityDescriptor(&Descriptor, SECURITY_DESCRIPTOR_REVISION);
    RtlSetOwnerSecurityDescriptor(&Descriptor, User->User.Sid, FALSE);
    RtlSetGroupSecurityDescriptor(&Descriptor, User->User.Sid, FALSE);
    RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, Acl, FALSE);
    Length = sizeof(Privileges);
    CHECK(NT_SUCCESS(NtAccessCheck(&Descriptor, Copy, 2, &Mapping, (PPRIVILEGE_SET)Privileges,
                                   &Length, &Granted, &Access)));
    CHECK(Access == STATUS_SUCCESS && Granted == 2);
    Length = sizeof(Privileges);
    CHECK(NT_SUCCESS(NtAccessCheck(&Descriptor, Copy, 4, &Mapping, (PPRIVILEGE_SET)Privileges,
                                   &Length, &Granted, &Access)));
    CHECK(Access == STATUS_ACCESS_DENIED);
    NtClose(Copy);
    NtClose(Token);
}

static void Loader(void)
{
    UNICODE_STRING Name;
    ANSI_STRING Routine;
    PVOID Handle = NULL, Loaded = NULL, Address = NULL;

    RtlInitUnicodeString(&Name, L"ntdll.dll");
    CHECK(NT_SUCCESS(LdrGetDllHandle(NULL, NULL, &Name, &Handle)));
    CHECK(NT_SUCCESS(LdrLoadDll(NULL, NULL, &Name, &Loaded)) && Loaded == Handle);
    RtlInitAnsiString(&Routine, "NtClose");
    CHECK(NT_SUCCESS(LdrGetProcedureAddress(Handle, &Routine, 0, &Address)) && Address);
    RtlInitAnsiString(&Routine, "NtNothing");
    CHECK(!NT_SUCCESS(LdrGetProcedureAddress(Handle, &Routine, 0, &Address)));
    CHECK(NT_SUCCESS(LdrUnloadDll(Loaded)));
    RtlInitUnicodeString(&Name, L"nothing.dll");
    CHECK(LdrLoadDll(NULL, NULL, &Name, &Loaded) == STATUS_DLL_NOT_FOUND);
}

static void Runtime(void)
{
    RTL_OSVERSIONINFOW Version = {.dwOSVersionInfoSize = sizeof(Version)};
    PVOID Heap = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL);
    PUCHAR Block = RtlAllocateHeap(Heap, HEAP_ZERO_MEMORY, 100);
    UNICODE_STRING Text, Upper;
    ANSI_STRING Narrow;

    CHECK(Heap && Block && Block[99] == 0);
    Block[99] = 9;
    Block = RtlReAllocateHeap(Heap, 0, Block, 100000);
    CHECK(Block && Block[99] == 9 && RtlFreeHeap(Heap, 0, Block));
    CHECK(RtlDestroyHeap(Heap) == NULL);
    RtlInitUnicodeString(&Text, L"stra\u00dfe \u00e4");
    CHECK(NT_SUCCESS(RtlUpcaseUnicodeString(&Upper, &Text, TRUE)));
    CHECK(Upper.Buffer[0] == 'S' && Upper.Buffer[7] == 0xc4);
    RtlFreeUnicodeString(&Upper);
    RtlInitUnicodeString(&Text, L"narrow");
    CHECK(NT_SUCCESS(RtlUnicodeStringToAnsiString(&Narrow, &Text, TRUE)));
    CHECK(Narrow.Length == 6 && Narrow.Buffer[5] == 'w');
    CHECK(RtlComputeCrc32(0, (PVOID) "123456789", 9) == 0xcbf43926);
    RtlFreeAnsiString(&Narrow);
    CHECK(NT_SUCCESS(RtlGetVersion(&Version)) && Version.dwMajorVersion == 10);
}

static void Registry(void)
{
    UNICODE_STRING Name, Value;
    OBJECT_ATTRIBUTES Attributes = Named(&Name, L"\\Registry\\Machine\\Software\\Contract");
    ULONG Data = 0x1234, Buffer[16], Length = 0;
    HANDLE Key;

    RtlInitUnicodeString(&Value, L"Number");
    CHECK(NT_SUCCESS(
        NtCreateKey(&Key, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_VOLATILE, NULL)));
    CHECK(NT_SUCCESS(NtSetValueKey(Key, &Value, 0, REG_DWORD, &Data, sizeof(Data))));
    CHECK(NT_SUCCESS(NtQueryValueKey(Key, &Value, 2, Buffer, sizeof(Buffer), &Length)));
    CHECK(Buffer[1] == REG_DWORD && Buffer[2] == sizeof(Data) && Buffer[3] == Data);
    CHECK(NT_SUCCESS(NtDeleteKey(Key)));
    CHECK(NtQueryValueKey(Key, &Value, 2, Buffer, sizeof(Buffer), &Length) == STATUS_KEY_DELETED);
    NtClose(Key);
}

static void Files(void)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Attributes = Named(&Name, L"\\??\\C:\\contract.exe");
    LARGE_INTEGER Offset = {.QuadPart = 0};
    ULONGLONG Standard[3] = {0};
    IO_STATUS_BLOCK Iosb;
    USHORT Signature = 0;
    HANDLE File;

    CHECK(NT_SUCCESS(NtOpenFile(&File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb,
                                FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT)));
    CHECK(NtReadFile(File, NULL, NULL, NULL, &Iosb, &Signature, 2, &Offset, NULL) ==
          STATUS_SUCCESS);
    CHECK(Signature == IMAGE_DOS_SIGNATURE && Iosb.Information == 2);
    CHECK(NT_SUCCESS(
        NtQueryInformationFile(File, &Iosb, Standard, sizeof(Standard), FileStandardInformation)));
    CHECK(Standard[1] > 2);
    NtClose(File);
}

static void System(void)
{
    SYSTEM_BASIC_INFORMATION Basic = {0};
    LARGE_INTEGER Time = {.QuadPart = 0};

    CHECK(
        NT_SUCCESS(NtQuerySystemInformation(SystemBasicInformation, &Basic, sizeof(Basic), NULL)));
    CHECK(Basic.NumberOfProcessors >= 1);
    CHECK(NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)0xfff, &Basic, sizeof(Basic), NULL) ==
          STATUS_INVALID_INFO_CLASS);
    CHECK(NT_SUCCESS(NtQuerySystemTime(&Time)) && Time.QuadPart > 0);
}

static const struct {
    PCWSTR Name;
    void (*Use)(void);
} Families[] = {
    {L"objects", Objects},     {L"waits", Waits},           {L"memory", Memory},
    {L"processes", Processes}, {L"exceptions", Exceptions}, {L"ports", Ports},
    {L"security", Security},   {L"loader", Loader},         {L"runtime", Runtime},
    {L"registry", Registry},   {L"files", Files},           {L"system", System},
};

static BOOLEAN IsTheChild(void)
{
    PUNICODE_STRING CommandLine =
        &NtCurrentTeb()->ProcessEnvironmentBlock->ProcessParameters->CommandLine;
    ULONG Count = CommandLine->Length / sizeof(WCHAR);

    return Count > 5 && CommandLine->Buffer[Count - 5] == 'c' &&
           CommandLine->Buffer[Count - 1] == 'd';
}

void start(void)
{
    ULONG All = 0;

    if (IsTheChild())
        NtTerminateProcess(SELF, 33);
    for (ULONG i = 0; i < sizeof(Families) / sizeof(Families[0]); i++) {
        Failures = Line = 0;
        Families[i].Use();
        All += Failures;
        Print(Families[i].Name);
        if (Failures) {
            Print(L" failed, line ");
            PrintNumber(Line);
        }
        Print(L"\n");
    }
    PrintNumber(All);
    Print(L" failures\n");
    NtTerminateProcess(SELF, All ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS);
}
