/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments: the pages that sections show, each read or cleared when it is first needed and shared
 * by all views. */
#include <ex.h>
#include <io.h>
#include "mi.h"

#define CHUNK_ENTRIES (PAGE_SIZE / sizeof(ULONG))
#define ENTRIES_A_TURN 128      /* freed before giving way: some 5,000 instructions */
#define MAXIMUM_PAGES 0x1000000 /* 64 GB */
#define POOL_CHUNK 2016         /* bytes of a chunk from which on it is a page of its own */
#define SMALL_PAGES 64          /* at most, of a segment whose entries lie behind its record */

static LIST_ENTRY ImageSegments = {&ImageSegments, &ImageSegments};

/* ---- The pages' entries ---- */

static ULONG ChunkCount(PMI_SEGMENT Segment)
{
    return (Segment->Pages + CHUNK_ENTRIES - 1) / CHUNK_ENTRIES;
}

static ULONG ChunkBytes(PMI_SEGMENT Segment, ULONG Chunk)
{
    ULONG Rest = Segment->Pages - Chunk * CHUNK_ENTRIES;

    return (Rest < CHUNK_ENTRIES ? Rest : CHUNK_ENTRIES) * sizeof(ULONG);
}

PULONG MiFindSegmentEntry(PMI_SEGMENT Segment, ULONG Page)
{
    PULONG Chunk = Segment->Directory[Page / CHUNK_ENTRIES];

    return Chunk ? &Chunk[Page % CHUNK_ENTRIES] : NULL;
}

PULONG MiCreateSegmentEntry(PMI_SEGMENT Segment, ULONG Page)
{
    PULONG *Chunk = &Segment->Directory[Page / CHUNK_ENTRIES];
    ULONG Bytes = ChunkBytes(Segment, Page / CHUNK_ENTRIES);

    if (!*Chunk)
        *Chunk = Bytes > POOL_CHUNK ? MmAllocateSystemPages(1) : ExAllocatePool(Bytes);
    return *Chunk ? &(*Chunk)[Page % CHUNK_ENTRIES] : NULL;
}

static BOOLEAN IsSmall(PMI_SEGMENT Segment)
{
    return Segment->Directory == (PULONG *)(Segment + 1);
}

/* Entries are made in advance, because a page fault must not need memory for them. Those of a
 * reserved segment are made when its pages are committed. */
static BOOLEAN CreateEntries(PMI_SEGMENT Segment)
{
    ULONG Chunk;

    if (Segment->Directory)
        return TRUE;
    Segment->Directory = ExAllocatePoolGivingWay(ChunkCount(Segment) * sizeof(PULONG));
    if (!Segment->Directory)
        return FALSE;
    for (Chunk = 0; !Segment->Reserved && Chunk < ChunkCount(Segment); Chunk++) {
        if (!MiCreateSegmentEntry(Segment, Chunk * CHUNK_ENTRIES))
            return FALSE;
        KeGiveWay();
    }
    return TRUE;
}

/* ---- Pages ---- */

PMI_SUBSECTION MiFindSubsection(PMI_SEGMENT Segment, ULONG Page)
{
    ULONG Low = 0, High = Segment->SubsectionCount - 1;

    while (Low < High) {
        ULONG Middle = (Low + High + 1) / 2;

        if (Segment->Subsections[Middle].FirstPage <= Page)
            Low = Middle;
        else
            High = Middle - 1;
    }
    return &Segment->Subsections[Low];
}

/* Which part of the page comes from the file, and from where. */
static ULONG FileBytes(PMI_SEGMENT Segment, ULONG Page, PULONGLONG Offset)
{
    ULONGLONG InPart = (ULONGLONG)Page << PAGE_SHIFT, Available = Segment->Size;

    if (!Segment->File)
        return 0;
    *Offset = InPart;
    if (Segment->SubsectionCount) {
        PMI_SUBSECTION Subsection = MiFindSubsection(Segment, Page);

        InPart = (ULONGLONG)(Page - Subsection->FirstPage) << PAGE_SHIFT;
        *Offset = Subsection->FileOffset + InPart;
        Available = Subsection->FileBytes;
    }
    if (InPart >= Available)
        return 0;
    return Available - InPart < PAGE_SIZE ? (ULONG)(Available - InPart) : PAGE_SIZE;
}

