/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private to lpc: ports, and messages on their way.
 *
 *   port            made by                    receives from
 *   connection      NtCreatePort with a name   its own queue
 *   server          NtAcceptConnectPort        the connection port's queue
 *   client          NtConnectPort              its own queue
 *   unconnected     NtCreatePort without one   its own queue
 *
 * A server's and a client's port know each other (Peer) until the last handle to either is closed
 * (disconnect.c).
 *
 *   message      where it is                    becomes
 *   new          only its sender has it         queued
 *   queued       QueueEntry in Target->Queue    received (its receiver has it)
 *   received     nowhere, or the sender waits   answered
 *   answered     the sender has it              (freed with its last reference)
 *
 * A message that wants an answer is found by its number from when it is queued until it is answered
 * (pending.c), and in the list of the port that it was sent through, which answers it when the
 * connection ends. A datagram is its receiver's alone once that has it.
 */
#pragma once
#include <dbg.h>
#include <ex.h>
#include <io.h>
#include <ke.h>
#include <lpc.h>
#include <mm.h>
#include <ob.h>
#include <ps.h>
#include <se.h>

typedef enum _LPCP_KIND {
    LpcpConnectionPort,
    LpcpServerPort,
    LpcpClientPort,
    LpcpUnconnectedPort,
} LPCP_KIND;

/* Messages of one process that nobody has received yet, in bytes, and of one port. */
#define LPCP_PROCESS_QUOTA ((SIZE_T)1 << 20)
#define LPCP_PORT_QUOTA ((SIZE_T)256 << 10)

/* Questions that a thread has been asked and has not answered (NtReplyWaitReplyPort). */
#define LPCP_MAXIMUM_DEPTH 16

/* A view of a section in the process of the port that it belongs to. */
typedef struct _LPCP_VIEW {
    PVOID Base; /* NULL: none */
    SIZE_T Size;
} LPCP_VIEW, *PLPCP_VIEW;

/* What ALPC adds to a port (alpcp.h). */
typedef struct _ALPCP_PORT {
    ULONG Flags; /* ALPC_PORFLG_ */
    ULONG HandleTypes;
    SIZE_T MaximumSection, MaximumView, MaximumSections; /* bytes; 0: any */
    SIZE_T SectionBytes;
    LIST_ENTRY Resources; /* of ALPCP_RESOURCE.Links */
    ULONG ResourceCount, LastResource;
    PIO_COMPLETION
    Completion;       /* referenced: gets a packet for each message that arrives, or NULL */
    IO_PACKET Packet; /* keeps the port while it is posted */
    BOOLEAN PacketPosted;
    ULONG PacketsOwed; /* messages that no packet has been posted for */
} ALPCP_PORT, *PALPCP_PORT;

typedef struct _LPCP_PORT {
    KSEMAPHORE Ready; /* as many as there are messages in Queue; receivers wait for it */
    KEVENT Waitable;  /* whether there are; what a handle can be waited for with */
    LIST_ENTRY Queue; /* of LPCP_MESSAGE.QueueEntry */
    UCHAR Kind;       /* LPCP_KIND */
    BOOLEAN Closed;   /* its last handle has been closed, or its peer's */
    BOOLEAN CanWait;  /* made by NtCreateWaitablePort, or ALPC_PORFLG_WAITABLE_PORT */
    BOOLEAN IsAlpc;   /* made by one of ALPC's services */
    USHORT MaximumMessage, MaximumInformation; /* bytes, that with the header */
    SIZE_T QueuedBytes, MaximumQueued;         /* charged for what is sent through it, and limit */
    ULONG Sequence;                            /* messages that have come into its queue */
    struct _LPCP_PORT *Peer;
    struct _LPCP_PORT *ConnectionPort; /* of a server's port, referenced */
    LIST_ENTRY Requests; /* LPCP_MESSAGE.SourceEntry: sent through it (a connection port: to it, to
                            connect) and not answered */
    struct _LPCP_MESSAGE *Pending;  /* of a server's port: the connection to complete; of a client's
                                       that does not wait for it: the one asked for; referenced */
    struct _LPCP_MESSAGE *Farewell; /* of a client's port, for when it is closed */
    PVOID Context;                  /* of a server's port: its owner's own */
    PEPROCESS Process;              /* that made it; referenced */
    struct _MM_SECTION *Section;    /* of a client's port: what it gives; referenced */
    LARGE_INTEGER SectionOffset;
    LPCP_VIEW OwnView, RemoteView;           /* of one's own section, of the other side's */
    SECURITY_QUALITY_OF_SERVICE SecurityQos; /* of a client's port */
    PTOKEN ClientToken; /* of its client when it connected, if tracking is static; referenced */
    ALPCP_PORT Alpc;
} LPCP_PORT, *PLPCP_PORT;

typedef enum _LPCP_STATE {
    LpcpNew,
    LpcpQueued,
    LpcpReceived,
    LpcpAnswered,
} LPCP_STATE;

