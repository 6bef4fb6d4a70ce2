// SPDX-License-Identifier: BSD-2-Clause
/* The loaded modules: PEB->Ldr and its lists, which debuggers, run-time libraries and malware
 * scanners read. */
#include "ldrp.h"
#include "sehp.h"

PEB_LDR_DATA LdrpData = {
    .Length = sizeof(PEB_LDR_DATA),
    .InLoadOrderModuleList = {&LdrpData.InLoadOrderModuleList, &LdrpData.InLoadOrderModuleList},
    .InMemoryOrderModuleList = {&LdrpData.InMemoryOrderModuleList,
                                &LdrpData.InMemoryOrderModuleList},
    .InInitializationOrderModuleList = {&LdrpData.InInitializationOrderModuleList,
                                        &LdrpData.InInitializationOrderModuleList},
};

RTL_CRITICAL_SECTION LdrpLoaderLock = {.LockCount = -1};

static PLDRP_MODULE FromLoadLinks(PLIST_ENTRY Links)
{
    return CONTAINING_RECORD(Links, LDRP_MODULE, Entry.InLoadOrderLinks);
}

/* Modules by the hash of their base names, linked by HashLinks as on Windows. */
#define HASH_BUCKETS 32

static LIST_ENTRY HashTable[HASH_BUCKETS];

static PLIST_ENTRY HashBucket(ULONG Hash)
{
    PLIST_ENTRY Bucket = &HashTable[Hash % HASH_BUCKETS];

    if (!Bucket->Flink)
        InitializeListHead(Bucket);
    return Bucket;
}

/* By a name alone nobody means what an activation context put elsewhere. */
static PLDRP_MODULE Find(PCUNICODE_STRING BaseName, PCUNICODE_STRING FullName)
{
    PLIST_ENTRY Bucket;
    ULONG Hash;

    RtlHashUnicodeString(BaseName, TRUE, 0, &Hash);
    Bucket = HashBucket(Hash);
    for (PLIST_ENTRY Links = Bucket->Flink; Links != Bucket; Links = Links->Flink) {
        PLDRP_MODULE Module = CONTAINING_RECORD(Links, LDRP_MODULE, Entry.HashLinks);

        if (!Module->Unloading && Module->Entry.BaseNameHashValue == Hash &&
            RtlEqualUnicodeString(&Module->Entry.BaseDllName, BaseName, TRUE) &&
            (FullName ? RtlEqualUnicodeString(&Module->Entry.FullDllName, FullName, TRUE)
                      : !(Module->Entry.Flags & LDRP_REDIRECTED)))
            return Module;
    }
    return NULL;
}

PLDRP_MODULE LdrpFindModule(PCUNICODE_STRING BaseName)
{
    return Find(BaseName, NULL);
}

PLDRP_MODULE LdrpFindNamed(PCUNICODE_STRING Name)
{
    UNICODE_STRING Base = LdrpLastPart(Name);

    return Find(&Base, LdrpContains(Name, '\\') ? Name : NULL);
}

PLDRP_MODULE LdrpFindModuleByBase(PVOID Base)
{
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList;

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        if (FromLoadLinks(Links)->Entry.DllBase == Base)
            return FromLoadLinks(Links);
    }
    return NULL;
}

/* The name stands behind the module, with a terminator: FullDllName is all of it, BaseDllName its
 * last part. */
static void SetNames(PLDR_DATA_TABLE_ENTRY Entry, PWSTR Buffer, PCUNICODE_STRING FullName)
{
    USHORT Base = FullName->Length / sizeof(WCHAR);

    memcpy(Buffer, FullName->Buffer, FullName->Length);
    Buffer[Base] = UNICODE_NULL;
    RtlInitUnicodeString(&Entry->FullDllName, Buffer);
    while (Base && Buffer[Base - 1] != '\\')
        Base--;
    RtlInitUnicodeString(&Entry->BaseDllName, Buffer + Base);
    RtlHashUnicodeString(&Entry->BaseDllName, TRUE, 0, &Entry->BaseNameHashValue);
}

static void SetImage(PLDR_DATA_TABLE_ENTRY Entry, const LDRP_IMAGE *Image)
{
    PIMAGE_OPTIONAL_HEADER Optional = &Image->Headers->OptionalHeader;

    Entry->DllBase = Image->Base;
    Entry->SizeOfImage = Optional->SizeOfImage;
    Entry->OriginalBase = (ULONG_PTR)Optional->ImageBase;
    Entry->TimeDateStamp = Image->Headers->FileHeader.TimeDateStamp;
    if (Optional->AddressOfEntryPoint) /* outside of the image too, as on Windows */
        Entry->EntryPoint = Image->Base + Optional->AddressOfEntryPoint;
    if (Image->Headers->FileHeader.Characteristics & IMAGE_FILE_DLL)
        Entry->Flags |= LDRP_IMAGE_DLL;
    if (Entry->OriginalBase != (ULONG_PTR)Image->Base)
        Entry->Flags |= LDRP_IMAGE_NOT_AT_BASE;
}

static LARGE_INTEGER SystemTime(void)
{
    const volatile KSYSTEM_TIME *Shared = &SharedUserData->SystemTime;
    LARGE_INTEGER Time;

    do {
        Time.HighPart = Shared->High1Time;
        Time.LowPart = Shared->LowPart;
    } while (Time.HighPart != Shared->High2Time);
    return Time;
}

