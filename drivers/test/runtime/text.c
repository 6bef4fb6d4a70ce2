/* SPDX-License-Identifier: BSD-2-Clause */
/* Counted strings, code pages, GUIDs, versions. */
#include "runtime.h"

static BOOLEAN Same(PUNICODE_STRING String, PCWSTR Text)
{
    UNICODE_STRING Wanted;

    RtlInitUnicodeString(&Wanted, Text);
    return String->Length == Wanted.Length &&
           RtlCompareMemory(String->Buffer, Wanted.Buffer, Wanted.Length) == Wanted.Length;
}

static VOID TestCase(VOID)
{
    UNICODE_STRING Mixed = RTL_CONSTANT_STRING(L"Mixed \u00c4\u00e4"), Result;
    WCHAR Room[4];

    CHECK_STATUS(RtlUpcaseUnicodeString(&Result, &Mixed, TRUE), STATUS_SUCCESS);
    CHECK(Same(&Result, L"MIXED \u00c4\u00c4"));
    RtlFreeUnicodeString(&Result);
    CHECK_STATUS(RtlDowncaseUnicodeString(&Result, &Mixed, TRUE), STATUS_SUCCESS);
    CHECK(Same(&Result, L"mixed \u00e4\u00e4"));
    RtlFreeUnicodeString(&Result);
    Result.Buffer = Room;
    Result.MaximumLength = sizeof(Room);
    CHECK_STATUS(RtlUpcaseUnicodeString(&Result, &Mixed, FALSE), STATUS_BUFFER_OVERFLOW);
    CHECK_STATUS(RtlDowncaseUnicodeString(&Result, &Mixed, FALSE), STATUS_BUFFER_OVERFLOW);
    CHECK(RtlUpcaseUnicodeChar(L'q') == L'Q' && RtlDowncaseUnicodeChar(L'Q') == L'q');
}

static VOID TestAnsi(VOID)
{
    UNICODE_STRING Wide;
    ANSI_STRING Ansi, Upper;
    char Room[4];

    RtlInitAnsiString(&Ansi, "some text");
    CHECK(RtlxAnsiStringToUnicodeSize(&Ansi) == 20);
    CHECK_STATUS(RtlAnsiStringToUnicodeString(&Wide, &Ansi, TRUE), STATUS_SUCCESS);
    CHECK(Same(&Wide, L"some text") && Wide.Buffer[9] == 0);
    CHECK(RtlxUnicodeStringToAnsiSize(&Wide) == 10);
    CHECK_STATUS(RtlUnicodeStringToAnsiString(&Upper, &Wide, TRUE), STATUS_SUCCESS);
    CHECK(RtlEqualString(&Upper, &Ansi, FALSE));
    RtlUpperString(&Upper, &Ansi);
    CHECK(!strcmp(Upper.Buffer, "SOME TEXT") && RtlEqualString(&Upper, &Ansi, TRUE));
    CHECK(!RtlEqualString(&Upper, &Ansi, FALSE));
    RtlFreeAnsiString(&Upper);
    CHECK(!Upper.Buffer);
    RtlFreeUnicodeString(&Wide);
    Upper = (ANSI_STRING){0, sizeof(Room), Room};
    RtlUpperString(&Upper, &Ansi); /* what fits */
    CHECK(Upper.Length == 4 && !memcmp(Room, "SOME", 4));
}

