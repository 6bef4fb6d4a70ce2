// SPDX-License-Identifier: BSD-2-Clause
/* The current directory: a DOS path that ends with a backslash, and a handle that keeps it from
 * being deleted. (Win32: SetCurrentDirectory) */
#include "rtlp.h"

ULONG NTAPI RtlGetCurrentDirectory_U(ULONG Size, PWSTR Buffer)
{
    const UNICODE_STRING *Path;
    ULONG Bytes;

    RtlAcquirePebLock();
    Path = &NtCurrentPeb()->ProcessParameters->CurrentDirectory.DosPath;
    Bytes = Path->Length & ~1u;
    /* The backslash goes, but not that of C:\ */
    if (Bytes > sizeof(WCHAR) && Path->Buffer[Bytes / sizeof(WCHAR) - 1] == '\\' &&
        Path->Buffer[Bytes / sizeof(WCHAR) - 2] != ':')
        Bytes -= sizeof(WCHAR);
    if (Bytes + sizeof(WCHAR) <= Size) {
        memcpy(Buffer, Path->Buffer, Bytes);
        Buffer[Bytes / sizeof(WCHAR)] = UNICODE_NULL;
    } else {
        Bytes += sizeof(WCHAR);
    }
    RtlReleasePebLock();
    return Bytes;
}

static NTSTATUS OpenDirectory(PCWSTR Path, PHANDLE Directory)
{
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK IoStatus;
    UNICODE_STRING NtPath;
    NTSTATUS Status = RtlDosPathNameToNtPathName_U_WithStatus(Path, &NtPath, NULL, NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, &NtPath, OBJ_CASE_INSENSITIVE | OBJ_INHERIT, NULL,
                               NULL);
    Status = NtOpenFile(Directory, FILE_TRAVERSE | SYNCHRONIZE, &Attributes, &IoStatus,
                        FILE_SHARE_READ | FILE_SHARE_WRITE,
                        FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    RtlFreeUnicodeString(&NtPath);
    return Status;
}

/* Takes over the directory's handle, and gives back the one before. */
static NTSTATUS Install(PCWSTR FullPath, PHANDLE Directory)
{
    PCURDIR Current = &NtCurrentPeb()->ProcessParameters->CurrentDirectory;
    ULONG Length = (ULONG)wcslen(FullPath);
    BOOLEAN Ends = Length && FullPath[Length - 1] == '\\';
    NTSTATUS Status = STATUS_NAME_TOO_LONG;
    HANDLE Previous;

    RtlAcquirePebLock();
    if ((Length + 2) * sizeof(WCHAR) <= Current->DosPath.MaximumLength) {
        memcpy(Current->DosPath.Buffer, FullPath, Length * sizeof(WCHAR));
        if (!Ends)
            Current->DosPath.Buffer[Length++] = '\\';
        Current->DosPath.Buffer[Length] = UNICODE_NULL;
        Current->DosPath.Length = (USHORT)(Length * sizeof(WCHAR));
        Previous = Current->Handle;
        Current->Handle = *Directory;
        *Directory = Previous;
        Status = STATUS_SUCCESS;
    }
    RtlReleasePebLock();
    return Status;
}

NTSTATUS NTAPI RtlSetCurrentDirectory_U(PCUNICODE_STRING Path)
{
    HANDLE Directory = NULL;
    PWSTR Text, FullPath, FilePart;
    NTSTATUS Status = STATUS_NO_MEMORY;

    Text = RtlAllocateHeap(RtlProcessHeap(), 0, Path->Length + sizeof(WCHAR));
    if (!Text)
        return STATUS_NO_MEMORY;
    memcpy(Text, Path->Buffer, Path->Length & ~1u);
    Text[Path->Length / sizeof(WCHAR)] = UNICODE_NULL;
    Status = RtlIsDosDeviceName_U(Text) ? STATUS_NOT_A_DIRECTORY
                                        : RtlpFullPath(Text, &FullPath, &FilePart);
    if (NT_SUCCESS(Status)) {
        Status = OpenDirectory(FullPath, &Directory);
        if (NT_SUCCESS(Status))
            Status = Install(FullPath, &Directory);
        RtlFreeHeap(RtlProcessHeap(), 0, FullPath);
    }
    RtlFreeHeap(RtlProcessHeap(), 0, Text);
    if (Directory)
        NtClose(Directory);
    return Status;
}
