/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our own page tables: for every page of a process what it is and which capability maps it. They
 * have about the shape of the hardware's (on i386 two of the lowest share one of the hardware's),
 * and each holds the kernel's table object of its place, so both come and go together.
 */
#include "mi.h"

#define PTES (1u << MI_TABLE_BITS)
#define POINTERS (1u << MI_UPPER_TABLE_BITS)
#define TOP_LEVEL (MI_TABLE_LEVELS - 1)

typedef union _TABLE {
    MI_PTE Ptes[PTES];             /* level 0 */
    union _TABLE *Below[POINTERS]; /* all above */
} TABLE, *PTABLE;

_Static_assert(sizeof(TABLE) == PAGE_SIZE, "all levels alike");

/* log2 of what an entry covers. */
FORCEINLINE ULONG LevelShift(ULONG Level)
{
    return Level ? PAGE_SHIFT + MI_TABLE_BITS + (Level - 1) * MI_UPPER_TABLE_BITS : PAGE_SHIFT;
}

FORCEINLINE ULONG_PTR LevelSpan(ULONG Level)
{
    return (ULONG_PTR)1 << LevelShift(Level);
}

FORCEINLINE PTABLE *BelowEntry(PTABLE Table, ULONG Level, ULONG_PTR Address)
{
    return &Table->Below[(Address >> LevelShift(Level)) & (POINTERS - 1)];
}

FORCEINLINE PMI_PTE PteEntry(PTABLE Table, ULONG_PTR Address)
{
    return &Table->Ptes[(Address >> PAGE_SHIFT) & (PTES - 1)];
}

/* Entry: of the table, or the table itself. */
FORCEINLINE PMI_FRAME TableFrame(PVOID Entry)
{
    return MiFrameEntry(MiWindowFrame(Entry));
}

static PTABLE CreateTable(PMM_ADDRESS_SPACE Vm)
{
    ULONG Frame;

    if (!MiChargeCommitment(Vm, MI_TABLE_CHARGE))
        return NULL;
    Frame = MiAllocateFrame(TRUE);
    if (!Frame) {
        MiReturnCommitment(Vm, MI_TABLE_CHARGE);
        return NULL;
    }
    MiDropFrameCopy(Frame);
    return MiWindow(Frame);
}

