/* SPDX-License-Identifier: BSD-2-Clause */
/* What OBJECT_ATTRIBUTES say of a new process or thread: they have no names, but descriptors. */
#include "psp.h"

NTSTATUS PspCaptureObjectAttributes(CLIENT(POBJECT_ATTRIBUTES) Client, PULONG Attributes,
                                    PISECURITY_DESCRIPTOR_RELATIVE *Security)
{
    OBJECT_ATTRIBUTES Captured = {0};
    NTSTATUS Status = Client ? MmReadClient(&Captured, Client) : STATUS_SUCCESS;

    *Attributes = Captured.Attributes & OBJ_INHERIT;
    *Security = NULL;
    if (!NT_SUCCESS(Status) || !Captured.SecurityDescriptor)
        return Status;
    return SeCaptureDescriptor((CLIENT(PSECURITY_DESCRIPTOR))Captured.SecurityDescriptor, Security);
}

NTSTATUS PspSecureObject(PVOID Object, PTOKEN Token, PISECURITY_DESCRIPTOR_RELATIVE Wishes)
{
    PSE_DESCRIPTOR Descriptor;
    NTSTATUS Status =
        SeNewDescriptor(ObGetObjectType(Object), NULL, Wishes, Wishes ? NULL : Token, &Descriptor);

    if (NT_SUCCESS(Status))
        ObSetSecurity(Object, Descriptor);
    return Status;
}
