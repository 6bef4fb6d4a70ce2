/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the registry is kept in. The services (everything else in cm) know keys as nodes of a store
 * and reach what is in them by the store's operations only; memstore.c and its like keep all of it
 * in pool, and files can be put behind the same operations.
 *
 * Nothing that an operation returns by pointer is good after others have run, unless it has been
 * referenced. A node's number is good as long as it is referenced, also when its key has been
 * deleted meanwhile. Operations do not give way unless they say so.
 */
#pragma once
#include <nt/nt.h>

struct _SE_DESCRIPTOR;

typedef ULONG_PTR CM_NODE;  /* a key of a store; 0: none */
typedef ULONG_PTR CM_VALUE; /* a value of a key; 0: none */

typedef struct _CM_STORE {
    const struct _CM_STORE_OPERATIONS *Operations;
    CM_NODE Root;
} CM_STORE, *PCM_STORE;

/* Of a node */
#define CM_VOLATILE 0x1 /* not kept over a restart; such are its children */
#define CM_LINK 0x2     /* leads to where its value SymbolicLinkValue says */
#define CM_FIXED 0x4    /* cannot be deleted or renamed */
#define CM_MASTER 0x8   /* clients make no lasting keys right below it */

#define CM_SHORT_NAME 32 /* characters */
#define CM_LONG_NAME 512 /* bytes: of longer names, comparing each character would take long */

/* The name of a value, with what CmpPrepareName makes of it. */
typedef struct _CM_NAME {
    UNICODE_STRING Text;
    ULONG Hash;
    PWSTR Upper; /* pool: the text in upper case, if it is longer than CM_LONG_NAME; else NULL */
    WCHAR Short[CM_SHORT_NAME]; /* where a short text that was captured lies */
} CM_NAME, *PCM_NAME;

typedef struct _CM_NODE_FACTS {
    UNICODE_STRING Name, Class;
    LARGE_INTEGER LastWriteTime;
    ULONG Flags;
    ULONG SubKeys, Values;
    /* Bytes; of what there is or was since there was none */
    ULONG MaxNameLength, MaxClassLength, MaxValueNameLength, MaxValueDataLength;
    ULONG Wow64Flags, ControlFlags; /* clients': NtSetInformationKey */
} CM_NODE_FACTS, *PCM_NODE_FACTS;

/* A value as it was when it was referenced. */
typedef struct _CM_VALUE_VIEW {
    UNICODE_STRING Name;
    ULONG Type, DataLength;
    const void *Data;
    PVOID Reference[2]; /* the store's */
} CM_VALUE_VIEW, *PCM_VALUE_VIEW;

typedef struct _CM_STORE_OPERATIONS {
    void (*ReferenceNode)(CM_NODE Node);
    void (*DereferenceNode)(CM_NODE Node);
    BOOLEAN (*IsDeleted)(CM_NODE Node);
    ULONG (*Flags)(CM_NODE Node);
    /* Where its security descriptor is kept, which is dereferenced when it goes. */
    struct _SE_DESCRIPTOR **(*Security)(CM_NODE Node);
    CM_NODE (*Parent)(CM_NODE Node); /* 0: the root, or a deleted key */
    CM_NODE (*FindChild)(CM_NODE Node, PCUNICODE_STRING Name);
    CM_NODE (*ChildAt)(CM_NODE Node, ULONG Index); /* lasting keys first, then volatile ones */
    void (*QueryNode)(CM_NODE Node, PCM_NODE_FACTS Facts);
    /* STATUS_INSUFFICIENT_RESOURCES. There is no child of this name. */
    NTSTATUS(*CreateChild)
    (CM_NODE Node, PCUNICODE_STRING Name, PCUNICODE_STRING Class, ULONG Flags, CM_NODE *Child);
    void (*DeleteNode)(CM_NODE Node); /* it has no children, and is referenced. Gives way */
    /* STATUS_INSUFFICIENT_RESOURCES. The parent has no child of this name. */
    NTSTATUS (*RenameNode)(CM_NODE Node, PCUNICODE_STRING Name);
    void (*SetNodeTime)(CM_NODE Node, LONGLONG Time);
    void (*SetNodeFlags)(CM_NODE Node, ULONG Wow64Flags, ULONG ControlFlags);
    CM_VALUE (*FindValue)(CM_NODE Node, const CM_NAME *Name);
    CM_VALUE (*ValueAt)(CM_NODE Node, ULONG Index); /* oldest first */
    void (*ReferenceValue)(CM_VALUE Value, PCM_VALUE_VIEW View);
    void (*DereferenceValue)(PCM_VALUE_VIEW View); /* gives way */
    /* Room for a value's data, to be filled by the caller. NULL: no memory. Gives way. */
    PVOID (*AllocateData)(ULONG Length);
    void (*FreeData)(PVOID Data); /* gives way */
    /* Takes over Data if it succeeds. STATUS_INSUFFICIENT_RESOURCES. Gives way when it is done. */
    NTSTATUS (*SetValue)(CM_NODE Node, const CM_NAME *Name, ULONG Type, PVOID Data, ULONG Length);
    void (*DeleteValue)(CM_NODE Node, CM_VALUE Value); /* gives way when it is done */
} CM_STORE_OPERATIONS;
