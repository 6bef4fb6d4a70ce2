/* SPDX-License-Identifier: BSD-2-Clause */
/* Security descriptors of a driver's own objects, in pool. (WDK: SeAssignSecurity and its like) */
#include "se.h"
#include "ki.h"
#include "ntdll.h"

NTSTATUS NTAPI RtlNewSecurityObject(PSECURITY_DESCRIPTOR Parent, PSECURITY_DESCRIPTOR Creator,
                                    PSECURITY_DESCRIPTOR *New, BOOLEAN IsDirectory, HANDLE Token,
                                    PGENERIC_MAPPING Mapping);
NTSTATUS NTAPI RtlDeleteSecurityObject(PSECURITY_DESCRIPTOR *Descriptor);
NTSTATUS NTAPI RtlSetSecurityObject(SECURITY_INFORMATION Information, PSECURITY_DESCRIPTOR New,
                                    PSECURITY_DESCRIPTOR *Descriptor, PGENERIC_MAPPING Mapping,
                                    HANDLE Token);
NTSTATUS NTAPI RtlQuerySecurityObject(PSECURITY_DESCRIPTOR Descriptor,
                                      SECURITY_INFORMATION Information, PSECURITY_DESCRIPTOR Result,
                                      ULONG Length, PULONG Needed);
NTSTATUS NTAPI RtlMakeSelfRelativeSD(PSECURITY_DESCRIPTOR Descriptor, PSECURITY_DESCRIPTOR Result,
                                     PULONG Length);

/* SeAssignSecurity: what a new object gets from its parent's descriptor, its creator's and the
 * subject's token; for SeDeassignSecurity. */
NTSTATUS NTAPI SeAssignSecurity(PSECURITY_DESCRIPTOR ParentDescriptor,
                                PSECURITY_DESCRIPTOR ExplicitDescriptor,
                                PSECURITY_DESCRIPTOR *NewDescriptor, BOOLEAN IsDirectoryObject,
                                PSECURITY_SUBJECT_CONTEXT SubjectContext,
                                PGENERIC_MAPPING GenericMapping, POOL_TYPE PoolType)
{
    HANDLE Token;
    NTSTATUS Status = SepOpenSubjectToken(SubjectContext, &Token);

    *NewDescriptor = NULL;
    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlNewSecurityObject(ParentDescriptor, ExplicitDescriptor, NewDescriptor,
                                  IsDirectoryObject, Token, GenericMapping);
    ZwClose(Token);
    return Status;
}

NTSTATUS NTAPI SeDeassignSecurity(PSECURITY_DESCRIPTOR *SecurityDescriptor)
{
    if (!*SecurityDescriptor)
        return STATUS_SUCCESS;
    ExFreePool(*SecurityDescriptor);
    *SecurityDescriptor = NULL;
    return STATUS_SUCCESS;
}

/* SeQuerySecurityDescriptorInfo: the parts of *ObjectsSecurityDescriptor that are asked for.
 * *Length: the room, and what is needed. STATUS_BUFFER_TOO_SMALL. */
NTSTATUS NTAPI SeQuerySecurityDescriptorInfo(PSECURITY_INFORMATION SecurityInformation,
                                             PSECURITY_DESCRIPTOR SecurityDescriptor, PULONG Length,
                                             PSECURITY_DESCRIPTOR *ObjectsSecurityDescriptor)
{
    SECURITY_DESCRIPTOR Empty;
    PSECURITY_DESCRIPTOR Source = *ObjectsSecurityDescriptor;
    ULONG Needed = 0;
    NTSTATUS Status;

    if (!Source) {
        RtlCreateSecurityDescriptor(&Empty, SECURITY_DESCRIPTOR_REVISION);
        return RtlMakeSelfRelativeSD(&Empty, SecurityDescriptor, Length);
    }
    Status =
        RtlQuerySecurityObject(Source, *SecurityInformation, SecurityDescriptor, *Length, &Needed);
    *Length = Needed;
    return Status;
}

/* SeSetSecurityDescriptorInfo: replaces *ObjectsSecurityDescriptor, which has the parts changed.
 * The caller frees the old one. STATUS_NO_SECURITY_ON_OBJECT. */
