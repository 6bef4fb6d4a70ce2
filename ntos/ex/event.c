/* SPDX-License-Identifier: BSD-2-Clause */
/* Event objects and their services. */
#include "exp.h"

struct _OBJECT_TYPE *ExEventType;

void ExpInitializeEvents(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"Event",
        .Mapping = {STANDARD_RIGHTS_READ | EVENT_QUERY_STATE,
                    STANDARD_RIGHTS_WRITE | EVENT_MODIFY_STATE,
                    STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, EVENT_ALL_ACCESS},
        .ValidAccess = EVENT_ALL_ACCESS,
        .Waitable = TRUE,
    };

    if (!NT_SUCCESS(ObCreateObjectType(&Initializer, &ExEventType)))
        KeBugCheck("no event type");
}

/*
 * NtCreateEvent: makes an event object and a handle to it, or with OBJ_OPENIF opens the one of that
 * name. Returns STATUS_INVALID_PARAMETER (EventType), STATUS_ACCESS_VIOLATION,
 * STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_NAME_EXISTS (a success), and what names and handles
 * may give.  (WDK: ZwCreateEvent)
 */
NTSTATUS NtCreateEvent(CLIENT(PHANDLE) EventHandle, ACCESS_MASK DesiredAccess,
                       CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, EVENT_TYPE EventType,
                       BOOLEAN InitialState)
{
    OB_ATTRIBUTES Attributes;
    PKEVENT Event;
    NTSTATUS Status = MmProbeForWrite(EventHandle, sizeof(*EventHandle));

    if (!NT_SUCCESS(Status))
        return Status;
    if (EventType != NotificationEvent && EventType != SynchronizationEvent)
        return STATUS_INVALID_PARAMETER;
    Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCreateObject(ExEventType, sizeof(*Event), (PVOID *)&Event);
    if (NT_SUCCESS(Status)) {
        KeInitializeEvent(Event, EventType, InitialState);
        Status = ObInsertObject(Event, &Attributes, DesiredAccess, EventHandle);
    }
    ObFreeAttributes(&Attributes);
    return Status;
}

/* NtOpenEvent: opens a named event.  (WDK: ZwOpenEvent) */
NTSTATUS NtOpenEvent(CLIENT(PHANDLE) EventHandle, ACCESS_MASK DesiredAccess,
                     CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(EventHandle, DesiredAccess, ObjectAttributes, ExEventType, NULL);
}

/* The common part of the services that change an event. Change returns the previous state, which
 * the client may ask for. */
static NTSTATUS ChangeEvent(HANDLE EventHandle, CLIENT(PLONG) PreviousState,
                            LONG (*Change)(PKEVENT Event))
{
    LONG Previous;
    PKEVENT Event;
    NTSTATUS Status =
        PreviousState ? MmProbeForWrite(PreviousState, sizeof(*PreviousState)) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        ObReferenceObjectByHandle(EventHandle, EVENT_MODIFY_STATE, ExEventType, (PVOID *)&Event);
    if (!NT_SUCCESS(Status))
        return Status;
    Previous = Change(Event);
    ObDereferenceObject(Event);
    return PreviousState ? MmWriteClient(PreviousState, &Previous) : STATUS_SUCCESS;
}

/*
 * NtSetEvent: signals an event; a notification event stays signalled, a synchronisation event
 * releases one waiter. PreviousState, if given, receives 0 or 1. Needs EVENT_MODIFY_STATE. Returns
 * STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_DENIED,
 * STATUS_ACCESS_VIOLATION.  (WDK: ZwSetEvent)
 */
NTSTATUS NtSetEvent(HANDLE EventHandle, CLIENT(PLONG) PreviousState)
{
    return ChangeEvent(EventHandle, PreviousState, KeSetEventGivingWay);
}

/* NtResetEvent: takes the signal back; as NtSetEvent otherwise. */
NTSTATUS NtResetEvent(HANDLE EventHandle, CLIENT(PLONG) PreviousState)
{
    return ChangeEvent(EventHandle, PreviousState, KeResetEvent);
}

/* NtClearEvent: NtResetEvent without the previous state.  (WDK: ZwClearEvent) */
NTSTATUS NtClearEvent(HANDLE EventHandle)
{
    return ChangeEvent(EventHandle, NULL, KeResetEvent);
}

/* NtPulseEvent: releases the threads that wait now and takes the signal back; otherwise as
 * NtSetEvent. */
NTSTATUS NtPulseEvent(HANDLE EventHandle, CLIENT(PLONG) PreviousState)
{
    return ChangeEvent(EventHandle, PreviousState, KePulseEvent);
}

/*
 * NtQueryEvent: EventBasicInformation. Needs EVENT_QUERY_STATE. Returns STATUS_INVALID_INFO_CLASS,
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION and what handles may give.
 */
NTSTATUS NtQueryEvent(HANDLE EventHandle, EVENT_INFORMATION_CLASS Class, CLIENT(PVOID) Information,
                      ULONG Length, CLIENT(PULONG) ReturnLength)
{
    EVENT_BASIC_INFORMATION Basic;
    PKEVENT Event;
    NTSTATUS Status;

    if (Class != EventBasicInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (Length != sizeof(Basic))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status =
        ObReferenceObjectByHandle(EventHandle, EVENT_QUERY_STATE, ExEventType, (PVOID *)&Event);
    if (!NT_SUCCESS(Status))
        return Status;
    Basic.EventType =
        Event->Header.Type == NotificationEventObject ? NotificationEvent : SynchronizationEvent;
    Basic.EventState = Event->Header.SignalState;
    ObDereferenceObject(Event);
    return ExpReturnInformation(Information, Length, &Basic, sizeof(Basic), ReturnLength);
}
