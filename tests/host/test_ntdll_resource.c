// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/ldr/resource.c ntdll/ldr/message.c ntdll/ldr/image.c
// sources: rtl/memory.c rtl/cstring.c rtl/wstring.c rtl/ctype.c rtl/upcase.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -DDBG=1 -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"
#include "ldrp.h"

/* An image of two pages: headers, and a section .rsrc whose resources are damaged in every way. */
#define RSRC 0x1000
#define IMAGE_SIZE 0x2000
#define FILE_SIZE 0x1200 /* as a file: the section's data are at 0x1000, and end there */
#define DIRECTORY_FLAG 0x80000000u

void *aligned_alloc(__SIZE_TYPE__ alignment, __SIZE_TYPE__ size);
void free(void *memory);

typedef struct _RSRC_SECTION {
    IMAGE_RESOURCE_DIRECTORY Root;
    IMAGE_RESOURCE_DIRECTORY_ENTRY Types[2];
    IMAGE_RESOURCE_DIRECTORY Names;
    IMAGE_RESOURCE_DIRECTORY_ENTRY NameEntries[1];
    IMAGE_RESOURCE_DIRECTORY Languages;
    IMAGE_RESOURCE_DIRECTORY_ENTRY LanguageEntries[2];
    IMAGE_RESOURCE_DATA_ENTRY Data[2];
    USHORT Name[4];
    ULONG Messages[8];
} RSRC_SECTION;

static PUCHAR Base;
static ULONG Length; /* of the block at Base */

NTSTATUS NTAPI NtQueryDefaultLocale(BOOLEAN UserProfile, CLIENT(LCID *) DefaultLocaleId)
{
    *DefaultLocaleId = UserProfile ? 0x407 : 0x40c;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE Process, PVOID BaseAddress,
                                    MEMORY_INFORMATION_CLASS Class, PVOID Buffer, SIZE_T Size,
                                    PSIZE_T ResultLength)
{
    ((PMEMORY_BASIC_INFORMATION)Buffer)->RegionSize = Length;
    return STATUS_SUCCESS;
}

static void MakeHeaders(void)
{
    PIMAGE_NT_HEADERS Headers = (PIMAGE_NT_HEADERS)(Base + 0x80);

    ((PIMAGE_DOS_HEADER)Base)->e_magic = IMAGE_DOS_SIGNATURE;
    ((PIMAGE_DOS_HEADER)Base)->e_lfanew = 0x80;
    Headers->Signature = IMAGE_NT_SIGNATURE;
    Headers->FileHeader.Machine = IMAGE_FILE_MACHINE_NATIVE;
    Headers->FileHeader.NumberOfSections = 1;
    Headers->FileHeader.SizeOfOptionalHeader = sizeof(IMAGE_OPTIONAL_HEADER);
    Headers->OptionalHeader.Magic = IMAGE_NT_OPTIONAL_HDR_MAGIC;
    Headers->OptionalHeader.SizeOfImage = IMAGE_SIZE;
    Headers->OptionalHeader.SectionAlignment = 0x1000;
    Headers->OptionalHeader.SizeOfHeaders = 0x400;
    Headers->OptionalHeader.NumberOfRvaAndSizes = IMAGE_NUMBEROF_DIRECTORY_ENTRIES;
    Headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_RESOURCE] =
        (IMAGE_DATA_DIRECTORY){RSRC, sizeof(RSRC_SECTION)};
    *(PIMAGE_SECTION_HEADER)(Headers + 1) =
        (IMAGE_SECTION_HEADER){.Misc.VirtualSize = sizeof(RSRC_SECTION),
                               .VirtualAddress = RSRC,
                               .SizeOfRawData = FILE_SIZE - RSRC,
                               .PointerToRawData = RSRC,
                               .Characteristics = IMAGE_SCN_MEM_READ};
}

#define AT(field) ((ULONG)offsetof(RSRC_SECTION, field))

