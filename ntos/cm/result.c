// SPDX-License-Identifier: BSD-2-Clause
/* What queries give back: a structure and what lies behind it, as much as there is room for. */
#include "cmp.h"

#define GATHERED 512 /* bytes that are put together first and copied once */

void CmpSetFixedPart(PCM_RESULT Result, const void *Structure, ULONG Length)
{
    memcpy(Result->Fixed.Bytes, Structure, Length);
    Result->FixedLength = Length;
    Result->PartCount = 0;
}

static ULONG EndOf(PCM_RESULT Result)
{
    ULONG Count = Result->PartCount;

    return Count ? Result->Parts[Count - 1].Offset + Result->Parts[Count - 1].Length
                 : Result->FixedLength;
}

ULONG CmpAddPart(PCM_RESULT Result, const void *Data, ULONG Length, ULONG Alignment)
{
    ULONG Offset = (ULONG)ALIGN_UP_BY(EndOf(Result), Alignment);

    Result->Parts[Result->PartCount].Offset = Offset;
    Result->Parts[Result->PartCount].Length = Length;
    Result->Parts[Result->PartCount].Data = Data;
    Result->PartCount++;
    return Offset;
}

/* How much of a part is within Length. */
static ULONG PartLength(PCM_RESULT Result, ULONG Index, ULONG Length)
{
    ULONG Offset = Result->Parts[Index].Offset;
    ULONG Room = Length > Offset ? Length - Offset : 0;

    return Result->Parts[Index].Length < Room ? Result->Parts[Index].Length : Room;
}

/* At most GATHERED bytes: in one piece. */
static NTSTATUS CopyGathered(PCM_RESULT Result, CLIENT(PVOID) Buffer, ULONG Length)
{
    UCHAR Gathered[GATHERED];
    ULONG i, End = Result->FixedLength;

    memcpy(Gathered, Result->Fixed.Bytes, Result->FixedLength);
    for (i = 0; i < Result->PartCount; i++) {
        ULONG Offset = Result->Parts[i].Offset, Part = PartLength(Result, i, Length);

        if (!Part)
            continue;
        memset(Gathered + End, 0, Offset - End);
        memcpy(Gathered + Offset, Result->Parts[i].Data, Part);
        End = Offset + Part;
    }
    return MmCopyToClient(Buffer, Gathered, End);
}

static NTSTATUS CopyParts(PCM_RESULT Result, CLIENT(PVOID) Buffer, ULONG Length)
{
    NTSTATUS Status = MmCopyToClient(Buffer, Result->Fixed.Bytes, Result->FixedLength);
    ULONG i;

    for (i = 0; i < Result->PartCount && NT_SUCCESS(Status); i++)
        Status = MmCopyToClient((CLIENT(PUCHAR))Buffer + Result->Parts[i].Offset,
                                Result->Parts[i].Data, PartLength(Result, i, Length));
    return Status;
}

static NTSTATUS CopyResult(PCM_RESULT Result, CLIENT(PVOID) Buffer, ULONG Length)
{
    ULONG End = EndOf(Result);

    return (End < Length ? End : Length) <= GATHERED ? CopyGathered(Result, Buffer, Length)
                                                     : CopyParts(Result, Buffer, Length);
}

NTSTATUS CmpReturnResult(PCM_RESULT Result, CLIENT(PVOID) Buffer, ULONG Length,
                         CLIENT(PULONG) ResultLength)
{
    ULONG Needed = EndOf(Result);
    NTSTATUS Status = STATUS_BUFFER_TOO_SMALL, LengthStatus;

    if (Length >= Result->FixedLength)
        Status = CopyResult(Result, Buffer, Length);
    if (NT_SUCCESS(Status) && Length < Needed)
        Status = STATUS_BUFFER_OVERFLOW;
    LengthStatus = MmWriteClient(ResultLength, &Needed);
    return NT_SUCCESS(LengthStatus) ? Status : LengthStatus;
}
