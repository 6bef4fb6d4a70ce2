/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hog.exe: takes all that one process can get of one resource after the other, and checks that
 * other processes still work: one that was started before, while the resource is used up; and one
 * that is started after the hog has been ended. "hog hold" takes memory, threads and objects
 * together and keeps them.
 */
#include <nt/nt.h>
#include <neptune/ioctl.h>
#include "../../base/program/program.h"
#include "print.h"

#define ROUNDS 32 /* more than there are resources */
#define SECOND (-10000000LL)
#define MEGABYTE ((SIZE_T)1 << 20)
#define GRANULE ((SIZE_T)1 << 16)
#define FEW_PAGES 3072
#define DRIVERS_KEEP 16      /* such a part of memory more may stay with drivers, in their heaps */
#define MORE_THAN_ANY 300000 /* of anything: then it has not been refused */
#define BUNCH 8              /* of what is small */
#define DIRECTORY u"\\HogTest"

static struct {
    UCHAR First;
    UCHAR Rest[ROUNDS * PAGE_SIZE];
} Data = {1, {0}}; /* copied on write */
static UCHAR Zeroes[ROUNDS * PAGE_SIZE];
static PUCHAR Committed;              /* ROUNDS pages */
static HANDLE Full, Go, Done, Holder; /* Holder: a device that keeps reads */
static ULONG Failures;
static SIZE_T Unit = MEGABYTE; /* of memory and sections */

static void Check(BOOLEAN Condition, PCSTR What, ULONG Number)
{
    if (Condition)
        return;
    Failures++;
    Print("not ok: %s (%x)\n", What, Number);
}

/* ---- Taking: each function takes one more; what it returns in the end is the refusal ---- */

static HANDLE Section, Held; /* Held: an event that is never set */
static ULONG_PTR NextAddress = 0x10000000;

static NTSTATUS Allocate(PVOID Base, SIZE_T Size, ULONG Type)
{
    return NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, Type, PAGE_READWRITE);
}

static NTSTATUS TakeMemory(ULONG Index)
{
    NTSTATUS Status = Allocate(NULL, Unit, MEM_RESERVE | MEM_COMMIT);

    while (!NT_SUCCESS(Status) && Unit > PAGE_SIZE) {
        Unit = Unit > GRANULE ? GRANULE : PAGE_SIZE;
        Status = Allocate(NULL, Unit, MEM_RESERVE | MEM_COMMIT);
    }
    return Status;
}

/* A page in each table's range. */
static NTSTATUS TakeTables(ULONG Index)
{
    PVOID Base = (PVOID)NextAddress;
    NTSTATUS Status = Allocate(Base, PAGE_SIZE, MEM_RESERVE | MEM_COMMIT);

    NextAddress += 2 * MEGABYTE;
    return Status == STATUS_CONFLICTING_ADDRESSES ? STATUS_SUCCESS : Status;
}

static NTSTATUS TakeAddresses(ULONG Index)
{
    PVOID Base = (PVOID)NextAddress;
    NTSTATUS Status = Allocate(Base, GRANULE, MEM_RESERVE);

    NextAddress += GRANULE;
    return Status == STATUS_CONFLICTING_ADDRESSES ? STATUS_SUCCESS : Status;
}

static NTSTATUS CreateSection(PHANDLE Handle, SIZE_T Size, ULONG Attributes)
{
    LARGE_INTEGER Length = {.QuadPart = (LONGLONG)Size};

    return NtCreateSection(Handle, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE, Attributes,
                           NULL);
}

static NTSTATUS MapSection(PVOID *Base, ULONG Protect)
{
    SIZE_T Size = 0;

    *Base = NULL;
    return NtMapViewOfSection(Section, NtCurrentProcess(), Base, 0, 0, NULL, &Size, ViewUnmap, 0,
                              Protect);
}

/* The same memory seen over and over: each page of each view takes a capability slot. */
static NTSTATUS TakeMappings(ULONG Index)
{
    NTSTATUS Status = Section ? STATUS_SUCCESS : CreateSection(&Section, Unit, SEC_COMMIT);
    PVOID Base;

    if (NT_SUCCESS(Status))
        Status = MapSection(&Base, PAGE_READWRITE);
    for (SIZE_T Offset = 0; NT_SUCCESS(Status) && Offset < Unit; Offset += PAGE_SIZE)
        ((volatile UCHAR *)Base)[Offset] = 1;
    return Status;
}

