/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs: start, and running one by its name. */
#include "ntcmd.h"
#include "keyboard.h"
#include "../program/program.h"

/* Where programs are looked for, after the current directory. */
static const PCWSTR SearchPath[] = {u"C:\\", u"C:\\tests"};

static BOOLEAN IsFile(PCWSTR Native)
{
    OBJECT_ATTRIBUTES Attributes;
    FILE_BASIC_INFORMATION Basic;
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Native);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NT_SUCCESS(NtQueryAttributesFile(&Attributes, &Basic)) &&
           !(Basic.FileAttributes & FILE_ATTRIBUTE_DIRECTORY);
}

/* Whether the last name of a path has an extension. */
static BOOLEAN HasExtension(PCWSTR Path)
{
    BOOLEAN Has = FALSE;

    for (; *Path; Path++) {
        if (*Path == '\\' || *Path == '/')
            Has = FALSE;
        else if (*Path == '.')
            Has = TRUE;
    }
    return Has;
}

/* Directory\Name, with ".exe" where Name has no extension, as a native path; FALSE when there is no
 * such file. */
static BOOLEAN TryProgram(PCWSTR Directory, PCWSTR Name, WCHAR Native[MAXIMUM_PATH])
{
    WCHAR Path[MAXIMUM_PATH], Shown[MAXIMUM_PATH];

    if (wcslen(Directory) + wcslen(Name) + 6 > MAXIMUM_PATH)
        return FALSE;
    wcscpy(Path, Directory);
    if (*Directory)
        wcscat(Path, u"\\");
    wcscat(Path, Name);
    if (!HasExtension(Name))
        wcscat(Path, u".exe");
    return NT_SUCCESS(ResolvePath(Path, Shown)) && NT_SUCCESS(NativePath(Shown, Native)) &&
           IsFile(Native);
}

static BOOLEAN FindProgram(PCWSTR Name, WCHAR Native[MAXIMUM_PATH])
{
    if (TryProgram(u"", Name, Native))
        return TRUE;
    if (wcschr(Name, '\\') || wcschr(Name, '/') || wcschr(Name, ':'))
        return FALSE;
    for (ULONG i = 0; i < ARRAYSIZE(SearchPath); i++) {
        if (TryProgram(SearchPath[i], Name, Native))
            return TRUE;
    }
    return FALSE;
}

/* Waits with the keyboard handed over before the program runs, so that it is the first to read. */
static void RunInForeground(PRTL_USER_PROCESS_INFORMATION Information)
{
    NTSTATUS Status;

    HandOverKeyboard(Information->ClientId.UniqueProcess);
    NtResumeThread(Information->ThreadHandle, NULL);
    WaitForProcess(Information->ProcessHandle);
    HandOverKeyboard(NULL);
    Status = ProgramExitStatus(Information->ProcessHandle);
    if (Status)
        PrintStatus("It ended", Status);
}

typedef enum _START {
    StartAndGoOn,
    StartAndWait,
    StartTraced, /* and wait */
} START;

/* FALSE when the program cannot be found; a failure to start it is reported here. */
static BOOLEAN Start(PCWSTR Line, START How)
{
    WCHAR Name[MAXIMUM_PATH], Native[MAXIMUM_PATH];
    RTL_USER_PROCESS_INFORMATION Information;
    NTSTATUS Status;

    TakeWord(Line, Name, MAXIMUM_PATH);
    if (!FindProgram(Name, Native))
        return FALSE;
    FlushScreen();
    Status = CreateProgram(Native, Line, &Information);
    if (!NT_SUCCESS(Status)) {
        PrintStatus("start", Status);
        return TRUE;
    }
    if (How == StartTraced)
        Status = NepTraceProcess(Information.ProcessHandle, TRUE);
    if (!NT_SUCCESS(Status))
        PrintStatus("trace", Status);
    if (How != StartAndGoOn) {
        RunInForeground(&Information);
    } else {
        Print("process %u\n", (ULONG)(ULONG_PTR)Information.ClientId.UniqueProcess);
        FlushScreen();
        NtResumeThread(Information.ThreadHandle, NULL);
        WatchProcess(Information.ProcessHandle);
    }
    NtClose(Information.ThreadHandle);
    if (How != StartAndGoOn)
        NtClose(Information.ProcessHandle);
    return TRUE;
}

BOOLEAN RunProgram(PCWSTR Line)
{
    return Start(Line, StartAndWait);
}

BOOLEAN TraceProgram(PCWSTR Line)
{
    return Start(Line, StartTraced);
}

void StartProgram(PCWSTR Rest)
{
    while (*Rest == ' ')
        Rest++;
    if (!*Rest)
        Print("start: which program?\n");
    else if (!Start(Rest, StartAndGoOn))
        PrintStatus("start", STATUS_OBJECT_NAME_NOT_FOUND);
}
