// SPDX-License-Identifier: BSD-2-Clause
/* Values by a table that says what is wanted of them. (WDK: RtlQueryRegistryValues) */
#include "rtlp.h"

#define FIRST_ROOM 512 /* bytes for a value; more as it needs them */

typedef struct _QUERY {
    HANDLE Top, Key; /* Key is Top, or a subkey that an entry has named */
    PRTL_QUERY_REGISTRY_TABLE Entry;
    PVOID Context;
    PVOID Environment;
    PKEY_VALUE_FULL_INFORMATION Value; /* heap: what was read last, NUL-terminated */
    ULONG Room;
} QUERY, *PQUERY;

/* One thing that an entry's routine, or its place, is told. */
typedef struct _ANSWER {
    PCWSTR Name;
    ULONG Type;
    PVOID Data;
    ULONG Length;
} ANSWER, *PANSWER;

/* ---- Where an entry wants the value itself (RTL_QUERY_REGISTRY_DIRECT) ---- */

/* A string that does not fit is not stored. */
static NTSTATUS StoreString(PUNICODE_STRING String, PANSWER Answer)
{
    if (Answer->Length > UNICODE_STRING_MAX_BYTES)
        return STATUS_SUCCESS;
    if (!String->Buffer) {
        String->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Answer->Length);
        if (!String->Buffer)
            return STATUS_NO_MEMORY;
        String->MaximumLength = (USHORT)Answer->Length;
    } else if (String->MaximumLength < Answer->Length) {
        return STATUS_SUCCESS;
    }
    memcpy(String->Buffer, Answer->Data, Answer->Length);
    String->Length = Answer->Length ? (USHORT)(Answer->Length - sizeof(WCHAR)) : 0;
    return STATUS_SUCCESS;
}

/* A number below 0 is the size of a buffer for the data alone; else they go behind size and type.
 */
static NTSTATUS StoreBytes(PVOID Place, PANSWER Answer)
{
    PULONG Header = Place;
    LONG Size = (LONG)*Header;

    if (Answer->Length <= sizeof(ULONG)) {
        memcpy(Place, Answer->Data, Answer->Length);
    } else if (Size < 0) {
        if ((ULONG)-Size >= Answer->Length)
            memcpy(Place, Answer->Data, Answer->Length);
    } else if ((ULONG)Size >= Answer->Length + 2 * sizeof(ULONG)) {
        Header[0] = Answer->Length;
        Header[1] = Answer->Type;
        memcpy(Header + 2, Answer->Data, Answer->Length);
    }
    return STATUS_SUCCESS;
}

static BOOLEAN IsText(ULONG Type)
{
    return Type == REG_SZ || Type == REG_EXPAND_SZ || Type == REG_MULTI_SZ;
}

static NTSTATUS Tell(PQUERY Query, PANSWER Answer)
{
    PRTL_QUERY_REGISTRY_TABLE Entry = Query->Entry;
    NTSTATUS Status;

    if (Entry->Flags & RTL_QUERY_REGISTRY_DIRECT)
        return IsText(Answer->Type) ? StoreString(Entry->EntryContext, Answer)
                                    : StoreBytes(Entry->EntryContext, Answer);
    Status = Entry->QueryRoutine(Answer->Name, Answer->Type, Answer->Data, Answer->Length,
                                 Query->Context, Entry->EntryContext);
    return Status == STATUS_BUFFER_TOO_SMALL ? STATUS_SUCCESS : Status;
}

/* ---- Values in pieces ---- */

/* Each string with its NUL. What follows the last NUL but one, or is not terminated, is none. */
static NTSTATUS TellEach(PQUERY Query, PANSWER All)
{
    PCWSTR Text = All->Data;
    ULONG Count = All->Length / sizeof(WCHAR), i, Start = 0;
    NTSTATUS Status = STATUS_SUCCESS;

    for (i = 0; i + 1 < Count && NT_SUCCESS(Status); i++) {
        ANSWER One = {All->Name, REG_SZ, (PVOID)(Text + Start),
                      (i + 1 - Start) * (ULONG)sizeof(WCHAR)};

        if (Text[i])
            continue;
        Status = Tell(Query, &One);
        Start = i + 1;
    }
    return Status;
}

