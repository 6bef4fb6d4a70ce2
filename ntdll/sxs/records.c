// SPDX-License-Identifier: BSD-2-Clause
/* What the entries of the sections lead to. */
#include "sxsp.h"

static const UNICODE_STRING ClrModule = RTL_CONSTANT_STRING(u"mscoree.dll");

/* A text that is found from Base on; its offset is 0 if it is empty. */
static void PlaceFrom(PSXSP_BLOB Blob, ULONG Base, PCUNICODE_STRING Text, PULONG Offset,
                      PULONG Length)
{
    ULONG At = SxspPlaceText(Blob, Text);

    *Offset = At ? At - Base : 0;
    *Length = Text->Length;
}

/* The name of a file, once in a section. */
static void PlaceModule(PSXSP_BLOB Blob, ULONG Section, PSXSP_FILE File, PULONG Offset,
                        PULONG Length)
{
    if (!File) {
        *Offset = *Length = 0;
        return;
    }
    if (!File->NameOffset || File->NamedIn != Blob->Data || File->NamedSection != Section) {
        File->NameOffset = SxspPlaceText(Blob, &File->Name);
        File->NamedSection = Section;
        File->NamedIn = Blob->Data;
    }
    *Offset = File->NameOffset - Section;
    *Length = File->Name.Length;
}

static ULONG Finish(PSXSP_BLOB Blob, ULONG At, const void *Record, ULONG Size, PULONG Length)
{
    SxspWrite(Blob, At, Record, Size);
    *Length = Size;
    return At;
}

ULONG SxspWriteAssembly(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length)
{
    PSXSP_ASSEMBLY Assembly = Item->Assembly;
    ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION Record = {
        .Flags = Assembly->Flags,
        .ManifestPathType = Assembly->ManifestPath.Length ? ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE
                                                          : ACTIVATION_CONTEXT_PATH_TYPE_NONE,
        .ManifestLastWriteTime = Assembly->LastWriteTime.QuadPart,
        .PolicyPathType = ACTIVATION_CONTEXT_PATH_TYPE_NONE,
        .ManifestVersionMajor = 1,
        .NumOfFilesInAssembly = Assembly->FileCount,
        .RunLevel = Assembly->RunLevel,
        .UiAccess = Assembly->UiAccess};
    ULONG At = SxspPlace(Blob, sizeof(Record));

    PlaceFrom(Blob, Section, &Assembly->Encoded, &Record.EncodedAssemblyIdentityOffset,
              &Record.EncodedAssemblyIdentityLength);
    PlaceFrom(Blob, Section, &Assembly->ManifestPath, &Record.ManifestPathOffset,
              &Record.ManifestPathLength);
    PlaceFrom(Blob, Section, &Assembly->DirectoryName, &Record.AssemblyDirectoryNameOffset,
              &Record.AssemblyDirectoryNameLength);
    PlaceFrom(Blob, Section, &Assembly->Identity.Language, &Record.LanguageOffset,
              &Record.LanguageLength);
    Record.Size = Blob->Size - At;
    Assembly->InformationOffset = At;
    return Finish(Blob, At, &Record, sizeof(Record), Length);
}

/* A path of one segment for what is loaded from elsewhere; else the assembly's directory is meant.
 */
ULONG SxspWriteDll(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length)
{
    ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION Record = {.Size = sizeof(Record)};
    ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_SEGMENT Segment;
    PCUNICODE_STRING Path = &Item->File->LoadFrom;
    ULONG At = SxspPlace(Blob, sizeof(Record)), SegmentAt;

    if (Path->Length) {
        WCHAR Last = Path->Buffer[Path->Length / sizeof(WCHAR) - 1];

        SegmentAt = SxspPlace(Blob, sizeof(Segment));
        PlaceFrom(Blob, Section, Path, &Segment.Offset, &Segment.Length);
        SxspWrite(Blob, SegmentAt, &Segment, sizeof(Segment));
        Record.Flags = ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_OMITS_ASSEMBLY_ROOT |
                       ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_EXPAND;
        if (Last != '\\' && Last != '/')
            Record.Flags |= ACTIVATION_CONTEXT_DATA_DLL_REDIRECTION_PATH_INCLUDES_BASE_NAME;
        Record.TotalPathLength = Path->Length;
        Record.PathSegmentCount = 1;
        Record.PathSegmentOffset = SegmentAt - Section;
    }
    return Finish(Blob, At, &Record, sizeof(Record), Length);
}

