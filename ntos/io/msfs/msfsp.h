/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private to msfs: mailslots. A server's file is open on an MS_SLOT, a client's on an MS_CLIENT.
 * Of messages and reads a slot holds one kind whenever others run: a message that comes is matched
 * with the reads that wait.
 */
#pragma once
#include "../iop.h"

#define MS_FOREVER (-1) /* a time limit of reading */

/* What FsContext points to begins with this. */
typedef enum _MS_KIND {
    MsDeviceNode, /* \Device\Mailslot */
    MsRootNode,   /* \Device\Mailslot\ */
    MsSlotNode,
    MsClientNode,
} MS_KIND;

typedef struct _MS_SLOT {
    MS_KIND Kind;
    ULONG References; /* by files */
    BOOLEAN Closed;   /* its server is gone */
    IOP_NAMED Named;
    LIST_ENTRY Messages;         /* of IOP_MESSAGE.Links */
    LIST_ENTRY Reads;            /* of IO_REQUEST.QueueEntry */
    ULONG Count;                 /* messages */
    SIZE_T Bytes;                /* of all messages */
    ULONG Quota, MaximumMessage; /* bytes; 0: any */
    LARGE_INTEGER Timeout;       /* of reading, 100 ns */
    PSE_DESCRIPTOR Security;     /* referenced */
} MS_SLOT, *PMS_SLOT;

typedef struct _MS_CLIENT {
    MS_KIND Kind;
    PMS_SLOT Slot; /* referenced */
} MS_CLIENT, *PMS_CLIENT;

extern MS_KIND MsDeviceContext, MsRootContext;

/* slot.c */
PMS_SLOT MsFindSlot(PCUNICODE_STRING Name); /* NULL: none. Not referenced */
PMS_SLOT MsNextSlot(ULONG Number);
NTSTATUS MsCreateSlot(PCUNICODE_STRING Name, const IOP_OPEN_PACKET *Packet, PMS_SLOT *Slot);
void MsDereferenceSlot(PMS_SLOT Slot);
void MsCloseSlot(PMS_SLOT Slot); /* its server goes. Gives way */

/* open.c, transfer.c, query.c */
NTSTATUS MsOpen(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet);
NTSTATUS MsRead(PIO_FILE File, CLIENT(PVOID) Buffer, ULONG Length, PIOP_CLIENT Client);
NTSTATUS MsWrite(PIO_FILE File, CLIENT(PCVOID) Buffer, ULONG Length, PIOP_CLIENT Client);
void MsEndRead(PIO_REQUEST Request, NTSTATUS Status); /* one that has left its slot's list */
NTSTATUS MsQuery(PIO_FILE File, FILE_INFORMATION_CLASS Class, PVOID Information);
NTSTATUS MsSet(PIO_FILE File, FILE_INFORMATION_CLASS Class, CLIENT(PVOID) Information);
NTSTATUS MsCheckName(PIO_FILE File, BOOLEAN Full);

/* The slot that a server's file is open on; NULL: it is none. */
FORCEINLINE PMS_SLOT MsSlotOf(PIO_FILE File)
{
    return *(MS_KIND *)File->FsContext == MsSlotNode ? File->FsContext : NULL;
}

FORCEINLINE PMS_CLIENT MsClientOf(PIO_FILE File)
{
    return *(MS_KIND *)File->FsContext == MsClientNode ? File->FsContext : NULL;
}
