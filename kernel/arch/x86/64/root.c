/* SPDX-License-Identifier: BSD-2-Clause */

/* Roots of address spaces: page map level 4. */

#include <arch/vspace.h>
#include <fault.h>

void root_init(pte_t *root)
{
    root[ROOT_KERNEL_INDEX] = kernel_root[ROOT_KERNEL_INDEX];
}

exception_t decode_root_invocation(const struct invocation *inv)
{
    return syscall_error(seL4_IllegalOperation);
}
