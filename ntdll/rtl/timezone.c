// SPDX-License-Identifier: BSD-2-Clause
/* Local time, by the bias in the shared data; and the zone, which the registry keeps. (WDK:
 * RtlSystemTimeToLocalTime; Win32: SetTimeZoneInformation) */
#include "rtlp.h"

static LONGLONG ReadTime(const volatile KSYSTEM_TIME *Time)
{
    LONG High;
    ULONG Low;

    do {
        High = Time->High1Time;
        Low = Time->LowPart;
    } while (High != Time->High2Time);
    return (LONGLONG)((ULONGLONG)(ULONG)High << 32 | Low);
}

NTSTATUS NTAPI RtlSystemTimeToLocalTime(const LARGE_INTEGER *SystemTime, PLARGE_INTEGER LocalTime)
{
    ULONGLONG Bias = (ULONGLONG)ReadTime(&SharedUserData->TimeZoneBias);

    LocalTime->QuadPart = (LONGLONG)((ULONGLONG)SystemTime->QuadPart - Bias);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlLocalTimeToSystemTime(const LARGE_INTEGER *LocalTime, PLARGE_INTEGER SystemTime)
{
    ULONGLONG Bias = (ULONGLONG)ReadTime(&SharedUserData->TimeZoneBias);

    SystemTime->QuadPart = (LONGLONG)((ULONGLONG)LocalTime->QuadPart + Bias);
    return STATUS_SUCCESS;
}

#define ZONE_KEY u"TimeZoneInformation" /* below the control set */

/* Where RtlQueryRegistryValues stores a value of the zone. */
#define DIRECT(name, place)                                                                        \
    {                                                                                              \
        NULL, RTL_QUERY_REGISTRY_DIRECT, (PWSTR)name, place                                        \
    }

/* A date is stored where its negative length stands. */
static void ExpectDate(PTIME_FIELDS Date)
{
    LONG Length = -(LONG)sizeof(*Date);

    memset(Date, 0, sizeof(*Date));
    memcpy(Date, &Length, sizeof(Length));
}

static void ForgetLength(PTIME_FIELDS Date)
{
    if (Date->Month < 0)
        memset(Date, 0, sizeof(*Date));
}

/* What is not there stays 0. */
static NTSTATUS ReadZone(PRTL_DYNAMIC_TIME_ZONE_INFORMATION Zone)
{
    PRTL_TIME_ZONE_INFORMATION Basic = &Zone->TimeZone;
    UNICODE_STRING Standard = {0, sizeof(Basic->StandardName), Basic->StandardName};
    UNICODE_STRING Daylight = {0, sizeof(Basic->DaylightName), Basic->DaylightName};
    UNICODE_STRING KeyName = {0, sizeof(Zone->TimeZoneKeyName), Zone->TimeZoneKeyName};
    ULONG Disabled = 0;
    RTL_QUERY_REGISTRY_TABLE Table[] = {
        DIRECT(u"Bias", &Basic->Bias),
        DIRECT(u"StandardName", &Standard),
        DIRECT(u"StandardStart", &Basic->StandardStart),
        DIRECT(u"StandardBias", &Basic->StandardBias),
        DIRECT(u"DaylightName", &Daylight),
        DIRECT(u"DaylightStart", &Basic->DaylightStart),
        DIRECT(u"DaylightBias", &Basic->DaylightBias),
        DIRECT(u"TimeZoneKeyName", &KeyName),
        DIRECT(u"DynamicDaylightTimeDisabled", &Disabled),
        {NULL},
    };
    NTSTATUS Status;

    ExpectDate(&Basic->StandardStart);
    ExpectDate(&Basic->DaylightStart);
    Status = RtlQueryRegistryValues(RTL_REGISTRY_CONTROL, ZONE_KEY, Table, NULL, NULL);
    ForgetLength(&Basic->StandardStart);
    ForgetLength(&Basic->DaylightStart);
    Zone->DynamicDaylightTimeDisabled = Disabled != 0;
    return Status;
}

NTSTATUS NTAPI RtlQueryDynamicTimeZoneInformation(PRTL_DYNAMIC_TIME_ZONE_INFORMATION TimeZone)
{
    memset(TimeZone, 0, sizeof(*TimeZone));
    if (NT_SUCCESS(ReadZone(TimeZone)))
        return STATUS_SUCCESS;
    memset(TimeZone, 0, sizeof(*TimeZone));
    wcscpy(TimeZone->TimeZone.StandardName, u"Coordinated Universal Time");
    wcscpy(TimeZone->TimeZone.DaylightName, u"Coordinated Universal Time");
    wcscpy(TimeZone->TimeZoneKeyName, u"UTC");
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQueryTimeZoneInformation(PRTL_TIME_ZONE_INFORMATION TimeZone)
{
    RTL_DYNAMIC_TIME_ZONE_INFORMATION Dynamic;
    NTSTATUS Status = RtlQueryDynamicTimeZoneInformation(&Dynamic);

    if (NT_SUCCESS(Status))
        *TimeZone = Dynamic.TimeZone;
    return Status;
}

static NTSTATUS WriteZone(PCWSTR Name, ULONG Type, const void *Data, SIZE_T Length)
{
    return RtlWriteRegistryValue(RTL_REGISTRY_CONTROL, ZONE_KEY, Name, Type, (PVOID)Data,
                                 (ULONG)Length);
}

static NTSTATUS WriteName(PCWSTR Name, const WCHAR Text[32])
{
    WCHAR Copy[33] = {0};
    SIZE_T Length = wcsnlen(Text, 32);

    memcpy(Copy, Text, Length * sizeof(WCHAR));
    return WriteZone(Name, REG_SZ, Copy, (Length + 1) * sizeof(WCHAR));
}

NTSTATUS NTAPI RtlSetTimeZoneInformation(const RTL_TIME_ZONE_INFORMATION *TimeZone)
{
    NTSTATUS Status = WriteZone(u"Bias", REG_DWORD, &TimeZone->Bias, sizeof(LONG));

    if (NT_SUCCESS(Status))
        Status = WriteName(u"StandardName", TimeZone->StandardName);
    if (NT_SUCCESS(Status))
        Status = WriteZone(u"StandardBias", REG_DWORD, &TimeZone->StandardBias, sizeof(LONG));
    if (NT_SUCCESS(Status))
        Status = WriteZone(u"StandardStart", REG_BINARY, &TimeZone->StandardStart,
                           sizeof(TimeZone->StandardStart));
    if (NT_SUCCESS(Status))
        Status = WriteName(u"DaylightName", TimeZone->DaylightName);
    if (NT_SUCCESS(Status))
        Status = WriteZone(u"DaylightBias", REG_DWORD, &TimeZone->DaylightBias, sizeof(LONG));
    if (NT_SUCCESS(Status))
        Status = WriteZone(u"DaylightStart", REG_BINARY, &TimeZone->DaylightStart,
                           sizeof(TimeZone->DaylightStart));
    return Status;
}
