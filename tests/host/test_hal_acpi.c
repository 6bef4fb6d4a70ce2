// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/hal/acpi_tables.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/inc -Ilibsel4/include -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
// options: -Intos/hal
#include "test.h"
#include "halp.h"

void *malloc(__SIZE_TYPE__ size);
void free(void *memory);

/* Tables are handed over in blocks of their exact size, so that a byte read outside is noticed. */
static void Parse(const UCHAR *Table, ULONG Length)
{
    HALP_OVERRIDE Overrides[HALP_ISA_VECTORS] = {{0}};
    UCHAR *Copy = malloc(Length), TypeA, TypeB;
    HALP_FADT Fadt;

    memcpy(Copy, Table, Length);
    HalpParseMadt(Copy, Length, Overrides);
    HalpParseFadt(Copy, Length, &Fadt);
    HalpParseS5(Copy, Length, &TypeA, &TypeB);
    HalpIsTableSound(Copy, Length);
    free(Copy);
}

TEST(overrides_of_the_madt)
{
    HALP_OVERRIDE Overrides[HALP_ISA_VECTORS] = {{0}};
    UCHAR Table[44 + 8 + 10 + 10] = {0};

    Table[44] = 0; /* a local APIC */
    Table[45] = 8;
    memcpy(Table + 52, (UCHAR[]){2, 10, 0, 0, 2, 0, 0, 0, 0, 0}, 10);
    memcpy(Table + 62, (UCHAR[]){2, 10, 0, 9, 9, 0, 0, 0, 0xf, 0}, 10);
    HalpParseMadt(Table, sizeof(Table), Overrides);
    CHECK_EQUAL(Overrides[0].Pin, 2);
    CHECK_EQUAL(Overrides[0].Trigger, 0);
    CHECK_EQUAL(Overrides[9].Pin, 9);
    CHECK_EQUAL(Overrides[9].Polarity, 3);
    CHECK_EQUAL(Overrides[9].Trigger, 3);
}

TEST(ports_of_the_fadt)
{
    UCHAR Table[244] = {0};
    HALP_FADT Fadt;

    memcpy(Table + 40, (UCHAR[]){0x40, 0, 0xfe, 0x07}, 4);
    memcpy(Table + 64, (UCHAR[]){0x04, 0x06}, 2);
    CHECK(HalpParseFadt(Table, 116, &Fadt));
    CHECK_EQUAL(Fadt.Pm1aControl, 0x604);
    CHECK_EQUAL(Fadt.Dsdt, 0x7fe0040);
    CHECK(!Fadt.ResetSupported);
    Table[113] = 4; /* RESET_REG_SUP */
    memcpy(Table + 116, (UCHAR[]){1, 8, 0, 1, 0xf9, 0x0c}, 6);
    Table[128] = 0xf;
    CHECK(HalpParseFadt(Table, sizeof(Table), &Fadt));
    CHECK(Fadt.ResetSupported);
    CHECK_EQUAL(Fadt.ResetPort, 0xcf9);
    CHECK_EQUAL(Fadt.ResetValue, 0xf);
    Table[64] = Table[65] = 0;
    CHECK(!HalpParseFadt(Table, sizeof(Table), &Fadt));
}

TEST(sleep_types_of_the_dsdt)
{
    UCHAR Qemu[] = {0, 0, 0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x00, 0x00, 0x00, 0x00};
    UCHAR Bytes[] = {0, 0x08, '\\', '_', 'S', '5', '_', 0x12, 0x0a, 0x02, 0x0a, 0x05, 0x0a, 0x07};
    UCHAR Other[] = {0, 0, 0x5b, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x00, 0x00, 0x00, 0x00};
    UCHAR TypeA = 9, TypeB = 9;

    CHECK(HalpParseS5(Qemu, sizeof(Qemu), &TypeA, &TypeB));
    CHECK_EQUAL(TypeA, 0);
    CHECK_EQUAL(TypeB, 0);
    CHECK(HalpParseS5(Bytes, sizeof(Bytes), &TypeA, &TypeB));
    CHECK_EQUAL(TypeA, 5);
    CHECK_EQUAL(TypeB, 7);
    CHECK(!HalpParseS5(Other, sizeof(Other), &TypeA, &TypeB));
}

TEST(nothing_is_read_outside_of_any_table)
{
    static const UCHAR Pieces[] = {0x08, '_', 'S', '5', '_', 0x12, 0xc0, 0x0a, 2, 10, 0, 1, 0xff};
    UCHAR Table[300];
    ULONG Seed = 7, Round, i;

    for (Round = 0; Round < 30000; Round++) {
        for (i = 0; i < sizeof(Table); i++) {
            Seed = Seed * 1664525 + 1013904223;
            Table[i] = Pieces[(Seed >> 16) % sizeof(Pieces)];
        }
        Parse(Table, Round % sizeof(Table));
    }
}
