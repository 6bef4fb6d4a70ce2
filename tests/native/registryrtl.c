/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry: what ntdll adds, and what there is at boot. */
#include "registry.h"

/* ---- What there is at boot ---- */

static BOOLEAN HasText(HANDLE Root, PCWSTR Path, PCWSTR Name, ULONG Type, PCWSTR Text)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION Partial;
        UCHAR Bytes[256];
    } Buffer;
    UNICODE_STRING String;
    ULONG Length;
    HANDLE Key;
    NTSTATUS Status = OpenKey(Root, Path, KEY_READ, 0, &Key);

    if (!NT_SUCCESS(Status))
        return FALSE;
    RtlInitUnicodeString(&String, Name);
    Status =
        NtQueryValueKey(Key, &String, KeyValuePartialInformation, &Buffer, sizeof(Buffer), &Length);
    NtClose(Key);
    return NT_SUCCESS(Status) && Buffer.Partial.Type == Type &&
           SameText(Text, (PWSTR)Buffer.Partial.Data, Buffer.Partial.DataLength - sizeof(WCHAR));
}

static void TestSeed(void)
{
    static const struct {
        PCWSTR Path, Name, Text;
        ULONG Type;
    } Values[] = {
        {u"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\Nls\\CodePage", u"ACP", u"1252",
         REG_SZ},
        {u"\\Registry\\Machine\\System\\ControlSet001\\Control\\Nls\\CodePage", u"OEMCP", u"437",
         REG_SZ},
        {u"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion",
         u"CurrentBuildNumber", u"19045", REG_SZ},
        {u"\\Registry\\User\\.Default\\Control Panel\\International", u"LocaleName", u"en-US",
         REG_SZ},
        {u"\\Registry\\User\\S-1-5-18\\Control Panel\\International", u"sShortDate", u"M/d/yyyy",
         REG_SZ},
        {u"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\Session Manager\\Environment",
         u"ComSpec", u"%SystemRoot%\\system32\\cmd.exe", REG_EXPAND_SZ},
        {u"\\Registry\\Machine\\System\\CurrentControlSet\\Control\\Session Manager\\Environment",
         u"PROCESSOR_ARCHITECTURE", sizeof(PVOID) == 8 ? u"AMD64" : u"x86", REG_SZ},
        {u"\\Registry\\Machine\\Software\\Classes\\exefile\\shell\\open\\command", u"",
         u"\"%1\" %*", REG_SZ},
    };
    HANDLE Key;

    for (ULONG i = 0; i < ARRAYSIZE(Values); i++)
        ok(HasText(NULL, Values[i].Path, Values[i].Name, Values[i].Type, Values[i].Text),
           "a value that is there at boot");
    ok_status(OpenKey(NULL, u"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion",
                      KEY_READ, 0, &Key),
              STATUS_SUCCESS, "the version's key");
    ok(NumberOf(Key, u"CurrentMajorVersionNumber") == 10, "Windows 10");
    NtClose(Key);
    ok_status(OpenKey(NULL, u"\\Registry\\Machine\\Hardware", KEY_READ, 0, &Key), STATUS_SUCCESS,
              "a key for the hardware");
    NtClose(Key);
}

/* ---- Places and paths ---- */

static void TestUser(void)
{
    UNICODE_STRING Path;
    HANDLE Key;

    ok_status(RtlFormatCurrentUserKeyPath(&Path), STATUS_SUCCESS, "the path of the user's key");
    ok(Path.Length > 30 && !memcmp(Path.Buffer, u"\\REGISTRY\\USER\\S-1-", 36),
       "it ends with a SID");
    RtlFreeUnicodeString(&Path);
    ok_status(RtlOpenCurrentUser(KEY_READ, &Key), STATUS_SUCCESS, "open it");
    ok(HasText(Key, u"Control Panel\\International", u"LocaleName", REG_SZ, u"en-US"),
       "the user has settings");
    NtClose(Key);
}

