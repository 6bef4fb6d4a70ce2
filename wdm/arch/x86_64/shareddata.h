/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The DDK for amd64 compiles the kernel's address of KUSER_SHARED_DATA into drivers
 * (KeQuerySystemTime and its like are macros). The page is at another address here; so when a
 * driver has been mapped, its code is made to use that. Pure code, tested on the host.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define WDM_KERNEL_SHARED_DATA 0xFFFFF78000000000ULL
#define WDM_SHARED_DATA_SIZE 0x1000

/*
 * Replaces every 8-byte constant in Code that is an address in the kernel's shared data by the same
 * place in the page at Address; returns how many.
 */
size_t WdmRedirectSharedData(uint8_t *Code, size_t Size, uint64_t Address);
