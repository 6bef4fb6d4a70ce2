// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the registry holds at boot: the texts in \SystemRoot\config. A lone \r or a bad line ends a
 * text; the debug log says which. All of it lasts as long as the system runs.
 */
#include "cmp.h"
#include "io.h"
#include "regtext.h"

#define MAXIMUM_TEXT (4u << 20) /* bytes */

/* In this order; the last one is for what somebody adds to the boot archive. */
static const WCHAR *const Texts[] = {
    u"\\SystemRoot\\config\\system.reg",  u"\\SystemRoot\\config\\software.reg",
    u"\\SystemRoot\\config\\machine.reg", u"\\SystemRoot\\config\\default.reg",
    u"\\SystemRoot\\config\\added.reg",   u"\\SystemRoot\\config\\boot.reg",
};

/* What the registry editor calls the roots. */
static const struct {
    UNICODE_STRING Name, Path;
} Roots[] = {
    {RTL_CONSTANT_STRING(u"HKEY_LOCAL_MACHINE"), RTL_CONSTANT_STRING(u"MACHINE")},
    {RTL_CONSTANT_STRING(u"HKEY_USERS"), RTL_CONSTANT_STRING(u"USER")},
    {RTL_CONSTANT_STRING(u"HKEY_CURRENT_USER"), RTL_CONSTANT_STRING(u"USER\\.DEFAULT")},
    {RTL_CONSTANT_STRING(u"HKEY_CLASSES_ROOT"), RTL_CONSTANT_STRING(u"MACHINE\\SOFTWARE\\Classes")},
};

typedef struct _CM_SEED {
    CM_NODE Node; /* the key that was opened last, referenced; or 0 */
    UNICODE_STRING Path;
    WCHAR PathBuffer[CM_TEXT_PATH + 64];
    CM_TEXT_BUFFERS Buffers;
} CM_SEED, *PCM_SEED;

/* The path below \Registry. FALSE: there is no such root. */
static BOOLEAN MapPath(PCM_SEED Seed, PCUNICODE_STRING Path)
{
    ULONG i, Length;

    for (i = 0; i < ARRAYSIZE(Roots); i++) {
        Length = Roots[i].Name.Length;
        if (RtlPrefixUnicodeString(&Roots[i].Name, Path, TRUE) &&
            (Path->Length == Length || Path->Buffer[Length / sizeof(WCHAR)] == '\\'))
            break;
    }
    if (i == ARRAYSIZE(Roots))
        return FALSE;
    Seed->Path = (UNICODE_STRING){0, sizeof(Seed->PathBuffer), Seed->PathBuffer};
    RtlAppendUnicodeStringToString(&Seed->Path, &Roots[i].Path);
    memcpy((PUCHAR)Seed->PathBuffer + Seed->Path.Length, (PUCHAR)Path->Buffer + Length,
           Path->Length - Length);
    Seed->Path.Length += (USHORT)(Path->Length - Length);
    return TRUE;
}

static void CloseKey(PCM_SEED Seed)
{
    if (Seed->Node)
        CmpStore.Operations->DereferenceNode(Seed->Node);
    Seed->Node = 0;
}

static NTSTATUS SeedOpenKey(PVOID Context, PCUNICODE_STRING Path)
{
    PCM_SEED Seed = Context;

    CloseKey(Seed);
    return MapPath(Seed, Path) ? CmpFindKey(&Seed->Path, TRUE, &Seed->Node)
                               : STATUS_OBJECT_PATH_NOT_FOUND;
}

/* A key with subkeys stays. */
static NTSTATUS SeedDeleteKey(PVOID Context, PCUNICODE_STRING Path)
{
    PCM_SEED Seed = Context;
    CM_NODE_FACTS Facts;

    CloseKey(Seed);
    if (!MapPath(Seed, Path) || !NT_SUCCESS(CmpFindKey(&Seed->Path, FALSE, &Seed->Node)))
        return STATUS_SUCCESS;
    CmpStore.Operations->QueryNode(Seed->Node, &Facts);
    if (!Facts.SubKeys && !(Facts.Flags & CM_FIXED))
        CmpStore.Operations->DeleteNode(Seed->Node);
    CloseKey(Seed);
    return STATUS_SUCCESS;
}

