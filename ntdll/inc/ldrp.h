/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of ntdll/ldr share. Everything but image.c, relocate.c and exports.c is called
 * with the loader lock. */
#pragma once

#include <nt/nt.h>

/* The section table is where SizeOfOptionalHeader puts it, at any address. */
typedef IMAGE_SECTION_HEADER LDRP_SECTION __attribute__((aligned(1)));
typedef LDRP_SECTION *PLDRP_SECTION;

/*
 * A mapped image whose headers have been checked. Nothing in an image is trusted: what its tables
 * point to is only reached through the LdrpImage routines, which return NULL for what lies outside
 * of its headers and sections.
 */
typedef struct _LDRP_IMAGE {
    PUCHAR Base;
    ULONG Size; /* whole pages */
    PIMAGE_NT_HEADERS Headers;
    PLDRP_SECTION Sections;
    ULONG SectionCount; /* as it was when the headers were checked: relocations may write there */
    ULONG HeaderSize;   /* with the section table; all of an image that is mapped as one piece */
} LDRP_IMAGE, *PLDRP_IMAGE;

/* Thunks, indices and addresses in images, which linkers need not align */
typedef ULONG_PTR UNALIGNED_WORD __attribute__((aligned(1)));
typedef ULONG UNALIGNED_ULONG __attribute__((aligned(1)));
typedef USHORT UNALIGNED_USHORT __attribute__((aligned(1)));

/* A loaded module: the entry that the PEB shows, and what only the loader needs. A module stays as
 * long as it is pinned or has been loaded more often than unloaded, or one that stays imports it.
 */
typedef struct _LDRP_MODULE {
    LDR_DATA_TABLE_ENTRY Entry;
    LDR_DDAG_NODE Node; /* Entry.DdagNode */
    LDRP_IMAGE Image;
    struct _LDRP_MODULE **Imports; /* those that it needs */
    ULONG ImportCount, ImportRoom;
    ULONG LoadCount; /* LdrLoadDll and its like, less LdrUnloadDll */
    ULONG Held;      /* by those who load it and do not need it yet */
    NTSTATUS Status; /* why it cannot be used: it was not bound, or its DllMain has failed */
    BOOLEAN Bound;   /* its imports are resolved */
    BOOLEAN Pinned;  /* never unloaded: what a process starts with, for one */
    BOOLEAN Unloading;
    BOOLEAN Wanted;                /* unload.c, initialize.c */
    struct _LDRP_MODULE *NextUsed; /* module.c */
} LDRP_MODULE, *PLDRP_MODULE;

/* The greatest depth of modules that import each other, and of forwarders. */
#define LDRP_MAXIMUM_DEPTH 32

/* Where forwarders have led that somebody has asked for; those modules are held. */
typedef struct _LDRP_FORWARDERS {
    ULONG Count;
    struct {
        PLDRP_MODULE Exporter, Module;
    } Links[LDRP_MAXIMUM_DEPTH];
} LDRP_FORWARDERS, *PLDRP_FORWARDERS;

#define LDRP_NO_TLS 0
#define LDRP_HAS_TLS 0xffff

/* Where the system's own DLLs are, for programs. */
#define LDRP_WINDOWS_DIRECTORY u"C:\\windows"
#define LDRP_SYSTEM_DIRECTORY LDRP_WINDOWS_DIRECTORY u"\\system32"

/* What a load goes by; the modules that it brings along go by the same. */
typedef struct _LDRP_LOAD {
    PCWSTR SearchPath;     /* directories with semicolons between; NULL: the usual ones */
    PLDRP_MODULE Importer; /* or NULL */
    ULONG Depth;
    LDR_DLL_LOAD_REASON Reason;
    BOOLEAN Unbound;    /* neither bound nor initialised */
    BOOLEAN Redirected; /* by an activation context */
    BOOLEAN Driver;     /* the user is told what is missing, as of a program */
    /* Who needs what forwarders lead to: a module that is bound; or NULL, and it is told here. */
    PLDRP_MODULE Needing;
    PLDRP_FORWARDERS Forwarders;
} LDRP_LOAD, *PLDRP_LOAD;

/* Flags of LoadLibraryEx: where to look, and what is no module. */
#define LDRP_SEARCH_FLAGS                                                                          \
    (LOAD_WITH_ALTERED_SEARCH_PATH | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR |                            \
     LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS |                         \
     LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)
#define LDRP_DATA_FLAGS                                                                            \
    (LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE | LOAD_LIBRARY_AS_IMAGE_RESOURCE)

#define LDRP_NAME_ROOM 260

/* A complete name, with a NUL */
typedef struct _LDRP_NAME {
    UNICODE_STRING String;
    WCHAR Buffer[LDRP_NAME_ROOM]; /* if it fits */
} LDRP_NAME, *PLDRP_NAME;

#if DBG
#define LDR_TRACE(...) LdrpTrace("LDR: " __VA_ARGS__)
void LdrpTrace(PCSTR Format, ...); /* to the debug log, also of a debuggee (rtl/debug.c) */
#else
#define LDR_TRACE(...) ((void)0)
#endif

