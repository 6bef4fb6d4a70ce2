/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry: Zw calls, and the routines that take a place and a path. */
#include "runtime.h"

#define PLACE L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\RunTestKey"

static HANDLE Key;

static NTSTATUS OpenKey(PCWSTR Path, BOOLEAN Create, PHANDLE Handle)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    ULONG Disposition;

    RtlInitUnicodeString(&Name, Path);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL,
                               NULL);
    return Create ? ZwCreateKey(Handle, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_VOLATILE,
                                &Disposition)
                  : ZwOpenKey(Handle, KEY_ALL_ACCESS, &Attributes);
}

static NTSTATUS SetValue(PCWSTR Text, ULONG Type, PVOID Data, ULONG Length)
{
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Text);
    return ZwSetValueKey(Key, &Name, 0, Type, Data, Length);
}

/* The value's number, or 0xBAD. */
static ULONG GetNumber(PCWSTR Text)
{
    DECLSPEC_ALIGN(8) UCHAR Buffer[64];
    PKEY_VALUE_PARTIAL_INFORMATION Value = (PVOID)Buffer;
    UNICODE_STRING Name;
    ULONG Length;

    RtlInitUnicodeString(&Name, Text);
    if (!NT_SUCCESS(ZwQueryValueKey(Key, &Name, KeyValuePartialInformation, Value, sizeof(Buffer),
                                    &Length)))
        return 0xBAD;
    return Value->Type == REG_DWORD && Value->DataLength == 4 ? *(PULONG)Value->Data : 0xBAD;
}

static VOID TestEnumeration(VOID)
{
    DECLSPEC_ALIGN(8) UCHAR Buffer[256];
    PKEY_FULL_INFORMATION Full = (PVOID)Buffer;
    PKEY_BASIC_INFORMATION Basic = (PVOID)Buffer;
    PKEY_VALUE_BASIC_INFORMATION Value = (PVOID)Buffer;
    ULONG Length;

    CHECK_STATUS(ZwQueryKey(Key, KeyFullInformation, Full, sizeof(Buffer), &Length),
                 STATUS_SUCCESS);
    CHECK(Full->SubKeys == 1 && Full->Values == 2);
    CHECK_STATUS(ZwEnumerateKey(Key, 0, KeyBasicInformation, Basic, sizeof(Buffer), &Length),
                 STATUS_SUCCESS);
    CHECK(Basic->NameLength == 6 && !wcsncmp(Basic->Name, L"Sub", 3));
    CHECK_STATUS(ZwEnumerateKey(Key, 1, KeyBasicInformation, Basic, sizeof(Buffer), &Length),
                 STATUS_NO_MORE_ENTRIES);
    CHECK_STATUS(
        ZwEnumerateValueKey(Key, 0, KeyValueBasicInformation, Value, sizeof(Buffer), &Length),
        STATUS_SUCCESS);
    CHECK(Value->Type == REG_DWORD || Value->Type == REG_SZ);
    CHECK_STATUS(
        ZwEnumerateValueKey(Key, 2, KeyValueBasicInformation, Value, sizeof(Buffer), &Length),
        STATUS_NO_MORE_ENTRIES);
    CHECK_STATUS(ZwQueryKey(Key, KeyFullInformation, Full, 4, &Length), STATUS_BUFFER_TOO_SMALL);
}