/* A type "KIND" and type 11, both with the name 1, in the languages 9 and 0x409. */
static void MakeTree(void)
{
    RSRC_SECTION *Rsrc = (RSRC_SECTION *)(Base + RSRC);

    Rsrc->Root.NumberOfNamedEntries = Rsrc->Root.NumberOfIdEntries = 1;
    Rsrc->Types[0] =
        (IMAGE_RESOURCE_DIRECTORY_ENTRY){DIRECTORY_FLAG | AT(Name), DIRECTORY_FLAG | AT(Names)};
    Rsrc->Types[1] = (IMAGE_RESOURCE_DIRECTORY_ENTRY){11, DIRECTORY_FLAG | AT(Names)};
    Rsrc->Names.NumberOfIdEntries = 1;
    Rsrc->NameEntries[0] = (IMAGE_RESOURCE_DIRECTORY_ENTRY){1, DIRECTORY_FLAG | AT(Languages)};
    Rsrc->Languages.NumberOfIdEntries = 2;
    Rsrc->LanguageEntries[0] = (IMAGE_RESOURCE_DIRECTORY_ENTRY){9, AT(Data[0])};
    Rsrc->LanguageEntries[1] = (IMAGE_RESOURCE_DIRECTORY_ENTRY){0x409, AT(Data[1])};
    Rsrc->Data[0] = (IMAGE_RESOURCE_DATA_ENTRY){RSRC + AT(Name), 8, 0, 0};
    Rsrc->Data[1] = (IMAGE_RESOURCE_DATA_ENTRY){RSRC + AT(Messages), sizeof(Rsrc->Messages), 0, 0};
    memcpy(Rsrc->Name, (USHORT[]){3, 'A', 'b', 'C'}, 8);
    /* one block, of messages 5 and 6 of 8 bytes each */
    memcpy(Rsrc->Messages, (ULONG[]){1, 5, 6, 16, 8, 'x', 8, 'y'}, sizeof(Rsrc->Messages));
}

static void Make(ULONG Size)
{
    free(Base);
    Length = Size;
    Base = aligned_alloc(0x200, Size);
    memset(Base, 0, Size);
    NtCurrentTeb();
    MakeHeaders();
    MakeTree();
}

/* The handle of the block, as a module or as a file. */
static PVOID Handle(void)
{
    return Length == FILE_SIZE ? Base + 1 : Base;
}

static NTSTATUS Find(ULONG_PTR Type, ULONG_PTR Language, PIMAGE_RESOURCE_DATA_ENTRY *Entry)
{
    ULONG_PTR Path[] = {Type, 1, Language};

    return LdrFindResource_U(Handle(), Path, 3, Entry);
}