static void DeleteTable(PMM_ADDRESS_SPACE Vm, PTABLE Table)
{
    PMI_FRAME Frame = TableFrame(Table);

    memset(Vm->KnownTables, 0, sizeof(Vm->KnownTables));
    if (Frame->Table) {
        MM_KERNEL_OBJECT Hardware = {Frame->Table->Object, Frame->Table};

        MmDeleteKernelObject(&Hardware);
        MiClientTables--;
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
static PTABLE FindTable(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG Wanted)
{
    PTABLE Table = Vm->PageTables;
    ULONG Level;

    for (Level = TOP_LEVEL; Table && Level > Wanted; Level--)
        Table = *BelowEntry(Table, Level, Address);
    return Table;
}

/* Services look at a few places again and again: the tables of some are remembered until a table is
 * deleted. NULL: not of this one. */
FORCEINLINE PTABLE KnownTable(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    ULONG_PTR Span = (Address >> LevelShift(1)) + 1;
    ULONG Place = Span % MM_KNOWN_TABLES;

    return Vm->KnownTables[Place].Span == Span ? Vm->KnownTables[Place].Table : NULL;
}

static PMI_PTE FindFarPte(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    ULONG_PTR Span = (Address >> LevelShift(1)) + 1;
    PTABLE Table = FindTable(Vm, Address, 0);

    if (!Table)
        return NULL;
    Vm->KnownTables[Span % MM_KNOWN_TABLES].Span = Span;
    Vm->KnownTables[Span % MM_KNOWN_TABLES].Table = Table;
    return PteEntry(Table, Address);
}

PMI_PTE MiFindPte(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PTABLE Table = KnownTable(Vm, Address);

    return Table ? PteEntry(Table, Address) : FindFarPte(Vm, Address);
}

PMI_PTE MiCreatePte(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PTABLE Table = Vm->PageTables;
    PMI_PTE Found = Table ? MiFindPte(Vm, Address) : NULL;
    ULONG Level;

    if (Found || !Table)
        return Found;
    for (Level = TOP_LEVEL; Level > 0; Level--) {
        PTABLE *Entry = BelowEntry(Table, Level, Address);

        if (!*Entry) {
            *Entry = CreateTable(Vm);
            if (!*Entry)
                return NULL;
            TableFrame(Entry)->Used++;
        }
        Table = *Entry;
    }
    return PteEntry(Table, Address);
}

void MiWritePte(PMI_PTE Pte, MI_PTE New)
{
    if (!Pte->Value && New.Value)
        TableFrame(Pte)->Used++;
    else if (Pte->Value && !New.Value)
        TableFrame(Pte)->Used--;
    *Pte = New;
}

/* The first entry from *Address on that is not 0, in its table of PTEs; four at a time where there
 * is nothing. */
static PMI_PTE ScanTable(PTABLE Table, PULONG_PTR Address, ULONG_PTR Last)
{
    PMI_PTE Pte = PteEntry(Table, *Address), End = Table->Ptes + PTES;
    SIZE_T Wanted = ((Last - *Address) >> PAGE_SHIFT) + 1;

    if (!TableFrame(Table)->Used) {
        *Address = ALIGN_DOWN_BY(*Address, LevelSpan(1)) + LevelSpan(1);
        return NULL;
    }
    if (Wanted < (SIZE_T)(End - Pte))
        End = Pte + Wanted;
    for (; End - Pte >= 4 && !(Pte[0].Value | Pte[1].Value | Pte[2].Value | Pte[3].Value); Pte += 4)
        ;
    while (Pte < End && !Pte->Value)
        Pte++;
    *Address = ALIGN_DOWN_BY(*Address, LevelSpan(1)) +
               ((ULONG_PTR)(Pte - Table->Ptes) << PAGE_SHIFT) + (*Address & (PAGE_SIZE - 1));
    return Pte < End ? Pte : NULL;
}

/* The lowest table; where there is none it goes on behind what the missing one covers. */
static PTABLE NextTable(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address)
{
    PTABLE Table = Vm->PageTables;
    ULONG Level;

    for (Level = TOP_LEVEL; Table && Level > 0; Level--) {
        Table = *BelowEntry(Table, Level, *Address);
        if (!Table)
            *Address = ALIGN_DOWN_BY(*Address, LevelSpan(Level)) + LevelSpan(Level);
    }
    return Table;
}

static PMI_PTE NextPte(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address, ULONG_PTR Last, BOOLEAN InTurn)
{
    while (*Address <= Last && Vm->PageTables) {
        PTABLE Table = KnownTable(Vm, *Address);

        if (!Table)
            Table = NextTable(Vm, Address);
        if (Table) {
            PMI_PTE Pte = ScanTable(Table, Address, Last);
            if (Pte)
                return Pte;
        }
        if (InTurn)
            KeGiveWay();
    }
    return NULL;
}

PMI_PTE MiNextPte(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address, ULONG_PTR Last)
{
    return NextPte(Vm, Address, Last, FALSE);
}

PMI_PTE MiNextPteInTurn(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address, ULONG_PTR Last)
{
    if (*Address > Last)
        return NULL;
    KeGiveWay();
    return NextPte(Vm, Address, Last, TRUE);
}

/* ---- Freeing tables ---- */

/* The hardware's table is deleted with the last of ours that share it. */
static void PassHardwareTable(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PTABLE Table)
{
    PTABLE Other =
        LevelShift(1) < MI_HARDWARE_TABLE_BITS ? FindTable(Vm, Address ^ LevelSpan(1), 0) : NULL;

    if (!Other || !TableFrame(Table)->Table)
        return;
    TableFrame(Other)->Table = TableFrame(Table)->Table;
    TableFrame(Table)->Table = NULL;
}

/* Frees the tables on Address's way that have no entries, from the lowest up. One in which a range
 * has been promised pages stays, and so do those above it. */
static void TrimAt(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    ULONG_PTR Start = ALIGN_DOWN_BY(Address, LevelSpan(1));
    ULONG Level;

    if (MiIsTablePromised(Vm, Start, Start + LevelSpan(1) - 1))
        return;
    for (Level = 0; Level < TOP_LEVEL; Level++) {
        PTABLE Table = FindTable(Vm, Address, Level), *Entry;

        if (!Table)
            continue;
        if (TableFrame(Table)->Used)
            return;
        if (!Level)
            PassHardwareTable(Vm, Address, Table);
        DeleteTable(Vm, Table);
        Entry = BelowEntry(FindTable(Vm, Address, Level + 1), Level + 1, Address);
        *Entry = NULL;
        TableFrame(Entry)->Used--;
    }
}

void MiTrimTables(PMM_ADDRESS_SPACE Vm, ULONG_PTR First, ULONG_PTR Last)
{
    ULONG_PTR Span = LevelSpan(1), Address = ALIGN_DOWN_BY(First, Span);

    while (Address <= Last) {
        PTABLE Known = KnownTable(Vm, Address);
        ULONG Level;

        KeGiveWay();
        if (Known && TableFrame(Known)->Used) {
            Address += LevelSpan(1);
            continue;
        }
        for (Level = TOP_LEVEL - 1; Level > 0 && FindTable(Vm, Address, Level); Level--)
            ;
        if (!FindTable(Vm, Address, Level)) { /* as much as the missing table covers */
            Span = LevelSpan(Level + 1);
            Address = ALIGN_DOWN_BY(Address, Span) + Span;
            continue;
        }
        TrimAt(Vm, Address);
        Address += LevelSpan(1);
    }
}

static void DeleteBelow(PMM_ADDRESS_SPACE Vm, PTABLE Table, ULONG Level)
{
    ULONG Index;

    for (Index = 0; Level > 0 && Index < POINTERS; Index++)
        if (Table->Below[Index])
            DeleteBelow(Vm, Table->Below[Index], Level - 1);
    DeleteTable(Vm, Table);
    KeGiveWay();
}

/* The root is unlinked first, so that nobody finds tables that are half deleted. */
void MiDeleteTables(PMM_ADDRESS_SPACE Vm)
{
    PTABLE Table = Vm->PageTables;

    Vm->PageTables = NULL;
    if (Table)
        DeleteBelow(Vm, Table, TOP_LEVEL);
}

/* ---- The hardware's tables ---- */

SIZE_T MiClientTables;

/* The kernel lacks a table that covers 2^LevelBits bytes at Address; ours is there. */
NTSTATUS MiCreateHardwareTable(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG LevelBits)
{
    ULONG Level = (LevelBits - MI_HARDWARE_TABLE_BITS) / MI_UPPER_TABLE_BITS;
    PMI_FRAME Frame = TableFrame(FindTable(Vm, Address, Level));
    MM_KERNEL_OBJECT Table;
    NTSTATUS Status;

    ASSERT(!Frame->Table);
    Status = MiCreateTable(Vm->VSpace.Cap, Address, LevelBits, &Table);
    if (!NT_SUCCESS(Status))
        return Status;
    Frame->Table = Table.Block;
    MiClientTables++;
    return STATUS_SUCCESS;
}

/* Of the lowest level two of ours may share one of the hardware's. */
static BOOLEAN HasHardwareTable(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG Level)
{
    ULONG_PTR Neighbour = Address ^ LevelSpan(1);
    PTABLE Other = NULL;

    if (TableFrame(FindTable(Vm, Address, Level))->Table)
        return TRUE;
    if (!Level && LevelShift(1) < MI_HARDWARE_TABLE_BITS)
        Other = FindTable(Vm, Neighbour, 0);
    return Other && TableFrame(Other)->Table;
}

/* The root is made with the address space. */
BOOLEAN MiCreateTables(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PMI_PTE Pte = MiCreatePte(Vm, Address);
    ULONG Level;

    if (!Pte)
        return FALSE;
    if (TableFrame(Pte)->Table || HasHardwareTable(Vm, Address, 0))
        return TRUE;
    for (Level = TOP_LEVEL; Level-- > 0;) {
        ULONG LevelBits = MI_HARDWARE_TABLE_BITS + Level * MI_UPPER_TABLE_BITS;

        if (!HasHardwareTable(Vm, Address, Level) &&
            !NT_SUCCESS(MiCreateHardwareTable(Vm, Address, LevelBits)))
            return FALSE;
    }
    return TRUE;
}
