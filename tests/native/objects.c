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
    if (!ok_status(NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE),
                   STATUS_SUCCESS, "create an event without a name"))
        return;
    ok(((ULONG_PTR)Event & 3) == 0 && Event != NULL, "handles are multiples of four");
    ok_status(
        NtDuplicateObject(NtCurrentProcess(), Event, NtCurrentProcess(), &Copy, SYNCHRONIZE, 0, 0),
        STATUS_SUCCESS, "duplicate it with less access");
    ok_status(NtSetEvent(Copy, NULL), STATUS_ACCESS_DENIED, "the copy lacks EVENT_MODIFY_STATE");
    ok_status(NtSetEvent(Event, NULL), STATUS_SUCCESS, "the original has it");
    ok_status(NtWaitForSingleObject(Copy, FALSE, NULL), STATUS_SUCCESS, "both are the same event");
    ok_status(NtClose(Event), STATUS_SUCCESS, "close the original");
    ok_status(NtSetEvent(Event, NULL), STATUS_INVALID_HANDLE, "a closed handle is invalid");
    ok_status(NtWaitForSingleObject(Copy, FALSE, NULL), STATUS_SUCCESS,
              "the object lives on in the copy");
    ok_status(NtClose(Copy), STATUS_SUCCESS, "close the copy");
    ok_status(NtSetEvent(NtCurrentProcess(), NULL), STATUS_OBJECT_TYPE_MISMATCH,
              "a process is no event");
}

static void TestDirectories(void)
{
    static UCHAR Buffer[2048];
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    HANDLE Directory, Other;
    ULONG Context = 0, Length;

    Name(&Attributes, &String, u"\\UmTest", 0);
    if (!ok_status(NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, &Attributes),
                   STATUS_SUCCESS, "create a directory"))
        return;
    ok_status(NtCreateDirectoryObject(&Other, DIRECTORY_ALL_ACCESS, &Attributes),
              STATUS_OBJECT_NAME_COLLISION, "not twice");
    Name(&Attributes, &String, u"\\umtest", OBJ_CASE_INSENSITIVE);
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes), STATUS_SUCCESS,
              "open it by another case");
    ok_status(NtQueryDirectoryObject(Other, Buffer, sizeof(Buffer), FALSE, TRUE, &Context, &Length),
              STATUS_NO_MORE_ENTRIES, "it is empty");
    NtClose(Other);
    Name(&Attributes, &String, u"\\UmTest\\a\\b", 0);
    ok_status(NtCreateDirectoryObject(&Other, DIRECTORY_ALL_ACCESS, &Attributes),
              STATUS_OBJECT_PATH_NOT_FOUND, "a path with a missing part");
    Name(&Attributes, &String, u"UmTest", 0);
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes),
              STATUS_OBJECT_PATH_SYNTAX_BAD, "a relative name without a root");
    Attributes.RootDirectory = Directory;
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes),
              STATUS_OBJECT_NAME_NOT_FOUND, "a name that is not in the root directory given");
    NtClose(Directory);
    Name(&Attributes, &String, u"\\UmTest", 0);
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes),
              STATUS_OBJECT_NAME_NOT_FOUND, "a temporary directory goes with its last handle");
    String.Length = 3;
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes),
              STATUS_OBJECT_NAME_INVALID, "a name of odd length");
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
    if (!ok_status(
            NtCreateSymbolicLinkObject(&Link, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target),
            STATUS_SUCCESS, "create a symbolic link"))
        return;
    ok_status(NtOpenDirectoryObject(&Directory, DIRECTORY_QUERY, &Attributes), STATUS_SUCCESS,
              "open through it");
    NtClose(Directory);
    Target.Buffer = Buffer;
    Target.MaximumLength = sizeof(Buffer);
    ok_status(NtQuerySymbolicLinkObject(Link, &Target, NULL), STATUS_SUCCESS, "read its target");
    ok(Target.Length == 14 && Buffer[1] == 'D', "the target is what was given");
    Target.MaximumLength = 4;
    ok_status(NtQuerySymbolicLinkObject(Link, &Target, NULL), STATUS_BUFFER_TOO_SMALL,
              "into a buffer too small");
    NtClose(Link);
    Name(&Attributes, &String, u"\\UmLoop", 0);
    RtlInitUnicodeString(&Target, u"\\UmLoop\\x");
    if (ok_status(NtCreateSymbolicLinkObject(&Loop, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target),
                  STATUS_SUCCESS, "a link to itself can be made")) {
        ok(!NT_SUCCESS(NtOpenDirectoryObject(&Directory, DIRECTORY_QUERY, &Attributes)),
           "but not followed for ever");
        NtClose(Loop);
    }
}

