/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry: what can be asked and set of keys, their order, other names, symbolic links. */
#include "registry.h"

#define BASIC offsetof(KEY_BASIC_INFORMATION, Name)
#define NODE offsetof(KEY_NODE_INFORMATION, Name)
#define FULL offsetof(KEY_FULL_INFORMATION, Class)
#define NAME offsetof(KEY_NAME_INFORMATION, Name)

static union {
    KEY_BASIC_INFORMATION Basic;
    KEY_NODE_INFORMATION Node;
    KEY_FULL_INFORMATION Full;
    KEY_NAME_INFORMATION Name;
    KEY_CACHED_INFORMATION Cached;
    KEY_FLAGS_INFORMATION Flags;
    ULONG Number;
    UCHAR Bytes[512];
} Buffer;
static ULONG Length;

static NTSTATUS Query(HANDLE Key, KEY_INFORMATION_CLASS Class, ULONG Room)
{
    Length = 0;
    return NtQueryKey(Key, Class, &Buffer, Room, &Length);
}

static void TestName(HANDLE Root)
{
    static const WCHAR Expected[] = u"\\REGISTRY\\MACHINE\\SOFTWARE\\Neptune test";
    const ULONG Needed = NAME + sizeof(Expected) - sizeof(WCHAR);
    HANDLE Key;

    ok_status(NtQueryKey(Root, KeyNameInformation, NULL, 0, &Length), STATUS_BUFFER_TOO_SMALL,
              "the name without a buffer");
    ok(Length == Needed, "the length that is needed");
    ok_status(Query(Root, KeyNameInformation, NAME - 1), STATUS_BUFFER_TOO_SMALL,
              "no room for the fixed part");
    ok(Length == Needed, "the length again");
    ok_status(Query(Root, KeyNameInformation, NAME), STATUS_BUFFER_OVERFLOW,
              "room for the fixed part only");
    ok(Length == Needed && Buffer.Name.NameLength == Needed - NAME, "which is right");
    ok_status(Query(Root, KeyNameInformation, Needed), STATUS_SUCCESS, "room for all");
    ok(SameText(Expected, Buffer.Name.Name, Buffer.Name.NameLength), "the name");
    ok_status(NtQueryObject(Root, ObjectNameInformation, &Buffer, sizeof(Buffer), &Length),
              STATUS_SUCCESS, "its name as an object");
    ok(SameText(Expected, ((PUNICODE_STRING)&Buffer)->Buffer, ((PUNICODE_STRING)&Buffer)->Length),
       "is the same");
    OpenKey(NULL, REGISTRY_TEST_ROOT, KEY_SET_VALUE, 0, &Key);
    ok_status(Query(Key, KeyNameInformation, sizeof(Buffer)), STATUS_SUCCESS,
              "it can be asked for with any access");
    ok_status(Query(Key, KeyHandleTagsInformation, sizeof(Buffer)), STATUS_SUCCESS,
              "so can the handle's tags");
    ok(Buffer.Number == 0 && Length == 4, "it has none");
    ok_status(Query(Key, KeyBasicInformation, sizeof(Buffer)), STATUS_ACCESS_DENIED,
              "but nothing else");
    NtClose(Key);
}

