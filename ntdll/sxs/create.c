// SPDX-License-Identifier: BSD-2-Clause
/* Activation contexts of manifests: those that programs ask for, the process's own, a DLL's.
 * (Win32: CreateActCtxW) */
#include "rtlp.h"
#include "sxsp.h"

#define MANIFEST_OF_PROGRAM 1 /* the names of these resources */

/* Whatever is wrong with a manifest, callers see one status; the log says more. */
static NTSTATUS Report(PCUNICODE_STRING Path, NTSTATUS Status)
{
    if ((ULONG)Status >> 16 != 0xc015)
        return Status;
    DbgPrint("SXS: %wZ: no context: status %08x\n", Path, Status);
    return STATUS_SXS_CANT_GEN_ACTCTX;
}

static UNICODE_STRING DirectoryOf(PCUNICODE_STRING Path)
{
    UNICODE_STRING Directory = *Path;

    while (Directory.Length && Directory.Buffer[Directory.Length / sizeof(WCHAR) - 1] != '\\')
        Directory.Length -= sizeof(WCHAR);
    return Directory;
}

static UNICODE_STRING ProgramDirectory(void)
{
    return DirectoryOf(&NtCurrentPeb()->ProcessParameters->ImagePathName);
}

/* The full form of a path, and copied, into the arena. */
static NTSTATUS FullPath(PSXSP_ARENA Arena, PCWSTR Path, PUNICODE_STRING Result)
{
    PWSTR Full, FilePart;
    UNICODE_STRING Text;
    PCUNICODE_STRING Parts[] = {&Text};
    NTSTATUS Status = RtlpFullPath(Path, &Full, &FilePart);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlInitUnicodeStringEx(&Text, Full);
    if (NT_SUCCESS(Status))
        Status = SxspJoin(Arena, Parts, ARRAYSIZE(Parts), Result);
    RtlFreeHeap(RtlProcessHeap(), 0, Full);
    return Status;
}

static NTSTATUS SetDirectory(PSXSP_GENERATION Generation, const ACTCTXW *Source)
{
    static const UNICODE_STRING Backslash = RTL_CONSTANT_STRING(u"\\");
    UNICODE_STRING Given;
    PCUNICODE_STRING Parts[] = {&Given, &Backslash};
    ULONG Count = 2;
    NTSTATUS Status;

    Generation->Directory = ProgramDirectory();
    if (!(Source->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID))
        return STATUS_SUCCESS;
    if (!Source->lpAssemblyDirectory)
        return STATUS_INVALID_PARAMETER;
    Status = FullPath(&Generation->Arena, Source->lpAssemblyDirectory, &Given);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Given.Length && Given.Buffer[Given.Length / sizeof(WCHAR) - 1] == '\\')
        Count = 1;
    return SxspJoin(&Generation->Arena, Parts, Count, &Generation->Directory);
}

/* A relative path is one in the directory that is given, if any. */
static NTSTATUS SourcePath(PSXSP_GENERATION Generation, const ACTCTXW *Source, PUNICODE_STRING Path)
{
    UNICODE_STRING Name;
    PCUNICODE_STRING Parts[] = {&Generation->Directory, &Name};
    NTSTATUS Status = RtlInitUnicodeStringEx(&Name, Source->lpSource);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!(Source->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID) ||
        RtlDetermineDosPathNameType_U(Source->lpSource) != RtlPathTypeRelative)
        return FullPath(&Generation->Arena, Source->lpSource, Path);
    return SxspJoin(&Generation->Arena, Parts, ARRAYSIZE(Parts), Path);
}

static NTSTATUS ModulePath(PSXSP_GENERATION Generation, PVOID Module, PUNICODE_STRING Path)
{
    PLDR_DATA_TABLE_ENTRY Entry;
    PCUNICODE_STRING Parts[1];
    NTSTATUS Status = LdrFindEntryForAddress((PVOID)((ULONG_PTR)Module & ~(ULONG_PTR)3), &Entry);

    if (!NT_SUCCESS(Status)) /* a file that is mapped for its data has no name */
        return STATUS_SUCCESS;
    Parts[0] = &Entry->FullDllName;
    return SxspJoin(&Generation->Arena, Parts, 1, Path);
}

