// SPDX-License-Identifier: BSD-2-Clause
/* Parts of a CONTEXT of i386. */
#include <nt/nt.h>

#define HAS(flags, part) (((flags) & (part)) == (part))

static void CopyControl(PCONTEXT To, const CONTEXT *From)
{
    To->SegCs = From->SegCs;
    To->SegSs = From->SegSs;
    To->Eip = From->Eip;
    To->Esp = From->Esp;
    To->Ebp = From->Ebp;
    To->EFlags = From->EFlags;
}

/* Copies the parts that ContextFlags names. STATUS_INVALID_PARAMETER for those of another
 * processor. */
NTSTATUS NTAPI RtlpCopyContextParts(PCONTEXT Destination, ULONG ContextFlags, PCONTEXT Source)
{
    if (!HAS(ContextFlags, CONTEXT_i386))
        return STATUS_INVALID_PARAMETER;
    if (HAS(ContextFlags, CONTEXT_CONTROL))
        CopyControl(Destination, Source);
    if (HAS(ContextFlags, CONTEXT_INTEGER)) /* EDI to EAX */
        memcpy(&Destination->Edi, &Source->Edi, offsetof(CONTEXT, Ebp) - offsetof(CONTEXT, Edi));
    if (HAS(ContextFlags, CONTEXT_SEGMENTS)) /* GS to DS */
        memcpy(&Destination->SegGs, &Source->SegGs, 4 * sizeof(ULONG));
    if (HAS(ContextFlags, CONTEXT_FLOATING_POINT))
        Destination->FloatSave = Source->FloatSave;
    if (HAS(ContextFlags, CONTEXT_EXTENDED_REGISTERS))
        memcpy(Destination->ExtendedRegisters, Source->ExtendedRegisters,
               sizeof(Source->ExtendedRegisters));
    if (HAS(ContextFlags, CONTEXT_DEBUG_REGISTERS))
        memcpy(&Destination->Dr0, &Source->Dr0, 6 * sizeof(Source->Dr0));
    return STATUS_SUCCESS;
}
