// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reading XML, as far as manifests have it: elements, attributes, name spaces, text, references to
 * characters, CDATA; comments and processing instructions are passed over. There are no document
 * types, so nothing can grow. (XML 1.0; Namespaces in XML 1.0)
 */
#include "sxsp.h"

#define PARSE_ERROR STATUS_SXS_MANIFEST_PARSE_ERROR

void SxspOpenXml(PSXSP_XML Xml, PWSTR Text, ULONG Length)
{
    memset(Xml, 0, sizeof(*Xml));
    Xml->Begin = Xml->At = Text;
    Xml->End = Text + Length;
}

/* ---- Characters ---- */

static BOOLEAN IsSpace(WCHAR Character)
{
    return Character == ' ' || Character == '\t' || Character == '\r' || Character == '\n';
}

static BOOLEAN IsNameStart(WCHAR Character)
{
    return (Character >= 'a' && Character <= 'z') || (Character >= 'A' && Character <= 'Z') ||
           Character == '_' || (Character >= 0x80 && Character < 0xfffe);
}

static BOOLEAN IsNameCharacter(WCHAR Character)
{
    return IsNameStart(Character) || (Character >= '0' && Character <= '9') || Character == '-' ||
           Character == '.';
}

/* Of a pair of surrogates each half is allowed by itself. */
static BOOLEAN IsAllowed(ULONG Character)
{
    return Character >= ' ' ? Character != 0xfffe && Character != 0xffff
                            : Character < ' ' && IsSpace((WCHAR)Character);
}

static BOOLEAN Peek(const SXSP_XML *Xml, PCWSTR Wanted)
{
    PCWSTR At = Xml->At;

    while (*Wanted && At < Xml->End && *At == *Wanted) {
        At++;
        Wanted++;
    }
    return !*Wanted;
}

static BOOLEAN Take(PSXSP_XML Xml, PCWSTR Wanted)
{
    BOOLEAN There = Peek(Xml, Wanted);

    if (There)
        Xml->At += wcslen(Wanted);
    return There;
}

static BOOLEAN SkipSpace(PSXSP_XML Xml)
{
    PWSTR Begin = Xml->At;

    while (Xml->At < Xml->End && IsSpace(*Xml->At))
        Xml->At++;
    return Xml->At > Begin;
}

/* Goes on behind a text. */
static NTSTATUS SkipPast(PSXSP_XML Xml, PCWSTR Wanted)
{
    while (Xml->At < Xml->End) {
        if (Take(Xml, Wanted))
            return STATUS_SUCCESS;
        Xml->At++;
    }
    return PARSE_ERROR;
}

static NTSTATUS MakeText(PWSTR Begin, PWSTR End, PUNICODE_STRING Text)
{
    SIZE_T Bytes = (SIZE_T)(End - Begin) * sizeof(WCHAR);

    if (Bytes > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return PARSE_ERROR;
    Text->Buffer = Begin;
    Text->Length = Text->MaximumLength = (USHORT)Bytes;
    return STATUS_SUCCESS;
}

/* ---- References to characters ---- */

static const struct {
    PCWSTR Name;
    WCHAR Character;
} Entities[] = {{u"lt;", '<'}, {u"gt;", '>'}, {u"amp;", '&'}, {u"quot;", '"'}, {u"apos;", '\''}};

static NTSTATUS ReadNumber(PSXSP_XML Xml, PULONG Number)
{
    ULONG Base = Take(Xml, u"x") ? 16 : 10, Digits = 0;

    *Number = 0;
    while (Xml->At < Xml->End && *Xml->At != ';') {
        ULONG Digit = RtlpDigitValue(*Xml->At++);

        if (Digit >= Base || *Number > 0x10ffff)
            return PARSE_ERROR;
        *Number = *Number * Base + Digit;
        Digits++;
    }
    if (!Digits || !Take(Xml, u";") || *Number > 0x10ffff ||
        (*Number >= 0xd800 && *Number <= 0xdfff) || !IsAllowed(*Number))
        return PARSE_ERROR;
    return STATUS_SUCCESS;
}

/* Behind an ampersand. What it stands for is never longer than it is. */
static NTSTATUS ReadReference(PSXSP_XML Xml, PWSTR *To)
{
    ULONG Number;
    NTSTATUS Status;

    for (ULONG i = 0; i < ARRAYSIZE(Entities); i++) {
        if (Take(Xml, Entities[i].Name)) {
            *(*To)++ = Entities[i].Character;
            return STATUS_SUCCESS;
        }
    }
    if (!Take(Xml, u"#"))
        return PARSE_ERROR;
    Status = ReadNumber(Xml, &Number);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Number >= 0x10000) {
        *(*To)++ = (WCHAR)(0xd7c0 + (Number >> 10));
        Number = 0xdc00 | (Number & 0x3ff);
    }
    *(*To)++ = (WCHAR)Number;
    return STATUS_SUCCESS;
}

