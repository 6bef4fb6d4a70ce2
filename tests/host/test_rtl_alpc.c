// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/alpc.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntlpc.h>

static const ULONG Flags[] = {ALPC_MESSAGE_SECURITY_ATTRIBUTE,      ALPC_MESSAGE_VIEW_ATTRIBUTE,
                              ALPC_MESSAGE_CONTEXT_ATTRIBUTE,       ALPC_MESSAGE_HANDLE_ATTRIBUTE,
                              ALPC_MESSAGE_TOKEN_ATTRIBUTE,         ALPC_MESSAGE_DIRECT_ATTRIBUTE,
                              ALPC_MESSAGE_WORK_ON_BEHALF_ATTRIBUTE};
static const SIZE_T Sizes[2][7] = {{12, 16, 20, 16, 24, 4, 8}, {24, 32, 32, 24, 24, 8, 8}};

TEST(each_attribute_lies_behind_those_with_higher_flags)
{
    union {
        ALPC_MESSAGE_ATTRIBUTES Header;
        UCHAR Bytes[8 + 24 + 32 + 32 + 24 + 24 + 8 + 8];
    } Buffer;
    SIZE_T Required;

    for (ULONG Set = 0; Set < 128; Set++) {
        ULONG All = 0;
        SIZE_T Size = sizeof(ALPC_MESSAGE_ATTRIBUTES);

        for (ULONG i = 0; i < ARRAYSIZE(Flags); i++)
            All |= Set & 1u << i ? Flags[i] : 0;
        REQUIRE(AlpcInitializeMessageAttribute(All, &Buffer.Header, sizeof(Buffer), &Required) ==
                STATUS_SUCCESS);
        REQUIRE(Buffer.Header.AllocatedAttributes == All && Buffer.Header.ValidAttributes == 0);
        for (ULONG i = 0; i < ARRAYSIZE(Flags); i++) {
            PUCHAR Place = AlpcGetMessageAttribute(&Buffer.Header, Flags[i]);

            REQUIRE(Place == (All & Flags[i] ? Buffer.Bytes + Size : NULL));
            Size += All & Flags[i] ? Sizes[sizeof(PVOID) == 8][i] : 0;
        }
        REQUIRE(Required == Size && AlpcGetHeaderSize(All) == Size);
        REQUIRE(AlpcInitializeMessageAttribute(All, &Buffer.Header, Size - 1, &Required) ==
                STATUS_BUFFER_TOO_SMALL);
    }
}

TEST(one_attribute_at_a_time)
{
    ALPC_MESSAGE_ATTRIBUTES Header = {0xfe000000, 0};
    SIZE_T Required;

    REQUIRE(!AlpcGetMessageAttribute(&Header, 0xc0000000));
    REQUIRE(!AlpcGetMessageAttribute(&Header, 0));
    REQUIRE(!AlpcGetMessageAttribute(&Header, 1));
    REQUIRE(AlpcInitializeMessageAttribute(0, NULL, 100, &Required) == STATUS_BUFFER_TOO_SMALL);
    REQUIRE(Required == sizeof(Header));
}
