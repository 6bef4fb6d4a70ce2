/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry: values, and what their queries say of lengths. */
#include "registry.h"

#define VALUE_PARTIAL offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data)
#define VALUE_ALIGNED offsetof(KEY_VALUE_PARTIAL_INFORMATION_ALIGN64, Data)
#define VALUE_FULL offsetof(KEY_VALUE_FULL_INFORMATION, Name)
#define VALUE_BASIC offsetof(KEY_VALUE_BASIC_INFORMATION, Name)

static NTSTATUS Query(HANDLE Key, PCWSTR Name, KEY_VALUE_INFORMATION_CLASS Class, PVOID Buffer,
                      ULONG Length, PULONG ResultLength)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Name);
    return NtQueryValueKey(Key, &String, Class, Buffer, Length, ResultLength);
}

static void TestBasicClass(HANDLE Key)
{
    union {
        KEY_VALUE_BASIC_INFORMATION Basic;
        UCHAR Bytes[64];
    } Buffer;
    ULONG Length = 0;

    ok_status(Query(Key, u"deletetest", KeyValueBasicInformation, &Buffer, VALUE_BASIC, &Length),
              STATUS_BUFFER_OVERFLOW, "basic: room for the fixed part only");
    ok(Buffer.Basic.TitleIndex == 0 && Buffer.Basic.Type == REG_DWORD &&
           Buffer.Basic.NameLength == 20,
       "the fixed part is right");
    ok(Length == VALUE_BASIC + 20, "the length that is needed");
    ok_status(Query(Key, u"DELETETEST", KeyValueBasicInformation, &Buffer, Length, &Length),
              STATUS_SUCCESS, "basic, by a name in upper case");
    ok(SameText(u"deletetest", Buffer.Basic.Name, Buffer.Basic.NameLength),
       "the name is as it was set");
    memset(&Buffer, 0xbd, sizeof(Buffer));
    ok_status(
        Query(Key, u"deletetest", KeyValueBasicInformation, &Buffer, VALUE_BASIC + 4, &Length),
        STATUS_BUFFER_OVERFLOW, "basic: room for two characters");
    ok(Buffer.Basic.Name[0] == 'd' && Buffer.Basic.Name[1] == 'e' && Buffer.Basic.Name[2] == 0xbdbd,
       "these two are copied");
    memset(&Buffer, 0xbd, sizeof(Buffer));
    ok_status(
        Query(Key, u"deletetest", KeyValueBasicInformation, &Buffer, VALUE_BASIC - 1, &Length),
        STATUS_BUFFER_TOO_SMALL, "basic: no room for the fixed part");
    ok(Buffer.Bytes[0] == 0xbd && Length == VALUE_BASIC + 20, "nothing is copied but the length");
}

static void TestPartialClass(HANDLE Key)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION Partial;
        UCHAR Bytes[64];
    } Buffer;
    ULONG Length = 0, i;
    static const ULONG TooSmall[] = {0, 1, VALUE_PARTIAL - 1};

    for (i = 0; i < ARRAYSIZE(TooSmall); i++) {
        ok_status(
            Query(Key, u"deletetest", KeyValuePartialInformation, &Buffer, TooSmall[i], &Length),
            STATUS_BUFFER_TOO_SMALL, "partial: no room for the fixed part");
        ok(Length == VALUE_PARTIAL + 4, "the length that is needed");
    }
    ok_status(Query(Key, u"deletetest", KeyValuePartialInformation, NULL, 0, &Length),
              STATUS_BUFFER_TOO_SMALL, "no buffer");
    ok_status(
        Query(Key, u"deletetest", KeyValuePartialInformation, &Buffer, VALUE_PARTIAL, &Length),
        STATUS_BUFFER_OVERFLOW, "room for the fixed part only");
    ok(Buffer.Partial.Type == REG_DWORD && Buffer.Partial.DataLength == 4, "which is right");
    ok_status(
        Query(Key, u"deletetest", KeyValuePartialInformation, &Buffer, sizeof(Buffer), &Length),
        STATUS_SUCCESS, "room for all");
    ok(Length == VALUE_PARTIAL + 4 && *(PULONG)Buffer.Partial.Data == 711, "the data");
    ok_status(Query(Key, u"custom", KeyValuePartialInformation, &Buffer, VALUE_PARTIAL, &Length),
              STATUS_SUCCESS, "a value without data");
    ok(Buffer.Partial.Type == 0xff00ff00 && Buffer.Partial.DataLength == 0 &&
           Length == VALUE_PARTIAL,
       "of a type that nobody knows");
}

