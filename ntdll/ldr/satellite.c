// SPDX-License-Identifier: BSD-2-Clause
/*
 * Satellites: a module's resources in other languages, in files
 * `<directory>\<language>\<file>.mui`. Module and satellite have a resource MUI, whose checksums
 * agree; the satellite's names the language of its directory. A satellite is mapped when it is
 * first wanted, and stays as long as its module. Everything in these files may be anything.
 * (Microsoft: "MUI Resource Management", FILEMUIINFO)
 */
#include "ldrp.h"
#include "rtlp.h"

#define MUI_SIGNATURE 0xfecdfecd
#define LANGUAGE_ROOM 86 /* characters, with the terminator */
#define LIST_ROOM 1024   /* characters of a list of languages */

typedef struct _PLACE {
    ULONG Offset, Size;
} PLACE;

/* What a resource MUI holds. */
typedef struct _MUI_CONFIGURATION {
    ULONG Signature;
    ULONG Size;
    ULONG Version;
    ULONG PathType;
    ULONG FileType;
    ULONG SystemAttributes;
    ULONG FallbackLocation;
    UCHAR ServiceChecksum[16];
    UCHAR Checksum[16];
    ULONG Unknown[6];
    PLACE MainTypeNames, MainTypeNumbers, MuiTypeNames, MuiTypeNumbers;
    PLACE Language;         /* of a satellite; UTF-16 */
    PLACE FallbackLanguage; /* of a module, if nobody's preferred one is there */
} MUI_CONFIGURATION;

_Static_assert(sizeof(MUI_CONFIGURATION) == 0x84, "MUI_CONFIGURATION");

typedef struct _SATELLITE {
    LIST_ENTRY Links;
    PVOID Module;
    PVOID Handle; /* of a data file */
    SIZE_T Size;
    WCHAR Language[LANGUAGE_ROOM];
} SATELLITE, *PSATELLITE;

/* Under the loader lock. */
static LIST_ENTRY Satellites = {&Satellites, &Satellites};

/* What a module's satellites have to agree with, and the languages that are wanted. */
typedef struct _WANTED {
    PVOID Module;
    MUI_CONFIGURATION Configuration;
    ULONG Length;
    WCHAR Languages[LIST_ROOM]; /* one after the other; an empty one ends them */
} WANTED, *PWANTED;

/* ---- The resource MUI ---- */

/* A language's name becomes a part of a path, so nothing else may be in it. */
static BOOLEAN IsLanguage(PCWSTR Name, ULONG Length)
{
    for (ULONG i = 0; i < Length; i++) {
        if (Name[i] >= 0x80 || (!isalnum(Name[i]) && Name[i] != '-'))
            return FALSE;
    }
    return Length && Length < LANGUAGE_ROOM;
}

/* FALSE: there is no such language. */
static BOOLEAN CopyLanguage(PUCHAR Data, ULONG Length, PLACE Place, PWSTR Name)
{
    ULONG Characters;

    if (Place.Offset > Length || Place.Size > Length - Place.Offset ||
        Place.Size >= LANGUAGE_ROOM * sizeof(WCHAR))
        return FALSE;
    memset(Name, 0, LANGUAGE_ROOM * sizeof(WCHAR));
    memcpy(Name, Data + Place.Offset, Place.Size & ~1u);
    Characters = (ULONG)wcslen(Name);
    return IsLanguage(Name, Characters);
}

