/* SPDX-License-Identifier: BSD-2-Clause */
/* Bitmaps, generic tables, prefixes, SIDs and ACLs. */
#include "runtime.h"

#define LARGEST_SID 68 /* bytes */

/* ---- Bitmaps: bits 0-9 set, 10-14 clear, 15-69 set, 70-99 clear ---- */

static ULONG Words[4];
static RTL_BITMAP Map;

static VOID TestRuns(VOID)
{
    RTL_BITMAP_RUN Runs[2];
    ULONG Start;

    CHECK(RtlFindLongestRunClear(&Map, &Start) == 30 && Start == 70);
    CHECK(RtlFindFirstRunClear(&Map, &Start) == 5 && Start == 10);
    CHECK(RtlFindNextForwardRunClear(&Map, 12, &Start) == 3 && Start == 12);
    CHECK(RtlFindNextForwardRunClear(&Map, 15, &Start) == 30 && Start == 70);
    CHECK(RtlFindNextForwardRunClear(&Map, 100, &Start) == 0);
    CHECK(RtlFindLastBackwardRunClear(&Map, 80, &Start) == 11 && Start == 70);
    CHECK(RtlFindLastBackwardRunClear(&Map, 60, &Start) == 5 && Start == 10);
    CHECK(RtlFindLastBackwardRunClear(&Map, 9, &Start) == 0);
    CHECK(RtlFindClearRuns(&Map, Runs, 2, FALSE) == 2);
    CHECK(Runs[0].StartingIndex == 10 && Runs[0].NumberOfBits == 5);
    CHECK(Runs[1].StartingIndex == 70 && Runs[1].NumberOfBits == 30);
    CHECK(RtlFindClearRuns(&Map, Runs, 1, TRUE) == 1 && Runs[0].NumberOfBits == 30);
    CHECK(RtlFindClearRuns(&Map, Runs, 1, FALSE) == 1 && Runs[0].NumberOfBits == 5);
}

VOID TestBitmaps(VOID)
{
    ULONG Pattern[4] = {7, 7, 7, 8};

    RtlInitializeBitMap(&Map, Words, 100);
    RtlClearAllBits(&Map);
    CHECK(RtlNumberOfSetBits(&Map) == 0 && RtlNumberOfClearBits(&Map) == 100);
    RtlSetBits(&Map, 0, 10);
    RtlSetBits(&Map, 15, 55);
    CHECK(RtlNumberOfSetBits(&Map) == 65 && RtlNumberOfClearBits(&Map) == 35);
    CHECK(RtlAreBitsSet(&Map, 15, 55) && !RtlAreBitsSet(&Map, 14, 2));
    CHECK(RtlAreBitsClear(&Map, 10, 5) && !RtlAreBitsClear(&Map, 10, 6));
    TestRuns();
    CHECK(RtlFindClearBits(&Map, 6, 0) == 70 && RtlFindSetBits(&Map, 20, 0) == 15);
    RtlSetBit(&Map, 12);
    CHECK(RtlTestBit(&Map, 12) && RtlNumberOfSetBits(&Map) == 66);
    RtlClearBit(&Map, 12);
    CHECK(!RtlTestBit(&Map, 12));
    RtlSetBit(&Map, 200); /* is none */
    CHECK(RtlFindClearBitsAndSet(&Map, 5, 0) == 10 && RtlAreBitsSet(&Map, 0, 70));
    CHECK(RtlFindSetBitsAndClear(&Map, 5, 0) == 0 && RtlAreBitsClear(&Map, 0, 5));
    RtlClearBits(&Map, 5, 10);
    CHECK(RtlAreBitsClear(&Map, 0, 15));
    RtlSetAllBits(&Map);
    CHECK(RtlNumberOfClearBits(&Map) == 0);
    CHECK(RtlFindMostSignificantBit(0x8001) == 15 && RtlFindLeastSignificantBit(0x8008) == 3);
    CHECK(RtlFindMostSignificantBit(0) == -1 && RtlFindLeastSignificantBit(0) == -1);
    CHECK(RtlFindMostSignificantBit(1ULL << 63) == 63);
    CHECK(RtlCompareMemoryUlong(Pattern, sizeof(Pattern), 7) == 12);
    CHECK(RtlCompareMemoryUlong(Pattern, 7, 7) == 4);
}

/* ---- Generic tables ---- */

static LONG Elements;

static RTL_GENERIC_COMPARE_RESULTS Order(ULONG First, ULONG Second)
{
    return First < Second ? GenericLessThan : First > Second ? GenericGreaterThan : GenericEqual;
}

static RTL_GENERIC_COMPARE_RESULTS NTAPI CompareSplay(PRTL_GENERIC_TABLE Table, PVOID First,
                                                      PVOID Second)
{
    return Order(*(PULONG)First, *(PULONG)Second);
}

static PVOID NTAPI AllocateSplay(PRTL_GENERIC_TABLE Table, CLONG Size)
{
    Elements++;
    return ExAllocatePoolWithTag(PagedPool, Size, 'tseT');
}

