/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wdmtest.sys checks the driver runtime from inside, as a driver that uses all of it. Its device,
 * \Device\WdmTest, runs one group of checks per request; drvtest.exe asks for all of them.
 */
#pragma once
#include <wdm.h>

/*
 * Input: ULONG index of the group. Output: WDMTEST_RESULT. STATUS_NO_MORE_ENTRIES after the last.
 * /
 */
#define IOCTL_WDMTEST_RUN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)

/*
 * Input: ULONG index of a way to crash. STATUS_NO_MORE_ENTRIES after the last; any other answer is
 * wrong.
 */
#define IOCTL_WDMTEST_CRASH CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _WDMTEST_RESULT {
    ULONG Checks;
    ULONG Failures;
    CHAR Name[32];
    CHAR FirstFailure[96]; /* the condition that was not so */
    ULONG Line;
} WDMTEST_RESULT, *PWDMTEST_RESULT;

extern PDRIVER_OBJECT TestDriver;

VOID TestCheck(BOOLEAN Condition, PCSTR Text, ULONG Line);
#define CHECK(Condition) TestCheck((Condition) ? TRUE : FALSE, #Condition, __LINE__)

/* waits.c */
VOID TestEvents(VOID);
VOID TestSemaphoresAndMutexes(VOID);
VOID TestWaitsForSeveral(VOID);
VOID TestTimers(VOID);
VOID TestDpcs(VOID);
VOID TestWorkItems(VOID);
VOID TestManyThreads(VOID);

/* irps.c */
VOID TestStackLocations(VOID);
VOID TestMoreProcessing(VOID);
VOID TestPendingIrps(VOID);
VOID TestSynchronousRequests(VOID);

/* queues.c */
VOID TestCancelSafeQueues(VOID);
VOID TestStartIo(VOID);
VOID TestDeviceQueues(VOID);
VOID TestRemoveLocks(VOID);

/* memory.c */
VOID TestPool(VOID);
VOID TestLists(VOID);
VOID TestLookasideLists(VOID);
VOID TestMdls(VOID);
VOID TestIrql(VOID);
VOID TestClocks(VOID);

/* crash.c */
NTSTATUS TestCrash(ULONG Index, PIRP Irp);

/* remote.c */
VOID TestRemoteDevices(VOID);
VOID TestNames(VOID);

/* arch/ */
VOID TestProcessor(VOID);
