/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an activation context consists of: PEB.ActivationContextData. (phnt: ntsxs.h) Offsets are
 * from the beginning of the data, in a section from the section's header, unless it is said
 * otherwise; lengths are bytes, and texts end with a NUL that does not count.
 */
#pragma once

#include <nt/ntdef.h>

#pragma pack(push, 4)

/* A time that is not aligned as others are. */
typedef long long ACTIVATION_CONTEXT_TIME __attribute__((aligned(4)));

#define ACTIVATION_CONTEXT_DATA_MAGIC 0x78746341u /* "Actx" */
#define ACTIVATION_CONTEXT_DATA_FORMAT_WHISTLER 1
#define ACTIVATION_CONTEXT_FLAG_NO_INHERIT 1

typedef struct _ACTIVATION_CONTEXT_DATA {
    ULONG Magic;
    ULONG HeaderSize;
    ULONG FormatVersion;
    ULONG TotalSize;
    ULONG DefaultTocOffset;
    ULONG ExtendedTocOffset;
    ULONG AssemblyRosterOffset;
    ULONG Flags;
} ACTIVATION_CONTEXT_DATA, *PACTIVATION_CONTEXT_DATA;

#define ACTIVATION_CONTEXT_DATA_TOC_HEADER_DENSE 1
#define ACTIVATION_CONTEXT_DATA_TOC_HEADER_INORDER 2

typedef struct _ACTIVATION_CONTEXT_DATA_TOC_HEADER {
    ULONG HeaderSize;
    ULONG EntryCount;
    ULONG FirstEntryOffset;
    ULONG Flags;
} ACTIVATION_CONTEXT_DATA_TOC_HEADER;

#define ACTIVATION_CONTEXT_SECTION_FORMAT_UNKNOWN 0
#define ACTIVATION_CONTEXT_SECTION_FORMAT_STRING_TABLE 1
#define ACTIVATION_CONTEXT_SECTION_FORMAT_GUID_TABLE 2

typedef struct _ACTIVATION_CONTEXT_DATA_TOC_ENTRY {
    ULONG Id;
    ULONG Offset;
    ULONG Length;
    ULONG Format;
} ACTIVATION_CONTEXT_DATA_TOC_ENTRY;

typedef enum _ACTIVATION_CONTEXT_SECTION {
    ACTIVATION_CONTEXT_SECTION_ASSEMBLY_INFORMATION = 1,
    ACTIVATION_CONTEXT_SECTION_DLL_REDIRECTION,
    ACTIVATION_CONTEXT_SECTION_WINDOW_CLASS_REDIRECTION,
    ACTIVATION_CONTEXT_SECTION_COM_SERVER_REDIRECTION,
    ACTIVATION_CONTEXT_SECTION_COM_INTERFACE_REDIRECTION,
    ACTIVATION_CONTEXT_SECTION_COM_TYPE_LIBRARY_REDIRECTION,
    ACTIVATION_CONTEXT_SECTION_COM_PROGID_REDIRECTION,
    ACTIVATION_CONTEXT_SECTION_GLOBAL_OBJECT_RENAME_TABLE,
    ACTIVATION_CONTEXT_SECTION_CLR_SURROGATES,
    ACTIVATION_CONTEXT_SECTION_APPLICATION_SETTINGS,
    ACTIVATION_CONTEXT_SECTION_COMPATIBILITY_INFO,
} ACTIVATION_CONTEXT_SECTION;

#define HASH_STRING_ALGORITHM_X65599 1

/* Entry 0 stands for no assembly. */
#define ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_ENTRY_INVALID 1
#define ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_ENTRY_ROOT 2

typedef struct _ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_HEADER {
    ULONG HeaderSize;
    ULONG HashAlgorithm;
    ULONG EntryCount;
    ULONG FirstEntryOffset;
    ULONG AssemblyInformationSectionOffset;
} ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_HEADER;

typedef struct _ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_ENTRY {
    ULONG Flags;
    ULONG PseudoKey;
    ULONG AssemblyNameOffset;
    ULONG AssemblyNameLength;
    ULONG AssemblyInformationOffset;
    ULONG AssemblyInformationLength;
} ACTIVATION_CONTEXT_DATA_ASSEMBLY_ROSTER_ENTRY;

/* ---- Sections ---- */

#define ACTIVATION_CONTEXT_STRING_SECTION_MAGIC 0x64487353u /* "SsHd" */
#define ACTIVATION_CONTEXT_GUID_SECTION_MAGIC 0x64487347u   /* "GsHd" */
#define ACTIVATION_CONTEXT_SECTION_FORMAT_WHISTLER 1
#define ACTIVATION_CONTEXT_STRING_SECTION_CASE_INSENSITIVE 1
#define ACTIVATION_CONTEXT_STRING_SECTION_ENTRIES_IN_PSEUDOKEY_ORDER 2
#define ACTIVATION_CONTEXT_GUID_SECTION_ENTRIES_IN_ORDER 1

