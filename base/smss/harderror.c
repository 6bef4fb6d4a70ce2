/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hard errors: what programs, and the loader in them, want the user told. The Executive sends each
 * as a message to the port that is made here, and its sender waits until it has been shown. A
 * thread of its own does that, since this process's first one waits for drivers, which may have
 * errors to report.
 *
 * Nobody can connect to the port. Whatever a message says comes from its sender, who may be
 * hostile: its strings are read like any other process's memory, a bounded part of each, and
 * control characters do not reach the screen.
 */
#include "smss.h"

#define STACK_SIZE 0x10000
#define SHOWN_CHARACTERS 128 /* of a string, and of a program's name */
#define MAXIMUM_LINE 1024
#define RETRY (-10 * 10000LL) /* 10 ms */

typedef union _ERROR_MESSAGE {
    PORT_MESSAGE Header;
    HARDERROR_MSG Error;
    UCHAR Room[PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH];
} ERROR_MESSAGE, *PERROR_MESSAGE;

typedef struct _LINE {
    ULONG Length; /* characters */
    WCHAR Text[MAXIMUM_LINE];
} LINE, *PLINE;

/* What errors mean. %1 is the first parameter, a string or a number in hexadecimal; #1 the same as
 * a decimal number. */
static const struct {
    NTSTATUS Error;
    PCWSTR Text;
} Texts[] = {
    {STATUS_DLL_NOT_FOUND, u"the DLL %1 is missing"},
    {STATUS_ENTRYPOINT_NOT_FOUND, u"%2 has no function %1"},
    {STATUS_ORDINAL_NOT_FOUND, u"%2 has no function number #1"},
    {STATUS_DRIVER_ENTRYPOINT_NOT_FOUND, u"%1 needs %3!%2"},
    {STATUS_DRIVER_ORDINAL_NOT_FOUND, u"%1 needs number #2 of %3"},
    {STATUS_INVALID_IMAGE_FORMAT, u"%1 is no image for this machine"},
    {STATUS_DLL_INIT_FAILED, u"the DLL %1 cannot start"},
    {STATUS_APP_INIT_FAILURE, u"it cannot start: status %1"},
    {STATUS_UNHANDLED_EXCEPTION, u"exception %1 at %2 was not handled"},
    {STATUS_FATAL_APP_EXIT, u"%1"},
    {STATUS_SERVICE_NOTIFICATION, u"%2: %1"},
};

static void AppendCharacters(PLINE Line, const WCHAR *Characters, ULONG Count)
{
    for (ULONG i = 0; i < Count && Line->Length < MAXIMUM_LINE; i++)
        Line->Text[Line->Length++] =
            Characters[i] >= ' ' && Characters[i] != 0x7f ? Characters[i] : '?';
}

static void Append(PLINE Line, PCWSTR Text)
{
    AppendCharacters(Line, Text, (ULONG)wcslen(Text));
}

static void AppendNumber(PLINE Line, ULONGLONG Number, ULONG Base, ULONG LeastDigits)
{
    WCHAR Digits[24];
    ULONG Count = 0;

    do {
        Digits[ARRAYSIZE(Digits) - ++Count] = u"0123456789abcdef"[Number % Base];
        Number /= Base;
    } while (Number || Count < LeastDigits);
    AppendCharacters(Line, &Digits[ARRAYSIZE(Digits) - Count], Count);
}

/* As much of a string of the process as is shown; what cannot be read is a question mark. */
static void AppendString(PLINE Line, HANDLE Process, ULONG_PTR Address)
{
    WCHAR Text[SHOWN_CHARACTERS];
    UNICODE_STRING String;
    ULONG Count, Shown;

    if (!NT_SUCCESS(NtReadVirtualMemory(Process, (PVOID)Address, &String, sizeof(String), NULL))) {
        Append(Line, u"?");
        return;
    }
    Count = String.Length / sizeof(WCHAR);
    Shown = Count < SHOWN_CHARACTERS ? Count : SHOWN_CHARACTERS;
    if (!NT_SUCCESS(
            NtReadVirtualMemory(Process, String.Buffer, Text, Shown * sizeof(WCHAR), NULL))) {
        Append(Line, u"?");
        return;
    }
    AppendCharacters(Line, Text, Shown);
    if (Shown < Count)
        Append(Line, u"...");
}

/* Index counts from 0. One that the message does not have is nothing. */
static void AppendParameter(PLINE Line, HANDLE Process, const HARDERROR_MSG *Error, ULONG Index,
                            BOOLEAN Decimal)
{
    if (Index >= Error->NumberOfParameters || Index >= MAXIMUM_HARDERROR_PARAMETERS)
        return;
    if (Error->UnicodeStringParameterMask >> Index & 1)
        AppendString(Line, Process, Error->Parameters[Index]);
    else
        AppendNumber(Line, Error->Parameters[Index], Decimal ? 10 : 16, Decimal ? 1 : 8);
}

static PCWSTR FindText(NTSTATUS Error)
{
    for (ULONG i = 0; i < ARRAYSIZE(Texts); i++) {
        if (Texts[i].Error == Error)
            return Texts[i].Text;
    }
    return NULL;
}