/* ---- Names and attributes ---- */

static NTSTATUS ReadPlainName(PSXSP_XML Xml, PUNICODE_STRING Name)
{
    PWSTR Begin = Xml->At;

    if (Begin == Xml->End || !IsNameStart(*Begin))
        return PARSE_ERROR;
    while (Xml->At < Xml->End && IsNameCharacter(*Xml->At))
        Xml->At++;
    return MakeText(Begin, Xml->At, Name);
}

static NTSTATUS ReadName(PSXSP_XML Xml, PUNICODE_STRING Prefix, PUNICODE_STRING Name)
{
    NTSTATUS Status = ReadPlainName(Xml, Name);

    *Prefix = (UNICODE_STRING){0, 0, NULL};
    if (!NT_SUCCESS(Status) || !Take(Xml, u":"))
        return Status;
    *Prefix = *Name;
    return ReadPlainName(Xml, Name);
}

/* A value in quotation marks; spaces of any kind are spaces. */
static NTSTATUS ReadValue(PSXSP_XML Xml, PUNICODE_STRING Value)
{
    PWSTR Begin, To;
    WCHAR Quote;

    if (!Peek(Xml, u"\"") && !Peek(Xml, u"'"))
        return PARSE_ERROR;
    Quote = *Xml->At++;
    Begin = To = Xml->At;
    while (Xml->At < Xml->End && *Xml->At != Quote) {
        WCHAR Character = *Xml->At++;
        NTSTATUS Status = STATUS_SUCCESS;

        if (Character == '<' || !IsAllowed(Character))
            return PARSE_ERROR;
        if (Character == '&')
            Status = ReadReference(Xml, &To);
        else
            *To++ = IsSpace(Character) ? ' ' : Character;
        if (!NT_SUCCESS(Status))
            return Status;
    }
    if (Xml->At == Xml->End)
        return PARSE_ERROR;
    Xml->At++;
    return MakeText(Begin, To, Value);
}

static BOOLEAN Same(PCUNICODE_STRING First, PCUNICODE_STRING Second)
{
    return RtlEqualUnicodeString(First, Second, FALSE);
}

static NTSTATUS ReadAttribute(PSXSP_XML Xml)
{
    PSXSP_ATTRIBUTE New = &Xml->Attributes[Xml->AttributeCount];
    NTSTATUS Status;

    if (Xml->AttributeCount == SXSP_MAXIMUM_ATTRIBUTES)
        return PARSE_ERROR;
    Status = ReadName(Xml, &New->Prefix, &New->Name);
    if (!NT_SUCCESS(Status))
        return Status;
    SkipSpace(Xml);
    if (!Take(Xml, u"="))
        return PARSE_ERROR;
    SkipSpace(Xml);
    for (ULONG i = 0; i < Xml->AttributeCount; i++) {
        if (Same(&Xml->Attributes[i].Name, &New->Name) &&
            Same(&Xml->Attributes[i].Prefix, &New->Prefix))
            return PARSE_ERROR;
    }
    Xml->AttributeCount++;
    return ReadValue(Xml, &New->Value);
}

/* ---- Name spaces ---- */

static NTSTATUS Bind(PSXSP_XML Xml, PCUNICODE_STRING Prefix, PCUNICODE_STRING Namespace)
{
    if (Xml->BindingCount == SXSP_MAXIMUM_BINDINGS || (Prefix->Length && !Namespace->Length))
        return PARSE_ERROR;
    Xml->Bindings[Xml->BindingCount].Prefix = *Prefix;
    Xml->Bindings[Xml->BindingCount].Namespace = *Namespace;
    Xml->Bindings[Xml->BindingCount++].Depth = Xml->Depth;
    return STATUS_SUCCESS;
}

/* The attributes that declare a name space. */
static NTSTATUS BindDeclared(PSXSP_XML Xml)
{
    static const UNICODE_STRING None = {0, 0, NULL};
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; i < Xml->AttributeCount && NT_SUCCESS(Status); i++) {
        PSXSP_ATTRIBUTE Attribute = &Xml->Attributes[i];

        if (SxspIsText(&Attribute->Prefix, u"xmlns"))
            Status = Bind(Xml, &Attribute->Name, &Attribute->Value);
        else if (!Attribute->Prefix.Length && SxspIsText(&Attribute->Name, u"xmlns"))
            Status = Bind(Xml, &None, &Attribute->Value);
    }
    return Status;
}

