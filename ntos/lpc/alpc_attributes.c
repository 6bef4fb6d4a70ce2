/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes with a message: from its sender's attributes into the message. */
#include "alpcp.h"

NTSTATUS AlpcpReadAttributes(CLIENT(PALPC_MESSAGE_ATTRIBUTES) Client, PALPCP_BUFFER Buffer)
{
    NTSTATUS Status = MmReadClient(&Buffer->Header, Client);
    ULONG Allocated = Buffer->Header.AllocatedAttributes;

    if (!NT_SUCCESS(Status))
        return Status;
    if (Allocated & ~ALPCP_KNOWN_ATTRIBUTES)
        return STATUS_INVALID_PARAMETER;
    return MmCopyFromClient(Buffer->Bytes + sizeof(Buffer->Header),
                            (CLIENT(PUCHAR))Client + sizeof(Buffer->Header),
                            AlpcGetHeaderSize(Allocated) - sizeof(Buffer->Header));
}

NTSTATUS AlpcpProbeAttributes(CLIENT(PALPC_MESSAGE_ATTRIBUTES) Attributes)
{
    ALPCP_BUFFER Buffer;
    NTSTATUS Status = AlpcpReadAttributes(Attributes, &Buffer);

    return NT_SUCCESS(Status)
               ? MmProbeForWrite(Attributes, AlpcGetHeaderSize(Buffer.Header.AllocatedAttributes))
               : Status;
}

/* NULL: it is not given. */
static PVOID Find(PALPCP_BUFFER Buffer, ULONG Attribute)
{
    return Buffer->Header.ValidAttributes & Attribute
               ? AlpcGetMessageAttribute(&Buffer->Header, Attribute)
               : NULL;
}

/* ---- A handle ---- */

static NTSTATUS CheckReceiver(PLPCP_PORT Receiver, PVOID Object)
{
    ULONG Type = AlpcpObjectType(Object);

    if (!(Receiver->Alpc.Flags & ALPC_PORFLG_ALLOW_DUP_OBJECT))
        return STATUS_NOT_SUPPORTED;
    if (!Type)
        return STATUS_OBJECT_TYPE_MISMATCH;
    return Receiver->Alpc.HandleTypes & Type ? STATUS_SUCCESS : STATUS_OBJECT_TYPE_MISMATCH;
}

static NTSTATUS AttachHandle(PLPCP_PORT Receiver, const ALPC_HANDLE_ATTR *Attribute,
                             PALPCP_ATTRIBUTES Attributes)
{
    ULONG Flags = Attribute->Flags, Options = 0;
    OB_CARRIED_HANDLE Carried;
    NTSTATUS Status;

    if (Flags & ALPC_HANDLEFLG_INDIRECT)
        return STATUS_NOT_SUPPORTED;
    if (Flags &
        ~(ULONG)(ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS | ALPC_HANDLEFLG_DUPLICATE_SAME_ATTRIBUTES |
                 ALPC_HANDLEFLG_DUPLICATE_INHERIT))
        return STATUS_INVALID_PARAMETER;
    if (Flags & ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS)
        Options |= DUPLICATE_SAME_ACCESS;
    if (Flags & ALPC_HANDLEFLG_DUPLICATE_SAME_ATTRIBUTES)
        Options |= DUPLICATE_SAME_ATTRIBUTES;
    Status = ObPickUpHandle(Attribute->Handle, Attribute->DesiredAccess,
                            Flags & ALPC_HANDLEFLG_DUPLICATE_INHERIT ? OBJ_INHERIT : 0, Options,
                            &Carried);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CheckReceiver(Receiver, Carried.Object);
    if (NT_SUCCESS(Status))
        Attributes->Handle = Carried;
    else
        ObDereferenceObject(Carried.Object);
    return Status;
}

/* ---- A view of one of the port's sections ---- */

static NTSTATUS AttachView(PLPCP_PORT Port, PLPCP_PORT Receiver,
                           const ALPC_DATA_VIEW_ATTR *Attribute, PALPCP_ATTRIBUTES Attributes)
{
    PALPCP_RESOURCE View = AlpcpFindView(Port, Attribute->ViewBase);

    if (Attribute->Flags &
        ~(ULONG)(ALPC_VIEWFLG_UNMAP_EXISTING | ALPC_VIEWFLG_AUTO_RELEASE | ALPC_VIEWFLG_NOT_SECURE))
        return STATUS_INVALID_PARAMETER;
    if (!View)
        return STATUS_NOT_MAPPED_VIEW;
    if (!View->View.Owner ||
        (Attribute->SectionHandle && (ULONG_PTR)Attribute->SectionHandle != View->View.Owner))
        return STATUS_INVALID_HANDLE;
    if (Attribute->ViewSize > View->View.Size)
        return STATUS_INVALID_VIEW_SIZE;
    if (Receiver->Alpc.MaximumView && View->View.Size > Receiver->Alpc.MaximumView)
        return STATUS_INVALID_VIEW_SIZE;
    Attributes->ViewSection = View->View.Section;
    ObReferenceObject(View->View.Section);
    Attributes->ViewOffset = View->View.Offset;
    Attributes->ViewSize = View->View.Size;
    Attributes->ViewFlags = Attribute->Flags;
    return STATUS_SUCCESS;
}

/* ---- The client's security ---- */

