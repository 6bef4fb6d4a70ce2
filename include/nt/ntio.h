/* SPDX-License-Identifier: BSD-2-Clause */
/* Files and devices. (WDK: wdm.h, ntifs.h, ntddkbd.h, ntddbeep.h) */
#pragma once

#include <nt/ntob.h>

#define FILE_READ_DATA 0x0001
#define FILE_LIST_DIRECTORY 0x0001
#define FILE_WRITE_DATA 0x0002
#define FILE_ADD_FILE 0x0002
#define FILE_APPEND_DATA 0x0004
#define FILE_ADD_SUBDIRECTORY 0x0004
#define FILE_READ_EA 0x0008
#define FILE_WRITE_EA 0x0010
#define FILE_EXECUTE 0x0020
#define FILE_TRAVERSE 0x0020
#define FILE_DELETE_CHILD 0x0040
#define FILE_READ_ATTRIBUTES 0x0080
#define FILE_WRITE_ATTRIBUTES 0x0100
#define FILE_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x1ff)
#define FILE_GENERIC_READ                                                                          \
    (STANDARD_RIGHTS_READ | FILE_READ_DATA | FILE_READ_ATTRIBUTES | FILE_READ_EA | SYNCHRONIZE)
#define FILE_GENERIC_WRITE                                                                         \
    (STANDARD_RIGHTS_WRITE | FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES | FILE_WRITE_EA |             \
     FILE_APPEND_DATA | SYNCHRONIZE)
#define FILE_GENERIC_EXECUTE                                                                       \
    (STANDARD_RIGHTS_EXECUTE | FILE_READ_ATTRIBUTES | FILE_EXECUTE | SYNCHRONIZE)

#define FILE_SHARE_READ 0x1
#define FILE_SHARE_WRITE 0x2
#define FILE_SHARE_DELETE 0x4

#define FILE_SUPERSEDE 0
#define FILE_OPEN 1
#define FILE_CREATE 2
#define FILE_OPEN_IF 3
#define FILE_OVERWRITE 4
#define FILE_OVERWRITE_IF 5
#define FILE_MAXIMUM_DISPOSITION 5

#define FILE_DIRECTORY_FILE 0x00000001
#define FILE_WRITE_THROUGH 0x00000002
#define FILE_SEQUENTIAL_ONLY 0x00000004
#define FILE_NO_INTERMEDIATE_BUFFERING 0x00000008
#define FILE_SYNCHRONOUS_IO_ALERT 0x00000010
#define FILE_SYNCHRONOUS_IO_NONALERT 0x00000020
#define FILE_NON_DIRECTORY_FILE 0x00000040
#define FILE_CREATE_TREE_CONNECTION 0x00000080
#define FILE_COMPLETE_IF_OPLOCKED 0x00000100
#define FILE_NO_EA_KNOWLEDGE 0x00000200
#define FILE_OPEN_REMOTE_INSTANCE 0x00000400
#define FILE_RANDOM_ACCESS 0x00000800
#define FILE_DELETE_ON_CLOSE 0x00001000
#define FILE_OPEN_BY_FILE_ID 0x00002000
#define FILE_OPEN_FOR_BACKUP_INTENT 0x00004000
#define FILE_NO_COMPRESSION 0x00008000
#define FILE_OPEN_REQUIRING_OPLOCK 0x00010000
#define FILE_DISALLOW_EXCLUSIVE 0x00020000
#define FILE_RESERVE_OPFILTER 0x00100000
#define FILE_OPEN_REPARSE_POINT 0x00200000
#define FILE_OPEN_NO_RECALL 0x00400000
#define FILE_OPEN_FOR_FREE_SPACE_QUERY 0x00800000
#define FILE_VALID_OPTION_FLAGS 0x00ffffff

/* IO_STATUS_BLOCK.Information of NtCreateFile */
#define FILE_SUPERSEDED 0
#define FILE_OPENED 1
#define FILE_CREATED 2
#define FILE_OVERWRITTEN 3
#define FILE_EXISTS 4
#define FILE_DOES_NOT_EXIST 5

#define FILE_ATTRIBUTE_READONLY 0x00000001
#define FILE_ATTRIBUTE_HIDDEN 0x00000002
#define FILE_ATTRIBUTE_SYSTEM 0x00000004
#define FILE_ATTRIBUTE_DIRECTORY 0x00000010
#define FILE_ATTRIBUTE_ARCHIVE 0x00000020
#define FILE_ATTRIBUTE_DEVICE 0x00000040
#define FILE_ATTRIBUTE_NORMAL 0x00000080
#define FILE_ATTRIBUTE_TEMPORARY 0x00000100

/* Special byte offsets of NtReadFile and NtWriteFile (HighPart is -1) */
#define FILE_WRITE_TO_END_OF_FILE 0xffffffffu
#define FILE_USE_FILE_POINTER_POSITION 0xfffffffeu

