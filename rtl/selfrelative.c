// SPDX-License-Identifier: BSD-2-Clause
/* Security descriptors from one form to the other, and those that came as bytes. (WDK:
 * RtlMakeSelfRelativeSD, RtlSelfRelativeToAbsoluteSD) */
#include <nt/ntrtl.h>
#include <nt/ntse.h>

#define HEADER sizeof(SECURITY_DESCRIPTOR_RELATIVE)

/* The parts of a descriptor of either form with their lengths; NULL and 0 for none. */
typedef struct _PARTS {
    PSID Owner, Group;
    PACL Sacl, Dacl;
    ULONG OwnerSize, GroupSize, SaclSize, DaclSize;
} PARTS;

static NTSTATUS GetParts(PSECURITY_DESCRIPTOR Descriptor, PARTS *Parts)
{
    BOOLEAN Present, Defaulted;

    memset(Parts, 0, sizeof(*Parts));
    if (!RtlValidSecurityDescriptor(Descriptor))
        return STATUS_INVALID_SECURITY_DESCR;
    RtlGetOwnerSecurityDescriptor(Descriptor, &Parts->Owner, &Defaulted);
    RtlGetGroupSecurityDescriptor(Descriptor, &Parts->Group, &Defaulted);
    RtlGetSaclSecurityDescriptor(Descriptor, &Present, &Parts->Sacl, &Defaulted);
    RtlGetDaclSecurityDescriptor(Descriptor, &Present, &Parts->Dacl, &Defaulted);
    Parts->OwnerSize = Parts->Owner ? RtlLengthSid(Parts->Owner) : 0;
    Parts->GroupSize = Parts->Group ? RtlLengthSid(Parts->Group) : 0;
    Parts->SaclSize = Parts->Sacl ? Parts->Sacl->AclSize : 0;
    Parts->DaclSize = Parts->Dacl ? Parts->Dacl->AclSize : 0;
    return STATUS_SUCCESS;
}

/* Appends a part at *Used and returns its offset, 0 for none. Sizes are multiples of 4. */
static ULONG PutPart(PUCHAR Descriptor, PULONG Used, const void *Part, ULONG Size)
{
    ULONG Offset = *Used;

    if (!Part)
        return 0;
    memcpy(Descriptor + Offset, Part, Size);
    *Used += Size;
    return Offset;
}

NTSTATUS NTAPI RtlMakeSelfRelativeSD(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                     PSECURITY_DESCRIPTOR SelfRelative, PULONG BufferLength)
{
    PISECURITY_DESCRIPTOR From = SecurityDescriptor;
    PISECURITY_DESCRIPTOR_RELATIVE To = SelfRelative;
    ULONG Size, Used = HEADER;
    PARTS Parts;
    NTSTATUS Status = GetParts(SecurityDescriptor, &Parts);

    if (!NT_SUCCESS(Status))
        return Status;
    Size = HEADER + Parts.OwnerSize + Parts.GroupSize + Parts.SaclSize + Parts.DaclSize;
    if (*BufferLength < Size) {
        *BufferLength = Size;
        return STATUS_BUFFER_TOO_SMALL;
    }
    *BufferLength = Size;
    memset(To, 0, HEADER);
    To->Revision = From->Revision;
    To->Sbz1 = From->Sbz1;
    To->Control = From->Control | SE_SELF_RELATIVE;
    To->Sacl = PutPart(SelfRelative, &Used, Parts.Sacl, Parts.SaclSize);
    To->Dacl = PutPart(SelfRelative, &Used, Parts.Dacl, Parts.DaclSize);
    To->Owner = PutPart(SelfRelative, &Used, Parts.Owner, Parts.OwnerSize);
    To->Group = PutPart(SelfRelative, &Used, Parts.Group, Parts.GroupSize);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR Absolute,
                                           PSECURITY_DESCRIPTOR SelfRelative, PULONG BufferLength)
{
    if (((PISECURITY_DESCRIPTOR)Absolute)->Control & SE_SELF_RELATIVE)
        return STATUS_BAD_DESCRIPTOR_FORMAT;
    return RtlMakeSelfRelativeSD(Absolute, SelfRelative, BufferLength);
}

/* Says in *Room how much a part needs; returns whether it is there. */
static BOOLEAN Fits(PULONG Room, ULONG Needed)
{
    BOOLEAN Enough = *Room >= Needed;

    *Room = Needed;
    return Enough;
}

