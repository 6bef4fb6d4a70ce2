/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the HAL share. */
#pragma once
#include "hal.h"
#include "mm.h"
#include "ex.h"
#include "ke.h"
#include "dbg.h"

#define HALP_PIT_FREQUENCY 1193182 /* Hz */
#define HALP_CLOCK_VECTOR 0        /* ISA interrupt of the PIT */

/* ---- Boot information: extra chunks of the kernel's ---- */
extern seL4_BootInfo *HalpBootInfo;
/* The payload of the chunk, NULL if there is none; *Length bytes. */
const void *HalpFindBootChunk(seL4_Word Id, PULONG Length);

/* ---- Ports of the Executive itself ---- */
NTSTATUS HalpClaimPorts(ULONG First, ULONG Count, seL4_CPtr *Cap); /* for the Executive alone */
void HalWritePort16(USHORT Port, USHORT Value);
USHORT HalReadPort16(USHORT Port);

/* ---- Start of parts ---- */
void HalpInitializeSerial(void);
void HalpInitializeScreen(void);

/* ---- ACPI ---- */
#define HALP_ISA_VECTORS 16

typedef struct _HALP_OVERRIDE {
    ULONG Pin;
    UCHAR Polarity; /* MPS INTI flags: 0 as the bus (ISA: high), 1 high, 3 low */
    UCHAR Trigger;  /* 0 as the bus (ISA: edge), 1 edge, 3 level */
} HALP_OVERRIDE, *PHALP_OVERRIDE;

typedef struct _HALP_FADT {
    ULONGLONG Dsdt;
    ULONG SmiCommand;
    UCHAR AcpiEnable;
    ULONG Pm1aControl, Pm1bControl; /* ports, 0 = none */
    BOOLEAN ResetSupported;         /* by a port */
    USHORT ResetPort;
    UCHAR ResetValue;
} HALP_FADT, *PHALP_FADT;

/* acpi.c: tables through device memory. NULL: not there, not readable or broken. Checked by length
 * and sum. */
const void *HalpFindAcpiTable(const char Signature[4], ULONG Index, PULONG Length);
const void *HalpMapAcpiTable(ULONGLONG Address, PULONG Length);
/* Entries of 4 or 8 bytes, behind the header. Mapped anew each time. */
const UCHAR *HalpRootTable(PULONG Length, PULONG EntrySize);

/* acpi_tables.c: pure, for any bytes */
BOOLEAN HalpIsTableSound(const void *Table, ULONG Length);
void HalpParseMadt(const UCHAR *Table, ULONG Length, HALP_OVERRIDE Overrides[HALP_ISA_VECTORS]);
BOOLEAN HalpParseFadt(const UCHAR *Table, ULONG Length, PHALP_FADT Fadt);
BOOLEAN HalpParseS5(const UCHAR *Dsdt, ULONG Length, PUCHAR SleepTypeA, PUCHAR SleepTypeB);

/* ---- The text screen's contents (text.c, pure) ---- */
#define HALP_BLANK 0x0720 /* a space, light grey on black */

typedef struct _HALP_TEXT {
    ULONG Columns, Rows;
    PUSHORT Cells; /* row by row: character of code page 437, attribute in the high byte */
    ULONG Row, Column;
    ULONG FirstChanged, LastChanged; /* rows to be copied to the screen; none when First > Last */
} HALP_TEXT, *PHALP_TEXT;

void HalpClearText(PHALP_TEXT Text);
void HalpWriteText(PHALP_TEXT Text, const char *Characters, SIZE_T Length);

/* ---- Where the text is shown: each kind of screen says its size, and shows changed cells (an even
 * number from an even one on) and the cursor ---- */
#define HALP_CELLS_AT_ONCE 40 /* even */
BOOLEAN HalpOpenVga(PULONG Columns, PULONG Rows);
void HalpShowVga(const HALP_TEXT *Text, ULONG First, ULONG Count);
void HalpShowVgaCursor(const HALP_TEXT *Text);
BOOLEAN HalpOpenLinear(PULONG Columns, PULONG Rows);
void HalpShowLinear(const HALP_TEXT *Text, ULONG First, ULONG Count);
void HalpShowLinearCursor(const HALP_TEXT *Text);
/* The boot loader has left text mode: there is no VGA text screen. */
BOOLEAN HalpIsGraphicsMode(void);

/* ---- Drawing text on a linear framebuffer (framebuffer.c, pure) ---- */
#define HALP_GLYPH_WIDTH 8
#define HALP_GLYPH_HEIGHT 16
#define HALP_COLOURS 16

typedef struct _HALP_FRAMEBUFFER {
    ULONGLONG Address;           /* physical */
    ULONG Pitch;                 /* bytes from one line to the next */
    ULONG Width, Height;         /* pixels of 32 bits */
    UCHAR Shift[3];              /* of red, green and blue, 8 bits each */
    ULONG Columns, Rows, Scale;  /* of the text; Scale pixels for a point of a glyph */
    ULONG Colours[HALP_COLOURS]; /* of VGA text, as pixels */
    volatile ULONG *Pixels;      /* where it is mapped; written to only */
    PUSHORT Shown;               /* the cells as drawn last */
    ULONG Cursor;                /* the cell that shows the cursor */
} HALP_FRAMEBUFFER, *PHALP_FRAMEBUFFER;

extern const UCHAR HalpGlyphs[256][HALP_GLYPH_HEIGHT]; /* generated: mkfont.py */

/* What the loader says, in the chunks of seL4's boot information. FALSE: not a framebuffer that we
 * can use. */
BOOLEAN HalpParseFramebuffer(const UCHAR *Chunk, ULONG Length, PHALP_FRAMEBUFFER Framebuffer);
BOOLEAN HalpParseVbe(const UCHAR *Chunk, ULONG Length, PHALP_FRAMEBUFFER Framebuffer);
BOOLEAN HalpIsGraphicsChunk(const UCHAR *Chunk, ULONG Length);
BOOLEAN HalpIsGraphicsVbe(const UCHAR *Chunk, ULONG Length);
/* Bytes of the framebuffer that text is drawn in. */
SIZE_T HalpFramebufferSize(const HALP_FRAMEBUFFER *Framebuffer);
/* Pixels and Shown are set: all black, all blank. */
void HalpClearFramebuffer(PHALP_FRAMEBUFFER Framebuffer);
/* The text has the framebuffer's columns and rows. */
void HalpDrawCells(PHALP_FRAMEBUFFER Framebuffer, const HALP_TEXT *Text, ULONG First, ULONG Count);
void HalpDrawCursor(PHALP_FRAMEBUFFER Framebuffer, const HALP_TEXT *Text);
