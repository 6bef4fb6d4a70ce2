/* SPDX-License-Identifier: BSD-2-Clause */
/* Activation contexts: manifests of files and images, side-by-side assemblies, the process's own
 * context. The files in tests\sxs are tools/generate/mkimages.py's. */
#include "tap.h"

#define FOLDER u"C:\\windows\\tests\\sxs\\"
#define PROGRAMS u"\\SystemRoot\\tests\\sxs\\"
#define CONSTANT 0x600d /* what Check of sxslib.dll returns */

static const UNICODE_STRING Library = RTL_CONSTANT_STRING(u"sxslib.dll");

/* As Wine's kernelbase calls it. The compiler must not know which routine it is: it would complete
 * the arguments. */
static NTSTATUS Create(const ACTCTXW *Source, PHANDLE Context)
{
    PRTL_CREATE_ACTIVATION_CONTEXT_OF_SOURCE volatile Routine =
        (PRTL_CREATE_ACTIVATION_CONTEXT_OF_SOURCE)(PVOID)RtlCreateActivationContext;

    return Routine(Context, Source);
}

static NTSTATUS CreateFromFile(PCWSTR Path, PHANDLE Context)
{
    ACTCTXW Source = {.cbSize = sizeof(Source), .lpSource = Path};

    return Create(&Source, Context);
}

static NTSTATUS CreateFromResource(PCWSTR Path, ULONG Number, PHANDLE Context)
{
    ACTCTXW Source = {.cbSize = sizeof(Source),
                      .dwFlags = ACTCTX_FLAG_RESOURCE_NAME_VALID,
                      .lpSource = Path,
                      .lpResourceName = (PCWSTR)(ULONG_PTR)Number};

    return Create(&Source, Context);
}

static void TestSources(void)
{
    ACTCTXW Source = {.cbSize = sizeof(Source) - 1, .lpSource = FOLDER u"app.manifest"};
    HANDLE Context = NULL;

    ok_status(Create(&Source, &Context), STATUS_INVALID_PARAMETER, "a short structure");
    ok(Context == INVALID_ACTIVATION_CONTEXT, "makes no context");
    Source.cbSize++;
    Source.dwFlags = 0x100;
    ok_status(Create(&Source, &Context), STATUS_INVALID_PARAMETER, "an unknown flag");
    Source.dwFlags = ACTCTX_FLAG_RESOURCE_NAME_VALID;
    ok_status(Create(&Source, &Context), STATUS_INVALID_PARAMETER, "a resource without a name");
    ok_status(Create(NULL, &Context), STATUS_INVALID_PARAMETER, "nothing");
    ok_status(CreateFromFile(FOLDER u"nowhere.manifest", &Context), STATUS_OBJECT_NAME_NOT_FOUND,
              "a file that there is not");
    ok_status(CreateFromFile(FOLDER u"bad.manifest", &Context), STATUS_SXS_CANT_GEN_ACTCTX,
              "a manifest that is no XML");
    ok_status(CreateFromFile(FOLDER u"alone.manifest", &Context), STATUS_SXS_CANT_GEN_ACTCTX,
              "an assembly that there is not");
    ok_status(CreateFromFile(FOLDER u"inside.exe", &Context), STATUS_SXS_CANT_GEN_ACTCTX,
              "an image as a manifest");
    ok_status(CreateFromResource(FOLDER u"inside.exe", 2, &Context), STATUS_RESOURCE_NAME_NOT_FOUND,
              "another resource of it");
    ok_status(CreateFromResource(FOLDER u"without.exe", 1, &Context),
              STATUS_RESOURCE_DATA_NOT_FOUND, "an image without resources");
    if (ok_status(CreateFromResource(FOLDER u"inside.exe", 1, &Context), STATUS_SUCCESS,
                  "the image's manifest"))
        RtlReleaseActivationContext(Context);
    Source.dwFlags = ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID;
    Source.lpSource = u"app.manifest";
    Source.lpAssemblyDirectory = u"C:\\windows\\tests\\sxs";
    if (ok_status(Create(&Source, &Context), STATUS_SUCCESS, "a path in a directory"))
        RtlReleaseActivationContext(Context);
    Source.dwFlags = ACTCTX_FLAG_SOURCE_IS_ASSEMBLYREF;
    ok_status(Create(&Source, &Context), STATUS_SXS_CANT_GEN_ACTCTX, "no reference");
    Source.lpSource =
        u"SxsShared,publicKeyToken=\"0123456789abcdef\",type=\"win32\",version=\"1.0.0.0\"";
    if (ok_status(Create(&Source, &Context), STATUS_SUCCESS, "a reference"))
        RtlReleaseActivationContext(Context);
    Source.lpSource = u"SxsShared,publicKeyToken=\"0123456789abcdef\",version=\"2.0.0.0\"";
    ok_status(Create(&Source, &Context), STATUS_SXS_CANT_GEN_ACTCTX, "to what there is not");
}

