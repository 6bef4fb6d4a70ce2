// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random numbers for everything but secrets: D. H. Lehmer's generator x = 7fffffed * x + 7fffffc3
 * mod 2^31 - 1, whose constants the documentation of RtlUniform names.
 */
#include <nt/ntrtl.h>

ULONG NTAPI RtlUniform(PULONG Seed)
{
    *Seed = (ULONG)(((ULONGLONG)*Seed * 0x7fffffed + 0x7fffffc3) % 0x7fffffff);
    return *Seed;
}

/* The documentation promises no numbers, but the range. */
ULONG NTAPI RtlRandomEx(PULONG Seed)
{
    return RtlUniform(Seed);
}

ULONG NTAPI RtlRandom(PULONG Seed)
{
    return RtlUniform(Seed);
}
