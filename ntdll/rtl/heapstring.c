// SPDX-License-Identifier: BSD-2-Clause
/* Counted strings on the process heap. */
#include <nt/nt.h>

BOOLEAN NTAPI RtlCreateUnicodeString(PUNICODE_STRING Destination, PCWSTR Source)
{
    UNICODE_STRING String;

    if (!NT_SUCCESS(RtlInitUnicodeStringEx(&String, Source)) || !Source)
        return FALSE;
    Destination->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, String.MaximumLength);
    if (!Destination->Buffer)
        return FALSE;
    Destination->MaximumLength = String.MaximumLength;
    RtlCopyUnicodeString(Destination, &String);
    return TRUE;
}

void NTAPI RtlFreeUnicodeString(PUNICODE_STRING String)
{
    RtlFreeHeap(RtlProcessHeap(), 0, String->Buffer);
    memset(String, 0, sizeof(*String));
}

void NTAPI RtlFreeAnsiString(PANSI_STRING String)
{
    RtlFreeHeap(RtlProcessHeap(), 0, String->Buffer);
    memset(String, 0, sizeof(*String));
}

NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING Destination, const ANSI_STRING *Source,
                                            BOOLEAN Allocate)
{
    ULONG Bytes = Source->Length * sizeof(WCHAR);

    if (Bytes > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER_2;
    if (Allocate) {
        Destination->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Bytes + sizeof(WCHAR));
        if (!Destination->Buffer)
            return STATUS_NO_MEMORY;
        Destination->MaximumLength = (USHORT)(Bytes + sizeof(WCHAR));
    } else if (Destination->MaximumLength < Bytes + sizeof(WCHAR)) {
        return STATUS_BUFFER_OVERFLOW;
    }
    Destination->Length = (USHORT)Bytes;
    Destination->Buffer[Source->Length] = UNICODE_NULL;
    return RtlMultiByteToUnicodeN(Destination->Buffer, Bytes, NULL, Source->Buffer, Source->Length);
}

NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING Destination, PCUNICODE_STRING Source,
                                            BOOLEAN Allocate)
{
    USHORT Length = Source->Length / sizeof(WCHAR);

    if (Allocate) {
        Destination->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Length + 1u);
        if (!Destination->Buffer)
            return STATUS_NO_MEMORY;
        Destination->MaximumLength = Length + 1;
    } else if (Destination->MaximumLength <= Length) {
        return STATUS_BUFFER_OVERFLOW;
    }
    Destination->Length = Length;
    Destination->Buffer[Length] = 0;
    return RtlUnicodeToMultiByteN(Destination->Buffer, Length, NULL, Source->Buffer,
                                  Source->Length);
}
