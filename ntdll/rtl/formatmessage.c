// SPDX-License-Identifier: BSD-2-Clause
/*
 * Messages with inserts: %1 to %99 stand for arguments, perhaps with a format of printf between
 * exclamation marks; %n breaks a line, %0 ends the message without a break, and other characters
 * behind a percent sign stand for themselves. (Win32: FormatMessage)
 */
#include "rtlp.h"

#define MAXIMUM_INSERT 99
#define WIDTH_IGNORES_BREAKS 0xff
#define MAXIMUM_INSERT_FORMAT 32 /* characters, with the percent sign and a size */

typedef struct _MESSAGE {
    PWSTR Buffer;
    ULONG Capacity; /* characters */
    ULONG Length;
    ULONG Width; /* 0: lines are as long as they are */
    ULONG LineStart;
    ULONG LastBlank; /* where the line may be broken; NO_BLANK */
    BOOLEAN IgnoreBreaks;
    BOOLEAN Ansi;
    BOOLEAN Array;
    va_list *Arguments;
    ULONG Fetched; /* arguments of a list that is not an array, in order */
    ULONG_PTR Values[MAXIMUM_INSERT + 2];
} MESSAGE, *PMESSAGE;

#define NO_BLANK MAXULONG

static NTSTATUS PutRaw(PMESSAGE Message, WCHAR Character)
{
    if (Message->Length >= Message->Capacity)
        return STATUS_BUFFER_OVERFLOW;
    Message->Buffer[Message->Length++] = Character;
    return STATUS_SUCCESS;
}

static NTSTATUS Break(PMESSAGE Message)
{
    NTSTATUS Status = PutRaw(Message, '\r');

    if (NT_SUCCESS(Status))
        Status = PutRaw(Message, '\n');
    Message->LineStart = Message->Length;
    Message->LastBlank = NO_BLANK;
    return Status;
}

/* The line is full: its last blank becomes a break. A line without one stays as it is. */
static NTSTATUS Wrap(PMESSAGE Message)
{
    ULONG Blank = Message->LastBlank, Behind = Blank + 1;

    if (Blank == NO_BLANK)
        return STATUS_SUCCESS;
    if (Message->Length >= Message->Capacity)
        return STATUS_BUFFER_OVERFLOW;
    memmove(Message->Buffer + Behind + 1, Message->Buffer + Behind,
            (Message->Length - Behind) * sizeof(WCHAR));
    Message->Buffer[Blank] = '\r';
    Message->Buffer[Behind] = '\n';
    Message->Length++;
    Message->LineStart = Behind + 1;
    Message->LastBlank = NO_BLANK;
    return STATUS_SUCCESS;
}

static NTSTATUS Put(PMESSAGE Message, WCHAR Character)
{
    NTSTATUS Status;

    if (Character == ' ')
        Message->LastBlank = Message->Length;
    Status = PutRaw(Message, Character);
    if (Character == '\n') {
        Message->LineStart = Message->Length;
        Message->LastBlank = NO_BLANK;
    }
    if (NT_SUCCESS(Status) && Message->Width &&
        Message->Length - Message->LineStart > Message->Width)
        Status = Wrap(Message);
    return Status;
}

/* A list is read in its order, whatever the inserts' is. */
static ULONG_PTR Argument(PMESSAGE Message, ULONG Index)
{
    if (!Message->Arguments)
        return 0;
    if (Message->Array)
        return ((ULONG_PTR *)Message->Arguments)[Index];
    while (Message->Fetched <= Index)
        Message->Values[Message->Fetched++] = va_arg(*Message->Arguments, ULONG_PTR);
    return Message->Values[Index];
}

/* An insert's own format, without the exclamation marks, as one for printf. Returns the number of
 * its asterisks; MAXULONG: it is too long. Strings are as wide as the caller says, unless it is in
 * the format. */
static ULONG MakeFormat(PMESSAGE Message, PCWSTR Text, ULONG Length, WCHAR Format[])
{
    ULONG Stars = 0, Out = 0;

    if (Length + 4 > MAXIMUM_INSERT_FORMAT)
        return MAXULONG;
    Format[Out++] = '%';
    for (ULONG i = 0; i < Length; i++) {
        BOOLEAN Last = i == Length - 1, Sized = i && wcschr(u"hlwI", Text[i - 1]);

        Stars += Text[i] == '*';
        if (Last && Message->Ansi && !Sized && (Text[i] == 's' || Text[i] == 'c'))
            Format[Out++] = 'h';
        Format[Out++] = Text[i];
    }
    Format[Out] = UNICODE_NULL;
    return Stars <= 2 ? Stars : MAXULONG;
}

/* Formats into Room characters; -1: they are not enough. */
static int Print(PMESSAGE Message, PWSTR To, ULONG Room, PCWSTR Format, ULONG Stars, ULONG First)
{
    ULONG_PTR A = Argument(Message, First);

    if (Stars == 0)
        return _snwprintf(To, Room, Format, A);
    if (Stars == 1)
        return _snwprintf(To, Room, Format, (int)A, Argument(Message, First + 1));
    return _snwprintf(To, Room, Format, (int)A, (int)Argument(Message, First + 1),
                      Argument(Message, First + 2));
}

