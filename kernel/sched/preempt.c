/* SPDX-License-Identifier: BSD-2-Clause */

/* Long operations check for pending interrupts now and then, so that interrupts are not delayed for
 * long. */

#include <interrupt.h>
#include <latency.h>
#include <sched.h>

static word_t work_units;

exception_t preemption_point(void)
{
    if (++work_units < CONFIG_MAX_WORK_UNITS)
        return EXCEPTION_NONE;
    work_units = 0;
    latency_poll();
    return arch_irq_pending() ? EXCEPTION_PREEMPTED : EXCEPTION_NONE;
}
