/* SPDX-License-Identifier: BSD-2-Clause */
/* The data area towards a driver, given out in pieces of 64 bytes. */
#include "iop.h"

#define IOP_GRAIN 64
#define IOP_GRAINS (DRIVER_DATA_SIZE / IOP_GRAIN)

static BOOLEAN IopIsUsed(PIO_DRIVER Driver, ULONG Grain)
{
    return Driver->DataMap[Grain / 64] >> Grain % 64 & 1;
}

static void IopMark(PIO_DRIVER Driver, ULONG First, ULONG Count, BOOLEAN Used)
{
    ULONG Grain;

    for (Grain = First; Grain < First + Count; Grain++) {
        if (Used)
            Driver->DataMap[Grain / 64] |= 1ull << Grain % 64;
        else
            Driver->DataMap[Grain / 64] &= ~(1ull << Grain % 64);
    }
}

/* First fit. Length 0 takes nothing. */
BOOLEAN IopAllocateData(PIO_DRIVER Driver, ULONG Length, UINT32 *Offset)
{
    ULONG Count = (Length + IOP_GRAIN - 1) / IOP_GRAIN, Grain, Run = 0;

    *Offset = 0;
    if (!Count)
        return TRUE;
    for (Grain = 0; Grain < IOP_GRAINS; Grain++) {
        Run = IopIsUsed(Driver, Grain) ? 0 : Run + 1;
        if (Run == Count) {
            IopMark(Driver, Grain + 1 - Count, Count, TRUE);
            *Offset = (Grain + 1 - Count) * IOP_GRAIN;
            return TRUE;
        }
    }
    return FALSE;
}

void IopFreeData(PIO_DRIVER Driver, UINT32 Offset, ULONG Length)
{
    IopMark(Driver, Offset / IOP_GRAIN, (Length + IOP_GRAIN - 1) / IOP_GRAIN, FALSE);
}
