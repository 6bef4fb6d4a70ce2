// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/x86_64/copy.c
// options: -DNEPTUNE_HOST_TEST -Iinclude -Intos/inc -Ilibsel4/include -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "../../ntos/mm/highmemory.c"

#define MEGABYTE 0x100000ull
#define RAM 1
#define RESERVED 2
#define PAGES 0x400 /* of the random machine, from 1 MB on */

/* Boot information and what lies behind it, the map at an odd address. */
static struct {
    union {
        seL4_BootInfo Info;
        CHAR Page[seL4_BootInfoFrameSize];
    };
    seL4_BootInfoHeader Other;
    CHAR Text[3];
    seL4_X86_BootInfo_mmap_t Map;
} __attribute__((packed, aligned(16))) Boot;

static ULONG Entries;
static MI_BLOCK Block;
static BOOLEAN NoMemory;

PMI_BLOCK MiFindDeviceBlock(ULONGLONG Physical, ULONG SizeBits)
{
    Block.Physical = Physical;
    Block.SizeBits = (UCHAR)SizeBits;
    return NoMemory ? NULL : &Block;
}

static void StartMachine(void)
{
    memset(&Boot, 0, sizeof(Boot));
    memset(Ranges, 0, sizeof(Ranges));
    RangeCount = CurrentRange = Taken = Entries = 0;
    MiHighPages = 0;
    Boot.Info.untyped.start = Boot.Info.untyped.end = 20;
    Boot.Info.extraLen = sizeof(Boot.Other) + sizeof(Boot.Text) + sizeof(Boot.Map);
    Boot.Other = (seL4_BootInfoHeader){SEL4_BOOTINFO_HEADER_X86_ACPI_RSDP,
                                       sizeof(Boot.Other) + sizeof(Boot.Text)};
    Boot.Map.header = (seL4_BootInfoHeader){SEL4_BOOTINFO_HEADER_X86_MBMMAP, sizeof(Boot.Map)};
}

static void AddEntry(ULONGLONG Base, ULONGLONG Length, ULONG Type)
{
    Boot.Map.mmap[Entries++] = (seL4_X86_mb_mmap_t){20, Base, Length, Type};
    Boot.Map.mmap_length = Entries * sizeof(Boot.Map.mmap[0]);
}

static void AddDevice(ULONGLONG Base, ULONG SizeBits)
{
    Boot.Info.untypedList[Boot.Info.untyped.end++ - Boot.Info.untyped.start] =
        (seL4_UntypedDesc){.paddr = Base, .sizeBits = (UCHAR)SizeBits, .isDevice = 1};
}

static void AddRamMachine(void)
{
    StartMachine();
    AddDevice(0, 20);
    AddDevice(0x1fc00000, 22);
    AddDevice(0x20000000, 29);
    AddDevice(0x40000000, 29);
    AddEntry(0, 0x9fc00, RAM);
    AddEntry(MEGABYTE, 599 * MEGABYTE, RAM);
}

TEST(ram_in_device_memory_is_found_and_nothing_else)
{
    AddRamMachine();
    MiInitializeHighMemory(&Boot.Info);
    CHECK_EQUAL(MiHighPages, (600 * MEGABYTE - 0x1fc00000) >> PAGE_SHIFT);
    CHECK_EQUAL(MiHighMemoryLimit(), 600 * MEGABYTE >> PAGE_SHIFT);
    CHECK(!MiIsHighMemory(0x1fbfffff) && MiIsHighMemory(0x1fc00000));
    CHECK(MiIsHighMemory(600 * MEGABYTE - 1) && !MiIsHighMemory(600 * MEGABYTE));
    CHECK(!MiIsHighMemory(0) && !MiIsHighMemory(0x1000) && !MiIsHighMemory(~0ull));
}

TEST(without_a_map_there_is_none)
{
    AddRamMachine();
    Boot.Map.mmap_length = 0; /* as after multiboot 2 */
    MiInitializeHighMemory(&Boot.Info);
    CHECK_EQUAL(MiHighPages, 0);
    AddRamMachine();
    Boot.Map.header.len = sizeof(Boot.Map) + 1;
    MiInitializeHighMemory(&Boot.Info);
    CHECK_EQUAL(MiHighPages, 0);
    AddRamMachine();
    Boot.Other.len = 0;
    MiInitializeHighMemory(&Boot.Info);
    CHECK_EQUAL(MiHighPages, 0);
    CHECK(!MiTakeHighChunk(20));
}

