/* SPDX-License-Identifier: BSD-2-Clause */
/* The VGA text screen at physical 0xB8000: rows that have changed are copied there, the hardware
 * cursor follows. */
#include "halp.h"

#define VGA_MEMORY 0xb8000
#define VGA_INDEX 0x3d4
#define VGA_DATA 0x3d5
#define VGA_CURSOR_HIGH 14
#define VGA_CURSOR_LOW 15

static HALP_TEXT HalpText;
static volatile USHORT *HalpScreen; /* NULL: none */

static void HalpSetCursor(void)
{
    static ULONG Shown = HALP_TEXT_ROWS * HALP_TEXT_COLUMNS;
    ULONG Position = HalpText.Row * HALP_TEXT_COLUMNS + HalpText.Column;

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
static void HalpShowText(void)
{
    const ULONG *From = (const ULONG *)HalpText.Cell[HalpText.FirstChanged];
    const ULONG *End = (const ULONG *)HalpText.Cell[HalpText.LastChanged + 1];
    volatile ULONG *To = (volatile ULONG *)(HalpScreen + HalpText.FirstChanged * HALP_TEXT_COLUMNS);

    while (From < End)
        *To++ = *From++;
    HalpText.FirstChanged = HALP_TEXT_ROWS;
    HalpText.LastChanged = 0;
    HalpSetCursor();
}

void HalpInitializeScreen(void)
{
    seL4_CPtr Cap;

    HalpClearText(&HalpText);
    if (!NT_SUCCESS(HalpClaimPorts(VGA_INDEX, 2, &Cap)))
        return;
    HalpScreen = MmMapDeviceMemory(VGA_MEMORY, sizeof(HalpText.Cell), TRUE);
    if (HalpScreen)
        HalpShowText();
}

/* Code page 437 and control characters; nothing happens when there is no screen. */
void HalDisplayString(const char *Text, SIZE_T Length)
{
    if (!HalpScreen)
        return;
    HalpWriteText(&HalpText, Text, Length);
    HalpShowText();
}
