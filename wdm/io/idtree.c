/* SPDX-License-Identifier: BSD-2-Clause */
/* Things by the numbers that the channel knows them by, in balanced trees. */
#include "idtree.h"

static PWDM_ID_NODE WdmIdNode(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, WDM_ID_NODE, Links);
}

VOID WdmInsertId(PRTL_AVL_TREE Tree, PWDM_ID_NODE Item, UINT64 Id)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Tree->Root;
    BOOLEAN Right = FALSE;

    while (Node) {
        Parent = Node;
        Right = Id > WdmIdNode(Node)->Id;
        Node = Right ? Node->Right : Node->Left;
    }
    Item->Id = Id;
    RtlAvlInsertNodeEx(Tree, Parent, Right, &Item->Links);
}

PWDM_ID_NODE WdmFindId(PRTL_AVL_TREE Tree, UINT64 Id)
{
    PRTL_BALANCED_NODE Node = Tree->Root;

    while (Node && WdmIdNode(Node)->Id != Id)
        Node = Id > WdmIdNode(Node)->Id ? Node->Right : Node->Left;
    return Node ? WdmIdNode(Node) : NULL;
}

VOID WdmRemoveId(PRTL_AVL_TREE Tree, PWDM_ID_NODE Item)
{
    RtlAvlRemoveNode(Tree, &Item->Links);
    Item->Id = 0;
}

PWDM_ID_NODE WdmNextId(PRTL_AVL_TREE Tree, UINT64 Id)
{
    PRTL_BALANCED_NODE Node = Tree->Root, Next = NULL;

    while (Node) {
        if (WdmIdNode(Node)->Id > Id) {
            Next = Node;
            Node = Node->Left;
        } else {
            Node = Node->Right;
        }
    }
    return Next ? WdmIdNode(Next) : NULL;
}
