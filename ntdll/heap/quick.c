// SPDX-License-Identifier: BSD-2-Clause
/* Small blocks that are kept by size for the next request, without becoming one with their
 * neighbours. */
#include "heapp.h"

/* Cuts Count blocks of Units off the end of a busy block, which are then quick, the lowest first.
 */
static void CutBatch(PHEAP Heap, PHEAP_BLOCK Block, ULONG Units, ULONG Count)
{
    PHEAP_BLOCK New = HeappNext(Block);

    New->PreviousUnits = Units;
    Block->Units -= Count * Units;
    while (Count--) {
        New -= Units;
        New->PreviousUnits = Count ? Units : Block->Units;
        New->Units = Units;
        HeappGiveQuick(Heap, New);
    }
}

PHEAP_BLOCK HeappTakeBatch(PHEAP Heap, ULONG Units)
{
    ULONG Count = HEAP_BATCH_UNITS / Units;
    PHEAP_BLOCK Block;

    if (Heap->Wanted[Units] < HEAP_BATCH_AFTER) {
        Heap->Wanted[Units]++;
        return HeappTake(Heap, Units);
    }
    if (Count > HEAP_BATCH)
        Count = HEAP_BATCH;
    Block = HeappTake(Heap, Count > 1 ? Count * Units : Units);
    if (Block && Count > 1)
        CutBatch(Heap, Block, Units, Count - 1);
    return Block || Count <= 1 ? Block : HeappTake(Heap, Units);
}

void HeappFlushQuick(PHEAP Heap)
{
    ULONG Units;

    for (Units = HEAP_MINIMUM_UNITS; Units < HEAP_QUICK_UNITS; Units++) {
        PHEAP_BLOCK Block = Heap->Quick[Units];

        Heap->Quick[Units] = NULL;
        while (Block) {
            PHEAP_BLOCK Next = Block->Next[0];

            if (Block->State !=
                HeapQuick) /* written to after it had been freed: what follows is lost */
                break;
            Block->Control = HEAP_BUSY_CONTROL(0, 0);
            HeappGive(Heap, Block);
            Block = Next;
        }
    }
    Heap->QuickUnits = 0;
}
