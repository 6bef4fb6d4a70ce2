/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tracing: each system service that a process calls as a line of text, with its arguments, what
 * came back and how long it took. KiSystemService knows nothing of it: while a process is traced,
 * the table of services leads here (service.c).
 */
#include "kip.h"
#include <hal.h>

#define LINE_LENGTH 384 /* longer lines are cut off */
#define STRING_LENGTH 96

static ULONG TracedProcesses;

typedef struct _LINE {
    RTL_PRINT_SINK Sink;
    BOOLEAN Quoted; /* within a string */
    ULONG Length;
    char Text[LINE_LENGTH];
} LINE, *PLINE;

static void PutPlain(PLINE Line, char Character)
{
    if (Line->Length < LINE_LENGTH - 1)
        Line->Text[Line->Length++] = Character;
}

/* The end of a line and a quote within a string are shown as C writes them; a backslash is not, as
 * names are full of them. */
static void Put(PRTL_PRINT_SINK Sink, WCHAR Character)
{
    PLINE Line = CONTAINING_RECORD(Sink, LINE, Sink);

    if (Character == '\n' || (Character == '"' && Line->Quoted))
        PutPlain(Line, '\\');
    if (Character == '\n')
        Character = 'n';
    PutPlain(Line, Character >= ' ' && Character < 0x7f ? (char)Character : '?');
}

static void Print(PLINE Line, PCSTR Format, ...)
{
    va_list Arguments;

    va_start(Arguments, Format);
    RtlpFormat(&Line->Sink, Format, FALSE, Arguments);
    va_end(Arguments);
}

static NTSTATUS PrintString(PLINE Line, seL4_Word Address)
{
    WCHAR Text[STRING_LENGTH + 1];
    UNICODE_STRING String;
    NTSTATUS Status = MmReadClient(&String, (CLIENT(PUNICODE_STRING))Address);
    ULONG Length = String.Length / sizeof(WCHAR);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Length > STRING_LENGTH)
        Length = STRING_LENGTH;
    Status = MmCopyFromClient(Text, (CLIENT(PWSTR))String.Buffer, Length * sizeof(WCHAR));
    Text[Length] = 0;
    if (!NT_SUCCESS(Status))
        return Status;
    PutPlain(Line, '"');
    Line->Quoted = TRUE;
    Print(Line, "%ws", Text);
    Line->Quoted = FALSE;
    Print(Line, String.Length / sizeof(WCHAR) > Length ? "...\"" : "\"");
    return STATUS_SUCCESS;
}

static NTSTATUS PrintAttributes(PLINE Line, seL4_Word Address)
{
    OBJECT_ATTRIBUTES Attributes;
    NTSTATUS Status = MmReadClient(&Attributes, (CLIENT(POBJECT_ATTRIBUTES))Address);

    if (!NT_SUCCESS(Status))
        return Status;
    Print(Line, "{");
    if (Attributes.RootDirectory)
        Print(Line, "%Ix: ", Attributes.RootDirectory);
    if (!Attributes.ObjectName || !NT_SUCCESS(PrintString(Line, (seL4_Word)Attributes.ObjectName)))
        Print(Line, "%Ix", Attributes.ObjectName);
    Print(Line, " %x}", Attributes.Attributes);
    return STATUS_SUCCESS;
}

static NTSTATUS PrintPair(PLINE Line, seL4_Word Address)
{
    ULONG_PTR Pair[2]; /* a client id or an IO status block */
    NTSTATUS Status = MmReadClient(&Pair, (CLIENT(PVOID))Address);

    if (NT_SUCCESS(Status))
        Print(Line, "{%Ix %Ix}", Pair[0], Pair[1]);
    return Status;
}

static NTSTATUS PrintValue(PLINE Line, seL4_Word Address, SIZE_T Size)
{
    ULONGLONG Value = 0;
    NTSTATUS Status = MmCopyFromClient(&Value, (CLIENT(PVOID))Address, Size);

    if (NT_SUCCESS(Status))
        Print(Line, "[%I64x]", Value);
    return Status;
}

