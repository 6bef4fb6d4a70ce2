// SPDX-License-Identifier: BSD-2-Clause
/*
 * International host names. Nameprep here is: lower case, form KC, a few characters dropped, a few
 * forbidden; what is unassigned is not told apart. (RFC 3490, 3491; Win32:
 * IdnToAscii)
 */
#include "rtlp.h"

#define IDN_ALLOW_UNASSIGNED 1
#define IDN_USE_STD3_ASCII_RULES 2
#define MAXIMUM_LABEL 63
#define MAXIMUM_NAME 255
#define FORM_KC 5

static const WCHAR AcePrefix[] = u"xn--";
#define ACE_PREFIX_LENGTH 4

static BOOLEAN IsDot(WCHAR Character)
{
    return Character == '.' || Character == 0x3002 || Character == 0xff0e || Character == 0xff61;
}

/* Soft hyphens, joiners, variation selectors. (RFC 3454 B.1) */
static BOOLEAN IsDropped(WCHAR Character)
{
    return Character == 0x00ad || Character == 0x034f || Character == 0x1806 ||
           (Character >= 0x180b && Character <= 0x180d) ||
           (Character >= 0x200b && Character <= 0x200d) || Character == 0x2060 ||
           (Character >= 0xfe00 && Character <= 0xfe0f) || Character == 0xfeff;
}

/* Controls, spaces, private characters, what is no character. (RFC 3454 C.1.2 to C.9) */
static BOOLEAN IsForbidden(WCHAR Character)
{
    return (Character >= 0x80 && Character <= 0xa0) || Character == 0x1680 ||
           (Character >= 0x2000 && Character <= 0x200f) ||
           (Character >= 0x2028 && Character <= 0x202f) || Character == 0x205f ||
           (Character >= 0x206a && Character <= 0x206f) || Character == 0x3000 ||
           (Character >= 0xe000 && Character <= 0xf8ff) ||
           (Character >= 0xfff9 && Character <= 0xffff);
}

/* Letters, digits, and hyphens inside. */
static BOOLEAN ObeysStd3(PCWCH Label, ULONG Length)
{
    for (ULONG i = 0; i < Length; i++) {
        if (Label[i] < 0x80 && !isalnum(Label[i]) && Label[i] != '-')
            return FALSE;
    }
    return !Length || (Label[0] != '-' && Label[Length - 1] != '-');
}

static BOOLEAN IsAscii(PCWCH Label, ULONG Length)
{
    for (ULONG i = 0; i < Length; i++) {
        if (Label[i] >= 0x80)
            return FALSE;
    }
    return TRUE;
}

static BOOLEAN HasAcePrefix(PCWCH Label, ULONG Length)
{
    return Length > ACE_PREFIX_LENGTH && _wcsnicmp(Label, AcePrefix, ACE_PREFIX_LENGTH) == 0;
}

static ULONG LabelLength(PCWCH Text, ULONG Length)
{
    ULONG Count = 0;

    while (Count < Length && !IsDot(Text[Count]))
        Count++;
    return Count;
}

/* The mapped text of a name on the heap. Dots become '.', and its other ASCII keeps its case. */
static NTSTATUS Map(PCWCH Source, ULONG Length, PWSTR *Result, PULONG ResultLength)
{
    PWSTR Text = RtlAllocateHeap(RtlProcessHeap(), 0, (Length + 1) * sizeof(WCHAR));
    ULONG Count = 0;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Text)
        return STATUS_NO_MEMORY;
    for (ULONG Start = 0, End; Start < Length; Start = End) {
        BOOLEAN Ascii;

        End = Start + LabelLength(Source + Start, Length - Start);
        Ascii = IsAscii(Source + Start, End - Start);
        for (ULONG i = Start; i < End; i++) {
            if (!IsDropped(Source[i]))
                Text[Count++] = Ascii ? Source[i] : RtlDowncaseUnicodeChar(Source[i]);
        }
        if (End < Length) {
            Text[Count++] = '.';
            End++;
        }
    }
    if (RtlpFindLoneSurrogate(Text, Count) < Count)
        Status = STATUS_INVALID_IDN_NORMALIZATION;
    if (NT_SUCCESS(Status))
        Status = RtlpNormalize(FORM_KC, Text, Count, Result, ResultLength);
    if (Status == STATUS_NO_UNICODE_TRANSLATION)
        Status = STATUS_INVALID_IDN_NORMALIZATION;
    RtlFreeHeap(RtlProcessHeap(), 0, Text);
    return Status;
}

