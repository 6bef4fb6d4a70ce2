/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MDLs. All memory that a driver reaches is in its own process and stays there, so an MDL's system
 * address is the address it was made from.
 */
#include "wdmio.h"
#include "ki.h"

SIZE_T NTAPI MmSizeOfMdl(PVOID Base, SIZE_T Length)
{
    return sizeof(MDL) + ADDRESS_AND_SIZE_TO_SPAN_PAGES(Base, Length) * sizeof(PFN_NUMBER);
}

/*
 * IoAllocateMdl: with an Irp it becomes its MdlAddress, or the last in that chain. NULL if there is
 * no memory.
 */
PMDL NTAPI IoAllocateMdl(PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer,
                         BOOLEAN ChargeQuota, PIRP Irp)
{
    PMDL Mdl = ExAllocatePoolWithTag(NonPagedPool, MmSizeOfMdl(VirtualAddress, Length), ' ldM');
    PMDL *Link;

    if (!Mdl)
        return NULL;
    MmInitializeMdl(Mdl, VirtualAddress, Length);
    if (Irp) {
        Link = &Irp->MdlAddress;
        while (SecondaryBuffer && *Link)
            Link = &(*Link)->Next;
        *Link = Mdl;
    }
    return Mdl;
}

VOID NTAPI IoFreeMdl(PMDL Mdl)
{
    ExFreePoolWithTag(Mdl, ' ldM');
}

VOID NTAPI MmBuildMdlForNonPagedPool(PMDL Mdl)
{
    Mdl->MdlFlags |= MDL_SOURCE_IS_NONPAGED_POOL;
    Mdl->MappedSystemVa = MmGetMdlVirtualAddress(Mdl);
}

/*
 * MmProbeAndLockPages: raises nothing, since nothing is paged out here and bad addresses fault
 * where they are used.
 */
VOID NTAPI MmProbeAndLockPages(PMDL Mdl, KPROCESSOR_MODE AccessMode, LOCK_OPERATION Operation)
{
    Mdl->MdlFlags |= MDL_PAGES_LOCKED;
}

VOID NTAPI MmUnlockPages(PMDL Mdl)
{
    Mdl->MdlFlags &= ~(MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA);
}

PVOID NTAPI MmMapLockedPagesSpecifyCache(PMDL Mdl, KPROCESSOR_MODE AccessMode,
                                         MEMORY_CACHING_TYPE CacheType, PVOID RequestedAddress,
                                         ULONG BugCheckOnFailure, MM_PAGE_PRIORITY Priority)
{
    Mdl->MappedSystemVa = MmGetMdlVirtualAddress(Mdl);
    Mdl->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
    return Mdl->MappedSystemVa;
}

PVOID NTAPI MmMapLockedPages(PMDL Mdl, KPROCESSOR_MODE AccessMode)
{
    return MmMapLockedPagesSpecifyCache(Mdl, AccessMode, MmCached, NULL, TRUE, NormalPagePriority);
}

VOID NTAPI MmUnmapLockedPages(PVOID BaseAddress, PMDL Mdl)
{
    Mdl->MdlFlags &= ~MDL_MAPPED_TO_SYSTEM_VA;
}

/*
 * IoBuildPartialMdl: Target describes [VirtualAddress, +Length) of Source; Length 0 is to its end.
 */
VOID NTAPI IoBuildPartialMdl(PMDL Source, PMDL Target, PVOID VirtualAddress, ULONG Length)
{
    ULONG Offset = (ULONG)((PUCHAR)VirtualAddress - (PUCHAR)MmGetMdlVirtualAddress(Source));

    if (Length == 0)
        Length = Source->ByteCount - Offset;
    MmInitializeMdl(Target, VirtualAddress, Length);
    Target->MdlFlags |= MDL_PARTIAL;
    Target->MdlFlags |= Source->MdlFlags &
                        (MDL_SOURCE_IS_NONPAGED_POOL | MDL_MAPPED_TO_SYSTEM_VA | MDL_PAGES_LOCKED);
    Target->MappedSystemVa = VirtualAddress;
}

/* An MDL whose system address is Address. NULL if there is no memory. */
PMDL WdmCreateMdl(PVOID Address, ULONG Length)
{
    PMDL Mdl = IoAllocateMdl(Address, Length, FALSE, FALSE, NULL);

    if (Mdl)
        MmBuildMdlForNonPagedPool(Mdl);
    return Mdl;
}

/* Device memory is not handed to drivers yet. */
PVOID NTAPI MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes,
                         MEMORY_CACHING_TYPE CacheType)
{
    return NULL;
}

VOID NTAPI MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
}

/* Nothing of a driver is pageable. */
PVOID NTAPI MmPageEntireDriver(PVOID AddressWithinSection)
{
    return AddressWithinSection;
}

VOID NTAPI MmResetDriverPaging(PVOID AddressWithinSection)
{
}

PVOID NTAPI MmLockPagableDataSection(PVOID AddressWithinSection)
{
    return AddressWithinSection;
}

VOID NTAPI MmUnlockPagableImageSection(PVOID ImageSectionHandle)
{
}
