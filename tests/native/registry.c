/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry: keys, what can be asked of them, symbolic links. */
#include "registry.h"

static OBJECT_ATTRIBUTES Attributes(HANDLE Root, PUNICODE_STRING Name, PCWSTR Path, ULONG Flags)
{
    OBJECT_ATTRIBUTES Result;

    RtlInitUnicodeString(Name, Path);
    InitializeObjectAttributes(&Result, Name, OBJ_CASE_INSENSITIVE | Flags, Root, NULL);
    return Result;
}

NTSTATUS CreateKey(HANDLE Root, PCWSTR Path, ACCESS_MASK Access, ULONG Options, PHANDLE Key)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Object = Attributes(Root, &Name, Path, 0);

    return NtCreateKey(Key, Access, &Object, 0, NULL, Options, NULL);
}

NTSTATUS OpenKey(HANDLE Root, PCWSTR Path, ACCESS_MASK Access, ULONG Flags, PHANDLE Key)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Object = Attributes(Root, &Name, Path, Flags);

    return NtOpenKey(Key, Access, &Object);
}

NTSTATUS SetValue(HANDLE Key, PCWSTR Name, ULONG Type, const void *Data, ULONG Length)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Name);
    return NtSetValueKey(Key, &String, 0, Type, (PVOID)Data, Length);
}

NTSTATUS SetNumber(HANDLE Key, PCWSTR Name, ULONG Number)
{
    return SetValue(Key, Name, REG_DWORD, &Number, sizeof(Number));
}

ULONG NumberOf(HANDLE Key, PCWSTR Name)
{
    struct {
        KEY_VALUE_PARTIAL_INFORMATION Partial;
        ULONG More;
    } Buffer;
    UNICODE_STRING String;
    ULONG Length, Number;

    RtlInitUnicodeString(&String, Name);
    if (NtQueryValueKey(Key, &String, KeyValuePartialInformation, &Buffer, sizeof(Buffer),
                        &Length) != STATUS_SUCCESS ||
        Buffer.Partial.Type != REG_DWORD || Buffer.Partial.DataLength != sizeof(Number))
        return MAXULONG;
    memcpy(&Number, Buffer.Partial.Data, sizeof(Number));
    return Number;
}

NTSTATUS DeleteValue(HANDLE Key, PCWSTR Name)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Name);
    return NtDeleteValueKey(Key, &String);
}

BOOLEAN SameText(PCWSTR Text, const WCHAR *Other, ULONG OtherBytes)
{
    return wcslen(Text) * sizeof(WCHAR) == OtherBytes && !memcmp(Text, Other, OtherBytes);
}

static void DeleteBelow(HANDLE Key)
{
    struct {
        KEY_BASIC_INFORMATION Basic;
        WCHAR Name[256];
    } Buffer;
    HANDLE Child;
    ULONG Length;

    while (NtEnumerateKey(Key, 0, KeyBasicInformation, &Buffer, sizeof(Buffer), &Length) ==
           STATUS_SUCCESS) {
        Buffer.Basic.Name[Buffer.Basic.NameLength / sizeof(WCHAR)] = 0;
        if (OpenKey(Key, Buffer.Basic.Name, KEY_ALL_ACCESS, OBJ_OPENLINK, &Child) != STATUS_SUCCESS)
            break;
        DeleteBelow(Child);
        NtDeleteKey(Child);
        NtClose(Child);
    }
}

void DeleteTree(HANDLE Root, PCWSTR Path)
{
    HANDLE Key;

    if (OpenKey(Root, Path, KEY_ALL_ACCESS, OBJ_OPENLINK, &Key) != STATUS_SUCCESS)
        return;
    DeleteBelow(Key);
    NtDeleteKey(Key);
    NtClose(Key);
}

