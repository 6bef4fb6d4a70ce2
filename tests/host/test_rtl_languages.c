// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/rtl/languages.c ntdll/rtl/peblock.c rtl/strtol.c rtl/integer.c rtl/print.c
// sources: rtl/string.c rtl/memory.c rtl/arch/x86_64/copy.c rtl/wstring.c rtl/cstring.c
// sources: rtl/upcase.c rtl/ctype.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"

static WCHAR Buffer[100];
static ULONG Count, Size;

/* Two locales, by either. */
NTSTATUS NTAPI RtlLocaleNameToLcid(PCWSTR Name, LCID *Id, ULONG Flags)
{
    *Id = wcscmp(Name, u"de-DE") == 0 ? 0x407 : 0x409;
    return *Id == 0x407 || wcscmp(Name, u"en-US") == 0 ? STATUS_SUCCESS
                                                       : STATUS_INVALID_PARAMETER_1;
}

NTSTATUS NTAPI RtlLcidToLocaleName(LCID Id, PUNICODE_STRING Name, ULONG Flags, BOOLEAN Allocate)
{
    if (Id != 0x407 && Id != 0x409)
        return STATUS_INVALID_PARAMETER_1;
    wcscpy(Name->Buffer, Id == 0x407 ? u"de-DE" : u"en-US");
    return STATUS_SUCCESS;
}

static NTSTATUS GetThread(ULONG Flags, ULONG Room)
{
    Size = Room;
    return RtlGetThreadPreferredUILanguages(Flags, &Count, Buffer, &Size);
}

TEST(the_system_speaks_english)
{
    Size = ARRAYSIZE(Buffer);
    CHECK_EQUAL(RtlGetSystemPreferredUILanguages(MUI_LANGUAGE_NAME, 0, &Count, Buffer, &Size),
                STATUS_SUCCESS);
    CHECK(Count == 1 && Size == 7 && memcmp(Buffer, u"en-US\0", 14) == 0);
    CHECK_EQUAL(RtlGetUserPreferredUILanguages(MUI_LANGUAGE_ID, 0, &Count, Buffer, &Size),
                STATUS_SUCCESS);
    CHECK(Size == 6 && memcmp(Buffer, u"0409\0", 12) == 0);
    Size = 0;
    CHECK_EQUAL(RtlGetSystemPreferredUILanguages(0, 0, &Count, NULL, &Size), STATUS_SUCCESS);
    CHECK_EQUAL(Size, 7);
    Size = 6;
    CHECK_EQUAL(RtlGetSystemPreferredUILanguages(0, 0, &Count, Buffer, &Size),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Size, 7);
    CHECK_EQUAL(RtlGetSystemPreferredUILanguages(0, 0, &Count, NULL, &Size),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlGetSystemPreferredUILanguages(0xc, 0, &Count, Buffer, &Size),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlGetUserPreferredUILanguages(0x1000, 0, &Count, Buffer, &Size),
                STATUS_INVALID_PARAMETER);
}

TEST(threads_and_processes_have_their_own)
{
    CHECK_EQUAL(GetThread(MUI_THREAD_LANGUAGES, 10), STATUS_SUCCESS);
    CHECK(Count == 0 && Size == 2 && !Buffer[0] && !Buffer[1]);
    CHECK_EQUAL(RtlSetProcessPreferredUILanguages(MUI_LANGUAGE_ID,
                                                  u"0407\0zzzz\0"
                                                  u"0409\0",
                                                  &Count),
                STATUS_SUCCESS);
    CHECK_EQUAL(Count, 2);
    CHECK_EQUAL(RtlSetThreadPreferredUILanguages(0, u"fr-FR\0x y\0FR-fr\0", &Count),
                STATUS_SUCCESS);
    CHECK_EQUAL(Count, 1);
    CHECK_EQUAL(GetThread(MUI_UI_FALLBACK, 100), STATUS_SUCCESS);
    CHECK(Count == 3 && memcmp(Buffer, u"fr-FR\0de-DE\0en-US\0", 38) == 0 && Size == 19);
    CHECK_EQUAL(GetThread(MUI_THREAD_LANGUAGES, 100), STATUS_SUCCESS);
    CHECK_EQUAL(Count, 1);
    Size = 100;
    CHECK_EQUAL(RtlGetProcessPreferredUILanguages(MUI_LANGUAGE_ID, &Count, Buffer, &Size),
                STATUS_SUCCESS);
    CHECK(Count == 2 && memcmp(Buffer,
                               u"0407\0"
                               u"0409\0",
                               22) == 0);
    CHECK_EQUAL(RtlSetThreadPreferredUILanguages(0x10, NULL, &Count), STATUS_INVALID_PARAMETER);
    OutOfMemory = TRUE;
    CHECK_EQUAL(RtlSetThreadPreferredUILanguages(0, u"de-DE\0", &Count), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
    CHECK_EQUAL(RtlSetThreadPreferredUILanguages(0, NULL, &Count), STATUS_SUCCESS);
    CHECK_EQUAL(RtlSetProcessPreferredUILanguages(0, NULL, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(HeapBlocks, 0);
    CHECK_EQUAL(LockDepth, 0);
}

/* locale.nls has not got them all. */
TEST(numbers_of_languages_that_have_no_locale)
{
    CHECK_EQUAL(RtlSetThreadPreferredUILanguages(MUI_LANGUAGE_ID,
                                                 u"040c\0"
                                                 u"0999\0",
                                                 &Count),
                STATUS_SUCCESS);
    CHECK_EQUAL(Count, 1);
    CHECK_EQUAL(GetThread(MUI_THREAD_LANGUAGES, 100), STATUS_SUCCESS);
    CHECK(memcmp(Buffer, u"fr-FR\0", 14) == 0);
    CHECK_EQUAL(GetThread(MUI_THREAD_LANGUAGES | MUI_LANGUAGE_ID, 100), STATUS_SUCCESS);
    CHECK(memcmp(Buffer, u"040C\0", 12) == 0);
    CHECK_EQUAL(RtlSetThreadPreferredUILanguages(0, NULL, &Count), STATUS_SUCCESS);
}

TEST(no_list_has_more_than_five)
{
    CHECK_EQUAL(RtlSetThreadPreferredUILanguages(0, u"a\0b\0c\0d\0e\0f\0", &Count), STATUS_SUCCESS);
    CHECK_EQUAL(Count, 5);
    CHECK_EQUAL(GetThread(MUI_LANGUAGE_ID, 100), STATUS_SUCCESS);
    CHECK(memcmp(Buffer, u"1000\0", 10) == 0);
    RtlpFreeThreadLanguages();
    CHECK_EQUAL(HeapBlocks, 0);
}
