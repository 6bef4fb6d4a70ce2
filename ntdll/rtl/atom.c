// SPDX-License-Identifier: BSD-2-Clause
/*
 * Atom tables: names are found by a hash, atoms by an array of all of them. Each may be added
 * several times, and goes when it was deleted as often. (Win32: AddAtom; phnt)
 */
#include <nt/nt.h>

#define DEFAULT_BUCKETS 37
#define MAXIMUM_ATOMS (0x10000 - RTL_ATOM_FIRST)
#define FIRST_SLOTS 16
#define NO_SLOT MAXULONG

typedef struct _ATOM_ENTRY {
    struct _ATOM_ENTRY *NextInBucket;
    ULONG Slot; /* the atom is RTL_ATOM_FIRST + Slot */
    ULONG UsageCount;
    ULONG Length; /* characters */
    WCHAR Name[1];
} ATOM_ENTRY, *PATOM_ENTRY;

typedef struct _RTL_ATOM_TABLE {
    RTL_CRITICAL_SECTION Lock;
    PATOM_ENTRY *Slots;
    ULONG SlotCount;
    ULONG FirstFree; /* no slot before it is free */
    ULONG BucketCount;
    PATOM_ENTRY Buckets[1];
} RTL_ATOM_TABLE;

NTSTATUS NTAPI RtlCreateAtomTable(ULONG NumberOfBuckets, PRTL_ATOM_TABLE *AtomTable)
{
    ULONG Count = NumberOfBuckets > 1 ? NumberOfBuckets : DEFAULT_BUCKETS;
    PRTL_ATOM_TABLE Table;

    if (*AtomTable)
        return STATUS_SUCCESS;
    if (Count > MAXIMUM_ATOMS)
        Count = MAXIMUM_ATOMS;
    Table = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY,
                            offsetof(RTL_ATOM_TABLE, Buckets) + Count * sizeof(PATOM_ENTRY));
    if (!Table)
        return STATUS_NO_MEMORY;
    Table->BucketCount = Count;
    RtlInitializeCriticalSection(&Table->Lock);
    *AtomTable = Table;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDestroyAtomTable(PRTL_ATOM_TABLE AtomTable)
{
    if (!AtomTable)
        return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; i < AtomTable->SlotCount; i++) {
        if (AtomTable->Slots[i])
            RtlFreeHeap(RtlProcessHeap(), 0, AtomTable->Slots[i]);
    }
    if (AtomTable->Slots)
        RtlFreeHeap(RtlProcessHeap(), 0, AtomTable->Slots);
    RtlDeleteCriticalSection(&AtomTable->Lock);
    RtlFreeHeap(RtlProcessHeap(), 0, AtomTable);
    return STATUS_SUCCESS;
}

/* Whether a name is that of an integer atom; the value is 0 if there is no such atom. */
static BOOLEAN IsIntegerAtom(PCWSTR Name, PRTL_ATOM Atom)
{
    ULONG Value = 0;

    if ((ULONG_PTR)Name < 0x10000) {
        Value = (ULONG)(ULONG_PTR)Name;
    } else {
        if (Name[0] != '#' || !Name[1])
            return FALSE;
        for (Name++; *Name; Name++) {
            if (*Name < '0' || *Name > '9')
                return FALSE;
            if (Value < RTL_ATOM_FIRST)
                Value = Value * 10 + *Name - '0';
        }
    }
    *Atom = (RTL_ATOM)(Value < RTL_ATOM_FIRST ? Value : 0);
    return TRUE;
}

static PATOM_ENTRY *Bucket(PRTL_ATOM_TABLE Table, PCWSTR Name, ULONG Length)
{
    UNICODE_STRING String = {(USHORT)(Length * sizeof(WCHAR)), 0, (PWSTR)Name};
    ULONG Hash;

    RtlHashUnicodeString(&String, TRUE, 0, &Hash);
    return &Table->Buckets[Hash % Table->BucketCount];
}

