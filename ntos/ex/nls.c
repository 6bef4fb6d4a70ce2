/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of national languages: files in the system's directory, which programs get as
 * read-only views. Each file becomes one section when it is first wanted; it stays, named as on
 * Windows
 * (\NLS\NlsSectionCP1252), so that all processes share the pages.
 */
#include <io.h>
#include "exp.h"

#define DIRECTORY u"\\SystemRoot\\system32\\"
#define PREFIX u"\\NLS\\NlsSection"
#define MAXIMUM_PATH 64

enum { FormC = 1, FormD = 2, FormKC = 5, FormKD = 6, FormIdna = 13 };

/* What a table is called in either place, without what all have in common. */
typedef struct _NLS_NAMES {
    WCHAR File[24];
    WCHAR Section[24];
} NLS_NAMES, *PNLS_NAMES;

void ExpInitializeNls(void)
{
    if (!NT_SUCCESS(ObCreateDirectoryAt(u"\\NLS")))
        KeBugCheck("no memory for \\NLS");
}

static void SetNames(PNLS_NAMES Names, const WCHAR *File, const WCHAR *Section)
{
    wcscpy(Names->File, File);
    wcscpy(Names->Section, Section);
}

/* The number in at least three digits. */
static void AppendNumber(WCHAR *Text, ULONG Number)
{
    WCHAR Digits[12];
    ULONG Count = 0, End = (ULONG)wcslen(Text);

    for (; Number || Count < 3; Number /= 10)
        Digits[Count++] = (WCHAR)('0' + Number % 10);
    while (Count)
        Text[End++] = Digits[--Count];
    Text[End] = 0;
}

static NTSTATUS NameCodePage(ULONG CodePage, PNLS_NAMES Names)
{
    if (CodePage > MAXUSHORT)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    SetNames(Names, u"c_", u"CP");
    AppendNumber(Names->File, CodePage);
    AppendNumber(Names->Section, CodePage);
    return STATUS_SUCCESS;
}

