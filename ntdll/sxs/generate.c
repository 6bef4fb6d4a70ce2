// SPDX-License-Identifier: BSD-2-Clause
/* The assemblies of an activation context: a root, what it depends on, and so on. */
#include "sxsp.h"

void SxspBeginGeneration(PSXSP_GENERATION Generation)
{
    memset(Generation, 0, sizeof(*Generation));
    Generation->Last = &Generation->Assemblies;
}

void SxspEndGeneration(PSXSP_GENERATION Generation)
{
    SxspFreeArena(&Generation->Arena);
}

NTSTATUS SxspAddAssembly(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted,
                         const SXSP_FOUND_ASSEMBLY *Found)
{
    PSXSP_ASSEMBLY Assembly;
    NTSTATUS Status;

    if (Generation->Count == SXSP_MAXIMUM_ASSEMBLIES)
        return STATUS_SXS_MANIFEST_TOO_BIG;
    Assembly = SxspAllocate(&Generation->Arena, sizeof(*Assembly));
    if (!Assembly)
        return STATUS_NO_MEMORY;
    Assembly->ManifestPath = Found->Path;
    Assembly->DirectoryName = Found->DirectoryName;
    Assembly->LastWriteTime = Found->Source->LastWriteTime;
    Assembly->Flags = Found->Flags;
    Status =
        SxspReadManifest(&Generation->Arena, Assembly, Found->Source->Data, Found->Source->Size);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Wanted && (!Assembly->HasIdentity || !SxspSatisfies(&Assembly->Identity, Wanted)))
        return STATUS_SXS_ASSEMBLY_NOT_FOUND;
    *Generation->Last = Assembly;
    Generation->Last = &Assembly->Next;
    Generation->Count++;
    return STATUS_SUCCESS;
}

/* Windows always has these; programs ask for them, and the same DLL by the plain name does. */
static BOOLEAN IsOfSystem(const SXSP_IDENTITY *Identity)
{
    return SxspIsWord(&Identity->Name, u"Microsoft.Windows.Common-Controls");
}

static NTSTATUS AddDependency(PSXSP_GENERATION Generation, const SXSP_DEPENDENCY *Dependency)
{
    const SXSP_IDENTITY *Wanted = &Dependency->Identity;
    NTSTATUS Status;

    for (PSXSP_ASSEMBLY Known = Generation->Assemblies; Known; Known = Known->Next) {
        if (RtlEqualUnicodeString(&Known->Identity.Name, &Wanted->Name, TRUE))
            return SxspSatisfies(&Known->Identity, Wanted) ? STATUS_SUCCESS
                                                           : STATUS_SXS_VERSION_CONFLICT;
    }
    Status = SxspLocateAssembly(Generation, Wanted);
    if (Status != STATUS_SXS_ASSEMBLY_NOT_FOUND)
        return Status;
    if (Dependency->Optional || IsOfSystem(Wanted))
        return STATUS_SUCCESS;
    DbgPrint("SXS: assembly %wZ, version %wZ: not found\n", &Wanted->Name, &Wanted->VersionText);
    return Status;
}

NTSTATUS SxspGenerate(PSXSP_GENERATION Generation, PACTIVATION_CONTEXT_DATA *Data)
{
    NTSTATUS Status = STATUS_SUCCESS;

    for (PSXSP_ASSEMBLY Assembly = Generation->Assemblies; Assembly && NT_SUCCESS(Status);
         Assembly = Assembly->Next) {
        for (PSXSP_DEPENDENCY Dependency = Assembly->Dependencies; Dependency && NT_SUCCESS(Status);
             Dependency = Dependency->Next)
            Status = AddDependency(Generation, Dependency);
    }
    return NT_SUCCESS(Status) ? SxspBuild(Generation, Data) : Status;
}
