// SPDX-License-Identifier: BSD-2-Clause
/* Loading and unloading modules. */
#include "ldrp.h"

/* Maps an image and moves it if need be. Leaves nothing behind when it fails. A debugger finds the
 * name through the TEB. */
static NTSTATUS MapImage(HANDLE Section, PCUNICODE_STRING FullName, PLDRP_IMAGE Image)
{
    PNT_TIB Tib = &NtCurrentTeb()->NtTib;
    PVOID Base = NULL, Former = Tib->ArbitraryUserPointer;
    SIZE_T ViewSize = 0;
    NTSTATUS Status;

    Tib->ArbitraryUserPointer = FullName->Buffer;
    Status = NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &ViewSize,
                                ViewShare, 0, PAGE_EXECUTE_WRITECOPY);
    Tib->ArbitraryUserPointer = Former;
    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrpOpenImage(Base, ViewSize, Image);
    if (NT_SUCCESS(Status))
        Status = LdrpRelocate(Image);
    if (!NT_SUCCESS(Status))
        NtUnmapViewOfSection(NtCurrentProcess(), Base);
    return Status;
}

/* What it imports is looked for as its own manifest says. */
static NTSTATUS BindInContext(PLDRP_MODULE Module, const LDRP_LOAD *Load)
{
    ULONG_PTR Cookie;
    NTSTATUS Status = LdrpMakeContext(Module);

    if (NT_SUCCESS(Status))
        Status = LdrpActivate(Module, &Cookie);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrpBindImports(Module, Load);
    LdrpDeactivate(Cookie);
    return Status;
}

/* Enters a mapped image and binds it. What fails is unloaded by whoever loads. */
static NTSTATUS EnterImage(const LDRP_LOAD *Load, const LDRP_IMAGE *Image,
                           PCUNICODE_STRING FullName, PLDRP_MODULE *Module)
{
    NTSTATUS Status;

    *Module = LdrpAddModule(Image, FullName);
    if (!*Module) {
        NtUnmapViewOfSection(NtCurrentProcess(), Image->Base);
        return STATUS_NO_MEMORY;
    }
    LDR_TRACE("%wZ at %p\n", FullName, Image->Base);
    (*Module)->Entry.LoadReason = Load->Reason;
    if (Load->Redirected)
        (*Module)->Entry.Flags |= LDRP_REDIRECTED;
    (*Module)->Entry.ParentDllBase = Load->Importer ? Load->Importer->Entry.DllBase : NULL;
    LdrpNotify(LDR_DLL_NOTIFICATION_REASON_LOADED, *Module);
    if (Load->Unbound) {
        (*Module)->Entry.Flags |= LDRP_ENTRY_PROCESSED;
        return STATUS_SUCCESS;
    }
    Status = BindInContext(*Module, Load);
    if (NT_SUCCESS(Status))
        Status = LdrpAllocateTls(*Module);
    (*Module)->Status = Status;
    if (!NT_SUCCESS(Status))
        return Status;
    (*Module)->Node.State = LdrModulesReadyToInit;
    InsertTailList(&LdrpData.InInitializationOrderModuleList,
                   &(*Module)->Entry.InInitializationOrderLinks);
    return STATUS_SUCCESS;
}

/* A file has several names: what is mapped now may be a module that is there already. */
static NTSTATUS LoadSection(const LDRP_LOAD *Load, HANDLE Section, PCUNICODE_STRING FullName,
                            PLDRP_MODULE *Module)
{
    UNICODE_STRING Base = LdrpLastPart(FullName);
    LDRP_IMAGE Image;
    NTSTATUS Status = MapImage(Section, FullName, &Image);

    if (!NT_SUCCESS(Status))
        return Status;
    *Module = LdrpFindNamed(FullName);
    if (!*Module)
        *Module = LdrpFindModule(&Base);
    if (*Module && NtAreMappedFilesTheSame(Image.Base, (*Module)->Image.Base) == STATUS_SUCCESS) {
        NtUnmapViewOfSection(NtCurrentProcess(), Image.Base);
        return (*Module)->Status;
    }
    return EnterImage(Load, &Image, FullName, Module);
}

/* A name without a directory is any module's of that name; of a path all of it counts. */
static PLDRP_MODULE FindLoaded(PCUNICODE_STRING Name)
{
    UNICODE_STRING FullName;
    PLDRP_MODULE Module;

    if (!LdrpContains(Name, '\\'))
        return LdrpFindModule(Name);
    if (RtlDetermineDosPathNameType_U(Name->Buffer) == RtlPathTypeRelative ||
        !NT_SUCCESS(LdrpFullName(Name->Buffer, &FullName)))
        return NULL;
    Module = LdrpFindNamed(&FullName);
    RtlFreeHeap(RtlProcessHeap(), 0, FullName.Buffer);
    return Module;
}

static NTSTATUS FindOrLoad(const LDRP_LOAD *Load, PCUNICODE_STRING Name, PLDRP_MODULE *Module)
{
    UNICODE_STRING FullName;
    HANDLE Section;
    NTSTATUS Status;

    *Module = FindLoaded(Name);
    if (*Module)
        return (*Module)->Status;
    Status = LdrpOpenModule(Load->SearchPath, Name, SEC_IMAGE, &FullName, &Section);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = LoadSection(Load, Section, &FullName, Module);
    NtClose(Section);
    RtlFreeHeap(RtlProcessHeap(), 0, FullName.Buffer);
    return Status;
}

