/* SPDX-License-Identifier: BSD-2-Clause */
/* umtests.exe: main, counting and reporting. "umtests GROUP" runs the checks of one file.
 * "umtests hostile N" and "umtests rawcalls N" are children of hostile.c and rawcalls.c. */
#include "tap.h"
#include "print.h"
#include <neptune/abi.h>

static ULONG Passed, Failed;

void TapPrint(const char *Format, ...)
{
    va_list Arguments;

    va_start(Arguments, Format);
    PrintList(Format, Arguments);
    va_end(Arguments);
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

BOOLEAN TapCheckStatus(NTSTATUS Status, NTSTATUS Expected, const char *Name, const char *File,
                       int Line)
{
    if (Status != Expected)
        TapPrint("# status %08x, expected %08x\n", Status, Expected);
    return TapCheck(Status == Expected, Name, File, Line);
}

/* The number after Word on the command line, or -1 when this is not such a child. */
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
        for (j += i; j < Length && CommandLine->Buffer[j] >= '0' && CommandLine->Buffer[j] <= '9';
             j++)
            Number = Number * 10 + CommandLine->Buffer[j] - '0';
        return Number;
    }
    return -1;
}

/* "umtests exit": a child that ends at once; "umtests sleep": one that waits for ever. */
static BOOLEAN IsWord(PUNICODE_STRING CommandLine, PCWSTR Word)
{
    UNICODE_STRING Expected;
    ULONG Before;

    RtlInitUnicodeString(&Expected, Word);
    Before = (CommandLine->Length - Expected.Length) / sizeof(WCHAR) - 1;
    return CommandLine->Length >= Expected.Length &&
           (CommandLine->Length == Expected.Length || CommandLine->Buffer[Before] == ' ' ||
            CommandLine->Buffer[Before] == '\\') &&
           memcmp((PUCHAR)CommandLine->Buffer + CommandLine->Length - Expected.Length,
                  Expected.Buffer, Expected.Length) == 0;
}

static const struct {
    PCWSTR Name;
    void (*Run)(void);
} Groups[] = {
    {u"objects", TestObjects},
    {u"atoms", TestAtoms},
    {u"events", TestEvents},
    {u"memory", TestMemory},
    {u"sections", TestSections},
    {u"heap", TestHeap},
    {u"processes", TestProcesses},
    {u"threads", TestThreads},
    {u"kept", TestKept},
    {u"files", TestFiles},
    {u"volumes", TestVolumes},
    {u"fileclasses", TestFileClasses},
    {u"fileshares", TestFileShares},
    {u"nls", TestNls},
    {u"drivers", TestDrivers},
    {u"hosts", TestDriverHosts},
    {u"transfers", TestDataTransfers},
    {u"waits", TestDriverWaits},
    {u"driverapi", TestDriverApi},
    {u"traps", TestTraps},
    {u"system", TestSystem},
    {u"information", TestInformation},
    {u"threadinfo", TestThreadInformation},
    {u"sysinfo", TestSystemInformation},
    {u"creation", TestProcessCreation},
    {u"loader", TestLoader},
    {u"images", TestImages},
    {u"sxs", TestSxs},
    {u"environment", TestEnvironment},
    {u"runtime", TestRuntime},
    {u"routines", TestRoutineCalls},
    {u"continue", TestContinue},
    {u"turns", TestTurns},
    {u"rawcalls", TestRawCalls},
    {u"refused", TestRefused},
    {u"hostile", TestHostile},
    {u"endings", TestEndings},
    {u"exceptions", TestExceptions},
    {u"apc", TestApc},
    {u"contexts", TestContexts},
    {u"semaphores", TestSemaphores},
    {u"mutants", TestMutants},
    {u"timers", TestTimers},
    {u"keyed", TestKeyed},
    {u"completion", TestCompletion},
    {u"jobs", TestJobs},
    {u"address", TestAddress},
    {u"srw", TestSrw},
    {u"threadpool", TestThreadPool},
    {u"debug", TestDebug},
    {u"security", TestSecurity},
    {u"lpc", TestLpc},
    {u"alpc", TestAlpc},
    {u"harderrors", TestHardErrors},
    {u"registry", TestRegistry},
    {u"pipes", TestPipes},
    {u"mailslots", TestMailslots},
    {u"filelocks", TestFileLocks},
};