/* What a pointer points to; not STATUS_SUCCESS when that cannot be read. */
static NTSTATUS PrintPointed(PLINE Line, char Kind, seL4_Word Address)
{
    switch (Kind) {
    case 's':
        return PrintString(Line, Address);
    case 'o':
        return PrintAttributes(Line, Address);
    case 'c':
    case 'i':
        return PrintPair(Line, Address);
    case 'h':
    case 'p':
        return PrintValue(Line, Address, sizeof(ULONG_PTR));
    case 'q':
        return PrintValue(Line, Address, sizeof(ULONGLONG));
    case 'u':
        return PrintValue(Line, Address, sizeof(ULONG));
    default:
        return STATUS_NOT_FOUND;
    }
}

/* FALSE: a handle or a status block that this call has not written, or not yet. */
static BOOLEAN IsReturned(char Kind, NTSTATUS Status)
{
    if (Kind == 'i' && Status == STATUS_PENDING)
        return FALSE;
    return (Kind != 'i' && Kind != 'h') || !NT_ERROR(Status);
}

/*
 * Kinds (tools/generate/mkservicekinds.py): d a number of 32 bits, b of 8, x of a word or an
 * address that is only shown; addresses of: s a counted string, o object attributes, i an IO status
 * block, c a client id, h a handle that is returned, p a word, q 64 bits, u 32 bits; m of a port's
 * message and a of its attributes, which are only shown.
 */
static void PrintArgument(PLINE Line, char Kind, seL4_Word Argument, NTSTATUS Status)
{
    if (!IsReturned(Kind, Status))
        Kind = 'x';
    if (Kind == 'b')
        Print(Line, "%x", (UCHAR)Argument);
    else if (Kind == 'd')
        Print(Line, "%x", (ULONG)Argument);
    else if (!Argument || !NT_SUCCESS(PrintPointed(Line, Kind, Argument)))
        Print(Line, "%Ix", Argument);
}

void KiShowService(PCSTR Name, PCSTR Kinds, const seL4_Word *Arguments, NTSTATUS Status,
                   ULONGLONG Spent)
{
    PETHREAD Thread = PsGetCurrentThread();
    LINE Line = {.Sink.Put = Put};

    Print(&Line, "%u %s(", (ULONG)(ULONG_PTR)Thread->UniqueThreadId, Name);
    for (ULONG i = 0; Kinds[i]; i++) {
        if (i)
            Print(&Line, ", ");
        PrintArgument(&Line, Kinds[i], Arguments[i], Status);
    }
    Print(&Line, ") = %x, %I64u ticks", (ULONG)Status, Spent);
    Line.Text[Line.Length++] = '\n';
    HalDisplayString(Line.Text, Line.Length);
    DbgPrint("%.*s", Line.Length, Line.Text);
}

void KeTraceProcess(PEPROCESS Process, BOOLEAN On)
{
    if (Process->Traced == On)
        return;
    Process->Traced = On;
    TracedProcesses += On ? 1 : -1;
    KiSelectServices(TracedProcesses != 0);
}

/*
 * NepTraceProcess: shows each service that a process calls, from now on or no longer (On FALSE), as
 * a line on the screen and the debug log: the thread, the arguments (numbers are hexadecimal; of a
 * pointer what it points to, after the call), the status, and the ticks of the time-stamp counter
 * from entry to end, waits included. Needs PROCESS_VM_READ. Returns STATUS_INVALID_HANDLE,
 * STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_DENIED, STATUS_PROCESS_IS_TERMINATING.
 */
NTSTATUS NepTraceProcess(HANDLE ProcessHandle, BOOLEAN On)
{
    PEPROCESS Process;
    NTSTATUS Status =
        ObReferenceObjectByHandle(ProcessHandle, PROCESS_VM_READ, PsProcessType, (PVOID *)&Process);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Process->Exiting)
        Status = STATUS_PROCESS_IS_TERMINATING;
    else
        KeTraceProcess(Process, On != FALSE);
    ObDereferenceObject(Process);
    return Status;
}