static NTSTATUS SeedSetValue(PVOID Context, PCUNICODE_STRING Name, ULONG Type, const void *Data,
                             ULONG Length)
{
    PCM_SEED Seed = Context;
    CM_NAME Hashed = {.Text = *Name};
    PVOID Copy = NULL;
    NTSTATUS Status = CmpPrepareName(&Hashed);

    if (NT_SUCCESS(Status) && Length) {
        Copy = CmpStore.Operations->AllocateData(Length);
        if (Copy)
            memcpy(Copy, Data, Length);
        else
            Status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (NT_SUCCESS(Status))
        Status = CmpStore.Operations->SetValue(Seed->Node, &Hashed, Type, Copy, Length);
    if (!NT_SUCCESS(Status))
        CmpStore.Operations->FreeData(Copy);
    ExFreePool(Hashed.Upper);
    return Status;
}

static NTSTATUS SeedDeleteValue(PVOID Context, PCUNICODE_STRING Name)
{
    PCM_SEED Seed = Context;
    CM_NAME Hashed = {.Text = *Name};
    CM_VALUE Value;
    NTSTATUS Status = CmpPrepareName(&Hashed);

    if (!NT_SUCCESS(Status))
        return Status;
    Value = CmpStore.Operations->FindValue(Seed->Node, &Hashed);
    if (Value)
        CmpStore.Operations->DeleteValue(Seed->Node, Value);
    ExFreePool(Hashed.Upper);
    return STATUS_SUCCESS;
}

static void ReadSeed(PCM_SEED Seed, const WCHAR *Path, const void *Text, ULONG Length)
{
    static const CM_TEXT_SINK Sink = {.OpenKey = SeedOpenKey,
                                      .DeleteKey = SeedDeleteKey,
                                      .SetValue = SeedSetValue,
                                      .DeleteValue = SeedDeleteValue};
    ULONG Line;
    NTSTATUS Status = CmpReadText(Text, Length, &Seed->Buffers, &Sink, Seed, &Line);

    CloseKey(Seed);
    if (!NT_SUCCESS(Status))
        DbgPrint("cm: %ws, line %lu: status %08x\n", Path, Line, (ULONG)Status);
}

/* The whole file in pool. NULL: it is not there, or too large. */
static PVOID LoadText(const WCHAR *Path, PULONG Length)
{
    UNICODE_STRING Name;
    PIO_FILE File;
    ULONGLONG Size;
    PVOID Text = NULL;

    RtlInitUnicodeString(&Name, Path);
    if (!NT_SUCCESS(IoOpenFile(&Name, &File)))
        return NULL;
    if (NT_SUCCESS(IoQueryFileSize(File, &Size)) && Size && Size <= MAXIMUM_TEXT)
        Text = ExAllocatePool((SIZE_T)Size);
    if (Text && !NT_SUCCESS(IoPageRead(File, Text, (ULONG)Size, 0, Length))) {
        ExFreePool(Text);
        Text = NULL;
    }
    ObDereferenceObject(File);
    return Text;
}

void CmpSeedRegistry(void)
{
    PCM_SEED Seed = ExAllocatePool(sizeof(*Seed));
    ULONG i, Length;

    if (!Seed)
        KeBugCheck("no memory to read the registry");
    for (i = 0; i < ARRAYSIZE(Texts); i++) {
        PVOID Text = LoadText(Texts[i], &Length);

        if (Text)
            ReadSeed(Seed, Texts[i], Text, Length);
        ExFreePool(Text);
    }
    ExFreePool(Seed);
}
