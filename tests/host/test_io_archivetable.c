// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/io/archive.c ntos/io/archivetable.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/upcase.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/inc -Ilibsel4/include -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
// options: -Intos/io
/* An archive that a user has added to the boot archive: what it may change, and what it may not. */
#include "test.h"
#include "iop.h"

void *malloc(__SIZE_TYPE__ size);
void free(void *memory);
int snprintf(char *text, __SIZE_TYPE__ size, const char *format, ...);

#define DIRECTORY 0040755
#define PLAIN 0100644
#define SYMLINK 0120777

typedef struct _ARCHIVE {
    UCHAR Bytes[4096];
    ULONG Length;
} ARCHIVE;

static ARCHIVE Base, Added;
static ULONG Blocks;
static BOOLEAN NoMemory;

PVOID ExAllocatePool(SIZE_T Size)
{
    if (NoMemory)
        return NULL;
    Blocks++;
    return malloc(Size);
}

void ExFreePool(PVOID Block)
{
    Blocks--;
    free(Block);
}

static void Add(ARCHIVE *Archive, const char *Name, ULONG Mode, const char *Data)
{
    ULONG NameSize = (ULONG)__builtin_strlen(Name) + 1, DataSize = (ULONG)__builtin_strlen(Data);

    snprintf((char *)Archive->Bytes + Archive->Length, 111,
             "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 1, Mode, 0, 0, 1, 77,
             DataSize, 0, 0, 0, 0, NameSize, 0);
    memcpy(Archive->Bytes + Archive->Length + 110, Name, NameSize);
    Archive->Length = (Archive->Length + 110 + NameSize + 3) & ~3u;
    memcpy(Archive->Bytes + Archive->Length, Data, DataSize);
    Archive->Length = (Archive->Length + DataSize + 3) & ~3u;
}

static void Clear(ARCHIVE *Archive)
{
    memset(Archive, 0, sizeof(*Archive));
}

static void End(ARCHIVE *Archive)
{
    Add(Archive, "TRAILER!!!", 0, "");
}

static IOP_ARCHIVE_TABLE List(void)
{
    IOP_ARCHIVE_TABLE Table;

    Clear(&Base);
    Add(&Base, "drivers", DIRECTORY, "");
    Add(&Base, "drivers/null.sys", PLAIN, "old");
    Add(&Base, "readme.txt", PLAIN, "read");
    End(&Base);
    CHECK_EQUAL(IopListArchive(Base.Bytes, Base.Length, &Table), STATUS_SUCCESS);
    CHECK_EQUAL(Table.Count, 3);
    return Table;
}

static UCHAR Sum; /* of all that was listed */

/* In a block of its exact size: what is read outside is noticed. */
static NTSTATUS Merge(PIOP_ARCHIVE_TABLE Table, ULONG Length)
{
    UCHAR *Copy = malloc(Length);
    NTSTATUS Status;
    ULONG i, j;

    memcpy(Copy, Added.Bytes, Length);
    Status = IopMergeArchive(Table, Copy, Length);
    for (i = 0; i < Table->Count; i++) {
        for (j = 0; j < Table->Entries[i].Size; j++)
            Sum += Table->Entries[i].Data[j];
        for (j = 0; j < Table->Entries[i].NameLength; j++)
            Sum += (UCHAR)Table->Entries[i].Name[j];
    }
    free(Copy);
    return Status;
}

static NTSTATUS MergeOne(const char *Name, ULONG Mode)
{
    IOP_ARCHIVE_TABLE Table = List();
    NTSTATUS Status;

    Clear(&Added);
    Add(&Added, Name, Mode, "");
    End(&Added);
    Status = Merge(&Table, Added.Length);
    if (!NT_SUCCESS(Status))
        CHECK_EQUAL(Table.Count, 3);
    ExFreePool(Table.Entries);
    return Status;
}

TEST(files_are_added_and_replaced)
{
    IOP_ARCHIVE_TABLE Table = List();

    Clear(&Added);
    Add(&Added, "DRIVERS", DIRECTORY, "");
    Add(&Added, "DRIVERS/null.SYS", PLAIN, "newer");
    Add(&Added, "mine", DIRECTORY, "");
    Add(&Added, "mine/tool.exe", PLAIN, "MZ");
    End(&Added);
    CHECK_EQUAL(IopMergeArchive(&Table, Added.Bytes, sizeof(Added.Bytes)), STATUS_SUCCESS);
    CHECK_EQUAL(Table.Count, 5);
    CHECK_EQUAL(Table.Entries[1].Size, 5);
    CHECK(!memcmp(Table.Entries[1].Data, "newer", 5));
    CHECK_EQUAL(Table.Entries[2].Size, 4);
    CHECK(!memcmp(Table.Entries[4].Name, "mine/tool.exe", 13));
    ExFreePool(Table.Entries);
    CHECK_EQUAL(Blocks, 0);
}

