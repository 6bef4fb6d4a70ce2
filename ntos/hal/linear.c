/* SPDX-License-Identifier: BSD-2-Clause */
/* The screen of machines that boot in graphics mode, as UEFI does: finding and mapping the linear
 * framebuffer. */
#include "halp.h"

static HALP_FRAMEBUFFER HalpLinear;

BOOLEAN HalpIsGraphicsMode(void)
{
    ULONG Length;
    const UCHAR *Chunk = HalpFindBootChunk(SEL4_BOOTINFO_HEADER_X86_FRAMEBUFFER, &Length);

    if (Chunk)
        return HalpIsGraphicsChunk(Chunk, Length);
    Chunk = HalpFindBootChunk(SEL4_BOOTINFO_HEADER_X86_VBE, &Length);
    return Chunk && HalpIsGraphicsVbe(Chunk, Length);
}

static BOOLEAN HalpReadMode(void)
{
    ULONG Length;
    const UCHAR *Chunk = HalpFindBootChunk(SEL4_BOOTINFO_HEADER_X86_FRAMEBUFFER, &Length);

    if (Chunk && HalpIsGraphicsChunk(Chunk, Length))
        return HalpParseFramebuffer(Chunk, Length, &HalpLinear);
    Chunk = HalpFindBootChunk(SEL4_BOOTINFO_HEADER_X86_VBE, &Length);
    return Chunk && HalpParseVbe(Chunk, Length, &HalpLinear);
}

static BOOLEAN HalpMapLinear(void)
{
    SIZE_T Cells = HalpLinear.Columns * HalpLinear.Rows * sizeof(USHORT);

    HalpLinear.Pixels =
        MmMapDeviceMemory(HalpLinear.Address, HalpFramebufferSize(&HalpLinear), MmWriteCombined);
    if (!HalpLinear.Pixels)
        return FALSE;
    HalpLinear.Shown = MmAllocateSystemPages((Cells + PAGE_SIZE - 1) / PAGE_SIZE);
    return HalpLinear.Shown != NULL;
}

BOOLEAN HalpOpenLinear(PULONG Columns, PULONG Rows)
{
    if (!HalpReadMode()) {
        DbgPrint("hal: the boot loader's graphics mode cannot be used\n");
        return FALSE;
    }
    if (!HalpMapLinear()) {
        DbgPrint("hal: the framebuffer at %llx cannot be mapped\n", HalpLinear.Address);
        return FALSE;
    }
    HalpClearFramebuffer(&HalpLinear);
    *Columns = HalpLinear.Columns;
    *Rows = HalpLinear.Rows;
    return TRUE;
}

void HalpShowLinear(const HALP_TEXT *Text, ULONG First, ULONG Count)
{
    HalpDrawCells(&HalpLinear, Text, First, Count);
}

void HalpShowLinearCursor(const HALP_TEXT *Text)
{
    HalpDrawCursor(&HalpLinear, Text);
}
