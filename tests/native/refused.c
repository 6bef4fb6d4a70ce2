/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is missing says so: services that are not implemented, and of those that are, the flags and
 * values of refused.def; classes are in classes.c. None of them pretends. What this system learns
 * to do leaves here (and docs/services.md, which is made from the same lists).
 */
#include "security.h"

enum {
#define SERVICE(name, count) Number_##name,
#define DRIVER_SERVICE(name, count) Number_##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

static const struct {
    ULONG Number;
    const char *Name;
} Missing[] = {
#define SERVICE(name, count)
#define DRIVER_SERVICE(name, count)
#undef MISSING_SERVICE
#define MISSING_SERVICE(name, count) {Number_##name, #name},
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

/* Whether it was enabled. */
static BOOLEAN Enable(ULONG Privilege)
{
    BOOLEAN Was = FALSE;

    RtlAdjustPrivilege(Privilege, TRUE, FALSE, &Was);
    return Was;
}

/* ---- Memory: flags ---- */
static NTSTATUS Allocate(BOOLEAN Ex, ULONG Type)
{
    PVOID Base = NULL;
    SIZE_T Size = 0x200000;
    BOOLEAN Was = Enable(SE_LOCK_MEMORY_PRIVILEGE);
    NTSTATUS Status = Ex ? NtAllocateVirtualMemoryEx(NtCurrentProcess(), &Base, &Size,
                                                     MEM_RESERVE | Type, PAGE_READWRITE, NULL, 0)
                         : NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                                   MEM_RESERVE | Type, PAGE_READWRITE);

    SetPrivilege(SE_LOCK_MEMORY_PRIVILEGE, Was);
    return Status;
}

#define ALLOCATION(service, ex, what, type)                                                        \
    static NTSTATUS service##_##what(void)                                                         \
    {                                                                                              \
        return Allocate(ex, type);                                                                 \
    }

/* Both flags of executable pages are this bit. */
#define TARGETS (PAGE_EXECUTE_READ | 0x40000000)

static NTSTATUS NtAllocateVirtualMemory_PAGE_TARGETS_INVALID(void)
{
    PVOID Base = NULL;
    SIZE_T Size = 0x1000;

    return NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                                   TARGETS);
}

static NTSTATUS NtProtectVirtualMemory_PAGE_TARGETS_NO_UPDATE(void)
{
    PVOID Base = NULL, Changed;
    SIZE_T Size = 0x1000, Whole = 0;
    ULONG Old;
    NTSTATUS Status;

    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                            PAGE_EXECUTE_READ);
    Changed = Base;
    Status = NtProtectVirtualMemory(NtCurrentProcess(), &Changed, &Size, TARGETS, &Old);
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Whole, MEM_RELEASE);
    return Status;
}

/* Also for a device, whose driver would get them on Windows. */
static NTSTATUS NtCreateFile_EaBuffer(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\Null");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    UCHAR Ea[16] = {0};
    HANDLE File;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtCreateFile(&File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb, NULL, 0,
                        FILE_SHARE_READ, FILE_OPEN, 0, Ea, sizeof(Ea));
}

ALLOCATION(NtAllocateVirtualMemory, FALSE, MEM_PHYSICAL, MEM_PHYSICAL)
ALLOCATION(NtAllocateVirtualMemory, FALSE, MEM_LARGE_PAGES, MEM_COMMIT | MEM_LARGE_PAGES)
ALLOCATION(NtAllocateVirtualMemoryEx, TRUE, MEM_PHYSICAL, MEM_PHYSICAL)
ALLOCATION(NtAllocateVirtualMemoryEx, TRUE, MEM_LARGE_PAGES, MEM_COMMIT | MEM_LARGE_PAGES)
ALLOCATION(NtAllocateVirtualMemoryEx, TRUE, MEM_RESERVE_PLACEHOLDER, MEM_RESERVE_PLACEHOLDER)
ALLOCATION(NtAllocateVirtualMemoryEx, TRUE, MEM_REPLACE_PLACEHOLDER, MEM_REPLACE_PLACEHOLDER)

