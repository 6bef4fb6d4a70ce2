/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes with a message: from the message to its receiver. */
#include <cm.h>
#include "alpcp.h"

ULONG AlpcpObjectType(PVOID Object)
{
    POBJECT_TYPE Type = ObGetObjectType(Object);
    const struct {
        POBJECT_TYPE Type;
        ULONG Code;
    } Types[] = {
        {IoFileType, ALPC_PORFLG_OBJECT_TYPE_FILE},
        {PsThreadType, ALPC_PORFLG_OBJECT_TYPE_THREAD},
        {ExSemaphoreType, ALPC_PORFLG_OBJECT_TYPE_SEMAPHORE},
        {ExEventType, ALPC_PORFLG_OBJECT_TYPE_EVENT},
        {PsProcessType, ALPC_PORFLG_OBJECT_TYPE_PROCESS},
        {ExMutantType, ALPC_PORFLG_OBJECT_TYPE_MUTEX},
        {MmSectionObjectType, ALPC_PORFLG_OBJECT_TYPE_SECTION},
        {CmKeyType, ALPC_PORFLG_OBJECT_TYPE_REGKEY},
        {SeTokenType, ALPC_PORFLG_OBJECT_TYPE_TOKEN},
        {PspJobType, ALPC_PORFLG_OBJECT_TYPE_JOB},
    };

    for (ULONG i = 0; i < ARRAYSIZE(Types); i++)
        if (Types[i].Type == Type)
            return Types[i].Code;
    return 0;
}

NTSTATUS AlpcpTakeHandle(PLPCP_MESSAGE Message, PALPC_HANDLE_ATTR Attribute)
{
    PALPCP_ATTRIBUTES Attributes = Message->Attributes;
    OB_CARRIED_HANDLE Carried;
    NTSTATUS Status;

    if (!Attributes || !Attributes->Handle.Object)
        return STATUS_NOT_FOUND;
    Carried = Attributes->Handle;
    Attributes->Handle.Object = NULL; /* others may ask for it meanwhile */
    Status = ObPutDownHandle(PsGetCurrentProcess(), &Carried, &Attribute->Handle);
    if (NT_SUCCESS(Status)) {
        Attribute->Flags = 0;
        Attribute->ObjectType = AlpcpObjectType(Carried.Object);
        Attribute->DesiredAccess = Carried.Access;
    }
    ObDereferenceObject(Carried.Object);
    return Status;
}

/* Where the attribute is to be written, if there is room for it. */
static PVOID Room(PALPCP_BUFFER Buffer, ULONG Attribute)
{
    return AlpcGetMessageAttribute(&Buffer->Header, Attribute);
}

static void SetContext(PLPCP_MESSAGE Message, PVOID MessageContext, PALPCP_BUFFER Buffer)
{
    PALPC_CONTEXT_ATTR Context = Room(Buffer, ALPC_MESSAGE_CONTEXT_ATTRIBUTE);
    ULONG Type = LPCP_TYPE(Message);

    if (!Context)
        return;
    Context->PortContext = Message->Context;
    Context->MessageContext = Type == LPC_REPLY || Type == LPC_CANCELED ? MessageContext : NULL;
    Context->Sequence = Message->Sequence;
    Context->MessageId = Message->Header.MessageId;
    Context->CallbackId = Message->Header.CallbackId;
    Buffer->Header.ValidAttributes |= ALPC_MESSAGE_CONTEXT_ATTRIBUTE;
}

static ULONGLONG Luid(LUID Luid)
{
    return (ULONGLONG)(ULONG)Luid.HighPart << 32 | Luid.LowPart;
}

/* The attributes are not aligned for 64-bit members on i386. */
static void SetToken(PLPCP_MESSAGE Message, PALPCP_BUFFER Buffer)
{
    PVOID Place = Room(Buffer, ALPC_MESSAGE_TOKEN_ATTRIBUTE);
    PTOKEN Token = Place ? AlpcpReferenceSenderIdentity(Message) : NULL;
    ALPC_TOKEN_ATTR Attribute;

    if (!Token)
        return;
    Attribute.TokenId = Luid(Token->TokenId);
    Attribute.AuthenticationId = Luid(Token->AuthenticationId);
    Attribute.ModifiedId = Luid(Token->ModifiedId);
    memcpy(Place, &Attribute, sizeof(Attribute));
    ObDereferenceObject(Token);
    Buffer->Header.ValidAttributes |= ALPC_MESSAGE_TOKEN_ATTRIBUTE;
}