static void TestCase(void)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    HANDLE First, Second, Third;

    Name(&Attributes, &String, u"\\BaseNamedObjects\\UmCase", 0);
    ok_status(NtCreateEvent(&First, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, TRUE),
              STATUS_SUCCESS, "an event with a name");
    Name(&Attributes, &String, u"\\BaseNamedObjects\\umcase", 0);
    ok_status(NtCreateEvent(&Second, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE),
              STATUS_SUCCESS, "another one whose name differs in case");
    Name(&Attributes, &String, u"\\BaseNamedObjects\\UMCASE", 0);
    ok_status(NtOpenEvent(&Third, EVENT_ALL_ACCESS, &Attributes), STATUS_OBJECT_NAME_NOT_FOUND,
              "a third spelling is nobody's");
    Attributes.Attributes = OBJ_CASE_INSENSITIVE;
    ok_status(NtOpenEvent(&Third, EVENT_ALL_ACCESS, &Attributes), STATUS_SUCCESS,
              "unless case is ignored");
    NtClose(Third);
    ok_status(NtCreateEvent(&Third, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE),
              STATUS_OBJECT_NAME_COLLISION, "then the name is taken");
    Name(&Attributes, &String, u"\\basenamedobjects\\UmCase", 0);
    ok_status(NtOpenEvent(&Third, EVENT_ALL_ACCESS, &Attributes), STATUS_OBJECT_PATH_NOT_FOUND,
              "case counts in every component");
    NtClose(First);
    NtClose(Second);
}

static void TestRoots(void)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String, Target = RTL_CONSTANT_STRING(u"\\Device");
    HANDLE Directory, Link, Other;

    Name(&Attributes, &String, u"\\UmRoot", 0);
    NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, &Attributes);
    InitializeObjectAttributes(&Attributes, NULL, 0, Directory, NULL);
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes),
              STATUS_OBJECT_NAME_INVALID, "a directory as root and no name");
    Name(&Attributes, &String, u"", 0);
    Attributes.RootDirectory = Directory;
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes),
              STATUS_OBJECT_NAME_INVALID, "a directory as root and an empty name");
    ok_status(NtOpenEvent(&Other, EVENT_ALL_ACCESS, &Attributes), STATUS_OBJECT_NAME_INVALID,
              "for another type too");
    if (ok_status(NtCreateEvent(&Other, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE),
                  STATUS_SUCCESS, "what is made so has no name"))
        NtClose(Other);
    Name(&Attributes, &String, u"\\UmRootLink", 0);
    NtCreateSymbolicLinkObject(&Link, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target);
    Name(&Attributes, &String, u"Null", 0);
    Attributes.RootDirectory = Link;
    ok_status(NtOpenDirectoryObject(&Other, DIRECTORY_QUERY, &Attributes),
              STATUS_OBJECT_TYPE_MISMATCH, "a symbolic link as root");
    NtCreateEvent(&Other, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    Attributes.RootDirectory = Other;
    ok_status(NtOpenDirectoryObject(&Directory, DIRECTORY_QUERY, &Attributes),
              STATUS_OBJECT_TYPE_MISMATCH, "an event as root");
    NtClose(Other);
    NtClose(Link);
    Name(&Attributes, &String, u"\\", 0);
    ok_status(NtCreateSymbolicLinkObject(&Link, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target),
              STATUS_OBJECT_TYPE_MISMATCH, "a link with the root's name");
    ok_status(NtCreateEvent(&Other, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE),
              STATUS_OBJECT_TYPE_MISMATCH, "an event with the root's name");
    ok_status(NtCreateDirectoryObject(&Other, DIRECTORY_ALL_ACCESS, &Attributes),
              STATUS_OBJECT_NAME_COLLISION, "a directory with the root's name");
}

