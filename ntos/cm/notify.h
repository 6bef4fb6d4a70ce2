/* SPDX-License-Identifier: BSD-2-Clause */
/* Who waits for changes of keys. */
#pragma once
#include "cmp.h"

/*
 *   watch     a key that somebody is interested in; in a tree, so that a change finds it
 *   session   the interest of one key object, from its first NtNotifyChangeKey on: that one's
 *             filter and reach are those of all that follow
 *   waiter    one NtNotifyChangeKey that has not been told yet; it may have a second session, of
 *             the other key of NtNotifyChangeMultipleKeys
 */
typedef struct _CM_WATCH {
    RTL_BALANCED_NODE TreeNode;
    CM_NODE Node;        /* referenced */
    LIST_ENTRY Sessions; /* CM_SESSION.Links, and marks */
    ULONG References;    /* sessions, and who goes through them */
} CM_WATCH, *PCM_WATCH;

typedef struct _CM_SESSION {
    LIST_ENTRY Links; /* the first, as in a mark */
    BOOLEAN Mark;     /* this is the place that somebody has come to, no session */
    BOOLEAN Subtree;
    BOOLEAN Changed; /* while nobody waited */
    ULONG Filter;
    PCM_WATCH Watch;
    LIST_ENTRY Waiters; /* CM_WAITER_LINK.Links */
} CM_SESSION, *PCM_SESSION;

typedef struct _CM_WAITER_LINK {
    LIST_ENTRY Links; /* Flink NULL: in none */
    struct _CM_WAITER *Waiter;
} CM_WAITER_LINK, *PCM_WAITER_LINK;

typedef struct _CM_WAITER {
    CM_WAITER_LINK Sessions[2];
    LIST_ENTRY ThreadEntry; /* ETHREAD.NotifyList; Flink NULL: in none */
    PCM_KEY Other;          /* the second session's key, referenced, or NULL */
    BOOLEAN Asynchronous;
    NTSTATUS Status;
    KEVENT Done; /* of a synchronous one, which is the waiting service's own */
    /* Of an asynchronous one: */
    LIST_ENTRY DeliveryEntry;
    PEPROCESS Process; /* referenced */
    PETHREAD Thread;   /* referenced */
    PKEVENT Event;     /* referenced; NULL: none */
    CLIENT(PIO_STATUS_BLOCK) Iosb;
    PKAPC Apc; /* NULL: none is wanted */
} CM_WAITER, *PCM_WAITER;

/* notifylist.c */
/* STATUS_INSUFFICIENT_RESOURCES. The key's session, old or new. */
NTSTATUS CmpOpenSession(PCM_KEY Key, ULONG Filter, BOOLEAN Subtree, PCM_SESSION *Session);
void CmpLinkWaiter(PCM_SESSION Session, PCM_WAITER_LINK Link, PCM_WAITER Waiter);
/* Nobody tells it any more. */
void CmpUnlinkWaiter(PCM_WAITER Waiter);
/* notify.c */
/* It is told: a synchronous one at once, another one when Delivery's are delivered. */
void CmpCompleteWaiter(PCM_WAITER Waiter, NTSTATUS Status, PLIST_ENTRY Delivery);
void CmpDeliver(PLIST_ENTRY Delivery); /* gives way */
