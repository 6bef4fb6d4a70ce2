/* SPDX-License-Identifier: BSD-2-Clause */
/* The time zone: universal time, until somebody sets another one. KUSER_SHARED_DATA has its
 * bias. */
#include "sysinfo.h"

#define MINUTE 600000000ll     /* 100 ns */
#define MAXIMUM_BIAS (24 * 60) /* minutes, either way */
#define UNIVERSAL_TIME u"Coordinated Universal Time"

static RTL_DYNAMIC_TIME_ZONE_INFORMATION Zone = {
    .TimeZone = {.StandardName = UNIVERSAL_TIME, .DaylightName = UNIVERSAL_TIME},
    .TimeZoneKeyName = u"UTC",
};

NTSTATUS ExpQueryTimeZone(PEXP_OUTPUT Output)
{
    return ExpAnswer(Output, &Zone.TimeZone, sizeof(Zone.TimeZone), sizeof(Zone.TimeZone));
}

NTSTATUS ExpQueryDynamicTimeZone(PEXP_OUTPUT Output)
{
    return ExpAnswer(Output, &Zone, sizeof(Zone), sizeof(Zone));
}

LONGLONG ExpTimeZoneBias(void)
{
    return (Zone.TimeZone.Bias + Zone.TimeZone.StandardBias) * MINUTE;
}

/* Daylight saving is kept, and nobody changes over to it. */
static NTSTATUS SetZone(CLIENT(PVOID) Information, ULONG Length, ULONG Wanted)
{
    RTL_DYNAMIC_TIME_ZONE_INFORMATION New = {0};
    NTSTATUS Status;

    if (Length != Wanted)
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyFromClient(&New, Information, Wanted);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!SeSinglePrivilegeCheck(SE_TIME_ZONE_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    if (New.TimeZone.Bias < -MAXIMUM_BIAS || New.TimeZone.Bias > MAXIMUM_BIAS ||
        New.TimeZone.StandardBias < -MAXIMUM_BIAS || New.TimeZone.StandardBias > MAXIMUM_BIAS)
        return STATUS_INVALID_PARAMETER;
    Zone = New;
    KeSetTimeZoneBias(ExpTimeZoneBias());
    return STATUS_SUCCESS;
}

NTSTATUS ExpSetTimeZone(CLIENT(PVOID) Information, ULONG Length)
{
    return SetZone(Information, Length, sizeof(RTL_TIME_ZONE_INFORMATION));
}

NTSTATUS ExpSetDynamicTimeZone(CLIENT(PVOID) Information, ULONG Length)
{
    return SetZone(Information, Length, sizeof(RTL_DYNAMIC_TIME_ZONE_INFORMATION));
}