TEST(what_the_map_calls_two_things_is_no_ram)
{
    AddRamMachine();
    AddEntry(0x20000800, 0x1000, RESERVED); /* touches two pages */
    AddEntry(0x1fc00000, MEGABYTE, 3);
    AddEntry(0x24000000, ~0ull, 5);
    MiInitializeHighMemory(&Boot.Info);
    CHECK(!MiIsHighMemory(0x1fc00000) && MiIsHighMemory(0x1fd00000));
    CHECK(MiIsHighMemory(0x1ffff000) && !MiIsHighMemory(0x20000000));
    CHECK(!MiIsHighMemory(0x20001000) && MiIsHighMemory(0x20002000));
    CHECK(MiIsHighMemory(0x23fff000) && !MiIsHighMemory(0x24000000));
    CHECK_EQUAL(MiHighPages, (0x24000000 - 0x1fd00000 - 0x2000) >> PAGE_SHIFT);
}

TEST(a_chunk_is_aligned_and_tried_again_when_there_was_no_memory)
{
    StartMachine();
    AddDevice(0x20000000, 29);
    AddEntry(0x20001000, 0x3ff000, RAM);
    MiInitializeHighMemory(&Boot.Info);
    NoMemory = TRUE;
    CHECK(!MiTakeHighChunk(20));
    NoMemory = FALSE;
    REQUIRE(MiTakeHighChunk(20));
    CHECK(Block.Physical == 0x20001000 && Block.SizeBits == 12);
    REQUIRE(MiTakeHighChunk(20));
    CHECK(Block.Physical == 0x20002000 && Block.SizeBits == 13);
}

/* ---- Random maps against a page by page account ---- */

static ULONG Seed = 1;

static ULONG Random(void)
{
    Seed = Seed * 1664525 + 1013904223;
    return Seed >> 8;
}

static BOOLEAN IsDevice(ULONGLONG Physical)
{
    ULONG Index;

    for (Index = 0; Index < Boot.Info.untyped.end - Boot.Info.untyped.start; Index++) {
        const seL4_UntypedDesc *Untyped = &Boot.Info.untypedList[Index];

        if (Physical >= Untyped->paddr && Physical - Untyped->paddr < 1ull << Untyped->sizeBits)
            return TRUE;
    }
    return FALSE;
}

/* Some entry says that the whole page is RAM, and none that a byte of it is not. */
static BOOLEAN IsRam(ULONGLONG Page)
{
    BOOLEAN Ram = FALSE;
    ULONG Index;

    for (Index = 0; Index < Entries; Index++) {
        ULONGLONG Base = Boot.Map.mmap[Index].base_addr, End = Base + Boot.Map.mmap[Index].length;

        if (Boot.Map.mmap[Index].type == RAM)
            Ram |= Base <= Page && End >= Page + PAGE_SIZE;
        else if (Base < Page + PAGE_SIZE && End > Page && Base < End)
            return FALSE;
    }
    return Ram;
}

static void MakeRandomMachine(void)
{
    ULONG Base, Bits, Count;

    StartMachine();
    for (Base = 0; Base < PAGES; Base += 1u << Bits) {
        Bits = Random() % 10;
        while (Base & ((1u << Bits) - 1))
            Bits--;
        if (Random() % 4)
            AddDevice(MEGABYTE + ((ULONGLONG)Base << PAGE_SHIFT), Bits + PAGE_SHIFT);
        if (Boot.Info.untyped.end - Boot.Info.untyped.start > 200)
            break;
    }
    for (Count = Random() % 8; Count > 0; Count--)
        AddEntry(MEGABYTE + Random() % (PAGES << PAGE_SHIFT), Random() % 0x200000,
                 Random() % 3 ? RAM : RESERVED);
}

static void CheckChunks(void)
{
    static UCHAR Seen[PAGES];
    ULONG Page, All = 0;

    memset(Seen, 0, sizeof(Seen));
    while (MiTakeHighChunk(20)) {
        ULONG First = (ULONG)((Block.Physical - MEGABYTE) >> PAGE_SHIFT);

        CHECK_EQUAL(Block.Physical & ((1ull << Block.SizeBits) - 1), 0);
        CHECK(Block.SizeBits >= PAGE_SHIFT && Block.SizeBits <= 20);
        for (Page = First; Page < First + (1u << (Block.SizeBits - PAGE_SHIFT)); Page++, All++) {
            REQUIRE(Page < PAGES);
            CHECK(!Seen[Page]);
            Seen[Page] = 1;
        }
    }
    CHECK_EQUAL(All, MiHighPages);
    for (Page = 0; Page < PAGES; Page++) {
        ULONGLONG Physical = MEGABYTE + ((ULONGLONG)Page << PAGE_SHIFT);

        CHECK(!Seen[Page] || (IsDevice(Physical) && IsRam(Physical)));
        CHECK_EQUAL(Seen[Page], MiIsHighMemory(Physical));
        CHECK(Seen[Page] || RangeCount == MAXIMUM_RANGES || !IsDevice(Physical) ||
              !IsRam(Physical));
    }
}

TEST(random_maps_give_each_page_of_ram_once)
{
    ULONG Round;

    for (Round = 0; Round < 2000 && !check_failures; Round++) {
        MakeRandomMachine();
        MiInitializeHighMemory(&Boot.Info);
        CheckChunks();
    }
}