typedef struct _LPCP_MESSAGE {
    LIST_ENTRY QueueEntry;
    LIST_ENTRY SourceEntry;
    RTL_BALANCED_NODE IdNode;
    ULONG References;
    UCHAR State; /* LPCP_STATE */
    BOOLEAN WantsAnswer;
    BOOLEAN Alpc;          /* its sender knows nothing of questions, and may know other lengths */
    BOOLEAN Callback;      /* Reply is a question to the sender, which goes on waiting then */
    PLPCP_PORT Source;     /* referenced: what it was sent through; NULL: none */
    PLPCP_PORT Target;     /* in whose queue it is or was; outlives its requests' answers */
    PVOID Context;         /* what the receiver gets as the port's context */
    PEPROCESS Payer;       /* referenced, as long as Charge is not 0 */
    PLPCP_PORT Counted;    /* the same: the port that it counts for */
    SIZE_T Charge;         /* bytes; returned when the message goes */
    PEPROCESS Receiver;    /* compared only */
    PETHREAD Sender;       /* of one that wants an answer: it waits; NULL: the answer is queued */
    ULONG ReplyRoom;       /* of one whose sender waits: the bytes it takes, with the header */
    ULONG Sequence;        /* in the port's queue */
    PVOID MessageContext;  /* its sender's own */
    PVOID AnsweredContext; /* its receiver's own, of the message that this answers */
    struct _ALPCP_ATTRIBUTES *Attributes; /* that go with it, or NULL */
    struct _ALPCP_RESOURCE *Reserve;      /* whose message this is, or NULL */
    struct _LPCP_MESSAGE *Reply;
    struct _LPCP_MESSAGE *Outer;    /* of a thread's list: ETHREAD.LpcInterrupted */
    struct _LPCP_MESSAGE *Question; /* referenced: what the thread in whose list it is was asked */
    NTSTATUS Status;                /* of the answer */
    CLIENT_ID Addressee;            /* as its sender has it in the header */
    KEVENT Answered;
    ULONG Room; /* bytes for header and data */
    PORT_MESSAGE Header;
} LPCP_MESSAGE, *PLPCP_MESSAGE;

#define LPCP_DATA(message) ((PUCHAR)(&(message)->Header + 1))
#define LPCP_TYPE_MASK 0xff
#define LPCP_TYPE(message) ((message)->Header.u2.s2.Type & LPCP_TYPE_MASK)

/* message.c */
/* With room for Length bytes of header and data; one reference. NULL: no memory. Gives way if it is
 * more than a page. */
PLPCP_MESSAGE LpcpAllocateMessage(ULONG Length);
static inline void LpcpReferenceMessage(PLPCP_MESSAGE Message)
{
    Message->References++;
}

void LpcpDereferenceMessage(PLPCP_MESSAGE Message);
/* A header of the Executive's own, for Length bytes of data that Thread sends. */
void LpcpMakeHeader(PLPCP_MESSAGE Message, USHORT Type, ULONG Length, PETHREAD Thread);
/* A copy of the current process's message of at most Maximum bytes, with the current thread as
 * sender. STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER, STATUS_PORT_MESSAGE_TOO_LONG,
 * STATUS_NO_MEMORY. */
NTSTATUS LpcpCaptureMessage(CLIENT(PPORT_MESSAGE) ClientMessage, ULONG Maximum,
                            PLPCP_MESSAGE *Message);
/* Header and data to the current process. */
NTSTATUS LpcpReturnMessage(CLIENT(PPORT_MESSAGE) ClientMessage, PLPCP_MESSAGE Message);

/* pending.c: messages that want an answer. */
ULONG LpcpNextMessageId(void);
void LpcpInsertPending(PLPCP_MESSAGE Message); /* its number is given here */
/* The same with the number of a message that it continues, sent through Port by nobody who waits.
 */
void LpcpContinuePending(PLPCP_MESSAGE Message, ULONG MessageId, PLPCP_PORT Port);
PLPCP_MESSAGE LpcpLookupPending(ULONG MessageId); /* not referenced; NULL: there is none */
void LpcpRemovePending(PLPCP_MESSAGE Message);
/* The message with this number from ClientId that has been received by way of Port (NULL: any).
 * STATUS_INVALID_CID, STATUS_REPLY_MESSAGE_MISMATCH. Not referenced. */
NTSTATUS LpcpFindPending(PLPCP_PORT Port, ULONG MessageId, const CLIENT_ID *ClientId,
                         PLPCP_MESSAGE *Message);
/* Whether the sender of the message can have the reply: one who does not wait for it is charged
 * for it. STATUS_PORT_MESSAGE_TOO_LONG, STATUS_QUOTA_EXCEEDED. */
NTSTATUS LpcpPrepareReply(PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply);
/* Reply (NULL: none) is the message's from then on; its sender is told, or waits for it no more. A
 * prepared one is queued to a sender that does not wait. Gives way if the sender does not wait. */
void LpcpAnswer(PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply, NTSTATUS Status);
/* Answers it with Reply, to which the caller keeps its reference. A sender with too little room
 * gets STATUS_BUFFER_TOO_SMALL instead, and ReplyRoom is what it needs. */
void LpcpReply(PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply);
/* Waits for the answer. On any other end of the wait the message is taken back. */
NTSTATUS LpcpWaitForAnswer(PLPCP_MESSAGE Message, BOOLEAN Alertable, PLARGE_INTEGER Timeout);

