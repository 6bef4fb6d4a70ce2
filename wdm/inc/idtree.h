/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests, files, devices and calls by their numbers: see idtree.c. */
#pragma once
#include "ntoskrnl.h"

/* Exports of ntdll.dll that mingw-w64 does not declare. */
#ifndef RTL_AVL_TREE
typedef struct _RTL_AVL_TREE {
    PRTL_BALANCED_NODE Root;
} RTL_AVL_TREE, *PRTL_AVL_TREE;
#endif

VOID NTAPI RtlAvlInsertNodeEx(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Parent, BOOLEAN Right,
                              PRTL_BALANCED_NODE Node);
VOID NTAPI RtlAvlRemoveNode(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Node);

/* Part of anything that has a number; Id 0: it is in no tree. */
typedef struct _WDM_ID_NODE {
    RTL_BALANCED_NODE Links;
    UINT64 Id;
} WDM_ID_NODE, *PWDM_ID_NODE;

VOID WdmInsertId(PRTL_AVL_TREE Tree, PWDM_ID_NODE Item, UINT64 Id);
PWDM_ID_NODE WdmFindId(PRTL_AVL_TREE Tree, UINT64 Id); /* NULL: there is no such number */
VOID WdmRemoveId(PRTL_AVL_TREE Tree, PWDM_ID_NODE Item);
PWDM_ID_NODE WdmNextId(PRTL_AVL_TREE Tree, UINT64 Id); /* the first one above Id, or NULL */