static void TestAlignedClasses(HANDLE Key)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 Partial;
        KEY_VALUE_FULL_INFORMATION Full;
        UCHAR Bytes[64];
    } DECLSPEC_ALIGN(8) Buffer;
    ULONG Length = 0;

    ok_status(Query(Key, u"deletetest", KeyValuePartialInformationAlign64, &Buffer, VALUE_ALIGNED,
                    &Length),
              STATUS_BUFFER_OVERFLOW, "aligned partial: room for the fixed part only");
    ok(Length == VALUE_ALIGNED + 4, "the length that is needed");
    ok_status(
        Query(Key, u"deletetest", KeyValuePartialInformationAlign64, Buffer.Bytes + 4, 32, &Length),
        STATUS_SUCCESS, "a buffer that is not aligned will do");
    ok(*(PULONG)(Buffer.Bytes + 4 + VALUE_ALIGNED) == 711, "the data");
    ok_status(Query(Key, u"abc", KeyValueFullInformationAlign64, &Buffer, sizeof(Buffer), &Length),
              STATUS_SUCCESS, "aligned full");
    ok(Buffer.Full.DataOffset == 32 && Length == 36, "data lie at a multiple of 8");
    ok_status(Query(Key, u"abc", KeyValueFullInformation, &Buffer, sizeof(Buffer), &Length),
              STATUS_SUCCESS, "full");
    ok(Buffer.Full.DataOffset == 28 && Length == 32, "or of 4");
}

static void TestFullClass(HANDLE Key)
{
    union {
        KEY_VALUE_FULL_INFORMATION Full;
        UCHAR Bytes[64];
    } Buffer;
    ULONG Length = 0;

    ok_status(Query(Key, u"deletetest", KeyValueFullInformation, &Buffer, VALUE_FULL, &Length),
              STATUS_BUFFER_OVERFLOW, "full: room for the fixed part only");
    ok(Buffer.Full.Type == REG_DWORD && Buffer.Full.DataLength == 4 && Buffer.Full.NameLength == 20,
       "which is right");
    ok(Length == VALUE_FULL + 24, "the length that is needed");
    ok_status(Query(Key, u"deletetest", KeyValueFullInformation, &Buffer, Length, &Length),
              STATUS_SUCCESS, "room for all");
    ok(*(PULONG)(Buffer.Bytes + Buffer.Full.DataOffset) == 711, "the data");
    ok_status(Query(Key, u"custom", KeyValueFullInformation, &Buffer, sizeof(Buffer), &Length),
              STATUS_SUCCESS, "without data");
    ok(Buffer.Full.DataOffset == MAXULONG && Length == VALUE_FULL + 12, "they lie nowhere");
}

static void TestBadArguments(HANDLE Key)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"deletetest"), Odd = {3, 4, Name.Buffer};
    UCHAR Buffer[64];
    ULONG Length;

    ok_status(NtQueryValueKey(Key, &Name, (KEY_VALUE_INFORMATION_CLASS)9, Buffer, 64, &Length),
              STATUS_INVALID_PARAMETER, "an unknown class");
    ok_status(NtQueryValueKey(Key, &Name, KeyValueBasicInformation, Buffer, 64, NULL),
              STATUS_ACCESS_VIOLATION, "no place for the length");
    ok_status(NtQueryValueKey(Key, &Name, KeyValueBasicInformation, (PVOID)8, 64, &Length),
              STATUS_ACCESS_VIOLATION, "a bad buffer");
    ok_status(NtQueryValueKey(Key, NULL, KeyValueBasicInformation, Buffer, 64, &Length),
              STATUS_ACCESS_VIOLATION, "no name");
    ok_status(NtQueryValueKey(Key, &Odd, KeyValueBasicInformation, Buffer, 64, &Length),
              STATUS_INVALID_PARAMETER, "half a character");
    ok_status(NtQueryValueKey(NULL, &Name, KeyValueBasicInformation, Buffer, 64, &Length),
              STATUS_INVALID_HANDLE, "no handle");
    ok_status(NtSetValueKey(Key, &Name, 0, REG_BINARY, (PVOID)8, 64), STATUS_ACCESS_VIOLATION,
              "data at a bad address");
    ok_status(NtSetValueKey(Key, &Name, 0, REG_BINARY, NULL, 4), STATUS_ACCESS_VIOLATION,
              "data at no address");
    ok(NumberOf(Key, u"deletetest") == 711, "the value is as it was");
    ok_status(NtSetValueKey(Key, &Name, 0, REG_BINARY, Buffer, MAXULONG),
              STATUS_INSUFFICIENT_RESOURCES, "4 GB of data");
    ok_status(NtSetValueKey(NULL, &Name, 0, REG_BINARY, Buffer, 4), STATUS_INVALID_HANDLE,
              "to set by no handle");
    ok_status(NtDeleteValueKey(Key, NULL), STATUS_ACCESS_VIOLATION, "to delete without a name");
    ok_status(DeleteValue(Key, u"not there"), STATUS_OBJECT_NAME_NOT_FOUND,
              "to delete what is not there");
    ok_status(Query(Key, u"not there", KeyValueBasicInformation, Buffer, 64, &Length),
              STATUS_OBJECT_NAME_NOT_FOUND, "to query what is not there");
}

