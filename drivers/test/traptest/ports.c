/* SPDX-License-Identifier: BSD-2-Clause */
/* Port instructions: all sizes, and all places where one can be. */
#include "traptest.h"

#define CALL_OPCODE 0xE8
#define TIMES 3 /* the first one traps, then it has been replaced */

/* How a whole register begins that is then read into */
#define PATTERN ((ULONG_PTR)0x1122334455667788)

static VOID TestSizes(VOID)
{
    for (ULONG i = 0; i < TIMES; i++) {
        CHECK(SiteIn8(PORT_SCRATCH, PATTERN) == ((PATTERN & ~(ULONG_PTR)0xff) | SCRATCH));
        CHECK((SiteIn16(PORT_SCRATCH - 1, PATTERN) & ~(ULONG_PTR)0xff) ==
              ((PATTERN & ~(ULONG_PTR)0xffff) | SCRATCH << 8));
        CHECK((SiteIn32(PORT_SCRATCH - 3, PATTERN) & ~(ULONG_PTR)0xffffff) == SCRATCH << 24);
        CHECK(SiteInRepeated(PORT_SCRATCH, PATTERN) == ((PATTERN & ~(ULONG_PTR)0xff) | SCRATCH));
    }
}

static VOID TestOutput(VOID)
{
    for (ULONG i = 0; i < TIMES; i++) {
        SiteOut8(PORT_SCRATCH, 0xFFFFFF00 | i);
        CHECK((UCHAR)SiteIn8(PORT_SCRATCH, 0) == i);
        SiteOut8(PORT_SCRATCH, SCRATCH);
        CHECK((UCHAR)SiteIn8(PORT_SCRATCH, 0) == SCRATCH);
    }
}

VOID TestPorts(VOID)
{
    TestSizes();
    TestOutput();
}

static VOID TestNeighbours(VOID)
{
    for (ULONG i = 0; i < TIMES; i++)
        CHECK(SitePair(PORT_SCRATCH) == SCRATCH);
}

/* What follows a replaced instruction stays where it is. */
static VOID TestJump(VOID)
{
    for (ULONG i = 0; i < TIMES; i++) {
        CHECK(SiteJumpedBehind(PORT_SCRATCH, TRUE) == 0x55);
        CHECK(SiteJumpedBehind(PORT_SCRATCH, FALSE) == SCRATCH);
    }
}

/* Which of them have been replaced depends on what follows; right they are in any case. */
static VOID TestEdges(VOID)
{
    for (ULONG i = 0; i < TIMES; i++) {
        CHECK(SiteAtPageEnd(PORT_SCRATCH) == SCRATCH);
        CHECK(SiteInTwoPages(PORT_SCRATCH - 1) >> 8 == SCRATCH);
        CHECK(SiteAtSectionEnd(PORT_SCRATCH) == SCRATCH);
    }
}

static VOID TestWritableCode(VOID)
{
    UCHAR Before[16], *Code = (PUCHAR)(ULONG_PTR)SiteWritable;

    RtlCopyMemory(Before, Code, sizeof(Before));
    for (ULONG i = 0; i < TIMES; i++)
        CHECK(SiteWritable(PORT_SCRATCH) == SCRATCH);
    CHECK(RtlEqualMemory(Before, Code, sizeof(Before)));
}

VOID TestSurroundings(VOID)
{
    TestNeighbours();
    TestJump();
    TestEdges();
    TestWritableCode();
    CHECK(SiteRepInswAt[0] == 0xf3 || SiteRepInswAt[0] == CALL_OPCODE);
}
