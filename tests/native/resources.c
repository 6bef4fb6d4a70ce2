/* SPDX-License-Identifier: BSD-2-Clause */
/* Resources and message tables of modules and of files that are mapped for their data. The images
 * are mkimages.py's. */
#include "tap.h"

#define FOLDER u"C:\\windows\\tests\\pe"
#define NAME(text) ((ULONG_PTR)(text))
#define RCDATA 10
#define MESSAGE_TABLE 11
#define GERMAN 0x407
#define GERMAN_NEUTRAL 7
#define SWISS_GERMAN 0x807
#define ENGLISH 0x409
#define BRITISH 0x809
#define FRENCH 0x40c
#define JAPANESE 0x411

static PVOID Dll;

static NTSTATUS Load(PCWSTR Text, ULONG Flags, PVOID *Base)
{
    UNICODE_STRING Name;

    *Base = NULL;
    RtlInitUnicodeString(&Name, Text);
    return LdrLoadDll(FOLDER, (PULONG)(ULONG_PTR)Flags, &Name, Base);
}

static NTSTATUS Find(ULONG_PTR Type, ULONG_PTR Name, ULONG_PTR Language)
{
    ULONG_PTR Path[3] = {Type, Name, Language};
    PIMAGE_RESOURCE_DATA_ENTRY Entry;

    return LdrFindResource_U(Dll, Path, 3, &Entry);
}

/* Whether that is what the resource holds. */
static BOOLEAN Holds(ULONG_PTR Type, ULONG_PTR Name, ULONG_PTR Language, const char *Text)
{
    ULONG_PTR Path[3] = {Type, Name, Language};
    PIMAGE_RESOURCE_DATA_ENTRY Entry;
    PVOID Data;
    ULONG Length;

    return NT_SUCCESS(LdrFindResource_U(Dll, Path, 3, &Entry)) &&
           NT_SUCCESS(LdrAccessResource(Dll, Entry, &Data, &Length)) && Length == strlen(Text) &&
           memcmp(Data, Text, Length) == 0;
}

static void TestFinding(void)
{
    ok(Holds(RCDATA, 1, ENGLISH, "english"), "by numbers");
    ok(Holds(RCDATA, 1, GERMAN, "deutsch"), "in another language");
    ok(Holds(NAME(u"KIND"), 7, ENGLISH, "by a string"), "a type with a name");
    ok(Holds(NAME(u"kind"), 7, ENGLISH, "by a string"), "in small letters");
    ok(Holds(RCDATA, NAME(u"NAMED"), 0, "neutral"), "a resource with a name");
    ok_status(Find(9, 1, ENGLISH), STATUS_RESOURCE_TYPE_NOT_FOUND, "a type that is not there");
    ok_status(Find(NAME(u"KIN"), 7, ENGLISH), STATUS_RESOURCE_TYPE_NOT_FOUND,
              "the beginning of a type's name");
    ok_status(Find(RCDATA, 9, ENGLISH), STATUS_RESOURCE_NAME_NOT_FOUND, "a name that is not there");
    ok_status(Find(RCDATA, NAME(u"NAMED2"), ENGLISH), STATUS_RESOURCE_NAME_NOT_FOUND,
              "a longer name");
    ok_status(Find(RCDATA, 1, JAPANESE), STATUS_RESOURCE_LANG_NOT_FOUND,
              "a language that is not there");
}

static void TestLanguages(void)
{
    ok(Holds(RCDATA, 2, GERMAN, "german"), "a country's language in place of the neutral one");
    ok(Holds(RCDATA, 2, SWISS_GERMAN, "german"), "another's");
    ok_status(Find(RCDATA, 1, SWISS_GERMAN), STATUS_RESOURCE_LANG_NOT_FOUND,
              "but not another country's");
    ok(Holds(RCDATA, NAME(u"NAMED"), FRENCH, "neutral"), "what is for all languages");
    ok(Holds(RCDATA, 1, 0, "english"), "any language: English");
    ok(Holds(RCDATA, 3, 0, "only"), "any language: what there is");
    ok_status(Find(RCDATA, 3, BRITISH), STATUS_RESOURCE_LANG_NOT_FOUND,
              "one language: not what there is");
}

