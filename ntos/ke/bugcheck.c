/* SPDX-License-Identifier: BSD-2-Clause */
/* The Executive found itself in a state that it cannot go on from. */
#include "kip.h"

static void Say(const char *Text)
{
    SIZE_T Length = 0;

    while (Text[Length])
        Length++;
    HalSerialWrite(Text, Length);
    HalDisplayString(Text, Length);
}

void KeBugCheck(const char *Reason)
{
    Say("\n*** STOP: ");
    Say(Reason);
    Say("\n");
    for (;;)
        seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}
