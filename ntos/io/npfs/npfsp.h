/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private to npfs: named pipes.
 *
 *   NP_PIPE       what has a name: its instances have type, configuration and descriptor in common
 *   NP_INSTANCE   a connection, or a server's end that waits for one
 *   NP_END        what a file is open on: a server's or a client's end
 *   NP_QUEUE      what goes one way: data that nobody has read, or reads that wait for data
 *   NP_ENTRY      what one write has put there
 *
 *   State          the ends are               left by
 *   ------------   ------------------------   ---------------------------------------------------
 *   Listening      the server's               a client opens the pipe: Connected
 *                                             FSCTL_PIPE_DISCONNECT: Disconnected
 *   Connected      both                       an end is closed: Closing
 *                                             FSCTL_PIPE_DISCONNECT: Disconnected
 *   Closing        one of them                FSCTL_PIPE_DISCONNECT: Disconnected
 *   Disconnected   the server's; the          FSCTL_PIPE_LISTEN: Listening
 *                  client's has no instance
 *
 * With its last server's end a pipe loses its name. What waits may be completed by anybody who
 * comes by; the lists are whole whenever others run.
 */
#pragma once
#include "../iop.h"

#define NP_MAXIMUM_WAITING 256  /* writes that wait at one end, and flushes */
#define NP_ENTRIES_AT_ONCE 1024 /* entries that one read of bytes takes, or a look sees */

/* What FsContext points to begins with this. */
typedef enum _NP_KIND {
    NpDeviceNode, /* \Device\NamedPipe */
    NpRootNode,   /* \Device\NamedPipe\ */
    NpPipeNode,   /* in the root directory */
    NpEndNode,
} NP_KIND;

typedef struct _NP_PIPE {
    NP_KIND Kind;
    ULONG References; /* by ends and requests */
    IOP_NAMED Named;  /* without a name it cannot be found */
    ULONG Type, Configuration, MaximumInstances, CurrentInstances;
    LARGE_INTEGER DefaultTimeout; /* 100 ns, relative */
    PSE_DESCRIPTOR Security;      /* referenced */
    LIST_ENTRY Listening;         /* of NP_INSTANCE.ListeningEntry */
    LIST_ENTRY Waiters;           /* of IO_REQUEST.QueueEntry: FSCTL_PIPE_WAIT */
} NP_PIPE, *PNP_PIPE;

typedef IOP_MESSAGE NP_ENTRY, *PNP_ENTRY; /* what one write has put there */

/* What a read has taken out of a queue, to be copied. */
typedef struct _NP_HARVEST {
    LIST_ENTRY Entries;   /* read whole */
    PNP_ENTRY Partial;    /* referenced: read in part, behind them; or NULL */
    ULONG Offset, Length; /* of the part */
    ULONG Total;          /* bytes of all */
    NTSTATUS Status;
} NP_HARVEST, *PNP_HARVEST;

#define NP_REST(entry) ((entry)->Length - (entry)->Offset)

typedef struct _NP_QUEUE {
    LIST_ENTRY Entries; /* of NP_ENTRY.Links: what nobody has read, in order */
    LIST_ENTRY Reads;   /* of IO_REQUEST.QueueEntry: they wait for data */
    LIST_ENTRY Writes;  /* the same: their data are beyond the quota */
    LIST_ENTRY Flushes; /* the same: they wait until the entry numbered ByteOffset has gone */
    PNP_ENTRY Stalled;  /* the first entry that the quota has no room for; NULL: none */
    SIZE_T Bytes;       /* of all entries, that have not been read */
    ULONG Covered;      /* those of the entries before Stalled; <= Quota */
    ULONG Quota;
    ULONG Count, Waiting, Flushing; /* entries; Writes; Flushes */
    ULONGLONG Added;                /* entries so far */
} NP_QUEUE, *PNP_QUEUE;

/* What was in a queue. */
typedef struct _NP_REMAINS {
    LIST_ENTRY Entries, Reads;
} NP_REMAINS, *PNP_REMAINS;

typedef struct _NP_END {
    NP_KIND Kind;
    ULONG Side;                    /* FILE_PIPE_CLIENT_END, FILE_PIPE_SERVER_END */
    struct _NP_INSTANCE *Instance; /* NULL: the server has disconnected this client */
    PNP_PIPE Pipe;                 /* referenced */
    ULONG ReadMode, CompletionMode;
    BOOLEAN Closed; /* its last handle is gone */
} NP_END, *PNP_END;

