// SPDX-License-Identifier: BSD-2-Clause
/* Loading and unloading modules. */
#include "ldrp.h"

#define MAXIMUM_NAME 260

static const UNICODE_STRING SystemRoot = RTL_CONSTANT_STRING(u"\\SystemRoot");

/* A path or a name under construction */
typedef struct _LDRP_NAME {
    UNICODE_STRING String;
    WCHAR Buffer[MAXIMUM_NAME];
} LDRP_NAME, *PLDRP_NAME;

static void InitializeName(PLDRP_NAME Name)
{
    Name->String.Length = 0;
    Name->String.MaximumLength = sizeof(Name->Buffer);
    Name->String.Buffer = Name->Buffer;
}

static BOOLEAN Contains(PCUNICODE_STRING String, WCHAR Character)
{
    for (USHORT i = 0; i < String->Length / sizeof(WCHAR); i++) {
        if (String->Buffer[i] == Character)
            return TRUE;
    }
    return FALSE;
}

static UNICODE_STRING LastPart(PCUNICODE_STRING Path)
{
    UNICODE_STRING Part = *Path;
    USHORT Start = Path->Length / sizeof(WCHAR);

    while (Start && Path->Buffer[Start - 1] != '\\')
        Start--;
    Part.Buffer += Start;
    Part.Length = Part.MaximumLength = Path->Length - Start * sizeof(WCHAR);
    return Part;
}

/* The name as the lists have it: ".dll" where the base name has no dot; a dot at the end stands for
 * no extension. */
static NTSTATUS CompleteName(PCUNICODE_STRING Name, PLDRP_NAME Complete)
{
    UNICODE_STRING Base = LastPart(Name);

    if (!Base.Length)
        return STATUS_OBJECT_NAME_INVALID;
    InitializeName(Complete);
    if (!NT_SUCCESS(RtlAppendUnicodeStringToString(&Complete->String, Name)))
        return STATUS_NAME_TOO_LONG;
    if (Base.Buffer[Base.Length / sizeof(WCHAR) - 1] == '.')
        Complete->String.Length -= sizeof(WCHAR);
    else if (!Contains(&Base, '.') &&
             !NT_SUCCESS(RtlAppendUnicodeToString(&Complete->String, u".dll")))
        return STATUS_NAME_TOO_LONG;
    return STATUS_SUCCESS;
}

/* Directory\Name */
static NTSTATUS JoinPath(PCUNICODE_STRING Directory, PCUNICODE_STRING Name, PLDRP_NAME Path)
{
    InitializeName(Path);
    if (NT_SUCCESS(RtlAppendUnicodeStringToString(&Path->String, Directory)) &&
        NT_SUCCESS(RtlAppendUnicodeToString(&Path->String, u"\\")) &&
        NT_SUCCESS(RtlAppendUnicodeStringToString(&Path->String, Name)))
        return STATUS_SUCCESS;
    return STATUS_NAME_TOO_LONG;
}

static NTSTATUS OpenImageSection(PCUNICODE_STRING Path, PHANDLE Section)
{
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    HANDLE File;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtOpenFile(&File, FILE_READ_DATA | FILE_EXECUTE | SYNCHRONIZE, &Attributes, &Iosb,
                        FILE_SHARE_READ | FILE_SHARE_DELETE,
                        FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtCreateSection(Section, SECTION_MAP_READ | SECTION_MAP_EXECUTE | SECTION_QUERY, NULL,
                             NULL, PAGE_EXECUTE, SEC_IMAGE, File);
    NtClose(File);
    return Status;
}

/* Maps an image and moves it if need be. Leaves nothing behind when it fails. */
static NTSTATUS MapImage(PCUNICODE_STRING Path, PLDRP_IMAGE Image)
{
    HANDLE Section;
    PVOID Base = NULL;
    SIZE_T ViewSize = 0;
    NTSTATUS Status = OpenImageSection(Path, &Section);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtMapViewOfSection(Section, NtCurrentProcess(), &Base, 0, 0, NULL, &ViewSize,
                                ViewShare, 0, PAGE_EXECUTE_WRITECOPY);
    NtClose(Section);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrpOpenImage(Base, ViewSize, Image);
    if (NT_SUCCESS(Status))
        Status = LdrpRelocate(Image);
    if (!NT_SUCCESS(Status))
        NtUnmapViewOfSection(NtCurrentProcess(), Base);
    return Status;
}

/* Takes back what the module holds, and the module. */
static void DestroyModule(PLDRP_MODULE Module)
{
    PVOID Base = Module->Entry.DllBase;

    for (ULONG i = 0; i < Module->ImportCount; i++)
        LdrpDereferenceModule(Module->Imports[i]);
    if (Module->Imports)
        RtlFreeHeap(RtlProcessHeap(), 0, Module->Imports);
    LdrpFreeTls(Module);
    LdrpRemoveModule(Module);
    NtUnmapViewOfSection(NtCurrentProcess(), Base);
}

void LdrpDereferenceModule(PLDRP_MODULE Module)
{
    if (Module->Pinned || --Module->Entry.ReferenceCount)
        return;
    LdrpDetachModule(Module);
    DestroyModule(Module);
}

static NTSTATUS LoadFromPath(PCUNICODE_STRING Path, ULONG Depth, PLDRP_MODULE *Module)
{
    LDRP_IMAGE Image;
    NTSTATUS Status = MapImage(Path, &Image);

    if (!NT_SUCCESS(Status))
        return Status;
    *Module = LdrpAddModule(&Image, Path);
    if (!*Module) {
        NtUnmapViewOfSection(NtCurrentProcess(), Image.Base);
        return STATUS_NO_MEMORY;
    }
    LDR_TRACE("%wZ at %p\n", Path, Image.Base);
    Status = LdrpBindImports(*Module, Depth);
    if (NT_SUCCESS(Status))
        Status = LdrpAllocateTls(*Module);
    if (NT_SUCCESS(Status))
        InsertTailList(&LdrpData.InInitializationOrderModuleList,
                       &(*Module)->Entry.InInitializationOrderLinks);
    else
        DestroyModule(*Module);
    return Status;
}

static NTSTATUS LoadFromDirectory(PCUNICODE_STRING Directory, PCUNICODE_STRING Name, ULONG Depth,
                                  PLDRP_MODULE *Module)
{
    LDRP_NAME Path;
    NTSTATUS Status = JoinPath(Directory, Name, &Path);

    return NT_SUCCESS(Status) ? LoadFromPath(&Path.String, Depth, Module) : Status;
}

NTSTATUS LdrpLoadModule(PCWSTR SearchPath, PCUNICODE_STRING Name, ULONG Depth, PLDRP_MODULE *Module)
{
    UNICODE_STRING Directory = SystemRoot, Base;
    LDRP_NAME Complete;
    NTSTATUS Status = CompleteName(Name, &Complete);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Depth > LDRP_MAXIMUM_DEPTH)
        return STATUS_INVALID_IMAGE_FORMAT;
    Base = LastPart(&Complete.String);
    *Module = LdrpFindModule(&Base);
    if (*Module) {
        (*Module)->Entry.ReferenceCount++;
        return STATUS_SUCCESS;
    }
    if (SearchPath)
        RtlInitUnicodeString(&Directory, SearchPath);
    if (Contains(&Complete.String, '\\'))
        Status = LoadFromPath(&Complete.String, Depth, Module);
    else
        Status = LoadFromDirectory(&Directory, &Base, Depth, Module);
    return Status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_DLL_NOT_FOUND : Status;
}

