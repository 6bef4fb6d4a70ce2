/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sc: the services that are drivers. Its words, its options ("start= demand", with a blank) and
 * what it says are those of Windows' sc.exe, as far as drivers have use for them.
 */
#include "ntcmd.h"
#include "service.h"

#define LONGEST_NAME 256
#define SUCCESS "SUCCESS\n"

/* What is said of errors of the service control manager, by their Win32 numbers. */
enum {
    InvalidName = 123,
    InvalidControl = 1052,
    AlreadyRunning = 1056,
    Disabled = 1058,
    NoSuchService = 1060,
    NotStarted = 1062,
    AlreadyThere = 1073,
};

static const struct {
    NTSTATUS Status; /* of NtLoadDriver or NtUnloadDriver; STATUS_SUCCESS: none means this */
    ULONG Error;
    const char *Text;
} Errors[] = {
    {STATUS_IMAGE_ALREADY_LOADED, AlreadyRunning, "An instance of the service is already running."},
    {STATUS_INVALID_DEVICE_REQUEST, InvalidControl,
     "The requested control is not valid for this service."},
    {STATUS_SUCCESS, Disabled, "The service cannot be started: it is disabled."},
    {STATUS_SUCCESS, NoSuchService,
     "The specified service does not exist as an installed service."},
    {STATUS_SUCCESS, NotStarted, "The service has not been started."},
    {STATUS_SUCCESS, AlreadyThere, "The specified service already exists."},
    {STATUS_SUCCESS, InvalidName, "The name is not that of a service."},
    {STATUS_OBJECT_NAME_NOT_FOUND, 2, "The system cannot find the file specified."},
    {STATUS_ACCESS_DENIED, 5, "Access is denied."},
    {STATUS_DEVICE_BUSY, 170, "The requested resource is in use."},
    {STATUS_DRIVER_ENTRYPOINT_NOT_FOUND, 127, "The specified procedure could not be found."},
    {STATUS_INVALID_IMAGE_FORMAT, 193, "The file is no driver for this system."},
    {STATUS_INSUFFICIENT_RESOURCES, 1450,
     "Insufficient system resources exist to complete the requested service."},
};

static void Fail(const char *What, ULONG Error)
{
    Print("[SC] %s FAILED %u:\n\n", What, Error);
    for (ULONG i = 0; i < ARRAYSIZE(Errors); i++)
        if (Errors[i].Error == Error)
            Print("%s\n\n", Errors[i].Text);
}

static void FailWithStatus(const char *What, NTSTATUS Status)
{
    for (ULONG i = 0; i < ARRAYSIZE(Errors); i++) {
        if (Errors[i].Status == Status) {
            Fail(What, Errors[i].Error);
            return;
        }
    }
    Fail(What, RtlNtStatusToDosErrorNoTeb(Status));
    Print("status %08x\n\n", Status);
}

/* ---- Options ---- */

typedef struct _CHOICE {
    PCWSTR Word;
    ULONG Number;
} CHOICE;

static const CHOICE Types[] = {{u"kernel", SERVICE_KERNEL_DRIVER},
                               {u"filesys", SERVICE_FILE_SYSTEM_DRIVER},
                               {u"rec", SERVICE_RECOGNIZER_DRIVER}};
static const CHOICE Starts[] = {{u"boot", ServiceBoot},
                                {u"system", ServiceSystem},
                                {u"auto", ServiceAuto},
                                {u"demand", ServiceDemand},
                                {u"disabled", ServiceDisabled}};
static const CHOICE ErrorControls[] = {
    {u"ignore", 0}, {u"normal", 1}, {u"severe", 2}, {u"critical", 3}};

enum { OptionType, OptionStart, OptionError, OptionPath, OptionGroup, OptionDepend, OptionDisplay };

/* An option, the value of the service's key that it is for, and of what it is one if not of any
 * words. */
