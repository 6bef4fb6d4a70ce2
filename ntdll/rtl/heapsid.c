// SPDX-License-Identifier: BSD-2-Clause
/* SIDs and their text on the process heap. (WDK: RtlConvertSidToUnicodeString) */
#include <nt/nt.h>

#define MAXIMUM_GIVEN 8

NTSTATUS NTAPI RtlAllocateAndInitializeSid(const SID_IDENTIFIER_AUTHORITY *IdentifierAuthority,
                                           UCHAR SubAuthorityCount, ULONG SubAuthority0,
                                           ULONG SubAuthority1, ULONG SubAuthority2,
                                           ULONG SubAuthority3, ULONG SubAuthority4,
                                           ULONG SubAuthority5, ULONG SubAuthority6,
                                           ULONG SubAuthority7, PSID *Sid)
{
    const ULONG Given[MAXIMUM_GIVEN] = {SubAuthority0, SubAuthority1, SubAuthority2, SubAuthority3,
                                        SubAuthority4, SubAuthority5, SubAuthority6, SubAuthority7};
    PSID New;

    if (SubAuthorityCount > MAXIMUM_GIVEN)
        return STATUS_INVALID_SID;
    New = RtlAllocateHeap(RtlProcessHeap(), 0, RtlLengthRequiredSid(SubAuthorityCount));
    if (!New)
        return STATUS_NO_MEMORY;
    RtlInitializeSid(New, IdentifierAuthority, SubAuthorityCount);
    for (ULONG i = 0; i < SubAuthorityCount; i++)
        *RtlSubAuthoritySid(New, i) = Given[i];
    *Sid = New;
    return STATUS_SUCCESS;
}

/* NULL: it is freed. */
PVOID NTAPI RtlFreeSid(PSID Sid)
{
    return RtlFreeHeap(RtlProcessHeap(), 0, Sid) ? NULL : Sid;
}

NTSTATUS NTAPI RtlConvertSidToUnicodeString(PUNICODE_STRING String, PSID Sid, BOOLEAN Allocate)
{
    WCHAR Text[SID_TEXT_LENGTH + 1];
    UNICODE_STRING Source = {0, sizeof(Text), Text};

    if (!RtlValidSid(Sid))
        return STATUS_INVALID_SID;
    Source.Length = (USHORT)(RtlpFormatSid(Sid, Text) * sizeof(WCHAR));
    Text[Source.Length / sizeof(WCHAR)] = UNICODE_NULL;
    if (Allocate)
        return RtlCreateUnicodeString(String, Text) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    if (Source.Length > String->MaximumLength)
        return STATUS_BUFFER_OVERFLOW;
    RtlCopyUnicodeString(String, &Source);
    return STATUS_SUCCESS;
}