static void CheckGoodTree(void)
{
    PIMAGE_RESOURCE_DATA_ENTRY Entry;
    PMESSAGE_RESOURCE_ENTRY Message;
    PVOID Data;
    ULONG Size, Count = 0;

    CHECK_EQUAL(Find(11, 0x409, &Entry), STATUS_SUCCESS);
    CHECK_EQUAL(LdrAccessResource(Handle(), Entry, &Data, &Size), STATUS_SUCCESS);
    CHECK(Data == Base + RSRC + AT(Messages) && Size == 32);
    CHECK_EQUAL(Find((ULONG_PTR)u"aBc", 0x809, &Entry), STATUS_SUCCESS);
    CHECK((PUCHAR)Entry == Base + RSRC + AT(Data[0]));
    CHECK_EQUAL(Find((ULONG_PTR)u"aBcd", 0x409, &Entry), STATUS_RESOURCE_TYPE_NOT_FOUND);
    CHECK_EQUAL(Find(11, 0x407, &Entry), STATUS_RESOURCE_LANG_NOT_FOUND);
    CHECK_EQUAL(Find(11, 0, &Entry), STATUS_SUCCESS);
    CHECK((PUCHAR)Entry == Base + RSRC + AT(Data[1]));
    CHECK_EQUAL(RtlFindMessage(Handle(), 11, 0x409, 6, &Message), STATUS_SUCCESS);
    CHECK_EQUAL(Message->Text[0], 'y');
    CHECK_EQUAL(RtlFindMessage(Handle(), 11, 0x409, 7, &Message), STATUS_MESSAGE_NOT_FOUND);
    CHECK_EQUAL(LdrEnumResources(Handle(), NULL, 0, &Count, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(Count, 4);
}

static ULONG Sum; /* of what was found, so that it is read */

/* Whatever comes back must be inside. */
static void Use(void)
{
    static const ULONG_PTR Types[] = {11, 0, (ULONG_PTR)u"ABC"};
    LDR_ENUM_RESOURCE_ENTRY Listed[4];
    PMESSAGE_RESOURCE_ENTRY Message;
    ULONG Count = ARRAYSIZE(Listed), Size;

    for (ULONG i = 0; i < ARRAYSIZE(Types); i++) {
        PIMAGE_RESOURCE_DATA_ENTRY Entry;
        PUCHAR Data;

        if (!NT_SUCCESS(Find(Types[i], 0, &Entry)) ||
            !NT_SUCCESS(LdrAccessResource(Handle(), Entry, (PVOID *)&Data, &Size)))
            continue;
        for (ULONG j = 0; j < Size; j++)
            Sum += Data[j];
    }
    for (ULONG Id = 0; Id < 8; Id++) {
        if (!NT_SUCCESS(RtlFindMessage(Handle(), 11, 0x409, Id, &Message)))
            continue;
        for (ULONG j = 0; j < *(UNALIGNED_USHORT *)Message; j++)
            Sum += ((PUCHAR)Message)[j];
    }
    LdrEnumResources(Handle(), NULL, 0, &Count, Listed);
}

/* Every byte of a part with some other values. */
static void Damage(ULONG Size, ULONG From, ULONG To)
{
    static const UCHAR Values[] = {0, 1, 0x10, 0x7f, 0x80, 0xff};

    for (ULONG At = From; At < To; At++) {
        for (ULONG i = 0; i < sizeof(Values); i++) {
            Make(Size);
            Base[At] = Values[i];
            Use();
        }
    }
}

/* There are no satellites here. */
NTSTATUS LdrpFindInSatellites(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels,
                              BOOLEAN WantDirectory, PVOID *Found)
{
    return STATUS_MUI_FILE_NOT_FOUND;
}

PVOID LdrpResourceHolder(PVOID DllHandle, const void *Entry)
{
    return DllHandle;
}

TEST(a_module)
{
    Make(IMAGE_SIZE);
    CheckGoodTree();
}

TEST(a_file)
{
    Make(FILE_SIZE);
    CheckGoodTree();
}

TEST(damaged_modules)
{
    Damage(IMAGE_SIZE, RSRC, RSRC + sizeof(RSRC_SECTION));
}

TEST(damaged_files)
{
    Damage(FILE_SIZE, RSRC, RSRC + sizeof(RSRC_SECTION));
    Damage(FILE_SIZE, 0, 0x80 + sizeof(IMAGE_NT_HEADERS) + sizeof(IMAGE_SECTION_HEADER));
}

TEST(a_tree_of_the_same_few_directories_ends)
{
    PIMAGE_RESOURCE_DIRECTORY_ENTRY Entries;
    PIMAGE_RESOURCE_DIRECTORY Root;
    ULONG Count = 0;

    Make(IMAGE_SIZE);
    Root = (PIMAGE_RESOURCE_DIRECTORY)(Base + RSRC);
    memset(Root, 0, IMAGE_SIZE - RSRC);
    Root->NumberOfIdEntries = (IMAGE_SIZE - RSRC - sizeof(*Root)) / sizeof(*Entries);
    Entries = (PIMAGE_RESOURCE_DIRECTORY_ENTRY)(Root + 1);
    for (ULONG i = 0; i < Root->NumberOfIdEntries; i++)
        Entries[i].OffsetToData = DIRECTORY_FLAG;
    CHECK_EQUAL(LdrEnumResources(Base, NULL, 0, &Count, NULL), STATUS_SUCCESS);
}
