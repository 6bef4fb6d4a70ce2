/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers: loading, unloading, their death, and what becomes of their devices, files and
 * requests. */
#include "driverservice.h"
#include <neptune/ioctl.h>

#define SERVICES u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"

static NTSTATUS Load(PCWSTR Service)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Service);
    return NtLoadDriver(&String);
}

static NTSTATUS Unload(PCWSTR Service)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Service);
    return NtUnloadDriver(&String);
}

static NTSTATUS Open(PCWSTR Path, ACCESS_MASK Access, ULONG Options, PHANDLE File)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    IO_STATUS_BLOCK Iosb;

    RtlInitUnicodeString(&String, Path);
    InitializeObjectAttributes(&Attributes, &String, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, Access | SYNCHRONIZE, &Attributes, &Iosb,
                      FILE_SHARE_READ | FILE_SHARE_WRITE, Options);
}

static NTSTATUS OpenDevice(PCWSTR Path, PHANDLE File)
{
    return Open(Path, FILE_READ_DATA | FILE_WRITE_DATA, FILE_SYNCHRONOUS_IO_NONALERT, File);
}

static NTSTATUS Silence(HANDLE Beep)
{
    BEEP_SET_PARAMETERS Parameters = {440, 0};
    IO_STATUS_BLOCK Iosb;

    return NtDeviceIoControlFile(Beep, NULL, NULL, NULL, &Iosb, IOCTL_BEEP_SET, &Parameters,
                                 sizeof(Parameters), NULL, 0);
}

static void TestNames(void)
{
    UNICODE_STRING Odd = {5, 6, (PWSTR)u"odd"};

    ok_status(Load(u"null"), STATUS_OBJECT_NAME_NOT_FOUND, "a driver by no service key");
    ok_status(Load(SERVICES), STATUS_OBJECT_NAME_INVALID, "a service without a name");
    ok_status(Load(SERVICES u"..\\null"), STATUS_OBJECT_NAME_INVALID, "a service with a path");
    ok_status(Load(SERVICES u"nothing"), STATUS_OBJECT_NAME_NOT_FOUND,
              "a driver that is not there");
    ok_status(Load(SERVICES u"NULL"), STATUS_IMAGE_ALREADY_LOADED, "a driver that is loaded");
    ok_status(NtLoadDriver(&Odd), STATUS_INVALID_PARAMETER, "a name of an odd length");
    ok_status(NtLoadDriver((PUNICODE_STRING)8), STATUS_ACCESS_VIOLATION, "a name at a bad address");
    ok_status(Unload(SERVICES u"nothing"), STATUS_OBJECT_NAME_NOT_FOUND,
              "unload what is not there");
    ok_status(Unload(SERVICES u"kbdclass"), STATUS_INVALID_DEVICE_REQUEST,
              "unload a device's driver");
}

static void TestUnload(void)
{
    HANDLE File;

    if (!ok_status(OpenDevice(u"\\Device\\Null", &File), STATUS_SUCCESS, "open the null device"))
        return;
    ok_status(Unload(SERVICES u"null"), STATUS_DEVICE_BUSY, "a driver with open files stays");
    NtClose(File);
    ok_status(Unload(SERVICES u"null"), STATUS_SUCCESS, "without them it goes");
    ok_status(OpenDevice(u"\\Device\\Null", &File), STATUS_OBJECT_NAME_NOT_FOUND,
              "and so does its device");
    ok(ProcessNamed(u"null.sys") == NULL, "and its process");
    ok_status(Load(SERVICES u"null"), STATUS_SUCCESS, "load it again");
    if (ok_status(OpenDevice(u"\\Device\\Null", &File), STATUS_SUCCESS, "its device is back"))
        NtClose(File);
}

