/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The requests that a host has been sent, by their numbers, and those that it has sent to others,
 * by the numbers that it has given them (a hostile one may use a number twice: then either request
 * is found).
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

void IopInsertOutstanding(PIO_HOST Host, PIO_REQUEST Request)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Host->Outstanding.Root;
    BOOLEAN Right = FALSE;

    while (Node) {
        Parent = Node;
        Right = Request->Id > IopSentRequest(Node)->Id;
        Node = Right ? Node->Right : Node->Left;
    }
    RtlAvlInsertNodeEx(&Host->Outstanding, Parent, Right, &Request->OutstandingNode);
}

void IopRemoveOutstanding(PIO_HOST Host, PIO_REQUEST Request)
{
    RtlAvlRemoveNode(&Host->Outstanding, &Request->OutstandingNode);
    if (Request->CancelQueued)
        RemoveEntryList(&Request->QueueEntry);
    Request->CancelQueued = FALSE;
}

PIO_REQUEST IopFindOutstanding(PIO_HOST Host, ULONGLONG Id)
{
    PRTL_BALANCED_NODE Node = Host->Outstanding.Root;

    while (Node && IopSentRequest(Node)->Id != Id)
        Node = Id > IopSentRequest(Node)->Id ? Node->Right : Node->Left;
    return Node ? IopSentRequest(Node) : NULL;
}

PIO_REQUEST IopFirstOutstanding(PIO_HOST Host)
{
    return Host->Outstanding.Root ? IopSentRequest(Host->Outstanding.Root) : NULL;
}

void IopInsertForwarded(PIO_HOST Origin, PIO_REQUEST Request)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Origin->Forwarded.Root;
    BOOLEAN Right = FALSE;

    while (Node) {
        Parent = Node;
        Right = Request->OriginId > IopForwardedRequest(Node)->OriginId;
        Node = Right ? Node->Right : Node->Left;
    }
    RtlAvlInsertNodeEx(&Origin->Forwarded, Parent, Right, &Request->ForwardNode);
    Origin->ForwardCount++;
    Request->Forwarded = TRUE;
}

void IopRemoveForwarded(PIO_HOST Origin, PIO_REQUEST Request)
{
    RtlAvlRemoveNode(&Origin->Forwarded, &Request->ForwardNode);
    Origin->ForwardCount--;
    Request->Forwarded = FALSE;
}

PIO_REQUEST IopFindForwarded(PIO_HOST Origin, ULONGLONG OriginId)
{
    PRTL_BALANCED_NODE Node = Origin->Forwarded.Root;

    while (Node && IopForwardedRequest(Node)->OriginId != OriginId)
        Node = OriginId > IopForwardedRequest(Node)->OriginId ? Node->Right : Node->Left;
    return Node ? IopForwardedRequest(Node) : NULL;
}
