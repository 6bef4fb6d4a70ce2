// SPDX-License-Identifier: BSD-2-Clause
/* Counted strings on the process heap. (WDK: RtlUnicodeStringToAnsiString and its family) */
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

BOOLEAN NTAPI RtlCreateUnicodeStringFromAsciiz(PUNICODE_STRING Destination, PCSTR Source)
{
    STRING String;

    RtlInitAnsiString(&String, Source);
    return NT_SUCCESS(RtlAnsiStringToUnicodeString(Destination, &String, TRUE));
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

static BOOLEAN ValidString(PCUNICODE_STRING String)
{
    return String && String->Length % 2 == 0 && String->MaximumLength % 2 == 0 &&
           String->Length <= String->MaximumLength && (String->Buffer || !String->MaximumLength);
}

/* An empty string needs no memory, unless it is to have a terminator all the same. */
NTSTATUS NTAPI RtlDuplicateUnicodeString(ULONG Flags, PCUNICODE_STRING Source,
                                         PUNICODE_STRING Destination)
{
    const ULONG Null = RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE;
    const ULONG Empty = RTL_DUPLICATE_UNICODE_STRING_ALLOCATE_NULL_STRING;
    ULONG Bytes;

    if ((Flags & ~(Null | Empty)) || ((Flags & Empty) && !(Flags & Null)) || !Destination ||
        (Source && !ValidString(Source)))
        return STATUS_INVALID_PARAMETER;
    memset(Destination, 0, sizeof(*Destination));
    Bytes = Source ? Source->Length : 0;
    if (!Bytes && !(Flags & Empty))
        return STATUS_SUCCESS;
    if ((Flags & Null) && Bytes == UNICODE_STRING_MAX_BYTES)
        return STATUS_NAME_TOO_LONG;
    Destination->MaximumLength = (USHORT)(Bytes + (Flags & Null ? sizeof(WCHAR) : 0));
    Destination->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Destination->MaximumLength);
    if (!Destination->Buffer) {
        Destination->MaximumLength = 0;
        return STATUS_NO_MEMORY;
    }
    if (Bytes)
        RtlCopyUnicodeString(Destination, Source);
    else
        Destination->Buffer[0] = UNICODE_NULL;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlStringFromGUID(const GUID *Guid, PUNICODE_STRING String)
{
    WCHAR Text[39];

    _snwprintf(Text, ARRAYSIZE(Text), u"{%08X-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
               Guid->Data1, Guid->Data2, Guid->Data3, Guid->Data4[0], Guid->Data4[1],
               Guid->Data4[2], Guid->Data4[3], Guid->Data4[4], Guid->Data4[5], Guid->Data4[6],
               Guid->Data4[7]);
    return RtlCreateUnicodeString(String, Text) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source,
                                      BOOLEAN Allocate)
{
    if (Allocate) {
        Destination->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Source->Length);
        if (!Destination->Buffer)
            return STATUS_NO_MEMORY;
        Destination->MaximumLength = Source->Length;
    } else if (Source->Length > Destination->MaximumLength) {
        return STATUS_BUFFER_OVERFLOW;
    }
    for (USHORT i = 0; i < Source->Length / sizeof(WCHAR); i++)
        Destination->Buffer[i] = RtlUpcaseUnicodeChar(Source->Buffer[i]);
    Destination->Length = Source->Length;
    return STATUS_SUCCESS;
}

/* Gives a string room for Bytes, its terminator among them. */
static NTSTATUS Reserve(PVOID *Buffer, PUSHORT MaximumLength, ULONG Bytes, BOOLEAN Allocate)
{
    if (Bytes > MAXUSHORT)
        return STATUS_INVALID_PARAMETER_2;
    if (!Allocate)
        return Bytes > *MaximumLength ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
    *Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Bytes);
    if (!*Buffer)
        return STATUS_NO_MEMORY;
    *MaximumLength = (USHORT)Bytes;
    return STATUS_SUCCESS;
}

static NTSTATUS ReserveWide(PUNICODE_STRING String, ULONG Bytes, BOOLEAN Allocate)
{
    NTSTATUS Status =
        Reserve((PVOID *)&String->Buffer, &String->MaximumLength, Bytes + sizeof(WCHAR), Allocate);

    if (NT_SUCCESS(Status)) {
        String->Length = (USHORT)Bytes;
        String->Buffer[Bytes / sizeof(WCHAR)] = UNICODE_NULL;
    }
    return Status;
}

NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING Destination, const ANSI_STRING *Source,
                                            BOOLEAN Allocate)
{
    ULONG Bytes;
    NTSTATUS Status;

    RtlMultiByteToUnicodeSize(&Bytes, Source->Buffer, Source->Length);
    Status = ReserveWide(Destination, Bytes, Allocate);
    if (!NT_SUCCESS(Status))
        return Status;
    return RtlMultiByteToUnicodeN(Destination->Buffer, Bytes, NULL, Source->Buffer, Source->Length);
}

NTSTATUS NTAPI RtlOemStringToUnicodeString(PUNICODE_STRING Destination, const STRING *Source,
                                           BOOLEAN Allocate)
{
    ULONG Bytes = RtlpOemToUnicodeSize(Source->Buffer, Source->Length);
    NTSTATUS Status = ReserveWide(Destination, Bytes, Allocate);

    if (!NT_SUCCESS(Status))
        return Status;
    return RtlOemToUnicodeN(Destination->Buffer, Bytes, NULL, Source->Buffer, Source->Length);
}

/* The bytes of a string's text in a code page, with the terminator. */
ULONG NTAPI RtlUnicodeStringToAnsiSize(PCUNICODE_STRING String)
{
    ULONG Bytes;

    RtlUnicodeToMultiByteSize(&Bytes, String->Buffer, String->Length);
    return Bytes + 1;
}

ULONG NTAPI RtlUnicodeStringToOemSize(PCUNICODE_STRING String)
{
    return RtlpUnicodeToOemSize(String->Buffer, String->Length) + 1;
}

/* What does not fit a buffer of the caller's is cut off, which the status tells, as on Windows. */
NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING Destination, PCUNICODE_STRING Source,
                                            BOOLEAN Allocate)
{
    ULONG Size = RtlUnicodeStringToAnsiSize(Source), Written;
    NTSTATUS Status =
        Reserve((PVOID *)&Destination->Buffer, &Destination->MaximumLength, Size, Allocate);

    if (Status == STATUS_BUFFER_OVERFLOW && Destination->MaximumLength)
        Size = Destination->MaximumLength;
    else if (!NT_SUCCESS(Status))
        return Status;
    RtlUnicodeToMultiByteN(Destination->Buffer, Size - 1, &Written, Source->Buffer, Source->Length);
    Destination->Length = (USHORT)Written;
    Destination->Buffer[Written] = 0;
    return Status;
}

NTSTATUS NTAPI RtlUnicodeStringToOemString(POEM_STRING Destination, PCUNICODE_STRING Source,
                                           BOOLEAN Allocate)
{
    ULONG Size = RtlUnicodeStringToOemSize(Source), Written;
    NTSTATUS Status =
        Reserve((PVOID *)&Destination->Buffer, &Destination->MaximumLength, Size, Allocate);

    if (!NT_SUCCESS(Status))
        return Status;
    RtlUnicodeToOemN(Destination->Buffer, Size - 1, &Written, Source->Buffer, Source->Length);
    Destination->Length = (USHORT)Written;
    Destination->Buffer[Written] = 0;
    return Status;
}
