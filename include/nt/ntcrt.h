/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The C routines that ntdll.dll and ntoskrnl.exe export (rtl/). WCHAR strings are UTF-16. (ISO C;
 * Microsoft C runtime) With NEPTUNE_HOST_TEST they get the prefix nep_, so that they can stand
 * beside the host's own.
 */
#pragma once

#include <nt/ntdef.h>

#if defined(NEPTUNE_HOST_TEST)
#define memcpy nep_memcpy
#define memmove nep_memmove
#define memset nep_memset
#define memcmp nep_memcmp
#define memchr nep_memchr
#define strlen nep_strlen
#define strnlen nep_strnlen
#define strcmp nep_strcmp
#define strncmp nep_strncmp
#define strcpy nep_strcpy
#define strncpy nep_strncpy
#define strcat nep_strcat
#define strchr nep_strchr
#define strrchr nep_strrchr
#define strstr nep_strstr
#define strpbrk nep_strpbrk
#define strspn nep_strspn
#define strcspn nep_strcspn
#define strtol nep_strtol
#define strtoul nep_strtoul
#define tolower nep_tolower
#define toupper nep_toupper
#define isdigit nep_isdigit
#define isxdigit nep_isxdigit
#define isalpha nep_isalpha
#define isalnum nep_isalnum
#define islower nep_islower
#define isupper nep_isupper
#define isspace nep_isspace
#define isprint nep_isprint
#define towlower nep_towlower
#define towupper nep_towupper
#define wcslen nep_wcslen
#define wcsnlen nep_wcsnlen
#define wcscmp nep_wcscmp
#define wcsncmp nep_wcsncmp
#define wcscpy nep_wcscpy
#define wcscat nep_wcscat
#define wcschr nep_wcschr
#define wcsrchr nep_wcsrchr
#define wcsstr nep_wcsstr
#define wcstoul nep_wcstoul
#define wcstol nep_wcstol
#define wcscspn nep_wcscspn
#define wcsspn nep_wcsspn
#define wcspbrk nep_wcspbrk
#define qsort nep_qsort
#define bsearch nep_bsearch
#define atoi nep_atoi
#define atol nep_atol
#define srand nep_srand
#define rand nep_rand
#define sprintf nep_sprintf
#define vsprintf nep_vsprintf
#define swprintf nep_swprintf
#define vswprintf nep_vswprintf
#define strncat nep_strncat
#define wcsncat nep_wcsncat
#define wcsncpy nep_wcsncpy
#endif

void *CDECL memcpy(void *Destination, const void *Source, size_t Length);
void *CDECL memmove(void *Destination, const void *Source, size_t Length);
void *CDECL memset(void *Destination, int Value, size_t Length);
int CDECL memcmp(const void *First, const void *Second, size_t Length);
void *CDECL memchr(const void *Memory, int Value, size_t Length);

size_t CDECL strlen(const char *String);
size_t CDECL strnlen(const char *String, size_t Maximum);
int CDECL strcmp(const char *First, const char *Second);
int CDECL strncmp(const char *First, const char *Second, size_t Maximum);
char *CDECL strcpy(char *Destination, const char *Source);
char *CDECL strncpy(char *Destination, const char *Source, size_t Maximum);
char *CDECL strcat(char *Destination, const char *Source);
char *CDECL strchr(const char *String, int Character);
char *CDECL strrchr(const char *String, int Character);
char *CDECL strstr(const char *String, const char *Part);
size_t CDECL strspn(const char *String, const char *Set);
size_t CDECL strcspn(const char *String, const char *Set);
char *CDECL strpbrk(const char *String, const char *Set);
LONG CDECL strtol(const char *String, char **End, int Base);
ULONG CDECL strtoul(const char *String, char **End, int Base);
int CDECL _stricmp(const char *First, const char *Second);
int CDECL _strnicmp(const char *First, const char *Second, size_t Maximum);

/* Character classes of ASCII; towlower and towupper know the Latin, Greek and Cyrillic letters
 * (rtl/upcase.c). */
