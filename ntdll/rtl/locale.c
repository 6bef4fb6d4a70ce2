// SPDX-License-Identifier: BSD-2-Clause
/* Names and numbers of locales, by locale.nls. */
#include "locales.h"
#include "rtlp.h"

static BOOLEAN OpenLocales(PRTLP_LOCALES Locales)
{
    PVOID Base;
    LCID Default;
    LARGE_INTEGER Size;

    return NT_SUCCESS(RtlGetLocaleFileMappingAddress(&Base, &Default, &Size)) &&
           RtlpOpenLocales(Base, (SIZE_T)Size.QuadPart, Locales);
}

static BOOLEAN IsAllowed(const RTLP_LOCALE *Locale, ULONG Flags)
{
    return !Locale->Neutral || (Flags & RTL_LOCALE_ALLOW_NEUTRAL_NAMES);
}

/* The number that one for a default stands for. */
static LCID ResolveDefault(LCID Id)
{
    USHORT Language;

    switch (Id) {
    case LOCALE_USER_DEFAULT:
        NtQueryDefaultLocale(TRUE, &Id);
        return Id;
    case LOCALE_SYSTEM_DEFAULT:
    case LOCALE_CUSTOM_DEFAULT:
        NtQueryDefaultLocale(FALSE, &Id);
        return Id;
    case LOCALE_CUSTOM_UI_DEFAULT:
        NtQueryDefaultUILanguage(&Language);
        return Language;
    default:
        return Id;
    }
}

NTSTATUS NTAPI RtlLcidToLocaleName(LCID Id, PUNICODE_STRING Name, ULONG Flags, BOOLEAN Allocate)
{
    RTLP_LOCALES Locales;
    RTLP_LOCALE Locale;

    if (!Name)
        return STATUS_INVALID_PARAMETER_2;
    if (Flags & ~RTL_LOCALE_ALLOW_NEUTRAL_NAMES)
        return STATUS_INVALID_PARAMETER_3;
    if (!OpenLocales(&Locales) || !RtlpFindLocaleById(&Locales, ResolveDefault(Id), &Locale) ||
        !IsAllowed(&Locale, Flags))
        return STATUS_INVALID_PARAMETER_1;
    if (Allocate)
        return RtlDuplicateUnicodeString(RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE |
                                             RTL_DUPLICATE_UNICODE_STRING_ALLOCATE_NULL_STRING,
                                         &Locale.Name, Name);
    if (Name->MaximumLength < Locale.Name.Length + sizeof(WCHAR))
        return STATUS_BUFFER_TOO_SMALL;
    RtlCopyUnicodeString(Name, &Locale.Name);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlLocaleNameToLcid(PCWSTR Name, LCID *Id, ULONG Flags)
{
    RTLP_LOCALES Locales;
    RTLP_LOCALE Locale;

    if (!Id)
        return STATUS_INVALID_PARAMETER_2;
    if (Flags & ~RTL_LOCALE_ALLOW_NEUTRAL_NAMES)
        return STATUS_INVALID_PARAMETER_3;
    if (!Name || !OpenLocales(&Locales) || !RtlpFindLocaleByName(&Locales, Name, &Locale) ||
        !IsAllowed(&Locale, Flags))
        return STATUS_INVALID_PARAMETER_1;
    *Id = Locale.Id;
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI RtlIsValidLocaleName(PCWSTR Name, ULONG Flags)
{
    LCID Id;

    return NT_SUCCESS(RtlLocaleNameToLcid(Name, &Id, Flags));
}
