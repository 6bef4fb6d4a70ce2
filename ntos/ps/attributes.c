/* SPDX-License-Identifier: BSD-2-Clause */
/* The attribute lists of NtCreateUserProcess and NtCreateThreadEx. (PS_ATTRIBUTE in
 * include/nt/ntps.h) */
#include "psp.h"

#define MAXIMUM_ATTRIBUTES 16
#define HEADER_LENGTH offsetof(PS_ATTRIBUTE_LIST, Attributes)

/* Results are written to the client's memory, which must be writable. */
static NTSTATUS CheckOutput(const PS_ATTRIBUTE *Attribute, SIZE_T Length)
{
    return Attribute->Size == Length ? MmProbeForWrite((CLIENT(PVOID))Attribute->ValuePtr, Length)
                                     : STATUS_INVALID_PARAMETER;
}

/* A value of Length bytes in the client's memory. */
static NTSTATUS ReadValue(const PS_ATTRIBUTE *Attribute, PVOID Value, SIZE_T Length)
{
    return Attribute->Size == Length
               ? MmCopyFromClient(Value, (CLIENT(PVOID))Attribute->ValuePtr, Length)
               : STATUS_INVALID_PARAMETER;
}

static NTSTATUS TakePriorityClass(const PS_ATTRIBUTE *Attribute, PPSP_ATTRIBUTES Attributes)
{
    UCHAR *Class = &Attributes->PriorityClass;
    NTSTATUS Status = ReadValue(Attribute, Class, sizeof(*Class));

    if (!NT_SUCCESS(Status))
        return Status;
    if (*Class == PROCESS_PRIORITY_CLASS_UNKNOWN || *Class > PROCESS_PRIORITY_CLASS_ABOVE_NORMAL)
        return STATUS_INVALID_PARAMETER;
    return *Class == PROCESS_PRIORITY_CLASS_REALTIME &&
                   !SeSinglePrivilegeCheck(SE_INC_BASE_PRIORITY_PRIVILEGE)
               ? STATUS_PRIVILEGE_NOT_HELD
               : STATUS_SUCCESS;
}

/* There is one node, and one processor. */
static NTSTATUS TakeNode(const PS_ATTRIBUTE *Attribute)
{
    USHORT Node;
    NTSTATUS Status = ReadValue(Attribute, &Node, sizeof(Node));

    return NT_SUCCESS(Status) && Node ? STATUS_INVALID_PARAMETER : Status;
}

static NTSTATUS TakeProcessor(const PS_ATTRIBUTE *Attribute)
{
    PROCESSOR_NUMBER Number;
    NTSTATUS Status = ReadValue(Attribute, &Number, sizeof(Number));

    return NT_SUCCESS(Status) && (Number.Group || Number.Number || Number.Reserved)
               ? STATUS_INVALID_PARAMETER
               : Status;
}

static NTSTATUS TakeAffinity(const PS_ATTRIBUTE *Attribute)
{
    GROUP_AFFINITY Affinity;
    NTSTATUS Status = ReadValue(Attribute, &Affinity, sizeof(Affinity));

    return NT_SUCCESS(Status) && (Affinity.Mask != PSP_ALL_PROCESSORS || Affinity.Group)
               ? STATUS_INVALID_PARAMETER
               : Status;
}

/* Mitigations are wishes, which nothing here fulfils. */
static NTSTATUS TakeMitigations(const PS_ATTRIBUTE *Attribute)
{
    ULONGLONG Options[3];

    return Attribute->Size && Attribute->Size % sizeof(ULONGLONG) == 0 &&
                   Attribute->Size <= sizeof(Options)
               ? ReadValue(Attribute, Options, Attribute->Size)
               : STATUS_INVALID_PARAMETER;
}

/* They come in the parameters, and are inherited like others. */
static NTSTATUS CheckStandardHandles(const PS_ATTRIBUTE *Attribute)
{
    PS_STD_HANDLE_INFO Info;
    NTSTATUS Status = ReadValue(Attribute, &Info, sizeof(Info));

    return NT_SUCCESS(Status) && (Info.Flags & PS_STD_STATE_MASK) > PS_STD_ALWAYS_DUPLICATE
               ? STATUS_INVALID_PARAMETER
               : Status;
}

static NTSTATUS TakeHandleList(const PS_ATTRIBUTE *Attribute, PPSP_ATTRIBUTES Attributes)
{
    Attributes->HandleList = (CLIENT(PHANDLE))Attribute->ValuePtr;
    Attributes->HandleCount = (ULONG)(Attribute->Size / sizeof(HANDLE));
    return Attribute->Size && Attribute->Size % sizeof(HANDLE) == 0 &&
                   Attribute->Size <= OB_MAXIMUM_HANDLES * sizeof(HANDLE)
               ? STATUS_SUCCESS
               : STATUS_INVALID_PARAMETER;
}

