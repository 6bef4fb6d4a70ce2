// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reads the registry editor's text. A file begins with its title; then come
 *
 *   [path]          a key, made if it is not there      [-path]    a key that goes
 *   "name"=data     a value of that key                 "name"=-   a value that goes
 *   @=data          its default value                   ; text     nothing, as an empty line
 *
 *   data: "text"   dword:1f   hex:1,2   hex(7):61,00,00,00   and as Wine has it, str(2):"text"
 *
 * In a string a backslash stands before \ and ", or makes \n, \r, \t, \0 of a letter; a backslash
 * at the end of a line continues a list of bytes. (Microsoft: How to add, modify, or delete
 * registry subkeys and values by using a .reg file)
 */
#include "regtext.h"

typedef struct _CM_TEXT {
    const UCHAR *Next, *End;
    ULONG Line;
    PCM_TEXT_BUFFERS Buffers;
    const CM_TEXT_SINK *Sink;
    PVOID Context;
    BOOLEAN InKey;
} CM_TEXT, *PCM_TEXT;

#define BAD STATUS_REGISTRY_CORRUPT

/* The next character, 0 at the end; a NUL in the text ends it too. */
static UCHAR Peek(PCM_TEXT Text)
{
    return Text->Next < Text->End ? *Text->Next : 0;
}

static BOOLEAN IsLineEnd(UCHAR Character)
{
    return !Character || Character == '\n' || Character == '\r';
}

static void SkipBlanks(PCM_TEXT Text)
{
    while (Peek(Text) == ' ' || Peek(Text) == '\t')
        Text->Next++;
}

static BOOLEAN Take(PCM_TEXT Text, UCHAR Character)
{
    if (!Character || Peek(Text) != Character)
        return FALSE;
    Text->Next++;
    return TRUE;
}

static BOOLEAN TakeWord(PCM_TEXT Text, const char *Word)
{
    const UCHAR *Start = Text->Next;

    while (*Word && Take(Text, (UCHAR)*Word))
        Word++;
    if (!*Word)
        return TRUE;
    Text->Next = Start;
    return FALSE;
}

static void TakeLineEnd(PCM_TEXT Text)
{
    Take(Text, '\r');
    if (Take(Text, '\n'))
        Text->Line++;
}

static void SkipLine(PCM_TEXT Text)
{
    while (!IsLineEnd(Peek(Text)))
        Text->Next++;
}

/* Nothing but a comment may follow. */
static NTSTATUS EndLine(PCM_TEXT Text)
{
    SkipBlanks(Text);
    if (Peek(Text) == ';')
        SkipLine(Text);
    return IsLineEnd(Peek(Text)) ? STATUS_SUCCESS : BAD;
}

/* *String.MaximumLength: the room in it. */
static NTSTATUS Decode(const UCHAR *Bytes, SIZE_T Length, PUNICODE_STRING String)
{
    ULONG Needed;

    if (Length > CM_TEXT_DATA ||
        !NT_SUCCESS(RtlUTF8ToUnicodeN(NULL, 0, &Needed, (PCSTR)Bytes, (ULONG)Length)) ||
        Needed > String->MaximumLength)
        return BAD;
    RtlUTF8ToUnicodeN(String->Buffer, String->MaximumLength, &Needed, (PCSTR)Bytes, (ULONG)Length);
    String->Length = (USHORT)Needed;
    return STATUS_SUCCESS;
}

/* Up to the line's last bracket: a key's name may have one. */
static NTSTATUS ReadKey(PCM_TEXT Text)
{
    UNICODE_STRING Path = {0, sizeof(Text->Buffers->Path), Text->Buffers->Path};
    BOOLEAN Delete = Take(Text, '-');
    const UCHAR *Start = Text->Next, *End;
    NTSTATUS Status;

    SkipLine(Text);
    for (End = Text->Next; End > Start && End[-1] != ']'; End--)
        if (End[-1] != ' ' && End[-1] != '\t')
            return BAD;
    if (End == Start)
        return BAD;
    Status = Decode(Start, (SIZE_T)(End - Start) - 1, &Path);
    if (!NT_SUCCESS(Status))
        return Status;
    Text->InKey = !Delete;
    return Delete ? Text->Sink->DeleteKey(Text->Context, &Path)
                  : Text->Sink->OpenKey(Text->Context, &Path);
}