static void TestPlaces(void)
{
    HANDLE Key;
    ULONG Number = 5;

    ok_status(RtlCheckRegistryKey(RTL_REGISTRY_ABSOLUTE, (PWSTR)REGISTRY_TEST_ROOT), STATUS_SUCCESS,
              "a key that is there");
    ok_status(RtlCheckRegistryKey(RTL_REGISTRY_ABSOLUTE | RTL_REGISTRY_OPTIONAL,
                                  (PWSTR)REGISTRY_TEST_ROOT),
              STATUS_SUCCESS, "the same, optionally");
    ok_status(RtlCheckRegistryKey(RTL_REGISTRY_ABSOLUTE, NULL), STATUS_OBJECT_PATH_SYNTAX_BAD,
              "no path");
    ok_status(RtlCheckRegistryKey(RTL_REGISTRY_ABSOLUTE, (PWSTR)u""), STATUS_OBJECT_PATH_SYNTAX_BAD,
              "an empty path");
    ok_status(RtlCheckRegistryKey(RTL_REGISTRY_USER, NULL), STATUS_SUCCESS, "the user's");
    ok_status(RtlCheckRegistryKey(RTL_REGISTRY_CONTROL, (PWSTR)u"Nls\\CodePage"), STATUS_SUCCESS,
              "below the control set");
    ok_status(RtlCheckRegistryKey(RTL_REGISTRY_WINDOWS_NT, (PWSTR)u"Time Zones"), STATUS_SUCCESS,
              "below the version");
    ok_status(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, (PWSTR)u"None"),
              STATUS_OBJECT_NAME_NOT_FOUND, "a service that is not there");
    ok_status(RtlCreateRegistryKey(RTL_REGISTRY_USER + 1, (PWSTR)REGISTRY_TEST_ROOT),
              STATUS_INVALID_PARAMETER, "an unknown place");
    ok_status(RtlCreateRegistryKey(RTL_REGISTRY_ABSOLUTE, NULL), STATUS_OBJECT_PATH_SYNTAX_BAD,
              "to make a key without a path");
    ok_status(RtlCreateRegistryKey(RTL_REGISTRY_ABSOLUTE, (PWSTR)REGISTRY_TEST_ROOT u"\\a\\b"),
              STATUS_OBJECT_NAME_NOT_FOUND, "or two keys at once");
    ok_status(RtlCreateRegistryKey(RTL_REGISTRY_ABSOLUTE, (PWSTR)REGISTRY_TEST_ROOT u"\\a"),
              STATUS_SUCCESS, "but one");
    ok_status(RtlWriteRegistryValue(RTL_REGISTRY_ABSOLUTE, REGISTRY_TEST_ROOT u"\\a", u"number",
                                    REG_DWORD, &Number, sizeof(Number)),
              STATUS_SUCCESS, "write a value");
    OpenKey(NULL, REGISTRY_TEST_ROOT u"\\a", KEY_ALL_ACCESS, 0, &Key);
    ok(NumberOf(Key, u"number") == 5, "it is there");
    Number = 6;
    ok_status(RtlWriteRegistryValue(RTL_REGISTRY_HANDLE, (PWSTR)Key, u"number", REG_DWORD, &Number,
                                    sizeof(Number)),
              STATUS_SUCCESS, "write it by handle");
    ok(NumberOf(Key, u"number") == 6, "the handle stays open");
    ok_status(RtlDeleteRegistryValue(RTL_REGISTRY_HANDLE, (PWSTR)Key, u"number"), STATUS_SUCCESS,
              "delete it");
    ok_status(RtlDeleteRegistryValue(RTL_REGISTRY_ABSOLUTE, REGISTRY_TEST_ROOT u"\\a", u"number"),
              STATUS_OBJECT_NAME_NOT_FOUND, "it is gone");
    NtDeleteKey(Key);
    NtClose(Key);
}

