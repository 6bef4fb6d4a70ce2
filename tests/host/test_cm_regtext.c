// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/cm/regtext.c rtl/utf.c rtl/string.c rtl/upcase.c rtl/wstring.c rtl/integer.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/cm -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "regtext.h"

void *malloc(__SIZE_TYPE__ size);
void free(void *memory);

#define TITLE "Windows Registry Editor Version 5.00\n"

static CM_TEXT_BUFFERS Buffers;
static ULONG Line;

/* What was told, as one letter each, and the last of it. */
static char Told[64];
static ULONG ToldCount, LastType, LastLength;
static WCHAR LastPath[256], LastName[256];
static UCHAR LastData[256];
static NTSTATUS Answer;

static NTSTATUS Tell(char What)
{
    if (ToldCount < sizeof(Told) - 1)
        Told[ToldCount++] = What;
    return Answer;
}

static void Keep(WCHAR Kept[256], PCUNICODE_STRING String)
{
    ULONG Length = String->Length < 510 ? String->Length : 510;

    memcpy(Kept, String->Buffer, Length);
    Kept[Length / sizeof(WCHAR)] = 0;
}

static NTSTATUS OpenKey(PVOID Context, PCUNICODE_STRING Path)
{
    Keep(LastPath, Path);
    return Tell('k');
}

static NTSTATUS DeleteKey(PVOID Context, PCUNICODE_STRING Path)
{
    Keep(LastPath, Path);
    return Tell('d');
}

static NTSTATUS SetValue(PVOID Context, PCUNICODE_STRING Name, ULONG Type, const void *Data,
                         ULONG Length)
{
    Keep(LastName, Name);
    LastType = Type;
    LastLength = Length;
    memset(LastData, 0, sizeof(LastData));
    memcpy(LastData, Data, Length < sizeof(LastData) ? Length : sizeof(LastData));
    return Tell('v');
}

static NTSTATUS DeleteValue(PVOID Context, PCUNICODE_STRING Name)
{
    Keep(LastName, Name);
    return Tell('r');
}

/* The text lies in a block of its exact size: what is read outside is noticed. */
static NTSTATUS ReadBytes(const char *Text, ULONG Length)
{
    static const CM_TEXT_SINK Sink = {OpenKey, DeleteKey, SetValue, DeleteValue};
    void *Copy = malloc(Length ? Length : 1);
    NTSTATUS Status;

    memcpy(Copy, Text, Length);
    memset(Told, 0, sizeof(Told));
    ToldCount = 0;
    Status = CmpReadText(Copy, Length, &Buffers, &Sink, NULL, &Line);
    free(Copy);
    return Status;
}

static NTSTATUS Read(const char *Text)
{
    return ReadBytes(Text, (ULONG)strlen(Text));
}

static BOOLEAN IsTold(const char *What)
{
    return strlen(What) == ToldCount && !memcmp(Told, What, ToldCount);
}

static BOOLEAN IsText(const WCHAR *Text)
{
    return LastLength == (wcslen(Text) + 1) * sizeof(WCHAR) && !memcmp(LastData, Text, LastLength);
}

TEST(sound_text_is_read)
{
    /* a title */
    CHECK(!Read(TITLE) && IsTold(""));
    /* a mark of UTF-8, comments, \r\n */
    CHECK(!Read("\xef\xbb\xbf" TITLE "\r\n\r\n; comment\r\n"));
    /* a key and a value */
    CHECK(!Read(TITLE "[HKEY\\a]\n\"n\"=\"text\"\n") && IsTold("kv"));
    /* what they are */
    CHECK(!wcscmp(LastPath, u"HKEY\\a") && !wcscmp(LastName, u"n") && LastType == REG_SZ &&
          IsText(u"text"));
    /* a default value, and escapes */
    CHECK(!Read(TITLE "[a]\n@=\"x\\\\\\\"\\n\"") && LastName[0] == 0 && IsText(u"x\\\"\n"));
    /* a number */
    CHECK(!Read(TITLE "[a]\n\"n\"=dword:1F ; one\n") && LastType == REG_DWORD && LastLength == 4 &&
          LastData[0] == 0x1f);
    /* bytes over two lines */
    CHECK(!Read(TITLE "[a]\n\"n\"=hex:1,02,\\\n  ff\n") && LastType == REG_BINARY &&
          LastLength == 3 && LastData[2] == 0xff);
    /* bytes of a type */
    CHECK(!Read(TITLE "[a]\n\"n\"=hex(b):1,0,0,0,0,0,0,0") && LastType == REG_QWORD &&
          LastLength == 8);
    /* no bytes */
    CHECK(!Read(TITLE "[a]\n\"n\"=hex:\n\"m\"=hex(0):") && IsTold("kvv") && LastLength == 0);
    /* a string of a type */
    CHECK(!Read(TITLE "[a]\n\"n\"=str(2):\"%a%\"") && LastType == REG_EXPAND_SZ && IsText(u"%a%"));
    /* strings */
    CHECK(!Read(TITLE "[a]\n\"n\"=str(7):\"a\\0b\\0\"") && LastLength == 10);
    /* what goes */
    CHECK(!Read(TITLE "[-a]\n[b]\n\"n\"=-\n") && IsTold("dkr"));
    /* a bracket in a name */
    CHECK(!Read(TITLE "  [a]b]  \n") && !wcscmp(LastPath, u"a]b"));
    /* UTF-8 */
    CHECK(!Read(TITLE "[a]\n\"n\"=\"\xc3\xa4\xf0\x9f\x98\x80\"") && IsText(u"\u00e4\xd83d\xde00"));
    /* a string over two lines */
    CHECK(!Read(TITLE "[a]\n\"n\"=\"two\nlines\"\n") && IsText(u"two\nlines") && Line == 5);
}

