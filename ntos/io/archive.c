/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpio archives of the "newc" form: for each file a header of 110 characters (a magic and 13
 * numbers of 8 hexadecimal digits), its name with a NUL, its data; name and data end at a multiple
 * of 4. The archive may hold anything: it is taken to end at the first entry that does not fit.
 * (cpio(5))
 */
#include "iop.h"

#define CPIO_HEADER_SIZE 110
#define CPIO_MODE 1
#define CPIO_TIME 5
#define CPIO_FILE_SIZE 6
#define CPIO_NAME_SIZE 11
#define CPIO_MODE_TYPE 0170000
#define CPIO_DIRECTORY 0040000
#define CPIO_FILE 0100000
#define CPIO_MAXIMUM_NAME 256

static BOOLEAN IopHexDigit(UCHAR Character, PULONG Digit)
{
    if (Character >= '0' && Character <= '9')
        *Digit = Character - '0';
    else if (Character >= 'a' && Character <= 'f')
        *Digit = Character - 'a' + 10;
    else if (Character >= 'A' && Character <= 'F')
        *Digit = Character - 'A' + 10;
    else
        return FALSE;
    return TRUE;
}

static BOOLEAN IopHeaderNumber(const UCHAR *Header, ULONG Index, PULONG Number)
{
    const UCHAR *Text = Header + 6 + Index * 8;
    ULONG i, Digit;

    *Number = 0;
    for (i = 0; i < 8; i++) {
        if (!IopHexDigit(Text[i], &Digit))
            return FALSE;
        *Number = *Number << 4 | Digit;
    }
    return TRUE;
}

static BOOLEAN IopReadHeader(const UCHAR *Header, PIOP_ARCHIVE_ENTRY Entry, PULONG NameSize)
{
    if (memcmp(Header, "07070", 5) || (Header[5] != '1' && Header[5] != '2'))
        return FALSE;
    return IopHeaderNumber(Header, CPIO_MODE, &Entry->Mode) &&
           IopHeaderNumber(Header, CPIO_TIME, &Entry->Time) &&
           IopHeaderNumber(Header, CPIO_FILE_SIZE, &Entry->Size) &&
           IopHeaderNumber(Header, CPIO_NAME_SIZE, NameSize) && *NameSize > 1 &&
           *NameSize <= CPIO_MAXIMUM_NAME;
}

/* As names in \SystemRoot are compared. */
BOOLEAN IopSameArchiveName(const char *One, const char *Other, ULONG Length)
{
    ULONG i;

    for (i = 0; i < Length; i++)
        if (RtlUpcaseUnicodeChar((UCHAR)One[i]) != RtlUpcaseUnicodeChar((UCHAR)Other[i]))
            return FALSE;
    return TRUE;
}

/* Takes the name of a directory off the beginning of an entry's. */
static BOOLEAN IopEnterName(PIOP_ARCHIVE_ENTRY Entry, const char *Directory, ULONG Length)
{
    if (Entry->NameLength < Length || !IopSameArchiveName(Entry->Name, Directory, Length) ||
        (Entry->NameLength > Length && Entry->Name[Length] != '/'))
        return FALSE;
    if (Entry->NameLength > Length)
        Length++;
    Entry->Name += Length;
    Entry->NameLength -= Length;
    return TRUE;
}

/* Programs expect the system in \windows and \windows\system32; both are the root here, which has
 * no name. */
static void IopStripName(PIOP_ARCHIVE_ENTRY Entry)
{
    while (Entry->NameLength &&
           (Entry->Name[0] == '/' ||
            (Entry->Name[0] == '.' && Entry->NameLength > 1 && Entry->Name[1] == '/'))) {
        Entry->Name++;
        Entry->NameLength--;
    }
    while (Entry->NameLength && Entry->Name[Entry->NameLength - 1] == '/')
        Entry->NameLength--;
    if (IopEnterName(Entry, "windows", 7))
        IopEnterName(Entry, "system32", 8);
}

/* The entry at *Offset, which moves to the next one. */
static BOOLEAN IopReadEntry(const UCHAR *Archive, SIZE_T Length, SIZE_T *Offset,
                            PIOP_ARCHIVE_ENTRY Entry)
{
    SIZE_T Position = *Offset;
    ULONG NameSize;

    if (Position > Length || Length - Position < CPIO_HEADER_SIZE)
        return FALSE;
    if (!IopReadHeader(Archive + Position, Entry, &NameSize))
        return FALSE;
    Position += CPIO_HEADER_SIZE;
    if (Length - Position < NameSize || Archive[Position + NameSize - 1])
        return FALSE;
    Entry->Name = (const char *)Archive + Position;
    Entry->NameLength = NameSize - 1;
    Position = ALIGN_UP_BY(Position + NameSize, 4);
    if (Position > Length || Length - Position < Entry->Size)
        return FALSE;
    Entry->Data = Archive + Position;
    *Offset = ALIGN_UP_BY(Position + Entry->Size, 4);
    return TRUE;
}

static BOOLEAN IopIsTrailer(const IOP_ARCHIVE_ENTRY *Entry)
{
    return Entry->NameLength == 10 && !memcmp(Entry->Name, "TRAILER!!!", 10);
}

/*
 * The entry at *Offset, which moves to the next one; a first *Offset is 0. Archive is aligned to 4
 * bytes. FALSE at the end of the archive or of its sound part.
 */
BOOLEAN IopNextArchiveEntry(const UCHAR *Archive, SIZE_T Length, SIZE_T *Offset,
                            PIOP_ARCHIVE_ENTRY Entry)
{
    SIZE_T Next = *Offset;

    if (!IopReadEntry(Archive, Length, &Next, Entry) || IopIsTrailer(Entry))
        return FALSE;
    *Offset = Next;
    IopStripName(Entry);
    Entry->Readers = Entry->SharingReaders = 0;
    return TRUE;
}

/* Whether the place where IopNextArchiveEntry has stopped is the archive's proper end. */
BOOLEAN IopIsArchiveEnd(const UCHAR *Archive, SIZE_T Length, SIZE_T Offset)
{
    IOP_ARCHIVE_ENTRY Entry;

    return IopReadEntry(Archive, Length, &Offset, &Entry) && IopIsTrailer(&Entry);
}

BOOLEAN IopIsArchiveDirectory(const IOP_ARCHIVE_ENTRY *Entry)
{
    return (Entry->Mode & CPIO_MODE_TYPE) == CPIO_DIRECTORY;
}

BOOLEAN IopIsArchiveFile(const IOP_ARCHIVE_ENTRY *Entry)
{
    return (Entry->Mode & CPIO_MODE_TYPE) == CPIO_FILE;
}
