/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private to lpc: what advanced local procedure calls add to ports and messages.
 *
 * A message that is sent with NtAlpcSendWaitReceivePort is one of
 *
 *   flags            type          its sender                     it ends when
 *   SYNC_REQUEST     LPC_REQUEST   waits for the reply            it is answered
 *   none             LPC_REQUEST   gets the reply in its queue    it is answered, or cancelled
 *   RELEASE_MESSAGE  LPC_DATAGRAM  hears no more of it            it is received
 *
 * A reply names the message by its number. One without RELEASE_MESSAGE to a sender who does not
 * wait takes the message's place, with its number, and wants an answer itself.
 */
#pragma once
#include "lpcp.h"

/* A port's own things, by handles that mean nothing elsewhere (alpc_resource.c). */
typedef enum _ALPCP_KIND {
    AlpcpSection, /* what the port's owner makes views of, to send them */
    AlpcpView,    /* of one's own section, or of a message that has come */
    AlpcpReserve, /* a message for when there is no memory for another one */
    AlpcpContext, /* for whom a server may act */
} ALPCP_KIND;

#define ALPCP_MAXIMUM_RESOURCES 64 /* of a port */

/* What a message hands on of a client's security; messages that are under way keep it. */
typedef struct _ALPCP_SECURITY {
    ULONG References;
    PTOKEN Token; /* referenced; NULL: it has been revoked */
    ULONG Handle;
} ALPCP_SECURITY, *PALPCP_SECURITY;

typedef struct _ALPCP_RESOURCE {
    LIST_ENTRY Links; /* ALPCP_PORT.Resources */
    UCHAR Kind;       /* ALPCP_KIND */
    ULONG Handle;     /* not 0 */
    union {
        struct {
            struct _MM_SECTION *Section; /* referenced */
            SIZE_T Size;
        } Section;
        struct {
            struct _MM_SECTION *Section; /* referenced */
            PEPROCESS Process;           /* referenced: where it is mapped */
            PVOID Base;
            SIZE_T Size;
            LARGE_INTEGER Offset;
            ULONG Owner; /* the handle of the port's own section that it is of, or 0 */
        } View;
        struct {
            PLPCP_MESSAGE Message; /* charged as pool of the payer's, not for the port */
            BOOLEAN InUse;
        } Reserve;
        PALPCP_SECURITY Security;
    };
} ALPCP_RESOURCE, *PALPCP_RESOURCE;

/* What goes with a message. */
typedef struct _ALPCP_ATTRIBUTES {
    OB_CARRIED_HANDLE Handle;        /* Object NULL: none */
    struct _MM_SECTION *ViewSection; /* referenced; NULL: none */
    LARGE_INTEGER ViewOffset;
    SIZE_T ViewSize;
    ULONG ViewFlags;
    PVOID ReceivedView;       /* where it is mapped at its receiver, as long as it does */
    PALPCP_SECURITY Security; /* referenced; NULL: the port's own */
} ALPCP_ATTRIBUTES, *PALPCP_ATTRIBUTES;

/* A client's attributes, copied: header and all that it has room for. */
#define ALPCP_KNOWN_ATTRIBUTES 0xfe000000u
typedef struct _ALPCP_BUFFER {
    union {
        ALPC_MESSAGE_ATTRIBUTES Header;
        UCHAR Bytes[sizeof(ALPC_MESSAGE_ATTRIBUTES) + sizeof(ALPC_SECURITY_ATTR) +
                    sizeof(ALPC_DATA_VIEW_ATTR) + sizeof(ALPC_CONTEXT_ATTR) +
                    sizeof(ALPC_HANDLE_ATTR) + sizeof(ALPC_TOKEN_ATTR) + sizeof(ALPC_DIRECT_ATTR) +
                    sizeof(ALPC_WORK_ON_BEHALF_ATTR)];
    };
} ALPCP_BUFFER, *PALPCP_BUFFER;

/* alpc_attributes.c */
/* STATUS_INVALID_PARAMETER: unknown ones. */
NTSTATUS AlpcpReadAttributes(CLIENT(PALPC_MESSAGE_ATTRIBUTES) Client, PALPCP_BUFFER Buffer);
/* Where what comes with a message is to go. */
NTSTATUS AlpcpProbeAttributes(CLIENT(PALPC_MESSAGE_ATTRIBUTES) Attributes);
/* The valid ones become those of a message that goes from Port to who has Receiver.
 * STATUS_INVALID_PARAMETER: there is no room for them. May wait: Receiver is referenced. */
NTSTATUS AlpcpAttach(PLPCP_PORT Port, PLPCP_PORT Receiver, PALPCP_BUFFER Buffer,
                     PLPCP_MESSAGE Message);
/* The message has been sent: the view is not the sender's any more, if it wants that; it learns the
 * message's number. May wait. */
NTSTATUS AlpcpFinishAttach(PLPCP_PORT Port, PALPCP_BUFFER Buffer, PLPCP_MESSAGE Message,
                           CLIENT(PALPC_MESSAGE_ATTRIBUTES) Client);
void AlpcpFreeAttributes(PLPCP_MESSAGE Message);

/* alpc_deliver.c */
/* Gives the current process, who has got Message, what goes with it, as far as Buffer, which has
 * been read, has room. MessageContext is what the receiver has sent with what this answers. May
 * wait. */
NTSTATUS AlpcpReturnAttributes(PLPCP_MESSAGE Message, PVOID MessageContext, PALPCP_BUFFER Buffer,
                               CLIENT(PALPC_MESSAGE_ATTRIBUTES) Client);
