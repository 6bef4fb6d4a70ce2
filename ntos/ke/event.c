/* SPDX-License-Identifier: BSD-2-Clause */
/* Events, and signalling of dispatcher objects in general. */
#include "kip.h"
#include "wait.h"

void KeInitializeDispatcherHeader(PDISPATCHER_HEADER Header, UCHAR Type, LONG SignalState)
{
    Header->Type = Type;
    Header->SignalState = SignalState;
    InitializeListHead(&Header->WaitListHead);
}

void KeInitializeEvent(PKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
    KeInitializeDispatcherHeader(&Event->Header,
                                 Type == NotificationEvent ? NotificationEventObject
                                                           : SynchronizationEventObject,
                                 State ? 1 : 0);
}

void KeSignalObject(PDISPATCHER_HEADER Header, BOOLEAN GiveWay)
{
    Header->SignalState = 1;
    if (!IsListEmpty(&Header->WaitListHead))
        KiReleaseWaiters(Header, GiveWay);
}

LONG KeSetEvent(PKEVENT Event)
{
    LONG Previous = Event->Header.SignalState;

    KeSignalObject(&Event->Header, FALSE);
    return Previous;
}

LONG KeSetEventGivingWay(PKEVENT Event)
{
    LONG Previous = Event->Header.SignalState;

    KeSignalObject(&Event->Header, TRUE);
    return Previous;
}

LONG KeResetEvent(PKEVENT Event)
{
    LONG Previous = Event->Header.SignalState;

    Event->Header.SignalState = 0;
    return Previous;
}

/* A notification event lets nobody through who comes while its waiters are released. */
LONG KePulseEvent(PKEVENT Event)
{
    LONG Previous = Event->Header.SignalState;

    Event->Header.SignalState = Event->Header.Type == SynchronizationEventObject;
    KiReleaseWaiters(&Event->Header, TRUE);
    if (Event->Header.Type == SynchronizationEventObject)
        Event->Header.SignalState = 0;
    return Previous;
}
