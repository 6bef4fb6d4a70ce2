// SPDX-License-Identifier: BSD-2-Clause
/* System time and the calendar: 100 ns since 1601-01-01, a Monday, in the Gregorian calendar. (WDK:
 * TIME_FIELDS) */
#include <nt/ntrtl.h>

#define TICKS_PER_MILLISECOND 10000ll
#define TICKS_PER_SECOND 10000000ll
#define SECONDS_PER_DAY 86400
#define DAYS_PER_400_YEARS 146097
#define DAYS_PER_100_YEARS 36524
#define DAYS_PER_4_YEARS 1461
#define SECONDS_1601_TO_1970 11644473600ll

static BOOLEAN IsLeapYear(LONG Year)
{
    return Year % 4 == 0 && (Year % 100 != 0 || Year % 400 == 0);
}

static LONG DaysInMonth(LONG Year, LONG Month)
{
    return Month == 2 ? 28 + IsLeapYear(Year) : 30 + ((Month + (Month > 7)) & 1);
}

/* Days from 1601-01-01 to the first of January. */
static LONG DaysBeforeYear(LONG Year)
{
    LONG Years = Year - 1601;

    return Years * 365 + Years / 4 - Years / 100 + Years / 400;
}

/* Cuts the days down to those in the year that it returns. */
static LONG TakeYear(LONG *Days)
{
    LONG Centuries, Quads, Years, Year = 1601 + *Days / DAYS_PER_400_YEARS * 400;

    *Days %= DAYS_PER_400_YEARS;
    Centuries = *Days / DAYS_PER_100_YEARS;
    if (Centuries == 4) /* the last day of the 400 years */
        Centuries = 3;
    *Days -= Centuries * DAYS_PER_100_YEARS;
    Quads = *Days / DAYS_PER_4_YEARS;
    *Days -= Quads * DAYS_PER_4_YEARS;
    Years = *Days / 365;
    if (Years == 4) /* the last day of a leap year */
        Years = 3;
    *Days -= Years * 365;
    return Year + Centuries * 100 + Quads * 4 + Years;
}

void NTAPI RtlTimeToTimeFields(const LARGE_INTEGER *Time, PTIME_FIELDS TimeFields)
{
    ULONGLONG Milliseconds = (ULONGLONG)Time->QuadPart / TICKS_PER_MILLISECOND;
    ULONG InDay = (ULONG)(Milliseconds % (SECONDS_PER_DAY * 1000ull));
    LONG Days = (LONG)(Milliseconds / (SECONDS_PER_DAY * 1000ull)), Month = 1, Year;

    TimeFields->Weekday = (CSHORT)((Days + 1) % 7);
    Year = TakeYear(&Days);
    for (; Days >= DaysInMonth(Year, Month); Month++)
        Days -= DaysInMonth(Year, Month);
    TimeFields->Year = (CSHORT)Year;
    TimeFields->Month = (CSHORT)Month;
    TimeFields->Day = (CSHORT)(Days + 1);
    TimeFields->Hour = (CSHORT)(InDay / 3600000);
    TimeFields->Minute = (CSHORT)(InDay / 60000 % 60);
    TimeFields->Second = (CSHORT)(InDay / 1000 % 60);
    TimeFields->Milliseconds = (CSHORT)(InDay % 1000);
}

static BOOLEAN ValidFields(const TIME_FIELDS *Fields)
{
    return Fields->Year >= 1601 && Fields->Year <= 30827 && Fields->Month >= 1 &&
           Fields->Month <= 12 && Fields->Day >= 1 &&
           Fields->Day <= DaysInMonth(Fields->Year, Fields->Month) && Fields->Hour >= 0 &&
           Fields->Hour <= 23 && Fields->Minute >= 0 && Fields->Minute <= 59 &&
           Fields->Second >= 0 && Fields->Second <= 59 && Fields->Milliseconds >= 0 &&
           Fields->Milliseconds <= 999;
}

BOOLEAN NTAPI RtlTimeFieldsToTime(const TIME_FIELDS *TimeFields, PLARGE_INTEGER Time)
{
    LONGLONG Seconds;
    LONG Days;

    if (!ValidFields(TimeFields))
        return FALSE;
    Days = DaysBeforeYear(TimeFields->Year) + TimeFields->Day - 1;
    for (LONG Month = 1; Month < TimeFields->Month; Month++)
        Days += DaysInMonth(TimeFields->Year, Month);
    Seconds = (LONGLONG)Days * SECONDS_PER_DAY + TimeFields->Hour * 3600 + TimeFields->Minute * 60 +
              TimeFields->Second;
    Time->QuadPart = Seconds * TICKS_PER_SECOND + TimeFields->Milliseconds * TICKS_PER_MILLISECOND;
    return TRUE;
}

void NTAPI RtlSecondsSince1970ToTime(ULONG Seconds, PLARGE_INTEGER Time)
{
    Time->QuadPart = (Seconds + SECONDS_1601_TO_1970) * TICKS_PER_SECOND;
}

BOOLEAN NTAPI RtlTimeToSecondsSince1970(const LARGE_INTEGER *Time, PULONG Seconds)
{
    LONGLONG Value = Time->QuadPart / TICKS_PER_SECOND - SECONDS_1601_TO_1970;

    if (Value < 0 || Value > MAXULONG)
        return FALSE;
    *Seconds = (ULONG)Value;
    return TRUE;
}
