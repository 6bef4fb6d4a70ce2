/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of ntdll/ldr share. Everything but image.c, relocate.c and exports.c is called
 * with the loader lock. */
#pragma once

#include <nt/nt.h>

/*
 * A mapped image whose headers have been checked. Nothing in an image is trusted: what its tables
 * point to is only reached through the LdrpImage routines, which return NULL for what lies outside
 * of its headers and sections.
 */
typedef struct _LDRP_IMAGE {
    PUCHAR Base;
    ULONG Size;
    PIMAGE_NT_HEADERS Headers;
    PIMAGE_SECTION_HEADER Sections;
    ULONG SectionCount; /* as it was when the headers were checked: relocations may write there */
    ULONG HeaderSize;
} LDRP_IMAGE, *PLDRP_IMAGE;

/* Thunks, indices and addresses in images, which linkers need not align */
typedef ULONG_PTR UNALIGNED_WORD __attribute__((aligned(1)));
typedef ULONG UNALIGNED_ULONG __attribute__((aligned(1)));
typedef USHORT UNALIGNED_USHORT __attribute__((aligned(1)));

/* A loaded module: the entry that the PEB shows, and what only the loader needs. */
typedef struct _LDRP_MODULE {
    LDR_DATA_TABLE_ENTRY Entry;
    LDRP_IMAGE Image;
    struct _LDRP_MODULE **Imports; /* a reference to each */
    ULONG ImportCount;
    BOOLEAN Bound;  /* its imports are resolved */
    BOOLEAN Pinned; /* loaded with the process: never unloaded */
} LDRP_MODULE, *PLDRP_MODULE;

#define LDRP_NO_TLS 0
#define LDRP_HAS_TLS 0xffff

/* Modules that name each other may be this deep; so may forwarders. */
#define LDRP_MAXIMUM_DEPTH 32

#if DBG
#define LDR_TRACE(...) DbgPrint("LDR: " __VA_ARGS__)
#else
#define LDR_TRACE(...) ((void)0)
#endif

extern PEB_LDR_DATA LdrpData;
extern RTL_CRITICAL_SECTION LdrpLoaderLock;

/* image.c */
/* Checks the headers of an image of ViewSize mapped bytes. STATUS_INVALID_IMAGE_FORMAT. */
NTSTATUS LdrpOpenImage(PVOID Base, SIZE_T ViewSize, PLDRP_IMAGE Image);
PVOID LdrpImageData(const LDRP_IMAGE *Image, ULONG Rva, SIZE_T Length);
/* The elements may lie at any address. */
PVOID LdrpImageTable(const LDRP_IMAGE *Image, ULONG Rva, ULONG Count, ULONG ElementSize);
PCSTR LdrpImageString(const LDRP_IMAGE *Image, ULONG Rva);
/* The number of bytes from Rva to the end of the section (or headers) it is in; 0 outside. */
ULONG LdrpImageExtent(const LDRP_IMAGE *Image, ULONG Rva);
/* A data directory, NULL if there is none or it is outside; *Size is cut down to what is inside. */
PVOID LdrpImageDirectory(const LDRP_IMAGE *Image, ULONG Index, PULONG Size);
BOOLEAN LdrpAddressInImage(const LDRP_IMAGE *Image, const void *Address);

/* relocate.c: makes an image right for the place where it is. STATUS_CONFLICTING_ADDRESSES: it
 * cannot be moved. */
NTSTATUS LdrpRelocate(const LDRP_IMAGE *Image);
/* The pure part: applies the blocks of relocations, with everything writable. */
NTSTATUS LdrpApplyRelocations(const LDRP_IMAGE *Image, ULONG_PTR Delta);

/* exports.c: what an image exports, by name, or by ordinal if Name is NULL. */
typedef struct _LDRP_EXPORT {
    PVOID Address;
    PCSTR Forwarder; /* "MODULE.Name" or "MODULE.#7" in place of the address */
} LDRP_EXPORT, *PLDRP_EXPORT;

NTSTATUS LdrpFindExport(const LDRP_IMAGE *Image, PCSTR Name, ULONG Hint, ULONG Ordinal,
                        PLDRP_EXPORT Export);

/* imports.c */
NTSTATUS LdrpBindImports(PLDRP_MODULE Module, ULONG Depth);
/* Follows forwarders. */
NTSTATUS LdrpResolveExport(PLDRP_MODULE Module, PCSTR Name, ULONG Hint, ULONG Ordinal, ULONG Depth,
                           PVOID *Address);

/* module.c */
PLDRP_MODULE LdrpFindModule(PCUNICODE_STRING BaseName);
PLDRP_MODULE LdrpFindModuleByBase(PVOID Base);
/* Enters a mapped image into the lists by load and memory order. NULL: out of memory. */
PLDRP_MODULE LdrpAddModule(const LDRP_IMAGE *Image, PCUNICODE_STRING FullName);
void LdrpRemoveModule(PLDRP_MODULE Module);

/* load.c */
/* By path or base name; takes a reference. */
NTSTATUS LdrpLoadModule(PCWSTR SearchPath, PCUNICODE_STRING Name, ULONG Depth,
                        PLDRP_MODULE *Module);
NTSTATUS LdrpLoadModuleAnsi(PCSTR Name, SIZE_T Length, ULONG Depth, PLDRP_MODULE *Module);
void LdrpDereferenceModule(PLDRP_MODULE Module);

/* initialize.c: DllMain and TLS callbacks */
NTSTATUS LdrpInitializeModules(BOOLEAN Static);
void LdrpDetachModule(PLDRP_MODULE Module);
void LdrpCallThreadRoutines(ULONG Reason);

/* tls.c */
NTSTATUS LdrpAllocateTls(PLDRP_MODULE Module);
void LdrpFreeTls(PLDRP_MODULE Module);
NTSTATUS LdrpCreateThreadTls(void);
void LdrpFreeThreadTls(void);
void LdrpCallTlsCallbacks(PLDRP_MODULE Module, ULONG Reason);