static NTSTATUS TakeCopies(ULONG Index)
{
    NTSTATUS Status = Section ? STATUS_SUCCESS : CreateSection(&Section, Unit, SEC_COMMIT);
    PVOID Base;

    return NT_SUCCESS(Status) ? MapSection(&Base, PAGE_WRITECOPY) : Status;
}

static NTSTATUS TakeReservedViews(ULONG Index)
{
    NTSTATUS Status = Section ? STATUS_SUCCESS : CreateSection(&Section, 16 * Unit, SEC_RESERVE);
    PVOID Base;

    return NT_SUCCESS(Status) ? MapSection(&Base, PAGE_READWRITE) : Status;
}

static NTSTATUS TakeSections(ULONG Index)
{
    HANDLE Handle;

    return CreateSection(&Handle, GRANULE, SEC_COMMIT);
}

static NTSTATUS OpenSystemFile(PCWSTR Name, PHANDLE File, ULONG Options)
{
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    UNICODE_STRING Path;

    RtlInitUnicodeString(&Path, Name);
    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_READ_DATA | FILE_EXECUTE | SYNCHRONIZE, &Attributes, &Iosb,
                      FILE_SHARE_READ, Options);
}

static NTSTATUS TakeImages(ULONG Index)
{
    NTSTATUS Status = STATUS_SUCCESS;
    HANDLE File;
    PVOID Base;

    if (!Section) {
        Status = OpenSystemFile(u"\\SystemRoot\\ntcmd.exe", &File, FILE_SYNCHRONOUS_IO_NONALERT);
        if (NT_SUCCESS(Status))
            Status = NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE,
                                     SEC_IMAGE, File);
    }
    return NT_SUCCESS(Status) ? MapSection(&Base, PAGE_READONLY) : Status;
}

static NTSTATUS TakeFiles(ULONG Index)
{
    HANDLE File;

    return OpenSystemFile(u"\\SystemRoot\\readme.txt", &File, FILE_SYNCHRONOUS_IO_NONALERT);
}

static NTSTATUS TakeEvents(ULONG Index)
{
    HANDLE Event;

    return NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
}

static NTSTATUS TakeHandles(ULONG Index)
{
    HANDLE Handle;

    return NtDuplicateObject(NtCurrentProcess(), Held, NtCurrentProcess(), &Handle, 0, 0,
                             DUPLICATE_SAME_ACCESS);
}

static NTSTATUS TakeNames(ULONG Index)
{
    WCHAR Name[32 + 200];
    UNICODE_STRING Path, Target = RTL_CONSTANT_STRING(u"\\SystemRoot");
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Link;
    ULONG Length = (ULONG)wcslen(wcscpy(Name, DIRECTORY u"\\"));

    for (ULONG i = 0; i < 200; i++)
        Name[Length++] = (WCHAR)(u'a' + (i < 8 ? Index >> 4 * i & 15 : i % 16));
    Name[Length] = 0;
    RtlInitUnicodeString(&Path, Name);
    InitializeObjectAttributes(&Attributes, &Path, 0, NULL, NULL);
    return NtCreateSymbolicLinkObject(&Link, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target);
}

static NTSTATUS NTAPI WaitForEver(PVOID Argument)
{
    return NtWaitForSingleObject(Held, FALSE, NULL);
}

static NTSTATUS NTAPI WaitForHours(PVOID Argument)
{
    LARGE_INTEGER Hours = {.QuadPart = 3600 * SECOND - (LONG_PTR)Argument};

    return NtDelayExecution(FALSE, &Hours);
}

static NTSTATUS TakeThread(PUSER_THREAD_START_ROUTINE Routine, ULONG Index)
{
    LARGE_INTEGER Moment = {.QuadPart = -1};
    HANDLE Thread;
    NTSTATUS Status =
        NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Routine,
                         (PVOID)(ULONG_PTR)Index, 0, 0, PAGE_SIZE, GRANULE, NULL);

    if (NT_SUCCESS(Status))
        NtDelayExecution(FALSE, &Moment);
    return Status;
}

/* Each waits, which takes a service stack. */
static NTSTATUS TakeThreads(ULONG Index)
{
    return TakeThread(WaitForEver, Index);
}

static NTSTATUS TakeTimers(ULONG Index)
{
    return TakeThread(WaitForHours, Index);
}

/* It does not run yet. */
static NTSTATUS StartSelf(PCWSTR CommandLine, PRTL_USER_PROCESS_INFORMATION Information)
{
    return CreateProgram(u"\\SystemRoot\\tests\\hog.exe", CommandLine, Information);
}