static PVOID CopyPart(PVOID To, const void *From, ULONG Size)
{
    return From ? memcpy(To, From, Size) : NULL;
}

NTSTATUS NTAPI RtlSelfRelativeToAbsoluteSD(PSECURITY_DESCRIPTOR SelfRelative,
                                           PSECURITY_DESCRIPTOR Absolute, PULONG AbsoluteSize,
                                           PACL Dacl, PULONG DaclSize, PACL Sacl, PULONG SaclSize,
                                           PSID Owner, PULONG OwnerSize, PSID PrimaryGroup,
                                           PULONG PrimaryGroupSize)
{
    PISECURITY_DESCRIPTOR From = SelfRelative, To = Absolute;
    BOOLEAN Enough;
    PARTS Parts;
    NTSTATUS Status;

    if (!(From->Control & SE_SELF_RELATIVE))
        return STATUS_BAD_DESCRIPTOR_FORMAT;
    Status = GetParts(SelfRelative, &Parts);
    if (!NT_SUCCESS(Status))
        return Status;
    Enough = Fits(AbsoluteSize, sizeof(SECURITY_DESCRIPTOR));
    Enough &= Fits(DaclSize, Parts.DaclSize);
    Enough &= Fits(SaclSize, Parts.SaclSize);
    Enough &= Fits(OwnerSize, Parts.OwnerSize);
    Enough &= Fits(PrimaryGroupSize, Parts.GroupSize);
    if (!Enough)
        return STATUS_BUFFER_TOO_SMALL;
    *To = (SECURITY_DESCRIPTOR){From->Revision, From->Sbz1,
                                From->Control & (USHORT)~SE_SELF_RELATIVE};
    To->Owner = CopyPart(Owner, Parts.Owner, Parts.OwnerSize);
    To->Group = CopyPart(PrimaryGroup, Parts.Group, Parts.GroupSize);
    To->Sacl = CopyPart(Sacl, Parts.Sacl, Parts.SaclSize);
    To->Dacl = CopyPart(Dacl, Parts.Dacl, Parts.DaclSize);
    return STATUS_SUCCESS;
}

/* Whether Needed bytes at an aligned offset behind the header lie inside. */
static BOOLEAN Inside(ULONG Offset, ULONG Needed, ULONG Length)
{
    return Offset >= HEADER && Offset % sizeof(ULONG) == 0 && Offset <= Length &&
           Length - Offset >= Needed;
}

static BOOLEAN SidInside(PUCHAR Bytes, ULONG Offset, ULONG Length)
{
    return Inside(Offset, RtlLengthRequiredSid(0), Length) && RtlValidSid(Bytes + Offset) &&
           Inside(Offset, RtlLengthSid(Bytes + Offset), Length);
}

static BOOLEAN AclInside(PUCHAR Bytes, ULONG Offset, ULONG Length)
{
    return Inside(Offset, sizeof(ACL), Length) &&
           Inside(Offset, ((PACL)(Bytes + Offset))->AclSize, Length) &&
           RtlValidAcl((PACL)(Bytes + Offset));
}

/* RequiredInformation: what must be there, by the bits of SECURITY_INFORMATION (owner 1, group 2,
 * DACL 4, SACL 8). */
BOOLEAN NTAPI RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                                 ULONG Length, ULONG RequiredInformation)
{
    const SECURITY_DESCRIPTOR_RELATIVE *Descriptor = SecurityDescriptor;
    PUCHAR Bytes = SecurityDescriptor;
    ULONG Sacl, Dacl;

    if (Length < HEADER || Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION ||
        !(Descriptor->Control & SE_SELF_RELATIVE))
        return FALSE;
    Sacl = Descriptor->Control & SE_SACL_PRESENT ? Descriptor->Sacl : 0;
    Dacl = Descriptor->Control & SE_DACL_PRESENT ? Descriptor->Dacl : 0;
    return (Descriptor->Owner ? SidInside(Bytes, Descriptor->Owner, Length)
                              : !(RequiredInformation & 1)) &&
           (Descriptor->Group ? SidInside(Bytes, Descriptor->Group, Length)
                              : !(RequiredInformation & 2)) &&
           (!Dacl || AclInside(Bytes, Dacl, Length)) && (!Sacl || AclInside(Bytes, Sacl, Length)) &&
           ((Descriptor->Control & SE_DACL_PRESENT) || !(RequiredInformation & 4)) &&
           ((Descriptor->Control & SE_SACL_PRESENT) || !(RequiredInformation & 8));
}
