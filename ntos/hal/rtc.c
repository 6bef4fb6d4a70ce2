/* SPDX-License-Identifier: BSD-2-Clause */
/* The CMOS real-time clock (MC146818), taken to run on UTC. */
#include "halp.h"

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71

#define RTC_SECOND 0x00
#define RTC_MINUTE 0x02
#define RTC_HOUR 0x04
#define RTC_DAY 0x07
#define RTC_MONTH 0x08
#define RTC_YEAR 0x09
#define RTC_STATUS_A 0x0a
#define RTC_STATUS_B 0x0b
#define RTC_CENTURY 0x32 /* by custom; FADT names it */

#define RTC_UPDATING 0x80 /* status A */
#define RTC_24_HOURS 0x02 /* status B */
#define RTC_BINARY 0x04
#define RTC_PM 0x80 /* hour of a 12-hour clock */

#define RTC_MAXIMUM_POLLS 20000 /* an update takes 2 ms */
#define RTC_MAXIMUM_READS 10

typedef struct _RTC_TIME {
    UCHAR Second, Minute, Hour, Day, Month, Year, Century;
} RTC_TIME;

static UCHAR HalpReadCmos(UCHAR Register)
{
    HalWritePort8(CMOS_INDEX, Register);
    return HalReadPort8(CMOS_DATA);
}

static void HalpReadRtc(RTC_TIME *Time)
{
    ULONG Polls;

    for (Polls = 0; Polls < RTC_MAXIMUM_POLLS && (HalpReadCmos(RTC_STATUS_A) & RTC_UPDATING);
         Polls++)
        continue;
    Time->Second = HalpReadCmos(RTC_SECOND);
    Time->Minute = HalpReadCmos(RTC_MINUTE);
    Time->Hour = HalpReadCmos(RTC_HOUR);
    Time->Day = HalpReadCmos(RTC_DAY);
    Time->Month = HalpReadCmos(RTC_MONTH);
    Time->Year = HalpReadCmos(RTC_YEAR);
    Time->Century = HalpReadCmos(RTC_CENTURY);
}

static UCHAR HalpFromBcd(UCHAR Value)
{
    return (Value >> 4) * 10 + (Value & 0xf);
}

static CSHORT HalpDecodeHour(UCHAR Hour, UCHAR StatusB)
{
    BOOLEAN Afternoon = !(StatusB & RTC_24_HOURS) && (Hour & RTC_PM);
    UCHAR Value = StatusB & RTC_24_HOURS ? Hour : Hour & ~RTC_PM;

    if (!(StatusB & RTC_BINARY))
        Value = HalpFromBcd(Value);
    if (!(StatusB & RTC_24_HOURS) && Value == 12)
        Value = 0;
    return Afternoon ? Value + 12 : Value;
}

static CSHORT HalpDecodeYear(UCHAR Year, UCHAR Century, UCHAR StatusB)
{
    if (!(StatusB & RTC_BINARY)) {
        Year = HalpFromBcd(Year);
        Century = HalpFromBcd(Century);
    }
    return (Century >= 19 && Century <= 29 ? Century * 100 : 2000) + Year;
}

/* 100 ns since 1601, UTC; 2000-01-01 if the clock has no valid date. */
LONGLONG HalReadRealTimeClock(void)
{
    RTC_TIME Time = {0}, Again;
    UCHAR StatusB = HalpReadCmos(RTC_STATUS_B);
    BOOLEAN Binary = (StatusB & RTC_BINARY) != 0;
    TIME_FIELDS Fields = {.Year = 2000, .Month = 1, .Day = 1};
    LARGE_INTEGER Result;
    ULONG Reads = 0;

    HalpReadRtc(&Again);
    do {
        Time = Again;
        HalpReadRtc(&Again);
    } while (memcmp(&Time, &Again, sizeof(Time)) && ++Reads < RTC_MAXIMUM_READS);
    Fields.Year = HalpDecodeYear(Time.Year, Time.Century, StatusB);
    Fields.Month = Binary ? Time.Month : HalpFromBcd(Time.Month);
    Fields.Day = Binary ? Time.Day : HalpFromBcd(Time.Day);
    Fields.Hour = HalpDecodeHour(Time.Hour, StatusB);
    Fields.Minute = Binary ? Time.Minute : HalpFromBcd(Time.Minute);
    Fields.Second = Binary ? Time.Second : HalpFromBcd(Time.Second);
    if (RtlTimeFieldsToTime(&Fields, &Result))
        return Result.QuadPart;
    Fields = (TIME_FIELDS){.Year = 2000, .Month = 1, .Day = 1};
    return RtlTimeFieldsToTime(&Fields, &Result) ? Result.QuadPart : 0;
}