static NTSTATUS CheckLabel(PCWCH Label, ULONG Length, ULONG Flags)
{
    for (ULONG i = 0; i < Length; i++) {
        if (IsForbidden(Label[i]) || !Label[i])
            return STATUS_INVALID_IDN_NORMALIZATION;
    }
    if ((Flags & IDN_USE_STD3_ASCII_RULES) && !ObeysStd3(Label, Length))
        return STATUS_INVALID_IDN_NORMALIZATION;
    if (!IsAscii(Label, Length) && HasAcePrefix(Label, Length))
        return STATUS_INVALID_IDN_NORMALIZATION;
    return Length ? STATUS_SUCCESS : STATUS_INVALID_IDN_NORMALIZATION;
}

/* Writes a label in the form that is wanted; returns its length, 0 if it has none. */
typedef ULONG (*PLABEL_ROUTINE)(PCWCH Label, ULONG Length, WCHAR Result[MAXIMUM_LABEL]);

static ULONG LabelToAscii(PCWCH Label, ULONG Length, WCHAR Result[MAXIMUM_LABEL])
{
    ULONG Encoded;

    if (Length > MAXIMUM_LABEL)
        return 0;
    memcpy(Result, Label, Length * sizeof(WCHAR));
    if (IsAscii(Label, Length))
        return Length;
    memcpy(Result, AcePrefix, ACE_PREFIX_LENGTH * sizeof(WCHAR));
    Encoded = ACE_PREFIX_LENGTH + RtlpEncodePunycode(Label, Length, Result + ACE_PREFIX_LENGTH,
                                                     MAXIMUM_LABEL - ACE_PREFIX_LENGTH);
    return Encoded <= MAXIMUM_LABEL ? Encoded : 0;
}

/* What is decoded must be what encoding would have come from. */
static ULONG LabelToUnicode(PCWCH Label, ULONG Length, WCHAR Result[MAXIMUM_LABEL])
{
    WCHAR Again[MAXIMUM_LABEL];
    ULONG Decoded;

    if (Length > MAXIMUM_LABEL)
        return 0;
    memcpy(Result, Label, Length * sizeof(WCHAR));
    if (!HasAcePrefix(Label, Length))
        return Length;
    Decoded = RtlpDecodePunycode(Label + ACE_PREFIX_LENGTH, Length - ACE_PREFIX_LENGTH, Result,
                                 MAXIMUM_LABEL);
    if (!NT_SUCCESS(CheckLabel(Result, Decoded, 0)) || IsAscii(Result, Decoded) ||
        LabelToAscii(Result, Decoded, Again) != Length || _wcsnicmp(Again, Label, Length))
        return 0;
    return Decoded;
}

static ULONG LabelAsItIs(PCWCH Label, ULONG Length, WCHAR Result[MAXIMUM_LABEL])
{
    if (Length > MAXIMUM_LABEL)
        return 0;
    memcpy(Result, Label, Length * sizeof(WCHAR));
    return Length;
}

typedef struct _NAME {
    WCHAR Text[MAXIMUM_NAME + 1];
    ULONG Length;
} NAME, *PNAME;

