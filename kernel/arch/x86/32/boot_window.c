/* SPDX-License-Identifier: BSD-2-Clause */

#include <boot.h>

BOOT_CODE void arch_boot_map_window(void)
{
    /* head.S has mapped all of it. */
}