static void TestAccess(void)
{
    UCHAR Buffer[64];
    ULONG Length;
    HANDLE Key;

    OpenKey(NULL, REGISTRY_TEST_ROOT, KEY_SET_VALUE, 0, &Key);
    ok_status(Query(Key, u"deletetest", KeyValueBasicInformation, Buffer, 64, &Length),
              STATUS_ACCESS_DENIED, "to query needs KEY_QUERY_VALUE");
    ok_status(NtEnumerateValueKey(Key, 0, KeyValueBasicInformation, Buffer, 64, &Length),
              STATUS_ACCESS_DENIED, "to enumerate too");
    ok_status(SetNumber(Key, u"deletetest", 711), STATUS_SUCCESS, "to set needs KEY_SET_VALUE");
    NtClose(Key);
    OpenKey(NULL, REGISTRY_TEST_ROOT, KEY_QUERY_VALUE, 0, &Key);
    ok_status(SetNumber(Key, u"deletetest", 1), STATUS_ACCESS_DENIED, "and nothing else");
    ok_status(DeleteValue(Key, u"deletetest"), STATUS_ACCESS_DENIED, "to delete as well");
    NtClose(Key);
}

static void TestNames(HANDLE Key)
{
    UNICODE_STRING Nuls = {8, 8, (PWSTR)u"ab\0\0"}, Empty = {0, 0, NULL};
    UCHAR Buffer[64];
    PKEY_VALUE_BASIC_INFORMATION Basic = (PVOID)Buffer;
    ULONG Number = 5, Length;

    ok_status(NtSetValueKey(Key, &Nuls, 0, REG_DWORD, &Number, 4), STATUS_SUCCESS,
              "a name with NULs at its end");
    ok(NumberOf(Key, u"AB") == 5, "which do not count");
    ok_status(DeleteValue(Key, u"ab"), STATUS_SUCCESS, "delete it");
    ok_status(NtSetValueKey(Key, &Empty, 0, REG_DWORD, &Number, 4), STATUS_SUCCESS,
              "the default value");
    ok(NumberOf(Key, u"") == 5, "it has no name");
    ok_status(NtQueryValueKey(Key, &Empty, KeyValueBasicInformation, Buffer, 64, &Length),
              STATUS_SUCCESS, "ask for it");
    ok(Basic->NameLength == 0 && Length == VALUE_BASIC, "really none");
    ok_status(NtDeleteValueKey(Key, &Empty), STATUS_SUCCESS, "delete it");
    ok_status(NtDeleteValueKey(Key, &Empty), STATUS_OBJECT_NAME_NOT_FOUND, "it is gone");
}