int CDECL tolower(int Character);
int CDECL toupper(int Character);
int CDECL isdigit(int Character);
int CDECL isxdigit(int Character);
int CDECL isalpha(int Character);
int CDECL isalnum(int Character);
int CDECL islower(int Character);
int CDECL isupper(int Character);
int CDECL isspace(int Character);
int CDECL isprint(int Character);
WCHAR CDECL towlower(WCHAR Character);
WCHAR CDECL towupper(WCHAR Character);

size_t CDECL wcslen(PCWSTR String);
size_t CDECL wcsnlen(PCWSTR String, size_t Maximum);
int CDECL wcscmp(PCWSTR First, PCWSTR Second);
int CDECL wcsncmp(PCWSTR First, PCWSTR Second, size_t Maximum);
PWSTR CDECL wcscpy(PWSTR Destination, PCWSTR Source);
PWSTR CDECL wcscat(PWSTR Destination, PCWSTR Source);
PWSTR CDECL wcschr(PCWSTR String, WCHAR Character);
PWSTR CDECL wcsrchr(PCWSTR String, WCHAR Character);
PWSTR CDECL wcsstr(PCWSTR String, PCWSTR Part);
size_t CDECL wcsspn(PCWSTR String, PCWSTR Set);
size_t CDECL wcscspn(PCWSTR String, PCWSTR Set);
PWSTR CDECL wcspbrk(PCWSTR String, PCWSTR Set);
LONG CDECL wcstol(PCWSTR String, PWSTR *End, int Base);
ULONG CDECL wcstoul(PCWSTR String, PWSTR *End, int Base);
int CDECL _wcsicmp(PCWSTR First, PCWSTR Second);
int CDECL _wcsnicmp(PCWSTR First, PCWSTR Second, size_t Maximum);

/*
 * Formatted output as in Microsoft's C runtime: at most Size characters, and no terminator if it
 * does not fit, in which case they return -1. l is 32 bits on every side; 64 bits are I64 or ll,
 * pointer-sized values I or z. Besides ISO C's conversions: %ws %ls %S (UTF-16 in a narrow format),
 * %Z %wZ (PANSI_STRING, PUNICODE_STRING). Floating point is not supported.
 */
int CDECL _vsnprintf(char *Buffer, size_t Size, const char *Format, va_list Arguments);
int CDECL _snprintf(char *Buffer, size_t Size, const char *Format, ...);
int CDECL _vsnwprintf(PWSTR Buffer, size_t Size, PCWSTR Format, va_list Arguments);
int CDECL _snwprintf(PWSTR Buffer, size_t Size, PCWSTR Format, ...);
int CDECL vsprintf(char *Buffer, const char *Format, va_list Arguments);
int CDECL sprintf(char *Buffer, const char *Format, ...);
int CDECL vswprintf(PWSTR Buffer, PCWSTR Format, va_list Arguments);
int CDECL swprintf(PWSTR Buffer, PCWSTR Format, ...);

void CDECL qsort(void *Base, size_t Count, size_t Size,
                 int(CDECL *Compare)(const void *, const void *));
void *CDECL bsearch(const void *Key, const void *Base, size_t Count, size_t Size,
                    int(CDECL *Compare)(const void *, const void *));

int CDECL atoi(const char *String);
LONG CDECL atol(const char *String);
int CDECL _wtoi(PCWSTR String);
LONG CDECL _wtol(PCWSTR String);
char *CDECL _itoa(int Value, char *Buffer, int Radix);
PWSTR CDECL _itow(int Value, PWSTR Buffer, int Radix);
void CDECL srand(unsigned Seed);
int CDECL rand(void);

char *CDECL _strlwr(char *String);
char *CDECL _strupr(char *String);
PWSTR CDECL _wcslwr(PWSTR String);
PWSTR CDECL _wcsupr(PWSTR String);
char *CDECL _strrev(char *String);
PWSTR CDECL _wcsrev(PWSTR String);
char *CDECL _strset(char *String, int Character);
char *CDECL _strnset(char *String, int Character, size_t Maximum);
char *CDECL strncat(char *Destination, const char *Source, size_t Maximum);
PWSTR CDECL wcsncat(PWSTR Destination, PCWSTR Source, size_t Maximum);
PWSTR CDECL wcsncpy(PWSTR Destination, PCWSTR Source, size_t Maximum);