/* In lines that run.py shows like those of what failed. */
static void PrintGroups(void)
{
    for (ULONG i = 0; i < ARRAYSIZE(Groups); i++)
        TapPrint("%s%ls", i % 6 ? " " : i ? "\n# " : "# there are: ", Groups[i].Name);
}

/* The groups that the command line ends with the name of, or all if it has no argument. */
static NTSTATUS RunGroups(PUNICODE_STRING CommandLine)
{
    BOOLEAN All = IsWord(CommandLine, u"umtests") || IsWord(CommandLine, u"umtests.exe");

    for (ULONG i = 0; i < ARRAYSIZE(Groups); i++) {
        if (All || IsWord(CommandLine, Groups[i].Name))
            Groups[i].Run();
    }
    if (!ok(Passed + Failed, "there is such a group of checks"))
        PrintGroups();
    DbgPrint("1..%u\n", Passed + Failed);
    TapPrint("\numtests: %u passed, %u failed\n", Passed, Failed);
    return Failed ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    PUNICODE_STRING CommandLine = &Peb->ProcessParameters->CommandLine;
    LONG Hostile = NumberAfter(CommandLine, u"hostile "),
         RawCalls = NumberAfter(CommandLine, u"rawcalls "),
         Exception = NumberAfter(CommandLine, u"exception "),
         Debuggee = NumberAfter(CommandLine, u"debuggee "),
         Inherited = NumberAfter(CommandLine, u"inherited "),
         Lpc = NumberAfter(CommandLine, u"umtests lpc "),
         Alpc = NumberAfter(CommandLine, u"umtests alpc "),
         Pipe = NumberAfter(CommandLine, u"pipe "), Row = NumberAfter(CommandLine, u"row "),
         Crowd = NumberAfter(CommandLine, u"crowd ");

    if (IsWord(CommandLine, u"registry-fight"))
        return RegistryFight(0);
    if (Hostile >= 0) {
        HostileChild((ULONG)Hostile);
        return STATUS_SUCCESS;
    }
    if (Exception >= 0)
        return ExceptionChild((ULONG)Exception);
    if (Debuggee >= 0)
        return DebuggeeChild((ULONG)Debuggee);
    if (Lpc >= 0)
        return LpcChild((ULONG)Lpc);
    if (Pipe >= 0)
        return PipeChild((ULONG)Pipe);
    if (Row >= 0)
        return RowChild((ULONG)Row);
    if (Crowd >= 0)
        return CrowdChild((ULONG)Crowd);
    if (NumberAfter(CommandLine, u"hoarder ") >= 0)
        return HoarderChild();
    if (Alpc >= 0)
        return AlpcChild((ULONG)Alpc);
    if (Inherited >= 0)
        InheritedChild((ULONG)Inherited);
    if (RawCalls >= 0) {
        RawCallsChild((ULONG)RawCalls);
        return STATUS_SUCCESS;
    }
    if (NumberAfter(CommandLine, u"user ") >= 0) {
        UserChild();
        return Failed ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
    }
    if (IsWord(CommandLine, u"run-exit")) /* for jobs.c */
        return RunSelf(u"umtests exit", 10);
    if (IsWord(CommandLine, u"job-port"))
        return JobPortChild();
    if (IsWord(CommandLine, u"dll-directories"))
        return DefaultDirectoriesChild();
    if (IsWord(CommandLine, u"heapchild"))
        return HeapChild();
    if (IsWord(CommandLine, u"faulting"))
        return FaultingChild();
    if (IsWord(CommandLine, u"stopscreen"))
        return StopScreenChild();
    if (IsWord(CommandLine, u"exit-process"))
        ExitProcessChild();
    if (IsWord(CommandLine, u"shut-down"))
        return ShutDownChild();
    if (IsWord(CommandLine, u"exit"))
        return 0x1234;
    if (IsWord(CommandLine, u"spin")) {
        for (volatile ULONG Turns = 0;; Turns++)
            continue;
    }
    if (IsWord(CommandLine, u"sleep")) {
        LARGE_INTEGER Forever = {.QuadPart = -0x7fffffffffffffff};
        return NtDelayExecution(FALSE, &Forever);
    }
    return RunGroups(CommandLine);
}
