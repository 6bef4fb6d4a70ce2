// SPDX-License-Identifier: BSD-2-Clause
/* Memory that is given back as a whole when an activation context has been made. */
#include "sxsp.h"

typedef struct _SXSP_CHUNK {
    struct _SXSP_CHUNK *Next;
    SIZE_T Used;
    SIZE_T Size;
    DECLSPEC_ALIGN(16) UCHAR Data[];
} SXSP_CHUNK, *PSXSP_CHUNK;

#define LEAST_CHUNK 0x1000

static PSXSP_CHUNK AddChunk(PSXSP_ARENA Arena, SIZE_T Size)
{
    SIZE_T Room = Size > LEAST_CHUNK ? Size : LEAST_CHUNK;
    PSXSP_CHUNK Chunk = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*Chunk) + Room);

    if (!Chunk)
        return NULL;
    Chunk->Next = Arena->Chunks;
    Chunk->Size = Room;
    Arena->Chunks = Chunk;
    return Chunk;
}

PVOID SxspAllocate(PSXSP_ARENA Arena, SIZE_T Size)
{
    PSXSP_CHUNK Chunk = Arena->Chunks;
    PVOID Memory;

    Size = (Size + 15) & ~(SIZE_T)15;
    if (!Chunk || Chunk->Size - Chunk->Used < Size)
        Chunk = AddChunk(Arena, Size);
    if (!Chunk)
        return NULL;
    Memory = Chunk->Data + Chunk->Used;
    Chunk->Used += Size;
    return Memory;
}

void SxspFreeArena(PSXSP_ARENA Arena)
{
    while (Arena->Chunks) {
        PSXSP_CHUNK Chunk = Arena->Chunks;

        Arena->Chunks = Chunk->Next;
        RtlFreeHeap(RtlProcessHeap(), 0, Chunk);
    }
}

NTSTATUS SxspJoin(PSXSP_ARENA Arena, const PCUNICODE_STRING *Parts, ULONG Count,
                  PUNICODE_STRING Result)
{
    UNICODE_STRING Text = {0, 0, NULL}; /* the result may be one of the parts */
    ULONG Length = 0;

    for (ULONG i = 0; i < Count; i++)
        Length += Parts[i]->Length;
    if (Length > SXSP_MAXIMUM_PATH * sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    Text.Buffer = SxspAllocate(Arena, Length + sizeof(WCHAR));
    if (!Text.Buffer)
        return STATUS_NO_MEMORY;
    for (ULONG i = 0; i < Count; i++) {
        memcpy((PUCHAR)Text.Buffer + Text.Length, Parts[i]->Buffer, Parts[i]->Length);
        Text.Length += Parts[i]->Length;
    }
    Text.MaximumLength = Text.Length + sizeof(WCHAR);
    *Result = Text;
    return STATUS_SUCCESS;
}
