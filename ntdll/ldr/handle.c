// SPDX-License-Identifier: BSD-2-Clause
/* Handles of modules that are loaded, which are their base addresses. (Win32: GetModuleHandleEx,
 * GetModuleFileName) */
#include "ldrp.h"

static NTSTATUS FindModule(PCUNICODE_STRING DllName, PLDRP_MODULE *Module)
{
    LDRP_NAME Complete;
    NTSTATUS Status = LdrpCompleteName(DllName, NULL, &Complete);
    UNICODE_STRING FullName;
    BOOLEAN Redirected;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrpRedirect(&Complete, &Redirected);
    if (!NT_SUCCESS(Status)) {
        LdrpFreeName(&Complete);
        return Status;
    }
    *Module = LdrpFindNamed(&Complete.String);
    if (!*Module && LdrpContains(&Complete.String, '\\') &&
        NT_SUCCESS(LdrpFullName(Complete.String.Buffer, &FullName))) {
        *Module = LdrpFindNamed(&FullName);
        RtlFreeHeap(RtlProcessHeap(), 0, FullName.Buffer);
    }
    LdrpFreeName(&Complete);
    return *Module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

static void Count(PLDRP_MODULE Module, BOOLEAN Pin)
{
    if (Pin)
        Module->Pinned = TRUE;
    else
        Module->LoadCount++;
    LdrpShowCount(Module);
}

NTSTATUS NTAPI LdrGetDllHandleEx(ULONG Flags, PCWSTR SearchPath, PULONG DllCharacteristics,
                                 PCUNICODE_STRING DllName, PVOID *DllHandle)
{
    PLDRP_MODULE Module;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(SearchPath);
    UNREFERENCED_PARAMETER(DllCharacteristics);
    if ((Flags & ~(LDR_GET_DLL_HANDLE_EX_UNCHANGED_REFCOUNT | LDR_GET_DLL_HANDLE_EX_PIN)) ||
        (!DllHandle && !(Flags & LDR_GET_DLL_HANDLE_EX_PIN)))
        return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Status = FindModule(DllName, &Module);
    if (NT_SUCCESS(Status)) {
        if (Flags != LDR_GET_DLL_HANDLE_EX_UNCHANGED_REFCOUNT)
            Count(Module, (Flags & LDR_GET_DLL_HANDLE_EX_PIN) != 0);
        if (DllHandle)
            *DllHandle = Module->Entry.DllBase;
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}

NTSTATUS NTAPI LdrGetDllHandle(PCWSTR SearchPath, PULONG DllCharacteristics,
                               PCUNICODE_STRING DllName, PVOID *DllHandle)
{
    return LdrGetDllHandleEx(LDR_GET_DLL_HANDLE_EX_UNCHANGED_REFCOUNT, SearchPath,
                             DllCharacteristics, DllName, DllHandle);
}

NTSTATUS NTAPI LdrAddRefDll(ULONG Flags, PVOID DllHandle)
{
    PLDRP_MODULE Module;

    if (Flags & ~LDR_ADDREF_DLL_PIN)
        return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Module = LdrpFindModuleByBase(DllHandle);
    if (Module)
        Count(Module, (Flags & LDR_ADDREF_DLL_PIN) != 0);
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Module ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS NTAPI LdrGetDllFullName(PVOID DllHandle, PUNICODE_STRING FullName)
{
    NTSTATUS Status = STATUS_DLL_NOT_FOUND;
    PLDRP_MODULE Module;

    if (!DllHandle)
        DllHandle = NtCurrentPeb()->ImageBaseAddress;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Module = LdrpFindModuleByBase(DllHandle);
    if (Module) {
        RtlCopyUnicodeString(FullName, &Module->Entry.FullDllName);
        Status = FullName->MaximumLength < Module->Entry.FullDllName.Length + sizeof(WCHAR)
                     ? STATUS_BUFFER_TOO_SMALL
                     : STATUS_SUCCESS;
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}