/* Of one that is not started again by itself. */
static void TestDeath(void)
{
    HANDLE File, Other;

    if (!ok_status(OpenDevice(u"\\Device\\Beep", &File), STATUS_SUCCESS, "open the speaker"))
        return;
    ok_status(SetServiceNumber(u"beep", u"RestartLimit", 0), STATUS_SUCCESS,
              "its driver is not to be started again");
    ok_status(Silence(File), STATUS_SUCCESS, "it obeys");
    ok_status(EndProcessNamed(u"beep.sys", TRUE), STATUS_SUCCESS, "end its driver's process");
    ok_status(Silence(File), STATUS_DEVICE_DOES_NOT_EXIST, "its files fail");
    ok_status(OpenDevice(u"\\Device\\Beep", &Other), STATUS_OBJECT_NAME_NOT_FOUND,
              "its device cannot be opened");
    ok_status(Load(SERVICES u"beep"), STATUS_SUCCESS, "load it again");
    ok_status(Silence(File), STATUS_DEVICE_DOES_NOT_EXIST, "the old file stays dead");
    NtClose(File);
    if (ok_status(OpenDevice(u"\\Device\\Beep", &File), STATUS_SUCCESS, "a new one works")) {
        ok_status(Silence(File), STATUS_SUCCESS, "as it did");
        NtClose(File);
    }
    ok_status(DeleteServiceValue(u"beep", u"RestartLimit"), STATUS_SUCCESS, "that was all");
}

/* As soon as the driver is loaded, or by itself before, it is there. */
static NTSTATUS EndAndLoadBeep(void)
{
    NTSTATUS Status = EndHostOf(u"beep", 0x77);
    HANDLE File;

    if (NT_SUCCESS(Status))
        Status = Load(SERVICES u"beep");
    if (NT_SUCCESS(Status) || Status == STATUS_IMAGE_ALREADY_LOADED)
        Status = OpenDevice(u"\\Device\\Beep", &File);
    if (NT_SUCCESS(Status)) {
        Status = Silence(File);
        NtClose(File);
    }
    return Status;
}

static ULONG AvailablePages(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Performance;

    NtQuerySystemInformation(SystemPerformanceInformation, &Performance, sizeof(Performance), NULL);
    return Performance.AvailablePages;
}

static void TestManyDeaths(void)
{
    ULONG Before = 0, Deaths;
    NTSTATUS Status = STATUS_SUCCESS;

    for (Deaths = 0; Deaths < 12 && NT_SUCCESS(Status); Deaths++) {
        if (Deaths == 2)
            Before = AvailablePages();
        Status = EndAndLoadBeep();
    }
    ok_status(Status, STATUS_SUCCESS, "end and load a driver twelve times");
    DbgPrint("# available pages before %u, after %u\n", Before, AvailablePages());
    ok(AvailablePages() + 8 >= Before, "that costs no memory for good");
}

/* Of an event or file, without waiting. */
static BOOLEAN IsSignalled(HANDLE Object)
{
    LARGE_INTEGER AtOnce = {.QuadPart = 0};

    return NtWaitForSingleObject(Object, FALSE, &AtOnce) == STATUS_SUCCESS;
}

static BOOLEAN IsUntouched(const IO_STATUS_BLOCK *Iosb)
{
    return Iosb->Status == UNTOUCHED && Iosb->Information == UNTOUCHED;
}

/* What a driver has done when its dispatch routine returns is the result of the service, on an
 * asynchronous handle too. */