static void TestBadArguments(void)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Object = Attributes(NULL, &Name, REGISTRY_TEST_ROOT, 0);
    HANDLE Key = (HANDLE)0x1234;

    ok_status(NtCreateKey(NULL, KEY_READ, &Object, 0, NULL, 0, NULL), STATUS_ACCESS_VIOLATION,
              "no place for the handle");
    ok_status(NtCreateKey(&Key, KEY_READ, NULL, 0, NULL, 0, NULL), STATUS_ACCESS_VIOLATION,
              "no attributes");
    ok(Key == NULL, "what fails gives no handle");
    ok_status(NtOpenKey(&Key, KEY_READ, NULL), STATUS_ACCESS_VIOLATION, "no attributes to open");
    ok_status(NtOpenKey((PHANDLE)8, KEY_READ, &Object), STATUS_ACCESS_VIOLATION,
              "a bad place for the handle");
    ok_status(NtCreateKey(&Key, KEY_READ, &Object, 0, NULL, 0x20, NULL), STATUS_INVALID_PARAMETER,
              "an unknown option");
    ok_status(NtCreateKey(&Key, KEY_READ, &Object, 0, (PUNICODE_STRING)8, 0, NULL),
              STATUS_ACCESS_VIOLATION, "a class at a bad address");
    ok_status(NtCreateKey(&Key, KEY_READ, &Object, 0, NULL, 0, (PULONG)8), STATUS_ACCESS_VIOLATION,
              "a bad place for the disposition");
    ok_status(NtCreateKey(&Key, 0, &Object, 0, NULL, 0, NULL), STATUS_ACCESS_DENIED,
              "no access is asked for");
    ok_status(NtOpenKeyEx(&Key, KEY_READ, &Object, REG_OPTION_VOLATILE), STATUS_INVALID_PARAMETER,
              "an option that is not for opening");
    Object.Length *= 2;
    ok_status(NtCreateKey(&Key, KEY_READ, &Object, 0, NULL, 0, NULL), STATUS_INVALID_PARAMETER,
              "attributes of another length");
    ok_status(OpenKey(NULL, REGISTRY_TEST_ROOT, KEY_READ, 0, &Key), STATUS_OBJECT_NAME_NOT_FOUND,
              "none of these has made a key");
}

static void TestNames(HANDLE Root)
{
    static const struct {
        PCWSTR Path;
        NTSTATUS Status;
    } Absolute[] = {
        {u"", STATUS_OBJECT_PATH_SYNTAX_BAD},
        {u"\\", STATUS_OBJECT_TYPE_MISMATCH},
        {u"\\Registry", STATUS_SUCCESS},
        {u"\\Registry\\", STATUS_SUCCESS},
        {u"\\REGISTRY\\\\", STATUS_SUCCESS},
        {u"\\Registry\\Machine\\\\software\\", STATUS_SUCCESS},
        {u"\\Foobar", STATUS_OBJECT_NAME_NOT_FOUND},
        {u"\\Foobar\\Machine", STATUS_OBJECT_PATH_NOT_FOUND},
        {u"Machine\\Software", STATUS_OBJECT_PATH_SYNTAX_BAD},
        {u"\\Device\\Null", STATUS_OBJECT_TYPE_MISMATCH},
        {u"\\SystemRoot\\readme.txt", STATUS_OBJECT_TYPE_MISMATCH},
    };
    HANDLE Key, Sub;

    for (ULONG i = 0; i < ARRAYSIZE(Absolute); i++)
        if (ok_status(CreateKey(NULL, Absolute[i].Path, KEY_READ, 0, &Key), Absolute[i].Status,
                      "an absolute name") &&
            NT_SUCCESS(Absolute[i].Status))
            NtClose(Key);
    ok_status(CreateKey(Root, u"none\\sub\\key", KEY_READ, 0, &Sub), STATUS_OBJECT_NAME_NOT_FOUND,
              "a key below one that is not there");
    ok_status(CreateKey(Root, u"none\\\\sub", KEY_READ, 0, &Sub), STATUS_OBJECT_NAME_NOT_FOUND,
              "the same with two backslashes");
    ok_status(CreateKey(Root, u"\\none", KEY_READ, 0, &Sub), STATUS_OBJECT_PATH_SYNTAX_BAD,
              "a relative name that begins with a backslash");
    ok_status(CreateKey(Root, u"Key\\\\", KEY_ALL_ACCESS, 0, &Key), STATUS_SUCCESS,
              "backslashes at the end");
    ok_status(CreateKey(Root, u"kEY\\\\test\\\\", KEY_ALL_ACCESS, 0, &Sub), STATUS_SUCCESS,
              "more of them, and case does not count");
    ok_status(NtDeleteKey(Key), STATUS_CANNOT_DELETE, "a key with a subkey cannot be deleted");
    ok_status(NtDeleteKey(Sub), STATUS_SUCCESS, "the subkey can");
    ok_status(NtDeleteKey(Key), STATUS_SUCCESS, "then the key");
    ok_status(NtDeleteKey(Key), STATUS_SUCCESS, "and once more");
    NtClose(Sub);
    NtClose(Key);
}