/* They never run, and outlive the hog: EndChildren ends them. */
static NTSTATUS TakeProcesses(ULONG Index)
{
    RTL_USER_PROCESS_INFORMATION Information;

    return StartSelf(u"hog once", &Information);
}

/* Reads that stay pending: a refusal is the result or, of one that had to queue, in the status
 * block. */
static NTSTATUS TakeRead(PCWSTR Device, ULONG Length, ULONG Index)
{
    static HANDLE File;
    static UCHAR Buffer[8192];
    static IO_STATUS_BLOCK Iosbs[64];
    volatile IO_STATUS_BLOCK *Iosb = &Iosbs[Index % ARRAYSIZE(Iosbs)];
    LARGE_INTEGER Offset = {.QuadPart = 0};
    NTSTATUS Status = Index < ARRAYSIZE(Iosbs) ? STATUS_SUCCESS : Iosb->Status;

    Iosb->Status = STATUS_PENDING;
    if (!Index)
        Status = OpenSystemFile(Device, &File, 0);
    if (NT_SUCCESS(Status))
        Status = NtReadFile(File, NULL, NULL, NULL, (PVOID)Iosb, Buffer, Length, &Offset, NULL);
    return Status;
}

/* Of keys that nobody types */
static NTSTATUS TakeRequests(ULONG Index)
{
    return TakeRead(u"\\Device\\KeyboardClass0", sizeof(KEYBOARD_INPUT_DATA), Index);
}

/* Of a driver that keeps all */
static NTSTATUS TakeHeldRequests(ULONG Index)
{
    return TakeRead(u"\\Device\\Hold", 1, Index);
}

static NTSTATUS TakeHeldData(ULONG Index)
{
    return TakeRead(u"\\Device\\Hold", 8192, Index);
}

/* The driver keeps an object and the name of each. */
static NTSTATUS TakeDriverFiles(ULONG Index)
{
    WCHAR Name[1000] = u"\\Device\\Hold\\";
    HANDLE File;

    for (ULONG Length = (ULONG)wcslen(Name); Length < ARRAYSIZE(Name) - 1; Length++)
        Name[Length] = u'n';
    return OpenSystemFile(Name, &File, 0);
}

/* What nobody reads, in a pipe that has room for all that there is. */
static NTSTATUS TakePipeData(ULONG Index)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\??\\PIPE\\hog");
    LARGE_INTEGER Limit = {.QuadPart = -1};
    OBJECT_ATTRIBUTES Attributes;
    static HANDLE Server, Client;
    NTSTATUS Status = STATUS_SUCCESS;
    IO_STATUS_BLOCK Iosb;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!Index)
        Status = NtCreateNamedPipeFile(&Server, GENERIC_READ | SYNCHRONIZE, &Attributes, &Iosb,
                                       FILE_SHARE_WRITE, FILE_CREATE, FILE_SYNCHRONOUS_IO_NONALERT,
                                       1, 1, 0, 1, 0xffffffff, 0, &Limit);
    if (!Index && NT_SUCCESS(Status))
        Status = NtOpenFile(&Client, GENERIC_WRITE | SYNCHRONIZE, &Attributes, &Iosb,
                            FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT);
    if (NT_SUCCESS(Status))
        Status = NtWriteFile(Client, NULL, NULL, NULL, &Iosb, Zeroes, 8 * PAGE_SIZE, NULL, NULL);
    return Status;
}

/* Names that tell apart, in Path, which has room for Length characters of them. */
static void NumberedName(PWSTR Path, ULONG Length, ULONG Index)
{
    ULONG End = (ULONG)wcslen(Path);

    for (ULONG i = 0; i < Length; i++)
        Path[End++] = (WCHAR)(u'a' + (i < 8 ? Index >> 4 * i & 15 : i % 16));
    Path[End] = 0;
}

/* Connection ports; nobody connects. */
static NTSTATUS TakePorts(ULONG Index)
{
    WCHAR Name[64] = DIRECTORY u"\\";
    UNICODE_STRING Path;
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Port;

    NumberedName(Name, 12, Index);
    RtlInitUnicodeString(&Path, Name);
    InitializeObjectAttributes(&Attributes, &Path, 0, NULL, NULL);
    return NtCreatePort(&Port, &Attributes, 0, 64, 0);
}

#define KEY_NAME u"\\Registry\\Machine\\HogTest"

static NTSTATUS MakeKey(PCWSTR Name, PHANDLE Key)
{
    UNICODE_STRING Path;
    OBJECT_ATTRIBUTES Attributes;

    RtlInitUnicodeString(&Path, Name);
    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtCreateKey(Key, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_VOLATILE, NULL);
}

