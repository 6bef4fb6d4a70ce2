/* SPDX-License-Identifier: BSD-2-Clause */
/* Code pages and case tables as the .nls files hold them. (phnt: CPTABLEINFO; WDK: ntifs.h) */
#pragma once

#include <nt/ntdef.h>

#define CP_UTF8 65001
#define MAXIMUM_LEADBYTES 12

typedef struct _CPTABLEINFO {
    USHORT CodePage;
    USHORT MaximumCharacterSize; /* 1, or 2 with lead bytes; 4 for UTF-8, which has no tables */
    USHORT DefaultChar;
    USHORT UniDefaultChar;
    USHORT TransDefaultChar;
    USHORT TransUniDefaultChar;
    USHORT DBCSCodePage; /* whether it has lead bytes */
    UCHAR LeadByte[MAXIMUM_LEADBYTES];
    PUSHORT MultiByteTable; /* 256 characters */
    PVOID WideCharTable;    /* 65536 bytes, or USHORTs with lead bytes */
    PUSHORT DBCSRanges;
    PUSHORT DBCSOffsets; /* by lead byte: where its 256 characters are from here; 0: no lead byte */
} CPTABLEINFO, *PCPTABLEINFO;

typedef struct _NLSTABLEINFO {
    CPTABLEINFO OemTableInfo;
    CPTABLEINFO AnsiTableInfo;
    PUSHORT UpperCaseTable;
    PUSHORT LowerCaseTable;
} NLSTABLEINFO, *PNLSTABLEINFO;

/* ---- rtl/nlstable.c: the tables are whole and trusted ---- */

void NTAPI RtlInitCodePageTable(PUSHORT TableBase, PCPTABLEINFO CodePageTable);
void NTAPI RtlInitNlsTables(PUSHORT AnsiNlsBase, PUSHORT OemNlsBase, PUSHORT LanguageNlsBase,
                            PNLSTABLEINFO TableInfo);
/* They cut off silently, as the routines of the ANSI and OEM code pages do. */
NTSTATUS NTAPI RtlCustomCPToUnicodeN(PCPTABLEINFO CustomCP, PWSTR Destination, ULONG MaximumBytes,
                                     PULONG ActualBytes, PCCH Source, ULONG SourceBytes);
NTSTATUS NTAPI RtlUnicodeToCustomCPN(PCPTABLEINFO CustomCP, PCHAR Destination, ULONG MaximumBytes,
                                     PULONG ActualBytes, PCWCH Source, ULONG SourceBytes);

/* From now on the ANSI and OEM routines and the case routines go by these tables, not by the
 * built-in ones. (rtl/codepage.c, rtl/upcase.c) The tables must stay. */
void NTAPI RtlResetRtlTranslations(const NLSTABLEINFO *TableInfo);
void RtlpUseCaseTables(const USHORT *UpperCaseTable, const USHORT *LowerCaseTable);

/* The sizes that conversions need: bytes, without a terminator. (rtl/codepage.c) */
NTSTATUS NTAPI RtlMultiByteToUnicodeSize(PULONG UnicodeBytes, PCCH Source, ULONG SourceBytes);
NTSTATUS NTAPI RtlUnicodeToMultiByteSize(PULONG MultiByteBytes, PCWCH Source, ULONG SourceBytes);
ULONG RtlpOemToUnicodeSize(PCCH Source, ULONG SourceBytes);
ULONG RtlpUnicodeToOemSize(PCWCH Source, ULONG SourceBytes);

/* What speaks for and against a text being UTF-16: *Flags says what to look for and returns what
 * was found; NULL: all. (rtl/textunicode.c) */
#define IS_TEXT_UNICODE_ASCII16 0x0001
#define IS_TEXT_UNICODE_STATISTICS 0x0002
#define IS_TEXT_UNICODE_CONTROLS 0x0004
#define IS_TEXT_UNICODE_SIGNATURE 0x0008
#define IS_TEXT_UNICODE_REVERSE_ASCII16 0x0010
#define IS_TEXT_UNICODE_REVERSE_STATISTICS 0x0020
#define IS_TEXT_UNICODE_REVERSE_CONTROLS 0x0040
#define IS_TEXT_UNICODE_REVERSE_SIGNATURE 0x0080
#define IS_TEXT_UNICODE_ILLEGAL_CHARS 0x0100
#define IS_TEXT_UNICODE_ODD_LENGTH 0x0200
#define IS_TEXT_UNICODE_NULL_BYTES 0x1000
#define IS_TEXT_UNICODE_UNICODE_MASK 0x000f
#define IS_TEXT_UNICODE_REVERSE_MASK 0x00f0
#define IS_TEXT_UNICODE_NOT_UNICODE_MASK 0x0f00
#define IS_TEXT_UNICODE_NOT_ASCII_MASK 0xf000
BOOLEAN NTAPI RtlIsTextUnicode(PCVOID Buffer, INT Length, INT *Flags);

/* Canonical normalisation (rtl/normalize.c): what it takes to decompose (Destination NULL: to
 * count), to put marks in order, to compose. Lengths are characters of UTF-16. */
ULONG RtlpDecompose(PCWCH Source, ULONG Length, PWSTR Destination);
void RtlpOrderMarks(PWSTR Text, ULONG Length);
ULONG RtlpCompose(PWSTR Text, ULONG Length);
ULONG RtlpFindLoneSurrogate(PCWCH Text, ULONG Length);