static void TestQueries(HANDLE Context)
{
    union {
        ACTIVATION_CONTEXT_DETAILED_INFORMATION Detailed;
        ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION Assembly;
        UCHAR Room[1024];
    } Out;
    WCHAR Value[8];
    ULONG Two = 2;
    SIZE_T Length;

    ok_status(RtlQueryInformationActivationContext(0, Context, NULL,
                                                   ActivationContextDetailedInformation, &Out,
                                                   sizeof(Out), &Length),
              STATUS_SUCCESS, "what a context is");
    ok(Out.Detailed.ulAssemblyCount == 2 &&
           _wcsicmp(Out.Detailed.lpRootManifestPath, FOLDER u"app.manifest") == 0,
       "two assemblies, and where it is from");
    ok_status(RtlQueryInformationActivationContext(0, Context, &Two,
                                                   AssemblyDetailedInformationInActivationContext,
                                                   &Out, sizeof(Out), &Length),
              STATUS_SUCCESS, "its second assembly");
    ok(_wcsicmp(Out.Assembly.lpAssemblyManifestPath, FOLDER u"SxsLib\\SxsLib.manifest") == 0,
       "is in a directory of its name");
    ok(Out.Assembly.liManifestLastWriteTime.QuadPart != 0, "with a time");
    ok_status(RtlQueryActivationContextApplicationSettings(0, Context, NULL, u"dpiAware", Value, 8,
                                                           &Length),
              STATUS_SUCCESS, "a setting");
    ok(Length == 5 && _wcsicmp(Value, u"true") == 0, "is what the manifest says");
    ok_status(
        RtlQueryActivationContextApplicationSettings(0, NULL, NULL, u"dpiAware", Value, 8, &Length),
        STATUS_SXS_KEY_NOT_FOUND, "not of this program");
}

static void TestFinding(HANDLE Context)
{
    UNICODE_STRING Class = RTL_CONSTANT_STRING(u"SXSCLASS");
    ACTCTX_SECTION_KEYED_DATA Data = {.cbSize = sizeof(Data)};
    ULONG_PTR Cookie;

    ok_status(RtlFindActivationContextSectionString(
                  0, NULL, ACTIVATION_CONTEXT_SECTION_WINDOW_CLASS_REDIRECTION, &Class, &Data),
              STATUS_SXS_KEY_NOT_FOUND, "a class of no active context");
    ok_status(RtlActivateActivationContext(0, Context, &Cookie), STATUS_SUCCESS, "activate it");
    ok_status(RtlFindActivationContextSectionString(
                  FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX, NULL,
                  ACTIVATION_CONTEXT_SECTION_WINDOW_CLASS_REDIRECTION, &Class, &Data),
              STATUS_SUCCESS, "the class");
    ok(Data.hActCtx == Context && Data.ulAssemblyRosterIndex == 2, "is of the second assembly");
    RtlReleaseActivationContext(Data.hActCtx);
    ok_status(RtlDeactivateActivationContext(0, Cookie), STATUS_SUCCESS, "and not active");
}

/* Of three versions in the store the newest that agrees. */
static void TestStore(void)
{
    ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION *Assembly;
    ULONGLONG Room[128];
    ULONG Two = 2;
    HANDLE Context;

    if (!ok_status(CreateFromResource(FOLDER u"shared.exe", 1, &Context), STATUS_SUCCESS,
                   "a context with a shared assembly"))
        return;
    Assembly = (PVOID)Room;
    ok_status(RtlQueryInformationActivationContext(0, Context, &Two,
                                                   AssemblyDetailedInformationInActivationContext,
                                                   Room, sizeof(Room), NULL),
              STATUS_SUCCESS, "the assembly");
    ok(Assembly->lpAssemblyDirectoryName && wcsstr(Assembly->lpAssemblyDirectoryName, u"_1.0.7.0_"),
       "is the newest of its version");
    ok(!(Assembly->ulFlags & ACTIVATION_CONTEXT_DATA_ASSEMBLY_INFORMATION_PRIVATE_ASSEMBLY),
       "and not private");
    RtlReleaseActivationContext(Context);
}

/* A DLL that is there already is nobody's by redirection. */
static void TestLoadedBefore(HANDLE Context)
{
    static const UNICODE_STRING Path = RTL_CONSTANT_STRING(FOLDER u"SxsLib\\sxslib.dll");
    PVOID Handle, Again, Found;
    ULONG_PTR Cookie;

    if (!ok_status(LdrLoadDll(NULL, NULL, &Path, &Handle), STATUS_SUCCESS, "the DLL by its path"))
        return;
    RtlActivateActivationContext(0, Context, &Cookie);
    ok_status(LdrLoadDll(NULL, NULL, &Library, &Again), STATUS_SUCCESS, "then in the context");
    RtlDeactivateActivationContext(0, Cookie);
    ok(Again == Handle, "is the same");
    ok_status(LdrGetDllHandle(NULL, NULL, &Library, &Found), STATUS_SUCCESS,
              "it is still found by its name");
    LdrUnloadDll(Again);
    LdrUnloadDll(Handle);
}

