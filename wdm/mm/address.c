/* SPDX-License-Identifier: BSD-2-Clause */
/* Which addresses are a program's, and which are there. */
#include "ki.h"
#include "ntdll.h"

/* The bounds that Windows documents for its user space. (WDK: ProbeForRead) */
#if defined(_WIN64)
#define MMP_USER_PROBE_ADDRESS 0x7FFFFFFF0000ULL
#define MMP_SYSTEM_RANGE_START 0xFFFF800000000000ULL
#else
#define MMP_USER_PROBE_ADDRESS 0x7FFF0000UL
#define MMP_SYSTEM_RANGE_START 0x80000000UL
#endif

/* Exported variables; the DDK's macros of the same names use them. */
PVOID MmHighestUserAddress = (PVOID)(MMP_USER_PROBE_ADDRESS - 0x10001);
PVOID MmSystemRangeStart = (PVOID)MMP_SYSTEM_RANGE_START;
ULONG_PTR KxMmUserProbeAddress = MMP_USER_PROBE_ADDRESS;

static VOID MmpProbe(ULONG_PTR Address, SIZE_T Length, ULONG Alignment)
{
    if (Address & (Alignment - 1))
        ExRaiseDatatypeMisalignment();
    if (Address + Length < Address || Address + Length > KxMmUserProbeAddress)
        ExRaiseAccessViolation();
}

/* ProbeForRead: raises STATUS_ACCESS_VIOLATION unless the region lies in user space, and
 * STATUS_DATATYPE_MISALIGNMENT. Nothing is read: what is not there faults where it is used. */
VOID NTAPI ProbeForRead(CONST VOID *Address, SIZE_T Length, ULONG Alignment)
{
    if (Length)
        MmpProbe((ULONG_PTR)Address, Length, Alignment);
}

/* ProbeForWrite: besides, every page of the region is written, so that it faults here. */
VOID NTAPI ProbeForWrite(PVOID Address, SIZE_T Length, ULONG Alignment)
{
    volatile UCHAR *Byte = Address;
    volatile UCHAR *Last = Byte + Length - 1;

    if (!Length)
        return;
    MmpProbe((ULONG_PTR)Address, Length, Alignment);
    do {
        *Byte = *Byte;
        Byte = (volatile UCHAR *)(((ULONG_PTR)Byte & ~(ULONG_PTR)(PAGE_SIZE - 1)) + PAGE_SIZE);
    } while (Byte <= Last);
    *Last = *Last;
}

/* MmIsAddressValid: whether reading it does not fault. */
BOOLEAN NTAPI MmIsAddressValid(PVOID VirtualAddress)
{
    MEMORY_BASIC_INFORMATION Region;

    return NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), VirtualAddress, 0, &Region,
                                           sizeof(Region), NULL)) &&
           Region.State == MEM_COMMIT && !(Region.Protect & (PAGE_NOACCESS | PAGE_GUARD));
}

BOOLEAN NTAPI MmIsNonPagedSystemAddressValid(PVOID VirtualAddress)
{
    return MmIsAddressValid(VirtualAddress);
}
