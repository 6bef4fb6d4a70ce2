// SPDX-License-Identifier: BSD-2-Clause
/*
 * Fiber-local storage. Each fiber's values are in chunks, each twice as large as the one before,
 * which come when a value is first set; TEB.FlsData is the running fiber's. The PEB has the list of
 * all fibers' data and, for those who look there, a bit for each of the first indices. (Win32:
 * FlsAlloc)
 */
#include "rtlp.h"

#define FIRST_CHUNK_SLOTS 16
#define CHUNKS 8
#define SHOWN_INDICES 128   /* in PEB.FlsBitmap */
#define MAXIMUM_INDEX 0xff0 /* as many as the chunks have */

_Static_assert(MAXIMUM_INDEX == FIRST_CHUNK_SLOTS * ((1 << CHUNKS) - 1),
               "as many as the chunks have");

typedef struct _FLS_DATA {
    LIST_ENTRY Links; /* in PEB.FlsListHead */
    PVOID *Chunks[CHUNKS];
} FLS_DATA, *PFLS_DATA;

typedef struct _FLS_SLOT {
    BOOLEAN Used;
    PFLS_CALLBACK_FUNCTION Callback;
} FLS_SLOT;

/* Under the PEB's lock. Index 0 is never given out. */
static FLS_SLOT *Slots;
static ULONG SlotCount;
static RTL_BITMAP Bitmap;

/* Where the value of an index is, or would be; NULL: its chunk is not there. */
static PVOID *ValueAt(PFLS_DATA Data, ULONG Index, ULONG *Chunk, ULONG *ChunkSlots)
{
    ULONG Start = 0;

    *ChunkSlots = FIRST_CHUNK_SLOTS;
    for (*Chunk = 0; Index - Start >= *ChunkSlots; ++*Chunk) {
        Start += *ChunkSlots;
        *ChunkSlots *= 2;
    }
    return Data->Chunks[*Chunk] ? &Data->Chunks[*Chunk][Index - Start] : NULL;
}

static PVOID *ExistingValue(PFLS_DATA Data, ULONG Index)
{
    ULONG Chunk, ChunkSlots;

    return Data ? ValueAt(Data, Index, &Chunk, &ChunkSlots) : NULL;
}

static PFLS_DATA CurrentData(void)
{
    return NtCurrentTeb()->FlsData;
}

/* Makes what is needed for a value of the running fiber. */
static PVOID *MakeValue(ULONG Index)
{
    PFLS_DATA Data = CurrentData();
    ULONG Chunk, ChunkSlots;
    PVOID *Value;

    if (!Data) {
        Data = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*Data));
        if (!Data)
            return NULL;
        RtlAcquirePebLock();
        InsertTailList(&NtCurrentPeb()->FlsListHead, &Data->Links);
        RtlReleasePebLock();
        NtCurrentTeb()->FlsData = Data;
    }
    Value = ValueAt(Data, Index, &Chunk, &ChunkSlots);
    if (Value)
        return Value;
    Data->Chunks[Chunk] =
        RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, ChunkSlots * sizeof(PVOID));
    return ValueAt(Data, Index, &Chunk, &ChunkSlots);
}

/* A free index; 0: there is none, or no memory for it. */
static ULONG FindFree(void)
{
    ULONG NewCount = SlotCount ? SlotCount * 2 : 64, Index = 1;
    FLS_SLOT *New;

    while (Index < SlotCount && Slots[Index].Used)
        Index++;
    if (Index < SlotCount)
        return Index;
    if (SlotCount == MAXIMUM_INDEX)
        return 0;
    if (NewCount > MAXIMUM_INDEX)
        NewCount = MAXIMUM_INDEX;
    New = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, NewCount * sizeof(*New));
    if (!New)
        return 0;
    if (Slots) {
        memcpy(New, Slots, SlotCount * sizeof(*New));
        RtlFreeHeap(RtlProcessHeap(), 0, Slots);
    }
    Slots = New;
    SlotCount = NewCount;
    return Index;
}

void RtlpInitializeFls(PPEB Peb)
{
    InitializeListHead(&Peb->FlsListHead);
    RtlInitializeBitMap(&Bitmap, Peb->FlsBitmapBits, SHOWN_INDICES);
    RtlSetBits(&Bitmap, 0, 1);
    Peb->FlsBitmap = &Bitmap;
}

