// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/doserror.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntrtl.h>

static const ULONG Statuses[] = {
#define DOS_ERROR(status, error) (ULONG)(status),
#include "../../rtl/doserror.def"
#undef DOS_ERROR
};

static const ULONG Errors[] = {
#define DOS_ERROR(status, error) (error),
#include "../../rtl/doserror.def"
#undef DOS_ERROR
};

TEST(the_table_is_sorted)
{
    for (ULONG i = 1; i < ARRAYSIZE(Statuses); i++)
        CHECK(Statuses[i - 1] < Statuses[i]);
}

TEST(every_status_is_found)
{
    for (ULONG i = 0; i < ARRAYSIZE(Statuses); i++)
        CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb((NTSTATUS)Statuses[i]), Errors[i]);
}

TEST(well_known_statuses_have_their_numbers)
{
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb(STATUS_SUCCESS), 0);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb(STATUS_ACCESS_DENIED), 5);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb(STATUS_OBJECT_NAME_NOT_FOUND), 2);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb(STATUS_OBJECT_NAME_COLLISION), 183);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb(STATUS_BUFFER_OVERFLOW), 234);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb(STATUS_DLL_NOT_FOUND), 126);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb(STATUS_NO_MEMORY), 8);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb(STATUS_PENDING), 997);
}

TEST(other_facilities_keep_what_they_carry)
{
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb((NTSTATUS)0xe06d7363), 0xe06d7363);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb((NTSTATUS)0xd0000022), 5);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb((NTSTATUS)0xc0070057), 0x57);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb((NTSTATUS)0x80070057), 0x57);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb((NTSTATUS)0xc0019999), 0x9999);
    CHECK_EQUAL(RtlNtStatusToDosErrorNoTeb((NTSTATUS)0xcfffffff), 317);
}