/* Language, if not NULL, becomes the satellite's, or the fallback of a module that has one. */
static BOOLEAN ReadConfiguration(PVOID Handle, BOOLEAN OfSatellite, MUI_CONFIGURATION *Result,
                                 PWSTR Language)
{
    static const WCHAR Type[] = u"MUI";
    ULONG_PTR Path[LDR_RESOURCE_LEVELS] = {(ULONG_PTR)Type, 1, 0};
    PVOID Entry, Data;
    ULONG Length;

    if (!NT_SUCCESS(LdrpFindResource(Handle, Path, LDR_RESOURCE_LEVELS, FALSE, &Entry)) ||
        !NT_SUCCESS(LdrpAccessData(Handle, Entry, &Data, &Length)) || Length < sizeof(*Result))
        return FALSE;
    memcpy(Result, Data, sizeof(*Result));
    if (Result->Signature != MUI_SIGNATURE || Result->Size > Length)
        return FALSE;
    *Language = UNICODE_NULL;
    return CopyLanguage(Data, Length, OfSatellite ? Result->Language : Result->FallbackLanguage,
                        Language) ||
           !OfSatellite;
}

/* ---- Languages ---- */

static void Want(PWANTED Wanted, PCWSTR Name)
{
    ULONG Length = (ULONG)wcslen(Name);

    if (!IsLanguage(Name, Length) || Length + 2 > LIST_ROOM - Wanted->Length)
        return;
    wcscpy(Wanted->Languages + Wanted->Length, Name);
    Wanted->Length += Length + 1;
    Wanted->Languages[Wanted->Length] = UNICODE_NULL;
}

/* With its parent, the name without what is behind the last hyphen. */
static void WantWithParent(PWANTED Wanted, PCWSTR Name)
{
    WCHAR Parent[LANGUAGE_ROOM];
    PWSTR Hyphen;

    if (!IsLanguage(Name, (ULONG)wcslen(Name)))
        return;
    Want(Wanted, Name);
    wcscpy(Parent, Name);
    Hyphen = wcsrchr(Parent, '-');
    if (!Hyphen)
        return;
    *Hyphen = UNICODE_NULL;
    Want(Wanted, Parent);
}

/* One language, or for 0 those that the thread would like. */
static void WantLanguages(PWANTED Wanted, USHORT LanguageId, PCWSTR Fallback)
{
    WCHAR List[LIST_ROOM];
    ULONG Count, Room = LIST_ROOM;

    if (LanguageId) {
        if (RtlpLanguageName(LanguageId, List))
            WantWithParent(Wanted, List);
        return;
    }
    if (NT_SUCCESS(RtlGetThreadPreferredUILanguages(MUI_LANGUAGE_NAME | MUI_UI_FALLBACK, &Count,
                                                    List, &Room))) {
        for (PCWSTR Next = List; *Next; Next += wcslen(Next) + 1)
            WantWithParent(Wanted, Next);
    }
    Want(Wanted, Fallback);
}

/* FALSE: it is no module, or has no satellites. */
static BOOLEAN WantOf(PVOID DllHandle, USHORT LanguageId, PWANTED Wanted)
{
    WCHAR Fallback[LANGUAGE_ROOM];

    Wanted->Length = 0;
    Wanted->Languages[0] = UNICODE_NULL;
    Wanted->Module = DllHandle ? DllHandle : NtCurrentPeb()->ImageBaseAddress;
    if (LdrpIsDataFile(Wanted->Module) ||
        !ReadConfiguration(Wanted->Module, FALSE, &Wanted->Configuration, Fallback))
        return FALSE;
    WantLanguages(Wanted, LanguageId, Fallback);
    return TRUE;
}

/* ---- Mapping ---- */

/* `<directory>\<language>\<file>.mui`, on the heap. */
static NTSTATUS MakePath(PLDRP_MODULE Module, PCWSTR Language, PUNICODE_STRING Path)
{
    PUNICODE_STRING Full = &Module->Entry.FullDllName, Base = &Module->Entry.BaseDllName;
    SIZE_T Length = Full->Length + (wcslen(Language) + ARRAYSIZE(u"\\.mui")) * sizeof(WCHAR);

    if (Length > MAXUSHORT)
        return STATUS_NAME_TOO_LONG;
    Path->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Length);
    if (!Path->Buffer)
        return STATUS_NO_MEMORY;
    Path->MaximumLength = (USHORT)Length;
    Path->Length = Full->Length - Base->Length;
    memcpy(Path->Buffer, Full->Buffer, Path->Length);
    RtlAppendUnicodeToString(Path, Language);
    RtlAppendUnicodeToString(Path, u"\\");
    RtlAppendUnicodeStringToString(Path, Base);
    RtlAppendUnicodeToString(Path, u".mui");
    return STATUS_SUCCESS;
}

