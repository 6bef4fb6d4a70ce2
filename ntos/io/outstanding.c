/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The requests that a driver has been sent, by their numbers, and those that it has sent to others,
 * by the numbers that it has given them (a hostile driver may use a number twice: then either
 * request is found).
 */
#include "iop.h"

static PIO_REQUEST IopSentRequest(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, IO_REQUEST, OutstandingNode);
}

static PIO_REQUEST IopForwardedRequest(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, IO_REQUEST, ForwardNode);
}

void IopInsertOutstanding(PIO_DRIVER Driver, PIO_REQUEST Request)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Driver->Outstanding.Root;
    BOOLEAN Right = FALSE;

    while (Node) {
        Parent = Node;
        Right = Request->Id > IopSentRequest(Node)->Id;
        Node = Right ? Node->Right : Node->Left;
    }
    RtlAvlInsertNodeEx(&Driver->Outstanding, Parent, Right, &Request->OutstandingNode);
}

void IopRemoveOutstanding(PIO_DRIVER Driver, PIO_REQUEST Request)
{
    RtlAvlRemoveNode(&Driver->Outstanding, &Request->OutstandingNode);
    if (Request->CancelQueued)
        RemoveEntryList(&Request->QueueEntry);
    Request->CancelQueued = FALSE;
}

PIO_REQUEST IopFindOutstanding(PIO_DRIVER Driver, ULONGLONG Id)
{
    PRTL_BALANCED_NODE Node = Driver->Outstanding.Root;

    while (Node && IopSentRequest(Node)->Id != Id)
        Node = Id > IopSentRequest(Node)->Id ? Node->Right : Node->Left;
    return Node ? IopSentRequest(Node) : NULL;
}

PIO_REQUEST IopFirstOutstanding(PIO_DRIVER Driver)
{
    return Driver->Outstanding.Root ? IopSentRequest(Driver->Outstanding.Root) : NULL;
}

/* A driver that has been started again counts anew, while requests of its last process may still be
 * on their way. */
static BOOLEAN IopIsLater(ULONGLONG Incarnation, ULONGLONG OriginId, PIO_REQUEST Request)
{
    if (Incarnation != Request->OriginIncarnation)
        return Incarnation > Request->OriginIncarnation;
    return OriginId > Request->OriginId;
}

void IopInsertForwarded(PIO_DRIVER Origin, PIO_REQUEST Request)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Origin->Forwarded.Root;
    BOOLEAN Right = FALSE;

    while (Node) {
        Parent = Node;
        Right =
            IopIsLater(Request->OriginIncarnation, Request->OriginId, IopForwardedRequest(Node));
        Node = Right ? Node->Right : Node->Left;
    }
    RtlAvlInsertNodeEx(&Origin->Forwarded, Parent, Right, &Request->ForwardNode);
    Origin->ForwardCount++;
    Request->Forwarded = TRUE;
}

void IopRemoveForwarded(PIO_DRIVER Origin, PIO_REQUEST Request)
{
    RtlAvlRemoveNode(&Origin->Forwarded, &Request->ForwardNode);
    Origin->ForwardCount--;
    Request->Forwarded = FALSE;
}

PIO_REQUEST IopFindForwarded(PIO_DRIVER Origin, ULONGLONG OriginId)
{
    PRTL_BALANCED_NODE Node = Origin->Forwarded.Root;

    while (Node) {
        PIO_REQUEST Request = IopForwardedRequest(Node);

        if (Request->OriginId == OriginId && Request->OriginIncarnation == Origin->Incarnation)
            return Request;
        Node = IopIsLater(Origin->Incarnation, OriginId, Request) ? Node->Right : Node->Left;
    }
    return NULL;
}
