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

/* Routines and variables that the stock headers do not declare. */
extern NTKERNELAPI POBJECT_TYPE *IoDriverObjectType;
NTKERNELAPI PVOID NTAPI PsGetCurrentThreadStackBase(VOID);
NTKERNELAPI PVOID NTAPI PsGetCurrentThreadStackLimit(VOID);
NTKERNELAPI BOOLEAN NTAPI PsGetThreadHardErrorsAreDisabled(PETHREAD Thread);
NTKERNELAPI VOID NTAPI PsSetThreadHardErrorsAreDisabled(PETHREAD Thread, BOOLEAN Disabled);
NTKERNELAPI NTSTATUS NTAPI PsGetProcessExitStatus(PEPROCESS Process);
NTKERNELAPI HANDLE NTAPI PsGetProcessInheritedFromUniqueProcessId(PEPROCESS Process);
NTKERNELAPI PVOID NTAPI PsGetProcessPeb(PEPROCESS Process);
NTKERNELAPI HANDLE NTAPI PsGetThreadProcessId(PETHREAD Thread);
NTKERNELAPI BOOLEAN NTAPI PsIsSystemProcess(PEPROCESS Process);
NTKERNELAPI NTSTATUS NTAPI ObCloseHandle(HANDLE Handle, KPROCESSOR_MODE PreviousMode);
NTKERNELAPI POBJECT_TYPE NTAPI ObGetObjectType(PVOID Object);
NTKERNELAPI BOOLEAN NTAPI KeIsAttachedProcess(VOID);
NTKERNELAPI NTSTATUS NTAPI SeCaptureSecurityDescriptor(PSECURITY_DESCRIPTOR Original,
                                                       KPROCESSOR_MODE Mode, POOL_TYPE PoolType,
                                                       BOOLEAN CaptureIfKernel,
                                                       PSECURITY_DESCRIPTOR *Captured);
NTKERNELAPI NTSTATUS NTAPI SeReleaseSecurityDescriptor(PSECURITY_DESCRIPTOR Captured,
                                                       KPROCESSOR_MODE Mode,
                                                       BOOLEAN CaptureIfKernel);
NTKERNELAPI NTSTATUS NTAPI ObLogSecurityDescriptor(PSECURITY_DESCRIPTOR Input,
                                                   PSECURITY_DESCRIPTOR *Output, ULONG RefBias);
NTKERNELAPI VOID NTAPI ObReferenceSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor, ULONG Count);
NTKERNELAPI VOID NTAPI ObDereferenceSecurityDescriptor(PSECURITY_DESCRIPTOR Descriptor,
                                                       ULONG Count);
extern NTKERNELAPI POBJECT_TYPE *MmSectionObjectType;

#ifndef RTL_QUERY_REGISTRY_TYPECHECK
#define RTL_QUERY_REGISTRY_TYPECHECK 0x100
#define RTL_QUERY_REGISTRY_TYPECHECK_SHIFT 24
#endif

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
