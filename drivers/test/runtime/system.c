/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses, the system, the debugger, system services. */
#include "runtime.h"

VOID TestAddresses(VOID)
{
    SIZE_T Size = 2 * PAGE_SIZE;
    PUCHAR Base = NULL;
    ULONG Here = 1;

    CHECK(MmIsAddressValid(&Here) && MmIsAddressValid(TestDriver) && !MmIsAddressValid(NULL));
    CHECK(MmIsAddressValid((PVOID)(ULONG_PTR)TestAddresses));
    CHECK(!MmIsAddressValid(MmSystemRangeStart));
    CHECK_STATUS(ZwAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Base, 0, &Size, MEM_RESERVE,
                                         PAGE_READWRITE),
                 STATUS_SUCCESS);
    CHECK(!MmIsAddressValid(Base)); /* reserved */
    Size = PAGE_SIZE;
    ZwAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Base, 0, &Size, MEM_COMMIT,
                            PAGE_READWRITE);
    CHECK(MmIsAddressValid(Base) && !MmIsAddressValid(Base + PAGE_SIZE));
    Size = 0;
    ZwFreeVirtualMemory(NtCurrentProcess(), (PVOID *)&Base, &Size, MEM_RELEASE);
    CHECK(!MmIsAddressValid(Base));
    CHECK((ULONG_PTR)MmHighestUserAddress < MmUserProbeAddress);
    CHECK(MmUserProbeAddress < (ULONG_PTR)MmSystemRangeStart);
    ProbeForRead(&Here, sizeof(Here), sizeof(Here));
    ProbeForWrite(&Here, sizeof(Here), sizeof(Here));
    CHECK(Here == 1);
    ProbeForRead((PVOID)(ULONG_PTR)~0, 0, 1); /* nothing is always there */
    ProbeForWrite((PVOID)(ULONG_PTR)~0, 0, 1);
    CHECK(MmPageEntireDriver(TestAddresses) != NULL);
    CHECK(MmLockPagableDataSection(&Here) != NULL);
}

VOID TestSystem(VOID)
{
    int(__cdecl * Compare)(const char *, const char *) = Routine(L"strcmp");
    NTSTATUS(NTAPI * Create)
    (PCALLBACK_OBJECT *, POBJECT_ATTRIBUTES, BOOLEAN, BOOLEAN) = Routine(L"ExCreateCallback");
    PULONG Number = Routine(L"NtBuildNumber");
    ULONG Flags = 1;

    CHECK(Compare && Compare("a", "a") == 0 && Compare("a", "b") < 0);
    CHECK(Create == ExCreateCallback);
    CHECK(Routine(L"KeGetCurrentThread") || Routine(L"PsGetCurrentProcess"));
    CHECK(Routine(L"HalMakeBeep") && Routine(L"ZwClose"));
    CHECK(!Routine(L"NoSuchRoutine") && !Routine(L"") && !Routine(L"strcmp\u0101"));
    CHECK(!MmIsThisAnNtAsSystem());
    CHECK(MmQuerySystemSize() <= MmLargeSystem);
    CHECK(!MmIsDriverVerifying(TestDriver) && !MmIsDriverVerifyingByAddress(TestSystem));
    CHECK(!NT_SUCCESS(MmIsVerifierEnabled(&Flags)) && !Flags);
    CHECK(Number && (*Number & 0xFFFF) >= 10240);
}

VOID TestDebugger(VOID)
{
    CHECK(!KD_DEBUGGER_ENABLED && KD_DEBUGGER_NOT_PRESENT);
    CHECK(KdRefreshDebuggerNotPresent());
    CHECK_STATUS(KdDisableDebugger(), STATUS_DEBUGGER_INACTIVE);
    CHECK_STATUS(KdEnableDebugger(), STATUS_DEBUGGER_INACTIVE);
    CHECK_STATUS(KdChangeOption(0, 0, NULL, 0, NULL, NULL), STATUS_DEBUGGER_INACTIVE);
    CHECK_STATUS(DbgPrint("runtest: a line of the %s\n", "debug log"), STATUS_SUCCESS);
    CHECK_STATUS(DbgPrintEx(DPFLTR_DEFAULT_ID, DPFLTR_ERROR_LEVEL, "runtest: another\n"),
                 STATUS_SUCCESS);
}

/* ---- System services that drivers call ---- */

