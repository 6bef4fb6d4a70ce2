// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/hal/framebuffer.c ntos/hal/text.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/inc -Ilibsel4/include -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
// options: -Intos/hal
#include "test.h"
#include <stdlib.h>
#include "halp.h"

#define GUARD 0x5a5a5a5a
#define GREY 0xaaaaaa

/* Every glyph is its own code, in all lines. */
const UCHAR HalpGlyphs[256][HALP_GLYPH_HEIGHT] = {
#define G(n)                                                                                       \
    {                                                                                              \
        n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n                                             \
    }
    ['A'] = G('A'),
    ['B'] = G('B'),
    [0xdb] = G(0xff),
};

static UCHAR Chunk[784];

static void Put(ULONG Offset, ULONGLONG Value, ULONG Bytes)
{
    while (Bytes--) {
        Chunk[Offset++] = (UCHAR)Value;
        Value >>= 8;
    }
}

/* The chunk of multiboot 2's framebuffer. */
static void MakeChunk(ULONGLONG Address, ULONG Pitch, ULONG Width, ULONG Height)
{
    Put(0, Address, 8);
    Put(8, Pitch, 4);
    Put(12, Width, 4);
    Put(16, Height, 4);
    Put(20, 32, 1);
    Put(21, 1, 1);
}

static BOOLEAN Parse(PHALP_FRAMEBUFFER Framebuffer)
{
    return HalpParseFramebuffer(Chunk, 22, Framebuffer);
}

TEST(a_sound_chunk_is_understood)
{
    HALP_FRAMEBUFFER Framebuffer;

    MakeChunk(0x80000000, 5120, 1280, 800);
    CHECK(HalpIsGraphicsChunk(Chunk, 22));
    REQUIRE(Parse(&Framebuffer));
    CHECK_EQUAL(Framebuffer.Address, 0x80000000);
    CHECK_EQUAL(Framebuffer.Columns, 160);
    CHECK_EQUAL(Framebuffer.Rows, 50);
    CHECK_EQUAL(Framebuffer.Scale, 1);
    CHECK_EQUAL(HalpFramebufferSize(&Framebuffer), 5120 * 800);
    CHECK_EQUAL(Framebuffer.Colours[7], GREY);
    CHECK_EQUAL(Framebuffer.Colours[4], 0xaa0000);
    CHECK_EQUAL(Framebuffer.Colours[6], 0xaa5500);
    CHECK_EQUAL(Framebuffer.Colours[15], 0xffffff);
}

TEST(an_address_beyond_4_gb_is_kept)
{
    HALP_FRAMEBUFFER Framebuffer;

    MakeChunk(0x380000000000ull, 4096, 1024, 768);
    REQUIRE(Parse(&Framebuffer));
    CHECK_EQUAL(Framebuffer.Address, 0x380000000000ull);
}

TEST(wide_screens_get_larger_points)
{
    static const ULONG Sizes[][5] = {
        /* width, height, scale, columns, rows */
        {320, 200, 1, 40, 12},      {640, 480, 1, 80, 30},    {1920, 1080, 1, 240, 67},
        {1921, 1080, 2, 120, 33},   {3840, 2160, 2, 240, 67}, {7680, 4320, 4, 240, 67},
        {1080, 16384, 1, 135, 256},
    };
    HALP_FRAMEBUFFER Framebuffer;
    ULONG i;

    for (i = 0; i < ARRAYSIZE(Sizes); i++) {
        MakeChunk(0x80000000, Sizes[i][0] * 4, Sizes[i][0], Sizes[i][1]);
        REQUIRE(Parse(&Framebuffer));
        CHECK_EQUAL(Framebuffer.Scale, Sizes[i][2]);
        CHECK_EQUAL(Framebuffer.Columns, Sizes[i][3]);
        CHECK_EQUAL(Framebuffer.Rows, Sizes[i][4]);
    }
}