static const struct {
    PCWSTR Option, Value;
    ULONG Type;
    const CHOICE *Choices;
    ULONG ChoiceCount;
} Options[] = {
    [OptionType] = {u"type=", u"Type", REG_DWORD, Types, ARRAYSIZE(Types)},
    [OptionStart] = {u"start=", u"Start", REG_DWORD, Starts, ARRAYSIZE(Starts)},
    [OptionError] = {u"error=", u"ErrorControl", REG_DWORD, ErrorControls,
                     ARRAYSIZE(ErrorControls)},
    [OptionPath] = {u"binPath=", u"ImagePath", REG_EXPAND_SZ},
    [OptionGroup] = {u"group=", u"Group", REG_SZ},
    [OptionDepend] = {u"depend=", u"DependOnService", REG_MULTI_SZ},
    [OptionDisplay] = {u"DisplayName=", u"DisplayName", REG_SZ},
};

typedef struct _GIVEN {
    PCWSTR Text[ARRAYSIZE(Options)]; /* NULL: not given */
    ULONG Number[ARRAYSIZE(Options)];
} GIVEN;

static BOOLEAN Choose(ULONG Option, PCWSTR Word, PULONG Number)
{
    for (ULONG i = 0; i < Options[Option].ChoiceCount; i++) {
        if (EqualWords(Word, Options[Option].Choices[i].Word)) {
            *Number = Options[Option].Choices[i].Number;
            return TRUE;
        }
    }
    return !Options[Option].Choices;
}

static BOOLEAN ParseOption(PCWSTR Word, PCWSTR Value, GIVEN *Given)
{
    for (ULONG i = 0; i < ARRAYSIZE(Options); i++) {
        if (!EqualWords(Word, Options[i].Option))
            continue;
        Given->Text[i] = Value;
        return Choose(i, Value, &Given->Number[i]);
    }
    return FALSE;
}

/* FALSE: one is not known, given without a value, or with one that it does not take. */
static BOOLEAN ParseOptions(ULONG Count, PWSTR Words[], GIVEN *Given)
{
    memset(Given, 0, sizeof(*Given));
    if (Count % 2)
        return FALSE;
    for (ULONG i = 0; i < Count; i += 2)
        if (!ParseOption(Words[i], Words[i + 1], Given))
            return FALSE;
    return TRUE;
}

static void Usage(PCWSTR Command)
{
    Print("USAGE:\n        sc ");
    PrintWide(Command, (ULONG)wcslen(Command));
    Print(" [service name] <option1> <option2>...\n\nOPTIONS, with a blank behind the =:\n"
          " type= <kernel|filesys|rec>\n"
          " start= <boot|system|auto|demand|disabled>   (default = demand)\n"
          " error= <normal|severe|critical|ignore>      (default = normal)\n"
          " binPath= <file of the driver>\n group= <group>\n"
          " depend= <services, with / between them>\n DisplayName= <name>\n");
}

/* ---- Values ---- */

static NTSTATUS WriteText(PCWSTR Name, ULONG Option, PCWSTR Text, ULONG Count)
{
    return RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, Name, Options[Option].Value,
                                 Options[Option].Type, (PVOID)Text, Count * sizeof(WCHAR));
}

/* A drive's path is one of the DOS devices, as the service control manager has it in the registry.
 */
static NTSTATUS WritePath(PCWSTR Name, PCWSTR Path)
{
    WCHAR Buffer[MAXIMUM_LINE + 4];
    UNICODE_STRING Full = {.MaximumLength = sizeof(Buffer), .Buffer = Buffer};

    if (*Path && Path[1] == ':')
        RtlAppendUnicodeToString(&Full, u"\\??\\");
    RtlAppendUnicodeToString(&Full, Path);
    return WriteText(Name, OptionPath, Buffer, Full.Length / sizeof(WCHAR) + 1);
}

static NTSTATUS WriteList(PCWSTR Name, ULONG Option, PCWSTR Text)
{
    WCHAR Buffer[MAXIMUM_LINE + 2];
    ULONG Count = 0;

    for (; *Text && Count < MAXIMUM_LINE; Text++)
        Buffer[Count++] = *Text == '/' ? 0 : *Text;
    Buffer[Count++] = 0;
    Buffer[Count++] = 0;
    return WriteText(Name, Option, Buffer, Count);
}

