// SPDX-License-Identifier: BSD-2-Clause
/*
 * Access-control lists: a header and entries of any kind, one behind the other, in a buffer that
 * may have room for more. (MS-DTYP 2.4.5)
 */
#include <nt/ntrtl.h>
#include <nt/ntse.h>
#include "giveway.h"

#define PIECE 256 /* entries looked at before giving way */

NTSTATUS NTAPI RtlCreateAcl(PACL Acl, ULONG AclLength, ULONG AclRevision)
{
    if (AclLength < sizeof(ACL))
        return STATUS_BUFFER_TOO_SMALL;
    if (AclRevision < MIN_ACL_REVISION || AclRevision > MAX_ACL_REVISION || AclLength > MAXUSHORT)
        return STATUS_INVALID_PARAMETER;
    *Acl = (ACL){(UCHAR)AclRevision, 0, (USHORT)(AclLength & ~3u), 0, 0};
    return STATUS_SUCCESS;
}

static PUCHAR EndOfAcl(PACL Acl)
{
    return (PUCHAR)Acl + Acl->AclSize;
}

/* Whether an entry may begin at Position: its own size fits into the Left bytes, and keeps the next
 * aligned. */
static BOOLEAN AceInside(const void *Position, SIZE_T Left)
{
    const ACE_HEADER *Ace = Position;

    return Left >= sizeof(*Ace) && Ace->AceSize >= sizeof(*Ace) && Ace->AceSize <= Left &&
           Ace->AceSize % sizeof(ULONG) == 0;
}

/* Entry Index, or where it would go; NULL if an entry before it leaves the list or has no size. The
 * whole header of what is returned need not lie inside. */
static PACE_HEADER AceAt(PACL Acl, ULONG Index)
{
    PUCHAR Position = (PUCHAR)(Acl + 1), End = EndOfAcl(Acl);

    if (Position > End)
        return NULL;
    for (; Index; Index--) {
        if (!AceInside(Position, (SIZE_T)(End - Position)))
            return NULL;
        Position += ((PACE_HEADER)Position)->AceSize;
    }
    return (PACE_HEADER)Position;
}

static BOOLEAN KnownRevision(ULONG Revision)
{
    return Revision >= MIN_ACL_REVISION && Revision <= MAX_ACL_REVISION;
}

/* An entry that lies inside of its list. */
static BOOLEAN ValidAce(PACE_HEADER Ace)
{
    PSID Sid;

    if (Ace->AceType == ACCESS_ALLOWED_COMPOUND_ACE_TYPE ||
        Ace->AceType > SYSTEM_MANDATORY_LABEL_ACE_TYPE)
        return TRUE; /* not for us to judge */
    Sid = RtlpSidOfAce(Ace);
    return Sid && RtlValidSid(Sid);
}

BOOLEAN NTAPI RtlValidAcl(PACL Acl)
{
    PUCHAR Position;

    if (!Acl || !KnownRevision(Acl->AclRevision) || Acl->AclSize < sizeof(ACL) ||
        (Acl->AclSize & 3))
        return FALSE;
    Position = (PUCHAR)(Acl + 1);
    for (ULONG i = 0; i < Acl->AceCount; i++) {
        if (i % PIECE == PIECE - 1)
            RtlpGiveWay();
        if (!AceInside(Position, (SIZE_T)(EndOfAcl(Acl) - Position)) ||
            !ValidAce((PACE_HEADER)Position))
            return FALSE;
        Position += ((PACE_HEADER)Position)->AceSize;
    }
    return TRUE;
}

BOOLEAN NTAPI RtlFirstFreeAce(PACL Acl, PVOID *FirstFree)
{
    PACE_HEADER Ace = AceAt(Acl, Acl->AceCount);

    *FirstFree = (PUCHAR)Ace < EndOfAcl(Acl) ? Ace : NULL;
    return Ace != NULL;
}