typedef struct _IO_STATUS_BLOCK {
    union {
        NTSTATUS Status;
        PVOID Pointer;
    };
    ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

typedef void(NTAPI *PIO_APC_ROUTINE)(PVOID ApcContext, PIO_STATUS_BLOCK IoStatusBlock,
                                     ULONG Reserved);

typedef enum _FILE_INFORMATION_CLASS {
    FileDirectoryInformation = 1,
    FileFullDirectoryInformation = 2,
    FileBothDirectoryInformation = 3,
    FileBasicInformation = 4,
    FileStandardInformation = 5,
    FileInternalInformation = 6,
    FileEaInformation = 7,
    FileAccessInformation = 8,
    FileNameInformation = 9,
    FileRenameInformation = 10,
    FileLinkInformation = 11,
    FileNamesInformation = 12,
    FileDispositionInformation = 13,
    FilePositionInformation = 14,
    FileFullEaInformation = 15,
    FileModeInformation = 16,
    FileAlignmentInformation = 17,
    FileAllInformation = 18,
    FileAllocationInformation = 19,
    FileEndOfFileInformation = 20,
    FileAlternateNameInformation = 21,
    FileStreamInformation = 22,
    FilePipeInformation = 23,
    FilePipeLocalInformation = 24,
    FilePipeRemoteInformation = 25,
    FileMailslotQueryInformation = 26,
    FileMailslotSetInformation = 27,
    FileCompressionInformation = 28,
    FileObjectIdInformation = 29,
    FileCompletionInformation = 30,
    FileMoveClusterInformation = 31,
    FileQuotaInformation = 32,
    FileReparsePointInformation = 33,
    FileNetworkOpenInformation = 34,
    FileAttributeTagInformation = 35,
    FileTrackingInformation = 36,
    FileIdBothDirectoryInformation = 37,
    FileIdFullDirectoryInformation = 38,
    FileValidDataLengthInformation = 39,
    FileShortNameInformation = 40,
    FileIoCompletionNotificationInformation = 41,
    FileIoStatusBlockRangeInformation = 42,
    FileIoPriorityHintInformation = 43,
    FileSfioReserveInformation = 44,
    FileSfioVolumeInformation = 45,
    FileHardLinkInformation = 46,
    FileProcessIdsUsingFileInformation = 47,
    FileNormalizedNameInformation = 48,
    FileNetworkPhysicalNameInformation = 49,
    FileIdGlobalTxDirectoryInformation = 50,
    FileIsRemoteDeviceInformation = 51,
    FileUnusedInformation = 52,
    FileNumaNodeInformation = 53,
    FileStandardLinkInformation = 54,
    FileRemoteProtocolInformation = 55,
    FileRenameInformationBypassAccessCheck = 56,
    FileLinkInformationBypassAccessCheck = 57,
    FileVolumeNameInformation = 58,
    FileIdInformation = 59,
    FileIdExtdDirectoryInformation = 60,
    FileReplaceCompletionInformation = 61,
    FileHardLinkFullIdInformation = 62,
    FileIdExtdBothDirectoryInformation = 63,
    FileDispositionInformationEx = 64,
    FileRenameInformationEx = 65,
    FileRenameInformationExBypassAccessCheck = 66,
    FileDesiredStorageClassInformation = 67,
    FileStatInformation = 68,
    FileMemoryPartitionInformation = 69,
    FileStatLxInformation = 70,
    FileCaseSensitiveInformation = 71,
    FileLinkInformationEx = 72,
    FileLinkInformationExBypassAccessCheck = 73,
    FileStorageReserveIdInformation = 74,
    FileCaseSensitiveInformationForceAccessCheck = 75,
    FileKnownFolderInformation = 76,
    FileMaximumInformation = 77,
} FILE_INFORMATION_CLASS;

typedef struct _FILE_DIRECTORY_INFORMATION {
    ULONG NextEntryOffset; /* 0 in the last entry */
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength; /* bytes */
    WCHAR FileName[1];
} FILE_DIRECTORY_INFORMATION, *PFILE_DIRECTORY_INFORMATION;

typedef struct _FILE_FULL_DIR_INFORMATION {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    WCHAR FileName[1];
} FILE_FULL_DIR_INFORMATION, *PFILE_FULL_DIR_INFORMATION;

typedef struct _FILE_BOTH_DIR_INFORMATION {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    CCHAR ShortNameLength;
    WCHAR ShortName[12];
    WCHAR FileName[1];
} FILE_BOTH_DIR_INFORMATION, *PFILE_BOTH_DIR_INFORMATION;

typedef struct _FILE_NAMES_INFORMATION {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    ULONG FileNameLength;
    WCHAR FileName[1];
} FILE_NAMES_INFORMATION, *PFILE_NAMES_INFORMATION;

typedef struct _FILE_ID_128 {
    UCHAR Identifier[16];
} FILE_ID_128, *PFILE_ID_128;

typedef struct _FILE_ID_FULL_DIR_INFORMATION {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    LARGE_INTEGER FileId;
    WCHAR FileName[1];
} FILE_ID_FULL_DIR_INFORMATION, *PFILE_ID_FULL_DIR_INFORMATION;

typedef struct _FILE_ID_BOTH_DIR_INFORMATION {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    CCHAR ShortNameLength;
    WCHAR ShortName[12];
    LARGE_INTEGER FileId;
    WCHAR FileName[1];
} FILE_ID_BOTH_DIR_INFORMATION, *PFILE_ID_BOTH_DIR_INFORMATION;

typedef struct _FILE_ID_EXTD_DIR_INFORMATION {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    ULONG ReparsePointTag;
    FILE_ID_128 FileId;
    WCHAR FileName[1];
} FILE_ID_EXTD_DIR_INFORMATION, *PFILE_ID_EXTD_DIR_INFORMATION;

typedef struct _FILE_ID_EXTD_BOTH_DIR_INFORMATION {
    ULONG NextEntryOffset;
    ULONG FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    ULONG FileAttributes;
    ULONG FileNameLength;
    ULONG EaSize;
    ULONG ReparsePointTag;
    FILE_ID_128 FileId;
    CCHAR ShortNameLength;
    WCHAR ShortName[12];
    WCHAR FileName[1];
} FILE_ID_EXTD_BOTH_DIR_INFORMATION, *PFILE_ID_EXTD_BOTH_DIR_INFORMATION;

_Static_assert(offsetof(FILE_ID_FULL_DIR_INFORMATION, FileName) == 0x50,
               "FILE_ID_FULL_DIR_INFORMATION");
_Static_assert(offsetof(FILE_ID_BOTH_DIR_INFORMATION, FileName) == 0x68,
               "FILE_ID_BOTH_DIR_INFORMATION");
_Static_assert(offsetof(FILE_ID_EXTD_DIR_INFORMATION, FileName) == 0x58,
               "FILE_ID_EXTD_DIR_INFORMATION");
_Static_assert(offsetof(FILE_ID_EXTD_BOTH_DIR_INFORMATION, FileName) == 0x72,
               "FILE_ID_EXTD_BOTH_DIR_INFORMATION");

typedef struct _FILE_BASIC_INFORMATION {
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    ULONG FileAttributes;
} FILE_BASIC_INFORMATION, *PFILE_BASIC_INFORMATION;

typedef struct _FILE_STANDARD_INFORMATION {
    LARGE_INTEGER AllocationSize;
    LARGE_INTEGER EndOfFile;
    ULONG NumberOfLinks;
    BOOLEAN DeletePending;
    BOOLEAN Directory;
} FILE_STANDARD_INFORMATION, *PFILE_STANDARD_INFORMATION;

typedef struct _FILE_NAME_INFORMATION {
    ULONG FileNameLength; /* bytes */
    WCHAR FileName[1];
} FILE_NAME_INFORMATION, *PFILE_NAME_INFORMATION;

typedef struct _FILE_POSITION_INFORMATION {
    LARGE_INTEGER CurrentByteOffset;
} FILE_POSITION_INFORMATION, *PFILE_POSITION_INFORMATION;

typedef struct _FILE_INTERNAL_INFORMATION {
    LARGE_INTEGER IndexNumber;
} FILE_INTERNAL_INFORMATION, *PFILE_INTERNAL_INFORMATION;

typedef struct _FILE_ACCESS_INFORMATION {
    ACCESS_MASK AccessFlags;
} FILE_ACCESS_INFORMATION, *PFILE_ACCESS_INFORMATION;

typedef struct _FILE_MODE_INFORMATION {
    ULONG Mode;
} FILE_MODE_INFORMATION, *PFILE_MODE_INFORMATION;

typedef struct _FILE_ALL_INFORMATION {
    FILE_BASIC_INFORMATION BasicInformation;
    FILE_STANDARD_INFORMATION StandardInformation;
    FILE_INTERNAL_INFORMATION InternalInformation;
    ULONG EaSize;
    FILE_ACCESS_INFORMATION AccessInformation;
    FILE_POSITION_INFORMATION PositionInformation;
    FILE_MODE_INFORMATION ModeInformation;
    ULONG AlignmentRequirement;
    FILE_NAME_INFORMATION NameInformation;
} FILE_ALL_INFORMATION, *PFILE_ALL_INFORMATION;

typedef struct _FILE_ATTRIBUTE_TAG_INFORMATION {
    ULONG FileAttributes;
    ULONG ReparseTag;
} FILE_ATTRIBUTE_TAG_INFORMATION, *PFILE_ATTRIBUTE_TAG_INFORMATION;

typedef struct _FILE_STREAM_INFORMATION {
    ULONG NextEntryOffset;
    ULONG StreamNameLength; /* bytes */
    LARGE_INTEGER StreamSize;
    LARGE_INTEGER StreamAllocationSize;
    WCHAR StreamName[1];
} FILE_STREAM_INFORMATION, *PFILE_STREAM_INFORMATION;

typedef struct _FILE_COMPRESSION_INFORMATION {
    LARGE_INTEGER CompressedFileSize;
    USHORT CompressionFormat;
    UCHAR CompressionUnitShift;
    UCHAR ChunkShift;
    UCHAR ClusterShift;
    UCHAR Reserved[3];
} FILE_COMPRESSION_INFORMATION, *PFILE_COMPRESSION_INFORMATION;

typedef struct _FILE_ID_INFORMATION {
    ULONGLONG VolumeSerialNumber;
    FILE_ID_128 FileId;
} FILE_ID_INFORMATION, *PFILE_ID_INFORMATION;

typedef struct _FILE_STANDARD_LINK_INFORMATION {
    ULONG NumberOfAccessibleLinks;
    ULONG TotalNumberOfLinks;
    BOOLEAN DeletePending;
    BOOLEAN Directory;
} FILE_STANDARD_LINK_INFORMATION, *PFILE_STANDARD_LINK_INFORMATION;

/* FileRenameInformation and FileLinkInformation, with the flags of their Ex */
typedef struct _FILE_RENAME_INFORMATION {
    union {
        BOOLEAN ReplaceIfExists;
        ULONG Flags;
    };
    HANDLE RootDirectory;
    ULONG FileNameLength; /* bytes */
    WCHAR FileName[1];
} FILE_RENAME_INFORMATION, *PFILE_RENAME_INFORMATION;

ASSERT_SIZE64(FILE_RENAME_INFORMATION, 0x18);
ASSERT_SIZE32(FILE_RENAME_INFORMATION, 0x10);
_Static_assert(sizeof(FILE_ALL_INFORMATION) == 0x68, "FILE_ALL_INFORMATION");
_Static_assert(sizeof(FILE_STREAM_INFORMATION) == 0x20, "FILE_STREAM_INFORMATION");
_Static_assert(sizeof(FILE_COMPRESSION_INFORMATION) == 0x10, "FILE_COMPRESSION_INFORMATION");

typedef struct _FILE_COMPLETION_INFORMATION {
    HANDLE Port;
    PVOID Key;
} FILE_COMPLETION_INFORMATION, *PFILE_COMPLETION_INFORMATION;

/* NtQueryDirectoryFileEx */
#define SL_RESTART_SCAN 0x01
#define SL_RETURN_SINGLE_ENTRY 0x02
#define SL_INDEX_SPECIFIED 0x04
#define SL_RETURN_ON_DISK_ENTRIES_ONLY 0x08
#define SL_NO_CURSOR_UPDATE_QUERY 0x10

#define FILE_NOTIFY_VALID_MASK 0x00000fff

#define FILE_SKIP_COMPLETION_PORT_ON_SUCCESS 0x1
#define FILE_SKIP_SET_EVENT_ON_HANDLE 0x2
#define FILE_SKIP_SET_USER_EVENT_ON_FAST_IO 0x4

typedef struct _FILE_IO_COMPLETION_NOTIFICATION_INFORMATION {
    ULONG Flags;
} FILE_IO_COMPLETION_NOTIFICATION_INFORMATION, *PFILE_IO_COMPLETION_NOTIFICATION_INFORMATION;

/* Completion ports */
#define IO_COMPLETION_QUERY_STATE 0x0001
#define IO_COMPLETION_MODIFY_STATE 0x0002
#define IO_COMPLETION_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3)
#define WAIT_COMPLETION_PACKET_MODIFY_STATE 0x0001
#define WAIT_COMPLETION_PACKET_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0x1)

typedef enum _IO_COMPLETION_INFORMATION_CLASS {
    IoCompletionBasicInformation,
} IO_COMPLETION_INFORMATION_CLASS;

typedef struct _IO_COMPLETION_BASIC_INFORMATION {
    LONG Depth; /* packets that nobody has taken */
} IO_COMPLETION_BASIC_INFORMATION, *PIO_COMPLETION_BASIC_INFORMATION;

typedef struct _FILE_IO_COMPLETION_INFORMATION {
    PVOID KeyContext;
    PVOID ApcContext;
    IO_STATUS_BLOCK IoStatusBlock;
} FILE_IO_COMPLETION_INFORMATION, *PFILE_IO_COMPLETION_INFORMATION;

ASSERT_SIZE64(FILE_IO_COMPLETION_INFORMATION, 0x20);
ASSERT_SIZE32(FILE_IO_COMPLETION_INFORMATION, 0x10);

/* Reserve objects: memory for one packet or APC, so that it cannot fail for want of it */
typedef enum _MEMORY_RESERVE_TYPE {
    MemoryReserveUserApc,
    MemoryReserveIoCompletion,
    MemoryReserveTypeMax,
} MEMORY_RESERVE_TYPE;

#define MEMORY_RESERVE_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0x3)

typedef struct _FILE_NETWORK_OPEN_INFORMATION {
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER AllocationSize;
    LARGE_INTEGER EndOfFile;
    ULONG FileAttributes;
} FILE_NETWORK_OPEN_INFORMATION, *PFILE_NETWORK_OPEN_INFORMATION;

/* FileStatInformation */
typedef struct _FILE_STAT_INFORMATION {
    LARGE_INTEGER FileId;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER AllocationSize;
    LARGE_INTEGER EndOfFile;
    ULONG FileAttributes;
    ULONG ReparseTag;
    ULONG NumberOfLinks;
    ACCESS_MASK EffectiveAccess;
} FILE_STAT_INFORMATION, *PFILE_STAT_INFORMATION;

/* ---- Volumes ---- */
typedef enum _FS_INFORMATION_CLASS {
    FileFsVolumeInformation = 1,
    FileFsLabelInformation = 2,
    FileFsSizeInformation = 3,
    FileFsDeviceInformation = 4,
    FileFsAttributeInformation = 5,
    FileFsControlInformation = 6,
    FileFsFullSizeInformation = 7,
    FileFsObjectIdInformation = 8,
    FileFsDriverPathInformation = 9,
    FileFsVolumeFlagsInformation = 10,
    FileFsSectorSizeInformation = 11,
    FileFsDataCopyInformation = 12,
    FileFsMetadataSizeInformation = 13,
    FileFsFullSizeInformationEx = 14,
    FileFsMaximumInformation = 15,
} FS_INFORMATION_CLASS;

typedef struct _FILE_FS_VOLUME_INFORMATION {
    LARGE_INTEGER VolumeCreationTime;
    ULONG VolumeSerialNumber;
    ULONG VolumeLabelLength; /* bytes */
    BOOLEAN SupportsObjects;
    WCHAR VolumeLabel[1];
} FILE_FS_VOLUME_INFORMATION, *PFILE_FS_VOLUME_INFORMATION;

typedef struct _FILE_FS_SIZE_INFORMATION {
    LARGE_INTEGER TotalAllocationUnits;
    LARGE_INTEGER AvailableAllocationUnits;
    ULONG SectorsPerAllocationUnit;
    ULONG BytesPerSector;
} FILE_FS_SIZE_INFORMATION, *PFILE_FS_SIZE_INFORMATION;

typedef struct _FILE_FS_FULL_SIZE_INFORMATION {
    LARGE_INTEGER TotalAllocationUnits;
    LARGE_INTEGER CallerAvailableAllocationUnits;
    LARGE_INTEGER ActualAvailableAllocationUnits;
    ULONG SectorsPerAllocationUnit;
    ULONG BytesPerSector;
} FILE_FS_FULL_SIZE_INFORMATION, *PFILE_FS_FULL_SIZE_INFORMATION;

#define FILE_READ_ONLY_DEVICE 0x00000002
#define FILE_DEVICE_IS_MOUNTED 0x00000020
#define FILE_DEVICE_SECURE_OPEN 0x00000100

typedef struct _FILE_FS_DEVICE_INFORMATION {
    ULONG DeviceType; /* FILE_DEVICE_DISK … */
    ULONG Characteristics;
} FILE_FS_DEVICE_INFORMATION, *PFILE_FS_DEVICE_INFORMATION;

#define FILE_CASE_PRESERVED_NAMES 0x00000002
#define FILE_READ_ONLY_VOLUME 0x00080000

typedef struct _FILE_FS_ATTRIBUTE_INFORMATION {
    ULONG FileSystemAttributes;
    LONG MaximumComponentNameLength; /* characters */
    ULONG FileSystemNameLength;      /* bytes */
    WCHAR FileSystemName[1];
} FILE_FS_ATTRIBUTE_INFORMATION, *PFILE_FS_ATTRIBUTE_INFORMATION;

#define SSINFO_FLAGS_ALIGNED_DEVICE 0x1
#define SSINFO_FLAGS_PARTITION_ALIGNED_ON_DEVICE 0x2

typedef struct _FILE_FS_SECTOR_SIZE_INFORMATION {
    ULONG LogicalBytesPerSector;
    ULONG PhysicalBytesPerSectorForAtomicity;
    ULONG PhysicalBytesPerSectorForPerformance;
    ULONG FileSystemEffectivePhysicalBytesPerSectorForAtomicity;
    ULONG Flags;
    ULONG ByteOffsetForSectorAlignment;
    ULONG ByteOffsetForPartitionAlignment;
} FILE_FS_SECTOR_SIZE_INFORMATION, *PFILE_FS_SECTOR_SIZE_INFORMATION;

_Static_assert(sizeof(FILE_FS_VOLUME_INFORMATION) == 0x18, "FILE_FS_VOLUME_INFORMATION");
_Static_assert(offsetof(FILE_FS_VOLUME_INFORMATION, VolumeLabel) == 0x12,
               "FILE_FS_VOLUME_INFORMATION");
_Static_assert(sizeof(FILE_FS_SIZE_INFORMATION) == 0x18, "FILE_FS_SIZE_INFORMATION");
_Static_assert(sizeof(FILE_FS_FULL_SIZE_INFORMATION) == 0x20, "FILE_FS_FULL_SIZE_INFORMATION");
_Static_assert(sizeof(FILE_FS_ATTRIBUTE_INFORMATION) == 0x10, "FILE_FS_ATTRIBUTE_INFORMATION");
_Static_assert(sizeof(FILE_FS_SECTOR_SIZE_INFORMATION) == 0x1c, "FILE_FS_SECTOR_SIZE_INFORMATION");

ASSERT_SIZE64(IO_STATUS_BLOCK, 0x10);
ASSERT_SIZE32(IO_STATUS_BLOCK, 8);
_Static_assert(offsetof(FILE_DIRECTORY_INFORMATION, FileName) == 0x40,
               "FILE_DIRECTORY_INFORMATION");
_Static_assert(offsetof(FILE_FULL_DIR_INFORMATION, FileName) == 0x44, "FILE_FULL_DIR_INFORMATION");
_Static_assert(offsetof(FILE_BOTH_DIR_INFORMATION, FileName) == 0x5e, "FILE_BOTH_DIR_INFORMATION");
_Static_assert(offsetof(FILE_NAMES_INFORMATION, FileName) == 0x0c, "FILE_NAMES_INFORMATION");
_Static_assert(sizeof(FILE_BASIC_INFORMATION) == 0x28, "FILE_BASIC_INFORMATION");
_Static_assert(sizeof(FILE_STANDARD_INFORMATION) == 0x18, "FILE_STANDARD_INFORMATION");

/* Device controls */
#define CTL_CODE(device, function, method, access)                                                 \
    (((ULONG)(device) << 16) | ((access) << 14) | ((function) << 2) | (method))
#define DEVICE_TYPE_FROM_CTL_CODE(code) ((ULONG)(code) >> 16)
#define METHOD_FROM_CTL_CODE(code) ((ULONG)(code)&3)
#define METHOD_BUFFERED 0
#define METHOD_IN_DIRECT 1
#define METHOD_OUT_DIRECT 2
#define METHOD_NEITHER 3
#define FILE_ANY_ACCESS 0
#define FILE_READ_ACCESS 1
#define FILE_WRITE_ACCESS 2

#define FILE_DEVICE_BEEP 0x01
#define FILE_DEVICE_CONTROLLER 0x04
#define FILE_DEVICE_DISK 0x07
#define FILE_DEVICE_DISK_FILE_SYSTEM 0x08
#define FILE_DEVICE_FILE_SYSTEM 0x09
#define FILE_DEVICE_KEYBOARD 0x0b
#define FILE_DEVICE_MAILSLOT 0x0c
#define FILE_DEVICE_MOUSE 0x0f
#define FILE_DEVICE_NAMED_PIPE 0x11
#define FILE_DEVICE_NULL 0x15
#define FILE_DEVICE_8042_PORT 0x27
#define FILE_DEVICE_UNKNOWN 0x22
#define FILE_DEVICE_CONSOLE 0x50

/* File system controls */
#define FSCTL_IS_VOLUME_MOUNTED                                                                    \
    CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 10, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_GET_COMPRESSION                                                                      \
    CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 15, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_SET_COMPRESSION                                                                      \
    CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 16, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
#define FSCTL_SET_REPARSE_POINT                                                                    \
    CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 41, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_GET_REPARSE_POINT                                                                    \
    CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 42, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_DELETE_REPARSE_POINT                                                                 \
    CTL_CODE(FILE_DEVICE_FILE_SYSTEM, 43, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define COMPRESSION_FORMAT_NONE 0

/* \Device\KeyboardClass0 */
#define IOCTL_KEYBOARD_QUERY_ATTRIBUTES                                                            \
    CTL_CODE(FILE_DEVICE_KEYBOARD, 0x00, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_KEYBOARD_SET_TYPEMATIC                                                               \
    CTL_CODE(FILE_DEVICE_KEYBOARD, 0x01, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_KEYBOARD_SET_INDICATORS                                                              \
    CTL_CODE(FILE_DEVICE_KEYBOARD, 0x02, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_KEYBOARD_QUERY_TYPEMATIC                                                             \
    CTL_CODE(FILE_DEVICE_KEYBOARD, 0x08, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_KEYBOARD_QUERY_INDICATORS                                                            \
    CTL_CODE(FILE_DEVICE_KEYBOARD, 0x10, METHOD_BUFFERED, FILE_ANY_ACCESS)

#define KEY_MAKE 0
#define KEY_BREAK 1
#define KEY_E0 2
#define KEY_E1 4
#define KEYBOARD_OVERRUN_MAKE_CODE 0xff
#define KEYBOARD_SCROLL_LOCK_ON 1
#define KEYBOARD_NUM_LOCK_ON 2
#define KEYBOARD_CAPS_LOCK_ON 4

/* What a read of a keyboard device returns an array of; MakeCode is of scan code set 1. */
typedef struct _KEYBOARD_INPUT_DATA {
    USHORT UnitId;
    USHORT MakeCode;
    USHORT Flags;
    USHORT Reserved;
    ULONG ExtraInformation;
} KEYBOARD_INPUT_DATA, *PKEYBOARD_INPUT_DATA;

typedef struct _KEYBOARD_INDICATOR_PARAMETERS {
    USHORT UnitId;
    USHORT LedFlags;
} KEYBOARD_INDICATOR_PARAMETERS, *PKEYBOARD_INDICATOR_PARAMETERS;

typedef struct _KEYBOARD_TYPEMATIC_PARAMETERS {
    USHORT UnitId;
    USHORT Rate;
    USHORT Delay;
} KEYBOARD_TYPEMATIC_PARAMETERS, *PKEYBOARD_TYPEMATIC_PARAMETERS;

/* \Device\Beep */
#define IOCTL_BEEP_SET CTL_CODE(FILE_DEVICE_BEEP, 0, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define BEEP_FREQUENCY_MINIMUM 0x25
#define BEEP_FREQUENCY_MAXIMUM 0x7fff

typedef struct _BEEP_SET_PARAMETERS {
    ULONG Frequency; /* Hz */
    ULONG Duration;  /* ms; 0 stops, -1 goes on */
} BEEP_SET_PARAMETERS, *PBEEP_SET_PARAMETERS;

_Static_assert(sizeof(KEYBOARD_INPUT_DATA) == 12, "KEYBOARD_INPUT_DATA");
_Static_assert(IOCTL_KEYBOARD_SET_INDICATORS == 0xb0008, "IOCTL_KEYBOARD_SET_INDICATORS");

NTSTATUS NTAPI NtCreateFile(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                            CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                            CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                            CLIENT(PLARGE_INTEGER) AllocationSize, ULONG FileAttributes,
                            ULONG ShareAccess, ULONG CreateDisposition, ULONG CreateOptions,
                            CLIENT(PVOID) EaBuffer, ULONG EaLength);
NTSTATUS NTAPI NtOpenFile(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                          CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                          CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, ULONG ShareAccess,
                          ULONG OpenOptions);
NTSTATUS NTAPI NtReadFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                          CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                          CLIENT(PVOID) Buffer, ULONG Length, CLIENT(PLARGE_INTEGER) ByteOffset,
                          CLIENT(PULONG) Key);
NTSTATUS NTAPI NtWriteFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                           CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                           CLIENT(PVOID) Buffer, ULONG Length, CLIENT(PLARGE_INTEGER) ByteOffset,
                           CLIENT(PULONG) Key);
NTSTATUS NTAPI NtDeviceIoControlFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                     CLIENT(PVOID) ApcContext,
                                     CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, ULONG IoControlCode,
                                     CLIENT(PVOID) InputBuffer, ULONG InputBufferLength,
                                     CLIENT(PVOID) OutputBuffer, ULONG OutputBufferLength);
NTSTATUS NTAPI NtCancelIoFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock);
NTSTATUS NTAPI NtCancelIoFileEx(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoRequestToCancel,
                                CLIENT(PIO_STATUS_BLOCK) IoStatusBlock);
NTSTATUS NTAPI NtCancelSynchronousIoFile(HANDLE ThreadHandle,
                                         CLIENT(PIO_STATUS_BLOCK) IoRequestToCancel,
                                         CLIENT(PIO_STATUS_BLOCK) IoStatusBlock);
NTSTATUS NTAPI NtQueryInformationFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                      CLIENT(PVOID) Information, ULONG Length,
                                      FILE_INFORMATION_CLASS Class);
NTSTATUS NTAPI NtSetInformationFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                    CLIENT(PVOID) Information, ULONG Length,
                                    FILE_INFORMATION_CLASS Class);
