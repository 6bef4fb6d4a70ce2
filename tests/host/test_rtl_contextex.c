// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/rtl/contextex.c ntdll/arch/x86_64/contextparts.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"

TEST(lengths_are_those_of_windows)
{
    ULONG Length;

    CHECK_EQUAL(RtlGetExtendedContextLength2(CONTEXT_FULL, &Length, 0), STATUS_SUCCESS);
    CHECK_EQUAL(Length, WORDS64 ? 0x4f7 : 0xe7);
    CHECK_EQUAL(RtlGetExtendedContextLength2(0x3, &Length, 0), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlGetExtendedContextLength2(CONTEXT_ARCHITECTURE | 0x80, &Length, 0),
                STATUS_INVALID_PARAMETER);
    TestSharedUserData.XState.EnabledFeatures = 0;
    CHECK_EQUAL(RtlGetExtendedContextLength2(CONTEXT_FULL | CONTEXT_XSTATE_PART, &Length, 0),
                STATUS_NOT_SUPPORTED);
}

TEST(contexts_lie_within_what_was_asked_for)
{
    ULONG Flags = CONTEXT_ALL | CONTEXT_XSTATE_PART, Length;
    PCONTEXT_EX Ex;
    PUCHAR Buffer;

    TestSharedUserData.XState.EnabledFeatures = 7;
    RtlGetExtendedContextLength2(Flags, &Length, ~0ull);
    for (ULONG Shift = 0; Shift < 64; Shift++) {
        Buffer = malloc(Length + Shift);
        CHECK_EQUAL(RtlInitializeExtendedContext2(Buffer + Shift, Flags, &Ex, ~0ull),
                    STATUS_SUCCESS);
        CHECK_EQUAL(((PCONTEXT)((PUCHAR)Ex + Ex->Legacy.Offset))->ContextFlags, Flags);
        CHECK_EQUAL(RtlGetExtendedFeaturesMask(Ex), 0);
        RtlSetExtendedFeaturesMask(Ex, ~0ull);
        CHECK_EQUAL(RtlGetExtendedFeaturesMask(Ex), 4);
        CHECK((PUCHAR)Ex + Ex->All.Offset + Ex->All.Length <= Buffer + Shift + Length);
        CHECK(!RtlLocateExtendedFeature(Ex, 2, NULL));
        free(Buffer);
    }
    Buffer = malloc(Length);
    RtlInitializeExtendedContext2(Buffer, CONTEXT_FULL, &Ex, 0);
    CHECK(Ex->XState.Offset == 25 && !Ex->XState.Length && !RtlGetExtendedFeaturesMask(Ex));
    free(Buffer);
}

/* As the system has it: nothing beyond x87 and SSE. */
TEST(legacy_features_alone_have_a_header)
{
    ULONG Flags = CONTEXT_FULL | CONTEXT_XSTATE_PART, Length, LegacyLength = 0;
    PCONTEXT_EX Ex, Other, Small;
    PUCHAR Buffers[3];

    TestSharedUserData.XState.EnabledFeatures = XSTATE_MASK_LEGACY;
    CHECK_EQUAL(RtlGetExtendedContextLength(Flags, &Length), STATUS_SUCCESS);
    for (ULONG i = 0; i < 3; i++)
        Buffers[i] = malloc(Length);
    CHECK_EQUAL(RtlInitializeExtendedContext(Buffers[0], Flags, &Ex), STATUS_SUCCESS);
    RtlInitializeExtendedContext(Buffers[1], Flags, &Other);
    RtlInitializeExtendedContext(Buffers[2], CONTEXT_FULL, &Small);
    CHECK_EQUAL(RtlLocateLegacyContext(Ex, &LegacyLength)->ContextFlags, Flags);
    CHECK((PUCHAR)RtlLocateLegacyContext(Ex, NULL) + LegacyLength == (PUCHAR)Ex);
    RtlSetExtendedFeaturesMask(Ex, ~0ull);
    CHECK_EQUAL(RtlGetExtendedFeaturesMask(Ex), 0);
    CHECK_EQUAL(Ex->XState.Length, sizeof(XSAVE_AREA_HEADER));
    CHECK_EQUAL(RtlCopyExtendedContext(Other, Flags, Ex), STATUS_SUCCESS);
    CHECK_EQUAL(RtlLocateLegacyContext(Other, NULL)->ContextFlags, Flags);
    CHECK_EQUAL(RtlCopyExtendedContext(Small, Flags, Ex), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(RtlCopyExtendedContext(Small, CONTEXT_FULL, Ex), STATUS_SUCCESS);
    for (ULONG i = 0; i < 3; i++)
        free(Buffers[i]);
}

TEST(parts_are_copied_by_their_flags)
{
    CONTEXT Source, Destination, Old;
    ULONG Same = 0;

    memset(&Source, 0x11, sizeof(Source));
    memset(&Destination, 0x22, sizeof(Destination));
    Source.ContextFlags = CONTEXT_FULL;
    Destination.ContextFlags = CONTEXT_ARCHITECTURE;
    Old = Destination;
    CHECK_EQUAL(RtlCopyContext(&Destination, CONTEXT_INTEGER, &Source), STATUS_SUCCESS);
    CHECK_EQUAL(Destination.ContextFlags, CONTEXT_INTEGER);
    for (ULONG i = 0; i < sizeof(CONTEXT); i++)
        Same += ((PUCHAR)&Destination)[i] == 0x11;
    CHECK_EQUAL(Same, WORDS64 ? 15 * 8 : 6 * 4);
    Destination.ContextFlags = 0;
    CHECK_EQUAL(RtlCopyContext(&Destination, CONTEXT_INTEGER, &Source), STATUS_INVALID_PARAMETER);
    Destination = Old;
    RtlCopyContext(&Destination, CONTEXT_ALL, &Source);
    for (ULONG i = Same = 0; i < sizeof(CONTEXT); i++)
        Same += ((PUCHAR)&Destination)[i] == 0x11;
    CHECK(Same > sizeof(CONTEXT) / 2);
}
