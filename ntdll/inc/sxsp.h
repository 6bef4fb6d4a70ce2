/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of ntdll/sxs share. A manifest is decoded (text.c), read element by element
 * (xml.c) into a description of its assembly (manifest.c), which brings the assemblies that it
 * depends on (generate.c, locate.c); of all of them the data of an activation context are made
 * (build.c), and that is all that is kept and looked up (lookup.c). Manifests and data are hostile.
 */
#pragma once

#include <nt/nt.h>

#define SXSP_MAXIMUM_MANIFEST 0x100000 /* bytes */
#define SXSP_MAXIMUM_DEPTH 32          /* elements in each other */
#define SXSP_MAXIMUM_ATTRIBUTES 32     /* of an element */
#define SXSP_MAXIMUM_BINDINGS 32       /* prefixes of name spaces at once */
#define SXSP_MAXIMUM_ASSEMBLIES 64
#define SXSP_MAXIMUM_PATH 0x1000 /* characters */
#define SXSP_MAXIMUM_NAME 255    /* of what may be written once for each element */
#define SXSP_MAXIMUM_DATA 0x2000000

/* ---- arena.c: memory of a generation, given back as a whole ---- */
typedef struct _SXSP_ARENA {
    struct _SXSP_CHUNK *Chunks;
} SXSP_ARENA, *PSXSP_ARENA;

/* Zeros. NULL: out of memory. */
PVOID SxspAllocate(PSXSP_ARENA Arena, SIZE_T Size);
void SxspFreeArena(PSXSP_ARENA Arena);
/* Concatenates; the texts are given as Count pointers. STATUS_NAME_TOO_LONG, STATUS_NO_MEMORY */
NTSTATUS SxspJoin(PSXSP_ARENA Arena, const PCUNICODE_STRING *Parts, ULONG Count,
                  PUNICODE_STRING Result);

/* ---- text.c ---- */
/* The characters of a file in UTF-8 or UTF-16, with or without a mark, into the arena.
 * STATUS_SXS_MANIFEST_PARSE_ERROR, STATUS_SXS_MANIFEST_TOO_BIG, STATUS_NO_MEMORY */
NTSTATUS SxspDecode(PSXSP_ARENA Arena, const UCHAR *Data, SIZE_T Size, PWSTR *Text, PULONG Length);

/* ---- xml.c ---- */
typedef struct _SXSP_ATTRIBUTE {
    UNICODE_STRING Prefix;
    UNICODE_STRING Name;
    UNICODE_STRING Value;
} SXSP_ATTRIBUTE, *PSXSP_ATTRIBUTE;

typedef enum _SXSP_NODE { SxspStart, SxspEnd, SxspDone } SXSP_NODE;

typedef struct _SXSP_XML {
    PWSTR At;
    PWSTR End;
    PWSTR Begin;
    ULONG Depth;
    BOOLEAN Empty;                           /* the element that has started ends with its tag */
    BOOLEAN HadRoot;                         /* its first element has ended */
    UNICODE_STRING Open[SXSP_MAXIMUM_DEPTH]; /* the names of the open elements, with prefixes */
    struct {
        UNICODE_STRING Prefix;
        UNICODE_STRING Namespace;
        ULONG Depth;
    } Bindings[SXSP_MAXIMUM_BINDINGS];
    ULONG BindingCount;
    /* of the element that has just started */
    UNICODE_STRING Namespace;
    UNICODE_STRING Name;
    SXSP_ATTRIBUTE Attributes[SXSP_MAXIMUM_ATTRIBUTES];
    ULONG AttributeCount;
    UNICODE_STRING Text; /* in front of the tag that was read */
} SXSP_XML, *PSXSP_XML;

/* The text is written to, as what it stands for is never longer. */
void SxspOpenXml(PSXSP_XML Xml, PWSTR Text, ULONG Length);
/* STATUS_SXS_MANIFEST_PARSE_ERROR: it is not well-formed, or has what manifests never have. */
NTSTATUS SxspNextNode(PSXSP_XML Xml, SXSP_NODE *Node);
/* Reads on to the end of the element that has just started, whatever is in it. */
NTSTATUS SxspSkipElement(PSXSP_XML Xml);
/* The same; only text may be in it. Spaces around the text do not count. */
NTSTATUS SxspReadText(PSXSP_XML Xml, PUNICODE_STRING Text);
/* An attribute of no name space; FALSE: it is not there, and Value is empty. */
BOOLEAN SxspGetAttribute(const SXSP_XML *Xml, PCWSTR Name, PUNICODE_STRING Value);
BOOLEAN SxspIsText(PCUNICODE_STRING Text, PCWSTR Wanted);
/* The same whatever the case. */
BOOLEAN SxspIsWord(PCUNICODE_STRING Text, PCWSTR Wanted);

/* ---- identity.c ---- */
typedef struct _SXSP_IDENTITY {
    UNICODE_STRING Name;
    UNICODE_STRING Type;
    UNICODE_STRING Language;
    UNICODE_STRING Architecture;
    UNICODE_STRING Token;
    UNICODE_STRING VersionText;
    USHORT Version[4];
} SXSP_IDENTITY, *PSXSP_IDENTITY;

/* "1.2.3.4" */
BOOLEAN SxspParseVersion(PCUNICODE_STRING Text, USHORT Version[4]);
/* From the attributes of an element. STATUS_SXS_MANIFEST_FORMAT_ERROR,
 * STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_VALUE */
NTSTATUS SxspReadIdentity(const SXSP_XML *Xml, PSXSP_IDENTITY Identity);
/* From a text as the next routine makes it; name and version must be there.
 * STATUS_SXS_IDENTITY_PARSE_ERROR and the like */
NTSTATUS SxspParseReference(PCUNICODE_STRING Text, PSXSP_IDENTITY Identity);
/* As Windows writes it: name,language="..",...,version=".." */
NTSTATUS SxspEncodeIdentity(PSXSP_ARENA Arena, const SXSP_IDENTITY *Identity,
                            PUNICODE_STRING Encoded);
/* Whether an assembly is what a reference asks for: version 1.2.3.4 is also what 1.2.0.0 is. */
BOOLEAN SxspSatisfies(const SXSP_IDENTITY *Identity, const SXSP_IDENTITY *Wanted);

/* ---- manifest.c ---- */
typedef struct _SXSP_FILE {
    struct _SXSP_FILE *Next;
    UNICODE_STRING Name;
    UNICODE_STRING LoadFrom;
    const UCHAR *NamedIn; /* where records.c has written the name last: the blob, */
    ULONG NamedSection;   /* its section, and where there */
    ULONG NameOffset;
} SXSP_FILE, *PSXSP_FILE;

typedef struct _SXSP_MISC_STATUS {
    ULONG Flags; /* which there are */
    ULONG Default, Content, Thumbnail, Icon, DocPrint;
} SXSP_MISC_STATUS;

/* Something that a section has an entry for. */
typedef struct _SXSP_ENTITY {
    struct _SXSP_ENTITY *Next;
    ACTIVATION_CONTEXT_SECTION Section;
    PSXSP_FILE File;     /* or NULL */
    GUID Guid;           /* class, interface or library */
    UNICODE_STRING Name; /* of a window class, an interface, a type, a ProgID, a setting */
    union {
        struct {
            BOOLEAN Versioned;
        } Window;
        struct {
            BOOLEAN Clr;
            ULONG ThreadingModel;
            GUID TypeLibrary;
            GUID Configured;
            UNICODE_STRING ProgId;
            UNICODE_STRING RuntimeVersion;
            SXSP_MISC_STATUS Misc;
        } Class;
        struct {
            GUID ProxyStub;
            GUID TypeLibrary;
            GUID Base;
            ULONG Flags;
            ULONG Methods;
        } Interface;
        struct {
            USHORT Version[4];
            USHORT ResourceId;
            USHORT Flags;
            UNICODE_STRING HelpDirectory;
        } Library;
        struct _SXSP_ENTITY *ProgIdOf;
        UNICODE_STRING RuntimeVersion; /* of a surrogate */
        struct {
            UNICODE_STRING Namespace;
            UNICODE_STRING Value;
        } Setting;
        COMPATIBILITY_CONTEXT_ELEMENT Compatibility;
    };
} SXSP_ENTITY, *PSXSP_ENTITY;

typedef struct _SXSP_DEPENDENCY {
    struct _SXSP_DEPENDENCY *Next;
    SXSP_IDENTITY Identity;
    BOOLEAN Optional;
} SXSP_DEPENDENCY, *PSXSP_DEPENDENCY;

