/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * runtest.sys calls what ntoskrnl.exe exports and looks at what comes of it. Its device,
 * \Device\RunTest, runs one group of checks per request (IOCTL_WDMTEST_RUN); the group runtime of
 * umtests.exe asks for all of them.
 */
#pragma once
#include <ntifs.h>
#include <neptune/ioctl.h>

extern PDRIVER_OBJECT TestDriver;

VOID TestCheck(BOOLEAN Condition, PCSTR Text, PCSTR File, ULONG Line);
#define CHECK(Condition) TestCheck((Condition) ? TRUE : FALSE, #Condition, __FILE__, __LINE__)
#define CHECK_STATUS(Call, Expected)                                                               \
    TestCheckStatus(Call, Expected, #Call " is " #Expected, __FILE__, __LINE__)
VOID TestCheckStatus(NTSTATUS Status, NTSTATUS Expected, PCSTR Text, PCSTR File, ULONG Line);

/* A system thread; Join waits for its end. */
PKTHREAD Start(PKSTART_ROUTINE Routine, PVOID Context);
VOID Join(PKTHREAD Thread);
VOID Sleep(ULONG Milliseconds);

/* A routine that the stock import libraries do not have. */
PVOID Routine(PCWSTR Name);

/* The group of checks that runs is for the request of that thread. */
typedef VOID TEST_GROUP(VOID);
TEST_GROUP TestResources, TestResourceWaits, TestPushLocks, TestRundown, TestSharedSpinLocks;
TEST_GROUP TestCallbacks, TestLookasideEx, TestPoolForms, TestWorkQueues, TestRegions;
TEST_GROUP TestProcessors, TestThreadState, TestTimes, TestUuids;
TEST_GROUP TestFormats, TestCStrings, TestNumbers, TestSorting;
TEST_GROUP TestUnicodeStrings, TestOemStrings, TestGuids, TestVersions;
TEST_GROUP TestBitmaps, TestTables, TestPrefixes, TestSecurityParts;
TEST_GROUP TestRegistryKeys, TestRegistryRoutines, TestRegistryQueries;
TEST_GROUP TestObjects, TestEventsByHandle, TestProcesses;
TEST_GROUP TestAccess, TestPrivileges, TestDescriptors;
TEST_GROUP TestAddresses, TestSystem, TestDebugger;
TEST_GROUP TestShareAccess, TestIrpKinds, TestErrorLog, TestServices;
TEST_GROUP TestHandlers;
