// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a manifest says. Elements that are not known are passed over, as newer ones come with each
 * version; what is known must be right. (Win32: "Manifest Files Reference")
 */
#include "sxsp.h"

#define FORMAT_ERROR STATUS_SXS_MANIFEST_FORMAT_ERROR
#define ASSEMBLY_V1 u"urn:schemas-microsoft-com:asm.v1"
#define ASSEMBLY_V2 u"urn:schemas-microsoft-com:asm.v2"
#define ASSEMBLY_V3 u"urn:schemas-microsoft-com:asm.v3"
#define COMPATIBILITY u"urn:schemas-microsoft-com:compatibility.v1"
#define SETTINGS u"http://schemas.microsoft.com/SMI/"
#define MAXIMUM_BYTES (SXSP_MAXIMUM_NAME * sizeof(WCHAR))

/* What is being read. */
typedef struct _READER {
    PSXSP_ARENA Arena;
    PSXSP_ASSEMBLY Assembly;
    SXSP_XML Xml;
    PSXSP_FILE File;             /* the file element that is open */
    PSXSP_DEPENDENCY Dependency; /* likewise */
} READER, *PREADER;

/* Reads all of an element that has just started. */
typedef NTSTATUS (*PELEMENT)(PREADER Reader);

/* An element that may be in another one; no routine: its children are read by the same list. */
typedef struct _CHILD {
    PCWSTR Name;
    PELEMENT Read;
} CHILD;

/* asm.v1 to asm.v3 have the same elements, and elements without a name space count, too. */
static BOOLEAN IsAssemblyNamespace(PCUNICODE_STRING Namespace)
{
    return !Namespace->Length || SxspIsText(Namespace, ASSEMBLY_V1) ||
           SxspIsText(Namespace, ASSEMBLY_V2) || SxspIsText(Namespace, ASSEMBLY_V3);
}

static NTSTATUS ReadChild(PREADER Reader, const CHILD *Children, ULONG Count)
{
    BOOLEAN Known = IsAssemblyNamespace(&Reader->Xml.Namespace) ||
                    SxspIsText(&Reader->Xml.Namespace, COMPATIBILITY);

    for (ULONG i = 0; Known && i < Count; i++) {
        if (SxspIsText(&Reader->Xml.Name, Children[i].Name))
            return Children[i].Read(Reader);
    }
    return SxspSkipElement(&Reader->Xml);
}

/* Reads the children of the element that has just started, to its end. */
static NTSTATUS ReadChildren(PREADER Reader, const CHILD *Children, ULONG Count)
{
    NTSTATUS Status;
    SXSP_NODE Node;

    do {
        Status = SxspNextNode(&Reader->Xml, &Node);
        if (NT_SUCCESS(Status) && Node == SxspStart)
            Status = ReadChild(Reader, Children, Count);
    } while (NT_SUCCESS(Status) && Node != SxspEnd);
    return Status;
}

PSXSP_ENTITY SxspAddEntity(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly,
                           ACTIVATION_CONTEXT_SECTION Section, PSXSP_FILE File)
{
    PSXSP_ENTITY Entity = SxspAllocate(Arena, sizeof(*Entity));

    if (!Entity)
        return NULL;
    Entity->Section = Section;
    Entity->File = File;
    *Assembly->LastEntity = Entity;
    Assembly->LastEntity = &Entity->Next;
    return Entity;
}

static PSXSP_ENTITY AddEntity(PREADER Reader, ACTIVATION_CONTEXT_SECTION Section)
{
    return SxspAddEntity(Reader->Arena, Reader->Assembly, Section, Reader->File);
}

/* ---- Who it is, and whom it needs ---- */

static NTSTATUS ReadOwnIdentity(PREADER Reader)
{
    NTSTATUS Status;

    if (Reader->Assembly->HasIdentity)
        return FORMAT_ERROR;
    Reader->Assembly->HasIdentity = TRUE;
    Status = SxspReadIdentity(&Reader->Xml, &Reader->Assembly->Identity);
    return NT_SUCCESS(Status) ? SxspSkipElement(&Reader->Xml) : Status;
}

static NTSTATUS ReadWantedIdentity(PREADER Reader)
{
    NTSTATUS Status;

    if (Reader->Dependency->Identity.Name.Length)
        return FORMAT_ERROR;
    Status = SxspReadIdentity(&Reader->Xml, &Reader->Dependency->Identity);
    return NT_SUCCESS(Status) ? SxspSkipElement(&Reader->Xml) : Status;
}

