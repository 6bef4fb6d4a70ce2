/* SPDX-License-Identifier: BSD-2-Clause */
/* What the processor can do, as programs ask for it (IsProcessorFeaturePresent). */
#include "../../kip.h"

typedef struct {
    UCHAR Feature;  /* PF_ */
    UCHAR Register; /* of CPUID leaf 1: 0 = ECX, 1 = EDX */
    UCHAR Bit;
} FEATURE_BIT;

static const FEATURE_BIT FeatureBits[] = {
    {PF_RDTSC_INSTRUCTION_AVAILABLE, 1, 4},    {PF_PAE_ENABLED, 1, 6},
    {PF_COMPARE_EXCHANGE_DOUBLE, 1, 8},        {PF_MMX_INSTRUCTIONS_AVAILABLE, 1, 23},
    {PF_XMMI_INSTRUCTIONS_AVAILABLE, 1, 25},   {PF_XMMI64_INSTRUCTIONS_AVAILABLE, 1, 26},
    {PF_SSE3_INSTRUCTIONS_AVAILABLE, 0, 0},    {PF_SSSE3_INSTRUCTIONS_AVAILABLE, 0, 9},
    {PF_COMPARE_EXCHANGE128, 0, 13},           {PF_SSE4_1_INSTRUCTIONS_AVAILABLE, 0, 19},
    {PF_SSE4_2_INSTRUCTIONS_AVAILABLE, 0, 20},
};

void KiQueryProcessorFeatures(BOOLEAN Features[PROCESSOR_FEATURE_MAX])
{
    ULONG Eax = 1, Ebx, Ecx = 0, Edx, i;

    __asm__ volatile("cpuid" : "+a"(Eax), "=b"(Ebx), "+c"(Ecx), "=d"(Edx));
    for (i = 0; i < ARRAYSIZE(FeatureBits); i++)
        if ((FeatureBits[i].Register ? Edx : Ecx) >> FeatureBits[i].Bit & 1)
            Features[FeatureBits[i].Feature] = TRUE;
    Features[PF_FASTFAIL_AVAILABLE] = TRUE;
}
