// SPDX-License-Identifier: BSD-2-Clause
/* What can be asked of keys. */
#include "cmp.h"

/* Texts of a key that were copied, since others run while the client gets them. */
typedef struct _CM_TEXTS {
    UNICODE_STRING Name, Class;
    WCHAR NameBuffer[CMP_MAXIMUM_KEY_NAME / sizeof(WCHAR)];
    PWSTR ClassBuffer; /* pool */
} CM_TEXTS, *PCM_TEXTS;

static NTSTATUS CopyTexts(const CM_NODE_FACTS *Facts, PCM_TEXTS Texts)
{
    memcpy(Texts->NameBuffer, Facts->Name.Buffer, Facts->Name.Length);
    Texts->Name = Facts->Name;
    Texts->Name.Buffer = Texts->NameBuffer;
    Texts->Class = (UNICODE_STRING){0};
    Texts->ClassBuffer = NULL;
    if (!Facts->Class.Length)
        return STATUS_SUCCESS;
    Texts->ClassBuffer = ExAllocatePool(Facts->Class.Length);
    if (!Texts->ClassBuffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(Texts->ClassBuffer, Facts->Class.Buffer, Facts->Class.Length);
    Texts->Class = Facts->Class;
    Texts->Class.Buffer = Texts->ClassBuffer;
    return STATUS_SUCCESS;
}

static void MakeBasic(PCM_RESULT Result, const CM_NODE_FACTS *Facts, PCM_TEXTS Texts)
{
    KEY_BASIC_INFORMATION Basic = {.LastWriteTime = Facts->LastWriteTime,
                                   .NameLength = Texts->Name.Length};

    CmpSetFixedPart(Result, &Basic, offsetof(KEY_BASIC_INFORMATION, Name));
    CmpAddPart(Result, Texts->Name.Buffer, Texts->Name.Length, 1);
}

static void MakeNode(PCM_RESULT Result, const CM_NODE_FACTS *Facts, PCM_TEXTS Texts)
{
    KEY_NODE_INFORMATION Node = {.LastWriteTime = Facts->LastWriteTime,
                                 .ClassOffset = MAXULONG,
                                 .ClassLength = Texts->Class.Length,
                                 .NameLength = Texts->Name.Length};

    CmpSetFixedPart(Result, &Node, offsetof(KEY_NODE_INFORMATION, Name));
    CmpAddPart(Result, Texts->Name.Buffer, Texts->Name.Length, 1);
    if (!Texts->Class.Length)
        return;
    Node.ClassOffset = CmpAddPart(Result, Texts->Class.Buffer, Texts->Class.Length, sizeof(ULONG));
    memcpy(Result->Fixed.Bytes, &Node, Result->FixedLength);
}

static void MakeFull(PCM_RESULT Result, const CM_NODE_FACTS *Facts, PCM_TEXTS Texts)
{
    KEY_FULL_INFORMATION Full = {
        .LastWriteTime = Facts->LastWriteTime,
        .ClassOffset = Texts->Class.Length ? offsetof(KEY_FULL_INFORMATION, Class) : MAXULONG,
        .ClassLength = Texts->Class.Length,
        .SubKeys = Facts->SubKeys,
        .MaxNameLen = Facts->MaxNameLength,
        .MaxClassLen = Facts->MaxClassLength,
        .Values = Facts->Values,
        .MaxValueNameLen = Facts->MaxValueNameLength,
        .MaxValueDataLen = Facts->MaxValueDataLength,
    };

    CmpSetFixedPart(Result, &Full, offsetof(KEY_FULL_INFORMATION, Class));
    if (Texts->Class.Length)
        CmpAddPart(Result, Texts->Class.Buffer, Texts->Class.Length, 1);
}

static void MakeCached(PCM_RESULT Result, const CM_NODE_FACTS *Facts)
{
    KEY_CACHED_INFORMATION Cached = {
        .LastWriteTime = Facts->LastWriteTime,
        .SubKeys = Facts->SubKeys,
        .MaxNameLen = Facts->MaxNameLength,
        .Values = Facts->Values,
        .MaxValueNameLen = Facts->MaxValueNameLength,
        .MaxValueDataLen = Facts->MaxValueDataLength,
        .NameLength = Facts->Name.Length,
    };

    CmpSetFixedPart(Result, &Cached, sizeof(Cached));
}

static void MakeFlags(PCM_RESULT Result, const CM_NODE_FACTS *Facts)
{
    KEY_FLAGS_INFORMATION Flags = {
        .Wow64Flags = Facts->Wow64Flags,
        .KeyFlags = ((Facts->Flags & CM_VOLATILE) ? REG_FLAG_VOLATILE : 0) |
                    ((Facts->Flags & CM_LINK) ? REG_FLAG_LINK : 0),
        .ControlFlags = Facts->ControlFlags,
    };

    CmpSetFixedPart(Result, &Flags, sizeof(Flags));
}

/* Virtualization, handle tags, trust, layers: nothing is virtual, tagged, trusted or layered. */
static void MakeZero(PCM_RESULT Result)
{
    ULONG Zero = 0;

    CmpSetFixedPart(Result, &Zero, sizeof(Zero));
}

static void MakeResult(PCM_RESULT Result, KEY_INFORMATION_CLASS Class, const CM_NODE_FACTS *Facts,
                       PCM_TEXTS Texts)
{
    switch (Class) {
    case KeyBasicInformation:
        MakeBasic(Result, Facts, Texts);
        break;
    case KeyNodeInformation:
        MakeNode(Result, Facts, Texts);
        break;
    case KeyFullInformation:
        MakeFull(Result, Facts, Texts);
        break;
    case KeyCachedInformation:
        MakeCached(Result, Facts);
        break;
    case KeyFlagsInformation:
        MakeFlags(Result, Facts);
        break;
    default:
        MakeZero(Result);
    }
}

/* Node is good until others run, which is when the client gets what it wants. */
static NTSTATUS ReturnNode(PCM_STORE Store, CM_NODE Node, KEY_INFORMATION_CLASS Class,
                           CLIENT(PVOID) Buffer, ULONG Length, CLIENT(PULONG) ResultLength)
{
    CM_NODE_FACTS Facts;
    CM_RESULT Result;
    CM_TEXTS Texts;
    NTSTATUS Status;

    Store->Operations->QueryNode(Node, &Facts);
    Status = CopyTexts(&Facts, &Texts);
    if (!NT_SUCCESS(Status))
        return Status;
    MakeResult(&Result, Class, &Facts, &Texts);
    Status = CmpReturnResult(&Result, Buffer, Length, ResultLength);
    ExFreePool(Texts.ClassBuffer);
    return Status;
}

static NTSTATUS ReturnName(PCM_KEY Key, CLIENT(PVOID) Buffer, ULONG Length,
                           CLIENT(PULONG) ResultLength)
{
    KEY_NAME_INFORMATION Information = {0};
    UNICODE_STRING Name;
    CM_RESULT Result;
    NTSTATUS Status = CmpQueryKeyName(Key, &Name);

    if (!NT_SUCCESS(Status))
        return Status;
    Information.NameLength = Name.Length;
    CmpSetFixedPart(&Result, &Information, offsetof(KEY_NAME_INFORMATION, Name));
    CmpAddPart(&Result, Name.Buffer, Name.Length, 1);
    Status = CmpReturnResult(&Result, Buffer, Length, ResultLength);
    ExFreeUnicodeString(&Name);
    return Status;
}

static NTSTATUS ProbeResult(CLIENT(PVOID) Buffer, ULONG Length, CLIENT(PULONG) ResultLength)
{
    NTSTATUS Status = MmProbeForWrite(Buffer, Length);

    return NT_SUCCESS(Status) ? MmProbeForWrite(ResultLength, sizeof(*ResultLength)) : Status;
}

/* A key's name and its handle's tags can be asked for with any access. */
static ACCESS_MASK AccessFor(KEY_INFORMATION_CLASS Class)
{
    return Class == KeyNameInformation || Class == KeyHandleTagsInformation ? 0 : KEY_QUERY_VALUE;
}

/*
 * NtQueryKey: all classes. *ResultLength receives the bytes of the whole answer. Needs
 * KEY_QUERY_VALUE, but for the name. Returns STATUS_INVALID_PARAMETER (Class),
 * STATUS_BUFFER_TOO_SMALL (nothing was copied), STATUS_BUFFER_OVERFLOW (all but the end of the
 * texts), STATUS_KEY_DELETED, STATUS_ACCESS_VIOLATION and what handles may give.  (WDK: ZwQueryKey)
 */
NTSTATUS NTAPI NtQueryKey(HANDLE KeyHandle, KEY_INFORMATION_CLASS Class,
                          CLIENT(PVOID) KeyInformation, ULONG Length, CLIENT(PULONG) ResultLength)
{
    PCM_KEY Key;
    NTSTATUS Status;

    if ((ULONG)Class >= MaxKeyInfoClass)
        return STATUS_INVALID_PARAMETER;
    Status = ProbeResult(KeyInformation, Length, ResultLength);
    if (NT_SUCCESS(Status))
        Status = CmpReferenceKey(KeyHandle, AccessFor(Class), &Key);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Class == KeyNameInformation)
        Status = ReturnName(Key, KeyInformation, Length, ResultLength);
    else
        Status = ReturnNode(Key->Store, Key->Node, Class, KeyInformation, Length, ResultLength);
    ObDereferenceObject(Key);
    return Status;
}