static BOOLEAN IsSatellite(const WANTED *Wanted, PVOID Handle, PCWSTR Language)
{
    MUI_CONFIGURATION Configuration;
    WCHAR Own[LANGUAGE_ROOM];

    return ReadConfiguration(Handle, TRUE, &Configuration, Own) && _wcsicmp(Own, Language) == 0 &&
           memcmp(Configuration.Checksum, Wanted->Configuration.Checksum,
                  sizeof(Configuration.Checksum)) == 0;
}

static PSATELLITE AddSatellite(PVOID Module, PVOID Handle, PCWSTR Language)
{
    PVOID Base = (PVOID)((ULONG_PTR)Handle & ~(ULONG_PTR)3);
    PSATELLITE Satellite = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Satellite));
    MEMORY_BASIC_INFORMATION Region;

    if (!Satellite)
        return NULL;
    if (!NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), Base, MemoryBasicInformation, &Region,
                                         sizeof(Region), NULL))) {
        RtlFreeHeap(RtlProcessHeap(), 0, Satellite);
        return NULL;
    }
    Satellite->Module = Module;
    Satellite->Handle = Handle;
    Satellite->Size = Region.RegionSize;
    wcscpy(Satellite->Language, Language);
    InsertTailList(&Satellites, &Satellite->Links);
    return Satellite;
}

static PSATELLITE MapSatellite(const WANTED *Wanted, PCWSTR Language)
{
    PLDRP_MODULE Module = LdrpFindModuleByBase(Wanted->Module);
    PSATELLITE Satellite = NULL;
    UNICODE_STRING Path;
    NTSTATUS Status;
    PVOID Handle;

    if (!Module || !NT_SUCCESS(MakePath(Module, Language, &Path)))
        return NULL;
    Status = LdrpLoadData(NULL, &Path, LOAD_LIBRARY_AS_DATAFILE, &Handle);
    RtlFreeHeap(RtlProcessHeap(), 0, Path.Buffer);
    if (!NT_SUCCESS(Status))
        return NULL;
    if (IsSatellite(Wanted, Handle, Language))
        Satellite = AddSatellite(Wanted->Module, Handle, Language);
    if (!Satellite)
        LdrpUnloadData(Handle);
    return Satellite;
}

/* With the loader lock. NULL: there is none. */
static PSATELLITE SatelliteOf(const WANTED *Wanted, PCWSTR Language)
{
    for (PLIST_ENTRY Links = Satellites.Flink; Links != &Satellites; Links = Links->Flink) {
        PSATELLITE Satellite = CONTAINING_RECORD(Links, SATELLITE, Links);

        if (Satellite->Module == Wanted->Module && _wcsicmp(Satellite->Language, Language) == 0)
            return Satellite;
    }
    return MapSatellite(Wanted, Language);
}

/* ---- What others ask ---- */