static NTSTATUS Expand(PQUERY Query, PUNICODE_STRING Source, PUNICODE_STRING Expanded)
{
    ULONG Needed = 0;
    NTSTATUS Status;

    *Expanded = (UNICODE_STRING){0};
    RtlExpandEnvironmentStrings_U(Query->Environment, Source, Expanded, &Needed);
    Expanded->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Needed + sizeof(WCHAR));
    if (!Expanded->Buffer)
        return STATUS_NO_MEMORY;
    Expanded->MaximumLength = (USHORT)Needed;
    Status = RtlExpandEnvironmentStrings_U(Query->Environment, Source, Expanded, &Needed);
    if (!NT_SUCCESS(Status))
        RtlFreeHeap(RtlProcessHeap(), 0, Expanded->Buffer);
    return Status;
}

static NTSTATUS TellExpanded(PQUERY Query, PANSWER Answer)
{
    UNICODE_STRING Source = {0, 0, Answer->Data}, Expanded;
    NTSTATUS Status;

    if (Answer->Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return Tell(Query, Answer);
    Source.Length = (USHORT)(wcsnlen(Answer->Data, Answer->Length / sizeof(WCHAR)) * sizeof(WCHAR));
    Source.MaximumLength = Source.Length;
    Status = Expand(Query, &Source, &Expanded);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Tell(Query, &(ANSWER){Answer->Name, REG_SZ, Expanded.Buffer,
                                   Expanded.Length + (ULONG)sizeof(WCHAR)});
    RtlFreeHeap(RtlProcessHeap(), 0, Expanded.Buffer);
    return Status;
}

static NTSTATUS TellAll(PQUERY Query, PANSWER Answer)
{
    if (!(Query->Entry->Flags & RTL_QUERY_REGISTRY_NOEXPAND)) {
        if (Answer->Type == REG_MULTI_SZ)
            return TellEach(Query, Answer);
        if (Answer->Type == REG_EXPAND_SZ)
            return TellExpanded(Query, Answer);
    }
    return Tell(Query, Answer);
}

/* ---- What is there instead of a value that is not ---- */

static ULONG DefaultType(PRTL_QUERY_REGISTRY_TABLE Entry)
{
    return Entry->Flags & RTL_QUERY_REGISTRY_TYPECHECK
               ? Entry->DefaultType & ~RTL_QUERY_REGISTRY_TYPECHECK_MASK
               : Entry->DefaultType;
}

static ULONG DefaultLength(PRTL_QUERY_REGISTRY_TABLE Entry, ULONG Type)
{
    PCWSTR Text = Entry->DefaultData;

    if (Entry->DefaultLength || !IsText(Type))
        return Entry->DefaultLength;
    if (Type == REG_MULTI_SZ)
        while (*Text)
            Text += wcslen(Text) + 1;
    else
        Text += wcslen(Text);
    return (ULONG)((ULONG_PTR)(Text + 1) - (ULONG_PTR)Entry->DefaultData);
}

static NTSTATUS TellDefault(PQUERY Query)
{
    PRTL_QUERY_REGISTRY_TABLE Entry = Query->Entry;
    ULONG Type = DefaultType(Entry);
    ANSWER Answer = {Entry->Name, Type, Entry->DefaultData, 0};

    if (Type == REG_NONE)
        return Entry->Flags & RTL_QUERY_REGISTRY_REQUIRED ? STATUS_OBJECT_NAME_NOT_FOUND
                                                          : STATUS_SUCCESS;
    if (IsText(Type) && !Entry->DefaultData)
        return STATUS_DATA_OVERRUN;
    Answer.Length = DefaultLength(Entry, Type);
    return TellAll(Query, &Answer);
}

/* ---- Values of the key ---- */

/* The room holds two characters more than a value may take, for a NUL that its string lacks. */
static NTSTATUS Grow(PQUERY Query, ULONG Needed)
{
    if (Query->Value)
        RtlFreeHeap(RtlProcessHeap(), 0, Query->Value);
    Query->Room = Needed;
    Query->Value = RtlAllocateHeap(RtlProcessHeap(), 0, (SIZE_T)Needed + 2 * sizeof(WCHAR));
    return Query->Value ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* By name, or by number if Name is NULL. */
static NTSTATUS Read(PQUERY Query, PUNICODE_STRING Name, ULONG Index)
{
    ULONG Needed = FIRST_ROOM;
    NTSTATUS Status = Query->Value ? STATUS_SUCCESS : Grow(Query, FIRST_ROOM);

    while (NT_SUCCESS(Status)) {
        if (Name)
            Status = NtQueryValueKey(Query->Key, Name, KeyValueFullInformation, Query->Value,
                                     Query->Room, &Needed);
        else
            Status = NtEnumerateValueKey(Query->Key, Index, KeyValueFullInformation, Query->Value,
                                         Query->Room, &Needed);
        if (Status != STATUS_BUFFER_OVERFLOW)
            return Status;
        Status = Grow(Query, Needed);
    }
    return Status;
}

/* The name of the value read, as text on the heap: behind it in the buffer lie the data. */
static PWSTR CopyName(PKEY_VALUE_FULL_INFORMATION Value)
{
    PWSTR Name = RtlAllocateHeap(RtlProcessHeap(), 0, Value->NameLength + sizeof(WCHAR));

    if (!Name)
        return NULL;
    memcpy(Name, Value->Name, Value->NameLength);
    Name[Value->NameLength / sizeof(WCHAR)] = UNICODE_NULL;
    return Name;
}

/* A string that has no NUL gets one. */
static void Terminate(PANSWER Answer)
{
    PWSTR Text = Answer->Data;
    ULONG Count = Answer->Length / sizeof(WCHAR);

    if (!IsText(Answer->Type) || (Count && !Text[Count - 1]))
        return;
    Text[Count] = UNICODE_NULL;
    Answer->Length = (Count + 1) * sizeof(WCHAR);
}

static NTSTATUS TellValue(PQUERY Query, PCWSTR Name)
{
    PKEY_VALUE_FULL_INFORMATION Value = Query->Value;
    ULONG Flags = Query->Entry->Flags;
    ANSWER Answer = {Name, Value->Type, NULL, Value->DataLength};
    ULONG Wanted = (ULONG)Query->Entry->DefaultType >> RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;

    if ((Flags & RTL_QUERY_REGISTRY_TYPECHECK) && Value->Type != Wanted)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (!Value->DataLength)
        Value->DataOffset = (Query->Room + 1) & ~1u;
    Answer.Data = (PUCHAR)Value + Value->DataOffset;
    Terminate(&Answer);
    return TellAll(Query, &Answer);
}

static NTSTATUS QueryNamed(PQUERY Query)
{
    UNICODE_STRING Name;
    NTSTATUS Status;

    RtlInitUnicodeString(&Name, Query->Entry->Name);
    Status = Read(Query, &Name, 0);
    if (Status == STATUS_OBJECT_NAME_NOT_FOUND)
        return TellDefault(Query);
    if (NT_SUCCESS(Status))
        Status = TellValue(Query, Query->Entry->Name);
    if (NT_SUCCESS(Status) && (Query->Entry->Flags & RTL_QUERY_REGISTRY_DELETE))
        NtDeleteValueKey(Query->Key, &Name);
    return Status;
}

static NTSTATUS QueryEvery(PQUERY Query)
{
    ULONG Index;
    NTSTATUS Status = STATUS_SUCCESS;

    for (Index = 0; NT_SUCCESS(Status); Index++) {
        PWSTR Name;

        Status = Read(Query, NULL, Index);
        if (!NT_SUCCESS(Status))
            break;
        Name = CopyName(Query->Value);
        Status = Name ? TellValue(Query, Name) : STATUS_NO_MEMORY;
        if (Name)
            RtlFreeHeap(RtlProcessHeap(), 0, Name);
    }
    if (Status != STATUS_NO_MORE_ENTRIES)
        return Status;
    return !Index && (Query->Entry->Flags & RTL_QUERY_REGISTRY_REQUIRED)
               ? STATUS_OBJECT_NAME_NOT_FOUND
               : STATUS_SUCCESS;
}

/* ---- Entries ---- */

static void BackToTop(PQUERY Query)
{
    if (Query->Key != Query->Top)
        NtClose(Query->Key);
    Query->Key = Query->Top;
}

static NTSTATUS OpenSubkey(PQUERY Query)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Key;
    NTSTATUS Status;

    if (!Query->Entry->Name)
        return STATUS_INVALID_PARAMETER;
    RtlInitUnicodeString(&Name, Query->Entry->Name);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, Query->Top, NULL);
    Status = NtOpenKey(&Key, MAXIMUM_ALLOWED, &Attributes);
    if (NT_SUCCESS(Status))
        Query->Key = Key;
    return Status;
}

