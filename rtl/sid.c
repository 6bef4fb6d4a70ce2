// SPDX-License-Identifier: BSD-2-Clause
/* Security identifiers: who somebody is. (MS-DTYP 2.4.2) */
#include <nt/ntrtl.h>
#include <nt/ntse.h>

BOOLEAN NTAPI RtlValidSid(PSID Sid)
{
    const SID *Id = Sid;

    return Id && Id->Revision == SID_REVISION && Id->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
}

ULONG NTAPI RtlLengthRequiredSid(ULONG SubAuthorityCount)
{
    return (ULONG)offsetof(SID, SubAuthority) + SubAuthorityCount * (ULONG)sizeof(ULONG);
}

ULONG NTAPI RtlLengthSid(PSID Sid)
{
    return RtlLengthRequiredSid(((const SID *)Sid)->SubAuthorityCount);
}

/* Revision and count come first, so that no more is compared than both have. */
static BOOLEAN EqualStart(const SID *First, const SID *Second, ULONG SubAuthorityCount)
{
    return First->Revision == Second->Revision &&
           First->SubAuthorityCount == Second->SubAuthorityCount &&
           memcmp(First, Second, RtlLengthRequiredSid(SubAuthorityCount)) == 0;
}

BOOLEAN NTAPI RtlEqualSid(PSID First, PSID Second)
{
    return EqualStart(First, Second, ((const SID *)First)->SubAuthorityCount);
}

BOOLEAN NTAPI RtlEqualPrefixSid(PSID First, PSID Second)
{
    UCHAR Count = ((const SID *)First)->SubAuthorityCount;

    return EqualStart(First, Second, Count ? Count - 1 : 0);
}

/* The subauthorities are the caller's to fill in. */
NTSTATUS NTAPI RtlInitializeSid(PSID Sid, const SID_IDENTIFIER_AUTHORITY *IdentifierAuthority,
                                UCHAR SubAuthorityCount)
{
    SID *Id = Sid;

    if (SubAuthorityCount > SID_MAX_SUB_AUTHORITIES)
        return STATUS_INVALID_PARAMETER;
    Id->Revision = SID_REVISION;
    Id->SubAuthorityCount = SubAuthorityCount;
    Id->IdentifierAuthority = *IdentifierAuthority;
    return STATUS_SUCCESS;
}

PSID_IDENTIFIER_AUTHORITY NTAPI RtlIdentifierAuthoritySid(PSID Sid)
{
    return &((SID *)Sid)->IdentifierAuthority;
}

PULONG NTAPI RtlSubAuthoritySid(PSID Sid, ULONG SubAuthority)
{
    return (PULONG)((PUCHAR)Sid + RtlLengthRequiredSid(SubAuthority));
}

PUCHAR NTAPI RtlSubAuthorityCountSid(PSID Sid)
{
    return &((SID *)Sid)->SubAuthorityCount;
}

NTSTATUS NTAPI RtlCopySid(ULONG DestinationLength, PSID Destination, PSID Source)
{
    ULONG Length = RtlLengthSid(Source);

    if (Length > DestinationLength)
        return STATUS_BUFFER_TOO_SMALL;
    memmove(Destination, Source, Length);
    return STATUS_SUCCESS;
}

static PWSTR PutDecimal(PWSTR Text, ULONG Value)
{
    WCHAR Digits[10];
    ULONG Count = 0;

    do {
        Digits[Count++] = (WCHAR)('0' + Value % 10);
        Value /= 10;
    } while (Value);
    while (Count)
        *Text++ = Digits[--Count];
    return Text;
}

/* In decimal if it has 32 bits, else as twelve hexadecimal digits. */
static PWSTR PutAuthority(PWSTR Text, const UCHAR Value[6])
{
    if (!Value[0] && !Value[1])
        return PutDecimal(Text, (ULONG)Value[2] << 24 | Value[3] << 16 | Value[4] << 8 | Value[5]);
    *Text++ = '0';
    *Text++ = 'x';
    for (ULONG i = 0; i < 12; i++)
        *Text++ = u"0123456789abcdef"[Value[i / 2] >> (i % 2 ? 0 : 4) & 15];
    return Text;
}

ULONG RtlpFormatSid(PSID Sid, PWSTR Text)
{
    const SID *Id = Sid;
    PWSTR End = Text;

    *End++ = 'S';
    *End++ = '-';
    End = PutDecimal(End, Id->Revision);
    *End++ = '-';
    End = PutAuthority(End, Id->IdentifierAuthority.Value);
    for (ULONG i = 0; i < Id->SubAuthorityCount; i++) {
        *End++ = '-';
        End = PutDecimal(End, Id->SubAuthority[i]);
    }
    return (ULONG)(End - Text);
}
