// SPDX-License-Identifier: BSD-2-Clause
// sources: wdm/trap/instruction.c
// options: -Iwdm/trap
#include "test.h"
#include "instruction.h"
#include <string.h>

static KI_INSTRUCTION Found;

/* What follows an instruction does not matter. */
static bool Decode(const char *Bytes, size_t Length, bool Mode64)
{
    uint8_t Code[32];

    memset(Code, 0xCC, sizeof(Code));
    memcpy(Code, Bytes, Length);
    return KiDecodeInstruction(Code, sizeof(Code), Mode64, &Found) && Found.Length == Length;
}

#define BOTH(bytes)                                                                                \
    (Decode(bytes, sizeof(bytes) - 1, true) && Decode(bytes, sizeof(bytes) - 1, false))
#define LONG(bytes) Decode(bytes, sizeof(bytes) - 1, true)
#define SHORT(bytes) Decode(bytes, sizeof(bytes) - 1, false)

TEST(ports_in_dx_and_in_the_instruction)
{
    CHECK(BOTH("\xec") && Found.Operation == KI_PORT_INPUT && Found.Size == 1);
    CHECK(BOTH("\xed") && Found.Size == 4 && !Found.ImmediatePort);
    CHECK(BOTH("\x66\xed") && Found.Size == 2);
    CHECK(BOTH("\x66\x66\xef") && Found.Size == 2 && Found.Operation == KI_PORT_OUTPUT);
    CHECK(BOTH("\xe4\x71") && Found.ImmediatePort && Found.Port == 0x71 && Found.Size == 1);
    CHECK(BOTH("\x66\xe7\xff") && Found.Port == 0xff && Found.Operation == KI_PORT_OUTPUT);
    CHECK(BOTH("\xf3\xee") && Found.Operation == KI_PORT_OUTPUT && !Found.Repeat);
}

TEST(rex_is_a_prefix_of_amd64_and_stronger_than_66)
{
    CHECK(LONG("\x48\xed") && Found.Size == 4);
    CHECK(LONG("\x66\x48\xed") && Found.Size == 4);
    CHECK(LONG("\x66\x40\xed") && Found.Size == 2);
    CHECK(!SHORT("\x48\xed"));
}

TEST(rex_before_another_prefix_counts_for_nothing)
{
    CHECK(LONG("\x48\x66\xed") && Found.Size == 2);
    CHECK(!LONG("\x44\x66\x0f\x20\xc0"));
    CHECK(LONG("\x66\x44\x0f\x20\xc0"));
}

TEST(strings)
{
    CHECK(BOTH("\x6c") && Found.Operation == KI_STRING_INPUT && !Found.Repeat && Found.Size == 1);
    CHECK(BOTH("\xf3\x66\x6d") && Found.Repeat && Found.Size == 2);
    CHECK(BOTH("\x66\xf2\x6f") && Found.Repeat && Found.Operation == KI_STRING_OUTPUT);
    CHECK(LONG("\xf3\x6d") && Found.AddressSize == 8 && Found.Size == 4);
    CHECK(LONG("\x67\xf3\x6d") && Found.AddressSize == 4);
    CHECK(SHORT("\xf3\x6d") && Found.AddressSize == 4);
    CHECK(SHORT("\xf3\x67\x6d") && Found.AddressSize == 2);
    CHECK(BOTH("\x2e\xf3\x6e"));
    CHECK(!BOTH("\x64\xf3\x6e") && !LONG("\x65\x6e") && !SHORT("\x65\x6e"));
}

TEST(levels)
{
    CHECK(LONG("\x44\x0f\x20\xc0") && Found.Operation == KI_READ_LEVEL && Found.Register == 0);
    CHECK(LONG("\x44\x0f\x22\xc1") && Found.Operation == KI_WRITE_LEVEL && Found.Register == 1);
    CHECK(LONG("\x45\x0f\x20\xc7") && Found.Register == 15);
    CHECK(!LONG("\x44\x0f\x20\xc4"));  /* RSP */
    CHECK(!LONG("\x0f\x20\xc0"));      /* CR0 */
    CHECK(!LONG("\x41\x0f\x20\xc0"));  /* CR0 to R8 */
    CHECK(!LONG("\x44\x0f\x20\xd8"));  /* CR11 */
    CHECK(!LONG("\xf0\x0f\x20\xc0"));  /* LOCK, another way to CR8 */
    CHECK(!LONG("\x44\x0f\x21\xc0"));  /* debug registers */
    CHECK(!SHORT("\x44\x0f\x20\xc0")); /* on i386 44 is an instruction */
}

TEST(others_are_left_alone)
{
    CHECK(!BOTH("\xfa") && !LONG("\xfa") && !LONG("\xfb") && !LONG("\xf4"));
    CHECK(!LONG("\x0f\x01\xd0") && !LONG("\x0f\x30") && !LONG("\x90") && !LONG("\xf0\xec"));
}

TEST(what_is_cut_off_is_none)
{
    const uint8_t Code[] = {0x66, 0x44, 0x0f, 0x22, 0xc0}, Port[] = {0xe4, 0x70},
                  Prefixes[] = {0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0xec};

    for (size_t i = 0; i < sizeof(Code); i++)
        CHECK(!KiDecodeInstruction(Code, i, true, &Found));
    CHECK(KiDecodeInstruction(Code, sizeof(Code), true, &Found));
    CHECK(!KiDecodeInstruction(Port, 1, true, &Found));
    CHECK(!KiDecodeInstruction(Prefixes, sizeof(Prefixes), true, &Found));
    CHECK(KiDecodeInstruction(Prefixes + 1, sizeof(Prefixes) - 1, true, &Found));
}