static void TestBasicAndNode(HANDLE Key)
{
    ok_status(Query(Key, KeyBasicInformation, BASIC - 1), STATUS_BUFFER_TOO_SMALL,
              "basic: no room");
    ok(Length == BASIC + 22, "the length that is needed");
    ok_status(Query(Key, KeyBasicInformation, BASIC), STATUS_BUFFER_OVERFLOW,
              "basic: room for the fixed part");
    ok(Buffer.Basic.NameLength == 22 && Buffer.Basic.LastWriteTime.QuadPart > 0, "which is right");
    ok_status(Query(Key, KeyBasicInformation, sizeof(Buffer)), STATUS_SUCCESS, "basic");
    ok(SameText(u"test_subkey", Buffer.Basic.Name, 22) && Length == BASIC + 22, "the name");
    ok_status(Query(Key, KeyNodeInformation, NODE - 1), STATUS_BUFFER_TOO_SMALL, "node: no room");
    ok_status(Query(Key, KeyNodeInformation, NODE + 2), STATUS_BUFFER_OVERFLOW,
              "node: room for a character");
    ok(Buffer.Node.ClassOffset == MAXULONG && Buffer.Node.ClassLength == 0 &&
           Buffer.Node.Name[0] == 't' && Length == NODE + 22,
       "there is no class");
    ok_status(Query(Key, KeyFullInformation, FULL - 1), STATUS_BUFFER_TOO_SMALL, "full: no room");
    ok_status(Query(Key, KeyFullInformation, FULL), STATUS_SUCCESS, "full");
    ok(Length == FULL && Buffer.Full.ClassOffset == MAXULONG, "without a class");
}

static void TestCounts(HANDLE Root)
{
    HANDLE Key, Sub;

    CreateKey(Root, u"test_subkey", KEY_ALL_ACCESS, 0, &Key);
    ok_status(Query(Key, KeyCachedInformation, sizeof(Buffer)), STATUS_SUCCESS, "cached");
    ok(Length == sizeof(KEY_CACHED_INFORMATION) && !Buffer.Cached.SubKeys &&
           !Buffer.Cached.MaxNameLen && !Buffer.Cached.Values && !Buffer.Cached.MaxValueNameLen &&
           !Buffer.Cached.MaxValueDataLen && Buffer.Cached.NameLength == 22,
       "of a new key");
    ok_status(Query(Key, KeyCachedInformation, sizeof(KEY_CACHED_INFORMATION) - 1),
              STATUS_BUFFER_TOO_SMALL, "cached: no room");
    CreateKey(Key, u"test_subkey2", KEY_ALL_ACCESS, 0, &Sub);
    SetNumber(Key, u"val", 64);
    Query(Key, KeyCachedInformation, sizeof(Buffer));
    ok(Buffer.Cached.SubKeys == 1 && Buffer.Cached.MaxNameLen == 24 && Buffer.Cached.Values == 1 &&
           Buffer.Cached.MaxValueNameLen == 6 && Buffer.Cached.MaxValueDataLen == 4,
       "with a subkey and a value");
    TestBasicAndNode(Key);
    NtDeleteKey(Sub);
    DeleteValue(Key, u"val");
    Query(Key, KeyFullInformation, sizeof(Buffer));
    ok(!Buffer.Full.SubKeys && !Buffer.Full.MaxNameLen && !Buffer.Full.MaxValueNameLen &&
           !Buffer.Full.MaxValueDataLen,
       "and without them again");
    NtClose(Sub);
    NtDeleteKey(Key);
    NtClose(Key);
}

static void TestOtherClasses(HANDLE Root)
{
    static const KEY_INFORMATION_CLASS Zero[] = {KeyVirtualizationInformation, KeyTrustInformation,
                                                 KeyLayerInformation};
    HANDLE Key;

    for (ULONG i = 0; i < ARRAYSIZE(Zero); i++) {
        ok_status(Query(Root, Zero[i], sizeof(Buffer)), STATUS_SUCCESS, "a class of flags");
        ok(Buffer.Number == 0 && Length == 4, "none is set");
    }
    CreateKey(Root, u"flags", KEY_ALL_ACCESS, REG_OPTION_VOLATILE, &Key);
    ok_status(Query(Key, KeyFlagsInformation, sizeof(Buffer)), STATUS_SUCCESS, "flags");
    ok(Length == 12 && Buffer.Flags.KeyFlags == REG_FLAG_VOLATILE && !Buffer.Flags.ControlFlags,
       "of a volatile key");
    NtDeleteKey(Key);
    NtClose(Key);
    ok_status(Query(Root, (KEY_INFORMATION_CLASS)10, sizeof(Buffer)), STATUS_INVALID_PARAMETER,
              "an unknown class");
    ok_status(NtQueryKey(Root, KeyBasicInformation, (PVOID)8, 64, &Length), STATUS_ACCESS_VIOLATION,
              "a bad buffer");
    ok_status(NtQueryKey(Root, KeyBasicInformation, &Buffer, 64, NULL), STATUS_ACCESS_VIOLATION,
              "no place for the length");
    ok_status(NtQueryKey(NULL, KeyBasicInformation, &Buffer, 64, &Length), STATUS_INVALID_HANDLE,
              "no handle");
}

