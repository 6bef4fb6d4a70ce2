/* SPDX-License-Identifier: BSD-2-Clause */
/* System information, time, the shared user data page. */
#include "tap.h"

static void TestDebugFilter(void)
{
    ok_status(NtQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_ERROR_LEVEL), TRUE,
              "errors are written");
    ok_status(NtQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_TRACE_LEVEL), FALSE,
              "a driver's traces are not");
    ok_status(NtSetDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_TRACE_LEVEL, TRUE), STATUS_SUCCESS,
              "but may be");
    ok_status(NtQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_TRACE_LEVEL), TRUE,
              "and then are");
    ok_status(NtQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_MASK | 1 << DPFLTR_TRACE_LEVEL),
              TRUE, "as a mask");
    ok_status(NtQueryDebugFilterState(DPFLTR_DEFAULT_ID, DPFLTR_TRACE_LEVEL), FALSE,
              "another component's are not");
    ok_status(NtSetDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_TRACE_LEVEL, FALSE), STATUS_SUCCESS,
              "back again");
    ok_status(NtQueryDebugFilterState(DPFLTR_IHVDRIVER_ID, DPFLTR_TRACE_LEVEL), FALSE,
              "they are no more");
    ok_status(NtQueryDebugFilterState(DPFLTR_ENDOFTABLE_ID, 0), STATUS_INVALID_PARAMETER_1,
              "no such component");
    ok_status(NtQueryDebugFilterState(NEP_DPFLTR_END_ID, 0), STATUS_INVALID_PARAMETER_1,
              "nor behind the Executive's");
    ok_status(NtSetDebugFilterState(0x80000000, 0, TRUE), STATUS_INVALID_PARAMETER_1,
              "to be set neither");
    ok_status(DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, "never to be seen\n"),
              STATUS_SUCCESS, "a hidden message");
}

void TestSystem(void)
{
    static UCHAR Buffer[16384];
    PSYSTEM_PROCESS_INFORMATION Process = (PSYSTEM_PROCESS_INFORMATION)Buffer;
    PKUSER_SHARED_DATA Shared = (PKUSER_SHARED_DATA)0x7ffe0000;
    LARGE_INTEGER Counter, Frequency, Later, Wait = {.QuadPart = -1000000};
    ULONG Length = 0, Count = 0;
    BOOLEAN Found = FALSE;

    ok(Shared->NtMajorVersion == 10 && Shared->NtMinorVersion == 0 &&
           Shared->NtBuildNumber == 19045,
       "Windows 10.0.19045");
    ok_status(NtQueryPerformanceCounter(&Counter, &Frequency), STATUS_SUCCESS,
              "the performance counter");
    NtDelayExecution(FALSE, &Wait);
    NtQueryPerformanceCounter(&Later, NULL);
    ok(Later.QuadPart - Counter.QuadPart >= Frequency.QuadPart / 10, "counts the time of a delay");
    ok_status(NtQueryPerformanceCounter((PLARGE_INTEGER)2, NULL), STATUS_ACCESS_VIOLATION,
              "at a bad address");
    ok_status(NtQuerySystemInformation(SystemProcessInformation, Buffer, 16, &Length),
              STATUS_INFO_LENGTH_MISMATCH, "the processes into too small a buffer");
    ok(Length > 16, "the length needed is told");
    ok_status(NtQuerySystemInformation(SystemProcessInformation, Buffer, sizeof(Buffer), &Length),
              STATUS_SUCCESS, "the processes");
    for (;; Process = (PSYSTEM_PROCESS_INFORMATION)((PUCHAR)Process + Process->NextEntryOffset)) {
        Count++;
        Found |= Process->UniqueProcessId == NtCurrentTeb()->ClientId.UniqueProcess &&
                 Process->NumberOfThreads >= 1;
        if (!Process->NextEntryOffset)
            break;
    }
    ok(Count >= 6 && Found, "I am among them");
    ok(ProcessNamed(u"smss.exe") && ProcessNamed(u"ntcmd.exe") && ProcessNamed(u"null.sys") &&
           ProcessNamed(u"beep.sys") && ProcessNamed(u"i8042prt.sys"),
       "and the system's programs and drivers");
    ok_status(
        NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)0x7777, Buffer, sizeof(Buffer), &Length),
        STATUS_INVALID_INFO_CLASS, "what does not exist");
    ok_status(NtFlushProcessWriteBuffers(), STATUS_SUCCESS, "a service that only returns");
    TestDebugFilter();
}
