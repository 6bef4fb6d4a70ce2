/* SPDX-License-Identifier: BSD-2-Clause */
/* The access check, apart from where tokens and descriptors come from. (MS-DTYP 2.5.3) */
#pragma once
#include <nt/ntrtl.h>
#include <nt/nttoken.h>

/* Who asks: what a token has of importance. */
typedef struct _SE_SUBJECT {
    const SID_AND_ATTRIBUTES *Sids; /* [0] is the user */
    ULONG SidCount;
    const SID_AND_ATTRIBUTES *Restricted; /* NULL: not restricted */
    ULONG RestrictedCount;
    BOOLEAN WriteRestricted; /* Restricted counts for writing only */
    BOOLEAN TakeOwnership;   /* the privilege is enabled */
    BOOLEAN NoWriteUp;       /* the mandatory policy holds */
    ULONG Integrity;         /* level: 0x2000 is medium */
    PSID Self;               /* whom S-1-5-10 means, or NULL */
} SE_SUBJECT, *PSE_SUBJECT;

/* One kind of which the object consists; they are a tree, in order, of these levels. */
typedef struct _SE_NODE {
    USHORT Level;
    GUID Type;
    ACCESS_MASK Allowed[2], Denied[2]; /* by the SIDs, by the restricted SIDs */
    ACCESS_MASK Granted;               /* out */
} SE_NODE, *PSE_NODE;

/*
 * Fills in what each node grants the subject at most. Descriptor is valid and self-relative; Nodes
 * has at least one, the object itself (level 0). Mapping tells writing from reading. Gives way.
 */
void SepAccessCheck(const SE_SUBJECT *Subject, PSECURITY_DESCRIPTOR Descriptor,
                    const GENERIC_MAPPING *Mapping, PSE_NODE Nodes, ULONG Count);
BOOLEAN SepEqualSid(PSID First, PSID Second);
/* The level of an integrity label; MAXULONG: the SID is none. */
ULONG SepLabelLevel(PSID Sid);
/* The label of what has this list: its level and what it keeps lower subjects from. Without one:
 * medium, no writing up. */
void SepGetLabel(PACL Sacl, PULONG Level, PACCESS_MASK Policy);