static void TestDirectories(void)
{
    ULONG_PTR Path[4] = {RCDATA, 1, ENGLISH, 0};
    PIMAGE_RESOURCE_DIRECTORY Directory;
    PIMAGE_RESOURCE_DATA_ENTRY Entry;

    ok_status(LdrFindResourceDirectory_U(Dll, NULL, 0, &Directory), STATUS_SUCCESS, "the root");
    ok(Directory->NumberOfNamedEntries == 1 && Directory->NumberOfIdEntries == 2, "three types");
    ok_status(LdrFindResourceDirectory_U(Dll, Path, 1, &Directory), STATUS_SUCCESS,
              "a type's directory");
    ok(Directory->NumberOfNamedEntries == 1 && Directory->NumberOfIdEntries == 3, "four names");
    ok_status(LdrFindResourceDirectory_U(Dll, Path, 2, &Directory), STATUS_SUCCESS,
              "a name's directory");
    ok(Directory->NumberOfIdEntries == 2, "two languages");
    ok_status(LdrFindResourceDirectory_U(Dll, Path, 3, &Directory), STATUS_RESOURCE_DATA_NOT_FOUND,
              "a language has no directory");
    ok_status(LdrFindResource_U(Dll, Path, 2, &Entry), STATUS_RESOURCE_DATA_NOT_FOUND,
              "a name has no data");
    ok_status(LdrFindResource_U(Dll, Path, 4, &Entry), STATUS_INVALID_PARAMETER, "four levels");
    ok_status(LdrFindResourceDirectory_U(NtCurrentPeb()->ImageBaseAddress, Path, 1, &Directory),
              STATUS_RESOURCE_DATA_NOT_FOUND, "an image without resources");
    ok_status(LdrFindResourceDirectory_U(NULL, Path, 1, &Directory), STATUS_RESOURCE_DATA_NOT_FOUND,
              "NULL is the program");
}

static void TestEnumeration(void)
{
    LDR_ENUM_RESOURCE_ENTRY Entries[10];
    ULONG_PTR Path[3] = {RCDATA, 2, GERMAN_NEUTRAL};
    ULONG Count = 0;

    ok_status(LdrEnumResources(Dll, Path, 0, &Count, NULL), STATUS_SUCCESS, "count resources");
    ok(Count == 8, "all of them");
    Count = ARRAYSIZE(Entries);
    ok_status(LdrEnumResources(Dll, Path, 1, &Count, Entries), STATUS_SUCCESS,
              "list those of a type");
    ok(Count == 6 && Entries[5].Path[0] == RCDATA && Entries[5].Path[1] == 3 &&
           Entries[5].Path[2] == JAPANESE && Entries[5].Size == 4 &&
           memcmp(Entries[5].Data, "only", 4) == 0,
       "the last one");
    ok(*(PUSHORT)Entries[0].Path[1] == 5, "the first one's name has five characters");
    Count = ARRAYSIZE(Entries);
    ok(NT_SUCCESS(LdrEnumResources(Dll, Path, 3, &Count, Entries)) && Count == 1, "one alone");
    Count = 1;
    ok_status(LdrEnumResources(Dll, Path, 2, &Count, Entries), STATUS_INFO_LENGTH_MISMATCH,
              "more than there is room for");
    ok(Count == 2, "how many");
    ok_status(LdrEnumResources(Dll, Path, 4, &Count, Entries), STATUS_INVALID_PARAMETER,
              "four levels to list");
}

static void TestMessages(void)
{
    PMESSAGE_RESOURCE_ENTRY Entry;

    ok_status(RtlFindMessage(Dll, MESSAGE_TABLE, 0, 2, &Entry), STATUS_SUCCESS, "a message");
    ok(Entry->Flags == 0 && strcmp((PCHAR)Entry->Text, "two") == 0, "its text");
    ok_status(RtlFindMessage(Dll, MESSAGE_TABLE, ENGLISH, 0x40000010, &Entry), STATUS_SUCCESS,
              "one of another block");
    ok(Entry->Flags == 1 && wcscmp((PCWSTR)Entry->Text, u"wide") == 0, "in UTF-16");
    ok_status(RtlFindMessage(Dll, MESSAGE_TABLE, 0, 3, &Entry), STATUS_MESSAGE_NOT_FOUND,
              "a number that is not there");
    ok_status(RtlFindMessage(Dll, 12, 0, 1, &Entry), STATUS_RESOURCE_TYPE_NOT_FOUND,
              "a type that is not there");
    ok_status(RtlFindMessage(Dll, MESSAGE_TABLE, JAPANESE, 1, &Entry),
              STATUS_RESOURCE_LANG_NOT_FOUND, "a language that is not there");
}