static void TestSetInformation(HANDLE Root)
{
    KEY_WRITE_TIME_INFORMATION Time = {{.QuadPart = 0x123456789}};
    ULONG Flags = 2;
    HANDLE Key;

    ok_status(NtSetInformationKey(Root, KeyWriteTimeInformation, &Time, sizeof(Time)),
              STATUS_SUCCESS, "set the time of the last write");
    Query(Root, KeyBasicInformation, sizeof(Buffer));
    ok(Buffer.Basic.LastWriteTime.QuadPart == 0x123456789, "it is set");
    SetNumber(Root, u"value", 1);
    Query(Root, KeyBasicInformation, sizeof(Buffer));
    ok(Buffer.Basic.LastWriteTime.QuadPart > 0x123456789, "a value changes it");
    DeleteValue(Root, u"value");
    ok_status(NtSetInformationKey(Root, KeyControlFlagsInformation, &Flags, sizeof(Flags)),
              STATUS_SUCCESS, "set flags");
    Query(Root, KeyFlagsInformation, sizeof(Buffer));
    ok(Buffer.Flags.ControlFlags == 2 && Buffer.Flags.Wow64Flags == 0, "they are set");
    ok_status(NtSetInformationKey(Root, KeyWriteTimeInformation, &Time, 4),
              STATUS_INFO_LENGTH_MISMATCH, "a wrong length");
    ok_status(NtSetInformationKey(Root, MaxKeySetInfoClass, &Time, 4), STATUS_INVALID_INFO_CLASS,
              "an unknown class");
    ok_status(NtSetInformationKey(Root, KeySetHandleTagsInformation, &Flags, 4),
              STATUS_NOT_IMPLEMENTED, "a class that nothing would come of");
    ok_status(NtSetInformationKey(Root, KeyWriteTimeInformation, (PVOID)8, sizeof(Time)),
              STATUS_ACCESS_VIOLATION, "a bad buffer");
    OpenKey(NULL, REGISTRY_TEST_ROOT, KEY_READ, 0, &Key);
    ok_status(NtSetInformationKey(Key, KeyWriteTimeInformation, &Time, sizeof(Time)),
              STATUS_ACCESS_DENIED, "without KEY_SET_VALUE");
    NtClose(Key);
}

static WCHAR NameAt(HANDLE Key, ULONG Index)
{
    ULONG Needed;

    return NtEnumerateKey(Key, Index, KeyBasicInformation, &Buffer, sizeof(Buffer), &Needed) ==
                   STATUS_SUCCESS
               ? Buffer.Basic.Name[0]
               : 0;
}