static NTSTATUS ReadDependentAssembly(PREADER Reader)
{
    static const CHILD Children[] = {{u"assemblyIdentity", ReadWantedIdentity}};
    NTSTATUS Status = ReadChildren(Reader, Children, ARRAYSIZE(Children));

    if (NT_SUCCESS(Status) && !Reader->Dependency->Identity.Name.Length)
        Status = FORMAT_ERROR;
    return Status;
}

static NTSTATUS ReadDependency(PREADER Reader)
{
    static const CHILD Children[] = {{u"dependentAssembly", ReadDependentAssembly}};
    PSXSP_DEPENDENCY Dependency = SxspAllocate(Reader->Arena, sizeof(*Dependency));
    UNICODE_STRING Optional;
    NTSTATUS Status;

    if (!Dependency)
        return STATUS_NO_MEMORY;
    SxspGetAttribute(&Reader->Xml, u"optional", &Optional);
    Dependency->Optional = SxspIsWord(&Optional, u"yes");
    Reader->Dependency = Dependency;
    Status = ReadChildren(Reader, Children, ARRAYSIZE(Children));
    if (NT_SUCCESS(Status) && Dependency->Identity.Name.Length) {
        *Reader->Assembly->LastDependency = Dependency;
        Reader->Assembly->LastDependency = &Dependency->Next;
    }
    return Status;
}

/* ---- Files ---- */

static NTSTATUS ReadWindowClass(PREADER Reader)
{
    PSXSP_ENTITY Entity = AddEntity(Reader, ACTIVATION_CONTEXT_SECTION_WINDOW_CLASS_REDIRECTION);
    UNICODE_STRING Versioned;
    NTSTATUS Status;

    if (!Entity)
        return STATUS_NO_MEMORY;
    SxspGetAttribute(&Reader->Xml, u"versioned", &Versioned);
    if (Versioned.Length && !SxspIsWord(&Versioned, u"yes") && !SxspIsWord(&Versioned, u"no"))
        return FORMAT_ERROR;
    Entity->Window.Versioned = !SxspIsWord(&Versioned, u"no");
    Status = SxspReadText(&Reader->Xml, &Entity->Name);
    if (!NT_SUCCESS(Status))
        return Status;
    return Entity->Name.Length && Entity->Name.Length <= MAXIMUM_BYTES ? STATUS_SUCCESS
                                                                       : FORMAT_ERROR;
}

static NTSTATUS ReadFileChild(PREADER Reader)
{
    BOOLEAN Known = FALSE;
    NTSTATUS Status;

    if (!IsAssemblyNamespace(&Reader->Xml.Namespace))
        return SxspSkipElement(&Reader->Xml);
    if (SxspIsText(&Reader->Xml.Name, u"windowClass"))
        return ReadWindowClass(Reader);
    Status =
        SxspReadComElement(Reader->Arena, Reader->Assembly, Reader->File, &Reader->Xml, &Known);
    return NT_SUCCESS(Status) && !Known ? SxspSkipElement(&Reader->Xml) : Status;
}

static NTSTATUS ReadFileChildren(PREADER Reader)
{
    NTSTATUS Status;
    SXSP_NODE Node;

    do {
        Status = SxspNextNode(&Reader->Xml, &Node);
        if (NT_SUCCESS(Status) && Node == SxspStart)
            Status = ReadFileChild(Reader);
    } while (NT_SUCCESS(Status) && Node != SxspEnd);
    return Status;
}

/* A file's name may have directories, but stays below the assembly's. */
static BOOLEAN StaysBelow(PCUNICODE_STRING Name)
{
    USHORT Length = Name->Length / sizeof(WCHAR), Part = 0;

    for (USHORT i = 0; i <= Length; i++) {
        WCHAR Character = i < Length ? Name->Buffer[i] : '\\';

        if (Character < ' ' || Character == ':')
            return FALSE;
        if (Character != '\\' && Character != '/')
            continue;
        if (i == Part || (i - Part == 2 && Name->Buffer[Part] == '.' && Name->Buffer[i - 1] == '.'))
            return FALSE;
        Part = i + 1;
    }
    return TRUE;
}

static NTSTATUS ReadFile(PREADER Reader)
{
    PSXSP_FILE File = SxspAllocate(Reader->Arena, sizeof(*File));
    NTSTATUS Status;

    if (!File)
        return STATUS_NO_MEMORY;
    if (!SxspGetAttribute(&Reader->Xml, u"name", &File->Name) || !File->Name.Length ||
        File->Name.Length > MAXIMUM_BYTES || !StaysBelow(&File->Name))
        return FORMAT_ERROR;
    SxspGetAttribute(&Reader->Xml, u"loadFrom", &File->LoadFrom);
    *Reader->Assembly->LastFile = File;
    Reader->Assembly->LastFile = &File->Next;
    Reader->Assembly->FileCount++;
    Reader->File = File;
    Status = ReadFileChildren(Reader);
    Reader->File = NULL;
    return Status;
}

