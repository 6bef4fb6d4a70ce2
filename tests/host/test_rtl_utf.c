// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/utf.c rtl/codepage.c rtl/nlstable.c
// sources: rtl/wstring.c rtl/upcase.c rtl/ctype.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntrtl.h>

static WCHAR Wide[64];
static ULONG Bytes;

static NTSTATUS Decode(const char *Text, ULONG Length)
{
    NTSTATUS Status = RtlUTF8ToUnicodeN(Wide, sizeof(Wide) - 2, &Bytes, Text, Length);

    Wide[Bytes / 2] = 0;
    return Status;
}

TEST(utf8_goes_to_utf16_and_back)
{
    static const char Text[] = u8"aä€\U0001f600";
    char Back[16];
    ULONG BackBytes;

    CHECK_EQUAL(Decode(Text, sizeof(Text) - 1), STATUS_SUCCESS);
    CHECK(wcscmp(Wide, u"aä€\U0001f600") == 0);
    CHECK_EQUAL(RtlUnicodeToUTF8N(Back, sizeof(Back), &BackBytes, Wide, Bytes), STATUS_SUCCESS);
    CHECK(BackBytes == sizeof(Text) - 1 && memcmp(Back, Text, BackBytes) == 0);
}

TEST(malformed_utf8_becomes_replacement_characters)
{
    CHECK_EQUAL(Decode("\xc0\x80z", 3), STATUS_SOME_NOT_MAPPED);
    CHECK(wcscmp(Wide, u"\xfffd\xfffdz") == 0);
    CHECK_EQUAL(Decode("\xe2\x82", 2), STATUS_SOME_NOT_MAPPED);
    CHECK(wcscmp(Wide, u"\xfffd") == 0);
    Decode("\xed\xa0\x80", 3);
    CHECK(wcscmp(Wide, u"\xfffd\xfffd\xfffd") == 0);
    Decode("\xf4\x90\x80\x80", 4);
    CHECK_EQUAL(Bytes, 8);
    Decode("\xe2\x82q", 3);
    CHECK(wcscmp(Wide, u"\xfffdq") == 0);
}

TEST(lone_surrogates_do_not_get_out)
{
    static const WCHAR Lone[] = {0xd800, 'a', 0xdc00};
    char Text[16];

    CHECK_EQUAL(RtlUnicodeToUTF8N(Text, sizeof(Text), &Bytes, Lone, sizeof(Lone)),
                STATUS_SOME_NOT_MAPPED);
    CHECK(Bytes == 7 && memcmp(Text,
                               "\xef\xbf\xbd"
                               "a\xef\xbf\xbd",
                               7) == 0);
}

TEST(sizes_are_counted_without_a_buffer_and_bounded_with_one)
{
    char Text[3];

    CHECK_EQUAL(RtlUnicodeToUTF8N(NULL, 0, &Bytes, u"a€", 4), STATUS_SUCCESS);
    CHECK_EQUAL(Bytes, 4);
    CHECK_EQUAL(RtlUnicodeToUTF8N(Text, 3, &Bytes, u"a€", 4), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Bytes, 1);
    CHECK_EQUAL(RtlUTF8ToUnicodeN(Wide, 2, &Bytes, "ab", 2), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Bytes, 2);
}

TEST(code_pages_map_every_byte_there_and_back)
{
    for (int i = 0; i < 256; i++) {
        CHAR Byte = (CHAR)i, Back;
        WCHAR Character;

        RtlOemToUnicodeN(&Character, 2, NULL, &Byte, 1);
        RtlUnicodeToOemN(&Back, 1, NULL, &Character, 2);
        CHECK_EQUAL(Back, Byte);
        RtlMultiByteToUnicodeN(&Character, 2, NULL, &Byte, 1);
        RtlUnicodeToMultiByteN(&Back, 1, NULL, &Character, 2);
        CHECK_EQUAL(Back, Byte);
    }
}

TEST(code_pages_have_the_well_known_characters)
{
    CHAR Text[4];

    RtlUnicodeToOemN(Text, 4, &Bytes, u"ä█€x", 8);
    CHECK(memcmp(Text, "\x84\xdb?x", 4) == 0 && Bytes == 4);
    RtlUnicodeToMultiByteN(Text, 2, &Bytes, u"€äx", 6);
    CHECK(memcmp(Text, "\x80\xe4", 2) == 0 && Bytes == 2);
}