typedef struct _SXSP_ASSEMBLY {
    struct _SXSP_ASSEMBLY *Next;
    SXSP_IDENTITY Identity;
    UNICODE_STRING ManifestPath;  /* or nothing */
    UNICODE_STRING DirectoryName; /* below winsxs; of private assemblies nothing */
    LARGE_INTEGER LastWriteTime;
    ULONG Flags; /* ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION_xxx */
    ULONG RunLevel;
    ULONG UiAccess;
    BOOLEAN NoInherit;
    BOOLEAN HasIdentity;
    UNICODE_STRING Encoded; /* the identity */
    PSXSP_FILE Files, *LastFile;
    PSXSP_ENTITY Entities, *LastEntity;
    PSXSP_DEPENDENCY Dependencies, *LastDependency;
    ULONG FileCount;
    ULONG InformationOffset; /* in the data that are made */
} SXSP_ASSEMBLY, *PSXSP_ASSEMBLY;

/* Reads a manifest into an assembly of zeros. STATUS_SXS_MANIFEST_PARSE_ERROR,
 * STATUS_SXS_MANIFEST_FORMAT_ERROR and the like, STATUS_NO_MEMORY */
NTSTATUS SxspReadManifest(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, const UCHAR *Data,
                          SIZE_T Size);
PSXSP_ENTITY SxspAddEntity(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly,
                           ACTIVATION_CONTEXT_SECTION Section, PSXSP_FILE File);

/* ---- comelements.c: the elements that describe COM classes, below a file or not ---- */
/* *Known is FALSE for another element, of which nothing has been read. */
NTSTATUS SxspReadComElement(PSXSP_ARENA Arena, PSXSP_ASSEMBLY Assembly, PSXSP_FILE File,
                            PSXSP_XML Xml, PBOOLEAN Known);

/* ---- values.c ---- */
/* An attribute that must be a GUID if it is there. STATUS_SXS_MANIFEST_FORMAT_ERROR */
NTSTATUS SxspGuidAttribute(const SXSP_XML *Xml, PCWSTR Name, BOOLEAN Needed, PGUID Guid);
NTSTATUS SxspNumberAttribute(const SXSP_XML *Xml, PCWSTR Name, ULONG Maximum, PULONG Number,
                             PBOOLEAN Present);
typedef struct _SXSP_FLAG {
    PCWSTR Name;
    ULONG Value;
} SXSP_FLAG;
/* "one,two": the sum of the values; Count may be one for a word that stands for itself. */
NTSTATUS SxspFlagsAttribute(const SXSP_XML *Xml, PCWSTR Name, const SXSP_FLAG *Flags, ULONG Count,
                            PULONG Value, PBOOLEAN Present);

/* ---- generate.c ---- */
typedef struct _SXSP_GENERATION {
    SXSP_ARENA Arena;
    PSXSP_ASSEMBLY Assemblies, *Last;
    ULONG Count;
    UNICODE_STRING Directory; /* where private assemblies are, with a backslash at the end */
    UNICODE_STRING Nearer;    /* where they are looked for first, or nothing */
} SXSP_GENERATION, *PSXSP_GENERATION;

void SxspBeginGeneration(PSXSP_GENERATION Generation);
void SxspEndGeneration(PSXSP_GENERATION Generation);
/* An assembly that has been found. */
typedef struct _SXSP_FOUND_ASSEMBLY {
    UNICODE_STRING Path;          /* of the manifest, on the heap of the arena */
    UNICODE_STRING DirectoryName; /* below winsxs; of private assemblies nothing */
    ULONG Flags;
    const struct _SXSP_SOURCE *Source;
} SXSP_FOUND_ASSEMBLY, *PSXSP_FOUND_ASSEMBLY;
/* Reads its manifest and adds it. Wanted: what it must be, or NULL for the root.
 * STATUS_SXS_ASSEMBLY_NOT_FOUND: it is another one. */
NTSTATUS SxspAddAssembly(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted,
                         const SXSP_FOUND_ASSEMBLY *Found);
/* Adds what the assemblies depend on, and makes the data, on the heap. */
NTSTATUS SxspGenerate(PSXSP_GENERATION Generation, PACTIVATION_CONTEXT_DATA *Data);

/* ---- locate.c, store.c: adds an assembly by a reference. STATUS_SXS_ASSEMBLY_NOT_FOUND ---- */
NTSTATUS SxspLocateAssembly(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted);
/* The same, of those that all programs share. */
NTSTATUS SxspLocateShared(PSXSP_GENERATION Generation, const SXSP_IDENTITY *Wanted);
#define SXSP_STORE u"C:\\windows\\winsxs"

/* ---- source.c: manifests from files and resources ---- */
typedef struct _SXSP_SOURCE {
    PVOID Data;
    SIZE_T Size;
    LARGE_INTEGER LastWriteTime;
} SXSP_SOURCE, *PSXSP_SOURCE;

/* Into the arena. STATUS_OBJECT_NAME_NOT_FOUND and the like */
NTSTATUS SxspReadFile(PSXSP_ARENA Arena, PCWSTR Path, PSXSP_SOURCE Source);
/* A resource of type RT_MANIFEST; Name is a number or a text; Module as LdrFindResource_U has it.
 */
NTSTATUS SxspFindManifest(PVOID Module, ULONG_PTR Name, USHORT Language, PSXSP_SOURCE Source);
/* That of a file that is no module yet, into the arena. */
NTSTATUS SxspReadFileResource(PSXSP_ARENA Arena, PCWSTR Path, ULONG_PTR Name, USHORT Language,
                              PSXSP_SOURCE Source);

/* ---- blob.c: a text of bytes that is measured first and made then ---- */
typedef struct _SXSP_BLOB {
    PUCHAR Data; /* NULL: only measured */
    ULONG Size;
    BOOLEAN TooBig; /* for SXSP_MAXIMUM_DATA */
} SXSP_BLOB, *PSXSP_BLOB;

/* The offset of so many bytes, a multiple of 4. They are zeros. */
ULONG SxspPlace(PSXSP_BLOB Blob, SIZE_T Size);
void SxspWrite(PSXSP_BLOB Blob, ULONG Offset, const void *Data, SIZE_T Size);
/* With a NUL; nothing for an empty text, and the offset is 0. */
ULONG SxspPlaceText(PSXSP_BLOB Blob, PCUNICODE_STRING Text);

/* ---- build.c, tables.c, records.c: the sections ---- */
typedef struct _SXSP_ITEM {
    UNICODE_STRING Key;
    GUID Guid;
    ULONG Hash;
    ULONG RosterIndex;
    PSXSP_ASSEMBLY Assembly;
    PSXSP_FILE File;
    PSXSP_ENTITY Entity;
} SXSP_ITEM, *PSXSP_ITEM;

/* Writes what an entry leads to, and returns where; Section is where the section begins. */
typedef ULONG (*PSXSP_WRITER)(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);

/* tables.c: sorts the items of a section, and writes it. STATUS_SXS_MANIFEST_FORMAT_ERROR: a key is
 * there twice. */
typedef enum _SXSP_KEYS { SxspNames, SxspExactNames, SxspGuids } SXSP_KEYS;
NTSTATUS SxspSortItems(PSXSP_ITEM Items, ULONG Count, SXSP_KEYS Keys);
ULONG SxspWriteStringSection(PSXSP_BLOB Blob, const SXSP_ITEM *Items, ULONG Count, SXSP_KEYS Keys,
                             PSXSP_WRITER Writer);
ULONG SxspWriteGuidSection(PSXSP_BLOB Blob, const SXSP_ITEM *Items, ULONG Count,
                           PSXSP_WRITER Writer);

/* records.c */
ULONG SxspWriteAssembly(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);
ULONG SxspWriteDll(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);
ULONG SxspWriteWindowClass(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);
ULONG SxspWriteComServer(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);
ULONG SxspWriteInterface(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);
ULONG SxspWriteLibrary(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);
ULONG SxspWriteProgId(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);
ULONG SxspWriteSurrogate(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);
ULONG SxspWriteSetting(PSXSP_BLOB Blob, ULONG Section, const SXSP_ITEM *Item, PULONG Length);

NTSTATUS SxspBuild(PSXSP_GENERATION Generation, PACTIVATION_CONTEXT_DATA *Data);

/* ---- lookup.c: data that may be anything, of TotalSize bytes ---- */
BOOLEAN SxspIsData(const ACTIVATION_CONTEXT_DATA *Data);

typedef struct _SXSP_SECTION {
    const UCHAR *Base;
    ULONG Length;
    ULONG Format;
} SXSP_SECTION, *PSXSP_SECTION;

BOOLEAN SxspFindSection(const ACTIVATION_CONTEXT_DATA *Data, ULONG Id, PSXSP_SECTION Section);

typedef struct _SXSP_FOUND {
    SXSP_SECTION Section;
    const void *Data;
    ULONG Length;
    ULONG DataFormatVersion;
    const void *UserData;
    ULONG UserDataSize;
    ULONG RosterIndex;
} SXSP_FOUND, *PSXSP_FOUND;

/* STATUS_SXS_SECTION_NOT_FOUND, STATUS_SXS_WRONG_SECTION_TYPE, STATUS_SXS_KEY_NOT_FOUND,
 * STATUS_SXS_INVALID_ACTCTXDATA_FORMAT */
NTSTATUS SxspFindText(const ACTIVATION_CONTEXT_DATA *Data, ULONG Id, PCUNICODE_STRING Key,
                      PSXSP_FOUND Found);
NTSTATUS SxspFindGuid(const ACTIVATION_CONTEXT_DATA *Data, ULONG Id, const GUID *Key,
                      PSXSP_FOUND Found);
/* A part of a section; NULL: it is not inside. */
const void *SxspInSection(const SXSP_SECTION *Section, ULONG Offset, ULONG Length);
/* An assembly by its index in the roster, from 1. */
typedef struct _SXSP_ROSTER_ITEM {
    const ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION *Information;
    SXSP_SECTION Section; /* that its texts are in */
} SXSP_ROSTER_ITEM, *PSXSP_ROSTER_ITEM;
ULONG SxspAssemblyCount(const ACTIVATION_CONTEXT_DATA *Data);
BOOLEAN SxspFindAssembly(const ACTIVATION_CONTEXT_DATA *Data, ULONG Index, PSXSP_ROSTER_ITEM Item);
/* A text of a section; empty if it is not inside. */
UNICODE_STRING SxspTextOf(const SXSP_SECTION *Section, ULONG Offset, ULONG Length);
/* The file of a number, from 0, of an assembly of an index from 1. */
BOOLEAN SxspFindFile(const ACTIVATION_CONTEXT_DATA *Data, ULONG RosterIndex, ULONG Index,
                     PUNICODE_STRING Name);

/* ---- redirect.c ---- */
/* The full path, on the heap, that a DLL's name leads to in the contexts that are active.
 * STATUS_SXS_KEY_NOT_FOUND: there is none. */
NTSTATUS SxspRedirect(PCUNICODE_STRING Name, PUNICODE_STRING FullPath);

/* ---- context.c, stack.c ---- */
typedef struct _SXSP_CONTEXT {
    ULONG Magic;
    LONG References;
    PACTIVATION_CONTEXT_DATA Data;
    BOOLEAN OwnsData;
    BOOLEAN ProcessDefault; /* what the PEB shows, for ever */
    BOOLEAN Zombie;
    PACTIVATION_CONTEXT_NOTIFY_ROUTINE Routine;
    PVOID RoutineContext;
} SXSP_CONTEXT, *PSXSP_CONTEXT;

/* NULL: no context of somebody's own. */
PSXSP_CONTEXT SxspContextOf(HANDLE Context);
/* What a handle stands for; NULL: nothing. STATUS_INVALID_PARAMETER: no handle. */
NTSTATUS SxspDataOf(HANDLE Context, const ACTIVATION_CONTEXT_DATA **Data);
/* A context of data that come from the heap, which it takes over. */
NTSTATUS SxspMakeContext(PACTIVATION_CONTEXT_DATA Data, PHANDLE Context);
/* The thread's active context; FALSE: nothing has been activated. */
BOOLEAN SxspActiveContext(PHANDLE Context);
/* How many contexts a name may be in: the active one, the process's, the system's. */
#define SXSP_LAYERS 3
const ACTIVATION_CONTEXT_DATA *SxspLayer(ULONG Index, PHANDLE Context);

/* ---- create.c ---- */
NTSTATUS SxspCreateFromSource(const ACTCTXW *Source, PHANDLE Context);
/* The context of a manifest in an image that is a module of this process. */
NTSTATUS SxspCreateFromImage(PVOID Base, PCUNICODE_STRING FullName, ULONG_PTR Name,
                             PACTIVATION_CONTEXT_DATA *Data);
/* When the process starts: what the PEB shows, if the program has a manifest. */
NTSTATUS SxspSetProcessDefault(void);
