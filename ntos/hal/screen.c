/* SPDX-License-Identifier: BSD-2-Clause */
/* The text screen: its cells, shown on VGA's text mode or drawn on a linear framebuffer. */
#include "halp.h"

static HALP_TEXT HalpText;
static void (*HalpShow)(const HALP_TEXT *Text); /* NULL: no screen */

static void HalpShowText(void)
{
    HalpShow(&HalpText);
    HalpText.FirstChanged = HalpText.Rows;
    HalpText.LastChanged = 0;
}

void HalpInitializeScreen(void)
{
    BOOLEAN Graphics = HalpIsGraphicsMode();
    SIZE_T Bytes;

    if (!(Graphics ? HalpOpenLinear(&HalpText.Columns, &HalpText.Rows)
                   : HalpOpenVga(&HalpText.Columns, &HalpText.Rows)))
        return;
    Bytes = HalpText.Columns * HalpText.Rows * sizeof(*HalpText.Cells);
    HalpText.Cells = MmAllocateSystemPages((Bytes + PAGE_SIZE - 1) / PAGE_SIZE);
    if (!HalpText.Cells)
        return;
    HalpShow = Graphics ? HalpShowLinear : HalpShowVga;
    HalpClearText(&HalpText);
    HalpShowText();
}

/* Code page 437 and control characters; nothing happens when there is no screen. */
void HalDisplayString(const char *Text, SIZE_T Length)
{
    if (!HalpShow)
        return;
    HalpWriteText(&HalpText, Text, Length);
    HalpShowText();
}
