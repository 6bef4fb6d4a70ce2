/* SPDX-License-Identifier: BSD-2-Clause */
/* Bulk, to be found as it was: word n is n * 0x9e3779b1. */
.data
.balign 4096
.global pattern, pattern_end
pattern:
.set n, 0
.rept 65536
    .long (n * 0x9e3779b1) & 0xffffffff
.set n, n + 1
.endr
pattern_end:
