// SPDX-License-Identifier: BSD-2-Clause
/* Binding imports. (Microsoft: "PE Format", the .idata section) */
#include "ldrp.h"

/* A forwarder of Exporter leads to a module. */
static NTSTATUS NeedForwarded(PLDRP_MODULE Exporter, PLDRP_MODULE Module, const LDRP_LOAD *Load)
{
    PLDRP_FORWARDERS Forwarders = Load->Forwarders;

    if (Load->Needing)
        return LdrpAddImport(Load->Needing, Module);
    if (Forwarders->Count == ARRAYSIZE(Forwarders->Links))
        return STATUS_INVALID_IMAGE_FORMAT;
    Forwarders->Links[Forwarders->Count].Exporter = Exporter;
    Forwarders->Links[Forwarders->Count++].Module = Module;
    Module->Held++;
    return STATUS_SUCCESS;
}

/* "MODULE.Name" or "MODULE.#7" */
static NTSTATUS FollowForwarder(PLDRP_MODULE Exporter, PCSTR Forwarder, const LDRP_LOAD *Load,
                                PVOID *Address)
{
    PCSTR Dot = strrchr(Forwarder, '.');
    LDRP_LOAD Deeper = *Load;
    PLDRP_MODULE Module;
    NTSTATUS Status;

    if (!Dot || Load->Depth >= LDRP_MAXIMUM_DEPTH)
        return STATUS_INVALID_IMAGE_FORMAT;
    Deeper.Importer = Exporter;
    Deeper.Reason = Load->Reason == LoadReasonStaticDependency
                        ? LoadReasonStaticForwarderDependency
                        : LoadReasonDynamicForwarderDependency;
    Status = LdrpLoadModuleAnsi(&Deeper, Forwarder, (SIZE_T)(Dot - Forwarder), &Module);
    if (NT_SUCCESS(Status))
        Status = NeedForwarded(Exporter, Module, Load);
    if (!NT_SUCCESS(Status))
        return Status;
    Deeper.Depth++;
    if (Dot[1] == '#')
        return LdrpResolveExport(Module, NULL, 0, strtoul(Dot + 2, NULL, 10), &Deeper, Address);
    return LdrpResolveExport(Module, Dot + 1, 0, 0, &Deeper, Address);
}

NTSTATUS LdrpResolveExport(PLDRP_MODULE Module, PCSTR Name, ULONG Hint, ULONG Ordinal,
                           const LDRP_LOAD *Load, PVOID *Address)
{
    LDRP_EXPORT Export;
    NTSTATUS Status = LdrpFindExport(&Module->Image, Name, Hint, Ordinal, &Export);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Export.Forwarder)
        return FollowForwarder(Module, Export.Forwarder, Load, Address);
    *Address = Export.Address;
    return STATUS_SUCCESS;
}

/* A missing import is reported and the search goes on, so that all of them are. */
static BOOLEAN IsMissing(NTSTATUS Status)
{
    return Status == STATUS_ENTRYPOINT_NOT_FOUND || Status == STATUS_ORDINAL_NOT_FOUND ||
           Status == STATUS_DLL_NOT_FOUND;
}

/* One entry of an import lookup table: an ordinal, or the place of a hint and a name. */
static NTSTATUS BindThunk(PLDRP_MODULE Importer, PLDRP_MODULE Exporter, ULONG_PTR Lookup,
                          const LDRP_LOAD *Load, PVOID *Address)
{
    const UCHAR *Hint;
    NTSTATUS Status;
    PCSTR Name;

    if (Lookup & IMAGE_ORDINAL_FLAG) {
        Status = LdrpResolveExport(Exporter, NULL, 0, (USHORT)Lookup, Load, Address);
        if (!NT_SUCCESS(Status))
            DbgPrint("LDR: %wZ: ordinal %u of %wZ: status %08x\n", &Importer->Entry.BaseDllName,
                     (ULONG)(USHORT)Lookup, &Exporter->Entry.BaseDllName, Status);
        if (IsMissing(Status))
            LdrpRaiseMissingExport(Load, Exporter, NULL, (USHORT)Lookup);
        return Status;
    }
    Hint = LdrpImageData(&Importer->Image, (ULONG)Lookup, sizeof(USHORT)); /* at any address */
    Name = LdrpImageString(&Importer->Image, (ULONG)Lookup + offsetof(IMAGE_IMPORT_BY_NAME, Name));
    if (Lookup > MAXLONG || !Hint || !Name)
        return STATUS_INVALID_IMAGE_FORMAT;
    Status = LdrpResolveExport(Exporter, Name, Hint[0] | Hint[1] << 8, 0, Load, Address);
    if (!NT_SUCCESS(Status))
        DbgPrint("LDR: %wZ: %s of %wZ: status %08x\n", &Importer->Entry.BaseDllName, Name,
                 &Exporter->Entry.BaseDllName, Status);
    if (IsMissing(Status))
        LdrpRaiseMissingExport(Load, Exporter, Name, 0);
    return Status;
}

/* The names to look up. Old linkers left rubbish in OriginalFirstThunk; the address table has the
 * names, too, until it is bound. */
static ULONG LookupRva(const LDRP_IMAGE *Image, const IMAGE_IMPORT_DESCRIPTOR *Descriptor)
{
    ULONG Rva = Descriptor->OriginalFirstThunk;

    return Rva >= Image->Headers->OptionalHeader.SizeOfHeaders && Rva && Rva < Image->Size
               ? Rva
               : Descriptor->FirstThunk;
}

