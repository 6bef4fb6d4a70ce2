/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts of devices that drivers number their own by: those of this host. */
#include "wdmio.h"
#include "ki.h"

PCONFIGURATION_INFORMATION NTAPI IoGetConfigurationInformation(VOID)
{
    static CONFIGURATION_INFORMATION Configuration = {.Version = sizeof(CONFIGURATION_INFORMATION)};

    return &Configuration;
}

static KSPIN_LOCK IopVpbLock;

VOID NTAPI IoAcquireVpbSpinLock(PKIRQL Irql)
{
    *Irql = KxAcquireSpinLock(&IopVpbLock);
}

VOID NTAPI IoReleaseVpbSpinLock(KIRQL Irql)
{
    KxReleaseSpinLock(&IopVpbLock, Irql);
}