/* ---- Memory: extended parameters ---- */
static NTSTATUS AllocateWith(ULONG Type)
{
    MEM_EXTENDED_PARAMETER Parameter = {.Type = Type};
    PVOID Base = NULL;
    SIZE_T Size = 0x10000;

    return NtAllocateVirtualMemoryEx(NtCurrentProcess(), &Base, &Size, MEM_RESERVE, PAGE_READWRITE,
                                     &Parameter, 1);
}

static NTSTATUS MapWith(ULONG Type)
{
    MEM_EXTENDED_PARAMETER Parameter = {.Type = Type};
    PVOID Base = NULL;
    SIZE_T Size = 0;

    return NtMapViewOfSectionEx(NULL, NtCurrentProcess(), &Base, NULL, &Size, 0, PAGE_READWRITE,
                                &Parameter, 1);
}

static NTSTATUS CreateWith(ULONG Type)
{
    MEM_EXTENDED_PARAMETER Parameter = {.Type = Type};
    LARGE_INTEGER Size = {.QuadPart = 0x10000};
    HANDLE Section;

    return NtCreateSectionEx(&Section, SECTION_ALL_ACCESS, NULL, &Size, PAGE_READWRITE, SEC_COMMIT,
                             NULL, &Parameter, 1);
}

#define EXTENDED_PARAMETER(type)                                                                   \
    static NTSTATUS NtAllocateVirtualMemoryEx_##type(void)                                         \
    {                                                                                              \
        return AllocateWith(type);                                                                 \
    }                                                                                              \
    static NTSTATUS NtMapViewOfSectionEx_##type(void)                                              \
    {                                                                                              \
        return MapWith(type);                                                                      \
    }                                                                                              \
    static NTSTATUS NtCreateSectionEx_##type(void)                                                 \
    {                                                                                              \
        return CreateWith(type);                                                                   \
    }

EXTENDED_PARAMETER(MemExtendedParameterPartitionHandle)
EXTENDED_PARAMETER(MemExtendedParameterUserPhysicalHandle)
EXTENDED_PARAMETER(MemExtendedParameterImageMachine)

static NTSTATUS NtMapViewOfSectionEx_MEM_REPLACE_PLACEHOLDER(void)
{
    PVOID Base = NULL;
    SIZE_T Size = 0;

    return NtMapViewOfSectionEx(NULL, NtCurrentProcess(), &Base, NULL, &Size,
                                MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0);
}

static NTSTATUS NtAllocateUserPhysicalPages_all(void)
{
    ULONG_PTR Count = 1, Frame;

    return NtAllocateUserPhysicalPages(NtCurrentProcess(), &Count, &Frame);
}

/* ---- Sections ---- */
static NTSTATUS CreateSection(BOOLEAN Ex, ULONG Attributes)
{
    LARGE_INTEGER Size = {.QuadPart = 0x10000};
    BOOLEAN Was = Enable(SE_LOCK_MEMORY_PRIVILEGE);
    HANDLE Section;
    NTSTATUS Status = Ex ? NtCreateSectionEx(&Section, SECTION_ALL_ACCESS, NULL, &Size,
                                             PAGE_READWRITE, SEC_COMMIT | Attributes, NULL, NULL, 0)
                         : NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Size,
                                           PAGE_READWRITE, SEC_COMMIT | Attributes, NULL);

    SetPrivilege(SE_LOCK_MEMORY_PRIVILEGE, Was);
    return Status;
}

#define NEW_SECTION(service, ex)                                                                   \
    static NTSTATUS service##_SEC_LARGE_PAGES(void)                                                \
    {                                                                                              \
        return CreateSection(ex, SEC_LARGE_PAGES);                                                 \
    }                                                                                              \
    static NTSTATUS service##_SEC_BASED(void)                                                      \
    {                                                                                              \
        return CreateSection(ex, SEC_BASED);                                                       \
    }