/* Fills the address table of one descriptor, which is writable now. */
static NTSTATUS BindThunks(PLDRP_MODULE Importer, PLDRP_MODULE Exporter,
                           const IMAGE_IMPORT_DESCRIPTOR *Descriptor, ULONG Count,
                           const LDRP_LOAD *Load)
{
    UNALIGNED_WORD *Lookup = LdrpImageTable(
        &Importer->Image, LookupRva(&Importer->Image, Descriptor), Count, sizeof(ULONG_PTR));
    UNALIGNED_WORD *Addresses =
        LdrpImageTable(&Importer->Image, Descriptor->FirstThunk, Count, sizeof(PVOID));
    NTSTATUS First = STATUS_SUCCESS;

    if (!Lookup || !Addresses)
        return STATUS_INVALID_IMAGE_FORMAT;
    for (ULONG i = 0; i < Count; i++) {
        PVOID Address;
        NTSTATUS Status = BindThunk(Importer, Exporter, Lookup[i], Load, &Address);

        if (NT_SUCCESS(Status))
            Addresses[i] = (ULONG_PTR)Address;
        else if (!IsMissing(Status))
            return Status;
        else if (NT_SUCCESS(First))
            First = Status;
    }
    return First;
}

/* The entries before the terminating zero; MAXULONG if it is missing. */
static ULONG CountThunks(const LDRP_IMAGE *Image, const IMAGE_IMPORT_DESCRIPTOR *Descriptor)
{
    ULONG Rva = LookupRva(Image, Descriptor);
    ULONG Room = LdrpImageExtent(Image, Rva) / sizeof(ULONG_PTR);

    for (ULONG Count = 0; Count < Room; Count++) {
        if (!((UNALIGNED_WORD *)(Image->Base + Rva))[Count])
            return Count;
    }
    return MAXULONG;
}

static NTSTATUS BindDescriptor(PLDRP_MODULE Importer, PLDRP_MODULE Exporter,
                               const IMAGE_IMPORT_DESCRIPTOR *Descriptor, const LDRP_LOAD *Load)
{
    ULONG Count = CountThunks(&Importer->Image, Descriptor), Protect;
    SIZE_T Length = (SIZE_T)Count * sizeof(PVOID);
    NTSTATUS Status, Restored;
    PVOID Base;

    if (Count == MAXULONG ||
        (Count && !LdrpImageTable(&Importer->Image, Descriptor->FirstThunk, Count, sizeof(PVOID))))
        return STATUS_INVALID_IMAGE_FORMAT;
    if (!Count)
        return STATUS_SUCCESS;
    Base = Importer->Image.Base + Descriptor->FirstThunk;
    Status = NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Length, PAGE_READWRITE, &Protect);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = BindThunks(Importer, Exporter, Descriptor, Count, Load);
    Restored = NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Length, Protect, &Protect);
    return NT_SUCCESS(Status) ? Restored : Status;
}

/* Loads the module that a descriptor names, keeps the reference, and binds to it. */
static NTSTATUS BindModule(PLDRP_MODULE Module, const IMAGE_IMPORT_DESCRIPTOR *Descriptor,
                           const LDRP_LOAD *Load)
{
    PCSTR Name = LdrpImageString(&Module->Image, Descriptor->Name);
    ULONG Raised = LdrpErrorsRaised;
    PLDRP_MODULE Exporter;
    NTSTATUS Status;

    if (!Name)
        return STATUS_INVALID_IMAGE_FORMAT;
    Status = LdrpLoadModuleAnsi(Load, Name, strlen(Name), &Exporter);
    if (!NT_SUCCESS(Status)) {
        DbgPrint("LDR: %wZ: %s: status %08x\n", &Module->Entry.BaseDllName, Name, Status);
        if (LdrpErrorsRaised == Raised) /* else it lacks something itself, which has been said */
            LdrpRaiseMissingDll(Load, Name, Status);
        return Status;
    }
    Status = LdrpAddImport(Module, Exporter);
    return NT_SUCCESS(Status) ? BindDescriptor(Module, Exporter, Descriptor, Load) : Status;
}

/* The table ends with an empty descriptor, or with its section. */
static ULONG CountDescriptors(const LDRP_IMAGE *Image, const IMAGE_IMPORT_DESCRIPTOR *Descriptors)
{
    ULONG Room = LdrpImageExtent(Image, (ULONG)((PUCHAR)Descriptors - Image->Base));
    ULONG Count = 0;

    while (Count < Room / sizeof(*Descriptors) && Descriptors[Count].Name &&
           Descriptors[Count].FirstThunk)
        Count++;
    return Count;
}

NTSTATUS LdrpBindImports(PLDRP_MODULE Module, const LDRP_LOAD *Load)
{
    ULONG Size, Count;
    PIMAGE_IMPORT_DESCRIPTOR Descriptors =
        LdrpImageDirectory(&Module->Image, IMAGE_DIRECTORY_ENTRY_IMPORT, 1, &Size);
    LDRP_LOAD Own = *Load;
    NTSTATUS First = STATUS_SUCCESS;

    Own.Importer = Module;
    Own.Reason = LoadReasonStaticDependency;
    Own.Needing = Module;
    Module->Bound = TRUE; /* from here on: modules may import each other in a circle */
    Count = Descriptors ? CountDescriptors(&Module->Image, Descriptors) : 0;
    for (ULONG i = 0; i < Count; i++) {
        NTSTATUS Status = BindModule(Module, &Descriptors[i], &Own);

        if (NT_SUCCESS(First))
            First = Status;
        if (!NT_SUCCESS(Status) && !IsMissing(Status))
            return Status;
    }
    return First;
}
