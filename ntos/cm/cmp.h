/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the configuration manager share: key objects, the way from names to keys. */
#pragma once
#include "cm.h"
#include "dbg.h"
#include "ex.h"
#include "ke.h"
#include "mm.h"
#include "ps.h"
#include "se.h"
#include "store.h"

#define CMP_MAXIMUM_LINKS 32     /* symbolic links met on the way to one key */
#define CMP_MAXIMUM_DEPTH 512    /* of a key below \Registry */
#define CMP_MAXIMUM_KEY_NAME 510 /* bytes */
#define CMP_MAXIMUM_VALUE_NAME 32766

/* memstore.c */
BOOLEAN CmpCreateMemoryStore(PCM_STORE Store); /* FALSE: no memory */

/* ---- Keys ---- */
extern CM_STORE CmpStore; /* the one that \Registry is */

#define CmpStoreOf(key) ((key)->Store->Operations)

/* Mostly it is a letter that everybody knows. */
FORCEINLINE WCHAR CmpUpcase(WCHAR Character)
{
    if (Character < 0x80)
        return Character >= 'a' && Character <= 'z' ? (WCHAR)(Character - 32) : Character;
    return RtlUpcaseUnicodeChar(Character);
}

/* In the order of upper case. */
FORCEINLINE LONG CmpCompareText(const WCHAR *One, ULONG OneBytes, const WCHAR *Other,
                                ULONG OtherBytes)
{
    ULONG Count = (OneBytes < OtherBytes ? OneBytes : OtherBytes) / sizeof(WCHAR), i;

    for (i = 0; i < Count; i++)
        if (One[i] != Other[i]) {
            LONG Difference = (LONG)CmpUpcase(One[i]) - CmpUpcase(Other[i]);

            if (Difference)
                return Difference;
        }
    return (LONG)OneBytes - (LONG)OtherBytes;
}

/* What a handle leads to: each has its own. */
typedef struct _CM_KEY {
    PCM_STORE Store;
    CM_NODE Node;                /* referenced */
    struct _CM_SESSION *Session; /* NULL: nobody has ever waited for changes by it */
} CM_KEY, *PCM_KEY;

/* An object for a key. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS CmpCreateKeyObject(PCM_STORE Store, CM_NODE Node, PCM_KEY *Key);
/* By a handle. STATUS_KEY_DELETED, and what handles may give. */
NTSTATUS CmpReferenceKey(HANDLE Handle, ACCESS_MASK Access, PCM_KEY *Key);
/* The path in pool. STATUS_KEY_DELETED, STATUS_NAME_TOO_LONG, STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS CmpQueryKeyName(PVOID Key, PUNICODE_STRING Name);

/* root.c, seed.c: what there is at boot, or the system stops */
void CmpCreateFixedKeys(void);
void CmpSeedRegistry(void);

/* ---- Changes (notifylist.c) ---- */
/* Of the referenced key Node: what REG_NOTIFY_ says. Gives way. */
void CmpReportChange(PCM_STORE Store, CM_NODE Node, ULONG Filter);
void CmpReportDeletion(CM_NODE Node); /* the same for a key that is gone */
void CmpCloseSession(PCM_KEY Key);    /* nobody waits any more by this key object. Gives way */

/* ---- Parsing (parse.c) ---- */
/* By the path below \\Registry, for the system itself; makes what is missing if Create. The node
 * comes referenced. */
NTSTATUS CmpFindKey(PCUNICODE_STRING Path, BOOLEAN Create, CM_NODE *Node);
/* The parse context of NtCreateKey; without one, keys are only opened. */
typedef struct _CM_CREATE {
    UNICODE_STRING Class;
    ULONG Options;                             /* REG_OPTION_ */
    PISECURITY_DESCRIPTOR_RELATIVE Descriptor; /* what the client wishes, or NULL */
    BOOLEAN System;    /* the system itself: it may do all, and keys on the way are made too */
    ULONG Disposition; /* out: REG_CREATED_NEW_KEY … */
} CM_CREATE, *PCM_CREATE;

NTSTATUS CmpParseKey(PVOID Object, PUNICODE_STRING RemainingName, ULONG Attributes,
                     ACCESS_MASK DesiredAccess, PVOID ParseContext, PVOID *Result);
/* change.c: a referenced key without subkeys goes, and whoever waits for that is told. Gives way.
 */
void CmpDeleteKey(PCM_STORE Store, CM_NODE Node);
/* create.c: the last component does not exist. */
NTSTATUS CmpCreateChild(PCM_STORE Store, CM_NODE Parent, PCUNICODE_STRING Name, PCM_CREATE Create,
                        CM_NODE *Child);

/* ---- Names of values (valuename.c) ---- */
/* Made anew at boot, so that nobody knows which names are alike. */
void CmpInitializeHash(void);
/* Of its text, which nobody else may change, what a search needs. STATUS_INSUFFICIENT_RESOURCES.
 * Gives way. */
NTSTATUS CmpPrepareName(PCM_NAME Name);
/* A client's name, prepared. STATUS_INVALID_PARAMETER if it is too long. */
NTSTATUS CmpCaptureValueName(PCM_NAME Name, CLIENT(PUNICODE_STRING) ClientName);
void CmpFreeValueName(PCM_NAME Name); /* one that was captured */
/* SymbolicLinkValue */
void CmpMakeLinkName(PCM_NAME Name);

/* ---- Results (result.c) ---- */
/* A structure with parts behind it, as the queries give them to clients. */
#define CMP_RESULT_PARTS 2

typedef struct _CM_RESULT {
    union {
        UCHAR Bytes[48];
        LONGLONG Alignment;
    } Fixed;
    ULONG FixedLength;
    struct {
        ULONG Offset, Length; /* in ascending order */
        const void *Data;     /* nobody else may change it */
    } Parts[CMP_RESULT_PARTS];
    ULONG PartCount;
} CM_RESULT, *PCM_RESULT;

/* FixedLength bytes of Structure come first. */
void CmpSetFixedPart(PCM_RESULT Result, const void *Structure, ULONG Length);
/* Text behind what is there, at a multiple of Alignment; returns where. */
ULONG CmpAddPart(PCM_RESULT Result, const void *Data, ULONG Length, ULONG Alignment);
/*
 * What fits of it goes to the client, and the bytes of all of it to ResultLength.
 * STATUS_BUFFER_TOO_SMALL: not even the fixed part fits, nothing is copied; STATUS_BUFFER_OVERFLOW;
 * STATUS_ACCESS_VIOLATION. Gives way.
 */
NTSTATUS CmpReturnResult(PCM_RESULT Result, CLIENT(PVOID) Buffer, ULONG Length,
                         CLIENT(PULONG) ResultLength);