static void TestDoneAtOnce(void)
{
    IO_STATUS_BLOCK Iosb = {.Status = UNTOUCHED};
    LARGE_INTEGER Offset = {.QuadPart = 0};
    CHAR Buffer[5] = "five";
    HANDLE File, Event;

    if (!ok_status(Open(u"\\Device\\Null", FILE_READ_DATA | FILE_WRITE_DATA, 0, &File),
                   STATUS_SUCCESS, "open the null device"))
        return;
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    ok_status(NtWriteFile(File, Event, NULL, NULL, &Iosb, Buffer, sizeof(Buffer), &Offset, NULL),
              STATUS_SUCCESS, "write to it");
    ok(Iosb.Status == STATUS_SUCCESS && Iosb.Information == 5, "the status block is final");
    ok(IsSignalled(Event) && !IsSignalled(File), "the event is signalled, the file is not");
    ok_status(NtWriteFile(File, NULL, NULL, NULL, &Iosb, Buffer, 0, &Offset, NULL), STATUS_SUCCESS,
              "write nothing, without an event");
    ok(Iosb.Status == STATUS_SUCCESS && Iosb.Information == 0, "the status block is final");
    ok(IsSignalled(File), "the file is signalled");
    Iosb.Status = Iosb.Information = UNTOUCHED;
    ok_status(NtReadFile(File, Event, NULL, NULL, &Iosb, Buffer, 0, &Offset, NULL),
              STATUS_END_OF_FILE, "read nothing from it");
    ok(IsUntouched(&Iosb), "an error at once is not in the status block");
    ok(!IsSignalled(Event) && !IsSignalled(File), "nor signalled");
    ok_status(NtDeviceIoControlFile(File, Event, NULL, NULL, &Iosb, IOCTL_KEYBOARD_QUERY_LOST, NULL,
                                    0, NULL, 0),
              STATUS_INVALID_DEVICE_REQUEST, "a control code that it does not know");
    ok(IsUntouched(&Iosb) && !IsSignalled(Event), "as well");
    NtClose(Event);
    NtClose(File);
}

static void TestSynchronousError(void)
{
    IO_STATUS_BLOCK Iosb = {.Status = UNTOUCHED, .Information = UNTOUCHED};
    CHAR Buffer[5];
    HANDLE File;

    if (!ok_status(OpenDevice(u"\\Device\\Null", &File), STATUS_SUCCESS, "open it to wait"))
        return;
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, Buffer, sizeof(Buffer), NULL, NULL),
              STATUS_END_OF_FILE, "read from it");
    ok(IsUntouched(&Iosb), "that error is not in the status block either");
    NtClose(File);
}

/* Requests that a keyboard need not wait for a key for. */
static void TestKeyboardAtOnce(void)
{
    IO_STATUS_BLOCK Iosb = {.Status = UNTOUCHED};
    LARGE_INTEGER Offset = {.QuadPart = 0};
    ULONG Buffer[4];
    HANDLE File, Event;

    if (!ok_status(Open(u"\\Device\\KeyboardClass0", FILE_READ_DATA, 0, &File), STATUS_SUCCESS,
                   "open the keyboard"))
        return;
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    ok_status(NtReadFile(File, Event, NULL, NULL, &Iosb, Buffer, 0, &Offset, NULL), STATUS_SUCCESS,
              "read no keys");
    ok(Iosb.Status == STATUS_SUCCESS && Iosb.Information == 0, "the status block is final");
    ok(IsSignalled(Event), "the event is signalled");
    Iosb.Status = Iosb.Information = UNTOUCHED;
    ok_status(NtReadFile(File, Event, NULL, NULL, &Iosb, Buffer, 5, &Offset, NULL),
              STATUS_BUFFER_TOO_SMALL, "read half a key");
    ok(IsUntouched(&Iosb) && !IsSignalled(Event), "an error at once is the result only");
    ok_status(NtDeviceIoControlFile(File, Event, NULL, NULL, &Iosb, IOCTL_KEYBOARD_QUERY_LOST, NULL,
                                    0, Buffer, sizeof(USHORT)),
              STATUS_BUFFER_TOO_SMALL, "ask for a number in too little room");
    ok(IsUntouched(&Iosb) && !IsSignalled(Event), "as well");
    ok_status(NtDeviceIoControlFile(File, Event, NULL, NULL, &Iosb, IOCTL_KEYBOARD_QUERY_LOST, NULL,
                                    0, Buffer, sizeof(ULONG)),
              STATUS_SUCCESS, "ask for it");
    ok(Iosb.Status == STATUS_SUCCESS && Iosb.Information == sizeof(ULONG) && IsSignalled(Event),
       "the status block is final");
    NtClose(Event);
    NtClose(File);
}

/* The keyboard: requests that stay pending. Keys that the shell should get must not be read here.
 */
