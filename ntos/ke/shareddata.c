/* SPDX-License-Identifier: BSD-2-Clause */
/* What does not change in the page that every process reads at 0x7FFE0000. */
#include "kip.h"

#define BUILD_NUMBER 19045
#define TICK_MULTIPLIER 0x0FA00000 /* 15.625 ms, times 2^24 */

void KiInitializeSharedData(void)
{
    static const WCHAR SystemRoot[] = u"C:\\windows";
    PKUSER_SHARED_DATA Data = MmSharedUserData;
    MM_STATISTICS Statistics;
    ULONG i;

    MmQueryStatistics(&Statistics);
    for (i = 0; i < ARRAYSIZE(SystemRoot); i++)
        Data->NtSystemRoot[i] = SystemRoot[i];
    Data->TickCountMultiplier = TICK_MULTIPLIER;
    Data->NtBuildNumber = BUILD_NUMBER;
    Data->NtProductType = NtProductWinNt;
    Data->ProductTypeIsValid = TRUE;
    Data->NtMajorVersion = 10;
    Data->NtMinorVersion = 0;
    Data->NativeProcessorArchitecture =
        sizeof(PVOID) == 8 ? PROCESSOR_ARCHITECTURE_AMD64 : PROCESSOR_ARCHITECTURE_INTEL;
    Data->NumberOfPhysicalPages = (ULONG)Statistics.TotalPages;
    Data->LargePageMinimum = 0; /* large pages are not given out */
    Data->ActiveProcessorCount = 1;
    Data->ActiveGroupCount = 1;
    Data->UnparkedProcessorCount = 1;
    KeQueryPerformanceCounter((PULONGLONG)&Data->QpcFrequency);
    KiQueryProcessorFeatures(Data->ProcessorFeatures);
}