static void SetSecurity(PALPCP_ATTRIBUTES Attributes, PALPCP_BUFFER Buffer)
{
    PALPC_SECURITY_ATTR Security = Room(Buffer, ALPC_MESSAGE_SECURITY_ATTRIBUTE);

    if (!Security || !Attributes->Security)
        return;
    *Security =
        (ALPC_SECURITY_ATTR){.ContextHandle = (ALPC_HANDLE)(ULONG_PTR)Attributes->Security->Handle};
    Buffer->Header.ValidAttributes |= ALPC_MESSAGE_SECURITY_ATTRIBUTE;
}

static NTSTATUS SetHandle(PLPCP_MESSAGE Message, PALPCP_BUFFER Buffer)
{
    PALPC_HANDLE_ATTR Handle = Room(Buffer, ALPC_MESSAGE_HANDLE_ATTRIBUTE);
    NTSTATUS Status = Handle ? AlpcpTakeHandle(Message, Handle) : STATUS_NOT_FOUND;

    if (Status == STATUS_NOT_FOUND)
        return STATUS_SUCCESS;
    if (NT_SUCCESS(Status))
        Buffer->Header.ValidAttributes |= ALPC_MESSAGE_HANDLE_ATTRIBUTE;
    return Status;
}

/* The port that a view which has come with the message belongs to from then on. If the connection
 * has ended it is closed: no view is made any more, as it would go with the port. */
static PLPCP_PORT ViewPort(PLPCP_MESSAGE Message)
{
    return Message->Source ? AlpcpReceiverOf(Message->Source) : NULL;
}

static NTSTATUS SetView(PLPCP_MESSAGE Message, PALPCP_BUFFER Buffer)
{
    PALPC_DATA_VIEW_ATTR View = Room(Buffer, ALPC_MESSAGE_VIEW_ATTRIBUTE);
    PALPCP_ATTRIBUTES Attributes = Message->Attributes;
    PLPCP_PORT Port = ViewPort(Message);
    NTSTATUS Status;

    if (!View || !Attributes->ViewSection || !Port || Port->Closed)
        return STATUS_SUCCESS;
    ObReferenceObject(Port);
    Status = AlpcpMapReceivedView(Port, Attributes);
    ObDereferenceObject(Port);
    if (!NT_SUCCESS(Status))
        return Status;
    *View = (ALPC_DATA_VIEW_ATTR){.Flags = Attributes->ViewFlags & ALPC_VIEWFLG_AUTO_RELEASE,
                                  .ViewBase = Attributes->ReceivedView,
                                  .ViewSize = Attributes->ViewSize};
    Buffer->Header.ValidAttributes |= ALPC_MESSAGE_VIEW_ATTRIBUTE;
    return STATUS_SUCCESS;
}

static void DeleteReceivedView(PLPCP_MESSAGE Message)
{
    PALPCP_ATTRIBUTES Attributes = Message->Attributes;
    PLPCP_PORT Port = ViewPort(Message);
    PALPCP_RESOURCE View;

    if (!Attributes->ReceivedView || !Port)
        return;
    View = AlpcpFindView(Port, Attributes->ReceivedView);
    Attributes->ReceivedView = NULL;
    if (!View)
        return;
    ObReferenceObject(Port);
    AlpcpDeleteResource(Port, View);
    ObDereferenceObject(Port);
}

/* What may fail comes before the handle, which cannot be taken back. */
NTSTATUS AlpcpReturnAttributes(PLPCP_MESSAGE Message, PVOID MessageContext, PALPCP_BUFFER Buffer,
                               CLIENT(PALPC_MESSAGE_ATTRIBUTES) Client)
{
    NTSTATUS Status = STATUS_SUCCESS;

    Buffer->Header.ValidAttributes = 0;
    SetContext(Message, MessageContext, Buffer);
    SetToken(Message, Buffer);
    if (Message->Attributes && LPCP_TYPE(Message) != LPC_CANCELED) {
        SetSecurity(Message->Attributes, Buffer);
        Status = SetView(Message, Buffer);
        if (NT_SUCCESS(Status))
            Status = SetHandle(Message, Buffer);
        if (!NT_SUCCESS(Status))
            DeleteReceivedView(Message);
    }
    if (!NT_SUCCESS(Status))
        return Status;
    return MmCopyToClient(Client, Buffer->Bytes,
                          AlpcGetHeaderSize(Buffer->Header.AllocatedAttributes));
}

void AlpcpReleaseReceivedView(PLPCP_MESSAGE Message)
{
    if (Message->Attributes->ViewFlags & ALPC_VIEWFLG_AUTO_RELEASE)
        DeleteReceivedView(Message);
}
