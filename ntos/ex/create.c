/* SPDX-License-Identifier: BSD-2-Clause */
/* What the types of objects in this component have in common. */
#include "exp.h"

void ExpCreateType(const OBJECT_TYPE_INITIALIZER *Initializer, POBJECT_TYPE *Type)
{
    if (!NT_SUCCESS(ObCreateObjectType(Initializer, Type)))
        KeBugCheck("no memory for an object type");
}

NTSTATUS ExpCreateObject(POBJECT_TYPE Type, SIZE_T Size, CLIENT(PHANDLE) Handle,
                         ACCESS_MASK DesiredAccess, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                         void (*Initialize)(PVOID Object, const void *Parameters),
                         const void *Parameters)
{
    OB_ATTRIBUTES Attributes;
    PVOID Object;
    NTSTATUS Status = ObCaptureAttributes(&Attributes, ObjectAttributes);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCreateObject(Type, Size, &Object);
    if (NT_SUCCESS(Status)) {
        Initialize(Object, Parameters);
        Status = ObInsertObject(Object, &Attributes, DesiredAccess, Handle);
    }
    ObFreeAttributes(&Attributes);
    return Status;
}
