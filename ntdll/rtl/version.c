// SPDX-License-Identifier: BSD-2-Clause
/* The version that the system reports. (WDK: RtlGetVersion) */
#include <nt/nt.h>

#define PRODUCT_PROFESSIONAL 0x30

/* The top four bits of Build tell a free (0xf) from a checked (0xc) system. */
void NTAPI RtlGetNtVersionNumbers(PULONG Major, PULONG Minor, PULONG Build)
{
    if (Major)
        *Major = SharedUserData->NtMajorVersion;
    if (Minor)
        *Minor = SharedUserData->NtMinorVersion;
    if (Build)
        *Build = SharedUserData->NtBuildNumber | (DBG ? 0xc0000000 : 0xf0000000);
}

/* The PEB's numbers: a process may have been given others than the system's. */
NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOEXW Version)
{
    PPEB Peb = NtCurrentPeb();

    Version->dwMajorVersion = Peb->OSMajorVersion;
    Version->dwMinorVersion = Peb->OSMinorVersion;
    Version->dwBuildNumber = Peb->OSBuildNumber;
    Version->dwPlatformId = Peb->OSPlatformId;
    memset(Version->szCSDVersion, 0, sizeof(Version->szCSDVersion));
    if (Version->dwOSVersionInfoSize < sizeof(*Version))
        return STATUS_SUCCESS;
    Version->wServicePackMajor = Peb->OSCSDVersion >> 8;
    Version->wServicePackMinor = Peb->OSCSDVersion & 0xff;
    Version->wSuiteMask = (USHORT)SharedUserData->SuiteMask;
    Version->wProductType = (UCHAR)SharedUserData->NtProductType;
    Version->wReserved = 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlVerifyVersionInfo(const RTL_OSVERSIONINFOEXW *Version, ULONG TypeMask,
                                    ULONGLONG ConditionMask)
{
    RTL_OSVERSIONINFOEXW Actual = {.dwOSVersionInfoSize = sizeof(Actual)};

    RtlGetVersion(&Actual);
    return RtlpCompareVersions(&Actual, Version, TypeMask, ConditionMask);
}

/* There was no product information before version 6. */
BOOLEAN NTAPI RtlGetProductInfo(ULONG OsMajorVersion, ULONG OsMinorVersion, ULONG SpMajorVersion,
                                ULONG SpMinorVersion, PULONG ProductType)
{
    if (!ProductType)
        return FALSE;
    *ProductType = OsMajorVersion < 6 ? 0 : PRODUCT_PROFESSIONAL;
    return OsMajorVersion >= 6;
}