/* Attributes whose values are in the client's memory. STATUS_INVALID_PARAMETER: it is none. */
static NTSTATUS TakeValue(const PS_ATTRIBUTE *Attribute, PPSP_ATTRIBUTES Attributes)
{
    switch (Attribute->Attribute) {
    case PS_ATTRIBUTE_PRIORITY_CLASS:
        return TakePriorityClass(Attribute, Attributes);
    case PS_ATTRIBUTE_ERROR_MODE:
        Attributes->SetErrorMode = TRUE;
        return ReadValue(Attribute, &Attributes->ErrorMode, sizeof(Attributes->ErrorMode));
    case PS_ATTRIBUTE_STD_HANDLE_INFO:
        return CheckStandardHandles(Attribute);
    case PS_ATTRIBUTE_HANDLE_LIST:
        return TakeHandleList(Attribute, Attributes);
    case PS_ATTRIBUTE_MITIGATION_OPTIONS:
        return TakeMitigations(Attribute);
    case PS_ATTRIBUTE_PREFERRED_NODE:
        return TakeNode(Attribute);
    case PS_ATTRIBUTE_IDEAL_PROCESSOR:
        return TakeProcessor(Attribute);
    case PS_ATTRIBUTE_GROUP_AFFINITY:
        return TakeAffinity(Attribute);
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

static NTSTATUS TakeAttribute(const PS_ATTRIBUTE *Attribute, PPSP_ATTRIBUTES Attributes)
{
    switch (Attribute->Attribute) {
    case PS_ATTRIBUTE_PARENT_PROCESS:
        Attributes->ParentProcess = Attribute->ValuePtr;
        return Attribute->Size == sizeof(HANDLE) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    case PS_ATTRIBUTE_DEBUG_PORT:
        Attributes->DebugPort = Attribute->ValuePtr;
        return Attribute->Size == sizeof(HANDLE) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    case PS_ATTRIBUTE_TOKEN:
        Attributes->Token = Attribute->ValuePtr;
        return Attribute->Size == sizeof(HANDLE) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    case PS_ATTRIBUTE_CLIENT_ID:
        Attributes->ClientId = (CLIENT(PCLIENT_ID))Attribute->ValuePtr;
        return CheckOutput(Attribute, sizeof(CLIENT_ID));
    case PS_ATTRIBUTE_TEB_ADDRESS:
        Attributes->TebAddress = (CLIENT(PVOID *))Attribute->ValuePtr;
        return CheckOutput(Attribute, sizeof(PVOID));
    case PS_ATTRIBUTE_IMAGE_NAME:
        Attributes->ImageName = (CLIENT(PVOID))Attribute->ValuePtr;
        Attributes->ImageNameLength = Attribute->Size;
        return STATUS_SUCCESS;
    case PS_ATTRIBUTE_IMAGE_INFO:
        Attributes->ImageInformation = (CLIENT(PSECTION_IMAGE_INFORMATION))Attribute->ValuePtr;
        return CheckOutput(Attribute, sizeof(SECTION_IMAGE_INFORMATION));
    case PS_ATTRIBUTE_JOB_LIST:
        Attributes->JobList = (CLIENT(PHANDLE))Attribute->ValuePtr;
        Attributes->JobCount = (ULONG)(Attribute->Size / sizeof(HANDLE));
        return Attribute->Size && Attribute->Size % sizeof(HANDLE) == 0 &&
                       Attribute->Size <= PSP_MAXIMUM_JOB_DEPTH * sizeof(HANDLE)
                   ? STATUS_SUCCESS
                   : STATUS_INVALID_PARAMETER;
    default:
        return TakeValue(Attribute, Attributes);
    }
}

static NTSTATUS CaptureAttribute(CLIENT(const PS_ATTRIBUTE *) Client, ULONG Allowed,
                                 PPSP_ATTRIBUTES Attributes)
{
    PS_ATTRIBUTE Attribute;
    NTSTATUS Status = MmReadClient(&Attribute, Client);
    ULONG Bit;

    if (!NT_SUCCESS(Status))
        return Status;
    Bit = (Attribute.Attribute & PS_ATTRIBUTE_NUMBER_MASK) < 32
              ? PSP_ATTRIBUTE_BIT(Attribute.Attribute)
              : 0;
    if (!(Bit & Allowed) || (Bit & Attributes->Present))
        return STATUS_INVALID_PARAMETER;
    Attributes->Present |= Bit;
    return TakeAttribute(&Attribute, Attributes);
}

NTSTATUS PspCaptureAttributes(CLIENT(PPS_ATTRIBUTE_LIST) List, ULONG Allowed,
                              PPSP_ATTRIBUTES Attributes)
{
    NTSTATUS Status = STATUS_SUCCESS;
    SIZE_T Length, Count, i;

    *Attributes = (PSP_ATTRIBUTES){0};
    if (!List)
        return STATUS_SUCCESS;
    Status = MmReadClient(&Length, &List->TotalLength);
    if (!NT_SUCCESS(Status))
        return Status;
    Count = Length < HEADER_LENGTH ? 0 : (Length - HEADER_LENGTH) / sizeof(PS_ATTRIBUTE);
    if (Length != HEADER_LENGTH + Count * sizeof(PS_ATTRIBUTE) || Count > MAXIMUM_ATTRIBUTES)
        return STATUS_INVALID_PARAMETER;
    for (i = 0; i < Count && NT_SUCCESS(Status); i++)
        Status = CaptureAttribute(&List->Attributes[i], Allowed, Attributes);
    return Status;
}

NTSTATUS PspReturnThreadAttributes(const PSP_ATTRIBUTES *Attributes, PETHREAD Thread)
{
    CLIENT_ID ClientId = {Thread->Process->UniqueProcessId, Thread->UniqueThreadId};
    PVOID Teb = Thread->Teb;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Attributes->ClientId)
        Status = MmWriteClient(Attributes->ClientId, &ClientId);
    if (NT_SUCCESS(Status) && Attributes->TebAddress)
        Status = MmWriteClient(Attributes->TebAddress, &Teb);
    return Status;
}
