// SPDX-License-Identifier: BSD-2-Clause
/* Imports that are bound when they are first called. (Microsoft: "PE Format", delay-load import
 * tables; Win32: delayloadhandler.h) */
#include "ldrp.h"

#define RVA_BASED 1

/* One import */
typedef struct _DELAYED {
    LDRP_IMAGE Image;
    PCSTR Dll;
    UNALIGNED_WORD *Handle; /* where the module's base is kept */
    PCSTR Name;             /* NULL: Ordinal */
    ULONG Ordinal;
    PVOID Module;
} DELAYED, *PDELAYED;

static NTSTATUS OpenDescriptor(PVOID Base, const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptor,
                               PDELAYED Delayed)
{
    NTSTATUS Status = LdrpOpenImage(Base, MAXLONG, &Delayed->Image);

    if (!NT_SUCCESS(Status))
        return Status;
    Delayed->Dll = LdrpImageString(&Delayed->Image, Descriptor->DllNameRVA);
    Delayed->Handle =
        LdrpImageTable(&Delayed->Image, Descriptor->ModuleHandleRVA, 1, sizeof(PVOID));
    return (Descriptor->Attributes & RVA_BASED) && Delayed->Dll ? STATUS_SUCCESS
                                                                : STATUS_INVALID_IMAGE_FORMAT;
}

/* What the thunk with that index is to become the address of. */
static NTSTATUS ReadName(const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptor, ULONG Index,
                         PDELAYED Delayed)
{
    UNALIGNED_WORD *Lookup =
        LdrpImageTable(&Delayed->Image, Descriptor->ImportNameTableRVA, Index + 1, sizeof(PVOID));

    if (!Lookup || !Lookup[Index])
        return STATUS_INVALID_IMAGE_FORMAT;
    Delayed->Name = NULL;
    Delayed->Ordinal = (USHORT)Lookup[Index];
    if (Lookup[Index] & IMAGE_ORDINAL_FLAG)
        return STATUS_SUCCESS;
    Delayed->Name = LdrpImageString(&Delayed->Image,
                                    (ULONG)Lookup[Index] + offsetof(IMAGE_IMPORT_BY_NAME, Name));
    return Delayed->Name && Lookup[Index] <= MAXLONG ? STATUS_SUCCESS : STATUS_INVALID_IMAGE_FORMAT;
}

static NTSTATUS WriteWord(UNALIGNED_WORD *Place, ULONG_PTR Value)
{
    PVOID Page = Place;
    SIZE_T Length = sizeof(*Place);
    ULONG Protect;
    NTSTATUS Status =
        NtProtectVirtualMemory(NtCurrentProcess(), &Page, &Length, PAGE_READWRITE, &Protect);

    if (!NT_SUCCESS(Status))
        return Status;
    *Place = Value;
    return NtProtectVirtualMemory(NtCurrentProcess(), &Page, &Length, Protect, &Protect);
}

/* Attaches a module that is held, and makes it one that Importer needs. */
static NTSTATUS NeedModule(PLDRP_MODULE Importer, PLDRP_MODULE Module)
{
    NTSTATUS Status = LdrpInitializeModules(Module);

    if (NT_SUCCESS(Status))
        Status = LdrpAddImport(Importer, Module);
    if (NT_SUCCESS(Status) && !Importer)
        Module->Pinned = TRUE;
    Module->Held--;
    return Status;
}

/* Loads the DLL once. */
static NTSTATUS LoadModule(PDELAYED Delayed)
{
    LDRP_LOAD Load = {.Reason = LoadReasonDelayloadDependency,
                      .Importer = LdrpFindModuleByBase(Delayed->Image.Base)};
    PLDRP_MODULE Module;
    NTSTATUS Status;

    LdrpLoading(1);
    Status = LdrpLoadModuleAnsi(&Load, Delayed->Dll, strlen(Delayed->Dll), &Module);
    if (NT_SUCCESS(Status))
        Module->Held++;
    LdrpLoading(-1);
    if (NT_SUCCESS(Status))
        Status = NeedModule(Load.Importer, Module);
    if (!NT_SUCCESS(Status)) {
        LdrpUnloadUnused();
        return Status;
    }
    Delayed->Module = Module->Entry.DllBase;
    return Delayed->Handle ? WriteWord(Delayed->Handle, (ULONG_PTR)Delayed->Module)
                           : STATUS_SUCCESS;
}

static NTSTATUS FindProcedure(PDELAYED Delayed, PVOID *Address)
{
    ANSI_STRING Name;
    NTSTATUS Status = STATUS_SUCCESS;

    Delayed->Module = Delayed->Handle ? (PVOID)*Delayed->Handle : NULL;
    if (!Delayed->Module)
        Status = LoadModule(Delayed);
    if (!NT_SUCCESS(Status))
        return Status;
    RtlInitAnsiString(&Name, Delayed->Name);
    return LdrGetProcedureAddress(Delayed->Module, Delayed->Name ? &Name : NULL, Delayed->Ordinal,
                                  Address);
}

