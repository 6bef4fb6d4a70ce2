/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: sections of ports, and views that go with messages. */
#include "alpcport.h"

static ALPC_HANDLE NewSection(HANDLE Port, SIZE_T Size)
{
    ALPC_HANDLE Section = NULL;
    SIZE_T Actual;

    NtAlpcCreatePortSection(Port, 0, NULL, Size, &Section, &Actual);
    return Section;
}

static ALPC_DATA_VIEW_ATTR NewView(HANDLE Port, ALPC_HANDLE Section, SIZE_T Size)
{
    ALPC_DATA_VIEW_ATTR View = {.SectionHandle = Section, .ViewSize = Size};

    if (!NT_SUCCESS(NtAlpcCreateSectionView(Port, 0, &View)))
        View.ViewBase = NULL;
    return View;
}

static void TestMaking(HANDLE Port)
{
    ALPC_HANDLE Section = NULL;
    LARGE_INTEGER Large = {.QuadPart = 0x20000};
    SIZE_T Actual = 0;
    HANDLE Own;

    ok_status(NtAlpcCreatePortSection(Port, 1, NULL, 0x1000, &Section, &Actual),
              STATUS_INVALID_PARAMETER, "unknown flags");
    ok_status(NtAlpcCreatePortSection(Port, ALPC_CREATEPORTSECTIONFLG_SECURE, NULL, 0x1000,
                                      &Section, &Actual),
              STATUS_NOT_IMPLEMENTED, "a secure section");
    ok_status(NtAlpcCreatePortSection(Port, 0, NULL, 0, &Section, &Actual),
              STATUS_INVALID_PARAMETER, "a section of nothing");
    ok_status(NtAlpcCreatePortSection(Port, 0, NULL, 0x1000, (PALPC_HANDLE)8, &Actual),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(NtAlpcCreatePortSection(Port, 0, NULL, 0x1000, &Section, (PSIZE_T)8),
              STATUS_ACCESS_VIOLATION, "a bad address for the size");
    ok_status(NtAlpcCreatePortSection(NULL, 0, NULL, 0x1000, &Section, &Actual),
              STATUS_INVALID_HANDLE, "no port");
    ok_status(NtAlpcCreatePortSection(Port, 0, NULL, 0x1801, &Section, &Actual), STATUS_SUCCESS,
              "a section");
    ok(Section != NULL && Actual == 0x2000, "of whole pages");
    ok_status(NtAlpcDeletePortSection(Port, 1, Section), STATUS_INVALID_PARAMETER,
              "delete it with flags");
    ok_status(NtAlpcDeletePortSection(Port, 0, Section), STATUS_SUCCESS, "delete it");
    ok_status(NtAlpcDeletePortSection(Port, 0, Section), STATUS_INVALID_HANDLE, "again");
    NtCreateSection(&Own, SECTION_ALL_ACCESS, NULL, &Large, PAGE_READWRITE, SEC_COMMIT, NULL);
    ok_status(NtAlpcCreatePortSection(Port, 0, Own, 0x20000, &Section, &Actual), STATUS_SUCCESS,
              "one's own section");
    NtClose(Own);
    ok_status(NtAlpcDeletePortSection(Port, 0, Section), STATUS_SUCCESS, "delete that");
    ok_status(NtAlpcCreatePortSection(Port, 0, (HANDLE)0x7770, 0x20000, &Section, &Actual),
              STATUS_INVALID_HANDLE, "a section that there is not");
}

static void TestViews(HANDLE Port)
{
    ALPC_HANDLE Section = NewSection(Port, 0x20000);
    ALPC_DATA_VIEW_ATTR Views[3], View = {.SectionHandle = Section, .ViewSize = 0x30000};

    ok_status(NtAlpcCreateSectionView(Port, 0, &View), STATUS_INVALID_VIEW_SIZE,
              "more than there is");
    View.ViewSize = 0;
    ok_status(NtAlpcCreateSectionView(Port, 0, &View), STATUS_INVALID_VIEW_SIZE, "nothing");
    View.ViewSize = 0x1000;
    View.ViewBase = (PVOID)0x10000;
    ok_status(NtAlpcCreateSectionView(Port, 0, &View), STATUS_INVALID_PARAMETER, "at an address");
    View.ViewBase = NULL;
    ok_status(NtAlpcCreateSectionView(Port, 1, &View), STATUS_INVALID_PARAMETER, "unknown flags");
    View.SectionHandle = (ALPC_HANDLE)0x7771;
    ok_status(NtAlpcCreateSectionView(Port, 0, &View), STATUS_INVALID_HANDLE,
              "of a section that there is not");
    ok_status(NtAlpcCreateSectionView(Port, 0, (PALPC_DATA_VIEW_ATTR)8), STATUS_ACCESS_VIOLATION,
              "a bad address");
    Views[0] = NewView(Port, Section, 0x100);
    ok(Views[0].ViewBase && Views[0].ViewSize == 0x1000, "a view");
    *(volatile ULONG *)Views[0].ViewBase = 0x11;
    Views[1] = NewView(Port, Section, 0x10000);
    ok(Views[1].ViewBase && *(volatile ULONG *)Views[1].ViewBase == 0,
       "another one is of another part");
    Views[2].SectionHandle = Section;
    Views[2].ViewBase = NULL;
    Views[2].ViewSize = 0x1000;
    Views[2].Flags = 0;
    ok_status(NtAlpcCreateSectionView(Port, 0, &Views[2]), STATUS_INSUFFICIENT_RESOURCES,
              "the section is full");
    ok_status(NtAlpcDeleteSectionView(Port, 0, Views[0].ViewBase), STATUS_SUCCESS, "delete a view");
    ok_status(NtAlpcDeleteSectionView(Port, 0, Views[0].ViewBase), STATUS_NOT_MAPPED_VIEW, "again");
    ok_status(NtAlpcDeleteSectionView(Port, 0, NULL), STATUS_NOT_MAPPED_VIEW, "none");
    ok_status(NtAlpcDeleteSectionView(Port, 1, Views[1].ViewBase), STATUS_INVALID_PARAMETER,
              "with flags");
    ok_status(NtAlpcCreateSectionView(Port, 0, &Views[2]), STATUS_SUCCESS, "then there is room");
    ok_status(NtAlpcDeletePortSection(Port, 0, Section), STATUS_SUCCESS, "delete the section");
    *(volatile ULONG *)Views[1].ViewBase = 0x12;
    ok(*(volatile ULONG *)Views[2].ViewBase == 0x11, "its views stay");
    NtAlpcDeleteSectionView(Port, 0, Views[1].ViewBase);
    NtAlpcDeleteSectionView(Port, 0, Views[2].ViewBase);
}

/* The view is all that the attribute says. */
static NTSTATUS SendView(HANDLE Port, ULONG Flags, const ALPC_DATA_VIEW_ATTR *View, ULONG ViewFlags)
{
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;
    PALPC_DATA_VIEW_ATTR Sent;

    Allocate(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    Room.Header.ValidAttributes = ALPC_MESSAGE_VIEW_ATTRIBUTE;
    Sent = Attribute(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    *Sent = *View;
    Sent->Flags = ViewFlags;
    Fill(&Message, 1, 1);
    return SendWith(Port, Flags, &Message, &Room);
}

static BOOLEAN IsMapped(PVOID Base)
{
    MEMORY_BASIC_INFORMATION Information = {0};

    NtQueryVirtualMemory(NtCurrentProcess(), Base, MemoryBasicInformation, &Information,
                         sizeof(Information), NULL);
    return Information.State == MEM_COMMIT && Information.Type == MEM_MAPPED;
}

static void TestSending(PALPC_ENDS Ends)
{
    ALPC_DATA_VIEW_ATTR View = NewView(Ends->Client, NewSection(Ends->Client, 0x20000), 0x2000);
    ALPC_DATA_VIEW_ATTR Wrong = View, Came;
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;

    Wrong.ViewBase = (PVOID)0x10000;
    ok_status(SendView(Ends->Client, 0, &Wrong, 0), STATUS_NOT_MAPPED_VIEW,
              "a view that there is not");
    Wrong = View;
    Wrong.ViewSize = 0x3000;
    ok_status(SendView(Ends->Client, 0, &Wrong, 0), STATUS_INVALID_VIEW_SIZE,
              "more than the view is");
    Wrong = View;
    Wrong.SectionHandle = (ALPC_HANDLE)0x7771;
    ok_status(SendView(Ends->Client, 0, &Wrong, 0), STATUS_INVALID_HANDLE, "of another section");
    ok_status(SendView(Ends->Client, 0, &View, 1), STATUS_INVALID_PARAMETER, "unknown flags");
    ok_status(SendView(Ends->Server, 0, &View, 0), STATUS_NOT_MAPPED_VIEW, "of another port");
    memset(View.ViewBase, 0x42, 0x2000);
    ok_status(SendView(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &View, 0), STATUS_SUCCESS,
              "send a view");
    Allocate(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    ok_status(ReceiveWith(Ends->Listener, &Message, &Room, 1000), STATUS_SUCCESS, "it comes");
    Came = *(PALPC_DATA_VIEW_ATTR)Attribute(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    ok(Room.Header.ValidAttributes == ALPC_MESSAGE_VIEW_ATTRIBUTE && Came.ViewSize == 0x2000 &&
           Came.ViewBase != View.ViewBase,
       "as a view of the receiver's");
    ok(((PUCHAR)Came.ViewBase)[0x1fff] == 0x42, "with what is there");
    ((PUCHAR)Came.ViewBase)[0] = 0x43;
    ok(((PUCHAR)View.ViewBase)[0] == 0x43, "it is the same memory");
    ok_status(SendView(Ends->Server, 0, &Came, 0), STATUS_INVALID_HANDLE,
              "what has come cannot be sent on");
    ok_status(NtAlpcDeleteSectionView(Ends->Server, 0, Came.ViewBase), STATUS_SUCCESS,
              "the receiver deletes it");
    ok(!IsMapped(Came.ViewBase), "it is gone");
    SendView(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &View, ALPC_VIEWFLG_UNMAP_EXISTING);
    ok(!IsMapped(View.ViewBase), "a view that its sender gives away");
    ok_status(Receive(Ends->Listener, &Message, 1000), STATUS_SUCCESS,
              "a receiver that does not want it");
}

static void TestRelease(PALPC_ENDS Ends)
{
    ALPC_HANDLE Section = NewSection(Ends->Client, 0x10000);
    ALPC_DATA_VIEW_ATTR View = NewView(Ends->Client, Section, 0x1000), Came;
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;

    ok_status(SendView(Ends->Client, 0, &View, ALPC_VIEWFLG_AUTO_RELEASE), STATUS_SUCCESS,
              "a request with a view that ends with it");
    Allocate(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    ReceiveWith(Ends->Listener, &Message, &Room, 1000);
    Came = *(PALPC_DATA_VIEW_ATTR)Attribute(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    ok(IsMapped(Came.ViewBase) && Came.Flags == ALPC_VIEWFLG_AUTO_RELEASE, "it is there");
    ok_status(Reply(Ends->Server, &Message), STATUS_SUCCESS, "reply");
    ok(!IsMapped(Came.ViewBase), "then it is not");
    ok(IsMapped(View.ViewBase), "but the sender's is");
    AlpcForget(Ends->Client);
    NtAlpcDeleteSectionView(Ends->Client, 0, View.ViewBase);
    NtAlpcDeletePortSection(Ends->Client, 0, Section);
}

/* A handle on its way to a receiver for whose view there is no room is not made. */
static void TestNoRoom(PALPC_ENDS Ends)
{
    ALPC_HANDLE Section = NewSection(Ends->Client, 0x10000), Sections[100];
    ALPC_DATA_VIEW_ATTR View = NewView(Ends->Client, Section, 0x1000);
    OBJECT_BASIC_INFORMATION Basic = {0};
    ULONG Count = 0;
    HANDLE Event;
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;

    while (Count < 100 && (Sections[Count] = NewSection(Ends->Server, 0x1000)) != NULL)
        Count++;
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    Allocate(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE | ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    Room.Header.ValidAttributes = Room.Header.AllocatedAttributes;
    *(PALPC_DATA_VIEW_ATTR)Attribute(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE) =
        (ALPC_DATA_VIEW_ATTR){.ViewBase = View.ViewBase, .ViewSize = View.ViewSize};
    *(PALPC_HANDLE_ATTR)Attribute(&Room, ALPC_MESSAGE_HANDLE_ATTRIBUTE) =
        (ALPC_HANDLE_ATTR){.Flags = ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS, .Handle = Event};
    Fill(&Message, 1, 1);
    ok_status(SendWith(Ends->Client, ALPC_MSGFLG_RELEASE_MESSAGE, &Message, &Room), STATUS_SUCCESS,
              "a view and a handle");
    ok_status(ReceiveWith(Ends->Listener, &Message, &Room, 1000), STATUS_INSUFFICIENT_RESOURCES,
              "to who has no room for the view");
    NtQueryObject(Event, ObjectBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.HandleCount == 1, "he has not got the handle either");
    NtClose(Event);
    while (Count)
        NtAlpcDeletePortSection(Ends->Server, 0, Sections[--Count]);
    NtAlpcDeleteSectionView(Ends->Client, 0, View.ViewBase);
    NtAlpcDeletePortSection(Ends->Client, 0, Section);
}

/* A view of a connection that has ended meanwhile is not made. */
static void TestLateView(HANDLE Listener)
{
    ALPC_ENDS Ends = {.Listener = Listener};
    ALPC_DATA_VIEW_ATTR View;
    ALPC_MESSAGE Message;
    ALPC_ROOM Room;

    if (!ok(AlpcJoin(&Ends), "a connection"))
        return;
    View = NewView(Ends.Client, NewSection(Ends.Client, 0x10000), 0x1000);
    ok_status(SendView(Ends.Client, ALPC_MSGFLG_RELEASE_MESSAGE, &View, 0), STATUS_SUCCESS,
              "send a view");
    NtClose(Ends.Client);
    Allocate(&Room, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    ok_status(ReceiveWith(Listener, &Message, &Room, 1000), STATUS_SUCCESS, "and go: it comes");
    ok(TYPE_OF(&Message) == LPC_DATAGRAM && !Room.Header.ValidAttributes, "without the view");
    NtClose(Ends.Server);
    AlpcForget(Listener);
}

/* Of an image, and of memory that has to be committed first. */
static void TestOddSections(HANDLE Port)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\testdll.dll");
    OBJECT_ATTRIBUTES Attributes;
    LARGE_INTEGER Large = {.QuadPart = 0x10000};
    HANDLE Reserved, File = NULL, Image = NULL;
    ALPC_HANDLE Section;
    IO_STATUS_BLOCK Io;
    SIZE_T Actual;

    NtCreateSection(&Reserved, SECTION_ALL_ACCESS, NULL, &Large, PAGE_READWRITE, SEC_RESERVE, NULL);
    ok_status(NtAlpcCreatePortSection(Port, 0, Reserved, 0x10000, &Section, &Actual),
              STATUS_INVALID_PARAMETER, "a section that is only reserved");
    NtClose(Reserved);
    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    NtOpenFile(&File, FILE_GENERIC_READ | FILE_EXECUTE, &Attributes, &Io, FILE_SHARE_READ,
               FILE_SYNCHRONOUS_IO_NONALERT);
    ok_status(
        NtCreateSection(&Image, SECTION_ALL_ACCESS, NULL, NULL, PAGE_EXECUTE_READ, SEC_IMAGE, File),
        STATUS_SUCCESS, "a section of an image");
    ok_status(NtAlpcCreatePortSection(Port, 0, Image, 0x1000, &Section, &Actual),
              STATUS_INVALID_PARAMETER, "is not for a port");
    NtClose(Image);
    NtClose(File);
}

static void TestLimits(void)
{
    ALPC_PORT_ATTRIBUTES Attributes = {
        .MaxSectionSize = 0x4000, .MaxViewSize = 0x2000, .MaxTotalSectionSize = 0x6000};
    ALPC_DATA_VIEW_ATTR View;
    ALPC_HANDLE Section;
    SIZE_T Actual;
    ULONG Count = 0;
    HANDLE Port;

    NtAlpcCreatePort(&Port, NULL, &Attributes);
    ok_status(NtAlpcCreatePortSection(Port, 0, NULL, 0x5000, &Section, &Actual),
              STATUS_SECTION_TOO_BIG, "a section larger than the port allows");
    ok_status(NtAlpcCreatePortSection(Port, 0, NULL, 0x4000, &Section, &Actual), STATUS_SUCCESS,
              "as large");
    ok_status(NtAlpcCreatePortSection(Port, 0, NULL, 0x3000, &Section, &Actual),
              STATUS_SECTION_TOO_BIG, "more than all may be");
    View = (ALPC_DATA_VIEW_ATTR){.SectionHandle = Section, .ViewSize = 0x3000};
    ok_status(NtAlpcCreateSectionView(Port, 0, &View), STATUS_INVALID_VIEW_SIZE,
              "a view larger than the port allows");
    View.ViewSize = 0x2000;
    ok_status(NtAlpcCreateSectionView(Port, 0, &View), STATUS_SUCCESS, "as large");
    NtClose(Port);
    Sleep(30);
    ok(!IsMapped(View.ViewBase), "views go with their port");
    NtAlpcCreatePort(&Port, NULL, NULL);
    while (Count < 1000 &&
           NT_SUCCESS(NtAlpcCreatePortSection(Port, 0, NULL, 0x1000, &Section, &Actual)))
        Count++;
    ok(Count == 64, "a port has 64 sections and the like at most");
    NtClose(Port);
}

void TestAlpcSections(PALPC_ENDS Ends)
{
    TestMaking(Ends->Client);
    TestViews(Ends->Client);
    TestSending(Ends);
    TestRelease(Ends);
    TestNoRoom(Ends);
    TestLateView(Ends->Listener);
    TestOddSections(Ends->Client);
    TestLimits();
}
