/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * umtests.exe checks the native API from inside. Every check is one TAP line on the debug log;
 * failures and the closing "umtests: N passed, N failed" also appear on the screen, so that release
 * builds can be read too.
 */
#pragma once
#include <nt/nt.h>

/* Counts one check and reports it; returns Condition so that a test can stop where going on makes
 * no sense. */
BOOLEAN TapCheck(BOOLEAN Condition, const char *Name, const char *File, int Line);
#define ok(condition, name) TapCheck((condition) ? TRUE : FALSE, name, __FILE__, __LINE__)

/* The same for a status, which is shown when it is not the one expected. */
BOOLEAN TapCheckStatus(NTSTATUS Status, NTSTATUS Expected, const char *Name, const char *File,
                       int Line);
#define ok_status(status, expected, name) TapCheckStatus(status, expected, name, __FILE__, __LINE__)

/* Prints on the screen and on the debug log. */
void TapPrint(const char *Format, ...) __attribute__((format(printf, 1, 2)));

void TestObjects(void);
void TestAtoms(void);
/* The other process of TestRegistry. */
NTSTATUS RegistryFight(ULONG Seed);
void TestEvents(void);
void TestSemaphores(void);
void TestMutants(void);
void TestTimers(void);
void TestKeyed(void);
void TestCompletion(void);
void TestJobs(void);
void TestJobTimes(void);     /* part of it: jobtimes.c */
NTSTATUS JobPortChild(void); /* its child */
void TestAddress(void);
void TestSrw(void);
void TestThreadPool(void);
void TestDebug(void);
/* The child of TestDebug. */
NTSTATUS DebuggeeChild(ULONG Number);
void TestSecurity(void);
void UserChild(void); /* its child */
void TestLpc(void);
/* A client of the port that lpc.c has: what it does is Number. */
NTSTATUS LpcChild(ULONG Number);
void TestAlpc(void);
/* The same of the port that alpc.c has. */
NTSTATUS AlpcChild(ULONG Number);
void TestRegistry(void);
void TestPipes(void);
/* A process that is ended while it has an end of a pipe. */
NTSTATUS PipeChild(ULONG Number);
void TestMailslots(void);
void TestFileLocks(void);
void TestMemory(void);
void TestPlacement(void);   /* parts of it: placement.c, */
void TestWriteWatch(void);  /* writewatch.c, */
void TestResidence(void);   /* residence.c, */
void TestSinglePages(void); /* singlepages.c */
void TestSections(void);
void TestHeap(void);
NTSTATUS HeapChild(void); /* the child of TestHeap */
void TestProcesses(void);
void TestThreads(void);
void TestKept(void);
NTSTATUS RowChild(ULONG Number);
void TestFiles(void);
void TestCreateFile(void); /* part of it: createfile.c */
void TestVolumes(void);
void TestFileClasses(void);
void TestFileShares(void);
void TestNls(void);
void TestDrivers(void);
void TestDriverHosts(void);
void TestDataTransfers(void);
void TestDriverRestarts(void); /* part of it: driverrestarts.c */
void TestDriverWaits(void);
NTSTATUS CrowdChild(ULONG Count); /* its children */
NTSTATUS HoarderChild(void);
void TestDriverApi(void);
void TestTraps(void);
void TestSystem(void);
void TestInformation(void);
void TestThreadInformation(void);
void TestSystemInformation(void);
void TestHardErrors(void);
NTSTATUS StopScreenChild(void);
void TestProcessCreation(void);
void TestCreateOptions(PRTL_USER_PROCESS_PARAMETERS OfChild); /* part of it: createoptions.c */
void TestTurns(void);
void TestEndings(void);
NTSTATUS FaultingChild(void);
void TestRefused(void);
void TestEveryClass(void); /* part of it: classes.c */
void TestHostile(void);
/* The child's half of TestHostile: calls service Number with bad arguments of all kinds. */
void HostileChild(ULONG Number);
/* The child's half of objects.c: uses the handle Number. */
void InheritedChild(ULONG Number);
/* What is the architecture's own: arch/. */
void TestEnvironment(void);
void TestContinue(void);
void TestRuntime(void);
void TestRoutineCalls(void);
DECLSPEC_NORETURN void ExitProcessChild(void); /* its children */
NTSTATUS ShutDownChild(void);
void TestApc(void);
void TestContexts(void);
void TestExceptions(void);
void TestSeh(void);    /* part of it: seh.c */
void TestJumps(void);  /* jumps.c, */
void TestUnwind(void); /* arch/.../unwind.c */
NTSTATUS ChainChild(ULONG Number);
/* arch/.../faults.S: the routine gives back the registers that are its caller's. */
BOOLEAN CDECL KeepsRegisters(void (*Routine)(void));
/* The child of TestExceptions. */
NTSTATUS ExceptionChild(ULONG Number);
void TestLoader(void); /* with the following */
void TestLoaderPaths(void);
NTSTATUS DefaultDirectoriesChild(void);
void TestApiSets(void);
void TestLoaderGraph(void);
void TestLoaderCalls(void);
void TestResources(void);
void TestImages(void);
void TestSxs(void);
void TestRawCalls(void);
/* The child of TestRawCalls: random system calls of the kernel's. */
void RawCallsChild(ULONG Number);

/* Starts \SystemRoot\tests\umtests.exe with CommandLine; the handles are the caller's to close. */
NTSTATUS StartSelf(PCWSTR CommandLine, PHANDLE Process, PHANDLE Thread);
/* Starts a program, waits for its end (at most Seconds, then it is killed: STATUS_TIMEOUT) and
 * returns its exit status. */
NTSTATUS RunProgram(PCWSTR Path, PCWSTR CommandLine, ULONG Seconds);
NTSTATUS RunSelf(PCWSTR CommandLine, ULONG Seconds);
/* The number of the process whose image has this name and that has a thread; NULL: none. */
HANDLE ProcessNamed(PCWSTR Image);
/* Ends a process, and waits until it is gone if Wait. */
NTSTATUS EndProcess(HANDLE Number, NTSTATUS ExitStatus, BOOLEAN Wait);
/* The one of that name. */
NTSTATUS EndProcessNamed(PCWSTR Image, BOOLEAN Wait);

/* Calls any service by number with 11 arguments, as the stubs do. */
NTSTATUS RawService(ULONG Number, const ULONG_PTR Arguments[17]);

/* Any system call of the kernel's, on any capability; returns the message info that comes back. */
ULONG_PTR RawCall(LONG_PTR Number, ULONG_PTR Cap, ULONG_PTR Info, const ULONG_PTR Words[4]);
