// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/time.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntrtl.h>

static BOOLEAN Is(const TIME_FIELDS *F, int Year, int Month, int Day, int Weekday)
{
    return F->Year == Year && F->Month == Month && F->Day == Day && F->Weekday == Weekday;
}

TEST(well_known_days)
{
    static const struct {
        LONGLONG Days;
        int Year, Month, Day, Weekday;
    } Known[] = {{0, 1601, 1, 1, 1},        {59, 1601, 3, 1, 4},       {134774, 1970, 1, 1, 4},
                 {145790, 2000, 2, 29, 2},  {146096, 2000, 12, 31, 0}, {146097, 2001, 1, 1, 1},
                 {155227, 2025, 12, 31, 3}, {36523, 1700, 12, 31, 5}};
    TIME_FIELDS Fields;

    for (ULONG i = 0; i < ARRAYSIZE(Known); i++) {
        LARGE_INTEGER Time = {.QuadPart = Known[i].Days * 864000000000ll};

        RtlTimeToTimeFields(&Time, &Fields);
        CHECK(Is(&Fields, Known[i].Year, Known[i].Month, Known[i].Day, Known[i].Weekday));
    }
}

TEST(every_day_of_800_years_goes_there_and_back)
{
    for (LONGLONG Day = 0; Day < 2 * 146097 + 1; Day++) {
        LARGE_INTEGER Time = {.QuadPart = Day * 864000000000ll + 863999999ll * 1000}, Back;
        TIME_FIELDS Fields;

        RtlTimeToTimeFields(&Time, &Fields);
        REQUIRE(RtlTimeFieldsToTime(&Fields, &Back));
        REQUIRE(Back.QuadPart == Time.QuadPart / 10000 * 10000);
        REQUIRE(Fields.Hour == 23 && Fields.Minute == 59 && Fields.Second == 59);
    }
}

TEST(impossible_dates_are_refused)
{
    static const TIME_FIELDS Bad[] = {{2023, 2, 29, 0, 0, 0, 0, 0}, {1600, 1, 1, 0, 0, 0, 0, 0},
                                      {2023, 13, 1, 0, 0, 0, 0, 0}, {2023, 4, 31, 0, 0, 0, 0, 0},
                                      {2023, 1, 1, 24, 0, 0, 0, 0}, {2023, 1, 0, 0, 0, 0, 0, 0},
                                      {1900, 2, 29, 0, 0, 0, 0, 0}, {2023, 1, 1, 0, 0, 0, 1000, 0}};
    LARGE_INTEGER Time;

    for (ULONG i = 0; i < ARRAYSIZE(Bad); i++)
        CHECK(!RtlTimeFieldsToTime(&Bad[i], &Time));
}

TEST(unix_time)
{
    LARGE_INTEGER Time;
    ULONG Seconds;

    RtlSecondsSince1970ToTime(0, &Time);
    CHECK_EQUAL(Time.QuadPart, 116444736000000000ll);
    CHECK(RtlTimeToSecondsSince1970(&Time, &Seconds) && Seconds == 0);
    Time.QuadPart -= 10000000;
    CHECK(!RtlTimeToSecondsSince1970(&Time, &Seconds));
}
