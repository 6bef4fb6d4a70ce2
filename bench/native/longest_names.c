/* SPDX-License-Identifier: BSD-2-Clause */
/* The longest stretches of services that are about names, directories and handles. */
#include "longest.h"

#define LONG_NAME 32765 /* characters: with a backslash before them a UNICODE_STRING is full */
#define ALIKE 64        /* long names that differ in their last characters' case only */
#define DEPTH 16000     /* directories in each other: a path of 32,000 characters names the last */
#define ENTRIES 5000
#define FIRST_LINK 0x4e00 /* letters without case */
#define LINKS 32          /* as many as a look-up follows */
#define HELD_HANDLES 10000

static HANDLE Directory, Outermost, Deepest, Alike[ALIKE];
static WCHAR Text[LONG_NAME];
static UCHAR Buffer[0x20000];

static void Describe(POBJECT_ATTRIBUTES Attributes, PUNICODE_STRING Name, HANDLE Root, ULONG Length,
                     ULONG Flags)
{
    Name->Buffer = Text;
    Name->Length = Name->MaximumLength = (USHORT)(Length * sizeof(WCHAR));
    InitializeObjectAttributes(Attributes, Name, Flags, Root, NULL);
}

static NTSTATUS CreateNamed(PHANDLE Event, HANDLE Root, ULONG Length)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;

    Describe(&Attributes, &Name, Root, Length, 0);
    return NtCreateEvent(Event, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE);
}

static BOOLEAN OpenNamed(HANDLE Root, ULONG Length, ULONG Flags)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Event;

    Describe(&Attributes, &Name, Root, Length, Flags);
    return NT_SUCCESS(NtOpenEvent(&Event, EVENT_ALL_ACCESS, &Attributes)) &&
           NT_SUCCESS(NtClose(Event));
}

/* ---- Long names ---- */

static BOOLEAN PrepareNames(void)
{
    ULONG i;

    for (i = 0; i < LONG_NAME; i++)
        Text[i] = 'a';
    return NT_SUCCESS(NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, NULL));
}

static BOOLEAN CreateLong(void)
{
    return NT_SUCCESS(CreateNamed(&Alike[0], Directory, LONG_NAME));
}

static BOOLEAN OpenLong(void)
{
    return OpenNamed(Directory, LONG_NAME, OBJ_CASE_INSENSITIVE);
}

static BOOLEAN QueryLong(void)
{
    return NT_SUCCESS(NtQueryObject(Alike[0], ObjectNameInformation, Buffer, sizeof(Buffer), NULL));
}

static BOOLEAN ListLong(void)
{
    ULONG Context = 0;

    return NT_SUCCESS(
        NtQueryDirectoryObject(Directory, Buffer, sizeof(Buffer), TRUE, FALSE, &Context, NULL));
}

static void SetCase(ULONG Number)
{
    ULONG Bit;

    for (Bit = 0; Bit < 6; Bit++)
        Text[LONG_NAME - 1 - Bit] = Number >> Bit & 1 ? 'A' : 'a';
}

/* Their hashes are equal, so that only the names themselves tell them apart. */
static BOOLEAN CreateAlike(void)
{
    ULONG i;

    for (i = 1; i < ALIKE; i++) {
        SetCase(i);
        if (!NT_SUCCESS(CreateNamed(&Alike[i], Directory, LONG_NAME)))
            return FALSE;
        Pause();
    }
    return TRUE;
}

static BOOLEAN OpenAlike(void)
{
    return OpenNamed(Directory, LONG_NAME, 0);
}

static BOOLEAN CloseAlike(void)
{
    ULONG i;

    for (i = 0; i < ALIKE; i++) {
        if (!NT_SUCCESS(NtClose(Alike[i])))
            return FALSE;
        Pause();
    }
    return TRUE;
}

/* ---- Deep paths ---- */

/* a\a\a...; each stays as long as it has a handle. */
static BOOLEAN CreateDeep(void)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    ULONG i;

    for (i = 0; i < LONG_NAME; i++)
        Text[i] = i % 2 ? '\\' : 'a';
    if (!NT_SUCCESS(NtCreateDirectoryObject(&Outermost, DIRECTORY_ALL_ACCESS, NULL)))
        return FALSE;
    Deepest = Outermost;
    for (i = 0; i < DEPTH; i++) {
        Describe(&Attributes, &Name, Deepest, 1, 0);
        if (!NT_SUCCESS(NtCreateDirectoryObject(&Deepest, DIRECTORY_ALL_ACCESS, &Attributes)))
            return FALSE;
    }
    return TRUE;
}

static BOOLEAN OpenDeep(void)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Found;

    Describe(&Attributes, &Name, Outermost, 2 * DEPTH - 1, 0);
    return NT_SUCCESS(NtOpenDirectoryObject(&Found, DIRECTORY_ALL_ACCESS, &Attributes)) &&
           NT_SUCCESS(NtClose(Found));
}

