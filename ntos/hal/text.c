/* SPDX-License-Identifier: BSD-2-Clause */
/* The text screen's contents: characters, control characters, scrolling. Touches no hardware. */
#include "halp.h"

#define HALP_TAB_STOP 8

static void HalpMarkRows(PHALP_TEXT Text, ULONG First, ULONG Last)
{
    if (First < Text->FirstChanged)
        Text->FirstChanged = First;
    if (Last > Text->LastChanged || Text->FirstChanged > Text->LastChanged)
        Text->LastChanged = Last;
}

static void HalpBlankRow(PHALP_TEXT Text, ULONG Row)
{
    ULONG Column;

    for (Column = 0; Column < Text->Columns; Column++)
        Text->Cells[Row * Text->Columns + Column] = HALP_BLANK;
}

void HalpClearText(PHALP_TEXT Text)
{
    ULONG Row;

    for (Row = 0; Row < Text->Rows; Row++)
        HalpBlankRow(Text, Row);
    Text->Row = Text->Column = 0;
    Text->FirstChanged = 0;
    Text->LastChanged = Text->Rows - 1;
}

static void HalpNewLine(PHALP_TEXT Text)
{
    Text->Column = 0;
    if (++Text->Row < Text->Rows)
        return;
    Text->Row = Text->Rows - 1;
    memmove(Text->Cells, Text->Cells + Text->Columns,
            sizeof(*Text->Cells) * Text->Columns * Text->Row);
    HalpBlankRow(Text, Text->Row);
    HalpMarkRows(Text, 0, Text->Row);
}

/* At the start of a line back to the end of the one above, so that a wrapped line can be erased. */
static void HalpBackspace(PHALP_TEXT Text)
{
    if (Text->Column) {
        Text->Column--;
    } else if (Text->Row) {
        Text->Row--;
        Text->Column = Text->Columns - 1;
    }
}

static void HalpPutCell(PHALP_TEXT Text, char Character)
{
    Text->Cells[Text->Row * Text->Columns + Text->Column] =
        (HALP_BLANK & 0xff00) | (UCHAR)Character;
    HalpMarkRows(Text, Text->Row, Text->Row);
    if (++Text->Column == Text->Columns)
        HalpNewLine(Text);
}

static void HalpTab(PHALP_TEXT Text)
{
    Text->Column = (Text->Column / HALP_TAB_STOP + 1) * HALP_TAB_STOP;
    if (Text->Column >= Text->Columns)
        HalpNewLine(Text);
}

static void HalpPutCharacter(PHALP_TEXT Text, char Character)
{
    switch (Character) {
    case '\b':
        HalpBackspace(Text);
        break;
    case '\t':
        HalpTab(Text);
        break;
    case '\n':
        HalpNewLine(Text);
        break;
    case '\r':
        Text->Column = 0;
        break;
    case '\f':
        HalpClearText(Text);
        break;
    default:
        HalpPutCell(Text, Character);
    }
}

void HalpWriteText(PHALP_TEXT Text, const char *Characters, SIZE_T Length)
{
    SIZE_T i;

    for (i = 0; i < Length; i++)
        HalpPutCharacter(Text, Characters[i]);
}
