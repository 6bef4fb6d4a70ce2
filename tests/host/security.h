/* SPDX-License-Identifier: BSD-2-Clause */
/* The security reference monitor for host tests; behind the Executive's own headers. */
#pragma once
#include <se.h>

void abort(void);

/* Nobody has a descriptor here, and so everybody may do everything: the security of objects is
 * checked by test_se_accesscheck.c and by the native tests. */
NTSTATUS SeCaptureDescriptor(PSECURITY_DESCRIPTOR Client,
                             PISECURITY_DESCRIPTOR_RELATIVE *Descriptor)
{
    *Descriptor = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS SeNewDescriptor(POBJECT_TYPE Type, PSE_DESCRIPTOR Parent,
                         PISECURITY_DESCRIPTOR_RELATIVE Creator, PTOKEN Token,
                         PSE_DESCRIPTOR *Descriptor)
{
    *Descriptor = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS SeSystemDescriptor(POBJECT_TYPE Type, SE_PUBLIC_ACCESS Public, PSE_DESCRIPTOR *Descriptor)
{
    *Descriptor = NULL;
    return STATUS_SUCCESS;
}

void SeDereferenceDescriptor(PSE_DESCRIPTOR Descriptor)
{
}

BOOLEAN SeSinglePrivilegeCheck(ULONG Privilege)
{
    return Privilege != SE_SECURITY_PRIVILEGE;
}

NTSTATUS SeCheckPrivilege(ULONG Privilege)
{
    return STATUS_SUCCESS;
}

NTSTATUS SeAccessCheck(PSE_DESCRIPTOR Descriptor, const GENERIC_MAPPING *Mapping,
                       ACCESS_MASK ValidAccess, ACCESS_MASK DesiredAccess, PACCESS_MASK Granted)
{
    abort();
}

NTSTATUS SeQueryDescriptor(PSE_DESCRIPTOR Descriptor, SECURITY_INFORMATION Information,
                           PVOID Buffer, ULONG Length, PULONG Needed)
{
    abort();
}

NTSTATUS SeSetDescriptor(POBJECT_TYPE Type, SECURITY_INFORMATION Information,
                         PISECURITY_DESCRIPTOR_RELATIVE New, PSE_DESCRIPTOR *Descriptor)
{
    abort();
}

ACCESS_MASK SeQueryAccess(SECURITY_INFORMATION Information)
{
    return READ_CONTROL;
}

ACCESS_MASK SeSetAccess(SECURITY_INFORMATION Information)
{
    return WRITE_DAC;
}
