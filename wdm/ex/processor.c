/* SPDX-License-Identifier: BSD-2-Clause */
/* What the processor and this edition of the system can do. */
#include "ki.h"

BOOLEAN NTAPI ExIsProcessorFeaturePresent(ULONG ProcessorFeature)
{
    return ProcessorFeature < PROCESSOR_FEATURE_MAX &&
           KiSharedData->ProcessorFeatures[ProcessorFeature];
}

/* ExVerifySuite: Windows 10's edition has the suites that KUSER_SHARED_DATA names. */
BOOLEAN NTAPI ExVerifySuite(SUITE_TYPE SuiteType)
{
    return (ULONG)SuiteType < 32 && (KiSharedData->SuiteMask >> SuiteType & 1);
}
