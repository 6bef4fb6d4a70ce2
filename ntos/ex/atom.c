/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The global atoms: names with numbers, which all processes share. A name may be added several
 * times, and goes when it was deleted as often; what a process has added stays when it ends, as on
 * Windows. Numbers below RTL_ATOM_FIRST are atoms by themselves. (Win32: GlobalAddAtom)
 */
#include "exp.h"

#define MAXIMUM_ATOMS (0x10000 - RTL_ATOM_FIRST)
#define SLOTS_A_BLOCK 256
#define NAME_BYTES (RTL_ATOM_MAXIMUM_NAME_LENGTH * sizeof(WCHAR))

typedef struct _ATOM_ENTRY {
    RTL_BALANCED_NODE Node; /* Atoms */
    USHORT Slot;            /* the atom is RTL_ATOM_FIRST + Slot */
    USHORT Length;          /* bytes */
    ULONG UsageCount;
    WCHAR Name[];
} ATOM_ENTRY, *PATOM_ENTRY;

static RTL_AVL_TREE Atoms; /* by name in upper case */
static PATOM_ENTRY *Blocks[MAXIMUM_ATOMS / SLOTS_A_BLOCK];
static USHORT FreeSlots[MAXIMUM_ATOMS]; /* a stack of slots that were used once */
static ULONG FreeCount, UsedSlots;      /* all slots from UsedSlots on are free */
static ULONG AtomCount;

typedef struct _ATOM_NAME {
    ULONG Length; /* bytes */
    WCHAR Text[RTL_ATOM_MAXIMUM_NAME_LENGTH];
} ATOM_NAME, *PATOM_NAME;

static PATOM_ENTRY Find(const ATOM_NAME *Name, PRTL_BALANCED_NODE *Parent, PBOOLEAN After)
{
    PRTL_BALANCED_NODE Node = Atoms.Root;

    *Parent = NULL;
    *After = FALSE;
    while (Node) {
        PATOM_ENTRY Entry = CONTAINING_RECORD(Node, ATOM_ENTRY, Node);
        LONG Order = RtlCompareUnicodeStrings(Name->Text, Name->Length / sizeof(WCHAR), Entry->Name,
                                              Entry->Length / sizeof(WCHAR), TRUE);

        if (!Order)
            return Entry;
        *Parent = Node;
        *After = Order > 0;
        Node = Node->Children[*After];
    }
    return NULL;
}

static PATOM_ENTRY *SlotAt(ULONG Slot)
{
    return &Blocks[Slot / SLOTS_A_BLOCK][Slot % SLOTS_A_BLOCK];
}

static PATOM_ENTRY EntryOf(RTL_ATOM Atom)
{
    ULONG Slot = (ULONG)Atom - RTL_ATOM_FIRST;

    return Slot < UsedSlots ? *SlotAt(Slot) : NULL;
}

/* FALSE: out of atoms, or of memory. */
static BOOLEAN TakeSlot(PUSHORT Slot)
{
    if (FreeCount) {
        *Slot = FreeSlots[--FreeCount];
        return TRUE;
    }
    if (UsedSlots == MAXIMUM_ATOMS)
        return FALSE;
    if (!Blocks[UsedSlots / SLOTS_A_BLOCK])
        Blocks[UsedSlots / SLOTS_A_BLOCK] = ExAllocatePool(SLOTS_A_BLOCK * sizeof(PATOM_ENTRY));
    if (!Blocks[UsedSlots / SLOTS_A_BLOCK])
        return FALSE;
    *Slot = (USHORT)UsedSlots++;
    return TRUE;
}

static PATOM_ENTRY Add(const ATOM_NAME *Name, PRTL_BALANCED_NODE Parent, BOOLEAN After)
{
    PATOM_ENTRY Entry = ExAllocatePool(sizeof(*Entry) + Name->Length);

    if (!Entry || !TakeSlot(&Entry->Slot)) {
        ExFreePool(Entry);
        return NULL;
    }
    Entry->Length = (USHORT)Name->Length;
    memcpy(Entry->Name, Name->Text, Name->Length);
    RtlAvlInsertNodeEx(&Atoms, Parent, After, &Entry->Node);
    *SlotAt(Entry->Slot) = Entry;
    AtomCount++;
    return Entry;
}