/* Keys outlive the hog: EndKeys removes them. */
static NTSTATUS TakeKeys(ULONG Index)
{
    WCHAR Name[128] = KEY_NAME;
    HANDLE Key;
    NTSTATUS Status = MakeKey(Name, &Key);

    if (!NT_SUCCESS(Status))
        return Status;
    NtClose(Key);
    wcscat(Name, u"\\");
    NumberedName(Name, 80, Index);
    Status = MakeKey(Name, &Key);
    return NT_SUCCESS(Status) ? NtClose(Key) : Status;
}

static void EndKeys(void)
{
    static ULONG Buffer[128];
    PKEY_BASIC_INFORMATION Basic = (PKEY_BASIC_INFORMATION)Buffer;
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Parent, Key;
    ULONG Length;

    if (!NT_SUCCESS(MakeKey(KEY_NAME, &Parent)))
        return;
    while (NT_SUCCESS(
        NtEnumerateKey(Parent, 0, KeyBasicInformation, Basic, sizeof(Buffer), &Length))) {
        Name = (UNICODE_STRING){(USHORT)Basic->NameLength, (USHORT)Basic->NameLength, Basic->Name};
        InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, Parent, NULL);
        if (!NT_SUCCESS(NtOpenKey(&Key, DELETE, &Attributes)))
            break;
        NtDeleteKey(Key);
        NtClose(Key);
    }
    NtDeleteKey(Parent);
    NtClose(Parent);
}

static NTSTATUS TakeTokens(ULONG Index)
{
    static HANDLE Own;
    HANDLE Token;
    NTSTATUS Status =
        Own ? STATUS_SUCCESS : NtOpenProcessToken(NtCurrentProcess(), TOKEN_DUPLICATE, &Own);

    return NT_SUCCESS(Status)
               ? NtDuplicateToken(Own, TOKEN_QUERY, NULL, FALSE, TokenPrimary, &Token)
               : Status;
}

/* A descriptor with a list of Entries, for an event of its own. */
static NTSTATUS SecureEvent(ULONG Entries, PHANDLE Event)
{
    static ULONG Buffer[600];
    static SID World = {SID_REVISION, 1, {{0, 0, 0, 0, 0, 1}}, {0}};
    PACL Dacl = (PACL)Buffer;
    SECURITY_DESCRIPTOR Descriptor;
    OBJECT_ATTRIBUTES Attributes;

    RtlCreateAcl(Dacl, sizeof(Buffer), ACL_REVISION);
    for (ULONG i = 0; i < Entries; i++)
        RtlAddAccessAllowedAce(Dacl, ACL_REVISION, GENERIC_ALL, &World);
    RtlCreateSecurityDescriptor(&Descriptor, SECURITY_DESCRIPTOR_REVISION);
    RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, Dacl, FALSE);
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, &Descriptor);
    return NtCreateEvent(Event, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE);
}

static NTSTATUS TakeDescriptors(ULONG Index)
{
    HANDLE Event;
    NTSTATUS Status = SecureEvent(1, &Event);
    SECURITY_DESCRIPTOR Descriptor;

    if (!NT_SUCCESS(Status))
        return Status;
    RtlCreateSecurityDescriptor(&Descriptor, SECURITY_DESCRIPTOR_REVISION);
    RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, NULL, FALSE);
    Status = NtSetSecurityObject(Event, DACL_SECURITY_INFORMATION, &Descriptor);
    NtClose(Event);
    return NT_SUCCESS(Status) ? SecureEvent(90, &Event) : Status;
}

/* Each thread gets a long name, again and again a longer one. */
static NTSTATUS TakeThreadNames(ULONG Index)
{
    static WCHAR Text[16000];
    UNICODE_STRING Name = {sizeof(Text), sizeof(Text), Text};
    HANDLE Thread;
    NTSTATUS Status =
        NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), WaitForEver, NULL,
                         THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, PAGE_SIZE, GRANULE, NULL);

    return NT_SUCCESS(Status)
               ? NtSetInformationThread(Thread, ThreadNameInformation, &Name, sizeof(Name))
               : Status;
}

/* Packets that nobody takes from their port. */
static NTSTATUS TakePackets(ULONG Index)
{
    static HANDLE Port;
    NTSTATUS Status =
        Port ? STATUS_SUCCESS : NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);

    for (ULONG i = 0; NT_SUCCESS(Status) && i < BUNCH; i++)
        Status = NtSetIoCompletion(Port, NULL, NULL, STATUS_SUCCESS, 0);
    return Status;
}

