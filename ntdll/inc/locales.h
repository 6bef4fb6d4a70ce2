/* SPDX-License-Identifier: BSD-2-Clause */
/* The indexes of locale.nls (rtl/localetable.c), which may be damaged. */
#pragma once

#include <nt/ntnls.h>
#include <nt/ntrtl.h>

typedef struct _RTLP_LOCALES {
    const USHORT *Words; /* from the locales' part on */
    ULONG Count;
} RTLP_LOCALES, *PRTLP_LOCALES;

typedef struct _RTLP_LOCALE {
    UNICODE_STRING Name; /* in the file */
    LCID Id;
    BOOLEAN Neutral; /* a language without a country */
} RTLP_LOCALE, *PRTLP_LOCALE;

BOOLEAN RtlpOpenLocales(const void *Base, SIZE_T Size, PRTLP_LOCALES Locales);
/* FALSE: there is no such locale. */
BOOLEAN RtlpFindLocaleById(const RTLP_LOCALES *Locales, LCID Id, PRTLP_LOCALE Locale);
BOOLEAN RtlpFindLocaleByName(const RTLP_LOCALES *Locales, PCWSTR Name, PRTLP_LOCALE Locale);
