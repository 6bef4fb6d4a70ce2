// SPDX-License-Identifier: BSD-2-Clause
/* Some parts of a security descriptor: those that are asked for, those that replace others.
 * (Win32: SECURITY_INFORMATION) */
#include <nt/ntrtl.h>
#include <nt/nttoken.h>
#include "giveway.h"

#define PIECE 256

/* Appends what is a label, or what is none. Returns the bytes used. */
static ULONG CopyAces(PACL From, BOOLEAN Labels, PACL To, ULONG Used)
{
    PACE_HEADER Ace = (PACE_HEADER)(From + 1);

    for (ULONG i = 0; i < From->AceCount; i++) {
        if (Labels == (Ace->AceType == SYSTEM_MANDATORY_LABEL_ACE_TYPE)) {
            memcpy((PUCHAR)To + Used, Ace, Ace->AceSize);
            Used += Ace->AceSize;
            To->AceCount++;
        }
        Ace = (PACE_HEADER)((PUCHAR)Ace + Ace->AceSize);
        if (i % PIECE == PIECE - 1)
            RtlpGiveWay();
    }
    if (From->AclRevision > To->AclRevision)
        To->AclRevision = From->AclRevision;
    return Used;
}

BOOLEAN RtlpMergeSacl(PACL Labels, PACL Others, PACL To)
{
    ULONG Used = sizeof(ACL);

    if ((Labels ? Labels->AclSize : 0u) + (Others ? Others->AclSize : 0u) > MAXUSHORT)
        return FALSE;
    *To = (ACL){ACL_REVISION, 0, 0, 0, 0};
    if (Others)
        Used = CopyAces(Others, FALSE, To, Used);
    if (Labels)
        Used = CopyAces(Labels, TRUE, To, Used);
    To->AclSize = (USHORT)Used;
    return To->AceCount != 0 || Others != NULL;
}

static PACL DaclOf(PSECURITY_DESCRIPTOR Descriptor)
{
    BOOLEAN Present, Defaulted;
    PACL Acl = NULL;

    RtlGetDaclSecurityDescriptor(Descriptor, &Present, &Acl, &Defaulted);
    return Acl;
}

PACL RtlpSaclOf(PSECURITY_DESCRIPTOR Descriptor)
{
    BOOLEAN Present, Defaulted;
    PACL Acl = NULL;

    RtlGetSaclSecurityDescriptor(Descriptor, &Present, &Acl, &Defaulted);
    return Acl;
}

#define DACL_BITS (SE_DACL_PRESENT | SE_DACL_DEFAULTED | SE_DACL_AUTO_INHERITED | SE_DACL_PROTECTED)
#define SACL_BITS (SE_SACL_PRESENT | SE_SACL_DEFAULTED | SE_SACL_AUTO_INHERITED | SE_SACL_PROTECTED)
#define SACL_INFORMATION (SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION)

void RtlpSelectParts(SECURITY_INFORMATION Information, PSECURITY_DESCRIPTOR From,
                     PISECURITY_DESCRIPTOR To)
{
    USHORT Control = ((PISECURITY_DESCRIPTOR)From)->Control;
    BOOLEAN Defaulted;

    if (Information & OWNER_SECURITY_INFORMATION) {
        RtlGetOwnerSecurityDescriptor(From, &To->Owner, &Defaulted);
        To->Control = (To->Control & ~SE_OWNER_DEFAULTED) | (Control & SE_OWNER_DEFAULTED);
    }
    if (Information & GROUP_SECURITY_INFORMATION) {
        RtlGetGroupSecurityDescriptor(From, &To->Group, &Defaulted);
        To->Control = (To->Control & ~SE_GROUP_DEFAULTED) | (Control & SE_GROUP_DEFAULTED);
    }
    if (Information & DACL_SECURITY_INFORMATION) {
        To->Dacl = DaclOf(From);
        To->Control = (To->Control & ~DACL_BITS) | (Control & DACL_BITS);
    }
    if (Information & SACL_INFORMATION) {
        To->Sacl = RtlpSaclOf(From);
        To->Control = (To->Control & ~SACL_BITS) | (Control & SACL_BITS);
    }
}

void RtlpProtectParts(SECURITY_INFORMATION Information, PISECURITY_DESCRIPTOR Descriptor)
{
    if (Information & PROTECTED_DACL_SECURITY_INFORMATION)
        Descriptor->Control |= SE_DACL_PROTECTED;
    if (Information & UNPROTECTED_DACL_SECURITY_INFORMATION)
        Descriptor->Control &= ~SE_DACL_PROTECTED;
    if (Information & PROTECTED_SACL_SECURITY_INFORMATION)
        Descriptor->Control |= SE_SACL_PROTECTED;
    if (Information & UNPROTECTED_SACL_SECURITY_INFORMATION)
        Descriptor->Control &= ~SE_SACL_PROTECTED;
}