/* For a thread that never runs. */
static NTSTATUS TakeRoutines(ULONG Index)
{
    static HANDLE Thread;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Thread)
        Status = NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), WaitForEver,
                                  NULL, THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, PAGE_SIZE, GRANULE,
                                  NULL);
    for (ULONG i = 0; NT_SUCCESS(Status) && i < BUNCH; i++)
        Status = NtQueueApcThread(Thread, (PPS_APC_ROUTINE)WaitForEver, NULL, NULL, NULL);
    return Status;
}

static const struct {
    PCSTR Name;
    NTSTATUS (*Take)(ULONG Index);
} Resources[] = {
    {"memory", TakeMemory},
    {"tables", TakeTables},
    {"addresses", TakeAddresses},
    {"mappings", TakeMappings},
    {"copies", TakeCopies},
    {"reserved views", TakeReservedViews},
    {"images", TakeImages},
    {"sections", TakeSections},
    {"files", TakeFiles},
    {"events", TakeEvents},
    {"handles", TakeHandles},
    {"names", TakeNames},
    {"threads", TakeThreads},
    {"processes", TakeProcesses},
    {"requests", TakeRequests},
    {"timers", TakeTimers},
    {"held requests", TakeHeldRequests},
    {"held data", TakeHeldData},
    {"driver files", TakeDriverFiles},
    {"pipe data", TakePipeData},
    {"ports", TakePorts},
    {"keys", TakeKeys},
    {"tokens", TakeTokens},
    {"descriptors", TakeDescriptors},
    {"thread names", TakeThreadNames},
    {"packets", TakePackets},
    {"routines", TakeRoutines},
};

/* ---- The hog ---- */

static BOOLEAN IsRefusal(NTSTATUS Status)
{
    return Status == STATUS_COMMITMENT_LIMIT || Status == STATUS_NO_MEMORY ||
           Status == STATUS_INSUFFICIENT_RESOURCES || Status == STATUS_QUOTA_EXCEEDED ||
           Status == STATUS_TOO_MANY_OPENED_FILES ||
           (Status == STATUS_INVALID_PARAMETER_2 && sizeof(PVOID) == 4); /* no addresses left */
}

/* Until it is refused, or the address space is full. */
static ULONG Take(ULONG Resource, NTSTATUS *Status)
{
    ULONG Count = 0;

    do
        *Status = Resources[Resource].Take(Count);
    while (NT_SUCCESS(*Status) && ++Count < MORE_THAN_ANY);
    return Count;
}

static NTSTATUS Hog(ULONG Resource)
{
    NTSTATUS Status;
    ULONG Count = Take(Resource, &Status);

    Print("%s: %u, %x\n", Resources[Resource].Name, Count, (ULONG)Status);
    Check(IsRefusal(Status), Resources[Resource].Name, (ULONG)Status);
    if (Failures)
        return STATUS_UNSUCCESSFUL; /* which who waits for it counts */
    NtSetEvent(Full, NULL);
    return NtWaitForSingleObject(Held, FALSE, NULL);
}

/* ---- Who lives beside it ---- */