VOID TestRegistryKeys(VOID)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"Number");
    ULONG Number = 77;
    HANDLE Sub, Other;

    CHECK_STATUS(OpenKey(PLACE, FALSE, &Key), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(OpenKey(PLACE, TRUE, &Key), STATUS_SUCCESS);
    CHECK_STATUS(OpenKey(PLACE, FALSE, &Other), STATUS_SUCCESS);
    CHECK_STATUS(OpenKey(PLACE L"\\Sub", TRUE, &Sub), STATUS_SUCCESS);
    CHECK_STATUS(SetValue(L"Number", REG_DWORD, &Number, sizeof(Number)), STATUS_SUCCESS);
    CHECK_STATUS(SetValue(L"Text", REG_SZ, L"some", 10), STATUS_SUCCESS);
    CHECK(GetNumber(L"Number") == 77 && GetNumber(L"number") == 77);
    CHECK(GetNumber(L"Text") == 0xBAD && GetNumber(L"Nothing") == 0xBAD);
    TestEnumeration();
    CHECK_STATUS(ZwFlushKey(Key), STATUS_SUCCESS);
    CHECK_STATUS(ZwDeleteValueKey(Key, &Name), STATUS_SUCCESS);
    CHECK_STATUS(ZwDeleteValueKey(Key, &Name), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(ZwDeleteKey(Key), STATUS_CANNOT_DELETE);
    CHECK_STATUS(ZwDeleteKey(Sub), STATUS_SUCCESS);
    CHECK_STATUS(ZwDeleteKey(Key), STATUS_SUCCESS);
    CHECK_STATUS(SetValue(L"Number", REG_DWORD, &Number, sizeof(Number)), STATUS_KEY_DELETED);
    CHECK_STATUS(ZwClose(Sub), STATUS_SUCCESS);
    ZwClose(Other);
    ZwClose(Key);
}

VOID TestRegistryRoutines(VOID)
{
    ULONG Number = 5;

    CHECK_STATUS(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"RunTestKey"),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, L"RunTestKey"), STATUS_SUCCESS);
    CHECK_STATUS(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"RunTestKey"), STATUS_SUCCESS);
    CHECK_STATUS(RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"RunTestKey", L"Five", REG_DWORD,
                                       &Number, sizeof(Number)),
                 STATUS_SUCCESS);
    CHECK_STATUS(OpenKey(PLACE, FALSE, &Key), STATUS_SUCCESS);
    CHECK(GetNumber(L"Five") == 5);
    Number = 6;
    CHECK_STATUS(RtlWriteRegistryValue(RTL_REGISTRY_HANDLE, (PCWSTR)Key, L"Six", REG_DWORD, &Number,
                                       sizeof(Number)),
                 STATUS_SUCCESS);
    CHECK(GetNumber(L"Six") == 6);
    CHECK_STATUS(RtlDeleteRegistryValue(RTL_REGISTRY_ABSOLUTE, PLACE, L"Five"), STATUS_SUCCESS);
    CHECK(GetNumber(L"Five") == 0xBAD);
    CHECK_STATUS(RtlDeleteRegistryValue(RTL_REGISTRY_ABSOLUTE, PLACE, L"Five"),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(RtlCheckRegistryKey(RTL_REGISTRY_CONTROL, L"Nothing at all"),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(RtlCheckRegistryKey(77, L"RunTestKey"), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(ZwDeleteKey(Key), STATUS_SUCCESS);
    ZwClose(Key);
}

/* ---- RtlQueryRegistryValues ---- */

static struct {
    ULONG Calls, Type, Length, Strings;
    WCHAR Name[16];
    WCHAR Text[64];
    PVOID Context, EntryContext;
} Told;

static NTSTATUS NTAPI Tell(PWSTR ValueName, ULONG ValueType, PVOID ValueData, ULONG ValueLength,
                           PVOID Context, PVOID EntryContext)
{
    Told.Calls++;
    Told.Type = ValueType;
    Told.Length = ValueLength;
    Told.Context = Context;
    Told.EntryContext = EntryContext;
    if (ValueName)
        wcsncpy(Told.Name, ValueName, ARRAYSIZE(Told.Name) - 1);
    if (ValueType == REG_SZ && ValueLength <= sizeof(Told.Text)) {
        Told.Strings++;
        RtlCopyMemory(Told.Text, ValueData, ValueLength);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI Refuse(PWSTR ValueName, ULONG ValueType, PVOID ValueData, ULONG ValueLength,
                             PVOID Context, PVOID EntryContext)
{
    Told.Calls++;
    return STATUS_UNSUCCESSFUL;
}

static NTSTATUS Query(PRTL_QUERY_REGISTRY_TABLE Table)
{
    RtlZeroMemory(&Told, sizeof(Told));
    return RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"RunTestKey", Table, &Told, NULL);
}

static VOID TestRoutineEntries(VOID)
{
    RTL_QUERY_REGISTRY_TABLE Table[2] = {
        {Tell, 0, L"Number", &Key, REG_NONE, NULL, 0},
    };

    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Calls == 1 && Told.Type == REG_DWORD && Told.Length == 4);
    CHECK(Told.Context == &Told && Told.EntryContext == &Key && !wcscmp(Told.Name, L"Number"));
    Table[0].Name = L"Missing";
    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Calls == 0);
    Table[0].Flags = RTL_QUERY_REGISTRY_REQUIRED;
    CHECK_STATUS(Query(Table), STATUS_OBJECT_NAME_NOT_FOUND);
    Table[0].Flags = 0;
    Table[0].DefaultType = REG_SZ;
    Table[0].DefaultData = L"instead";
    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Calls == 1 && Told.Type == REG_SZ && !wcscmp(Told.Text, L"instead"));
    Table[0] = (RTL_QUERY_REGISTRY_TABLE){Tell, 0, L"Multi", NULL, REG_NONE, NULL, 0};
    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Calls == 3 && Told.Strings == 3 && !wcscmp(Told.Text, L"three"));
    Table[0].Flags = RTL_QUERY_REGISTRY_NOEXPAND;
    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Calls == 1 && Told.Type == REG_MULTI_SZ && Told.Length == 30);
    Table[0] = (RTL_QUERY_REGISTRY_TABLE){Tell, 0, L"Expand", NULL, REG_NONE, NULL, 0};
    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Calls == 1 && Told.Type == REG_SZ);
    CHECK(wcsstr(Told.Text, L"\\x") && !wcschr(Told.Text, L'%'));
    Table[0].Flags = RTL_QUERY_REGISTRY_NOEXPAND;
    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Type == REG_EXPAND_SZ);
    Table[0] = (RTL_QUERY_REGISTRY_TABLE){Refuse, 0, L"Number", NULL, REG_NONE, NULL, 0};
    CHECK_STATUS(Query(Table), STATUS_UNSUCCESSFUL);
    Table[0] =
        (RTL_QUERY_REGISTRY_TABLE){Tell, RTL_QUERY_REGISTRY_NOVALUE, NULL, NULL, REG_NONE, NULL, 0};
    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Calls == 1 && Told.Type == REG_NONE);
}

