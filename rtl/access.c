// SPDX-License-Identifier: BSD-2-Clause
/* Access masks. (WDK: RtlMapGenericMask) */
#include <nt/ntse.h>

BOOLEAN NTAPI RtlAreAllAccessesGranted(ACCESS_MASK Granted, ACCESS_MASK Desired)
{
    return (Desired & ~Granted) == 0;
}

BOOLEAN NTAPI RtlAreAnyAccessesGranted(ACCESS_MASK Granted, ACCESS_MASK Desired)
{
    return (Desired & Granted) != 0;
}

void NTAPI RtlMapGenericMask(PACCESS_MASK AccessMask, const GENERIC_MAPPING *GenericMapping)
{
    ACCESS_MASK Mask = *AccessMask;

    if (Mask & GENERIC_READ)
        Mask |= GenericMapping->GenericRead;
    if (Mask & GENERIC_WRITE)
        Mask |= GenericMapping->GenericWrite;
    if (Mask & GENERIC_EXECUTE)
        Mask |= GenericMapping->GenericExecute;
    if (Mask & GENERIC_ALL)
        Mask |= GenericMapping->GenericAll;
    *AccessMask = Mask & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL);
}