static NTSTATUS ReadSource(PSXSP_GENERATION Generation, const ACTCTXW *Source,
                           PSXSP_FOUND_ASSEMBLY Found, PSXSP_SOURCE Manifest)
{
    ULONG Flags = Source->dwFlags;
    USHORT Language = Flags & ACTCTX_FLAG_LANGID_VALID ? Source->wLangId : 0;
    ULONG_PTR Name = (ULONG_PTR)Source->lpResourceName;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Source->lpSource)
        Status = SourcePath(Generation, Source, &Found->Path);
    else
        Status = ModulePath(Generation, Source->hModule, &Found->Path);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!(Flags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID))
        Generation->Nearer = DirectoryOf(&Found->Path);
    if (Flags & ACTCTX_FLAG_HMODULE_VALID)
        return SxspFindManifest(Source->hModule, Name, Language, Manifest);
    if (Flags & ACTCTX_FLAG_RESOURCE_NAME_VALID)
        return SxspReadFileResource(&Generation->Arena, Found->Path.Buffer, Name, Language,
                                    Manifest);
    return SxspReadFile(&Generation->Arena, Found->Path.Buffer, Manifest);
}

static NTSTATUS Generate(PSXSP_GENERATION Generation, PSXSP_FOUND_ASSEMBLY Found,
                         PACTIVATION_CONTEXT_DATA *Data)
{
    NTSTATUS Status;

    Found->Flags = ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION_ROOT_ASSEMBLY |
                   ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION_PRIVATE_ASSEMBLY;
    Status = SxspAddAssembly(Generation, NULL, Found);
    return NT_SUCCESS(Status) ? SxspGenerate(Generation, Data) : Status;
}

static BOOLEAN MakesSense(const ACTCTXW *Source)
{
    ULONG Flags;

    if (!Source || Source->cbSize < sizeof(*Source) || (Source->dwFlags & ~ACTCTX_FLAG_VALID))
        return FALSE;
    Flags = Source->dwFlags;
    if ((Flags & ACTCTX_FLAG_RESOURCE_NAME_VALID) && !Source->lpResourceName)
        return FALSE;
    if ((Flags & ACTCTX_FLAG_SOURCE_IS_ASSEMBLYREF) &&
        (Flags & (ACTCTX_FLAG_HMODULE_VALID | ACTCTX_FLAG_RESOURCE_NAME_VALID)))
        return FALSE;
    if (Flags & ACTCTX_FLAG_HMODULE_VALID)
        return (Flags & ACTCTX_FLAG_RESOURCE_NAME_VALID) && Source->hModule;
    return Source->lpSource != NULL;
}

/* The source is no manifest, but what an assembly is called. */
static NTSTATUS GenerateByReference(PSXSP_GENERATION Generation, PCWSTR Reference,
                                    PACTIVATION_CONTEXT_DATA *Data)
{
    SXSP_IDENTITY Wanted;
    UNICODE_STRING Text;
    NTSTATUS Status = RtlInitUnicodeStringEx(&Text, Reference);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = SxspParseReference(&Text, &Wanted);
    if (NT_SUCCESS(Status))
        Status = SxspLocateAssembly(Generation, &Wanted);
    if (NT_SUCCESS(Status)) {
        Generation->Assemblies->Flags |= ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION_ROOT_ASSEMBLY;
        Status = SxspGenerate(Generation, Data);
    }
    return Report(&Text, Status);
}

static NTSTATUS GenerateByManifest(PSXSP_GENERATION Generation, const ACTCTXW *Source,
                                   PACTIVATION_CONTEXT_DATA *Data)
{
    SXSP_SOURCE Manifest;
    SXSP_FOUND_ASSEMBLY Found = {.Source = &Manifest};
    NTSTATUS Status = ReadSource(Generation, Source, &Found, &Manifest);

    return NT_SUCCESS(Status) ? Report(&Found.Path, Generate(Generation, &Found, Data)) : Status;
}

static NTSTATUS MakeData(const ACTCTXW *Source, PACTIVATION_CONTEXT_DATA *Data)
{
    SXSP_GENERATION Generation;
    NTSTATUS Status;

    SxspBeginGeneration(&Generation);
    Status = SetDirectory(&Generation, Source);
    if (NT_SUCCESS(Status) && (Source->dwFlags & ACTCTX_FLAG_SOURCE_IS_ASSEMBLYREF))
        Status = GenerateByReference(&Generation, Source->lpSource, Data);
    else if (NT_SUCCESS(Status))
        Status = GenerateByManifest(&Generation, Source, Data);
    SxspEndGeneration(&Generation);
    return Status;
}

/* Once in a process, and for ever. */
static NTSTATUS MakeDefault(HANDLE Context)
{
    PSXSP_CONTEXT Object = SxspContextOf(Context);
    PVOID Expected = NULL;

    if (!__atomic_compare_exchange_n(&NtCurrentPeb()->ActivationContextData, &Expected,
                                     (PVOID)Object->Data, FALSE, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        return STATUS_SXS_PROCESS_DEFAULT_ALREADY_SET;
    Object->ProcessDefault = TRUE;
    return STATUS_SUCCESS;
}

NTSTATUS SxspCreateFromSource(const ACTCTXW *Source, PHANDLE Context)
{
    PACTIVATION_CONTEXT_DATA Data;
    HANDLE Object;
    NTSTATUS Status;

    if (!MakesSense(Source))
        return STATUS_INVALID_PARAMETER;
    Status = MakeData(Source, &Data);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SxspMakeContext(Data, &Object);
    if (!NT_SUCCESS(Status)) {
        RtlFreeHeap(RtlProcessHeap(), 0, Data);
        return Status;
    }
    if (Source->dwFlags & ACTCTX_FLAG_SET_PROCESS_DEFAULT)
        Status = MakeDefault(Object);
    if (NT_SUCCESS(Status))
        *Context = Object;
    else
        RtlReleaseActivationContext(Object);
    return Status;
}

/* ---- What an image brings along ---- */

static BOOLEAN HasResources(PVOID Base)
{
    PIMAGE_NT_HEADERS Headers = RtlImageNtHeader(Base);

    return Headers &&
           Headers->OptionalHeader.NumberOfRvaAndSizes > IMAGE_DIRECTORY_ENTRY_RESOURCE &&
           Headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_RESOURCE].VirtualAddress;
}

/* A manifest beside the program counts if there is none inside. */
static NTSTATUS FindOwnManifest(PSXSP_GENERATION Generation, PVOID Base, ULONG_PTR Name,
                                PSXSP_FOUND_ASSEMBLY Found, PSXSP_SOURCE Manifest)
{
    static const UNICODE_STRING Extension = RTL_CONSTANT_STRING(u".manifest");
    PCUNICODE_STRING Parts[] = {&Found->Path, &Extension};
    UNICODE_STRING Beside;
    NTSTATUS Status = STATUS_RESOURCE_DATA_NOT_FOUND;

    if (HasResources(Base))
        Status = SxspFindManifest(Base, Name, 0, Manifest);
    if (NT_SUCCESS(Status) || Name != MANIFEST_OF_PROGRAM)
        return Status;
    Status = SxspJoin(&Generation->Arena, Parts, ARRAYSIZE(Parts), &Beside);
    if (NT_SUCCESS(Status))
        Status = SxspReadFile(&Generation->Arena, Beside.Buffer, Manifest);
    if (NT_SUCCESS(Status))
        Found->Path = Beside;
    return Status;
}

NTSTATUS SxspCreateFromImage(PVOID Base, PCUNICODE_STRING FullName, ULONG_PTR Name,
                             PACTIVATION_CONTEXT_DATA *Data)
{
    SXSP_GENERATION Generation;
    SXSP_SOURCE Manifest;
    SXSP_FOUND_ASSEMBLY Found = {.Path = *FullName, .Source = &Manifest};
    NTSTATUS Status;

    *Data = NULL;
    SxspBeginGeneration(&Generation);
    Generation.Directory = ProgramDirectory();
    Generation.Nearer = DirectoryOf(FullName);
    Status = FindOwnManifest(&Generation, Base, Name, &Found, &Manifest);
    if (NT_SUCCESS(Status))
        Status = Report(&Found.Path, Generate(&Generation, &Found, Data));
    else if (Status != STATUS_NO_MEMORY)
        Status = STATUS_SUCCESS; /* there is no manifest */
    SxspEndGeneration(&Generation);
    return Status;
}

/* As on Windows, the system's own native programs have none. */
NTSTATUS SxspSetProcessDefault(void)
{
    PPEB Peb = NtCurrentPeb();
    PACTIVATION_CONTEXT_DATA Data;
    NTSTATUS Status;

    if (Peb->ImageSubsystem == IMAGE_SUBSYSTEM_NATIVE)
        return STATUS_SUCCESS;
    Status = SxspCreateFromImage(Peb->ImageBaseAddress, &Peb->ProcessParameters->ImagePathName,
                                 MANIFEST_OF_PROGRAM, &Data);
    if (NT_SUCCESS(Status))
        Peb->ActivationContextData = Data;
    return Status;
}
