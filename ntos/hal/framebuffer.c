/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text on a linear framebuffer: interpreting the boot loader's description of it, and drawing. Only
 * cells that have changed are drawn, and nothing is read from the framebuffer, which is slow.
 * Touches no hardware but the pixels. (Multiboot2 2.0, 3.6.12; VESA VBE 3.0, 4.4)
 */
#include "halp.h"

/* A framebuffer of this kind is taken to have 32-bit pixels with blue lowest: nothing says so, but
 * all firmware of note does it. */
#define CHUNK_ADDRESS 0
#define CHUNK_PITCH 8
#define CHUNK_WIDTH 12
#define CHUNK_HEIGHT 16
#define CHUNK_BITS 20
#define CHUNK_TYPE 21
#define CHUNK_SIZE 22
#define CHUNK_TYPE_RGB 1
#define CHUNK_TYPE_TEXT 2

#define VBE_MODE_INFO 512
#define VBE_SIZE 768
#define VBE_ATTRIBUTES 0
#define VBE_GRAPHICS 0x10
#define VBE_LINEAR 0x80
#define VBE_PITCH 16
#define VBE_WIDTH 18
#define VBE_HEIGHT 20
#define VBE_BITS 25
#define VBE_MASKS 31 /* size and position of red, green, blue */
#define VBE_ADDRESS 40

#define PIXEL_BITS 32
#define MINIMUM_WIDTH 320
#define MINIMUM_HEIGHT 200
#define MAXIMUM_SIDE 16384
#define WIDEST_UNSCALED 1920 /* wider screens get larger points */
#define MAXIMUM_ROWS 256

#define CURSOR_FIRST_LINE 13 /* as on VGA */
#define CURSOR_LAST_LINE 14

static ULONG HalpGet16(const UCHAR *Bytes)
{
    return Bytes[0] | (ULONG)Bytes[1] << 8;
}

static ULONG HalpGet32(const UCHAR *Bytes)
{
    return HalpGet16(Bytes) | HalpGet16(Bytes + 2) << 16;
}

/* The 16 colours of VGA text: a bit each for blue, green, red and bright; colour 6 is brown. */
static ULONG HalpColour(const HALP_FRAMEBUFFER *Framebuffer, ULONG Number)
{
    ULONG Base = Number & 8 ? 0x55 : 0;
    ULONG Red = Base + (Number & 4 ? 0xaa : 0);
    ULONG Green = Base + (Number & 2 ? 0xaa : 0);
    ULONG Blue = Base + (Number & 1 ? 0xaa : 0);

    if (Number == 6)
        Green = 0x55;
    return Red << Framebuffer->Shift[0] | Green << Framebuffer->Shift[1] |
           Blue << Framebuffer->Shift[2];
}

/* Refuses impossible sizes, since the boot loader's data may be wrong. */
static BOOLEAN HalpFitText(PHALP_FRAMEBUFFER Framebuffer)
{
    ULONG Number;

    if (Framebuffer->Width < MINIMUM_WIDTH || Framebuffer->Width > MAXIMUM_SIDE ||
        Framebuffer->Height < MINIMUM_HEIGHT || Framebuffer->Height > MAXIMUM_SIDE ||
        Framebuffer->Pitch < Framebuffer->Width * sizeof(ULONG) ||
        Framebuffer->Pitch > 2 * MAXIMUM_SIDE * sizeof(ULONG) ||
        Framebuffer->Pitch % sizeof(ULONG) || !Framebuffer->Address ||
        Framebuffer->Address % sizeof(ULONG) ||
        Framebuffer->Address + (ULONGLONG)Framebuffer->Pitch * Framebuffer->Height <
            Framebuffer->Address)
        return FALSE;
    Framebuffer->Scale = 1 + (Framebuffer->Width - 1) / WIDEST_UNSCALED;
    Framebuffer->Columns = Framebuffer->Width / (HALP_GLYPH_WIDTH * Framebuffer->Scale);
    Framebuffer->Rows = Framebuffer->Height / (HALP_GLYPH_HEIGHT * Framebuffer->Scale);
    if (!Framebuffer->Rows)
        return FALSE;
    if (Framebuffer->Rows > MAXIMUM_ROWS)
        Framebuffer->Rows = MAXIMUM_ROWS;
    for (Number = 0; Number < HALP_COLOURS; Number++)
        Framebuffer->Colours[Number] = HalpColour(Framebuffer, Number);
    return TRUE;
}

BOOLEAN HalpIsGraphicsChunk(const UCHAR *Chunk, ULONG Length)
{
    return Length >= CHUNK_SIZE && Chunk[CHUNK_TYPE] != CHUNK_TYPE_TEXT;
}

BOOLEAN HalpIsGraphicsVbe(const UCHAR *Chunk, ULONG Length)
{
    return Length >= VBE_SIZE && (Chunk[VBE_MODE_INFO + VBE_ATTRIBUTES] & VBE_GRAPHICS);
}

BOOLEAN HalpParseFramebuffer(const UCHAR *Chunk, ULONG Length, PHALP_FRAMEBUFFER Framebuffer)
{
    if (Length < CHUNK_SIZE || Chunk[CHUNK_TYPE] != CHUNK_TYPE_RGB ||
        Chunk[CHUNK_BITS] != PIXEL_BITS)
        return FALSE;
    *Framebuffer = (HALP_FRAMEBUFFER){
        .Address = HalpGet32(Chunk + CHUNK_ADDRESS) |
                   (ULONGLONG)HalpGet32(Chunk + CHUNK_ADDRESS + 4) << 32,
        .Pitch = HalpGet32(Chunk + CHUNK_PITCH),
        .Width = HalpGet32(Chunk + CHUNK_WIDTH),
        .Height = HalpGet32(Chunk + CHUNK_HEIGHT),
        .Shift = {16, 8, 0},
    };
    return HalpFitText(Framebuffer);
}

