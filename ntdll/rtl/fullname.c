// SPDX-License-Identifier: BSD-2-Clause
/* Full path names: what a DOS path means from the current directory. (Win32: GetFullPathName;
 * Microsoft: "File path formats on Windows systems") */
#include "rtlp.h"

#define MAXIMUM_PATH_LENGTH (UNICODE_STRING_MAX_CHARS - 1)
#define DEVICE_PREFIX u"\\\\.\\"

/* A piece of text that comes before the rest of a path. */
typedef struct _PREFIX {
    PCWSTR Text;
    SIZE_T Length; /* characters */
} PREFIX;

static BOOLEAN SameDrive(PCWSTR Path, const UNICODE_STRING *Directory)
{
    return Directory->Length >= 2 * sizeof(WCHAR) && Directory->Buffer[1] == ':' &&
           RtlUpcaseUnicodeChar(Path[0]) == RtlUpcaseUnicodeChar(Directory->Buffer[0]);
}

/* The current directory of a drive that is not the current one is in a variable named for it. Root
 * is room for a name of its own. */
static PREFIX DriveDirectory(PCWSTR Path, WCHAR Root[4])
{
    PCWSTR Environment = NtCurrentPeb()->ProcessParameters->Environment;
    const WCHAR Name[] = {'=', RtlUpcaseUnicodeChar(Path[0]), ':'};
    PWSTR Value = NULL;

    if (Environment)
        RtlpFindVariable(Environment, Name, ARRAYSIZE(Name), &Value);
    if (Value && RtlDetermineDosPathNameType_U(Value) == RtlPathTypeDriveAbsolute)
        return (PREFIX){Value, wcslen(Value)};
    Root[0] = Path[0];
    Root[1] = ':';
    Root[2] = '\\';
    Root[3] = UNICODE_NULL;
    return (PREFIX){Root, 3};
}

/* What the path begins at, and in *Skip how much of its own beginning that replaces. The caller
 * holds the PEB's lock. */
static PREFIX FindPrefix(PCWSTR Path, WCHAR Root[4], ULONG *Skip)
{
    const UNICODE_STRING *Current = &NtCurrentPeb()->ProcessParameters->CurrentDirectory.DosPath;
    PREFIX Whole = {Current->Buffer, Current->Length / sizeof(WCHAR)};

    *Skip = 0;
    switch (RtlDetermineDosPathNameType_U(Path)) {
    case RtlPathTypeRelative:
        return Whole;
    case RtlPathTypeDriveRelative:
        *Skip = 2;
        return SameDrive(Path, Current) ? Whole : DriveDirectory(Path, Root);
    case RtlPathTypeRooted:
        Whole.Length = Current->Length ? RtlpRootLength(Current->Buffer) : 0;
        return Whole;
    case RtlPathTypeRootLocalDevice:
        *Skip = 3;
        return (PREFIX){DEVICE_PREFIX, 4};
    default:
        return (PREFIX){NULL, 0};
    }
}

static NTSTATUS Join(PREFIX Prefix, PCWSTR Rest, SIZE_T RestLength, PWSTR *Joined)
{
    PWSTR Text;

    if (Prefix.Length + RestLength + 1 > MAXIMUM_PATH_LENGTH)
        return STATUS_NAME_TOO_LONG;
    Text = RtlAllocateHeap(RtlProcessHeap(), 0, (Prefix.Length + RestLength + 2) * sizeof(WCHAR));
    if (!Text)
        return STATUS_NO_MEMORY;
    if (Prefix.Length)
        memcpy(Text, Prefix.Text, Prefix.Length * sizeof(WCHAR));
    if (Prefix.Length && Text[Prefix.Length - 1] != '\\')
        Text[Prefix.Length++] = '\\';
    memcpy(Text + Prefix.Length, Rest, RestLength * sizeof(WCHAR));
    Text[Prefix.Length + RestLength] = UNICODE_NULL;
    *Joined = Text;
    return STATUS_SUCCESS;
}

/* \\.\NUL for whatever means that device. */
static NTSTATUS DevicePath(PCWSTR Path, ULONG Device, PWSTR *FullPath)
{
    return Join((PREFIX){DEVICE_PREFIX, 4}, Path + (Device >> 16) / sizeof(WCHAR),
                (Device & 0xffff) / sizeof(WCHAR), FullPath);
}

static BOOLEAN IsBlank(PCWSTR Path)
{
    while (*Path == ' ')
        Path++;
    return !*Path;
}

NTSTATUS RtlpFullPath(PCWSTR Path, PWSTR *FullPath, PWSTR *FilePart)
{
    ULONG Device, Skip, RootLength, Length;
    WCHAR Root[4];
    PREFIX Prefix;
    NTSTATUS Status;

    *FilePart = NULL;
    if (!Path || IsBlank(Path))
        return STATUS_OBJECT_NAME_INVALID;
    Device = RtlIsDosDeviceName_U(Path);
    if (Device && RtlDetermineDosPathNameType_U(Path) != RtlPathTypeLocalDevice)
        return DevicePath(Path, Device, FullPath);
    RtlAcquirePebLock();
    Prefix = FindPrefix(Path, Root, &Skip);
    Status = Join(Prefix, Path + Skip, wcsnlen(Path + Skip, MAXIMUM_PATH_LENGTH + 1), FullPath);
    RtlReleasePebLock();
    if (!NT_SUCCESS(Status))
        return Status;
    RootLength = RtlpRootLength(*FullPath);
    Length = RtlpCollapsePath(*FullPath, RootLength);
    if (Length > RootLength && (*FullPath)[Length - 1] != '\\') {
        while (Length > RootLength && (*FullPath)[Length - 1] != '\\')
            Length--;
        *FilePart = *FullPath + Length;
    }
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetFullPathName_UEx(PCWSTR Path, ULONG Size, PWSTR Buffer, PWSTR *FilePart,
                                      PULONG BytesRequired)
{
    PWSTR FullPath, Part;
    NTSTATUS Status = RtlpFullPath(Path, &FullPath, &Part);
    SIZE_T Bytes;

    if (FilePart)
        *FilePart = NULL;
    *BytesRequired = 0;
    if (!NT_SUCCESS(Status))
        return Status;
    Bytes = wcslen(FullPath) * sizeof(WCHAR);
    if (Bytes + sizeof(WCHAR) > Size) {
        *BytesRequired = (ULONG)(Bytes + sizeof(WCHAR));
        Status = STATUS_BUFFER_TOO_SMALL;
    } else {
        *BytesRequired = (ULONG)Bytes;
        memcpy(Buffer, FullPath, Bytes + sizeof(WCHAR));
        if (FilePart && Part)
            *FilePart = Buffer + (Part - FullPath);
    }
    RtlFreeHeap(RtlProcessHeap(), 0, FullPath);
    return Status;
}

ULONG NTAPI RtlGetFullPathName_U(PCWSTR Path, ULONG Size, PWSTR Buffer, PWSTR *FilePart)
{
    ULONG Bytes;

    RtlGetFullPathName_UEx(Path, Size, Buffer, FilePart, &Bytes);
    return Bytes;
}