typedef struct _ACTIVATION_CONTEXT_STRING_SECTION_HEADER {
    ULONG Magic;
    ULONG HeaderSize;
    ULONG FormatVersion;
    ULONG DataFormatVersion;
    ULONG Flags;
    ULONG ElementCount;
    ULONG ElementListOffset;
    ULONG HashAlgorithm;
    ULONG SearchStructureOffset; /* 0: none */
    ULONG UserDataOffset;
    ULONG UserDataSize;
} ACTIVATION_CONTEXT_STRING_SECTION_HEADER;

typedef struct _ACTIVATION_CONTEXT_STRING_SECTION_ENTRY {
    ULONG PseudoKey;
    ULONG KeyOffset;
    ULONG KeyLength;
    ULONG Offset;
    ULONG Length;
    ULONG AssemblyRosterIndex;
} ACTIVATION_CONTEXT_STRING_SECTION_ENTRY;

typedef struct _ACTIVATION_CONTEXT_GUID_SECTION_HEADER {
    ULONG Magic;
    ULONG HeaderSize;
    ULONG FormatVersion;
    ULONG DataFormatVersion;
    ULONG Flags;
    ULONG ElementCount;
    ULONG ElementListOffset;
    ULONG SearchStructureOffset;
    ULONG UserDataOffset;
    ULONG UserDataSize;
} ACTIVATION_CONTEXT_GUID_SECTION_HEADER;

typedef struct _ACTIVATION_CONTEXT_GUID_SECTION_ENTRY {
    GUID Guid;
    ULONG Offset;
    ULONG Length;
    ULONG AssemblyRosterIndex;
} ACTIVATION_CONTEXT_GUID_SECTION_ENTRY;

/* ---- What is in the sections ---- */

#define ACTIVATION_CONTEXT_PATH_TYPE_NONE 1
#define ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE 2

/* User data of the assemblies' section. The directory's offset is from this structure. */
typedef struct _ACTIVATION_CONTEXT_DATA_ASSEMBLY_GLOBAL_INFORMATION {
    ULONG Size;
    ULONG Flags;
    GUID PolicyCoherencyGuid;
    GUID PolicyOverrideGuid;
    ULONG ApplicationDirectoryPathType;
    ULONG ApplicationDirectoryLength;
    ULONG ApplicationDirectoryOffset;
} ACTIVATION_CONTEXT_DATA_ASSEMBLY_GLOBAL_INFORMATION;

#define ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION_ROOT_ASSEMBLY 0x01
#define ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION_PRIVATE_ASSEMBLY 0x10

typedef struct _ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION {
    ULONG Size;
    ULONG Flags;
    ULONG EncodedAssemblyIdentityLength;
    ULONG EncodedAssemblyIdentityOffset;
    ULONG ManifestPathType;
    ULONG ManifestPathLength;
    ULONG ManifestPathOffset;
    ACTIVATION_CONTEXT_TIME ManifestLastWriteTime;
    ULONG PolicyPathType;
    ULONG PolicyPathLength;
    ULONG PolicyPathOffset;
    ACTIVATION_CONTEXT_TIME PolicyLastWriteTime;
    ULONG MetadataSatelliteRosterIndex;
    ULONG Unused2;
    ULONG ManifestVersionMajor;
    ULONG ManifestVersionMinor;
    ULONG PolicyVersionMajor;
    ULONG PolicyVersionMinor;
    ULONG AssemblyDirectoryNameLength;
    ULONG AssemblyDirectoryNameOffset;
    ULONG NumOfFilesInAssembly;
    ULONG LanguageLength;
    ULONG LanguageOffset;
    ULONG RunLevel;
    ULONG UiAccess;
} ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION;

#define ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_INCLUDES_BASE_NAME 1
#define ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_OMITS_ASSEMBLY_ROOT 2
#define ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_EXPAND 4

typedef struct _ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION {
    ULONG Size;
    ULONG Flags;
    ULONG TotalPathLength;
    ULONG PathSegmentCount;
    ULONG PathSegmentOffset;
} ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION;

typedef struct _ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_SEGMENT {
    ULONG Length;
    ULONG Offset;
} ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_SEGMENT;

/* The class's name is from this structure, the DLL's from the section. */
typedef struct _ACTIVATION_CONTEXT_DATA_WINDOW_CLASS_REDIRECTION {
    ULONG Size;
    ULONG Flags;
    ULONG VersionSpecificClassNameLength;
    ULONG VersionSpecificClassNameOffset;
    ULONG DllNameLength;
    ULONG DllNameOffset;
} ACTIVATION_CONTEXT_DATA_WINDOW_CLASS_REDIRECTION;

#define ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_DEFAULT 0x0100
#define ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_ICON 0x0200
#define ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_CONTENT 0x0400
#define ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_THUMBNAIL 0x0800
#define ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_DOCPRINT 0x1000