NEW_SECTION(NtCreateSection, FALSE)
NEW_SECTION(NtCreateSectionEx, TRUE)

static NTSTATUS MapLarge(BOOLEAN Ex)
{
    LARGE_INTEGER Length = {.QuadPart = 0x10000};
    PVOID Base = NULL;
    SIZE_T Size = 0;
    HANDLE Section;
    NTSTATUS Status = NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                      SEC_COMMIT, NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Ex ? NtMapViewOfSectionEx(Section, NtCurrentProcess(), &Base, NULL, &Size,
                                       MEM_LARGE_PAGES, PAGE_READWRITE, NULL, 0)
                : NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size,
                                     ViewUnmap, MEM_LARGE_PAGES, PAGE_READWRITE);
    NtClose(Section);
    return Status;
}

static NTSTATUS NtMapViewOfSection_MEM_LARGE_PAGES(void)
{
    return MapLarge(FALSE);
}

static NTSTATUS NtMapViewOfSectionEx_MEM_LARGE_PAGES(void)
{
    return MapLarge(TRUE);
}

/* ---- Processes, pipes, tokens, the system ---- */
static NTSTATUS NtSetInformationProcess_ProcessQuotaLimits__of__pool(void)
{
    QUOTA_LIMITS Quota = {.PagedPoolLimit = 0x100000};
    BOOLEAN Was;
    NTSTATUS Status;

    Was = Enable(SE_INCREASE_QUOTA_PRIVILEGE);
    Status = NtSetInformationProcess(NtCurrentProcess(), ProcessQuotaLimits, &Quota, sizeof(Quota));
    SetPrivilege(SE_INCREASE_QUOTA_PRIVILEGE, Was);
    return Status;
}

static NTSTATUS NtSetInformationProcess_ProcessSessionInformation__but__0(void)
{
    ULONG Session = 1;

    return NtSetInformationProcess(NtCurrentProcess(), ProcessSessionInformation, &Session,
                                   sizeof(Session));
}

#if defined(__i386__)
static NTSTATUS NtSetInformationProcess_MEM_EXECUTE_OPTION_DISABLE__on__i686(void)
{
    ULONG Flags = MEM_EXECUTE_OPTION_DISABLE;

    return NtSetInformationProcess(NtCurrentProcess(), ProcessExecuteFlags, &Flags, sizeof(Flags));
}
#endif

static NTSTATUS ControlPipe(ULONG Code)
{
    LARGE_INTEGER Timeout = {.QuadPart = -10000};
    IO_STATUS_BLOCK Iosb;
    HANDLE Pipe = NULL;
    ULONG_PTR Answer[4];
    NTSTATUS Status = NtCreateNamedPipeFile(
        &Pipe, GENERIC_READ | SYNCHRONIZE, Named(u"\\Device\\NamedPipe\\UmRefused", 0), &Iosb,
        FILE_SHARE_WRITE, FILE_CREATE, FILE_SYNCHRONOUS_IO_NONALERT, 0, 0, 0, 1, 64, 64, &Timeout);

    if (NT_SUCCESS(Status))
        Status =
            NtFsControlFile(Pipe, NULL, NULL, NULL, &Iosb, Code, NULL, 0, Answer, sizeof(Answer));
    NtClose(Pipe);
    return Status;
}

#define PIPE_CONTROL(code)                                                                         \
    static NTSTATUS NtFsControlFile_##code(void)                                                   \
    {                                                                                              \
        return ControlPipe(code);                                                                  \
    }

PIPE_CONTROL(FSCTL_PIPE_ASSIGN_EVENT)
PIPE_CONTROL(FSCTL_PIPE_QUERY_EVENT)
PIPE_CONTROL(FSCTL_PIPE_QUERY_CLIENT_PROCESS)
PIPE_CONTROL(FSCTL_PIPE_SET_CLIENT_PROCESS)
PIPE_CONTROL(FSCTL_PIPE_GET_PIPE_ATTRIBUTE)
PIPE_CONTROL(FSCTL_PIPE_SET_PIPE_ATTRIBUTE)
PIPE_CONTROL(FSCTL_PIPE_SET_CONNECTION_ATTRIBUTE)

