/* SPDX-License-Identifier: BSD-2-Clause */
/* Normalisation beyond what ntnls.h has: by compatibility, and by the tables of files. */
#pragma once

#include <nt/ntnls.h>
#include <nt/ntrtl.h>

/* As RtlpDecompose, with what is only compatible. */
ULONG RtlpDecomposeCompatibly(PCWCH Source, ULONG Length, PWSTR Destination);

/* A file's table (rtl/normfile.c), which may be damaged. */
typedef struct _RTLP_NORMALIZATION {
    const USHORT *Words;
    ULONG Count;
} RTLP_NORMALIZATION, *PRTLP_NORMALIZATION;

/* Characters of all planes; NULL: they are only counted. */
typedef struct _RTLP_NORMALIZED {
    PULONG Characters;
    ULONG Count;
} RTLP_NORMALIZED, *PRTLP_NORMALIZED;

BOOLEAN RtlpOpenNormalization(const void *Base, SIZE_T Size, ULONG Form, PRTLP_NORMALIZATION Table);
/* Length, or where a character is that there is not. */
ULONG RtlpDecomposeByTable(const RTLP_NORMALIZATION *Table, PCWCH Source, ULONG Length,
                           PRTLP_NORMALIZED Out);
void RtlpOrderByTable(const RTLP_NORMALIZATION *Table, PRTLP_NORMALIZED Text);
void RtlpComposeByTable(const RTLP_NORMALIZATION *Table, PRTLP_NORMALIZED Text);
/* The length in UTF-16; Destination may be NULL. */
ULONG RtlpEncodeNormalized(const RTLP_NORMALIZED *Text, PWSTR Destination);

/* ntdll/rtl/normfile.c: the table of a form, mapped once; FALSE: there is no such file. */
BOOLEAN RtlpFindNormalization(ULONG Form, PRTLP_NORMALIZATION Table);
