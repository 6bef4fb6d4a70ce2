// SPDX-License-Identifier: BSD-2-Clause
/* Strings of char that end with a NUL. (ISO C 7.24) */
#include <nt/ntcrt.h>

size_t CDECL strnlen(const char *String, size_t Maximum)
{
    size_t Length = 0;

    while (Length < Maximum && String[Length])
        Length++;
    return Length;
}

size_t CDECL strlen(const char *String)
{
    return strnlen(String, (size_t)-1);
}

int CDECL strncmp(const char *First, const char *Second, size_t Maximum)
{
    for (; Maximum; Maximum--, First++, Second++) {
        if (*First != *Second)
            return (UCHAR)*First < (UCHAR)*Second ? -1 : 1;
        if (!*First)
            break;
    }
    return 0;
}

int CDECL strcmp(const char *First, const char *Second)
{
    return strncmp(First, Second, (size_t)-1);
}

int CDECL _strnicmp(const char *First, const char *Second, size_t Maximum)
{
    for (; Maximum; Maximum--, First++, Second++) {
        int A = tolower((UCHAR)*First), B = tolower((UCHAR)*Second);

        if (A != B)
            return A < B ? -1 : 1;
        if (!A)
            break;
    }
    return 0;
}

int CDECL _stricmp(const char *First, const char *Second)
{
    return _strnicmp(First, Second, (size_t)-1);
}

char *CDECL strcpy(char *Destination, const char *Source)
{
    memcpy(Destination, Source, strlen(Source) + 1);
    return Destination;
}

/* Fills the rest of Destination with NULs; adds none if Source has Maximum characters or more. */
char *CDECL strncpy(char *Destination, const char *Source, size_t Maximum)
{
    size_t Length = strnlen(Source, Maximum);

    memcpy(Destination, Source, Length);
    memset(Destination + Length, 0, Maximum - Length);
    return Destination;
}

char *CDECL strcat(char *Destination, const char *Source)
{
    strcpy(Destination + strlen(Destination), Source);
    return Destination;
}

char *CDECL strchr(const char *String, int Character)
{
    for (; *String != (char)Character; String++) {
        if (!*String)
            return NULL;
    }
    return (char *)String;
}

char *CDECL strrchr(const char *String, int Character)
{
    const char *End = String + strlen(String);

    for (; *End != (char)Character; End--) {
        if (End == String)
            return NULL;
    }
    return (char *)End;
}

char *CDECL strstr(const char *String, const char *Part)
{
    size_t Length = strlen(Part);

    for (; strncmp(String, Part, Length); String++) {
        if (!*String)
            return NULL;
    }
    return (char *)String;
}

/* The number of leading characters that are (Member) or are not in Set. */
static size_t Span(const char *String, const char *Set, BOOLEAN Member)
{
    size_t Length = 0;

    while (String[Length] && (strchr(Set, String[Length]) != NULL) == Member)
        Length++;
    return Length;
}

size_t CDECL strspn(const char *String, const char *Set)
{
    return Span(String, Set, TRUE);
}

size_t CDECL strcspn(const char *String, const char *Set)
{
    return Span(String, Set, FALSE);
}

char *CDECL strpbrk(const char *String, const char *Set)
{
    String += strcspn(String, Set);
    return *String ? (char *)String : NULL;
}
