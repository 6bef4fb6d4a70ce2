/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects: handles, access masks, directories, symbolic links. (WDK: wdm.h; documented by
 * NtQueryObject and others) */
#pragma once

#include <nt/ntdef.h>

/* Access masks */
#define DELETE 0x00010000
#define READ_CONTROL 0x00020000
#define WRITE_DAC 0x00040000
#define WRITE_OWNER 0x00080000
#define SYNCHRONIZE 0x00100000
#define STANDARD_RIGHTS_REQUIRED 0x000f0000
#define STANDARD_RIGHTS_READ READ_CONTROL
#define STANDARD_RIGHTS_WRITE READ_CONTROL
#define STANDARD_RIGHTS_EXECUTE READ_CONTROL
#define STANDARD_RIGHTS_ALL 0x001f0000
#define SPECIFIC_RIGHTS_ALL 0x0000ffff
#define ACCESS_SYSTEM_SECURITY 0x01000000
#define MAXIMUM_ALLOWED 0x02000000
#define GENERIC_ALL 0x10000000
#define GENERIC_EXECUTE 0x20000000
#define GENERIC_WRITE 0x40000000
#define GENERIC_READ 0x80000000u

#define DIRECTORY_QUERY 0x0001
#define DIRECTORY_TRAVERSE 0x0002
#define DIRECTORY_CREATE_OBJECT 0x0004
#define DIRECTORY_CREATE_SUBDIRECTORY 0x0008
#define DIRECTORY_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0xf)
#define SYMBOLIC_LINK_QUERY 0x0001
#define SYMBOLIC_LINK_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0x1)
#define OBJECT_TYPE_CREATE 0x0001

/* What the generic rights mean for an object type */
typedef struct _GENERIC_MAPPING {
    ACCESS_MASK GenericRead;
    ACCESS_MASK GenericWrite;
    ACCESS_MASK GenericExecute;
    ACCESS_MASK GenericAll;
} GENERIC_MAPPING, *PGENERIC_MAPPING;

#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define NtCurrentThread() ((HANDLE)(LONG_PTR)-2)
#define ZwCurrentProcess() NtCurrentProcess()
#define ZwCurrentThread() NtCurrentThread()

/* NtDuplicateObject options */
#define DUPLICATE_CLOSE_SOURCE 0x1
#define DUPLICATE_SAME_ACCESS 0x2
#define DUPLICATE_SAME_ATTRIBUTES 0x4

typedef enum _OBJECT_INFORMATION_CLASS {
    ObjectBasicInformation = 0,
    ObjectNameInformation = 1,
    ObjectTypeInformation = 2,
    ObjectTypesInformation = 3,
    ObjectHandleFlagInformation = 4,
    ObjectSessionInformation = 5,
    ObjectSessionObjectInformation = 6,
    MaxObjectInfoClass = 7,
} OBJECT_INFORMATION_CLASS;

typedef struct _OBJECT_BASIC_INFORMATION {
    ULONG Attributes;
    ACCESS_MASK GrantedAccess;
    ULONG HandleCount;
    ULONG PointerCount;
    ULONG PagedPoolCharge;
    ULONG NonPagedPoolCharge;
    ULONG Reserved[3];
    ULONG NameInfoSize;
    ULONG TypeInfoSize;
    ULONG SecurityDescriptorSize;
    LARGE_INTEGER CreationTime;
} OBJECT_BASIC_INFORMATION, *POBJECT_BASIC_INFORMATION;

typedef struct _OBJECT_NAME_INFORMATION {
    UNICODE_STRING Name; /* the characters follow in the same buffer */
} OBJECT_NAME_INFORMATION, *POBJECT_NAME_INFORMATION;

