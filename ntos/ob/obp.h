/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the object manager share: headers, types, directories, handle tables. */
#pragma once
#include "ob.h"
#include "ex.h"
#include "ke.h"
#include "mm.h"
#include "ps.h"
#include "se.h"
#include "dbg.h"

#define OBP_MAXIMUM_REPARSE 32 /* symbolic links met on the way to one object */

/* ---- Types ---- */
struct _OBJECT_TYPE {
    OBJECT_TYPE_INITIALIZER Info;
    UNICODE_STRING Name;
    UCHAR Index;
    ULONG Objects, Handles;
    ULONG HighWaterObjects, HighWaterHandles;
};

extern POBJECT_TYPE ObpTypeType;
#define OBP_MAXIMUM_TYPES 64
extern POBJECT_TYPE ObpTypes[OBP_MAXIMUM_TYPES]; /* in the order of their indices */
extern ULONG ObpTypeCount;
NTSTATUS ObpInitializeTypes(void);    /* the types of the object manager itself */
NTSTATUS ObpInsertInitialTypes(void); /* into \ObjectTypes, once that is there */

/* ---- Objects ---- */
#define OBP_PERMANENT 0x1 /* keeps its name without handles */
#define OBP_EXCLUSIVE 0x2 /* one process only may have handles, if it asks for that */
#define OBP_LOST_NAME 0x4 /* with its last handle */

typedef struct _OBJECT_HEADER {
    POBJECT_TYPE Type;
    struct _OBP_NAME *Name; /* its entry in a directory, NULL: unnamed */
    SIZE_T ReferenceCount;
    ULONG HandleCount;
    ULONG Flags;
    struct _EPROCESS *ExclusiveProcess; /* compared only; NULL: all may have handles */
    struct _OBJECT_HEADER *NextDeferred;
    PSE_DESCRIPTOR Security; /* referenced; NULL: everybody may do everything */
} __attribute__((aligned(16))) OBJECT_HEADER, *POBJECT_HEADER;

#define OBP_HEADER(object) ((POBJECT_HEADER)(object)-1)
#define OBP_BODY(header) ((PVOID)((POBJECT_HEADER)(header) + 1))

/* A temporary object whose last handle has gone loses its name. */
void ObpDeleteNameCheck(PVOID Object);

/* ---- Directories ---- */
/* Two trees rather than a table, because a table has to grow, which takes long when there are many
 * names. */
typedef struct _OBP_NAME {
    RTL_BALANCED_NODE NameNode;       /* OBP_DIRECTORY.Names */
    RTL_BALANCED_NODE NumberNode;     /* OBP_DIRECTORY.Numbers */
    struct _OBP_DIRECTORY *Directory; /* referenced */
    PVOID Object;                     /* referenced */
    ULONG Hash;                       /* of the name in upper case */
    ULONG Number;
    UNICODE_STRING Name; /* its characters follow */
} OBP_NAME, *POBP_NAME;

typedef struct _OBP_DIRECTORY {
    struct _OBP_DIRECTORY *Shadow; /* for good: where look-ups go on that find nothing; or NULL */
    RTL_AVL_TREE Names;            /* by hash, name in upper case, name */
    RTL_AVL_TREE Numbers; /* by number: as NtQueryDirectoryObject lists them, oldest first */
    ULONG NextNumber;
    ULONG Changes; /* how often a name has come or gone */
} OBP_DIRECTORY, *POBP_DIRECTORY;

#define OBP_NO_NUMBER MAXULONG /* numbers of names are below */

extern POBP_DIRECTORY ObpRootDirectory;
NTSTATUS ObpCreateDirectory(POBP_DIRECTORY *Directory);
typedef struct _OBP_SEARCH {
    POBP_DIRECTORY Directory; /* referenced by the caller */
    PCUNICODE_STRING Name;    /* nobody else may change it */
    BOOLEAN IgnoreCase;       /* else the case of letters counts */
    POBP_NAME Found;          /* out; NULL: none */
    ULONG Hash;               /* out, and the place for the name if there is none: */
    PRTL_BALANCED_NODE Parent;
    BOOLEAN After;
} OBP_SEARCH, *POBP_SEARCH;