/* The text with its parameters; for an error without one, all parameters there are. */
static void AppendError(PLINE Line, HANDLE Process, const HARDERROR_MSG *Error)
{
    PCWSTR Text = FindText(Error->Status);

    for (; Text && *Text; Text++) {
        if (*Text == '%' || *Text == '#')
            AppendParameter(Line, Process, Error, Text[1] - '1', *Text == '#'), Text++;
        else
            AppendCharacters(Line, Text, 1);
    }
    Append(Line, FindText(Error->Status) ? u" (" : u"error ");
    AppendNumber(Line, (ULONG)Error->Status, 16, 8);
    if (FindText(Error->Status)) {
        Append(Line, u")");
        return;
    }
    for (ULONG i = 0; i < Error->NumberOfParameters; i++) {
        Append(Line, i ? u", " : u": ");
        AppendParameter(Line, Process, Error, i, FALSE);
    }
}

/* The last name of the path of its image, if it can be told. */
static void AppendProcess(PLINE Line, HANDLE Process, HANDLE Id)
{
    struct {
        UNICODE_STRING Path;
        WCHAR Room[2 * SHOWN_CHARACTERS];
    } Image;
    ULONG Name, Count;

    if (NT_SUCCESS(NtQueryInformationProcess(Process, ProcessImageFileName, &Image, sizeof(Image),
                                             NULL))) {
        Name = Count = Image.Path.Length / sizeof(WCHAR);
        while (Name && Image.Path.Buffer[Name - 1] != '\\')
            Name--;
        AppendCharacters(Line, Image.Path.Buffer + Name, Count - Name);
        Append(Line, u" (process ");
    } else {
        Append(Line, u"(process ");
    }
    AppendNumber(Line, (ULONG_PTR)Id, 10, 1);
    Append(Line, u"): ");
}

static HANDLE OpenSender(const HARDERROR_MSG *Error)
{
    CLIENT_ID Id = {.UniqueProcess = Error->h.ClientId.UniqueProcess};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Process;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    return NT_SUCCESS(NtOpenProcess(&Process, PROCESS_VM_READ | PROCESS_QUERY_LIMITED_INFORMATION,
                                    &Attributes, &Id))
               ? Process
               : NULL;
}

/* A line of its own; those of one process follow one another. */
static void ShowError(const HARDERROR_MSG *Error)
{
    static HANDLE LastId;
    HANDLE Process = OpenSender(Error), Id = Error->h.ClientId.UniqueProcess;
    UNICODE_STRING String;
    LINE Line = {0};

    AppendProcess(&Line, Process, Id);
    AppendError(&Line, Process, Error);
    String.Buffer = Line.Text;
    String.Length = String.MaximumLength = (USHORT)(Line.Length * sizeof(WCHAR));
    if (Id != LastId)
        Display(u"\n");
    NtDisplayString(&String);
    Display(u"\n");
    LastId = Id;
    if (Process)
        NtClose(Process);
}

/* Nobody is asked: where there is something to choose, the choice is the program's. */
static ULONG ResponseTo(ULONG Options)
{
    return Options == OptionOk || Options == OptionOkNoWait ? ResponseOk : ResponseReturnToCaller;
}

static NTSTATUS Answer(HANDLE Port, PERROR_MESSAGE Message)
{
    HANDLE Connection;

    switch (Message->Header.u2.s2.Type & 0xff) {
    case LPC_ERROR_EVENT:
        return NtReplyPort(Port, &Message->Header);
    case LPC_CONNECTION_REQUEST:
        Message->Header.u1.Length = sizeof(PORT_MESSAGE) << 16;
        return NtAcceptConnectPort(&Connection, NULL, &Message->Header, FALSE, NULL, NULL);
    default:
        return STATUS_SUCCESS;
    }
}

static NTSTATUS NTAPI ServeErrors(PVOID Port)
{
    LARGE_INTEGER Retry = {.QuadPart = RETRY};
    ERROR_MESSAGE Message;
    NTSTATUS Status;

    for (;;) {
        if (!NT_SUCCESS(NtReplyWaitReceivePort(Port, NULL, NULL, &Message.Header))) {
            NtDelayExecution(FALSE, &Retry);
            continue;
        }
        if ((Message.Header.u2.s2.Type & 0xff) == LPC_ERROR_EVENT) {
            ShowError(&Message.Error);
            Message.Error.Response = ResponseTo(Message.Error.ValidResponseOptions);
        }
        /* A sender that is gone is no failure; who waits is answered when there is memory again. */
        while (Status = Answer(Port, &Message),
               Status == STATUS_NO_MEMORY || Status == STATUS_INSUFFICIENT_RESOURCES)
            NtDelayExecution(FALSE, &Retry);
    }
}

void HandleHardErrors(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\SmApiPort");
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Port;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, NULL);
    Status = NtCreatePort(&Port, &Attributes, 0, sizeof(HARDERROR_MSG), 0);
    if (NT_SUCCESS(Status))
        Status = RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, STACK_SIZE, 0, ServeErrors,
                                     Port, NULL, NULL);
    if (NT_SUCCESS(Status))
        Status = NtSetDefaultHardErrorPort(Port);
    if (!NT_SUCCESS(Status))
        DisplayFailure(u"cannot handle ", u"hard errors", Status);
}