static VOID TestSubkeys(VOID)
{
    RTL_QUERY_REGISTRY_TABLE Table[4] = {
        {NULL, RTL_QUERY_REGISTRY_SUBKEY, L"Sub", NULL, REG_NONE, NULL, 0},
        {Tell, RTL_QUERY_REGISTRY_REQUIRED, L"Inner", NULL, REG_NONE, NULL, 0},
        {Tell, RTL_QUERY_REGISTRY_TOPKEY | RTL_QUERY_REGISTRY_REQUIRED, L"Number", NULL, REG_NONE,
         NULL, 0},
    };

    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Calls == 2);
    Table[0].Name = L"None";
    CHECK_STATUS(Query(Table), STATUS_OBJECT_NAME_NOT_FOUND);
    Table[0] = (RTL_QUERY_REGISTRY_TABLE){Tell, 0, NULL, NULL, REG_NONE, NULL, 0};
    Table[1] = (RTL_QUERY_REGISTRY_TABLE){NULL, 0, NULL, NULL, REG_NONE, NULL, 0};
    CHECK_STATUS(Query(Table), STATUS_SUCCESS); /* every value, strings apart */
    CHECK(Told.Calls == 7);
    Table[0] = (RTL_QUERY_REGISTRY_TABLE){
        Tell, RTL_QUERY_REGISTRY_SUBKEY, L"Sub", NULL, REG_NONE, NULL, 0};
    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Told.Calls == 1 && !wcscmp(Told.Name, L"Inner"));
}

