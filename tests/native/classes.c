/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every information class of every service that has some: those of missing_classes.def, which
 * docs/services.md shows, are STATUS_NOT_IMPLEMENTED with buffers of any length; no other class
 * ever is; and numbers beyond Windows' last one are no classes.
 */
#include "security.h"
#include <neptune/missing_classes.def>

#define BEYOND 300 /* as many numbers beyond the last class are tried */

static UCHAR Room[512] __attribute__((aligned(16)));
static HANDLE Event, File, Directory, Key, Port;
static IO_STATUS_BLOCK Iosb;

typedef struct _MISSING_CLASS {
    ULONG Class;
    const char *Name;
} MISSING_CLASS;

/* ---- How each is asked; what changes something gets no handle, or too little to change it ---- */
#define ASK(service, ...)                                                                          \
    static NTSTATUS Ask_##service(ULONG Class, ULONG Length)                                       \
    {                                                                                              \
        return service(__VA_ARGS__);                                                               \
    }

ASK(NtQueryObject, NtCurrentProcess(), Class, Room, Length, NULL)
ASK(NtSetInformationObject, NULL, Class, Room, Length)
ASK(NtQueryEvent, Event, Class, Room, Length, NULL)
ASK(NtQueryVirtualMemory, NtCurrentProcess(), Room, Class, Room, Length, NULL)
ASK(NtSetInformationVirtualMemory, NULL, Class, 1, (PMEMORY_RANGE_ENTRY)Room, Room, Length)
ASK(NtQuerySection, NULL, Class, Room, Length, NULL)
ASK(NtQueryInformationProcess, NtCurrentProcess(), Class, Room, Length, NULL)
ASK(NtSetInformationProcess, NULL, Class, Room, Length)
ASK(NtQueryInformationThread, NtCurrentThread(), Class, Room, Length, NULL)
ASK(NtSetInformationThread, NULL, Class, Room, Length)
ASK(NtQueryInformationJobObject, NULL, Class, Room, Length, NULL)
ASK(NtSetInformationJobObject, NULL, Class, Room, Length)
ASK(NtQueryInformationFile, File, &Iosb, Room, Length, Class)
ASK(NtSetInformationFile, NULL, &Iosb, Room, Length, Class)
ASK(NtQueryVolumeInformationFile, File, &Iosb, Room, Length, Class)
ASK(NtQueryDirectoryFile, Directory, NULL, NULL, NULL, &Iosb, Room, Length, Class, TRUE, NULL, TRUE)
ASK(NtAlpcQueryInformation, Port, Class, Room, Length, NULL)
ASK(NtAlpcSetInformation, Port, Class, Room, Length)
ASK(NtAlpcQueryInformationMessage, NULL, (PPORT_MESSAGE)Room, Class, Room, Length, NULL)
ASK(NtQueryInformationToken, NtCurrentProcessToken(), Class, Room, Length, &(ULONG){0})
ASK(NtSetInformationToken, NULL, Class, Room, Length)
ASK(NtQueryKey, Key, Class, Room, Length, &(ULONG){0})
ASK(NtSetInformationKey, NULL, Class, Room, Length)
ASK(NtQuerySystemInformationEx, Class, &(USHORT){0}, sizeof(USHORT), Room, Length, NULL)
ASK(NtSetSystemInformation, Class, Room, Length)
ASK(NtPowerInformation, Class, NULL, 0, Room, Length)

/* A provider of firmware tables that nobody knows is STATUS_NOT_IMPLEMENTED, as on Windows: ACPI.
 */
static NTSTATUS Ask_NtQuerySystemInformation(ULONG Class, ULONG Length)
{
    if (Class == SystemFirmwareTableInformation)
        ((PSYSTEM_FIRMWARE_TABLE_INFORMATION)Room)->ProviderSignature = 0x41435049;
    return NtQuerySystemInformation(Class, Room, Length, NULL);
}

/* ---- The services: the number after Windows' last class, the least and most room that is tried,
 * what is no class ---- */
