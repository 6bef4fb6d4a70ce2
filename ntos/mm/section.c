/* SPDX-License-Identifier: BSD-2-Clause */
/* Section objects: making, opening and asking about them. Views are in view.c, pages in
 * segment.c. */
#include <neptune/missing_classes.def>
#include <io.h>
#include <ob.h>
#include <se.h>
#include "mi.h"

#define KNOWN_ATTRIBUTES                                                                           \
    (SEC_IMAGE | SEC_RESERVE | SEC_COMMIT | SEC_NOCACHE | SEC_WRITECOMBINE | SEC_LARGE_PAGES |     \
     SEC_BASED | SEC_NO_CHANGE)

POBJECT_TYPE MmSectionObjectType;

static void DeleteSection(PVOID Object)
{
    PMM_SECTION Section = Object;

    if (Section->Segment)
        MiDereferenceSegment(Section->Segment);
}

void MmInitializeSections(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"Section",
        .Mapping = {STANDARD_RIGHTS_READ | SECTION_QUERY | SECTION_MAP_READ,
                    STANDARD_RIGHTS_WRITE | SECTION_MAP_WRITE,
                    STANDARD_RIGHTS_EXECUTE | SECTION_MAP_EXECUTE, SECTION_ALL_ACCESS},
        .ValidAccess = SECTION_ALL_ACCESS | SECTION_MAP_EXECUTE_EXPLICIT,
        .Delete = DeleteSection,
    };

    if (!NT_SUCCESS(ObCreateObjectType(&Initializer, &MmSectionObjectType)))
        KeBugCheck("no memory for the section type");
}

/* ---- Making ---- */

static NTSTATUS CheckAttributes(ULONG Protect, ULONG Attributes)
{
    ULONG Kind = Attributes & (SEC_IMAGE | SEC_RESERVE | SEC_COMMIT);

    if (Attributes & ~KNOWN_ATTRIBUTES || !Kind || Kind & (Kind - 1))
        return STATUS_INVALID_PARAMETER_6;
    if (Kind == SEC_IMAGE && Attributes & (SEC_WRITECOMBINE | SEC_LARGE_PAGES))
        return STATUS_INVALID_PARAMETER_6;
    if (!MiIsValidProtection(Protect) || Protect & (PAGE_NOACCESS | MI_MODIFIERS))
        return STATUS_INVALID_PAGE_PROTECTION;
    return STATUS_SUCCESS;
}

static NTSTATUS CreateAnonymous(PLARGE_INTEGER MaximumSize, ULONG Attributes, PMM_SECTION Section)
{
    NTSTATUS Status;
    ULONGLONG Size;

    if (Attributes & SEC_IMAGE)
        return STATUS_INVALID_FILE_FOR_SECTION;
    if (!MaximumSize || MaximumSize->QuadPart <= 0)
        return STATUS_INVALID_PARAMETER_4;
    Size = ((ULONGLONG)MaximumSize->QuadPart + PAGE_SIZE - 1) & ~(ULONGLONG)(PAGE_SIZE - 1);
    Status = MiCreateSegment(Size, NULL, (Attributes & SEC_RESERVE) != 0, &Section->Segment);
    if (NT_SUCCESS(Status))
        Section->Size = Section->Segment->Size;
    return Status;
}

/* Pages are read from the file when they are needed. Nothing writes pages back yet, so such a
 * section is read-only. */
static NTSTATUS CreateFromFile(PIO_FILE File, PLARGE_INTEGER MaximumSize, ULONG Protect,
                               PMM_SECTION Section)
{
    ULONGLONG FileSize, Size;
    NTSTATUS Status = IoQueryFileSize(File, &FileSize);

    if (!NT_SUCCESS(Status))
        return Status;
    if (MaximumSize && MaximumSize->QuadPart < 0)
        return STATUS_INVALID_PARAMETER_4;
    Size = MaximumSize && MaximumSize->QuadPart ? (ULONGLONG)MaximumSize->QuadPart : FileSize;
    if (!Size)
        return STATUS_MAPPED_FILE_SIZE_ZERO;
    if (Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
        return STATUS_NOT_IMPLEMENTED;
    if (Size > FileSize)
        return STATUS_SECTION_TOO_BIG;
    Section->Size = Size;
    return MiCreateSegment(Size, File, FALSE, &Section->Segment);
}

NTSTATUS MmCreateSection(PMM_SECTION *Section, PIO_FILE File, PLARGE_INTEGER MaximumSize,
                         ULONG Protect, ULONG Attributes)
{
    PMM_SECTION New;
    NTSTATUS Status = CheckAttributes(Protect, Attributes);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Attributes & SEC_LARGE_PAGES) /* KUSER_SHARED_DATA says that there are none */
        return SeSinglePrivilegeCheck(SE_LOCK_MEMORY_PRIVILEGE) ? STATUS_NOT_SUPPORTED
                                                                : STATUS_PRIVILEGE_NOT_HELD;
    if (Attributes & SEC_BASED)
        return STATUS_NOT_IMPLEMENTED;
    Status = ObCreateObject(MmSectionObjectType, sizeof(*New), (PVOID *)&New);
    if (!NT_SUCCESS(Status))
        return Status;
    New->Protect = Protect;
    New->Attributes = Attributes | (File ? SEC_FILE : 0);
    if (!File) {
        Status = CreateAnonymous(MaximumSize, Attributes, New);
    } else if (Attributes & SEC_IMAGE) {
        Status = MiReferenceImageSegment(File, &New->Segment);
        New->Size = NT_SUCCESS(Status) ? New->Segment->Size : 0;
    } else {
        Status = CreateFromFile(File, MaximumSize, Protect, New);
    }
    if (NT_SUCCESS(Status))
        *Section = New;
    else
        ObDereferenceObject(New);
    return Status;
}