static NTSTATUS AttachNewSecurity(PALPC_SECURITY_ATTR Attribute, PALPCP_ATTRIBUTES Attributes)
{
    SECURITY_QUALITY_OF_SERVICE Quality;
    NTSTATUS Status =
        MmReadClient(&Quality, (CLIENT(PSECURITY_QUALITY_OF_SERVICE))(ULONG_PTR)Attribute->QoS);

    return NT_SUCCESS(Status) ? AlpcpCreateSecurity(&Quality, &Attributes->Security) : Status;
}

static NTSTATUS AttachSecurity(PLPCP_PORT Port, PALPC_SECURITY_ATTR Attribute,
                               PALPCP_ATTRIBUTES Attributes)
{
    PALPCP_RESOURCE Context;

    if (Attribute->Flags)
        return STATUS_INVALID_PARAMETER;
    if (!Attribute->ContextHandle)
        return AttachNewSecurity(Attribute, Attributes);
    Context = AlpcpFindResource(Port, AlpcpContext, Attribute->ContextHandle);
    if (!Context)
        return STATUS_INVALID_HANDLE;
    Attributes->Security = Context->Security;
    Attributes->Security->References++;
    return STATUS_SUCCESS;
}

/* ---- All of them ---- */

static NTSTATUS AttachEach(PLPCP_PORT Port, PLPCP_PORT Receiver, PALPCP_BUFFER Buffer,
                           PALPCP_ATTRIBUTES Attributes)
{
    PALPC_SECURITY_ATTR Security = Find(Buffer, ALPC_MESSAGE_SECURITY_ATTRIBUTE);
    PALPC_DATA_VIEW_ATTR View = Find(Buffer, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    PALPC_HANDLE_ATTR Handle = Find(Buffer, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    NTSTATUS Status = STATUS_SUCCESS;

    if (View)
        Status = AttachView(Port, Receiver, View, Attributes);
    if (NT_SUCCESS(Status) && Security)
        Status = AttachSecurity(Port, Security, Attributes);
    if (NT_SUCCESS(Status) && Handle)
        Status = AttachHandle(Receiver, Handle, Attributes);
    return Status;
}

NTSTATUS AlpcpAttach(PLPCP_PORT Port, PLPCP_PORT Receiver, PALPCP_BUFFER Buffer,
                     PLPCP_MESSAGE Message)
{
    PALPC_CONTEXT_ATTR Context = Find(Buffer, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    const ULONG Carried = ALPC_MESSAGE_SECURITY_ATTRIBUTE | ALPC_MESSAGE_VIEW_ATTRIBUTE |
                          ALPC_MESSAGE_HANDLE_ATTRIBUTE;

    if (Buffer->Header.ValidAttributes & ~Buffer->Header.AllocatedAttributes)
        return STATUS_INVALID_PARAMETER;
    if (Buffer->Header.ValidAttributes & ALPC_MESSAGE_DIRECT_ATTRIBUTE)
        return STATUS_NOT_SUPPORTED;
    if (Context)
        Message->MessageContext = Context->MessageContext;
    if (!(Buffer->Header.ValidAttributes & Carried))
        return STATUS_SUCCESS;
    Message->Attributes = ExAllocatePool(sizeof(*Message->Attributes));
    if (!Message->Attributes)
        return STATUS_NO_MEMORY;
    return AttachEach(Port, Receiver, Buffer, Message->Attributes);
}

/* The sender finds the message again by these. */
static NTSTATUS ReturnContext(PALPC_CONTEXT_ATTR Context, PALPCP_BUFFER Buffer,
                              PLPCP_MESSAGE Message, CLIENT(PALPC_MESSAGE_ATTRIBUTES) Client)
{
    CLIENT(PUCHAR)
    Place = (CLIENT(PUCHAR))Client + ((PUCHAR)Context - Buffer->Bytes);

    Context->Sequence = Message->Sequence;
    Context->MessageId = Message->Header.MessageId;
    Context->CallbackId = Message->Header.CallbackId;
    return MmCopyToClient(Place, Context, sizeof(*Context));
}

NTSTATUS AlpcpFinishAttach(PLPCP_PORT Port, PALPCP_BUFFER Buffer, PLPCP_MESSAGE Message,
                           CLIENT(PALPC_MESSAGE_ATTRIBUTES) Client)
{
    PALPC_DATA_VIEW_ATTR View = Find(Buffer, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    PALPC_CONTEXT_ATTR Context = Find(Buffer, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    PALPCP_RESOURCE Existing;

    if (View && (View->Flags & ALPC_VIEWFLG_UNMAP_EXISTING)) {
        Existing = AlpcpFindView(Port, View->ViewBase);
        if (Existing)
            AlpcpDeleteResource(Port, Existing);
    }
    return Context ? ReturnContext(Context, Buffer, Message, Client) : STATUS_SUCCESS;
}

void AlpcpFreeAttributes(PLPCP_MESSAGE Message)
{
    PALPCP_ATTRIBUTES Attributes = Message->Attributes;

    Message->Attributes = NULL;
    if (Attributes->Handle.Object)
        ObDereferenceObject(Attributes->Handle.Object);
    if (Attributes->ViewSection)
        ObDereferenceObject(Attributes->ViewSection);
    if (Attributes->Security)
        AlpcpDereferenceSecurity(Attributes->Security);
    ExFreePool(Attributes);
}
