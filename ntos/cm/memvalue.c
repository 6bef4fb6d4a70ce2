// SPDX-License-Identifier: BSD-2-Clause
/*
 * The store in memory: values. Each is in two trees, by hash and name and by age. The names of
 * values can be long, so only those with the same hash are compared; the hash depends on a number
 * that nobody knows. Data are shared by the value and by whoever is reading them.
 */
#include "cmp.h"
#include "memstore.h"

#define MAXIMUM_DATA (15u << 20) /* bytes: the pool gives no more */

static PCMP_KEY KeyOf(CM_NODE Node)
{
    return (PCMP_KEY)Node;
}

static PCMP_VALUE ValueByName(PCM_ORDER_NODE Node)
{
    return CONTAINING_RECORD(Node, CMP_VALUE, ByName);
}

/* Of a long name. */
static PWSTR UpperName(PCMP_VALUE Value)
{
    return Value->Name + Value->NameLength / sizeof(WCHAR);
}

static LONG CompareName(const void *Key, PCM_ORDER_NODE Node)
{
    const CM_NAME *Name = Key;
    PCMP_VALUE Value = ValueByName(Node);

    if (Name->Hash != Value->Hash)
        return Name->Hash < Value->Hash ? -1 : 1;
    if (Name->Text.Length != Value->NameLength)
        return Name->Text.Length < Value->NameLength ? -1 : 1;
    if (Name->Upper && Name->Upper != UpperName(Value))
        return memcmp(Name->Upper, UpperName(Value), Value->NameLength);
    if (Name->Upper)
        return 0; /* it is the value's own name */
    return CmpCompareText(Name->Text.Buffer, Name->Text.Length, Value->Name, Value->NameLength);
}

static LONG CompareAge(const void *Key, PCM_ORDER_NODE Node)
{
    ULONGLONG Age = *(const ULONGLONG *)Key, Other = CONTAINING_RECORD(Node, CMP_VALUE, ByAge)->Age;

    return Age == Other ? 0 : Age < Other ? -1 : 1;
}

CM_VALUE CmpMemFindValue(CM_NODE Node, const CM_NAME *Name)
{
    PCM_ORDER_NODE Found = CmpOrderFind(&KeyOf(Node)->ValuesByName, CompareName, Name);

    return Found ? (CM_VALUE)ValueByName(Found) : 0;
}

CM_VALUE CmpMemValueAt(CM_NODE Node, ULONG Index)
{
    PCM_ORDER_NODE Found = CmpOrderAt(&KeyOf(Node)->ValuesByAge, Index);

    return Found ? (CM_VALUE)CONTAINING_RECORD(Found, CMP_VALUE, ByAge) : 0;
}

static void DereferenceData(PCMP_DATA Data)
{
    if (Data && !--Data->References)
        CmpMemFree(Data, sizeof(*Data) + Data->Length, TRUE);
}

static SIZE_T ValueSize(ULONG NameLength)
{
    return sizeof(CMP_VALUE) + (NameLength > CM_LONG_NAME ? 2 * NameLength : NameLength);
}

static void DereferenceValue(PCMP_VALUE Value)
{
    if (--Value->References)
        return;
    DereferenceData(Value->Data);
    CmpMemFree(Value, ValueSize(Value->NameLength), FALSE);
}

void CmpMemReferenceValue(CM_VALUE Node, PCM_VALUE_VIEW View)
{
    PCMP_VALUE Value = (PCMP_VALUE)Node;

    Value->References++;
    View->Name = (UNICODE_STRING){Value->NameLength, Value->NameLength, Value->Name};
    View->Type = Value->Type;
    View->DataLength = 0;
    View->Data = NULL;
    View->Reference[0] = Value;
    View->Reference[1] = Value->Data;
    if (Value->Data) {
        Value->Data->References++;
        View->Data = Value->Data->Bytes;
        View->DataLength = Value->Data->Length;
    }
}

void CmpMemDereferenceValue(PCM_VALUE_VIEW View)
{
    DereferenceData(View->Reference[1]);
    DereferenceValue(View->Reference[0]);
}

PVOID CmpMemAllocateData(ULONG Length)
{
    PCMP_DATA Data = Length <= MAXIMUM_DATA ? CmpMemAllocate(sizeof(*Data) + Length, TRUE) : NULL;

    if (!Data)
        return NULL;
    Data->References = 1;
    Data->Length = Length;
    return Data->Bytes;
}

static PCMP_DATA DataOf(PVOID Bytes)
{
    return Bytes ? CONTAINING_RECORD(Bytes, CMP_DATA, Bytes) : NULL;
}

void CmpMemFreeData(PVOID Data)
{
    DereferenceData(DataOf(Data));
}

/* A value without data, in the trees. */
static PCMP_VALUE AddValue(PCMP_KEY Key, const CM_NAME *Name)
{
    ULONG Length = Name->Text.Length;
    PCMP_VALUE Value = CmpMemAllocate(ValueSize(Length), FALSE);

    if (!Value)
        return NULL;
    Value->References = 1;
    Value->Hash = Name->Hash;
    Value->NameLength = Name->Text.Length;
    memcpy(Value->Name, Name->Text.Buffer, Length);
    if (Name->Upper)
        memcpy(UpperName(Value), Name->Upper, Length);
    Value->Age = Key->NextAge++;
    CmpOrderInsert(&Key->ValuesByName, CompareName, Name, &Value->ByName);
    CmpOrderInsert(&Key->ValuesByAge, CompareAge, &Value->Age, &Value->ByAge);
    if (Name->Text.Length > Key->MaxValueNameLength)
        Key->MaxValueNameLength = Name->Text.Length;
    return Value;
}

NTSTATUS CmpMemSetValue(CM_NODE Node, const CM_NAME *Name, ULONG Type, PVOID Data, ULONG Length)
{
    PCMP_KEY Key = KeyOf(Node);
    PCMP_VALUE Value = (PCMP_VALUE)CmpMemFindValue(Node, Name);
    PCMP_DATA Old;

    if (!Value)
        Value = AddValue(Key, Name);
    if (!Value)
        return STATUS_INSUFFICIENT_RESOURCES;
    Old = Value->Data;
    Value->Data = DataOf(Data);
    Value->Type = Type;
    if (Length > Key->MaxValueDataLength)
        Key->MaxValueDataLength = Length;
    Key->LastWriteTime = KeQuerySystemTime();
    DereferenceData(Old);
    return STATUS_SUCCESS;
}

void CmpMemDeleteValue(CM_NODE Node, CM_VALUE Number)
{
    PCMP_KEY Key = KeyOf(Node);
    PCMP_VALUE Value = (PCMP_VALUE)Number;
    CM_NAME Name = {.Text = {Value->NameLength, Value->NameLength, Value->Name},
                    .Hash = Value->Hash,
                    .Upper = Value->NameLength > CM_LONG_NAME ? UpperName(Value) : NULL};

    CmpOrderRemove(&Key->ValuesByName, CompareName, &Name);
    CmpOrderRemove(&Key->ValuesByAge, CompareAge, &Value->Age);
    if (!Key->ValuesByAge.Root)
        Key->MaxValueNameLength = Key->MaxValueDataLength = 0;
    Key->LastWriteTime = KeQuerySystemTime();
    DereferenceValue(Value);
}