/* queue.c */
PLPCP_PORT LpcpQueueOf(PLPCP_PORT Port); /* the port whose queue Port receives from */
/* Charges the current process for a message that it sends through Port, until the message goes.
 * STATUS_QUOTA_EXCEEDED */
NTSTATUS LpcpCharge(PLPCP_MESSAGE Message, PLPCP_PORT Port);
/* The same for Extra bytes more, which Process pays. */
NTSTATUS LpcpChargeProcess(PLPCP_MESSAGE Message, PLPCP_PORT Port, PEPROCESS Process, SIZE_T Extra);
void LpcpReturnCharge(PLPCP_MESSAGE Message);
/* The message, or the caller's reference to it, is the queue's from then on. Who may GiveWay does,
 * for many may wait for the port's handle: the message may be answered then. */
void LpcpQueueMessage(PLPCP_MESSAGE Message, PLPCP_PORT Target, BOOLEAN GiveWay);
void LpcpUnqueueMessage(PLPCP_MESSAGE Message);
/* The next message, referenced; waits for one. If it has more than *Room bytes (NULL: any), it
 * stays where it is: STATUS_BUFFER_TOO_SMALL, and *Room is its length. STATUS_TIMEOUT,
 * STATUS_PORT_DISCONNECTED, and as KeWaitForSingleObject. */
NTSTATUS LpcpReceive(PLPCP_PORT Port, BOOLEAN Alertable, PLARGE_INTEGER Timeout, PULONG Room,
                     PLPCP_MESSAGE *Message);
void LpcpPurgeQueue(PLPCP_PORT Port); /* gives way */

/* port.c */
NTSTATUS LpcpCreatePort(LPCP_KIND Kind, PLPCP_PORT *Port);
NTSTATUS LpcpReferencePort(HANDLE Handle, PLPCP_PORT *Port);

/* disconnect.c: idempotent; Port is referenced. Gives way. */
void LpcpDisconnect(PLPCP_PORT Port);
void LpcpEndReceiving(PLPCP_PORT Port);
void LpcpCloseConnectionPort(PLPCP_PORT Port);
/* Those of the port's list get this status as their answer. */
void LpcpAnswerAll(PLPCP_PORT Port, NTSTATUS Status);

/* request.c */
/* Waits for the reply and copies it to the client, or the question that comes instead. */
NTSTATUS LpcpFinishRequest(PLPCP_MESSAGE Request, CLIENT(PPORT_MESSAGE) ReplyMessage);
/* Who was asked has answered, or never will: then who asks gets STATUS_LPC_REPLY_LOST. */
void LpcpForgetQuestion(PLPCP_MESSAGE Request);
/* Where what is sent through Port goes until others run, and the context that it arrives with.
 * STATUS_PORT_DISCONNECTED, STATUS_INVALID_PORT_HANDLE. */
NTSTATUS LpcpFindTarget(PLPCP_PORT Port, PLPCP_PORT *Target, PVOID *Context);
void LpcpSetSource(PLPCP_MESSAGE Message, PLPCP_PORT Port);
/* STATUS_INVALID_PARAMETER: the entries that DataInfoOffset tells of do not lie within the data. */
NTSTATUS LpcpCheckDataInformation(const PORT_MESSAGE *Header);

/* connect.c, accept.c */
/* What the server gets when the client's port is closed, for the calling process. */
void LpcpMakeFarewell(PLPCP_PORT Port);
/* The two ports know each other from then on, unless the client has gone. */
NTSTATUS LpcpJoin(PLPCP_PORT Server, PLPCP_MESSAGE Request, PLPCP_MESSAGE Reply);
/* The client of a server's port goes on. STATUS_INVALID_PARAMETER: nobody waits. */
NTSTATUS LpcpComplete(PLPCP_PORT Server);
/* Cuts off what a waiting client has no room for; it is not kept. STATUS_NO_MEMORY */
NTSTATUS LpcpCutReply(PLPCP_MESSAGE Request, PLPCP_MESSAGE *Reply);
void LpcpRefuse(PLPCP_MESSAGE Request, PLPCP_MESSAGE Reply);

/* impersonate.c: the current thread acts for the sender of Request, through whose port it came. */
NTSTATUS LpcpImpersonateSender(PLPCP_MESSAGE Request);

/* view.c */
/* A view of Section in the process of Port. */
NTSTATUS LpcpMapView(PLPCP_PORT Port, struct _MM_SECTION *Section, LARGE_INTEGER Offset,
                     PLPCP_VIEW View);
void LpcpUnmapViews(PLPCP_PORT Port);
NTSTATUS LpcpCaptureView(CLIENT(PPORT_VIEW) ClientView, PPORT_VIEW View,
                         struct _MM_SECTION **Section);
NTSTATUS LpcpCheckRemoteView(CLIENT(PREMOTE_PORT_VIEW) ClientView);
NTSTATUS LpcpReturnRemoteView(CLIENT(PREMOTE_PORT_VIEW) ClientView, const LPCP_VIEW *View);
