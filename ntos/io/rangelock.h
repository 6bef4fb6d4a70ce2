/* SPDX-License-Identifier: BSD-2-Clause */
/* Locked ranges of files: what rangelock.c and the services share. */
#pragma once
#include "../cm/ordertree.h"
#include "iop.h"

struct _IOP_LOCKED_FILE;

/* A lock that is held or waited for; also a range that is looked for. */
typedef struct _IOP_LOCK {
    CM_ORDER_NODE StartNode, EndNode, ExclusiveNode, OwnerNode; /* of one that is held */
    CM_ORDER_NODE WaitingNode;
    PIO_REQUEST Request;             /* who waits for it */
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
    CM_ORDER_TREE Owned[2];     /* shared and empty ones, exclusive ones: by owner and range */
    CM_ORDER_TREE Waiting;      /* those that wait, by number */
    ULONG Releasing;            /* who gives up locks, or grants them to those that wait */
} IOP_LOCKED_FILE, *PIOP_LOCKED_FILE;

PIOP_LOCKED_FILE IopFindLocked(PVOID FsContext); /* NULL: it has no locks */
void IopDereferenceLocked(PIOP_LOCKED_FILE Locked);
/* One like Wanted, which its process pays for; NULL: it cannot. */
PIOP_LOCK IopAllocateLock(PIO_FILE File, const IOP_LOCK *Wanted);
void IopFreeLock(PIOP_LOCK Lock);                         /* one that is not held */
BOOLEAN IopTryLock(PIOP_LOCK Lock);                       /* FALSE: it is in conflict with others */
BOOLEAN IopUnlock(PIO_FILE File, const IOP_LOCK *Wanted); /* gives way */
/* Before a new request tries: those that wait get what has just been given up. Gives way. */
void IopLetWaitingGoFirst(PIOP_LOCKED_FILE Locked);
void IopInsertWaiting(PIOP_LOCK Lock, PIO_REQUEST Request);
void IopRemoveWaiting(PIOP_LOCK Lock);