static NTSTATUS NameForm(ULONG Form, PNLS_NAMES Names)
{
    switch (Form) {
    case FormC:
        SetNames(Names, u"normnfc", u"NORM00000001");
        return STATUS_SUCCESS;
    case FormD:
        SetNames(Names, u"normnfd", u"NORM00000002");
        return STATUS_SUCCESS;
    case FormKC:
        SetNames(Names, u"normnfkc", u"NORM00000005");
        return STATUS_SUCCESS;
    case FormKD:
        SetNames(Names, u"normnfkd", u"NORM00000006");
        return STATUS_SUCCESS;
    case FormIdna:
        SetNames(Names, u"normidna", u"NORM0000000d");
        return STATUS_SUCCESS;
    default:
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
}

static NTSTATUS NameTable(ULONG Type, ULONG Data, PNLS_NAMES Names)
{
    switch (Type) {
    case NLS_SECTION_SORTKEYS:
        SetNames(Names, u"sortdefault", u"SORTDEFAULT");
        return Data ? STATUS_INVALID_PARAMETER_1 : STATUS_SUCCESS;
    case NLS_SECTION_CASEMAP:
        SetNames(Names, u"l_intl", u"LANG_INTL");
        return Data ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
    case NLS_SECTION_CODEPAGE:
        return NameCodePage(Data, Names);
    case NLS_SECTION_NORMALIZE:
        return NameForm(Data, Names);
    default:
        return STATUS_INVALID_PARAMETER_1;
    }
}

static NTSTATUS CreateTable(const NLS_NAMES *Names, struct _MM_SECTION **Section)
{
    WCHAR Buffer[MAXIMUM_PATH] = DIRECTORY;
    UNICODE_STRING Path;
    PIO_FILE File;
    NTSTATUS Status;

    wcscat(Buffer, Names->File);
    wcscat(Buffer, u".nls");
    RtlInitUnicodeString(&Path, Buffer);
    Status = IoOpenFile(&Path, &File);
    if (!NT_SUCCESS(Status))
        return Status == STATUS_OBJECT_PATH_NOT_FOUND ? STATUS_OBJECT_NAME_NOT_FOUND : Status;
    Status = MmCreateSection(Section, File, NULL, PAGE_READONLY, SEC_COMMIT);
    ObDereferenceObject(File);
    return Status;
}

/* The table's section, referenced. Another thread may make it at the same time: the first one to
 * name it counts. */
static NTSTATUS ReferenceTable(const NLS_NAMES *Names, struct _MM_SECTION **Section)
{
    WCHAR Buffer[MAXIMUM_PATH] = PREFIX;
    UNICODE_STRING Path;
    NTSTATUS Status;

    wcscat(Buffer, Names->Section);
    RtlInitUnicodeString(&Path, Buffer);
    Status = ObReferenceObjectByName(&Path, MmSectionObjectType, 0, NULL, (PVOID *)Section);
    if (NT_SUCCESS(Status))
        return Status;
    Status = CreateTable(Names, Section);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObInsertName(*Section, &Path);
    if (NT_SUCCESS(Status))
        return Status;
    ObDereferenceObject(*Section);
    return Status == STATUS_OBJECT_NAME_COLLISION
               ? ObReferenceObjectByName(&Path, MmSectionObjectType, 0, NULL, (PVOID *)Section)
               : Status;
}

static NTSTATUS MapTable(const NLS_NAMES *Names, PVOID *Base, PSIZE_T Size)
{
    struct _MM_SECTION *Section;
    NTSTATUS Status = ReferenceTable(Names, &Section);

    *Base = NULL;
    *Size = 0;
    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        MmMapViewOfSection(Section, PsGetCurrentProcess(), Base, 0, NULL, Size, 0, PAGE_READONLY);
    ObDereferenceObject(Section);
    return Status;
}

/*
 * NtGetNlsSectionPtr: maps a table: sort keys (SectionData 0), case tables (0), a code page by its
 * number, a normalisation form. Each call maps it anew; the caller unmaps it. *SectionSize is the
 * view's. STATUS_INVALID_PARAMETER_1 for another type or sort keys of another number,
 * STATUS_UNSUCCESSFUL for case tables of another number, STATUS_OBJECT_NAME_NOT_FOUND where there
 * is no such file, and what mapping returns.
 */
NTSTATUS NtGetNlsSectionPtr(ULONG SectionType, ULONG SectionData, CLIENT(PVOID) ContextData,
                            CLIENT(PVOID *) SectionPointer, CLIENT(PULONG) SectionSize)
{
    NTSTATUS Status = MmProbeForWrite(SectionPointer, sizeof(PVOID));
    NLS_NAMES Names;
    PVOID Base;
    SIZE_T Size;
    ULONG Bytes;

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(SectionSize, sizeof(ULONG));
    if (NT_SUCCESS(Status))
        Status = NameTable(SectionType, SectionData, &Names);
    if (NT_SUCCESS(Status))
        Status = MapTable(&Names, &Base, &Size);
    if (!NT_SUCCESS(Status))
        return Status;
    Bytes = (ULONG)Size;
    Status = MmWriteClient(SectionPointer, &Base);
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(SectionSize, &Bytes);
    if (!NT_SUCCESS(Status))
        MmUnmapViewOfSection(PsGetCurrentProcess(), Base);
    return Status;
}

/*
 * NtInitializeNlsFiles: maps the locales' tables (locale.nls), and tells the system's locale and
 * the view's size. Each call maps them anew. STATUS_OBJECT_NAME_NOT_FOUND, STATUS_ACCESS_VIOLATION,
 * and what mapping returns.
 */
NTSTATUS NtInitializeNlsFiles(CLIENT(PVOID *) BaseAddress, CLIENT(LCID *) DefaultLocaleId,
                              CLIENT(PLARGE_INTEGER) DefaultCasingTableSize)
{
    static const NLS_NAMES Names = {u"locale", u"LOCALE"};
    NTSTATUS Status = MmProbeForWrite(BaseAddress, sizeof(PVOID));
    LARGE_INTEGER Bytes;
    PVOID Base;
    SIZE_T Size;

    if (NT_SUCCESS(Status))
        Status = NtQueryDefaultLocale(FALSE, DefaultLocaleId);
    if (NT_SUCCESS(Status))
        Status = MapTable(&Names, &Base, &Size);
    if (!NT_SUCCESS(Status))
        return Status;
    Bytes.QuadPart = (LONGLONG)Size;
    Status = MmWriteClient(BaseAddress, &Base);
    if (NT_SUCCESS(Status) && DefaultCasingTableSize)
        Status = MmWriteClient(DefaultCasingTableSize, &Bytes);
    if (!NT_SUCCESS(Status))
        MmUnmapViewOfSection(PsGetCurrentProcess(), Base);
    return Status;
}