static NTSTATUS MakePlainToken(PHANDLE Token)
{
    OBJECT_ATTRIBUTES Attributes = {.Length = sizeof(Attributes)};
    LUID Session = {0x3e7, 0};
    LARGE_INTEGER Never = {.QuadPart = 0x7fffffffffffffff};
    TOKEN_USER User = {{AS_SID(UserSid), 0}};
    TOKEN_GROUPS Groups = {0};
    TOKEN_PRIVILEGES Privileges = {0};
    TOKEN_PRIMARY_GROUP Group = {AS_SID(UserSid)};
    TOKEN_SOURCE Source = {"umtests", {1, 0}};
    BOOLEAN Was;
    NTSTATUS Status;

    Was = Enable(SE_CREATE_TOKEN_PRIVILEGE);
    Status = NtCreateToken(Token, TOKEN_ALL_ACCESS, &Attributes, TokenPrimary, &Session, &Never,
                           &User, &Groups, &Privileges, NULL, &Group, NULL, &Source);
    SetPrivilege(SE_CREATE_TOKEN_PRIVILEGE, Was);
    return Status;
}

static NTSTATUS NtSetInformationToken_TokenIntegrityLevel__of__a__token__without(void)
{
    TOKEN_MANDATORY_LABEL Label = {{AS_SID(LowLabel), SE_GROUP_INTEGRITY}};
    HANDLE Token = NULL;
    NTSTATUS Status = MakePlainToken(&Token);

    if (NT_SUCCESS(Status))
        Status = NtSetInformationToken(Token, TokenIntegrityLevel, &Label, sizeof(Label));
    NtClose(Token);
    return Status;
}

static NTSTATUS NtQuerySystemInformation_firmware__tables__of__FIRM(void)
{
    SYSTEM_FIRMWARE_TABLE_INFORMATION Request = {.ProviderSignature = 0x4649524d};

    return NtQuerySystemInformation(SystemFirmwareTableInformation, &Request, sizeof(Request),
                                    NULL);
}

static NTSTATUS NtSetSystemInformation_SystemTimeAdjustmentInformation__to__another__speed(void)
{
    SYSTEM_SET_TIME_ADJUST_INFORMATION Adjustment = {.TimeAdjustment = 150000, .Enable = FALSE};
    BOOLEAN Was;
    NTSTATUS Status;

    Was = Enable(SE_SYSTEMTIME_PRIVILEGE);
    Status =
        NtSetSystemInformation(SystemTimeAdjustmentInformation, &Adjustment, sizeof(Adjustment));
    SetPrivilege(SE_SYSTEMTIME_PRIVILEGE, Was);
    return Status;
}

/* ---- NtCreateUserProcess, and routines that are queued ---- */
/* A program that is not there, with the flags and, unless it is 0, the attribute. */
static NTSTATUS CreateProcessWith(ULONG Flags, ULONG_PTR Attribute)
{
    static WCHAR Name[] = u"\\??\\C:\\none.exe";
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"C:\\none.exe");
    ULONGLONG Value = 0;
    struct {
        SIZE_T Length;
        PS_ATTRIBUTE Attributes[2];
    } List = {.Length = sizeof(SIZE_T) + (Attribute ? 2 : 1) * sizeof(PS_ATTRIBUTE),
              .Attributes = {{.Attribute = PS_ATTRIBUTE_IMAGE_NAME,
                              .Size = sizeof(Name) - sizeof(WCHAR),
                              .ValuePtr = Name},
                             {.Attribute = Attribute, .Size = sizeof(Value), .ValuePtr = &Value}}};
    PS_CREATE_INFO Info = {.Size = sizeof(Info)};
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    HANDLE Process, Thread;
    NTSTATUS Status = RtlCreateProcessParametersEx(&Parameters, &Path, NULL, NULL, NULL, NULL, NULL,
                                                   NULL, NULL, NULL, 0);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtCreateUserProcess(&Process, &Thread, MAXIMUM_ALLOWED, MAXIMUM_ALLOWED, NULL, NULL,
                                 Flags, THREAD_CREATE_FLAGS_CREATE_SUSPENDED, Parameters, &Info,
                                 (PPS_ATTRIBUTE_LIST)&List);
    RtlDestroyProcessParameters(Parameters);
    return Status;
}

