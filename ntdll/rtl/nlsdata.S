/* SPDX-License-Identifier: BSD-2-Clause */
/* What the PEB's AnsiCodePageData, OemCodePageData and UnicodeCaseTableData point to: files of
 * tools/generate/mknls.py. */
    .section .rdata, "dr"
    .balign 4096
    .globl RtlpAnsiCodePage
RtlpAnsiCodePage:
    .incbin "c_1252.nls"
    .balign 16
    .globl RtlpOemCodePage
RtlpOemCodePage:
    .incbin "c_437.nls"
    .balign 16
    .globl RtlpCaseTables
RtlpCaseTables:
    .incbin "l_intl.nls"
