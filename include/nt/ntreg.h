/* SPDX-License-Identifier: BSD-2-Clause */
/* The registry: keys and values. (WDK: wdm.h, ntddk.h; Win32: winnt.h, winternl.h) */
#pragma once

#include <nt/ntob.h>
#include <nt/ntio.h>

/* Access rights */
#define KEY_QUERY_VALUE 0x0001
#define KEY_SET_VALUE 0x0002
#define KEY_CREATE_SUB_KEY 0x0004
#define KEY_ENUMERATE_SUB_KEYS 0x0008
#define KEY_NOTIFY 0x0010
#define KEY_CREATE_LINK 0x0020
#define KEY_WOW64_64KEY 0x0100 /* these two are asked for, but never granted */
#define KEY_WOW64_32KEY 0x0200
#define KEY_READ 0x20019
#define KEY_WRITE 0x20006
#define KEY_EXECUTE KEY_READ
#define KEY_ALL_ACCESS 0xf003f

/* Options of NtCreateKey and NtOpenKeyEx */
#define REG_OPTION_NON_VOLATILE 0x00
#define REG_OPTION_VOLATILE 0x01
#define REG_OPTION_CREATE_LINK 0x02
#define REG_OPTION_BACKUP_RESTORE 0x04
#define REG_OPTION_OPEN_LINK 0x08
#define REG_OPTION_DONT_VIRTUALIZE 0x10
#define REG_LEGAL_OPTION 0x1f
#define REG_OPEN_LEGAL_OPTION                                                                      \
    (REG_OPTION_BACKUP_RESTORE | REG_OPTION_OPEN_LINK | REG_OPTION_DONT_VIRTUALIZE)

/* What NtCreateKey has done */
#define REG_CREATED_NEW_KEY 1
#define REG_OPENED_EXISTING_KEY 2

/* Types of values */
#define REG_NONE 0
#define REG_SZ 1
#define REG_EXPAND_SZ 2
#define REG_BINARY 3
#define REG_DWORD 4
#define REG_DWORD_LITTLE_ENDIAN 4
#define REG_DWORD_BIG_ENDIAN 5
#define REG_LINK 6
#define REG_MULTI_SZ 7
#define REG_RESOURCE_LIST 8
#define REG_FULL_RESOURCE_DESCRIPTOR 9
#define REG_RESOURCE_REQUIREMENTS_LIST 10
#define REG_QWORD 11

/* What NtNotifyChangeKey can wait for */
#define REG_NOTIFY_CHANGE_NAME 0x1
#define REG_NOTIFY_CHANGE_ATTRIBUTES 0x2
#define REG_NOTIFY_CHANGE_LAST_SET 0x4
#define REG_NOTIFY_CHANGE_SECURITY 0x8
#define REG_NOTIFY_THREAD_AGNOSTIC 0x10000000
#define REG_LEGAL_CHANGE_FILTER 0x1000000f

#define REG_MAX_KEY_NAME_LENGTH 512         /* bytes; a name has at most 255 characters */
#define REG_MAX_KEY_VALUE_NAME_LENGTH 32767 /* bytes; a name has at most 16,383 characters */

typedef enum _KEY_INFORMATION_CLASS {
    KeyBasicInformation,
    KeyNodeInformation,
    KeyFullInformation,
    KeyNameInformation,
    KeyCachedInformation,
    KeyFlagsInformation,
    KeyVirtualizationInformation,
    KeyHandleTagsInformation,
    KeyTrustInformation,
    KeyLayerInformation,
    MaxKeyInfoClass,
} KEY_INFORMATION_CLASS;

typedef struct _KEY_BASIC_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_BASIC_INFORMATION, *PKEY_BASIC_INFORMATION;

typedef struct _KEY_NODE_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG ClassOffset; /* from the start of the structure; MAXULONG: there is none */
    ULONG ClassLength;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_NODE_INFORMATION, *PKEY_NODE_INFORMATION;

typedef struct _KEY_FULL_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG ClassOffset;
    ULONG ClassLength;
    ULONG SubKeys;
    ULONG MaxNameLen;
    ULONG MaxClassLen;
    ULONG Values;
    ULONG MaxValueNameLen;
    ULONG MaxValueDataLen;
    WCHAR Class[1];
} KEY_FULL_INFORMATION, *PKEY_FULL_INFORMATION;

typedef struct _KEY_NAME_INFORMATION {
    ULONG NameLength;
    WCHAR Name[1];
} KEY_NAME_INFORMATION, *PKEY_NAME_INFORMATION;

