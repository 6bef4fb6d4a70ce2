// SPDX-License-Identifier: BSD-2-Clause
/* What heaps are told and asked: HeapSetInformation, HeapQueryInformation. */
#include "heapp.h"

#define OPTIMIZE_VERSION 1

BOOLEAN HeappEndOnCorruption;

/* Whether small blocks are kept by size is a matter of this heap's own; only the name is kept. */
static NTSTATUS SetCompatibility(PHEAP Heap, const ULONG *Information, SIZE_T Length)
{
    if (!HeappIsHeap(Heap))
        return STATUS_INVALID_PARAMETER;
    if (!Information || Length < sizeof(*Information))
        return STATUS_BUFFER_TOO_SMALL;
    if (*Information != HEAP_COMPATIBILITY_LFH && *Information != HEAP_COMPATIBILITY_STANDARD)
        return STATUS_UNSUCCESSFUL;
    if (Heap->Compatibility != HEAP_COMPATIBILITY_STANDARD || Heap->Flags & HEAP_NO_SERIALIZE ||
        Heap->MaximumBytes)
        return STATUS_UNSUCCESSFUL;
    Heap->Compatibility = *Information;
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI CompactOne(PVOID Heap, PVOID Context)
{
    RtlCompactHeap(Heap, 0);
    return STATUS_SUCCESS;
}

/* One heap, or all if Heap is NULL. */
static NTSTATUS Optimize(PHEAP Heap, const HEAP_OPTIMIZE_RESOURCES_INFORMATION *Information,
                         SIZE_T Length)
{
    if (!Information || Length < sizeof(*Information))
        return STATUS_BUFFER_TOO_SMALL;
    if (Information->Version != OPTIMIZE_VERSION || Information->Flags)
        return STATUS_INVALID_PARAMETER;
    if (!Heap)
        return RtlEnumProcessHeaps(CompactOne, NULL);
    return HeappIsHeap(Heap) ? CompactOne(Heap, NULL) : STATUS_INVALID_PARAMETER;
}

/*
 * RtlSetHeapInformation: HeapCompatibilityInformation names the low-fragmentation heap, once and
 * for heaps that grow and are serialised (else STATUS_UNSUCCESSFUL);
 * HeapEnableTerminationOnCorruption is for the whole process and for good; HeapOptimizeResources
 * compacts. STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_PARAMETER, STATUS_INVALID_INFO_CLASS. (Win32:
 * HeapSetInformation)
 */
NTSTATUS NTAPI RtlSetHeapInformation(PVOID Heap, HEAP_INFORMATION_CLASS Class, PVOID Information,
                                     SIZE_T Length)
{
    switch (Class) {
    case HeapCompatibilityInformation:
        return SetCompatibility(Heap, Information, Length);
    case HeapEnableTerminationOnCorruption:
        HeappEndOnCorruption = TRUE;
        return STATUS_SUCCESS;
    case HeapOptimizeResources:
        return Optimize(Heap, Information, Length);
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

static NTSTATUS Answer(ULONG Value, PVOID Information, SIZE_T Length, PSIZE_T ReturnLength)
{
    if (ReturnLength)
        *ReturnLength = sizeof(Value);
    if (!Information || Length < sizeof(Value))
        return STATUS_BUFFER_TOO_SMALL;
    *(PULONG)Information = Value;
    return STATUS_SUCCESS;
}

/*
 * RtlQueryHeapInformation: HeapCompatibilityInformation, HeapEnableTerminationOnCorruption: a
 * ULONG. STATUS_BUFFER_TOO_SMALL tells the length, STATUS_INVALID_PARAMETER,
 * STATUS_INVALID_INFO_CLASS. (Win32: HeapQueryInformation)
 */
NTSTATUS NTAPI RtlQueryHeapInformation(PVOID Heap, HEAP_INFORMATION_CLASS Class, PVOID Information,
                                       SIZE_T Length, PSIZE_T ReturnLength)
{
    switch (Class) {
    case HeapCompatibilityInformation:
        if (!HeappIsHeap(Heap))
            return STATUS_INVALID_PARAMETER;
        return Answer(Heap == RtlProcessHeap() ? HEAP_COMPATIBILITY_LFH
                                               : ((PHEAP)Heap)->Compatibility,
                      Information, Length, ReturnLength);
    case HeapEnableTerminationOnCorruption:
        return Answer(HeappEndOnCorruption, Information, Length, ReturnLength);
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}