NTSTATUS NTAPI SeSetSecurityDescriptorInfo(PVOID Object, PSECURITY_INFORMATION SecurityInformation,
                                           PSECURITY_DESCRIPTOR ModificationDescriptor,
                                           PSECURITY_DESCRIPTOR *ObjectsSecurityDescriptor,
                                           POOL_TYPE PoolType, PGENERIC_MAPPING GenericMapping)
{
    PSECURITY_DESCRIPTOR Old = *ObjectsSecurityDescriptor, Copy;
    ULONG Length;
    NTSTATUS Status;

    if (!Old)
        return STATUS_NO_SECURITY_ON_OBJECT;
    Length = RtlLengthSecurityDescriptor(Old);
    Copy = RtlAllocateHeap(RtlProcessHeap(), 0, Length);
    if (!Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(Copy, Old, Length);
    Status = RtlSetSecurityObject(*SecurityInformation, ModificationDescriptor, &Copy,
                                  GenericMapping, NULL);
    if (NT_SUCCESS(Status))
        *ObjectsSecurityDescriptor = Copy;
    else
        ExFreePool(Copy);
    return Status;
}

/* SeValidSecurityDescriptor: a self-relative one of that many bytes. */
BOOLEAN NTAPI SeValidSecurityDescriptor(ULONG Length, PSECURITY_DESCRIPTOR SecurityDescriptor)
{
    return RtlValidRelativeSecurityDescriptor(SecurityDescriptor, Length, 0);
}

/* SeCaptureSecurityDescriptor: a self-relative copy in pool. STATUS_INVALID_SECURITY_DESCR,
 * STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS NTAPI SeCaptureSecurityDescriptor(PSECURITY_DESCRIPTOR OriginalDescriptor,
                                           KPROCESSOR_MODE CurrentMode, POOL_TYPE PoolType,
                                           BOOLEAN CaptureIfKernel,
                                           PSECURITY_DESCRIPTOR *CapturedDescriptor)
{
    ULONG Length = 0;
    NTSTATUS Status;

    *CapturedDescriptor = NULL;
    if (!OriginalDescriptor)
        return STATUS_SUCCESS;
    if (CurrentMode == KernelMode && !CaptureIfKernel) {
        *CapturedDescriptor = OriginalDescriptor;
        return STATUS_SUCCESS;
    }
    if (!RtlValidSecurityDescriptor(OriginalDescriptor))
        return STATUS_INVALID_SECURITY_DESCR;
    Length = RtlLengthSecurityDescriptor(OriginalDescriptor);
    *CapturedDescriptor = ExAllocatePoolWithTag(PoolType, Length, 'dSeS');
    if (!*CapturedDescriptor)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (((PISECURITY_DESCRIPTOR)OriginalDescriptor)->Control & SE_SELF_RELATIVE) {
        RtlCopyMemory(*CapturedDescriptor, OriginalDescriptor, Length);
        return STATUS_SUCCESS;
    }
    Status = RtlMakeSelfRelativeSD(OriginalDescriptor, *CapturedDescriptor, &Length);
    if (!NT_SUCCESS(Status)) {
        ExFreePool(*CapturedDescriptor);
        *CapturedDescriptor = NULL;
    }
    return Status;
}

/* SeReleaseSecurityDescriptor: what SeCaptureSecurityDescriptor has returned for the same mode. */
NTSTATUS NTAPI SeReleaseSecurityDescriptor(PSECURITY_DESCRIPTOR CapturedDescriptor,
                                           KPROCESSOR_MODE CurrentMode, BOOLEAN CaptureIfKernelMode)
{
    if (CapturedDescriptor && (CurrentMode != KernelMode || CaptureIfKernelMode))
        ExFreePool(CapturedDescriptor);
    return STATUS_SUCCESS;
}

/* ---- Descriptors that several objects share (WDK: ObLogSecurityDescriptor) ---- */

typedef struct DECLSPEC_ALIGN(16) _SEP_SHARED {
    LONG References;
} SEP_SHARED, *PSEP_SHARED;

/* A copy with RefBias references. */
NTSTATUS NTAPI ObLogSecurityDescriptor(PSECURITY_DESCRIPTOR InputSecurityDescriptor,
                                       PSECURITY_DESCRIPTOR *OutputSecurityDescriptor,
                                       ULONG RefBias)
{
    ULONG Length = RtlLengthSecurityDescriptor(InputSecurityDescriptor);
    PSEP_SHARED Shared = ExAllocatePoolWithTag(PagedPool, sizeof(*Shared) + Length, 'dSbO');

    *OutputSecurityDescriptor = NULL;
    if (!Shared)
        return STATUS_INSUFFICIENT_RESOURCES;
    Shared->References = (LONG)RefBias;
    RtlCopyMemory(Shared + 1, InputSecurityDescriptor, Length);
    *OutputSecurityDescriptor = Shared + 1;
    return STATUS_SUCCESS;
}

VOID NTAPI ObReferenceSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, ULONG Count)
{
    ((PSEP_SHARED)SecurityDescriptor - 1)->References += (LONG)Count;
}

VOID NTAPI ObDereferenceSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, ULONG Count)
{
    PSEP_SHARED Shared = (PSEP_SHARED)SecurityDescriptor - 1;

    Shared->References -= (LONG)Count;
    if (Shared->References <= 0)
        ExFreePoolWithTag(Shared, 'dSbO');
}