/* Reading may wait, and a frame that shares its place in the window must not be lost meanwhile. */
static NTSTATUS ReadIntoFrame(PIO_FILE File, ULONG Frame, ULONG Length, ULONGLONG Offset)
{
    ULONG Read = 0;
    NTSTATUS Status;
    PVOID Page;

    if (!MiWindowRival(Frame))
        return IoPageRead(File, MiMapFrame(Frame), Length, Offset, &Read);
    Page = MiAllocateSystemPages(1);
    if (!Page)
        return STATUS_NO_MEMORY;
    Status = IoPageRead(File, Page, Length, Offset, &Read);
    if (NT_SUCCESS(Status))
        MiCopyPage(MiMapFrame(Frame), Page);
    MmFreeSystemPages(Page, 1);
    return Status;
}

static NTSTATUS FillFrame(PMI_SEGMENT Segment, ULONG Page, ULONG Frame)
{
    ULONGLONG Offset;
    ULONG Length = FileBytes(Segment, Page, &Offset);
    NTSTATUS Status;

    if (!Length)
        return STATUS_SUCCESS;
    Status = ReadIntoFrame(Segment->File, Frame, Length, Offset);
    if (NT_SUCCESS(Status) || Status == STATUS_THREAD_IS_TERMINATING || Status == STATUS_NO_MEMORY)
        return Status;
    return STATUS_IN_PAGE_ERROR;
}

/* Another thread may have read the page meanwhile: the first one counts. */
NTSTATUS MiReadSegmentPage(PMI_SEGMENT Segment, ULONG Page)
{
    PULONG Entry = MiFindSegmentEntry(Segment, Page);
    NTSTATUS Status;
    ULONG Frame;

    if (*Entry & MI_SEGMENT_FRAME)
        return STATUS_SUCCESS;
    Frame = MiAllocateClientFrame(TRUE);
    if (!Frame)
        return STATUS_NO_MEMORY;
    Status = FillFrame(Segment, Page, Frame);
    if (NT_SUCCESS(Status) && !(*Entry & MI_SEGMENT_FRAME))
        *Entry |= Frame;
    else
        MiReleaseFrame(Frame);
    return Status;
}

NTSTATUS MiCopyFromSegment(PMI_SEGMENT Segment, ULONGLONG Offset, PVOID Buffer, SIZE_T Length)
{
    PCHAR Target = Buffer;

    if (Offset > Segment->Size || Length > Segment->Size - Offset)
        return STATUS_INVALID_IMAGE_FORMAT;
    while (Length) {
        ULONG Page = (ULONG)(Offset >> PAGE_SHIFT), InPage = (ULONG)Offset & (PAGE_SIZE - 1);
        SIZE_T Part = Length < PAGE_SIZE - InPage ? Length : PAGE_SIZE - InPage;
        NTSTATUS Status = MiReadSegmentPage(Segment, Page);

        if (!NT_SUCCESS(Status))
            return Status;
        memcpy(Target,
               (PCHAR)MiMapFrame(*MiFindSegmentEntry(Segment, Page) & MI_SEGMENT_FRAME) + InPage,
               Part);
        Target += Part;
        Offset += Part;
        Length -= Part;
    }
    return STATUS_SUCCESS;
}

/* ---- Life ---- */

static PMI_SEGMENT AllocateSegment(ULONG Pages, BOOLEAN Reserved)
{
    BOOLEAN Small = Pages <= SMALL_PAGES && !Reserved;
    SIZE_T Entries = Small ? sizeof(PULONG) + Pages * sizeof(ULONG) : 0;
    PMI_SEGMENT Segment = ExAllocatePool(sizeof(*Segment) + Entries);

    if (Segment && Small) {
        Segment->Directory = (PULONG *)(Segment + 1);
        Segment->Directory[0] = (PULONG)(Segment->Directory + 1);
    }
    return Segment;
}