NTSTATUS LdrpLoadModule(const LDRP_LOAD *Load, PCUNICODE_STRING Name, PLDRP_MODULE *Module)
{
    LDRP_LOAD Own = *Load;
    LDRP_NAME Complete;
    NTSTATUS Status;

    if (Load->Depth > LDRP_MAXIMUM_DEPTH)
        return STATUS_INVALID_IMAGE_FORMAT;
    Status = LdrpCompleteName(Name, Load->Importer ? &Load->Importer->Entry.BaseDllName : NULL,
                              &Complete);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrpRedirect(&Complete, &Own.Redirected);
    if (NT_SUCCESS(Status))
        Status = FindOrLoad(&Own, &Complete.String, Module);
    LdrpFreeName(&Complete);
    return Status;
}

NTSTATUS LdrpLoadModuleAnsi(const LDRP_LOAD *Load, PCSTR Name, SIZE_T Length, PLDRP_MODULE *Module)
{
    WCHAR Buffer[LDRP_NAME_ROOM];
    UNICODE_STRING Wide = {0, sizeof(Buffer), Buffer};
    LDRP_LOAD Deeper = *Load;

    if (Length > ARRAYSIZE(Buffer))
        return STATUS_NAME_TOO_LONG;
    for (SIZE_T i = 0; i < Length; i++)
        Buffer[i] = (UCHAR)Name[i];
    Wide.Length = (USHORT)(Length * sizeof(WCHAR));
    Deeper.Depth++;
    return LdrpLoadModule(&Deeper, &Wide, Module);
}

static NTSTATUS LoadAndInitialize(const LDRP_LOAD *Load, PCUNICODE_STRING Name, BOOLEAN CallNothing,
                                  PVOID *DllHandle)
{
    PLDRP_MODULE Module;
    NTSTATUS Status;

    RtlEnterCriticalSection(&LdrpLoaderLock);
    LdrpLoading(1);
    Status = LdrpLoadModule(Load, Name, &Module);
    if (NT_SUCCESS(Status))
        Module->LoadCount++;
    LdrpLoading(-1);
    if (NT_SUCCESS(Status)) {
        LdrpShowCount(Module);
        if (CallNothing)
            LdrpSkipInitialization(Module);
        Status = LdrpInitializeModules(Module);
        if (NT_SUCCESS(Status)) {
            *DllHandle = Module->Entry.DllBase;
        } else {
            Module->LoadCount--;
            LdrpShowCount(Module);
        }
    }
    if (!NT_SUCCESS(Status))
        LdrpUnloadUnused();
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}

/* Flags of LoadLibraryEx, whichever way they come. */
static ULONG LoadFlags(PCWSTR SearchPath, PULONG DllCharacteristics, PBOOLEAN CallNothing)
{
    ULONG Flags = (ULONG_PTR)SearchPath & 1 ? (ULONG)(ULONG_PTR)SearchPath & ~1u : 0;

    *CallNothing = FALSE;
    if ((ULONG_PTR)DllCharacteristics < LDR_DLL_LEAST_POINTER)
        return Flags | (ULONG)(ULONG_PTR)DllCharacteristics;
    if (*DllCharacteristics & LDR_DLL_DONT_RESOLVE_ENTRY)
        Flags |= DONT_RESOLVE_DLL_REFERENCES;
    *CallNothing = (*DllCharacteristics & LDR_DLL_DONT_CALL_ENTRY) != 0;
    return Flags;
}

/* The list of directories that flags choose in place of a given one; *Path may stay NULL. */
static NTSTATUS ChoosePath(ULONG Flags, PCUNICODE_STRING DllName, PWSTR *Path)
{
    LDRP_NAME Complete;
    NTSTATUS Status;

    *Path = NULL;
    Flags &= LDRP_SEARCH_FLAGS;
    if (!Flags)
        return STATUS_SUCCESS;
    Status = LdrpCompleteName(DllName, NULL, &Complete);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrpMakeDllPath(Complete.String.Buffer, Flags, Path);
    LdrpFreeName(&Complete);
    return Status;
}

NTSTATUS NTAPI LdrLoadDll(PCWSTR SearchPath, PULONG DllCharacteristics, PCUNICODE_STRING DllName,
                          PVOID *DllHandle)
{
    LDRP_LOAD Load = {.Reason = LoadReasonDynamicLoad};
    PWSTR Chosen = NULL;
    BOOLEAN CallNothing;
    ULONG Flags = LoadFlags(SearchPath, DllCharacteristics, &CallNothing);
    NTSTATUS Status = STATUS_SUCCESS;

    if (SearchPath && !((ULONG_PTR)SearchPath & 1))
        Load.SearchPath = SearchPath;
    else
        Status = ChoosePath(Flags, DllName, &Chosen);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Chosen)
        Load.SearchPath = Chosen;
    Load.Unbound = (Flags & DONT_RESOLVE_DLL_REFERENCES) != 0;
    Load.Driver = CallNothing;
    if (Load.Driver)
        LdrpErrorsRaised = 0;
    if (Flags & LDRP_DATA_FLAGS)
        Status = LdrpLoadData(Load.SearchPath, DllName, Flags, DllHandle);
    else
        Status = LoadAndInitialize(&Load, DllName, CallNothing, DllHandle);
    if (Chosen)
        RtlReleasePath(Chosen);
    return Status;
}
