/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of pipes and of mailslots: found by name, and by number by those who list them. */
#include "iop.h"

static PIOP_NAMED IopByName(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, IOP_NAMED, NameNode);
}

static PIOP_NAMED IopByNumber(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, IOP_NAMED, NumberNode);
}

/* Names have 256 characters at most. */
static ULONG IopHashName(PCUNICODE_STRING Name)
{
    ULONG Hash = 0, i;

    for (i = 0; i < Name->Length / sizeof(WCHAR); i++)
        Hash = Hash * 37 + RtlUpcaseUnicodeChar(Name->Buffer[i]);
    return Hash;
}

static LONG IopCompareName(ULONG Hash, PCUNICODE_STRING Name, PIOP_NAMED Named)
{
    if (Hash != Named->Hash)
        return Hash < Named->Hash ? -1 : 1;
    return RtlCompareUnicodeString(Name, &Named->Name, TRUE);
}

PIOP_NAMED IopFindNamed(PIOP_NAME_TABLE Table, PCUNICODE_STRING Name)
{
    PRTL_BALANCED_NODE Node = Table->Names.Root;
    ULONG Hash = IopHashName(Name);

    while (Node) {
        LONG Order = IopCompareName(Hash, Name, IopByName(Node));

        if (!Order)
            return IopByName(Node);
        Node = Order < 0 ? Node->Left : Node->Right;
    }
    return NULL;
}

PIOP_NAMED IopNextNamed(PIOP_NAME_TABLE Table, ULONG Number)
{
    PRTL_BALANCED_NODE Node = Table->Numbers.Root, Found = NULL;

    while (Node) {
        BOOLEAN Higher = IopByNumber(Node)->Number > Number;

        if (Higher)
            Found = Node;
        Node = Higher ? Node->Left : Node->Right;
    }
    return Found ? IopByNumber(Found) : NULL;
}

static void IopInsertName(PIOP_NAME_TABLE Table, PIOP_NAMED Named)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Table->Names.Root;
    BOOLEAN Right = FALSE;

    while (Node) {
        Parent = Node;
        Right = IopCompareName(Named->Hash, &Named->Name, IopByName(Node)) > 0;
        Node = Right ? Node->Right : Node->Left;
    }
    RtlAvlInsertNodeEx(&Table->Names, Parent, Right, &Named->NameNode);
}

/* Numbers grow, so the newest is the last. After 2^32 they begin anew, and a listing may miss
 * one. */
static void IopInsertNumber(PIOP_NAME_TABLE Table, PIOP_NAMED Named)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Table->Numbers.Root;
    BOOLEAN Right = FALSE;

    Named->Number = ++Table->LastNumber;
    while (Node) {
        Parent = Node;
        Right = Named->Number > IopByNumber(Node)->Number;
        Node = Right ? Node->Right : Node->Left;
    }
    RtlAvlInsertNodeEx(&Table->Numbers, Parent, Right, &Named->NumberNode);
}

void IopInsertNamed(PIOP_NAME_TABLE Table, PIOP_NAMED Named)
{
    Named->Listed = TRUE;
    IopInsertName(Table, Named);
    IopInsertNumber(Table, Named);
}

void IopRemoveNamed(PIOP_NAME_TABLE Table, PIOP_NAMED Named)
{
    if (!Named->Listed)
        return;
    Named->Listed = FALSE;
    RtlAvlRemoveNode(&Table->Names, &Named->NameNode);
    RtlAvlRemoveNode(&Table->Numbers, &Named->NumberNode);
}

NTSTATUS IopSetNamed(PIOP_NAMED Named, PCUNICODE_STRING Name)
{
    if (!Name->Length)
        return STATUS_SUCCESS;
    Named->Name.Buffer = ExAllocatePool(Name->Length);
    if (!Named->Name.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(Named->Name.Buffer, Name->Buffer, Name->Length);
    Named->Name.Length = Named->Name.MaximumLength = Name->Length;
    Named->Hash = IopHashName(Name);
    return STATUS_SUCCESS;
}

/* As a directory lists it: without the backslash. */
void IopCopyNamed(PIOP_NAMED Named, PULONG Position, PUNICODE_STRING Name)
{
    *Position = Named->Number;
    Name->Length = Named->Name.Length - sizeof(WCHAR);
    memcpy(Name->Buffer, Named->Name.Buffer + 1, Name->Length);
}
