// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/environment.c ntdll/rtl/environment.c ntdll/rtl/peblock.c rtl/string.c
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/wstring.c rtl/upcase.c rtl/ctype.c
// sources: rtl/cstring.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"

static UNICODE_STRING Text(PCWSTR String)
{
    UNICODE_STRING Result;

    RtlInitUnicodeString(&Result, String);
    return Result;
}

static NTSTATUS Set(PWSTR *Environment, PCWSTR Name, PCWSTR Value)
{
    UNICODE_STRING NameText = Text(Name), ValueText = Text(Value);

    return RtlSetEnvironmentVariable(Environment, &NameText, Value ? &ValueText : NULL);
}

static WCHAR Found[32];
static USHORT FoundLength;

static NTSTATUS Query(PWSTR Environment, PCWSTR Name, USHORT Room)
{
    UNICODE_STRING NameText = Text(Name), Value = {0, Room, Found};
    NTSTATUS Status;

    memset(Found, 0xee, sizeof(Found));
    Status = RtlQueryEnvironmentVariable_U(Environment, &NameText, &Value);
    FoundLength = Value.Length;
    return Status;
}

TEST(variables_are_set_changed_and_taken_away)
{
    PWSTR Environment;

    CHECK_EQUAL(RtlCreateEnvironment(FALSE, &Environment), STATUS_SUCCESS);
    CHECK_EQUAL(Set(&Environment, u"Path", u"C:\\"), STATUS_SUCCESS);
    CHECK_EQUAL(Set(&Environment, u"a", u"1"), STATUS_SUCCESS);
    CHECK_EQUAL(Set(&Environment, u"=C:", u"C:\\windows"), STATUS_SUCCESS);
    CHECK(memcmp(Environment, u"=C:=C:\\windows\0a=1\0Path=C:\\\0", 29 * 2) == 0);
    CHECK_EQUAL(Query(Environment, u"PATH", 64), STATUS_SUCCESS);
    CHECK(wcscmp(Found, u"C:\\") == 0);
    CHECK_EQUAL(Set(&Environment, u"PATH", u""), STATUS_SUCCESS);
    CHECK_EQUAL(Query(Environment, u"path", 64), STATUS_SUCCESS);
    CHECK_EQUAL(FoundLength, 0);
    CHECK_EQUAL(Set(&Environment, u"path", NULL), STATUS_SUCCESS);
    CHECK_EQUAL(Set(&Environment, u"path", NULL), STATUS_SUCCESS);
    CHECK_EQUAL(Query(Environment, u"path", 64), STATUS_VARIABLE_NOT_FOUND);
    RtlDestroyEnvironment(Environment);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(names_are_checked)
{
    PWSTR Environment;

    RtlCreateEnvironment(FALSE, &Environment);
    CHECK_EQUAL(Set(&Environment, u"", u"1"), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(Set(&Environment, u"a=b", u"1"), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(Set(&Environment, u"==", u"1"), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(Set(&Environment, u"=", u"1"), STATUS_SUCCESS);
    CHECK_EQUAL(Query(Environment, u"=", 64), STATUS_SUCCESS);
    CHECK_EQUAL(Query(Environment, u"", 64), STATUS_VARIABLE_NOT_FOUND);
    RtlDestroyEnvironment(Environment);
}

TEST(values_say_how_much_they_need)
{
    PWSTR Environment;
    SIZE_T Length;

    RtlCreateEnvironment(FALSE, &Environment);
    Set(&Environment, u"name", u"value");
    CHECK_EQUAL(Query(Environment, u"name", 9), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(FoundLength, 10);
    CHECK_EQUAL(Query(Environment, u"name", 10), STATUS_SUCCESS);
    CHECK(Found[4] == 'e' && Found[5] == 0xeeee);
    CHECK_EQUAL(RtlQueryEnvironmentVariable(Environment, u"name", 4, Found, 5, &Length),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Length, 6);
    CHECK_EQUAL(RtlQueryEnvironmentVariable(Environment, u"name", 4, Found, 6, &Length),
                STATUS_SUCCESS);
    CHECK_EQUAL(Length, 5);
    CHECK_EQUAL(RtlQueryEnvironmentVariable(Environment, u"nam", 3, Found, 6, &Length),
                STATUS_VARIABLE_NOT_FOUND);
    RtlDestroyEnvironment(Environment);
}

TEST(unsorted_blocks_and_odd_strings_are_searched_whole)
{
    static WCHAR Block[] = u"z=26\0noequals\0b=2\0";

    CHECK_EQUAL(Query(Block, u"b", 64), STATUS_SUCCESS);
    CHECK(wcscmp(Found, u"2") == 0);
    CHECK_EQUAL(Query(Block, u"noequals", 64), STATUS_VARIABLE_NOT_FOUND);
}

static NTSTATUS ExpandTo(PWSTR Environment, PCWSTR Source, USHORT Room, ULONG *Length)
{
    UNICODE_STRING From = Text(Source), To = {0, Room, Found};

    return RtlExpandEnvironmentStrings_U(Environment, &From, &To, Length);
}

TEST(references_are_expanded_if_there_is_such_a_variable)
{
    static WCHAR Block[] = u"A=1\0long=0123456789\0";
    ULONG Length;

    CHECK_EQUAL(ExpandTo(Block, u"<%a%%LONG%>", sizeof(Found), &Length), STATUS_SUCCESS);
    CHECK(wcscmp(Found, u"<10123456789>") == 0);
    CHECK_EQUAL(Length, 28);
    CHECK_EQUAL(ExpandTo(Block, u"%none% %%a% 5%", sizeof(Found), &Length), STATUS_SUCCESS);
    CHECK(wcscmp(Found, u"%none% %1 5%") == 0);
    CHECK_EQUAL(ExpandTo(Block, u"%long%", 20, &Length), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Length, 22);
    CHECK_EQUAL(ExpandTo(Block, u"", 2, &Length), STATUS_SUCCESS);
    CHECK_EQUAL(Length, 2);
}

TEST(the_process_own_environment_is_changed_under_its_lock)
{
    static WCHAR First[] = u"A=1\0";
    PWSTR Clone, Old;

    NtCurrentTeb();
    TestParameters.Environment = First;
    TestParameters.EnvironmentSize = sizeof(First);
    CHECK_EQUAL(RtlpInitializeEnvironment(&TestParameters), STATUS_SUCCESS);
    CHECK_EQUAL(Set(NULL, u"B", u"2"), STATUS_SUCCESS);
    CHECK_EQUAL(TestParameters.EnvironmentSize, 9 * 2);
    CHECK_EQUAL(Query(NULL, u"a", 64), STATUS_SUCCESS);
    CHECK_EQUAL(RtlCreateEnvironment(TRUE, &Clone), STATUS_SUCCESS);
    CHECK_EQUAL(Query(Clone, u"b", 64), STATUS_SUCCESS);
    OutOfMemory = TRUE;
    CHECK_EQUAL(Set(NULL, u"B", u"3"), STATUS_NO_MEMORY);
    CHECK_EQUAL(RtlCreateEnvironment(TRUE, &Old), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
    CHECK_EQUAL(RtlSetCurrentEnvironment(Clone, &Old), STATUS_SUCCESS);
    RtlDestroyEnvironment(Old);
    RtlSetCurrentEnvironment(NULL, NULL);
    CHECK_EQUAL(Query(NULL, u"a", 64), STATUS_VARIABLE_NOT_FOUND);
    CHECK_EQUAL(Set(NULL, u"C", u"3"), STATUS_SUCCESS);
    RtlSetCurrentEnvironment(NULL, NULL);
    CHECK_EQUAL(HeapBlocks, 0);
    CHECK_EQUAL(LockDepth, 0);
}