static void TestPlainKeys(HANDLE Root)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"plain");
    WCHAR Room[8];
    UNICODE_STRING Sub = {0, sizeof(Room), Room}, Small = {0, 4, Room};
    OBJECT_ATTRIBUTES Object;
    ULONG Type = 0, Number = 7, Length = sizeof(Number);
    HANDLE Key;

    InitializeObjectAttributes(&Object, &Name, OBJ_CASE_INSENSITIVE | OBJ_PERMANENT, Root, NULL);
    ok_status(RtlpNtCreateKey(&Key, KEY_ALL_ACCESS, &Object, 0, NULL, NULL), STATUS_SUCCESS,
              "make a key");
    ok_status(RtlpNtSetValueKey(Key, REG_DWORD, &Number, sizeof(Number)), STATUS_SUCCESS,
              "set its value");
    Number = 0;
    ok_status(RtlpNtQueryValueKey(Key, &Type, &Number, &Length, 0), STATUS_SUCCESS, "query it");
    ok(Type == REG_DWORD && Number == 7 && Length == 4, "it is right");
    Length = 2;
    ok_status(RtlpNtQueryValueKey(Key, NULL, NULL, &Length, 0), STATUS_BUFFER_OVERFLOW,
              "with too little room");
    ok(Length == 4, "the length that is needed");
    ok_status(RtlpNtQueryValueKey(NULL, NULL, NULL, NULL, 0), STATUS_INVALID_HANDLE, "no key");
    ok_status(RtlpNtEnumerateSubKey(Root, &Sub, 0, 0), STATUS_SUCCESS, "enumerate");
    ok(SameText(u"plain", Sub.Buffer, Sub.Length), "it is found");
    ok_status(RtlpNtEnumerateSubKey(Root, &Small, 0, 0), STATUS_BUFFER_OVERFLOW,
              "with too little room");
    ok(Small.Length == 10, "the length that is needed");
    NtClose(Key);
    ok_status(RtlpNtOpenKey(&Key, KEY_ALL_ACCESS, &Object, 0), STATUS_SUCCESS, "open it");
    ok_status(RtlpNtMakeTemporaryKey(Key), STATUS_SUCCESS, "and delete it");
    NtClose(Key);
    ok_status(RtlpNtOpenKey(&Key, KEY_ALL_ACCESS, &Object, 0), STATUS_OBJECT_NAME_NOT_FOUND,
              "it is gone");
}

static void TestTimeZone(void)
{
    RTL_DYNAMIC_TIME_ZONE_INFORMATION Zone, Old;
    RTL_TIME_ZONE_INFORMATION New;

    ok_status(RtlQueryDynamicTimeZoneInformation(&Old), STATUS_SUCCESS, "the time zone");
    ok(!wcscmp(Old.TimeZoneKeyName, u"UTC") && !Old.TimeZone.Bias &&
           !Old.TimeZone.StandardStart.Month,
       "is universal time");
    New = Old.TimeZone;
    New.Bias = -60;
    memset(New.StandardName, 0, sizeof(New.StandardName));
    wcscpy(New.StandardName, u"Test time");
    New.StandardStart = (TIME_FIELDS){.Month = 10, .Day = 5, .Hour = 3};
    ok_status(RtlSetTimeZoneInformation(&New), STATUS_SUCCESS, "set another one");
    ok_status(RtlQueryDynamicTimeZoneInformation(&Zone), STATUS_SUCCESS, "query it");
    ok(!memcmp(&Zone.TimeZone, &New, sizeof(New)), "it is what was set");
    ok_status(RtlSetTimeZoneInformation(&Old.TimeZone), STATUS_SUCCESS, "set the old one");
    ok_status(RtlQueryTimeZoneInformation(&New), STATUS_SUCCESS, "query that");
    ok(!memcmp(&Old.TimeZone, &New, sizeof(New)), "it is as it was");
}

