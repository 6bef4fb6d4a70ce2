/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The configuration that the kernel is built for: seL4's options with the same meanings. */

#define CONFIG_NUM_PRIORITIES 256
#define CONFIG_NUM_DOMAINS 1
#define CONFIG_TIMER_TICK_US 2000
#define CONFIG_TIME_SLICE 5
#define CONFIG_RETYPE_FAN_OUT_LIMIT 256
#define CONFIG_MAX_WORK_UNITS 100
#define CONFIG_MAX_BOOTINFO_UNTYPEDS 230
#define CONFIG_ROOT_CNODE_BITS 16

/* Untyped memory is cleared in pieces of this size, with a preemption point after each. */
#define CONFIG_RESET_CHUNK_BITS 11
