/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands in this process for objects of the Executive: events, which drivers share with
 * programs, and others that they only hand on. Signalling such an event signals the Executive's.
 */
#include "ki.h"
#include "ntdll.h"
#include "ob.h"
#include "ps.h"

/* An event begins as a KEVENT does; ki.h knows it by its size. */
typedef struct _OBP_PROXY {
    KEVENT Event;
    LIST_ENTRY Link; /* of an event that a driver has by its handle alone (IoCreate...Event) */
    HANDLE Handle;
} OBP_PROXY, *POBP_PROXY;

static LIST_ENTRY ObpNamedEvents = {&ObpNamedEvents, &ObpNamedEvents};

static VOID ObpDeleteProxy(PVOID Object)
{
    POBP_PROXY Proxy = Object;

    if (Proxy->Link.Flink)
        RemoveEntryList(&Proxy->Link);
    ZwClose(Proxy->Handle);
}

POBJECT_TYPE ObpTypeOfHandle(HANDLE Handle)
{
    static const struct {
        UNICODE_STRING Name;
        POBJECT_TYPE Type;
    } Types[] = {
        {RTL_CONSTANT_STRING(L"Event"), &ExpEventType},
        {RTL_CONSTANT_STRING(L"Section"), &MmpSectionType},
        {RTL_CONSTANT_STRING(L"Token"), &SepTokenType},
        {RTL_CONSTANT_STRING(L"Process"), &PspProcessType},
    };
    DECLSPEC_ALIGN(8) UCHAR Buffer[256];
    PUNICODE_STRING Name = (PUNICODE_STRING)Buffer; /* OBJECT_TYPE_INFORMATION begins with it */

    if (!NT_SUCCESS(
            ZwQueryObject(Handle, 2 /* ObjectTypeInformation */, Buffer, sizeof(Buffer), NULL)))
        return NULL;
    for (ULONG i = 0; i < KI_ARRAY_SIZE(Types); i++) {
        if (RtlEqualUnicodeString(Name, (PUNICODE_STRING)&Types[i].Name, FALSE))
            return Types[i].Type;
    }
    return NULL;
}

/* EVENT_BASIC_INFORMATION: its type, then its state. */
static NTSTATUS ObpQueryEvent(HANDLE Handle, LONG Basic[2])
{
    return ZwQueryEvent(Handle, 0, Basic, 2 * sizeof(LONG), NULL);
}

/* A process is known by its id: the handle has done its duty. */
static NTSTATUS ObpProcessOf(HANDLE Handle, PVOID *Object)
{
    PROCESS_BASIC_INFORMATION Basic;
    NTSTATUS Status =
        ZwQueryInformationProcess(Handle, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);

    ZwClose(Handle);
    if (!NT_SUCCESS(Status))
        return Status;
    *Object = PspFindProcess((ULONG)Basic.UniqueProcessId);
    if (!*Object)
        return STATUS_INSUFFICIENT_RESOURCES;
    ObReferenceObject(*Object);
    return STATUS_SUCCESS;
}

NTSTATUS ObpCreateProxy(HANDLE Handle, POBJECT_TYPE Type, PVOID *Object)
{
    POBJECT_TYPE Found = ObpTypeOfHandle(Handle);
    POBP_PROXY Proxy;
    LONG Basic[2] = {NotificationEvent, 0};

    if (!Found || (Type && Type != Found)) {
        ZwClose(Handle);
        return STATUS_OBJECT_TYPE_MISMATCH;
    }
    if (Found == &PspProcessType)
        return ObpProcessOf(Handle, Object);
    Found->Delete = ObpDeleteProxy;
    Proxy = ObpCreateObject(Found, sizeof(*Proxy));
    if (!Proxy) {
        ZwClose(Handle);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Proxy->Handle = Handle;
    if (Found == &ExpEventType) {
        ObpQueryEvent(Handle, Basic);
        KeInitializeEvent(&Proxy->Event, Basic[0], FALSE);
        Proxy->Event.Header.Size = KI_PROXY_SIZE;
    }
    *Object = Proxy;
    return STATUS_SUCCESS;
}

HANDLE ObpProxyHandle(PVOID Object)
{
    POBJECT_TYPE Type = ObpTypeOf(Object);

    return Type == &ExpEventType || Type == &MmpSectionType || Type == &SepTokenType
               ? ((POBP_PROXY)Object)->Handle
               : NULL;
}

/* ---- Events of the Executive, from ke/event.c and ke/wait.c ---- */

static HANDLE ObpEventHandle(PDISPATCHER_HEADER Event)
{
    return CONTAINING_RECORD(Event, OBP_PROXY, Event.Header)->Handle;
}

LONG KiSetProxyEvent(PDISPATCHER_HEADER Event, KI_PROXY_CHANGE Change)
{
    LONG Previous = 0;
    HANDLE Handle = ObpEventHandle(Event);

    if (Change == KiProxySet)
        ZwSetEvent(Handle, &Previous);
    else if (Change == KiProxyReset)
        ZwResetEvent(Handle, &Previous);
    else
        ZwPulseEvent(Handle, &Previous);
    return Previous;
}

LONG KiReadProxyEvent(PDISPATCHER_HEADER Event)
{
    LONG Basic[2] = {0, 0};

    ObpQueryEvent(ObpEventHandle(Event), Basic);
    return Basic[1];
}

/* Only the calling thread waits, if ZwWaitForSingleObject lets the others go on. */
NTSTATUS KiWaitForProxyEvent(PDISPATCHER_HEADER Event, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    return KxWaitForSingleObject(ObpEventHandle(Event), Alertable, Timeout);
}

/* ---- Named events (WDK: IoCreateNotificationEvent) ---- */

static PKEVENT ObpNamedEvent(PUNICODE_STRING EventName, PHANDLE EventHandle, EVENT_TYPE Type)
{
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Own;
    POBP_PROXY Proxy;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, EventName, OBJ_OPENIF | OBJ_KERNEL_HANDLE, NULL, NULL);
    Status = ZwCreateEvent(&Own, EVENT_ALL_ACCESS, &Attributes, Type, TRUE);
    if (!NT_SUCCESS(Status) || !NT_SUCCESS(ObpCreateProxy(Own, &ExpEventType, (PVOID *)&Proxy)))
        return NULL;
    InsertTailList(&ObpNamedEvents, &Proxy->Link);
    *EventHandle = Own;
    return &Proxy->Event;
}

/* What IoCreate...Event has returned lives as long as its handle. TRUE: that was such a handle. */
BOOLEAN ObpCloseNamedEvent(HANDLE Handle)
{
    for (PLIST_ENTRY Entry = ObpNamedEvents.Flink; Entry != &ObpNamedEvents; Entry = Entry->Flink) {
        POBP_PROXY Proxy = CONTAINING_RECORD(Entry, OBP_PROXY, Link);

        if (Proxy->Handle != Handle)
            continue;
        ObDereferenceObject(Proxy);
        return TRUE;
    }
    return FALSE;
}

/* An event that is there is opened, else it is made signalled. NULL: it cannot be had. */
PKEVENT NTAPI IoCreateNotificationEvent(PUNICODE_STRING EventName, PHANDLE EventHandle)
{
    return ObpNamedEvent(EventName, EventHandle, NotificationEvent);
}

PKEVENT NTAPI IoCreateSynchronizationEvent(PUNICODE_STRING EventName, PHANDLE EventHandle)
{
    return ObpNamedEvent(EventName, EventHandle, SynchronizationEvent);
}
