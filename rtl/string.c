// SPDX-License-Identifier: BSD-2-Clause
/* Counted strings: UNICODE_STRING and STRING. */
#include <nt/ntrtl.h>

void NTAPI RtlInitUnicodeString(PUNICODE_STRING Destination, PCWSTR Source)
{
    size_t Bytes = Source ? wcslen(Source) * sizeof(WCHAR) : 0;

    if (Bytes > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        Bytes = UNICODE_STRING_MAX_BYTES - sizeof(WCHAR);
    Destination->Length = (USHORT)Bytes;
    Destination->MaximumLength = (USHORT)(Source ? Bytes + sizeof(WCHAR) : 0);
    Destination->Buffer = (PWSTR)Source;
}

NTSTATUS NTAPI RtlInitUnicodeStringEx(PUNICODE_STRING Destination, PCWSTR Source)
{
    if (Source && wcslen(Source) * sizeof(WCHAR) > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    RtlInitUnicodeString(Destination, Source);
    return STATUS_SUCCESS;
}

void NTAPI RtlInitString(PSTRING Destination, PCSTR Source)
{
    size_t Bytes = Source ? strlen(Source) : 0;

    if (Bytes > MAXUSHORT - 1)
        Bytes = MAXUSHORT - 1;
    Destination->Length = (USHORT)Bytes;
    Destination->MaximumLength = (USHORT)(Source ? Bytes + 1 : 0);
    Destination->Buffer = (PCHAR)Source;
}

void NTAPI RtlInitAnsiString(PANSI_STRING Destination, PCSTR Source)
{
    RtlInitString(Destination, Source);
}

void NTAPI RtlCopyUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source)
{
    USHORT Length = Source ? Source->Length : 0;

    if (Length > Destination->MaximumLength)
        Length = Destination->MaximumLength & ~1;
    if (Length)
        memmove(Destination->Buffer, Source->Buffer, Length);
    Destination->Length = Length;
    if (Length + sizeof(WCHAR) <= Destination->MaximumLength)
        Destination->Buffer[Length / sizeof(WCHAR)] = UNICODE_NULL;
}

void NTAPI RtlCopyString(PSTRING Destination, const STRING *Source)
{
    USHORT Length = Source ? Source->Length : 0;

    if (Length > Destination->MaximumLength)
        Length = Destination->MaximumLength;
    if (Length)
        memmove(Destination->Buffer, Source->Buffer, Length);
    Destination->Length = Length;
}

/* Bytes is even and at most 0xfffe. */
static NTSTATUS Append(PUNICODE_STRING Destination, PCWSTR Source, size_t Bytes)
{
    size_t Length = Destination->Length + Bytes;

    if (Length > Destination->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    if (Bytes)
        memmove(Destination->Buffer + Destination->Length / sizeof(WCHAR), Source, Bytes);
    Destination->Length = (USHORT)Length;
    if (Length + sizeof(WCHAR) <= Destination->MaximumLength)
        Destination->Buffer[Length / sizeof(WCHAR)] = UNICODE_NULL;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source)
{
    return Append(Destination, Source, Source ? wcslen(Source) * sizeof(WCHAR) : 0);
}

NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source)
{
    return Append(Destination, Source->Buffer, Source->Length);
}

/* Without a terminator. */
NTSTATUS NTAPI RtlAppendStringToString(PSTRING Destination, const STRING *Source)
{
    size_t Length = (size_t)Destination->Length + Source->Length;

    if (Length > Destination->MaximumLength)
        return STATUS_BUFFER_TOO_SMALL;
    if (Source->Length)
        memmove(Destination->Buffer + Destination->Length, Source->Buffer, Source->Length);
    Destination->Length = (USHORT)Length;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAppendAsciizToString(PSTRING Destination, PCSTR Source)
{
    STRING String;

    RtlInitString(&String, Source);
    return RtlAppendStringToString(Destination, &String);
}

LONG NTAPI RtlCompareUnicodeStrings(PCWCH First, SIZE_T FirstLength, PCWCH Second,
                                    SIZE_T SecondLength, BOOLEAN CaseInsensitive)
{
    SIZE_T Common = FirstLength < SecondLength ? FirstLength : SecondLength;

    for (SIZE_T i = 0; i < Common; i++) {
        WCHAR A = First[i], B = Second[i];

        if (A == B)
            continue;
        if (CaseInsensitive) {
            A = RtlUpcaseUnicodeChar(A);
            B = RtlUpcaseUnicodeChar(B);
        }
        if (A != B)
            return A - B;
    }
    return (LONG)(FirstLength - SecondLength);
}

/* Lengths count: of two strings that differ by half a character only, the longer one is greater. */
LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING First, PCUNICODE_STRING Second,
                                   BOOLEAN CaseInsensitive)
{
    LONG Difference =
        RtlCompareUnicodeStrings(First->Buffer, First->Length / sizeof(WCHAR), Second->Buffer,
                                 Second->Length / sizeof(WCHAR), CaseInsensitive);

    return Difference ? Difference : First->Length - Second->Length;
}

LONG NTAPI RtlCompareString(const STRING *First, const STRING *Second, BOOLEAN CaseInsensitive)
{
    USHORT Common = First->Length < Second->Length ? First->Length : Second->Length;

    for (USHORT i = 0; i < Common; i++) {
        UCHAR A = First->Buffer[i], B = Second->Buffer[i];

        if (CaseInsensitive) {
            A = (UCHAR)RtlUpperChar((CHAR)A);
            B = (UCHAR)RtlUpperChar((CHAR)B);
        }
        if (A != B)
            return A - B;
    }
    return First->Length - Second->Length;
}

BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING First, PCUNICODE_STRING Second,
                                    BOOLEAN CaseInsensitive)
{
    return First->Length == Second->Length &&
           RtlCompareUnicodeString(First, Second, CaseInsensitive) == 0;
}

BOOLEAN NTAPI RtlEqualString(const STRING *First, const STRING *Second, BOOLEAN CaseInsensitive)
{
    return First->Length == Second->Length && RtlCompareString(First, Second, CaseInsensitive) == 0;
}

BOOLEAN NTAPI RtlPrefixString(const STRING *Prefix, const STRING *String, BOOLEAN CaseInsensitive)
{
    STRING Start = *String;

    if (Prefix->Length > String->Length)
        return FALSE;
    Start.Length = Prefix->Length;
    return RtlEqualString(Prefix, &Start, CaseInsensitive);
}

BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING Prefix, PCUNICODE_STRING String,
                                     BOOLEAN CaseInsensitive)
{
    UNICODE_STRING Start = *String;

    if (Prefix->Length > String->Length)
        return FALSE;
    Start.Length = Prefix->Length;
    return RtlEqualUnicodeString(Prefix, &Start, CaseInsensitive);
}

NTSTATUS NTAPI RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN CaseInsensitive,
                                    ULONG Algorithm, PULONG HashValue)
{
    ULONG Hash = 0;

    if (!String || !HashValue || Algorithm > 1)
        return STATUS_INVALID_PARAMETER;
    for (USHORT i = 0; i < String->Length / sizeof(WCHAR); i++) {
        WCHAR Character = String->Buffer[i];

        Hash = Hash * 65599 + (CaseInsensitive ? RtlUpcaseUnicodeChar(Character) : Character);
    }
    *HashValue = Hash;
    return STATUS_SUCCESS;
}
