/* SPDX-License-Identifier: BSD-2-Clause */
/* API sets: the schema that processes see, as programs read it, and what the loader makes of it. */
#include "tap.h"

static const API_SET_NAMESPACE *Schema;

static const void *At(ULONG Offset)
{
    return (const UCHAR *)Schema + Offset;
}

static BOOLEAN IsText(ULONG Offset, ULONG Length, PCWSTR Text)
{
    return wcslen(Text) * sizeof(WCHAR) == Length && memcmp(At(Offset), Text, Length) == 0;
}

static BOOLEAN IsInside(ULONG Offset, ULONG Length)
{
    return Offset >= sizeof(*Schema) && Offset < Schema->Size && Length <= Schema->Size - Offset;
}

static ULONG Hash(const API_SET_NAMESPACE_ENTRY *Entry)
{
    const WCHAR *Name = At(Entry->NameOffset);
    ULONG Value = 0;

    for (ULONG i = 0; i < Entry->HashedLength / sizeof(WCHAR); i++)
        Value = Value * Schema->HashFactor + Name[i];
    return Value;
}

static void TestSchema(void)
{
    const API_SET_NAMESPACE_ENTRY *Entries = At(Schema->EntryOffset);
    const API_SET_HASH_ENTRY *Hashes = At(Schema->HashOffset);
    ULONG Last = 0, Wrong = 0, Kernel32 = 0;

    ok(Schema->Version == 6 && Schema->Flags == 0, "version 6");
    ok(Schema->Count >= 500, "some 500 API sets");
    ok(IsInside(Schema->EntryOffset, Schema->Count * sizeof(*Entries)) &&
           IsInside(Schema->HashOffset, Schema->Count * sizeof(*Hashes)),
       "its tables are within it");
    for (ULONG i = 0; i < Schema->Count; i++) {
        const API_SET_NAMESPACE_ENTRY *Entry = &Entries[Hashes[i].Index];
        const API_SET_VALUE_ENTRY *Value = At(Entry->ValueOffset);

        if (Hashes[i].Hash < Last || Hashes[i].Hash != Hash(Entry) ||
            !IsInside(Entry->NameOffset, Entry->NameLength) || Entry->ValueCount != 1 ||
            !IsInside(Entry->ValueOffset, sizeof(*Value)) || Value->NameLength ||
            (Value->ValueLength && !IsInside(Value->ValueOffset, Value->ValueLength)))
            Wrong++;
        Last = Hashes[i].Hash;
        if (IsText(Entry->NameOffset, Entry->NameLength, u"api-ms-win-core-atoms-l1-1-0") &&
            IsText(Value->ValueOffset, Value->ValueLength, u"kernel32.dll"))
            Kernel32++;
    }
    ok(!Wrong, "hashes are sorted and right, names and values within it");
    ok(Kernel32 == 1, "an API set of kernel32");
}

static BOOLEAN Query(PCWSTR Text, BOOLEAN InSchema, BOOLEAN Present)
{
    BOOLEAN Is = 2, Has = 2, Again = 2;
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Text);
    return NT_SUCCESS(ApiSetQueryApiSetPresenceEx(&Name, &Is, &Has)) && Is == InSchema &&
           Has == Present && NT_SUCCESS(ApiSetQueryApiSetPresence(&Name, &Again)) &&
           Again == Present;
}

static void TestPresence(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"api-ms-win-core-file-l1-1-0.dll");
    BOOLEAN Is, Has;

    ok(Query(u"api-ms-win-core-apiquery-l1-1-0", TRUE, TRUE), "one that is there");
    ok(Query(u"API-MS-Win-Core-ApiQuery-L1-1-0", TRUE, TRUE), "in any case of letters");
    ok(Query(u"api-ms-win-core-datetime-l1-1-0", TRUE, TRUE), "an older revision");
    ok(Query(u"api-ms-win-core-datetime-l1-1-9", FALSE, FALSE), "a newer revision");
    ok(Query(u"api-ms-win-core-none-l1-1-0", FALSE, FALSE), "one that is not there");
    ok(Query(u"ntdll", FALSE, FALSE), "no API set's name");
    ok(Query(u"", FALSE, FALSE), "no name");
    ok_status(ApiSetQueryApiSetPresenceEx(&Name, &Is, &Has), STATUS_INVALID_PARAMETER,
              "an extension");
}

static NTSTATUS Handle(PCWSTR Text, PVOID *Base)
{
    UNICODE_STRING Name;

    *Base = NULL;
    RtlInitUnicodeString(&Name, Text);
    return LdrGetDllHandle(NULL, NULL, &Name, Base);
}

static NTSTATUS Load(PCWSTR Text, PVOID *Base)
{
    UNICODE_STRING Name;

    *Base = NULL;
    RtlInitUnicodeString(&Name, Text);
    return LdrLoadDll(NULL, NULL, &Name, Base);
}

static void TestLoading(void)
{
    PVOID Ntdll, Base, Address = NULL;
    ANSI_STRING Name = RTL_CONSTANT_STRING("NtClose");

    Handle(u"ntdll.dll", &Ntdll);
    ok(NT_SUCCESS(Handle(u"api-ms-win-core-apiquery-l1-1-0.dll", &Base)) && Base == Ntdll,
       "an API set that is loaded");
    ok(NT_SUCCESS(Handle(u"api-ms-win-core-apiquery-l1-1-0", &Base)) && Base == Ntdll,
       "without an extension");
    ok(NT_SUCCESS(Load(u"API-MS-WIN-CORE-APIQUERY-L1-1-7.DLL", &Base)) && Base == Ntdll,
       "load it, in another revision");
    ok(NT_SUCCESS(LdrGetProcedureAddress(Base, &Name, 0, &Address)) && Address,
       "it has what its host exports");
    ok_status(Load(u"ext-ms-win-none-l1-1-0.dll", &Base), STATUS_DLL_NOT_FOUND,
              "an extension that nobody has");
    ok_status(Load(u"api-ms-win-none-l1-1-0.dll", &Base), STATUS_DLL_NOT_FOUND,
              "an API set that nobody has");
    ok_status(Load(u"ext-ms-win-shell-shell32-l1-2-0.dll", &Base), STATUS_DLL_NOT_FOUND,
              "a host that is not there");
    ok_status(Handle(u"ext-ms-win-none-l1-1-0.dll", &Base), STATUS_DLL_NOT_FOUND,
              "nor is it loaded");
}

void TestApiSets(void)
{
    Schema = NtCurrentPeb()->ApiSetMap;
    if (!ok(Schema != NULL, "the PEB has a schema"))
        return;
    TestSchema();
    TestPresence();
    TestLoading();
}