static NTSTATUS PutInsert(PMESSAGE Message, ULONG Number, PCWSTR Text, ULONG Length)
{
    WCHAR Format[MAXIMUM_INSERT_FORMAT];
    ULONG Stars = MakeFormat(Message, Text, Length, Format);
    ULONG Room = Message->Capacity - Message->Length;
    NTSTATUS Status = STATUS_SUCCESS;
    PWSTR Insert;
    int Printed;

    if (Stars == MAXULONG)
        return STATUS_INVALID_PARAMETER;
    Insert = RtlAllocateHeap(RtlProcessHeap(), 0, (Room + 1) * sizeof(WCHAR));
    if (!Insert)
        return STATUS_NO_MEMORY;
    Printed = Print(Message, Insert, Room, Format, Stars, Number - 1);
    if (Printed < 0)
        Status = STATUS_BUFFER_OVERFLOW;
    for (int i = 0; i < Printed && NT_SUCCESS(Status); i++)
        Status = Put(Message, Insert[i]);
    RtlFreeHeap(RtlProcessHeap(), 0, Insert);
    return Status;
}

/* %1 or %12 and perhaps !format!, of which *Text is at the first digit; moves it behind them. */
static NTSTATUS ReadInsert(PMESSAGE Message, PCWSTR *Text)
{
    PCWSTR Format = u"s", End;
    ULONG Number = (ULONG)(*(*Text)++ - '0'), Length = 1;

    if (**Text >= '0' && **Text <= '9')
        Number = Number * 10 + (ULONG)(*(*Text)++ - '0');
    if (**Text == '!') {
        End = wcschr(*Text + 1, '!');
        if (!End)
            return STATUS_INVALID_PARAMETER;
        Format = *Text + 1;
        Length = (ULONG)(End - Format);
        *Text = End + 1;
    }
    return PutInsert(Message, Number, Format, Length);
}

/* With IgnoreInserts they are left as they are written. */
static NTSTATUS ReadEscape(PMESSAGE Message, PCWSTR *Text, BOOLEAN IgnoreInserts)
{
    WCHAR Character = **Text;
    NTSTATUS Status;

    if (Character >= '1' && Character <= '9' && !IgnoreInserts)
        return ReadInsert(Message, Text);
    ++*Text;
    switch (Character) {
    case 'n':
        return Break(Message);
    case 'r':
        return Put(Message, '\r');
    case 't':
        return Put(Message, '\t');
    case 'b':
        return Put(Message, ' ');
    default:
        if (IgnoreInserts && ((Character >= '1' && Character <= '9') || Character == '%')) {
            Status = Put(Message, '%');
            if (!NT_SUCCESS(Status))
                return Status;
        }
        return Put(Message, Character);
    }
}

/* A break in the text, which may be one character or two, is a break, or a blank where the width
 * decides about lines. */
static NTSTATUS ReadBreak(PMESSAGE Message, PCWSTR *Text)
{
    if ((*Text)[0] == '\r' && (*Text)[1] == '\n')
        ++*Text;
    ++*Text;
    return Message->IgnoreBreaks ? Put(Message, ' ') : Break(Message);
}

static NTSTATUS Format(PMESSAGE Message, PCWSTR Text, BOOLEAN IgnoreInserts)
{
    NTSTATUS Status = STATUS_SUCCESS;

    while (*Text && NT_SUCCESS(Status)) {
        if (*Text == '%') {
            Text++;
            if (*Text == '0')
                return STATUS_SUCCESS;
            if (!*Text)
                return STATUS_INVALID_PARAMETER;
            Status = ReadEscape(Message, &Text, IgnoreInserts);
        } else if (*Text == '\r' || *Text == '\n') {
            Status = ReadBreak(Message, &Text);
        } else {
            Status = Put(Message, *Text++);
        }
    }
    return Status;
}

NTSTATUS NTAPI RtlFormatMessage(PCWSTR MessageFormat, ULONG MaximumWidth, BOOLEAN IgnoreInserts,
                                BOOLEAN ArgumentsAreAnsi, BOOLEAN ArgumentsAreAnArray,
                                va_list *Arguments, PWSTR Buffer, ULONG Length,
                                PULONG ReturnedBytes)
{
    MESSAGE Message = {
        .Buffer = Buffer,
        .Capacity = Length / sizeof(WCHAR),
        .Width = MaximumWidth == WIDTH_IGNORES_BREAKS ? 0 : MaximumWidth,
        .LastBlank = NO_BLANK,
        .IgnoreBreaks = MaximumWidth != 0,
        .Ansi = ArgumentsAreAnsi,
        .Array = ArgumentsAreAnArray,
        .Arguments = Arguments,
    };
    NTSTATUS Status = Format(&Message, MessageFormat, IgnoreInserts);

    if (NT_SUCCESS(Status))
        Status = PutRaw(&Message, UNICODE_NULL);
    if (NT_SUCCESS(Status) && ReturnedBytes)
        *ReturnedBytes = Message.Length * sizeof(WCHAR);
    return Status;
}
