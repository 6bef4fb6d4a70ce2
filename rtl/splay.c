// SPDX-License-Identifier: BSD-2-Clause
/* Splay trees: what is used moves to the top, two steps at a time. (WDK: RtlSplay; Sleator and
 * Tarjan) */
#include <nt/nttable.h>

static BOOLEAN IsRoot(PRTL_SPLAY_LINKS Links)
{
    return Links->Parent == Links;
}

static BOOLEAN IsLeft(PRTL_SPLAY_LINKS Links)
{
    return Links->Parent->LeftChild == Links;
}

/* Puts Links (NULL allowed) where Old hangs. */
static void Replace(PRTL_SPLAY_LINKS Old, PRTL_SPLAY_LINKS Links)
{
    PRTL_SPLAY_LINKS Parent = Old->Parent;

    if (IsRoot(Old)) {
        if (Links)
            Links->Parent = Links;
        return;
    }
    if (IsLeft(Old))
        Parent->LeftChild = Links;
    else
        Parent->RightChild = Links;
    if (Links)
        Links->Parent = Parent;
}

/* Links takes its parent's place, and that becomes its child. */
static void RotateUp(PRTL_SPLAY_LINKS Links)
{
    PRTL_SPLAY_LINKS Parent = Links->Parent, Inner;
    BOOLEAN Left = IsLeft(Links);

    Inner = Left ? Links->RightChild : Links->LeftChild;
    Replace(Parent, Links);
    Parent->Parent = Links;
    if (Left) {
        Links->RightChild = Parent;
        Parent->LeftChild = Inner;
    } else {
        Links->LeftChild = Parent;
        Parent->RightChild = Inner;
    }
    if (Inner)
        Inner->Parent = Parent;
}

PRTL_SPLAY_LINKS NTAPI RtlSplay(PRTL_SPLAY_LINKS Links)
{
    while (!IsRoot(Links)) {
        PRTL_SPLAY_LINKS Parent = Links->Parent;

        if (IsRoot(Parent)) {
            RotateUp(Links);
        } else if (IsLeft(Links) == IsLeft(Parent)) {
            RotateUp(Parent);
            RotateUp(Links);
        } else {
            RotateUp(Links);
            RotateUp(Links);
        }
    }
    return Links;
}

PRTL_SPLAY_LINKS NTAPI RtlSubtreeSuccessor(PRTL_SPLAY_LINKS Links)
{
    PRTL_SPLAY_LINKS Next = Links->RightChild;

    while (Next && Next->LeftChild)
        Next = Next->LeftChild;
    return Next;
}

PRTL_SPLAY_LINKS NTAPI RtlSubtreePredecessor(PRTL_SPLAY_LINKS Links)
{
    PRTL_SPLAY_LINKS Previous = Links->LeftChild;

    while (Previous && Previous->RightChild)
        Previous = Previous->RightChild;
    return Previous;
}

PRTL_SPLAY_LINKS NTAPI RtlRealSuccessor(PRTL_SPLAY_LINKS Links)
{
    PRTL_SPLAY_LINKS Below = RtlSubtreeSuccessor(Links);

    if (Below)
        return Below;
    while (!IsRoot(Links) && !IsLeft(Links))
        Links = Links->Parent;
    return IsRoot(Links) ? NULL : Links->Parent;
}

PRTL_SPLAY_LINKS NTAPI RtlRealPredecessor(PRTL_SPLAY_LINKS Links)
{
    PRTL_SPLAY_LINKS Below = RtlSubtreePredecessor(Links);

    if (Below)
        return Below;
    while (!IsRoot(Links) && IsLeft(Links))
        Links = Links->Parent;
    return IsRoot(Links) ? NULL : Links->Parent;
}

/* At the top, what is left of it becomes a tree whose last has nothing on its right. */
PRTL_SPLAY_LINKS NTAPI RtlDelete(PRTL_SPLAY_LINKS Links)
{
    PRTL_SPLAY_LINKS Left, Right, Last;

    RtlSplay(Links);
    Left = Links->LeftChild;
    Right = Links->RightChild;
    if (Right)
        Right->Parent = Right;
    if (!Left)
        return Right;
    Left->Parent = Left;
    Last = Left;
    while (Last->RightChild)
        Last = Last->RightChild;
    RtlSplay(Last);
    Last->RightChild = Right;
    if (Right)
        Right->Parent = Last;
    return Last;
}