static void TestOrder(HANDLE Root)
{
    static const WCHAR *const Names[] = {u"m", u"B", u"a", u"Z"};
    HANDLE Key, Subs[5];

    CreateKey(Root, u"order", KEY_ALL_ACCESS, 0, &Key);
    ok_status(NtEnumerateKey(Key, 0, KeyBasicInformation, &Buffer, 64, &Length),
              STATUS_NO_MORE_ENTRIES, "no subkeys");
    for (ULONG i = 0; i < 4; i++)
        CreateKey(Key, Names[i], KEY_ALL_ACCESS, 0, &Subs[i]);
    CreateKey(Key, u"A volatile one", KEY_ALL_ACCESS, REG_OPTION_VOLATILE, &Subs[4]);
    ok(NameAt(Key, 0) == 'a' && NameAt(Key, 1) == 'B' && NameAt(Key, 2) == 'm' &&
           NameAt(Key, 3) == 'Z' && NameAt(Key, 4) == 'A' && !NameAt(Key, 5),
       "in the order of upper case, volatile ones last");
    NtDeleteKey(Subs[1]);
    ok(NameAt(Key, 1) == 'm' && NameAt(Key, 3) == 'A' && !NameAt(Key, 4), "one less");
    ok_status(NtEnumerateKey(Key, 0, KeyFullInformation, &Buffer, sizeof(Buffer), &Length),
              STATUS_SUCCESS, "full information of one");
    ok_status(NtEnumerateKey(Key, 0, KeyNodeInformation, &Buffer, NODE, &Length),
              STATUS_BUFFER_OVERFLOW, "node information, with room for the fixed part");
    ok(Length == NODE + 2, "the length that is needed");
    ok_status(NtEnumerateKey(Key, 0, KeyNameInformation, &Buffer, sizeof(Buffer), &Length),
              STATUS_INVALID_PARAMETER, "a class that is not for this");
    ok_status(NtEnumerateKey(Key, 0, KeyBasicInformation, &Buffer, sizeof(Buffer), NULL),
              STATUS_ACCESS_VIOLATION, "no place for the length");
    for (ULONG i = 0; i < 5; i++) {
        NtDeleteKey(Subs[i]);
        NtClose(Subs[i]);
    }
    NtDeleteKey(Key);
    NtClose(Key);
    OpenKey(NULL, REGISTRY_TEST_ROOT, KEY_QUERY_VALUE, 0, &Key);
    ok_status(NtEnumerateKey(Key, 0, KeyBasicInformation, &Buffer, 64, &Length),
              STATUS_ACCESS_DENIED, "without KEY_ENUMERATE_SUB_KEYS");
    NtClose(Key);
}

static NTSTATUS Rename(HANDLE Key, PCWSTR Name)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Name);
    return NtRenameKey(Key, &String);
}

static void TestRename(HANDLE Root)
{
    HANDLE Key, Sub, Other;

    ok_status(NtRenameKey(NULL, NULL), STATUS_ACCESS_VIOLATION, "no name");
    ok_status(Rename(NULL, u"name"), STATUS_INVALID_HANDLE, "no key");
    CreateKey(Root, u"rename_subkey", KEY_READ | DELETE, 0, &Key);
    ok_status(Rename(Key, u""), STATUS_INVALID_PARAMETER, "an empty name");
    ok_status(Rename(Key, u"a\\b"), STATUS_INVALID_PARAMETER, "a path");
    ok_status(Rename(Key, u"renamed_subkey"), STATUS_ACCESS_DENIED, "without KEY_WRITE");
    NtClose(Key);
    CreateKey(Root, u"rename_subkey", KEY_ALL_ACCESS, 0, &Key);
    CreateKey(Root, u"other", KEY_ALL_ACCESS, 0, &Other);
    CreateKey(Key, u"sub", KEY_ALL_ACCESS, 0, &Sub);
    ok_status(Rename(Key, u"rename_subkey"), STATUS_CANNOT_DELETE, "to its own name");
    ok_status(Rename(Key, u"OTHER"), STATUS_CANNOT_DELETE, "to another key's");
    ok_status(Rename(Key, u"renamed"), STATUS_SUCCESS, "to a new one");
    Query(Sub, KeyNameInformation, sizeof(Buffer));
    ok(SameText(u"\\REGISTRY\\MACHINE\\SOFTWARE\\Neptune test\\renamed\\sub", Buffer.Name.Name,
                Buffer.Name.NameLength),
       "what is below it has another path");
    ok_status(OpenKey(Root, u"rename_subkey", KEY_READ, 0, &Other), STATUS_OBJECT_NAME_NOT_FOUND,
              "the old name is gone");
    ok(NameAt(Root, 0) == 'o' && NameAt(Root, 1) == 'r', "the order is right");
    NtDeleteKey(Sub);
    ok_status(NtDeleteKey(Key), STATUS_SUCCESS, "delete it");
    ok_status(Rename(Key, u"again"), STATUS_KEY_DELETED, "to rename what is gone");
    NtClose(Sub);
    NtClose(Key);
    DeleteTree(Root, u"other");
}

