/* SPDX-License-Identifier: BSD-2-Clause */

#include <arch/fpu.h>
#include <arch/machine.h>
#include <tcb.h>

#define FCW_OFFSET 0
#define MXCSR_OFFSET 24
#define FCW_AFTER_FINIT 0x37f
#define MXCSR_AFTER_RESET 0x1f80

struct tcb *fpu_owner;
bool fpu_is_on = true;

void fpu_init_state(struct fpu_state *state)
{
    *(uint16_t *)&state->bytes[FCW_OFFSET] = FCW_AFTER_FINIT;
    *(uint32_t *)&state->bytes[MXCSR_OFFSET] = MXCSR_AFTER_RESET;
}

void fpu_release(struct tcb *thread)
{
    bool was_on = fpu_is_on;

    if (fpu_owner != thread)
        return;
    if (!was_on)
        fpu_turn_on();
    fpu_save(&thread->fpu);
    fpu_owner = NULL;
    if (!was_on)
        fpu_turn_off();
}