static BOOLEAN QueryDeep(void)
{
    return NT_SUCCESS(NtQueryObject(Deepest, ObjectNameInformation, Buffer, sizeof(Buffer), NULL));
}

/* ---- Symbolic links ---- */

static NTSTATUS CreateLink(PHANDLE Link, WCHAR From, ULONG TargetLength)
{
    OBJECT_ATTRIBUTES Attributes;
    WCHAR Path[] = u"\\LongestA";
    UNICODE_STRING Name = RTL_CONSTANT_STRING(Path),
                   Target = {(USHORT)(TargetLength * sizeof(WCHAR)),
                             (USHORT)(TargetLength * sizeof(WCHAR)), Text};

    Path[8] = From;
    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, NULL);
    return NtCreateSymbolicLinkObject(Link, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target);
}

/* Each link leads to the next; the name behind them is as long as can be. */
static BOOLEAN FollowLinks(void)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Links[LINKS], Event;
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    memcpy(Text, u"\\LongestA", 9 * sizeof(WCHAR));
    for (i = 0; i < LINKS; i++) {
        Text[8] = (WCHAR)(FIRST_LINK + i + 1);
        if (!NT_SUCCESS(CreateLink(&Links[i], (WCHAR)(FIRST_LINK + i), 9)))
            return FALSE;
        Pause();
    }
    Text[8] = FIRST_LINK;
    Text[9] = '\\';
    for (i = 10; i < LONG_NAME - 1; i++)
        Text[i] = 'b';
    Describe(&Attributes, &Name, NULL, LONG_NAME - 1, 0);
    Pause();
    Status = NtOpenEvent(&Event, EVENT_ALL_ACCESS, &Attributes);
    for (i = 0; i < LINKS; i++)
        NtClose(Links[i]);
    return Status == STATUS_OBJECT_PATH_NOT_FOUND;
}

/* ---- Directories with many entries ---- */

static BOOLEAN CreateEntries(void)
{
    HANDLE Event;
    ULONG i, Digit;

    for (i = 0; i < ENTRIES; i++) {
        for (Digit = 0; Digit < 4; Digit++)
            Text[Digit] = (WCHAR)('a' + (i >> 4 * Digit & 15));
        if (!NT_SUCCESS(CreateNamed(&Event, Directory, 4)))
            return FALSE;
    }
    return TRUE;
}

static BOOLEAN ListEntries(void)
{
    ULONG Context = 0, Calls = 0;
    NTSTATUS Status;

    do {
        Status =
            NtQueryDirectoryObject(Directory, Buffer, sizeof(Buffer), FALSE, FALSE, &Context, NULL);
        Pause();
    } while (Status == STATUS_MORE_ENTRIES && ++Calls < ENTRIES);
    return Status == STATUS_SUCCESS && Context >= ENTRIES;
}

/* ---- A process with many handles ---- */

static RTL_USER_PROCESS_INFORMATION Child;

static BOOLEAN RunHolder(void)
{
    LARGE_INTEGER Wait = {.QuadPart = -10000000};
    ULONG Handles = 0;

    if (!NT_SUCCESS(StartSelf(u"nbench hold-handles", &Child)))
        return FALSE;
    NtResumeThread(Child.ThreadHandle, NULL);
    NtWaitForSingleObject(Child.ThreadHandle, FALSE, &Wait);
    NtQueryInformationProcess(Child.ProcessHandle, ProcessHandleCount, &Handles, sizeof(Handles),
                              NULL);
    return Handles >= HELD_HANDLES;
}

static BOOLEAN EndHolder(void)
{
    NTSTATUS Status = NtTerminateProcess(Child.ProcessHandle, STATUS_SUCCESS);

    NtWaitForSingleObject(Child.ProcessHandle, FALSE, NULL);
    NtClose(Child.ThreadHandle);
    NtClose(Child.ProcessHandle);
    return NT_SUCCESS(Status);
}

void HoldHandles(void)
{
    HANDLE Event;
    ULONG i;

    for (i = 0; i < HELD_HANDLES; i++)
        NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtWaitForSingleObject(NtCurrentThread(), FALSE, NULL);
}

static const LONG_SERVICE Services[] = {
    {NULL, PrepareNames},
    {"create-long-name", CreateLong},
    {"open-long-name", OpenLong},
    {"query-long-name", QueryLong},
    {"list-long-name", ListLong},
    {"create-names-alike", CreateAlike},
    {"open-name-alike", OpenAlike},
    {"close-names-alike", CloseAlike},
    {NULL, CreateDeep},
    {"open-deep-path", OpenDeep},
    {"query-deep-path", QueryDeep},
    {"follow-links", FollowLinks},
    {NULL, CreateEntries},
    {"list-directory", ListEntries},
    {NULL, RunHolder},
    {"end-handles", EndHolder},
};

void MeasureLongestNames(void)
{
    MeasureServices(Services, ARRAYSIZE(Services));
}
