/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls have left behind under a name that lasts: permanent objects, keys of the registry,
 * atoms. */
#include "svcfuzz.h"

#define FIRST_ATOM 0xc000
#define ATOMS 0x1000

typedef NTSTATUS(NTAPI *OPEN)(PHANDLE Handle, ACCESS_MASK Access, POBJECT_ATTRIBUTES Attributes);

static const struct {
    PCWSTR Type;
    OPEN Open;
} Types[] = {
    {u"Directory", NtOpenDirectoryObject},
    {u"SymbolicLink", NtOpenSymbolicLinkObject},
    {u"Event", NtOpenEvent},
    {u"Semaphore", NtOpenSemaphore},
    {u"Mutant", NtOpenMutant},
    {u"Timer", NtOpenTimer},
    {u"Section", NtOpenSection},
    {u"IoCompletion", NtOpenIoCompletion},
    {u"Job", NtOpenJobObject},
    {u"KeyedEvent", NtOpenKeyedEvent},
};

static OPEN FindOpen(PUNICODE_STRING Type)
{
    UNICODE_STRING Name;

    for (ULONG i = 0; i < ARRAYSIZE(Types); i++) {
        RtlInitUnicodeString(&Name, Types[i].Type);
        if (RtlEqualUnicodeString(&Name, Type, FALSE))
            return Types[i].Open;
    }
    return NULL;
}

static void MakeTemporary(HANDLE Directory, POBJECT_DIRECTORY_INFORMATION Entry);

static void SweepDirectory(HANDLE Directory)
{
    union {
        OBJECT_DIRECTORY_INFORMATION Entry;
        UCHAR Bytes[1024];
    } Buffer;
    ULONG Context = 0;

    while (NT_SUCCESS(
        NtQueryDirectoryObject(Directory, &Buffer, sizeof(Buffer), TRUE, FALSE, &Context, NULL)))
        MakeTemporary(Directory, &Buffer.Entry);
}

/* Without a handle elsewhere it is gone when ours is closed. Those who hold one have ended. */
static void MakeTemporary(HANDLE Directory, POBJECT_DIRECTORY_INFORMATION Entry)
{
    OPEN Open = FindOpen(&Entry->TypeName);
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Object;

    InitializeObjectAttributes(&Attributes, &Entry->Name, OBJ_OPENLINK, Directory, NULL);
    if (!Open || !NT_SUCCESS(Open(&Object, MAXIMUM_ALLOWED, &Attributes)))
        return;
    if (Open == NtOpenDirectoryObject)
        SweepDirectory(Object);
    NtMakeTemporaryObject(Object);
    NtClose(Object);
}

static void SweepObjects(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(FUZZ_DIRECTORY);
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Directory;

    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, NULL);
    if (!NT_SUCCESS(NtOpenDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, &Attributes)))
        return;
    SweepDirectory(Directory);
    NtClose(Directory);
}

/* The keys below it, then itself. FALSE: the key cannot be opened or deleted. */
static BOOLEAN SweepKey(HANDLE Root, PUNICODE_STRING Name)
{
    union {
        KEY_BASIC_INFORMATION Basic;
        UCHAR Bytes[1024];
    } Buffer;
    OBJECT_ATTRIBUTES Attributes;
    ULONG Length, Index = 0;
    NTSTATUS Status;
    HANDLE Key;

    InitializeObjectAttributes(&Attributes, Name, OBJ_CASE_INSENSITIVE | OBJ_OPENLINK, Root, NULL);
    if (!NT_SUCCESS(NtOpenKey(&Key, MAXIMUM_ALLOWED, &Attributes)))
        return FALSE;
    while (NT_SUCCESS(
        NtEnumerateKey(Key, Index, KeyBasicInformation, &Buffer, sizeof(Buffer), &Length))) {
        UNICODE_STRING Child = {(USHORT)Buffer.Basic.NameLength, (USHORT)Buffer.Basic.NameLength,
                                Buffer.Basic.Name};

        if (!SweepKey(Key, &Child))
            Index++;
    }
    Status = NtDeleteKey(Key);
    NtClose(Key);
    return NT_SUCCESS(Status);
}

void Sweep(void)
{
    UNICODE_STRING Key = RTL_CONSTANT_STRING(FUZZ_KEY);

    SweepObjects();
    SweepKey(NULL, &Key);
    for (ULONG Atom = FIRST_ATOM; Atom < FIRST_ATOM + ATOMS; Atom++)
        while (NT_SUCCESS(NtDeleteAtom((RTL_ATOM)Atom)))
            ;
}
