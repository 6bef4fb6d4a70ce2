/* SPDX-License-Identifier: BSD-2-Clause */
/* umtests.exe: main, counting and reporting. "umtests hostile N" and "umtests rawcalls N" are
 * children of hostile.c and rawcalls.c. */
#include "tap.h"
#include <neptune/abi.h>

static ULONG Passed, Failed;

void TapPrint(const char *Format, ...)
{
    char Text[256];
    WCHAR Wide[256];
    UNICODE_STRING String;
    ULONG i;
    va_list Arguments;

    va_start(Arguments, Format);
    _vsnprintf(Text, sizeof(Text) - 1, Format, Arguments);
    va_end(Arguments);
    Text[sizeof(Text) - 1] = 0;
    for (i = 0; Text[i]; i++)
        Wide[i] = (UCHAR)Text[i];
    String.Buffer = Wide;
    String.Length = String.MaximumLength = (USHORT)(i * sizeof(WCHAR));
    NtDisplayString(&String);
    DbgPrint("%s", Text);
}

BOOLEAN TapCheck(BOOLEAN Condition, const char *Name, const char *File, int Line)
{
    if (Condition) {
        Passed++;
        DbgPrint("ok %u - %s\n", Passed + Failed, Name);
    } else {
        Failed++;
        TapPrint("not ok %u - %s (%s:%d)\n", Passed + Failed, Name, File, Line);
    }
    return Condition;
}

BOOLEAN TapCheckStatus(NTSTATUS Status, NTSTATUS Expected, const char *Name, const char *File, int Line)
{
    if (Status != Expected)
        TapPrint("# status %08x, expected %08x\n", Status, Expected);
    return TapCheck(Status == Expected, Name, File, Line);
}

/* The number after Word on the command line, or -1 when this is no such child. */
static LONG NumberAfter(PUNICODE_STRING CommandLine, PCWSTR Word)
{
    ULONG Length = CommandLine->Length / sizeof(WCHAR);
    LONG Number = 0;

    for (ULONG i = 0; i + wcslen(Word) < Length; i++) {
        ULONG j = 0;
        while (Word[j] && CommandLine->Buffer[i + j] == Word[j])
            j++;
        if (Word[j])
            continue;
        for (j += i; j < Length && CommandLine->Buffer[j] >= '0' && CommandLine->Buffer[j] <= '9'; j++)
            Number = Number * 10 + CommandLine->Buffer[j] - '0';
        return Number;
    }
    return -1;
}

/* "umtests exit": a child that ends at once; "umtests sleep": one that waits for ever. */
static BOOLEAN IsWord(PUNICODE_STRING CommandLine, PCWSTR Word)
{
    UNICODE_STRING Expected;

    RtlInitUnicodeString(&Expected, Word);
    return CommandLine->Length >= Expected.Length &&
           memcmp((PUCHAR)CommandLine->Buffer + CommandLine->Length - Expected.Length, Expected.Buffer,
                  Expected.Length) == 0;
}

static NTSTATUS RunAll(PPEB Peb)
{
    static void (*const Tests[])(void) = { TestObjects,   TestEvents,  TestMemory, TestSections,
                                           TestProcesses, TestThreads, TestFiles,  TestDrivers,
                                           TestSystem,    TestLoader,  TestEnvironment,
                                           TestContinue };

    for (ULONG i = 0; i < ARRAYSIZE(Tests); i++)
        Tests[i]();
    TestRawCalls();
    TestHostile(&Peb->ProcessParameters->ImagePathName);
    DbgPrint("1..%u\n", Passed + Failed);
    TapPrint("\numtests: %u passed, %u failed\n", Passed, Failed);
    return Failed ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    PUNICODE_STRING CommandLine = &Peb->ProcessParameters->CommandLine;
    LONG Hostile = NumberAfter(CommandLine, u"hostile "), RawCalls = NumberAfter(CommandLine, u"rawcalls ");

    if (Hostile >= 0) {
        HostileChild((ULONG)Hostile);
        return STATUS_SUCCESS;
    }
    if (RawCalls >= 0) {
        RawCallsChild((ULONG)RawCalls);
        return STATUS_SUCCESS;
    }
    if (IsWord(CommandLine, u"exit"))
        return 0x1234;
    if (IsWord(CommandLine, u"sleep")) {
        LARGE_INTEGER Forever = { .QuadPart = -0x7fffffffffffffff };
        return NtDelayExecution(FALSE, &Forever);
    }
    return RunAll(Peb);
}
