/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drivers that are libraries of others: what a driver imports from another .sys. The loader has
 * mapped and bound it, and calls nothing; here its DllInitialize is called when the first driver of
 * the host comes to use it, and its DllUnload when the last one goes. It may be a driver too, with
 * a service of its own: then it gets DriverEntry besides.
 */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"

#define WDM_LIBRARY_NAME 64 /* characters, with a NUL */

typedef NTSTATUS(NTAPI *WDM_DLL_INITIALIZE)(PUNICODE_STRING RegistryPath);
typedef NTSTATUS(NTAPI *WDM_DLL_UNLOAD)(VOID);

typedef struct _WDM_LIBRARY {
    LIST_ENTRY Link;
    PUCHAR Base;
    ULONG Users; /* images that import from it */
} WDM_LIBRARY, *PWDM_LIBRARY;

static LIST_ENTRY WdmLibraries = {&WdmLibraries, &WdmLibraries};

static PWDM_LIBRARY WdmFindLibrary(PUCHAR Base)
{
    for (PLIST_ENTRY Entry = WdmLibraries.Flink; Entry != &WdmLibraries; Entry = Entry->Flink) {
        PWDM_LIBRARY Library = CONTAINING_RECORD(Entry, WDM_LIBRARY, Link);

        if (Library->Base == Base)
            return Library;
    }
    return NULL;
}

static PIMAGE_NT_HEADERS WdmHeaders(PUCHAR Base)
{
    return (PIMAGE_NT_HEADERS)(Base + ((PIMAGE_DOS_HEADER)Base)->e_lfanew);
}

ULONG WdmImageExtent(PUCHAR Base, ULONG Rva)
{
    PIMAGE_NT_HEADERS Headers = WdmHeaders(Base);
    PIMAGE_SECTION_HEADER Section = IMAGE_FIRST_SECTION(Headers);

    if (Rva < Headers->OptionalHeader.SizeOfHeaders)
        return Headers->OptionalHeader.SizeOfHeaders - Rva;
    for (USHORT i = 0; i < Headers->FileHeader.NumberOfSections; i++) {
        ULONG Offset = Rva - Section[i].VirtualAddress;
        ULONG Size =
            Section[i].Misc.VirtualSize ? Section[i].Misc.VirtualSize : Section[i].SizeOfRawData;

        if (Rva >= Section[i].VirtualAddress && Offset < Size)
            return (ULONG)ROUND_TO_PAGES(Size) - Offset;
    }
    return 0;
}

/* The table ends with an empty one, or with its section, and the loader has looked at all that come
 * before. */
PIMAGE_IMPORT_DESCRIPTOR WdmImport(PUCHAR Base, ULONG Index)
{
    PIMAGE_OPTIONAL_HEADER Header = &WdmHeaders(Base)->OptionalHeader;
    ULONG Rva = Header->NumberOfRvaAndSizes > IMAGE_DIRECTORY_ENTRY_IMPORT
                    ? Header->DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress
                    : 0;
    PIMAGE_IMPORT_DESCRIPTOR Import = (PIMAGE_IMPORT_DESCRIPTOR)(Base + Rva) + Index;

    if (!Rva || Index >= WdmImageExtent(Base, Rva) / sizeof(*Import))
        return NULL;
    return Import->Name && Import->FirstThunk ? Import : NULL;
}

/* The name without .sys, in Name. FALSE: it is no driver's. */
static BOOLEAN WdmDriverName(const char *File, WCHAR Name[WDM_LIBRARY_NAME])
{
    ULONG Length = (ULONG)strlen(File);

    if (Length <= 4 || Length >= WDM_LIBRARY_NAME || _stricmp(File + Length - 4, ".sys") != 0)
        return FALSE;
    for (ULONG i = 0; i < Length - 4; i++)
        Name[i] = (UCHAR)File[i];
    Name[Length - 4] = 0;
    return TRUE;
}

/* Where the loader has put the module of that name. NULL: it has no such. */
static PUCHAR WdmModuleNamed(const WCHAR *Name)
{
    WCHAR Buffer[WDM_LIBRARY_NAME + 4];
    UNICODE_STRING File = {.Buffer = Buffer, .MaximumLength = sizeof(Buffer)};
    PVOID Base;

    RtlAppendUnicodeToString(&File, Name);
    RtlAppendUnicodeToString(&File, L".sys");
    return NT_SUCCESS(LdrGetDllHandle(NULL, NULL, &File, &Base)) ? Base : NULL;
}

