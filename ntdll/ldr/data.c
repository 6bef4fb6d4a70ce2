// SPDX-License-Identifier: BSD-2-Clause
/*
 * Files that are mapped for what is in them, resources above all, and are no modules: as they are
 * (their handle has bit 0 set) or as images (bit 1). (Win32: LoadLibraryEx)
 */
#include "ldrp.h"

#define AS_FILE 1
#define AS_IMAGE 2

/* Whether a PE file's headers are there. */
static BOOLEAN HasHeaders(PVOID Base, SIZE_T ViewSize)
{
    PIMAGE_DOS_HEADER Dos = Base;

    return ViewSize >= sizeof(*Dos) && Dos->e_magic == IMAGE_DOS_SIGNATURE && Dos->e_lfanew > 0 &&
           (SIZE_T)Dos->e_lfanew + sizeof(IMAGE_NT_HEADERS) <= ViewSize &&
           *(UNALIGNED_ULONG *)((PUCHAR)Base + Dos->e_lfanew) == IMAGE_NT_SIGNATURE;
}

static NTSTATUS MapData(HANDLE Section, BOOLEAN AsImage, PVOID *Handle)
{
    PVOID Base = NULL;
    SIZE_T ViewSize = 0;
    LDRP_IMAGE Image;
    NTSTATUS Status =
        NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &ViewSize, ViewShare, 0,
                           AsImage ? PAGE_EXECUTE_WRITECOPY : PAGE_READONLY);

    if (!NT_SUCCESS(Status))
        return Status;
    if (AsImage)
        Status = LdrpOpenImage(Base, ViewSize, &Image);
    else if (!HasHeaders(Base, ViewSize))
        Status = STATUS_INVALID_IMAGE_FORMAT;
    if (NT_SUCCESS(Status))
        *Handle = (PVOID)((ULONG_PTR)Base | (AsImage ? AS_IMAGE : AS_FILE));
    else
        NtUnmapViewOfSection(NtCurrentProcess(), Base);
    return NT_SUCCESS(Status) ? STATUS_SUCCESS : Status; /* also where it is not at its base */
}

NTSTATUS LdrpLoadData(PCWSTR SearchPath, PCUNICODE_STRING Name, ULONG Flags, PVOID *Handle)
{
    BOOLEAN AsImage = (Flags & LOAD_LIBRARY_AS_IMAGE_RESOURCE) != 0;
    UNICODE_STRING FullName;
    LDRP_NAME Complete;
    HANDLE Section;
    NTSTATUS Status = LdrpCompleteName(Name, NULL, &Complete);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrpOpenModule(SearchPath, &Complete.String, AsImage ? SEC_IMAGE : SEC_COMMIT,
                            &FullName, &Section);
    LdrpFreeName(&Complete);
    if (!NT_SUCCESS(Status))
        return Status;
    RtlFreeHeap(RtlProcessHeap(), 0, FullName.Buffer);
    Status = MapData(Section, AsImage, Handle);
    NtClose(Section);
    return Status;
}

NTSTATUS LdrpUnloadData(PVOID Handle)
{
    NTSTATUS Status =
        NtUnmapViewOfSection(NtCurrentProcess(), (PVOID)((ULONG_PTR)Handle & ~(ULONG_PTR)3));

    return NT_SUCCESS(Status) ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}
