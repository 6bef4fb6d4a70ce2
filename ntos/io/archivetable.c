/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of what \SystemRoot holds: the entries of the boot archive, with those of an added
 * archive merged into it. The boot archive is ours; the added one may hold anything, and is taken
 * whole or not at all.
 *
 *   an added                   where the table has    becomes
 *   file                       a file                 that file's replacement
 *   directory                  a directory            nothing: it is there
 *   directory without a name                          nothing: the root
 *   file or directory          nothing                an entry, if its directory is one
 *   anything else                                     a reason to refuse the archive
 */
#include "iop.h"

#define IOP_MAXIMUM_ENTRIES 4096

static ULONG IopCountEntries(const UCHAR *Archive, SIZE_T Length, SIZE_T *End)
{
    IOP_ARCHIVE_ENTRY Entry;
    ULONG Count = 0;

    *End = 0;
    while (Count < IOP_MAXIMUM_ENTRIES && IopNextArchiveEntry(Archive, Length, End, &Entry))
        Count++;
    return Count;
}

/*
 * Table: receives the entries of the archive, up to its end or the first unsound one. Returns
 * STATUS_UNRECOGNIZED_VOLUME if there is none, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS IopListArchive(const UCHAR *Archive, SIZE_T Length, PIOP_ARCHIVE_TABLE Table)
{
    SIZE_T Offset = 0, End;
    ULONG Count = IopCountEntries(Archive, Length, &End);

    Table->Count = 0;
    if (!Count)
        return STATUS_UNRECOGNIZED_VOLUME;
    Table->Entries = ExAllocatePool(Count * sizeof(*Table->Entries));
    if (!Table->Entries)
        return STATUS_INSUFFICIENT_RESOURCES;
    while (Table->Count < Count)
        IopNextArchiveEntry(Archive, Length, &Offset, &Table->Entries[Table->Count++]);
    return STATUS_SUCCESS;
}

static PIOP_ARCHIVE_ENTRY IopFindName(PIOP_ARCHIVE_TABLE Table, const char *Name, ULONG Length)
{
    ULONG i;

    for (i = 0; i < Table->Count; i++)
        if (Table->Entries[i].NameLength == Length &&
            IopSameArchiveName(Table->Entries[i].Name, Name, Length))
            return &Table->Entries[i];
    return NULL;
}

/* Whether a path can name the component. */
static BOOLEAN IopIsComponent(const char *Name, ULONG Length)
{
    static const char Forbidden[] = "\\:*?\"<>|";
    ULONG i;

    if (!Length || (Name[0] == '.' && (Length == 1 || (Length == 2 && Name[1] == '.'))))
        return FALSE;
    for (i = 0; i < Length; i++)
        if ((UCHAR)Name[i] < ' ' || memchr(Forbidden, Name[i], sizeof(Forbidden) - 1))
            return FALSE;
    return TRUE;
}

static BOOLEAN IopHasDirectory(PIOP_ARCHIVE_TABLE Table, const char *Name, ULONG Length)
{
    PIOP_ARCHIVE_ENTRY Directory = IopFindName(Table, Name, Length);

    return !Length || (Directory && IopIsArchiveDirectory(Directory));
}

static BOOLEAN IopIsPlace(PIOP_ARCHIVE_TABLE Table, const IOP_ARCHIVE_ENTRY *Entry)
{
    ULONG Start = Entry->NameLength;

    while (Start && Entry->Name[Start - 1] != '/')
        Start--;
    return IopIsComponent(Entry->Name + Start, Entry->NameLength - Start) &&
           IopHasDirectory(Table, Entry->Name, Start ? Start - 1 : 0);
}

static BOOLEAN IopMergeEntry(PIOP_ARCHIVE_TABLE Table, const IOP_ARCHIVE_ENTRY *Entry)
{
    PIOP_ARCHIVE_ENTRY Old = IopFindName(Table, Entry->Name, Entry->NameLength);
    BOOLEAN Directory = IopIsArchiveDirectory(Entry);

    if (Directory && !Entry->NameLength)
        return TRUE;
    if (Old) {
        if (IopIsArchiveDirectory(Old) != Directory)
            return FALSE;
        if (!Directory)
            *Old = *Entry;
        return TRUE;
    }
    if ((!Directory && !IopIsArchiveFile(Entry)) || !IopIsPlace(Table, Entry))
        return FALSE;
    Table->Entries[Table->Count++] = *Entry;
    return TRUE;
}

static BOOLEAN IopMergeEntries(PIOP_ARCHIVE_TABLE Table, const UCHAR *Archive, SIZE_T Length)
{
    IOP_ARCHIVE_ENTRY Entry;
    SIZE_T Offset = 0;

    while (IopNextArchiveEntry(Archive, Length, &Offset, &Entry))
        if (!IopMergeEntry(Table, &Entry))
            return FALSE;
    return TRUE;
}

/*
 * Merges an archive into Table, as the table at the top of this file says; Archive is aligned to 4
 * bytes and stays where it is. A refused archive leaves Table as it was: STATUS_UNRECOGNIZED_VOLUME
 * if it is not a whole archive, STATUS_DISK_CORRUPT_ERROR for impossible names,
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS IopMergeArchive(PIOP_ARCHIVE_TABLE Table, const UCHAR *Archive, SIZE_T Length)
{
    SIZE_T End;
    ULONG Count = IopCountEntries(Archive, Length, &End);
    IOP_ARCHIVE_TABLE New;

    if (!IopIsArchiveEnd(Archive, Length, End))
        return STATUS_UNRECOGNIZED_VOLUME;
    New.Count = Table->Count;
    New.Entries = ExAllocatePool((Table->Count + Count) * sizeof(*New.Entries));
    if (!New.Entries)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(New.Entries, Table->Entries, Table->Count * sizeof(*New.Entries));
    if (!IopMergeEntries(&New, Archive, Length)) {
        ExFreePool(New.Entries);
        return STATUS_DISK_CORRUPT_ERROR;
    }
    ExFreePool(Table->Entries);
    *Table = New;
    return STATUS_SUCCESS;
}
