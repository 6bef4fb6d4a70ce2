// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/sxs/arena.c ntdll/sxs/blob.c ntdll/sxs/build.c ntdll/sxs/comelements.c
// sources: ntdll/sxs/context.c ntdll/sxs/find.c ntdll/sxs/generate.c ntdll/sxs/identity.c
// sources: ntdll/sxs/locate.c ntdll/sxs/lookup.c ntdll/sxs/manifest.c ntdll/sxs/query.c
// sources: ntdll/sxs/records.c ntdll/sxs/redirect.c ntdll/sxs/settings.c ntdll/sxs/stack.c
// sources: ntdll/sxs/tables.c ntdll/sxs/text.c ntdll/sxs/values.c ntdll/sxs/xml.c
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/cstring.c rtl/string.c rtl/wstring.c rtl/ctype.c
// sources: rtl/upcase.c rtl/utf.c rtl/guid.c rtl/integer.c rtl/md5.c rtl/digest.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"
#include "sxs.h"

#define HEAD "<assembly xmlns=\"urn:schemas-microsoft-com:asm.v1\" manifestVersion=\"1.0\">"
#define TAIL "</assembly>"
#define IDENTITY(name) "<assemblyIdentity type=\"win32\" name=\"" name "\" version=\"1.2.3.4\"/>"
#define NEEDS(name, version)                                                                       \
    "<dependency><dependentAssembly><assemblyIdentity type=\"win32\" name=\"" name                 \
    "\" version=\"" version "\"/></dependentAssembly></dependency>"
#define SMI "http://schemas.microsoft.com/SMI/"
#define CLASS "{11111111-2222-3333-4444-555555555555}"

/* What context.c, find.c and redirect.c ask others for. */
NTSTATUS SxspCreateFromSource(const ACTCTXW *Source, PHANDLE Context)
{
    return STATUS_INVALID_PARAMETER;
}

NTSTATUS NTAPI LdrFindEntryForAddress(PVOID Address, PLDR_DATA_TABLE_ENTRY *Entry)
{
    return STATUS_NO_MORE_ENTRIES;
}

