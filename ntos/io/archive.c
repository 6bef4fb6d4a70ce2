/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpio archives of the "newc" form: for each file a header of 110 characters (a magic and 13
 * numbers of 8 hexadecimal digits), its name with a NUL, its data; name and data end at a multiple
 * of 4. The archive may hold anything: an entry that does not fit ends it.  (cpio(5))
 */
#include "iop.h"

#define CPIO_HEADER_SIZE 110
#define CPIO_MODE 1
#define CPIO_TIME 5
#define CPIO_FILE_SIZE 6
#define CPIO_NAME_SIZE 11
#define CPIO_MODE_TYPE 0170000
#define CPIO_DIRECTORY 0040000
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
}

/*
 * The entry at *Offset, which moves to the next one; a first *Offset is 0. Archive is aligned to 4
 * bytes. FALSE at the end of the archive or of what is sound in it.
 */
BOOLEAN IopNextArchiveEntry(const UCHAR *Archive, SIZE_T Length, SIZE_T *Offset,
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
    if (Entry->NameLength == 10 && !memcmp(Entry->Name, "TRAILER!!!", 10))
        return FALSE;
    Entry->Data = Archive + Position;
    *Offset = ALIGN_UP_BY(Position + Entry->Size, 4);
    IopStripName(Entry);
    return TRUE;
}

BOOLEAN IopIsArchiveDirectory(const IOP_ARCHIVE_ENTRY *Entry)
{
    return (Entry->Mode & CPIO_MODE_TYPE) == CPIO_DIRECTORY;
}
