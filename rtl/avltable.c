// SPDX-License-Identifier: BSD-2-Clause
/* Generic tables on the balanced trees of tree.c. (WDK: RtlInitializeGenericTableAvl) */
#include <nt/nttable.h>

static PRTL_AVL_TREE TreeOf(PRTL_AVL_TABLE Table)
{
    return (PRTL_AVL_TREE)&Table->BalancedRoot.Node.Left;
}

static PVOID ElementOf(PRTL_BALANCED_NODE Node)
{
    return Node ? CONTAINING_RECORD(Node, RTL_BALANCED_LINKS, Node) + 1 : NULL;
}

void NTAPI RtlInitializeGenericTableAvl(PRTL_AVL_TABLE Table,
                                        PRTL_AVL_COMPARE_ROUTINE CompareRoutine,
                                        PRTL_AVL_ALLOCATE_ROUTINE AllocateRoutine,
                                        PRTL_AVL_FREE_ROUTINE FreeRoutine, PVOID TableContext)
{
    memset(Table, 0, sizeof(*Table));
    Table->CompareRoutine = CompareRoutine;
    Table->AllocateRoutine = AllocateRoutine;
    Table->FreeRoutine = FreeRoutine;
    Table->TableContext = TableContext;
}

/* The element, or the node below which it would be. */
static TABLE_SEARCH_RESULT Search(PRTL_AVL_TABLE Table, PVOID Buffer, PRTL_BALANCED_NODE *Found)
{
    PRTL_BALANCED_NODE Node = TreeOf(Table)->Root;
    TABLE_SEARCH_RESULT Result = TableEmptyTree;

    *Found = NULL;
    while (Node) {
        RTL_GENERIC_COMPARE_RESULTS Order = Table->CompareRoutine(Table, Buffer, ElementOf(Node));

        *Found = Node;
        if (Order == GenericEqual)
            return TableFoundNode;
        Result = Order == GenericLessThan ? TableInsertAsLeft : TableInsertAsRight;
        Node = Order == GenericLessThan ? Node->Left : Node->Right;
    }
    return Result;
}

/* An element that comes or goes moves the numbers of others. */
static void ForgetOrder(PRTL_AVL_TABLE Table)
{
    Table->WhichOrderedElement = 0;
    Table->OrderedPointer = NULL;
}

PVOID NTAPI RtlInsertElementGenericTableFullAvl(PRTL_AVL_TABLE Table, PVOID Buffer,
                                                ULONG BufferSize, PBOOLEAN NewElement,
                                                PVOID NodeOrParent,
                                                TABLE_SEARCH_RESULT SearchResult)
{
    PRTL_BALANCED_LINKS Links;

    if (NewElement)
        *NewElement = FALSE;
    if (SearchResult == TableFoundNode)
        return ElementOf(NodeOrParent);
    if (BufferSize > MAXULONG - sizeof(*Links))
        return NULL;
    Links = Table->AllocateRoutine(Table, BufferSize + (ULONG)sizeof(*Links));
    if (!Links)
        return NULL;
    memset(Links, 0, sizeof(*Links));
    memcpy(Links + 1, Buffer, BufferSize);
    RtlAvlInsertNodeEx(TreeOf(Table), NodeOrParent, SearchResult == TableInsertAsRight,
                       &Links->Node);
    Table->NumberGenericTableElements++;
    ForgetOrder(Table);
    if (NewElement)
        *NewElement = TRUE;
    return Links + 1;
}

PVOID NTAPI RtlInsertElementGenericTableAvl(PRTL_AVL_TABLE Table, PVOID Buffer, ULONG BufferSize,
                                            PBOOLEAN NewElement)
{
    PRTL_BALANCED_NODE Node;
    TABLE_SEARCH_RESULT Result = Search(Table, Buffer, &Node);

    return RtlInsertElementGenericTableFullAvl(Table, Buffer, BufferSize, NewElement, Node, Result);
}

