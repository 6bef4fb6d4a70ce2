/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our own page tables: for every page of a process what it is and which capability maps it. They
 * have the shape of the hardware's, and each holds the kernel's table object of its place, so both
 * come and go together.
 */
#include <ex.h>
#include "mi.h"

#define ENTRIES (1u << MI_TABLE_BITS)
#define TOP_LEVEL (MI_TABLE_LEVELS - 1)

typedef union _TABLE_ENTRY {
    union _TABLE_ENTRY *Below;
    ULONG64 Value;
} TABLE_ENTRY, *PTABLE_ENTRY;

_Static_assert(sizeof(TABLE_ENTRY) == sizeof(MI_PTE), "all levels alike");

/* Level 0 holds PTEs. */
static ULONG LevelShift(ULONG Level)
{
    return PAGE_SHIFT + Level * MI_TABLE_BITS;
}

static PTABLE_ENTRY LevelEntry(PTABLE_ENTRY Table, ULONG Level, ULONG_PTR Address)
{
    return &Table[(Address >> LevelShift(Level)) & (ENTRIES - 1)];
}

static PMI_FRAME TableFrame(PVOID Entry)
{
    return MiFrameEntry(MiWindowFrame(Entry));
}

static PTABLE_ENTRY CreateTable(PMM_ADDRESS_SPACE Vm)
{
    ULONG Frame;

    if (!MiChargeTable(Vm))
        return NULL;
    Frame = MiAllocateFrame(TRUE);
    if (!Frame) {
        MiReturnCommitment(Vm, MI_TABLE_CHARGE);
        return NULL;
    }
    MiDropFrameCopy(Frame);
    return MiWindow(Frame);
}

static void DeleteTable(PMM_ADDRESS_SPACE Vm, PTABLE_ENTRY Table)
{
    PMI_FRAME Frame = TableFrame(Table);

    if (Frame->Table) {
        MmDeleteKernelObject(Frame->Table);
        ExFreePool(Frame->Table);
    }
    Frame->Table = NULL;
    Frame->Used = 0;
    MiReleaseFrame(MiWindowFrame(Table));
    MiReturnCommitment(Vm, MI_TABLE_CHARGE);
}

BOOLEAN MiCreateRootTable(PMM_ADDRESS_SPACE Vm)
{
    Vm->PageTables = CreateTable(Vm);
    return Vm->PageTables != NULL;
}

/* The table of a level that covers Address, NULL if it is not there. */
static PTABLE_ENTRY FindTable(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG Wanted)
{
    PTABLE_ENTRY Table = Vm->PageTables;
    ULONG Level;

    for (Level = TOP_LEVEL; Table && Level > Wanted; Level--)
        Table = LevelEntry(Table, Level, Address)->Below;
    return Table;
}

PMI_PTE MiFindPte(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PTABLE_ENTRY Table = FindTable(Vm, Address, 0);

    return Table ? (PMI_PTE)LevelEntry(Table, 0, Address) : NULL;
}

PMI_PTE MiCreatePte(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PTABLE_ENTRY Table = Vm->PageTables;
    ULONG Level;

    if (!Table)
        return NULL;
    for (Level = TOP_LEVEL; Level > 0; Level--) {
        PTABLE_ENTRY Entry = LevelEntry(Table, Level, Address);

        if (!Entry->Below) {
            Entry->Below = CreateTable(Vm);
            if (!Entry->Below)
                return NULL;
            TableFrame(Entry)->Used++;
        }
        Table = Entry->Below;
    }
    return (PMI_PTE)LevelEntry(Table, 0, Address);
}

void MiWritePte(PMI_PTE Pte, MI_PTE New)
{
    if (!Pte->Value && New.Value)
        TableFrame(Pte)->Used++;
    else if (Pte->Value && !New.Value)
        TableFrame(Pte)->Used--;
    *Pte = New;
}

