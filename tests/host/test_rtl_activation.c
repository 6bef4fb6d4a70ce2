// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/rtl/activation.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"

static HANDLE NewContext(void)
{
    ACTCTXW Source = {.cbSize = sizeof(Source), .lpSource = u"C:\\a.manifest"};
    HANDLE Context;

    CHECK_EQUAL(RtlCreateActivationContext(&Context, &Source), STATUS_SUCCESS);
    return Context;
}

TEST(contexts_live_as_long_as_somebody_has_them)
{
    ACTCTXW Source = {.cbSize = sizeof(Source) - 1};
    HANDLE Context = NewContext(), Active;
    ULONG_PTR Cookie;

    CHECK_EQUAL(RtlCreateActivationContext(&Active, &Source), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL((LONG_PTR)Active, -1);
    CHECK_EQUAL(RtlActivateActivationContext(0, Context, &Cookie), STATUS_SUCCESS);
    RtlReleaseActivationContext(Context);
    CHECK_EQUAL(RtlGetActiveActivationContext(&Active), STATUS_SUCCESS);
    CHECK(Active == Context);
    CHECK_EQUAL(RtlDeactivateActivationContext(0, Cookie), STATUS_SUCCESS);
    CHECK_EQUAL(RtlZombifyActivationContext(Active), STATUS_SUCCESS);
    RtlReleaseActivationContext(Active);
    CHECK_EQUAL(HeapBlocks, 0);
    CHECK_EQUAL(RtlZombifyActivationContext(NULL), STATUS_INVALID_PARAMETER);
    RtlReleaseActivationContext(NULL);
    RtlReleaseActivationContext((HANDLE)(LONG_PTR)-1);
}

TEST(stacks_unwind_in_order_unless_forced)
{
    HANDLE Context = NewContext(), Active;
    ULONG_PTR First, Second;

    RtlActivateActivationContext(0, Context, &First);
    CHECK_EQUAL(RtlActivateActivationContext(0, NULL, &Second), STATUS_SUCCESS);
    RtlGetActiveActivationContext(&Active);
    CHECK(!Active);
    CHECK_EQUAL(RtlDeactivateActivationContext(0, First), STATUS_SXS_EARLY_DEACTIVATION);
    CHECK_EQUAL(RtlDeactivateActivationContext(0, First + 1), STATUS_SXS_INVALID_DEACTIVATION);
    CHECK_EQUAL(RtlDeactivateActivationContext(RTL_DEACTIVATE_FORCE_EARLY, First), STATUS_SUCCESS);
    CHECK_EQUAL(RtlDeactivateActivationContext(0, Second), STATUS_SXS_INVALID_DEACTIVATION);
    CHECK_EQUAL(RtlActivateActivationContext(1, Context, &First), STATUS_INVALID_PARAMETER);
    OutOfMemory = TRUE;
    CHECK_EQUAL(RtlActivateActivationContext(0, Context, &First), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
    RtlActivateActivationContext(0, Context, &First);
    RtlActivateActivationContext(0, Context, &Second);
    RtlReleaseActivationContext(Context);
    RtlpFreeThreadActivations();
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(nothing_is_found_and_all_is_empty)
{
    ACTIVATION_CONTEXT_BASIC_INFORMATION Basic = {(HANDLE)1, 1};
    ACTIVATION_CONTEXT_DETAILED_INFORMATION Detailed;
    static const UNICODE_STRING Name = RTL_CONSTANT_STRING(u"comctl32.dll");
    SIZE_T Length;

    CHECK_EQUAL(RtlFindActivationContextSectionString(0, NULL, 2, &Name, NULL),
                STATUS_SXS_KEY_NOT_FOUND);
    CHECK_EQUAL(RtlFindActivationContextSectionString(0, NULL, 2, NULL, NULL),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(
        RtlQueryActivationContextApplicationSettings(0, NULL, NULL, u"dpiAware", NULL, 0, &Length),
        STATUS_SXS_KEY_NOT_FOUND);
    CHECK_EQUAL(RtlQueryInformationActivationContext(QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX, NULL,
                                                     NULL, ActivationContextBasicInformation,
                                                     &Basic, sizeof(Basic), &Length),
                STATUS_SUCCESS);
    CHECK(!Basic.hActCtx && !Basic.dwFlags && Length == sizeof(Basic));
    CHECK_EQUAL(RtlQueryInformationActivationContext(0, NULL, NULL,
                                                     ActivationContextDetailedInformation,
                                                     &Detailed, sizeof(Detailed) - 1, &Length),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Length, sizeof(Detailed));
    CHECK_EQUAL(
        RtlQueryInformationActivationContext(0, NULL, NULL, 3, &Detailed, sizeof(Detailed), NULL),
        STATUS_INVALID_PARAMETER);
}
