/* SPDX-License-Identifier: BSD-2-Clause */
/* The VGA text screen at physical 0xB8000: rows that have changed are copied there, the hardware
 * cursor follows. */
#include "halp.h"

#define VGA_MEMORY 0xb8000
#define VGA_COLUMNS 80
#define VGA_ROWS 25
#define VGA_INDEX 0x3d4
#define VGA_DATA 0x3d5
#define VGA_CURSOR_HIGH 14
#define VGA_CURSOR_LOW 15

static volatile USHORT *HalpVgaCells;

BOOLEAN HalpOpenVga(PULONG Columns, PULONG Rows)
{
    seL4_CPtr Cap;

    if (!NT_SUCCESS(HalpClaimPorts(VGA_INDEX, 2, &Cap)))
        return FALSE;
    *Columns = VGA_COLUMNS;
    *Rows = VGA_ROWS;
    HalpVgaCells =
        MmMapDeviceMemory(VGA_MEMORY, VGA_COLUMNS * VGA_ROWS * sizeof(USHORT), MmNonCached);
    return HalpVgaCells != NULL;
}

static void HalpSetCursor(ULONG Position)
{
    static ULONG Shown = VGA_ROWS * VGA_COLUMNS;

    if (Position >> 8 != Shown >> 8) {
        HalWritePort8(VGA_INDEX, VGA_CURSOR_HIGH);
        HalWritePort8(VGA_DATA, (UCHAR)(Position >> 8));
    }
    if (Position != Shown) {
        HalWritePort8(VGA_INDEX, VGA_CURSOR_LOW);
        HalWritePort8(VGA_DATA, (UCHAR)Position);
    }
    Shown = Position;
}

/* Two cells at a time: each write to the adapter is slow. */
void HalpShowVga(const HALP_TEXT *Text, ULONG First, ULONG Count)
{
    const ULONG *From = (const ULONG *)(Text->Cells + First), *End = From + Count / 2;
    volatile ULONG *To = (volatile ULONG *)(HalpVgaCells + First);

    while (From < End)
        *To++ = *From++;
}

void HalpShowVgaCursor(const HALP_TEXT *Text)
{
    HalpSetCursor(Text->Row * VGA_COLUMNS + Text->Column);
}
