/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The basic types of NT. Usable from the Executive (ELF, LP64), from PE images (LLP64) and from
 * host tests, so LONG and ULONG are int-sized by name and every pointer-sized quantity says so.
 * (WDK: ntdef.h)
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef char CHAR, CCHAR, *PCHAR, *PSTR;
typedef const char *PCSTR, *PCCH;
typedef unsigned char UCHAR, BYTE, BOOLEAN, *PUCHAR, *PBYTE, *PBOOLEAN;
typedef signed char SCHAR;
typedef short SHORT, CSHORT, *PSHORT;
typedef unsigned short USHORT, WORD, *PUSHORT;
typedef unsigned short WCHAR, *PWCHAR, *PWSTR; /* a UTF-16 unit: literals are u"..." */
typedef const unsigned short *PCWSTR, *PCWCH;
typedef int INT, LONG, BOOL, *PLONG;
typedef unsigned int UINT, ULONG, DWORD, *PULONG;
/* Aligned by 8 on both architectures, as Windows has it (i386 ELF would align them by 4). */
typedef long long LONGLONG __attribute__((aligned(8))), LONG64 __attribute__((aligned(8)));
typedef unsigned long long ULONGLONG __attribute__((aligned(8))),
    ULONG64 __attribute__((aligned(8)));
typedef ULONGLONG DWORD64, DWORDLONG, *PULONGLONG, *PULONG64;
typedef LONGLONG *PLONGLONG;
typedef unsigned char UINT8;
typedef unsigned short UINT16;
typedef unsigned int UINT32;
typedef signed int INT32;
typedef unsigned long long UINT64;
typedef __INTPTR_TYPE__ INT_PTR, LONG_PTR, SSIZE_T, *PLONG_PTR;
typedef __UINTPTR_TYPE__ UINT_PTR, ULONG_PTR, SIZE_T, KAFFINITY, *PULONG_PTR, *PSIZE_T;
typedef void VOID, *PVOID;
typedef const void *PCVOID;
typedef PVOID HANDLE, *PHANDLE;
typedef LONG NTSTATUS, *PNTSTATUS;
typedef LONG KPRIORITY;
typedef ULONG ACCESS_MASK, *PACCESS_MASK;
typedef ULONG LCID, LOGICAL;

_Static_assert(sizeof(WCHAR) == 2 && sizeof(LONG) == 4 && sizeof(SIZE_T) == sizeof(PVOID),
               "basic types");

#include <ntstatus.h>

/*
 * CLIENT(PHANDLE): a PHANDLE that a program has given to a service. In the Executive its type is
 * one that can be neither dereferenced nor turned into an ordinary pointer, so that the compiler
 * refuses code that a hostile program could exploit; MmCopyFromClient and MmCopyToClient take it.
 * Elsewhere it is the type itself.
 */
#ifdef NTOS_CLIENT_POINTERS
#define CLIENT(type) __typeof__(*(type)0) __attribute__((noderef, address_space(1))) *
#else
#define CLIENT(type) type
#endif

#if defined(__i386__)
#define NTAPI __attribute__((stdcall))
#define FASTCALL __attribute__((fastcall))
#define CDECL __attribute__((cdecl))
#else
#define NTAPI
#define FASTCALL
#define CDECL
#endif
#define NTSYSAPI
#define NTSYSCALLAPI

#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define FORCEINLINE static inline __attribute__((always_inline, unused))
#define DECLSPEC_ALIGN(n) __attribute__((aligned(n)))
#define DECLSPEC_NORETURN __attribute__((noreturn))
#define UNREFERENCED_PARAMETER(p) ((void)(p))
#define ARRAYSIZE(a) (sizeof(a) / sizeof((a)[0]))
#define RTL_NUMBER_OF(a) ARRAYSIZE(a)
#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#define RTL_FIELD_SIZE(type, field) sizeof(((type *)0)->field)
#define CONTAINING_RECORD(address, type, field) ((type *)((PCHAR)(address)-offsetof(type, field)))
#define ALIGN_DOWN_BY(value, size) ((ULONG_PTR)(value) & ~((ULONG_PTR)(size)-1))
#define ALIGN_UP_BY(value, size) ALIGN_DOWN_BY((ULONG_PTR)(value) + (size)-1, size)
#define ALIGN_DOWN(value, type) ALIGN_DOWN_BY(value, sizeof(type))
#define ALIGN_UP(value, type) ALIGN_UP_BY(value, sizeof(type))
#define LOWORD(l) ((USHORT)((ULONG_PTR)(l)&0xffff))
#define HIWORD(l) ((USHORT)(((ULONG_PTR)(l) >> 16) & 0xffff))