/* It is the attribute or the flag that is refused. (The parameters are not normalised.) */
static void TestUnrefusedProcess(void)
{
    ok_status(CreateProcessWith(0, 0), STATUS_OBJECT_NAME_NOT_FOUND, "a program that is not there");
    ok_status(CreateProcessWith(PROCESS_CREATE_FLAGS_BREAKAWAY | PROCESS_CREATE_FLAGS_SUSPENDED |
                                    PROCESS_CREATE_FLAGS_INHERIT_HANDLES |
                                    PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT,
                                PS_ATTRIBUTE_MITIGATION_OPTIONS),
              STATUS_OBJECT_NAME_NOT_FOUND, "with the flags and an attribute that are known");
}

#define PROCESS_ATTRIBUTE(attribute)                                                               \
    static NTSTATUS NtCreateUserProcess_##attribute(void)                                          \
    {                                                                                              \
        return CreateProcessWith(0, attribute);                                                    \
    }
#define PROCESS_FLAG(flag)                                                                         \
    static NTSTATUS NtCreateUserProcess_##flag(void)                                               \
    {                                                                                              \
        return CreateProcessWith(flag, 0);                                                         \
    }

PROCESS_ATTRIBUTE(PS_ATTRIBUTE_UMS_THREAD)
PROCESS_ATTRIBUTE(PS_ATTRIBUTE_PROTECTION_LEVEL)
PROCESS_ATTRIBUTE(PS_ATTRIBUTE_SECURE_PROCESS)
PROCESS_ATTRIBUTE(PS_ATTRIBUTE_CHILD_PROCESS_POLICY)
PROCESS_ATTRIBUTE(PS_ATTRIBUTE_ALL_APPLICATION_PACKAGES_POLICY)
PROCESS_ATTRIBUTE(PS_ATTRIBUTE_WIN32K_FILTER)
PROCESS_ATTRIBUTE(PS_ATTRIBUTE_SAFE_OPEN_PROMPT_ORIGIN_CLAIM)
PROCESS_ATTRIBUTE(PS_ATTRIBUTE_BNO_ISOLATION)
PROCESS_ATTRIBUTE(PS_ATTRIBUTE_DESKTOP_APP_POLICY)
PROCESS_ATTRIBUTE(PS_ATTRIBUTE_CHPE)
PROCESS_FLAG(PROCESS_CREATE_FLAGS_PROTECTED_PROCESS)
PROCESS_FLAG(PROCESS_CREATE_FLAGS_CREATE_SESSION)
PROCESS_FLAG(PROCESS_CREATE_FLAGS_INHERIT_FROM_PARENT)
PROCESS_FLAG(PROCESS_CREATE_FLAGS_FORCE_BREAKAWAY)
PROCESS_FLAG(PROCESS_CREATE_FLAGS_RELEASE_SECTION)
PROCESS_FLAG(PROCESS_CREATE_FLAGS_AUXILIARY_PROCESS)
PROCESS_FLAG(PROCESS_CREATE_FLAGS_CREATE_STORE)
PROCESS_FLAG(PROCESS_CREATE_FLAGS_USE_PROTECTED_ENVIRONMENT)

static NTSTATUS NtQueueApcThreadEx2_QUEUE_USER_APC_CALLBACK_DATA_CONTEXT(void)
{
    return NtQueueApcThreadEx2(NtCurrentThread(), NULL, QUEUE_USER_APC_CALLBACK_DATA_CONTEXT, NULL,
                               NULL, NULL, NULL);
}