/* ---- RtlQueryRegistryValues ---- */

static ULONG Calls;
static ULONG LastType, LastLength;
static WCHAR LastText[64];

static NTSTATUS NTAPI Routine(PCWSTR ValueName, ULONG ValueType, PVOID ValueData, ULONG ValueLength,
                              PVOID Context, PVOID EntryContext)
{
    Calls++;
    LastType = ValueType;
    LastLength = ValueLength;
    memset(LastText, 0, sizeof(LastText));
    if (ValueLength <= sizeof(LastText) && (ULONG_PTR)ValueData > 0x10000 &&
        (ULONG_PTR)ValueData != 0xdeadbeef)
        memcpy(LastText, ValueData, ValueLength);
    return STATUS_SUCCESS;
}

static NTSTATUS Query(RTL_QUERY_REGISTRY_TABLE First, RTL_QUERY_REGISTRY_TABLE Second)
{
    RTL_QUERY_REGISTRY_TABLE Table[3] = {First, Second};

    Calls = 0;
    return RtlQueryRegistryValues(RTL_REGISTRY_ABSOLUTE, REGISTRY_TEST_ROOT u"\\query", Table, NULL,
                                  NULL);
}

#define ENTRY(...) ((RTL_QUERY_REGISTRY_TABLE){__VA_ARGS__})
#define NONE ENTRY(NULL)
#define ABSENT (PWSTR)u"I do not exist"
#define DRIVE (PWSTR)u"WindowsDrive"
#define CAPITALS (PWSTR)u"CapitalsOfEurope"

static void TestQueryRoutine(void)
{
    ok_status(Query(NONE, NONE), STATUS_SUCCESS, "an empty table");
    ok_status(Query(ENTRY(Routine), NONE), STATUS_SUCCESS, "every value");
    ok(Calls == 6, "a list of strings counts for each of them");
    ok_status(Query(ENTRY(Routine, RTL_QUERY_REGISTRY_NOVALUE), NONE), STATUS_SUCCESS, "no value");
    ok(Calls == 1 && LastType == REG_NONE && LastLength == 0, "the routine is called");
    ok_status(Query(ENTRY(Routine, RTL_QUERY_REGISTRY_NOVALUE, DRIVE), NONE), STATUS_SUCCESS,
              "no value, but a name");
    ok(Calls == 1 && LastType == REG_SZ && LastLength == 6 && !wcscmp(LastText, u"C:"),
       "is a value, expanded");
    ok_status(Query(ENTRY(Routine, RTL_QUERY_REGISTRY_NOEXPAND, DRIVE), NONE), STATUS_SUCCESS,
              "not expanded");
    ok(LastType == REG_EXPAND_SZ && !wcscmp(LastText, u"%TESTDRIVE%"), "it is as it was set");
    ok_status(Query(ENTRY(Routine, 0, CAPITALS), NONE), STATUS_SUCCESS, "strings");
    ok(Calls == 3 && LastType == REG_SZ && !wcscmp(LastText, u"%PATH%"), "one by one");
    ok_status(Query(ENTRY(Routine, RTL_QUERY_REGISTRY_NOEXPAND, CAPITALS), NONE), STATUS_SUCCESS,
              "strings, not expanded");
    ok(Calls == 1 && LastType == REG_MULTI_SZ && LastLength == 46, "at once");
    ok_status(Query(ENTRY(Routine, RTL_QUERY_REGISTRY_SUBKEY, (PWSTR)u"subkey"), NONE),
              STATUS_SUCCESS, "every value of a subkey");
    ok(Calls == 1 && !wcscmp(LastText, u"Yellow"), "there is one");
    ok_status(Query(ENTRY(NULL, RTL_QUERY_REGISTRY_SUBKEY, (PWSTR)u"subkey"),
                    ENTRY(Routine, 0, (PWSTR)u"Color")),
              STATUS_SUCCESS, "a value of a subkey");
    ok(Calls == 1 && !wcscmp(LastText, u"Yellow"), "it is found");
    ok_status(Query(ENTRY(NULL, RTL_QUERY_REGISTRY_SUBKEY, (PWSTR)u"nothing"), NONE),
              STATUS_OBJECT_NAME_NOT_FOUND, "a subkey that is not there");
}