/* The access to the file's handle that the protection of a section's pages demands. */
static ACCESS_MASK FileAccess(ULONG Protect)
{
    ACCESS_MASK Access = MI_IS_EXECUTABLE(Protect) ? FILE_EXECUTE : 0;

    if (Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
        Access |= FILE_WRITE_DATA;
    return Protect == PAGE_EXECUTE ? Access : Access | FILE_READ_DATA;
}

static NTSTATUS ReferenceFile(HANDLE Handle, ULONG Protect, PIO_FILE *File)
{
    *File = NULL;
    if (!Handle)
        return STATUS_SUCCESS;
    return ObReferenceObjectByHandle(Handle, FileAccess(Protect), IoFileType, (PVOID *)File);
}

/*
 * NtCreateSection: a section of an image (SEC_IMAGE with a file), of a file's data, or of memory
 * (no file; SEC_COMMIT or SEC_RESERVE). The file's handle needs the access that PageProtection
 * implies. MaximumSize may be NULL or 0 for a file's size. STATUS_INVALID_PARAMETER_4, _6,
 * STATUS_INVALID_PAGE_PROTECTION, STATUS_INVALID_FILE_FOR_SECTION, STATUS_SECTION_TOO_BIG,
 * STATUS_MAPPED_FILE_SIZE_ZERO, STATUS_COMMITMENT_LIMIT, STATUS_INVALID_IMAGE_FORMAT,
 * STATUS_INVALID_IMAGE_NOT_MZ, STATUS_INVALID_IMAGE_WIN_32 ..., STATUS_NOT_IMPLEMENTED for a file
 * to be written through the section. (WDK: ZwCreateSection)
 */
NTSTATUS NtCreateSection(CLIENT(PHANDLE) SectionHandle, ACCESS_MASK DesiredAccess,
                         CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                         CLIENT(PLARGE_INTEGER) MaximumSize, ULONG PageProtection,
                         ULONG AllocationAttributes, HANDLE FileHandle)
{
    NTSTATUS Status = CheckAttributes(PageProtection, AllocationAttributes);
    LARGE_INTEGER Size = {.QuadPart = 0};
    OB_ATTRIBUTES Attributes;
    PMM_SECTION Section;
    PIO_FILE File;

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(SectionHandle, sizeof(*SectionHandle));
    if (NT_SUCCESS(Status) && MaximumSize)
        Status = MmReadClient(&Size, MaximumSize);
    if (NT_SUCCESS(Status))
        Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ReferenceFile(FileHandle, PageProtection, &File);
    if (NT_SUCCESS(Status)) {
        Status = MmCreateSection(&Section, File, &Size, PageProtection, AllocationAttributes);
        if (File)
            ObDereferenceObject(File);
    }
    if (NT_SUCCESS(Status))
        Status = ObInsertObject(Section, &Attributes, DesiredAccess, SectionHandle);
    ObFreeAttributes(&Attributes);
    return Status;
}

/*
 * NtCreateSectionEx: NtCreateSection with extended parameters, of which none means anything here
 * but node 0. STATUS_INVALID_PARAMETER for bad ones and for bounds of addresses. (Win32:
 * CreateFileMapping2)
 */
NTSTATUS NtCreateSectionEx(CLIENT(PHANDLE) SectionHandle, ACCESS_MASK DesiredAccess,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                           CLIENT(PLARGE_INTEGER) MaximumSize, ULONG PageProtection,
                           ULONG AllocationAttributes, HANDLE FileHandle,
                           CLIENT(PMEM_EXTENDED_PARAMETER) Parameters, ULONG Count)
{
    MI_PLACEMENT Placement;
    NTSTATUS Status = MiCapturePlacement(Parameters, Count, &Placement);

    if (NT_SUCCESS(Status) && Placement.Bounded)
        Status = STATUS_INVALID_PARAMETER;
    return NT_SUCCESS(Status)
               ? NtCreateSection(SectionHandle, DesiredAccess, ObjectAttributes, MaximumSize,
                                 PageProtection, AllocationAttributes, FileHandle)
               : Status;
}

/*
 * NtExtendSection: a larger size for a section of a file's data; *NewSize receives the size that it
 * has then. Needs SECTION_EXTEND_SIZE. STATUS_SECTION_NOT_EXTENDED for other sections, and for one
 * that cannot be written if it would have to grow: there are no others of files yet. (NT native
 * API)
 */
NTSTATUS NtExtendSection(HANDLE SectionHandle, CLIENT(PLARGE_INTEGER) NewSize)
{
    PMM_SECTION Section;
    LARGE_INTEGER Size;
    NTSTATUS Status = MmProbeForWrite(NewSize, sizeof(*NewSize));

    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Size, NewSize);
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(SectionHandle, SECTION_EXTEND_SIZE, MmSectionObjectType,
                                           (PVOID *)&Section);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!Section->Segment->File || Section->Segment->SubsectionCount ||
        Size.QuadPart > (LONGLONG)Section->Size)
        Status = STATUS_SECTION_NOT_EXTENDED;
    Size.QuadPart = (LONGLONG)Section->Size;
    ObDereferenceObject(Section);
    return NT_SUCCESS(Status) ? MmWriteClient(NewSize, &Size) : Status;
}