/*
 * NtEnumerateKey: the subkey with the number Index: KeyBasicInformation, KeyNodeInformation,
 * KeyFullInformation. Lasting subkeys come first, each kind in the order of their names in upper
 * case. Needs KEY_ENUMERATE_SUB_KEYS. Returns STATUS_NO_MORE_ENTRIES and what NtQueryKey may
 * give.  (WDK: ZwEnumerateKey)
 */
NTSTATUS NTAPI NtEnumerateKey(HANDLE KeyHandle, ULONG Index, KEY_INFORMATION_CLASS Class,
                              CLIENT(PVOID) KeyInformation, ULONG Length,
                              CLIENT(PULONG) ResultLength)
{
    CM_NODE Child;
    PCM_KEY Key;
    NTSTATUS Status;

    if ((ULONG)Class > KeyFullInformation)
        return STATUS_INVALID_PARAMETER;
    Status = ProbeResult(KeyInformation, Length, ResultLength);
    if (NT_SUCCESS(Status))
        Status = CmpReferenceKey(KeyHandle, KEY_ENUMERATE_SUB_KEYS, &Key);
    if (!NT_SUCCESS(Status))
        return Status;
    Child = CmpStoreOf(Key)->ChildAt(Key->Node, Index);
    if (Child)
        Status = ReturnNode(Key->Store, Child, Class, KeyInformation, Length, ResultLength);
    else
        Status = STATUS_NO_MORE_ENTRIES;
    ObDereferenceObject(Key);
    return Status;
}
