/* SPDX-License-Identifier: BSD-2-Clause */
/* The C routines. */
#include "runtime.h"

/* Those that the DDK's headers do not declare. */
int __cdecl sprintf(char *Buffer, const char *Format, ...);
int __cdecl _snprintf(char *Buffer, size_t Size, const char *Format, ...);
int __cdecl _snwprintf(WCHAR *Buffer, size_t Size, const WCHAR *Format, ...);
int __cdecl vsprintf(char *Buffer, const char *Format, va_list Arguments);
int __cdecl _vsnprintf(char *Buffer, size_t Size, const char *Format, va_list Arguments);
int __cdecl _vsnwprintf(WCHAR *Buffer, size_t Size, const WCHAR *Format, va_list Arguments);

static int __cdecl Narrow(char *Buffer, const char *Format, ...)
{
    va_list Arguments;
    int Count;

    va_start(Arguments, Format);
    Count = vsprintf(Buffer, Format, Arguments);
    va_end(Arguments);
    return Count;
}

static int __cdecl Limited(char *Buffer, size_t Size, const char *Format, ...)
{
    va_list Arguments;
    int Count;

    va_start(Arguments, Format);
    Count = _vsnprintf(Buffer, Size, Format, Arguments);
    va_end(Arguments);
    return Count;
}

static int __cdecl LimitedWide(WCHAR *Buffer, size_t Size, const WCHAR *Format, ...)
{
    va_list Arguments;
    int Count;

    va_start(Arguments, Format);
    Count = _vsnwprintf(Buffer, Size, Format, Arguments);
    va_end(Arguments);
    return Count;
}

#define NARROW(expected, ...)                                                                      \
    CHECK(sprintf(Buffer, __VA_ARGS__) == sizeof(expected) - 1 && !strcmp(Buffer, expected))
#define WIDE(expected, ...)                                                                        \
    CHECK(Swprintf(Wide, __VA_ARGS__) == ARRAYSIZE(expected) - 1 && !wcscmp(Wide, expected))

/* mingw-w64's header has other ideas of swprintf than the kernel. */
typedef int(__cdecl *SWPRINTF)(WCHAR *Buffer, const WCHAR *Format, ...);

static VOID TestWideFormats(VOID)
{
    SWPRINTF Swprintf = (SWPRINTF)Routine(L"swprintf");
    UNICODE_STRING Counted = RTL_CONSTANT_STRING(L"counted");
    WCHAR Wide[100];

    CHECK(Swprintf && Routine(L"_swprintf"));
    if (!Swprintf)
        return;
    WIDE(L"\\Device\\Serial7", L"\\Device\\%s%d", L"Serial", 7);
    WIDE(L"narrow and wide", L"%S and %s", "narrow", L"wide");
    WIDE(L"counted!", L"%wZ!", &Counted);
    WIDE(L"00ff", L"%04x", 255);
    CHECK(_snwprintf(Wide, 5, L"%s", L"abcdefgh") == -1 && !wcsncmp(Wide, L"abcde", 5));
    CHECK(LimitedWide(Wide, 20, L"%u-%c", 12, L'x') == 4 && !wcscmp(Wide, L"12-x"));
}

VOID TestFormats(VOID)
{
    char Buffer[200];

    NARROW("-42 42 2a 2A 52", "%d %u %x %X %o", -42, 42, 42, 42, 42);
    NARROW("   42|42   |00042|+42", "%5d|%-5d|%05d|%+d", 42, 42, 42, 42);
    NARROW("0xff ff", "%#x %hx", 255, 0x1200ff);
    NARROW("a string of 3: abc", "a %s of %d: %.3s", "string", 3, "abcdef");
    NARROW("wide", "%ws", L"wide");
    NARROW("c%", "%c%%", 'c');
    NARROW("123456789012", "%I64d", 123456789012LL);
    NARROW("deadbeefcafe", "%llx", 0xdeadbeefcafeULL);
    NARROW("(null)", "%s", (char *)NULL);
    NARROW("   ab", "%*s", 5, "ab");
    CHECK(Narrow(Buffer, "%d.%d", 1, 2) == 3 && !strcmp(Buffer, "1.2"));
    CHECK(_snprintf(Buffer, 4, "%d", 12345) == -1 && !strncmp(Buffer, "1234", 4));
    Buffer[4] = 'x';
    CHECK(_snprintf(Buffer, 4, "%s", "abcd") == 4 && Buffer[4] == 'x'); /* no terminator */
    CHECK(_snprintf(Buffer, 5, "%s", "abcd") == 4 && Buffer[4] == 0);
    CHECK(Limited(Buffer, 10, "%s", "0123456789a") == -1);
    CHECK(Limited(Buffer, 20, "%s", "0123456789a") == 11);
    TestWideFormats();
}