static void TestLoading(HANDLE Context)
{
    PVOID Handle, Again;
    ULONG_PTR Cookie;

    ok_status(LdrLoadDll(NULL, NULL, &Library, &Handle), STATUS_DLL_NOT_FOUND,
              "a DLL in a directory of an assembly");
    RtlActivateActivationContext(0, Context, &Cookie);
    if (ok_status(LdrLoadDll(NULL, NULL, &Library, &Handle), STATUS_SUCCESS,
                  "is found in its context")) {
        ok_status(LdrGetDllHandle(NULL, NULL, &Library, &Again), STATUS_SUCCESS, "by its name");
        ok(Again == Handle, "it is that");
        RtlDeactivateActivationContext(0, Cookie);
        ok_status(LdrGetDllHandle(NULL, NULL, &Library, &Again), STATUS_DLL_NOT_FOUND,
                  "outside of the context not");
        ok_status(LdrUnloadDll(Handle), STATUS_SUCCESS, "unload it");
    } else {
        RtlDeactivateActivationContext(0, Cookie);
    }
}

/* Where the program's own context is to be: only Win32's programs have one. */
static void TestPrograms(void)
{
    ok(!NtCurrentPeb()->ActivationContextData, "a native program has no context");
    ok_status(RunProgram(PROGRAMS u"inside.exe", u"inside", 30), CONSTANT,
              "a program with a manifest inside");
    ok_status(RunProgram(PROGRAMS u"beside.exe", u"beside", 30), CONSTANT, "beside it");
    ok_status(RunProgram(PROGRAMS u"without.exe", u"without", 30), STATUS_DLL_NOT_FOUND,
              "without one");
    ok_status(RunProgram(PROGRAMS u"alone.exe", u"alone", 30), STATUS_SXS_CANT_GEN_ACTCTX,
              "with one that asks for what there is not");
    ok_status(RunProgram(PROGRAMS u"shared.exe", u"shared", 30), CONSTANT,
              "with one that asks for a shared assembly");
    ok_status(RunProgram(PROGRAMS u"tooold.exe", u"tooold", 30), STATUS_SXS_CANT_GEN_ACTCTX,
              "of which all are too old");
    ok_status(RunProgram(PROGRAMS u"isolates.exe", u"isolates", 30), CONSTANT,
              "a DLL with a manifest of its own");
}

static void NTAPI Note(ULONG Type, HANDLE Context, const ACTIVATION_CONTEXT_DATA *Data,
                       PVOID NotificationContext, PVOID NotificationData, PBOOLEAN Disable)
{
    *(PULONG)NotificationContext = *(PULONG)NotificationContext * 10 + Type;
}

/* Windows' form, with six arguments. */
static void TestData(void)
{
    ACTIVATION_CONTEXT_DATA Data = {.Magic = ACTIVATION_CONTEXT_DATA_MAGIC,
                                    .HeaderSize = sizeof(Data),
                                    .FormatVersion = ACTIVATION_CONTEXT_DATA_FORMAT_WHISTLER,
                                    .TotalSize = sizeof(Data)};
    ULONG Notes = 0;
    HANDLE Context;

    ok_status(RtlCreateActivationContext(1, &Data, 0, Note, &Notes, &Context),
              STATUS_INVALID_PARAMETER_1, "flags");
    ok_status(RtlCreateActivationContext(0, NULL, 0, Note, &Notes, &Context),
              STATUS_INVALID_PARAMETER_2, "no data");
    if (ok_status(RtlCreateActivationContext(0, &Data, 0, Note, &Notes, &Context), STATUS_SUCCESS,
                  "a context of data")) {
        ok_status(RtlZombifyActivationContext(Context), STATUS_SUCCESS, "its end is announced");
        RtlReleaseActivationContext(Context);
        ok(Notes == 21, "and comes");
    }
    Data.FormatVersion++;
    ok_status(RtlCreateActivationContext(0, &Data, 0, Note, &Notes, &Context),
              STATUS_SXS_INVALID_ACTCTXDATA_FORMAT, "data of another format");
}

void TestSxs(void)
{
    HANDLE Context;

    TestSources();
    TestData();
    if (ok_status(CreateFromFile(FOLDER u"app.manifest", &Context), STATUS_SUCCESS,
                  "a context of a file")) {
        TestQueries(Context);
        TestFinding(Context);
        TestLoading(Context);
        TestLoadedBefore(Context);
        RtlReleaseActivationContext(Context);
    }
    TestStore();
    TestPrograms();
}