TEST(what_cannot_be_used_is_refused)
{
    HALP_FRAMEBUFFER Framebuffer;

    MakeChunk(0x80000000, 4095, 1024, 768);
    CHECK(!Parse(&Framebuffer)); /* lines overlap */
    MakeChunk(0x80000000, 4098, 1024, 768);
    CHECK(!Parse(&Framebuffer)); /* odd lines */
    MakeChunk(0x80000000, 0xfffffffc, 1024, 768);
    CHECK(!Parse(&Framebuffer));
    MakeChunk(0x80000002, 4096, 1024, 768);
    CHECK(!Parse(&Framebuffer));
    MakeChunk(0, 4096, 1024, 768);
    CHECK(!Parse(&Framebuffer));
    MakeChunk(0xfffffffffffff000ull, 4096, 1024, 768);
    CHECK(!Parse(&Framebuffer)); /* goes round */
    MakeChunk(0x80000000, 4096, 0, 768);
    CHECK(!Parse(&Framebuffer));
    MakeChunk(0x80000000, 4096, 1024, 0);
    CHECK(!Parse(&Framebuffer));
    MakeChunk(0x80000000, 0, 0x40000000, 768);
    CHECK(!Parse(&Framebuffer)); /* 4 * width goes round */
    MakeChunk(0x80000000, 4096, 1024, 0xffffffff);
    CHECK(!Parse(&Framebuffer));
    MakeChunk(0x80000000, 16384 * 4, 16384, 200);
    CHECK_EQUAL(Parse(&Framebuffer), TRUE); /* one line of text at least, however wide */
    MakeChunk(0x80000000, 4096, 1024, 768);
    CHECK(!HalpParseFramebuffer(Chunk, 21, &Framebuffer));
    CHECK(!HalpIsGraphicsChunk(Chunk, 21));
    Put(20, 24, 1);
    CHECK(HalpIsGraphicsChunk(Chunk, 22));
    CHECK(!Parse(&Framebuffer)); /* 24 bits */
    Put(20, 32, 1);
    Put(21, 2, 1);
    CHECK(!HalpIsGraphicsChunk(Chunk, 22)); /* VGA text */
    CHECK(!Parse(&Framebuffer));
    Put(21, 0, 1);
    CHECK(!Parse(&Framebuffer)); /* palette */
}

/* Whatever the bytes are: refused, or within the bounds that drawing relies on. */
TEST(random_chunks_do_no_harm)
{
    HALP_FRAMEBUFFER Framebuffer;
    ULONG Round, i, Seed = 7, Accepted = 0;

    for (Round = 0; Round < 200000; Round++) {
        MakeChunk(0x80000000, 4096, 1024, 768);
        for (i = 0; i < 1 + Round % 3; i++) {
            Seed = Seed * 1664525 + 1013904223;
            Chunk[(Seed >> 8) % 22] = (UCHAR)(Seed >> 24);
        }
        if (!Parse(&Framebuffer))
            continue;
        Accepted++;
        REQUIRE(Framebuffer.Pitch >= Framebuffer.Width * 4ull && Framebuffer.Pitch % 4 == 0);
        REQUIRE(Framebuffer.Columns && Framebuffer.Rows && Framebuffer.Scale);
        REQUIRE(Framebuffer.Columns * 8 * Framebuffer.Scale <= Framebuffer.Width);
        REQUIRE(Framebuffer.Rows * 16 * Framebuffer.Scale <= Framebuffer.Height);
        REQUIRE(Framebuffer.Columns <= 240 && Framebuffer.Rows <= 256);
    }
    CHECK(Accepted > 1000);
}

static void MakeVbe(void)
{
    static const UCHAR Masks[] = {8, 0, 8, 8, 8, 16, 8, 24};

    memset(Chunk, 0, sizeof(Chunk));
    Put(512, 0x9b, 2);
    Put(512 + 16, 4096, 2);
    Put(512 + 18, 1024, 2);
    Put(512 + 20, 768, 2);
    Put(512 + 25, 32, 1);
    memcpy(Chunk + 512 + 31, Masks, sizeof(Masks));
    Put(512 + 40, 0xfd000000, 4);
}