/* Names that come and go while a directory is listed: each that stays is seen once. */
static void TestListing(void)
{
    enum { NAMES = 300 };
    static HANDLE Handles[NAMES];
    static UCHAR Buffer[512];
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    HANDLE Directory;
    WCHAR Text[8] = u"n";
    ULONG Context = 0, Seen = 0, Calls = 0;

    Name(&Attributes, &String, u"\\UmListing", 0);
    NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, &Attributes);
    for (ULONG i = 0; i < NAMES; i++) {
        Text[1] = (WCHAR)('a' + i / 26);
        Text[2] = (WCHAR)('a' + i % 26);
        Text[3] = 0;
        Name(&Attributes, &String, Text, 0);
        Attributes.RootDirectory = Directory;
        NtCreateEvent(&Handles[i], EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE);
    }
    while (NT_SUCCESS(
        NtQueryDirectoryObject(Directory, Buffer, sizeof(Buffer), TRUE, !Calls, &Context, NULL))) {
        Seen++;
        if (Calls < NAMES / 2)
            NtClose(Handles[Calls]); /* what was seen goes */
        Calls++;
    }
    ok(Seen == NAMES, "names that go behind the reader make it skip none");
    ok_status(
        NtQueryDirectoryObject(Directory, Buffer, sizeof(Buffer), TRUE, FALSE, &Context, NULL),
        STATUS_NO_MORE_ENTRIES, "the end stays the end");
    for (ULONG i = NAMES / 2; i < NAMES; i++)
        NtClose(Handles[i]);
    NtClose(Directory);
}

static NTSTATUS Event(PCWSTR Text, ULONG Flags, PHANDLE Handle)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;

    Name(&Attributes, &String, Text, Flags);
    return NtCreateEvent(Handle, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE);
}

static NTSTATUS OpenEvent(PCWSTR Text, ULONG Flags, PHANDLE Handle)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;

    Name(&Attributes, &String, Text, Flags);
    return NtOpenEvent(Handle, EVENT_ALL_ACCESS, &Attributes);
}

static void TestExclusive(void)
{
    HANDLE First, Second;

    ok_status(Event(NULL, OBJ_EXCLUSIVE | OBJ_INHERIT, &First), STATUS_INVALID_PARAMETER,
              "exclusive handles are not inherited");
    ok_status(Event(u"\\BaseNamedObjects\\UmAlone", OBJ_EXCLUSIVE, &First), STATUS_SUCCESS,
              "an exclusive event");
    ok_status(OpenEvent(u"\\BaseNamedObjects\\UmAlone", OBJ_EXCLUSIVE, &Second), STATUS_SUCCESS,
              "its owner opens it again");
    NtClose(Second);
    NtClose(First);
    Event(u"\\BaseNamedObjects\\UmAlone", 0, &First);
    ok_status(OpenEvent(u"\\BaseNamedObjects\\UmAlone", OBJ_EXCLUSIVE, &Second),
              STATUS_INVALID_PARAMETER, "one that was not made so does not become it");
    NtClose(First);
}

static void TestPermanent(void)
{
    HANDLE First, Second;
    OBJECT_BASIC_INFORMATION Basic;

    ok_status(Event(u"\\BaseNamedObjects\\UmStays", OBJ_PERMANENT, &First), STATUS_SUCCESS,
              "a permanent event");
    NtQueryObject(First, ObjectBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.Attributes & OBJ_PERMANENT, "it says so");
    NtSetEvent(First, NULL);
    NtClose(First);
    ok_status(OpenEvent(u"\\BaseNamedObjects\\UmStays", 0, &First), STATUS_SUCCESS,
              "it stays without handles");
    ok_status(NtWaitForSingleObject(First, FALSE, NULL), STATUS_SUCCESS, "with its state");
    ok_status(Event(u"\\BaseNamedObjects\\UmStays", OBJ_OPENIF, &Second), STATUS_OBJECT_NAME_EXISTS,
              "make it or open it");
    ok_status(NtCompareObjects(First, Second), STATUS_SUCCESS, "it is the same");
    NtClose(Second);
    ok_status(NtMakeTemporaryObject(First), STATUS_SUCCESS, "make it temporary");
    NtClose(First);
    ok_status(OpenEvent(u"\\BaseNamedObjects\\UmStays", 0, &First), STATUS_OBJECT_NAME_NOT_FOUND,
              "then it goes");
}