/*
 * A segment of Size bytes, referenced once; File, if any, is referenced. All its pages are charged
 * at once, those of a reserved segment when they are committed. STATUS_SECTION_TOO_BIG,
 * STATUS_COMMITMENT_LIMIT, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS MiCreateSegment(ULONGLONG Size, PIO_FILE File, BOOLEAN Reserved, PMI_SEGMENT *Segment)
{
    ULONGLONG Pages = (Size + PAGE_SIZE - 1) >> PAGE_SHIFT;
    PMI_SEGMENT New;

    if (!Pages || Pages > MAXIMUM_PAGES)
        return STATUS_SECTION_TOO_BIG;
    New = AllocateSegment((ULONG)Pages, Reserved);
    if (!New)
        return STATUS_INSUFFICIENT_RESOURCES;
    New->References = 1;
    New->Size = Size;
    New->Pages = (ULONG)Pages;
    New->Reserved = Reserved;
    InitializeListHead(&New->Links);
    New->File = File;
    if (File)
        ObReferenceObject(File);
    if (!Reserved && !MiChargeCommitment(NULL, New->Pages)) {
        MiDereferenceSegment(New);
        return STATUS_COMMITMENT_LIMIT;
    }
    New->Charge = Reserved ? 0 : New->Pages;
    if (!CreateEntries(New)) {
        MiDereferenceSegment(New);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *Segment = New;
    return STATUS_SUCCESS;
}

/* The slot that was promised with a frame is taken by the process whose page it is, so none is left
 * for the copy that was used for views. */
static void ReleaseSegmentFrame(PMI_SEGMENT Segment, ULONG Frame)
{
    if (Segment->Held)
        MiDropFrameCopy(Frame);
    MiReleaseFrame(Frame);
}

static void FreeChunk(PMI_SEGMENT Segment, ULONG Chunk)
{
    PULONG Entries = Segment->Directory[Chunk];
    ULONG Bytes = ChunkBytes(Segment, Chunk), Entry;

    for (Entry = 0; Entry < Bytes / sizeof(ULONG); Entry++) {
        if (Entry % ENTRIES_A_TURN == 0)
            KeGiveWay();
        if (Entries[Entry] & MI_SEGMENT_FRAME)
            ReleaseSegmentFrame(Segment, Entries[Entry] & MI_SEGMENT_FRAME);
    }
    if (Bytes > POOL_CHUNK)
        MmFreeSystemPages(Entries, 1);
    else if (!IsSmall(Segment))
        ExFreePool(Entries);
}

void MiReferenceSegment(PMI_SEGMENT Segment)
{
    Segment->References++;
}

/* It may not be complete. */
void MiDereferenceSegment(PMI_SEGMENT Segment)
{
    ULONG Chunk;

    if (--Segment->References)
        return;
    RemoveEntryList(&Segment->Links);
    for (Chunk = 0; Segment->Directory && Chunk < ChunkCount(Segment); Chunk++)
        if (Segment->Directory[Chunk])
            FreeChunk(Segment, Chunk);
    MiReturnCommitment(NULL, Segment->Charge);
    if (!IsSmall(Segment))
        ExFreePoolGivingWay(Segment->Directory);
    if (Segment->Subsections)
        ExFreePool(Segment->Subsections);
    if (Segment->File)
        ObDereferenceObject(Segment->File);
    ExFreePool(Segment);
}

/* ---- Images: one segment a file ---- */

/* The Executive's own file systems identify a file by its context; others have no such identity. */
static PMI_SEGMENT FindImage(PIO_FILE File)
{
    PLIST_ENTRY Entry;

    for (Entry = ImageSegments.Flink; Entry != &ImageSegments; Entry = Entry->Flink) {
        PMI_SEGMENT Segment = CONTAINING_RECORD(Entry, MI_SEGMENT, Links);

        if (Segment->File == File || (File->FsContext && Segment->File->Device == File->Device &&
                                      Segment->File->FsContext == File->FsContext))
            return Segment;
    }
    return NULL;
}

/* Reading the headers may wait, and meanwhile another may have made the same segment. */
NTSTATUS MiReferenceImageSegment(PIO_FILE File, PMI_SEGMENT *Segment)
{
    PMI_SEGMENT Known = FindImage(File), New = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Known) {
        Status = MiParseImage(File, &New);
        if (!NT_SUCCESS(Status))
            return Status;
        Known = FindImage(File);
    }
    if (Known) {
        MiReferenceSegment(Known);
        if (New)
            MiDereferenceSegment(New);
    } else {
        Known = New;
        InsertHeadList(&ImageSegments, &Known->Links);
    }
    *Segment = Known;
    return STATUS_SUCCESS;
}