static void TestQueryDefaults(void)
{
    ok_status(Query(ENTRY(Routine, 0, ABSENT, NULL, REG_SZ, (PVOID)u"Some default", 8), NONE),
              STATUS_SUCCESS, "the default");
    ok(Calls == 1 && LastType == REG_SZ && LastLength == 8 && !wcscmp(LastText, u"Some"),
       "as long as it says");
    ok_status(Query(ENTRY(Routine, 0, ABSENT, NULL, REG_EXPAND_SZ, (PVOID)u"%TESTDRIVE%"), NONE),
              STATUS_SUCCESS, "a default that is expanded");
    ok(LastType == REG_SZ && !wcscmp(LastText, u"C:"), "is expanded");
    ok_status(Query(ENTRY(Routine, 0, ABSENT, NULL, REG_MULTI_SZ, (PVOID)u"a\0b\0c", 12), NONE),
              STATUS_SUCCESS, "strings, not well ended");
    ok(Calls == 2 && !wcscmp(LastText, u"b"), "the last one does not count");
    ok_status(Query(ENTRY(Routine, 0, ABSENT, NULL, REG_MULTI_SZ, (PVOID)u"a\0b\0c\0"), NONE),
              STATUS_SUCCESS, "strings, well ended");
    ok(Calls == 3 && !wcscmp(LastText, u"c"), "all count");
    ok_status(Query(ENTRY(Routine, 0, ABSENT, NULL, REG_DWORD, (PVOID)0xdeadbeef), NONE),
              STATUS_SUCCESS, "a number without a length");
    ok(Calls == 1 && LastType == REG_DWORD && LastLength == 0, "is passed on");
    ok_status(Query(ENTRY(Routine, 0, ABSENT, NULL, REG_SZ), NONE), STATUS_DATA_OVERRUN,
              "no default string");
    ok_status(Query(ENTRY(Routine, 0, ABSENT), NONE), STATUS_SUCCESS, "no default");
    ok(Calls == 0, "no call");
    ok_status(Query(ENTRY(Routine, RTL_QUERY_REGISTRY_REQUIRED, ABSENT), NONE),
              STATUS_OBJECT_NAME_NOT_FOUND, "a value that must be there");
    ok_status(Query(ENTRY(Routine, RTL_QUERY_REGISTRY_REQUIRED, ABSENT, NULL, REG_SZ,
                          (PVOID)u"Some default"),
                    NONE),
              STATUS_SUCCESS, "or have a default");
}

#define DIRECT RTL_QUERY_REGISTRY_DIRECT

