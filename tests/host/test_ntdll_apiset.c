// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/ldr/apiset.c
// sources: rtl/memory.c rtl/cstring.c rtl/wstring.c rtl/ctype.c rtl/upcase.c rtl/string.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -DDBG=1 -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"
#include "ldrp.h"

/* What mkapiset.py makes of api-ms-win-one-l1-1-2 and api-ms-win-three-l1-1-0, both of one.dll, and
 * ext-ms-two-l1-2-0, which nobody implements. */
const ULONG LdrpApiSetSchema[] = {
    0x00000006, 0x0000012c, 0x00000000, 0x00000003, 0x0000001c, 0x0000008c, 0x0000001f, 0x00000001,
    0x000000a4, 0x0000002a, 0x00000026, 0x00000078, 0x00000001, 0x00000001, 0x000000ce, 0x0000002e,
    0x0000002a, 0x00000078, 0x00000001, 0x00000000, 0x000000fc, 0x00000022, 0x0000001e, 0x00000064,
    0x00000001, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x0000011e, 0x0000000e, 0x5ca9a726, 0x00000002, 0x7154a295, 0x00000000, 0x8749891d,
    0x00000001, 0x00700061, 0x002d0069, 0x0073006d, 0x0077002d, 0x006e0069, 0x006f002d, 0x0065006e,
    0x006c002d, 0x002d0031, 0x002d0031, 0x00610032, 0x00690070, 0x006d002d, 0x002d0073, 0x00690077,
    0x002d006e, 0x00680074, 0x00650072, 0x002d0065, 0x0031006c, 0x0031002d, 0x0030002d, 0x00780065,
    0x002d0074, 0x0073006d, 0x0074002d, 0x006f0077, 0x006c002d, 0x002d0031, 0x002d0032, 0x006f0030,
    0x0065006e, 0x0064002e, 0x006c006c,
};

/* In a block of its own, so that what is read behind it is noticed. */
static BOOLEAN Resolve(PCWSTR Text, PCWSTR Expected)
{
    SIZE_T Bytes = wcslen(Text) * sizeof(WCHAR);
    PWSTR Copy = malloc(Bytes ? Bytes : 1);
    UNICODE_STRING Name = {(USHORT)Bytes, (USHORT)Bytes, Copy}, Host, Wanted;
    BOOLEAN Is;

    memcpy(Copy, Text, Bytes);
    Is = LdrpResolveApiSet(&Name, NULL, &Host);
    free(Copy);
    RtlInitUnicodeString(&Wanted, Expected);
    return Is == (Expected != NULL) && (!Is || RtlEqualUnicodeString(&Host, &Wanted, FALSE));
}

TEST(names_are_resolved)
{
    CHECK(Resolve(u"api-ms-win-one-l1-1-2.dll", u"one.dll"));
    CHECK(Resolve(u"API-MS-Win-One-L1-1-0", u"one.dll"));
    CHECK(Resolve(u"api-ms-win-three-l1-1-77.dll", u"one.dll"));
    CHECK(Resolve(u"ext-ms-two-l1-2-0.dll", u""));
    CHECK(Resolve(u"ext-ms-none-l1-2-0.dll", u""));
    CHECK(Resolve(u"api-ms-win-one-l1-2-0.dll", NULL));
    CHECK(Resolve(u"api-ms-win-none-l1-1-0.dll", NULL));
}

TEST(other_names_are_not)
{
    static const PCWSTR Names[] = {
        u"",     u"a",    u"api",      u"api-", u"api--.",
        u"-.",   u".",    u"one.dll",  u"ap",   u"api-ms-win-one",
        u"----", u"api.", u"kernel32", u"ex",   u"api-ms-win-one-l1-1-.x"};

    for (ULONG i = 0; i < ARRAYSIZE(Names); i++)
        CHECK(Resolve(Names[i], i == ARRAYSIZE(Names) - 1 ? u"one.dll" : NULL));
}

TEST(presence)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"ext-ms-two-l1-2-0");
    BOOLEAN Is = 2, Has = 2;

    CHECK_EQUAL(ApiSetQueryApiSetPresenceEx(&Name, &Is, &Has), STATUS_SUCCESS);
    CHECK(Is && !Has);
    RtlInitUnicodeString(&Name, u"api-ms-win-one-l1-1-2");
    CHECK_EQUAL(ApiSetQueryApiSetPresenceEx(&Name, &Is, &Has), STATUS_SUCCESS);
    CHECK(Is && Has);
    RtlInitUnicodeString(&Name, u"api-ms-win-one-l1-1-3");
    CHECK_EQUAL(ApiSetQueryApiSetPresenceEx(&Name, &Is, &Has), STATUS_SUCCESS);
    CHECK(!Is && !Has);
    RtlInitUnicodeString(&Name, u"api-ms-win-one-l1-1-2.dll");
    CHECK_EQUAL(ApiSetQueryApiSetPresence(&Name, &Has), STATUS_INVALID_PARAMETER);
}
