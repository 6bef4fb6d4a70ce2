/* SPDX-License-Identifier: BSD-2-Clause */
/* The object manager: types, names, directories, symbolic links, reference counts, handles. */
#pragma once
#include <nt/nt.h>

struct _EPROCESS;
struct _HANDLE_TABLE;
struct _SE_DESCRIPTOR;
struct _OBJECT_TYPE;
typedef struct _OBJECT_TYPE OBJECT_TYPE, *POBJECT_TYPE;

/* What a parse method is given besides the remaining name: for files, the parameters of
 * NtCreateFile (io.h). */
typedef NTSTATUS (*OB_PARSE_METHOD)(PVOID Object, PUNICODE_STRING RemainingName, ULONG Attributes,
                                    ACCESS_MASK DesiredAccess, PVOID ParseContext, PVOID *Result);

typedef struct _OBJECT_TYPE_INITIALIZER {
    const WCHAR *Name;
    GENERIC_MAPPING Mapping;
    ACCESS_MASK ValidAccess;
    BOOLEAN CaseInsensitive;  /* its names are looked up without regard to case, always */
    BOOLEAN SecurityRequired; /* objects without a name have a descriptor too */
    BOOLEAN Waitable;      /* the body begins with a DISPATCHER_HEADER (or WaitObject says where) */
    OB_PARSE_METHOD Parse; /* NULL: names end here. Result comes referenced */
    BOOLEAN CheckParse;    /* what Parse opens needs the same access to the object itself */
    BOOLEAN (*ChecksItself)(PVOID Object); /* NULL: none. Those of which Parse checks all access */
    POBJECT_TYPE *ParsedType; /* whose look-ups Parse gets the parse context of; others get none */
    NTSTATUS(*Open)
    (PVOID Object, struct _EPROCESS *Process, ACCESS_MASK Access); /* a handle is being made */
    void (*Close)(PVOID Object, struct _EPROCESS *Process,
                  ULONG Handles); /* a handle is gone; count of what is left */
    void (*Delete)(PVOID Object); /* the last reference is gone; may wait only if DeferDelete */
    BOOLEAN DeferDelete;          /* Delete runs on a system thread of its own */
    PVOID (*WaitObject)(PVOID Object); /* NULL: the body itself */
    NTSTATUS(*QueryName)
    (PVOID Object, PUNICODE_STRING Name);       /* NULL: the name in the namespace. Name is pool */
    ACCESS_MASK (*MaximumAccess)(PVOID Object); /* NULL: ValidAccess. What MAXIMUM_ALLOWED gives */
    struct _SE_DESCRIPTOR **(*Security)(
        PVOID Object); /* where the descriptor is kept, or NULL; NULL: with the object */
} OBJECT_TYPE_INITIALIZER;

void ObInitialize(void); /* Directory, SymbolicLink, Type types; \, \Device, \Driver, \ObjectTypes,
                            \KnownDlls … */
NTSTATUS ObCreateObjectType(const OBJECT_TYPE_INITIALIZER *Initializer, POBJECT_TYPE *Type);

extern POBJECT_TYPE ObDirectoryType, ObSymbolicLinkType;

/* ---- Lifetime ---- */
NTSTATUS ObCreateObject(POBJECT_TYPE Type, SIZE_T BodySize,
                        PVOID *Object); /* zeroed body, one reference, no name */
void ObReferenceObject(PVOID Object);
void ObDereferenceObject(PVOID Object);
POBJECT_TYPE ObGetObjectType(PVOID Object);
ULONG ObGetReferenceCount(PVOID Object);
BOOLEAN ObIsPermanent(PVOID Object); /* its name keeps it */

/* ---- Client arguments, captured ---- */
typedef struct _OB_ATTRIBUTES {
    HANDLE RootDirectory;
    ULONG Attributes;                                  /* OBJ_ flags */
    UNICODE_STRING Name;                               /* pool; Length 0 = no name */
    PISECURITY_DESCRIPTOR_RELATIVE SecurityDescriptor; /* pool; NULL: none is given */
} OB_ATTRIBUTES, *POB_ATTRIBUTES;