NTSTATUS NTAPI RtlGetAce(PACL Acl, ULONG AceIndex, PVOID *Ace)
{
    if (!KnownRevision(Acl->AclRevision) || AceIndex >= Acl->AceCount)
        return STATUS_INVALID_PARAMETER;
    if (!AceAt(Acl, AceIndex + 1))
        return STATUS_INVALID_PARAMETER;
    *Ace = AceAt(Acl, AceIndex);
    return STATUS_SUCCESS;
}

/* The number of entries that fill Length bytes exactly; MAXULONG: they do not. */
static ULONG CountEntries(const UCHAR *List, ULONG Length)
{
    ULONG Count = 0;

    for (; Length; Count++) {
        USHORT Size;

        if (!AceInside(List, Length))
            return MAXULONG;
        Size = ((const ACE_HEADER *)List)->AceSize;
        List += Size;
        Length -= Size;
    }
    return Count;
}

/* An index behind the last entry means behind the last entry. */
NTSTATUS NTAPI RtlAddAce(PACL Acl, ULONG AceRevision, ULONG StartingAceIndex, PVOID AceList,
                         ULONG AceListLength)
{
    ULONG Count = CountEntries(AceList, AceListLength);
    PUCHAR End, Place;

    if (!RtlValidAcl(Acl) || !KnownRevision(AceRevision) || Count == MAXULONG ||
        Count > (ULONG)MAXUSHORT - Acl->AceCount)
        return STATUS_INVALID_PARAMETER;
    End = (PUCHAR)AceAt(Acl, Acl->AceCount);
    if (AceListLength > (SIZE_T)(EndOfAcl(Acl) - End))
        return STATUS_BUFFER_TOO_SMALL;
    Place = StartingAceIndex < Acl->AceCount ? (PUCHAR)AceAt(Acl, StartingAceIndex) : End;
    memmove(Place + AceListLength, Place, (SIZE_T)(End - Place));
    memcpy(Place, AceList, AceListLength);
    Acl->AceCount += (USHORT)Count;
    if (AceRevision > Acl->AclRevision)
        Acl->AclRevision = (UCHAR)AceRevision;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDeleteAce(PACL Acl, ULONG AceIndex)
{
    PUCHAR Next, Place, End;

    if (!RtlValidAcl(Acl) || AceIndex >= Acl->AceCount)
        return STATUS_INVALID_PARAMETER;
    Place = (PUCHAR)AceAt(Acl, AceIndex);
    Next = (PUCHAR)AceAt(Acl, AceIndex + 1);
    End = (PUCHAR)AceAt(Acl, Acl->AceCount);
    memmove(Place, Next, (SIZE_T)(End - Next));
    memset(End - (Next - Place), 0, (SIZE_T)(Next - Place));
    Acl->AceCount--;
    return STATUS_SUCCESS;
}

static NTSTATUS QuerySize(PACL Acl, PACL_SIZE_INFORMATION Size)
{
    PUCHAR End = (PUCHAR)AceAt(Acl, Acl->AceCount);

    if (!End)
        return STATUS_INVALID_PARAMETER;
    Size->AceCount = Acl->AceCount;
    Size->AclBytesInUse = (ULONG)(End - (PUCHAR)Acl);
    Size->AclBytesFree = (ULONG)(EndOfAcl(Acl) - End);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQueryInformationAcl(PACL Acl, PVOID AclInformation, ULONG AclInformationLength,
                                      ACL_INFORMATION_CLASS AclInformationClass)
{
    if (!KnownRevision(Acl->AclRevision))
        return STATUS_INVALID_PARAMETER;
    if (AclInformationClass == AclRevisionInformation) {
        if (AclInformationLength < sizeof(ACL_REVISION_INFORMATION))
            return STATUS_BUFFER_TOO_SMALL;
        ((PACL_REVISION_INFORMATION)AclInformation)->AclRevision = Acl->AclRevision;
        return STATUS_SUCCESS;
    }
    if (AclInformationClass != AclSizeInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (AclInformationLength < sizeof(ACL_SIZE_INFORMATION))
        return STATUS_BUFFER_TOO_SMALL;
    return QuerySize(Acl, AclInformation);
}