/* The first entry from *Address on that is not 0, in its table of PTEs. */
static PMI_PTE ScanTable(PTABLE_ENTRY Table, PULONG_PTR Address, ULONG_PTR Last)
{
    PTABLE_ENTRY Entry = LevelEntry(Table, 0, *Address);

    for (; Entry < Table + ENTRIES && *Address <= Last; Entry++, *Address += PAGE_SIZE)
        if (Entry->Value)
            return (PMI_PTE)Entry;
    return NULL;
}

PMI_PTE MiNextPte(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address, ULONG_PTR Last)
{
    while (*Address <= Last) {
        PTABLE_ENTRY Table = Vm->PageTables;
        ULONG Level;

        for (Level = TOP_LEVEL; Table && Level > 0; Level--) {
            Table = LevelEntry(Table, Level, *Address)->Below;
            if (!Table) /* nothing in all that this entry covers */
                *Address = ALIGN_DOWN_BY(*Address, (ULONG_PTR)1 << LevelShift(Level)) +
                           ((ULONG_PTR)1 << LevelShift(Level));
        }
        if (Table) {
            PMI_PTE Pte = ScanTable(Table, Address, Last);

            if (Pte)
                return Pte;
        }
    }
    return NULL;
}

/* ---- Freeing tables ---- */

/* Frees the tables on Address's way that have no entries, from the lowest up. */
static void TrimAt(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    ULONG Level;

    for (Level = 0; Level < TOP_LEVEL; Level++) {
        PTABLE_ENTRY Table = FindTable(Vm, Address, Level), Entry;

        if (!Table)
            continue;
        if (TableFrame(Table)->Used)
            return;
        DeleteTable(Vm, Table);
        Entry = LevelEntry(FindTable(Vm, Address, Level + 1), Level + 1, Address);
        Entry->Below = NULL;
        TableFrame(Entry)->Used--;
    }
}

void MiTrimTables(PMM_ADDRESS_SPACE Vm, ULONG_PTR First, ULONG_PTR Last)
{
    ULONG_PTR Span = (ULONG_PTR)1 << LevelShift(1), Address = ALIGN_DOWN_BY(First, Span);

    while (Address <= Last) {
        ULONG Level;

        for (Level = TOP_LEVEL - 1; Level > 0 && FindTable(Vm, Address, Level); Level--)
            ;
        if (!FindTable(Vm, Address, Level)) { /* as much as the missing table covers */
            Span = (ULONG_PTR)1 << LevelShift(Level + 1);
            Address = ALIGN_DOWN_BY(Address, Span) + Span;
            continue;
        }
        TrimAt(Vm, Address);
        Address += (ULONG_PTR)1 << LevelShift(1);
    }
}

static void DeleteBelow(PMM_ADDRESS_SPACE Vm, PTABLE_ENTRY Table, ULONG Level)
{
    ULONG Index;

    for (Index = 0; Level > 0 && Index < ENTRIES; Index++)
        if (Table[Index].Below)
            DeleteBelow(Vm, Table[Index].Below, Level - 1);
    DeleteTable(Vm, Table);
}

void MiDeleteTables(PMM_ADDRESS_SPACE Vm)
{
    if (Vm->PageTables)
        DeleteBelow(Vm, Vm->PageTables, TOP_LEVEL);
    Vm->PageTables = NULL;
}

/* ---- The hardware's tables ---- */

/* The kernel lacks a table that covers 2^LevelBits bytes at Address; ours is there. */
NTSTATUS MiCreateHardwareTable(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG LevelBits)
{
    ULONG Level = (LevelBits - LevelShift(1)) / MI_TABLE_BITS;
    PMI_FRAME Frame = TableFrame(FindTable(Vm, Address, Level));
    PMM_KERNEL_OBJECT Table;
    NTSTATUS Status;

    ASSERT(!Frame->Table);
    Table = ExAllocatePool(sizeof(*Table));
    if (!Table)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MiCreateTable(Vm->VSpace.Cap, Address, LevelBits, Table);
    if (!NT_SUCCESS(Status)) {
        ExFreePool(Table);
        return Status;
    }
    Frame->Table = Table;
    return STATUS_SUCCESS;
}