NTSTATUS NTAPI NtCreateIoCompletion(CLIENT(PHANDLE) IoCompletionHandle, ACCESS_MASK DesiredAccess,
                                    CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                    ULONG NumberOfConcurrentThreads);
NTSTATUS NTAPI NtOpenIoCompletion(CLIENT(PHANDLE) IoCompletionHandle, ACCESS_MASK DesiredAccess,
                                  CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtSetIoCompletion(HANDLE IoCompletionHandle, PVOID KeyContext, PVOID ApcContext,
                                 NTSTATUS IoStatus, ULONG_PTR IoStatusInformation);
NTSTATUS NTAPI NtSetIoCompletionEx(HANDLE IoCompletionHandle, HANDLE ReserveHandle,
                                   PVOID KeyContext, PVOID ApcContext, NTSTATUS IoStatus,
                                   ULONG_PTR IoStatusInformation);
NTSTATUS NTAPI NtRemoveIoCompletion(HANDLE IoCompletionHandle, CLIENT(PVOID *) KeyContext,
                                    CLIENT(PVOID *) ApcContext,
                                    CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                    CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtRemoveIoCompletionEx(HANDLE IoCompletionHandle,
                                      CLIENT(PFILE_IO_COMPLETION_INFORMATION) Information,
                                      ULONG Count, CLIENT(PULONG) Removed,
                                      CLIENT(PLARGE_INTEGER) Timeout, BOOLEAN Alertable);
NTSTATUS NTAPI NtQueryIoCompletion(HANDLE IoCompletionHandle, IO_COMPLETION_INFORMATION_CLASS Class,
                                   CLIENT(PVOID) Information, ULONG Length,
                                   CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtAllocateReserveObject(CLIENT(PHANDLE) ReserveHandle,
                                       CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                       MEMORY_RESERVE_TYPE Type);
NTSTATUS NTAPI NtCreateWaitCompletionPacket(CLIENT(PHANDLE) PacketHandle, ACCESS_MASK DesiredAccess,
                                            CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtAssociateWaitCompletionPacket(HANDLE PacketHandle, HANDLE IoCompletionHandle,
                                               HANDLE TargetObjectHandle, PVOID KeyContext,
                                               PVOID ApcContext, NTSTATUS IoStatus,
                                               ULONG_PTR IoStatusInformation,
                                               CLIENT(PBOOLEAN) AlreadySignaled);
NTSTATUS NTAPI NtCancelWaitCompletionPacket(HANDLE PacketHandle, BOOLEAN RemoveSignaledPacket);
NTSTATUS NTAPI NtQueryAttributesFile(CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                     CLIENT(PFILE_BASIC_INFORMATION) Information);
NTSTATUS NTAPI NtQueryDirectoryFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                    CLIENT(PVOID) ApcContext,
                                    CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                    CLIENT(PVOID) Information, ULONG Length,
                                    FILE_INFORMATION_CLASS Class, BOOLEAN ReturnSingleEntry,
                                    CLIENT(PUNICODE_STRING) FileName, BOOLEAN RestartScan);
NTSTATUS NTAPI NtQueryFullAttributesFile(CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                         CLIENT(PFILE_NETWORK_OPEN_INFORMATION) Information);
NTSTATUS NTAPI NtQueryVolumeInformationFile(HANDLE FileHandle,
                                            CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                            CLIENT(PVOID) Information, ULONG Length,
                                            FS_INFORMATION_CLASS Class);
NTSTATUS NTAPI NtFlushBuffersFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock);
NTSTATUS NTAPI NtFsControlFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                               CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                               ULONG FsControlCode, CLIENT(PVOID) InputBuffer,
                               ULONG InputBufferLength, CLIENT(PVOID) OutputBuffer,
                               ULONG OutputBufferLength);
NTSTATUS NTAPI NtQueryDirectoryFileEx(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                      CLIENT(PVOID) ApcContext,
                                      CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                      CLIENT(PVOID) Information, ULONG Length,
                                      FILE_INFORMATION_CLASS Class, ULONG QueryFlags,
                                      CLIENT(PUNICODE_STRING) FileName);
NTSTATUS NTAPI NtNotifyChangeDirectoryFile(HANDLE FileHandle, HANDLE Event,
                                           PIO_APC_ROUTINE ApcRoutine, CLIENT(PVOID) ApcContext,
                                           CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                           CLIENT(PVOID) Buffer, ULONG Length,
                                           ULONG CompletionFilter, BOOLEAN WatchTree);
NTSTATUS NTAPI NtLoadDriver(CLIENT(PUNICODE_STRING) DriverServiceName);
NTSTATUS NTAPI NtUnloadDriver(CLIENT(PUNICODE_STRING) DriverServiceName);