/* With the loader lock: two threads would take each other's protection of the table back. */
static NTSTATUS Resolve(const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptor, ULONG Index, PDELAYED Delayed,
                        PVOID *Address)
{
    UNALIGNED_WORD *Table = LdrpImageTable(&Delayed->Image, Descriptor->ImportAddressTableRVA,
                                           Index + 1, sizeof(PVOID));
    NTSTATUS Status = Table ? ReadName(Descriptor, Index, Delayed) : STATUS_INVALID_IMAGE_FORMAT;

    RtlEnterCriticalSection(&LdrpLoaderLock);
    if (NT_SUCCESS(Status))
        Status = FindProcedure(Delayed, Address);
    if (NT_SUCCESS(Status))
        Status = WriteWord(&Table[Index], (ULONG_PTR)*Address);
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}

/* Asks the program what to do. */
static PVOID Fail(const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptor, const DELAYED *Delayed,
                  ULONG_PTR *ThunkAddress, NTSTATUS Status, PDELAYLOAD_FAILURE_DLL_CALLBACK DllHook,
                  PDELAYLOAD_FAILURE_SYSTEM_ROUTINE SystemHook)
{
    DELAYLOAD_INFO Info = {.Size = sizeof(Info),
                           .DelayloadDescriptor = Descriptor,
                           .ThunkAddress = ThunkAddress,
                           .TargetDllName = Delayed->Dll,
                           .TargetModuleBase = Delayed->Module,
                           .LastError = (ULONG)Status};
    PVOID Address = NULL;

    Info.TargetApiDescriptor.ImportDescribedByName = Delayed->Name != NULL;
    if (Delayed->Name)
        Info.TargetApiDescriptor.Description.Name = Delayed->Name;
    else
        Info.TargetApiDescriptor.Description.Ordinal = Delayed->Ordinal;
    if (DllHook)
        Address = DllHook(DELAYLOAD_GPA_FAILURE, &Info);
    if (!Address && SystemHook)
        Address = SystemHook(Delayed->Dll,
                             Delayed->Name ? Delayed->Name : (PCSTR)(ULONG_PTR)Delayed->Ordinal);
    return Address;
}

PVOID NTAPI LdrResolveDelayLoadedAPI(PVOID Base, const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptor,
                                     PDELAYLOAD_FAILURE_DLL_CALLBACK FailureDllHook,
                                     PDELAYLOAD_FAILURE_SYSTEM_ROUTINE FailureSystemHook,
                                     ULONG_PTR *ThunkAddress, ULONG Flags)
{
    DELAYED Delayed = {0};
    PVOID Address = NULL;
    NTSTATUS Status = OpenDescriptor(Base, Descriptor, &Delayed);
    ULONG_PTR Index;

    UNREFERENCED_PARAMETER(Flags);
    Index = (ULONG_PTR)ThunkAddress - (ULONG_PTR)Base - Descriptor->ImportAddressTableRVA;
    if (NT_SUCCESS(Status))
        Status = Index / sizeof(PVOID) < Delayed.Image.Size / sizeof(PVOID)
                     ? Resolve(Descriptor, (ULONG)(Index / sizeof(PVOID)), &Delayed, &Address)
                     : STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(Status))
        return Address;
    DbgPrint("LDR: delayed import of %s: status %08x\n", Delayed.Dll ? Delayed.Dll : "?", Status);
    return Fail(Descriptor, &Delayed, ThunkAddress, Status, FailureDllHook, FailureSystemHook);
}

static NTSTATUS ResolveAll(PVOID Base, const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptor)
{
    DELAYED Delayed = {0};
    NTSTATUS Status = OpenDescriptor(Base, Descriptor, &Delayed);

    for (ULONG Index = 0; NT_SUCCESS(Status); Index++) {
        UNALIGNED_WORD *Lookup = LdrpImageTable(&Delayed.Image, Descriptor->ImportNameTableRVA,
                                                Index + 1, sizeof(PVOID));
        PVOID Address;

        if (!Lookup || !Lookup[Index])
            break;
        Status = Resolve(Descriptor, Index, &Delayed, &Address);
    }
    return Status;
}

NTSTATUS NTAPI LdrResolveDelayLoadsFromDll(PVOID Base, PCSTR DllName, ULONG Flags)
{
    LDRP_IMAGE Image;
    ULONG Size;
    const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptor;
    NTSTATUS Status = LdrpOpenImage(Base, MAXLONG, &Image);

    if (Flags || !DllName)
        return STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(Status))
        return Status;
    Descriptor =
        LdrpImageDirectory(&Image, IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT, sizeof(*Descriptor), &Size);
    for (; Descriptor &&
           LdrpImageData(&Image, (ULONG)((PUCHAR)Descriptor - Image.Base), sizeof(*Descriptor));
         Descriptor++) {
        PCSTR Name = LdrpImageString(&Image, Descriptor->DllNameRVA);

        if (!Descriptor->DllNameRVA)
            break;
        if (Name && _stricmp(Name, DllName) == 0)
            return ResolveAll(Base, Descriptor);
    }
    return STATUS_DLL_NOT_FOUND;
}