static PATOM_ENTRY FindName(PRTL_ATOM_TABLE Table, PCWSTR Name, ULONG Length)
{
    PATOM_ENTRY Entry = *Bucket(Table, Name, Length);

    while (Entry && RtlCompareUnicodeStrings(Entry->Name, Entry->Length, Name, Length, TRUE))
        Entry = Entry->NextInBucket;
    return Entry;
}

/* The number of a free slot; NO_SLOT: out of memory, or of atoms. */
static ULONG FindSlot(PRTL_ATOM_TABLE Table)
{
    ULONG NewCount = Table->SlotCount ? Table->SlotCount * 2 : FIRST_SLOTS;
    PATOM_ENTRY *Slots;

    for (; Table->FirstFree < Table->SlotCount; Table->FirstFree++) {
        if (!Table->Slots[Table->FirstFree])
            return Table->FirstFree;
    }
    if (Table->SlotCount == MAXIMUM_ATOMS)
        return NO_SLOT;
    Slots = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, NewCount * sizeof(*Slots));
    if (!Slots)
        return NO_SLOT;
    if (Table->Slots) {
        memcpy(Slots, Table->Slots, Table->SlotCount * sizeof(*Slots));
        RtlFreeHeap(RtlProcessHeap(), 0, Table->Slots);
    }
    Table->Slots = Slots;
    Table->SlotCount = NewCount;
    return Table->FirstFree;
}

static PATOM_ENTRY AddEntry(PRTL_ATOM_TABLE Table, PCWSTR Name, ULONG Length)
{
    ULONG Slot = FindSlot(Table);
    PATOM_ENTRY Entry, *Head;

    if (Slot == NO_SLOT)
        return NULL;
    Entry = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Entry) + Length * sizeof(WCHAR));
    if (!Entry)
        return NULL;
    Head = Bucket(Table, Name, Length);
    *Entry = (ATOM_ENTRY){*Head, Slot, 0, Length};
    memcpy(Entry->Name, Name, Length * sizeof(WCHAR));
    Entry->Name[Length] = UNICODE_NULL;
    *Head = Table->Slots[Slot] = Entry;
    return Entry;
}

