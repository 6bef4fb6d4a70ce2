/* SPDX-License-Identifier: BSD-2-Clause */
/* The two forms of RtlCreateActivationContext: flags come first, or an address. Each pops its own
 * arguments. */
#define LEAST_ADDRESS 0x10000

    .text
    .globl "_RtlCreateActivationContext@24"
    .def "_RtlCreateActivationContext@24"; .scl 2; .type 32; .endef
    .p2align 4
"_RtlCreateActivationContext@24":
    cmpl $LEAST_ADDRESS, 4(%esp)
    jb "_SxspCreateFromData@24"
    jmp "_SxspCreateFromStructure@8"
