/* SPDX-License-Identifier: BSD-2-Clause */
/* Manifests in memory for tests of ntdll/sxs: what the system would give is here. Include it once,
 * after process.h. */
#pragma once

#include "sxsp.h"

/* Where a manifest is by its path; files are resources, too. */
static const struct {
    PCWSTR Path;
    const char *Text;
} * TestFiles;
static ULONG TestFileCount;

ULONG CDECL DbgPrint(PCCH Format, ...)
{
    return 0;
}

static NTSTATUS ReadTestFile(PCWSTR Path, PSXSP_SOURCE Source)
{
    memset(Source, 0, sizeof(*Source));
    for (ULONG i = 0; i < TestFileCount; i++) {
        if (_wcsicmp(TestFiles[i].Path, Path))
            continue;
        Source->Data = (PVOID)TestFiles[i].Text;
        Source->Size = strlen(TestFiles[i].Text);
        return STATUS_SUCCESS;
    }
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

NTSTATUS SxspReadFile(PSXSP_ARENA Arena, PCWSTR Path, PSXSP_SOURCE Source)
{
    return ReadTestFile(Path, Source);
}

NTSTATUS SxspReadFileResource(PSXSP_ARENA Arena, PCWSTR Path, ULONG_PTR Name, USHORT Language,
                              PSXSP_SOURCE Source)
{
    return ReadTestFile(Path, Source);
}

NTSTATUS SxspLocateShared(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted)
{
    return STATUS_SXS_ASSEMBLY_NOT_FOUND;
}

/* The data of a manifest of C:\app\app.exe, on the heap. */
static NTSTATUS MakeTestData(const void *Manifest, SIZE_T Size, PACTIVATION_CONTEXT_DATA *Data)
{
    static const UNICODE_STRING Directory = RTL_CONSTANT_STRING(u"C:\\app\\");
    SXSP_GENERATION Generation;
    SXSP_SOURCE Source = {(PVOID)Manifest, Size, {.QuadPart = 5}};
    SXSP_FOUND_ASSEMBLY Found = {
        .Path = RTL_CONSTANT_STRING(u"C:\\app\\app.exe"), .Flags = 0x11, .Source = &Source};
    NTSTATUS Status;

    *Data = NULL;
    SxspBeginGeneration(&Generation);
    Generation.Directory = Directory;
    Status = SxspAddAssembly(&Generation, NULL, &Found);
    if (NT_SUCCESS(Status))
        Status = SxspGenerate(&Generation, Data);
    SxspEndGeneration(&Generation);
    return Status;
}
