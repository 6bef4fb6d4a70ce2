// SPDX-License-Identifier: BSD-2-Clause
/* Who an assembly is: its name, version and the rest. (Win32: "Assembly Identities") */
#include "sxsp.h"

#define MAXIMUM_NAME 256 /* characters: it is part of paths */
#define MAXIMUM_DIGITS 5 /* of a part of a version */
#define INVALID_VALUE STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_VALUE

BOOLEAN SxspParseVersion(PCUNICODE_STRING Text, USHORT Version[4])
{
    ULONG Part = 0, Digits = 0, Number = 0;

    for (USHORT i = 0; i <= Text->Length / sizeof(WCHAR); i++) {
        WCHAR Character = i < Text->Length / sizeof(WCHAR) ? Text->Buffer[i] : '.';
        ULONG Digit = RtlpDigitValue(Character);

        if (Character == '.') {
            if (!Digits || Part == 4)
                return FALSE;
            Version[Part++] = (USHORT)Number;
            Digits = Number = 0;
            continue;
        }
        Number = Number * 10 + Digit;
        if (Digit > 9 || Number > MAXUSHORT || ++Digits > MAXIMUM_DIGITS)
            return FALSE;
    }
    return Part == 4;
}

/* A name goes into paths: no part of it may lead elsewhere, as "." and ".." would. */
static BOOLEAN IsName(PCUNICODE_STRING Name)
{
    BOOLEAN Dots = Name->Length != 0;

    for (USHORT i = 0; i < Name->Length / sizeof(WCHAR); i++) {
        WCHAR Character = Name->Buffer[i];

        if (Character < ' ' || wcschr(u"\\/:*?\"<>|", Character))
            return FALSE;
        Dots = Dots && (Character == '.' || Character == ' ');
    }
    return !Dots && Name->Length <= MAXIMUM_NAME * sizeof(WCHAR);
}

static BOOLEAN IsNameOrAny(PCUNICODE_STRING Name)
{
    return SxspIsText(Name, u"*") || IsName(Name);
}

static NTSTATUS Check(PSXSP_IDENTITY Identity)
{
    if (!IsName(&Identity->Name) || !IsNameOrAny(&Identity->Language) ||
        !IsNameOrAny(&Identity->Architecture) || !IsName(&Identity->Token) ||
        !IsName(&Identity->Type) || !SxspParseVersion(&Identity->VersionText, Identity->Version))
        return INVALID_VALUE;
    return STATUS_SUCCESS;
}

/* Takes a text off up to a character, which goes, too. */
static UNICODE_STRING TakeUpTo(PUNICODE_STRING Rest, WCHAR End)
{
    UNICODE_STRING Part = {0, 0, Rest->Buffer};

    while (Part.Length < Rest->Length && Rest->Buffer[Part.Length / sizeof(WCHAR)] != End)
        Part.Length += sizeof(WCHAR);
    Part.MaximumLength = Part.Length;
    Rest->Buffer += Part.Length / sizeof(WCHAR);
    Rest->Length -= Part.Length;
    if (Rest->Length) {
        Rest->Buffer++;
        Rest->Length -= sizeof(WCHAR);
    }
    return Part;
}

/* key="value", or without quotation marks */
static NTSTATUS TakeAttribute(PUNICODE_STRING Rest, PSXSP_IDENTITY Identity)
{
    const struct {
        PCWSTR Name;
        PUNICODE_STRING Value;
    } Known[] = {{u"type", &Identity->Type},
                 {u"language", &Identity->Language},
                 {u"processorArchitecture", &Identity->Architecture},
                 {u"publicKeyToken", &Identity->Token},
                 {u"version", &Identity->VersionText}};
    UNICODE_STRING Name = TakeUpTo(Rest, '='), Value;

    if (Rest->Length && *Rest->Buffer == '"') {
        TakeUpTo(Rest, '"');
        Value = TakeUpTo(Rest, '"');
        if (TakeUpTo(Rest, ',').Length)
            return STATUS_SXS_IDENTITY_PARSE_ERROR;
    } else {
        Value = TakeUpTo(Rest, ',');
    }
    for (ULONG i = 0; i < ARRAYSIZE(Known); i++) {
        if (!SxspIsWord(&Name, Known[i].Name))
            continue;
        if (Known[i].Value->Length)
            return STATUS_SXS_IDENTITY_DUPLICATE_ATTRIBUTE;
        *Known[i].Value = Value;
        return STATUS_SUCCESS;
    }
    return STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_NAME;
}

