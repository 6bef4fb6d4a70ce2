/* SPDX-License-Identifier: BSD-2-Clause */
/* What the fuzzer is to do: -fw_cfg name=opt/fuzz,string="<calls> <seed>". */
#include "fuzz.h"

void config_read(seL4_Word *calls, seL4_Word *seed)
{
    seL4_Word *value = calls, left;
    char c;

    left = config_open("opt/fuzz");
    if (left)
        *calls = 0;
    for (; left; left--) {
        c = (char)config_byte();
        if (c == ' ') {
            value = seed;
            *seed = 0;
        } else {
            *value = *value * 10 + (seL4_Word)(c - '0');
        }
    }
}