TEST(a_vbe_mode_has_its_own_order_of_colours)
{
    HALP_FRAMEBUFFER Framebuffer;

    MakeVbe();
    CHECK(HalpIsGraphicsVbe(Chunk, 784));
    REQUIRE(HalpParseVbe(Chunk, 784, &Framebuffer));
    CHECK_EQUAL(Framebuffer.Address, 0xfd000000);
    CHECK_EQUAL(Framebuffer.Rows, 48);
    CHECK_EQUAL(Framebuffer.Colours[4], 0x0000aa); /* red is lowest */
    CHECK_EQUAL(Framebuffer.Colours[1], 0xaa0000);
}

TEST(vbe_modes_that_cannot_be_used_are_refused)
{
    HALP_FRAMEBUFFER Framebuffer;

    MakeVbe();
    CHECK(!HalpParseVbe(Chunk, 767, &Framebuffer));
    CHECK(!HalpIsGraphicsVbe(Chunk, 767));
    Put(512, 0x1b, 2); /* no linear framebuffer */
    CHECK(HalpIsGraphicsVbe(Chunk, 784));
    CHECK(!HalpParseVbe(Chunk, 784, &Framebuffer));
    Put(512, 0x8b, 2); /* text */
    CHECK(!HalpIsGraphicsVbe(Chunk, 784));
    CHECK(!HalpParseVbe(Chunk, 784, &Framebuffer));
    MakeVbe();
    Put(512 + 31, 5, 1); /* five bits of red */
    CHECK(!HalpParseVbe(Chunk, 784, &Framebuffer));
    MakeVbe();
    Put(512 + 32, 25, 1); /* red beyond the pixel */
    CHECK(!HalpParseVbe(Chunk, 784, &Framebuffer));
    MakeVbe();
    Put(512 + 25, 16, 1);
    CHECK(!HalpParseVbe(Chunk, 784, &Framebuffer));
    MakeVbe();
    Put(512 + 16, 4092, 2);
    CHECK(!HalpParseVbe(Chunk, 784, &Framebuffer));
}

/* ---- Drawing ---- */

static HALP_FRAMEBUFFER Screen;
static HALP_TEXT Text;
static ULONG *Pixels;

/* The memory ends where the framebuffer does: the sanitizer sees what goes beyond. */
static void Open(ULONG Width, ULONG Height, ULONG Pitch)
{
    ULONG i;

    MakeChunk(0x80000000, Pitch, Width, Height);
    REQUIRE(Parse(&Screen));
    Pixels = malloc(HalpFramebufferSize(&Screen));
    for (i = 0; i < HalpFramebufferSize(&Screen) / 4; i++)
        Pixels[i] = GUARD;
    Screen.Pixels = Pixels;
    Screen.Shown = malloc(Screen.Columns * Screen.Rows * sizeof(USHORT));
    Text = (HALP_TEXT){.Columns = Screen.Columns, .Rows = Screen.Rows};
    Text.Cells = malloc(Screen.Columns * Screen.Rows * sizeof(USHORT));
    HalpClearFramebuffer(&Screen);
    HalpClearText(&Text);
}

static void Close(void)
{
    free(Pixels);
    free(Screen.Shown);
    free(Text.Cells);
}

static void Draw(void)
{
    if (Text.FirstChanged <= Text.LastChanged)
        HalpDrawCells(&Screen, &Text, Text.FirstChanged * Text.Columns,
                      (Text.LastChanged + 1 - Text.FirstChanged) * Text.Columns);
    HalpDrawCursor(&Screen, &Text);
}

static void Show(const char *Characters, SIZE_T Length)
{
    HalpWriteText(&Text, Characters, Length);
    Draw();
    Text.FirstChanged = Text.Rows;
    Text.LastChanged = 0;
}

static ULONG Pixel(ULONG X, ULONG Y)
{
    return Pixels[Y * (Screen.Pitch / 4) + X];
}

