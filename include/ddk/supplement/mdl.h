/* SPDX-License-Identifier: BSD-2-Clause */
/* Mappings: flags that are or-ed to a MM_PAGE_PRIORITY, and MmMapIoSpaceEx (Windows 10). */
#pragma once

#ifndef MdlMappingNoExecute
#define MdlMappingNoExecute 0x40000000
#define MdlMappingNoWrite 0x80000000
#define MdlMappingWithGuardPtes 0x20000000
#endif

#ifndef PAGE_READWRITE
#define PAGE_READONLY 0x02
#define PAGE_READWRITE 0x04
#endif
#ifndef PAGE_NOCACHE
#define PAGE_NOCACHE 0x200
#endif
#ifndef PAGE_WRITECOMBINE
#define PAGE_WRITECOMBINE 0x400
#endif

/* MmMapIoSpaceEx: Protect is PAGE_READONLY or PAGE_READWRITE, with PAGE_NOCACHE or
 * PAGE_WRITECOMBINE. It is MmMapIoSpace, which maps for writing, too. */
FORCEINLINE PVOID MmpSupplementMapIoSpaceEx(PHYSICAL_ADDRESS Address, SIZE_T NumberOfBytes,
                                            ULONG Protect)
{
    return MmMapIoSpace(Address, NumberOfBytes,
                        Protect & PAGE_NOCACHE        ? MmNonCached
                        : Protect & PAGE_WRITECOMBINE ? MmWriteCombined
                                                      : MmCached);
}
#define MmMapIoSpaceEx MmpSupplementMapIoSpaceEx
