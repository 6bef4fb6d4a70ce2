/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wdmtest.sys checks the driver runtime from inside, as a driver that uses all of it. Its device,
 * \Device\WdmTest, runs one group of checks per request; drvtest.exe asks for all of them.
 */
#pragma once
#include <wdm.h>
#include <neptune/ioctl.h>

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