/* Gives way; what it has found is true until its caller does. STATUS_THREAD_IS_TERMINATING. */
NTSTATUS ObpSearchDirectory(POBP_SEARCH Search);
/* The name with this number, or the first one after it; NULL: none. */
POBP_NAME ObpNameFrom(POBP_DIRECTORY Directory, ULONG Number);
/* After a search that has found nothing, before anyone else has run. */
NTSTATUS ObpInsertEntry(POBP_SEARCH Search, PVOID Object);

/* ---- Symbolic links ---- */
typedef struct _OBP_SYMBOLIC_LINK {
    UNICODE_STRING Target; /* pool */
    LARGE_INTEGER CreationTime;
} OBP_SYMBOLIC_LINK, *POBP_SYMBOLIC_LINK;

void ObpDeleteSymbolicLink(PVOID Object);
/* Where the link leads the calling process. */
PCUNICODE_STRING ObpLinkTarget(POBP_SYMBOLIC_LINK Link);
NTSTATUS ObpCreateDosDevices(void); /* \?? and what lies behind it */

/* ---- Namespace ---- */
typedef struct _OBP_LOOKUP {
    HANDLE RootDirectory;
    ULONG Attributes;
    ACCESS_MASK DesiredAccess;
    POBJECT_TYPE Type; /* what the caller wants, NULL: any */
    PVOID ParseContext;
    PVOID InsertObject;                                /* to be named, NULL: a look-up only */
    BOOLEAN Check;                                     /* it is for a client, whose rights count */
    PISECURITY_DESCRIPTOR_RELATIVE SecurityDescriptor; /* that InsertObject is to have, or NULL */
    PVOID Object; /* out, referenced: what was found; InsertObject if that was named */
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

#define OBP_BLOCK_ENTRIES OB_HANDLES_A_BLOCK
#define OBP_MAXIMUM_BLOCKS (OB_MAXIMUM_HANDLES / OBP_BLOCK_ENTRIES)

typedef struct _HANDLE_TABLE {
    PHANDLE_ENTRY *Blocks;
    ULONG BlockSlots; /* room in Blocks */
    ULONG BlockCount;
    ULONG FirstFree; /* index, 0: none */
    ULONG Count;     /* handles */
    ULONG HighWater; /* the most there have been */
} HANDLE_TABLE, *PHANDLE_TABLE;

NTSTATUS ObpGrowTable(PHANDLE_TABLE Table); /* by a block of free entries */
/* May the process have a handle with these attributes? If so it will get one. */
NTSTATUS ObpClaim(POBJECT_HEADER Header, struct _EPROCESS *Process, ULONG Attributes);
void ObpFillEntry(PHANDLE_ENTRY Entry, PVOID Object, ACCESS_MASK Access, ULONG Attributes);
/* Closes all handles of a table that its process has lost. May give way. */
void ObpDeleteTable(struct _EPROCESS *Process, PHANDLE_TABLE Table);

PHANDLE_ENTRY ObpLookupHandle(struct _EPROCESS *Process,
                              HANDLE Handle); /* no pseudo handles; valid until a wait */
NTSTATUS ObpReferenceHandle(struct _EPROCESS *Process, HANDLE Handle,
                            PHANDLE_ENTRY Entry); /* pseudo handles too */
/* What a new handle grants whoever need not be asked. STATUS_PRIVILEGE_NOT_HELD. */
NTSTATUS ObpGrantAccess(PVOID Object, ACCESS_MASK DesiredAccess, ACCESS_MASK *Granted);

/* ---- Security (security.c) ---- */
/* Gives the new object, which nobody else knows yet, its descriptor. Parent is the directory that
 * it will be in, or NULL. Gives way. */
NTSTATUS ObpAssignSecurity(PVOID Object, PVOID Parent, PISECURITY_DESCRIPTOR_RELATIVE Creator);
/* For objects that the system itself makes. */
NTSTATUS ObpAssignSystemSecurity(PVOID Object, SE_PUBLIC_ACCESS Public);
/* May the client step through the directory? */
NTSTATUS ObpCheckTraverse(PVOID Directory);
/* May it put an object of the type there? */
NTSTATUS ObpCheckCreate(PVOID Directory, POBJECT_TYPE Type);
NTSTATUS ObpCreateHandle(struct _EPROCESS *Process, PVOID Object, ACCESS_MASK GrantedAccess,
                         ULONG Attributes, PHANDLE Handle);
