// SPDX-License-Identifier: BSD-2-Clause
/* Base relocations: for an image that is not at its preferred base. (Microsoft: "PE Format", the
 * .reloc section) */
#include "ldrp.h"

/* Adds Delta to the value at Rva: a pointer, 32 bits, or a 16-bit half of them. */
static BOOLEAN Apply(const LDRP_IMAGE *Image, ULONG Type, ULONG Rva, ULONG_PTR Delta)
{
    SIZE_T Length = Type == IMAGE_REL_BASED_DIR64     ? sizeof(ULONG64)
                    : Type == IMAGE_REL_BASED_HIGHLOW ? sizeof(ULONG)
                                                      : sizeof(USHORT);
    PVOID Target = LdrpImageData(Image, Rva, Length);
    ULONG64 Value = 0, Addend = Delta;

    if (!Target || (Type > IMAGE_REL_BASED_HIGHLOW && Type != IMAGE_REL_BASED_DIR64))
        return FALSE;
    if (Type == IMAGE_REL_BASED_HIGH)
        Addend >>= 16;
    memcpy(&Value, Target, Length);
    Value += Addend;
    memcpy(Target, &Value, Length);
    return TRUE;
}

static NTSTATUS ApplyBlock(const LDRP_IMAGE *Image, PIMAGE_BASE_RELOCATION Block, ULONG_PTR Delta)
{
    PUSHORT Entries = (PUSHORT)(Block + 1);
    ULONG Count = (Block->SizeOfBlock - sizeof(*Block)) / sizeof(USHORT);

    for (ULONG i = 0; i < Count; i++) {
        ULONG Type = Entries[i] >> 12, Rva = Block->VirtualAddress + (Entries[i] & 0xfff);

        if (Type != IMAGE_REL_BASED_ABSOLUTE && !Apply(Image, Type, Rva, Delta))
            return STATUS_INVALID_IMAGE_FORMAT;
    }
    return STATUS_SUCCESS;
}

NTSTATUS LdrpApplyRelocations(const LDRP_IMAGE *Image, ULONG_PTR Delta)
{
    ULONG Size;
    PUCHAR Position = LdrpImageDirectory(Image, IMAGE_DIRECTORY_ENTRY_BASERELOC, 1, &Size);

    if ((ULONG_PTR)Position % sizeof(ULONG) != 0)
        return STATUS_INVALID_IMAGE_FORMAT;
    if (!Position || !Size)
        return Image->Headers->FileHeader.Characteristics & IMAGE_FILE_RELOCS_STRIPPED
                   ? STATUS_CONFLICTING_ADDRESSES
                   : STATUS_SUCCESS;
    while (Size >= sizeof(IMAGE_BASE_RELOCATION)) {
        PIMAGE_BASE_RELOCATION Block = (PIMAGE_BASE_RELOCATION)Position;
        NTSTATUS Status;

        if (Block->SizeOfBlock < sizeof(*Block) || Block->SizeOfBlock > Size ||
            Block->SizeOfBlock % 4 != 0)
            return STATUS_INVALID_IMAGE_FORMAT;
        Status = ApplyBlock(Image, Block, Delta);
        if (!NT_SUCCESS(Status))
            return Status;
        Position += Block->SizeOfBlock;
        Size -= Block->SizeOfBlock;
    }
    return STATUS_SUCCESS;
}

/* The protection of a section as its header asks for it. */
static ULONG SectionProtection(ULONG Characteristics)
{
    BOOLEAN Write = (Characteristics & IMAGE_SCN_MEM_WRITE) != 0;

    if (Characteristics & IMAGE_SCN_MEM_EXECUTE)
        return Write ? PAGE_EXECUTE_READWRITE : PAGE_EXECUTE_READ;
    return Write ? PAGE_READWRITE : PAGE_READONLY;
}

/* Makes the read-only sections writable, or read-only again. An image that is mapped as one piece
 * is writable anyway, and its sections share pages. */
static NTSTATUS ProtectSections(const LDRP_IMAGE *Image, BOOLEAN Writable)
{
    for (ULONG i = 0; Image->HeaderSize < Image->Size && i < Image->SectionCount; i++) {
        PLDRP_SECTION Section = &Image->Sections[i];
        ULONG Extent = LdrpImageExtent(Image, Section->VirtualAddress), Protect, Old;
        PVOID Base = Image->Base + Section->VirtualAddress;
        SIZE_T Length = Extent;
        NTSTATUS Status;

        if (!Extent || (Section->Characteristics & IMAGE_SCN_MEM_WRITE))
            continue;
        Protect = Writable ? PAGE_READWRITE : SectionProtection(Section->Characteristics);
        Status = NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Length, Protect, &Old);
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return STATUS_SUCCESS;
}

NTSTATUS LdrpRelocate(const LDRP_IMAGE *Image)
{
    ULONG_PTR Delta = (ULONG_PTR)Image->Base - (ULONG_PTR)Image->Headers->OptionalHeader.ImageBase;
    NTSTATUS Status;

    if (!Delta)
        return STATUS_SUCCESS;
    Status = ProtectSections(Image, TRUE);
    if (NT_SUCCESS(Status))
        Status = LdrpApplyRelocations(Image, Delta);
    if (NT_SUCCESS(Status))
        Status = ProtectSections(Image, FALSE);
    return Status;
}