typedef struct _KEY_CACHED_INFORMATION {
    LARGE_INTEGER LastWriteTime;
    ULONG TitleIndex;
    ULONG SubKeys;
    ULONG MaxNameLen;
    ULONG Values;
    ULONG MaxValueNameLen;
    ULONG MaxValueDataLen;
    ULONG NameLength;
} KEY_CACHED_INFORMATION, *PKEY_CACHED_INFORMATION;

typedef struct _KEY_FLAGS_INFORMATION {
    ULONG Wow64Flags;
    ULONG KeyFlags; /* REG_FLAG_ */
    ULONG ControlFlags;
} KEY_FLAGS_INFORMATION, *PKEY_FLAGS_INFORMATION;

#define REG_FLAG_VOLATILE 0x1
#define REG_FLAG_LINK 0x2

typedef struct _KEY_VIRTUALIZATION_INFORMATION {
    ULONG VirtualizationCandidate : 1;
    ULONG VirtualizationEnabled : 1;
    ULONG VirtualTarget : 1;
    ULONG VirtualStore : 1;
    ULONG VirtualSource : 1;
    ULONG Reserved : 27;
} KEY_VIRTUALIZATION_INFORMATION, *PKEY_VIRTUALIZATION_INFORMATION;

typedef struct _KEY_HANDLE_TAGS_INFORMATION {
    ULONG HandleTags;
} KEY_HANDLE_TAGS_INFORMATION, *PKEY_HANDLE_TAGS_INFORMATION;

typedef struct _KEY_TRUST_INFORMATION {
    ULONG TrustedKey : 1;
    ULONG Reserved : 31;
} KEY_TRUST_INFORMATION, *PKEY_TRUST_INFORMATION;

typedef struct _KEY_LAYER_INFORMATION {
    ULONG IsTombstone : 1;
    ULONG IsSupersedeLocal : 1;
    ULONG IsSupersedeTree : 1;
    ULONG ClassIsInherited : 1;
    ULONG Reserved : 28;
} KEY_LAYER_INFORMATION, *PKEY_LAYER_INFORMATION;

typedef enum _KEY_SET_INFORMATION_CLASS {
    KeyWriteTimeInformation,
    KeyWow64FlagsInformation,
    KeyControlFlagsInformation,
    KeySetVirtualizationInformation,
    KeySetDebugInformation,
    KeySetHandleTagsInformation,
    KeySetLayerInformation,
    MaxKeySetInfoClass,
} KEY_SET_INFORMATION_CLASS;

typedef struct _KEY_WRITE_TIME_INFORMATION {
    LARGE_INTEGER LastWriteTime;
} KEY_WRITE_TIME_INFORMATION, *PKEY_WRITE_TIME_INFORMATION;

typedef enum _KEY_VALUE_INFORMATION_CLASS {
    KeyValueBasicInformation,
    KeyValueFullInformation,
    KeyValuePartialInformation,
    KeyValueFullInformationAlign64,
    KeyValuePartialInformationAlign64,
    KeyValueLayerInformation,
    MaxKeyValueInfoClass,
} KEY_VALUE_INFORMATION_CLASS;