NTSTATUS LdrpLoadModuleAnsi(PCSTR Name, SIZE_T Length, ULONG Depth, PLDRP_MODULE *Module)
{
    WCHAR Buffer[64];
    UNICODE_STRING Wide = {0, sizeof(Buffer), Buffer};

    if (Length > ARRAYSIZE(Buffer))
        return STATUS_NAME_TOO_LONG;
    for (SIZE_T i = 0; i < Length; i++)
        Buffer[i] = (UCHAR)Name[i];
    Wide.Length = (USHORT)(Length * sizeof(WCHAR));
    return LdrpLoadModule(NULL, &Wide, Depth, Module);
}

NTSTATUS NTAPI LdrLoadDll(PCWSTR SearchPath, PULONG DllCharacteristics, PCUNICODE_STRING DllName,
                          PVOID *DllHandle)
{
    PLDRP_MODULE Module;
    NTSTATUS Status;

    RtlEnterCriticalSection(&LdrpLoaderLock);
    Status = LdrpLoadModule(SearchPath, DllName, 0, &Module);
    if (NT_SUCCESS(Status)) {
        if (DllCharacteristics && (*DllCharacteristics & LDR_DLL_DONT_RESOLVE_ENTRY))
            Module->Entry.Flags |= LDRP_ENTRY_PROCESSED;
        Status = LdrpInitializeModules(FALSE);
        if (NT_SUCCESS(Status))
            *DllHandle = Module->Entry.DllBase;
        else
            LdrpDereferenceModule(Module);
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}

NTSTATUS NTAPI LdrUnloadDll(PVOID DllHandle)
{
    PLDRP_MODULE Module;

    RtlEnterCriticalSection(&LdrpLoaderLock);
    Module = LdrpFindModuleByBase(DllHandle);
    if (Module)
        LdrpDereferenceModule(Module);
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

NTSTATUS NTAPI LdrGetDllHandle(PCWSTR SearchPath, PULONG DllCharacteristics,
                               PCUNICODE_STRING DllName, PVOID *DllHandle)
{
    LDRP_NAME Complete;
    UNICODE_STRING Base;
    PLDRP_MODULE Module;
    NTSTATUS Status = CompleteName(DllName, &Complete);

    UNREFERENCED_PARAMETER(SearchPath);
    UNREFERENCED_PARAMETER(DllCharacteristics);
    if (!NT_SUCCESS(Status))
        return Status;
    Base = LastPart(&Complete.String);
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Module = LdrpFindModule(&Base);
    if (Module)
        *DllHandle = Module->Entry.DllBase;
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

NTSTATUS NTAPI LdrGetProcedureAddress(PVOID DllHandle, const ANSI_STRING *Name, ULONG Ordinal,
                                      PVOID *Address)
{
    PCSTR Text = Name ? Name->Buffer : NULL;
    NTSTATUS Status = STATUS_DLL_NOT_FOUND;
    PLDRP_MODULE Module;

    if (Name && (!Text || strnlen(Text, Name->MaximumLength) >= Name->MaximumLength))
        return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    Module = LdrpFindModuleByBase(DllHandle);
    if (Module)
        Status = LdrpResolveExport(Module, Text, MAXULONG, Ordinal, 0, Address);
    if (NT_SUCCESS(Status))
        Status = LdrpInitializeModules(FALSE); /* a forwarder may have loaded something */
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}
