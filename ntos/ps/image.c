/* SPDX-License-Identifier: BSD-2-Clause */
/* The images of a new process: its own and ntdll, which every process has. */
#include "psp.h"

#define IMAGE_FILE_DLL 0x2000

static const char *const RoutineNames[PsNtdllRoutines] = {
    [PsLdrInitializeThunk] = "LdrInitializeThunk",
    [PsRtlUserThreadStart] = "RtlUserThreadStart",
    [PsKiUserExceptionDispatcher] = "KiUserExceptionDispatcher",
    [PsKiUserApcDispatcher] = "KiUserApcDispatcher",
    [PsKiUserContextDispatcher] = "KiUserContextDispatcher",
    [PsKiUserStateDispatcher] = "KiUserStateDispatcher",
    [PsKiUserRaiseDispatcher] = "KiUserRaiseDispatcher",
    [PsSListFault] = "ExpInterlockedPopEntrySListFault",
    [PsSListResume] = "ExpInterlockedPopEntrySListResume",
    [PsFirstServiceStub] = "NtClose", /* as services.def has them */
    [PsLastServiceStub] = "DrvRequestDispatch",
};
static ULONG RoutineRvas[PsNtdllRoutines];
static struct _MM_SECTION *NtdllSection;

/* STATUS_INVALID_IMAGE_WIN_32 and _64: it is another machine's. */
static NTSTATUS CreateImageSection(PUNICODE_STRING Path, PPSP_IMAGE Image)
{
    NTSTATUS Status;

    Image->State = PsCreateFailOnFileOpen;
    Status = IoOpenFile(Path, &Image->File);
    if (!NT_SUCCESS(Status))
        return Status;
    Image->State = PsCreateFailOnSectionCreate;
    Status = MmCreateSection(&Image->Section, Image->File, NULL, PAGE_EXECUTE, SEC_IMAGE);
    if (Status == STATUS_INVALID_IMAGE_WIN_32 || Status == STATUS_INVALID_IMAGE_WIN_64)
        Image->State = PsCreateFailMachineMismatch;
    return Status;
}

void PspCloseImage(PPSP_IMAGE Image)
{
    if (Image->Section)
        ObDereferenceObject(Image->Section);
    if (Image->File)
        ObDereferenceObject(Image->File);
}

void PspInitializeNtdll(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\ntdll.dll");
    PSP_IMAGE Image = {0};
    ULONG i;

    if (!NT_SUCCESS(CreateImageSection(&Path, &Image)))
        KeBugCheck("no ntdll.dll in the boot archive");
    NtdllSection = Image.Section; /* for good */
    ObDereferenceObject(Image.File);
    for (i = 0; i < PsNtdllRoutines; i++) {
        RoutineRvas[i] = MmFindImageExport(NtdllSection, RoutineNames[i]);
        if (!RoutineRvas[i])
            KeBugCheck("ntdll.dll lacks what threads are sent to");
    }
    PspNoteSystemCalls(NtdllSection, RoutineRvas[PsFirstServiceStub],
                       RoutineRvas[PsLastServiceStub]);
    MmSetCommonImage(NtdllSection);
}

/* A process is made from a program; what can only be loaded into one is refused. */
NTSTATUS PspOpenImage(PUNICODE_STRING Path, ULONG Prohibited, PPSP_IMAGE Image)
{
    NTSTATUS Status = CreateImageSection(Path, Image);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmQuerySectionImage(Image->Section, &Image->Information);
    if (NT_SUCCESS(Status) &&
        (Image->Information.ImageCharacteristics & (IMAGE_FILE_DLL | Prohibited))) {
        Image->State = PsCreateFailExeFormat;
        Status = STATUS_INVALID_IMAGE_FORMAT;
    }
    return Status;
}

static NTSTATUS MapImage(PEPROCESS Process, struct _MM_SECTION *Section, PVOID *Base)
{
    LARGE_INTEGER Offset = {0};
    SIZE_T ViewSize = 0;

    *Base = NULL;
    return MmMapViewOfSection(Section, Process, Base, 0, &Offset, &ViewSize, 0,
                              PAGE_EXECUTE_WRITECOPY);
}

NTSTATUS PspMapImages(PEPROCESS Process, struct _MM_SECTION *Section)
{
    NTSTATUS Status = MapImage(Process, NtdllSection, &Process->NtdllBase);

    if (NT_SUCCESS(Status))
        Status = MapImage(Process, Section, &Process->ImageBase);
    return NT_SUCCESS(Status) ? STATUS_SUCCESS : Status;
}

/* Read from the mapped headers, since only there is it independent of the preferred base. */
NTSTATUS PspFindEntryPoint(PEPROCESS Process, PVOID *EntryPoint)
{
    CLIENT(PCHAR) Base = (CLIENT(PCHAR))Process->ImageBase;
    ULONG NtHeaders, Rva;
    NTSTATUS Status = MmCopyFromProcess(
        Process, &NtHeaders, Base + offsetof(IMAGE_DOS_HEADER, e_lfanew), sizeof(NtHeaders));

    if (NT_SUCCESS(Status))
        Status = MmCopyFromProcess(
            Process, &Rva,
            Base + NtHeaders + offsetof(IMAGE_NT_HEADERS, OptionalHeader.AddressOfEntryPoint),
            sizeof(Rva));
    *EntryPoint = NT_SUCCESS(Status) ? (PCHAR)Process->ImageBase + Rva : NULL;
    return Status;
}

ULONG_PTR PsNtdllRoutine(PEPROCESS Process, PS_NTDLL_ROUTINE Routine)
{
    return (ULONG_PTR)Process->NtdllBase + RoutineRvas[Routine];
}

BOOLEAN PsIsServiceStub(PEPROCESS Process, ULONG_PTR Address)
{
    return Address >= PsNtdllRoutine(Process, PsFirstServiceStub) &&
           Address < PsNtdllRoutine(Process, PsLastServiceStub);
}
