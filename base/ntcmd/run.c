/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs: start, and running one by its name. */
#include "ntcmd.h"
#include "keyboard.h"

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

/* Directory\Name, with ".exe" where Name has no dot, as a native path; FALSE when there is no such file. */
static BOOLEAN TryProgram(PCWSTR Directory, PCWSTR Name, WCHAR Native[MAXIMUM_PATH])
{
    WCHAR Path[MAXIMUM_PATH], Shown[MAXIMUM_PATH];
    BOOLEAN HasDot = wcschr(Name, '.') != NULL;

    if (wcslen(Directory) + wcslen(Name) + 6 > MAXIMUM_PATH)
        return FALSE;
    wcscpy(Path, Directory);
    if (*Directory)
        wcscat(Path, u"\\");
    wcscat(Path, Name);
    if (!HasDot)
        wcscat(Path, u".exe");
    return NT_SUCCESS(ResolvePath(Path, Shown)) && NT_SUCCESS(NativePath(Shown, Native)) && IsFile(Native);
}

static BOOLEAN FindProgram(PCWSTR Name, WCHAR Native[MAXIMUM_PATH])
{
    if (TryProgram(u"", Name, Native))
        return TRUE;
    if (wcschr(Name, '\\') || wcschr(Name, ':'))
        return FALSE;
    for (ULONG i = 0; i < ARRAYSIZE(SearchPath); i++) {
        if (TryProgram(SearchPath[i], Name, Native))
            return TRUE;
    }
    return FALSE;
}

/* The words with blanks between them; cut off at the size. */
static void JoinWords(ULONG Count, PWSTR Words[], WCHAR Line[MAXIMUM_LINE])
{
    ULONG Length = 0;

    for (ULONG i = 0; i < Count; i++) {
        if (i && Length < MAXIMUM_LINE - 1)
            Line[Length++] = ' ';
        for (PCWSTR Next = Words[i]; *Next && Length < MAXIMUM_LINE - 1; Next++)
            Line[Length++] = *Next;
    }
    Line[Length] = 0;
}

static NTSTATUS CreateProgram(PCWSTR Native, PCWSTR CommandLine, PRTL_USER_PROCESS_INFORMATION Information)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    UNICODE_STRING Image, Line;
    NTSTATUS Status;

    RtlInitUnicodeString(&Image, Native);
    RtlInitUnicodeString(&Line, CommandLine);
    Status = RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Line, NULL, NULL, NULL, NULL, NULL,
                                          RTL_USER_PROC_PARAMS_NORMALIZED);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlCreateUserProcess(&Image, OBJ_CASE_INSENSITIVE, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL,
                                  Information);
    RtlDestroyProcessParameters(Parameters);
    if (NT_SUCCESS(Status))
        Status = NtResumeThread(Information->ThreadHandle, NULL);
    return Status;
}

/* FALSE when the program cannot be found; a failure to start it is told. */
static BOOLEAN Start(ULONG Count, PWSTR Words[], BOOLEAN Wait)
{
    WCHAR Native[MAXIMUM_PATH], Line[MAXIMUM_LINE];
    RTL_USER_PROCESS_INFORMATION Information;
    PROCESS_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_SUCCESS};
    NTSTATUS Status;

    if (!FindProgram(Words[0], Native))
        return FALSE;
    JoinWords(Count, Words, Line);
    FlushScreen();
    Status = CreateProgram(Native, Line, &Information);
    if (!NT_SUCCESS(Status)) {
        PrintStatus("start", Status);
        return TRUE;
    }
    if (Wait) {
        WaitForProcess(Information.ProcessHandle);
        NtQueryInformationProcess(Information.ProcessHandle, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
        if (Basic.ExitStatus)
            PrintStatus("It ended", Basic.ExitStatus);
    } else {
        Print("process %u\n", (ULONG)(ULONG_PTR)Information.ClientId.UniqueProcess);
    }
    NtClose(Information.ThreadHandle);
    NtClose(Information.ProcessHandle);
    return TRUE;
}

BOOLEAN RunProgram(ULONG Count, PWSTR Words[])
{
    return Start(Count, Words, TRUE);
}

void StartProgram(ULONG Count, PWSTR Words[])
{
    if (Count < 2)
        Print("start: which program?\n");
    else if (!Start(Count - 1, Words + 1, FALSE))
        PrintStatus("start", STATUS_OBJECT_NAME_NOT_FOUND);
}
