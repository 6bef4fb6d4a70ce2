/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding a name among those of a directory: in a tree by hash. Names can be long, and a client can
 * make many that are alike, so this gives way. The names looked at may go meanwhile; therefore a
 * search begins anew when the directory has changed while others ran.
 */
#include "obp.h"

#define OBP_PIECE 512 /* characters looked at before giving way */
#define OBP_PIECE_BYTES (OBP_PIECE * sizeof(WCHAR))

/* Name is not shared with others. */
static ULONG ObpHashName(PCUNICODE_STRING Name)
{
    ULONG Hash = 0, i;

    for (i = 0; i < Name->Length / sizeof(WCHAR); i++) {
        if (i % OBP_PIECE == OBP_PIECE - 1)
            KeGiveWay();
        Hash = Hash * 37 + RtlUpcaseUnicodeChar(Name->Buffer[i]);
    }
    return Hash;
}

static NTSTATUS ObpGiveWay(POBP_DIRECTORY Directory)
{
    ULONG Changes = Directory->Changes;
    NTSTATUS Status = KeGiveWay();

    return NT_SUCCESS(Status) && Directory->Changes != Changes ? STATUS_RETRY : Status;
}

static UNICODE_STRING ObpPiece(PCUNICODE_STRING Name, ULONG Offset)
{
    ULONG Length = Name->Length - Offset;

    if (Length > OBP_PIECE_BYTES)
        Length = OBP_PIECE_BYTES;
    return (UNICODE_STRING){(USHORT)Length, (USHORT)Length, Name->Buffer + Offset / sizeof(WCHAR)};
}

/* The texts alone. Where the shorter one ends, its piece is the shorter one too. */
static NTSTATUS ObpCompareText(POBP_SEARCH Search, POBP_NAME Entry, BOOLEAN IgnoreCase, PLONG Order)
{
    ULONG Offset = 0;

    for (;;) {
        UNICODE_STRING Ours = ObpPiece(Search->Name, Offset),
                       Theirs = ObpPiece(&Entry->Name, Offset);
        NTSTATUS Status;

        *Order = RtlCompareUnicodeString(&Ours, &Theirs, IgnoreCase);
        Offset += OBP_PIECE_BYTES;
        if (*Order || Offset > Search->Name->Length)
            return STATUS_SUCCESS;
        Status = ObpGiveWay(Search->Directory);
        if (!NT_SUCCESS(Status))
            return Status;
    }
}

/* *Order below 0: the name comes before Entry in the tree. A client can make names with equal
 * hashes, so the names themselves decide then. */
static NTSTATUS ObpCompareName(POBP_SEARCH Search, POBP_NAME Entry, PLONG Order)
{
    NTSTATUS Status;

    if (Search->Hash != Entry->Hash) {
        *Order = Search->Hash < Entry->Hash ? -1 : 1;
        return STATUS_SUCCESS;
    }
    Status = ObpCompareText(Search, Entry, TRUE, Order);
    if (!NT_SUCCESS(Status) || *Order || Search->IgnoreCase)
        return Status;
    return ObpCompareText(Search, Entry, FALSE, Order);
}

/* STATUS_RETRY: the directory has changed. */
static NTSTATUS ObpTrySearch(POBP_SEARCH Search)
{
    PRTL_BALANCED_NODE Node = Search->Directory->Names.Root;

    Search->Found = NULL;
    Search->Parent = NULL;
    Search->After = FALSE;
    while (Node) {
        POBP_NAME Entry = CONTAINING_RECORD(Node, OBP_NAME, NameNode);
        LONG Order;
        NTSTATUS Status = ObpCompareName(Search, Entry, &Order);

        if (!NT_SUCCESS(Status))
            return Status;
        if (!Order)
            Search->Found = Entry;
        if (!Order && !Search->IgnoreCase)
            break;
        Search->Parent = Node;
        Search->After = Order > 0;
        Node = Node->Children[Search->After];
    }
    return STATUS_SUCCESS;
}

NTSTATUS ObpSearchDirectory(POBP_SEARCH Search)
{
    NTSTATUS Status;

    Search->Hash = ObpHashName(Search->Name);
    do
        Status = ObpTrySearch(Search);
    while (Status == STATUS_RETRY);
    return Status;
}