TEST(unsound_text_is_refused)
{
    static const char *const Texts[] = {
        "",
        "Windows",
        "REGEDIT4\n",
        TITLE "\"n\"=\"no key\"",
        TITLE "[-a]\n\"n\"=\"no key\"",
        TITLE "[a",
        TITLE "[a\n]",
        TITLE "[a] b",
        TITLE "[a]\nn=\"x\"",
        TITLE "[a]\n\"n",
        TITLE "[a]\n\"n\"",
        TITLE "[a]\n\"n\"=",
        TITLE "[a]\n\"n\"=\"x",
        TITLE "[a]\n\"n\"=\"x\\",
        TITLE "[a]\n\"n\"=\"x\" y",
        TITLE "[a]\n\"n\"=dword:",
        TITLE "[a]\n\"n\"=dword:123456789",
        TITLE "[a]\n\"n\"=dword:xyz",
        TITLE "[a]\n\"n\"=hex:123",
        TITLE "[a]\n\"n\"=hex:1,,2",
        TITLE "[a]\n\"n\"=hex:,",
        TITLE "[a]\n\"n\"=hex(:1",
        TITLE "[a]\n\"n\"=hex():1",
        TITLE "[a]\n\"n\"=hex(7:1",
        TITLE "[a]\n\"n\"=str(2):x",
        TITLE "[a]\n\"n\"=qword:1",
        TITLE "[a]\n\"n\"=-x",
    };

    for (ULONG i = 0; i < sizeof(Texts) / sizeof(Texts[0]); i++)
        CHECK(Read(Texts[i]) == STATUS_REGISTRY_CORRUPT);
    /* a NUL */
    CHECK(ReadBytes(TITLE "[a]\0", sizeof(TITLE "[a]\0") - 1) == STATUS_REGISTRY_CORRUPT);
    Read(TITLE "\n\n[a]\nbad\n");
    /* the line is told */
    CHECK(Line == 5);
    Answer = STATUS_INSUFFICIENT_RESOURCES;
    /* what the sink says ends it */
    CHECK(Read(TITLE "[a]\n[b]\n") == STATUS_INSUFFICIENT_RESOURCES && IsTold("k"));
    Answer = STATUS_SUCCESS;
}

static NTSTATUS ReadLong(const char *Start, char Filler, ULONG Count, const char *End)
{
    ULONG Before = (ULONG)strlen(Start), Length = Before + Count + (ULONG)strlen(End);
    char *Text = malloc(Length + 1);
    NTSTATUS Status;

    memcpy(Text, Start, Before);
    memset(Text + Before, Filler, Count);
    memcpy(Text + Before + Count, End, strlen(End));
    Status = ReadBytes(Text, Length);
    free(Text);
    return Status;
}

TEST(lengths_are_limited)
{
    /* the longest path */
    CHECK(!ReadLong(TITLE "[", 'a', CM_TEXT_PATH, "]"));
    /* a longer one */
    CHECK(ReadLong(TITLE "[", 'a', CM_TEXT_PATH + 1, "]") == STATUS_REGISTRY_CORRUPT);
    /* the longest name */
    CHECK(!ReadLong(TITLE "[a]\n\"", 'n', CM_TEXT_NAME, "\"=-"));
    /* a longer one */
    CHECK(ReadLong(TITLE "[a]\n\"", 'n', CM_TEXT_NAME + 1, "\"=-") == STATUS_REGISTRY_CORRUPT);
    /* the longest string */
    CHECK(!ReadLong(TITLE "[a]\n\"n\"=\"", 'x', CM_TEXT_DATA / 2 - 1, "\""));
    /* with its NUL */
    CHECK(LastLength == CM_TEXT_DATA);
    /* a longer one */
    CHECK(ReadLong(TITLE "[a]\n\"n\"=\"", 'x', CM_TEXT_DATA / 2, "\"") == STATUS_REGISTRY_CORRUPT);
    /* a much longer one */
    CHECK(ReadLong(TITLE "[a]\n\"n\"=\"", 'x', CM_TEXT_DATA + 1, "\"") == STATUS_REGISTRY_CORRUPT);
}

/* A sound text with some bytes changed, and what remains of it cut off anywhere. */
TEST(damaged_text_does_no_harm)
{
    static const char Sound[] = TITLE "[HKEY\\key]\n@=\"a\\\\b\"\n\"n\"=dword:00000001\n"
                                      "\"h\"=hex(7):61,00,\\\n  00,00\n[-HKEY\\other]\n; end\n";
    ULONG Seed = 1, i, j;
    char Text[sizeof(Sound)];

    for (i = 0; i < sizeof(Sound); i++)
        ReadBytes(Sound, i);
    for (i = 0; i < 20000; i++) {
        memcpy(Text, Sound, sizeof(Sound));
        for (j = 0; j < 1 + i % 3; j++) {
            Seed = Seed * 1103515245 + 12345;
            Text[37 + (Seed >> 8) % (sizeof(Sound) - 38)] = (char)(Seed >> 24);
        }
        ReadBytes(Text, sizeof(Sound) - 1);
    }
}
