// SPDX-License-Identifier: BSD-2-Clause
/* Generic tables on splay trees. (WDK: RtlInitializeGenericTable) */
#include <nt/nttable.h>

typedef struct _TABLE_ENTRY {
    RTL_SPLAY_LINKS Links;
    LIST_ENTRY Order;
    ULONGLONG Data[]; /* as aligned as on Windows */
} TABLE_ENTRY, *PTABLE_ENTRY;

static PVOID DataOf(PRTL_SPLAY_LINKS Links)
{
    return Links ? CONTAINING_RECORD(Links, TABLE_ENTRY, Links)->Data : NULL;
}

void NTAPI RtlInitializeGenericTable(PRTL_GENERIC_TABLE Table,
                                     PRTL_GENERIC_COMPARE_ROUTINE CompareRoutine,
                                     PRTL_GENERIC_ALLOCATE_ROUTINE AllocateRoutine,
                                     PRTL_GENERIC_FREE_ROUTINE FreeRoutine, PVOID TableContext)
{
    memset(Table, 0, sizeof(*Table));
    InitializeListHead(&Table->InsertOrderList);
    Table->OrderedPointer = &Table->InsertOrderList;
    Table->CompareRoutine = CompareRoutine;
    Table->AllocateRoutine = AllocateRoutine;
    Table->FreeRoutine = FreeRoutine;
    Table->TableContext = TableContext;
}

static TABLE_SEARCH_RESULT Search(PRTL_GENERIC_TABLE Table, PVOID Buffer, PRTL_SPLAY_LINKS *Found)
{
    PRTL_SPLAY_LINKS Links = Table->TableRoot;
    TABLE_SEARCH_RESULT Result = TableEmptyTree;

    *Found = NULL;
    while (Links) {
        RTL_GENERIC_COMPARE_RESULTS Order = Table->CompareRoutine(Table, Buffer, DataOf(Links));

        *Found = Links;
        if (Order == GenericEqual)
            return TableFoundNode;
        Result = Order == GenericLessThan ? TableInsertAsLeft : TableInsertAsRight;
        Links = Order == GenericLessThan ? Links->LeftChild : Links->RightChild;
    }
    return Result;
}

static void Attach(PRTL_SPLAY_LINKS Links, PRTL_SPLAY_LINKS Parent, BOOLEAN Left)
{
    Links->LeftChild = Links->RightChild = NULL;
    Links->Parent = Parent ? Parent : Links;
    if (Parent && Left)
        Parent->LeftChild = Links;
    else if (Parent)
        Parent->RightChild = Links;
}

PVOID NTAPI RtlInsertElementGenericTable(PRTL_GENERIC_TABLE Table, PVOID Buffer, ULONG BufferSize,
                                         PBOOLEAN NewElement)
{
    PRTL_SPLAY_LINKS Links;
    TABLE_SEARCH_RESULT Result = Search(Table, Buffer, &Links);
    PTABLE_ENTRY Entry;

    if (NewElement)
        *NewElement = Result != TableFoundNode;
    if (Result != TableFoundNode) {
        Entry = BufferSize <= MAXULONG - sizeof(*Entry)
                    ? Table->AllocateRoutine(Table, BufferSize + (ULONG)sizeof(*Entry))
                    : NULL;
        if (!Entry) {
            if (NewElement)
                *NewElement = FALSE;
            return NULL;
        }
        memcpy(Entry->Data, Buffer, BufferSize);
        Attach(&Entry->Links, Links, Result == TableInsertAsLeft);
        InsertTailList(&Table->InsertOrderList, &Entry->Order);
        Table->NumberGenericTableElements++;
        Links = &Entry->Links;
    }
    Table->TableRoot = RtlSplay(Links);
    return DataOf(Links);
}

BOOLEAN NTAPI RtlDeleteElementGenericTable(PRTL_GENERIC_TABLE Table, PVOID Buffer)
{
    PRTL_SPLAY_LINKS Links;
    PTABLE_ENTRY Entry;

    if (Search(Table, Buffer, &Links) != TableFoundNode)
        return FALSE;
    Table->TableRoot = RtlDelete(Links);
    Entry = CONTAINING_RECORD(Links, TABLE_ENTRY, Links);
    RemoveEntryList(&Entry->Order);
    Table->NumberGenericTableElements--;
    Table->WhichOrderedElement = 0;
    Table->OrderedPointer = &Table->InsertOrderList;
    Table->FreeRoutine(Table, Entry);
    return TRUE;
}

/* What comes nearest to something that is not there moves to the top, too. */
PVOID NTAPI RtlLookupElementGenericTable(PRTL_GENERIC_TABLE Table, PVOID Buffer)
{
    PRTL_SPLAY_LINKS Links;
    TABLE_SEARCH_RESULT Result = Search(Table, Buffer, &Links);

    if (Links)
        Table->TableRoot = RtlSplay(Links);
    return Result == TableFoundNode ? DataOf(Links) : NULL;
}

static PRTL_SPLAY_LINKS First(PRTL_GENERIC_TABLE Table)
{
    PRTL_SPLAY_LINKS Links = Table->TableRoot;

    while (Links && Links->LeftChild)
        Links = Links->LeftChild;
    return Links;
}

/* The last one is at the top. */
PVOID NTAPI RtlEnumerateGenericTable(PRTL_GENERIC_TABLE Table, BOOLEAN Restart)
{
    PRTL_SPLAY_LINKS Links;

    if (!Table->TableRoot)
        return NULL;
    Links = Restart ? First(Table) : RtlRealSuccessor(Table->TableRoot);
    if (Links)
        Table->TableRoot = RtlSplay(Links);
    return DataOf(Links);
}

PVOID NTAPI RtlEnumerateGenericTableWithoutSplaying(PRTL_GENERIC_TABLE Table, PVOID *RestartKey)
{
    PRTL_SPLAY_LINKS Links = *RestartKey ? RtlRealSuccessor(*RestartKey) : First(Table);

    if (Links)
        *RestartKey = Links;
    return DataOf(Links);
}

/* From the last that was asked for, if that is nearer than the first. */
PVOID NTAPI RtlGetElementGenericTable(PRTL_GENERIC_TABLE Table, ULONG Index)
{
    PLIST_ENTRY Place = Table->OrderedPointer;
    ULONG Number = Table->WhichOrderedElement;

    if (Index >= Table->NumberGenericTableElements)
        return NULL;
    if (Index + 1 < Number / 2) {
        Place = &Table->InsertOrderList;
        Number = 0;
    }
    for (; Number < Index + 1; Number++)
        Place = Place->Flink;
    for (; Number > Index + 1; Number--)
        Place = Place->Blink;
    Table->OrderedPointer = Place;
    Table->WhichOrderedElement = Number;
    return CONTAINING_RECORD(Place, TABLE_ENTRY, Order)->Data;
}

ULONG NTAPI RtlNumberGenericTableElements(PRTL_GENERIC_TABLE Table)
{
    return Table->NumberGenericTableElements;
}

BOOLEAN NTAPI RtlIsGenericTableEmpty(PRTL_GENERIC_TABLE Table)
{
    return !Table->TableRoot;
}
