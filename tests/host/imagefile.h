/* SPDX-License-Identifier: BSD-2-Clause */
/* What ntos/mm/image.c calls, for host tests that have the file in File, FileSize bytes of it.
 * Behind both. */
#pragma once

NTSTATUS IoQueryFileSize(PIO_FILE Object, PULONGLONG Size)
{
    *Size = FileSize;
    return STATUS_SUCCESS;
}

NTSTATUS IoPageRead(PIO_FILE Object, PVOID Buffer, ULONG Length, ULONGLONG Offset, PULONG Read)
{
    if (Offset >= FileSize)
        return STATUS_END_OF_FILE;
    *Read = FileSize - Offset < Length ? (ULONG)(FileSize - Offset) : Length;
    memcpy(Buffer, File + Offset, *Read);
    return STATUS_SUCCESS;
}

NTSTATUS MiCreateSegment(ULONGLONG Size, PIO_FILE Object, BOOLEAN Reserved, PMI_SEGMENT *Segment)
{
    *Segment = ExAllocatePool(sizeof(**Segment));
    (*Segment)->Size = Size;
    (*Segment)->Pages = (ULONG)(Size >> PAGE_SHIFT);
    return STATUS_SUCCESS;
}

void MiDereferenceSegment(PMI_SEGMENT Segment)
{
    if (Segment->Subsections)
        ExFreePool(Segment->Subsections);
    ExFreePool(Segment);
}

PMI_SUBSECTION MiFindSubsection(PMI_SEGMENT Segment, ULONG Page)
{
    return Segment->Subsections;
}

PULONG MiFindSegmentEntry(PMI_SEGMENT Segment, ULONG Page)
{
    return 0;
}
