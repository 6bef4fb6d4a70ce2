/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is missing says so: services that are not implemented, and of those that are, the classes
 * and flags of refused.def. None of them pretends. What this system learns to do leaves here (and
 * docs/services.md, which is made from the same lists).
 */
#include "tap.h"

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

static NTSTATUS NtAllocateVirtualMemory_MEM_PHYSICAL(void)
{
    PVOID Base = NULL;
    SIZE_T Size = 0x10000;

    return NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE | MEM_PHYSICAL,
                                   PAGE_READWRITE);
}

static NTSTATUS NtAllocateVirtualMemoryEx_MEM_RESERVE_PLACEHOLDER(void)
{
    PVOID Base = NULL;
    SIZE_T Size = 0x10000;

    return NtAllocateVirtualMemoryEx(NtCurrentProcess(), &Base, &Size,
                                     MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0);
}

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

static NTSTATUS CreateSectionWith(ULONG Attributes)
{
    LARGE_INTEGER Size = {.QuadPart = 0x10000};
    HANDLE Section;

    return NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Size, PAGE_READWRITE,
                           SEC_COMMIT | Attributes, NULL);
}

static NTSTATUS NtCreateSection_SEC_LARGE_PAGES(void)
{
    return CreateSectionWith(SEC_LARGE_PAGES);
}

static NTSTATUS NtCreateSection_SEC_BASED(void)
{
    return CreateSectionWith(SEC_BASED);
}

static NTSTATUS NtMapViewOfSection_MEM_LARGE_PAGES(void)
{
    LARGE_INTEGER Length = {.QuadPart = 0x10000};
    PVOID Base = NULL;
    SIZE_T Size = 0;
    HANDLE Section;
    NTSTATUS Status = NtCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Length, PAGE_READWRITE,
                                      SEC_COMMIT, NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &Size, ViewUnmap,
                                MEM_LARGE_PAGES, PAGE_READWRITE);
    NtClose(Section);
    return Status;
}

static NTSTATUS NtSetInformationJobObject_JobObjectCpuRateControlInformation(void)
{
    ULONGLONG Rate = 0;

    return NtSetInformationJobObject(NULL, JobObjectCpuRateControlInformation, &Rate, sizeof(Rate));
}

static NTSTATUS NtQueryInformationJobObject_JobObjectCpuRateControlInformation(void)
{
    ULONGLONG Rate;

    return NtQueryInformationJobObject(NULL, JobObjectCpuRateControlInformation, &Rate,
                                       sizeof(Rate), NULL);
}

/* The class is looked at before the handle. */
static NTSTATUS SetKey(KEY_SET_INFORMATION_CLASS Class)
{
    ULONG Zero = 0;

    return NtSetInformationKey(NULL, Class, &Zero, sizeof(Zero));
}

static NTSTATUS NtSetInformationKey_KeySetVirtualizationInformation(void)
{
    return SetKey(KeySetVirtualizationInformation);
}

static NTSTATUS NtSetInformationKey_KeySetDebugInformation(void)
{
    return SetKey(KeySetDebugInformation);
}

static NTSTATUS NtSetInformationKey_KeySetHandleTagsInformation(void)
{
    return SetKey(KeySetHandleTagsInformation);
}

static NTSTATUS NtSetInformationKey_KeySetLayerInformation(void)
{
    return SetKey(KeySetLayerInformation);
}

static NTSTATUS AskToken(TOKEN_INFORMATION_CLASS Class)
{
    ULONG_PTR Buffer[64];
    ULONG Length;

    return NtQueryInformationToken(NtCurrentProcessToken(), Class, Buffer, sizeof(Buffer), &Length);
}

static NTSTATUS NtQueryInformationToken_TokenAuditPolicy(void)
{
    return AskToken(TokenAuditPolicy);
}

static NTSTATUS NtQueryInformationToken_TokenAccessInformation(void)
{
    return AskToken(TokenAccessInformation);
}

static NTSTATUS NtQueryInformationToken_TokenBnoIsolation(void)
{
    return AskToken(TokenBnoIsolation);
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

static NTSTATUS SetPort(ALPC_PORT_INFORMATION_CLASS Class)
{
    ALPC_PORT_COMPLETION_LIST_INFORMATION Information = {0};
    HANDLE Port = NewPort();
    NTSTATUS Status = NtAlpcSetInformation(Port, Class, &Information, sizeof(Information));

    NtClose(Port);
    return Status;
}

static NTSTATUS NtAlpcSetInformation_AlpcMessageZoneInformation(void)
{
    return SetPort(AlpcMessageZoneInformation);
}

static NTSTATUS NtAlpcSetInformation_AlpcRegisterCompletionListInformation(void)
{
    return SetPort(AlpcRegisterCompletionListInformation);
}

static NTSTATUS NtAlpcSetInformation_AlpcWaitForPortReferences(void)
{
    return SetPort(AlpcWaitForPortReferences);
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
}
