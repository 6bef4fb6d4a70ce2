// SPDX-License-Identifier: BSD-2-Clause
/* Normalisation forms: by the system's files, or else by what is built in. (Win32: NormalizeString)
 */
#include "normalization.h"
#include "rtlp.h"

enum { FormC = 1, FormD = 2, FormKC = 5, FormKD = 6, FormIdna = 13 };

static BOOLEAN IsComposed(ULONG Form)
{
    return Form == FormC || Form == FormKC || Form == FormIdna;
}

static NTSTATUS CheckForm(ULONG Form)
{
    RTLP_NORMALIZATION Table;

    if (Form == FormC || Form == FormD || Form == FormKC || Form == FormKD)
        return STATUS_SUCCESS;
    if (!Form)
        return STATUS_INVALID_PARAMETER;
    return Form == FormIdna && RtlpFindNormalization(Form, &Table) ? STATUS_SUCCESS
                                                                   : STATUS_OBJECT_NAME_NOT_FOUND;
}

/* With a negative length the text ends with a NUL, which counts. */
static ULONG LengthOf(PCWSTR Text, LONG Length)
{
    return Length < 0 ? (ULONG)wcslen(Text) + 1 : (ULONG)Length;
}

static ULONG Decompose(ULONG Form, PCWCH Source, ULONG Length, PWSTR Destination)
{
    if (Form == FormKC || Form == FormKD)
        return RtlpDecomposeCompatibly(Source, Length, Destination);
    return RtlpDecompose(Source, Length, Destination);
}

static NTSTATUS NormalizeBuiltIn(ULONG Form, PCWCH Source, ULONG Length, PWSTR *Result,
                                 PULONG ResultLength)
{
    ULONG Decomposed = Decompose(Form, Source, Length, NULL);
    PWSTR Text = RtlAllocateHeap(RtlProcessHeap(), 0, Decomposed * sizeof(WCHAR));

    if (!Text)
        return STATUS_NO_MEMORY;
    Decompose(Form, Source, Length, Text);
    RtlpOrderMarks(Text, Decomposed);
    *ResultLength = IsComposed(Form) ? RtlpCompose(Text, Decomposed) : Decomposed;
    *Result = Text;
    return STATUS_SUCCESS;
}

static NTSTATUS NormalizeByTable(const RTLP_NORMALIZATION *Table, ULONG Form, PCWCH Source,
                                 ULONG Length, PWSTR *Result, PULONG ResultLength)
{
    RTLP_NORMALIZED Text = {NULL, 0};
    ULONG Bad = RtlpDecomposeByTable(Table, Source, Length, &Text);

    if (Bad < Length) {
        *ResultLength = Bad;
        return STATUS_NO_UNICODE_TRANSLATION;
    }
    Text.Characters = RtlAllocateHeap(RtlProcessHeap(), 0, Text.Count * sizeof(ULONG));
    if (!Text.Characters)
        return STATUS_NO_MEMORY;
    RtlpDecomposeByTable(Table, Source, Length, &Text);
    RtlpOrderByTable(Table, &Text);
    if (IsComposed(Form))
        RtlpComposeByTable(Table, &Text);
    *ResultLength = RtlpEncodeNormalized(&Text, NULL);
    *Result = RtlAllocateHeap(RtlProcessHeap(), 0, *ResultLength * sizeof(WCHAR));
    if (*Result)
        RtlpEncodeNormalized(&Text, *Result);
    RtlFreeHeap(RtlProcessHeap(), 0, Text.Characters);
    return *Result ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS RtlpNormalize(ULONG Form, PCWCH Source, ULONG Length, PWSTR *Result, PULONG ResultLength)
{
    RTLP_NORMALIZATION Table;
    NTSTATUS Status = CheckForm(Form);
    ULONG Bad;

    if (!NT_SUCCESS(Status))
        return Status;
    Bad = RtlpFindLoneSurrogate(Source, Length);
    if (Bad < Length) {
        *ResultLength = Bad;
        return STATUS_NO_UNICODE_TRANSLATION;
    }
    if (RtlpFindNormalization(Form, &Table))
        return NormalizeByTable(&Table, Form, Source, Length, Result, ResultLength);
    return NormalizeBuiltIn(Form, Source, Length, Result, ResultLength);
}

NTSTATUS NTAPI RtlNormalizeString(ULONG Form, PCWSTR Source, LONG SourceLength, PWSTR Destination,
                                  PLONG DestinationLength)
{
    ULONG ResultLength, Room = (ULONG)*DestinationLength;
    NTSTATUS Status = CheckForm(Form);
    PWSTR Result;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlpNormalize(Form, Source, LengthOf(Source, SourceLength), &Result, &ResultLength);
    if (Status != STATUS_NO_MEMORY)
        *DestinationLength = (LONG)ResultLength;
    if (!NT_SUCCESS(Status))
        return Status;
    if (Room && ResultLength <= Room)
        memcpy(Destination, Result, ResultLength * sizeof(WCHAR));
    else if (Room)
        Status = STATUS_BUFFER_TOO_SMALL;
    RtlFreeHeap(RtlProcessHeap(), 0, Result);
    return Status;
}

NTSTATUS NTAPI RtlIsNormalizedString(ULONG Form, PCWSTR Source, LONG SourceLength,
                                     PBOOLEAN Normalized)
{
    NTSTATUS Status = CheckForm(Form);
    ULONG Length, ResultLength;
    PWSTR Result;

    if (!NT_SUCCESS(Status))
        return Status;
    Length = LengthOf(Source, SourceLength);
    Status = RtlpNormalize(Form, Source, Length, &Result, &ResultLength);
    if (!NT_SUCCESS(Status))
        return Status;
    *Normalized = ResultLength == Length && memcmp(Result, Source, Length * sizeof(WCHAR)) == 0;
    RtlFreeHeap(RtlProcessHeap(), 0, Result);
    return STATUS_SUCCESS;
}
