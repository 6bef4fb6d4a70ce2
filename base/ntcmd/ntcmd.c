/* SPDX-License-Identifier: BSD-2-Clause */
/* ntcmd.exe: the prompt, the table of commands. */
#include "ntcmd.h"
#include "keyboard.h"
#include "lineedit.h"

static COMMAND Help, ClearScreen;

static const struct {
    PCWSTR Name;
    PCWSTR Other; /* a second name for it, or NULL */
    COMMAND *Run;
    const char *Usage;
} Commands[] = {
    {u"help", u"?", Help, "this list"},
    {u"ver", NULL, ShowVersion, "the version of the system"},
    {u"echo", NULL, NULL, "TEXT: prints it"}, /* RunCommand sees to it */
    {u"cls", u"clear", ClearScreen, "clears the screen"},
    {u"ls", u"dir", ListDirectory, "[DIRECTORY]: files, or objects such as in \\ or \\Device"},
    {u"cd", NULL, ChangeDirectory, "[DIRECTORY]: changes or shows the current directory"},
    {u"cat", u"type", ShowFile, "FILE: prints it"},
    {u"ps", NULL, ListProcesses, "processes, their threads and memory"},
    {u"kill", NULL, KillProcess, "PID: ends a process"},
    {u"start", NULL, StartProgram, "PROGRAM [ARGUMENTS]: starts it and goes on; its name alone waits"},
    {u"time", NULL, ShowTime, "date, time, and time since boot"},
    {u"mem", NULL, ShowMemory, "memory in use"},
    {u"beep", NULL, Beep, "[HERTZ [MILLISECONDS]]: the speaker"},
#if DBG
    {u"trace", NULL, Trace, "[COMPONENT LEVEL]: what goes to the debug log"},
#endif
    {u"shutdown", NULL, Shutdown, "switches the machine off"},
    {u"reboot", NULL, Reboot, "starts it again"},
};

static void Help(ULONG Count, PWSTR Words[])
{
    for (ULONG i = 0; i < ARRAYSIZE(Commands); i++) {
        ULONG Width = (ULONG)wcslen(Commands[i].Name);

        PrintWide(Commands[i].Name, Width);
        if (Commands[i].Other) {
            Print(", ");
            PrintWide(Commands[i].Other, (ULONG)wcslen(Commands[i].Other));
            Width += 2 + (ULONG)wcslen(Commands[i].Other);
        }
        for (; Width < 12; Width++)
            Print(" ");
        Print("%s\n", Commands[i].Usage);
    }
}

static void ClearScreen(ULONG Count, PWSTR Words[])
{
    Print("\f");
}

/* echo prints the line as it was typed, quotes and blanks included; FALSE when Line is another command. */
static BOOLEAN Echo(PWSTR Line)
{
    WCHAR Name[5];

    memcpy(Name, Line, sizeof(Name));
    if (Name[4] != ' ' && Name[4] != 0)
        return FALSE;
    Name[4] = 0;
    if (!EqualWords(Name, u"echo"))
        return FALSE;
    Line += Line[4] ? 5 : 4;
    PrintWide(Line, (ULONG)wcslen(Line));
    Print("\n");
    return TRUE;
}

static void RunCommand(PWSTR Line)
{
    PWSTR Words[MAXIMUM_WORDS];
    ULONG Count;

    if (Echo(Line))
        return;
    Count = SplitWords(Line, Words);
    if (!Count)
        return;
    for (ULONG i = 0; i < ARRAYSIZE(Commands); i++) {
        if (EqualWords(Words[0], Commands[i].Name) || (Commands[i].Other && EqualWords(Words[0], Commands[i].Other))) {
            Commands[i].Run(Count, Words);
            return;
        }
    }
    if (!RunProgram(Count, Words)) {
        PrintWide(Words[0], (ULONG)wcslen(Words[0]));
        Print(": no such command or program; help lists the commands\n");
    }
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    static LINE_EDITOR Editor;

    Editor.Emit = PrintWide;
    for (;;) {
        PrintWide(CurrentDirectory, (ULONG)wcslen(CurrentDirectory));
        Print(">");
        LineBegin(&Editor);
        while (!LineKey(&Editor, ReadKey()))
            ;
        RunCommand(Editor.Line);
    }
}
