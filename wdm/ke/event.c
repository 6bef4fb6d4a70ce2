/* SPDX-License-Identifier: BSD-2-Clause */
/* Events. All at DISPATCH_LEVEL or below. Those of the Executive are in ob/proxy.c. */
#include "ki.h"

VOID NTAPI KeInitializeEvent(PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
    Event->Header.Type = (Type == NotificationEvent) ? KiNotificationEvent : KiSynchronizationEvent;
    Event->Header.Size = sizeof(KEVENT) / sizeof(ULONG);
    Event->Header.SignalState = State ? 1 : 0;
    InitializeListHead(&Event->Header.WaitListHead);
}

/* KeSetEvent returns the previous state. Wait is a hint for a switch that does not exist here. */
LONG NTAPI KeSetEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
    LONG Previous = Event->Header.SignalState;

    if (KiIsProxyEvent(&Event->Header))
        return KiSetProxyEvent(&Event->Header, KiProxySet);
    Event->Header.SignalState = 1;
    if (Previous <= 0)
        KiSignalWaiters(&Event->Header);
    return Previous;
}

LONG NTAPI KePulseEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
    LONG Previous;

    if (KiIsProxyEvent(&Event->Header))
        return KiSetProxyEvent(&Event->Header, KiProxyPulse);
    Previous = KeSetEvent(Event, Increment, Wait);
    Event->Header.SignalState = 0;
    return Previous;
}

LONG NTAPI KeResetEvent(PRKEVENT Event)
{
    LONG Previous = Event->Header.SignalState;

    if (KiIsProxyEvent(&Event->Header))
        return KiSetProxyEvent(&Event->Header, KiProxyReset);
    Event->Header.SignalState = 0;
    return Previous;
}

VOID NTAPI KeClearEvent(PRKEVENT Event)
{
    KeResetEvent(Event);
}

LONG NTAPI KeReadStateEvent(PRKEVENT Event)
{
    if (KiIsProxyEvent(&Event->Header))
        return KiReadProxyEvent(&Event->Header);
    return Event->Header.SignalState;
}
