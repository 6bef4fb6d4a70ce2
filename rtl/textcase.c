/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings changed where they are, and copies that are cut off. (Microsoft C runtime) */
#include <nt/ntcrt.h>

char *CDECL _strlwr(char *String)
{
    for (char *Text = String; *Text; Text++)
        *Text = (char)tolower((UCHAR)*Text);
    return String;
}

char *CDECL _strupr(char *String)
{
    for (char *Text = String; *Text; Text++)
        *Text = (char)toupper((UCHAR)*Text);
    return String;
}

PWSTR CDECL _wcslwr(PWSTR String)
{
    for (PWSTR Text = String; *Text; Text++)
        *Text = towlower(*Text);
    return String;
}

PWSTR CDECL _wcsupr(PWSTR String)
{
    for (PWSTR Text = String; *Text; Text++)
        *Text = towupper(*Text);
    return String;
}

char *CDECL _strrev(char *String)
{
    size_t Length = strlen(String);

    for (size_t i = 0; i < Length / 2; i++) {
        char Character = String[i];

        String[i] = String[Length - 1 - i];
        String[Length - 1 - i] = Character;
    }
    return String;
}

PWSTR CDECL _wcsrev(PWSTR String)
{
    size_t Length = wcslen(String);

    for (size_t i = 0; i < Length / 2; i++) {
        WCHAR Character = String[i];

        String[i] = String[Length - 1 - i];
        String[Length - 1 - i] = Character;
    }
    return String;
}

char *CDECL _strset(char *String, int Character)
{
    for (char *Text = String; *Text; Text++)
        *Text = (char)Character;
    return String;
}

char *CDECL _strnset(char *String, int Character, size_t Maximum)
{
    for (size_t i = 0; i < Maximum && String[i]; i++)
        String[i] = (char)Character;
    return String;
}

/* The result is always terminated. */
char *CDECL strncat(char *Destination, const char *Source, size_t Maximum)
{
    char *End = Destination + strlen(Destination);
    size_t Length = strnlen(Source, Maximum);

    memcpy(End, Source, Length);
    End[Length] = 0;
    return Destination;
}

PWSTR CDECL wcsncat(PWSTR Destination, PCWSTR Source, size_t Maximum)
{
    PWSTR End = Destination + wcslen(Destination);
    size_t Length = wcsnlen(Source, Maximum);

    memcpy(End, Source, Length * sizeof(WCHAR));
    End[Length] = 0;
    return Destination;
}

/* Fills up with NULs; a source of Maximum characters or more leaves no terminator. */
PWSTR CDECL wcsncpy(PWSTR Destination, PCWSTR Source, size_t Maximum)
{
    size_t Length = wcsnlen(Source, Maximum);

    memcpy(Destination, Source, Length * sizeof(WCHAR));
    memset(Destination + Length, 0, (Maximum - Length) * sizeof(WCHAR));
    return Destination;
}
