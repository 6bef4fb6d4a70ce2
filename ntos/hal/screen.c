/* SPDX-License-Identifier: BSD-2-Clause */
/* The text screen: its cells, shown on VGA's text mode or drawn on a linear framebuffer. */
#include "halp.h"

static HALP_TEXT HalpText;
static void (*HalpShow)(const HALP_TEXT *Text, ULONG First, ULONG Count); /* NULL: no screen */
static void (*HalpShowCursor)(const HALP_TEXT *Text);

static void HalpShowRow(ULONG Row, BOOLEAN GiveWay)
{
    ULONG Column;

    for (Column = 0; Column < HalpText.Columns; Column += HALP_CELLS_AT_ONCE) {
        ULONG Count = HalpText.Columns - Column;

        HalpShow(&HalpText, Row * HalpText.Columns + Column,
                 Count < HALP_CELLS_AT_ONCE ? Count : HALP_CELLS_AT_ONCE);
        if (GiveWay)
            KeGiveWay();
    }
}

/* Others may write meanwhile: what they change, and nobody has shown, is shown here too. */
static void HalpShowText(BOOLEAN GiveWay)
{
    while (HalpText.FirstChanged <= HalpText.LastChanged)
        HalpShowRow(HalpText.FirstChanged++, GiveWay);
    HalpShowCursor(&HalpText);
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
    HalpShowCursor = Graphics ? HalpShowLinearCursor : HalpShowVgaCursor;
    HalpClearText(&HalpText);
    HalpShowText(FALSE);
}

/* Code page 437 and control characters; nothing happens when there is no screen. */
void HalDisplayString(const char *Text, SIZE_T Length)
{
    if (!HalpShow)
        return;
    HalpWriteText(&HalpText, Text, Length);
    HalpShowText(FALSE);
}

/* A new line moves the whole screen, and a form feed clears it. */
static SIZE_T HalpLineLength(const char *Text, SIZE_T Length)
{
    SIZE_T i = 0;

    while (i < Length && Text[i] != '\n' && Text[i] != '\f')
        i++;
    return i < Length ? i + 1 : Length;
}

void HalDisplayGivingWay(const char *Text, SIZE_T Length)
{
    if (!HalpShow)
        return;
    while (Length) {
        SIZE_T Line = HalpLineLength(Text, Length);

        HalpWriteText(&HalpText, Text, Line);
        Text += Line;
        Length -= Line;
        KeGiveWay();
    }
    HalpShowText(TRUE);
}