/* "6.0.0.0!Button" */
ULONG SxspWriteWindowClass(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length)
{
    ACTIVATION_CONTEXT_DATA_WINDOW_CLASS_REDIRECTION Record = {.Size = sizeof(Record)};
    PSXSP_ENTITY Entity = Item->Entity;
    PCUNICODE_STRING Version = &Item->Assembly->Identity.VersionText;
    ULONG At = SxspPlace(Blob, sizeof(Record));
    ULONG Prefix = 0, Name;

    if (Entity->Window.Versioned && Version->Length)
        Prefix = Version->Length + sizeof(WCHAR);
    Name = SxspPlace(Blob, Prefix + Entity->Name.Length + sizeof(WCHAR));
    if (Prefix) {
        SxspWrite(Blob, Name, Version->Buffer, Version->Length);
        SxspWrite(Blob, Name + Version->Length, u"!", sizeof(WCHAR));
    }
    SxspWrite(Blob, Name + Prefix, Entity->Name.Buffer, Entity->Name.Length);
    Record.VersionSpecificClassNameOffset = Name - At;
    Record.VersionSpecificClassNameLength = Prefix + Entity->Name.Length;
    PlaceModule(Blob, Section, Entity->File, &Record.DllNameOffset, &Record.DllNameLength);
    return Finish(Blob, At, &Record, sizeof(Record), Length);
}

static ULONG PlaceShim(PSXSP_BLOB Blob, ULONG Section, PSXSP_ENTITY Entity, ULONG Module)
{
    ACTIVATION_CONTEXT_DATA_COM_SERVER_REDIRECTION_SHIM Shim = {
        .Size = sizeof(Shim),
        .Type = ACTIVATION_CONTEXT_DATA_COM_SERVER_SHIM_TYPE_CLR_CLASS,
        .ModuleLength = ClrModule.Length,
        .ModuleOffset = Module - Section};
    ULONG At = SxspPlace(Blob, sizeof(Shim));

    PlaceFrom(Blob, At, &Entity->Name, &Shim.TypeOffset, &Shim.TypeLength);
    PlaceFrom(Blob, At, &Entity->Class.RuntimeVersion, &Shim.ShimVersionOffset,
              &Shim.ShimVersionLength);
    SxspWrite(Blob, At, &Shim, sizeof(Shim));
    return At;
}

ULONG SxspWriteComServer(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length)
{
    PSXSP_ENTITY Entity = Item->Entity;
    const SXSP_MISC_STATUS *Misc = &Entity->Class.Misc;
    ACTIVATION_CONTEXT_DATA_COM_SERVER_REDIRECTION Record = {
        .Size = sizeof(Record),
        .Flags = Misc->Flags,
        .ThreadingModel = Entity->Class.ThreadingModel,
        .ReferenceClsid = Entity->Guid,
        .ConfiguredClsid = Entity->Class.Configured,
        .ImplementedClsid = Entity->Guid,
        .TypeLibraryId = Entity->Class.TypeLibrary,
        .MiscStatusDefault = Misc->Default,
        .MiscStatusContent = Misc->Content,
        .MiscStatusThumbnail = Misc->Thumbnail,
        .MiscStatusIcon = Misc->Icon,
        .MiscStatusDocPrint = Misc->DocPrint};
    ULONG At = SxspPlace(Blob, sizeof(Record));

    PlaceFrom(Blob, At, &Entity->Class.ProgId, &Record.ProgIdOffset, &Record.ProgIdLength);
    if (Entity->Class.Clr) {
        PlaceFrom(Blob, Section, &ClrModule, &Record.ModuleOffset, &Record.ModuleLength);
        Record.ShimDataOffset =
            PlaceShim(Blob, Section, Entity, Record.ModuleOffset + Section) - At;
        Record.ShimDataLength = sizeof(ACTIVATION_CONTEXT_DATA_COM_SERVER_REDIRECTION_SHIM);
    } else {
        PlaceModule(Blob, Section, Entity->File, &Record.ModuleOffset, &Record.ModuleLength);
    }
    return Finish(Blob, At, &Record, sizeof(Record), Length);
}