/* Labels of at most 63 characters (rtl/punycode.c): the length of the other form, of which Capacity
 * characters are written. Of a label that cannot be decoded, or not into Capacity, 0. */
ULONG RtlpEncodePunycode(PCWCH Label, ULONG Length, PWSTR Destination, ULONG Capacity);
ULONG RtlpDecodePunycode(PCWCH Label, ULONG Length, PWSTR Destination, ULONG Capacity);

/* ---- Services (ntos/ex/nls.c, ntos/ex/locale.c) ---- */
#define NLS_SECTION_SORTKEYS 9
#define NLS_SECTION_CASEMAP 10
#define NLS_SECTION_CODEPAGE 11  /* by its number */
#define NLS_SECTION_NORMALIZE 12 /* by the form: NORM_FORM */

#define LOCALE_ENGLISH_US 0x0409

NTSTATUS NTAPI NtGetNlsSectionPtr(ULONG SectionType, ULONG SectionData, CLIENT(PVOID) ContextData,
                                  CLIENT(PVOID *) SectionPointer, CLIENT(PULONG) SectionSize);
NTSTATUS NTAPI NtInitializeNlsFiles(CLIENT(PVOID *) BaseAddress, CLIENT(LCID *) DefaultLocaleId,
                                    CLIENT(PLARGE_INTEGER) DefaultCasingTableSize);
NTSTATUS NTAPI NtQueryDefaultLocale(BOOLEAN UserProfile, CLIENT(LCID *) DefaultLocaleId);
NTSTATUS NTAPI NtSetDefaultLocale(BOOLEAN UserProfile, LCID DefaultLocaleId);
NTSTATUS NTAPI NtQueryDefaultUILanguage(CLIENT(PUSHORT) DefaultUILanguageId);
NTSTATUS NTAPI NtSetDefaultUILanguage(USHORT DefaultUILanguageId);
NTSTATUS NTAPI NtQueryInstallUILanguage(CLIENT(PUSHORT) InstallUILanguageId);

/* ---- ntdll.dll only ---- */

/* The tables of all locales (locale.nls), mapped once in a process. NtInitializeNlsFiles's
 * statuses. */
NTSTATUS NTAPI RtlGetLocaleFileMappingAddress(PVOID *BaseAddress, LCID *DefaultLocaleId,
                                              PLARGE_INTEGER DefaultCasingTableSize);

/*
 * Names and numbers of locales, by locale.nls; an unknown one is STATUS_INVALID_PARAMETER_1, as is
 * a language without a country if that is not allowed. Letters' case does not matter. A name that
 * is not allocated needs room for its terminator (STATUS_BUFFER_TOO_SMALL).
 * STATUS_INVALID_PARAMETER_2, _3 (flags), STATUS_NO_MEMORY.  (Win32: LCIDToLocaleName,
 * LocaleNameToLCID, IsValidLocaleName)
 */
#define RTL_LOCALE_ALLOW_NEUTRAL_NAMES 0x2
#define LOCALE_NAME_MAX_LENGTH 85 /* characters, with the terminator */
#define LOCALE_USER_DEFAULT 0x0400
#define LOCALE_SYSTEM_DEFAULT 0x0800
#define LOCALE_CUSTOM_DEFAULT 0x0c00
#define LOCALE_CUSTOM_UNSPECIFIED 0x1000 /* of all that have no number */
#define LOCALE_CUSTOM_UI_DEFAULT 0x1400

NTSTATUS NTAPI RtlLcidToLocaleName(LCID Id, PUNICODE_STRING Name, ULONG Flags, BOOLEAN Allocate);
NTSTATUS NTAPI RtlLocaleNameToLcid(PCWSTR Name, LCID *Id, ULONG Flags);
BOOLEAN NTAPI RtlIsValidLocaleName(PCWSTR Name, ULONG Flags);

/*
 * A length of -1 means up to the terminator, which then is part of the result. With no room (0)
 * only the length is told. STATUS_BUFFER_TOO_SMALL, STATUS_NO_UNICODE_TRANSLATION (the length is
 * the place of what is not UTF-16), STATUS_OBJECT_NAME_NOT_FOUND (there are no tables for that
 * form), STATUS_INVALID_IDN_NORMALIZATION
 */
NTSTATUS NTAPI RtlNormalizeString(ULONG Form, PCWSTR Source, LONG SourceLength, PWSTR Destination,
                                  PLONG DestinationLength);
NTSTATUS NTAPI RtlIsNormalizedString(ULONG Form, PCWSTR Source, LONG SourceLength,
                                     PBOOLEAN Normalized);
NTSTATUS NTAPI RtlIdnToAscii(ULONG Flags, PCWSTR Source, LONG SourceLength, PWSTR Destination,
                             PLONG DestinationLength);
NTSTATUS NTAPI RtlIdnToNameprepUnicode(ULONG Flags, PCWSTR Source, LONG SourceLength,
                                       PWSTR Destination, PLONG DestinationLength);
NTSTATUS NTAPI RtlIdnToUnicode(ULONG Flags, PCWSTR Source, LONG SourceLength, PWSTR Destination,
                               PLONG DestinationLength);
