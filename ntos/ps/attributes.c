/* SPDX-License-Identifier: BSD-2-Clause */
/* The attribute lists of NtCreateUserProcess and NtCreateThreadEx. (PS_ATTRIBUTE in
 * include/nt/ntps.h) */
#include "psp.h"

#define MAXIMUM_ATTRIBUTES 16
#define HEADER_LENGTH offsetof(PS_ATTRIBUTE_LIST, Attributes)

/* Results go to the client's memory, which is there to be written. */
static NTSTATUS CheckOutput(const PS_ATTRIBUTE *Attribute, SIZE_T Length)
{
    return Attribute->Size == Length ? MmProbeForWrite(Attribute->ValuePtr, Length)
                                     : STATUS_INVALID_PARAMETER;
}

static NTSTATUS TakeAttribute(const PS_ATTRIBUTE *Attribute, PPSP_ATTRIBUTES Attributes)
{
    switch (Attribute->Attribute) {
    case PS_ATTRIBUTE_PARENT_PROCESS:
        Attributes->ParentProcess = Attribute->ValuePtr;
        return Attribute->Size == sizeof(HANDLE) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    case PS_ATTRIBUTE_CLIENT_ID:
        Attributes->ClientId = Attribute->ValuePtr;
        return CheckOutput(Attribute, sizeof(CLIENT_ID));
    case PS_ATTRIBUTE_TEB_ADDRESS:
        Attributes->TebAddress = Attribute->ValuePtr;
        return CheckOutput(Attribute, sizeof(PVOID));
    case PS_ATTRIBUTE_IMAGE_NAME:
        Attributes->ImageName = Attribute->ValuePtr;
        Attributes->ImageNameLength = Attribute->Size;
        return STATUS_SUCCESS;
    case PS_ATTRIBUTE_IMAGE_INFO:
        Attributes->ImageInformation = Attribute->ValuePtr;
        return CheckOutput(Attribute, sizeof(SECTION_IMAGE_INFORMATION));
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

static NTSTATUS CaptureAttribute(const PS_ATTRIBUTE *Client, ULONG Allowed,
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

NTSTATUS PspCaptureAttributes(PPS_ATTRIBUTE_LIST List, ULONG Allowed, PPSP_ATTRIBUTES Attributes)
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