static NTSTATUS FindNamespace(PSXSP_XML Xml, PCUNICODE_STRING Prefix, PUNICODE_STRING Namespace)
{
    *Namespace = (UNICODE_STRING){0, 0, NULL};
    for (ULONG i = Xml->BindingCount; i; i--) {
        if (Same(&Xml->Bindings[i - 1].Prefix, Prefix)) {
            *Namespace = Xml->Bindings[i - 1].Namespace;
            return STATUS_SUCCESS;
        }
    }
    if (!Prefix->Length || SxspIsText(Prefix, u"xml") || SxspIsText(Prefix, u"xmlns"))
        return STATUS_SUCCESS;
    return PARSE_ERROR;
}

static NTSTATUS ResolveNames(PSXSP_XML Xml, PCUNICODE_STRING Prefix)
{
    UNICODE_STRING OfAttribute; /* only has to be there */
    NTSTATUS Status = BindDeclared(Xml);

    if (NT_SUCCESS(Status))
        Status = FindNamespace(Xml, Prefix, &Xml->Namespace);
    for (ULONG i = 0; i < Xml->AttributeCount && NT_SUCCESS(Status); i++)
        Status = FindNamespace(Xml, &Xml->Attributes[i].Prefix, &OfAttribute);
    return Status;
}

/* ---- Tags ---- */

static NTSTATUS ReadAttributes(PSXSP_XML Xml)
{
    NTSTATUS Status = STATUS_SUCCESS;

    Xml->AttributeCount = 0;
    Xml->Empty = FALSE;
    while (NT_SUCCESS(Status)) {
        BOOLEAN Space = SkipSpace(Xml);

        if (Take(Xml, u">"))
            return STATUS_SUCCESS;
        if (Take(Xml, u"/>")) {
            Xml->Empty = TRUE;
            return STATUS_SUCCESS;
        }
        Status = Space ? ReadAttribute(Xml) : PARSE_ERROR;
    }
    return Status;
}

static NTSTATUS ReadStartTag(PSXSP_XML Xml)
{
    PWSTR Begin = Xml->At;
    UNICODE_STRING Prefix;
    NTSTATUS Status;

    if (Xml->Depth == SXSP_MAXIMUM_DEPTH || (!Xml->Depth && Xml->HadRoot))
        return PARSE_ERROR;
    Status = ReadName(Xml, &Prefix, &Xml->Name);
    if (NT_SUCCESS(Status))
        Status = MakeText(Begin, Xml->At, &Xml->Open[Xml->Depth]);
    if (!NT_SUCCESS(Status))
        return Status;
    Xml->Depth++;
    Status = ReadAttributes(Xml);
    return NT_SUCCESS(Status) ? ResolveNames(Xml, &Prefix) : Status;
}

static void CloseElement(PSXSP_XML Xml)
{
    while (Xml->BindingCount && Xml->Bindings[Xml->BindingCount - 1].Depth == Xml->Depth)
        Xml->BindingCount--;
    Xml->Depth--;
    Xml->HadRoot = Xml->HadRoot || !Xml->Depth;
}

static NTSTATUS ReadEndTag(PSXSP_XML Xml)
{
    PWSTR Begin = Xml->At;
    UNICODE_STRING Prefix, Name, Whole;
    NTSTATUS Status = ReadName(Xml, &Prefix, &Name);

    if (NT_SUCCESS(Status))
        Status = MakeText(Begin, Xml->At, &Whole);
    if (!NT_SUCCESS(Status))
        return Status;
    SkipSpace(Xml);
    if (!Xml->Depth || !Same(&Whole, &Xml->Open[Xml->Depth - 1]) || !Take(Xml, u">"))
        return PARSE_ERROR;
    CloseElement(Xml);
    return STATUS_SUCCESS;
}

/* ---- What is between tags ---- */

static NTSTATUS CopySection(PSXSP_XML Xml, PWSTR *To)
{
    while (Xml->At < Xml->End) {
        if (Take(Xml, u"]]>"))
            return STATUS_SUCCESS;
        if (!IsAllowed(*Xml->At))
            return PARSE_ERROR;
        *(*To)++ = *Xml->At++;
    }
    return PARSE_ERROR;
}

/* A comment must not have "--" inside. */
static NTSTATUS SkipComment(PSXSP_XML Xml)
{
    NTSTATUS Status = SkipPast(Xml, u"--");

    if (NT_SUCCESS(Status) && !Take(Xml, u">"))
        Status = PARSE_ERROR;
    return Status;
}

