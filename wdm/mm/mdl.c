/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MDLs: of memory of this host, which is seen where it is, or of the direct data of a request that
 * the host has been sent, most often pages of a program. Those are seen from when a driver asks for
 * their address until the request is answered. The request is kept in the field Process, which no
 * driver has a use for here.
 */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"

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
    Mdl->Process = NULL;
    Mdl->MappedSystemVa = NULL;
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

PWDM_REQUEST WdmMdlRequest(PMDL Mdl)
{
    return (PWDM_REQUEST)Mdl->Process;
}

ULONG WdmMdlOffset(PMDL Mdl)
{
    return (ULONG)((ULONG_PTR)MmGetMdlVirtualAddress(Mdl) -
                   (ULONG_PTR)WdmMdlRequest(Mdl)->Message.Direct.Address);
}

static ULONG WdmMdlPages(PMDL Mdl)
{
    return ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(Mdl), MmGetMdlByteCount(Mdl));
}

#define WDM_FRAMES_AT_ONCE 16

/* The numbers of the pages; of this host's memory where Request is NULL. */
static NTSTATUS WdmFillFrames(PMDL Mdl, UINT64 *Request)
{
    ULONG Pages = WdmMdlPages(Mdl), First, i;
    PPFN_NUMBER Numbers = MmGetMdlPfnArray(Mdl);
    NTSTATUS Status = STATUS_SUCCESS;

    for (First = 0; First < Pages && NT_SUCCESS(Status); First += WDM_FRAMES_AT_ONCE) {
        UINT64 Frames[WDM_FRAMES_AT_ONCE];
        ULONG Count = min(Pages - First, WDM_FRAMES_AT_ONCE);

        Status = DrvQueryFrames(Request, Mdl->StartVa, First, Count, Frames);
        for (i = 0; i < Count && NT_SUCCESS(Status); i++)
            Numbers[First + i] = (PFN_NUMBER)Frames[i];
    }
    return Status;
}

/* An MDL of the first Length bytes of the request's direct data. NULL: no memory. */
PMDL WdmCreateDirectMdl(PWDM_REQUEST Request, ULONG Length)
{
    PMDL Mdl = IoAllocateMdl((PVOID)(ULONG_PTR)Request->Message.Direct.Address, Length, FALSE,
                             FALSE, NULL);
    UINT64 Id = Request->Node.Id;

    if (!Mdl)
        return NULL;
    Mdl->Process = (PVOID)Request;
    Mdl->MdlFlags |= MDL_PAGES_LOCKED;
    if (Request->Message.MajorFunction != IRP_MJ_WRITE)
        Mdl->MdlFlags |= MDL_WRITE_OPERATION;
    if (NT_SUCCESS(WdmFillFrames(Mdl, &Id)))
        return Mdl;
    IoFreeMdl(Mdl);
    return NULL;
}

/* MmBuildMdlForNonPagedPool: the memory is the driver's own. (WDK) */
VOID NTAPI MmBuildMdlForNonPagedPool(PMDL Mdl)
{
    Mdl->MdlFlags |= MDL_SOURCE_IS_NONPAGED_POOL;
    Mdl->MappedSystemVa = MmGetMdlVirtualAddress(Mdl);
    if (!NT_SUCCESS(WdmFillFrames(Mdl, NULL)))
        KeBugCheckEx(PAGE_FAULT_IN_NONPAGED_AREA, (ULONG_PTR)MmGetMdlVirtualAddress(Mdl), 0,
                     (ULONG_PTR)__builtin_return_address(0), 0);
}

/* MmProbeAndLockPages: raises STATUS_ACCESS_VIOLATION for memory that is not there. (WDK) */
VOID NTAPI MmProbeAndLockPages(PMDL Mdl, KPROCESSOR_MODE AccessMode, LOCK_OPERATION Operation)
{
    NTSTATUS Status = STATUS_SUCCESS;

    if (!WdmMdlRequest(Mdl))
        Status = WdmFillFrames(Mdl, NULL);
    if (!NT_SUCCESS(Status))
        ExRaiseStatus(Status);
    Mdl->MdlFlags |= MDL_PAGES_LOCKED;
    if (Operation != IoReadAccess)
        Mdl->MdlFlags |= MDL_WRITE_OPERATION;
}

VOID NTAPI MmUnlockPages(PMDL Mdl)
{
    Mdl->MdlFlags &= ~(MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA | MDL_WRITE_OPERATION);
}

/*
 * MmMapLockedPagesSpecifyCache: where the host sees the pages. NULL: no memory; nothing is mapped
 * for programs. (WDK)
 */
PVOID NTAPI MmMapLockedPagesSpecifyCache(PMDL Mdl, KPROCESSOR_MODE AccessMode,
                                         MEMORY_CACHING_TYPE CacheType, PVOID RequestedAddress,
                                         ULONG BugCheckOnFailure, MM_PAGE_PRIORITY Priority)
{
    PWDM_REQUEST Request = WdmMdlRequest(Mdl);

    if (AccessMode != KernelMode)
        ExRaiseStatus(STATUS_NOT_SUPPORTED);
    if (!Request)
        Mdl->MappedSystemVa = MmGetMdlVirtualAddress(Mdl);
    else if (NT_SUCCESS(WdmMapDirectData(Request)))
        Mdl->MappedSystemVa = Request->Direct + WdmMdlOffset(Mdl);
    else if (BugCheckOnFailure)
        KeBugCheckEx(NO_MORE_SYSTEM_PTES, 0, WdmMdlPages(Mdl), 0, 0);
    else
        return NULL;
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
 * (WDK)
 */
VOID NTAPI IoBuildPartialMdl(PMDL Source, PMDL Target, PVOID VirtualAddress, ULONG Length)
{
    ULONG Offset = (ULONG)((PUCHAR)VirtualAddress - (PUCHAR)MmGetMdlVirtualAddress(Source));
    ULONG FirstPage =
        (ULONG)(((PUCHAR)PAGE_ALIGN(VirtualAddress) - (PUCHAR)Source->StartVa) / PAGE_SIZE);

    if (Length == 0)
        Length = Source->ByteCount - Offset;
    MmInitializeMdl(Target, VirtualAddress, Length);
    Target->Process = Source->Process;
    Target->MdlFlags |= MDL_PARTIAL;
    Target->MdlFlags |= Source->MdlFlags & (MDL_SOURCE_IS_NONPAGED_POOL | MDL_MAPPED_TO_SYSTEM_VA |
                                            MDL_PAGES_LOCKED | MDL_WRITE_OPERATION);
    if (Target->MdlFlags & (MDL_SOURCE_IS_NONPAGED_POOL | MDL_MAPPED_TO_SYSTEM_VA))
        Target->MappedSystemVa = (PUCHAR)Source->MappedSystemVa + Offset;
    RtlCopyMemory(MmGetMdlPfnArray(Target), MmGetMdlPfnArray(Source) + FirstPage,
                  WdmMdlPages(Target) * sizeof(PFN_NUMBER));
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
