/* SPDX-License-Identifier: BSD-2-Clause */
/* Locked ranges of files: what rangelock.c and the services share. */
#pragma once
#include "../cm/ordertree.h"
#include "iop.h"

struct _IOP_LOCKED_FILE;

/* A lock that is held or waited for; also a range that is looked for. */
typedef struct _IOP_LOCK {
    CM_ORDER_NODE StartNode, EndNode, ExclusiveNode, OwnerNode;
    struct _IOP_LOCKED_FILE *Locked; /* referenced */
    PIO_FILE File;                   /* the owner: this, which outlives its locks, */
    PEPROCESS Process;               /* this, which is charged for the lock, */
    ULONG Key;                       /* and this */
    BOOLEAN Exclusive;
    ULONGLONG Start, Length, End; /* End is the last byte */
    ULONGLONG Number;             /* differs for each, from 1 */
} IOP_LOCK, *PIOP_LOCK;

typedef struct _IOP_LOCKED_FILE {
    RTL_BALANCED_NODE Node;
    PVOID FsContext;
    ULONG References;           /* by locks, held and waited for; by those who give way at it */
    CM_ORDER_TREE Starts, Ends; /* all locks that are held */
    CM_ORDER_TREE Exclusives;   /* exclusive ones, by place */
    CM_ORDER_TREE Owned[2];     /* shared and empty ones, exclusive ones: by owner and place */
    LIST_ENTRY Waiting;         /* of IO_REQUEST.QueueEntry; Context is the IOP_LOCK */
    LIST_ENTRY Seen;            /* the same: still in conflict, while others are looked at */
    BOOLEAN Granting;
    ULONG Changes; /* how often locks have gone */
} IOP_LOCKED_FILE, *PIOP_LOCKED_FILE;

PIOP_LOCKED_FILE IopFindLocked(PVOID FsContext); /* NULL: it has no locks */
void IopDereferenceLocked(PIOP_LOCKED_FILE Locked);
/* One like Wanted, which its process pays for; NULL: it cannot. */
PIOP_LOCK IopAllocateLock(PIO_FILE File, const IOP_LOCK *Wanted);
void IopFreeLock(PIOP_LOCK Lock);                         /* one that is not held */
BOOLEAN IopTryLock(PIOP_LOCK Lock);                       /* FALSE: it is in conflict with others */
BOOLEAN IopUnlock(PIO_FILE File, const IOP_LOCK *Wanted); /* gives way */
void IopGrantWaiting(PIOP_LOCKED_FILE Locked, BOOLEAN GiveWay);