/* The module's name is from the section, the ProgID and the shim's data from this structure. */
typedef struct _ACTIVATION_CONTEXT_DATA_COM_SERVER_REDIRECTION {
    ULONG Size;
    ULONG Flags;
    ULONG ThreadingModel; /* 1 apartment, 2 free, 3 single, 4 both, 5 neutral */
    GUID ReferenceClsid;
    GUID ConfiguredClsid;
    GUID ImplementedClsid;
    GUID TypeLibraryId;
    ULONG ModuleLength;
    ULONG ModuleOffset;
    ULONG ProgIdLength;
    ULONG ProgIdOffset;
    ULONG ShimDataLength;
    ULONG ShimDataOffset;
    ULONG MiscStatusDefault;
    ULONG MiscStatusContent;
    ULONG MiscStatusThumbnail;
    ULONG MiscStatusIcon;
    ULONG MiscStatusDocPrint;
} ACTIVATION_CONTEXT_DATA_COM_SERVER_REDIRECTION;

#define ACTIVATION_CONTEXT_DATA_COM_SERVER_SHIM_TYPE_CLR_CLASS 2

/* The module is from the section, the rest from this structure. */
typedef struct _ACTIVATION_CONTEXT_DATA_COM_SERVER_REDIRECTION_SHIM {
    ULONG Size;
    ULONG Flags;
    ULONG Type;
    ULONG ModuleLength;
    ULONG ModuleOffset;
    ULONG TypeLength;
    ULONG TypeOffset;
    ULONG ShimVersionLength;
    ULONG ShimVersionOffset;
    ULONG DataLength;
    ULONG DataOffset;
} ACTIVATION_CONTEXT_DATA_COM_SERVER_REDIRECTION_SHIM;

#define ACTIVATION_CONTEXT_DATA_COM_INTERFACE_NUM_METHODS_VALID 1
#define ACTIVATION_CONTEXT_DATA_COM_INTERFACE_BASE_INTERFACE_VALID 2

/* The name is from this structure. */
typedef struct _ACTIVATION_CONTEXT_DATA_COM_INTERFACE_REDIRECTION {
    ULONG Size;
    ULONG Flags;
    GUID ProxyStubClsid32;
    ULONG NumMethods;
    GUID TypeLibraryId;
    GUID BaseInterface;
    ULONG NameLength;
    ULONG NameOffset;
} ACTIVATION_CONTEXT_DATA_COM_INTERFACE_REDIRECTION;

/* The name is from the section, the directory from this structure. */
typedef struct _ACTIVATION_CONTEXT_DATA_TYPE_LIBRARY_REDIRECTION {
    ULONG Size;
    ULONG Flags;
    ULONG NameLength;
    ULONG NameOffset;
    USHORT ResourceId;
    USHORT LibraryFlags;
    ULONG HelpDirLength;
    ULONG HelpDirOffset;
    USHORT MajorVersion;
    USHORT MinorVersion;
} ACTIVATION_CONTEXT_DATA_TYPE_LIBRARY_REDIRECTION;

/* The offset of a GUID is from the section. */
typedef struct _ACTIVATION_CONTEXT_DATA_COM_PROGID_REDIRECTION {
    ULONG Size;
    ULONG Flags;
    ULONG ConfiguredClsidOffset;
} ACTIVATION_CONTEXT_DATA_COM_PROGID_REDIRECTION;

/* Texts are from this structure. */
typedef struct _ACTIVATION_CONTEXT_DATA_CLR_SURROGATE {
    ULONG Size;
    ULONG Flags;
    GUID SurrogateIdent;
    ULONG VersionOffset;
    ULONG VersionLength;
    ULONG TypeNameOffset;
    ULONG TypeNameLength;
} ACTIVATION_CONTEXT_DATA_CLR_SURROGATE;

/* Texts are from this structure. */
typedef struct _ACTIVATION_CONTEXT_DATA_APPLICATION_SETTINGS {
    ULONG Size;
    ULONG Flags;
    ULONG SettingNamespaceLength;
    ULONG SettingNamespaceOffset;
    ULONG SettingNameLength;
    ULONG SettingNameOffset;
    ULONG SettingValueLength;
    ULONG SettingValueOffset;
} ACTIVATION_CONTEXT_DATA_APPLICATION_SETTINGS;

#pragma pack(pop)

typedef enum _ACTCTX_COMPATIBILITY_ELEMENT_TYPE {
    ACTCTX_COMPATIBILITY_ELEMENT_TYPE_UNKNOWN,
    ACTCTX_COMPATIBILITY_ELEMENT_TYPE_OS,
    ACTCTX_COMPATIBILITY_ELEMENT_TYPE_MITIGATION,
    ACTCTX_COMPATIBILITY_ELEMENT_TYPE_MAXVERSIONTESTED,
} ACTCTX_COMPATIBILITY_ELEMENT_TYPE;

typedef struct _COMPATIBILITY_CONTEXT_ELEMENT {
    GUID Id;
    ACTCTX_COMPATIBILITY_ELEMENT_TYPE Type;
    ULONGLONG MaxVersionTested DECLSPEC_ALIGN(8);
} COMPATIBILITY_CONTEXT_ELEMENT;

typedef struct _ACTIVATION_CONTEXT_COMPATIBILITY_INFORMATION {
    ULONG ElementCount;
    COMPATIBILITY_CONTEXT_ELEMENT Elements[];
} ACTIVATION_CONTEXT_COMPATIBILITY_INFORMATION;

_Static_assert(sizeof(ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION) == 108, "packed by 4");