static void TestDataFiles(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"resource.dll");
    PVOID Module;

    if (ok_status(Load(u"resource.dll", LOAD_LIBRARY_AS_DATAFILE, &Dll), STATUS_SUCCESS,
                  "map a file for its data")) {
        ok(((ULONG_PTR)Dll & 3) == 1, "its handle is marked");
        ok_status(LdrGetDllHandle(NULL, NULL, &Name, &Module), STATUS_DLL_NOT_FOUND,
                  "it is no module");
        ok(Holds(RCDATA, 1, ENGLISH, "english") && Holds(NAME(u"KIND"), 7, 0, "by a string"),
           "its resources");
        ok_status(LdrUnloadDll(Dll), STATUS_SUCCESS, "unmap it");
        ok_status(LdrUnloadDll(Dll), STATUS_DLL_NOT_FOUND, "once only");
    }
    if (ok_status(Load(u"resource.dll", LOAD_LIBRARY_AS_IMAGE_RESOURCE, &Dll), STATUS_SUCCESS,
                  "map it as an image")) {
        ok(((ULONG_PTR)Dll & 3) == 2, "its handle is marked otherwise");
        ok(Holds(RCDATA, 1, GERMAN, "deutsch"), "its resources are there, too");
        ok_status(LdrUnloadDll(Dll), STATUS_SUCCESS, "unmap the image");
    }
    ok_status(Load(u"none.dll", LOAD_LIBRARY_AS_DATAFILE, &Dll), STATUS_DLL_NOT_FOUND,
              "a file that is not there");
    ok_status(Load(u"C:\\windows\\readme.txt", LOAD_LIBRARY_AS_DATAFILE, &Dll),
              STATUS_INVALID_IMAGE_FORMAT, "a file that is no image");
}

static void TestHostileResources(void)
{
    PMESSAGE_RESOURCE_ENTRY Message;
    PIMAGE_RESOURCE_DATA_ENTRY Entry;
    ULONG_PTR Path[3] = {5, 1, 1};
    PVOID Data;
    ULONG Count = 0;

    if (!ok_status(Load(u"badres.dll", 0, &Dll), STATUS_SUCCESS, "a damaged tree"))
        return;
    ok_status(Find(1, 1, 1), STATUS_RESOURCE_DATA_NOT_FOUND, "a circle");
    ok_status(Find(NAME(u"X"), 1, 1), STATUS_RESOURCE_TYPE_NOT_FOUND, "a name that is outside");
    ok_status(Find(2, 1, 1), STATUS_RESOURCE_NAME_NOT_FOUND, "data where a directory should be");
    ok_status(Find(3, 1, 1), STATUS_RESOURCE_NAME_NOT_FOUND, "a directory that is outside");
    ok_status(Find(4, 1, 1), STATUS_RESOURCE_NAME_NOT_FOUND, "more entries than there is room");
    ok_status(LdrFindResource_U(Dll, Path, 1, &Entry), STATUS_SUCCESS, "an entry");
    ok_status(LdrAccessResource(Dll, Entry, &Data, NULL), STATUS_RESOURCE_DATA_NOT_FOUND,
              "whose data is outside");
    ok_status(LdrEnumResources(Dll, NULL, 0, &Count, NULL), STATUS_SUCCESS, "listing it ends");
    LdrUnloadDll(Dll);
    if (!ok_status(Load(u"badmsg.dll", 0, &Dll), STATUS_SUCCESS, "damaged message tables"))
        return;
    for (ULONG i = 0; i < 5; i++)
        ok_status(RtlFindMessage(Dll, MESSAGE_TABLE, 0x400 + i, 3, &Message),
                  STATUS_MESSAGE_NOT_FOUND, "nothing is found");
    LdrUnloadDll(Dll);
}

/* ---- Satellites ---- */

static void Prefer(PCWSTR Languages)
{
    RtlSetThreadPreferredUILanguages(MUI_LANGUAGE_NAME, Languages, NULL);
}

