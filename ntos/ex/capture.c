/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings of clients, copied before anything looks at them. */
#include <ex.h>
#include <mm.h>

NTSTATUS ExCaptureUnicodeString(PUNICODE_STRING Copy, CLIENT(PUNICODE_STRING) ClientString,
                                ULONG MaximumBytes)
{
    UNICODE_STRING String;
    NTSTATUS Status = MmReadClient(&String, ClientString);

    Copy->Buffer = NULL;
    Copy->Length = Copy->MaximumLength = 0;
    if (!NT_SUCCESS(Status))
        return Status;
    if (String.Length % sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    if (String.Length > MaximumBytes || String.Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    Copy->Buffer = ExAllocatePoolGivingWay(String.Length + sizeof(WCHAR));
    if (!Copy->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromClient(Copy->Buffer, (CLIENT(PCVOID))String.Buffer, String.Length);
    if (!NT_SUCCESS(Status)) {
        ExFreeUnicodeString(Copy);
        return Status;
    }
    Copy->Buffer[String.Length / sizeof(WCHAR)] = UNICODE_NULL;
    Copy->Length = String.Length;
    Copy->MaximumLength = String.Length + sizeof(WCHAR);
    return STATUS_SUCCESS;
}

void ExFreeUnicodeString(PUNICODE_STRING String)
{
    ExFreePool(String->Buffer);
    String->Buffer = NULL;
    String->Length = String->MaximumLength = 0;
}