/* An enumeration that stands at the element goes on at the one behind it. */
BOOLEAN NTAPI RtlDeleteElementGenericTableAvl(PRTL_AVL_TABLE Table, PVOID Buffer)
{
    PRTL_BALANCED_NODE Node, Previous;
    PRTL_BALANCED_LINKS Links;

    if (Search(Table, Buffer, &Node) != TableFoundNode)
        return FALSE;
    Links = CONTAINING_RECORD(Node, RTL_BALANCED_LINKS, Node);
    if (Table->RestartKey == Links) {
        Previous = RtlAvlPreviousNode(Node);
        Table->RestartKey = Previous ? CONTAINING_RECORD(Previous, RTL_BALANCED_LINKS, Node) : NULL;
    }
    Table->DeleteCount++;
    RtlAvlRemoveNode(TreeOf(Table), Node);
    Table->NumberGenericTableElements--;
    ForgetOrder(Table);
    Table->FreeRoutine(Table, Links);
    return TRUE;
}

PVOID NTAPI RtlLookupElementGenericTableFullAvl(PRTL_AVL_TABLE Table, PVOID Buffer,
                                                PVOID *NodeOrParent,
                                                TABLE_SEARCH_RESULT *SearchResult)
{
    PRTL_BALANCED_NODE Node;

    *SearchResult = Search(Table, Buffer, &Node);
    *NodeOrParent = Node;
    return *SearchResult == TableFoundNode ? ElementOf(Node) : NULL;
}

PVOID NTAPI RtlLookupElementGenericTableAvl(PRTL_AVL_TABLE Table, PVOID Buffer)
{
    TABLE_SEARCH_RESULT Result;
    PVOID Node;

    return RtlLookupElementGenericTableFullAvl(Table, Buffer, &Node, &Result);
}

static PRTL_BALANCED_NODE NextOf(PRTL_AVL_TABLE Table, PRTL_BALANCED_LINKS Links)
{
    return Links ? RtlAvlNextNode(&Links->Node) : RtlAvlFirstNode(TreeOf(Table));
}

PVOID NTAPI RtlEnumerateGenericTableWithoutSplayingAvl(PRTL_AVL_TABLE Table, PVOID *RestartKey)
{
    PRTL_BALANCED_NODE Node = NextOf(Table, *RestartKey);

    if (Node)
        *RestartKey = CONTAINING_RECORD(Node, RTL_BALANCED_LINKS, Node);
    return ElementOf(Node);
}

PVOID NTAPI RtlEnumerateGenericTableAvl(PRTL_AVL_TABLE Table, BOOLEAN Restart)
{
    if (Restart)
        Table->RestartKey = NULL;
    return RtlEnumerateGenericTableWithoutSplayingAvl(Table, (PVOID *)&Table->RestartKey);
}

/* From the last that was asked for, if it is nearer than the first. */
PVOID NTAPI RtlGetElementGenericTableAvl(PRTL_AVL_TABLE Table, ULONG Index)
{
    PRTL_BALANCED_NODE Node = Table->OrderedPointer;
    ULONG Number = Table->WhichOrderedElement;

    if (Index >= Table->NumberGenericTableElements)
        return NULL;
    if (!Number || Index + 1 < Number / 2) {
        Node = RtlAvlFirstNode(TreeOf(Table));
        Number = 1;
    }
    for (; Number < Index + 1; Number++)
        Node = RtlAvlNextNode(Node);
    for (; Number > Index + 1; Number--)
        Node = RtlAvlPreviousNode(Node);
    Table->OrderedPointer = Node;
    Table->WhichOrderedElement = Number;
    return ElementOf(Node);
}

ULONG NTAPI RtlNumberGenericTableElementsAvl(PRTL_AVL_TABLE Table)
{
    return Table->NumberGenericTableElements;
}

BOOLEAN NTAPI RtlIsGenericTableEmptyAvl(PRTL_AVL_TABLE Table)
{
    return !Table->NumberGenericTableElements;
}