static void TestHandleFlags(void)
{
    OBJECT_HANDLE_FLAG_INFORMATION Flags = {TRUE, TRUE};
    HANDLE First, Second;

    Event(NULL, 0, &First);
    ok_status(NtSetInformationObject(First, ObjectBasicInformation, &Flags, sizeof(Flags)),
              STATUS_INVALID_INFO_CLASS, "a class that cannot be set");
    ok_status(NtSetInformationObject(First, ObjectHandleFlagInformation, &Flags, 1),
              STATUS_INFO_LENGTH_MISMATCH, "a wrong length");
    ok_status(NtSetInformationObject(First, ObjectHandleFlagInformation, NULL, sizeof(Flags)),
              STATUS_ACCESS_VIOLATION, "a bad address");
    ok_status(NtSetInformationObject(NULL, ObjectHandleFlagInformation, &Flags, sizeof(Flags)),
              STATUS_INVALID_HANDLE, "no handle");
    ok_status(NtSetInformationObject(First, ObjectHandleFlagInformation, &Flags, sizeof(Flags)),
              STATUS_SUCCESS, "inherited and protected");
    ok_status(NtClose(First), STATUS_HANDLE_NOT_CLOSABLE, "a protected handle stays");
    Flags.Inherit = 9;
    NtQueryObject(First, ObjectHandleFlagInformation, &Flags, sizeof(Flags), NULL);
    ok(Flags.Inherit == TRUE && Flags.ProtectFromClose == TRUE, "both are told");
    Flags.Inherit = Flags.ProtectFromClose = FALSE;
    NtSetInformationObject(First, ObjectHandleFlagInformation, &Flags, sizeof(Flags));
    Event(NULL, 0, &Second);
    ok_status(NtCompareObjects(First, Second), STATUS_NOT_SAME_OBJECT, "two events");
    ok_status(NtCompareObjects(First, NULL), STATUS_INVALID_HANDLE, "an event and nothing");
    NtDuplicateObject(NtCurrentProcess(), First, NtCurrentProcess(), &Second, 0, 0,
                      DUPLICATE_SAME_ACCESS);
    ok_status(NtCompareObjects(First, Second), STATUS_SUCCESS, "two handles to one");
    ok_status(NtCompareObjects(NtCurrentProcess(), NtCurrentProcess()), STATUS_SUCCESS,
              "pseudo handles");
    NtClose(Second);
    ok_status(NtClose(First), STATUS_SUCCESS, "a handle that is protected no more");
}

static NTSTATUS Link(PCWSTR Text, PCWSTR To, PHANDLE Handle)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String, Target;

    Name(&Attributes, &String, Text, 0);
    RtlInitUnicodeString(&Target, To);
    return NtCreateSymbolicLinkObject(Handle, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target);
}

static NTSTATUS OpenDirectory(PCWSTR Text)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING String;
    HANDLE Directory;
    NTSTATUS Status;

    Name(&Attributes, &String, Text, 0);
    Status = NtOpenDirectoryObject(&Directory, DIRECTORY_QUERY, &Attributes);
    if (NT_SUCCESS(Status))
        NtClose(Directory);
    return Status;
}

/* The names of a session, and those of all. */
static void TestSessions(void)
{
    HANDLE First, Second;

    Event(u"\\Sessions\\0\\BaseNamedObjects\\UmSession", 0, &First);
    ok_status(OpenEvent(u"\\BaseNamedObjects\\UmSession", 0, &Second), STATUS_SUCCESS,
              "session 0 has the system's named objects");
    NtClose(Second);
    ok_status(OpenEvent(u"\\BaseNamedObjects\\Global\\UmSession", 0, &Second), STATUS_SUCCESS,
              "Global leads there");
    NtClose(Second);
    ok_status(OpenEvent(u"\\BaseNamedObjects\\Session\\0\\UmSession", 0, &Second), STATUS_SUCCESS,
              "Session\\0 too");
    NtClose(Second);
    NtClose(First);
    ok_status(OpenDirectory(u"\\??\\C:"), STATUS_OBJECT_TYPE_MISMATCH,
              "what is in \\GLOBAL?? is found in \\??");
    ok_status(Link(u"\\??\\UmDevice", u"\\Device", &First), STATUS_SUCCESS,
              "a name in the session");
    ok_status(OpenDirectory(u"\\??\\UmDevice"), STATUS_SUCCESS, "is found there");
    ok_status(OpenDirectory(u"\\DosDevices\\umdevice"), STATUS_SUCCESS,
              "and as a DOS device, in any case");
    ok_status(OpenDirectory(u"\\GLOBAL??\\UmDevice"), STATUS_OBJECT_NAME_NOT_FOUND,
              "but not among those of all");
    ok_status(Link(u"\\GLOBAL??\\UmDevice", u"\\Driver", &Second), STATUS_SUCCESS,
              "which can have one of this name");
    ok_status(OpenDirectory(u"\\??\\Global\\UmDevice"), STATUS_SUCCESS, "Global leads there");
    NtClose(First);
    ok_status(OpenDirectory(u"\\??\\UmDevice"), STATUS_SUCCESS,
              "it is found when the session's has gone");
    NtClose(Second);
    ok_status(OpenDirectory(u"\\??\\GLOBALROOT\\Device"), STATUS_SUCCESS,
              "GLOBALROOT leads to the root");
    ok_status(OpenDirectory(u"\\device"), STATUS_SUCCESS,
              "directories are looked up without regard to case");
}