NTSTATUS SxspParseReference(PCUNICODE_STRING Text, PSXSP_IDENTITY Identity)
{
    UNICODE_STRING Rest = *Text;
    NTSTATUS Status = STATUS_SUCCESS;

    memset(Identity, 0, sizeof(*Identity));
    Identity->Name = TakeUpTo(&Rest, ',');
    while (Rest.Length && NT_SUCCESS(Status))
        Status = TakeAttribute(&Rest, Identity);
    if (!NT_SUCCESS(Status))
        return Status;
    return Identity->Name.Length && Identity->VersionText.Length ? Check(Identity)
                                                                 : STATUS_SXS_IDENTITY_PARSE_ERROR;
}

NTSTATUS SxspReadIdentity(const SXSP_XML *Xml, PSXSP_IDENTITY Identity)
{
    if (!SxspGetAttribute(Xml, u"name", &Identity->Name) || !Identity->Name.Length ||
        !SxspGetAttribute(Xml, u"type", &Identity->Type) ||
        !SxspGetAttribute(Xml, u"version", &Identity->VersionText))
        return STATUS_SXS_MANIFEST_FORMAT_ERROR;
    SxspGetAttribute(Xml, u"language", &Identity->Language);
    SxspGetAttribute(Xml, u"processorArchitecture", &Identity->Architecture);
    SxspGetAttribute(Xml, u"publicKeyToken", &Identity->Token);
    return Check(Identity);
}

NTSTATUS SxspEncodeIdentity(PSXSP_ARENA Arena, const SXSP_IDENTITY *Identity,
                            PUNICODE_STRING Encoded)
{
    static const UNICODE_STRING Begin[] = {
        RTL_CONSTANT_STRING(u",language=\""), RTL_CONSTANT_STRING(u",processorArchitecture=\""),
        RTL_CONSTANT_STRING(u",publicKeyToken=\""), RTL_CONSTANT_STRING(u",type=\""),
        RTL_CONSTANT_STRING(u",version=\"")};
    static const UNICODE_STRING End = RTL_CONSTANT_STRING(u"\"");
    PCUNICODE_STRING Values[] = {&Identity->Language, &Identity->Architecture, &Identity->Token,
                                 &Identity->Type, &Identity->VersionText};
    PCUNICODE_STRING Parts[1 + 3 * ARRAYSIZE(Begin)] = {&Identity->Name};
    ULONG Count = 1;

    for (ULONG i = 0; i < ARRAYSIZE(Begin); i++) {
        if (!Values[i]->Length)
            continue;
        Parts[Count++] = &Begin[i];
        Parts[Count++] = Values[i];
        Parts[Count++] = &End;
    }
    return SxspJoin(Arena, Parts, Count, Encoded);
}

/* What a reference leaves out, or has as "*", may be anything. */
static BOOLEAN Agrees(PCUNICODE_STRING Value, PCUNICODE_STRING Wanted)
{
    return !Wanted->Length || SxspIsText(Wanted, u"*") ||
           RtlEqualUnicodeString(Value, Wanted, TRUE);
}

BOOLEAN SxspSatisfies(const SXSP_IDENTITY *Identity, const SXSP_IDENTITY *Wanted)
{
    ULONG Build = (ULONG)Identity->Version[2] << 16 | Identity->Version[3];
    ULONG WantedBuild = (ULONG)Wanted->Version[2] << 16 | Wanted->Version[3];

    return RtlEqualUnicodeString(&Identity->Name, &Wanted->Name, TRUE) &&
           Agrees(&Identity->Type, &Wanted->Type) && Agrees(&Identity->Token, &Wanted->Token) &&
           Agrees(&Identity->Architecture, &Wanted->Architecture) &&
           Identity->Version[0] == Wanted->Version[0] &&
           Identity->Version[1] == Wanted->Version[1] && Build >= WantedBuild;
}