#define SERVICES(SERVICE)                                                                          \
    SERVICE(NtSetInformationObject, MaxObjectInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)         \
    SERVICE(NtQueryVirtualMemory, MaxMemoryInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)           \
    SERVICE(NtSetInformationVirtualMemory, MaxVmInfoClass, 0, 512, STATUS_INVALID_PARAMETER_2)     \
    SERVICE(NtQuerySection, MaxSectionInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)                \
    SERVICE(NtQueryInformationProcess, MaxProcessInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)     \
    SERVICE(NtSetInformationProcess, MaxProcessInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)       \
    SERVICE(NtQueryInformationThread, MaxThreadInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)       \
    SERVICE(NtSetInformationThread, MaxThreadInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)         \
    SERVICE(NtQueryInformationJobObject, MaxJobObjectInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS) \
    SERVICE(NtSetInformationJobObject, MaxJobObjectInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)   \
    SERVICE(NtQueryInformationFile, FileMaximumInformation, 0, 512, STATUS_INVALID_INFO_CLASS)     \
    SERVICE(NtSetInformationFile, FileMaximumInformation, 0, 512, STATUS_INVALID_INFO_CLASS)       \
    SERVICE(NtQueryVolumeInformationFile, FileFsMaximumInformation, 0, 512,                        \
            STATUS_INVALID_INFO_CLASS)                                                             \
    SERVICE(NtAlpcSetInformation, AlpcServerSessionInformation + 1, 0, 512,                        \
            STATUS_INVALID_INFO_CLASS)                                                             \
    SERVICE(NtAlpcQueryInformationMessage, AlpcMessageHandleInformation + 1, 0, 512,               \
            STATUS_INVALID_INFO_CLASS)                                                             \
    SERVICE(NtQueryInformationToken, MaxTokenInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)         \
    SERVICE(NtSetInformationToken, MaxTokenInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)           \
    SERVICE(NtSetInformationKey, MaxKeySetInfoClass, 4, 4, STATUS_INVALID_INFO_CLASS)              \
    SERVICE(NtQuerySystemInformation, MaxSystemInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)       \
    SERVICE(NtQuerySystemInformationEx, MaxSystemInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)     \
    SERVICE(NtSetSystemInformation, MaxSystemInfoClass, 0, 0, STATUS_INVALID_INFO_CLASS)           \
    SERVICE(NtPowerInformation, PowerInformationLevelMaximum, 0, 512, STATUS_INVALID_PARAMETER)

/* Those that miss none. */
#define COMPLETE_SERVICES(SERVICE)                                                                 \
    SERVICE(NtQueryObject, MaxObjectInfoClass, 0, 512, STATUS_INVALID_INFO_CLASS)                  \
    SERVICE(NtQueryEvent, EventBasicInformation + 1, 0, 512, STATUS_INVALID_INFO_CLASS)            \
    SERVICE(NtQueryDirectoryFile, FileMaximumInformation, 0, 512, STATUS_INVALID_INFO_CLASS)       \
    SERVICE(NtAlpcQueryInformation, AlpcServerSessionInformation + 1, 0, 512,                      \
            STATUS_INVALID_INFO_CLASS)                                                             \
    SERVICE(NtQueryKey, MaxKeyInfoClass, 0, 512, STATUS_INVALID_PARAMETER)

#define NAMED(class) {class, #class},
#define LIST(service, ...)                                                                         \
    static const MISSING_CLASS Missing_##service[] = {MISSING_##service(NAMED)};

SERVICES(LIST)

typedef struct _CLASS_SERVICE {
    const char *Name;
    NTSTATUS (*Ask)(ULONG Class, ULONG Length);
    ULONG End, Shortest, Longest;
    NTSTATUS None;
    ULONG MissingCount;
    const MISSING_CLASS *Missing;
} CLASS_SERVICE;

