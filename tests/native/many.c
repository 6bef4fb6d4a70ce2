/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * many.exe: many processes. "many after N" starts N of them one after the other and compares the
 * free memory before and after; "many alive N" has N of them alive at once: each says that it is
 * there and waits until all are. The child is "many child".
 */
#include <nt/nt.h>
#include "../../base/program/program.h"
#include "print.h"

#define SELF u"\\SystemRoot\\tests\\many.exe"
#define MAXIMUM 2000
#define WARM_UP 64 /* processes after which everything is kept that will be */
#define SPARE 64   /* pages that may be in use for a while */
#define PATIENCE (-600LL * 10000000)
#define EXIT_STATUS 7

static HANDLE Processes[MAXIMUM], Threads[MAXIMUM], Here, Go;
static ULONG Failures;

static void Check(BOOLEAN Condition, const char *Format, ULONG Number)
{
    if (Condition)
        return;
    if (!Failures++)
        Print(Format, Number);
}

static OBJECT_ATTRIBUTES Named(PUNICODE_STRING Name)
{
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, Name, 0, NULL, NULL);
    return Attributes;
}

static BOOLEAN OpenMeeting(BOOLEAN Create)
{
    UNICODE_STRING HereName = RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\ManyHere"),
                   GoName = RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\ManyGo");
    OBJECT_ATTRIBUTES HereAttributes = Named(&HereName), GoAttributes = Named(&GoName);

    if (Create)
        return NT_SUCCESS(
                   NtCreateSemaphore(&Here, SEMAPHORE_ALL_ACCESS, &HereAttributes, 0, MAXIMUM)) &&
               NT_SUCCESS(
                   NtCreateEvent(&Go, EVENT_ALL_ACCESS, &GoAttributes, NotificationEvent, FALSE));
    return NT_SUCCESS(NtOpenSemaphore(&Here, SEMAPHORE_ALL_ACCESS, &HereAttributes)) &&
           NT_SUCCESS(NtOpenEvent(&Go, EVENT_ALL_ACCESS, &GoAttributes));
}

static NTSTATUS Child(void)
{
    if (OpenMeeting(FALSE)) {
        NtReleaseSemaphore(Here, 1, NULL);
        NtWaitForSingleObject(Go, FALSE, NULL);
    }
    return EXIT_STATUS;
}

static BOOLEAN StartChild(PHANDLE Process, PHANDLE Thread)
{
    RTL_USER_PROCESS_INFORMATION Information;

    if (!NT_SUCCESS(CreateProgram(SELF, u"many child", &Information)))
        return FALSE;
    *Process = Information.ProcessHandle;
    *Thread = Information.ThreadHandle;
    return NT_SUCCESS(NtResumeThread(*Thread, NULL));
}

static BOOLEAN EndsWell(HANDLE Process, HANDLE Thread)
{
    LARGE_INTEGER Patience = {.QuadPart = PATIENCE};
    BOOLEAN Well = NtWaitForSingleObject(Process, FALSE, &Patience) == STATUS_SUCCESS &&
                   ProgramExitStatus(Process) == EXIT_STATUS;

    NtClose(Thread);
    NtClose(Process);
    return Well;
}

static ULONG AvailablePages(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Performance;

    NtQuerySystemInformation(SystemPerformanceInformation, &Performance, sizeof(Performance), NULL);
    return Performance.AvailablePages;
}

/* Without a meeting, children end at once. */
static void RunAfterEachOther(ULONG Count)
{
    ULONG Before = 0, After, i;

    for (i = 0; i < Count; i++) {
        HANDLE Process, Thread;

        if (i == WARM_UP)
            Before = AvailablePages();
        if (!StartChild(&Process, &Thread)) {
            Check(FALSE, "process %u cannot be started\n", i);
            return;
        }
        Check(EndsWell(Process, Thread), "process %u does not end as it should\n", i);
    }
    After = AvailablePages();
    Check(After + SPARE >= Before, "%u pages have been lost\n", Before - After);
}

static void RunTogether(ULONG Count)
{
    LARGE_INTEGER Patience = {.QuadPart = PATIENCE};
    ULONG i;

    Count = Count < MAXIMUM ? Count : MAXIMUM;
    Check(OpenMeeting(TRUE), "no meeting\n", 0);
    for (i = 0; i < Count && !Failures; i++)
        Check(StartChild(&Processes[i], &Threads[i]), "process %u cannot be started\n", i);
    for (i = 0; i < Count && !Failures; i++)
        Check(NtWaitForSingleObject(Here, FALSE, &Patience) == STATUS_SUCCESS,
              "only %u have come\n", i);
    NtSetEvent(Go, NULL);
    for (i = 0; i < Count && Processes[i]; i++)
        Check(EndsWell(Processes[i], Threads[i]), "process %u does not end as it should\n", i);
}

/* The number behind a word of the command line; 0: the word is not there. */
static ULONG NumberAfter(PUNICODE_STRING Line, PCWSTR Word)
{
    ULONG Length = Line->Length / sizeof(WCHAR), Letters = (ULONG)wcslen(Word), Number = 0, i;

    for (i = 0; i + Letters < Length; i++)
        if (!wcsncmp(Line->Buffer + i, Word, Letters))
            break;
    for (i += Letters; i < Length && Line->Buffer[i] >= '0' && Line->Buffer[i] <= '9'; i++)
        Number = Number * 10 + Line->Buffer[i] - '0';
    return Number;
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    PUNICODE_STRING Line = &Peb->ProcessParameters->CommandLine;
    ULONG After = NumberAfter(Line, u"after "), Alive = NumberAfter(Line, u"alive ");

    if (!After && !Alive)
        return Child();
    if (After)
        RunAfterEachOther(After);
    else
        RunTogether(Alive);
    Print("many: %u processes, %u failures\n", After + Alive, Failures);
    return STATUS_SUCCESS;
}