static WCHAR TargetPath[] = REGISTRY_TEST_ROOT u"\\target";
#define TARGET_BYTES (sizeof(TargetPath) - sizeof(WCHAR))

static NTSTATUS SetLink(HANDLE Link, PCWSTR Target, ULONG Bytes)
{
    return SetValue(Link, u"SymbolicLinkValue", REG_LINK, Target, Bytes);
}

static void TestLinkItself(HANDLE Root)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"link");
    OBJECT_ATTRIBUTES Object;
    UCHAR Data[200];
    HANDLE Key;

    InitializeObjectAttributes(&Object, &Name, OBJ_CASE_INSENSITIVE | OBJ_OPENLINK, Root, NULL);
    ok_status(NtOpenKey(&Key, KEY_ALL_ACCESS, &Object), STATUS_SUCCESS, "open the link itself");
    RtlInitUnicodeString(&Name, u"SymbolicLinkValue");
    ok_status(NtQueryValueKey(Key, &Name, KeyValuePartialInformation, Data, sizeof(Data), &Length),
              STATUS_SUCCESS, "it has its value");
    Query(Key, KeyFlagsInformation, sizeof(Buffer));
    ok(Buffer.Flags.KeyFlags == REG_FLAG_LINK, "it says that it is a link");
    NtClose(Key);
    RtlInitUnicodeString(&Name, u"link");
    ok_status(NtOpenKeyEx(&Key, KEY_ALL_ACCESS, &Object, REG_OPTION_OPEN_LINK), STATUS_SUCCESS,
              "by NtOpenKeyEx");
    NtClose(Key);
    Object.Attributes = OBJ_CASE_INSENSITIVE;
    ok_status(NtOpenKeyEx(&Key, KEY_ALL_ACCESS, &Object, REG_OPTION_OPEN_LINK), STATUS_SUCCESS,
              "whose option does not matter");
    RtlInitUnicodeString(&Name, u"SymbolicLinkValue");
    ok_status(NtQueryValueKey(Key, &Name, KeyValuePartialInformation, Data, sizeof(Data), &Length),
              STATUS_OBJECT_NAME_NOT_FOUND, "that was the target");
    NtClose(Key);
}

static void TestLinkTargets(HANDLE Root, HANDLE Link)
{
    WCHAR Loop[] = REGISTRY_TEST_ROOT u"\\link\\target";
    HANDLE Key;

    ok_status(SetLink(Link, TargetPath, sizeof(TargetPath)), STATUS_SUCCESS, "a target with a NUL");
    ok_status(OpenKey(Root, u"link", KEY_READ, 0, &Key), STATUS_OBJECT_NAME_NOT_FOUND,
              "is another name");
    ok_status(SetLink(Link, u"target", 12), STATUS_SUCCESS, "a relative target");
    ok_status(OpenKey(Root, u"link", KEY_READ, 0, &Key), STATUS_OBJECT_NAME_INVALID,
              "leads nowhere");
    ok_status(SetLink(Link, u"\\Device\\Null", 24), STATUS_SUCCESS, "a target that is no key");
    ok_status(OpenKey(Root, u"link", KEY_READ, 0, &Key), STATUS_OBJECT_NAME_NOT_FOUND,
              "leads nowhere");
    ok_status(SetLink(Link, Loop, sizeof(Loop) - sizeof(WCHAR)), STATUS_SUCCESS,
              "a target behind the link");
    ok_status(OpenKey(Root, u"link", KEY_READ, 0, &Key), STATUS_INVALID_PARAMETER,
              "leads round and round");
    ok_status(OpenKey(Root, u"link", KEY_READ, OBJ_OPENLINK, &Key), STATUS_SUCCESS,
              "the link itself can be opened");
    NtClose(Key);
}