static void Remove(PATOM_ENTRY Entry)
{
    RtlAvlRemoveNode(&Atoms, &Entry->Node);
    *SlotAt(Entry->Slot) = NULL;
    FreeSlots[FreeCount++] = Entry->Slot;
    AtomCount--;
    ExFreePool(Entry);
}

/* "#123": *Atom is 0 if there is no such atom. FALSE: another name. */
static BOOLEAN IsIntegerName(const ATOM_NAME *Name, PRTL_ATOM Atom)
{
    ULONG Count = Name->Length / sizeof(WCHAR), Value = 0, i;

    if (Count < 2 || Name->Text[0] != '#')
        return FALSE;
    for (i = 1; i < Count; i++) {
        if (Name->Text[i] < '0' || Name->Text[i] > '9')
            return FALSE;
        if (Value < RTL_ATOM_FIRST)
            Value = Value * 10 + Name->Text[i] - '0';
    }
    *Atom = (RTL_ATOM)(Value < RTL_ATOM_FIRST ? Value : 0);
    return TRUE;
}

/* A name ends at its first NUL. */
static void EndAtNul(PATOM_NAME Name)
{
    Name->Length = (ULONG)(wcsnlen(Name->Text, Name->Length / sizeof(WCHAR)) * sizeof(WCHAR));
}