/* A number, a string in pool, a string in a buffer, bytes. */
static VOID TestDirect(VOID)
{
    WCHAR Room[8];
    ULONG Number = 0, Missing = 3, Default = 9;
    UNICODE_STRING Text = {0}, Small = {0, sizeof(Room), Room};
    struct {
        LONG Size;
        UCHAR Bytes[8];
    } Binary = {-12, {0}};
    RTL_QUERY_REGISTRY_TABLE Table[6] = {
        {NULL, RTL_QUERY_REGISTRY_DIRECT, L"Number", &Number, REG_NONE, NULL, 0},
        {NULL, RTL_QUERY_REGISTRY_DIRECT, L"Missing", &Missing, REG_DWORD, &Default, sizeof(ULONG)},
        {NULL, RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_REQUIRED, L"Text", &Text, REG_NONE,
         NULL, 0},
        {NULL, RTL_QUERY_REGISTRY_DIRECT, L"Text", &Small, REG_NONE, NULL, 0},
        {NULL, RTL_QUERY_REGISTRY_DIRECT, L"Bytes", &Binary, REG_NONE, NULL, 0},
    };

    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Number == 1234 && Missing == 9);
    CHECK(Text.Buffer && !wcscmp(Text.Buffer, L"hello") && Text.Length == 10);
    CHECK(Small.Length == 10 && !wcscmp(Room, L"hello"));
    CHECK(*(PULONG)&Binary == 0x04030201 && Binary.Bytes[3] == 8); /* data alone */
    ExFreePool(Text.Buffer);
    Table[0] = (RTL_QUERY_REGISTRY_TABLE){NULL,
                                          RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_TYPECHECK,
                                          L"Number",
                                          &Text,
                                          REG_SZ << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT,
                                          NULL,
                                          0};
    RtlZeroMemory(&Table[1], sizeof(Table[1]));
    CHECK_STATUS(Query(Table), STATUS_OBJECT_TYPE_MISMATCH);
    Table[0].DefaultType = REG_DWORD << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;
    Table[0].EntryContext = &Number;
    Table[0].Flags |= RTL_QUERY_REGISTRY_DELETE;
    Number = 0;
    CHECK_STATUS(Query(Table), STATUS_SUCCESS);
    CHECK(Number == 1234 && GetNumber(L"Number") == 0xBAD);
    Table[0].QueryRoutine = Tell;
    CHECK_STATUS(Query(Table), STATUS_INVALID_PARAMETER);
}

VOID TestRegistryQueries(VOID)
{
    static UCHAR Bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    static WCHAR Multi[] = L"one\0two\0three\0";
    ULONG Number = 1234;
    HANDLE Sub, Top;

    CHECK_STATUS(OpenKey(PLACE, TRUE, &Top), STATUS_SUCCESS);
    CHECK_STATUS(OpenKey(PLACE L"\\Sub", TRUE, &Sub), STATUS_SUCCESS);
    Key = Sub;
    SetValue(L"Inner", REG_DWORD, &Number, sizeof(Number));
    Key = Top;
    SetValue(L"Number", REG_DWORD, &Number, sizeof(Number));
    SetValue(L"Text", REG_SZ, L"hello", 12);
    SetValue(L"Multi", REG_MULTI_SZ, Multi, sizeof(Multi));
    SetValue(L"Expand", REG_EXPAND_SZ, L"%SystemRoot%\\x", 30);
    SetValue(L"Bytes", REG_BINARY, Bytes, sizeof(Bytes));
    TestRoutineEntries();
    TestSubkeys();
    TestDirect();
    ZwDeleteKey(Sub);
    ZwDeleteKey(Top);
    ZwClose(Sub);
    ZwClose(Top);
}
