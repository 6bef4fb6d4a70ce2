/* SPDX-License-Identifier: BSD-2-Clause */
/* Environment, current directory and DOS paths, as ntdll knows them. (phnt: ntrtl.h; Microsoft:
 * "File path formats on Windows systems") */
#pragma once

#include <nt/ntps.h>

typedef enum _RTL_PATH_TYPE {
    RtlPathTypeUnknown,
    RtlPathTypeUncAbsolute,    /* \\server\share */
    RtlPathTypeDriveAbsolute,  /* C:\file */
    RtlPathTypeDriveRelative,  /* C:file */
    RtlPathTypeRooted,         /* \file */
    RtlPathTypeRelative,       /* file */
    RtlPathTypeLocalDevice,    /* \\.\device or \\?\device */
    RtlPathTypeRootLocalDevice /* \\. or \\? */
} RTL_PATH_TYPE;

/* ---- rtl/dospath.c, rtl/fullpath.c: text only ---- */

RTL_PATH_TYPE NTAPI RtlDetermineDosPathNameType_U(PCWSTR Path);
/* Where in a path the name of a DOS device (NUL, COM1) is: its offset in bytes in the upper half,
 * its length in the lower; 0: it names none. */
ULONG NTAPI RtlIsDosDeviceName_U(PCWSTR Path);
/* Whether a name is one of 8.3; OemName, if given, receives it in upper case. */
BOOLEAN NTAPI RtlIsNameLegalDOS8Dot3(PCUNICODE_STRING Name, POEM_STRING OemName,
                                     PBOOLEAN NameContainsSpaces);

/*
 * Puts a path into its simplest form, where it stands: slashes become backslashes, "." and ".." go
 * away, as do what names cannot end with. The first RootLength characters stay. Returns the new
 * length in characters; the path ends with a NUL.
 */
ULONG RtlpCollapsePath(PWSTR Path, ULONG RootLength);
/* The characters of an absolute path that ".." cannot take away: C:\, \\server\share\, \\.\ */
ULONG RtlpRootLength(PCWSTR Path);

/* ---- rtl/environment.c: a block of NAME=value strings, the last of them empty ---- */

/* Characters with both terminators. */
SIZE_T RtlpEnvironmentLength(PCWSTR Environment);
/* The string of a variable, whose name is compared without regard to case, or where its place would
 * be. *Value receives its value, NULL for none. */
PWSTR RtlpFindVariable(PCWSTR Environment, PCWCH Name, SIZE_T NameLength, PWSTR *Value);
/* Whether a name can be set: not empty, no '=' but as its first character. */
BOOLEAN RtlpIsVariableName(PCWCH Name, SIZE_T NameLength);

/* ---- ntdll/rtl ---- */

void NTAPI RtlAcquirePebLock(void);
void NTAPI RtlReleasePebLock(void);

/* Environment NULL is the process' own in all of these. (ntdll/rtl/environment.c) */
NTSTATUS NTAPI RtlCreateEnvironment(BOOLEAN CloneCurrent, PWSTR *Environment);
NTSTATUS NTAPI RtlDestroyEnvironment(PWSTR Environment);
/* The old one is the caller's then, or destroyed if Previous is NULL. */
NTSTATUS NTAPI RtlSetCurrentEnvironment(PWSTR Environment, PWSTR *Previous);
/* STATUS_VARIABLE_NOT_FOUND, STATUS_BUFFER_TOO_SMALL (Value->Length is what it needs) */
NTSTATUS NTAPI RtlQueryEnvironmentVariable_U(PWSTR Environment, PCUNICODE_STRING Name,
                                             PUNICODE_STRING Value);
NTSTATUS NTAPI RtlQueryEnvironmentVariable(PWSTR Environment, PCWSTR Name, SIZE_T NameLength,
                                           PWSTR Value, SIZE_T ValueLength, PSIZE_T ReturnLength);
/* Value NULL takes the variable away. */
NTSTATUS NTAPI RtlSetEnvironmentVariable(PWSTR *Environment, PCUNICODE_STRING Name,
                                         PCUNICODE_STRING Value);
/* %NAME% becomes the variable's value, if it has one. Lengths: of _U, bytes with a terminator; else
 * characters. STATUS_BUFFER_TOO_SMALL */
NTSTATUS NTAPI RtlExpandEnvironmentStrings_U(PWSTR Environment, PCUNICODE_STRING Source,
                                             PUNICODE_STRING Destination, PULONG ReturnedLength);
NTSTATUS NTAPI RtlExpandEnvironmentStrings(PWSTR Environment, PCWSTR Source, SIZE_T SourceLength,
                                           PWSTR Destination, SIZE_T DestinationLength,
                                           PSIZE_T ReturnLength);

/* Sizes are bytes. They return the bytes written without the terminator; if Size is too small, what
 * they need with it. (ntdll/rtl/directory.c, fullname.c) */
ULONG NTAPI RtlGetCurrentDirectory_U(ULONG Size, PWSTR Buffer);
NTSTATUS NTAPI RtlSetCurrentDirectory_U(PCUNICODE_STRING Path);
/* 0: there is no such path. *FilePart is the last component, NULL if the path ends with '\'. */
ULONG NTAPI RtlGetFullPathName_U(PCWSTR Path, ULONG Size, PWSTR Buffer, PWSTR *FilePart);
NTSTATUS NTAPI RtlGetFullPathName_UEx(PCWSTR Path, ULONG Size, PWSTR Buffer, PWSTR *FilePart,
                                      PULONG BytesRequired);

typedef struct _RTL_RELATIVE_NAME_U {
    UNICODE_STRING RelativeName;
    HANDLE ContainingDirectory;
    PVOID CurDirRef;
} RTL_RELATIVE_NAME_U, *PRTL_RELATIVE_NAME_U;

/* \??\C:\file for file; on the heap: RtlFreeUnicodeString. (ntdll/rtl/ntpath.c) RelativeName comes
 * back empty: the whole name is to be used. */
BOOLEAN NTAPI RtlDosPathNameToNtPathName_U(PCWSTR Path, PUNICODE_STRING NtPath, PWSTR *FilePart,
                                           PRTL_RELATIVE_NAME_U RelativeName);
NTSTATUS NTAPI RtlDosPathNameToNtPathName_U_WithStatus(PCWSTR Path, PUNICODE_STRING NtPath,
                                                       PWSTR *FilePart,
                                                       PRTL_RELATIVE_NAME_U RelativeName);
BOOLEAN NTAPI RtlDoesFileExists_U(PCWSTR Path);

/* The first file of that name in a list of directories; Extension is tried if it has none. Returns
 * what RtlGetFullPathName_U returns. (ntdll/rtl/searchpath.c) */
ULONG NTAPI RtlDosSearchPath_U(PCWSTR Directories, PCWSTR File, PCWSTR Extension, ULONG Size,
                               PWSTR Buffer, PWSTR *FilePart);
/* Lists of directories on the heap: RtlReleasePath. */
NTSTATUS NTAPI RtlGetExePath(PCWSTR Name, PWSTR *Path);
NTSTATUS NTAPI RtlGetSearchPath(PWSTR *Path);
void NTAPI RtlReleasePath(PWSTR Path);
#define BASE_SEARCH_PATH_ENABLE_SAFE_SEARCHMODE 0x00001
#define BASE_SEARCH_PATH_DISABLE_SAFE_SEARCHMODE 0x10000
#define BASE_SEARCH_PATH_PERMANENT 0x08000
NTSTATUS NTAPI RtlSetSearchPathMode(ULONG Flags);
