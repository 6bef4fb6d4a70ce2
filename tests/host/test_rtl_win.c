// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/rtl/atom.c ntdll/rtl/fls.c ntdll/rtl/lasterror.c ntdll/rtl/encodepointer.c
// sources: ntdll/rtl/version.c ntdll/rtl/timezone.c ntdll/rtl/clock.c ntdll/rtl/machine.c
// sources: ntdll/rtl/peblock.c ntdll/etw/provider.c ntdll/etw/classic.c rtl/versionmask.c rtl/bitmap.c
// sources: rtl/doserror.c rtl/string.c rtl/integer.c rtl/memory.c rtl/arch/x86_64/copy.c
// sources: rtl/wstring.c rtl/cstring.c rtl/upcase.c rtl/ctype.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -DDBG=1 -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"

NTSTATUS NTAPI NtQueryPerformanceCounter(PLARGE_INTEGER Counter, PLARGE_INTEGER Frequency)
{
    Counter->QuadPart = 123456789;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQuerySystemTime(PLARGE_INTEGER Time)
{
    Time->QuadPart = 987654321;
    return STATUS_SUCCESS;
}

static BOOLEAN TimeZoneKnown;

/* The first value that is asked for is the bias. */
NTSTATUS NTAPI RtlQueryRegistryValues(ULONG RelativeTo, PCWSTR Path,
                                      PRTL_QUERY_REGISTRY_TABLE QueryTable, PVOID Context,
                                      PVOID Environment)
{
    if (!TimeZoneKnown)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    CHECK_EQUAL(RelativeTo, RTL_REGISTRY_CONTROL);
    *(PLONG)QueryTable[0].EntryContext = -60;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlWriteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName,
                                     ULONG ValueType, PVOID ValueData, ULONG ValueLength)
{
    return STATUS_NOT_IMPLEMENTED;
}

NTSTATUS NTAPI NtQueryInformationProcess(HANDLE Process, PROCESSINFOCLASS Class, PVOID Information,
                                         ULONG Length, PULONG ReturnLength)
{
    return Process ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

TEST(atoms_are_numbers_for_names)
{
    PRTL_ATOM_TABLE Table = NULL;
    RTL_ATOM First, Second;
    ULONG Count, Flags, Length = 64;
    WCHAR Name[32];

    CHECK_EQUAL(RtlCreateAtomTable(0, &Table), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"Name", &First), STATUS_SUCCESS);
    CHECK_EQUAL(First, 0xc000);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"NAME", &Second), STATUS_SUCCESS);
    CHECK_EQUAL(Second, First);
    CHECK_EQUAL(RtlQueryAtomInAtomTable(Table, First, &Count, &Flags, Name, &Length),
                STATUS_SUCCESS);
    CHECK(Count == 2 && !Flags && Length == 8 && wcscmp(Name, u"Name") == 0);
    Length = 6;
    CHECK_EQUAL(RtlQueryAtomInAtomTable(Table, First, NULL, NULL, Name, &Length), STATUS_SUCCESS);
    CHECK(Length == 4 && wcscmp(Name, u"Na") == 0);
    Length = 2;
    CHECK_EQUAL(RtlQueryAtomInAtomTable(Table, First, NULL, NULL, Name, &Length),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Length, 8);
    CHECK_EQUAL(RtlDeleteAtomFromAtomTable(Table, First), STATUS_SUCCESS);
    CHECK_EQUAL(RtlLookupAtomInAtomTable(Table, u"nAME", &Second), STATUS_SUCCESS);
    CHECK_EQUAL(RtlDeleteAtomFromAtomTable(Table, First), STATUS_SUCCESS);
    CHECK_EQUAL(RtlLookupAtomInAtomTable(Table, u"Name", &Second), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(RtlDeleteAtomFromAtomTable(Table, First), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(RtlDestroyAtomTable(Table), STATUS_SUCCESS);
    CHECK_EQUAL(RtlDestroyAtomTable(NULL), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(integer_atoms_are_their_own_names)
{
    PRTL_ATOM_TABLE Table = NULL;
    ULONG Count, Length = 64;
    WCHAR Name[32];
    RTL_ATOM Atom;

    RtlCreateAtomTable(7, &Table);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, (PCWSTR)(ULONG_PTR)0xbfff, &Atom), STATUS_SUCCESS);
    CHECK_EQUAL(Atom, 0xbfff);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"#123", &Atom), STATUS_SUCCESS);
    CHECK_EQUAL(Atom, 123);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, NULL, &Atom), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"#0", &Atom), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"#49152", &Atom), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"#99999999999999999999", &Atom),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, (PCWSTR)(ULONG_PTR)0xc000, &Atom),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"", &Atom), STATUS_OBJECT_NAME_INVALID);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"#", &Atom), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"#12x", &Atom), STATUS_SUCCESS);
    CHECK_EQUAL(Atom, 0xc001);
    CHECK_EQUAL(RtlQueryAtomInAtomTable(Table, 123, &Count, NULL, Name, &Length), STATUS_SUCCESS);
    CHECK(Count == 1 && wcscmp(Name, u"#123") == 0 && Length == 8);
    CHECK_EQUAL(RtlQueryAtomInAtomTable(Table, 0, &Count, NULL, Name, &Length),
                STATUS_INVALID_HANDLE);
    CHECK_EQUAL(RtlDeleteAtomFromAtomTable(Table, 123), STATUS_SUCCESS);
    RtlDestroyAtomTable(Table);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(atom_tables_end_at_the_last_atom)
{
    static WCHAR Name[258];
    PRTL_ATOM_TABLE Table = NULL;
    RTL_ATOM Atom = 0;
    ULONG Added = 0;

    for (ULONG i = 0; i < 256; i++)
        Name[i] = 'x';
    RtlCreateAtomTable(1000, &Table);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, Name, &Atom), STATUS_INVALID_PARAMETER);
    Name[255] = 0;
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, Name, &Atom), STATUS_SUCCESS);
    for (ULONG i = 0; i < 0x5000; i++) {
        WCHAR Short[] = {'a' + i % 16, 'a' + i / 16 % 16, 'a' + i / 256 % 16, 'a' + i / 4096, 0};

        Added += NT_SUCCESS(RtlAddAtomToAtomTable(Table, Short, &Atom));
    }
    CHECK_EQUAL(Added, 0x3fff);
    CHECK_EQUAL(Atom, 0xffff);
    OutOfMemory = TRUE;
    RtlDeleteAtomFromAtomTable(Table, 0xd000);
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"again", &Atom), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
    CHECK_EQUAL(RtlAddAtomToAtomTable(Table, u"again", &Atom), STATUS_SUCCESS);
    CHECK_EQUAL(Atom, 0xd000);
    RtlDestroyAtomTable(Table);
    CHECK_EQUAL(HeapBlocks, 0);
}