static NTSTATUS WriteOption(PCWSTR Name, ULONG Option, const GIVEN *Given)
{
    PCWSTR Text = Given->Text[Option];

    if (Options[Option].Type == REG_DWORD)
        return RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, Name, Options[Option].Value, REG_DWORD,
                                     (PVOID)&Given->Number[Option], sizeof(ULONG));
    if (Option == OptionPath)
        return WritePath(Name, Text);
    if (Options[Option].Type == REG_MULTI_SZ)
        return WriteList(Name, Option, Text);
    return WriteText(Name, Option, Text, (ULONG)wcslen(Text) + 1);
}

static NTSTATUS WriteOptions(PCWSTR Name, const GIVEN *Given)
{
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; i < ARRAYSIZE(Options) && NT_SUCCESS(Status); i++)
        if (Given->Text[i])
            Status = WriteOption(Name, i, Given);
    return Status;
}

static BOOLEAN IsGoodName(PCWSTR Name)
{
    size_t Length = wcslen(Name);

    if (!Length || Length > LONGEST_NAME)
        return FALSE;
    for (; *Name; Name++)
        if (*Name == '\\' || *Name == '/')
            return FALSE;
    return TRUE;
}

static BOOLEAN IsThere(PCWSTR Name)
{
    NEP_DRIVER_INFORMATION Driver;

    return IsGoodName(Name) && (IsService(Name) || FindRunningDriver(Name, &Driver));
}

static void GiveDefault(GIVEN *Given, ULONG Option, PCWSTR Word)
{
    if (!Given->Text[Option])
        ParseOption(Options[Option].Option, Word, Given);
}

/* ---- Commands ---- */

static void Create(ULONG Count, PWSTR Words[])
{
    GIVEN Given;
    NTSTATUS Status;

    if (Count < 3 || !ParseOptions(Count - 3, Words + 3, &Given) || !Given.Text[OptionPath] ||
        !Given.Text[OptionType]) {
        Usage(u"create");
        return;
    }
    if (!IsGoodName(Words[2])) {
        Fail("CreateService", InvalidName);
        return;
    }
    if (IsService(Words[2])) {
        Fail("CreateService", AlreadyThere);
        return;
    }
    GiveDefault(&Given, OptionStart, u"demand");
    GiveDefault(&Given, OptionError, u"normal");
    Status = WriteOptions(Words[2], &Given);
    if (NT_SUCCESS(Status)) {
        Print("[SC] CreateService " SUCCESS);
        return;
    }
    FailWithStatus("CreateService", Status);
    DeleteService(Words[2]);
}

static void Configure(ULONG Count, PWSTR Words[])
{
    GIVEN Given;
    NTSTATUS Status;

    if (Count < 4 || !ParseOptions(Count - 3, Words + 3, &Given)) {
        Usage(u"config");
        return;
    }
    if (!IsGoodName(Words[2]) || !IsService(Words[2])) {
        Fail("OpenService", NoSuchService);
        return;
    }
    Status = WriteOptions(Words[2], &Given);
    if (NT_SUCCESS(Status))
        Print("[SC] ChangeServiceConfig " SUCCESS);
    else
        FailWithStatus("ChangeServiceConfig", Status);
}

static void Delete(ULONG Count, PWSTR Words[])
{
    NTSTATUS Status;

    if (!IsGoodName(Words[2]) || !IsService(Words[2])) {
        Fail("OpenService", NoSuchService);
        return;
    }
    Status = DeleteService(Words[2]);
    if (NT_SUCCESS(Status))
        Print("[SC] DeleteService " SUCCESS);
    else
        FailWithStatus("DeleteService", Status);
}

static const char *TypeText(ULONG Type)
{
    return Type == SERVICE_FILE_SYSTEM_DRIVER  ? "FILE_SYSTEM_DRIVER"
           : Type == SERVICE_RECOGNIZER_DRIVER ? "RECOGNIZER_DRIVER"
           : Type == SERVICE_KERNEL_DRIVER     ? "KERNEL_DRIVER"
                                               : "";
}