static BOOLEAN IsSound(PRTL_QUERY_REGISTRY_TABLE Entry)
{
    return !(Entry->Flags & RTL_QUERY_REGISTRY_DIRECT) ||
           (Entry->Name && !Entry->QueryRoutine && !(Entry->Flags & RTL_QUERY_REGISTRY_SUBKEY));
}

static NTSTATUS QueryEntry(PQUERY Query)
{
    PRTL_QUERY_REGISTRY_TABLE Entry = Query->Entry;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!IsSound(Entry))
        return STATUS_INVALID_PARAMETER;
    if (Entry->Flags & (RTL_QUERY_REGISTRY_TOPKEY | RTL_QUERY_REGISTRY_SUBKEY))
        BackToTop(Query);
    if (Entry->Flags & RTL_QUERY_REGISTRY_SUBKEY) {
        Status = OpenSubkey(Query);
        return NT_SUCCESS(Status) && Entry->QueryRoutine ? QueryEvery(Query) : Status;
    }
    if (Entry->Name)
        return QueryNamed(Query);
    if (Entry->Flags & RTL_QUERY_REGISTRY_NOVALUE)
        return Tell(Query, &(ANSWER){NULL, REG_NONE, NULL, 0});
    return QueryEvery(Query);
}

static NTSTATUS QueryEntries(PQUERY Query, PRTL_QUERY_REGISTRY_TABLE Table)
{
    NTSTATUS Status = STATUS_SUCCESS;

    for (Query->Entry = Table;
         NT_SUCCESS(Status) &&
         (Query->Entry->QueryRoutine ||
          (Query->Entry->Flags & (RTL_QUERY_REGISTRY_SUBKEY | RTL_QUERY_REGISTRY_DIRECT)));
         Query->Entry++)
        Status = QueryEntry(Query);
    BackToTop(Query);
    if (Query->Value)
        RtlFreeHeap(RtlProcessHeap(), 0, Query->Value);
    return Status;
}

NTSTATUS NTAPI RtlQueryRegistryValuesEx(ULONG RelativeTo, PCWSTR Path,
                                        PRTL_QUERY_REGISTRY_TABLE Table, PVOID Context,
                                        PVOID Environment)
{
    QUERY Query = {.Context = Context, .Environment = Environment};
    NTSTATUS Status;

    if (RelativeTo & RTL_REGISTRY_HANDLE) {
        Query.Top = Query.Key = (HANDLE)Path;
        return QueryEntries(&Query, Table);
    }
    Status = RtlpOpenRegistryPath(RelativeTo, Path, MAXIMUM_ALLOWED, FALSE, &Query.Top);
    if (!NT_SUCCESS(Status))
        return Status;
    Query.Key = Query.Top;
    Status = QueryEntries(&Query, Table);
    NtClose(Query.Top);
    return Status;
}

NTSTATUS NTAPI RtlQueryRegistryValues(ULONG RelativeTo, PCWSTR Path,
                                      PRTL_QUERY_REGISTRY_TABLE Table, PVOID Context,
                                      PVOID Environment)
{
    return RtlQueryRegistryValuesEx(RelativeTo, Path, Table, Context, Environment);
}