static ULONG Freed;
static PVOID LastFreed;

static void NTAPI OnFree(PVOID Data)
{
    Freed++;
    LastFreed = Data;
}

TEST(fibers_have_values_of_their_own)
{
    PVOID Value = (PVOID)1, FirstFiber, SecondFiber;
    ULONG Index, Other;

    NtCurrentTeb();
    RtlpInitializeFls(&TestPeb);
    CHECK_EQUAL(RtlFlsAlloc(OnFree, &Index), STATUS_SUCCESS);
    CHECK(RtlAreBitsSet(TestPeb.FlsBitmap, 0, Index + 1) && TestPeb.FlsHighIndex == Index);
    CHECK_EQUAL(Index, 1);
    CHECK_EQUAL(RtlFlsGetValue(Index, &Value), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlFlsSetValue(Index, (PVOID)10), STATUS_SUCCESS);
    FirstFiber = TestTeb.FlsData;
    TestTeb.FlsData = NULL;
    CHECK_EQUAL(RtlFlsSetValue(Index, (PVOID)20), STATUS_SUCCESS);
    SecondFiber = TestTeb.FlsData;
    CHECK_EQUAL(RtlFlsGetValue(Index, &Value), STATUS_SUCCESS);
    CHECK_EQUAL((ULONG_PTR)Value, 20);
    CHECK_EQUAL(RtlFlsGetValue(2000, &Value), STATUS_SUCCESS);
    CHECK(!Value);
    CHECK_EQUAL(RtlFlsSetValue(0, NULL), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlFlsSetValue(0xff0, NULL), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlFlsSetValue(0xfef, (PVOID)1), STATUS_SUCCESS);
    RtlFlsAlloc(NULL, &Other);
    RtlFlsSetValue(Other, (PVOID)30);
    RtlProcessFlsData(SecondFiber, RTL_FLS_RUN_CALLBACKS | RTL_FLS_FREE_DATA);
    CHECK(Freed == 1 && (ULONG_PTR)LastFreed == 20 && !TestTeb.FlsData);
    CHECK_EQUAL(RtlFlsFree(Index), STATUS_SUCCESS);
    CHECK(Freed == 2 && (ULONG_PTR)LastFreed == 10);
    CHECK_EQUAL(RtlFlsFree(Index), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlFlsFree(5000), STATUS_INVALID_PARAMETER);
    RtlProcessFlsData(FirstFiber, RTL_FLS_FREE_DATA);
    CHECK_EQUAL(HeapBlocks, 1); /* the table of indices */
    CHECK_EQUAL(LockDepth, 0);
}

