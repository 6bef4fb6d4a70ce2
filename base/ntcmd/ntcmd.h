/* SPDX-License-Identifier: BSD-2-Clause */
/* ntcmd.exe, the native command prompt: what its files offer each other. */
#pragma once
#include <nt/nt.h>

#define MAXIMUM_LINE 512 /* characters of a command line */
#define MAXIMUM_PATH 260
#define MAXIMUM_WORDS 16

/* screen.c: text for the screen, gathered until FlushScreen or until much has come together. Format is that of DbgPrint; a result over 1,023 characters is cut off. */
void Print(const char *Format, ...);
void PrintWide(PCWSTR Text, ULONG Count);
void FlushScreen(void);
void PrintStatus(const char *What, NTSTATUS Status); /* "What: <text of the status> (c0000034)" */

/* words.c: splits a line in place at blanks; "..." keeps blanks. Returns the number of words, at most MAXIMUM_WORDS. */
ULONG SplitWords(PWSTR Line, PWSTR Words[MAXIMUM_WORDS]);
BOOLEAN ParseNumber(PCWSTR Word, PULONG Number); /* decimal, FALSE when it is none or too large */
BOOLEAN EqualWords(PCWSTR First, PCWSTR Second); /* case does not count */

/*
 * path.c: paths as the user writes them. "C:\x" is in the boot archive, "\x" is a name of the object manager, anything
 * else is below the current directory; "." and ".." are resolved. STATUS_NAME_TOO_LONG, STATUS_OBJECT_NAME_INVALID.
 */
extern WCHAR CurrentDirectory[MAXIMUM_PATH]; /* as the user sees it: "C:\" or "\Device" */
NTSTATUS ResolvePath(PCWSTR Path, WCHAR Shown[MAXIMUM_PATH]);    /* absolute, as the user sees it */
NTSTATUS NativePath(PCWSTR Shown, WCHAR Native[MAXIMUM_PATH]);   /* as NtOpenFile takes it */

/* The commands. Words[0] is the command itself. */
typedef void COMMAND(ULONG Count, PWSTR Words[]);
COMMAND ListDirectory, ChangeDirectory, ShowFile;          /* directory.c */
COMMAND ListProcesses, KillProcess;                        /* process.c */
COMMAND StartProgram;                                      /* run.c */
COMMAND ShowVersion, ShowTime, ShowMemory, Beep, Shutdown, Reboot; /* system.c */
COMMAND Trace;                                                     /* trace.c */

/* run.c: runs the program that Words names and waits for it; FALSE when there is no such program. */
BOOLEAN RunProgram(ULONG Count, PWSTR Words[]);
