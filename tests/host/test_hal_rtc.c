// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/hal/rtc.c rtl/time.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/inc -Ilibsel4/include -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
// options: -Intos/hal
#include "test.h"
#include "halp.h"

static UCHAR Cmos[128], Index;
static ULONG UpdatesLeft;

void HalWritePort8(USHORT Port, UCHAR Value)
{
    if (Port == 0x70)
        Index = Value & 0x7f;
}

UCHAR HalReadPort8(USHORT Port)
{
    if (Index == 0x0a && UpdatesLeft) {
        UpdatesLeft--;
        return 0x80;
    }
    return Port == 0x71 ? Cmos[Index] : 0xff;
}

static void SetClock(UCHAR Hour, UCHAR StatusB)
{
    Cmos[0x00] = 0x56;
    Cmos[0x02] = 0x34;
    Cmos[0x04] = Hour;
    Cmos[0x07] = 0x29;
    Cmos[0x08] = 0x02;
    Cmos[0x09] = 0x24;
    Cmos[0x0b] = StatusB;
    Cmos[0x32] = 0x20;
}

static LONGLONG At(CSHORT Hour)
{
    TIME_FIELDS Fields = {2024, 2, 29, Hour, 34, 56, 0, 0};
    LARGE_INTEGER Time;

    return RtlTimeFieldsToTime(&Fields, &Time) ? Time.QuadPart : 0;
}

TEST(a_clock_in_bcd_and_24_hours)
{
    SetClock(0x17, 0x02);
    UpdatesLeft = 5;
    CHECK_EQUAL(HalReadRealTimeClock(), At(17));
    Cmos[0x32] = 0; /* no century */
    CHECK_EQUAL(HalReadRealTimeClock(), At(17));
}

TEST(a_clock_of_12_hours)
{
    SetClock(0x12, 0);
    CHECK_EQUAL(HalReadRealTimeClock(), At(0));
    SetClock(0x92, 0);
    CHECK_EQUAL(HalReadRealTimeClock(), At(12));
    SetClock(0x85, 0);
    CHECK_EQUAL(HalReadRealTimeClock(), At(17));
}

TEST(a_clock_in_binary)
{
    static const UCHAR Binary[] = {56, 0, 34, 0, 17, 0, 0, 29, 2, 24};

    memcpy(Cmos, Binary, sizeof(Binary));
    Cmos[0x0b] = 0x06;
    Cmos[0x32] = 20;
    CHECK_EQUAL(HalReadRealTimeClock(), At(17));
}

TEST(a_clock_that_tells_nonsense)
{
    TIME_FIELDS Fields = {.Year = 2000, .Month = 1, .Day = 1};
    LARGE_INTEGER Time;

    memset(Cmos, 0xff, sizeof(Cmos));
    UpdatesLeft = 1000000;
    CHECK(RtlTimeFieldsToTime(&Fields, &Time));
    CHECK_EQUAL(HalReadRealTimeClock(), Time.QuadPart);
}
