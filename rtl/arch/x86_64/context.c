// SPDX-License-Identifier: BSD-2-Clause
/* Parts of a CONTEXT of AMD64. */
#include <nt/nt.h>

#define HAS(flags, part) (((flags) & (part)) == (part))

static void CopyControl(PCONTEXT To, const CONTEXT *From)
{
    To->SegCs = From->SegCs;
    To->SegSs = From->SegSs;
    To->Rip = From->Rip;
    To->Rsp = From->Rsp;
    To->EFlags = From->EFlags;
}

static void CopyInteger(PCONTEXT To, const CONTEXT *From)
{
    ULONG64 Rsp = To->Rsp;

    memcpy(&To->Rax, &From->Rax, offsetof(CONTEXT, Rip) - offsetof(CONTEXT, Rax));
    To->Rsp = Rsp;
}

static void CopySegments(PCONTEXT To, const CONTEXT *From)
{
    To->SegDs = From->SegDs;
    To->SegEs = From->SegEs;
    To->SegFs = From->SegFs;
    To->SegGs = From->SegGs;
}

/* Copies the parts that ContextFlags names. STATUS_INVALID_PARAMETER for those of another
 * processor. */
NTSTATUS NTAPI RtlpCopyContextParts(PCONTEXT Destination, ULONG ContextFlags, PCONTEXT Source)
{
    if (!HAS(ContextFlags, CONTEXT_AMD64))
        return STATUS_INVALID_PARAMETER;
    if (HAS(ContextFlags, CONTEXT_CONTROL))
        CopyControl(Destination, Source);
    if (HAS(ContextFlags, CONTEXT_INTEGER))
        CopyInteger(Destination, Source);
    if (HAS(ContextFlags, CONTEXT_SEGMENTS))
        CopySegments(Destination, Source);
    if (HAS(ContextFlags, CONTEXT_FLOATING_POINT)) {
        Destination->FltSave = Source->FltSave;
        Destination->MxCsr = Source->MxCsr;
    }
    if (HAS(ContextFlags, CONTEXT_DEBUG_REGISTERS))
        memcpy(&Destination->Dr0, &Source->Dr0, 6 * sizeof(Source->Dr0));
    return STATUS_SUCCESS;
}