static VOID TestJoining(VOID)
{
    WCHAR Room[16];
    UNICODE_STRING Joined = {0, sizeof(Room), Room}, Tail = RTL_CONSTANT_STRING(L"ghi"), Copy;
    ULONG Number;

    CHECK_STATUS(RtlAppendUnicodeToString(&Joined, L"abcdef"), STATUS_SUCCESS);
    CHECK_STATUS(RtlAppendUnicodeStringToString(&Joined, &Tail), STATUS_SUCCESS);
    CHECK(Same(&Joined, L"abcdefghi"));
    CHECK_STATUS(RtlAppendUnicodeToString(&Joined, L"too long"), STATUS_BUFFER_TOO_SMALL);
    CHECK(RtlCompareUnicodeString(&Joined, &Tail, FALSE) < 0);
    CHECK_STATUS(RtlIntegerToUnicodeString(1234, 10, &Joined), STATUS_SUCCESS);
    CHECK(Same(&Joined, L"1234"));
    CHECK_STATUS(RtlUnicodeStringToInteger(&Joined, 16, &Number), STATUS_SUCCESS);
    CHECK(Number == 0x1234);
    CHECK_STATUS(RtlInt64ToUnicodeString(1ULL << 40, 16, &Joined), STATUS_SUCCESS);
    CHECK(Same(&Joined, L"10000000000"));
    CHECK_STATUS(RtlDuplicateUnicodeString(1, &Tail, &Copy), STATUS_SUCCESS);
    CHECK(Same(&Copy, L"ghi") && Copy.Buffer[3] == 0);
    RtlFreeUnicodeString(&Copy);
    CHECK(RtlCreateUnicodeString(&Copy, L"made") && Same(&Copy, L"made"));
    RtlFreeUnicodeString(&Copy);
    CHECK_STATUS(RtlCharToInteger("0x20", 0, &Number), STATUS_SUCCESS);
    CHECK(Number == 32);
}

