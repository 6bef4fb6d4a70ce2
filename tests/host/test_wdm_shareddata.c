// SPDX-License-Identifier: BSD-2-Clause
// only: x86_64
// sources: wdm/arch/x86_64/shareddata.c
// options: -Iwdm/arch/x86_64
#include "test.h"
#include "shareddata.h"
#include <string.h>

static uint64_t At(const uint8_t *Code)
{
    uint64_t Value;

    memcpy(&Value, Code, 8);
    return Value;
}

TEST(constants_in_the_page_are_moved)
{
    /* mov rax,[0xfffff78000000014] as MOVABS, and with the address in a register */
    uint8_t Code[] = {0x48, 0xA1, 0x14, 0, 0, 0,    0x80, 0xF7, 0xFF, 0xFF, 0x48,
                      0xB9, 0x00, 0,    0, 0, 0x80, 0xF7, 0xFF, 0xFF, 0xC3};

    CHECK_EQUAL(WdmRedirectSharedData(Code, sizeof(Code), 0x7FFE0000), 2);
    CHECK_EQUAL(At(Code + 2), 0x7FFE0014);
    CHECK_EQUAL(At(Code + 12), 0x7FFE0000);
    CHECK(Code[0] == 0x48 && Code[1] == 0xA1 && Code[10] == 0x48 && Code[20] == 0xC3);
    CHECK_EQUAL(WdmRedirectSharedData(Code, sizeof(Code), 0x7FFE0000), 0);
}

TEST(constants_beside_the_page_stay)
{
    uint8_t After[] = {0x00, 0x10, 0, 0, 0x80, 0xF7, 0xFF, 0xFF};
    uint8_t Before[] = {0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xF7, 0xFF, 0xFF};
    uint8_t Cut[] = {0x14, 0, 0, 0, 0x80, 0xF7, 0xFF};

    CHECK_EQUAL(WdmRedirectSharedData(After, sizeof(After), 1), 0);
    CHECK_EQUAL(WdmRedirectSharedData(Before, sizeof(Before), 1), 0);
    CHECK_EQUAL(WdmRedirectSharedData(Cut, sizeof(Cut), 1), 0);
    CHECK_EQUAL(WdmRedirectSharedData(Cut, 0, 1), 0);
}