TEST(fiber_local_indices_end)
{
    ULONG Index, Count = 0;

    while (NT_SUCCESS(RtlFlsAlloc(NULL, &Index)))
        Count++;
    CHECK_EQUAL(Count, 0xff0 - 2); /* one is still in use, and 0 never is */
}

TEST(errors_belong_to_the_thread)
{
    ULONG Previous;

    NtCurrentTeb();
    CHECK_EQUAL(RtlNtStatusToDosError(STATUS_ACCESS_DENIED), 5);
    CHECK_EQUAL(TestTeb.LastStatusValue, STATUS_ACCESS_DENIED);
    RtlSetLastWin32Error(7);
    CHECK_EQUAL(RtlGetLastWin32Error(), 7);
    RtlRestoreLastWin32Error(8);
    CHECK_EQUAL(TestTeb.LastErrorValue, 8);
    CHECK_EQUAL(RtlSetThreadErrorMode(0x30, &Previous), STATUS_SUCCESS);
    CHECK_EQUAL(RtlSetThreadErrorMode(0x1, NULL), STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(RtlGetThreadErrorMode(), 0x30);
}

TEST(encoded_pointers_are_others_and_come_back)
{
    PVOID Pointer = &Freed;

    TestSharedUserData.Cookie = 0x12345687;
    CHECK(RtlEncodePointer(Pointer) != Pointer);
    CHECK(RtlDecodePointer(RtlEncodePointer(Pointer)) == Pointer);
    CHECK(RtlDecodePointer(RtlEncodePointer(NULL)) == NULL && RtlEncodePointer(NULL) != NULL);
    CHECK(RtlEncodeSystemPointer(Pointer) != Pointer);
    CHECK(RtlDecodeSystemPointer(RtlEncodeSystemPointer(Pointer)) == Pointer);
}

TEST(versions_are_told_and_compared)
{
    RTL_OSVERSIONINFOEXW Version = {.dwOSVersionInfoSize = sizeof(Version)};
    ULONGLONG AtLeast =
        VerSetConditionMask(VerSetConditionMask(0, VER_MAJORVERSION, VER_GREATER_EQUAL),
                            VER_MINORVERSION, VER_GREATER_EQUAL);
    ULONG Product;

    NtCurrentTeb();
    TestPeb.OSMajorVersion = 10;
    TestPeb.OSBuildNumber = 19045;
    TestPeb.OSPlatformId = VER_PLATFORM_WIN32_NT;
    TestSharedUserData.NtProductType = NtProductWinNt;
    CHECK_EQUAL(RtlGetVersion(&Version), STATUS_SUCCESS);
    CHECK(Version.dwMajorVersion == 10 && Version.dwBuildNumber == 19045 &&
          Version.wProductType == VER_NT_WORKSTATION);
    CHECK_EQUAL(AtLeast, 3 << 3 | 3);
    Version.dwMajorVersion = 6;
    Version.dwMinorVersion = 3;
    CHECK_EQUAL(RtlVerifyVersionInfo(&Version, VER_MAJORVERSION | VER_MINORVERSION, AtLeast),
                STATUS_SUCCESS);
    Version.dwMajorVersion = 10;
    CHECK_EQUAL(RtlVerifyVersionInfo(&Version, VER_MAJORVERSION | VER_MINORVERSION, AtLeast),
                STATUS_REVISION_MISMATCH);
    CHECK_EQUAL(RtlVerifyVersionInfo(&Version, 0, AtLeast), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlVerifyVersionInfo(&Version, VER_BUILDNUMBER, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlVerifyVersionInfo(&Version, VER_BUILDNUMBER,
                                     VerSetConditionMask(0, VER_BUILDNUMBER, VER_LESS)),
                STATUS_REVISION_MISMATCH);
    CHECK_EQUAL(VerSetConditionMask(5, 0, VER_LESS), 0);
    CHECK_EQUAL(VerSetConditionMask(5, VER_BUILDNUMBER, 0), 5);
    CHECK_EQUAL(VerSetConditionMask(0, VER_PRODUCT_TYPE | 1, VER_EQUAL), 1 << 21);
    CHECK(RtlGetProductInfo(10, 0, 0, 0, &Product) && Product);
    CHECK(!RtlGetProductInfo(5, 1, 0, 0, &Product) && !Product);
}

TEST(times_are_those_of_the_shared_data)
{
    RTL_TIME_ZONE_INFORMATION Zone;
    LARGE_INTEGER Time = {.QuadPart = 5};
    ULONGLONG Unbiased;

    TestSharedUserData.TimeZoneBias = (KSYSTEM_TIME){MAXULONG - 9, -1, -1};
    RtlSystemTimeToLocalTime(&Time, &Time);
    CHECK_EQUAL(Time.QuadPart, 15);
    RtlLocalTimeToSystemTime(&Time, &Time);
    CHECK_EQUAL(Time.QuadPart, 5);
    CHECK_EQUAL(RtlQueryTimeZoneInformation(&Zone), STATUS_SUCCESS);
    CHECK(!Zone.Bias && wcscmp(Zone.StandardName, u"Coordinated Universal Time") == 0);
    TimeZoneKnown = TRUE;
    RtlQueryTimeZoneInformation(&Zone);
    CHECK_EQUAL(Zone.Bias, -60);
    TestSharedUserData.InterruptTime = (KSYSTEM_TIME){100, 1, 1};
    TestSharedUserData.InterruptTimeBias = 60;
    CHECK(RtlQueryUnbiasedInterruptTime(&Unbiased));
    CHECK_EQUAL(Unbiased, 0x100000028);
    CHECK_EQUAL(RtlGetSystemTimePrecise(), 987654321);
    CHECK(RtlQueryPerformanceCounter(&Time) && Time.QuadPart == 123456789);
    CHECK(RtlQueryPerformanceFrequency(&Time) && !RtlQueryUnbiasedInterruptTime(NULL));
}

TEST(the_machine_is_what_the_shared_data_says)
{
    USHORT Process = 1, Native = 0;
    ULONG Previous;

    TestSharedUserData.ProcessorFeatures[10] = TRUE;
    CHECK(RtlIsProcessorFeaturePresent(10) && !RtlIsProcessorFeaturePresent(11));
    CHECK(!RtlIsProcessorFeaturePresent(MAXULONG) && !RtlIsProcessorFeaturePresent(64));
    CHECK_EQUAL(RtlWow64GetProcessMachines((HANDLE)-1, &Process, &Native), STATUS_SUCCESS);
    CHECK(!Process && Native == (WORDS64 ? 0x8664 : 0x14c));
    CHECK_EQUAL(RtlWow64GetProcessMachines(NULL, &Process, &Native), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(RtlWow64EnableFsRedirectionEx(1, &Previous), STATUS_NOT_IMPLEMENTED);
}

TEST(events_are_never_enabled)
{
    static const GUID Provider = {1};
    GUID Id = {2}, Own;
    REGHANDLE Handle = 0;
    TRACEHANDLE Trace = 0;

    CHECK_EQUAL(EtwEventRegister(&Provider, NULL, NULL, &Handle), 0);
    CHECK(Handle && !EtwEventEnabled(Handle, NULL));
    CHECK_EQUAL(EtwEventRegister(NULL, NULL, NULL, &Handle), 87);
    CHECK_EQUAL(EtwEventWrite(Handle, NULL, 0, NULL), 0);
    CHECK_EQUAL(EtwRegisterTraceGuidsW(NULL, NULL, &Provider, 0, NULL, NULL, NULL, &Trace), 0);
    CHECK_EQUAL(EtwGetTraceEnableLevel(Trace), 0);
    CHECK_EQUAL(EtwEventActivityIdControl(EVENT_ACTIVITY_CTRL_SET_ID, &Id), 0);
    CHECK_EQUAL(EtwEventActivityIdControl(EVENT_ACTIVITY_CTRL_CREATE_SET_ID, &Own), 0);
    CHECK_EQUAL(Own.Data1, 2);
    CHECK_EQUAL(EtwEventActivityIdControl(EVENT_ACTIVITY_CTRL_GET_ID, &Own), 0);
    CHECK(Own.Data1 != 2);
    CHECK_EQUAL(EtwEventActivityIdControl(9, &Own), 87);
    CHECK_EQUAL(EtwEventActivityIdControl(1, NULL), 87);
}
