/* SPDX-License-Identifier: BSD-2-Clause */
/* The boot archive: a newc cpio of the programs, libraries and drivers, which io serves as \SystemRoot. */
    .section .rodata.archive, "a", @progbits
    .balign 4096
    .globl NtosBootArchive
NtosBootArchive:
    .incbin BOOT_ARCHIVE
    .globl NtosBootArchiveEnd
NtosBootArchiveEnd:
