// SPDX-License-Identifier: BSD-2-Clause
/* What a manifest says of COM's classes, interfaces and type libraries. (Win32: "Assembly
 * Manifests") */
#include "sxsp.h"

#define FORMAT_ERROR STATUS_SXS_MANIFEST_FORMAT_ERROR

/* OLEMISC_xxx, by the names that manifests have for them. */
static const SXSP_FLAG MiscFlags[] = {
    {u"recomposeonresize", 0x1},     {u"onlyiconic", 0x2},
    {u"insertnotreplace", 0x4},      {u"static", 0x8},
    {u"cantlinkinside", 0x10},       {u"canlinkbyole1", 0x20},
    {u"islinkobject", 0x40},         {u"insideout", 0x80},
    {u"activatewhenvisible", 0x100}, {u"renderingisdeviceindependent", 0x200},
    {u"invisibleatruntime", 0x400},  {u"alwaysrun", 0x800},
    {u"actslikebutton", 0x1000},     {u"actslikelabel", 0x2000},
    {u"nouiactivate", 0x4000},       {u"alignable", 0x8000},
    {u"simpleframe", 0x10000},       {u"setclientsitefirst", 0x20000},
    {u"imemode", 0x40000},           {u"ignoreactivatewhenvisible", 0x80000},
    {u"wantstomenumerge", 0x100000}, {u"supportsmultilevelundo", 0x200000}};

static const SXSP_FLAG LibraryFlags[] = {
    {u"restricted", 1}, {u"control", 2}, {u"hidden", 4}, {u"hasdiskimage", 8}};

static const SXSP_FLAG ThreadingModels[] = {
    {u"apartment", 1}, {u"free", 2}, {u"single", 3}, {u"both", 4}, {u"neutral", 5}};

static NTSTATUS ReadMiscStatus(const SXSP_XML *Xml, SXSP_MISC_STATUS *Misc)
{
    const struct {
        PCWSTR Name;
        ULONG Flag;
        PULONG Value;
    } Kinds[] = {
        {u"miscStatus", ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_DEFAULT, &Misc->Default},
        {u"miscStatusIcon", ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_ICON, &Misc->Icon},
        {u"miscStatusContent", ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_CONTENT,
         &Misc->Content},
        {u"miscStatusThumbnail", ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_THUMBNAIL,
         &Misc->Thumbnail},
        {u"miscStatusDocprint", ACTIVATION_CONTEXT_DATA_COM_SERVER_MISCSTATUS_HAS_DOCPRINT,
         &Misc->DocPrint},
    };

    for (ULONG i = 0; i < ARRAYSIZE(Kinds); i++) {
        BOOLEAN Present;
        NTSTATUS Status = SxspFlagsAttribute(Xml, Kinds[i].Name, MiscFlags, ARRAYSIZE(MiscFlags),
                                             Kinds[i].Value, &Present);

        if (!NT_SUCCESS(Status))
            return Status;
        if (Present)
            Misc->Flags |= Kinds[i].Flag;
    }
    return STATUS_SUCCESS;
}

/* One word; without the attribute 0. */
static NTSTATUS ReadThreadingModel(const SXSP_XML *Xml, PULONG Model)
{
    UNICODE_STRING Value;

    *Model = 0;
    if (!SxspGetAttribute(Xml, u"threadingModel", &Value))
        return STATUS_SUCCESS;
    for (ULONG i = 0; i < ARRAYSIZE(ThreadingModels); i++) {
        if (SxspIsWord(&Value, ThreadingModels[i].Name))
            *Model = ThreadingModels[i].Value;
    }
    return *Model ? STATUS_SUCCESS : FORMAT_ERROR;
}

/*
 * The name by which a class is asked for inside of the system, which nobody else has: a digest of
 * what it is and where. (RFC 4122: version 3)
 */
static void NameClass(PSXSP_ASSEMBLY Assembly, PSXSP_ENTITY Entity)
{
    PCUNICODE_STRING Name = &Assembly->Identity.Name;
    MD5_CTX Digest;

    MD5Init(&Digest);
    MD5Update(&Digest, (const UCHAR *)&Entity->Guid, sizeof(Entity->Guid));
    if (Name->Length)
        MD5Update(&Digest, (const UCHAR *)Name->Buffer, Name->Length);
    if (Entity->File)
        MD5Update(&Digest, (const UCHAR *)Entity->File->Name.Buffer, Entity->File->Name.Length);
    MD5Final(&Digest);
    memcpy(&Entity->Class.Configured, Digest.digest, sizeof(GUID));
    Entity->Class.Configured.Data3 = (Entity->Class.Configured.Data3 & 0x0fff) | 0x3000;
    Entity->Class.Configured.Data4[0] = (Entity->Class.Configured.Data4[0] & 0x3f) | 0x80;
}

static NTSTATUS AddProgId(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, PSXSP_ENTITY Class,
                          PCUNICODE_STRING Name)
{
    PSXSP_ENTITY Entity = SxspAddEntity(
        Arena, Assembly, ACTIVATION_CONTEXT_SECTION_COM_PROGID_REDIRECTION, Class->File);

    if (!Entity)
        return STATUS_NO_MEMORY;
    Entity->Name = *Name;
    Entity->ProgIdOf = Class;
    return Name->Length ? STATUS_SUCCESS : FORMAT_ERROR;
}

/* The further ProgIDs of a class, each an element. */
static NTSTATUS ReadProgIds(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, PSXSP_ENTITY Class,
                            PSXSP_XML Xml)
{
    UNICODE_STRING Name;
    NTSTATUS Status;
    SXSP_NODE Node;

    do {
        Status = SxspNextNode(Xml, &Node);
        if (!NT_SUCCESS(Status) || Node != SxspStart)
            continue;
        if (!SxspIsText(&Xml->Name, u"progid")) {
            Status = SxspSkipElement(Xml);
            continue;
        }
        Status = SxspReadText(Xml, &Name);
        if (NT_SUCCESS(Status))
            Status = AddProgId(Arena, Assembly, Class, &Name);
    } while (NT_SUCCESS(Status) && Node != SxspEnd);
    return Status;
}

static NTSTATUS ReadClass(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, PSXSP_FILE File,
                          PSXSP_XML Xml, BOOLEAN Clr)
{
    PSXSP_ENTITY Entity =
        SxspAddEntity(Arena, Assembly, ACTIVATION_CONTEXT_SECTION_COM_SERVER_REDIRECTION, File);
    NTSTATUS Status;

    if (!Entity)
        return STATUS_NO_MEMORY;
    Entity->Class.Clr = Clr;
    Status = SxspGuidAttribute(Xml, u"clsid", TRUE, &Entity->Guid);
    if (NT_SUCCESS(Status))
        Status = SxspGuidAttribute(Xml, u"tlbid", FALSE, &Entity->Class.TypeLibrary);
    if (NT_SUCCESS(Status))
        Status = ReadThreadingModel(Xml, &Entity->Class.ThreadingModel);
    if (NT_SUCCESS(Status))
        Status = ReadMiscStatus(Xml, &Entity->Class.Misc);
    if (!NT_SUCCESS(Status))
        return Status;
    SxspGetAttribute(Xml, u"runtimeVersion", &Entity->Class.RuntimeVersion);
    if (Clr && (!SxspGetAttribute(Xml, u"name", &Entity->Name) || !Entity->Name.Length))
        return FORMAT_ERROR;
    NameClass(Assembly, Entity);
    if (SxspGetAttribute(Xml, u"progid", &Entity->Class.ProgId))
        Status = AddProgId(Arena, Assembly, Entity, &Entity->Class.ProgId);
    return NT_SUCCESS(Status) ? ReadProgIds(Arena, Assembly, Entity, Xml) : Status;
}

/* External: its proxies are in a class of another file. */
static NTSTATUS ReadInterface(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, PSXSP_FILE File,
                              PSXSP_XML Xml)
{
    PSXSP_ENTITY Entity =
        SxspAddEntity(Arena, Assembly, ACTIVATION_CONTEXT_SECTION_COM_INTERFACE_REDIRECTION, File);
    BOOLEAN Present;
    UNICODE_STRING Base;
    NTSTATUS Status;

    if (!Entity)
        return STATUS_NO_MEMORY;
    Status = SxspGuidAttribute(Xml, u"iid", TRUE, &Entity->Guid);
    Entity->Interface.ProxyStub = Entity->Guid;
    if (NT_SUCCESS(Status))
        Status = SxspGuidAttribute(Xml, u"proxyStubClsid32", FALSE, &Entity->Interface.ProxyStub);
    if (NT_SUCCESS(Status))
        Status = SxspGuidAttribute(Xml, u"tlbid", FALSE, &Entity->Interface.TypeLibrary);
    if (NT_SUCCESS(Status))
        Status = SxspGuidAttribute(Xml, u"baseInterface", FALSE, &Entity->Interface.Base);
    if (NT_SUCCESS(Status))
        Status =
            SxspNumberAttribute(Xml, u"numMethods", MAXLONG, &Entity->Interface.Methods, &Present);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Present)
        Entity->Interface.Flags |= ACTIVATION_CONTEXT_DATA_COM_INTERFACE_NUM_METHODS_VALID;
    if (SxspGetAttribute(Xml, u"baseInterface", &Base))
        Entity->Interface.Flags |= ACTIVATION_CONTEXT_DATA_COM_INTERFACE_BASE_INTERFACE_VALID;
    SxspGetAttribute(Xml, u"name", &Entity->Name);
    return SxspSkipElement(Xml);
}

/* "1.0", both in hexadecimal */
static BOOLEAN ReadLibraryVersion(PCUNICODE_STRING Text, USHORT Version[4])
{
    ULONG Part = 0, Digits = 0;

    for (USHORT i = 0; i < Text->Length / sizeof(WCHAR); i++) {
        ULONG Digit = RtlpDigitValue(Text->Buffer[i]);

        if (Text->Buffer[i] == '.' && Digits && !Part) {
            Part = 1;
            Digits = 0;
            continue;
        }
        if (Digit > 15 || ++Digits > 4)
            return FALSE;
        Version[Part] = (USHORT)(Version[Part] << 4 | Digit);
    }
    return Part && Digits;
}

static NTSTATUS ReadLibrary(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, PSXSP_FILE File,
                            PSXSP_XML Xml)
{
    PSXSP_ENTITY Entity = SxspAddEntity(
        Arena, Assembly, ACTIVATION_CONTEXT_SECTION_COM_TYPE_LIBRARY_REDIRECTION, File);
    ULONG Number = 0, Flags = 0;
    UNICODE_STRING Version;
    BOOLEAN Present;
    NTSTATUS Status;

    if (!Entity)
        return STATUS_NO_MEMORY;
    Status = SxspGuidAttribute(Xml, u"tlbid", TRUE, &Entity->Guid);
    if (NT_SUCCESS(Status))
        Status = SxspNumberAttribute(Xml, u"resourceid", MAXUSHORT, &Number, &Present);
    if (NT_SUCCESS(Status))
        Status = SxspFlagsAttribute(Xml, u"flags", LibraryFlags, ARRAYSIZE(LibraryFlags), &Flags,
                                    &Present);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!SxspGetAttribute(Xml, u"version", &Version) ||
        !ReadLibraryVersion(&Version, Entity->Library.Version))
        return FORMAT_ERROR;
    Entity->Library.ResourceId = (USHORT)Number;
    Entity->Library.Flags = (USHORT)Flags;
    SxspGetAttribute(Xml, u"helpdir", &Entity->Library.HelpDirectory);
    return SxspSkipElement(Xml);
}

static NTSTATUS ReadSurrogate(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, PSXSP_XML Xml)
{
    PSXSP_ENTITY Entity =
        SxspAddEntity(Arena, Assembly, ACTIVATION_CONTEXT_SECTION_CLR_SURROGATES, NULL);
    NTSTATUS Status;

    if (!Entity)
        return STATUS_NO_MEMORY;
    Status = SxspGuidAttribute(Xml, u"clsid", TRUE, &Entity->Guid);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!SxspGetAttribute(Xml, u"name", &Entity->Name))
        return FORMAT_ERROR;
    SxspGetAttribute(Xml, u"runtimeVersion", &Entity->RuntimeVersion);
    return SxspSkipElement(Xml);
}

NTSTATUS SxspReadComElement(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, PSXSP_FILE File,
                            PSXSP_XML Xml, PBOOLEAN Known)
{
    *Known = TRUE;
    if (File && SxspIsText(&Xml->Name, u"comClass"))
        return ReadClass(Arena, Assembly, File, Xml, FALSE);
    if (File && SxspIsText(&Xml->Name, u"typelib"))
        return ReadLibrary(Arena, Assembly, File, Xml);
    if (File && SxspIsText(&Xml->Name, u"comInterfaceProxyStub"))
        return ReadInterface(Arena, Assembly, File, Xml);
    if (SxspIsText(&Xml->Name, u"comInterfaceExternalProxyStub"))
        return ReadInterface(Arena, Assembly, NULL, Xml);
    if (SxspIsText(&Xml->Name, u"clrClass"))
        return ReadClass(Arena, Assembly, NULL, Xml, TRUE);
    if (SxspIsText(&Xml->Name, u"clrSurrogate"))
        return ReadSurrogate(Arena, Assembly, Xml);
    *Known = FALSE;
    return STATUS_SUCCESS;
}
