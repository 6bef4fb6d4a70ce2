// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/nlstable.c rtl/codepage.c rtl/utf.c rtl/textunicode.c rtl/sid.c rtl/string.c
// sources: ntdll/rtl/heapstring.c ntdll/rtl/heapsid.c rtl/cstring.c rtl/print.c rtl/memory.c
// sources: rtl/arch/x86_64/copy.c rtl/wstring.c rtl/upcase.c rtl/ctype.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"

/* A code page of the test's own, as a file has it: byte 0x80 is α; with lead bytes, 0x81 0x40 is
 * あ. */
static USHORT Single[13 + 1 + 256 + 1 + 256 + 1 + 1 + 32768];
static USHORT Double[13 + 1 + 256 + 1 + 1 + 256 + 256 + 1 + 65536];

static void FillHeader(PUSHORT File, USHORT CodePage, USHORT CharacterSize)
{
    static const USHORT Header[] = {13, 0, 0, '?', 0x2022, '?', '?'};

    memcpy(File, Header, sizeof(Header));
    File[1] = CodePage;
    File[2] = CharacterSize;
    for (USHORT i = 0; i < 256; i++)
        File[14 + i] = i < 0x80 ? i : 0x2022;
    File[14 + 0x80] = u'α';
}

static void MakeFiles(PNLSTABLEINFO Tables)
{
    static USHORT Case[2 + 0x200 + 0x200];
    PUCHAR Narrow = (PUCHAR)(Single + 13 + 1 + 256 + 1 + 256 + 1 + 1);
    PUSHORT Ranges = Double + 13 + 1 + 256 + 1, Wide = Double + 13 + 1 + 256 + 1 + 1 + 512 + 1;

    FillHeader(Single, 999, 1);
    Single[13 + 1 + 256] = 256; /* glyphs */
    Single[13] = 256 + 1 + 256 + 1 + 1;
    FillHeader(Double, 998, 2);
    Double[13] = 256 + 1 + 1 + 512 + 1;
    Ranges[0] = 1;
    Ranges[1 + 0x81] = 256;
    Ranges[1 + 256 + 0x40] = u'あ';
    for (ULONG i = 0; i < 0x10000; i++) {
        Narrow[i] = i < 0x80 ? (UCHAR)i : '?';
        Wide[i] = Narrow[i];
    }
    Narrow[u'α'] = 0x80;
    Wide[u'α'] = 0x80;
    Wide[u'あ'] = 0x8140;
    /* Case: nothing changes but α */
    Case[1] = 0x200;
    for (ULONG i = 0; i < 256; i++)
        Case[2 + i] = 256;
    for (ULONG i = 256; i < 256 + 16; i++)
        Case[2 + i] = 256 + 16;
    Case[2 + 3] = 256 + 32;
    for (ULONG i = 0; i < 16; i++)
        Case[2 + 256 + 32 + i] = 256 + 16;
    Case[2 + 256 + 32 + 11] = 256 + 48;
    Case[2 + 256 + 48 + 1] = (USHORT)(u'Α' - u'α');
    memcpy(Case + 0x202, Case + 2, 0x200 * 2);
    RtlInitNlsTables(Single, Double, Case, Tables);
}

