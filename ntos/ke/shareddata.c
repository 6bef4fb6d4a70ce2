/* SPDX-License-Identifier: BSD-2-Clause */
/* What does not change in the page that every process reads at 0x7FFE0000. */
#include "kip.h"

#define BUILD_NUMBER 19045
#define X87_STATE 160              /* bytes, from the beginning of an area of FXSAVE on */
#define SSE_STATE 256              /* XMM0 to XMM15, behind it */
#define LEGACY_STATE (512 + 64)    /* that area, and the header of XSAVE */
#define TICK_MULTIPLIER 0x0FA00000 /* 15.625 ms, times 2^24 */

/* What a thread keeps is x87 and SSE, wherever the processor has more. */
static void DescribeExtendedState(XSTATE_CONFIGURATION *XState)
{
    XState->EnabledFeatures = XSTATE_MASK_LEGACY;
    XState->EnabledVolatileFeatures = XSTATE_MASK_LEGACY;
    XState->Size = XState->AllFeatureSize = XState->AllNonLargeFeatureSize = LEGACY_STATE;
    XState->Features[0] = (XSTATE_FEATURE){0, X87_STATE};
    XState->Features[1] = (XSTATE_FEATURE){X87_STATE, SSE_STATE};
    XState->AllFeatures[0] = X87_STATE;
    XState->AllFeatures[1] = SSE_STATE;
}

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
    DescribeExtendedState(&Data->XState);
}