static VOID NTAPI FreeSplay(PRTL_GENERIC_TABLE Table, PVOID Buffer)
{
    Elements--;
    ExFreePoolWithTag(Buffer, 'tseT');
}

static VOID TestSplayTable(VOID)
{
    static RTL_GENERIC_TABLE Table;
    PVOID Key = NULL;
    PULONG Element;
    ULONG Last = 0, Count = 0, Value;
    BOOLEAN New, Ascending = TRUE;

    RtlInitializeGenericTable(&Table, CompareSplay, AllocateSplay, FreeSplay, NULL);
    CHECK(RtlIsGenericTableEmpty(&Table));
    for (ULONG i = 1; i <= 50; i++) {
        Value = i * 37 % 101;
        Element = RtlInsertElementGenericTable(&Table, &Value, sizeof(Value), &New);
        CHECK(Element && New && *Element == Value);
    }
    Value = 37;
    Element = RtlInsertElementGenericTable(&Table, &Value, sizeof(Value), &New);
    CHECK(Element && !New && Elements == 50 && RtlNumberGenericTableElements(&Table) == 50);
    while ((Element = RtlEnumerateGenericTableWithoutSplaying(&Table, &Key)) != NULL) {
        Ascending = Ascending && *Element > Last;
        Last = *Element;
        Count++;
    }
    CHECK(Ascending && Count == 50);
    CHECK(RtlLookupElementGenericTable(&Table, &Value) != NULL);
    CHECK(RtlDeleteElementGenericTable(&Table, &Value));
    CHECK(!RtlDeleteElementGenericTable(&Table, &Value));
    CHECK(RtlLookupElementGenericTable(&Table, &Value) == NULL && Elements == 49);
    while ((Element = RtlEnumerateGenericTable(&Table, TRUE)) != NULL)
        RtlDeleteElementGenericTable(&Table, Element);
    CHECK(RtlIsGenericTableEmpty(&Table) && Elements == 0);
    CHECK(RtlGetElementGenericTable(&Table, 0) == NULL);
}

static RTL_GENERIC_COMPARE_RESULTS NTAPI CompareAvl(PRTL_AVL_TABLE Table, PVOID First, PVOID Second)
{
    return Order(*(PULONG)First, *(PULONG)Second);
}

static PVOID NTAPI AllocateAvl(PRTL_AVL_TABLE Table, CLONG Size)
{
    Elements++;
    return ExAllocatePoolWithTag(PagedPool, Size, 'tseT');
}

static VOID NTAPI FreeAvl(PRTL_AVL_TABLE Table, PVOID Buffer)
{
    Elements--;
    ExFreePoolWithTag(Buffer, 'tseT');
}

static VOID TestAvlTable(VOID)
{
    static RTL_AVL_TABLE Table;
    PVOID Key = NULL;
    PULONG Element;
    ULONG Value, Last = 0;
    BOOLEAN New, Ascending = TRUE;

    RtlInitializeGenericTableAvl(&Table, CompareAvl, AllocateAvl, FreeAvl, NULL);
    for (ULONG i = 1; i <= 50; i++) {
        Value = i * 37 % 101;
        CHECK(RtlInsertElementGenericTableAvl(&Table, &Value, sizeof(Value), &New) && New);
    }
    CHECK(RtlNumberGenericTableElementsAvl(&Table) == 50 && Elements == 50);
    while ((Element = RtlEnumerateGenericTableWithoutSplayingAvl(&Table, &Key)) != NULL) {
        Ascending = Ascending && *Element > Last;
        Last = *Element;
    }
    CHECK(Ascending);
    Element = RtlGetElementGenericTableAvl(&Table, 49);
    CHECK(Element && *Element == Last);
    CHECK(RtlLookupElementGenericTableAvl(&Table, &Value) != NULL);
    CHECK(RtlDeleteElementGenericTableAvl(&Table, &Value));
    CHECK(RtlLookupElementGenericTableAvl(&Table, &Value) == NULL);
    while ((Element = RtlEnumerateGenericTableAvl(&Table, TRUE)) != NULL)
        RtlDeleteElementGenericTableAvl(&Table, Element);
    CHECK(RtlIsGenericTableEmptyAvl(&Table) && Elements == 0);
}

VOID TestTables(VOID)
{
    Elements = 0;
    TestSplayTable();
    TestAvlTable();
}

/* ---- Prefixes ---- */

static UNICODE_PREFIX_TABLE Prefixes;

static PUNICODE_PREFIX_TABLE_ENTRY Find(PCWSTR Name, ULONG Index)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Name);
    return RtlFindUnicodePrefix(&Prefixes, &String, Index);
}