TEST(windows_and_system32_are_the_root)
{
    IOP_ARCHIVE_TABLE Table = List();

    Clear(&Added);
    Add(&Added, "windows", DIRECTORY, "");
    Add(&Added, "Windows/System32", DIRECTORY, "");
    Add(&Added, "windows/system32/readme.txt", PLAIN, "newer");
    Add(&Added, "windows/windows.txt", PLAIN, "");
    Add(&Added, "windows/drivers/a.sys", PLAIN, "");
    Add(&Added, "system32", DIRECTORY, "");
    End(&Added);
    CHECK_EQUAL(IopMergeArchive(&Table, Added.Bytes, sizeof(Added.Bytes)), STATUS_SUCCESS);
    CHECK_EQUAL(Table.Count, 6);
    CHECK_EQUAL(Table.Entries[2].Size, 5);
    CHECK_EQUAL(Table.Entries[3].NameLength, 11);
    CHECK(!memcmp(Table.Entries[3].Name, "windows.txt", 11));
    CHECK(!memcmp(Table.Entries[4].Name, "drivers/a.sys", 13));
    CHECK_EQUAL(Table.Entries[5].NameLength, 8);
    ExFreePool(Table.Entries);
    CHECK_EQUAL(Blocks, 0);
}

TEST(what_cannot_be_there_refuses_the_archive)
{
    static const char *const Names[] = {"nowhere/a.txt",
                                        "readme.txt/a",
                                        "drivers/null.sys/x",
                                        "..",
                                        "drivers/..",
                                        "drivers/.",
                                        "/",
                                        "drivers//a",
                                        "a\\b",
                                        "a:b",
                                        "a\nb",
                                        "a*",
                                        "a?",
                                        "a|b"};
    ULONG i;

    for (i = 0; i < RTL_NUMBER_OF(Names); i++)
        CHECK_EQUAL(MergeOne(Names[i], PLAIN), STATUS_DISK_CORRUPT_ERROR);
    CHECK_EQUAL(MergeOne("drivers", PLAIN), STATUS_DISK_CORRUPT_ERROR);
    CHECK_EQUAL(MergeOne("readme.txt", DIRECTORY), STATUS_DISK_CORRUPT_ERROR);
    CHECK_EQUAL(MergeOne("windows", PLAIN), STATUS_DISK_CORRUPT_ERROR);
    CHECK_EQUAL(MergeOne("link", SYMLINK), STATUS_DISK_CORRUPT_ERROR);
    CHECK_EQUAL(MergeOne("fine", PLAIN), STATUS_SUCCESS);
    CHECK_EQUAL(MergeOne("fine", DIRECTORY), STATUS_SUCCESS);
    CHECK_EQUAL(Blocks, 0);
}

TEST(no_memory_for_the_table)
{
    IOP_ARCHIVE_TABLE Table = List();

    Clear(&Added);
    Add(&Added, "a", PLAIN, "1");
    End(&Added);
    NoMemory = TRUE;
    CHECK_EQUAL(Merge(&Table, Added.Length), STATUS_INSUFFICIENT_RESOURCES);
    NoMemory = FALSE;
    CHECK_EQUAL(Table.Count, 3);
    ExFreePool(Table.Entries);
}

TEST(an_archive_that_is_cut_off_changes_nothing)
{
    IOP_ARCHIVE_TABLE Table = List();
    ULONG Length;

    Clear(&Added);
    Add(&Added, "drivers/null.sys", PLAIN, "other");
    Add(&Added, "a", PLAIN, "1");
    End(&Added);
    for (Length = 0; Length < Added.Length - 1; Length++)
        CHECK_EQUAL(Merge(&Table, Length), STATUS_UNRECOGNIZED_VOLUME);
    CHECK_EQUAL(Table.Count, 3);
    CHECK_EQUAL(Table.Entries[1].Size, 3);
    ExFreePool(Table.Entries);
}

TEST(archives_with_other_bytes)
{
    ULONG Seed = 5, Round, i;

    for (Round = 0; Round < 30000; Round++) {
        IOP_ARCHIVE_TABLE Table = List();

        Clear(&Added);
        Add(&Added, "drivers", DIRECTORY, "");
        Add(&Added, "drivers/null.sys", PLAIN, "12345");
        Add(&Added, "drivers/new.sys", PLAIN, "123");
        End(&Added);
        for (i = 0; i <= Round % 3; i++) {
            Seed = Seed * 1664525 + 1013904223;
            Added.Bytes[(Seed >> 8) % Added.Length] = "0f1\0/.c7"[Seed >> 29];
        }
        if (!NT_SUCCESS(Merge(&Table, Added.Length)))
            CHECK_EQUAL(Table.Entries[1].Size, 3);
        ExFreePool(Table.Entries);
    }
    CHECK_EQUAL(Blocks, 0);
}