NTSTATUS NTAPI RtlExpandEnvironmentStrings_U(PWSTR Environment, PCUNICODE_STRING Source,
                                             PUNICODE_STRING Destination, PULONG Length)
{
    memcpy(Destination->Buffer, Source->Buffer, Source->Length);
    Destination->Length = Source->Length;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDuplicateUnicodeString(ULONG Flags, PCUNICODE_STRING Source,
                                         PUNICODE_STRING Destination)
{
    Destination->Buffer = RtlAllocateHeap(NULL, HEAP_ZERO_MEMORY, Source->Length + 2);
    memcpy(Destination->Buffer, Source->Buffer, Source->Length);
    Destination->Length = Source->Length;
    Destination->MaximumLength = Source->Length + 2;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI SxspCreateFromData(ULONG Flags, PACTIVATION_CONTEXT_DATA Data, ULONG ExtraBytes,
                                  PACTIVATION_CONTEXT_NOTIFY_ROUTINE NotificationRoutine,
                                  PVOID NotificationContext, PHANDLE Context);

static NTSTATUS StatusOf(const char *Manifest)
{
    PACTIVATION_CONTEXT_DATA Data;
    NTSTATUS Status;

    NtCurrentTeb();
    Status = MakeTestData(Manifest, strlen(Manifest), &Data);
    if (NT_SUCCESS(Status))
        RtlFreeHeap(NULL, 0, Data);
    CHECK_EQUAL(HeapBlocks, 0);
    return Status;
}

static HANDLE ContextOf(const char *Manifest)
{
    PACTIVATION_CONTEXT_DATA Data;
    HANDLE Context = NULL;

    NtCurrentTeb();
    CHECK_EQUAL(MakeTestData(Manifest, strlen(Manifest), &Data), STATUS_SUCCESS);
    if (Data)
        CHECK_EQUAL(SxspMakeContext(Data, &Context), STATUS_SUCCESS);
    return Context;
}

static BOOLEAN Is(PCUNICODE_STRING Text, PCWSTR Wanted)
{
    return SxspIsText(Text, Wanted);
}

static NTSTATUS ReadXml(const char *Text)
{
    SXSP_ARENA Arena = {NULL};
    SXSP_NODE Node = SxspStart;
    ULONG Length;
    PWSTR Wide;
    SXSP_XML Xml;
    NTSTATUS Status = SxspDecode(&Arena, (const UCHAR *)Text, strlen(Text), &Wide, &Length);

    if (NT_SUCCESS(Status))
        SxspOpenXml(&Xml, Wide, Length);
    while (NT_SUCCESS(Status) && Node != SxspDone)
        Status = SxspNextNode(&Xml, &Node);
    SxspFreeArena(&Arena);
    return Status;
}

TEST(xml_is_read_strictly)
{
    static const char *const Bad[] = {
        "",
        "text",
        "<a",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>text",
        "<a b/>",
        "<a b=c/>",
        "<a b='c'd='e'/>",
        "<a b='1' b='2'/>",
        "<a b='<'/>",
        "<a>&nosuch;</a>",
        "<a>&#0;</a>",
        "<a>&#xd800;</a>",
        "<a>&#x110000;</a>",
        "<a>&#;</a>",
        "<a>&amp</a>",
        "<p:a/>",
        "<a p:b='c'/>",
        "<!DOCTYPE a><a/>",
        "<a><!-- -- --></a>",
        "<a><![CDATA[</a>",
        " <?xml version='1.0'?><a/>",
        "<a><?xml version='1.0'?></a>",
        "<a>\x01</a>",
        "<a>\xff</a>",
        "<1/>",
        "<a/ >",
    };

    for (ULONG i = 0; i < ARRAYSIZE(Bad); i++) {
        if (ReadXml(Bad[i]) != STATUS_SXS_MANIFEST_PARSE_ERROR)
            FAIL("%s: %x", Bad[i], ReadXml(Bad[i]));
    }
    CHECK_EQUAL(ReadXml("<a b = '1'\n>&#x10ffff;<p:c xmlns:p='d' p:e=\"\"/></a > <!---->"),
                STATUS_SUCCESS);
    CHECK_EQUAL(StatusOf("<a/>"), STATUS_SXS_MANIFEST_FORMAT_ERROR);
}

TEST(depth_and_size_have_bounds)
{
    char Text[2048] = "";
    static char Large[SXSP_MAXIMUM_MANIFEST + 1];
    PACTIVATION_CONTEXT_DATA Data;

    for (ULONG i = 0; i < SXSP_MAXIMUM_DEPTH + 1; i++)
        memcpy(Text + 3 * i, "<a>", 3);
    CHECK_EQUAL(StatusOf(Text), STATUS_SXS_MANIFEST_FORMAT_ERROR); /* no assembly */
    memcpy(Text, HEAD, sizeof(HEAD));
    for (ULONG i = 0; i < SXSP_MAXIMUM_DEPTH; i++)
        memcpy(Text + sizeof(HEAD) - 1 + 3 * i, "<a>", 3);
    CHECK_EQUAL(StatusOf(Text), STATUS_SXS_MANIFEST_PARSE_ERROR);
    memset(Large, ' ', sizeof(Large));
    CHECK_EQUAL(MakeTestData(Large, sizeof(Large), &Data), STATUS_SXS_MANIFEST_TOO_BIG);
}

/* Appends Text Count times, each % of it being another name of four letters. */
static char *Append(char *To, const char *Text, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++) {
        for (const char *At = Text; *At; At++) {
            for (ULONG j = 0, Rest = i; *At == '%' && j < 4; j++, Rest /= 26)
                *To++ = (char)('a' + Rest % 26);
            if (*At != '%')
                *To++ = *At;
        }
    }
    *To = 0;
    return To;
}

/* A few characters of a manifest may be written with each of its elements. */
TEST(what_is_repeated_is_short)
{
    static char Text[SXSP_MAXIMUM_MANIFEST + 1];
    ULONG Digits[] = {5, 6, 30000}, Letters[] = {200, 255, 256, 30000};

    for (ULONG i = 0; i < ARRAYSIZE(Digits); i++) {
        char *To = Append(Text, HEAD "<assemblyIdentity type='win32' name='a' version='1.2.", 1);

        Append(Append(To, "0", Digits[i]), ".4'/>" TAIL, 1);
        CHECK_EQUAL(StatusOf(Text),
                    Digits[i] > 5 ? STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_VALUE : STATUS_SUCCESS);
    }
    for (ULONG i = 0; i < ARRAYSIZE(Letters); i++) {
        NTSTATUS Expected = Letters[i] > 255 ? STATUS_SXS_MANIFEST_FORMAT_ERROR : STATUS_SUCCESS;
        char *To = Append(Text, HEAD "<file name='a.dll'><windowClass>", 1);

        Append(Append(To, "a", Letters[i]), "</windowClass></file>" TAIL, 1);
        CHECK_EQUAL(StatusOf(Text), Expected);
        To = Append(Text, HEAD "<application><windowsSettings xmlns='" SMI, 1);
        To = Append(Append(To, "a", Letters[i] - strlen(SMI)), "'><a>b</a></windowsSettings>", 1);
        Append(To, "</application>" TAIL, 1);
        CHECK_EQUAL(StatusOf(Text), Expected);
        To = Append(Text, HEAD "<application><windowsSettings xmlns='" SMI "'><", 1);
        Append(Append(To, "a", Letters[i]), "/></windowsSettings></application>" TAIL, 1);
        CHECK_EQUAL(StatusOf(Text), Expected);
    }
}

TEST(the_data_have_a_bound)
{
    static char Text[SXSP_MAXIMUM_MANIFEST + 1];

    for (ULONG Count = 10000; Count <= 100000; Count += 90000) {
        char *To = Append(Text, HEAD "<application><windowsSettings xmlns='" SMI, 1);

        To = Append(Append(To, "a", 200), "'>", 1);
        To = Append(Append(To, "<%/>", Count), "</windowsSettings></application>" TAIL, 1);
        CHECK_EQUAL(StatusOf(Text), Count == 10000 ? STATUS_SUCCESS : STATUS_SXS_MANIFEST_TOO_BIG);
    }
}

TEST(manifests_say_what_they_must)
{
    static const char *const Bad[] = {
        "<assembly manifestVersion=\"1.0\"/>",
        "<assembly xmlns=\"urn:schemas-microsoft-com:asm.v1\"/>",
        "<assembly xmlns=\"urn:schemas-microsoft-com:asm.v1\" manifestVersion=\"2.0\"/>",
        HEAD "<assemblyIdentity name=\"a\" version=\"1.0.0.0\"/>" TAIL,
        HEAD "<assemblyIdentity type=\"win32\" version=\"1.0.0.0\"/>" TAIL,
        HEAD "<assemblyIdentity type=\"win32\" name=\"a\"/>" TAIL,
        HEAD IDENTITY("a") IDENTITY("b") TAIL,
        HEAD "<file/>" TAIL,
        HEAD "<file name=\"..\\a.dll\"/>" TAIL,
        HEAD "<file name=\"c:a.dll\"/>" TAIL,
        HEAD "<file name=\"a.dll\"/><file name=\"A.DLL\"/>" TAIL,
        HEAD "<file name=\"a.dll\"><windowClass/></file>" TAIL,
        HEAD "<file name=\"a.dll\"><windowClass versioned=\"x\">A</windowClass></file>" TAIL,
        HEAD "<file name=\"a.dll\"><comClass clsid=\"1\"/></file>" TAIL,
        HEAD "<file name=\"a.dll\"><comClass clsid=\"" CLASS
             "\" threadingModel=\"x\"/></file>" TAIL,
        HEAD "<file name=\"a.dll\"><typelib tlbid=\"" CLASS "\" version=\"1\"/></file>" TAIL,
        HEAD "<dependency><dependentAssembly/></dependency>" TAIL,
        HEAD "<trustInfo><security><requestedPrivileges><requestedExecutionLevel level=\"x\"/>"
             "</requestedPrivileges></security></trustInfo>" TAIL,
    };
    static const char *const Elsewhere[] = {
        HEAD IDENTITY(".") TAIL,
        HEAD IDENTITY("..") TAIL,
        HEAD IDENTITY(".. ") TAIL,
        HEAD
        "<assemblyIdentity type=\"win32\" name=\"a\" version=\"1.0.0.0\" language=\"..\"/>" TAIL,
    };

    for (ULONG i = 0; i < ARRAYSIZE(Bad); i++) {
        if (StatusOf(Bad[i]) != STATUS_SXS_MANIFEST_FORMAT_ERROR)
            FAIL("%s: %x", Bad[i], StatusOf(Bad[i]));
    }
    CHECK_EQUAL(StatusOf(HEAD "<assemblyIdentity type=\"win32\" name=\"a\" version=\"1.0\"/>" TAIL),
                STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_VALUE);
    CHECK_EQUAL(
        StatusOf(HEAD "<assemblyIdentity type=\"win32\" name=\"a\\b\" version=\"1.0.0.0\"/>" TAIL),
        STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_VALUE);
    for (ULONG i = 0; i < ARRAYSIZE(Elsewhere); i++)
        CHECK_EQUAL(StatusOf(Elsewhere[i]), STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_VALUE);
    CHECK_EQUAL(StatusOf(HEAD TAIL), STATUS_SUCCESS);
    CHECK_EQUAL(StatusOf("\xef\xbb\xbf<?xml version='1.0'?>\r\n" HEAD
                         "<!-- a --><later a='b'>c<d/></later>" TAIL "\n"),
                STATUS_SUCCESS);
}

TEST(utf16_is_read_in_both_orders)
{
    static const WCHAR Text[] =
        u"\ufeff<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'/>";
    UCHAR Swapped[sizeof(Text)];
    PACTIVATION_CONTEXT_DATA Data;

    for (ULONG i = 0; i < sizeof(Text) - 2; i++)
        Swapped[i ^ 1] = ((const UCHAR *)Text)[i];
    for (ULONG Skip = 0; Skip <= 2; Skip += 2) {
        CHECK_EQUAL(MakeTestData((const UCHAR *)Text + Skip, sizeof(Text) - 2 - Skip, &Data),
                    STATUS_SUCCESS);
        RtlFreeHeap(NULL, 0, Data);
        CHECK_EQUAL(MakeTestData(Swapped + Skip, sizeof(Text) - 2 - Skip, &Data), STATUS_SUCCESS);
        RtlFreeHeap(NULL, 0, Data);
    }
    CHECK_EQUAL(MakeTestData(Text, sizeof(Text) - 3, &Data), STATUS_SXS_MANIFEST_PARSE_ERROR);
}

TEST(dependencies_are_found_beside_the_program)
{
    static const typeof(*TestFiles) Files[] = {
        {u"C:\\app\\lib.manifest", HEAD IDENTITY("lib") NEEDS("deep", "1.0.0.0") TAIL},
        {u"C:\\app\\deep\\deep.dll", HEAD IDENTITY("deep") NEEDS("lib", "1.2.0.0") TAIL},
    };

    TestFiles = Files;
    TestFileCount = ARRAYSIZE(Files);
    CHECK_EQUAL(StatusOf(HEAD NEEDS("none", "1.0.0.0") TAIL), STATUS_SXS_ASSEMBLY_NOT_FOUND);
    CHECK_EQUAL(StatusOf(HEAD NEEDS("lib", "1.2.3.4") TAIL), STATUS_SXS_ASSEMBLY_NOT_FOUND);
    CHECK_EQUAL(StatusOf(HEAD NEEDS("Microsoft.Windows.Common-Controls", "6.0.0.0") TAIL),
                STATUS_SUCCESS);
    CHECK_EQUAL(StatusOf(HEAD "<dependency optional='yes'><dependentAssembly><assemblyIdentity "
                              "type='win32' name='none' version='1.0.0.0'/></dependentAssembly>"
                              "</dependency>" TAIL),
                STATUS_SUCCESS);
    TestFileCount = 0;
}

TEST(references_are_read)
{
    static const struct {
        UNICODE_STRING Text;
        NTSTATUS Status;
    } References[] = {
        {RTL_CONSTANT_STRING(u"a,version=\"1.2.3.4\""), STATUS_SUCCESS},
        {RTL_CONSTANT_STRING(u"a,type=win32,version=1.2.3.4,language=\"*\""), STATUS_SUCCESS},
        {RTL_CONSTANT_STRING(u"a"), STATUS_SXS_IDENTITY_PARSE_ERROR},
        {RTL_CONSTANT_STRING(u""), STATUS_SXS_IDENTITY_PARSE_ERROR},
        {RTL_CONSTANT_STRING(u"a,version=\"1.2.3.4\"x"), STATUS_SXS_IDENTITY_PARSE_ERROR},
        {RTL_CONSTANT_STRING(u"a,version=1.2.3.4,version=1.2.3.4"),
         STATUS_SXS_IDENTITY_DUPLICATE_ATTRIBUTE},
        {RTL_CONSTANT_STRING(u"a,colour=1"), STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_NAME},
        {RTL_CONSTANT_STRING(u"a,version=1"), STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_VALUE},
        {RTL_CONSTANT_STRING(u"a/b,version=1.2.3.4"), STATUS_SXS_INVALID_IDENTITY_ATTRIBUTE_VALUE},
    };
    SXSP_IDENTITY Identity;

    for (ULONG i = 0; i < ARRAYSIZE(References); i++)
        CHECK_EQUAL(SxspParseReference(&References[i].Text, &Identity), References[i].Status);
    SxspParseReference(&References[1].Text, &Identity);
    CHECK(Is(&Identity.Type, u"win32") && Is(&Identity.Language, u"*") && Identity.Version[3] == 4);
}

TEST(everything_is_found_again)
{
    static const GUID Class = {
        0x11111111, 0x2222, 0x3333, {0x44, 0x44, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55}};
    static const UNICODE_STRING File = RTL_CONSTANT_STRING(u"A.DLL");
    static const UNICODE_STRING Button = RTL_CONSTANT_STRING(u"button");
    static const UNICODE_STRING ProgId = RTL_CONSTANT_STRING(u"a.b");
    HANDLE Context = ContextOf(
        HEAD IDENTITY("app") "<file name='b.dll' loadFrom='C:\\x\\'/><file name='a.dll'>"
                             "<windowClass>Button</windowClass>"
                             "<comClass clsid='" CLASS "' threadingModel='Both' progid='a.b'/>"
                             "</file>" TAIL);
    const ACTIVATION_CONTEXT_DATA_WINDOW_CLASS_REDIRECTION *Window;
    const ACTIVATION_CONTEXT_DATA_COM_SERVER_REDIRECTION *Server, *Again;
    const ACTIVATION_CONTEXT_DATA_COM_PROGID_REDIRECTION *Redirection;
    const GUID *Configured;
    const ACTIVATION_CONTEXT_DATA *Data;
    UNICODE_STRING Path;
    ULONG_PTR Cookie;
    SXSP_FOUND Found;

    REQUIRE(Context);
    CHECK_EQUAL(SxspDataOf(Context, &Data), STATUS_SUCCESS);
    CHECK_EQUAL(SxspFindText(Data, 2, &File, &Found), STATUS_SUCCESS);
    CHECK_EQUAL(Found.RosterIndex, 1);
    CHECK_EQUAL(SxspFindText(Data, 3, &Button, &Found), STATUS_SUCCESS);
    Window = Found.Data;
    Path = (UNICODE_STRING){(USHORT)Window->VersionSpecificClassNameLength, 0,
                            (PWSTR)((PUCHAR)Window + Window->VersionSpecificClassNameOffset)};
    CHECK(Is(&Path, u"1.2.3.4!Button"));
    Path = SxspTextOf(&Found.Section, Window->DllNameOffset, Window->DllNameLength);
    CHECK(Is(&Path, u"a.dll"));
    CHECK_EQUAL(SxspFindGuid(Data, 4, &Class, &Found), STATUS_SUCCESS);
    Server = Found.Data;
    CHECK_EQUAL(Server->ThreadingModel, 4);
    CHECK_EQUAL(SxspFindText(Data, 7, &ProgId, &Found), STATUS_SUCCESS);
    Redirection = Found.Data;
    Configured = SxspInSection(&Found.Section, Redirection->ConfiguredClsidOffset, sizeof(GUID));
    REQUIRE(Configured);
    CHECK(!memcmp(Configured, &Server->ConfiguredClsid, sizeof(GUID)));
    CHECK_EQUAL(SxspFindGuid(Data, 4, Configured, &Found), STATUS_SUCCESS);
    Again = Found.Data;
    CHECK(!memcmp(&Again->ReferenceClsid, &Class, sizeof(GUID)));
    CHECK_EQUAL(SxspFindText(Data, 4, &ProgId, &Found), STATUS_SXS_WRONG_SECTION_TYPE);
    CHECK_EQUAL(SxspRedirect(&File, &Path), STATUS_SXS_KEY_NOT_FOUND);
    CHECK_EQUAL(RtlActivateActivationContext(0, Context, &Cookie), STATUS_SUCCESS);
    CHECK_EQUAL(SxspRedirect(&File, &Path), STATUS_SUCCESS);
    CHECK(Is(&Path, u"C:\\app\\A.DLL"));
    RtlFreeHeap(NULL, 0, Path.Buffer);
    CHECK_EQUAL(SxspRedirect(&(UNICODE_STRING)RTL_CONSTANT_STRING(u"b.dll"), &Path),
                STATUS_SUCCESS);
    CHECK(Is(&Path, u"C:\\x\\b.dll"));
    RtlFreeHeap(NULL, 0, Path.Buffer);
    RtlDeactivateActivationContext(0, Cookie);
    RtlReleaseActivationContext(Context);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(settings_have_name_spaces)
{
    HANDLE Context =
        ContextOf(HEAD "<application xmlns='urn:schemas-microsoft-com:asm.v3'><windowsSettings>"
                       "<dpiAware xmlns='http://schemas.microsoft.com/SMI/2005/WindowsSettings'>"
                       "\n true </dpiAware><activeCodePage "
                       "xmlns='http://schemas.microsoft.com/SMI/2019/WindowsSettings'>UTF-8"
                       "</activeCodePage></windowsSettings></application>" TAIL);
    PCWSTR In2019 = u"http://schemas.microsoft.com/SMI/2019/WindowsSettings";
    WCHAR Value[16];
    SIZE_T Length;

    REQUIRE(Context);
#define QUERY(space, name, room)                                                                   \
    RtlQueryActivationContextApplicationSettings(0, Context, space, name, Value, room, &Length)
    CHECK_EQUAL(QUERY(NULL, u"dpiAware", 16), STATUS_SUCCESS);
    CHECK(Length == 5 && !_wcsicmp(Value, u"true"));
    CHECK_EQUAL(QUERY(NULL, u"dpiAware", 4), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Length, 5);
    CHECK_EQUAL(QUERY(In2019, u"activeCodePage", 16), STATUS_SUCCESS);
    CHECK(!_wcsicmp(Value, u"UTF-8"));
    CHECK_EQUAL(QUERY(NULL, u"activeCodePage", 16), STATUS_SXS_KEY_NOT_FOUND);
    CHECK_EQUAL(QUERY(u"urn:x", u"activeCodePage", 16), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(QUERY(NULL, NULL, 16), STATUS_INVALID_PARAMETER);
    RtlReleaseActivationContext(Context);
    Context = NULL;
    CHECK_EQUAL(QUERY(NULL, u"dpiAware", 16), STATUS_SXS_KEY_NOT_FOUND);
#undef QUERY
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(contexts_tell_what_they_are)
{
    HANDLE Context = ContextOf(
        HEAD IDENTITY("app") "<file name='a.dll'/><trustInfo><security><requestedPrivileges>"
                             "<requestedExecutionLevel level='highestAvailable' uiAccess='true'/>"
                             "</requestedPrivileges></security></trustInfo>"
                             "<compatibility xmlns='urn:schemas-microsoft-com:compatibility.v1'>"
                             "<application><supportedOS Id='" CLASS "'/></application>"
                             "</compatibility>" TAIL);
    union {
        ACTIVATION_CONTEXT_DETAILED_INFORMATION Detailed;
        ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION Assembly;
        ASSEMBLY_FILE_DETAILED_INFORMATION File;
        ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION RunLevel;
        ACTIVATION_CONTEXT_COMPATIBILITY_INFORMATION Compatibility;
        UCHAR Room[512];
    } Out;
    ACTIVATION_CONTEXT_QUERY_INDEX Index = {0, 0};
    ULONG One = 1, Two = 2;
    SIZE_T Length;

    REQUIRE(Context);
#define QUERY(class, sub, length)                                                                  \
    RtlQueryInformationActivationContext(0, Context, sub, class, &Out, length, &Length)
    CHECK_EQUAL(QUERY(2, NULL, 512), STATUS_SUCCESS);
    CHECK(Out.Detailed.ulFormatVersion == 1 && Out.Detailed.ulAssemblyCount == 1);
    CHECK(!_wcsicmp(Out.Detailed.lpRootManifestPath, u"C:\\app\\app.exe"));
    CHECK(!_wcsicmp(Out.Detailed.lpAppDirPath, u"C:\\app\\"));
    CHECK_EQUAL(QUERY(2, NULL, Length - 1), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(QUERY(3, &One, 512), STATUS_SUCCESS);
    CHECK(!_wcsicmp(Out.Assembly.lpAssemblyEncodedAssemblyIdentity,
                    u"app,type=\"win32\",version=\"1.2.3.4\""));
    CHECK_EQUAL(Out.Assembly.ulFileCount, 1);
    CHECK_EQUAL(QUERY(3, &Two, 512), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(QUERY(3, NULL, 512), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(QUERY(4, &Index, 512), STATUS_SUCCESS);
    CHECK(!_wcsicmp(Out.File.lpFileName, u"a.dll"));
    Index.ulFileIndexInAssembly = 1;
    CHECK_EQUAL(QUERY(4, &Index, 512), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(QUERY(5, NULL, 512), STATUS_SUCCESS);
    CHECK(Out.RunLevel.RunLevel == 2 && Out.RunLevel.UiAccess == 1);
    CHECK_EQUAL(QUERY(6, NULL, 512), STATUS_SUCCESS);
    CHECK(Out.Compatibility.ElementCount == 1 && Out.Compatibility.Elements[0].Type == 1);
    CHECK_EQUAL(QUERY(7, NULL, 512), STATUS_INVALID_PARAMETER);
#undef QUERY
    CHECK_EQUAL(RtlQueryInformationActivationContext(0x14, NULL, NULL, 1, &Out, 512, NULL),
                STATUS_INVALID_PARAMETER);
    RtlReleaseActivationContext(Context);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(names_are_looked_up_in_what_is_active)
{
    static const UNICODE_STRING Name = RTL_CONSTANT_STRING(u"a.dll");
    HANDLE Context = ContextOf(HEAD IDENTITY("app") "<file name='a.dll'/>" TAIL);
    ACTCTX_SECTION_KEYED_DATA Data = {.cbSize = sizeof(Data)};
    ULONG_PTR Cookie;

    REQUIRE(Context);
#define FIND(flags) RtlFindActivationContextSectionString(flags, NULL, 2, &Name, &Data)
    CHECK_EQUAL(FIND(0), STATUS_SXS_KEY_NOT_FOUND);
    CHECK_EQUAL(RtlFindActivationContextSectionString(0, NULL, 99, &Name, &Data),
                STATUS_SXS_SECTION_NOT_FOUND);
    RtlActivateActivationContext(0, Context, &Cookie);
    CHECK_EQUAL(FIND(7), STATUS_SUCCESS);
    CHECK(Data.hActCtx == Context && Data.ulFlags == 1 && Data.ulAssemblyRosterIndex == 1);
    CHECK(Data.AssemblyMetadata.lpInformation && Data.ulLength == 20);
    RtlReleaseActivationContext(Data.hActCtx);
    CHECK_EQUAL(FIND(8), STATUS_INVALID_PARAMETER);
    Data.cbSize = offsetof(ACTCTX_SECTION_KEYED_DATA, ulAssemblyRosterIndex) - 1;
    CHECK_EQUAL(FIND(0), STATUS_INVALID_PARAMETER);
    RtlDeactivateActivationContext(0, Cookie);
#undef FIND
    RtlReleaseActivationContext(Context);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(stacks_unwind_in_order_unless_forced)
{
    HANDLE Context = ContextOf(HEAD TAIL), Active;
    ULONG_PTR First, Second;

    REQUIRE(Context);
    RtlActivateActivationContext(0, Context, &First);
    CHECK_EQUAL(RtlActivateActivationContext(0, NULL, &Second), STATUS_SUCCESS);
    RtlGetActiveActivationContext(&Active);
    CHECK(!Active && RtlIsActivationContextActive(Context));
    CHECK_EQUAL(RtlDeactivateActivationContext(0, First), STATUS_SXS_EARLY_DEACTIVATION);
    CHECK_EQUAL(RtlDeactivateActivationContext(0, First + 1), STATUS_SXS_INVALID_DEACTIVATION);
    CHECK_EQUAL(RtlDeactivateActivationContext(2, First), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlDeactivateActivationContext(RTL_DEACTIVATE_FORCE_EARLY, First), STATUS_SUCCESS);
    CHECK(!RtlIsActivationContextActive(Context));
    CHECK_EQUAL(RtlDeactivateActivationContext(0, Second), STATUS_SXS_INVALID_DEACTIVATION);
    CHECK_EQUAL(RtlActivateActivationContext(1, Context, &First), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlActivateActivationContext(0, INVALID_ACTIVATION_CONTEXT, &First),
                STATUS_INVALID_PARAMETER);
    OutOfMemory = TRUE;
    CHECK_EQUAL(RtlActivateActivationContext(0, Context, &First), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
    RtlActivateActivationContext(0, Context, &First);
    RtlReleaseActivationContext(Context);
    RtlGetActiveActivationContext(&Active);
    CHECK(Active == Context);
    RtlReleaseActivationContext(Active);
    RtlFreeThreadActivationContextStack();
    CHECK_EQUAL(HeapBlocks, 0);
}

static ULONG Notified;

static void NTAPI Note(ULONG Type, HANDLE Context, const ACTIVATION_CONTEXT_DATA *Data,
                       PVOID NotificationContext, PVOID NotificationData, PBOOLEAN Disable)
{
    Notified = Notified * 10 + Type;
}

TEST(data_of_others_make_contexts_too)
{
    PACTIVATION_CONTEXT_DATA Data;
    HANDLE Context;

    CHECK_EQUAL(MakeTestData(HEAD TAIL, strlen(HEAD TAIL), &Data), STATUS_SUCCESS);
    CHECK_EQUAL(SxspCreateFromData(1, Data, 0, Note, NULL, &Context), STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(SxspCreateFromData(0, NULL, 0, Note, NULL, &Context), STATUS_INVALID_PARAMETER_2);
    CHECK_EQUAL(SxspCreateFromData(0, Data, 0, Note, NULL, NULL), STATUS_INVALID_PARAMETER_6);
    CHECK_EQUAL(SxspCreateFromData(0, Data, 0, Note, NULL, &Context), STATUS_SUCCESS);
    CHECK_EQUAL(RtlZombifyActivationContext(Context), STATUS_SUCCESS);
    CHECK_EQUAL(RtlZombifyActivationContext(Context), STATUS_SUCCESS);
    RtlReleaseActivationContext(Context);
    CHECK_EQUAL(Notified, 21);
    CHECK_EQUAL(RtlZombifyActivationContext(NULL), STATUS_INVALID_PARAMETER);
    Data->Magic++;
    CHECK_EQUAL(SxspCreateFromData(0, Data, 0, Note, NULL, &Context),
                STATUS_SXS_INVALID_ACTCTXDATA_FORMAT);
    RtlFreeHeap(NULL, 0, Data);
    RtlReleaseActivationContext(NULL);
    RtlReleaseActivationContext(INVALID_ACTIVATION_CONTEXT);
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(running_out_leaves_nothing)
{
    PACTIVATION_CONTEXT_DATA Data;

    OutOfMemory = TRUE;
    CHECK_EQUAL(MakeTestData(HEAD TAIL, strlen(HEAD TAIL), &Data), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
    CHECK_EQUAL(HeapBlocks, 0);
}