/* What describes classes without a file. */
static NTSTATUS ReadComElement(PREADER Reader)
{
    BOOLEAN Known;

    return SxspReadComElement(Reader->Arena, Reader->Assembly, NULL, &Reader->Xml, &Known);
}

/* ---- What the program wants to be ---- */

static NTSTATUS ReadExecutionLevel(PREADER Reader)
{
    static const PCWSTR Levels[] = {u"asInvoker", u"highestAvailable", u"requireAdministrator"};
    UNICODE_STRING Level, UiAccess;

    if (Reader->Assembly->RunLevel || !SxspGetAttribute(&Reader->Xml, u"level", &Level))
        return FORMAT_ERROR;
    for (ULONG i = 0; i < ARRAYSIZE(Levels); i++) {
        if (SxspIsWord(&Level, Levels[i]))
            Reader->Assembly->RunLevel = i + 1;
    }
    SxspGetAttribute(&Reader->Xml, u"uiAccess", &UiAccess);
    Reader->Assembly->UiAccess = SxspIsWord(&UiAccess, u"true");
    if (!Reader->Assembly->RunLevel ||
        (UiAccess.Length && !Reader->Assembly->UiAccess && !SxspIsWord(&UiAccess, u"false")))
        return FORMAT_ERROR;
    return SxspSkipElement(&Reader->Xml);
}

static NTSTATUS ReadRequestedPrivileges(PREADER Reader)
{
    static const CHILD Children[] = {{u"requestedExecutionLevel", ReadExecutionLevel}};

    return ReadChildren(Reader, Children, ARRAYSIZE(Children));
}

static NTSTATUS ReadSecurity(PREADER Reader)
{
    static const CHILD Children[] = {{u"requestedPrivileges", ReadRequestedPrivileges}};

    return ReadChildren(Reader, Children, ARRAYSIZE(Children));
}

static NTSTATUS ReadTrustInfo(PREADER Reader)
{
    static const CHILD Children[] = {{u"security", ReadSecurity}};

    return ReadChildren(Reader, Children, ARRAYSIZE(Children));
}

static NTSTATUS ReadSupportedSystem(PREADER Reader)
{
    PSXSP_ENTITY Entity = AddEntity(Reader, ACTIVATION_CONTEXT_SECTION_COMPATIBILITY_INFO);
    NTSTATUS Status;

    if (!Entity)
        return STATUS_NO_MEMORY;
    Entity->Compatibility.Type = ACTCTX_COMPATIBILITY_ELEMENT_TYPE_OS;
    Status = SxspGuidAttribute(&Reader->Xml, u"Id", TRUE, &Entity->Compatibility.Id);
    return NT_SUCCESS(Status) ? SxspSkipElement(&Reader->Xml) : Status;
}

static NTSTATUS ReadMaximumVersion(PREADER Reader)
{
    PSXSP_ENTITY Entity = AddEntity(Reader, ACTIVATION_CONTEXT_SECTION_COMPATIBILITY_INFO);
    UNICODE_STRING Text;
    USHORT Version[4];

    if (!Entity)
        return STATUS_NO_MEMORY;
    if (!SxspGetAttribute(&Reader->Xml, u"Id", &Text) || !SxspParseVersion(&Text, Version))
        return FORMAT_ERROR;
    Entity->Compatibility.Type = ACTCTX_COMPATIBILITY_ELEMENT_TYPE_MAXVERSIONTESTED;
    for (ULONG i = 0; i < ARRAYSIZE(Version); i++)
        Entity->Compatibility.MaxVersionTested =
            Entity->Compatibility.MaxVersionTested << 16 | Version[i];
    return SxspSkipElement(&Reader->Xml);
}

static NTSTATUS ReadCompatibleApplication(PREADER Reader)
{
    static const CHILD Children[] = {{u"supportedOS", ReadSupportedSystem},
                                     {u"maxversiontested", ReadMaximumVersion}};

    return ReadChildren(Reader, Children, ARRAYSIZE(Children));
}

static NTSTATUS ReadCompatibility(PREADER Reader)
{
    static const CHILD Children[] = {{u"application", ReadCompatibleApplication}};

    return ReadChildren(Reader, Children, ARRAYSIZE(Children));
}

/* ---- Settings, each of its own name space ---- */