ULONG SxspWriteInterface(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length)
{
    PSXSP_ENTITY Entity = Item->Entity;
    ACTIVATION_CONTEXT_DATA_COM_INTERFACE_REDIRECTION Record = {
        .Size = sizeof(Record),
        .Flags = Entity->Interface.Flags,
        .ProxyStubClsid32 = Entity->Interface.ProxyStub,
        .NumMethods = Entity->Interface.Methods,
        .TypeLibraryId = Entity->Interface.TypeLibrary,
        .BaseInterface = Entity->Interface.Base};
    ULONG At = SxspPlace(Blob, sizeof(Record));

    UNREFERENCED_PARAMETER(Section);
    PlaceFrom(Blob, At, &Entity->Name, &Record.NameOffset, &Record.NameLength);
    return Finish(Blob, At, &Record, sizeof(Record), Length);
}

ULONG SxspWriteLibrary(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length)
{
    PSXSP_ENTITY Entity = Item->Entity;
    ACTIVATION_CONTEXT_DATA_TYPE_LIBRARY_REDIRECTION Record = {
        .Size = sizeof(Record),
        .ResourceId = Entity->Library.ResourceId,
        .LibraryFlags = Entity->Library.Flags,
        .MajorVersion = Entity->Library.Version[0],
        .MinorVersion = Entity->Library.Version[1]};
    ULONG At = SxspPlace(Blob, sizeof(Record));

    PlaceModule(Blob, Section, Entity->File, &Record.NameOffset, &Record.NameLength);
    PlaceFrom(Blob, At, &Entity->Library.HelpDirectory, &Record.HelpDirOffset,
              &Record.HelpDirLength);
    return Finish(Blob, At, &Record, sizeof(Record), Length);
}

ULONG SxspWriteProgId(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length)
{
    ACTIVATION_CONTEXT_DATA_COM_PROGID_REDIRECTION Record = {.Size = sizeof(Record)};
    ULONG At = SxspPlace(Blob, sizeof(Record)), Guid = SxspPlace(Blob, sizeof(GUID));

    Record.ConfiguredClsidOffset = Guid - Section;
    SxspWrite(Blob, Guid, &Item->Entity->ProgIdOf->Class.Configured, sizeof(GUID));
    return Finish(Blob, At, &Record, sizeof(Record), Length);
}

ULONG SxspWriteSurrogate(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length)
{
    ACTIVATION_CONTEXT_DATA_CLR_SURROGATE Record = {.Size = sizeof(Record),
                                                    .SurrogateIdent = Item->Guid};
    ULONG At = SxspPlace(Blob, sizeof(Record));

    UNREFERENCED_PARAMETER(Section);
    PlaceFrom(Blob, At, &Item->Entity->RuntimeVersion, &Record.VersionOffset,
              &Record.VersionLength);
    PlaceFrom(Blob, At, &Item->Entity->Name, &Record.TypeNameOffset, &Record.TypeNameLength);
    return Finish(Blob, At, &Record, sizeof(Record), Length);
}

ULONG SxspWriteSetting(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length)
{
    ACTIVATION_CONTEXT_DATA_APPLICATION_SETTINGS Record = {.Size = sizeof(Record)};
    PSXSP_ENTITY Entity = Item->Entity;
    ULONG At = SxspPlace(Blob, sizeof(Record));

    UNREFERENCED_PARAMETER(Section);
    PlaceFrom(Blob, At, &Entity->Setting.Namespace, &Record.SettingNamespaceOffset,
              &Record.SettingNamespaceLength);
    PlaceFrom(Blob, At, &Entity->Name, &Record.SettingNameOffset, &Record.SettingNameLength);
    PlaceFrom(Blob, At, &Entity->Setting.Value, &Record.SettingValueOffset,
              &Record.SettingValueLength);
    return Finish(Blob, At, &Record, sizeof(Record), Length);
}
