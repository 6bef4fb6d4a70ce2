// SPDX-License-Identifier: BSD-2-Clause
/* Attributes that are GUIDs, numbers or lists of words. */
#include "sxsp.h"

#define FORMAT_ERROR STATUS_SXS_MANIFEST_FORMAT_ERROR

NTSTATUS SxspGuidAttribute(const SXSP_XML *Xml, PCWSTR Name, BOOLEAN Needed, PGUID Guid)
{
    UNICODE_STRING Value;

    if (!SxspGetAttribute(Xml, Name, &Value))
        return Needed ? FORMAT_ERROR : STATUS_SUCCESS;
    return NT_SUCCESS(RtlGUIDFromString(&Value, Guid)) ? STATUS_SUCCESS : FORMAT_ERROR;
}

NTSTATUS SxspNumberAttribute(const SXSP_XML *Xml, PCWSTR Name, ULONG Maximum, PULONG Number,
                             PBOOLEAN Present)
{
    UNICODE_STRING Value;

    *Number = 0;
    *Present = SxspGetAttribute(Xml, Name, &Value);
    if (*Present && !Value.Length)
        return FORMAT_ERROR;
    for (USHORT i = 0; i < Value.Length / sizeof(WCHAR); i++) {
        ULONG Digit = RtlpDigitValue(Value.Buffer[i]);

        if (Digit > 9 || *Number > Maximum / 10 || *Number * 10 > Maximum - Digit)
            return FORMAT_ERROR;
        *Number = *Number * 10 + Digit;
    }
    return STATUS_SUCCESS;
}

static BOOLEAN AddFlag(PCUNICODE_STRING Word, const SXSP_FLAG *Flags, ULONG Count, PULONG Value)
{
    for (ULONG i = 0; i < Count; i++) {
        if (SxspIsWord(Word, Flags[i].Name)) {
            *Value |= Flags[i].Value;
            return TRUE;
        }
    }
    return !Word->Length;
}

NTSTATUS SxspFlagsAttribute(const SXSP_XML *Xml, PCWSTR Name, const SXSP_FLAG *Flags, ULONG Count,
                            PULONG Value, PBOOLEAN Present)
{
    UNICODE_STRING Rest;

    *Value = 0;
    *Present = SxspGetAttribute(Xml, Name, &Rest);
    while (Rest.Length) {
        UNICODE_STRING Word = {0, 0, Rest.Buffer};

        while (Word.Length < Rest.Length && Rest.Buffer[Word.Length / sizeof(WCHAR)] != ',')
            Word.Length += sizeof(WCHAR);
        Rest.Buffer += Word.Length / sizeof(WCHAR);
        Rest.Length -= Word.Length;
        if (Rest.Length) {
            Rest.Buffer++;
            Rest.Length -= sizeof(WCHAR);
        }
        while (Word.Length && *Word.Buffer == ' ') {
            Word.Buffer++;
            Word.Length -= sizeof(WCHAR);
        }
        while (Word.Length && Word.Buffer[Word.Length / sizeof(WCHAR) - 1] == ' ')
            Word.Length -= sizeof(WCHAR);
        if (!AddFlag(&Word, Flags, Count, Value))
            return FORMAT_ERROR;
    }
    return STATUS_SUCCESS;
}