/* The receiver is done with a message. May wait. */
void AlpcpReleaseReceivedView(PLPCP_MESSAGE Message);
/* The handle that the message carries, in the current process. STATUS_NOT_FOUND: it has none. */
NTSTATUS AlpcpTakeHandle(PLPCP_MESSAGE Message, PALPC_HANDLE_ATTR Attribute);
/* What ALPC calls the type of an object; 0: it has no name for it. */
ULONG AlpcpObjectType(PVOID Object);

/* alpc_create.c */
/* STATUS_INVALID_PARAMETER, STATUS_BAD_IMPERSONATION_LEVEL. NULL: no wishes. */
NTSTATUS AlpcpCaptureAttributes(CLIENT(PALPC_PORT_ATTRIBUTES) Client,
                                PALPC_PORT_ATTRIBUTES Attributes);
/* Messages are to be no longer than Maximum either. */
void AlpcpSetAttributes(PLPCP_PORT Port, const ALPC_PORT_ATTRIBUTES *Attributes, USHORT Maximum);
/* Whether LPC's own services may connect to the port. STATUS_LPC_REQUESTS_NOT_ALLOWED. */
NTSTATUS AlpcpCheckClient(PLPCP_PORT Server);
void AlpcpDeletePort(PLPCP_PORT Port);

/* alpc_send.c */
/* A copy of the client's message, which is to be sent through Port. ReplyRoom: how long a reply may
 * be that it waits for; 0: it does not. A new message is charged to the current process, or taken
 * out of Port's reserve. As LpcpCaptureMessage, and STATUS_QUOTA_EXCEEDED. */
NTSTATUS AlpcpCapture(PLPCP_PORT Port, CLIENT(PPORT_MESSAGE) Client, ULONG ReplyRoom,
                      PLPCP_MESSAGE *Message);
/* A message whose sender waits for at most ReplyRoom bytes (0: does not) is charged to the current
 * process, or taken out of Port's reserve. Not if its sender waits and both are short, of which
 * each thread has one at most; and not a reply: see LpcpPrepareReply. STATUS_QUOTA_EXCEEDED */
NTSTATUS AlpcpCharge(PLPCP_PORT Port, ULONG ReplyRoom, PLPCP_MESSAGE *Message);
/* The port that decides on what goes with a message from Port. */
PLPCP_PORT AlpcpReceiverOf(PLPCP_PORT Port);
/* Sends it on its way; the caller keeps its reference. */
NTSTATUS AlpcpSend(PLPCP_PORT Port, ULONG Flags, PLPCP_MESSAGE Message);
/* A message that has been received by way of Port, not referenced. STATUS_MESSAGE_LOST (there is
 * none with that number), STATUS_INVALID_MESSAGE. */
NTSTATUS AlpcpFindReceived(PLPCP_PORT Port, ULONG MessageId, PLPCP_MESSAGE *Message);
/* The same by a client's header, referenced, with the port. And what handles may give. */
NTSTATUS AlpcpReferenceReceived(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Client, PLPCP_PORT *Port,
                                PLPCP_MESSAGE *Message);
/* The answer to a message whose sender does not wait for it. Reply is the queue's then. */
void AlpcpAnswerLater(PLPCP_MESSAGE Message, PLPCP_MESSAGE Reply, NTSTATUS Status);

/* alpc_resource.c */
/* Charged to the current process. STATUS_INSUFFICIENT_RESOURCES: also too many. */
NTSTATUS AlpcpCreateResource(PLPCP_PORT Port, ALPCP_KIND Kind, PALPCP_RESOURCE *Resource);
PALPCP_RESOURCE AlpcpFindResource(PLPCP_PORT Port, ALPCP_KIND Kind, ALPC_HANDLE Handle); /* NULL */
void AlpcpRemoveResource(PLPCP_PORT Port, PALPCP_RESOURCE Resource); /* its content has gone */
/* Takes it out and undoes its content. May wait. */
void AlpcpDeleteResource(PLPCP_PORT Port, PALPCP_RESOURCE Resource);

/* alpc_section.c */
/* Maps a view of a message in the current process, as one of Port's. May wait. */
NTSTATUS AlpcpMapReceivedView(PLPCP_PORT Port, PALPCP_ATTRIBUTES Attributes);
PALPCP_RESOURCE AlpcpFindView(PLPCP_PORT Port, PVOID Base); /* in the current process */

/* alpc_security.c */
void AlpcpDereferenceSecurity(PALPCP_SECURITY Security);
/* A new one, of the calling thread. STATUS_BAD_IMPERSONATION_LEVEL … */
NTSTATUS AlpcpCreateSecurity(const SECURITY_QUALITY_OF_SERVICE *Quality, PALPCP_SECURITY *Security);
/* For whom the receiver of a message may act. STATUS_CANNOT_IMPERSONATE, and as
 * SeCreateClientToken. */
NTSTATUS AlpcpReferenceSenderToken(PLPCP_MESSAGE Message, PTOKEN *Token);
/* Whose token counts for its sender, to look at; referenced. NULL: it has gone. */
PTOKEN AlpcpReferenceSenderIdentity(PLPCP_MESSAGE Message);
PETHREAD AlpcpFindSenderThread(PLPCP_MESSAGE Message); /* not referenced; NULL: it has ended */

/* alpc_reserve.c */
/* A message for Length bytes of header and data that nobody uses; NULL: there is none. */
PLPCP_MESSAGE AlpcpTakeFromReserve(PLPCP_PORT Port, ULONG Length);
void AlpcpReturnToReserve(PLPCP_MESSAGE Message);
void AlpcpFreeReserve(PALPCP_RESOURCE Reserve); /* its message, which is not in use */

/* alpc_completion.c */
void AlpcpPostPacket(PLPCP_PORT Port); /* a message has come */
/* Messages that have come already count too. */
NTSTATUS AlpcpAssociate(PLPCP_PORT Port, const ALPC_PORT_ASSOCIATE_COMPLETION_PORT *Association);