static NTSTATUS ReadSetting(PREADER Reader)
{
    UNICODE_STRING Begin = RTL_CONSTANT_STRING(SETTINGS);
    PSXSP_ENTITY Entity;

    if (!RtlPrefixUnicodeString(&Begin, &Reader->Xml.Namespace, FALSE))
        return SxspSkipElement(&Reader->Xml);
    if (Reader->Xml.Name.Length > MAXIMUM_BYTES || Reader->Xml.Namespace.Length > MAXIMUM_BYTES)
        return FORMAT_ERROR;
    Entity = AddEntity(Reader, ACTIVATION_CONTEXT_SECTION_APPLICATION_SETTINGS);
    if (!Entity)
        return STATUS_NO_MEMORY;
    Entity->Name = Reader->Xml.Name;
    Entity->Setting.Namespace = Reader->Xml.Namespace;
    return SxspReadText(&Reader->Xml, &Entity->Setting.Value);
}

static NTSTATUS ReadWindowsSettings(PREADER Reader)
{
    NTSTATUS Status;
    SXSP_NODE Node;

    do {
        Status = SxspNextNode(&Reader->Xml, &Node);
        if (NT_SUCCESS(Status) && Node == SxspStart)
            Status = ReadSetting(Reader);
    } while (NT_SUCCESS(Status) && Node != SxspEnd);
    return Status;
}

/* windowsSettings may be in asm.v3 or in the name space of settings. */
static NTSTATUS ReadApplication(PREADER Reader)
{
    NTSTATUS Status;
    SXSP_NODE Node;

    do {
        Status = SxspNextNode(&Reader->Xml, &Node);
        if (!NT_SUCCESS(Status) || Node != SxspStart)
            continue;
        Status = SxspIsText(&Reader->Xml.Name, u"windowsSettings") ? ReadWindowsSettings(Reader)
                                                                   : SxspSkipElement(&Reader->Xml);
    } while (NT_SUCCESS(Status) && Node != SxspEnd);
    return Status;
}

/* ---- All of it ---- */

static NTSTATUS ReadNoInherit(PREADER Reader)
{
    Reader->Assembly->NoInherit = TRUE;
    return SxspSkipElement(&Reader->Xml);
}

static NTSTATUS ReadAssembly(PREADER Reader)
{
    static const CHILD Children[] = {
        {u"assemblyIdentity", ReadOwnIdentity},
        {u"dependency", ReadDependency},
        {u"file", ReadFile},
        {u"clrClass", ReadComElement},
        {u"clrSurrogate", ReadComElement},
        {u"comInterfaceExternalProxyStub", ReadComElement},
        {u"trustInfo", ReadTrustInfo},
        {u"compatibility", ReadCompatibility},
        {u"application", ReadApplication},
        {u"noInherit", ReadNoInherit},
    };
    UNICODE_STRING Version;

    if (!SxspIsText(&Reader->Xml.Name, u"assembly") ||
        !SxspIsText(&Reader->Xml.Namespace, ASSEMBLY_V1) ||
        !SxspGetAttribute(&Reader->Xml, u"manifestVersion", &Version) ||
        !SxspIsText(&Version, u"1.0"))
        return FORMAT_ERROR;
    return ReadChildren(Reader, Children, ARRAYSIZE(Children));
}

static NTSTATUS ReadDocument(PREADER Reader)
{
    SXSP_NODE Node;
    NTSTATUS Status = SxspNextNode(&Reader->Xml, &Node);

    if (NT_SUCCESS(Status))
        Status = Node == SxspStart ? ReadAssembly(Reader) : FORMAT_ERROR;
    if (NT_SUCCESS(Status))
        Status = SxspNextNode(&Reader->Xml, &Node);
    return NT_SUCCESS(Status) && Node != SxspDone ? FORMAT_ERROR : Status;
}

NTSTATUS SxspReadManifest(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, const UCHAR *Data,
                          SIZE_T Size)
{
    PREADER Reader = SxspAllocate(Arena, sizeof(*Reader)); /* much for a stack */
    ULONG Length;
    PWSTR Text;
    NTSTATUS Status;

    if (!Reader)
        return STATUS_NO_MEMORY;
    Status = SxspDecode(Arena, Data, Size, &Text, &Length);
    if (!NT_SUCCESS(Status))
        return Status;
    Reader->Arena = Arena;
    Reader->Assembly = Assembly;
    Assembly->LastFile = &Assembly->Files;
    Assembly->LastEntity = &Assembly->Entities;
    Assembly->LastDependency = &Assembly->Dependencies;
    SxspOpenXml(&Reader->Xml, Text, Length);
    return ReadDocument(Reader);
}
