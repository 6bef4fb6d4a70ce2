/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a request to a storage device says, by routines rather than fields. Those of Windows serve
 * SCSI_REQUEST_BLOCK and the later STORAGE_REQUEST_BLOCK alike; here there is the former only.
 */
#pragma once
#include <srb.h>

FORCEINLINE PVOID SrbGetDataBuffer(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->DataBuffer;
}

FORCEINLINE VOID SrbSetDataBuffer(PVOID Srb, PVOID Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->DataBuffer = Value;
}

FORCEINLINE ULONG SrbGetDataTransferLength(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->DataTransferLength;
}

FORCEINLINE VOID SrbSetDataTransferLength(PVOID Srb, ULONG Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->DataTransferLength = Value;
}

FORCEINLINE ULONG SrbGetTimeOutValue(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->TimeOutValue;
}

FORCEINLINE VOID SrbSetTimeOutValue(PVOID Srb, ULONG Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->TimeOutValue = Value;
}

FORCEINLINE ULONG SrbGetSrbFlags(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->SrbFlags;
}

FORCEINLINE UCHAR SrbGetSrbStatus(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->SrbStatus;
}

FORCEINLINE VOID SrbSetSrbStatus(PVOID Srb, UCHAR Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->SrbStatus = Value;
}

FORCEINLINE UCHAR SrbGetScsiStatus(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->ScsiStatus;
}

FORCEINLINE VOID SrbSetScsiStatus(PVOID Srb, UCHAR Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->ScsiStatus = Value;
}

FORCEINLINE UCHAR SrbGetSrbFunction(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->Function;
}

FORCEINLINE UCHAR SrbGetPathId(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->PathId;
}

FORCEINLINE UCHAR SrbGetTargetId(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->TargetId;
}

FORCEINLINE UCHAR SrbGetLun(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->Lun;
}

FORCEINLINE UCHAR SrbGetCdbLength(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->CdbLength;
}

FORCEINLINE VOID SrbSetCdbLength(PVOID Srb, UCHAR Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->CdbLength = Value;
}

FORCEINLINE PVOID SrbGetSenseInfoBuffer(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->SenseInfoBuffer;
}

FORCEINLINE VOID SrbSetSenseInfoBuffer(PVOID Srb, PVOID Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->SenseInfoBuffer = Value;
}

FORCEINLINE UCHAR SrbGetSenseInfoBufferLength(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->SenseInfoBufferLength;
}

FORCEINLINE VOID SrbSetSenseInfoBufferLength(PVOID Srb, UCHAR Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->SenseInfoBufferLength = Value;
}

FORCEINLINE PVOID SrbGetOriginalRequest(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->OriginalRequest;
}

FORCEINLINE VOID SrbSetOriginalRequest(PVOID Srb, PVOID Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->OriginalRequest = Value;
}

FORCEINLINE PVOID SrbGetNextSrb(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->NextSrb;
}

FORCEINLINE VOID SrbSetNextSrb(PVOID Srb, PVOID Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->NextSrb = Value;
}

FORCEINLINE PVOID SrbGetMiniportContext(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->SrbExtension;
}

FORCEINLINE ULONG SrbGetRequestTag(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->QueueTag;
}

FORCEINLINE UCHAR SrbGetRequestAttribute(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->QueueAction;
}

FORCEINLINE VOID SrbSetRequestAttribute(PVOID Srb, UCHAR Value)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->QueueAction = Value;
}

FORCEINLINE ULONG SrbGetSrbLength(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->Length;
}

/* The command's bytes; NULL: the request is none for a device. */
FORCEINLINE PUCHAR SrbGetCdb(PVOID Srb)
{
    return ((PSCSI_REQUEST_BLOCK)Srb)->Function == SRB_FUNCTION_EXECUTE_SCSI
               ? ((PSCSI_REQUEST_BLOCK)Srb)->Cdb
               : NULL;
}

FORCEINLINE VOID SrbAssignSrbFlags(PVOID Srb, ULONG Flags)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->SrbFlags = Flags;
}

FORCEINLINE VOID SrbSetSrbFlags(PVOID Srb, ULONG Flags)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->SrbFlags |= Flags;
}

FORCEINLINE VOID SrbClearSrbFlags(PVOID Srb, ULONG Flags)
{
    ((PSCSI_REQUEST_BLOCK)Srb)->SrbFlags &= ~Flags;
}

/* FALSE, and nothing is copied, when there is no room. */
FORCEINLINE BOOLEAN SrbCopySrb(PVOID Destination, ULONG Size, PVOID Source)
{
    if (Size < SrbGetSrbLength(Source))
        return FALSE;
    RtlCopyMemory(Destination, Source, SrbGetSrbLength(Source));
    return TRUE;
}

/* All but the length. */
FORCEINLINE VOID SrbZeroSrb(PVOID Srb)
{
    USHORT Length = ((PSCSI_REQUEST_BLOCK)Srb)->Length;

    RtlZeroMemory(Srb, Length);
    ((PSCSI_REQUEST_BLOCK)Srb)->Length = Length;
}