/* *Atom is not 0 for an integer atom, whose name, or number, needs no table. */
static NTSTATUS CaptureName(PATOM_NAME Name, CLIENT(PCWSTR) ClientName, ULONG Length,
                            PRTL_ATOM Atom)
{
    NTSTATUS Status;

    *Atom = 0;
    if (Length > NAME_BYTES)
        return STATUS_INVALID_PARAMETER;
    if ((ULONG_PTR)ClientName < 0x10000) {
        *Atom = (RTL_ATOM)(ULONG_PTR)ClientName;
        return *Atom && *Atom < RTL_ATOM_FIRST ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    }
    Name->Length = Length & ~1u;
    Status = MmCopyFromClient(Name->Text, ClientName, Name->Length);
    if (!NT_SUCCESS(Status))
        return Status;
    EndAtNul(Name);
    if (!Name->Length)
        return STATUS_OBJECT_NAME_INVALID;
    return !IsIntegerName(Name, Atom) || *Atom ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS AddName(const ATOM_NAME *Name, PRTL_ATOM Atom)
{
    PRTL_BALANCED_NODE Parent;
    BOOLEAN After;
    PATOM_ENTRY Entry = Find(Name, &Parent, &After);

    if (!Entry)
        Entry = Add(Name, Parent, After);
    if (!Entry)
        return STATUS_NO_MEMORY;
    Entry->UsageCount++;
    *Atom = (RTL_ATOM)(RTL_ATOM_FIRST + Entry->Slot);
    return STATUS_SUCCESS;
}

/*
 * NtAddAtom: the atom of a name of Length bytes, made if there is none. *Atom, if Atom is given,
 * receives it. Returns STATUS_INVALID_PARAMETER (more than 255 characters, a number that is no
 * atom), STATUS_OBJECT_NAME_INVALID (no character), STATUS_NO_MEMORY (16,384 names),
 * STATUS_ACCESS_VIOLATION.  (Win32: GlobalAddAtom)
 */
NTSTATUS NTAPI NtAddAtom(CLIENT(PCWSTR) AtomName, ULONG Length, CLIENT(PRTL_ATOM) Atom)
{
    ATOM_NAME Name;
    RTL_ATOM Result;
    NTSTATUS Status = Atom ? MmProbeForWrite(Atom, sizeof(*Atom)) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = CaptureName(&Name, AtomName, Length, &Result);
    if (NT_SUCCESS(Status) && !Result)
        Status = AddName(&Name, &Result);
    return NT_SUCCESS(Status) && Atom ? MmWriteClient(Atom, &Result) : Status;
}

static NTSTATUS FindName(const ATOM_NAME *Name, PRTL_ATOM Atom)
{
    PRTL_BALANCED_NODE Parent;
    BOOLEAN After;
    PATOM_ENTRY Entry = Find(Name, &Parent, &After);

    if (!Entry)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    *Atom = (RTL_ATOM)(RTL_ATOM_FIRST + Entry->Slot);
    return STATUS_SUCCESS;
}

/* NtFindAtom: as NtAddAtom, but makes none: STATUS_OBJECT_NAME_NOT_FOUND.  (Win32: GlobalFindAtom)
 */
NTSTATUS NTAPI NtFindAtom(CLIENT(PCWSTR) AtomName, ULONG Length, CLIENT(PRTL_ATOM) Atom)
{
    ATOM_NAME Name;
    RTL_ATOM Result;
    NTSTATUS Status = Atom ? MmProbeForWrite(Atom, sizeof(*Atom)) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = CaptureName(&Name, AtomName, Length, &Result);
    if (NT_SUCCESS(Status) && !Result)
        Status = FindName(&Name, &Result);
    return NT_SUCCESS(Status) && Atom ? MmWriteClient(Atom, &Result) : Status;
}

/* NtDeleteAtom: takes one NtAddAtom back. Integer atoms stay. STATUS_INVALID_HANDLE.  (Win32:
 * GlobalDeleteAtom) */
NTSTATUS NTAPI NtDeleteAtom(RTL_ATOM Atom)
{
    PATOM_ENTRY Entry;

    if (Atom < RTL_ATOM_FIRST)
        return Atom ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
    Entry = EntryOf(Atom);
    if (!Entry)
        return STATUS_INVALID_HANDLE;
    if (--Entry->UsageCount == 0)
        Remove(Entry);
    return STATUS_SUCCESS;
}

static void NumberToName(RTL_ATOM Atom, PATOM_NAME Name)
{
    UNICODE_STRING Digits = {0, 8 * sizeof(WCHAR), Name->Text + 1};

    Name->Text[0] = '#';
    RtlIntegerToUnicodeString(Atom, 10, &Digits);
    Name->Length = Digits.Length + sizeof(WCHAR);
}

/* Flags is 1 for an atom that cannot be deleted. */
static NTSTATUS Describe(RTL_ATOM Atom, PATOM_BASIC_INFORMATION Basic, PATOM_NAME Name)
{
    PATOM_ENTRY Entry;

    if (!Atom)
        return STATUS_INVALID_PARAMETER;
    if (Atom < RTL_ATOM_FIRST) {
        Basic->UsageCount = Basic->Flags = 1;
        NumberToName(Atom, Name);
        return STATUS_SUCCESS;
    }
    Entry = EntryOf(Atom);
    if (!Entry)
        return STATUS_INVALID_HANDLE;
    Basic->UsageCount = Entry->UsageCount > MAXUSHORT ? MAXUSHORT : (USHORT)Entry->UsageCount;
    Basic->Flags = 0;
    Name->Length = Entry->Length;
    memcpy(Name->Text, Entry->Name, Entry->Length);
    return STATUS_SUCCESS;
}

/* Of a name that does not fit comes what fits, if that is anything, with its NUL. */
static NTSTATUS QueryBasic(RTL_ATOM Atom, CLIENT(PVOID) Buffer, ULONG Length, PULONG Needed)
{
    const ULONG Fixed = offsetof(ATOM_BASIC_INFORMATION, Name);
    struct {
        ATOM_BASIC_INFORMATION Basic;
        WCHAR More[RTL_ATOM_MAXIMUM_NAME_LENGTH];
    } Result;
    ATOM_NAME Name;
    ULONG Room = (Length - Fixed) & ~1u;
    NTSTATUS Status;

    *Needed = sizeof(Result.Basic);
    if (Length < sizeof(Result.Basic))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = Describe(Atom, &Result.Basic, &Name);
    if (!NT_SUCCESS(Status))
        return Status;
    *Needed = Fixed + Name.Length + sizeof(WCHAR);
    Result.Basic.NameLength = (USHORT)Name.Length;
    if (Room < 2 * sizeof(WCHAR)) {
        Status = MmCopyToClient(Buffer, &Result, Fixed);
        return NT_SUCCESS(Status) ? STATUS_BUFFER_TOO_SMALL : Status;
    }
    if (Name.Length > Room - sizeof(WCHAR))
        Name.Length = Room - sizeof(WCHAR);
    Result.Basic.NameLength = (USHORT)Name.Length;
    memcpy(Result.Basic.Name, Name.Text, Name.Length);
    Result.Basic.Name[Name.Length / sizeof(WCHAR)] = UNICODE_NULL;
    return MmCopyToClient(Buffer, &Result, Fixed + Name.Length + sizeof(WCHAR));
}

/* The atoms with names, in the order of their numbers; there may be others when it ends. */
static NTSTATUS QueryTable(CLIENT(PVOID) Buffer, ULONG Length, PULONG Needed)
{
    const ULONG Fixed = offsetof(ATOM_TABLE_INFORMATION, Atoms);
    ULONG Count = 0, Room = Length < Fixed ? 0 : (Length - Fixed) / (ULONG)sizeof(RTL_ATOM), Slot;
    NTSTATUS Status = STATUS_SUCCESS;

    *Needed = Fixed + AtomCount * (ULONG)sizeof(RTL_ATOM);
    if (Length < *Needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    for (Slot = 0; Slot < UsedSlots && Count < Room && NT_SUCCESS(Status); Slot++) {
        RTL_ATOM Atom = (RTL_ATOM)(RTL_ATOM_FIRST + Slot);

        if (!EntryOf(Atom))
            continue;
        Status =
            MmWriteClient((CLIENT(PRTL_ATOM))((CLIENT(PUCHAR))Buffer + Fixed) + Count++, &Atom);
        KeGiveWay();
    }
    return NT_SUCCESS(Status) ? MmWriteClient((CLIENT(PULONG))Buffer, &Count) : Status;
}

/*
 * NtQueryInformationAtom: AtomBasicInformation of an atom, AtomTableInformation of all that have
 * names. ReturnLength, if given, receives the bytes needed. Returns STATUS_INVALID_INFO_CLASS,
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_BUFFER_TOO_SMALL (no room for any character),
 * STATUS_INVALID_HANDLE, STATUS_INVALID_PARAMETER (0), STATUS_ACCESS_VIOLATION.  (Win32:
 * GlobalGetAtomName)
 */
NTSTATUS NTAPI NtQueryInformationAtom(RTL_ATOM Atom, ATOM_INFORMATION_CLASS Class,
                                      CLIENT(PVOID) Information, ULONG Length,
                                      CLIENT(PULONG) ReturnLength)
{
    ULONG Needed;
    NTSTATUS Status = MmProbeForWrite(Information, Length), LengthStatus = STATUS_SUCCESS;

    if (NT_SUCCESS(Status) && ReturnLength)
        Status = MmProbeForWrite(ReturnLength, sizeof(*ReturnLength));
    if (!NT_SUCCESS(Status))
        return Status;
    if (Class == AtomBasicInformation)
        Status = QueryBasic(Atom, Information, Length, &Needed);
    else if (Class == AtomTableInformation)
        Status = QueryTable(Information, Length, &Needed);
    else
        return STATUS_INVALID_INFO_CLASS;
    if (ReturnLength)
        LengthStatus = MmWriteClient(ReturnLength, &Needed);
    return NT_SUCCESS(LengthStatus) ? Status : LengthStatus;
}