static void TestPreferred(void)
{
    Prefer(u"de-DE\0");
    ok(Holds(RCDATA, 5, 0, "deutsch"), "the language that the thread would like, by its parent");
    ok(Holds(RCDATA, 1, 0, "neutral"), "what the module has comes first");
    Prefer(u"fr-FR\0");
    ok(Holds(RCDATA, 5, 0, "english"), "another checksum is another file's: the system's language");
    Prefer(u"it-IT\0ja-JP\0..-..\0");
    ok(Holds(RCDATA, 5, 0, "english"), "so is another language, or one without a resource MUI");
    Prefer(u"ko-KR\0nl-NL\0");
    ok(Holds(RCDATA, 5, 0, "english"), "and one whose resource MUI ends elsewhere");
    Prefer(u"sv-SE\0");
    ok(Holds(RCDATA, 5, 0, "svenska"), "a third one");
    Prefer(NULL);
    ok(Holds(RCDATA, 8, 0, "svenska"), "the module's own fallback is asked last");
    ok_status(Find(RCDATA, 9, 0), STATUS_RESOURCE_NAME_NOT_FOUND, "what is in none");
}

static void TestSatellites(void)
{
    PMESSAGE_RESOURCE_ENTRY Message;
    PVOID English, German, Again;
    SIZE_T Size = 0;

    if (!ok_status(Load(u"several.dll", 0, &Dll), STATUS_SUCCESS, "a DLL with satellites"))
        return;
    ok_status(LdrLoadAlternateResourceModule(Dll, &English, &Size, 0), STATUS_SUCCESS,
              "the satellite for me");
    ok(((ULONG_PTR)English & 1) && Size >= 0x200, "is a data file");
    ok_status(LdrLoadAlternateResourceModuleEx(Dll, GERMAN, &German, NULL, 0), STATUS_SUCCESS,
              "that for a language");
    ok(English != German &&
           NT_SUCCESS(LdrLoadAlternateResourceModuleEx(Dll, ENGLISH, &Again, NULL, 0)) &&
           Again == English,
       "each is mapped once");
    ok_status(LdrLoadAlternateResourceModuleEx(Dll, FRENCH, &Again, &Size, 0),
              STATUS_MUI_FILE_NOT_FOUND, "a file whose checksum is another");
    ok(!Again && !Size, "is none");
    ok(Holds(RCDATA, 5, ENGLISH, "english") && Holds(RCDATA, 5, GERMAN, "deutsch"),
       "resources come from the satellite of their language");
    ok(Holds(RCDATA, 6, ENGLISH, "own") && Holds(RCDATA, 6, GERMAN, "deutsch"),
       "unless the module has them");
    ok_status(Find(RCDATA, 5, JAPANESE), STATUS_RESOURCE_NAME_NOT_FOUND,
              "a language without a satellite");
    ok_status(RtlFindMessage(Dll, MESSAGE_TABLE, GERMAN, 7, &Message), STATUS_SUCCESS,
              "messages, too");
    ok(strcmp((PCHAR)Message->Text, "deutsch") == 0, "in that language");
    TestPreferred();
    ok(LdrUnloadAlternateResourceModule(Dll), "unload the satellites");
    ok_status(LdrUnloadDll((PVOID)German), STATUS_DLL_NOT_FOUND, "they are gone");
    ok(Holds(RCDATA, 5, ENGLISH, "english"), "and come again");
    LdrLoadAlternateResourceModule(Dll, &English, NULL, 0);
    ok_status(LdrUnloadDll(English), STATUS_SUCCESS, "unload one as the data file that it is");
    ok(Holds(RCDATA, 5, ENGLISH, "english"), "and it comes again, too");
    LdrLoadAlternateResourceModule(Dll, &English, NULL, 0);
    LdrUnloadDll(Dll);
    ok_status(LdrUnloadDll(English), STATUS_DLL_NOT_FOUND, "they go with their module");
}

void TestResources(void)
{
    PVOID Other;
    SIZE_T Size;

    if (!ok_status(Load(u"resource.dll", 0, &Dll), STATUS_SUCCESS, "a DLL with resources"))
        return;
    TestFinding();
    TestLanguages();
    TestDirectories();
    TestEnumeration();
    TestMessages();
    ok_status(LdrLoadAlternateResourceModule(Dll, &Other, &Size, 0), STATUS_MUI_FILE_NOT_FOUND,
              "no other languages' module");
    LdrUnloadDll(Dll);
    TestDataFiles();
    TestHostileResources();
    TestSatellites();
}
