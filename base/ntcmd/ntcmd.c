/* SPDX-License-Identifier: BSD-2-Clause */
/* ntcmd.exe: the prompt, the table of commands. */
#include "ntcmd.h"
#include "keyboard.h"
#include "lineedit.h"

static COMMAND Help, ClearScreen, Exit;
static LINE_COMMAND Echo;

static const struct {
    PCWSTR Name;
    PCWSTR Other; /* a second name for it, or NULL */
    COMMAND *Run;
    const char *Usage;
    LINE_COMMAND *RunLine; /* in place of Run */
} Commands[] = {
    {u"help", u"?", Help, "this list"},
    {u"ver", NULL, ShowVersion, "the version of the system"},
    {u"echo", NULL, NULL, "TEXT: prints it", Echo},
    {u"cls", u"clear", ClearScreen, "clears the screen"},
    {u"ls", u"dir", ListDirectory, "[DIRECTORY]: files, or objects such as in \\ or \\Device"},
    {u"cd", NULL, ChangeDirectory, "[DIRECTORY]: changes or shows the current directory"},
    {u"cat", u"type", ShowFile, "FILE: prints it"},
    {u"ps", NULL, ListProcesses, "processes, their threads and memory"},
    {u"kill", NULL, KillProcess, "PID: ends a process"},
    {u"start", NULL, NULL, "PROGRAM [ARGUMENTS]: starts it and goes on; its name alone waits",
     StartProgram},
    {u"fg", NULL, BringToForeground, "PID: gives it the keyboard and waits for it"},
    {u"load", NULL, Load, "DRIVER: starts one that is in C:\\drivers, also after it has died"},
    {u"drivers", NULL, ListDrivers,
     "the drivers: where they are, how often they were started again"},
    {u"sc", NULL, ServiceControl,
     "query, start, stop, create, config, delete: drivers as services"},
    {u"keys", NULL, ShowKeys, "how many keys were lost because nobody took them"},
    {u"time", NULL, ShowTime, "date, time, and time since boot"},
    {u"mem", NULL, ShowMemory, "memory in use"},
    {u"beep", NULL, Beep, "[HERTZ [MILLISECONDS]]: the speaker"},
    {u"trace", NULL, NULL, "PROGRAM [ARGUMENTS] or PID [off]: shows its system services", Trace},
#if DBG
    {u"log", NULL, DebugLog, "[COMPONENT LEVEL]: what goes to the debug log; in debug builds only"},
#endif
    {u"exit", NULL, Exit, "leaves this prompt; in place of the first there comes a new one"},
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
    Print("Ctrl+C      ends the program that the prompt waits for\n");
}

static void ClearScreen(ULONG Count, PWSTR Words[])
{
    Print("\f");
}

static void Exit(ULONG Count, PWSTR Words[])
{
    FlushScreen();
    RtlExitUserProcess(STATUS_SUCCESS);
}

/* The rest of the line as it was typed, with quotes and blanks, without the blank behind the
 * command. */
static void Echo(PCWSTR Rest)
{
    if (*Rest)
        Rest++;
    PrintWide(Rest, (ULONG)wcslen(Rest));
    Print("\n");
}

/* The command's place in the table; ARRAYSIZE(Commands) when there is none. */
static ULONG FindCommand(PCWSTR Name)
{
    ULONG i = 0;

    while (i < ARRAYSIZE(Commands) && !EqualWords(Name, Commands[i].Name) &&
           !(Commands[i].Other && EqualWords(Name, Commands[i].Other)))
        i++;
    return i;
}

static void RunCommand(PWSTR Line)
{
    WCHAR Name[MAXIMUM_PATH];
    PWSTR Words[MAXIMUM_WORDS];
    PCWSTR Rest = TakeWord(Line, Name, MAXIMUM_PATH);
    ULONG Command = FindCommand(Name);

    while (*Line == ' ')
        Line++;
    if (!*Line)
        return;
    if (Command == ARRAYSIZE(Commands)) {
        if (RunProgram(Line))
            return;
        PrintWide(Name, (ULONG)wcslen(Name));
        Print(": no such command or program; help lists the commands\n");
    } else if (Commands[Command].RunLine) {
        Commands[Command].RunLine(Rest);
    } else {
        Commands[Command].Run(SplitWords(Line, Words), Words);
    }
}

static void ShowPrompt(void)
{
    PrintWide(CurrentDirectory, (ULONG)wcslen(CurrentDirectory));
    Print(">");
}

static void ReadLine(LINE_EDITOR *Editor)
{
    KEY_EVENT Event;

    LineBegin(Editor);
    do {
        Event = ReadKey();
        if (Event.Key == KeyRefresh) {
            ShowPrompt();
            LineShow(Editor);
        }
    } while (!LineKey(Editor, Event));
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    static LINE_EDITOR Editor;

    Editor.Emit = PrintWide;
    PassDirectory();
    for (;;) {
        ShowPrompt();
        ReadLine(&Editor);
        RunCommand(Editor.Line);
    }
}
