// SPDX-License-Identifier: BSD-2-Clause
/* Binding imports. (Microsoft: "PE Format", the .idata section) */
#include "ldrp.h"

/* "MODULE.Name" or "MODULE.#7": the module is loaded if need be, and stays. */
static NTSTATUS FollowForwarder(PCSTR Forwarder, ULONG Depth, PVOID *Address)
{
    PCSTR Dot = strrchr(Forwarder, '.');
    PLDRP_MODULE Module;
    NTSTATUS Status;

    if (!Dot || Depth >= LDRP_MAXIMUM_DEPTH)
        return STATUS_INVALID_IMAGE_FORMAT;
    Status = LdrpLoadModuleAnsi(Forwarder, (SIZE_T)(Dot - Forwarder), Depth + 1, &Module);
    if (!NT_SUCCESS(Status))
        return Status;
    Module->Pinned = TRUE;
    if (Dot[1] == '#')
        return LdrpResolveExport(Module, NULL, 0, strtoul(Dot + 2, NULL, 10), Depth + 1, Address);
    return LdrpResolveExport(Module, Dot + 1, 0, 0, Depth + 1, Address);
}

NTSTATUS LdrpResolveExport(PLDRP_MODULE Module, PCSTR Name, ULONG Hint, ULONG Ordinal, ULONG Depth,
                           PVOID *Address)
{
    LDRP_EXPORT Export;
    NTSTATUS Status = LdrpFindExport(&Module->Image, Name, Hint, Ordinal, &Export);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Export.Forwarder)
        return FollowForwarder(Export.Forwarder, Depth, Address);
    *Address = Export.Address;
    return STATUS_SUCCESS;
}

/* One entry of an import lookup table: an ordinal, or the place of a hint and a name. */
static NTSTATUS BindThunk(PLDRP_MODULE Importer, PLDRP_MODULE Exporter, ULONG_PTR Lookup,
                          ULONG Depth, PVOID *Address)
{
    const UCHAR *Hint;
    NTSTATUS Status;
    PCSTR Name;

    if (Lookup & IMAGE_ORDINAL_FLAG) {
        Status = LdrpResolveExport(Exporter, NULL, 0, (USHORT)Lookup, Depth, Address);
        if (!NT_SUCCESS(Status))
            DbgPrint("LDR: %wZ: ordinal %u of %wZ: status %08x\n", &Importer->Entry.BaseDllName,
                     (ULONG)(USHORT)Lookup, &Exporter->Entry.BaseDllName, Status);
        return Status;
    }
    Hint = LdrpImageData(&Importer->Image, (ULONG)Lookup, sizeof(USHORT)); /* at any address */
    Name = LdrpImageString(&Importer->Image, (ULONG)Lookup + offsetof(IMAGE_IMPORT_BY_NAME, Name));
    if (Lookup > MAXLONG || !Hint || !Name)
        return STATUS_INVALID_IMAGE_FORMAT;
    Status = LdrpResolveExport(Exporter, Name, Hint[0] | Hint[1] << 8, 0, Depth, Address);
    if (!NT_SUCCESS(Status))
        DbgPrint("LDR: %wZ: %s of %wZ: status %08x\n", &Importer->Entry.BaseDllName, Name,
                 &Exporter->Entry.BaseDllName, Status);
    return Status;
}

/* Fills the address table of one descriptor, which is writable now. */
static NTSTATUS BindThunks(PLDRP_MODULE Importer, PLDRP_MODULE Exporter,
                           const IMAGE_IMPORT_DESCRIPTOR *Descriptor, ULONG Count, ULONG Depth)
{
    ULONG LookupRva =
        Descriptor->OriginalFirstThunk ? Descriptor->OriginalFirstThunk : Descriptor->FirstThunk;
    UNALIGNED_WORD *Lookup = LdrpImageTable(&Importer->Image, LookupRva, Count, sizeof(ULONG_PTR));
    UNALIGNED_WORD *Addresses =
        LdrpImageTable(&Importer->Image, Descriptor->FirstThunk, Count, sizeof(PVOID));

    if (!Lookup || !Addresses)
        return STATUS_INVALID_IMAGE_FORMAT;
    for (ULONG i = 0; i < Count; i++) {
        PVOID Address;
        NTSTATUS Status = BindThunk(Importer, Exporter, Lookup[i], Depth, &Address);

        if (!NT_SUCCESS(Status))
            return Status;
        Addresses[i] = (ULONG_PTR)Address;
    }
    return STATUS_SUCCESS;
}