static UCHAR Escaped(UCHAR Character)
{
    switch (Character) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case '0':
        return 0;
    default:
        return Character;
    }
}

/* Behind the first quotation mark, to behind the second: the bytes without escapes go to Raw. */
static NTSTATUS ReadQuoted(PCM_TEXT Text, PULONG Length)
{
    *Length = 0;
    while (!Take(Text, '"')) {
        BOOLEAN Escape = Take(Text, '\\');

        if (Text->Next == Text->End || *Length == CM_TEXT_DATA)
            return BAD;
        if (*Text->Next == '\n')
            Text->Line++;
        Text->Buffers->Raw[(*Length)++] = Escape ? Escaped(*Text->Next) : *Text->Next;
        Text->Next++;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS ReadName(PCM_TEXT Text, PUNICODE_STRING Name)
{
    ULONG Length;
    NTSTATUS Status;

    *Name = (UNICODE_STRING){0, sizeof(Text->Buffers->Name), Text->Buffers->Name};
    if (Take(Text, '@'))
        return STATUS_SUCCESS;
    if (!Take(Text, '"'))
        return BAD;
    Status = ReadQuoted(Text, &Length);
    return NT_SUCCESS(Status) ? Decode(Text->Buffers->Raw, Length, Name) : Status;
}

static BOOLEAN TakeDigit(PCM_TEXT Text, PULONG Digit)
{
    UCHAR Character = Peek(Text);

    if (Character >= '0' && Character <= '9')
        *Digit = Character - '0';
    else if (Character >= 'a' && Character <= 'f')
        *Digit = Character - 'a' + 10;
    else if (Character >= 'A' && Character <= 'F')
        *Digit = Character - 'A' + 10;
    else
        return FALSE;
    Text->Next++;
    return TRUE;
}

/* One digit at least, and no more than Digits. */
static NTSTATUS ReadNumber(PCM_TEXT Text, ULONG Digits, PULONG Number)
{
    ULONG Digit, Count = 0;

    for (*Number = 0; Count < Digits && TakeDigit(Text, &Digit); Count++)
        *Number = *Number << 4 | Digit;
    return Count ? STATUS_SUCCESS : BAD;
}

/* A backslash at the end of a line, and the blanks at the start of the next one. */
static void Continue(PCM_TEXT Text)
{
    SkipBlanks(Text);
    while (Take(Text, '\\')) {
        SkipBlanks(Text);
        TakeLineEnd(Text);
        SkipBlanks(Text);
    }
}

static NTSTATUS ReadBytes(PCM_TEXT Text, PULONG Length)
{
    ULONG Byte;
    NTSTATUS Status;

    *Length = 0;
    Continue(Text);
    if (IsLineEnd(Peek(Text)) || Peek(Text) == ';')
        return STATUS_SUCCESS;
    do {
        Continue(Text);
        if (IsLineEnd(Peek(Text)) && *Length) /* a comma at the end */
            return STATUS_SUCCESS;
        Status = ReadNumber(Text, 2, &Byte);
        if (!NT_SUCCESS(Status) || *Length == CM_TEXT_DATA)
            return BAD;
        Text->Buffers->Data[(*Length)++] = (UCHAR)Byte;
        Continue(Text);
    } while (Take(Text, ','));
    return STATUS_SUCCESS;
}

/* With its NUL. */
static NTSTATUS ReadText(PCM_TEXT Text, PULONG Length)
{
    ULONG Raw;
    NTSTATUS Status = Take(Text, '"') ? ReadQuoted(Text, &Raw) : BAD;

    if (!NT_SUCCESS(Status))
        return Status;
    if (!NT_SUCCESS(RtlUTF8ToUnicodeN(NULL, 0, Length, (PCSTR)Text->Buffers->Raw, Raw)) ||
        *Length > CM_TEXT_DATA - sizeof(WCHAR))
        return BAD;
    RtlUTF8ToUnicodeN((PWSTR)Text->Buffers->Data, CM_TEXT_DATA, Length, (PCSTR)Text->Buffers->Raw,
                      Raw);
    memset(Text->Buffers->Data + *Length, 0, sizeof(WCHAR));
    *Length += sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/* The type in brackets, if there is one, and the colon. */
static NTSTATUS ReadType(PCM_TEXT Text, PULONG Type)
{
    if (Take(Text, '(') && (!NT_SUCCESS(ReadNumber(Text, 8, Type)) || !Take(Text, ')')))
        return BAD;
    return Take(Text, ':') ? STATUS_SUCCESS : BAD;
}

static NTSTATUS ReadDword(PCM_TEXT Text, PULONG Length)
{
    ULONG Number;
    NTSTATUS Status = ReadNumber(Text, 8, &Number);

    *Length = sizeof(Number);
    memcpy(Text->Buffers->Data, &Number, sizeof(Number));
    return Status;
}

static NTSTATUS ReadData(PCM_TEXT Text, PULONG Type, PULONG Length)
{
    NTSTATUS Status;

    *Type = REG_SZ;
    if (Peek(Text) == '"')
        return ReadText(Text, Length);
    if (TakeWord(Text, "str")) {
        Status = ReadType(Text, Type);
        return NT_SUCCESS(Status) ? ReadText(Text, Length) : Status;
    }
    *Type = REG_DWORD;
    if (TakeWord(Text, "dword:"))
        return ReadDword(Text, Length);
    *Type = REG_BINARY;
    if (!TakeWord(Text, "hex"))
        return BAD;
    Status = ReadType(Text, Type);
    return NT_SUCCESS(Status) ? ReadBytes(Text, Length) : Status;
}

static NTSTATUS ReadValue(PCM_TEXT Text)
{
    UNICODE_STRING Name;
    ULONG Type, Length;
    NTSTATUS Status = ReadName(Text, &Name);

    SkipBlanks(Text);
    if (!NT_SUCCESS(Status) || !Text->InKey || !Take(Text, '='))
        return BAD;
    SkipBlanks(Text);
    if (Take(Text, '-')) {
        Status = EndLine(Text);
        return NT_SUCCESS(Status) ? Text->Sink->DeleteValue(Text->Context, &Name) : Status;
    }
    Status = ReadData(Text, &Type, &Length);
    if (NT_SUCCESS(Status))
        Status = EndLine(Text);
    return NT_SUCCESS(Status)
               ? Text->Sink->SetValue(Text->Context, &Name, Type, Text->Buffers->Data, Length)
               : Status;
}

static NTSTATUS ReadLine(PCM_TEXT Text)
{
    SkipBlanks(Text);
    if (IsLineEnd(Peek(Text)) || Peek(Text) == ';')
        return EndLine(Text);
    return Take(Text, '[') ? ReadKey(Text) : ReadValue(Text);
}

NTSTATUS CmpReadText(const void *Start, SIZE_T Length, PCM_TEXT_BUFFERS Buffers,
                     const CM_TEXT_SINK *Sink, PVOID Context, PULONG Line)
{
    CM_TEXT Text = {.Next = Start,
                    .End = (const UCHAR *)Start + Length,
                    .Line = 1,
                    .Buffers = Buffers,
                    .Sink = Sink,
                    .Context = Context};
    NTSTATUS Status;

    TakeWord(&Text, "\xef\xbb\xbf");
    Status = TakeWord(&Text, "Windows Registry Editor Version 5.00") ? EndLine(&Text) : BAD;
    while (NT_SUCCESS(Status) && Peek(&Text)) {
        TakeLineEnd(&Text);
        Status = ReadLine(&Text);
    }
    *Line = Text.Line;
    return NT_SUCCESS(Status) && Text.Next != Text.End ? BAD : Status;
}
