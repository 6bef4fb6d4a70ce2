/* SPDX-License-Identifier: BSD-2-Clause */
/* What a write has put into a pipe or a mailslot: memory that its writer pays for until it has been
 * read. */
#include "iop.h"

#define IOP_MAXIMUM_MESSAGE ((ULONG)15 << 20) /* bytes */

static PIOP_MESSAGE IopAllocateMessage(ULONG Length)
{
    SIZE_T Size = FIELD_OFFSET(IOP_MESSAGE, Data) + (SIZE_T)Length;
    PIOP_MESSAGE Message = Length <= IOP_MAXIMUM_MESSAGE ? ExAllocatePoolGivingWay(Size) : NULL;

    if (!Message)
        return NULL;
    Message->References = 1;
    Message->Length = Length;
    return Message;
}

NTSTATUS IopCaptureMessage(CLIENT(PCVOID) Buffer, ULONG Length, PIOP_MESSAGE *Message)
{
    NTSTATUS Status;

    *Message = IopAllocateMessage(Length);
    if (!*Message)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromClient((*Message)->Data, Buffer, Length);
    if (!NT_SUCCESS(Status))
        IopDereferenceMessage(*Message);
    return Status;
}

void IopDereferenceMessage(PIOP_MESSAGE Message)
{
    if (--Message->References)
        return;
    if (Message->Token)
        ObDereferenceObject(Message->Token);
    ExFreePoolGivingWay(Message);
}
