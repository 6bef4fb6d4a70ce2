// SPDX-License-Identifier: BSD-2-Clause
/*
 * Balanced binary trees (AVL) of nodes that live inside the caller's structures.
 * ParentValue holds the parent and, in its two low bits, the balance: 0 even, 1 right side deeper,
 * 3 left side deeper.
 */
#include <nt/ntrtl.h>

#define BALANCE_MASK ((ULONG_PTR)3)
enum { LEFT, RIGHT };

static PRTL_BALANCED_NODE ParentOf(PRTL_BALANCED_NODE Node)
{
    return (PRTL_BALANCED_NODE)(Node->ParentValue & ~BALANCE_MASK);
}

static void SetParent(PRTL_BALANCED_NODE Node, PRTL_BALANCED_NODE Parent)
{
    Node->ParentValue = (ULONG_PTR)Parent | (Node->ParentValue & BALANCE_MASK);
}

/* -1: the left side is deeper by one; 0; 1: the right side is. */
static LONG BalanceOf(PRTL_BALANCED_NODE Node)
{
    ULONG_PTR Value = Node->ParentValue & BALANCE_MASK;

    return Value == 3 ? -1 : (LONG)Value;
}

static void SetBalance(PRTL_BALANCED_NODE Node, LONG Balance)
{
    Node->ParentValue = (Node->ParentValue & ~BALANCE_MASK) | ((ULONG_PTR)Balance & BALANCE_MASK);
}

static ULONG SideOf(PRTL_BALANCED_NODE Parent, PRTL_BALANCED_NODE Child)
{
    return Parent->Children[RIGHT] == Child ? RIGHT : LEFT;
}

/* Puts New (NULL allowed) in the place of Old. */
static void Replace(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Old, PRTL_BALANCED_NODE New)
{
    PRTL_BALANCED_NODE Parent = ParentOf(Old);

    if (Parent)
        Parent->Children[SideOf(Parent, Old)] = New;
    else
        Tree->Root = New;
    if (New)
        SetParent(New, Parent);
}

/* Rotates Node down to Side; its child on the other side takes its place and is returned. */
static PRTL_BALANCED_NODE Rotate(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Node, ULONG Side)
{
    PRTL_BALANCED_NODE Top = Node->Children[!Side], Inner = Top->Children[Side];

    Replace(Tree, Node, Top);
    Node->Children[!Side] = Inner;
    if (Inner)
        SetParent(Inner, Node);
    Top->Children[Side] = Node;
    SetParent(Node, Top);
    return Top;
}

/* Node is too deep by two on Deep's side. Returns the node that is on top now. */
static PRTL_BALANCED_NODE Rebalance(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Node, ULONG Deep)
{
    PRTL_BALANCED_NODE Child = Node->Children[Deep], Top;
    LONG Sign = Deep == RIGHT ? 1 : -1, Balance = BalanceOf(Child);

    if (Balance != -Sign) {
        Top = Rotate(Tree, Node, !Deep);
        SetBalance(Node, Balance ? 0 : Sign);
        SetBalance(Top, Balance ? 0 : -Sign);
        return Top;
    }
    Rotate(Tree, Child, Deep);
    Top = Rotate(Tree, Node, !Deep);
    Balance = BalanceOf(Top);
    SetBalance(Node, Balance == Sign ? -Sign : 0);
    SetBalance(Child, Balance == -Sign ? Sign : 0);
    SetBalance(Top, 0);
    return Top;
}

void NTAPI RtlAvlInsertNodeEx(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Parent, BOOLEAN Right,
                              PRTL_BALANCED_NODE Node)
{
    Node->Left = Node->Right = NULL;
    Node->ParentValue = (ULONG_PTR)Parent;
    if (!Parent) {
        Tree->Root = Node;
        return;
    }
    Parent->Children[Right ? RIGHT : LEFT] = Node;
    for (; Parent; Node = Parent, Parent = ParentOf(Node)) {
        ULONG Side = SideOf(Parent, Node);
        LONG Balance = BalanceOf(Parent) + (Side == RIGHT ? 1 : -1);

        if (Balance == 2 || Balance == -2) {
            Rebalance(Tree, Parent, Side);
            return;
        }
        SetBalance(Parent, Balance);
        if (Balance == 0)
            return;
    }
}

/* The subtree of Parent on Side has lost one level. */
static void Shrunk(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Parent, ULONG Side)
{
    while (Parent) {
        LONG Balance = BalanceOf(Parent) + (Side == RIGHT ? -1 : 1);
        PRTL_BALANCED_NODE Top = Parent;

        if (Balance == 2 || Balance == -2)
            Top = Rebalance(Tree, Parent, !Side);
        else
            SetBalance(Parent, Balance);
        if (BalanceOf(Top) != 0) /* as deep as before */
            return;
        Parent = ParentOf(Top);
        if (Parent)
            Side = SideOf(Parent, Top);
    }
}

/* Node has two children: the next node in order takes its place. */
static void RemoveInner(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Node)
{
    PRTL_BALANCED_NODE Next = RtlAvlNextNode(Node), Parent = ParentOf(Next);
    ULONG Side = SideOf(Parent, Next);

    Replace(Tree, Next, Next->Right);
    if (Parent == Node)
        Parent = Next;
    Replace(Tree, Node, Next);
    *Next = *Node;
    SetParent(Next->Left, Next);
    if (Next->Right)
        SetParent(Next->Right, Next);
    Shrunk(Tree, Parent, Side);
}

void NTAPI RtlAvlRemoveNode(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Node)
{
    PRTL_BALANCED_NODE Parent = ParentOf(Node);
    ULONG Side = Parent ? SideOf(Parent, Node) : LEFT;

    if (Node->Left && Node->Right) {
        RemoveInner(Tree, Node);
        return;
    }
    Replace(Tree, Node, Node->Left ? Node->Left : Node->Right);
    Shrunk(Tree, Parent, Side);
}

static PRTL_BALANCED_NODE Outermost(PRTL_BALANCED_NODE Node, ULONG Side)
{
    while (Node && Node->Children[Side])
        Node = Node->Children[Side];
    return Node;
}

static PRTL_BALANCED_NODE Neighbour(PRTL_BALANCED_NODE Node, ULONG Side)
{
    PRTL_BALANCED_NODE Parent;

    if (Node->Children[Side])
        return Outermost(Node->Children[Side], !Side);
    for (; (Parent = ParentOf(Node)) != NULL; Node = Parent) {
        if (SideOf(Parent, Node) != Side)
            return Parent;
    }
    return NULL;
}

PRTL_BALANCED_NODE NTAPI RtlAvlFirstNode(const RTL_AVL_TREE *Tree)
{
    return Outermost(Tree->Root, LEFT);
}

PRTL_BALANCED_NODE NTAPI RtlAvlLastNode(const RTL_AVL_TREE *Tree)
{
    return Outermost(Tree->Root, RIGHT);
}

PRTL_BALANCED_NODE NTAPI RtlAvlNextNode(PRTL_BALANCED_NODE Node)
{
    return Neighbour(Node, RIGHT);
}

PRTL_BALANCED_NODE NTAPI RtlAvlPreviousNode(PRTL_BALANCED_NODE Node)
{
    return Neighbour(Node, LEFT);
}

PRTL_BALANCED_NODE NTAPI RtlAvlParentNode(PRTL_BALANCED_NODE Node)
{
    return ParentOf(Node);
}