/* What a child inherits: "umtests inherited NUMBER" is the child, with a handle's value. */
void InheritedChild(ULONG Number)
{
    NTSTATUS Status = NtSetEvent((HANDLE)(ULONG_PTR)Number, NULL);

    NtTerminateProcess(NtCurrentProcess(), Status);
}

static NTSTATUS RunInheriting(HANDLE Handle)
{
    RTL_USER_PROCESS_INFORMATION Information;
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    UNICODE_STRING Image = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\umtests.exe"), Line;
    WCHAR Text[40] = u"umtests inherited 00000000";
    LARGE_INTEGER Limit = {.QuadPart = -100000000};
    PROCESS_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_UNSUCCESSFUL};
    ULONG Value = (ULONG)(ULONG_PTR)Handle;

    for (ULONG i = 0; i < 8; i++, Value /= 10)
        Text[25 - i] = (WCHAR)('0' + Value % 10);
    RtlInitUnicodeString(&Line, Text);
    if (!NT_SUCCESS(RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Line, NULL, NULL,
                                                 NULL, NULL, NULL,
                                                 RTL_USER_PROC_PARAMS_NORMALIZED)))
        return STATUS_UNSUCCESSFUL;
    if (!NT_SUCCESS(RtlCreateUserProcess(&Image, 0, Parameters, NULL, NULL, NULL, TRUE, NULL, NULL,
                                         &Information)))
        return STATUS_UNSUCCESSFUL;
    RtlDestroyProcessParameters(Parameters);
    NtResumeThread(Information.ThreadHandle, NULL);
    NtWaitForSingleObject(Information.ProcessHandle, FALSE, &Limit);
    NtQueryInformationProcess(Information.ProcessHandle, ProcessBasicInformation, &Basic,
                              sizeof(Basic), NULL);
    NtClose(Information.ThreadHandle);
    NtClose(Information.ProcessHandle);
    return Basic.ExitStatus;
}

static void TestInheritance(void)
{
    static HANDLE Fill[300];
    LARGE_INTEGER Zero = {.QuadPart = 0};
    HANDLE Inherited, Own;

    for (ULONG i = 0; i < ARRAYSIZE(Fill); i++)
        Event(NULL, 0, &Fill[i]);
    Event(NULL, OBJ_INHERIT, &Inherited);
    Event(NULL, 0, &Own);
    ok_status(RunInheriting(Inherited), STATUS_SUCCESS, "a child sets an event that it inherits");
    ok_status(NtWaitForSingleObject(Inherited, FALSE, &Zero), STATUS_SUCCESS, "it is the parent's");
    ok_status(RunInheriting(Own), STATUS_INVALID_HANDLE, "others it does not have");
    NtClose(Own);
    NtClose(Inherited);
    for (ULONG i = 0; i < ARRAYSIZE(Fill); i++)
        NtClose(Fill[i]);
}

void TestObjects(void)
{
    TestExclusive();
    TestPermanent();
    TestHandleFlags();
    TestSessions();
    TestInheritance();

    TestCase();
    TestRoots();
    TestListing();
    TestHandles();
    TestDirectories();
    TestLinks();
}