NTSYSAPI NTSTATUS NTAPI ZwQuerySystemInformation(ULONG Class, PVOID Information, ULONG Length,
                                                 PULONG ReturnLength);
NTSYSAPI NTSTATUS NTAPI ZwOpenSymbolicLinkObject(PHANDLE Link, ACCESS_MASK Access,
                                                 POBJECT_ATTRIBUTES Attributes);

static VOID TestDirectories(VOID)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\RunTestFolder"), Target;
    UNICODE_STRING Link = RTL_CONSTANT_STRING(L"\\RunTestFolder\\Link");
    UNICODE_STRING Device = RTL_CONSTANT_STRING(L"\\Device\\RunTest");
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Folder, Handle;
    WCHAR Room[40];
    ULONG Length;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK_STATUS(ZwCreateDirectoryObject(&Folder, DIRECTORY_ALL_ACCESS, &Attributes),
                 STATUS_SUCCESS);
    CHECK_STATUS(IoCreateSymbolicLink(&Link, &Device), STATUS_SUCCESS);
    CHECK_STATUS(IoCreateSymbolicLink(&Link, &Device), STATUS_OBJECT_NAME_COLLISION);
    InitializeObjectAttributes(&Attributes, &Link, OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK_STATUS(ZwOpenSymbolicLinkObject(&Handle, SYMBOLIC_LINK_QUERY, &Attributes),
                 STATUS_SUCCESS);
    Target = (UNICODE_STRING){0, sizeof(Room), Room};
    CHECK_STATUS(ZwQuerySymbolicLinkObject(Handle, &Target, &Length), STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&Target, &Device, FALSE));
    ZwClose(Handle);
    CHECK_STATUS(IoDeleteSymbolicLink(&Link), STATUS_SUCCESS);
    CHECK_STATUS(ZwOpenSymbolicLinkObject(&Handle, SYMBOLIC_LINK_QUERY, &Attributes),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    ZwClose(Folder);
}

static VOID TestSection(VOID)
{
    LARGE_INTEGER Size = {.QuadPart = 10000};
    SIZE_T View = 0;
    PULONG First = NULL, Second = NULL;
    HANDLE Section;
    PVOID Object;

    CHECK_STATUS(ZwCreateSection(&Section, SECTION_ALL_ACCESS, NULL, &Size, PAGE_READWRITE,
                                 SEC_COMMIT, NULL),
                 STATUS_SUCCESS);
    CHECK_STATUS(ZwMapViewOfSection(Section, NtCurrentProcess(), (PVOID *)&First, 0, 0, NULL, &View,
                                    ViewUnmap, 0, PAGE_READWRITE),
                 STATUS_SUCCESS);
    View = 0;
    CHECK_STATUS(ZwMapViewOfSection(Section, NtCurrentProcess(), (PVOID *)&Second, 0, 0, NULL,
                                    &View, ViewUnmap, 0, PAGE_READWRITE),
                 STATUS_SUCCESS);
    CHECK(First != Second);
    First[100] = 4711;
    CHECK(Second[100] == 4711);
    CHECK_STATUS(
        ObReferenceObjectByHandle(Section, 0, *MmSectionObjectType, KernelMode, &Object, NULL),
        STATUS_SUCCESS);
    ObDereferenceObject(Object);
    CHECK_STATUS(ZwUnmapViewOfSection(NtCurrentProcess(), First), STATUS_SUCCESS);
    CHECK_STATUS(ZwUnmapViewOfSection(NtCurrentProcess(), Second), STATUS_SUCCESS);
    CHECK_STATUS(ZwClose(Section), STATUS_SUCCESS);
}

VOID TestServices(VOID)
{
    struct {
        ULONG Reserved, TimerResolution, PageSize, Physical[3], Granularity;
        ULONG_PTR Lowest, Highest, Affinity;
        CCHAR Processors;
    } Basic;
    ULONG Length;

    TestDirectories();
    TestSection();
    CHECK_STATUS(ZwQuerySystemInformation(0, &Basic, sizeof(Basic), &Length), STATUS_SUCCESS);
    CHECK(Basic.PageSize == PAGE_SIZE && Basic.Processors == 1);
    CHECK_STATUS(ZwQuerySystemInformation(0, &Basic, 3, &Length), STATUS_INFO_LENGTH_MISMATCH);
}
