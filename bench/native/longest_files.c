/* SPDX-License-Identifier: BSD-2-Clause */
/* The longest stretches of services that are about files, images, drivers and the screen. */
#include "longest.h"
#include <neptune/ioctl.h>

#define LONG_NAME 32766 /* characters */
#define READS 1000      /* a driver takes 1,024 requests */
#define MOST_OPENS 33000
#define LEAST_OPENS 5000
#define ENVIRONMENT 0x40000
#define LONG_ARGUMENT 30000 /* characters */
#define SERVICES "\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"

static WCHAR Text[ENVIRONMENT / sizeof(WCHAR)];
static HANDLE Hold, Device, Section;
static IO_STATUS_BLOCK Blocks[READS];
static RTL_USER_PROCESS_INFORMATION Child;

static void Delay(LONGLONG Milliseconds)
{
    LARGE_INTEGER Time = {.QuadPart = -10000 * Milliseconds};

    NtDelayExecution(FALSE, &Time);
}

static NTSTATUS Open(PCWSTR Path, ACCESS_MASK Access, ULONG Options, PHANDLE File)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    IO_STATUS_BLOCK Iosb;

    RtlInitUnicodeString(&Name, Path);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, Access | SYNCHRONIZE, &Attributes, &Iosb,
                      FILE_SHARE_READ | FILE_SHARE_WRITE, Options);
}

/* ---- The screen ---- */

static BOOLEAN Display(void)
{
    UNICODE_STRING String = {NEPTUNE_MAX_DISPLAY_STRING, NEPTUNE_MAX_DISPLAY_STRING, Text};
    ULONG i;

    for (i = 0; i < NEPTUNE_MAX_DISPLAY_STRING / sizeof(WCHAR); i++)
        Text[i] = i % 2 ? '\n' : 'x';
    return NT_SUCCESS(NtDisplayString(&String));
}

/* Each character clears the screen. */
static BOOLEAN DisplayClearing(void)
{
    UNICODE_STRING String = {NEPTUNE_MAX_DISPLAY_STRING, NEPTUNE_MAX_DISPLAY_STRING, Text};
    ULONG i;

    for (i = 0; i < NEPTUNE_MAX_DISPLAY_STRING / sizeof(WCHAR); i++)
        Text[i] = '\f';
    return NT_SUCCESS(NtDisplayString(&String));
}

/* ---- Names of files ---- */

static NTSTATUS OpenText(ULONG Length)
{
    UNICODE_STRING Name = {(USHORT)(Length * sizeof(WCHAR)), (USHORT)(Length * sizeof(WCHAR)),
                           Text};
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    HANDLE File;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(&File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb, FILE_SHARE_READ, 0);
}

static BOOLEAN OpenLong(void)
{
    ULONG i;

    memcpy(Text, u"\\Device\\BootArchive\\", 20 * sizeof(WCHAR));
    for (i = 20; i < LONG_NAME; i++) {
        Text[i] = 'x';
        if (i % 4096 == 0)
            Pause();
    }
    Pause();
    return OpenText(LONG_NAME) == STATUS_OBJECT_NAME_NOT_FOUND;
}

/* ---- A process with all that its parameters may hold ---- */

static PRTL_USER_PROCESS_PARAMETERS Parameters;
static UNICODE_STRING Image = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\nbench.exe");

static BOOLEAN PrepareLarge(void)
{
    UNICODE_STRING Line = {LONG_ARGUMENT * sizeof(WCHAR), LONG_ARGUMENT * sizeof(WCHAR), Text};
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Text) - 2; i++)
        Text[i] = i % 64 == 63 ? 0 : i % 64 == 1 ? '=' : 'e';
    Text[i] = Text[i + 1] = 0;
    return NT_SUCCESS(RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Line, Text,
                                                   NULL, NULL, NULL, NULL,
                                                   RTL_USER_PROC_PARAMS_NORMALIZED));
}

static BOOLEAN CreateLarge(void)
{
    return NT_SUCCESS(
        RtlCreateUserProcess(&Image, 0, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL, &Child));
}

static BOOLEAN EndChild(void)
{
    NTSTATUS Status = NtTerminateProcess(Child.ProcessHandle, STATUS_SUCCESS);

    NtWaitForSingleObject(Child.ProcessHandle, FALSE, NULL);
    NtClose(Child.ThreadHandle);
    NtClose(Child.ProcessHandle);
    return NT_SUCCESS(Status);
}

/* ---- Images ---- */

static BOOLEAN CreateImage(void)
{
    HANDLE File;
    NTSTATUS Status;

    if (!NT_SUCCESS(
            Open(u"\\SystemRoot\\tests\\pe\\hundred.dll", FILE_READ_DATA | FILE_EXECUTE, 0, &File)))
        return FALSE;
    Status =
        NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE, SEC_IMAGE, File);
    NtClose(File);
    return NT_SUCCESS(Status);
}

static BOOLEAN MapImage(void)
{
    PVOID Base = NULL;
    SIZE_T Size = 0;
    NTSTATUS Status = NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size,
                                         ViewUnmap, 0, PAGE_EXECUTE_WRITECOPY);

    Pause();
    return NT_SUCCESS(Status) && NT_SUCCESS(NtUnmapViewOfSection(NtCurrentProcess(), Base)) &&
           NT_SUCCESS(NtClose(Section));
}

/* The driver is not started again when it has been ended: the work of its new process would count
 * as waiting. */