VOID TestUnicodeStrings(VOID)
{
    UNICODE_STRING Odd = {3, 4, L"xy"}, Fine = RTL_CONSTANT_STRING(L"fine"), Prefix;
    ULONG Hash, Other;

    TestCase();
    TestAnsi();
    TestJoining();
    CHECK_STATUS(RtlValidateUnicodeString(0, &Fine), STATUS_SUCCESS);
    CHECK_STATUS(RtlValidateUnicodeString(0, &Odd), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(RtlValidateUnicodeString(1, &Fine), STATUS_INVALID_PARAMETER);
    RtlInitUnicodeString(&Prefix, L"FI");
    CHECK(RtlPrefixUnicodeString(&Prefix, &Fine, TRUE));
    CHECK(!RtlPrefixUnicodeString(&Prefix, &Fine, FALSE));
    CHECK(NT_SUCCESS(RtlHashUnicodeString(&Fine, TRUE, HASH_STRING_ALGORITHM_DEFAULT, &Hash)));
    Fine = (UNICODE_STRING)RTL_CONSTANT_STRING(L"FINE");
    CHECK(NT_SUCCESS(RtlHashUnicodeString(&Fine, TRUE, HASH_STRING_ALGORITHM_DEFAULT, &Other)));
    CHECK(Hash == Other);
    CHECK_STATUS(RtlInitUnicodeStringEx(&Prefix, L"text"), STATUS_SUCCESS);
}

VOID TestOemStrings(VOID)
{
    UNICODE_STRING Wide = RTL_CONSTANT_STRING(L"n\u00e4me"), Back;
    OEM_STRING Oem;
    WCHAR Character = L'\u00e4', Strange = L'\u4e00';
    CHAR Room[2];

    CHECK_STATUS(RtlUnicodeStringToOemString(&Oem, &Wide, TRUE), STATUS_SUCCESS);
    CHECK(Oem.Length == 4 && (UCHAR)Oem.Buffer[1] == 0x84 && !Oem.Buffer[4]);
    CHECK(RtlxOemStringToUnicodeSize(&Oem) == 10 && RtlxUnicodeStringToOemSize(&Wide) == 5);
    CHECK_STATUS(RtlOemStringToUnicodeString(&Back, &Oem, TRUE), STATUS_SUCCESS);
    CHECK(Same(&Back, L"n\u00e4me"));
    RtlFreeUnicodeString(&Back);
    CHECK_STATUS(RtlOemStringToCountedUnicodeString(&Back, &Oem, TRUE), STATUS_SUCCESS);
    CHECK(Same(&Back, L"n\u00e4me") && Back.MaximumLength == Back.Length);
    RtlFreeUnicodeString(&Back);
    RtlFreeOemString(&Oem);
    CHECK(!Oem.Buffer);
    CHECK_STATUS(RtlUpcaseUnicodeStringToOemString(&Oem, &Wide, TRUE), STATUS_SUCCESS);
    CHECK(!strcmp(Oem.Buffer, "N\x8eME"));
    RtlFreeOemString(&Oem);
    CHECK_STATUS(RtlUpcaseUnicodeStringToCountedOemString(&Oem, &Wide, TRUE), STATUS_SUCCESS);
    CHECK(Oem.Length == 4 && Oem.MaximumLength == 4 && !memcmp(Oem.Buffer, "N\x8eME", 4));
    RtlFreeOemString(&Oem);
    CHECK_STATUS(RtlUnicodeStringToCountedOemString(&Oem, &Wide, TRUE), STATUS_SUCCESS);
    CHECK(Oem.Length == 4 && Oem.MaximumLength == 4);
    RtlFreeOemString(&Oem);
    Oem = (OEM_STRING){0, sizeof(Room), Room};
    CHECK_STATUS(RtlUnicodeStringToCountedOemString(&Oem, &Wide, FALSE), STATUS_BUFFER_OVERFLOW);
    CHECK(RtlIsValidOemCharacter(&Character) && !RtlIsValidOemCharacter(&Strange));
    CHECK(!NlsMbCodePageTag && !NlsMbOemCodePageTag && !NlsOemLeadByteInfo[0x84]);
}

VOID TestGuids(VOID)
{
    static const GUID Guid = {0x12345678, 0x9ABC, 0xDEF0, {1, 2, 3, 4, 5, 6, 7, 8}};
    UNICODE_STRING Text;
    GUID Back;

    CHECK_STATUS(RtlStringFromGUID(&Guid, &Text), STATUS_SUCCESS);
    CHECK(Same(&Text, L"{12345678-9ABC-DEF0-0102-030405060708}"));
    CHECK_STATUS(RtlGUIDFromString(&Text, &Back), STATUS_SUCCESS);
    CHECK(IsEqualGUID(&Guid, &Back));
    Text.Buffer[9] = L'x';
    CHECK_STATUS(RtlGUIDFromString(&Text, &Back), STATUS_INVALID_PARAMETER);
    ExFreePool(Text.Buffer); /* as many do */
}

VOID TestVersions(VOID)
{
    RTL_OSVERSIONINFOEXW Version = {.dwOSVersionInfoSize = sizeof(Version)};
    ULONGLONG Mask = VerSetConditionMask(0, VER_MAJORVERSION, VER_GREATER_EQUAL);
    ULONG Major, Minor, Build;
    BOOLEAN(NTAPI * Available)(ULONG) = Routine(L"RtlIsNtDdiVersionAvailable");

    CHECK_STATUS(RtlGetVersion((PRTL_OSVERSIONINFOW)&Version), STATUS_SUCCESS);
    CHECK(!PsGetVersion(&Major, &Minor, &Build, NULL));
    CHECK(Version.dwMajorVersion == Major && Version.dwMinorVersion == Minor &&
          Version.dwBuildNumber == Build);
    Version.dwMajorVersion = 6;
    CHECK_STATUS(RtlVerifyVersionInfo(&Version, VER_MAJORVERSION, Mask), STATUS_SUCCESS);
    Version.dwMajorVersion = 11;
    CHECK_STATUS(RtlVerifyVersionInfo(&Version, VER_MAJORVERSION, Mask), STATUS_REVISION_MISMATCH);
    CHECK(Available && Available(0x06000000) && Available(0x0A000000) && !Available(0x0B000000));
    CHECK(IoIsWdmVersionAvailable(1, 0x30) && !IoIsWdmVersionAvailable(9, 0));
}