static void TestLongNames(HANDLE Key)
{
    SIZE_T Size = 0x10000;
    PVOID Memory = NULL;
    UNICODE_STRING Name;
    ULONG Number = 9, Length;
    UCHAR Buffer[VALUE_PARTIAL + 4];

    NtAllocateVirtualMemory(NtCurrentProcess(), &Memory, 0, &Size, MEM_COMMIT, PAGE_READWRITE);
    Name = (UNICODE_STRING){32766, 32766, Memory};
    for (ULONG i = 0; i < 32767; i++)
        Name.Buffer[i] = (WCHAR)('a' + i % 20);
    ok_status(NtSetValueKey(Key, &Name, 0, REG_DWORD, &Number, 4), STATUS_SUCCESS,
              "a name of 16,383 characters");
    Name.Buffer[16382] = 'Z';
    ok_status(
        NtQueryValueKey(Key, &Name, KeyValuePartialInformation, Buffer, sizeof(Buffer), &Length),
        STATUS_OBJECT_NAME_NOT_FOUND, "its last character counts");
    Name.Buffer[16382] = (WCHAR)('A' + 16382 % 20);
    ok_status(
        NtQueryValueKey(Key, &Name, KeyValuePartialInformation, Buffer, sizeof(Buffer), &Length),
        STATUS_SUCCESS, "but not its case");
    ok_status(NtDeleteValueKey(Key, &Name), STATUS_SUCCESS, "delete it");
    Name.Length = 32768;
    ok_status(NtSetValueKey(Key, &Name, 0, REG_DWORD, &Number, 4), STATUS_INVALID_PARAMETER,
              "a name of 16,384 characters");
    ok_status(
        NtQueryValueKey(Key, &Name, KeyValuePartialInformation, Buffer, sizeof(Buffer), &Length),
        STATUS_INVALID_PARAMETER, "to ask for it");
    ok_status(NtDeleteValueKey(Key, &Name), STATUS_INVALID_PARAMETER, "to delete it");
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Memory, &Size, MEM_RELEASE);
}

/* The name of the value with this number, as one character; 0: there is none. */
static WCHAR NameAt(HANDLE Key, ULONG Index)
{
    union {
        KEY_VALUE_BASIC_INFORMATION Basic;
        UCHAR Bytes[64];
    } Buffer;
    ULONG Length;

    return NtEnumerateValueKey(Key, Index, KeyValueBasicInformation, &Buffer, sizeof(Buffer),
                               &Length) == STATUS_SUCCESS
               ? Buffer.Basic.Name[0]
               : 0;
}

static void TestEnumeration(HANDLE Root)
{
    KEY_FULL_INFORMATION Full;
    UCHAR Buffer[64];
    ULONG Length;
    HANDLE Key;

    CreateKey(Root, u"enumerated", KEY_ALL_ACCESS, 0, &Key);
    ok_status(NtEnumerateValueKey(Key, 0, KeyValueBasicInformation, Buffer, 64, &Length),
              STATUS_NO_MORE_ENTRIES, "no values");
    SetNumber(Key, u"z", 1);
    SetNumber(Key, u"a", 2);
    SetNumber(Key, u"m", 3);
    ok(NameAt(Key, 0) == 'z' && NameAt(Key, 1) == 'a' && NameAt(Key, 2) == 'm' && !NameAt(Key, 3),
       "values come in the order in which they were set");
    SetNumber(Key, u"Z", 4);
    ok(NameAt(Key, 0) == 'z' && !NameAt(Key, 3),
       "setting one again changes neither order nor name");
    DeleteValue(Key, u"a");
    ok(NameAt(Key, 0) == 'z' && NameAt(Key, 1) == 'm' && !NameAt(Key, 2), "one less");
    ok_status(NtEnumerateValueKey(Key, 0, (KEY_VALUE_INFORMATION_CLASS)9, Buffer, 64, &Length),
              STATUS_INVALID_PARAMETER, "an unknown class");
    ok_status(NtQueryKey(Key, KeyFullInformation, &Full, sizeof(Full), &Length), STATUS_SUCCESS,
              "what the key says of them");
    ok(Full.Values == 2 && Full.MaxValueNameLen == 2 && Full.MaxValueDataLen == 4 &&
           Full.SubKeys == 0,
       "two values");
    SetValue(Key, u"longer", REG_BINARY, Buffer, 50);
    NtQueryKey(Key, KeyFullInformation, &Full, sizeof(Full), &Length);
    ok(Full.MaxValueNameLen == 12 && Full.MaxValueDataLen == 50, "the longest ones");
    NtDeleteKey(Key);
    NtClose(Key);
}

#define MEGABYTE 0x100000

