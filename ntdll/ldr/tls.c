// SPDX-License-Identifier: BSD-2-Clause
/*
 * Static thread-local storage: an index for each module that has a TLS directory, and for each
 * thread a vector of the modules' blocks at TEB.ThreadLocalStoragePointer. (Microsoft: "PE Format",
 * the .tls section) All threads are known, so a DLL with TLS can be loaded at any time.
 */
#include "ldrp.h"

#define MAXIMUM_TLS_MODULES 64

typedef struct _THREAD_TLS {
    LIST_ENTRY Links;
    PTEB Teb;
    PVOID Blocks[MAXIMUM_TLS_MODULES];
} THREAD_TLS, *PTHREAD_TLS;

/* What a directory says, checked */
typedef struct _TLS_TEMPLATE {
    PVOID Data;
    SIZE_T DataLength;
    SIZE_T ZeroLength;
    UNALIGNED_ULONG *Index;
} TLS_TEMPLATE, *PTLS_TEMPLATE;

static LIST_ENTRY Threads = {&Threads, &Threads};
static PLDRP_MODULE Modules[MAXIMUM_TLS_MODULES];

static PIMAGE_TLS_DIRECTORY Directory(const LDRP_IMAGE *Image)
{
    ULONG Size;

    return LdrpImageDirectory(Image, IMAGE_DIRECTORY_ENTRY_TLS, sizeof(IMAGE_TLS_DIRECTORY), &Size);
}

/* The directory has addresses, not RVAs. */
static PVOID AddressedTable(const LDRP_IMAGE *Image, ULONG_PTR Address, SIZE_T Count,
                            ULONG ElementSize)
{
    ULONG_PTR Rva = Address - (ULONG_PTR)Image->Base;

    if (Rva >= Image->Size || Count > Image->Size)
        return NULL;
    return LdrpImageTable(Image, (ULONG)Rva, (ULONG)Count, ElementSize);
}

static NTSTATUS ReadTemplate(const LDRP_IMAGE *Image, PTLS_TEMPLATE Template)
{
    PIMAGE_TLS_DIRECTORY Tls = Directory(Image);

    Template->DataLength = (SIZE_T)(Tls->EndAddressOfRawData - Tls->StartAddressOfRawData);
    Template->ZeroLength = Tls->SizeOfZeroFill;
    Template->Data =
        AddressedTable(Image, (ULONG_PTR)Tls->StartAddressOfRawData, Template->DataLength, 1);
    Template->Index = AddressedTable(Image, (ULONG_PTR)Tls->AddressOfIndex, 1, sizeof(ULONG));
    if (!Template->Index || (Template->DataLength && !Template->Data) ||
        Template->ZeroLength > MAXULONG_PTR - Template->DataLength)
        return STATUS_INVALID_IMAGE_FORMAT;
    return STATUS_SUCCESS;
}

static NTSTATUS CreateBlock(PTHREAD_TLS Thread, ULONG Index, const TLS_TEMPLATE *Template)
{
    PUCHAR Block =
        RtlAllocateHeap(RtlProcessHeap(), 0, Template->DataLength + Template->ZeroLength);

    if (!Block)
        return STATUS_NO_MEMORY;
    memcpy(Block, Template->Data, Template->DataLength);
    memset(Block + Template->DataLength, 0, Template->ZeroLength);
    Thread->Blocks[Index] = Block;
    return STATUS_SUCCESS;
}

static void FreeBlock(PTHREAD_TLS Thread, ULONG Index)
{
    if (Thread->Blocks[Index])
        RtlFreeHeap(RtlProcessHeap(), 0, Thread->Blocks[Index]);
    Thread->Blocks[Index] = NULL;
}

static void FreeIndex(ULONG Index)
{
    for (PLIST_ENTRY Links = Threads.Flink; Links != &Threads; Links = Links->Flink)
        FreeBlock(CONTAINING_RECORD(Links, THREAD_TLS, Links), Index);
    Modules[Index] = NULL;
}

/* Gives a module an index and every thread a block. */
NTSTATUS LdrpAllocateTls(PLDRP_MODULE Module)
{
    TLS_TEMPLATE Template;
    NTSTATUS Status;
    ULONG Index = 0;

    if (!Directory(&Module->Image))
        return STATUS_SUCCESS;
    Status = ReadTemplate(&Module->Image, &Template);
    if (!NT_SUCCESS(Status))
        return Status;
    while (Index < MAXIMUM_TLS_MODULES && Modules[Index])
        Index++;
    if (Index == MAXIMUM_TLS_MODULES)
        return STATUS_NO_MEMORY;
    Modules[Index] = Module;
    Module->Entry.TlsIndex = LDRP_HAS_TLS;
    for (PLIST_ENTRY Links = Threads.Flink; NT_SUCCESS(Status) && Links != &Threads;
         Links = Links->Flink)
        Status = CreateBlock(CONTAINING_RECORD(Links, THREAD_TLS, Links), Index, &Template);
    if (NT_SUCCESS(Status))
        *Template.Index = Index;
    else
        FreeIndex(Index);
    return Status;
}

void LdrpFreeTls(PLDRP_MODULE Module)
{
    for (ULONG Index = 0; Index < MAXIMUM_TLS_MODULES; Index++) {
        if (Modules[Index] == Module)
            FreeIndex(Index);
    }
}

/* The calling thread's vector, with a block for each module that is loaded. */
NTSTATUS LdrpCreateThreadTls(void)
{
    PTHREAD_TLS Thread = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*Thread));
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Thread)
        return STATUS_NO_MEMORY;
    Thread->Teb = NtCurrentTeb();
    Thread->Teb->ThreadLocalStoragePointer = Thread->Blocks;
    InsertTailList(&Threads, &Thread->Links);
    for (ULONG Index = 0; NT_SUCCESS(Status) && Index < MAXIMUM_TLS_MODULES; Index++) {
        TLS_TEMPLATE Template;

        if (!Modules[Index])
            continue;
        Status = ReadTemplate(&Modules[Index]->Image, &Template);
        if (NT_SUCCESS(Status))
            Status = CreateBlock(Thread, Index, &Template);
    }
    return Status;
}

void LdrpFreeThreadTls(void)
{
    PVOID *Blocks = NtCurrentTeb()->ThreadLocalStoragePointer;
    PTHREAD_TLS Thread = CONTAINING_RECORD(Blocks, THREAD_TLS, Blocks);

    if (!Blocks)
        return;
    NtCurrentTeb()->ThreadLocalStoragePointer = NULL;
    RemoveEntryList(&Thread->Links);
    for (ULONG Index = 0; Index < MAXIMUM_TLS_MODULES; Index++)
        FreeBlock(Thread, Index);
    RtlFreeHeap(RtlProcessHeap(), 0, Thread);
}

void LdrpCallTlsCallbacks(PLDRP_MODULE Module, ULONG Reason)
{
    PIMAGE_TLS_DIRECTORY Tls = Directory(&Module->Image);
    ULONG_PTR Position = Tls ? (ULONG_PTR)Tls->AddressOfCallBacks : 0;

    while (Position) {
        UNALIGNED_WORD *Callback = AddressedTable(&Module->Image, Position, 1, sizeof(*Callback));

        if (!Callback || !*Callback)
            return;
        ((PIMAGE_TLS_CALLBACK)*Callback)(Module->Entry.DllBase, Reason, NULL);
        Position += sizeof(*Callback);
    }
}
