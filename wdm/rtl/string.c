/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings that only drivers convert: the rest is ntdll's. What is freed here may come from pool or
 * from ntdll's heap; ExFreePool knows both. */
#include "ki.h"

static VOID RtlpFree(PVOID Buffer)
{
    if (Buffer)
        ExFreePool(Buffer);
}

VOID NTAPI KxFreeUnicodeString(PUNICODE_STRING String)
{
    RtlpFree(String->Buffer);
    RtlZeroMemory(String, sizeof(*String));
}

VOID NTAPI KxFreeAnsiString(PANSI_STRING String)
{
    RtlpFree(String->Buffer);
    RtlZeroMemory(String, sizeof(*String));
}

/* The room is Bytes, in pool or in the caller's buffer. */
static NTSTATUS RtlpReserve(PVOID *Buffer, PUSHORT MaximumLength, ULONG Bytes, BOOLEAN Allocate)
{
    if (Bytes > MAXUSHORT)
        return STATUS_INVALID_PARAMETER_2;
    if (!Allocate)
        return Bytes > *MaximumLength ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
    *Buffer = ExAllocatePoolWithTag(PagedPool, Bytes ? Bytes : 1, 'rtSR');
    if (!*Buffer)
        return STATUS_NO_MEMORY;
    *MaximumLength = (USHORT)Bytes;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDowncaseUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source,
                                        BOOLEAN Allocate)
{
    NTSTATUS Status = RtlpReserve((PVOID *)&Destination->Buffer, &Destination->MaximumLength,
                                  Source->Length, Allocate);

    if (!NT_SUCCESS(Status))
        return Status;
    for (ULONG i = 0; i < Source->Length / sizeof(WCHAR); i++)
        Destination->Buffer[i] = RtlDowncaseUnicodeChar(Source->Buffer[i]);
    Destination->Length = Source->Length;
    return STATUS_SUCCESS;
}

VOID NTAPI RtlUpperString(PSTRING Destination, const PSTRING Source)
{
    USHORT Length = min(Source->Length, Destination->MaximumLength);

    for (USHORT i = 0; i < Length; i++)
        Destination->Buffer[i] = RtlUpperChar(Source->Buffer[i]);
    Destination->Length = Length;
}

/* ---- Sizes, with the terminator ---- */

ULONG NTAPI RtlxAnsiStringToUnicodeSize(PCANSI_STRING AnsiString)
{
    return (AnsiString->Length + 1) * (ULONG)sizeof(WCHAR);
}

ULONG NTAPI RtlxOemStringToUnicodeSize(PCOEM_STRING OemString)
{
    return (OemString->Length + 1) * (ULONG)sizeof(WCHAR);
}

ULONG NTAPI RtlxUnicodeStringToAnsiSize(PCUNICODE_STRING UnicodeString)
{
    return UnicodeString->Length / (ULONG)sizeof(WCHAR) + 1;
}

ULONG NTAPI RtlxUnicodeStringToOemSize(PCUNICODE_STRING UnicodeString)
{
    return UnicodeString->Length / (ULONG)sizeof(WCHAR) + 1;
}

/* ---- Counted strings: not terminated ---- */

NTSTATUS NTAPI RtlOemStringToCountedUnicodeString(PUNICODE_STRING Destination, PCOEM_STRING Source,
                                                  BOOLEAN Allocate)
{
    ULONG Bytes = Source->Length * (ULONG)sizeof(WCHAR);
    NTSTATUS Status =
        RtlpReserve((PVOID *)&Destination->Buffer, &Destination->MaximumLength, Bytes, Allocate);

    if (!NT_SUCCESS(Status))
        return Status;
    Destination->Length = (USHORT)Bytes;
    return RtlOemToUnicodeN(Destination->Buffer, Bytes, NULL, Source->Buffer, Source->Length);
}

static NTSTATUS RtlpToOem(POEM_STRING Destination, PCUNICODE_STRING Source, BOOLEAN Allocate,
                          BOOLEAN Terminate, BOOLEAN Upcase)
{
    ULONG Count = Source->Length / sizeof(WCHAR), Written = 0;
    NTSTATUS Status = RtlpReserve((PVOID *)&Destination->Buffer, &Destination->MaximumLength,
                                  Count + Terminate, Allocate);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Upcase)
        RtlUpcaseUnicodeToOemN(Destination->Buffer, Count, &Written, Source->Buffer,
                               Source->Length);
    else
        RtlUnicodeToOemN(Destination->Buffer, Count, &Written, Source->Buffer, Source->Length);
    Destination->Length = (USHORT)Written;
    if (Terminate)
        Destination->Buffer[Written] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUnicodeStringToCountedOemString(POEM_STRING Destination, PCUNICODE_STRING Source,
                                                  BOOLEAN Allocate)
{
    return RtlpToOem(Destination, Source, Allocate, FALSE, FALSE);
}

NTSTATUS NTAPI RtlUpcaseUnicodeStringToCountedOemString(POEM_STRING Destination,
                                                        PCUNICODE_STRING Source, BOOLEAN Allocate)
{
    return RtlpToOem(Destination, Source, Allocate, FALSE, TRUE);
}

NTSTATUS NTAPI RtlUpcaseUnicodeStringToOemString(POEM_STRING Destination, PCUNICODE_STRING Source,
                                                 BOOLEAN Allocate)
{
    return RtlpToOem(Destination, Source, Allocate, TRUE, TRUE);
}

/* In pieces, so that no memory is needed. */
NTSTATUS NTAPI RtlUpcaseUnicodeToOemN(PCHAR OemString, ULONG MaxBytes, PULONG BytesWritten,
                                      PCWCH Unicode, ULONG BytesInUnicode)
{
    ULONG Count = min(BytesInUnicode / (ULONG)sizeof(WCHAR), MaxBytes);

    for (ULONG i = 0; i < Count; i++) {
        WCHAR Upper = RtlUpcaseUnicodeChar(Unicode[i]);

        RtlUnicodeToOemN(OemString + i, 1, NULL, &Upper, sizeof(Upper));
    }
    if (BytesWritten)
        *BytesWritten = Count;
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI RtlIsValidOemCharacter(PWCHAR Character)
{
    WCHAR Back = 0;
    CHAR Oem = 0;

    RtlUnicodeToOemN(&Oem, 1, NULL, Character, sizeof(WCHAR));
    RtlOemToUnicodeN(&Back, sizeof(Back), NULL, &Oem, 1);
    return Back == *Character;
}

NTSTATUS NTAPI RtlValidateUnicodeString(ULONG Flags, PCUNICODE_STRING String)
{
    if (Flags)
        return STATUS_INVALID_PARAMETER;
    if (!String)
        return STATUS_SUCCESS;
    return String->Length % 2 || String->MaximumLength % 2 ||
                   String->Length > String->MaximumLength ||
                   (!String->Buffer && String->MaximumLength)
               ? STATUS_INVALID_PARAMETER
               : STATUS_SUCCESS;
}
