// SPDX-License-Identifier: BSD-2-Clause
/* Where the attributes of ALPC messages lie behind their header. */
#include <nt/ntlpc.h>

static const struct {
    ULONG Flag;
    SIZE_T Size;
} Attributes[] = {
    {ALPC_MESSAGE_SECURITY_ATTRIBUTE, sizeof(ALPC_SECURITY_ATTR)},
    {ALPC_MESSAGE_VIEW_ATTRIBUTE, sizeof(ALPC_DATA_VIEW_ATTR)},
    {ALPC_MESSAGE_CONTEXT_ATTRIBUTE, sizeof(ALPC_CONTEXT_ATTR)},
    {ALPC_MESSAGE_HANDLE_ATTRIBUTE, sizeof(ALPC_HANDLE_ATTR)},
    {ALPC_MESSAGE_TOKEN_ATTRIBUTE, sizeof(ALPC_TOKEN_ATTR)},
    {ALPC_MESSAGE_DIRECT_ATTRIBUTE, sizeof(ALPC_DIRECT_ATTR)},
    {ALPC_MESSAGE_WORK_ON_BEHALF_ATTRIBUTE, sizeof(ALPC_WORK_ON_BEHALF_ATTR)},
};

/* AlpcGetHeaderSize: bytes that a header with these attributes takes. Unknown flags take nothing.
 */
SIZE_T NTAPI AlpcGetHeaderSize(ULONG Flags)
{
    SIZE_T Size = sizeof(ALPC_MESSAGE_ATTRIBUTES);

    for (ULONG i = 0; i < ARRAYSIZE(Attributes); i++)
        if (Flags & Attributes[i].Flag)
            Size += Attributes[i].Size;
    return Size;
}

/*
 * AlpcInitializeMessageAttribute: a header with room for these attributes, of which none is valid
 * yet. *RequiredBufferSize receives its size in any case. STATUS_BUFFER_TOO_SMALL.
 */
NTSTATUS NTAPI AlpcInitializeMessageAttribute(ULONG AttributeFlags, PALPC_MESSAGE_ATTRIBUTES Buffer,
                                              SIZE_T BufferSize, PSIZE_T RequiredBufferSize)
{
    *RequiredBufferSize = AlpcGetHeaderSize(AttributeFlags);
    if (!Buffer || BufferSize < *RequiredBufferSize)
        return STATUS_BUFFER_TOO_SMALL;
    Buffer->AllocatedAttributes = AttributeFlags;
    Buffer->ValidAttributes = 0;
    return STATUS_SUCCESS;
}

/* AlpcGetMessageAttribute: where the one attribute is; NULL: there is no room for it. */
PVOID NTAPI AlpcGetMessageAttribute(PALPC_MESSAGE_ATTRIBUTES Buffer, ULONG AttributeFlag)
{
    ULONG Before = 0 - (AttributeFlag << 1); /* the flags above */

    if (!(Buffer->AllocatedAttributes & AttributeFlag) || AttributeFlag & (AttributeFlag - 1))
        return NULL;
    return (PUCHAR)Buffer + AlpcGetHeaderSize(Buffer->AllocatedAttributes & Before);
}
