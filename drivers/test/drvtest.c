/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * drvtest.exe loads wdmtest.sys and prints what its checks found: TAP on the debug log; failures
 * and "drvtest: N passed, N failed" on the screen too.
 *
 * "drvtest NAME" loads the driver NAME in three seconds: for a keyboard driver that was killed.
 */
#include <nt/nt.h>

/* As in wdmtest.h, which sees other headers. */
#define IOCTL_WDMTEST_RUN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _WDMTEST_RESULT {
    ULONG Checks;
    ULONG Failures;
    CHAR Name[32];
    CHAR FirstFailure[96];
    ULONG Line;
} WDMTEST_RESULT;

static void Show(const char *Text)
{
    UNICODE_STRING Unicode;
    ANSI_STRING Ansi;

    RtlInitAnsiString(&Ansi, Text);
    if (!NT_SUCCESS(RtlAnsiStringToUnicodeString(&Unicode, &Ansi, TRUE)))
        return;
    NtDisplayString(&Unicode);
    RtlFreeUnicodeString(&Unicode);
}

static void Report(ULONG Number, const WDMTEST_RESULT *Result)
{
    char Line[200];

    _snprintf(Line, sizeof(Line), "%sok %u - %s (%u checks)\n", Result->Failures ? "not " : "",
              (unsigned)Number, Result->Name, (unsigned)Result->Checks);
    DbgPrint("%s", Line);
    if (!Result->Failures)
        return;
    Show(Line);
    _snprintf(Line, sizeof(Line), "# line %u: not so: %s\n", (unsigned)Result->Line,
              Result->FirstFailure);
    DbgPrint("%s", Line);
    Show(Line);
}

static NTSTATUS OpenTestDevice(PHANDLE File)
{
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\wdmtest");
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\WdmTest");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK IoStatus;
    NTSTATUS Status = NtLoadDriver(&Service);

    if (!NT_SUCCESS(Status) && Status != STATUS_IMAGE_ALREADY_LOADED)
        return Status;
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &IoStatus, 0,
                      FILE_SYNCHRONOUS_IO_NONALERT);
}

/* The second word of the command line, if there is one. */
static UNICODE_STRING SecondWord(PUNICODE_STRING Line)
{
    UNICODE_STRING Word = *Line;

    while (Word.Length && *Word.Buffer != ' ')
        Word.Buffer++, Word.Length -= sizeof(WCHAR);
    while (Word.Length && *Word.Buffer == ' ')
        Word.Buffer++, Word.Length -= sizeof(WCHAR);
    return Word;
}

static NTSTATUS LoadLater(PUNICODE_STRING Name)
{
    LARGE_INTEGER Pause = {.QuadPart = -30000000};
    WCHAR Buffer[100];
    UNICODE_STRING Service = {.MaximumLength = sizeof(Buffer), .Buffer = Buffer};
    NTSTATUS Status;

    RtlAppendUnicodeToString(&Service,
                             u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\");
    Status = RtlAppendUnicodeStringToString(&Service, Name);
    NtDelayExecution(FALSE, &Pause);
    return NT_SUCCESS(Status) ? NtLoadDriver(&Service) : Status;
}

NTSTATUS NtProcessStartup(PPEB Peb)
{
    UNICODE_STRING Word = SecondWord(&Peb->ProcessParameters->CommandLine);
    ULONG Index = 0, Failed = 0;
    IO_STATUS_BLOCK IoStatus;
    WDMTEST_RESULT Result;
    char Line[80];
    HANDLE File;
    NTSTATUS Status;

    if (Word.Length)
        return LoadLater(&Word);
    Status = OpenTestDevice(&File);
    for (; NT_SUCCESS(Status); Index++) {
        Status = NtDeviceIoControlFile(File, NULL, NULL, NULL, &IoStatus, IOCTL_WDMTEST_RUN, &Index,
                                       sizeof(Index), &Result, sizeof(Result));
        if (!NT_SUCCESS(Status))
            break;
        Report(Index + 1, &Result);
        Failed += Result.Failures != 0;
    }
    if (Status != STATUS_NO_MORE_ENTRIES) {
        _snprintf(Line, sizeof(Line), "not ok %u - wdmtest.sys: %08x\n", (unsigned)Index + 1,
                  (unsigned)Status);
        DbgPrint("%s", Line);
        Show(Line);
        Failed++, Index++;
    }
    _snprintf(Line, sizeof(Line), "drvtest: %u passed, %u failed\n", (unsigned)(Index - Failed),
              (unsigned)Failed);
    DbgPrint("%s", Line);
    Show(Line);
    return Failed ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}
