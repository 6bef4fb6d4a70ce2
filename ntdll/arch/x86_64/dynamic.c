// SPDX-License-Identifier: BSD-2-Clause
/* Function tables that programs make at run time, for code that they have made: tables, tables that
 * grow, and routines that are asked. */
#include "sehp.h"

typedef struct _DYNAMIC_TABLE {
    LIST_ENTRY Links;
    ULONG64 Low, High; /* what it covers: from Low to below High */
    ULONG64 Base;
    PVOID Identifier; /* the table, or the callback's */
    PRUNTIME_FUNCTION Functions;
    ULONG Count, Maximum;
    BOOLEAN Sorted, Growable;
    PGET_RUNTIME_FUNCTION_CALLBACK Callback;
    PVOID CallbackContext;
} DYNAMIC_TABLE, *PDYNAMIC_TABLE;

static RTL_CRITICAL_SECTION Lock = {.LockCount = -1};
static LIST_ENTRY Tables = {&Tables, &Tables};

static PDYNAMIC_TABLE NewTable(PVOID Identifier, ULONG64 Base)
{
    PDYNAMIC_TABLE New = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*New));

    if (New) {
        New->Identifier = Identifier;
        New->Base = Base;
    }
    return New;
}

static void Insert(PDYNAMIC_TABLE New)
{
    RtlEnterCriticalSection(&Lock);
    InsertTailList(&Tables, &New->Links);
    RtlLeaveCriticalSection(&Lock);
}

static BOOLEAN Delete(PVOID Identifier, BOOLEAN Growable)
{
    BOOLEAN Found = FALSE;

    RtlEnterCriticalSection(&Lock);
    for (PLIST_ENTRY Links = Tables.Flink; Links != &Tables; Links = Links->Flink) {
        PDYNAMIC_TABLE This = CONTAINING_RECORD(Links, DYNAMIC_TABLE, Links);

        if (This->Growable != Growable || (Growable ? (PVOID)This : This->Identifier) != Identifier)
            continue;
        RemoveEntryList(Links);
        RtlFreeHeap(RtlProcessHeap(), 0, This);
        Found = TRUE;
        break;
    }
    RtlLeaveCriticalSection(&Lock);
    return Found;
}

/* The range that unordered entries span, and whether they are ordered. */
static void Survey(PDYNAMIC_TABLE Table)
{
    ULONG Low = MAXULONG, High = 0;

    Table->Sorted = TRUE;
    for (ULONG i = 0; i < Table->Count; i++) {
        PRUNTIME_FUNCTION Function = &Table->Functions[i];

        Low = Function->BeginAddress < Low ? Function->BeginAddress : Low;
        High = Function->EndAddress > High ? Function->EndAddress : High;
        if (i && Function->BeginAddress < Table->Functions[i - 1].EndAddress)
            Table->Sorted = FALSE;
    }
    Table->Low = Table->Base + Low;
    Table->High = Table->Base + High;
}

/* (Windows: RtlAddFunctionTable) */
BOOLEAN RtlAddFunctionTable(PRUNTIME_FUNCTION FunctionTable, ULONG EntryCount, ULONG64 BaseAddress)
{
    PDYNAMIC_TABLE New = NewTable(FunctionTable, BaseAddress);

    if (!New)
        return FALSE;
    New->Functions = FunctionTable;
    New->Count = EntryCount;
    Survey(New);
    Insert(New);
    return TRUE;
}

BOOLEAN RtlDeleteFunctionTable(PRUNTIME_FUNCTION FunctionTable)
{
    return Delete(FunctionTable, FALSE);
}

/* The low bits of TableIdentifier tell that it is one. Another process's debugger, for which the
 * DLL is, is not served. */