/* ClientAttributes may be NULL: no name. Errors: STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER,
   STATUS_OBJECT_NAME_INVALID …. Release with ObFreeAttributes. */
NTSTATUS ObCaptureAttributes(POB_ATTRIBUTES Attributes,
                             CLIENT(POBJECT_ATTRIBUTES) ClientAttributes);
void ObFreeAttributes(POB_ATTRIBUTES Attributes);

/* ---- Names ---- */
/* Absolute Path from the system itself; Type NULL = any. The object comes referenced. */
NTSTATUS ObReferenceObjectByName(PUNICODE_STRING Path, POBJECT_TYPE Type, ACCESS_MASK DesiredAccess,
                                 PVOID ParseContext, PVOID *Object);
/* The same with a client's captured attributes (RootDirectory). */
NTSTATUS ObReferenceObjectByAttributes(POB_ATTRIBUTES Attributes, ACCESS_MASK DesiredAccess,
                                       POBJECT_TYPE Type, PVOID ParseContext, PVOID *Object);
/* Gives Object the absolute name Path in the namespace (the directory keeps a reference:
 * permanent). */
NTSTATUS ObInsertName(PVOID Object, PUNICODE_STRING Path);
void ObRemoveName(PVOID Object); /* takes it out of its directory; ignored when it has no name */
NTSTATUS ObCreateDirectoryAt(const WCHAR *Path);
NTSTATUS ObCreateSymbolicLinkAt(PUNICODE_STRING Path, PUNICODE_STRING Target);
/* Full path of a named object into pool memory (free with ExFreeUnicodeString); empty for an
 * unnamed one. */
NTSTATUS ObQueryName(PVOID Object, PUNICODE_STRING Name);

/*
 * The end of every NtCreateXxx: names the new object if Attributes has a name (OBJ_OPENIF opens
 * what is there instead), makes a handle in the current process and writes it to ClientHandle.
 * Always consumes the caller's reference, also on failure. Returns STATUS_OBJECT_NAME_EXISTS,
 * STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_TYPE_MISMATCH ….
 */
NTSTATUS ObInsertObject(PVOID Object, POB_ATTRIBUTES Attributes, ACCESS_MASK DesiredAccess,
                        CLIENT(PHANDLE) ClientHandle);
/* The whole of every NtOpenXxx. */
NTSTATUS ObOpenObjectByName(CLIENT(PHANDLE) ClientHandle, ACCESS_MASK DesiredAccess,
                            CLIENT(POBJECT_ATTRIBUTES) ClientAttributes, POBJECT_TYPE Type,
                            PVOID ParseContext);
/* The same with attributes captured already and the handle returned instead of written. */
NTSTATUS ObOpenObject(POB_ATTRIBUTES Attributes, ACCESS_MASK DesiredAccess, POBJECT_TYPE Type,
                      PVOID ParseContext, PHANDLE Handle);

/* ---- Security ---- */
/* Replaces the object's descriptor by one that comes referenced; NULL: everybody may do everything.
 */
void ObSetSecurity(PVOID Object, struct _SE_DESCRIPTOR *Descriptor);
/* Where the object's descriptor is kept; NULL: it cannot have one. */
struct _SE_DESCRIPTOR **ObGetSecurity(PVOID Object);
/* What a client may have of DesiredAccess, which may have generic bits, to the object. Gives way.
 * STATUS_ACCESS_DENIED, STATUS_PRIVILEGE_NOT_HELD …. */
NTSTATUS ObCheckAccess(PVOID Object, ACCESS_MASK DesiredAccess, PACCESS_MASK Granted);
const GENERIC_MAPPING *ObGetGenericMapping(POBJECT_TYPE Type);
/* What a handle of the current process grants; 0: there is no such. */
ACCESS_MASK ObQueryHandleAccess(HANDLE Handle);

/* ---- Handles (multiples of 4; NtCurrentProcess/NtCurrentThread pseudo handles are understood)
 * ---- */