extern PEB_LDR_DATA LdrpData;
extern RTL_CRITICAL_SECTION LdrpLoaderLock;

/* harderror.c: while the process starts, or a driver is loaded, the user is told (LdrpErrorsRaised
 * counts) … */
extern ULONG LdrpErrorsRaised;
void LdrpRaiseMissingDll(const LDRP_LOAD *Load, PCSTR Name, NTSTATUS Error);
void LdrpRaiseMissingExport(const LDRP_LOAD *Load, PLDRP_MODULE Dll, PCSTR Name,
                            ULONG Ordinal); /* Name NULL: by Ordinal */
void LdrpRaiseFailedInit(PLDRP_MODULE Dll);
void LdrpRaiseFailedStart(NTSTATUS Status); /* … if nothing has been said yet */

/* image.c */
/* Checks the headers of an image of ViewSize mapped bytes. STATUS_INVALID_IMAGE_FORMAT. */
NTSTATUS LdrpOpenImage(PVOID Base, SIZE_T ViewSize, PLDRP_IMAGE Image);
PVOID LdrpImageData(const LDRP_IMAGE *Image, ULONG Rva, SIZE_T Length);
/* The elements may lie at any address. */
PVOID LdrpImageTable(const LDRP_IMAGE *Image, ULONG Rva, ULONG Count, ULONG ElementSize);
PCSTR LdrpImageString(const LDRP_IMAGE *Image, ULONG Rva);
/* The number of bytes from Rva to the end of the section (or headers) it is in; 0 outside. */
ULONG LdrpImageExtent(const LDRP_IMAGE *Image, ULONG Rva);
/* A data directory of which Least bytes are inside, or NULL. *Size is what the headers say, cut
 * down to what is inside; linkers, packers and people with editors write anything there, even 0. */
PVOID LdrpImageDirectory(const LDRP_IMAGE *Image, ULONG Index, ULONG Least, PULONG Size);
BOOLEAN LdrpAddressInImage(const LDRP_IMAGE *Image, const void *Address);

/* relocate.c: adapts an image to the address where it is. STATUS_CONFLICTING_ADDRESSES: it cannot
 * be moved. */
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
NTSTATUS LdrpBindImports(PLDRP_MODULE Module, const LDRP_LOAD *Load);
/* Follows forwarders. */
NTSTATUS LdrpResolveExport(PLDRP_MODULE Module, PCSTR Name, ULONG Hint, ULONG Ordinal,
                           const LDRP_LOAD *Load, PVOID *Address);

/* apiset.c: the schema, and whether Name is an API set; Host is the DLL that stands for it, or
 * nothing. An extension that the schema does not know is one that nobody implements. */
extern const ULONG LdrpApiSetSchema[];
BOOLEAN LdrpResolveApiSet(PCUNICODE_STRING Name, PCUNICODE_STRING Importer, PUNICODE_STRING Host);

/* name.c */
BOOLEAN LdrpContains(PCUNICODE_STRING String, WCHAR Character);
UNICODE_STRING LdrpLastPart(PCUNICODE_STRING Path);
/* What is to be looked for: a DOS path, or a file's name. Importer, the base name of the module
 * that asks, may be NULL. STATUS_DLL_NOT_FOUND (an API set that nobody implements),
 * STATUS_OBJECT_NAME_INVALID, STATUS_NAME_TOO_LONG, STATUS_NO_MEMORY. */
NTSTATUS LdrpCompleteName(PCUNICODE_STRING Name, PCUNICODE_STRING Importer, PLDRP_NAME Complete);
void LdrpFreeName(PLDRP_NAME Name);

/* search.c: the section of a complete name, and the full DOS path, whose buffer is the caller's to
 * free. STATUS_DLL_NOT_FOUND; what sections of images are refused with. */
/* A full path from a relative one, on the heap. */
NTSTATUS LdrpFullName(PCWSTR Path, PUNICODE_STRING FullName);
NTSTATUS LdrpOpenModule(PCWSTR SearchPath, PCUNICODE_STRING Name, ULONG Attributes,
                        PUNICODE_STRING FullName, PHANDLE Section);

/* directory.c: the list for a load with flags of LoadLibraryEx; Module is the path that is loaded,
 * or NULL. RtlReleasePath. */
NTSTATUS LdrpMakeDllPath(PCWSTR Module, ULONG Flags, PWSTR *Path);

/* module.c */
PLDRP_MODULE LdrpFindModule(PCUNICODE_STRING BaseName);
/* By a full path, or a name without a directory. */
PLDRP_MODULE LdrpFindNamed(PCUNICODE_STRING Name);
PLDRP_MODULE LdrpFindModuleByBase(PVOID Base);
/* Enters a mapped image into the lists by load and memory order. NULL: out of memory. */
PLDRP_MODULE LdrpAddModule(const LDRP_IMAGE *Image, PCUNICODE_STRING FullName);
void LdrpRemoveModule(PLDRP_MODULE Module);

