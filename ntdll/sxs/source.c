// SPDX-License-Identifier: BSD-2-Clause
/* Where manifests come from: files, and resources of images. */
#include "sxsp.h"

#define RT_MANIFEST 24

static NTSTATUS OpenPath(PCWSTR Path, PHANDLE File)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING NtPath;
    IO_STATUS_BLOCK Iosb;
    NTSTATUS Status = RtlDosPathNameToNtPathName_U_WithStatus(Path, &NtPath, NULL, NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, &NtPath, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status =
        NtOpenFile(File, FILE_GENERIC_READ, &Attributes, &Iosb, FILE_SHARE_READ | FILE_SHARE_DELETE,
                   FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    RtlFreeUnicodeString(&NtPath);
    return Status;
}

/* The file may become shorter meanwhile. */
static NTSTATUS ReadAll(PSXSP_ARENA Arena, HANDLE File, PSXSP_SOURCE Source)
{
    FILE_STANDARD_INFORMATION Standard;
    FILE_BASIC_INFORMATION Basic;
    IO_STATUS_BLOCK Iosb;
    NTSTATUS Status =
        NtQueryInformationFile(File, &Iosb, &Standard, sizeof(Standard), FileStandardInformation);

    if (NT_SUCCESS(Status))
        Status = NtQueryInformationFile(File, &Iosb, &Basic, sizeof(Basic), FileBasicInformation);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Standard.EndOfFile.QuadPart > SXSP_MAXIMUM_MANIFEST)
        return STATUS_SXS_MANIFEST_TOO_BIG;
    Source->LastWriteTime = Basic.LastWriteTime;
    Source->Size = Standard.EndOfFile.LowPart;
    Source->Data = SxspAllocate(Arena, Source->Size + 1);
    if (!Source->Data)
        return STATUS_NO_MEMORY;
    if (!Source->Size)
        return STATUS_SUCCESS;
    Status =
        NtReadFile(File, NULL, NULL, NULL, &Iosb, Source->Data, (ULONG)Source->Size, NULL, NULL);
    Source->Size = NT_SUCCESS(Status) ? Iosb.Information : 0;
    return Status;
}

NTSTATUS SxspReadFile(PSXSP_ARENA Arena, PCWSTR Path, PSXSP_SOURCE Source)
{
    HANDLE File;
    NTSTATUS Status = OpenPath(Path, &File);

    memset(Source, 0, sizeof(*Source));
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ReadAll(Arena, File, Source);
    NtClose(File);
    return Status;
}

NTSTATUS SxspFindManifest(PVOID Module, ULONG_PTR Name, USHORT Language, PSXSP_SOURCE Source)
{
    const ULONG_PTR Path[] = {RT_MANIFEST, Name, Language};
    PIMAGE_RESOURCE_DATA_ENTRY Entry;
    ULONG Size;
    NTSTATUS Status = LdrFindResource_U(Module, Path, ARRAYSIZE(Path), &Entry);

    memset(Source, 0, sizeof(*Source));
    if (NT_SUCCESS(Status))
        Status = LdrAccessResource(Module, Entry, &Source->Data, &Size);
    if (NT_SUCCESS(Status))
        Source->Size = Size;
    return Status;
}

static NTSTATUS CopyManifest(PSXSP_ARENA Arena, PVOID Module, ULONG_PTR Name, USHORT Language,
                             PSXSP_SOURCE Source)
{
    PVOID Copy;
    NTSTATUS Status = SxspFindManifest(Module, Name, Language, Source);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Source->Size > SXSP_MAXIMUM_MANIFEST)
        return STATUS_SXS_MANIFEST_TOO_BIG;
    Copy = SxspAllocate(Arena, Source->Size + 1);
    if (!Copy)
        return STATUS_NO_MEMORY;
    memcpy(Copy, Source->Data, Source->Size);
    Source->Data = Copy;
    return STATUS_SUCCESS;
}

NTSTATUS SxspReadFileResource(PSXSP_ARENA Arena, PCWSTR Path, ULONG_PTR Name, USHORT Language,
                              PSXSP_SOURCE Source)
{
    UNICODE_STRING File;
    PVOID Module;
    NTSTATUS Status = RtlInitUnicodeStringEx(&File, Path);

    memset(Source, 0, sizeof(*Source));
    if (NT_SUCCESS(Status))
        Status = LdrLoadDll(NULL, (PULONG)(ULONG_PTR)LOAD_LIBRARY_AS_DATAFILE, &File, &Module);
    if (!NT_SUCCESS(Status))
        return Status == STATUS_DLL_NOT_FOUND ? STATUS_OBJECT_NAME_NOT_FOUND : Status;
    Status = CopyManifest(Arena, Module, Name, Language, Source);
    LdrUnloadDll(Module);
    return Status;
}