static void TestLargeData(HANDLE Key)
{
    SIZE_T Size = 2 * MEGABYTE;
    PVOID Memory = NULL;
    PKEY_VALUE_PARTIAL_INFORMATION Partial;
    ULONG Length, i, Wrong = 0;

    NtAllocateVirtualMemory(NtCurrentProcess(), &Memory, 0, &Size, MEM_COMMIT, PAGE_READWRITE);
    for (i = 0; i < MEGABYTE / 4; i++)
        ((PULONG)Memory)[i] = i * 2654435761u;
    if (!ok_status(SetValue(Key, u"large", REG_BINARY, Memory, MEGABYTE), STATUS_SUCCESS,
                   "a value of 1 MB"))
        return;
    memset(Memory, 0, 2 * MEGABYTE);
    ok_status(Query(Key, u"large", KeyValuePartialInformation, Memory, 2 * MEGABYTE, &Length),
              STATUS_SUCCESS, "read it");
    Partial = Memory;
    for (i = 0; i < MEGABYTE / 4; i++)
        Wrong += ((PULONG)Partial->Data)[i] != i * 2654435761u;
    ok(Partial->DataLength == MEGABYTE && Length == VALUE_PARTIAL + MEGABYTE && !Wrong,
       "all of it is right");
    ok_status(Query(Key, u"large", KeyValuePartialInformation, Memory, 0x5000, &Length),
              STATUS_BUFFER_OVERFLOW, "read the first pages");
    ok(Length == VALUE_PARTIAL + MEGABYTE, "the length that is needed");
    ok_status(Query(Key, u"large", KeyValueFullInformation, Memory, 2 * MEGABYTE, &Length),
              STATUS_SUCCESS, "and with its name");
    ok_status(DeleteValue(Key, u"large"), STATUS_SUCCESS, "delete it");
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Memory, &Size, MEM_RELEASE);
}

static void TestMultiple(HANDLE Key)
{
    UNICODE_STRING Names[3] = {RTL_CONSTANT_STRING(u"deletetest"), RTL_CONSTANT_STRING(u"abc"),
                               RTL_CONSTANT_STRING(u"nothing")};
    KEY_VALUE_ENTRY Entries[3] = {{&Names[0]}, {&Names[1]}, {&Names[2]}};
    UCHAR Buffer[32];
    ULONG Length = sizeof(Buffer), Needed = 0;

    ok_status(NtQueryMultipleValueKey(Key, Entries, 2, Buffer, &Length, &Needed), STATUS_SUCCESS,
              "two values at once");
    ok(Length == 8 && Needed == 8, "their length");
    ok(Entries[0].Type == REG_DWORD && Entries[0].DataLength == 4 && Entries[0].DataOffset == 0 &&
           Entries[1].DataOffset == 4,
       "where they lie");
    ok(((PULONG)Buffer)[0] == 711 && ((PULONG)Buffer)[1] == 712, "the data");
    Length = 5;
    ok_status(NtQueryMultipleValueKey(Key, Entries, 2, Buffer, &Length, &Needed),
              STATUS_BUFFER_OVERFLOW, "room for one of them");
    ok(Length == 5 && Needed == 8, "the length that is needed");
    Length = sizeof(Buffer);
    ok_status(NtQueryMultipleValueKey(Key, Entries, 3, Buffer, &Length, NULL),
              STATUS_OBJECT_NAME_NOT_FOUND, "one that is not there");
    ok_status(NtQueryMultipleValueKey(Key, NULL, 1, Buffer, &Length, NULL), STATUS_ACCESS_VIOLATION,
              "no entries");
    ok_status(NtQueryMultipleValueKey(Key, Entries, 0x10001, Buffer, &Length, NULL),
              STATUS_INSUFFICIENT_RESOURCES, "too many entries");
    ok_status(NtQueryMultipleValueKey(Key, Entries, 2, (PVOID)8, &Length, NULL),
              STATUS_ACCESS_VIOLATION, "a bad buffer");
    ok_status(NtQueryMultipleValueKey(Key, Entries, 2, Buffer, NULL, NULL), STATUS_ACCESS_VIOLATION,
              "no length");
}

void TestRegistryValues(HANDLE Root)
{
    ok_status(SetNumber(Root, u"deletetest", 711), STATUS_SUCCESS, "set a number");
    ok_status(SetNumber(Root, u"abc", 712), STATUS_SUCCESS, "and another one");
    ok_status(SetValue(Root, u"custom", 0xff00ff00, NULL, 0), STATUS_SUCCESS, "and nothing");
    TestBasicClass(Root);
    TestPartialClass(Root);
    TestAlignedClasses(Root);
    TestFullClass(Root);
    TestBadArguments(Root);
    TestAccess();
    TestNames(Root);
    TestLongNames(Root);
    TestEnumeration(Root);
    TestLargeData(Root);
    TestMultiple(Root);
    ok_status(DeleteValue(Root, u"deletetest"), STATUS_SUCCESS, "delete the number");
    ok(NumberOf(Root, u"deletetest") == MAXULONG, "it is gone");
}
