// SPDX-License-Identifier: BSD-2-Clause
/* UTF-16 strings that end with a NUL. (Microsoft C runtime: wcslen and its family) */
#include <nt/ntcrt.h>

size_t CDECL wcsnlen(PCWSTR String, size_t Maximum)
{
    size_t Length = 0;

    while (Length < Maximum && String[Length])
        Length++;
    return Length;
}

size_t CDECL wcslen(PCWSTR String)
{
    return wcsnlen(String, (size_t)-1);
}

int CDECL wcsncmp(PCWSTR First, PCWSTR Second, size_t Maximum)
{
    for (; Maximum; Maximum--, First++, Second++) {
        if (*First != *Second)
            return *First < *Second ? -1 : 1;
        if (!*First)
            break;
    }
    return 0;
}

int CDECL wcscmp(PCWSTR First, PCWSTR Second)
{
    return wcsncmp(First, Second, (size_t)-1);
}

int CDECL _wcsnicmp(PCWSTR First, PCWSTR Second, size_t Maximum)
{
    for (; Maximum; Maximum--, First++, Second++) {
        WCHAR A = towlower(*First), B = towlower(*Second);

        if (A != B)
            return A < B ? -1 : 1;
        if (!A)
            break;
    }
    return 0;
}

int CDECL _wcsicmp(PCWSTR First, PCWSTR Second)
{
    return _wcsnicmp(First, Second, (size_t)-1);
}

PWSTR CDECL wcscpy(PWSTR Destination, PCWSTR Source)
{
    memcpy(Destination, Source, (wcslen(Source) + 1) * sizeof(WCHAR));
    return Destination;
}

PWSTR CDECL wcscat(PWSTR Destination, PCWSTR Source)
{
    wcscpy(Destination + wcslen(Destination), Source);
    return Destination;
}

PWSTR CDECL wcschr(PCWSTR String, WCHAR Character)
{
    for (; *String != Character; String++) {
        if (!*String)
            return NULL;
    }
    return (PWSTR)String;
}

PWSTR CDECL wcsrchr(PCWSTR String, WCHAR Character)
{
    PCWSTR End = String + wcslen(String);

    for (; *End != Character; End--) {
        if (End == String)
            return NULL;
    }
    return (PWSTR)End;
}

PWSTR CDECL wcsstr(PCWSTR String, PCWSTR Part)
{
    size_t Length = wcslen(Part);

    for (; wcsncmp(String, Part, Length); String++) {
        if (!*String)
            return NULL;
    }
    return (PWSTR)String;
}

/* The number of leading characters that are (Member) or are not in Set. */
static size_t Span(PCWSTR String, PCWSTR Set, BOOLEAN Member)
{
    size_t Length = 0;

    while (String[Length] && (wcschr(Set, String[Length]) != NULL) == Member)
        Length++;
    return Length;
}

size_t CDECL wcsspn(PCWSTR String, PCWSTR Set)
{
    return Span(String, Set, TRUE);
}

size_t CDECL wcscspn(PCWSTR String, PCWSTR Set)
{
    return Span(String, Set, FALSE);
}

PWSTR CDECL wcspbrk(PCWSTR String, PCWSTR Set)
{
    String += wcscspn(String, Set);
    return *String ? (PWSTR)String : NULL;
}