static void TestLongNames(HANDLE Root)
{
    WCHAR Text[300];
    HANDLE Key;

    for (ULONG i = 0; i < 256; i++)
        Text[i] = 'n';
    Text[255] = 0;
    ok_status(CreateKey(Root, Text, KEY_ALL_ACCESS, 0, &Key), STATUS_SUCCESS,
              "a name of 255 characters");
    NtDeleteKey(Key);
    NtClose(Key);
    Text[255] = 'n';
    Text[256] = 0;
    ok_status(CreateKey(Root, Text, KEY_ALL_ACCESS, 0, &Key), STATUS_INVALID_PARAMETER,
              "a name of 256 characters");
    ok_status(OpenKey(Root, Text, KEY_READ, 0, &Key), STATUS_INVALID_PARAMETER,
              "which cannot be opened either");
}

static void TestDisposition(HANDLE Root)
{
    UNICODE_STRING Name, Class = RTL_CONSTANT_STRING(u"My class");
    OBJECT_ATTRIBUTES Object = Attributes(Root, &Name, u"disposed", 0);
    struct {
        KEY_NODE_INFORMATION Node;
        WCHAR Text[40];
    } Buffer;
    ULONG Disposition = 0, Length;
    HANDLE Key, Other;

    ok_status(NtCreateKey(&Key, KEY_ALL_ACCESS, &Object, 0, &Class, 0, &Disposition),
              STATUS_SUCCESS, "a new key with a class");
    ok(Disposition == REG_CREATED_NEW_KEY, "it is new");
    ok_status(NtCreateKey(&Other, KEY_READ, &Object, 0, NULL, 0, &Disposition), STATUS_SUCCESS,
              "the same again");
    ok(Disposition == REG_OPENED_EXISTING_KEY, "it is opened");
    ok_status(NtCompareObjects(Key, Other), STATUS_NOT_SAME_OBJECT,
              "each handle has an object of its own");
    ok_status(SetNumber(Other, u"value", 1), STATUS_ACCESS_DENIED, "a handle to read only");
    NtClose(Other);
    ok_status(NtQueryKey(Key, KeyNodeInformation, &Buffer, sizeof(Buffer), &Length), STATUS_SUCCESS,
              "KeyNodeInformation");
    ok(SameText(u"disposed", Buffer.Node.Name, Buffer.Node.NameLength), "its name");
    ok(Buffer.Node.ClassLength == Class.Length &&
           Buffer.Node.ClassOffset ==
               offsetof(KEY_NODE_INFORMATION, Name) + Buffer.Node.NameLength &&
           !memcmp((PUCHAR)&Buffer + Buffer.Node.ClassOffset, Class.Buffer, Class.Length),
       "its class");
    ok(Length == Buffer.Node.ClassOffset + Class.Length, "its length");
    NtDeleteKey(Key);
    NtClose(Key);
}