BOOLEAN HalpParseVbe(const UCHAR *Chunk, ULONG Length, PHALP_FRAMEBUFFER Framebuffer)
{
    const UCHAR *Mode = Chunk + VBE_MODE_INFO;
    ULONG Colour;

    if (!HalpIsGraphicsVbe(Chunk, Length) || !(Mode[VBE_ATTRIBUTES] & VBE_LINEAR) ||
        Mode[VBE_BITS] != PIXEL_BITS)
        return FALSE;
    *Framebuffer = (HALP_FRAMEBUFFER){
        .Address = HalpGet32(Mode + VBE_ADDRESS),
        .Pitch = HalpGet16(Mode + VBE_PITCH),
        .Width = HalpGet16(Mode + VBE_WIDTH),
        .Height = HalpGet16(Mode + VBE_HEIGHT),
    };
    for (Colour = 0; Colour < 3; Colour++) {
        Framebuffer->Shift[Colour] = Mode[VBE_MASKS + 2 * Colour + 1];
        if (Mode[VBE_MASKS + 2 * Colour] != 8 || Framebuffer->Shift[Colour] > PIXEL_BITS - 8)
            return FALSE;
    }
    return HalpFitText(Framebuffer);
}

SIZE_T HalpFramebufferSize(const HALP_FRAMEBUFFER *Framebuffer)
{
    return (SIZE_T)Framebuffer->Pitch * Framebuffer->Height;
}

static volatile ULONG *HalpLine(const HALP_FRAMEBUFFER *Framebuffer, ULONG Line)
{
    return Framebuffer->Pixels + (SIZE_T)Line * (Framebuffer->Pitch / sizeof(ULONG));
}

void HalpClearFramebuffer(PHALP_FRAMEBUFFER Framebuffer)
{
    ULONG Line, Column, Cell;

    for (Line = 0; Line < Framebuffer->Height; Line++) {
        volatile ULONG *Pixel = HalpLine(Framebuffer, Line);

        for (Column = 0; Column < Framebuffer->Width; Column++)
            Pixel[Column] = 0;
    }
    for (Cell = 0; Cell < Framebuffer->Columns * Framebuffer->Rows; Cell++)
        Framebuffer->Shown[Cell] = HALP_BLANK;
    Framebuffer->Cursor = 0;
}

/* One line of a glyph, which is Scale lines of Scale pixels a point. */
static void HalpDrawGlyphLine(const HALP_FRAMEBUFFER *Framebuffer, volatile ULONG *To, UCHAR Points,
                              const ULONG Colours[2])
{
    ULONG Line, Point, Pixel;

    for (Line = 0; Line < Framebuffer->Scale; Line++) {
        volatile ULONG *At = To;

        for (Point = HALP_GLYPH_WIDTH; Point-- > 0;)
            for (Pixel = 0; Pixel < Framebuffer->Scale; Pixel++)
                *At++ = Colours[Points >> Point & 1];
        To += Framebuffer->Pitch / sizeof(ULONG);
    }
}

/* The highest bit of an attribute blinks on VGA; here it does nothing. */
static void HalpDrawCell(const HALP_FRAMEBUFFER *Framebuffer, ULONG Cell, USHORT Value,
                         BOOLEAN Cursor)
{
    const UCHAR *Glyph = HalpGlyphs[Value & 0xff];
    ULONG Colours[2] = {Framebuffer->Colours[Value >> 12 & 7],
                        Framebuffer->Colours[Value >> 8 & 15]};
    ULONG Top = Cell / Framebuffer->Columns * HALP_GLYPH_HEIGHT * Framebuffer->Scale;
    ULONG Left = Cell % Framebuffer->Columns * HALP_GLYPH_WIDTH * Framebuffer->Scale;
    ULONG Line;

    for (Line = 0; Line < HALP_GLYPH_HEIGHT; Line++) {
        BOOLEAN InCursor = Cursor && Line >= CURSOR_FIRST_LINE && Line <= CURSOR_LAST_LINE;

        HalpDrawGlyphLine(Framebuffer,
                          HalpLine(Framebuffer, Top + Line * Framebuffer->Scale) + Left,
                          InCursor ? 0xff : Glyph[Line], Colours);
    }
}

void HalpDrawCells(PHALP_FRAMEBUFFER Framebuffer, const HALP_TEXT *Text, ULONG First, ULONG Count)
{
    ULONG Cell;

    for (Cell = First; Cell < First + Count; Cell++) {
        if (Framebuffer->Shown[Cell] == Text->Cells[Cell])
            continue;
        Framebuffer->Shown[Cell] = Text->Cells[Cell];
        HalpDrawCell(Framebuffer, Cell, Text->Cells[Cell], FALSE);
    }
}

void HalpDrawCursor(PHALP_FRAMEBUFFER Framebuffer, const HALP_TEXT *Text)
{
    ULONG Cursor = Text->Row * Text->Columns + Text->Column;
    ULONG Old = Framebuffer->Cursor;

    if (Old != Cursor)
        HalpDrawCell(Framebuffer, Old, Framebuffer->Shown[Old], FALSE);
    HalpDrawCell(Framebuffer, Cursor, Framebuffer->Shown[Cursor], TRUE);
    Framebuffer->Cursor = Cursor;
}