/* The entries before the terminating zero; MAXULONG if it is missing. */
static ULONG CountThunks(const LDRP_IMAGE *Image, const IMAGE_IMPORT_DESCRIPTOR *Descriptor)
{
    ULONG Rva =
        Descriptor->OriginalFirstThunk ? Descriptor->OriginalFirstThunk : Descriptor->FirstThunk;
    ULONG Room = LdrpImageExtent(Image, Rva) / sizeof(ULONG_PTR);

    for (ULONG Count = 0; Count < Room; Count++) {
        if (!((UNALIGNED_WORD *)(Image->Base + Rva))[Count])
            return Count;
    }
    return MAXULONG;
}

static NTSTATUS BindDescriptor(PLDRP_MODULE Importer, PLDRP_MODULE Exporter,
                               const IMAGE_IMPORT_DESCRIPTOR *Descriptor, ULONG Depth)
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
    Status = BindThunks(Importer, Exporter, Descriptor, Count, Depth);
    Restored = NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Length, Protect, &Protect);
    return NT_SUCCESS(Status) ? Restored : Status;
}

/* Loads the module that a descriptor names, keeps the reference, and binds to it. */
static NTSTATUS BindModule(PLDRP_MODULE Module, const IMAGE_IMPORT_DESCRIPTOR *Descriptor,
                           ULONG Depth)
{
    PCSTR Name = LdrpImageString(&Module->Image, Descriptor->Name);
    PLDRP_MODULE Exporter;
    NTSTATUS Status;

    if (!Name)
        return STATUS_INVALID_IMAGE_FORMAT;
    Status = LdrpLoadModuleAnsi(Name, strlen(Name), Depth + 1, &Exporter);
    if (!NT_SUCCESS(Status)) {
        DbgPrint("LDR: %wZ: %s: status %08x\n", &Module->Entry.BaseDllName, Name, Status);
        return Status;
    }
    Module->Imports[Module->ImportCount++] = Exporter;
    return BindDescriptor(Module, Exporter, Descriptor, Depth);
}

/* The table ends with an empty descriptor or with its directory. */
static ULONG CountDescriptors(const IMAGE_IMPORT_DESCRIPTOR *Descriptors, ULONG Size)
{
    ULONG Count = 0;

    while (Count < Size / sizeof(*Descriptors) && Descriptors[Count].Name &&
           Descriptors[Count].FirstThunk)
        Count++;
    return Count;
}

NTSTATUS LdrpBindImports(PLDRP_MODULE Module, ULONG Depth)
{
    ULONG Size = 0, Count;
    PIMAGE_IMPORT_DESCRIPTOR Descriptors =
        LdrpImageDirectory(&Module->Image, IMAGE_DIRECTORY_ENTRY_IMPORT, &Size);
    NTSTATUS Status = STATUS_SUCCESS;

    Module->Bound = TRUE; /* from here on: modules may import each other in a circle */
    Count = Descriptors ? CountDescriptors(Descriptors, Size) : 0;
    if (!Count)
        return STATUS_SUCCESS;
    Module->Imports = RtlAllocateHeap(RtlProcessHeap(), 0, Count * sizeof(*Module->Imports));
    if (!Module->Imports)
        return STATUS_NO_MEMORY;
    for (ULONG i = 0; NT_SUCCESS(Status) && i < Count; i++)
        Status = BindModule(Module, &Descriptors[i], Depth);
    return Status;
}
