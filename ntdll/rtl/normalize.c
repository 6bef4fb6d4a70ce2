// SPDX-License-Identifier: BSD-2-Clause
/* Normalisation forms C and D. Those of compatibility need tables that are not built in. (Win32:
 * NormalizeString) */
#include "rtlp.h"

enum { FormC = 1, FormD = 2, FormKC = 5, FormKD = 6, FormIdna = 13 };

static NTSTATUS CheckForm(ULONG Form)
{
    if (Form == FormC || Form == FormD)
        return STATUS_SUCCESS;
    return Form ? STATUS_OBJECT_NAME_NOT_FOUND : STATUS_INVALID_PARAMETER;
}

/* With a negative length the text ends with a NUL, which counts. */
static ULONG LengthOf(PCWSTR Text, LONG Length)
{
    return Length < 0 ? (ULONG)wcslen(Text) + 1 : (ULONG)Length;
}

NTSTATUS RtlpNormalize(ULONG Form, PCWCH Source, ULONG Length, PWSTR *Result, PULONG ResultLength)
{
    ULONG Decomposed = RtlpDecompose(Source, Length, NULL);
    PWSTR Text = RtlAllocateHeap(RtlProcessHeap(), 0, Decomposed * sizeof(WCHAR));

    if (!Text)
        return STATUS_NO_MEMORY;
    RtlpDecompose(Source, Length, Text);
    RtlpOrderMarks(Text, Decomposed);
    *ResultLength = Form == FormC ? RtlpCompose(Text, Decomposed) : Decomposed;
    *Result = Text;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlNormalizeString(ULONG Form, PCWSTR Source, LONG SourceLength, PWSTR Destination,
                                  PLONG DestinationLength)
{
    NTSTATUS Status = CheckForm(Form);
    ULONG Length, ResultLength, Bad, Room = (ULONG)*DestinationLength;
    PWSTR Result;

    if (!NT_SUCCESS(Status))
        return Status;
    Length = LengthOf(Source, SourceLength);
    Bad = RtlpFindLoneSurrogate(Source, Length);
    if (Bad < Length) {
        *DestinationLength = (LONG)Bad;
        return STATUS_NO_UNICODE_TRANSLATION;
    }
    Status = RtlpNormalize(Form, Source, Length, &Result, &ResultLength);
    if (!NT_SUCCESS(Status))
        return Status;
    *DestinationLength = (LONG)ResultLength;
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
    if (RtlpFindLoneSurrogate(Source, Length) < Length)
        return STATUS_NO_UNICODE_TRANSLATION;
    Status = RtlpNormalize(Form, Source, Length, &Result, &ResultLength);
    if (!NT_SUCCESS(Status))
        return Status;
    *Normalized = ResultLength == Length && memcmp(Result, Source, Length * sizeof(WCHAR)) == 0;
    RtlFreeHeap(RtlProcessHeap(), 0, Result);
    return STATUS_SUCCESS;
}