VOID TestCStrings(VOID)
{
    char Text[40] = "Mixed Case";
    WCHAR Wide[40] = L"Mixed Case";

    CHECK(!strcmp(strcat(strcpy(Text, "Mixed"), " Case"), "Mixed Case"));
    CHECK(!strcmp(_strupr(Text), "MIXED CASE") && !strcmp(_strlwr(Text), "mixed case"));
    CHECK(!strcmp(_strrev(Text), "esac dexim"));
    CHECK(!strcmp(strncat(Text, "123456", 3), "esac dexim123"));
    CHECK(!strcmp(_strset(Text, 'z'), "zzzzzzzzzzzzz"));
    CHECK(!strcmp(_strnset(Text, 'a', 2), "aazzzzzzzzzzz"));
    CHECK(strspn("aabbc", "ab") == 4 && strchr("abc", 'c') && !strchr("abc", 'd'));
    CHECK(strstr("a needle in hay", "needle") && !strstr("hay", "needle"));
    CHECK(strrchr("abcabc", 'b')[1] == 'c' && strlen("four") == 4);
    CHECK(_stricmp("ABC", "abc") == 0 && _strnicmp("ABCx", "abcy", 3) == 0);
    CHECK(strcmp("a", "b") < 0 && strncmp("abc", "abd", 2) == 0 && strnlen("abcdef", 4) == 4);
    CHECK(!wcscmp(_wcsupr(Wide), L"MIXED CASE") && !wcscmp(_wcslwr(Wide), L"mixed case"));
    CHECK(!wcscmp(_wcsrev(Wide), L"esac dexim"));
    CHECK(!wcscmp(wcsncat(Wide, L"123456", 2), L"esac dexim12"));
    CHECK(wcslen(Wide) == 12 && wcschr(Wide, L'x') && wcsrchr(Wide, L'e') == Wide + 6);
    RtlFillMemory(Wide, sizeof(Wide), 0x55);
    wcsncpy(Wide, L"abc", 6);
    CHECK(!wcscmp(Wide, L"abc") && Wide[5] == 0 && Wide[6] == 0x5555);
    wcsncpy(Wide, L"abcdefgh", 3);
    CHECK(Wide[2] == L'c' && Wide[3] == 0);
    CHECK(wcsstr(L"a needle", L"need") && _wcsicmp(L"ABC", L"abc") == 0);
    CHECK(_wcsnicmp(L"ABCx", L"abcy", 3) == 0 && wcsspn(L"aab", L"a") == 2);
    CHECK(wcsncmp(L"abc", L"abd", 2) == 0 && wcscspn(L"abc", L"c") == 2);
    CHECK(isdigit('7') && !isdigit('x') && islower('a') && !islower('A') && isspace('\t'));
    CHECK(isprint('~') && !isprint(7) && isxdigit('F') && !isxdigit('G') && isupper('Q'));
    CHECK(tolower('A') == 'a' && toupper('z') == 'Z' && tolower('1') == '1');
    CHECK(towlower(L'\u00c4') == L'\u00e4' && towupper(L'\u0444') == L'\u0424');
    CHECK(memcmp("abc", "abd", 3) < 0 && memchr("abc", 'b', 3) && !memchr("abc", 'd', 3));
    memmove(Text + 1, "abcdef", 6);
    memmove(Text + 2, Text + 1, 6);
    CHECK(!memcmp(Text + 2, "abcdef", 6));
    CHECK(((char *)memset(Text, 'q', 3))[2] == 'q' && memcpy(Text, "xyz", 3) == Text);
}

VOID TestNumbers(VOID)
{
    char Text[70];
    WCHAR Wide[70];

    CHECK(atoi("42") == 42 && atoi("  -17 x") == -17 && atoi("x") == 0 && atol("123456") == 123456);
    CHECK(_wtoi(L"-99") == -99 && _wtol(L"31") == 31);
    CHECK(!strcmp(_itoa(-42, Text, 10), "-42") && !strcmp(_itoa(255, Text, 16), "ff"));
    CHECK(!strcmp(_itoa(-1, Text, 2), "11111111111111111111111111111111"));
    CHECK(!strcmp(_itoa(0, Text, 10), "0") &&
          !strcmp(_itoa((int)0x80000000, Text, 10), "-2147483648"));
    CHECK(!wcscmp(_itow(1234, Wide, 10), L"1234") && !wcscmp(_itow(35, Wide, 36), L"z"));
    CHECK(wcstoul(L"0x1f", NULL, 0) == 31 && wcstoul(L"777", NULL, 8) == 511);
    srand(1);
    CHECK(rand() == 41 && rand() == 18467);
    srand(1);
    CHECK(rand() == 41);
}

static int __cdecl CompareNumbers(const void *First, const void *Second)
{
    ULONG One = *(const ULONG *)First, Other = *(const ULONG *)Second;

    return One < Other ? -1 : One > Other;
}

static VOID SortNumbers(PULONG Numbers, ULONG Count)
{
    BOOLEAN Sorted = TRUE;
    ULONG Sum = 0, After = 0;

    for (ULONG i = 0; i < Count; i++)
        Sum += Numbers[i];
    qsort(Numbers, Count, sizeof(ULONG), CompareNumbers);
    for (ULONG i = 0; i < Count; i++) {
        After += Numbers[i];
        Sorted = Sorted && (!i || Numbers[i - 1] <= Numbers[i]);
    }
    CHECK(Sorted && Sum == After);
}

VOID TestSorting(VOID)
{
    static ULONG Numbers[301];
    ULONG Seed = 7, Wanted;

    for (ULONG Count = 0; Count < ARRAYSIZE(Numbers); Count += 60) {
        for (ULONG i = 0; i < Count; i++)
            Numbers[i] = RtlRandom(&Seed) % 100;
        SortNumbers(Numbers, Count);
        for (ULONG i = 0; i < Count; i++)
            Numbers[i] = Count - i;
        SortNumbers(Numbers, Count);
    }
    for (ULONG i = 0; i < 301; i++)
        Numbers[i] = i * 2;
    Wanted = 0;
    CHECK(bsearch(&Wanted, Numbers, 301, sizeof(ULONG), CompareNumbers) == Numbers);
    Wanted = 600;
    CHECK(bsearch(&Wanted, Numbers, 301, sizeof(ULONG), CompareNumbers) == Numbers + 300);
    Wanted = 301;
    CHECK(!bsearch(&Wanted, Numbers, 301, sizeof(ULONG), CompareNumbers));
    CHECK(!bsearch(&Wanted, Numbers, 0, sizeof(ULONG), CompareNumbers));
}
