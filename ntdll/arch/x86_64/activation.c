// SPDX-License-Identifier: BSD-2-Clause
/* The two forms of RtlCreateActivationContext: flags come first, or an address. */
#include <nt/nt.h>

NTSTATUS NTAPI SxspCreateFromData(ULONG Flags, PACTIVATION_CONTEXT_DATA Data, ULONG ExtraBytes,
                                  PACTIVATION_CONTEXT_NOTIFY_ROUTINE NotificationRoutine,
                                  PVOID NotificationContext, PHANDLE Context);
NTSTATUS NTAPI SxspCreateFromStructure(PHANDLE Context, const ACTCTXW *Source);

#define LEAST_ADDRESS 0x10000

NTSTATUS NTAPI RtlCreateActivationContext(ULONG_PTR Flags, PACTIVATION_CONTEXT_DATA Data,
                                          ULONG ExtraBytes,
                                          PACTIVATION_CONTEXT_NOTIFY_ROUTINE NotificationRoutine,
                                          PVOID NotificationContext, PHANDLE Context)
{
    if (Flags >= LEAST_ADDRESS)
        return SxspCreateFromStructure((PHANDLE)Flags, (const ACTCTXW *)Data);
    return SxspCreateFromData((ULONG)Flags, Data, ExtraBytes, NotificationRoutine,
                              NotificationContext, Context);
}