#define OB_MAXIMUM_HANDLES 65536 /* a process; STATUS_INSUFFICIENT_RESOURCES beyond */
typedef struct _OB_HANDLE_LIST {
    ULONG Count;
    HANDLE *Handles;
} OB_HANDLE_LIST;
/* Of a process that has none yet, with copies of Parent's inheritable handles if that is not NULL;
 * of those in List alone, if that is not NULL (STATUS_INVALID_PARAMETER: one is not inheritable).
 * May give way. */
NTSTATUS ObCreateHandleTable(struct _EPROCESS *Process, struct _EPROCESS *Parent,
                             const OB_HANDLE_LIST *List);
void ObCloseAllHandles(struct _EPROCESS *Process); /* at process exit; frees the table */
NTSTATUS ObCreateHandle(struct _EPROCESS *Process, PVOID Object, ACCESS_MASK DesiredAccess,
                        ULONG Attributes,
                        PHANDLE Handle); /* adds a reference of its own; asks nobody */
/* The same for the calling thread's process if the calling thread may have the access. Gives way.
 */
NTSTATUS ObOpenObjectByPointer(PVOID Object, ACCESS_MASK DesiredAccess, ULONG Attributes,
                               PHANDLE Handle);
NTSTATUS ObCloseHandle(struct _EPROCESS *Process, HANDLE Handle);
/* A handle of Source's becomes one of Target's too, with the same access and attributes. As
 * ObCreateHandle; STATUS_INVALID_HANDLE. */
NTSTATUS ObDuplicateHandle(struct _EPROCESS *Source, HANDLE SourceHandle, struct _EPROCESS *Target,
                           PHANDLE Handle);
/* Type NULL = any. STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_DENIED. */
NTSTATUS ObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK DesiredAccess, POBJECT_TYPE Type,
                                   PVOID *Object);
/* Any waitable object with SYNCHRONIZE access; WaitObject is what KeWait takes.
 * STATUS_OBJECT_TYPE_MISMATCH if not waitable. */
NTSTATUS ObReferenceWaitableObject(HANDLE Handle, PVOID *Object, PVOID *WaitObject);
/* A handle on its way to another process (duplicate.c). */
typedef struct _OB_CARRIED_HANDLE {
    PVOID Object; /* referenced */
    ACCESS_MASK Access;
    ULONG Attributes; /* OBJ_ flags */
} OB_CARRIED_HANDLE, *POB_CARRIED_HANDLE;
/* Of the current process, with Options as NtDuplicateObject has them, whose statuses these give. */
NTSTATUS ObPickUpHandle(HANDLE Handle, ACCESS_MASK DesiredAccess, ULONG HandleAttributes,
                        ULONG Options, POB_CARRIED_HANDLE Carried);
/* A handle in Process; Carried stays the caller's. */
NTSTATUS ObPutDownHandle(struct _EPROCESS *Process, const OB_CARRIED_HANDLE *Carried,
                         PHANDLE Handle);
ULONG ObGetHandleCount(struct _EPROCESS *Process);
ULONG ObGetHandleHighWater(struct _EPROCESS *Process); /* the most there have been at once */

/* Handles of a process, for those who list them: a block of its table at a time, since others run
 * meanwhile. */
#define OB_HANDLES_A_BLOCK 128
typedef struct _OB_HANDLE_FACTS {
    HANDLE Handle;
    PVOID Object; /* not referenced */
    ACCESS_MASK Access;
    ULONG Attributes; /* OBJ_ flags */
    UCHAR TypeIndex;
    ULONG HandleCount;
    SIZE_T PointerCount;
} OB_HANDLE_FACTS, *POB_HANDLE_FACTS;
/* Those of block Block (0, 1, ...), at most OB_HANDLES_A_BLOCK. FALSE: there is no such block. */
BOOLEAN ObDescribeHandles(struct _EPROCESS *Process, ULONG Block, POB_HANDLE_FACTS Facts,
                          PULONG Count);

/* ---- Access masks ---- */
/* Generic rights turned into the type's own; MAXIMUM_ALLOWED stays. */
ACCESS_MASK ObMapGenericAccess(POBJECT_TYPE Type, ACCESS_MASK Access);
