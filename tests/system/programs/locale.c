// SPDX-License-Identifier: BSD-2-Clause
/* What kernelbase finds in locale.nls: names and numbers, dates, groups of digits, regions, widths.
 */
#include <stdio.h>
#include <windows.h>

static const SYSTEMTIME Day = {.wYear = 2026, .wMonth = 5, .wDay = 5, .wHour = 15, .wMinute = 4};

static void ShowLocale(const WCHAR *Name)
{
    WCHAR Text[80], Date[80] = L"", Time[80] = L"", Groups[20] = L"";

    GetLocaleInfoEx(Name, LOCALE_SNATIVELANGUAGENAME, Text, 80);
    GetDateFormatEx(Name, DATE_LONGDATE, &Day, NULL, Date, 80, NULL);
    GetTimeFormatEx(Name, TIME_NOSECONDS, &Day, NULL, Time, 80);
    GetLocaleInfoEx(Name, LOCALE_SGROUPING, Groups, 20);
    printf("%lx %ls: %ls, %ls, %ls\n", LocaleNameToLCID(Name, 0), Text, Date, Time, Groups);
}

static BOOL CALLBACK CountLocale(WCHAR *Name, DWORD Flags, LPARAM Count)
{
    ++*(LONG *)Count;
    return TRUE;
}

int main(void)
{
    WCHAR Text[80], Day1[20] = L"", Currency[20] = L"";
    LONG Count = 0;
    DWORD CodePage = 0;

    ShowLocale(L"");
    ShowLocale(L"en-US");
    ShowLocale(L"de-DE");
    GetUserDefaultLocaleName(Text, 80);
    EnumSystemLocalesEx(CountLocale, LOCALE_ALL, (LPARAM)&Count, NULL);
    printf("%ls, %s, %d\n", Text, Count >= 5 ? "several" : "few", IsValidLocaleName(L"xx-YY"));
    GetLocaleInfoEx(L"de-DE", LOCALE_IDEFAULTCODEPAGE | LOCALE_RETURN_NUMBER, (WCHAR *)&CodePage,
                    2);
    GetLocaleInfoEx(L"de-DE", LOCALE_SDAYNAME1, Day1, 20);
    GetLocaleInfoEx(L"en-US", LOCALE_SINTLSYMBOL, Currency, 20);
    printf("%lu %ls %ls\n", CodePage, Day1, Currency);
    GetGeoInfoW(244, GEO_ISO3, Text, 80, 0);
    printf("%ls ", Text);
    GetCalendarInfoEx(L"en-US", CAL_GREGORIAN, NULL, CAL_SMONTHNAME5, Text, 80, NULL);
    printf("%ls ", Text);
    LCMapStringEx(L"en-US", LCMAP_FULLWIDTH, L"aB", -1, Text, 80, NULL, NULL, 0);
    printf("%x %x ", Text[0], Text[1]);
    FoldStringW(MAP_FOLDDIGITS, L"\x0663", -1, Text, 80);
    printf("%ls\n", Text);
    return 0;
}
