// SPDX-License-Identifier: BSD-2-Clause
/* Addresses of what modules export. (Win32: GetProcAddress) */
#include "ldrp.h"

/* Attaches what forwarders have brought along; who forwards keeps it. */
static NTSTATUS InitializeForwarded(const LDRP_FORWARDERS *Forwarders)
{
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; i < Forwarders->Count && NT_SUCCESS(Status); i++)
        Status = LdrpInitializeModules(Forwarders->Links[i].Module);
    for (ULONG i = 0; i < Forwarders->Count && NT_SUCCESS(Status); i++)
        Status = LdrpAddImport(Forwarders->Links[i].Exporter, Forwarders->Links[i].Module);
    return Status;
}

static void LetGoForwarded(const LDRP_FORWARDERS *Forwarders)
{
    for (ULONG i = 0; i < Forwarders->Count; i++)
        Forwarders->Links[i].Module->Held--;
}

NTSTATUS NTAPI LdrGetProcedureAddressEx(PVOID DllHandle, const ANSI_STRING *Name, ULONG Ordinal,
                                        PVOID *Address, ULONG Flags)
{
    PCSTR Text = Name ? Name->Buffer : NULL;
    LDRP_FORWARDERS Forwarders;
    LDRP_LOAD Load = {.Reason = LoadReasonDynamicForwarderDependency, .Forwarders = &Forwarders};
    NTSTATUS Status = STATUS_DLL_NOT_FOUND;

    if ((Flags & ~LDR_GET_PROCEDURE_ADDRESS_DONT_RECORD_FORWARDER) ||
        (Name && (!Text || strnlen(Text, Name->MaximumLength) >= Name->MaximumLength)))
        return STATUS_INVALID_PARAMETER;
    Forwarders.Count = 0;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Load.Importer = LdrpFindModuleByBase(DllHandle);
    LdrpLoading(1);
    if (Load.Importer)
        Status = LdrpResolveExport(Load.Importer, Text, MAXULONG, Ordinal, &Load, Address);
    LdrpLoading(-1);
    if (NT_SUCCESS(Status))
        Status = InitializeForwarded(&Forwarders);
    LetGoForwarded(&Forwarders);
    if (!NT_SUCCESS(Status))
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