TEST(glyphs_are_drawn_where_they_should)
{
    Open(640, 480, 640 * 4 + 64);
    Show("BA", 2);
    CHECK_EQUAL(Pixel(0, 0), 0); /* B is 01000010 */
    CHECK_EQUAL(Pixel(1, 0), GREY);
    CHECK_EQUAL(Pixel(6, 15), GREY);
    CHECK_EQUAL(Pixel(7, 15), 0);
    CHECK_EQUAL(Pixel(9, 0), GREY); /* A is 01000001 */
    CHECK_EQUAL(Pixel(15, 0), GREY);
    CHECK_EQUAL(Pixel(1, 16), 0);
    CHECK_EQUAL(Pixel(16, 12), 0); /* the cursor is two lines */
    CHECK_EQUAL(Pixel(16, 13), GREY);
    CHECK_EQUAL(Pixel(23, 14), GREY);
    CHECK_EQUAL(Pixel(24, 14), 0);
    CHECK_EQUAL(Pixel(16, 15), 0);
    CHECK_EQUAL(Pixel(640, 0), GUARD); /* between the lines */
    Show("\b", 1);
    CHECK_EQUAL(Pixel(16, 13), 0);
    CHECK_EQUAL(Pixel(8, 13), GREY);
    CHECK_EQUAL(Pixel(8, 12), 0);
    Close();
}

TEST(points_are_scaled)
{
    Open(2560, 1440, 2560 * 4);
    CHECK_EQUAL(Screen.Scale, 2);
    Show("B", 1);
    CHECK_EQUAL(Pixel(1, 1), 0);
    CHECK_EQUAL(Pixel(2, 0), GREY);
    CHECK_EQUAL(Pixel(3, 31), GREY);
    CHECK_EQUAL(Pixel(4, 31), 0);
    CHECK_EQUAL(Pixel(16, 26), GREY); /* cursor */
    CHECK_EQUAL(Pixel(31, 29), GREY);
    CHECK_EQUAL(Pixel(16, 30), 0);
    Close();
}

TEST(attributes_choose_colours)
{
    Open(640, 480, 640 * 4);
    Show("B", 1);
    Text.Cells[0] = 0x9e00 | 'B'; /* yellow on blue; the highest bit means nothing */
    Text.FirstChanged = Text.LastChanged = 0;
    Draw();
    CHECK_EQUAL(Pixel(0, 0), 0x0000aa);
    CHECK_EQUAL(Pixel(1, 0), 0xffff55);
    Close();
}

/* Like a screen that is drawn anew as a whole each time. */
TEST(the_picture_is_that_of_the_cells)
{
    static const char Sample[] = "AB\xdb\n\b\r\t\f AB";
    ULONG Seed = 3, Round, i, x, y;

    Open(333, 211, 333 * 4 + 12);
    for (Round = 0; Round < 3000; Round++) {
        char Piece[4];

        for (i = 0; i < sizeof(Piece); i++) {
            Seed = Seed * 1664525 + 1013904223;
            Piece[i] = Sample[(Seed >> 16) % (sizeof(Sample) - 1)];
        }
        Show(Piece, Round % (sizeof(Piece) + 1));
        if (Round % 50)
            continue;
        for (y = 0; y < 211; y++)
            for (x = 0; x < 333; x++) {
                ULONG Column = x / 8, Row = y / 16, Expected = 0;

                if (Column < Screen.Columns && Row < Screen.Rows) {
                    UCHAR Points =
                        HalpGlyphs[(UCHAR)Text.Cells[Row * Text.Columns + Column]][y % 16];

                    if (Row == Text.Row && Column == Text.Column && (y % 16 == 13 || y % 16 == 14))
                        Points = 0xff;
                    Expected = Points >> (7 - x % 8) & 1 ? GREY : 0;
                }
                REQUIRE(Pixel(x, y) == Expected);
            }
    }
    Close();
}
