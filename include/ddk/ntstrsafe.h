/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mingw-w64's ntstrsafe.h, and its missing half: the routines that take a UNICODE_STRING. They
 * write no terminator. What does not fit is cut off, with STATUS_BUFFER_OVERFLOW;
 * STATUS_INVALID_PARAMETER is a string that is none.
 */
#pragma once
#include_next <ntstrsafe.h>
#include <stdarg.h>

#define NTSTRSAFE_UNICODE_STRING_MAX_CCH (0xffff / sizeof(WCHAR))

FORCEINLINE NTSTATUS RtlUnicodeStringValidate(PCUNICODE_STRING SourceString)
{
    if (SourceString &&
        (SourceString->Length % sizeof(WCHAR) || SourceString->MaximumLength % sizeof(WCHAR) ||
         SourceString->Length > SourceString->MaximumLength ||
         (!SourceString->Buffer && SourceString->MaximumLength)))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

/* Count characters behind the Start bytes that Destination keeps. */
FORCEINLINE NTSTATUS SupplementPutCharacters(PUNICODE_STRING Destination, USHORT Start,
                                             const WCHAR *Source, SIZE_T Count)
{
    SIZE_T Room;

    if (!Destination || !NT_SUCCESS(RtlUnicodeStringValidate(Destination)))
        return STATUS_INVALID_PARAMETER;
    Room = (Destination->MaximumLength - Start) / sizeof(WCHAR);
    RtlMoveMemory((PUCHAR)Destination->Buffer + Start, Source,
                  (Count < Room ? Count : Room) * sizeof(WCHAR));
    Destination->Length = (USHORT)(Start + (Count < Room ? Count : Room) * sizeof(WCHAR));
    return Count > Room ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

FORCEINLINE SIZE_T SupplementLength(const WCHAR *Text)
{
    SIZE_T Count = 0;

    while (Text && Text[Count])
        Count++;
    return Count;
}

FORCEINLINE NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING DestinationString, const WCHAR *Source)
{
    SIZE_T Count = SupplementLength(Source);

    if (Count >= NTSTRSAFE_UNICODE_STRING_MAX_CCH)
        return STATUS_INVALID_PARAMETER;
    DestinationString->Buffer = (PWSTR)Source;
    DestinationString->Length = (USHORT)(Count * sizeof(WCHAR));
    DestinationString->MaximumLength = (USHORT)(Source ? (Count + 1) * sizeof(WCHAR) : 0);
    return STATUS_SUCCESS;
}

FORCEINLINE NTSTATUS RtlUnicodeStringCopyString(PUNICODE_STRING DestinationString,
                                                const WCHAR *Source)
{
    return SupplementPutCharacters(DestinationString, 0, Source, SupplementLength(Source));
}

FORCEINLINE NTSTATUS RtlUnicodeStringCopy(PUNICODE_STRING DestinationString,
                                          PCUNICODE_STRING SourceString)
{
    if (!NT_SUCCESS(RtlUnicodeStringValidate(SourceString)))
        return STATUS_INVALID_PARAMETER;
    return SupplementPutCharacters(DestinationString, 0, SourceString->Buffer,
                                   SourceString->Length / sizeof(WCHAR));
}

FORCEINLINE NTSTATUS RtlUnicodeStringCatString(PUNICODE_STRING DestinationString,
                                               const WCHAR *Source)
{
    return SupplementPutCharacters(DestinationString, DestinationString->Length, Source,
                                   SupplementLength(Source));
}

FORCEINLINE NTSTATUS RtlUnicodeStringCat(PUNICODE_STRING DestinationString,
                                         PCUNICODE_STRING SourceString)
{
    if (!NT_SUCCESS(RtlUnicodeStringValidate(SourceString)))
        return STATUS_INVALID_PARAMETER;
    return SupplementPutCharacters(DestinationString, DestinationString->Length,
                                   SourceString->Buffer, SourceString->Length / sizeof(WCHAR));
}

FORCEINLINE NTSTATUS RtlUnicodeStringVPrintf(PUNICODE_STRING DestinationString, const WCHAR *Format,
                                             va_list Arguments)
{
    SIZE_T Room;
    int Count;

    if (!DestinationString || !NT_SUCCESS(RtlUnicodeStringValidate(DestinationString)))
        return STATUS_INVALID_PARAMETER;
    Room = DestinationString->MaximumLength / sizeof(WCHAR);
    Count = _vsnwprintf(DestinationString->Buffer, Room, Format, Arguments);
    DestinationString->Length =
        (USHORT)((Count < 0 || (SIZE_T)Count > Room ? Room : (SIZE_T)Count) * sizeof(WCHAR));
    return Count < 0 || (SIZE_T)Count > Room ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static __attribute__((unused, cdecl)) NTSTATUS
RtlUnicodeStringPrintf(PUNICODE_STRING DestinationString, const WCHAR *Format, ...)
{
    va_list Arguments;
    NTSTATUS Status;

    va_start(Arguments, Format);
    Status = RtlUnicodeStringVPrintf(DestinationString, Format, Arguments);
    va_end(Arguments);
    return Status;
}