static void TestLinks(HANDLE Root)
{
    HANDLE Link, Key = (HANDLE)8, Sub;

    ok_status(CreateKey(Root, u"link", KEY_ALL_ACCESS, REG_OPTION_CREATE_LINK, &Link),
              STATUS_SUCCESS, "a symbolic link");
    ok_status(OpenKey(Root, u"link", KEY_READ, 0, &Key), STATUS_OBJECT_NAME_NOT_FOUND,
              "which leads nowhere");
    ok(Key == NULL, "no handle");
    ok_status(SetValue(Link, u"SymbolicLinkValue", REG_SZ, TargetPath, TARGET_BYTES),
              STATUS_ACCESS_DENIED, "a target of another type");
    ok_status(SetLink(Link, TargetPath, TARGET_BYTES), STATUS_SUCCESS, "a target");
    ok_status(SetValue(Link, u"link", REG_LINK, TargetPath, TARGET_BYTES), STATUS_ACCESS_DENIED,
              "another value");
    ok_status(CreateKey(Link, u"below", KEY_READ, 0, &Sub), STATUS_ACCESS_DENIED,
              "a key below the link");
    ok_status(OpenKey(Root, u"link", KEY_READ, 0, &Key), STATUS_OBJECT_NAME_NOT_FOUND,
              "the target is not there");
    ok_status(CreateKey(Root, u"link", KEY_ALL_ACCESS, 0, &Key), STATUS_SUCCESS,
              "it is made through the link");
    ok_status(SetNumber(Key, u"value", 0xbeef), STATUS_SUCCESS, "it takes values");
    ok_status(SetLink(Key, TargetPath, TARGET_BYTES), STATUS_SUCCESS,
              "and those that would make a link of another key");
    DeleteValue(Key, u"SymbolicLinkValue");
    ok_status(CreateKey(Key, u"sub", KEY_ALL_ACCESS, 0, &Sub), STATUS_SUCCESS, "a subkey");
    NtClose(Sub);
    ok_status(OpenKey(Root, u"link\\sub", KEY_ALL_ACCESS, 0, &Sub), STATUS_SUCCESS,
              "is found through the link");
    NtDeleteKey(Sub);
    NtClose(Sub);
    NtClose(Key);
    TestLinkItself(Root);
    ok_status(CreateKey(Root, u"link", KEY_ALL_ACCESS, REG_OPTION_CREATE_LINK, &Key),
              STATUS_OBJECT_NAME_COLLISION, "another link of that name");
    TestLinkTargets(Root, Link);
    ok_status(NtDeleteKey(Link), STATUS_SUCCESS, "delete the link");
    NtClose(Link);
    ok_status(OpenKey(Root, u"target", KEY_ALL_ACCESS, 0, &Key), STATUS_SUCCESS,
              "the target is there");
    NtDeleteKey(Key);
    NtClose(Key);
}