static void ShowService(PCWSTR Name)
{
    static const struct {
        ULONG Number;
        const char *Text;
    } States[] = {[NepDriverStarting] = {2, "START_PENDING"},
                  [NepDriverRunning] = {4, "RUNNING"},
                  [NepDriverUnloading] = {3, "STOP_PENDING"},
                  [NepDriverEnded] = {1, "STOPPED"},
                  [NepDriverRestarting] = {2, "START_PENDING"}};
    NEP_DRIVER_INFORMATION Driver;
    ULONG Type = ServiceNumber(Name, u"Type", SERVICE_KERNEL_DRIVER), Error;

    FindRunningDriver(Name, &Driver);
    Error = Driver.LastStatus ? RtlNtStatusToDosErrorNoTeb(Driver.LastStatus) : 0;
    Print("\nSERVICE_NAME: ");
    PrintWide(Name, (ULONG)wcslen(Name));
    Print("\n        TYPE               : %x  %s\n", Type, TypeText(Type));
    Print("        STATE              : %u  %s\n", States[Driver.State].Number,
          States[Driver.State].Text);
    Print("        WIN32_EXIT_CODE    : %u  (0x%x)\n", Error, Error);
    if (Driver.HostProcess)
        Print("        PID                : %u\n", Driver.HostProcess);
}

static BOOLEAN IsActive(PCWSTR Name)
{
    NEP_DRIVER_INFORMATION Driver;

    return FindRunningDriver(Name, &Driver) && Driver.State != NepDriverEnded;
}

/* Those that run first, then those that the registry has besides. */
static void ShowServices(BOOLEAN Active, BOOLEAN Inactive)
{
    NEP_DRIVER_INFORMATION Driver;
    WCHAR Name[MAXIMUM_PATH];
    ULONG i;

    for (i = 0; Active && NT_SUCCESS(NepQueryDriver(i, &Driver)); i++)
        if (Driver.State != NepDriverEnded)
            ShowService(Driver.Name);
    for (i = 0; Inactive && NameOfService(i, Name, ARRAYSIZE(Name)); i++)
        if (IsDriverService(Name) && !IsActive(Name))
            ShowService(Name);
}

static void Query(ULONG Count, PWSTR Words[])
{
    BOOLEAN Active = TRUE, Inactive = FALSE, Good = TRUE;

    if (Count == 3) {
        if (IsThere(Words[2]))
            ShowService(Words[2]);
        else
            Fail("EnumQueryServicesStatus:OpenService", NoSuchService);
        return;
    }
    for (ULONG i = 2; i < Count; i += 2) {
        PCWSTR Value = i + 1 < Count ? Words[i + 1] : u"";

        if (EqualWords(Words[i], u"state=")) {
            Active = !EqualWords(Value, u"inactive");
            Inactive = !Active || EqualWords(Value, u"all");
            Good = Good && (Inactive || EqualWords(Value, u"active"));
        } else {
            Good = Good && EqualWords(Words[i], u"type=") &&
                   (EqualWords(Value, u"driver") || EqualWords(Value, u"all"));
        }
    }
    if (Good)
        ShowServices(Active, Inactive);
    else
        Print("USAGE:\n        sc query [service name]\n"
              "        sc query [type= <driver|all>] [state= <active|inactive|all>]\n");
}

static void ShowValue(const char *What, PCWSTR Name, PCWSTR Value)
{
    WCHAR Text[MAXIMUM_LINE];

    ServiceText(Name, Value, Text, ARRAYSIZE(Text));
    Print("        %s : ", What);
    PrintWide(Text, (ULONG)wcslen(Text));
    Print("\n");
}