/* NtOpenSection: a handle to a named section. Statuses of every open. (WDK: ZwOpenSection) */
NTSTATUS NtOpenSection(CLIENT(PHANDLE) SectionHandle, ACCESS_MASK DesiredAccess,
                       CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(SectionHandle, DesiredAccess, ObjectAttributes, MmSectionObjectType,
                              NULL);
}

/* ---- Asking ---- */

NTSTATUS MmQuerySectionImage(PMM_SECTION Section, PSECTION_IMAGE_INFORMATION Information)
{
    if (!Section->Segment->SubsectionCount)
        return STATUS_SECTION_NOT_IMAGE;
    *Information = Section->Segment->Image;
    return STATUS_SUCCESS;
}

BOOLEAN MmIsWholeSection(PMM_SECTION Section)
{
    return !Section->Segment->SubsectionCount && !Section->Segment->Reserved;
}

static NTSTATUS WriteAnswer(CLIENT(PVOID) Buffer, CLIENT(PSIZE_T) ReturnLength, const void *Data,
                            SIZE_T Size)
{
    NTSTATUS Status = MmCopyToClient(Buffer, Data, Size);

    return NT_SUCCESS(Status) && ReturnLength ? MmWriteClient(ReturnLength, &Size) : Status;
}

static NTSTATUS QueryBasicInformation(PMM_SECTION Section, CLIENT(PVOID) Buffer,
                                      CLIENT(PSIZE_T) ReturnLength)
{
    SECTION_BASIC_INFORMATION Information = {0};

    Information.AllocationAttributes = Section->Attributes;
    Information.MaximumSize.QuadPart = (LONGLONG)Section->Size;
    return WriteAnswer(Buffer, ReturnLength, &Information, sizeof(Information));
}

static NTSTATUS QueryImageInformation(PMM_SECTION Section, CLIENT(PVOID) Buffer,
                                      CLIENT(PSIZE_T) ReturnLength)
{
    SECTION_IMAGE_INFORMATION Information;
    NTSTATUS Status = MmQuerySectionImage(Section, &Information);

    return NT_SUCCESS(Status) ? WriteAnswer(Buffer, ReturnLength, &Information, sizeof(Information))
                              : Status;
}

/*
 * NtQuerySection: SectionBasicInformation or SectionImageInformation. Needs SECTION_QUERY.
 * STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH when the buffer is too small,
 * STATUS_SECTION_NOT_IMAGE. (NT native API)
 */
NTSTATUS NtQuerySection(HANDLE SectionHandle, SECTION_INFORMATION_CLASS Class,
                        CLIENT(PVOID) Information, SIZE_T Length, CLIENT(PSIZE_T) ReturnLength)
{
    PMM_SECTION Section;
    NTSTATUS Status;

    switch (Class) {
    case SectionBasicInformation:
    case SectionImageInformation:
        break;
        MISSING_NtQuerySection(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
    if (Length < (Class == SectionBasicInformation ? sizeof(SECTION_BASIC_INFORMATION)
                                                   : sizeof(SECTION_IMAGE_INFORMATION)))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = ObReferenceObjectByHandle(SectionHandle, SECTION_QUERY, MmSectionObjectType,
                                       (PVOID *)&Section);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Class == SectionBasicInformation
                 ? QueryBasicInformation(Section, Information, ReturnLength)
                 : QueryImageInformation(Section, Information, ReturnLength);
    ObDereferenceObject(Section);
    return Status;
}
