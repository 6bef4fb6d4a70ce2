// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/normalize.c rtl/punycode.c ntdll/rtl/normalize.c ntdll/rtl/idn.c rtl/integer.c
// sources: ntdll/rtl/normfile.c ntdll/rtl/normtable.c ntdll/rtl/compatible.c ntdll/rtl/localetable.c
// sources: rtl/string.c rtl/memory.c rtl/arch/x86_64/copy.c rtl/wstring.c rtl/cstring.c
// sources: rtl/upcase.c rtl/ctype.c rtl/utf.c rtl/codepage.c rtl/nlstable.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
//
// Texts of any kind through what converts them: results stay within their buffers, and come back as
// they went.
#include "fuzz.h"
#include "process.h"
#include "locales.h"

#define ROOM 300 /* characters; shorter for some */

/* Without Windows' files: what is built in. */
NTSTATUS NTAPI NtGetNlsSectionPtr(ULONG SectionType, ULONG SectionData, PVOID ContextData,
                                  CLIENT(PVOID *) SectionPointer, CLIENT(PULONG) SectionSize)
{
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE Process, PVOID BaseAddress)
{
    return STATUS_SUCCESS;
}

static void CheckUtf8(const UCHAR *Data, ULONG Size)
{
    WCHAR Wide[ROOM];
    char Narrow[3 * ROOM];
    ULONG Bytes, Back;

    if (NT_SUCCESS(RtlUTF8ToUnicodeN(Wide, sizeof(Wide), &Bytes, (PCCH)Data, Size))) {
        FUZZ_REQUIRE(Bytes <= sizeof(Wide));
        FUZZ_REQUIRE(NT_SUCCESS(RtlUnicodeToUTF8N(Narrow, sizeof(Narrow), &Back, Wide, Bytes)));
    }
    RtlUnicodeToUTF8N(Narrow, 7, &Back, (PCWCH)Data, Size & ~1u);
    FUZZ_REQUIRE(Back <= 7);
    RtlOemToUnicodeN(Wide, 10, &Bytes, (PCCH)Data, Size);
    FUZZ_REQUIRE(Bytes <= 10);
    RtlUnicodeToMultiByteN(Narrow, 9, &Back, (PWSTR)Data, Size & ~1u);
    FUZZ_REQUIRE(Back <= 9);
}

static void CheckForms(PCWSTR Text, LONG Length)
{
    WCHAR Once[ROOM], Twice[ROOM];

    for (ULONG Form = 1; Form <= 2; Form++) {
        LONG First = ROOM, Second = ROOM;

        if (!NT_SUCCESS(RtlNormalizeString(Form, Text, Length, Once, &First)))
            continue;
        FUZZ_REQUIRE(First <= ROOM);
        FUZZ_REQUIRE(NT_SUCCESS(RtlNormalizeString(Form, Once, First, Twice, &Second)));
        FUZZ_REQUIRE(First == Second && !memcmp(Once, Twice, First * sizeof(WCHAR)));
    }
}

static void CheckNames(PCWSTR Text, LONG Length)
{
    WCHAR Name[ROOM], Back[ROOM];
    LONG First = ROOM, Second = ROOM;

    if (!NT_SUCCESS(RtlIdnToAscii(0, Text, Length, Name, &First)))
        return;
    FUZZ_REQUIRE(First <= ROOM);
    RtlIdnToUnicode(0, Name, First, Back, &Second);
    FUZZ_REQUIRE(Second <= ROOM);
}

/* The locales' part of a file behind the offsets, of the right signature. */
static void CheckLocales(const UCHAR *Data, ULONG Size)
{
    enum { PartWord = 16, Signature = PartWord + 6 };
    USHORT File[PartWord + ROOM] = {[8] = PartWord * sizeof(USHORT)};
    RTLP_LOCALES Locales;
    RTLP_LOCALE Locale;

    memcpy(File + PartWord, Data, Size);
    File[Signature] = 'N' | 'S' << 8;
    File[Signature + 1] = 'D' | 'S' << 8;
    if (!RtlpOpenLocales(File, PartWord * sizeof(USHORT) + Size, &Locales))
        return;
    if (RtlpFindLocaleById(&Locales, 0, &Locale))
        FUZZ_REQUIRE(Locale.Name.Buffer + Locale.Name.Length / sizeof(WCHAR) <=
                     File + PartWord + ROOM);
    RtlpFindLocaleByName(&Locales, u"", &Locale);
    RtlpFindLocaleByName(&Locales, u"a", &Locale);
}

int LLVMFuzzerTestOneInput(const UCHAR *Data, __SIZE_TYPE__ Size)
{
    if (((ULONG_PTR)Data & 1) || Size > 2 * ROOM)
        return 0;
    CheckUtf8(Data, (ULONG)Size);
    CheckLocales(Data, (ULONG)Size);
    CheckForms((PCWSTR)Data, (LONG)(Size / sizeof(WCHAR)));
    CheckNames((PCWSTR)Data, (LONG)(Size / sizeof(WCHAR)));
    return 0;
}
