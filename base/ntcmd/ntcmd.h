/* SPDX-License-Identifier: BSD-2-Clause */
/* ntcmd.exe, the native command prompt: what its files offer each other. */
#pragma once
#include <nt/nt.h>

#define MAXIMUM_LINE 512 /* characters of a command line */
#define MAXIMUM_PATH 260
#define MAXIMUM_WORDS 32

/* screen.c: text for the screen, gathered until FlushScreen or until much has come together. Format
 * is that of DbgPrint; a result over 1,023 characters is cut off. */
void Print(const char *Format, ...);
void PrintWide(PCWSTR Text, ULONG Count);
void FlushScreen(void);
void PrintStatus(const char *What, NTSTATUS Status); /* "What: <text of the status> (c0000034)" */
void PrintCommandStatus(PCWSTR Command, NTSTATUS Status); /* the same */

/* words.c: splits a line in place at blanks; "..." keeps blanks. Returns the number of words, at
 * most MAXIMUM_WORDS. */
ULONG SplitWords(PWSTR Line, PWSTR Words[MAXIMUM_WORDS]);
/* The first word of Line, without its quotes, cut off at Size - 1 characters; returns what is
 * behind it. */
PCWSTR TakeWord(PCWSTR Line, PWSTR Word, ULONG Size);
BOOLEAN ParseNumber(PCWSTR Word, PULONG Number); /* decimal; FALSE: not one, or too large */
BOOLEAN EqualWords(PCWSTR First, PCWSTR Second); /* case does not count */

/*
 * path.c: paths as the user writes them. "C:\x" is in the boot archive, "\x" is a name of the
 * object manager, anything else is below the current directory; "." and ".." are resolved.
 * STATUS_NAME_TOO_LONG, STATUS_OBJECT_NAME_INVALID.
 */
extern WCHAR CurrentDirectory[MAXIMUM_PATH]; /* as the user sees it: "C:\" or "\Device" */
NTSTATUS ResolvePath(PCWSTR Path, WCHAR Shown[MAXIMUM_PATH]);  /* absolute, as the user sees it */
NTSTATUS NativePath(PCWSTR Shown, WCHAR Native[MAXIMUM_PATH]); /* as NtOpenFile takes it */

/* The commands. Words[0] is the command itself. */
typedef void COMMAND(ULONG Count, PWSTR Words[]);
COMMAND ListDirectory, ChangeDirectory, ShowFile;      /* directory.c */
COMMAND ListProcesses, KillProcess, BringToForeground; /* process.c */
BOOLEAN IsCritical(HANDLE Process);                    /* its end would stop the system */
COMMAND ShowVersion, ShowTime, ShowMemory, Beep, Shutdown, Reboot; /* system.c */
COMMAND Load, ListDrivers;                                         /* driver.c */
COMMAND ServiceControl;                                            /* sc.c */
/* To the programs that are started from now on. */
void PassDirectory(void);
COMMAND ShowKeys; /* keyboard.c */
COMMAND DebugLog; /* debuglog.c */

/* Commands that take the rest of the line as it was typed. */
typedef void LINE_COMMAND(PCWSTR Rest);
LINE_COMMAND StartProgram; /* run.c */
LINE_COMMAND Trace;        /* trace.c */

/* run.c: runs the program that is the first word of Line and waits for it. It gets Line as its
 * command line, quotes included. FALSE when there is no such program. */
BOOLEAN RunProgram(PCWSTR Line);
/* The same with each of its system services shown. */
BOOLEAN TraceProgram(PCWSTR Line);