static void TestPending(void)
{
    IO_STATUS_BLOCK Iosb = {.Status = UNTOUCHED}, CancelIosb;
    KEYBOARD_INPUT_DATA Key;
    LARGE_INTEGER Offset = {.QuadPart = 0}, Limit = {.QuadPart = -20000000};
    HANDLE File, Event;

    if (!ok_status(Open(u"\\Device\\KeyboardClass0", FILE_READ_DATA, 0, &File), STATUS_SUCCESS,
                   "open the keyboard"))
        return;
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, TRUE);
    ok_status(NtReadFile(File, Event, NULL, NULL, &Iosb, &Key, sizeof(Key), NULL, NULL),
              STATUS_INVALID_PARAMETER, "an asynchronous read needs an offset");
    ok_status(NtReadFile(File, Event, NULL, NULL, &Iosb, &Key, sizeof(Key), &Offset, NULL),
              STATUS_PENDING, "a read with nothing to read");
    ok(Iosb.Status == UNTOUCHED && !IsSignalled(Event), "nothing tells of an end yet");
    ok_status(NtCancelIoFileEx(File, (PIO_STATUS_BLOCK)&CancelIosb, &CancelIosb), STATUS_NOT_FOUND,
              "cancel another one");
    ok(CancelIosb.Status == STATUS_NOT_FOUND, "the status block says so too");
    ok_status(NtCancelSynchronousIoFile(NtCurrentThread(), NULL, &CancelIosb), STATUS_NOT_FOUND,
              "this thread waits for none");
    ok_status(NtCancelSynchronousIoFile(NtCurrentProcess(), NULL, &CancelIosb),
              STATUS_OBJECT_TYPE_MISMATCH, "a process is no thread");
    ok_status(NtCancelIoFileEx(NULL, NULL, &CancelIosb), STATUS_INVALID_HANDLE, "no file");
    ok_status(NtCancelIoFileEx(File, NULL, (PIO_STATUS_BLOCK)0x18), STATUS_ACCESS_VIOLATION,
              "no status block");
    ok_status(NtCancelIoFileEx(File, &Iosb, &CancelIosb), STATUS_SUCCESS, "cancel it");
    ok_status(NtWaitForSingleObject(Event, FALSE, &Limit), STATUS_SUCCESS,
              "the event tells its end");
    ok(Iosb.Status == STATUS_CANCELLED && Iosb.Information == 0, "it was cancelled");
    ok_status(NtReadFile(File, Event, NULL, NULL, &Iosb, &Key, sizeof(Key), &Offset, NULL),
              STATUS_PENDING, "another read");
    ok_status(NtClose(File), STATUS_SUCCESS, "close the file");
    ok_status(NtWaitForSingleObject(Event, FALSE, &Limit), STATUS_SUCCESS,
              "that ends the read too");
    ok(Iosb.Status == STATUS_CANCELLED, "as cancelled");
    NtClose(Event);
}

/* Until the device stack has been taken apart and built again. */
static NTSTATUS OpenKeyboardSoon(PHANDLE File)
{
    LARGE_INTEGER Interval = {.QuadPart = -500000};
    NTSTATUS Status = STATUS_UNSUCCESSFUL;

    for (ULONG i = 0; i < 100 && !NT_SUCCESS(Status); i++) {
        Status = Open(u"\\Device\\KeyboardClass0", FILE_READ_DATA, 0, File);
        if (!NT_SUCCESS(Status))
            NtDelayExecution(FALSE, &Interval);
    }
    return Status;
}

