/* SPDX-License-Identifier: BSD-2-Clause */
/* trace: a program that is started, or a running one, with each system service that it calls. */
#include "ntcmd.h"

static void TraceRunning(ULONG Id, BOOLEAN On)
{
    CLIENT_ID ClientId = {.UniqueProcess = (HANDLE)(ULONG_PTR)Id};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Process;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    Status = NtOpenProcess(&Process, PROCESS_VM_READ, &Attributes, &ClientId);
    if (NT_SUCCESS(Status)) {
        Status = NepTraceProcess(Process, On);
        NtClose(Process);
    }
    if (!NT_SUCCESS(Status))
        PrintStatus("trace", Status);
}

void Trace(PCWSTR Rest)
{
    WCHAR Line[MAXIMUM_LINE + 1];
    PWSTR Words[MAXIMUM_WORDS];
    ULONG Count, Id;

    while (*Rest == ' ')
        Rest++;
    wcscpy(Line, Rest);
    Count = SplitWords(Line, Words);
    if (!Count)
        Print("trace: which program?\n");
    else if (ParseNumber(Words[0], &Id))
        TraceRunning(Id, Count < 2 || !EqualWords(Words[1], u"off"));
    else if (!TraceProgram(Rest))
        PrintStatus("trace", STATUS_OBJECT_NAME_NOT_FOUND);
}
