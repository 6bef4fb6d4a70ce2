/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the object manager share: headers, types, directories, handle tables. */
#pragma once
#include "ob.h"
#include "ex.h"
#include "ke.h"
#include "mm.h"
#include "ps.h"
#include "dbg.h"

#define OBP_MAXIMUM_REPARSE 32 /* symbolic links met on the way to one object */
#define OBP_DIRECTORY_BUCKETS 37

/* ---- Types ---- */
struct _OBJECT_TYPE {
    OBJECT_TYPE_INITIALIZER Info;
    UNICODE_STRING Name;
    UCHAR Index;
    ULONG Objects, Handles;
    ULONG HighWaterObjects, HighWaterHandles;
};

extern POBJECT_TYPE ObpTypeType;
NTSTATUS ObpInitializeTypes(void);    /* the types of the object manager itself */
NTSTATUS ObpInsertInitialTypes(void); /* into \ObjectTypes, once that is there */

/* ---- Objects ---- */
#define OBP_PERMANENT 0x1 /* keeps its name without handles */
#define OBP_EXCLUSIVE 0x2 /* one process only may have handles */

typedef struct _OBJECT_HEADER {
    POBJECT_TYPE Type;
    struct _OBP_NAME *Name; /* its entry in a directory, NULL: unnamed */
    SIZE_T ReferenceCount;
    ULONG HandleCount;
    ULONG Flags;
    struct _EPROCESS *ExclusiveProcess; /* compared only */
    struct _OBJECT_HEADER *NextDeferred;
    ULONG_PTR Reserved[sizeof(PVOID) == 8 ? 1 : 0]; /* bodies are 16-byte aligned */
} __attribute__((aligned(16))) OBJECT_HEADER, *POBJECT_HEADER;

#define OBP_HEADER(object) ((POBJECT_HEADER)(object)-1)
#define OBP_BODY(header) ((PVOID)((POBJECT_HEADER)(header) + 1))

/* A temporary object whose last handle has gone loses its name. */
void ObpDeleteNameCheck(PVOID Object);

/* ---- Directories ---- */
typedef struct _OBP_NAME {
    LIST_ENTRY DirectoryEntry; /* OBP_DIRECTORY.Names, oldest first */
    struct _OBP_NAME *NextInBucket;
    struct _OBP_DIRECTORY *Directory; /* referenced */
    PVOID Object;                     /* referenced */
    ULONG Hash;
    UNICODE_STRING Name; /* its characters follow */
} OBP_NAME, *POBP_NAME;

typedef struct _OBP_DIRECTORY {
    LIST_ENTRY Names;
    POBP_NAME Bucket[OBP_DIRECTORY_BUCKETS];
} OBP_DIRECTORY, *POBP_DIRECTORY;

extern POBP_DIRECTORY ObpRootDirectory;
NTSTATUS ObpCreateDirectory(POBP_DIRECTORY *Directory);
PVOID ObpLookupEntry(POBP_DIRECTORY Directory,
                     PCUNICODE_STRING Name); /* not referenced; NULL: none */
NTSTATUS ObpInsertEntry(POBP_DIRECTORY Directory, PCUNICODE_STRING Name, PVOID Object);

/* ---- Symbolic links ---- */
typedef struct _OBP_SYMBOLIC_LINK {
    UNICODE_STRING Target; /* pool */
    LARGE_INTEGER CreationTime;
} OBP_SYMBOLIC_LINK, *POBP_SYMBOLIC_LINK;

void ObpDeleteSymbolicLink(PVOID Object);

/* ---- Namespace ---- */
typedef struct _OBP_LOOKUP {
    HANDLE RootDirectory;
    ULONG Attributes;
    ACCESS_MASK DesiredAccess;
    POBJECT_TYPE Type; /* what the caller wants, NULL: any */
    PVOID ParseContext;
    PVOID InsertObject; /* to be named, NULL: a look-up only */
    PVOID Object;       /* out, referenced: what was found; InsertObject if that was named */
} OBP_LOOKUP, *POBP_LOOKUP;

/* STATUS_OBJECT_NAME_EXISTS: OBJ_OPENIF found Object instead of naming InsertObject. */
NTSTATUS ObpLookupName(POBP_LOOKUP Lookup, PCUNICODE_STRING Name);

/* ---- Handles ---- */
typedef struct _HANDLE_ENTRY {
    PVOID Object; /* NULL: free */
    union {
        ACCESS_MASK Access;
        ULONG NextFree;
    };
    ULONG Attributes; /* OBJ_INHERIT, OBJ_PROTECT_CLOSE */
} HANDLE_ENTRY, *PHANDLE_ENTRY;

#define OBP_HANDLE_ATTRIBUTES (OBJ_INHERIT | OBJ_PROTECT_CLOSE)

PHANDLE_ENTRY ObpLookupHandle(struct _EPROCESS *Process,
                              HANDLE Handle); /* no pseudo handles; valid until a wait */
NTSTATUS ObpReferenceHandle(struct _EPROCESS *Process, HANDLE Handle,
                            PHANDLE_ENTRY Entry); /* pseudo handles too */
NTSTATUS ObpGrantAccess(PVOID Object, ACCESS_MASK DesiredAccess, ACCESS_MASK *Granted);
NTSTATUS ObpCreateHandle(struct _EPROCESS *Process, PVOID Object, ACCESS_MASK GrantedAccess,
                         ULONG Attributes, PHANDLE Handle);
