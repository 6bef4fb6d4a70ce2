// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/io/archive.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/upcase.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/inc -Ilibsel4/include -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
// options: -Intos/io
#include "test.h"
#include "iop.h"

void *malloc(__SIZE_TYPE__ size);
void free(void *memory);
int snprintf(char *text, __SIZE_TYPE__ size, const char *format, ...);

static UCHAR Archive[4096];
static ULONG Length;

static void Add(const char *Name, ULONG Mode, const char *Data)
{
    ULONG NameSize = 0, DataSize = 0;

    while (Name[NameSize++])
        continue;
    while (Data[DataSize])
        DataSize++;
    snprintf((char *)Archive + Length, 111,
             "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1, Mode, 0, 0, 1, 77,
             DataSize, 0, 0, 0, 0, NameSize, 0);
    memcpy(Archive + Length + 110, Name, NameSize);
    Length = (Length + 110 + NameSize + 3) & ~3u;
    memcpy(Archive + Length, Data, DataSize);
    Length = (Length + DataSize + 3) & ~3u;
}

static void Build(void)
{
    memset(Archive, 0, sizeof(Archive));
    Length = 0;
    Add("./drivers", 0040755, "");
    Add("/drivers/null.sys", 0100644, "12345");
    Add("readme.txt", 0100644, "");
    Add("TRAILER!!!", 0, "");
}

/* In a block of its exact size: what is read outside is noticed. Returns the number of entries. */
static ULONG Walk(ULONG Size, SIZE_T *Data)
{
    UCHAR *Copy = malloc(Size);
    IOP_ARCHIVE_ENTRY Entry;
    SIZE_T Offset = 0;
    ULONG Count = 0, i;

    memcpy(Copy, Archive, Size);
    while (IopNextArchiveEntry(Copy, Size, &Offset, &Entry)) {
        for (i = 0; i < Entry.Size; i++)
            *Data += Entry.Data[i];
        for (i = 0; i < Entry.NameLength; i++)
            *Data += (UCHAR)Entry.Name[i];
        Count++;
    }
    free(Copy);
    return Count;
}

TEST(entries_of_an_archive)
{
    IOP_ARCHIVE_ENTRY Entry;
    SIZE_T Offset = 0;

    Build();
    REQUIRE(IopNextArchiveEntry(Archive, Length, &Offset, &Entry));
    CHECK_EQUAL(Entry.NameLength, 7);
    CHECK(!memcmp(Entry.Name, "drivers", 7));
    CHECK(IopIsArchiveDirectory(&Entry));
    REQUIRE(IopNextArchiveEntry(Archive, Length, &Offset, &Entry));
    CHECK(!memcmp(Entry.Name, "drivers/null.sys", 16));
    CHECK_EQUAL(Entry.Size, 5);
    CHECK(!memcmp(Entry.Data, "12345", 5));
    CHECK_EQUAL(Entry.Time, 77);
    CHECK(!IopIsArchiveDirectory(&Entry));
    REQUIRE(IopNextArchiveEntry(Archive, Length, &Offset, &Entry));
    CHECK(!IopNextArchiveEntry(Archive, Length, &Offset, &Entry));
}

TEST(archives_that_are_cut_off)
{
    SIZE_T Sum = 0;
    ULONG Size;

    Build();
    for (Size = 0; Size <= Length; Size++)
        CHECK(Walk(Size, &Sum) <= 3);
    CHECK_EQUAL(Walk(Length, &Sum), 3);
}

TEST(archives_with_other_bytes)
{
    ULONG Seed = 3, Round, i;
    SIZE_T Sum = 0;

    for (Round = 0; Round < 50000; Round++) {
        Build();
        for (i = 0; i <= Round % 5; i++) {
            Seed = Seed * 1664525 + 1013904223;
            Archive[(Seed >> 8) % Length] = "0f1\0/.c7"[Seed >> 29];
        }
        Walk(Length, &Sum);
    }
}