/* ---- ALPC ---- */

static HANDLE NewPort(void)
{
    HANDLE Port = NULL;

    NtAlpcCreatePort(&Port, NULL, NULL);
    return Port;
}

static NTSTATUS NtAlpcConnectPortEx_ServerSecurityRequirements(void)
{
    SECURITY_DESCRIPTOR Descriptor = {.Revision = SECURITY_DESCRIPTOR_REVISION};
    HANDLE Port;

    return NtAlpcConnectPortEx(&Port, NULL, NULL, NULL, 0, &Descriptor, NULL, NULL, NULL, NULL,
                               NULL);
}

/* A message through a new port with the one attribute, which is all zeros but for its flags. */
static NTSTATUS SendAttribute(ULONG Attribute, ULONG Flags)
{
    PORT_MESSAGE Message = {.u1.s1.TotalLength = sizeof(Message)};
    struct {
        ALPC_MESSAGE_ATTRIBUTES Header;
        ULONG Flags;
        ULONG Rest[16];
    } Attributes = {.Header = {Attribute, Attribute}, .Flags = Flags};
    HANDLE Port = NewPort();
    NTSTATUS Status =
        NtAlpcSendWaitReceivePort(Port, 0, &Message, &Attributes.Header, NULL, NULL, NULL, NULL);

    NtClose(Port);
    return Status;
}

static NTSTATUS NtAlpcSendWaitReceivePort_ALPC_MESSAGE_DIRECT_ATTRIBUTE(void)
{
    return SendAttribute(ALPC_MESSAGE_DIRECT_ATTRIBUTE, 0);
}

static NTSTATUS NtAlpcSendWaitReceivePort_ALPC_HANDLEFLG_INDIRECT(void)
{
    return SendAttribute(ALPC_MESSAGE_HANDLE_ATTRIBUTE, ALPC_HANDLEFLG_INDIRECT);
}

static NTSTATUS NtAlpcCreatePortSection_ALPC_CREATEPORTSECTIONFLG_SECURE(void)
{
    HANDLE Port = NewPort();
    ALPC_HANDLE Section;
    SIZE_T Size;
    NTSTATUS Status = NtAlpcCreatePortSection(Port, ALPC_CREATEPORTSECTIONFLG_SECURE, NULL, 0x1000,
                                              &Section, &Size);

    NtClose(Port);
    return Status;
}

static NTSTATUS NtNotifyChangeDirectoryFile_directories__of__pipes__and__mailslots(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\NamedPipe\\");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    ULONG Buffer[4];
    HANDLE Directory;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, NULL);
    Status = NtOpenFile(&Directory, FILE_LIST_DIRECTORY | SYNCHRONIZE, &Attributes, &Iosb,
                        FILE_SHARE_READ | FILE_SHARE_WRITE, 0);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtNotifyChangeDirectoryFile(Directory, NULL, NULL, NULL, &Iosb, Buffer, sizeof(Buffer),
                                         1, FALSE);
    NtClose(Directory);
    return Status;
}

static const struct {
    NTSTATUS (*Ask)(void);
    NTSTATUS Status;
    const char *Name;
} Refused[] = {
#define REFUSED(service, what, status) {service##_##what, status, #service ": " #what},
#include "refused.def"
#undef REFUSED
};

void TestRefused(void)
{
    static const ULONG_PTR Nothing[17];

    for (ULONG i = 0; i < ARRAYSIZE(Missing); i++)
        ok_status(RawService(Missing[i].Number, Nothing), STATUS_NOT_IMPLEMENTED, Missing[i].Name);
    for (ULONG i = 0; i < ARRAYSIZE(Refused); i++)
        ok_status(Refused[i].Ask(), Refused[i].Status, Refused[i].Name);
    TestUnrefusedProcess();
    TestEveryClass();
}