static NTSTATUS AppendLabel(PNAME Name, PCWCH Label, ULONG Length, BOOLEAN Dot)
{
    if (Name->Length + Length + Dot > MAXIMUM_NAME)
        return STATUS_INVALID_IDN_NORMALIZATION;
    memcpy(Name->Text + Name->Length, Label, Length * sizeof(WCHAR));
    Name->Length += Length;
    if (Dot)
        Name->Text[Name->Length++] = '.';
    return STATUS_SUCCESS;
}

/* A name may end with a dot; no label but behind that is empty. */
static NTSTATUS ConvertLabels(PCWCH Text, ULONG Length, ULONG Flags, PLABEL_ROUTINE Routine,
                              PNAME Name)
{
    WCHAR Label[MAXIMUM_LABEL];
    NTSTATUS Status = Length ? STATUS_SUCCESS : STATUS_INVALID_IDN_NORMALIZATION;

    while (Length && NT_SUCCESS(Status)) {
        ULONG Count = LabelLength(Text, Length), Converted = 0;
        BOOLEAN Dot = Count < Length;

        Status = CheckLabel(Text, Count, Flags);
        if (NT_SUCCESS(Status))
            Converted = Routine(Text, Count, Label);
        if (NT_SUCCESS(Status))
            Status = Converted ? AppendLabel(Name, Label, Converted, Dot)
                               : STATUS_INVALID_IDN_NORMALIZATION;
        Text += Count + Dot;
        Length -= Count + Dot;
    }
    return Status;
}

static NTSTATUS ReturnName(const NAME *Name, PWSTR Destination, PLONG DestinationLength)
{
    ULONG Room = (ULONG)*DestinationLength;

    *DestinationLength = (LONG)Name->Length;
    if (Room && Room < Name->Length)
        return STATUS_BUFFER_TOO_SMALL;
    if (Room)
        memcpy(Destination, Name->Text, Name->Length * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

/* A terminator that was counted in is counted out. */
static NTSTATUS Convert(ULONG Flags, PCWSTR Source, LONG SourceLength, PWSTR Destination,
                        PLONG DestinationLength, PLABEL_ROUTINE Routine)
{
    ULONG Length = (ULONG)SourceLength, MappedLength;
    BOOLEAN Terminated = SourceLength < 0;
    NAME Name = {.Length = 0};
    PWSTR Mapped;
    NTSTATUS Status;

    if ((Flags & ~(IDN_ALLOW_UNASSIGNED | IDN_USE_STD3_ASCII_RULES)) || !Source)
        return STATUS_INVALID_PARAMETER;
    if (SourceLength < 0)
        Length = (ULONG)wcslen(Source);
    if (SourceLength > 0 && !Source[Length - 1]) {
        Terminated = TRUE;
        Length--;
    }
    if (Length > MAXUSHORT)
        return STATUS_INVALID_IDN_NORMALIZATION;
    Status = Map(Source, Length, &Mapped, &MappedLength);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ConvertLabels(Mapped, MappedLength, Flags, Routine, &Name);
    RtlFreeHeap(RtlProcessHeap(), 0, Mapped);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Terminated)
        Name.Text[Name.Length++] = UNICODE_NULL;
    return ReturnName(&Name, Destination, DestinationLength);
}

NTSTATUS NTAPI RtlIdnToAscii(ULONG Flags, PCWSTR Source, LONG SourceLength, PWSTR Destination,
                             PLONG DestinationLength)
{
    return Convert(Flags, Source, SourceLength, Destination, DestinationLength, LabelToAscii);
}

NTSTATUS NTAPI RtlIdnToNameprepUnicode(ULONG Flags, PCWSTR Source, LONG SourceLength,
                                       PWSTR Destination, PLONG DestinationLength)
{
    return Convert(Flags, Source, SourceLength, Destination, DestinationLength, LabelAsItIs);
}

NTSTATUS NTAPI RtlIdnToUnicode(ULONG Flags, PCWSTR Source, LONG SourceLength, PWSTR Destination,
                               PLONG DestinationLength)
{
    return Convert(Flags, Source, SourceLength, Destination, DestinationLength, LabelToUnicode);
}
