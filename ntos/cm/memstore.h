/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the store in memory share. */
#pragma once
#include "ordertree.h"
#include "store.h"

typedef struct _CMP_DATA {
    ULONG References;
    ULONG Length;
    UCHAR DECLSPEC_ALIGN(8) Bytes[];
} CMP_DATA, *PCMP_DATA;

typedef struct _CMP_VALUE {
    CM_ORDER_NODE ByName, ByAge;
    ULONGLONG Age;  /* its number among those that the key has ever had */
    PCMP_DATA Data; /* referenced; NULL: none */
    ULONG Type;
    ULONG Hash;
    ULONG References;
    USHORT NameLength; /* bytes */
    WCHAR Name[];      /* of a long one in upper case again behind it */
} CMP_VALUE, *PCMP_VALUE;

typedef struct _CMP_KEY {
    CM_ORDER_NODE Sibling; /* in Parent->Children */
    struct _CMP_KEY *Parent;
    CM_ORDER_TREE Children[2]; /* lasting and volatile ones, by name in upper case */
    CM_ORDER_TREE ValuesByName, ValuesByAge;
    ULONGLONG NextAge;
    LONGLONG LastWriteTime;
    PWSTR Name, Class; /* pool */
    USHORT NameLength, ClassLength;
    ULONG References;
    BOOLEAN Deleted;
    ULONG Flags;
    ULONG Wow64Flags, ControlFlags;
    struct _SE_DESCRIPTOR *Security; /* referenced; NULL: everybody may do everything */
    ULONG MaxNameLength, MaxClassLength, MaxValueNameLength, MaxValueDataLength;
} CMP_KEY, *PCMP_KEY;

/* memquota.c: pool, of which the registry gets only so much. NULL: no more. */
void CmpMemSetLimit(void);
PVOID CmpMemAllocate(SIZE_T Size, BOOLEAN GiveWay);
void CmpMemFree(PVOID Memory, SIZE_T Size, BOOLEAN GiveWay); /* Size as it was asked for */

/* memvalue.c */
CM_VALUE CmpMemFindValue(CM_NODE Node, const CM_NAME *Name);
CM_VALUE CmpMemValueAt(CM_NODE Node, ULONG Index);
void CmpMemReferenceValue(CM_VALUE Value, PCM_VALUE_VIEW View);
void CmpMemDereferenceValue(PCM_VALUE_VIEW View);
PVOID CmpMemAllocateData(ULONG Length);
void CmpMemFreeData(PVOID Data);
NTSTATUS CmpMemSetValue(CM_NODE Node, const CM_NAME *Name, ULONG Type, PVOID Data, ULONG Length);
void CmpMemDeleteValue(CM_NODE Node, CM_VALUE Value);