typedef struct _NP_INSTANCE {
    ULONG References;                    /* by ends, by those who give way at it */
    ULONG State;                         /* FILE_PIPE_..._STATE */
    PNP_PIPE Pipe;                       /* its ends hold it */
    LIST_ENTRY ListeningEntry;           /* NP_PIPE.Listening, if Listening */
    LIST_ENTRY Listeners;                /* of IO_REQUEST.QueueEntry: FSCTL_PIPE_LISTEN */
    PNP_END Ends[2];                     /* by side; NULL: closed, or not there yet */
    NP_QUEUE Queues[2];                  /* by the side that writes: inbound, outbound */
    SECURITY_QUALITY_OF_SERVICE Quality; /* the client's */
    PTOKEN Client; /* referenced: whose copy the server gets when it impersonates; NULL: none yet */
    BOOLEAN NoImpersonation;            /* FSCTL_PIPE_DISABLE_IMPERSONATE */
    ULONG ProcessIds[2], SessionIds[2]; /* by side */
} NP_INSTANCE, *PNP_INSTANCE;

extern NP_KIND NpDeviceContext, NpRootContext;

/* pipe.c: pipes by name and number. Name has a leading backslash. */
PNP_PIPE NpFindPipe(PCUNICODE_STRING Name); /* NULL: there is none. Not referenced */
PNP_PIPE NpNextPipe(ULONG Number);          /* the first with a higher one */
/* With one reference and no instance; it can be found if it has a name. */
NTSTATUS NpCreatePipe(PCUNICODE_STRING Name, const IOP_OPEN_PACKET *Packet, PNP_PIPE *Pipe);
FORCEINLINE void NpReferencePipe(PNP_PIPE Pipe)
{
    Pipe->References++;
}

void NpDereferencePipe(PNP_PIPE Pipe);
void NpUnlistPipe(PNP_PIPE Pipe); /* its name is free */

/* open.c, server.c */
NTSTATUS NpOpen(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet);
NTSTATUS NpOpenServer(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet);
PNP_END NpAllocateEnd(ULONG Side, PNP_PIPE Pipe); /* NULL: no memory */
void NpFreeEnd(PNP_END End);
/* Whether the calling thread may have what it asks for, and More, to the pipe. Gives way. */
NTSTATUS NpCheckAccess(PNP_PIPE Pipe, const IOP_OPEN_PACKET *Packet, ACCESS_MASK More);

/* instance.c */
/* A new one, listening, of which Server is the end. */
NTSTATUS NpCreateInstance(PNP_END Server, const IOP_NEW_STREAM *New);
void NpDereferenceInstance(PNP_INSTANCE Instance);
void NpConnect(PNP_INSTANCE Instance, PNP_END Client);
NTSTATUS NpDisconnect(PNP_INSTANCE Instance); /* FSCTL_PIPE_DISCONNECT */
void NpListen(PNP_INSTANCE Instance);         /* one that is disconnected */
void NpCloseEnd(PNP_END End);

/* queue.c. What can wake others gives way at the end, with everything in its place. */
void NpInitializeQueue(PNP_QUEUE Queue, ULONG Quota);
/* Bytes that a write can put there without waiting. */
ULONG NpRoom(PNP_QUEUE Queue);
void NpAppend(PNP_QUEUE Queue, PNP_ENTRY Entry);
/* Bytes of the first entry have been read; it goes when all have. */
void NpConsume(PNP_QUEUE Queue, ULONG Bytes);
void NpRemoveEntry(PNP_QUEUE Queue, PNP_ENTRY Entry); /* the caller's then, and its write is over */
void NpCover(PNP_QUEUE Queue);                        /* gives way */
void NpTellFlushes(PNP_QUEUE Queue);                  /* gives way */
/* All that is in the queue leaves it, for Remains; writes that wait and flushes are over. Does not
 * give way. */
void NpEmptyQueue(PNP_QUEUE Queue, NTSTATUS Status, PNP_REMAINS Remains);
/* Entries are freed, and requests over. Gives way. */
void NpBury(PNP_REMAINS Remains, NTSTATUS Status);
/* The requests of List are over. Gives way. */
void NpCompleteAll(PLIST_ENTRY List, NTSTATUS Status);
void NpTakeList(PLIST_ENTRY From, PLIST_ENTRY To); /* all of From */
void NpForgetWrite(PIO_REQUEST Request);           /* it is cancelled */

/* match.c: data and the reads that wait for them come together. Gives way. */
void NpMatch(PNP_INSTANCE Instance, ULONG Writer);