NTSTATUS LdrpFindInSatellites(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels,
                              BOOLEAN WantDirectory, PVOID *Found)
{
    USHORT Language = Levels == LDR_RESOURCE_LEVELS ? (USHORT)Path[Levels - 1] : 0;
    NTSTATUS Status = STATUS_MUI_FILE_NOT_FOUND;
    WANTED Wanted;

    if (!WantOf(DllHandle, Language, &Wanted))
        return Status;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    for (PCWSTR Next = Wanted.Languages; *Next && !NT_SUCCESS(Status); Next += wcslen(Next) + 1) {
        PSATELLITE Satellite = SatelliteOf(&Wanted, Next);

        if (Satellite)
            Status = LdrpFindResource(Satellite->Handle, Path, Levels, WantDirectory, Found);
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}

PVOID LdrpResourceHolder(PVOID DllHandle, const void *Entry)
{
    PVOID Module = DllHandle ? DllHandle : NtCurrentPeb()->ImageBaseAddress;

    if (IsListEmpty(&Satellites))
        return DllHandle;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    for (PLIST_ENTRY Links = Satellites.Flink; Links != &Satellites; Links = Links->Flink) {
        PSATELLITE Satellite = CONTAINING_RECORD(Links, SATELLITE, Links);
        ULONG_PTR Base = (ULONG_PTR)Satellite->Handle & ~(ULONG_PTR)3;

        if (Satellite->Module == Module && (ULONG_PTR)Entry - Base < Satellite->Size) {
            DllHandle = Satellite->Handle;
            break;
        }
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return DllHandle;
}

void LdrpUnmapSatellites(PVOID Module)
{
    PLIST_ENTRY Links, Next;

    for (Links = Satellites.Flink; Links != &Satellites; Links = Next) {
        PSATELLITE Satellite = CONTAINING_RECORD(Links, SATELLITE, Links);

        Next = Links->Flink;
        if (Satellite->Module != Module)
            continue;
        RemoveEntryList(Links);
        LdrpUnloadData(Satellite->Handle);
        RtlFreeHeap(RtlProcessHeap(), 0, Satellite);
    }
}

void LdrpForgetSatellite(PVOID Handle)
{
    if (IsListEmpty(&Satellites))
        return;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    for (PLIST_ENTRY Links = Satellites.Flink; Links != &Satellites; Links = Links->Flink) {
        PSATELLITE Satellite = CONTAINING_RECORD(Links, SATELLITE, Links);

        if (Satellite->Handle == Handle) {
            RemoveEntryList(Links);
            RtlFreeHeap(RtlProcessHeap(), 0, Satellite);
            break;
        }
    }
    RtlLeaveCriticalSection(&LdrpLoaderLock);
}

/*
 * The satellite of a module in a language, or in the first that the thread would like if LanguageId
 * is 0; a handle as that of a data file, which LdrUnloadAlternateResourceModule takes back.
 * STATUS_MUI_FILE_NOT_FOUND
 */
NTSTATUS NTAPI LdrLoadAlternateResourceModuleEx(PVOID DllHandle, USHORT LanguageId,
                                                PVOID *Resources, PSIZE_T Size, ULONG Flags)
{
    PSATELLITE Satellite = NULL;
    WANTED Wanted;

    UNREFERENCED_PARAMETER(Flags);
    RtlEnterCriticalSection(&LdrpLoaderLock);
    if (WantOf(DllHandle, LanguageId, &Wanted)) {
        for (PCWSTR Next = Wanted.Languages; *Next && !Satellite; Next += wcslen(Next) + 1)
            Satellite = SatelliteOf(&Wanted, Next);
    }
    if (Resources)
        *Resources = Satellite ? Satellite->Handle : NULL;
    if (Size)
        *Size = Satellite ? Satellite->Size : 0;
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Satellite ? STATUS_SUCCESS : STATUS_MUI_FILE_NOT_FOUND;
}

NTSTATUS NTAPI LdrLoadAlternateResourceModule(PVOID DllHandle, PVOID *Resources, PSIZE_T Size,
                                              ULONG Flags)
{
    return LdrLoadAlternateResourceModuleEx(DllHandle, 0, Resources, Size, Flags);
}

/* All satellites of the module. */
BOOLEAN NTAPI LdrUnloadAlternateResourceModule(PVOID DllHandle)
{
    RtlEnterCriticalSection(&LdrpLoaderLock);
    LdrpUnmapSatellites(DllHandle ? DllHandle : NtCurrentPeb()->ImageBaseAddress);
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return TRUE;
}