TEST(strings_change_their_code_page_on_the_heap)
{
    UNICODE_STRING Wide = {0}, Text = RTL_CONSTANT_STRING(u"aä█");
    STRING Narrow = {0};

    CHECK_EQUAL(RtlUnicodeStringToAnsiString(&Narrow, &Text, TRUE), STATUS_SUCCESS);
    CHECK(Narrow.Length == 3 && Narrow.MaximumLength == 4 &&
          memcmp(Narrow.Buffer, "a\xe4?", 4) == 0);
    CHECK_EQUAL(RtlAnsiStringToUnicodeString(&Wide, &Narrow, TRUE), STATUS_SUCCESS);
    CHECK(Wide.Length == 6 && Wide.MaximumLength == 8 && wcscmp(Wide.Buffer, u"aä?") == 0);
    RtlFreeAnsiString(&Narrow);
    RtlFreeUnicodeString(&Wide);
    CHECK_EQUAL(RtlUnicodeStringToOemString(&Narrow, &Text, TRUE), STATUS_SUCCESS);
    CHECK(memcmp(Narrow.Buffer, "a\x84\xdb", 4) == 0);
    CHECK_EQUAL(RtlOemStringToUnicodeString(&Wide, &Narrow, TRUE), STATUS_SUCCESS);
    CHECK(wcscmp(Wide.Buffer, u"aä█") == 0);
    RtlFreeAnsiString(&Narrow);
    RtlFreeUnicodeString(&Wide);
    CHECK(RtlCreateUnicodeStringFromAsciiz(&Wide, "x\xe4"));
    CHECK(wcscmp(Wide.Buffer, u"xä") == 0);
    RtlFreeUnicodeString(&Wide);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(small_buffers_are_filled_for_ansi_and_left_for_oem)
{
    UNICODE_STRING Text = RTL_CONSTANT_STRING(u"abc");
    CHAR Buffer[4] = "....";
    STRING Narrow = {0, 3, Buffer};
    WCHAR WideBuffer[3];
    UNICODE_STRING Wide = {0, sizeof(WideBuffer), WideBuffer};

    CHECK_EQUAL(RtlUnicodeStringToOemString(&Narrow, &Text, FALSE), STATUS_BUFFER_OVERFLOW);
    CHECK(Buffer[0] == '.');
    CHECK_EQUAL(RtlUnicodeStringToAnsiString(&Narrow, &Text, FALSE), STATUS_BUFFER_OVERFLOW);
    CHECK(Narrow.Length == 2 && memcmp(Buffer, "ab\0.", 4) == 0);
    Narrow.MaximumLength = 0;
    CHECK_EQUAL(RtlUnicodeStringToAnsiString(&Narrow, &Text, FALSE), STATUS_BUFFER_OVERFLOW);
    RtlInitAnsiString(&Narrow, "abc");
    CHECK_EQUAL(RtlAnsiStringToUnicodeString(&Wide, &Narrow, FALSE), STATUS_BUFFER_OVERFLOW);
    Narrow.Length = MAXUSHORT / 2;
    CHECK_EQUAL(RtlAnsiStringToUnicodeString(&Wide, &Narrow, FALSE), STATUS_INVALID_PARAMETER_2);
    OutOfMemory = TRUE;
    CHECK_EQUAL(RtlUnicodeStringToAnsiString(&Narrow, &Text, TRUE), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
}

TEST(strings_are_duplicated_and_upcased)
{
    UNICODE_STRING Text = RTL_CONSTANT_STRING(u"aä"), Copy, Odd = {1, 2, u"x"}, Empty = {0};

    CHECK_EQUAL(RtlDuplicateUnicodeString(1, &Text, &Copy), STATUS_SUCCESS);
    CHECK(Copy.Length == 4 && Copy.MaximumLength == 6 && wcscmp(Copy.Buffer, u"aä") == 0);
    CHECK_EQUAL(RtlUpcaseUnicodeString(&Copy, &Text, FALSE), STATUS_SUCCESS);
    CHECK(wcscmp(Copy.Buffer, u"AÄ") == 0);
    RtlFreeUnicodeString(&Copy);
    CHECK_EQUAL(RtlDuplicateUnicodeString(0, &Text, &Copy), STATUS_SUCCESS);
    CHECK_EQUAL(Copy.MaximumLength, 4);
    RtlFreeUnicodeString(&Copy);
    CHECK_EQUAL(RtlDuplicateUnicodeString(1, &Empty, &Copy), STATUS_SUCCESS);
    CHECK(!Copy.Buffer);
    CHECK_EQUAL(RtlDuplicateUnicodeString(3, NULL, &Copy), STATUS_SUCCESS);
    CHECK(Copy.Buffer && Copy.MaximumLength == 2 && !Copy.Buffer[0]);
    RtlFreeUnicodeString(&Copy);
    CHECK_EQUAL(RtlDuplicateUnicodeString(2, &Text, &Copy), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlDuplicateUnicodeString(4, &Text, &Copy), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlDuplicateUnicodeString(0, &Odd, &Copy), STATUS_INVALID_PARAMETER);
    Copy.MaximumLength = 3;
    CHECK_EQUAL(RtlUpcaseUnicodeString(&Copy, &Text, FALSE), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(sids_come_from_the_heap_with_their_text)
{
    static const SID_IDENTIFIER_AUTHORITY NtAuthority = {{0, 0, 0, 0, 0, 5}};
    UNICODE_STRING Text;
    WCHAR Small[5];
    PSID Sid;

    CHECK_EQUAL(RtlAllocateAndInitializeSid(&NtAuthority, 9, 1, 2, 3, 4, 5, 6, 7, 8, &Sid),
                STATUS_INVALID_SID);
    CHECK_EQUAL(RtlAllocateAndInitializeSid(&NtAuthority, 2, 32, 544, 0, 0, 0, 0, 0, 0, &Sid),
                STATUS_SUCCESS);
    CHECK_EQUAL(RtlConvertSidToUnicodeString(&Text, Sid, TRUE), STATUS_SUCCESS);
    CHECK(wcscmp(Text.Buffer, u"S-1-5-32-544") == 0);
    RtlFreeUnicodeString(&Text);
    Text = (UNICODE_STRING){0, sizeof(Small), Small};
    CHECK_EQUAL(RtlConvertSidToUnicodeString(&Text, Sid, FALSE), STATUS_BUFFER_OVERFLOW);
    CHECK(RtlFreeSid(Sid) == NULL);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(guids_become_text)
{
    static const GUID Guid = {0x01020304, 0x0506, 0xa7b8, {0xbe, 0x30, 0, 1, 2, 3, 4, 0xff}};
    UNICODE_STRING Text;

    CHECK_EQUAL(RtlStringFromGUID(&Guid, &Text), STATUS_SUCCESS);
    CHECK(wcscmp(Text.Buffer, u"{01020304-0506-A7B8-BE30-0001020304FF}") == 0);
    RtlFreeUnicodeString(&Text);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(texts_are_told_apart)
{
    static const char Ascii[] = "A simple string of text";
    INT Flags = IS_TEXT_UNICODE_UNICODE_MASK, Odd = IS_TEXT_UNICODE_ODD_LENGTH;

    CHECK(!RtlIsTextUnicode(Ascii, sizeof(Ascii), NULL));
    CHECK(RtlIsTextUnicode(u"A simple string of text", 48, NULL));
    CHECK(RtlIsTextUnicode(u"A simple string", 30, &Flags));
    CHECK_EQUAL(Flags,
                IS_TEXT_UNICODE_ASCII16 | IS_TEXT_UNICODE_STATISTICS | IS_TEXT_UNICODE_CONTROLS);
    CHECK(RtlIsTextUnicode(u"\xfeffあい", 6, NULL));
    CHECK(!RtlIsTextUnicode(u"\xfffe"
                            u"ab",
                            6, NULL));
    CHECK(!RtlIsTextUnicode("abc", 3, &Odd));
    CHECK_EQUAL(Odd, IS_TEXT_UNICODE_ODD_LENGTH);
    CHECK(!RtlIsTextUnicode("", 0, NULL));
    CHECK(!RtlIsTextUnicode("a", 1, &Flags));
    CHECK_EQUAL(Flags, 0);
}

TEST(tables_of_files_are_used)
{
    NLSTABLEINFO Tables;
    WCHAR Wide[4];
    CHAR Narrow[5];
    ULONG Bytes;

    MakeFiles(&Tables);
    CHECK(Tables.AnsiTableInfo.CodePage == 999 && !Tables.AnsiTableInfo.DBCSCodePage);
    CHECK(Tables.OemTableInfo.CodePage == 998 && Tables.OemTableInfo.DBCSCodePage);
    RtlCustomCPToUnicodeN(&Tables.OemTableInfo, Wide, sizeof(Wide), &Bytes, "a\x81\x40\x80\x81", 5);
    CHECK(Bytes == 8 && memcmp(Wide, u"aあα\x2022", 8) == 0);
    RtlUnicodeToCustomCPN(&Tables.OemTableInfo, Narrow, 2, &Bytes, u"aあ", 4);
    CHECK_EQUAL(Bytes, 1);
    RtlUnicodeToCustomCPN(&Tables.OemTableInfo, Narrow, 5, &Bytes, u"aあα", 7);
    CHECK(Bytes == 4 && memcmp(Narrow, "a\x81\x40\x80", 4) == 0);
    RtlUnicodeToCustomCPN(&Tables.AnsiTableInfo, Narrow, 5, &Bytes, u"αあ", 4);
    CHECK(Bytes == 2 && memcmp(Narrow, "\x80?", 2) == 0);
    CHECK_EQUAL(RtlpOemToUnicodeSize("\x81\x40", 2), 4);
    RtlResetRtlTranslations(&Tables);
    CHECK_EQUAL(RtlpOemToUnicodeSize("\x81\x40\x81", 3), 4);
    CHECK_EQUAL(RtlpUnicodeToOemSize(u"aあ", 4), 3);
    RtlUnicodeToMultiByteSize(&Bytes, u"aあ", 4);
    CHECK_EQUAL(Bytes, 2);
    RtlMultiByteToUnicodeN(Wide, sizeof(Wide), &Bytes, "\x80", 1);
    CHECK_EQUAL(Wide[0], u'α');
    CHECK_EQUAL(RtlUpcaseUnicodeChar(u'α'), u'Α');
    CHECK_EQUAL(RtlUpcaseUnicodeChar(u'ä'), u'ä');
    CHECK_EQUAL(RtlUpcaseUnicodeChar(u'a'), u'A');
}

TEST(utf_8_is_a_code_page_without_tables)
{
    static USHORT File[13] = {13, CP_UTF8};
    NLSTABLEINFO Tables = {0};
    CHAR Narrow[8];
    ULONG Bytes;

    RtlInitCodePageTable(File, &Tables.AnsiTableInfo);
    Tables.OemTableInfo = Tables.AnsiTableInfo;
    CHECK_EQUAL(Tables.AnsiTableInfo.MaximumCharacterSize, 4);
    RtlResetRtlTranslations(&Tables);
    RtlUnicodeToMultiByteSize(&Bytes, u"ä€", 4);
    CHECK_EQUAL(Bytes, 5);
    RtlUnicodeToMultiByteN(Narrow, sizeof(Narrow), &Bytes, u"ä€", 4);
    CHECK(Bytes == 5 && memcmp(Narrow, "\xc3\xa4\xe2\x82\xac", 5) == 0);
    RtlMultiByteToUnicodeSize(&Bytes, Narrow, 5);
    CHECK_EQUAL(Bytes, 4);
}
