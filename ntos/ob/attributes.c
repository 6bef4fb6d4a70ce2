/* SPDX-License-Identifier: BSD-2-Clause */
/* OBJECT_ATTRIBUTES of a client, captured and checked. */
#include "obp.h"

static NTSTATUS ObpCaptureName(PUNICODE_STRING Name, CLIENT(PUNICODE_STRING) ClientName)
{
    NTSTATUS Status = ExCaptureUnicodeString(Name, ClientName, UNICODE_STRING_MAX_BYTES);

    return Status == STATUS_INVALID_PARAMETER || Status == STATUS_NAME_TOO_LONG
               ? STATUS_OBJECT_NAME_INVALID
               : Status;
}

static NTSTATUS ObpCaptureParts(POB_ATTRIBUTES Attributes, const OBJECT_ATTRIBUTES *Client)
{
    NTSTATUS Status = STATUS_SUCCESS;

    if (Client->SecurityDescriptor)
        Status = SeCaptureDescriptor((CLIENT(PSECURITY_DESCRIPTOR))Client->SecurityDescriptor,
                                     &Attributes->SecurityDescriptor);
    if (NT_SUCCESS(Status) && Client->ObjectName)
        Status = ObpCaptureName(&Attributes->Name, Client->ObjectName);
    if (!NT_SUCCESS(Status))
        ObFreeAttributes(Attributes);
    return Status;
}

NTSTATUS ObCaptureAttributes(POB_ATTRIBUTES Attributes, CLIENT(POBJECT_ATTRIBUTES) ClientAttributes)
{
    OBJECT_ATTRIBUTES Client;
    NTSTATUS Status;

    *Attributes = (OB_ATTRIBUTES){0};
    if (!ClientAttributes)
        return STATUS_SUCCESS;
    if ((ULONG_PTR)ClientAttributes % sizeof(ULONG))
        return STATUS_DATATYPE_MISALIGNMENT;
    Status = MmReadClient(&Client, ClientAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Client.Length != sizeof(Client) || (Client.Attributes & ~OBJ_VALID_ATTRIBUTES))
        return STATUS_INVALID_PARAMETER;
    Attributes->RootDirectory = Client.RootDirectory;
    Attributes->Attributes = Client.Attributes & ~OBJ_KERNEL_HANDLE;
    if (Client.SecurityDescriptor)
        return ObpCaptureParts(Attributes, &Client);
    return Client.ObjectName ? ObpCaptureName(&Attributes->Name, Client.ObjectName)
                             : STATUS_SUCCESS;
}

void ObFreeAttributes(POB_ATTRIBUTES Attributes)
{
    ExFreeUnicodeString(&Attributes->Name);
    if (Attributes->SecurityDescriptor)
        ExFreePool(Attributes->SecurityDescriptor);
    Attributes->SecurityDescriptor = NULL;
}