#define WITH_LIST(service, end, shortest, longest, none)                                           \
    {#service,         Ask_##service, end, shortest, longest, none, ARRAYSIZE(Missing_##service),  \
     Missing_##service},
#define WITHOUT_LIST(service, end, shortest, longest, none)                                        \
    {#service, Ask_##service, end, shortest, longest, none, 0, NULL},

static const CLASS_SERVICE Services[] = {SERVICES(WITH_LIST) COMPLETE_SERVICES(WITHOUT_LIST)};

static BOOLEAN IsListed(const CLASS_SERVICE *Service, ULONG Class)
{
    for (ULONG i = 0; i < Service->MissingCount; i++)
        if (Service->Missing[i].Class == Class)
            return TRUE;
    return FALSE;
}

/* How many of the lengths give that status. */
static ULONG CountStatus(const CLASS_SERVICE *Service, ULONG Class, NTSTATUS Status, PULONG Tried)
{
    ULONG Count = 0;

    *Tried = 0;
    for (ULONG Length = Service->Shortest; Length <= Service->Longest;
         Length += Length < 4 ? 1 : 4) {
        memset(Room, 0, sizeof(Room));
        Count += Service->Ask(Class, Length) == Status;
        ++*Tried;
    }
    return Count;
}

static void TestListed(const CLASS_SERVICE *Service)
{
    for (ULONG i = 0; i < Service->MissingCount; i++) {
        ULONG Tried,
            Count = CountStatus(Service, Service->Missing[i].Class, STATUS_NOT_IMPLEMENTED, &Tried);

        ok(Count == Tried && Service->Missing[i].Class < Service->End, Service->Missing[i].Name);
    }
}

static void TestUnlisted(const CLASS_SERVICE *Service)
{
    ULONG Wrong = 0, Tried;

    for (ULONG Class = 0; Class < Service->End; Class++) {
        if (IsListed(Service, Class) ||
            !CountStatus(Service, Class, STATUS_NOT_IMPLEMENTED, &Tried))
            continue;
        TapPrint("# %s: class %u is not in missing_classes.def\n", Service->Name, Class);
        Wrong++;
    }
    ok(Wrong == 0, "no other class is missing");
}

static void TestBeyond(const CLASS_SERVICE *Service)
{
    static const ULONG Large[] = {0x7fffffff, 0x80000000, 0xffffffff};
    ULONG Wrong = 0, Tried;

    for (ULONG i = 0; i < BEYOND + ARRAYSIZE(Large); i++) {
        ULONG Class = i < BEYOND ? Service->End + i : Large[i - BEYOND];

        if (CountStatus(Service, Class, Service->None, &Tried) == Tried)
            continue;
        TapPrint("# %s: %u is taken for a class\n", Service->Name, Class);
        Wrong++;
    }
    ok(Wrong == 0, "what is beyond the last class is none");
}

static HANDLE OpenPath(PCWSTR Path, ACCESS_MASK Access)
{
    HANDLE Handle = NULL;

    NtOpenFile(&Handle, Access | SYNCHRONIZE, Named(Path, OBJ_CASE_INSENSITIVE), &Iosb,
               FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT);
    return Handle;
}

void TestEveryClass(void)
{
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtOpenKey(&Key, KEY_READ, Named(u"\\Registry\\Machine", OBJ_CASE_INSENSITIVE));
    NtAlpcCreatePort(&Port, NULL, NULL);
    File = OpenPath(u"\\SystemRoot\\ntdll.dll", FILE_GENERIC_READ);
    Directory = OpenPath(u"\\SystemRoot", FILE_LIST_DIRECTORY);
    ok(Event && Key && Port && File && Directory, "what is to be asked");
    for (ULONG i = 0; i < ARRAYSIZE(Services); i++) {
        DbgPrint("# the classes of %s\n", Services[i].Name);
        TestListed(&Services[i]);
        TestUnlisted(&Services[i]);
        TestBeyond(&Services[i]);
    }
    NtClose(Directory);
    NtClose(File);
    NtClose(Port);
    NtClose(Key);
    NtClose(Event);
}