static NTSTATUS AskEvent(PHANDLE Event)
{
    return NtCreateEvent(Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
}

static NTSTATUS AskToken(PHANDLE Token)
{
    HANDLE Own;
    NTSTATUS Status = NtOpenProcessToken(NtCurrentProcess(), TOKEN_DUPLICATE, &Own);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtDuplicateToken(Own, TOKEN_QUERY, NULL, FALSE, TokenPrimary, Token);
    NtClose(Own);
    return Status;
}

static NTSTATUS AskDescriptor(PHANDLE Event)
{
    return SecureEvent(2, Event);
}

static NTSTATUS AskPort(PHANDLE Port)
{
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    return NtCreatePort(Port, &Attributes, 0, 64, 0);
}

static NTSTATUS AskKey(PHANDLE Key)
{
    NTSTATUS Status = MakeKey(u"\\Registry\\Machine\\HogTestBystander", Key);

    return NT_SUCCESS(Status) ? NtDeleteKey(*Key) : Status;
}

/* Requests to the driver that keeps the hog's. The number is more than the hog can have it keep. */
static void AskDriver(void)
{
    ULONG Count = MORE_THAN_ANY;
    IO_STATUS_BLOCK Iosb;
    NTSTATUS Status = NtDeviceIoControlFile(Holder, NULL, NULL, NULL, &Iosb, IOCTL_HOLD_SET_COUNT,
                                            &Count, sizeof(Count), &Count, sizeof(Count));

    Check(NT_SUCCESS(Status), "a request to a driver", (ULONG)Status);
}

static void LoadHolder(void)
{
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\hold");
    NTSTATUS Status = NtLoadDriver(&Service);

    Check(NT_SUCCESS(Status) || Status == STATUS_IMAGE_ALREADY_LOADED, "load hold.sys",
          (ULONG)Status);
    Status = OpenSystemFile(u"\\Device\\Hold", &Holder, FILE_SYNCHRONOUS_IO_NONALERT);
    Check(NT_SUCCESS(Status), "open its device", (ULONG)Status);
    AskDriver();
}

static BOOLEAN TakesRequests(ULONG Resource)
{
    NTSTATUS (*Take)(ULONG) = Resource < ARRAYSIZE(Resources) ? Resources[Resource].Take : NULL;

    return Take == TakeRequests || Take == TakeHeldRequests || Take == TakeHeldData ||
           Take == TakeMemory;
}

/* One of each kind, which is given back. */
static void AskForObjects(ULONG Round)
{
    static NTSTATUS (*const Takes[])(PHANDLE) = {AskEvent, AskToken, AskDescriptor, AskPort,
                                                 AskKey};
    HANDLE Handle;
    NTSTATUS Status;

    for (ULONG i = 0; i < ARRAYSIZE(Takes); i++) {
        Status = Takes[i](&Handle);
        Check(NT_SUCCESS(Status), "an object of another process",
              i << 28 | Round << 20 | ((ULONG)Status & 0xfffff));
        if (NT_SUCCESS(Status))
            NtClose(Handle);
    }
}

/* Everything here has been promised, and is touched for the first time. Round is the number of the
 * resource that is used up. */
static void Live(ULONG Round)
{
    LARGE_INTEGER Moment = {.QuadPart = SECOND / 1000};
    HANDLE Handles[6] = {Held, Held, Held, Held, Held, Held};
    volatile UCHAR *Pages[] = {Data.Rest, Zeroes, Committed};

    for (ULONG i = 0; i < ARRAYSIZE(Pages); i++) {
        Pages[i][Round * PAGE_SIZE] = (UCHAR)Round;
        Check(Pages[i][Round * PAGE_SIZE] == (UCHAR)Round, "a page that was promised", i);
    }
    Check(NtDelayExecution(FALSE, &Moment) == STATUS_SUCCESS, "a delay", Round);
    Check(NtWaitForMultipleObjects(ARRAYSIZE(Handles), Handles, WaitAny, FALSE, &Moment) ==
              STATUS_TIMEOUT,
          "a wait for several", Round);
    if (TakesRequests(Round))
        AskDriver();
    AskForObjects(Round);
}

static NTSTATUS Bystander(void)
{
    LoadHolder();
    for (ULONG Round = 0; Round < ROUNDS && !Failures; Round++) {
        NtSetEvent(Done, NULL);
        NtWaitForSingleObject(Go, FALSE, NULL);
        Live(Round);
    }
    return STATUS_UNSUCCESSFUL;
}

static SYSTEM_PERFORMANCE_INFORMATION QueryPages(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Information = {0};

    NtQuerySystemInformation(SystemPerformanceInformation, &Information, sizeof(Information), NULL);
    return Information;
}

static ULONG AvailablePages(void)
{
    return QueryPages().AvailablePages;
}

/* A process that is started after, and wants a little of everything. */
static NTSTATUS Once(void)
{
    NTSTATUS Status;

    if (AvailablePages() < FEW_PAGES)
        Unit = GRANULE; /* of 16 MB, a megabyte of each kind is more than is left */
    LoadHolder();
    for (ULONG i = 0; i < ARRAYSIZE(Resources); i++) {
        if (Resources[i].Take == TakeProcesses)
            continue;
        if (Resources[i].Take == TakeReservedViews || Resources[i].Take == TakeImages)
            Section = NULL; /* of another kind */
        Status = Resources[i].Take(0);
        Check(NT_SUCCESS(Status), Resources[i].Name, (ULONG)Status);
    }
    Live(0);
    return Failures ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

/* ---- Who looks at them ---- */

static NTSTATUS WaitFor(HANDLE Object, ULONG Seconds)
{
    LARGE_INTEGER Limit = {.QuadPart = SECOND * Seconds};

    return NtWaitForSingleObject(Object, FALSE, &Limit);
}

static void End(PRTL_USER_PROCESS_INFORMATION Process)
{
    NtTerminateProcess(Process->ProcessHandle, STATUS_SUCCESS);
    NtWaitForSingleObject(Process->ProcessHandle, FALSE, NULL);
    NtClose(Process->ThreadHandle);
    NtClose(Process->ProcessHandle);
}

/* Ends the processes that Parent has started, which do not end with it. */
static void EndChildren(HANDLE Parent)
{
    static ULONG_PTR Buffer[0x20000 / sizeof(ULONG_PTR)];
    PSYSTEM_PROCESS_INFORMATION Entry = (PSYSTEM_PROCESS_INFORMATION)Buffer;
    OBJECT_ATTRIBUTES Attributes = {.Length = sizeof(Attributes)};
    CLIENT_ID Id = {0};
    HANDLE Process;
    NTSTATUS Status =
        NtQuerySystemInformation(SystemProcessInformation, Buffer, sizeof(Buffer), NULL);

    Check(NT_SUCCESS(Status), "a list of the processes", (ULONG)Status);
    for (; NT_SUCCESS(Status); Entry = (PVOID)((PUCHAR)Entry + Entry->NextEntryOffset)) {
        Id.UniqueProcess = Entry->UniqueProcessId;
        if (Entry->InheritedFromUniqueProcessId == Parent &&
            NT_SUCCESS(NtOpenProcess(&Process, PROCESS_ALL_ACCESS, &Attributes, &Id))) {
            NtTerminateProcess(Process, STATUS_SUCCESS);
            NtWaitForSingleObject(Process, FALSE, NULL);
            NtClose(Process);
        }
        if (!Entry->NextEntryOffset)
            break;
    }
}

static void StartAfter(PCSTR Name)
{
    RTL_USER_PROCESS_INFORMATION Process;
    PROCESS_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_PENDING};
    NTSTATUS Status = StartSelf(u"hog once", &Process);

    Check(NT_SUCCESS(Status), Name, (ULONG)Status);
    if (!NT_SUCCESS(Status))
        return;
    NtResumeThread(Process.ThreadHandle, NULL);
    WaitFor(Process.ProcessHandle, 60);
    NtQueryInformationProcess(Process.ProcessHandle, ProcessBasicInformation, &Basic, sizeof(Basic),
                              NULL);
    Check(Basic.ExitStatus == STATUS_SUCCESS, Name, (ULONG)Basic.ExitStatus);
    End(&Process);
}

/* What a process had is given back a little after its end: by drivers, when they have completed its
 * requests. Committed: pages before it was started. */
static void WaitForReturn(ULONG Committed)
{
    ULONG Limit = Committed + QueryPages().CommitLimit / DRIVERS_KEEP;
    LARGE_INTEGER Moment = {.QuadPart = SECOND / 100};
    ULONG Moments = 0;

    while (QueryPages().CommittedPages > Limit && Moments++ < 6000)
        NtDelayExecution(FALSE, &Moment);
    Check(QueryPages().CommittedPages <= Limit, "all comes back",
          QueryPages().CommittedPages - Committed);
}

static void TryResource(ULONG Resource, HANDLE BystanderProcess)
{
    WCHAR Line[] = u"hog take 00";
    RTL_USER_PROCESS_INFORMATION Process;
    HANDLE Either[2] = {Full};
    LARGE_INTEGER Limit = {.QuadPart = SECOND * 300};
    ULONG Committed = QueryPages().CommittedPages;
    NTSTATUS Status;

    Line[9] = (WCHAR)(u'0' + Resource / 10);
    Line[10] = (WCHAR)(u'0' + Resource % 10);
    Status = StartSelf(Line, &Process);
    Check(NT_SUCCESS(Status), "the hog starts", (ULONG)Status);
    if (!NT_SUCCESS(Status))
        return;
    NtResumeThread(Process.ThreadHandle, NULL);
    Either[1] = Process.ProcessHandle;
    Status = NtWaitForMultipleObjects(2, Either, WaitAny, FALSE, &Limit);
    Check(Status == STATUS_WAIT_0, "the hog is full", (ULONG)Status);
    NtSetEvent(Go, NULL);
    Live(Resource);
    Either[0] = Done;
    Either[1] = BystanderProcess;
    Limit.QuadPart = SECOND * 60;
    Status = NtWaitForMultipleObjects(2, Either, WaitAny, FALSE, &Limit);
    Check(Status == STATUS_WAIT_0, "a process that was there before lives", (ULONG)Status);
    End(&Process);
    EndChildren(Process.ClientId.UniqueProcess);
    EndKeys();
    WaitForReturn(Committed);
    StartAfter(Resources[Resource].Name);
}

static NTSTATUS TryAll(void)
{
    RTL_USER_PROCESS_INFORMATION Process;
    NTSTATUS Status = StartSelf(u"hog bystander", &Process);
    ULONG Before = AvailablePages();

    Check(NT_SUCCESS(Status), "the bystander starts", (ULONG)Status);
    if (!NT_SUCCESS(Status))
        return Status;
    LoadHolder();
    NtResumeThread(Process.ThreadHandle, NULL);
    Check(WaitFor(Done, 60) == STATUS_SUCCESS, "the bystander is ready", 0);
    for (ULONG i = 0; i < ARRAYSIZE(Resources); i++)
        TryResource(i, Process.ProcessHandle);
    End(&Process);
    Print("hog: %u resources, %u failures\n", (ULONG)ARRAYSIZE(Resources), Failures);
    Print("hog: %u of %u pages are free again\n", AvailablePages(), Before);
    return Failures ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

/* Objects come last: they take what is left when no more memory can be committed. */
static NTSTATUS Hold(void)
{
    static NTSTATUS (*const Takes[])(ULONG) = {TakeThreads, TakeMemory, TakeMappings, TakeEvents,
                                               TakeNames};

    for (ULONG i = 0; i < ARRAYSIZE(Takes); i++)
        for (ULONG Count = 0; Count < MORE_THAN_ANY && NT_SUCCESS(Takes[i](Count)); Count++)
            if (Takes[i] == TakeThreads && Count == 200)
                break;
    Print("hog holds all\n");
    return NtWaitForSingleObject(Held, FALSE, NULL);
}

/* ---- Start ---- */

static HANDLE MakeEvent(PCWSTR Name, EVENT_TYPE Type)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    HANDLE Event = NULL;

    RtlInitUnicodeString(&String, Name);
    InitializeObjectAttributes(&Attributes, &String, OBJ_OPENIF, NULL, NULL);
    Check(NT_SUCCESS(NtCreateEvent(&Event, EVENT_ALL_ACCESS, &Attributes, Type, FALSE)), "an event",
          0);
    return Event;
}

/* A process that is full can have no more pages of stack: these are there before it is. */
static __attribute__((noinline)) void GrowStack(void)
{
    UCHAR Room[4 * PAGE_SIZE];
    volatile UCHAR *volatile Start = Room; /* unknown to the compiler, which keeps all of it then */

    for (ULONG i = sizeof(Room); i; i -= PAGE_SIZE)
        Start[i - 1] = 0;
}

static void Prepare(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(DIRECTORY);
    OBJECT_ATTRIBUTES Attributes;
    SIZE_T Size = ROUNDS * PAGE_SIZE;
    HANDLE Directory;

    GrowStack();
    InitializeObjectAttributes(&Attributes, &Name, OBJ_OPENIF, NULL, NULL);
    NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, &Attributes);
    Full = MakeEvent(DIRECTORY u"\\Full", SynchronizationEvent);
    Go = MakeEvent(DIRECTORY u"\\Go", SynchronizationEvent);
    Done = MakeEvent(DIRECTORY u"\\Done", SynchronizationEvent);
    Held = MakeEvent(DIRECTORY u"\\Held", NotificationEvent);
    NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Committed, 0, &Size,
                            MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

static BOOLEAN EndsWith(PUNICODE_STRING Line, PCWSTR Word)
{
    UNICODE_STRING Expected;

    RtlInitUnicodeString(&Expected, Word);
    return Line->Length >= Expected.Length &&
           memcmp((PUCHAR)Line->Buffer + Line->Length - Expected.Length, Expected.Buffer,
                  Expected.Length) == 0;
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    PUNICODE_STRING Line = &Peb->ProcessParameters->CommandLine;
    ULONG End = Line->Length / sizeof(WCHAR);

    Prepare();
    if (EndsWith(Line, u" hold"))
        return Hold();
    if (EndsWith(Line, u" bystander"))
        return Bystander();
    if (EndsWith(Line, u" once"))
        return Once();
    if (End > 2 && Line->Buffer[End - 1] >= u'0' && Line->Buffer[End - 1] <= u'9')
        return Hog((ULONG)(Line->Buffer[End - 2] - u'0') * 10 + Line->Buffer[End - 1] - u'0');
    return TryAll();
}