/* The checks that adding and looking up have in common; *Length is 0 for an integer atom. */
static NTSTATUS CheckName(PCWSTR Name, PULONG Length, PRTL_ATOM Atom)
{
    *Length = 0;
    if (IsIntegerAtom(Name, Atom))
        return *Atom ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    *Length = (ULONG)wcsnlen(Name, RTL_ATOM_MAXIMUM_NAME_LENGTH + 1);
    if (!*Length)
        return STATUS_OBJECT_NAME_INVALID;
    return *Length > RTL_ATOM_MAXIMUM_NAME_LENGTH ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

static NTSTATUS Find(PRTL_ATOM_TABLE Table, PCWSTR Name, BOOLEAN Add, PRTL_ATOM Result)
{
    PATOM_ENTRY Entry;
    ULONG Length;
    RTL_ATOM Atom;
    NTSTATUS Status;

    if (!Table)
        return STATUS_INVALID_PARAMETER;
    Status = CheckName(Name, &Length, &Atom);
    if (NT_SUCCESS(Status) && Length) {
        RtlEnterCriticalSection(&Table->Lock);
        Entry = FindName(Table, Name, Length);
        if (!Entry && Add)
            Entry = AddEntry(Table, Name, Length);
        if (Entry) {
            Entry->UsageCount += Add;
            Atom = (RTL_ATOM)(RTL_ATOM_FIRST + Entry->Slot);
        } else {
            Status = Add ? STATUS_NO_MEMORY : STATUS_OBJECT_NAME_NOT_FOUND;
        }
        RtlLeaveCriticalSection(&Table->Lock);
    }
    if (NT_SUCCESS(Status) && Result)
        *Result = Atom;
    return Status;
}

NTSTATUS NTAPI RtlAddAtomToAtomTable(PRTL_ATOM_TABLE AtomTable, PCWSTR Name, PRTL_ATOM Atom)
{
    return Find(AtomTable, Name, TRUE, Atom);
}

NTSTATUS NTAPI RtlLookupAtomInAtomTable(PRTL_ATOM_TABLE AtomTable, PCWSTR Name, PRTL_ATOM Atom)
{
    return Find(AtomTable, Name, FALSE, Atom);
}

static PATOM_ENTRY EntryOf(PRTL_ATOM_TABLE Table, RTL_ATOM Atom)
{
    ULONG Slot = (ULONG)Atom - RTL_ATOM_FIRST;

    return Slot < Table->SlotCount ? Table->Slots[Slot] : NULL;
}

static void RemoveEntry(PRTL_ATOM_TABLE Table, PATOM_ENTRY Entry)
{
    PATOM_ENTRY *Link = Bucket(Table, Entry->Name, Entry->Length);

    while (*Link != Entry)
        Link = &(*Link)->NextInBucket;
    *Link = Entry->NextInBucket;
    Table->Slots[Entry->Slot] = NULL;
    if (Entry->Slot < Table->FirstFree)
        Table->FirstFree = Entry->Slot;
    RtlFreeHeap(RtlProcessHeap(), 0, Entry);
}

NTSTATUS NTAPI RtlDeleteAtomFromAtomTable(PRTL_ATOM_TABLE AtomTable, RTL_ATOM Atom)
{
    NTSTATUS Status = STATUS_INVALID_HANDLE;
    PATOM_ENTRY Entry;

    if (!AtomTable)
        return STATUS_INVALID_PARAMETER;
    if (Atom < RTL_ATOM_FIRST)
        return Atom ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
    RtlEnterCriticalSection(&AtomTable->Lock);
    Entry = EntryOf(AtomTable, Atom);
    if (Entry) {
        if (--Entry->UsageCount == 0)
            RemoveEntry(AtomTable, Entry);
        Status = STATUS_SUCCESS;
    }
    RtlLeaveCriticalSection(&AtomTable->Lock);
    return Status;
}

/* Of a name that does not fit comes what fits, if that is anything. */
static NTSTATUS ReturnName(PCWSTR Text, ULONG Bytes, PWSTR Name, PULONG NameLength)
{
    ULONG Room;

    if (!Name || !NameLength)
        return STATUS_SUCCESS;
    Room = *NameLength & ~1u;
    *NameLength = Bytes;
    if (Room < 2 * sizeof(WCHAR))
        return STATUS_BUFFER_TOO_SMALL;
    if (Bytes > Room - sizeof(WCHAR))
        *NameLength = Bytes = Room - sizeof(WCHAR);
    memcpy(Name, Text, Bytes);
    Name[Bytes / sizeof(WCHAR)] = UNICODE_NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryInteger(RTL_ATOM Atom, PULONG UsageCount, PULONG Flags, PWSTR Name,
                             PULONG NameLength)
{
    WCHAR Text[8] = u"#";
    UNICODE_STRING Digits = {0, sizeof(Text) - sizeof(WCHAR), Text + 1};

    if (!Atom)
        return STATUS_INVALID_HANDLE;
    if (UsageCount)
        *UsageCount = 1;
    if (Flags)
        *Flags = 1;
    RtlIntegerToUnicodeString(Atom, 10, &Digits);
    return ReturnName(Text, Digits.Length + sizeof(WCHAR), Name, NameLength);
}

NTSTATUS NTAPI RtlQueryAtomInAtomTable(PRTL_ATOM_TABLE AtomTable, RTL_ATOM Atom, PULONG UsageCount,
                                       PULONG Flags, PWSTR Name, PULONG NameLength)
{
    NTSTATUS Status = STATUS_INVALID_HANDLE;
    PATOM_ENTRY Entry;

    if (!AtomTable)
        return STATUS_INVALID_PARAMETER;
    if (Atom < RTL_ATOM_FIRST)
        return QueryInteger(Atom, UsageCount, Flags, Name, NameLength);
    RtlEnterCriticalSection(&AtomTable->Lock);
    Entry = EntryOf(AtomTable, Atom);
    if (Entry) {
        if (UsageCount)
            *UsageCount = Entry->UsageCount;
        if (Flags)
            *Flags = 0;
        Status = ReturnName(Entry->Name, Entry->Length * sizeof(WCHAR), Name, NameLength);
    }
    RtlLeaveCriticalSection(&AtomTable->Lock);
    return Status;
}