typedef struct _OBJECT_TYPE_INFORMATION {
    UNICODE_STRING TypeName;
    ULONG TotalNumberOfObjects;
    ULONG TotalNumberOfHandles;
    ULONG TotalPagedPoolUsage;
    ULONG TotalNonPagedPoolUsage;
    ULONG TotalNamePoolUsage;
    ULONG TotalHandleTableUsage;
    ULONG HighWaterNumberOfObjects;
    ULONG HighWaterNumberOfHandles;
    ULONG HighWaterPagedPoolUsage;
    ULONG HighWaterNonPagedPoolUsage;
    ULONG HighWaterNamePoolUsage;
    ULONG HighWaterHandleTableUsage;
    ULONG InvalidAttributes;
    GENERIC_MAPPING GenericMapping;
    ULONG ValidAccessMask;
    BOOLEAN SecurityRequired;
    BOOLEAN MaintainHandleCount;
    UCHAR TypeIndex;
    CHAR ReservedByte;
    ULONG PoolType;
    ULONG DefaultPagedPoolCharge;
    ULONG DefaultNonPagedPoolCharge;
} OBJECT_TYPE_INFORMATION, *POBJECT_TYPE_INFORMATION;

/* Then NumberOfTypes times an OBJECT_TYPE_INFORMATION with its name; each begins where a pointer
 * may. */
typedef struct _OBJECT_TYPES_INFORMATION {
    ULONG NumberOfTypes;
} OBJECT_TYPES_INFORMATION, *POBJECT_TYPES_INFORMATION;

typedef struct _OBJECT_HANDLE_FLAG_INFORMATION {
    BOOLEAN Inherit;
    BOOLEAN ProtectFromClose;
} OBJECT_HANDLE_FLAG_INFORMATION, *POBJECT_HANDLE_FLAG_INFORMATION;

/* NtQueryDirectoryObject gives an array of these, ended by an empty one; the strings follow in the
 * same buffer. */
typedef struct _OBJECT_DIRECTORY_INFORMATION {
    UNICODE_STRING Name;
    UNICODE_STRING TypeName;
} OBJECT_DIRECTORY_INFORMATION, *POBJECT_DIRECTORY_INFORMATION;

ASSERT_SIZE64(OBJECT_BASIC_INFORMATION, 0x38);
ASSERT_SIZE32(OBJECT_BASIC_INFORMATION, 0x38);
ASSERT_SIZE64(OBJECT_TYPE_INFORMATION, 0x68);
ASSERT_SIZE32(OBJECT_TYPE_INFORMATION, 0x60);

NTSTATUS NTAPI NtClose(HANDLE Handle);
NTSTATUS NTAPI NtDuplicateObject(HANDLE SourceProcess, HANDLE SourceHandle, HANDLE TargetProcess,
                                 CLIENT(PHANDLE) TargetHandle, ACCESS_MASK DesiredAccess,
                                 ULONG HandleAttributes, ULONG Options);
NTSTATUS NTAPI NtMakeTemporaryObject(HANDLE Handle);
NTSTATUS NTAPI NtSetInformationObject(HANDLE Handle, OBJECT_INFORMATION_CLASS Class,
                                      CLIENT(PVOID) Information, ULONG Length);
#ifndef STATUS_NOT_SAME_OBJECT /* mingw-w64 has no name for it */
#define STATUS_NOT_SAME_OBJECT ((NTSTATUS)0xc00001ac)
#endif
NTSTATUS NTAPI NtCompareObjects(HANDLE FirstHandle, HANDLE SecondHandle);
NTSTATUS NTAPI NtQueryObject(HANDLE Handle, OBJECT_INFORMATION_CLASS Class,
                             CLIENT(PVOID) Information, ULONG Length, CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtCreateDirectoryObject(CLIENT(PHANDLE) DirectoryHandle, ACCESS_MASK DesiredAccess,
                                       CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtOpenDirectoryObject(CLIENT(PHANDLE) DirectoryHandle, ACCESS_MASK DesiredAccess,
                                     CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE DirectoryHandle, CLIENT(PVOID) Buffer, ULONG Length,
                                      BOOLEAN ReturnSingleEntry, BOOLEAN RestartScan,
                                      CLIENT(PULONG) Context, CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtCreateSymbolicLinkObject(CLIENT(PHANDLE) LinkHandle, ACCESS_MASK DesiredAccess,
                                          CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                          CLIENT(PUNICODE_STRING) Target);
NTSTATUS NTAPI NtOpenSymbolicLinkObject(CLIENT(PHANDLE) LinkHandle, ACCESS_MASK DesiredAccess,
                                        CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtQuerySymbolicLinkObject(HANDLE LinkHandle, CLIENT(PUNICODE_STRING) Target,
                                         CLIENT(PULONG) ReturnedLength);
