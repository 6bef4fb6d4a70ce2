// SPDX-License-Identifier: BSD-2-Clause
/* Addresses of what modules export. (Win32: GetProcAddress) */
#include "ldrp.h"

NTSTATUS NTAPI LdrGetProcedureAddressEx(PVOID DllHandle, const ANSI_STRING *Name, ULONG Ordinal,
                                        PVOID *Address, ULONG Flags)
{
    PCSTR Text = Name ? Name->Buffer : NULL;
    LDRP_LOAD Load = {.Reason = LoadReasonDynamicForwarderDependency};
    NTSTATUS Status = STATUS_DLL_NOT_FOUND;

    if ((Flags & ~LDR_GET_PROCEDURE_ADDRESS_DONT_RECORD_FORWARDER) ||
        (Name && (!Text || strnlen(Text, Name->MaximumLength) >= Name->MaximumLength)))
        return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Load.Importer = LdrpFindModuleByBase(DllHandle);
    LdrpLoading(1);
    if (Load.Importer)
        Status = LdrpResolveExport(Load.Importer, Text, MAXULONG, Ordinal, &Load, Address);
    LdrpLoading(-1);
    if (NT_SUCCESS(Status))
        Status = LdrpInitializeModules(FALSE); /* a forwarder may have loaded something */
    else
        LdrpUnloadUnused();
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}

NTSTATUS NTAPI LdrGetProcedureAddress(PVOID DllHandle, const ANSI_STRING *Name, ULONG Ordinal,
                                      PVOID *Address)
{
    return LdrGetProcedureAddressEx(DllHandle, Name, Ordinal, Address, 0);
}

NTSTATUS NTAPI LdrGetProcedureAddressForCaller(PVOID DllHandle, const ANSI_STRING *Name,
                                               ULONG Ordinal, PVOID *Address, ULONG Flags,
                                               PVOID *Caller)
{
    UNREFERENCED_PARAMETER(Caller);
    return LdrGetProcedureAddressEx(DllHandle, Name, Ordinal, Address, Flags);
}