#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif

#define MAXUSHORT 0xffff
#define MAXLONG 0x7fffffff
#define MINLONG (-MAXLONG - 1)
#define MAXULONG 0xffffffffu
#define MAXULONG_PTR (~(ULONG_PTR)0)
#define UNICODE_NULL ((WCHAR)0)
#define UNICODE_STRING_MAX_BYTES 0xfffe
#define UNICODE_STRING_MAX_CHARS 32767

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#define NT_INFORMATION(status) ((ULONG)(status) >> 30 == 1)
#define NT_WARNING(status) ((ULONG)(status) >> 30 == 2)
#define NT_ERROR(status) ((ULONG)(status) >> 30 == 3)

typedef union _LARGE_INTEGER {
    struct {
        ULONG LowPart;
        LONG HighPart;
    };
    struct {
        ULONG LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    struct {
        ULONG LowPart;
        ULONG HighPart;
    };
    struct {
        ULONG LowPart;
        ULONG HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef struct _LUID {
    ULONG LowPart;
    LONG HighPart;
} LUID, *PLUID;

typedef struct _GUID {
    ULONG Data1;
    USHORT Data2;
    USHORT Data3;
    UCHAR Data4[8];
} GUID, *PGUID;

/* A time that an interrupt updates: read High1Time, LowPart, High2Time until both highs agree. */
typedef struct _KSYSTEM_TIME {
    ULONG LowPart;
    LONG High1Time;
    LONG High2Time;
} KSYSTEM_TIME, *PKSYSTEM_TIME;

typedef struct _STRING {
    USHORT Length; /* bytes, without a terminator */
    USHORT MaximumLength;
    PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING, UTF8_STRING,
    *PUTF8_STRING;
typedef const STRING *PCSTRING, *PCANSI_STRING, *PCOEM_STRING, *PCUTF8_STRING;

typedef struct _UNICODE_STRING {
    USHORT Length; /* bytes, without a terminator */
    USHORT MaximumLength;
    PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

/* Initialisers for constant strings: UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device"); */
#define RTL_CONSTANT_STRING(s)                                                                     \
    {                                                                                              \
        sizeof(s) - sizeof((s)[0]), sizeof(s), (void *)(s)                                         \
    }
#define DECLARE_CONST_UNICODE_STRING(name, literal)                                                \
    const UNICODE_STRING name = RTL_CONSTANT_STRING(literal)

typedef struct _CLIENT_ID {
    HANDLE UniqueProcess;
    HANDLE UniqueThread;
} CLIENT_ID, *PCLIENT_ID;

typedef struct _OBJECT_ATTRIBUTES {
    ULONG Length;
    HANDLE RootDirectory;
    CLIENT(PUNICODE_STRING) ObjectName;
    ULONG Attributes;
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;
typedef const OBJECT_ATTRIBUTES *PCOBJECT_ATTRIBUTES;

#define OBJ_PROTECT_CLOSE 0x00000001
#define OBJ_INHERIT 0x00000002
#define OBJ_AUDIT_OBJECT_CLOSE 0x00000004
#define OBJ_PERMANENT 0x00000010
#define OBJ_EXCLUSIVE 0x00000020
#define OBJ_CASE_INSENSITIVE 0x00000040
#define OBJ_OPENIF 0x00000080
#define OBJ_OPENLINK 0x00000100
#define OBJ_KERNEL_HANDLE 0x00000200
#define OBJ_FORCE_ACCESS_CHECK 0x00000400
#define OBJ_IGNORE_IMPERSONATED_DEVICEMAP 0x00000800
#define OBJ_DONT_REPARSE 0x00001000
#define OBJ_VALID_ATTRIBUTES 0x00001ff2

FORCEINLINE void InitializeObjectAttributes(POBJECT_ATTRIBUTES Attributes, PCUNICODE_STRING Name,
                                            ULONG Flags, HANDLE Root, PVOID SecurityDescriptor)
{
    Attributes->Length = sizeof(*Attributes);
    Attributes->RootDirectory = Root;
    Attributes->ObjectName = (CLIENT(PUNICODE_STRING))Name;
    Attributes->Attributes = Flags;
    Attributes->SecurityDescriptor = SecurityDescriptor;
    Attributes->SecurityQualityOfService = NULL;
}

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
    struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

/* A node of the balanced trees of rtl/tree.c; ParentValue keeps the balance in its two low bits. */
typedef struct _RTL_BALANCED_NODE {
    union {
        struct _RTL_BALANCED_NODE *Children[2];
        struct {
            struct _RTL_BALANCED_NODE *Left;
            struct _RTL_BALANCED_NODE *Right;
        };
    };
    ULONG_PTR ParentValue;
} RTL_BALANCED_NODE, *PRTL_BALANCED_NODE;

/* Doubly linked circular lists. (WDK: InitializeListHead and its family) */
FORCEINLINE void InitializeListHead(PLIST_ENTRY Head)
{
    Head->Flink = Head->Blink = Head;
}

FORCEINLINE BOOLEAN IsListEmpty(const LIST_ENTRY *Head)
{
    return Head->Flink == Head;
}

FORCEINLINE void InsertHeadList(PLIST_ENTRY Head, PLIST_ENTRY Entry)
{
    Entry->Flink = Head->Flink;
    Entry->Blink = Head;
    Head->Flink->Blink = Entry;
    Head->Flink = Entry;
}

FORCEINLINE void InsertTailList(PLIST_ENTRY Head, PLIST_ENTRY Entry)
{
    Entry->Flink = Head;
    Entry->Blink = Head->Blink;
    Head->Blink->Flink = Entry;
    Head->Blink = Entry;
}

/* Returns TRUE when the list has become empty. The entry's own links are left as they were. */
FORCEINLINE BOOLEAN RemoveEntryList(PLIST_ENTRY Entry)
{
    Entry->Blink->Flink = Entry->Flink;
    Entry->Flink->Blink = Entry->Blink;
    return Entry->Flink == Entry->Blink;
}

/* The list must not be empty for these two. */
FORCEINLINE PLIST_ENTRY RemoveHeadList(PLIST_ENTRY Head)
{
    PLIST_ENTRY Entry = Head->Flink;

    RemoveEntryList(Entry);
    return Entry;
}

FORCEINLINE PLIST_ENTRY RemoveTailList(PLIST_ENTRY Head)
{
    PLIST_ENTRY Entry = Head->Blink;

    RemoveEntryList(Entry);
    return Entry;
}

FORCEINLINE void PushEntryList(PSINGLE_LIST_ENTRY Head, PSINGLE_LIST_ENTRY Entry)
{
    Entry->Next = Head->Next;
    Head->Next = Entry;
}

/* NULL when the list is empty. */
FORCEINLINE PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY Head)
{
    PSINGLE_LIST_ENTRY Entry = Head->Next;

    if (Entry)
        Head->Next = Entry->Next;
    return Entry;
}

#define ASSERT_SIZE64(type, size)                                                                  \
    _Static_assert(sizeof(void *) != 8 || sizeof(type) == (size), #type)
#define ASSERT_SIZE32(type, size)                                                                  \
    _Static_assert(sizeof(void *) != 4 || sizeof(type) == (size), #type)
/* The offset of a field on 64-bit and on 32-bit. */
#define ASSERT_OFFSET(type, field, offset64, offset32)                                             \
    _Static_assert(offsetof(type, field) == (sizeof(void *) == 8 ? (offset64) : (offset32)),       \
                   #type "." #field)

ASSERT_SIZE64(OBJECT_ATTRIBUTES, 0x30);
ASSERT_SIZE32(OBJECT_ATTRIBUTES, 0x18);
