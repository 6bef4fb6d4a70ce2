// SPDX-License-Identifier: BSD-2-Clause
/* The loaded modules: PEB->Ldr and its lists, which debuggers, run-time libraries and malware
 * scanners read. */
#include "ldrp.h"

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

PLDRP_MODULE LdrpFindModule(PCUNICODE_STRING BaseName)
{
    PLIST_ENTRY Head = &LdrpData.InLoadOrderModuleList;

    for (PLIST_ENTRY Links = Head->Flink; Links != Head; Links = Links->Flink) {
        if (RtlEqualUnicodeString(&FromLoadLinks(Links)->Entry.BaseDllName, BaseName, TRUE))
            return FromLoadLinks(Links);
    }
    return NULL;
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
    Entry->SizeOfImage = Image->Size;
    Entry->OriginalBase = (ULONG_PTR)Optional->ImageBase;
    Entry->TimeDateStamp = Image->Headers->FileHeader.TimeDateStamp;
    if (Optional->AddressOfEntryPoint && Optional->AddressOfEntryPoint < Image->Size)
        Entry->EntryPoint = Image->Base + Optional->AddressOfEntryPoint;
    if (Image->Headers->FileHeader.Characteristics & IMAGE_FILE_DLL)
        Entry->Flags |= LDRP_IMAGE_DLL;
    if (Entry->OriginalBase != (ULONG_PTR)Image->Base)
        Entry->Flags |= LDRP_IMAGE_NOT_AT_BASE;
}

PLDRP_MODULE LdrpAddModule(const LDRP_IMAGE *Image, PCUNICODE_STRING FullName)
{
    PLDRP_MODULE Module = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY,
                                          sizeof(*Module) + FullName->Length + sizeof(WCHAR));

    if (!Module)
        return NULL;
    Module->Image = *Image;
    SetNames(&Module->Entry, (PWSTR)(Module + 1), FullName);
    SetImage(&Module->Entry, Image);
    Module->Entry.ReferenceCount = 1;
    InitializeListHead(&Module->Entry.HashLinks);
    InitializeListHead(&Module->Entry.NodeModuleLink);
    InitializeListHead(&Module->Entry.InInitializationOrderLinks);
    InsertTailList(&LdrpData.InLoadOrderModuleList, &Module->Entry.InLoadOrderLinks);
    InsertTailList(&LdrpData.InMemoryOrderModuleList, &Module->Entry.InMemoryOrderLinks);
    return Module;
}

void LdrpRemoveModule(PLDRP_MODULE Module)
{
    RemoveEntryList(&Module->Entry.InLoadOrderLinks);
    RemoveEntryList(&Module->Entry.InMemoryOrderLinks);
    RemoveEntryList(
        &Module->Entry.InInitializationOrderLinks); /* linked to itself if not in the list */
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
