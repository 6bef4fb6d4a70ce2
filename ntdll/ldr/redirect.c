// SPDX-License-Identifier: BSD-2-Clause
/* DLLs that activation contexts put elsewhere, and the contexts that DLLs bring along. */
#include "ldrp.h"
#include "sxsp.h"

#define MANIFEST_OF_DLL 2 /* the name of this resource */

NTSTATUS LdrpRedirect(PLDRP_NAME Name, PBOOLEAN Redirected)
{
    UNICODE_STRING FullPath;
    NTSTATUS Status;

    *Redirected = FALSE;
    if ((!NtCurrentPeb()->ActivationContextData &&
         !NtCurrentTeb()->ActivationContextStackPointer) ||
        LdrpContains(&Name->String, '\\'))
        return STATUS_SUCCESS;
    Status = SxspRedirect(&Name->String, &FullPath);
    if (Status == STATUS_SXS_KEY_NOT_FOUND)
        return STATUS_SUCCESS;
    if (!NT_SUCCESS(Status))
        return Status;
    LdrpFreeName(Name);
    Name->String = FullPath;
    *Redirected = TRUE;
    return STATUS_SUCCESS;
}

NTSTATUS LdrpMakeContext(PLDRP_MODULE Module)
{
    PACTIVATION_CONTEXT_DATA Data;
    ULONG Size;
    NTSTATUS Status;

    if (NtCurrentPeb()->ImageSubsystem == IMAGE_SUBSYSTEM_NATIVE ||
        !LdrpImageDirectory(&Module->Image, IMAGE_DIRECTORY_ENTRY_RESOURCE, 1, &Size))
        return STATUS_SUCCESS;
    Status = SxspCreateFromImage(Module->Entry.DllBase, &Module->Entry.FullDllName, MANIFEST_OF_DLL,
                                 &Data);
    if (!NT_SUCCESS(Status) || !Data)
        return Status;
    Status = SxspMakeContext(Data, &Module->Entry.EntryPointActivationContext);
    if (!NT_SUCCESS(Status))
        RtlFreeHeap(RtlProcessHeap(), 0, Data);
    return Status;
}

NTSTATUS LdrpActivate(PLDRP_MODULE Module, PULONG_PTR Cookie)
{
    *Cookie = 0;
    if (!Module->Entry.EntryPointActivationContext)
        return STATUS_SUCCESS;
    return RtlActivateActivationContext(0, Module->Entry.EntryPointActivationContext, Cookie);
}

void LdrpDeactivate(ULONG_PTR Cookie)
{
    if (Cookie)
        RtlDeactivateActivationContext(RTL_DEACTIVATE_FORCE_EARLY, Cookie);
}
