/* SPDX-License-Identifier: BSD-2-Clause */
/* The default locale and languages. There is one user, whose settings last until the system ends.
 */
#include "exp.h"

#define RESERVED_LOCALE_BITS 0xfff00000u /* of an LCID: language, sort order, nothing */

static LCID SystemLocale = LOCALE_ENGLISH_US, UserLocale = LOCALE_ENGLISH_US;
static USHORT UserLanguage = LOCALE_ENGLISH_US;

/* NtQueryDefaultLocale: the user's locale, or the system's. STATUS_ACCESS_VIOLATION.  (Win32:
 * GetUserDefaultLCID) */
NTSTATUS NtQueryDefaultLocale(BOOLEAN UserProfile, CLIENT(LCID *) DefaultLocaleId)
{
    LCID Locale = UserProfile ? UserLocale : SystemLocale;

    return MmWriteClient(DefaultLocaleId, &Locale);
}

/* NtSetDefaultLocale: sets what NtQueryDefaultLocale tells. STATUS_INVALID_PARAMETER for what is no
 * LCID; whether there is such a locale is not looked up.  (Win32: SetThreadLocale) */
NTSTATUS NtSetDefaultLocale(BOOLEAN UserProfile, LCID DefaultLocaleId)
{
    if (DefaultLocaleId & RESERVED_LOCALE_BITS)
        return STATUS_INVALID_PARAMETER;
    if (UserProfile)
        UserLocale = DefaultLocaleId;
    else
        SystemLocale = DefaultLocaleId;
    return STATUS_SUCCESS;
}

/* NtQueryDefaultUILanguage: the language of the user's surface. STATUS_ACCESS_VIOLATION.  (Win32:
 * GetUserDefaultUILanguage) */
NTSTATUS NtQueryDefaultUILanguage(CLIENT(PUSHORT) DefaultUILanguageId)
{
    return MmWriteClient(DefaultUILanguageId, &UserLanguage);
}

/* NtSetDefaultUILanguage: sets it; 0 is the installed one. */
NTSTATUS NtSetDefaultUILanguage(USHORT DefaultUILanguageId)
{
    UserLanguage = DefaultUILanguageId ? DefaultUILanguageId : LOCALE_ENGLISH_US;
    return STATUS_SUCCESS;
}

/* NtQueryInstallUILanguage: the language that the system speaks. STATUS_ACCESS_VIOLATION.  (Win32:
 * GetSystemDefaultUILanguage) */
NTSTATUS NtQueryInstallUILanguage(CLIENT(PUSHORT) InstallUILanguageId)
{
    static const USHORT Language = LOCALE_ENGLISH_US;

    return MmWriteClient(InstallUILanguageId, &Language);
}