typedef struct _KEY_VALUE_BASIC_INFORMATION {
    ULONG TitleIndex;
    ULONG Type;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_VALUE_BASIC_INFORMATION, *PKEY_VALUE_BASIC_INFORMATION;

typedef struct _KEY_VALUE_FULL_INFORMATION {
    ULONG TitleIndex;
    ULONG Type;
    ULONG DataOffset; /* from the start of the structure; MAXULONG: there are no data */
    ULONG DataLength;
    ULONG NameLength;
    WCHAR Name[1];
} KEY_VALUE_FULL_INFORMATION, *PKEY_VALUE_FULL_INFORMATION;

typedef struct _KEY_VALUE_PARTIAL_INFORMATION {
    ULONG TitleIndex;
    ULONG Type;
    ULONG DataLength;
    UCHAR Data[1];
} KEY_VALUE_PARTIAL_INFORMATION, *PKEY_VALUE_PARTIAL_INFORMATION;

typedef struct _KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 {
    ULONG Type;
    ULONG DataLength;
    UCHAR Data[1];
} KEY_VALUE_PARTIAL_INFORMATION_ALIGN64, *PKEY_VALUE_PARTIAL_INFORMATION_ALIGN64;

/* NtQueryMultipleValueKey is given the names and fills in the rest. */
typedef struct _KEY_VALUE_ENTRY {
    PUNICODE_STRING ValueName;
    ULONG DataLength;
    ULONG DataOffset; /* in the buffer */
    ULONG Type;
} KEY_VALUE_ENTRY, *PKEY_VALUE_ENTRY;

ASSERT_SIZE64(KEY_BASIC_INFORMATION, 0x18);
ASSERT_SIZE32(KEY_BASIC_INFORMATION, 0x18);
ASSERT_SIZE64(KEY_FULL_INFORMATION, 0x30);
ASSERT_SIZE32(KEY_FULL_INFORMATION, 0x30);
ASSERT_SIZE64(KEY_CACHED_INFORMATION, 0x28);
ASSERT_SIZE32(KEY_CACHED_INFORMATION, 0x28);
ASSERT_SIZE64(KEY_VALUE_FULL_INFORMATION, 0x18);
ASSERT_SIZE32(KEY_VALUE_FULL_INFORMATION, 0x18);
ASSERT_SIZE64(KEY_VALUE_ENTRY, 0x18);
ASSERT_SIZE32(KEY_VALUE_ENTRY, 0x10);

NTSTATUS NTAPI NtCreateKey(CLIENT(PHANDLE) KeyHandle, ACCESS_MASK DesiredAccess,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, ULONG TitleIndex,
                           CLIENT(PUNICODE_STRING) Class, ULONG CreateOptions,
                           CLIENT(PULONG) Disposition);
NTSTATUS NTAPI NtOpenKey(CLIENT(PHANDLE) KeyHandle, ACCESS_MASK DesiredAccess,
                         CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtOpenKeyEx(CLIENT(PHANDLE) KeyHandle, ACCESS_MASK DesiredAccess,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, ULONG OpenOptions);
NTSTATUS NTAPI NtDeleteKey(HANDLE KeyHandle);
NTSTATUS NTAPI NtRenameKey(HANDLE KeyHandle, CLIENT(PUNICODE_STRING) NewName);
NTSTATUS NTAPI NtQueryKey(HANDLE KeyHandle, KEY_INFORMATION_CLASS Class,
                          CLIENT(PVOID) KeyInformation, ULONG Length, CLIENT(PULONG) ResultLength);
NTSTATUS NTAPI NtEnumerateKey(HANDLE KeyHandle, ULONG Index, KEY_INFORMATION_CLASS Class,
                              CLIENT(PVOID) KeyInformation, ULONG Length,
                              CLIENT(PULONG) ResultLength);
NTSTATUS NTAPI NtSetInformationKey(HANDLE KeyHandle, KEY_SET_INFORMATION_CLASS Class,
                                   CLIENT(PVOID) KeyInformation, ULONG Length);
NTSTATUS NTAPI NtSetValueKey(HANDLE KeyHandle, CLIENT(PUNICODE_STRING) ValueName, ULONG TitleIndex,
                             ULONG Type, CLIENT(PVOID) Data, ULONG DataSize);
NTSTATUS NTAPI NtQueryValueKey(HANDLE KeyHandle, CLIENT(PUNICODE_STRING) ValueName,
                               KEY_VALUE_INFORMATION_CLASS Class, CLIENT(PVOID) KeyValueInformation,
                               ULONG Length, CLIENT(PULONG) ResultLength);
NTSTATUS NTAPI NtEnumerateValueKey(HANDLE KeyHandle, ULONG Index, KEY_VALUE_INFORMATION_CLASS Class,
                                   CLIENT(PVOID) KeyValueInformation, ULONG Length,
                                   CLIENT(PULONG) ResultLength);
NTSTATUS NTAPI NtDeleteValueKey(HANDLE KeyHandle, CLIENT(PUNICODE_STRING) ValueName);
NTSTATUS NTAPI NtQueryMultipleValueKey(HANDLE KeyHandle, CLIENT(PKEY_VALUE_ENTRY) ValueEntries,
                                       ULONG EntryCount, CLIENT(PVOID) ValueBuffer,
                                       CLIENT(PULONG) BufferLength,
                                       CLIENT(PULONG) RequiredBufferLength);
NTSTATUS NTAPI NtFlushKey(HANDLE KeyHandle);
NTSTATUS NTAPI NtNotifyChangeKey(HANDLE KeyHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                 PVOID ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                 ULONG CompletionFilter, BOOLEAN WatchTree, CLIENT(PVOID) Buffer,
                                 ULONG BufferSize, BOOLEAN Asynchronous);
NTSTATUS NTAPI NtNotifyChangeMultipleKeys(HANDLE MasterKeyHandle, ULONG Count,
                                          CLIENT(POBJECT_ATTRIBUTES) SubordinateObjects,
                                          HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                          PVOID ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                          ULONG CompletionFilter, BOOLEAN WatchTree,
                                          CLIENT(PVOID) Buffer, ULONG BufferSize,
                                          BOOLEAN Asynchronous);

/* ---- What ntdll adds ---- */
/* What a path is relative to */
#define RTL_REGISTRY_ABSOLUTE 0
#define RTL_REGISTRY_SERVICES 1
#define RTL_REGISTRY_CONTROL 2
#define RTL_REGISTRY_WINDOWS_NT 3
#define RTL_REGISTRY_DEVICEMAP 4
#define RTL_REGISTRY_USER 5
#define RTL_REGISTRY_MAXIMUM 6
#define RTL_REGISTRY_HANDLE 0x40000000u /* the path is a handle */
#define RTL_REGISTRY_OPTIONAL 0x80000000u

#define RTL_QUERY_REGISTRY_SUBKEY 0x001
#define RTL_QUERY_REGISTRY_TOPKEY 0x002
#define RTL_QUERY_REGISTRY_REQUIRED 0x004
#define RTL_QUERY_REGISTRY_NOVALUE 0x008
#define RTL_QUERY_REGISTRY_NOEXPAND 0x010
#define RTL_QUERY_REGISTRY_DIRECT 0x020
#define RTL_QUERY_REGISTRY_DELETE 0x040
#define RTL_QUERY_REGISTRY_NOSTRING 0x080
#define RTL_QUERY_REGISTRY_TYPECHECK 0x100
#define RTL_QUERY_REGISTRY_TYPECHECK_SHIFT 24 /* in DefaultType */
#define RTL_QUERY_REGISTRY_TYPECHECK_MASK 0xff000000u

typedef NTSTATUS(NTAPI *PRTL_QUERY_REGISTRY_ROUTINE)(PCWSTR ValueName, ULONG ValueType,
                                                     PVOID ValueData, ULONG ValueLength,
                                                     PVOID Context, PVOID EntryContext);

typedef struct _RTL_QUERY_REGISTRY_TABLE {
    PRTL_QUERY_REGISTRY_ROUTINE QueryRoutine;
    ULONG Flags;
    PWSTR Name;
    PVOID EntryContext;
    ULONG DefaultType;
    PVOID DefaultData;
    ULONG DefaultLength;
} RTL_QUERY_REGISTRY_TABLE, *PRTL_QUERY_REGISTRY_TABLE;

ASSERT_SIZE64(RTL_QUERY_REGISTRY_TABLE, 0x38);
ASSERT_SIZE32(RTL_QUERY_REGISTRY_TABLE, 0x1c);

/* \REGISTRY\USER\ and the user's SID, on the heap. */
NTSTATUS NTAPI RtlFormatCurrentUserKeyPath(PUNICODE_STRING KeyPath);
/* The default user's key if the user has none. */
NTSTATUS NTAPI RtlOpenCurrentUser(ACCESS_MASK DesiredAccess, PHANDLE KeyHandle);
NTSTATUS NTAPI RtlCheckRegistryKey(ULONG RelativeTo, PWSTR Path);
NTSTATUS NTAPI RtlCreateRegistryKey(ULONG RelativeTo, PWSTR Path);
/* Both make the key if it is not there. */
NTSTATUS NTAPI RtlWriteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName,
                                     ULONG ValueType, PVOID ValueData, ULONG ValueLength);
NTSTATUS NTAPI RtlDeleteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName);
NTSTATUS NTAPI RtlQueryRegistryValues(ULONG RelativeTo, PCWSTR Path,
                                      PRTL_QUERY_REGISTRY_TABLE QueryTable, PVOID Context,
                                      PVOID Environment);
NTSTATUS NTAPI RtlQueryRegistryValuesEx(ULONG RelativeTo, PCWSTR Path,
                                        PRTL_QUERY_REGISTRY_TABLE QueryTable, PVOID Context,
                                        PVOID Environment);
NTSTATUS NTAPI RtlpNtOpenKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
                             POBJECT_ATTRIBUTES ObjectAttributes, ULONG Unused);
NTSTATUS NTAPI RtlpNtCreateKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
                               POBJECT_ATTRIBUTES ObjectAttributes, ULONG CreateOptions,
                               PULONG Provider, PULONG Disposition);
NTSTATUS NTAPI RtlpNtMakeTemporaryKey(HANDLE KeyHandle);
NTSTATUS NTAPI RtlpNtSetValueKey(HANDLE KeyHandle, ULONG Type, PVOID Data, ULONG DataSize);
NTSTATUS NTAPI RtlpNtQueryValueKey(HANDLE KeyHandle, PULONG Type, PVOID Data, PULONG DataSize,
                                   ULONG Unused);
NTSTATUS NTAPI RtlpNtEnumerateSubKey(HANDLE KeyHandle, PUNICODE_STRING SubKeyName, ULONG Index,
                                     ULONG Unused);