VOID TestPrefixes(VOID)
{
    static UNICODE_STRING Names[] = {RTL_CONSTANT_STRING(L"\\a"), RTL_CONSTANT_STRING(L"\\a\\b"),
                                     RTL_CONSTANT_STRING(L"\\Long Name")};
    UNICODE_PREFIX_TABLE_ENTRY Entries[3], Again;

    RtlInitializeUnicodePrefix(&Prefixes);
    CHECK(!Find(L"\\a", 0));
    for (int i = 0; i < 3; i++)
        CHECK(RtlInsertUnicodePrefix(&Prefixes, &Names[i], &Entries[i]));
    CHECK(!RtlInsertUnicodePrefix(&Prefixes, &Names[1], &Again));
    CHECK(Find(L"\\a", 0) == &Entries[0] && Find(L"\\a\\x", 0) == &Entries[0]);
    CHECK(Find(L"\\a\\b\\c", 0) == &Entries[1] && Find(L"\\a\\bc", 0) == &Entries[0]);
    CHECK(!Find(L"\\ab", 0) && !Find(L"\\long name", 0));
    CHECK(Find(L"\\long name\\x", 1) == &Entries[2]);
    CHECK(RtlNextUnicodePrefix(&Prefixes, TRUE) && RtlNextUnicodePrefix(&Prefixes, FALSE) &&
          RtlNextUnicodePrefix(&Prefixes, FALSE) && !RtlNextUnicodePrefix(&Prefixes, FALSE));
    RtlRemoveUnicodePrefix(&Prefixes, &Entries[1]);
    CHECK(Find(L"\\a\\b", 0) == &Entries[0]);
}

/* ---- SIDs and ACLs ---- */

static VOID TestSids(VOID)
{
    SID_IDENTIFIER_AUTHORITY Nt = {SECURITY_NT_AUTHORITY};
    UCHAR Buffer[LARGEST_SID], Other[LARGEST_SID];
    UNICODE_STRING Text, Wanted = RTL_CONSTANT_STRING(L"S-1-5-32-544");

    CHECK(RtlLengthRequiredSid(2) == 16);
    CHECK_STATUS(RtlInitializeSid((PSID)Buffer, &Nt, 2), STATUS_SUCCESS);
    *RtlSubAuthoritySid((PSID)Buffer, 0) = 32;
    *RtlSubAuthoritySid((PSID)Buffer, 1) = 544;
    CHECK(RtlValidSid((PSID)Buffer) && RtlLengthSid((PSID)Buffer) == 16);
    CHECK(*RtlSubAuthorityCountSid((PSID)Buffer) == 2);
    CHECK(RtlEqualSid((PSID)Buffer, SeExports->SeAliasAdminsSid));
    CHECK(!RtlEqualSid((PSID)Buffer, SeExports->SeWorldSid));
    CHECK_STATUS(RtlCopySid(sizeof(Other), (PSID)Other, (PSID)Buffer), STATUS_SUCCESS);
    CHECK(RtlEqualSid((PSID)Other, (PSID)Buffer));
    CHECK_STATUS(RtlCopySid(8, (PSID)Other, (PSID)Buffer), STATUS_BUFFER_TOO_SMALL);
    CHECK_STATUS(RtlConvertSidToUnicodeString(&Text, (PSID)Buffer, TRUE), STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&Text, &Wanted, FALSE));
    RtlFreeUnicodeString(&Text);
}

VOID TestSecurityParts(VOID)
{
    DECLSPEC_ALIGN(8) UCHAR Buffer[200];
    PACL Acl = (PACL)Buffer;
    SECURITY_DESCRIPTOR Descriptor;
    PACL Found;
    PVOID Ace;
    BOOLEAN Present, Defaulted;

    TestSids();
    CHECK_STATUS(RtlCreateAcl(Acl, sizeof(Buffer), ACL_REVISION), STATUS_SUCCESS);
    CHECK_STATUS(RtlAddAccessAllowedAce(Acl, ACL_REVISION, GENERIC_READ, SeExports->SeWorldSid),
                 STATUS_SUCCESS);
    CHECK_STATUS(RtlAddAccessAllowedAceEx(Acl, ACL_REVISION, CONTAINER_INHERIT_ACE, GENERIC_ALL,
                                          SeExports->SeAliasAdminsSid),
                 STATUS_SUCCESS);
    CHECK(Acl->AceCount == 2);
    CHECK_STATUS(RtlGetAce(Acl, 1, &Ace), STATUS_SUCCESS);
    CHECK(((PACCESS_ALLOWED_ACE)Ace)->Mask == GENERIC_ALL);
    CHECK_STATUS(RtlGetAce(Acl, 2, &Ace), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(RtlDeleteAce(Acl, 0), STATUS_SUCCESS);
    CHECK(Acl->AceCount == 1);
    CHECK_STATUS(RtlCreateSecurityDescriptor(&Descriptor, SECURITY_DESCRIPTOR_REVISION),
                 STATUS_SUCCESS);
    CHECK_STATUS(RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, Acl, FALSE), STATUS_SUCCESS);
    CHECK_STATUS(RtlSetOwnerSecurityDescriptor(&Descriptor, SeExports->SeLocalSystemSid, FALSE),
                 STATUS_SUCCESS);
    CHECK(RtlValidSecurityDescriptor(&Descriptor));
    CHECK_STATUS(RtlGetDaclSecurityDescriptor(&Descriptor, &Present, &Found, &Defaulted),
                 STATUS_SUCCESS);
    CHECK(Present && Found == Acl && !Defaulted);
    CHECK(RtlLengthSecurityDescriptor(&Descriptor) > sizeof(SECURITY_DESCRIPTOR_RELATIVE));
}