static void TestStack(PCWSTR Service)
{
    IO_STATUS_BLOCK Iosb;
    KEYBOARD_INPUT_DATA Key;
    LARGE_INTEGER Offset = {.QuadPart = 0}, Limit = {.QuadPart = -50000000};
    HANDLE File, Event;
    NTSTATUS Status;

    if (!ok_status(OpenKeyboardSoon(&File), STATUS_SUCCESS, "open the keyboard"))
        return;
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    ok_status(NtReadFile(File, Event, NULL, NULL, &Iosb, &Key, sizeof(Key), &Offset, NULL),
              STATUS_PENDING, "a read that waits");
    ok_status(EndHostOf(Service, 0x77), STATUS_SUCCESS, "end one of its drivers");
    ok_status(NtWaitForSingleObject(Event, FALSE, &Limit), STATUS_SUCCESS, "the read ends");
    ok(NT_ERROR(Iosb.Status), "with an error");
    Status = LoadService(Service);
    ok(Status == STATUS_SUCCESS || Status == STATUS_IMAGE_ALREADY_LOADED,
       "load the driver again, unless that has been done");
    NtClose(File);
    NtClose(Event);
    if (ok_status(OpenKeyboardSoon(&File), STATUS_SUCCESS, "the keyboard is back"))
        NtClose(File);
}

static BOOLEAN AreTogether(void)
{
    return ComesToBe(u"kbdclass", NepDriverRunning) && ComesToBe(u"i8042prt", NepDriverRunning) &&
           HostOf(u"kbdclass") == HostOf(u"i8042prt");
}

/* Both drivers in a process, then each in its own, then both in one again. */
static void TestStacks(void)
{
    ok(AreTogether(), "the drivers of the keyboard share a process");
    TestStack(u"i8042prt");
    ok(AreTogether(), "and still do");
    TestStack(u"kbdclass");
    ok(AreTogether(), "whichever is loaded first");
    ok_status(SetServiceText(u"kbdclass", u"DriverHost", u""), STATUS_SUCCESS,
              "one is to be alone");
    TestStack(u"i8042prt");
    ok(!AreTogether() && HostOf(u"kbdclass"), "and is");
    TestStack(u"i8042prt");
    TestStack(u"kbdclass");
    ok(!AreTogether(), "for as long as that is said");
    ok_status(DeleteServiceValue(u"kbdclass", u"DriverHost"), STATUS_SUCCESS, "no more");
    TestStack(u"kbdclass");
    ok(AreTogether(), "they share one again");
}

static NTSTATUS ControlKeyboard(HANDLE File, ULONG Code, ULONG InputLength, ULONG OutputLength)
{
    ULONG Buffer = 0;
    IO_STATUS_BLOCK Iosb;
    HANDLE Event;
    NTSTATUS Status;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    Status = NtDeviceIoControlFile(File, Event, NULL, NULL, &Iosb, Code, &Buffer, InputLength,
                                   &Buffer, OutputLength);
    if (Status == STATUS_PENDING) {
        NtWaitForSingleObject(Event, FALSE, NULL);
        Status = Iosb.Status;
    }
    NtClose(Event);
    return Status;
}

/* Two readers: the second is behind the first, whatever readers come before both. */
static void TestReaders(void)
{
    HANDLE First, Second;

    if (!ok_status(OpenKeyboardSoon(&First), STATUS_SUCCESS, "open the keyboard") ||
        !ok_status(OpenKeyboardSoon(&Second), STATUS_SUCCESS, "open it twice"))
        return;
    ok_status(ControlKeyboard(Second, IOCTL_KEYBOARD_HAND_OVER, sizeof(ULONG), 0),
              STATUS_ACCESS_DENIED, "a background reader cannot hand it over");
    ok_status(ControlKeyboard(First, IOCTL_KEYBOARD_HAND_OVER, sizeof(USHORT), 0),
              STATUS_INVALID_PARAMETER, "half a process id");
    ok_status(ControlKeyboard(Second, IOCTL_KEYBOARD_QUERY_LOST, 0, sizeof(ULONG)), STATUS_SUCCESS,
              "how much was lost");
    ok_status(ControlKeyboard(Second, IOCTL_KEYBOARD_QUERY_LOST, 0, sizeof(USHORT)),
              STATUS_BUFFER_TOO_SMALL, "that needs room");
    NtClose(First);
    NtClose(Second);
}

void TestDrivers(void)
{
    TestNames();
    TestUnload();
    TestDeath();
    TestManyDeaths();
    TestDoneAtOnce();
    TestSynchronousError();
    TestKeyboardAtOnce();
    TestPending();
    TestReaders();
    TestStacks();
}
