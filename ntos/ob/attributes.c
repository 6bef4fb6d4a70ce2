/* SPDX-License-Identifier: BSD-2-Clause */
/* OBJECT_ATTRIBUTES of a client, captured and checked. */
#include "obp.h"

static NTSTATUS ObpCaptureName(PUNICODE_STRING Name, PUNICODE_STRING ClientName)
{
    NTSTATUS Status = ExCaptureUnicodeString(Name, ClientName, UNICODE_STRING_MAX_BYTES);

    return Status == STATUS_INVALID_PARAMETER || Status == STATUS_NAME_TOO_LONG
               ? STATUS_OBJECT_NAME_INVALID
               : Status;
}

/* Security descriptors are not looked at yet. Release with ObFreeAttributes. */
NTSTATUS ObCaptureAttributes(POB_ATTRIBUTES Attributes, POBJECT_ATTRIBUTES ClientAttributes)
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
    return Client.ObjectName ? ObpCaptureName(&Attributes->Name, Client.ObjectName)
                             : STATUS_SUCCESS;
}

void ObFreeAttributes(POB_ATTRIBUTES Attributes)
{
    ExFreeUnicodeString(&Attributes->Name);
}