static void ShowIndex(ULONG Index, BOOLEAN Used)
{
    PPEB Peb = NtCurrentPeb();

    if (Index < SHOWN_INDICES && Used)
        RtlSetBits(&Bitmap, Index, 1);
    else if (Index < SHOWN_INDICES)
        RtlClearBits(&Bitmap, Index, 1);
    if (Used && Index > Peb->FlsHighIndex)
        Peb->FlsHighIndex = Index;
}

NTSTATUS NTAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION Callback, PULONG Index)
{
    RtlAcquirePebLock();
    *Index = FindFree();
    if (*Index) {
        Slots[*Index] = (FLS_SLOT){TRUE, Callback};
        ShowIndex(*Index, TRUE);
    }
    RtlReleasePebLock();
    return *Index ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static BOOLEAN IsUsed(ULONG Index)
{
    return Index && Index < SlotCount && Slots[Index].Used;
}

/* Every fiber's value goes, and whoever owns it hears of that. The callback may use this storage:
 * the lock is one that its owner may take again. */
NTSTATUS NTAPI RtlFlsFree(ULONG Index)
{
    PLIST_ENTRY Head = &NtCurrentPeb()->FlsListHead;
    PFLS_CALLBACK_FUNCTION Callback;

    RtlAcquirePebLock();
    if (!IsUsed(Index)) {
        RtlReleasePebLock();
        return STATUS_INVALID_PARAMETER;
    }
    Callback = Slots[Index].Callback;
    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        PVOID *Value = ExistingValue(CONTAINING_RECORD(Links, FLS_DATA, Links), Index);
        PVOID Old = Value ? *Value : NULL;

        if (Value)
            *Value = NULL;
        if (Old && Callback)
            Callback(Old);
    }
    Slots[Index].Used = FALSE;
    ShowIndex(Index, FALSE);
    RtlReleasePebLock();
    return STATUS_SUCCESS;
}

/* A fiber that has set nothing has no values at all. */
NTSTATUS NTAPI RtlFlsGetValue(ULONG Index, PVOID *Value)
{
    PFLS_DATA Data = CurrentData();
    PVOID *Place;

    if (!Index || Index >= MAXIMUM_INDEX || !Data)
        return STATUS_INVALID_PARAMETER;
    Place = ExistingValue(Data, Index);
    *Value = Place ? *Place : NULL;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlFlsSetValue(ULONG Index, PVOID Value)
{
    PVOID *Place;

    if (!Index || Index >= MAXIMUM_INDEX)
        return STATUS_INVALID_PARAMETER;
    Place = MakeValue(Index);
    if (!Place)
        return STATUS_NO_MEMORY;
    *Place = Value;
    return STATUS_SUCCESS;
}

static void RunCallbacks(PFLS_DATA Data)
{
    RtlAcquirePebLock();
    for (ULONG Index = 1; Index < SlotCount; Index++) {
        PVOID *Value = ExistingValue(Data, Index);
        PVOID Old = Value ? *Value : NULL;

        if (!Old || !Slots[Index].Used || !Slots[Index].Callback)
            continue;
        *Value = NULL;
        Slots[Index].Callback(Old);
    }
    RtlReleasePebLock();
}

void NTAPI RtlProcessFlsData(PVOID FlsData, ULONG Flags)
{
    PFLS_DATA Data = FlsData;

    if (!Data)
        return;
    if (Flags & RTL_FLS_RUN_CALLBACKS)
        RunCallbacks(Data);
    if (!(Flags & RTL_FLS_FREE_DATA))
        return;
    RtlAcquirePebLock();
    RemoveEntryList(&Data->Links);
    RtlReleasePebLock();
    if (NtCurrentTeb()->FlsData == Data)
        NtCurrentTeb()->FlsData = NULL;
    for (ULONG i = 0; i < CHUNKS; i++) {
        if (Data->Chunks[i])
            RtlFreeHeap(RtlProcessHeap(), 0, Data->Chunks[i]);
    }
    RtlFreeHeap(RtlProcessHeap(), 0, Data);
}