PLDRP_MODULE LdrpAddModule(const LDRP_IMAGE *Image, PCUNICODE_STRING FullName)
{
    PLDRP_MODULE Module = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY,
                                          sizeof(*Module) + FullName->Length + sizeof(WCHAR));
    ULONG TableSize;
    PVOID Table;

    if (!Module)
        return NULL;
    Module->Image = *Image;
    SetNames(&Module->Entry, (PWSTR)(Module + 1), FullName);
    SetImage(&Module->Entry, Image);
    Module->Node.State = LdrModulesMapped;
    Module->Entry.DdagNode = &Module->Node;
    InitializeListHead(&Module->Node.Modules);
    InsertTailList(&Module->Node.Modules, &Module->Entry.NodeModuleLink);
    InitializeListHead(&Module->Entry.InInitializationOrderLinks);
    Table = SehpImageTable(Image, &TableSize);
    if (!NT_SUCCESS(SehpAddImage(Image->Base, Image->Size, Table, TableSize))) {
        RtlFreeHeap(RtlProcessHeap(), 0, Module);
        return NULL;
    }
    Module->Entry.Flags |= LDRP_IN_LEGACY_LISTS | LDRP_IN_EXCEPTION_TABLE;
    Module->Entry.LoadTime = SystemTime();
    LdrpShowCount(Module);
    InsertTailList(HashBucket(Module->Entry.BaseNameHashValue), &Module->Entry.HashLinks);
    InsertTailList(&LdrpData.InLoadOrderModuleList, &Module->Entry.InLoadOrderLinks);
    InsertTailList(&LdrpData.InMemoryOrderModuleList, &Module->Entry.InMemoryOrderLinks);
    return Module;
}

void LdrpShowCount(PLDRP_MODULE Module)
{
    ULONG Count = Module->Pinned ? MAXULONG : Module->LoadCount;

    Module->Node.LoadCount = Count;
    Module->Entry.ObsoleteLoadCount = (USHORT)(Count < MAXUSHORT ? Count : MAXUSHORT);
    Module->Entry.ReferenceCount = Module->LoadCount + 1;
}

NTSTATUS LdrpAddImport(PLDRP_MODULE Importer, PLDRP_MODULE Module)
{
    PVOID Larger;

    for (ULONG i = 0; Importer && i < Importer->ImportCount; i++) {
        if (Importer->Imports[i] == Module)
            return STATUS_SUCCESS;
    }
    if (!Importer || Importer == Module)
        return STATUS_SUCCESS;
    if (Importer->ImportCount == Importer->ImportRoom) {
        ULONG Room = Importer->ImportRoom ? 2 * Importer->ImportRoom : 4;

        Larger = Importer->Imports
                     ? RtlReAllocateHeap(RtlProcessHeap(), 0, Importer->Imports,
                                         Room * sizeof(*Importer->Imports))
                     : RtlAllocateHeap(RtlProcessHeap(), 0, Room * sizeof(*Importer->Imports));
        if (!Larger)
            return STATUS_NO_MEMORY;
        Importer->Imports = Larger;
        Importer->ImportRoom = Room;
    }
    Importer->Imports[Importer->ImportCount++] = Module;
    return STATUS_SUCCESS;
}

void LdrpMarkAll(BOOLEAN Wanted)
{
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList;

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink)
        FromLoadLinks(Links)->Wanted = Wanted;
}

void LdrpMark(PLDRP_MODULE Module, PLDRP_MODULE *Used)
{
    if (Module->Wanted)
        return;
    Module->Wanted = TRUE;
    Module->NextUsed = *Used;
    *Used = Module;
}

void LdrpRemoveModule(PLDRP_MODULE Module)
{
    SehpRemoveImage(Module->Image.Base);
    LdrpUnmapSatellites(Module->Image.Base);
    RtlReleaseActivationContext(Module->Entry.EntryPointActivationContext);
    RemoveEntryList(&Module->Entry.HashLinks);
    RemoveEntryList(&Module->Entry.InLoadOrderLinks);
    RemoveEntryList(&Module->Entry.InMemoryOrderLinks);
    RemoveEntryList(
        &Module->Entry.InInitializationOrderLinks); /* linked to itself if not in the list */
    if (Module->Imports)
        RtlFreeHeap(RtlProcessHeap(), 0, Module->Imports);
    RtlFreeHeap(RtlProcessHeap(), 0, Module);
}

NTSTATUS NTAPI LdrFindEntryForAddress(PVOID Address, PLDR_DATA_TABLE_ENTRY *Entry)
{
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList;
    NTSTATUS Status = STATUS_NO_MORE_ENTRIES;

    RtlEnterCriticalSection(&LdrpLoaderLock);
    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        if (LdrpAddressInImage(&FromLoadLinks(Links)->Image, Address)) {
            *Entry = &FromLoadLinks(Links)->Entry;
            Status = STATUS_SUCCESS;
            break;
        }
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}

NTSTATUS NTAPI LdrDisableThreadCalloutsForDll(PVOID DllHandle)
{
    NTSTATUS Status = STATUS_DLL_NOT_FOUND;
    PLDRP_MODULE Module;

    RtlEnterCriticalSection(&LdrpLoaderLock);
    Module = LdrpFindModuleByBase(DllHandle);
    if (Module) {
        Module->Entry.Flags |= LDRP_DONT_CALL_FOR_THREADS;
        Status = STATUS_SUCCESS;
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}