static void QueryConfiguration(ULONG Count, PWSTR Words[])
{
    static const char *const StartTexts[] = {"BOOT_START", "SYSTEM_START", "AUTO_START",
                                             "DEMAND_START", "DISABLED"};
    static const char *const ErrorTexts[] = {"IGNORE", "NORMAL", "SEVERE", "CRITICAL"};
    ULONG Type, Start, Error;

    if (!IsGoodName(Words[2]) || !IsService(Words[2])) {
        Fail("OpenService", NoSuchService);
        return;
    }
    Type = ServiceNumber(Words[2], u"Type", 0);
    Start = ServiceNumber(Words[2], u"Start", ServiceDemand);
    Error = ServiceNumber(Words[2], u"ErrorControl", 0);
    Print("[SC] QueryServiceConfig " SUCCESS "\nSERVICE_NAME: ");
    PrintWide(Words[2], (ULONG)wcslen(Words[2]));
    Print("\n        TYPE               : %x  %s\n", Type, TypeText(Type));
    Print("        START_TYPE         : %u  %s\n", Start,
          Start < ARRAYSIZE(StartTexts) ? StartTexts[Start] : "");
    Print("        ERROR_CONTROL      : %u  %s\n", Error,
          Error < ARRAYSIZE(ErrorTexts) ? ErrorTexts[Error] : "");
    ShowValue("BINARY_PATH_NAME  ", Words[2], u"ImagePath");
    ShowValue("LOAD_ORDER_GROUP  ", Words[2], u"Group");
    ShowValue("DISPLAY_NAME      ", Words[2], u"DisplayName");
    ShowValue("DEPENDENCIES      ", Words[2], u"DependOnService");
}

/* Words behind the name are for services that are programs. */
static void Start(ULONG Count, PWSTR Words[])
{
    NTSTATUS Status;

    if (!IsThere(Words[2])) {
        Fail("StartService: OpenService", NoSuchService);
        return;
    }
    if (ServiceNumber(Words[2], u"Start", ServiceDemand) >= ServiceDisabled) {
        Fail("StartService", Disabled);
        return;
    }
    FlushScreen(); /* it may take a while */
    Status = WithServicePath(Words[2], NtLoadDriver);
    if (NT_SUCCESS(Status))
        ShowService(Words[2]);
    else
        FailWithStatus("StartService", Status);
}

static void Stop(ULONG Count, PWSTR Words[])
{
    NEP_DRIVER_INFORMATION Driver;
    NTSTATUS Status;

    if (!IsThere(Words[2])) {
        Fail("OpenService", NoSuchService);
        return;
    }
    if (!FindRunningDriver(Words[2], &Driver)) {
        Fail("ControlService", NotStarted);
        return;
    }
    FlushScreen();
    Status = WithServicePath(Words[2], NtUnloadDriver);
    if (NT_SUCCESS(Status))
        ShowService(Words[2]);
    else
        FailWithStatus("ControlService", Status);
}

static const struct {
    PCWSTR Word;
    COMMAND *Run;
    ULONG Needed; /* words */
    const char *Usage;
} Commands[] = {
    {u"query", Query, 2, "[NAME] or [state= all]: what runs"},
    {u"qc", QueryConfiguration, 3, "NAME: what the registry says"},
    {u"create", Create, 3, "NAME type= kernel binPath= FILE [OPTIONS]"},
    {u"config", Configure, 3, "NAME OPTIONS: changes them"},
    {u"start", Start, 3, "NAME: loads the driver"},
    {u"stop", Stop, 3, "NAME: unloads it"},
    {u"delete", Delete, 3, "NAME: forgets the service"},
};

void ServiceControl(ULONG Count, PWSTR Words[])
{
    for (ULONG i = 0; Count > 1 && i < ARRAYSIZE(Commands); i++) {
        if (EqualWords(Words[1], Commands[i].Word) && Count >= Commands[i].Needed) {
            Commands[i].Run(Count, Words);
            return;
        }
    }
    Print("USAGE:\n        sc [command] [service name] <option1> <option2>...\n\n");
    for (ULONG i = 0; i < ARRAYSIZE(Commands); i++) {
        Print("        sc ");
        PrintWide(Commands[i].Word, (ULONG)wcslen(Commands[i].Word));
        Print(" %s\n", Commands[i].Usage);
    }
}