/* The declaration may only be the very first. */
static NTSTATUS SkipInstruction(PSXSP_XML Xml)
{
    BOOLEAN First = Xml->At == Xml->Begin + 2;
    UNICODE_STRING Name;
    NTSTATUS Status = ReadPlainName(Xml, &Name);

    if (NT_SUCCESS(Status) && SxspIsWord(&Name, u"xml") && !First)
        Status = PARSE_ERROR;
    return NT_SUCCESS(Status) ? SkipPast(Xml, u"?>") : Status;
}

/* Reads up to the next tag. Outside of all elements there is no text. */
static NTSTATUS ReadText(PSXSP_XML Xml)
{
    PWSTR Begin = Xml->At, To = Begin;
    NTSTATUS Status = STATUS_SUCCESS;

    while (NT_SUCCESS(Status) && Xml->At < Xml->End) {
        if (Take(Xml, u"<!--"))
            Status = SkipComment(Xml);
        else if (Take(Xml, u"<![CDATA["))
            Status = Xml->Depth ? CopySection(Xml, &To) : PARSE_ERROR;
        else if (Take(Xml, u"<?"))
            Status = SkipInstruction(Xml);
        else if (Peek(Xml, u"<!"))
            Status = PARSE_ERROR;
        else if (*Xml->At == '<')
            break;
        else if (!IsAllowed(*Xml->At) || (!Xml->Depth && !IsSpace(*Xml->At)))
            Status = PARSE_ERROR;
        else if (Take(Xml, u"&"))
            Status = ReadReference(Xml, &To);
        else
            *To++ = *Xml->At++;
    }
    return NT_SUCCESS(Status) ? MakeText(Begin, To, &Xml->Text) : Status;
}

NTSTATUS SxspNextNode(PSXSP_XML Xml, SXSP_NODE *Node)
{
    NTSTATUS Status;

    *Node = SxspEnd;
    if (Xml->Empty) {
        Xml->Empty = FALSE;
        Xml->Text.Length = 0;
        CloseElement(Xml);
        return STATUS_SUCCESS;
    }
    Status = ReadText(Xml);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Take(Xml, u"</"))
        return ReadEndTag(Xml);
    *Node = SxspStart;
    if (Take(Xml, u"<"))
        return ReadStartTag(Xml);
    *Node = SxspDone;
    return Xml->HadRoot && !Xml->Depth ? STATUS_SUCCESS : PARSE_ERROR;
}

/* ---- For those who read manifests ---- */

NTSTATUS SxspSkipElement(PSXSP_XML Xml)
{
    ULONG Outside = Xml->Depth - 1;
    NTSTATUS Status = STATUS_SUCCESS;
    SXSP_NODE Node;

    while (NT_SUCCESS(Status) && Xml->Depth > Outside)
        Status = SxspNextNode(Xml, &Node);
    return Status;
}

NTSTATUS SxspReadText(PSXSP_XML Xml, PUNICODE_STRING Text)
{
    SXSP_NODE Node;
    NTSTATUS Status = SxspNextNode(Xml, &Node);

    if (NT_SUCCESS(Status) && Node != SxspEnd)
        Status = STATUS_SXS_MANIFEST_FORMAT_ERROR;
    if (!NT_SUCCESS(Status))
        return Status;
    *Text = Xml->Text;
    while (Text->Length && IsSpace(*Text->Buffer)) {
        Text->Buffer++;
        Text->Length -= sizeof(WCHAR);
    }
    while (Text->Length && IsSpace(Text->Buffer[Text->Length / sizeof(WCHAR) - 1]))
        Text->Length -= sizeof(WCHAR);
    Text->MaximumLength = Text->Length;
    return STATUS_SUCCESS;
}

BOOLEAN SxspIsText(PCUNICODE_STRING Text, PCWSTR Wanted)
{
    return Text->Length == wcslen(Wanted) * sizeof(WCHAR) &&
           memcmp(Text->Buffer, Wanted, Text->Length) == 0;
}

BOOLEAN SxspIsWord(PCUNICODE_STRING Text, PCWSTR Wanted)
{
    return Text->Length == wcslen(Wanted) * sizeof(WCHAR) &&
           _wcsnicmp(Text->Buffer, Wanted, Text->Length / sizeof(WCHAR)) == 0;
}

BOOLEAN SxspGetAttribute(const SXSP_XML *Xml, PCWSTR Name, PUNICODE_STRING Value)
{
    *Value = (UNICODE_STRING){0, 0, NULL};
    for (ULONG i = 0; i < Xml->AttributeCount; i++) {
        if (!Xml->Attributes[i].Prefix.Length && SxspIsText(&Xml->Attributes[i].Name, Name)) {
            *Value = Xml->Attributes[i].Value;
            return TRUE;
        }
    }
    return FALSE;
}
