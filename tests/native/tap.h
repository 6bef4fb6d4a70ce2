/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * umtests.exe checks the native API from inside. Every check is one TAP line on the debug log; failures and the closing
 * "umtests: N passed, N failed" also appear on the screen, so that release builds can be read too.
 */
#pragma once
#include <nt/nt.h>

/* Counts one check and reports it; returns Condition so that a test can stop where going on makes no sense. */
BOOLEAN TapCheck(BOOLEAN Condition, const char *Name, const char *File, int Line);
#define ok(condition, name) TapCheck((condition) ? TRUE : FALSE, name, __FILE__, __LINE__)

/* The same for a status, which is shown when it is not the one expected. */
BOOLEAN TapCheckStatus(NTSTATUS Status, NTSTATUS Expected, const char *Name, const char *File, int Line);
#define ok_status(status, expected, name) TapCheckStatus(status, expected, name, __FILE__, __LINE__)

/* Prints on the screen and on the debug log. */
void TapPrint(const char *Format, ...) __attribute__((format(printf, 1, 2)));

void TestObjects(void);
void TestEvents(void);
void TestMemory(void);
void TestSections(void);
void TestProcesses(void);
void TestThreads(void);
void TestFiles(void);
void TestDrivers(void);
void TestSystem(void);
void TestHostile(PUNICODE_STRING ImagePath);
/* The child's half of TestHostile: calls service Number with bad arguments of all kinds. */
void HostileChild(ULONG Number);
/* What is the architecture's own: arch/. */
void TestEnvironment(void);
void TestContinue(void);
void TestLoader(void);
void TestRawCalls(void);
/* The child of TestRawCalls: random system calls of the kernel's. */
void RawCallsChild(ULONG Number);

/* Starts \SystemRoot\tests\umtests.exe with CommandLine; the handles are the caller's to close. */
NTSTATUS StartSelf(PCWSTR CommandLine, PHANDLE Process, PHANDLE Thread);
/* The same, waits for its end (at most Seconds, then it is killed: STATUS_TIMEOUT) and returns its exit status. */
NTSTATUS RunSelf(PCWSTR CommandLine, ULONG Seconds);

/* Calls any service by number with 11 arguments, as the stubs do. */
NTSTATUS RawService(ULONG Number, const ULONG_PTR Arguments[11]);

/* Any system call of the kernel's, on any capability; returns the message info that comes back. */
ULONG_PTR RawCall(LONG_PTR Number, ULONG_PTR Cap, ULONG_PTR Info, const ULONG_PTR Words[4]);
