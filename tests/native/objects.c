/* SPDX-License-Identifier: BSD-2-Clause */
/* Handles, directories, symbolic links, access. */
#include "tap.h"

static void Name(POBJECT_ATTRIBUTES Attributes, PUNICODE_STRING String, PCWSTR Text, ULONG Flags)
{
    RtlInitUnicodeString(String, Text);
    InitializeObjectAttributes(Attributes, String, Flags, NULL, NULL);
}

static void TestHandles(void)
{
    HANDLE Event, Copy;

    ok_status(NtClose(NULL), STATUS_INVALID_HANDLE, "close the null handle");
    ok_status(NtClose((HANDLE)(ULONG_PTR)0xdeadbee0), STATUS_INVALID_HANDLE, "close a wild handle");
    if (!ok_status(NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE), STATUS_SUCCESS,
                   "create an event without a name"))
        return;
    ok(((ULONG_PTR)Event & 3) == 0 && Event != NULL, "handles are multiples of four");
    ok_status(NtDuplicateObject(NtCurrentProcess(), Event, NtCurrentProcess(), &Copy, SYNCHRONIZE, 0, 0),
              STATUS_SUCCESS, "duplicate it with less access");
    ok_status(NtSetEvent(Copy, NULL), STATUS_ACCESS_DENIED, "the copy lacks EVENT_MODIFY_STATE");
    ok_status(NtSetEvent(Event, NULL), STATUS_SUCCESS, "the original has it");
    ok_status(NtWaitForSingleObject(Copy, FALSE, NULL), STATUS_SUCCESS, "both are the same event");
    ok_status(NtClose(Event), STATUS_SUCCESS, "close the original");
    ok_status(NtSetEvent(Event, NULL), STATUS_INVALID_HANDLE, "a closed handle is invalid");
    ok_status(NtWaitForSingleObject(Copy, FALSE, NULL), STATUS_SUCCESS, "the object lives on in the copy");
    ok_status(NtClose(Copy), STATUS_SUCCESS, "close the copy");
    ok_status(NtSetEvent(NtCurrentProcess(), NULL), STATUS_OBJECT_TYPE_MISMATCH, "a process is no event");
}

static void TestDirectories(void)
{
    static UCHAR Buffer[2048];
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    HANDLE Directory, Other;
    ULONG Context = 0, Length;

    Name(&Attributes, &String, u"\\UmTest", 0);
    if (!ok_status(NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, &Attributes), STATUS_SUCCESS,
                   "create a directory"))
        return;
    ok_status(NtCreateDirectoryObject(&Other, DIRECTORY_ALL_ACCESS, &Attributes), STATUS_OBJECT_NAME_COLLISION,
              "not twice");
    Name(&Attributes, &String, u"\\umtest", OBJ_CASE_INSENSITIVE);
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes), STATUS_SUCCESS,
              "open it by another case");
    ok_status(NtQueryDirectoryObject(Other, Buffer, sizeof(Buffer), FALSE, TRUE, &Context, &Length),
              STATUS_NO_MORE_ENTRIES, "it is empty");
    NtClose(Other);
    Name(&Attributes, &String, u"\\UmTest\\a\\b", 0);
    ok_status(NtCreateDirectoryObject(&Other, DIRECTORY_ALL_ACCESS, &Attributes), STATUS_OBJECT_PATH_NOT_FOUND,
              "a path with a missing part");
    Name(&Attributes, &String, u"UmTest", 0);
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes), STATUS_OBJECT_PATH_SYNTAX_BAD,
              "a relative name without a root");
    Attributes.RootDirectory = Directory;
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes), STATUS_OBJECT_NAME_NOT_FOUND,
              "a name that is not in the root directory given");
    NtClose(Directory);
    Name(&Attributes, &String, u"\\UmTest", 0);
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes), STATUS_OBJECT_NAME_NOT_FOUND,
              "a temporary directory goes with its last handle");
    String.Length = 3;
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes), STATUS_OBJECT_NAME_INVALID,
              "a name of odd length");
    String.Buffer = (PWSTR)0x10;
    String.Length = 8;
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes), STATUS_ACCESS_VIOLATION,
              "a name at a bad address");
}

static void TestLinks(void)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String, Target;
    WCHAR Buffer[64];
    HANDLE Link, Directory, Loop;

    Name(&Attributes, &String, u"\\UmLink", 0);
    RtlInitUnicodeString(&Target, u"\\Device");
    if (!ok_status(NtCreateSymbolicLinkObject(&Link, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target), STATUS_SUCCESS,
                   "create a symbolic link"))
        return;
    ok_status(NtOpenDirectoryObject(&Directory, DIRECTORY_QUERY, &Attributes), STATUS_SUCCESS, "open through it");
    NtClose(Directory);
    Target.Buffer = Buffer;
    Target.MaximumLength = sizeof(Buffer);
    ok_status(NtQuerySymbolicLinkObject(Link, &Target, NULL), STATUS_SUCCESS, "read its target");
    ok(Target.Length == 14 && Buffer[1] == 'D', "the target is what was given");
    Target.MaximumLength = 4;
    ok_status(NtQuerySymbolicLinkObject(Link, &Target, NULL), STATUS_BUFFER_TOO_SMALL, "into a buffer too small");
    NtClose(Link);
    Name(&Attributes, &String, u"\\UmLoop", 0);
    RtlInitUnicodeString(&Target, u"\\UmLoop\\x");
    if (ok_status(NtCreateSymbolicLinkObject(&Loop, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target), STATUS_SUCCESS,
                  "a link to itself can be made")) {
        ok(!NT_SUCCESS(NtOpenDirectoryObject(&Directory, DIRECTORY_QUERY, &Attributes)), "but not followed for ever");
        NtClose(Loop);
    }
}

void TestObjects(void)
{
    TestHandles();
    TestDirectories();
    TestLinks();
}
