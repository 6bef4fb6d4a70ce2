// SPDX-License-Identifier: BSD-2-Clause
/* Contexts in buffers of the caller's: where their parts lie, and copying them. */
#include "rtlp.h"

#define REPORTING_FLAGS 0xf8000000u
#define XSTATE_ALIGNMENT 64
#define NO_XSTATE_OFFSET 25 /* as on Windows */

static ULONG KnownParts(void)
{
    ULONG Flags = CONTEXT_XSTATE_PART;

    for (const RTLP_CONTEXT_PART *Part = RtlpContextParts; Part->Flag; Part++)
        Flags |= Part->Flag;
    return Flags;
}

static NTSTATUS CheckFlags(ULONG ContextFlags)
{
    if (!(ContextFlags & CONTEXT_ARCHITECTURE) ||
        (ContextFlags & ~(CONTEXT_ARCHITECTURE | KnownParts() | REPORTING_FLAGS)))
        return STATUS_INVALID_PARAMETER;
    if ((ContextFlags & CONTEXT_XSTATE_PART) && !SharedUserData->XState.EnabledFeatures)
        return STATUS_NOT_SUPPORTED;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetExtendedContextLength2(ULONG ContextFlags, PULONG ContextLength,
                                            ULONG64 CompactionMask)
{
    NTSTATUS Status = CheckFlags(ContextFlags);

    if (!NT_SUCCESS(Status))
        return Status;
    *ContextLength =
        RtlpContextLength(ContextFlags) + (ULONG)sizeof(CONTEXT_EX) + RtlpContextAlignment - 1;
    if (ContextFlags & CONTEXT_XSTATE_PART)
        *ContextLength += XSTATE_ALIGNMENT - 1 + (ULONG)sizeof(XSAVE_AREA_HEADER);
    return STATUS_SUCCESS;
}

static PXSAVE_AREA_HEADER XStateOf(PCONTEXT_EX ContextEx)
{
    if (ContextEx->XState.Length < sizeof(XSAVE_AREA_HEADER))
        return NULL;
    return (PXSAVE_AREA_HEADER)((PUCHAR)ContextEx + ContextEx->XState.Offset);
}

NTSTATUS NTAPI RtlInitializeExtendedContext2(PVOID Context, ULONG ContextFlags,
                                             PCONTEXT_EX *ContextEx, ULONG64 CompactionMask)
{
    PCONTEXT Aligned = (PCONTEXT)ALIGN_UP_BY(Context, RtlpContextAlignment);
    ULONG Length = RtlpContextLength(ContextFlags);
    PCONTEXT_EX Ex = (PCONTEXT_EX)((PUCHAR)Aligned + Length);
    NTSTATUS Status = CheckFlags(ContextFlags);

    if (!NT_SUCCESS(Status))
        return Status;
    Aligned->ContextFlags = ContextFlags;
    Ex->Legacy = (CONTEXT_CHUNK){-(LONG)Length, Length};
    Ex->XState = (CONTEXT_CHUNK){NO_XSTATE_OFFSET, 0};
    if (ContextFlags & CONTEXT_XSTATE_PART) {
        PUCHAR Area = (PUCHAR)ALIGN_UP_BY(Ex + 1, XSTATE_ALIGNMENT);

        Ex->XState = (CONTEXT_CHUNK){(LONG)(Area - (PUCHAR)Ex), sizeof(XSAVE_AREA_HEADER)};
        memset(Area, 0, sizeof(XSAVE_AREA_HEADER));
    }
    Ex->All.Offset = Ex->Legacy.Offset;
    Ex->All.Length = Length + (ULONG)Ex->XState.Offset + Ex->XState.Length;
    *ContextEx = Ex;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetExtendedContextLength(ULONG ContextFlags, PULONG ContextLength)
{
    return RtlGetExtendedContextLength2(ContextFlags, ContextLength, ~0ull);
}

NTSTATUS NTAPI RtlInitializeExtendedContext(PVOID Context, ULONG ContextFlags,
                                            PCONTEXT_EX *ContextEx)
{
    return RtlInitializeExtendedContext2(Context, ContextFlags, ContextEx, ~0ull);
}

PCONTEXT NTAPI RtlLocateLegacyContext(PCONTEXT_EX ContextEx, PULONG Length)
{
    if (Length)
        *Length = ContextEx->Legacy.Length;
    return (PCONTEXT)((PUCHAR)ContextEx + ContextEx->Legacy.Offset);
}

/* Nothing beyond the legacy features, which the context itself holds, has a place. */
PVOID NTAPI RtlLocateExtendedFeature(PCONTEXT_EX ContextEx, ULONG FeatureId, PULONG Length)
{
    return NULL;
}

ULONG64 NTAPI RtlGetExtendedFeaturesMask(PCONTEXT_EX ContextEx)
{
    PXSAVE_AREA_HEADER Area = XStateOf(ContextEx);

    return Area ? Area->Mask & ~XSTATE_MASK_LEGACY : 0;
}

void NTAPI RtlSetExtendedFeaturesMask(PCONTEXT_EX ContextEx, ULONG64 FeatureMask)
{
    PXSAVE_AREA_HEADER Area = XStateOf(ContextEx);

    if (Area)
        Area->Mask = SharedUserData->XState.EnabledFeatures & FeatureMask & ~XSTATE_MASK_LEGACY;
}

NTSTATUS NTAPI RtlCopyContext(PCONTEXT Destination, ULONG ContextFlags, PCONTEXT Source)
{
    NTSTATUS Status = CheckFlags(ContextFlags);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!(Destination->ContextFlags & Source->ContextFlags & CONTEXT_ARCHITECTURE))
        return STATUS_INVALID_PARAMETER;
    for (const RTLP_CONTEXT_PART *Part = RtlpContextParts; Part->Flag; Part++) {
        if (ContextFlags & Part->Flag)
            memcpy((PUCHAR)Destination + Part->Offset, (PUCHAR)Source + Part->Offset, Part->Size);
    }
    Destination->ContextFlags |= ContextFlags;
    return STATUS_SUCCESS;
}

/* Of the extended state there is nothing but the header. */
NTSTATUS NTAPI RtlCopyExtendedContext(PCONTEXT_EX Destination, ULONG ContextFlags,
                                      PCONTEXT_EX Source)
{
    PXSAVE_AREA_HEADER To = XStateOf(Destination), From = XStateOf(Source);
    NTSTATUS Status = RtlCopyContext(RtlLocateLegacyContext(Destination, NULL), ContextFlags,
                                     RtlLocateLegacyContext(Source, NULL));

    if (!NT_SUCCESS(Status) || !(ContextFlags & CONTEXT_XSTATE_PART))
        return Status;
    if (!To || !From)
        return STATUS_BUFFER_OVERFLOW;
    RtlSetExtendedFeaturesMask(Destination, From->Mask);
    return STATUS_SUCCESS;
}