BOOLEAN RtlInstallFunctionTableCallback(ULONG64 TableIdentifier, ULONG64 BaseAddress, ULONG Length,
                                        PGET_RUNTIME_FUNCTION_CALLBACK Callback, PVOID Context,
                                        PCWSTR OutOfProcessCallbackDll)
{
    PDYNAMIC_TABLE New;

    if ((TableIdentifier & DYNAMIC_FUNCTION_TABLE_CALLBACK_TAG) !=
            DYNAMIC_FUNCTION_TABLE_CALLBACK_TAG ||
        Length > MAXLONG)
        return FALSE;
    New = NewTable((PVOID)TableIdentifier, BaseAddress);
    if (!New)
        return FALSE;
    New->Low = BaseAddress;
    New->High = BaseAddress + Length;
    New->Callback = Callback;
    New->CallbackContext = Context;
    Insert(New);
    return TRUE;
}

NTSTATUS RtlAddGrowableFunctionTable(PVOID *DynamicTable, PRUNTIME_FUNCTION FunctionTable,
                                     ULONG EntryCount, ULONG MaximumEntryCount, ULONG_PTR RangeBase,
                                     ULONG_PTR RangeEnd)
{
    PDYNAMIC_TABLE New;

    if (EntryCount > MaximumEntryCount || RangeEnd <= RangeBase)
        return STATUS_INVALID_PARAMETER;
    New = NewTable(FunctionTable, RangeBase);
    if (!New)
        return STATUS_NO_MEMORY;
    New->Functions = FunctionTable;
    New->Count = EntryCount;
    New->Maximum = MaximumEntryCount;
    New->Sorted = New->Growable = TRUE;
    New->Low = RangeBase;
    New->High = RangeEnd;
    Insert(New);
    *DynamicTable = New;
    return STATUS_SUCCESS;
}

/* The program has written the new entries behind the others. */
void RtlGrowFunctionTable(PVOID DynamicTable, ULONG NewEntryCount)
{
    PDYNAMIC_TABLE Table = DynamicTable;

    if (NewEntryCount <= Table->Maximum)
        __atomic_store_n(&Table->Count, NewEntryCount, __ATOMIC_RELEASE);
}

void RtlDeleteGrowableFunctionTable(PVOID DynamicTable)
{
    Delete(DynamicTable, TRUE);
}

static PRUNTIME_FUNCTION SearchTable(PDYNAMIC_TABLE Table, ULONG Rva)
{
    ULONG Count = __atomic_load_n(&Table->Count, __ATOMIC_ACQUIRE);

    if (Table->Sorted)
        return SehpSearchFunctions(Table->Functions, Count, Rva);
    for (ULONG i = 0; i < Count; i++)
        if (Rva >= Table->Functions[i].BeginAddress && Rva < Table->Functions[i].EndAddress)
            return &Table->Functions[i];
    return NULL;
}

/* A copy, since the callback is called without the lock. */
static BOOLEAN FindTable(ULONG64 ControlPc, PDYNAMIC_TABLE Found)
{
    BOOLEAN Is = FALSE;

    RtlEnterCriticalSection(&Lock);
    for (PLIST_ENTRY Links = Tables.Flink; Links != &Tables && !Is; Links = Links->Flink) {
        *Found = *CONTAINING_RECORD(Links, DYNAMIC_TABLE, Links);
        Is = ControlPc >= Found->Low && ControlPc < Found->High;
    }
    RtlLeaveCriticalSection(&Lock);
    return Is;
}

PRUNTIME_FUNCTION SehpFindDynamicFunction(ULONG64 ControlPc, PULONG64 ImageBase)
{
    DYNAMIC_TABLE Table;

    if (__atomic_load_n(&Tables.Flink, __ATOMIC_ACQUIRE) == &Tables ||
        !FindTable(ControlPc, &Table))
        return NULL;
    *ImageBase = Table.Base;
    if (Table.Callback)
        return Table.Callback(ControlPc, Table.CallbackContext);
    return SearchTable(&Table, (ULONG)(ControlPc - Table.Base));
}