static BOOLEAN ForbidRestart(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"" SERVICES "hold"),
                   Value = RTL_CONSTANT_STRING(u"RestartLimit");
    OBJECT_ATTRIBUTES Attributes;
    ULONG Limit = 0;
    HANDLE Key;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtCreateKey(&Key, KEY_SET_VALUE, &Attributes, 0, NULL, REG_OPTION_VOLATILE, NULL);
    if (!NT_SUCCESS(Status))
        return FALSE;
    Status = NtSetValueKey(Key, &Value, 0, REG_DWORD, &Limit, sizeof(Limit));
    NtClose(Key);
    return NT_SUCCESS(Status);
}

static BOOLEAN LoadDriver(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"" SERVICES "hold");

    return ForbidRestart() && NT_SUCCESS(NtLoadDriver(&Name)) &&
           NT_SUCCESS(Open(u"\\Device\\Hold", FILE_READ_DATA, 0, &Hold));
}

/* ---- Requests ---- */

static BOOLEAN KeepReads(void)
{
    ULONG Count = 100000, Most, i;
    IO_STATUS_BLOCK Iosb;
    LARGE_INTEGER Offset = {.QuadPart = 0};
    HANDLE Event;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    if (NtDeviceIoControlFile(Hold, Event, NULL, NULL, &Iosb, IOCTL_HOLD_SET_COUNT, &Count,
                              sizeof(Count), &Most, sizeof(Most)) == STATUS_PENDING)
        NtWaitForSingleObject(Event, FALSE, NULL);
    NtClose(Event);
    for (i = 0; i < READS; i++)
        if (NtReadFile(Hold, NULL, NULL, NULL, &Blocks[i], &Blocks[i], 0, &Offset, NULL) !=
            STATUS_PENDING)
            return FALSE;
    return TRUE;
}

static BOOLEAN Cancel(void)
{
    IO_STATUS_BLOCK Iosb;

    return NT_SUCCESS(NtCancelIoFile(Hold, &Iosb));
}

/* The driver completes all its reads when the file's last handle goes. */
static BOOLEAN CloseHold(void)
{
    BOOLEAN Closed = NT_SUCCESS(NtClose(Hold));

    Delay(200);
    return Closed;
}

void HoldReads(void)
{
    if (NT_SUCCESS(Open(u"\\Device\\Hold", FILE_READ_DATA, 0, &Hold)))
        KeepReads();
    NtWaitForSingleObject(NtCurrentThread(), FALSE, NULL);
}

static BOOLEAN RunReader(void)
{
    if (!NT_SUCCESS(StartSelf(u"nbench hold-reads", &Child)))
        return FALSE;
    NtResumeThread(Child.ThreadHandle, NULL);
    Delay(1000);
    return TRUE;
}

static BOOLEAN EndReader(void)
{
    BOOLEAN Ended = EndChild();

    Delay(200);
    return Ended;
}

/* The same, but the driver's process is ended. */
static BOOLEAN EndDriver(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"" SERVICES "hold");
    SYSTEM_PROCESS_INFORMATION *Entry;
    static UCHAR List[0x10000];
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id = {0};
    HANDLE Process;
    NTSTATUS Status;

    if (!NT_SUCCESS(NtQuerySystemInformation(SystemProcessInformation, List, sizeof(List), NULL)))
        return FALSE;
    for (Entry = (PVOID)List;; Entry = (PVOID)((PUCHAR)Entry + Entry->NextEntryOffset)) {
        if (Entry->ImageName.Length == 16 && !memcmp(Entry->ImageName.Buffer, u"hold.sys", 16))
            Id.UniqueProcess = Entry->UniqueProcessId;
        if (!Entry->NextEntryOffset)
            break;
    }
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    if (!NT_SUCCESS(NtOpenProcess(&Process, PROCESS_TERMINATE | SYNCHRONIZE, &Attributes, &Id)))
        return FALSE;
    Pause();
    Status = NtTerminateProcess(Process, STATUS_SUCCESS);
    NtWaitForSingleObject(Process, FALSE, NULL);
    NtClose(Process);
    Pause();
    NtUnloadDriver(&Name);
    return NT_SUCCESS(Status);
}

/* As many as a program may: the table of files that drivers know grows meanwhile. */
static BOOLEAN OpenMany(void)
{
    ULONG i;

    for (i = 0; i < MOST_OPENS; i++) {
        if (!NT_SUCCESS(
                Open(u"\\Device\\Null", FILE_READ_DATA, FILE_SYNCHRONOUS_IO_NONALERT, &Device)))
            break;
        Pause(); /* the driver and this thread would only wake each other */
    }
    return i >= LEAST_OPENS;
}

static const LONG_SERVICE Services[] = {
    {"display-string", Display},
    {"display-clear", DisplayClearing},
    {"open-long-file", OpenLong},
    {NULL, PrepareLarge},
    {"create-large", CreateLarge},
    {"end-large", EndChild},
    {"create-image", CreateImage},
    {"map-image", MapImage},
    {NULL, LoadDriver}, /* its own work would count too */
    {NULL, KeepReads},
    {"cancel-io", Cancel},
    {"close-device", CloseHold},
    {NULL, RunReader},
    {"end-reader", EndReader},
    {NULL, RunReader},
    {"end-driver", EndDriver},
    {NULL, EndChild},
    {"open-devices", OpenMany},
};

void MeasureLongestFiles(void)
{
    MeasureServices(Services, ARRAYSIZE(Services));
}