/* security.c */
/* The client's context of what it writes with Entry. STATUS_BAD_IMPERSONATION_LEVEL. */
NTSTATUS NpCaptureContext(PNP_END End, PNP_ENTRY Entry);
/* The same of a client that connects, with the quality that it gives. */
NTSTATUS NpCaptureClient(PNP_INSTANCE Instance, const SECURITY_QUALITY_OF_SERVICE *Quality);
void NpSetClient(PNP_INSTANCE Instance, PTOKEN Token); /* Token comes referenced; NULL: none */
/* The server has read Entry. */
void NpAdoptContext(PNP_INSTANCE Instance, PNP_ENTRY Entry);
NTSTATUS NpImpersonate(PNP_END End);

/* read.c, write.c, flush.c, control.c, peek.c, transceive.c, wait.c, attribute.c, query.c */
NTSTATUS NpRead(PIO_FILE File, CLIENT(PVOID) Buffer, ULONG Length, PIOP_CLIENT Client);
/* What is to be written by the file's end, which may do it. */
NTSTATUS NpCaptureWrite(PIO_FILE File, CLIENT(PCVOID) Buffer, ULONG Length, PNP_END *End,
                        PNP_ENTRY *Entry);
NTSTATUS NpWrite(PIO_FILE File, CLIENT(PCVOID) Buffer, ULONG Length, PIOP_CLIENT Client);
NTSTATUS NpFlush(PIO_FILE File);
NTSTATUS NpFlushLater(PIO_FILE File, PIOP_CLIENT Client);
NTSTATUS NpControl(PIO_FILE File, const IOP_CONTROL *Control, PIOP_CLIENT Client);
NTSTATUS NpPeek(PNP_END End, const IOP_CONTROL *Control, PULONG_PTR Returned);
NTSTATUS NpTransceive(PIO_FILE File, const IOP_CONTROL *Control, PIOP_CLIENT Client);
NTSTATUS NpWait(PIO_FILE File, const IOP_CONTROL *Control, PIOP_CLIENT Client);
void NpEndWaits(PNP_PIPE Pipe, NTSTATUS Status); /* all of them. Gives way */
NTSTATUS NpGetConnectionAttribute(PNP_END End, const IOP_CONTROL *Control, PULONG_PTR Returned);
NTSTATUS NpQuery(PIO_FILE File, FILE_INFORMATION_CLASS Class, PVOID Information);
NTSTATUS NpSet(PIO_FILE File, FILE_INFORMATION_CLASS Class, CLIENT(PVOID) Information);
NTSTATUS NpCheckName(PIO_FILE File, BOOLEAN Full);

/* The end that a file is open on; NULL: it is none. */
FORCEINLINE PNP_END NpEndOf(PIO_FILE File)
{
    return *(NP_KIND *)File->FsContext == NpEndNode ? File->FsContext : NULL;
}

/* The end that a file is open on, and its instance. STATUS_INVALID_PARAMETER (it is none),
 * STATUS_PIPE_DISCONNECTED, STATUS_FILE_CLOSED (this runs on after its last handle has gone). */
FORCEINLINE NTSTATUS NpFindEnd(PIO_FILE File, PNP_END *End)
{
    *End = NpEndOf(File);
    if (!*End)
        return STATUS_INVALID_PARAMETER;
    if ((*End)->Closed)
        return STATUS_FILE_CLOSED;
    return (*End)->Instance ? STATUS_SUCCESS : STATUS_PIPE_DISCONNECTED;
}

/* The queue that the end reads from, and the one that it writes to. */
FORCEINLINE PNP_QUEUE NpReadQueue(PNP_END End)
{
    return &End->Instance->Queues[!End->Side];
}

FORCEINLINE PNP_QUEUE NpWriteQueue(PNP_END End)
{
    return &End->Instance->Queues[End->Side];
}

/* Inbound pipes are written by the client, outbound ones by the server. */
FORCEINLINE BOOLEAN NpMayWrite(PNP_END End)
{
    return End->Pipe->Configuration !=
           (End->Side == FILE_PIPE_SERVER_END ? FILE_PIPE_INBOUND : FILE_PIPE_OUTBOUND);
}

FORCEINLINE BOOLEAN NpMayRead(PNP_END End)
{
    return End->Pipe->Configuration !=
           (End->Side == FILE_PIPE_SERVER_END ? FILE_PIPE_OUTBOUND : FILE_PIPE_INBOUND);
}