static PVOID WdmExport(PUCHAR Base, const char *Name)
{
    ANSI_STRING String;
    PVOID Address;

    RtlInitAnsiString(&String, Name);
    return NT_SUCCESS(LdrGetProcedureAddress(Base, &String, 0, &Address)) ? Address : NULL;
}

static NTSTATUS WdmInitializeLibrary(PUCHAR Base, const WCHAR *Name)
{
    WCHAR Buffer[WDM_LIBRARY_NAME + 64];
    UNICODE_STRING Path = {.Buffer = Buffer, .MaximumLength = sizeof(Buffer)};
    WDM_DLL_INITIALIZE Initialize = (WDM_DLL_INITIALIZE)WdmExport(Base, "DllInitialize");
    NTSTATUS Status = KiAdaptImage(Base, WdmHeaders(Base));

    if (!NT_SUCCESS(Status) || !Initialize)
        return Status;
    RtlAppendUnicodeToString(&Path, L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\");
    RtlAppendUnicodeToString(&Path, Name);
    return Initialize(&Path);
}

static VOID WdmForgetLibrary(PWDM_LIBRARY Library)
{
    RemoveEntryList(&Library->Link);
    ExFreePoolWithTag(Library, 'biLI');
}

static VOID WdmLeaveLibrary(PUCHAR Base)
{
    PWDM_LIBRARY Library = WdmFindLibrary(Base);
    WDM_DLL_UNLOAD Unload;

    if (!Library || --Library->Users)
        return;
    WdmForgetLibrary(Library);
    Unload = (WDM_DLL_UNLOAD)WdmExport(Base, "DllUnload");
    if (Unload)
        Unload();
    KiForgetCode(Base, WdmHeaders(Base)->OptionalHeader.SizeOfImage);
    WdmLeaveLibraries(Base);
}

/* Those of the first Count imports. */
static VOID WdmLeaveImports(PUCHAR Base, ULONG Count)
{
    WCHAR Name[WDM_LIBRARY_NAME];
    PIMAGE_IMPORT_DESCRIPTOR Import;

    for (ULONG i = 0; i < Count && (Import = WdmImport(Base, i)) != NULL; i++)
        if (WdmDriverName((const char *)Base + Import->Name, Name))
            WdmLeaveLibrary(WdmModuleNamed(Name));
}

/* The image is about to be unloaded. */
VOID WdmLeaveLibraries(PVOID Base)
{
    WdmLeaveImports(Base, MAXULONG);
}

/* One that is used for the first time, after those that it uses itself. */
static NTSTATUS WdmStartLibrary(PUCHAR Base, const WCHAR *Name)
{
    PWDM_LIBRARY Library = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Library), 'biLI');
    NTSTATUS Status;

    if (!Library)
        return STATUS_INSUFFICIENT_RESOURCES;
    *Library = (WDM_LIBRARY){.Base = Base, .Users = 1};
    InsertTailList(&WdmLibraries, &Library->Link);
    Status = WdmUseLibraries(Base);
    if (NT_SUCCESS(Status)) {
        Status = WdmInitializeLibrary(Base, Name);
        if (!NT_SUCCESS(Status))
            WdmLeaveLibraries(Base);
    }
    if (!NT_SUCCESS(Status))
        WdmForgetLibrary(Library);
    return Status;
}

static NTSTATUS WdmUseLibrary(const WCHAR *Name)
{
    PUCHAR Base = WdmModuleNamed(Name);
    PWDM_LIBRARY Library;

    if (!Base)
        return STATUS_SUCCESS; /* the loader has taken another module for it */
    Library = WdmFindLibrary(Base);
    if (!Library)
        return WdmStartLibrary(Base, Name);
    Library->Users++;
    return STATUS_SUCCESS;
}

/* The image, whose imports are bound, is about to be used. What DllInitialize returns, if it is a
 * failure: then no library of the image is in use for it. */
NTSTATUS WdmUseLibraries(PVOID Base)
{
    WCHAR Name[WDM_LIBRARY_NAME];
    PIMAGE_IMPORT_DESCRIPTOR Import;
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; (Import = WdmImport(Base, i)) != NULL; i++) {
        if (WdmDriverName((const char *)Base + Import->Name, Name))
            Status = WdmUseLibrary(Name);
        if (!NT_SUCCESS(Status)) {
            WdmLeaveImports(Base, i);
            break;
        }
    }
    return Status;
}