/* The counts that programs see are to follow LoadCount and Pinned. */
void LdrpShowCount(PLDRP_MODULE Module);
/* Importer needs Module from now on; a NULL Importer needs nothing. STATUS_NO_MEMORY. */
NTSTATUS LdrpAddImport(PLDRP_MODULE Importer, PLDRP_MODULE Module);
/* Marks no module as wanted, or all. */
void LdrpMarkAll(BOOLEAN Wanted);
/* Marks one and puts it before Used, unless it is marked. */
void LdrpMark(PLDRP_MODULE Module, PLDRP_MODULE *Used);

/* unload.c */
/* While Change is 1 more, what has been loaded and not initialised yet stays. At the end what was
 * to be unloaded meanwhile goes: what is to stay is held or counted before. */
void LdrpLoading(LONG Change);
/* Detaches and unmaps what nobody needs. In a DllMain that this calls, it comes later. */
void LdrpUnloadUnused(void);

/* notify.c: tells those who have registered. */
void LdrpNotify(ULONG Reason, PLDRP_MODULE Module);

/* data.c: whether a handle is of a file that is mapped for its data; such a handle's low bits say
 * so. */
#define LdrpIsDataFile(handle) (((ULONG_PTR)(handle)&3) != 0)
NTSTATUS LdrpLoadData(PCWSTR SearchPath, PCUNICODE_STRING Name, ULONG Flags, PVOID *Handle);
NTSTATUS LdrpUnloadData(PVOID Handle);

/* resource.c: in the module or data file itself */
NTSTATUS LdrpFindResource(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels,
                          BOOLEAN WantDirectory, PVOID *Found);
NTSTATUS LdrpAccessData(PVOID DllHandle, const void *Entry, PVOID *Address, PULONG Length);
/* satellite.c: in a module's satellites, if it has any */
NTSTATUS LdrpFindInSatellites(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels,
                              BOOLEAN WantDirectory, PVOID *Found);
/* The satellite that an entry lies in, or else DllHandle. */
PVOID LdrpResourceHolder(PVOID DllHandle, const void *Entry);
void LdrpUnmapSatellites(PVOID Module);
void LdrpForgetSatellite(PVOID Handle); /* a data file that its program unloads itself */

/* redirect.c */
/* A name without a directory becomes a full path where an active context has that DLL. */
NTSTATUS LdrpRedirect(PLDRP_NAME Name, PBOOLEAN Redirected);
/* The context of a manifest that the DLL has, if any; it is active while the DLL is bound and
 * called. STATUS_SXS_CANT_GEN_ACTCTX, STATUS_NO_MEMORY */
NTSTATUS LdrpMakeContext(PLDRP_MODULE Module);
NTSTATUS LdrpActivate(PLDRP_MODULE Module, PULONG_PTR Cookie);
void LdrpDeactivate(ULONG_PTR Cookie);

/* load.c */
/* By path or base name. The module stays until the next LdrpUnloadUnused, unless the caller counts
 * it or makes it somebody's import. */
NTSTATUS LdrpLoadModule(const LDRP_LOAD *Load, PCUNICODE_STRING Name, PLDRP_MODULE *Module);
/* One level deeper than Load. */
NTSTATUS LdrpLoadModuleAnsi(const LDRP_LOAD *Load, PCSTR Name, SIZE_T Length, PLDRP_MODULE *Module);

/* startup.c: kernel32!BaseThreadInitThunk, which calls StartRoutine and ends the thread with what
 * that returns; NULL without kernel32. */
#if defined(__i386__)
#define LDRP_FASTCALL __attribute__((fastcall))
#else
#define LDRP_FASTCALL
#endif
typedef void(LDRP_FASTCALL *PLDRP_THREAD_START)(ULONG Reserved,
                                                PUSER_THREAD_START_ROUTINE StartRoutine,
                                                PVOID Argument);
extern PLDRP_THREAD_START LdrpThreadStart;

/* initialize.c: DllMain and TLS callbacks */
/* Of a module and those that it needs; NULL: of all, as the process starts. */
NTSTATUS LdrpInitializeModules(PLDRP_MODULE Needing);
/* They never will be: a driver, and those it brings along. */
void LdrpSkipInitialization(PLDRP_MODULE Needing);
/* If it is attached. */
void LdrpDetachModule(PLDRP_MODULE Module);
void LdrpCallThreadRoutines(ULONG Reason);
BOOLEAN LdrpSkipsThreadRoutines(void); /* the calling thread, at its start and at its end */
/* It works for the loader, or wants nothing of it: it has no static TLS either, waits for nobody's
 * lock, and leaves the start of the process to another. */
BOOLEAN LdrpSkipsLoader(void);
void CDECL LdrpResetFloatingState(void); /* arch */

/* tls.c */
NTSTATUS LdrpAllocateTls(PLDRP_MODULE Module);
void LdrpFreeTls(PLDRP_MODULE Module);
NTSTATUS LdrpCreateThreadTls(void);
void LdrpFreeThreadTls(void);
void LdrpCallTlsCallbacks(PLDRP_MODULE Module, ULONG Reason);
