/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contexts with extended processor state behind them. (Win32: InitializeContext2, CopyContext;
 * phnt) The state of no feature beyond x87 and SSE is kept, so that its area is a header only.
 */
#pragma once

#include <nt/ntxcapt.h>

#ifndef CONTEXT_ARCHITECTURE
#if defined(__x86_64__)
#define CONTEXT_ARCHITECTURE CONTEXT_AMD64
#else
#define CONTEXT_ARCHITECTURE CONTEXT_i386
#endif
#endif
#define CONTEXT_XSTATE_PART 0x40

/* Offsets are from the CONTEXT_EX, which lies behind its context. */
typedef struct _CONTEXT_CHUNK {
    LONG Offset;
    ULONG Length;
} CONTEXT_CHUNK;

typedef struct _CONTEXT_EX {
    CONTEXT_CHUNK All;
    CONTEXT_CHUNK Legacy;
    CONTEXT_CHUNK XState;
} CONTEXT_EX, *PCONTEXT_EX;

/* What begins an area of extended state. */
typedef struct _XSAVE_AREA_HEADER {
    ULONG64 Mask;
    ULONG64 CompactionMask;
    ULONG64 Reserved2[6];
} XSAVE_AREA_HEADER, *PXSAVE_AREA_HEADER;

/* The bytes to reserve, with what alignment may take. STATUS_INVALID_PARAMETER,
 * STATUS_NOT_SUPPORTED */
NTSTATUS NTAPI RtlGetExtendedContextLength2(ULONG ContextFlags, PULONG ContextLength,
                                            ULONG64 CompactionMask);
NTSTATUS NTAPI RtlInitializeExtendedContext2(PVOID Context, ULONG ContextFlags,
                                             PCONTEXT_EX *ContextEx, ULONG64 CompactionMask);
/* The same with every feature. */
NTSTATUS NTAPI RtlGetExtendedContextLength(ULONG ContextFlags, PULONG ContextLength);
NTSTATUS NTAPI RtlInitializeExtendedContext(PVOID Context, ULONG ContextFlags,
                                            PCONTEXT_EX *ContextEx);
/* The context that ContextEx belongs to, and how long it is. */
PCONTEXT NTAPI RtlLocateLegacyContext(PCONTEXT_EX ContextEx, PULONG Length);
PVOID NTAPI RtlLocateExtendedFeature(PCONTEXT_EX ContextEx, ULONG FeatureId, PULONG Length);
ULONG64 NTAPI RtlGetExtendedFeaturesMask(PCONTEXT_EX ContextEx);
void NTAPI RtlSetExtendedFeaturesMask(PCONTEXT_EX ContextEx, ULONG64 FeatureMask);
/* STATUS_BUFFER_OVERFLOW: one of them has no room for the extended state that is asked for. */
NTSTATUS NTAPI RtlCopyExtendedContext(PCONTEXT_EX Destination, ULONG ContextFlags,
                                      PCONTEXT_EX Source);
/* The parts that ContextFlags names, which Destination has afterwards. */
NTSTATUS NTAPI RtlCopyContext(PCONTEXT Destination, ULONG ContextFlags, PCONTEXT Source);