static void TestQueryDirect(void)
{
    WCHAR Room[32] = u"####";
    UNICODE_STRING Text = {8, sizeof(Room), Room}, None = {0, 0, NULL};
    ULONG Number = 1;
    union {
        LONG Size;
        ULONG64 Number;
    } Sized = {.Size = -8};
    struct {
        ULONG Size, Type;
        UCHAR Data[32];
    } Typed = {.Size = 32, .Type = 35};

    ok_status(Query(ENTRY(Routine, DIRECT, DRIVE, &Text), NONE), STATUS_INVALID_PARAMETER,
              "direct, and a routine");
    ok_status(Query(ENTRY(NULL, DIRECT, DRIVE, &Text), NONE), STATUS_SUCCESS, "a string, direct");
    ok(Text.Length == 4 && !wcscmp(Room, u"C:"), "it is expanded");
    ok_status(Query(ENTRY(NULL, DIRECT, DRIVE, &None), NONE), STATUS_SUCCESS,
              "a string without a buffer");
    ok(None.Length == 4 && None.MaximumLength == 6 && !wcscmp(None.Buffer, u"C:"), "gets one");
    RtlFreeUnicodeString(&None);
    Text.MaximumLength = 4;
    Text.Length = 2;
    wcscpy(Room, u"##");
    ok_status(Query(ENTRY(NULL, DIRECT, DRIVE, &Text), NONE), STATUS_SUCCESS,
              "a string that does not fit");
    ok(Text.Length == 2 && !wcscmp(Room, u"##"), "is left alone");
    ok_status(Query(ENTRY(NULL, DIRECT, (PWSTR)u"MeaningOfLife32", &Number), NONE), STATUS_SUCCESS,
              "a number, direct");
    ok(Number == 42, "it is stored");
    ok_status(Query(ENTRY(NULL, DIRECT, (PWSTR)u"MeaningOfLife64", &Sized), NONE), STATUS_SUCCESS,
              "a larger number, without its size");
    ok(Sized.Number == 42, "it is stored");
    ok_status(Query(ENTRY(NULL, DIRECT, (PWSTR)u"MeaningOfLife64", &Typed), NONE), STATUS_SUCCESS,
              "with size and type");
    ok(Typed.Size == 8 && Typed.Type == REG_QWORD && *(PULONG)Typed.Data == 42, "they are stored");
    Typed.Size = 1;
    ok_status(Query(ENTRY(NULL, DIRECT, (PWSTR)u"MeaningOfLife64", &Typed), NONE), STATUS_SUCCESS,
              "with too little room");
    ok(Typed.Size == 1, "nothing is stored");
    ok_status(Query(ENTRY(NULL, DIRECT | RTL_QUERY_REGISTRY_TYPECHECK, (PWSTR)u"MeaningOfLife32",
                          &Number, (ULONG)REG_SZ << 24),
                    NONE),
              STATUS_OBJECT_TYPE_MISMATCH, "of another type than is wanted");
    ok_status(Query(ENTRY(Routine, RTL_QUERY_REGISTRY_DELETE, DRIVE), NONE), STATUS_SUCCESS,
              "read and delete");
    ok_status(Query(ENTRY(Routine, RTL_QUERY_REGISTRY_REQUIRED, DRIVE), NONE),
              STATUS_OBJECT_NAME_NOT_FOUND, "it is gone");
}

static void TestQueryTable(HANDLE Root)
{
    static const WCHAR Capitals[] = u"Brussels\0Paris\0%PATH%\0";
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"TESTDRIVE"), Value = RTL_CONSTANT_STRING(u"C:");
    ULONG64 Large = 42;
    HANDLE Key, Sub;

    RtlSetEnvironmentVariable(NULL, &Name, &Value);
    CreateKey(Root, u"query", KEY_ALL_ACCESS, 0, &Key);
    CreateKey(Key, u"subkey", KEY_ALL_ACCESS, 0, &Sub);
    SetValue(Key, u"WindowsDrive", REG_EXPAND_SZ, u"%TESTDRIVE%", 24);
    SetValue(Key, u"CapitalsOfEurope", REG_MULTI_SZ, Capitals, sizeof(Capitals));
    SetNumber(Key, u"MeaningOfLife32", 42);
    SetValue(Key, u"MeaningOfLife64", REG_QWORD, &Large, sizeof(Large));
    SetValue(Sub, u"Color", REG_SZ, u"Yellow", 14);
    NtClose(Sub);
    TestQueryRoutine();
    TestQueryDefaults();
    TestQueryDirect();
    NtClose(Key);
    DeleteTree(Root, u"query");
    RtlSetEnvironmentVariable(NULL, &Name, NULL);
}

void TestRegistryRtl(HANDLE Root)
{
    TestSeed();
    TestUser();
    TestPlaces();
    TestPlainKeys(Root);
    TestTimeZone();
    TestQueryTable(Root);
}