static void TestDeleted(HANDLE Root)
{
    UCHAR Buffer[200];
    ULONG Length;
    HANDLE Key, Sub;

    ok_status(CreateKey(Root, u"doomed", KEY_ALL_ACCESS, 0, &Key), STATUS_SUCCESS, "a key");
    ok_status(NtFlushKey(Key), STATUS_SUCCESS, "flush it");
    ok_status(OpenKey(Root, u"doomed", KEY_QUERY_VALUE, 0, &Sub), STATUS_SUCCESS,
              "open it to read");
    ok_status(NtFlushKey(Sub), STATUS_SUCCESS, "flushing needs no access");
    NtClose(Sub);
    ok_status(NtFlushKey(NULL), STATUS_INVALID_HANDLE, "flush no handle");
    ok_status(NtFlushKey(NtCurrentProcess()), STATUS_OBJECT_TYPE_MISMATCH, "flush no key");
    ok_status(NtDeleteKey(NULL), STATUS_INVALID_HANDLE, "no handle");
    ok_status(NtDeleteKey(NtCurrentProcess()), STATUS_OBJECT_TYPE_MISMATCH, "no key");
    ok_status(NtDeleteKey(Key), STATUS_SUCCESS, "delete it");
    ok_status(OpenKey(Root, u"doomed", KEY_READ, 0, &Sub), STATUS_OBJECT_NAME_NOT_FOUND,
              "it is not found");
    ok_status(NtQueryKey(Key, KeyNameInformation, Buffer, sizeof(Buffer), &Length),
              STATUS_KEY_DELETED, "its name");
    ok_status(NtQueryKey(Key, KeyBasicInformation, Buffer, sizeof(Buffer), &Length),
              STATUS_KEY_DELETED, "about it");
    ok_status(NtEnumerateKey(Key, 0, KeyFullInformation, Buffer, sizeof(Buffer), &Length),
              STATUS_KEY_DELETED, "its subkeys");
    ok_status(
        NtEnumerateValueKey(Key, 0, KeyValuePartialInformation, Buffer, sizeof(Buffer), &Length),
        STATUS_KEY_DELETED, "its values");
    ok_status(SetNumber(Key, u"value", 1), STATUS_KEY_DELETED, "to set a value");
    ok_status(DeleteValue(Key, u"value"), STATUS_KEY_DELETED, "to delete a value");
    ok_status(OpenKey(Key, u"subkey", KEY_READ, 0, &Sub), STATUS_KEY_DELETED, "to open a subkey");
    ok_status(CreateKey(Key, u"subkey", KEY_READ, 0, &Sub), STATUS_KEY_DELETED, "to make a subkey");
    ok_status(NtFlushKey(Key), STATUS_KEY_DELETED, "to flush it");
    ok_status(NtQueryObject(Key, ObjectNameInformation, Buffer, sizeof(Buffer), &Length),
              STATUS_KEY_DELETED, "its name as an object");
    ok_status(NtQueryObject(Key, ObjectBasicInformation, Buffer, sizeof(OBJECT_BASIC_INFORMATION),
                            &Length),
              STATUS_SUCCESS, "the object is there");
    ok_status(CreateKey(Root, u"doomed", KEY_ALL_ACCESS, 0, &Sub), STATUS_SUCCESS,
              "another key of that name");
    ok_status(NtQueryKey(Key, KeyBasicInformation, Buffer, sizeof(Buffer), &Length),
              STATUS_KEY_DELETED, "the old one stays deleted");
    NtDeleteKey(Sub);
    NtClose(Sub);
    ok_status(NtClose(Key), STATUS_SUCCESS, "close");
}

static void TestVolatile(HANDLE Root)
{
    HANDLE Key, Sub;

    ok_status(CreateKey(Root, u"volatile", KEY_ALL_ACCESS, REG_OPTION_VOLATILE, &Key),
              STATUS_SUCCESS, "a volatile key");
    ok_status(CreateKey(Key, u"sub", KEY_ALL_ACCESS, 0, &Sub), STATUS_CHILD_MUST_BE_VOLATILE,
              "a lasting one below it");
    ok_status(CreateKey(Key, u"sub", KEY_ALL_ACCESS, REG_OPTION_VOLATILE, &Sub), STATUS_SUCCESS,
              "a volatile one below it");
    NtDeleteKey(Sub);
    NtClose(Sub);
    NtDeleteKey(Key);
    NtClose(Key);
    ok_status(CreateKey(NULL, u"\\Registry\\Neptune", KEY_ALL_ACCESS, 0, &Key),
              STATUS_INVALID_PARAMETER, "a lasting key right below \\Registry");
    ok_status(CreateKey(NULL, u"\\Registry\\Machine\\Neptune", KEY_ALL_ACCESS, 0, &Key),
              STATUS_INVALID_PARAMETER, "or its Machine");
}

static void TestFixed(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"Other");
    HANDLE Key;

    OpenKey(NULL, u"\\Registry\\Machine", KEY_ALL_ACCESS, 0, &Key);
    ok_status(NtDeleteKey(Key), STATUS_CANNOT_DELETE, "Machine cannot be deleted");
    ok_status(NtRenameKey(Key, &Name), STATUS_ACCESS_DENIED, "or renamed");
    NtClose(Key);
}

void TestRegistry(void)
{
    HANDLE Root;

    DeleteTree(NULL, REGISTRY_TEST_ROOT);
    TestBadArguments();
    if (!ok_status(CreateKey(NULL, REGISTRY_TEST_ROOT, KEY_ALL_ACCESS, 0, &Root), STATUS_SUCCESS,
                   "a key for the checks"))
        return;
    TestNames(Root);
    TestLongNames(Root);
    TestDisposition(Root);
    TestDeleted(Root);
    TestVolatile(Root);
    TestFixed();
    TestRegistryKeys(Root);
    TestRegistryValues(Root);
    TestRegistryNotify(Root);
    TestRegistryRtl(Root);
    TestRegistryCrowd(Root);
    ok_status(NtDeleteKey(Root), STATUS_SUCCESS, "nothing is left below it");
    NtClose(Root);
}