static void TestViews(void)
{
    HANDLE Key;

    ok_status(OpenKey(NULL, REGISTRY_TEST_ROOT, KEY_READ | KEY_WOW64_64KEY, 0, &Key),
              STATUS_SUCCESS, "the view of 64 bits");
    NtClose(Key);
    ok_status(OpenKey(NULL, REGISTRY_TEST_ROOT, KEY_READ | KEY_WOW64_32KEY, 0, &Key),
              STATUS_SUCCESS, "the view of 32 bits");
    NtQueryObject(Key, ObjectBasicInformation, &Buffer, sizeof(OBJECT_BASIC_INFORMATION), &Length);
    ok(((POBJECT_BASIC_INFORMATION)&Buffer)->GrantedAccess == KEY_READ,
       "these bits are not granted");
    NtClose(Key);
    OpenKey(NULL, REGISTRY_TEST_ROOT, MAXIMUM_ALLOWED, 0, &Key);
    NtQueryObject(Key, ObjectBasicInformation, &Buffer, sizeof(OBJECT_BASIC_INFORMATION), &Length);
    ok(((POBJECT_BASIC_INFORMATION)&Buffer)->GrantedAccess == KEY_ALL_ACCESS, "all access");
    NtClose(Key);
}

/* A descriptor with these rights for everybody, as a client gives it. */
static PSECURITY_DESCRIPTOR Everybody(ACCESS_MASK Access)
{
    static SECURITY_DESCRIPTOR Descriptor;
    static union {
        ACL Acl;
        UCHAR Bytes[64];
    } Dacl;
    static SID World = {SID_REVISION, 1, {{0, 0, 0, 0, 0, 1}}, {0}};

    RtlCreateSecurityDescriptor(&Descriptor, SECURITY_DESCRIPTOR_REVISION);
    RtlCreateAcl(&Dacl.Acl, sizeof(Dacl), ACL_REVISION);
    RtlAddAccessAllowedAce(&Dacl.Acl, ACL_REVISION, Access, &World);
    RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, &Dacl.Acl, FALSE);
    return &Descriptor;
}

static void TestKeySecurity(HANDLE Root)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"secured");
    OBJECT_ATTRIBUTES Object;
    HANDLE Key, Other, Sub;

    InitializeObjectAttributes(&Object, &Name, OBJ_CASE_INSENSITIVE, Root, NULL);
    Object.SecurityDescriptor = (PVOID)Everybody(KEY_READ);
    ok_status(NtCreateKey(&Key, KEY_ALL_ACCESS, &Object, 0, NULL, 0, NULL), STATUS_SUCCESS,
              "a key that can be read only gives its maker all access");
    Object.SecurityDescriptor = NULL;
    ok_status(NtOpenKey(&Other, KEY_READ, &Object), STATUS_SUCCESS, "it can be opened to read");
    ok_status(CreateKey(Other, u"sub", KEY_READ, 0, &Sub), STATUS_ACCESS_DENIED,
              "nobody makes a key below it");
    NtClose(Other);
    ok_status(NtOpenKey(&Other, KEY_WRITE, &Object), STATUS_ACCESS_DENIED, "or opens it to write");
    ok_status(NtCreateKey(&Other, KEY_SET_VALUE, &Object, 0, NULL, 0, NULL), STATUS_ACCESS_DENIED,
              "by whichever service");
    ok_status(
        NtQuerySecurityObject(Key, DACL_SECURITY_INFORMATION, &Buffer, sizeof(Buffer), &Length),
        STATUS_SUCCESS, "query its descriptor");
    ok_status(NtSetSecurityObject(Key, DACL_SECURITY_INFORMATION, Everybody(KEY_ALL_ACCESS)),
              STATUS_SUCCESS, "set another one");
    ok_status(NtOpenKey(&Other, KEY_WRITE, &Object), STATUS_SUCCESS, "it holds for all who open");
    ok_status(CreateKey(Other, u"sub", KEY_ALL_ACCESS, 0, &Sub), STATUS_SUCCESS,
              "and make keys below it");
    NtDeleteKey(Sub);
    NtClose(Sub);
    NtClose(Other);
    NtDeleteKey(Key);
    NtClose(Key);
}

void TestRegistryKeys(HANDLE Root)
{
    TestName(Root);
    TestCounts(Root);
    TestOtherClasses(Root);
    TestSetInformation(Root);
    TestOrder(Root);
    TestRename(Root);
    TestLinks(Root);
    TestViews();
    TestKeySecurity(Root);
}
