/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SystemModuleInformation and SystemModuleInformationEx: the Executive and the drivers. A driver
 * lies in the address space of its own process: it has no base that would mean something to others.
 */
#include "sysinfo.h"

extern const char NtosImageStart[], NtosImageEnd[]; /* init/ntos.ld */

#define DIRECTORY "\\SystemRoot\\system32\\"

typedef struct _MODULE_LIST {
    PEXP_OUTPUT Output;
    BOOLEAN Extended;
    USHORT Count;
} MODULE_LIST, *PMODULE_LIST;

static void SetPath(PRTL_PROCESS_MODULE_INFORMATION Module, const WCHAR *Name)
{
    ULONG Length = sizeof(DIRECTORY) - 1, i;

    memcpy(Module->FullPathName, DIRECTORY, Length);
    Module->OffsetToFileName = (USHORT)Length;
    for (i = 0; Name[i] && Length < sizeof(Module->FullPathName) - 1; i++)
        Module->FullPathName[Length++] = Name[i] < 0x80 ? (UCHAR)Name[i] : '?';
}

static NTSTATUS Append(PMODULE_LIST List, PRTL_PROCESS_MODULE_INFORMATION Module)
{
    RTL_PROCESS_MODULE_INFORMATION_EX Extended = {.NextOffset = sizeof(Extended)};

    Module->LoadOrderIndex = Module->InitOrderIndex = List->Count++;
    Module->LoadCount = 1;
    if (!List->Extended)
        return ExpAppend(List->Output, Module, sizeof(*Module));
    Extended.BaseInfo = *Module;
    Extended.DefaultBase = Module->ImageBase;
    return ExpAppend(List->Output, &Extended, sizeof(Extended));
}

static NTSTATUS AppendExecutive(PMODULE_LIST List)
{
    RTL_PROCESS_MODULE_INFORMATION Module = {
        .ImageBase = (PVOID)NtosImageStart,
        .ImageSize = (ULONG)(NtosImageEnd - NtosImageStart),
    };

    SetPath(&Module, u"ntoskrnl.exe");
    return Append(List, &Module);
}

static NTSTATUS AppendDriver(PMODULE_LIST List, PEPROCESS Process)
{
    RTL_PROCESS_MODULE_INFORMATION Module = {.ImageSize = Process->ImageInformation.ImageFileSize};

    SetPath(&Module, Process->ImageName);
    return Append(List, &Module);
}

static NTSTATUS AppendDrivers(PMODULE_LIST List)
{
    PEPROCESS Process = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    while (NT_SUCCESS(Status) && (Process = PsNextProcess(Process)) != NULL) {
        if (Process->DriverHost && Process->ActiveThreads)
            Status = AppendDriver(List, Process);
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
        if (!NT_SUCCESS(Status))
            ObDereferenceObject(Process);
    }
    return Status;
}

static NTSTATUS AppendAll(PMODULE_LIST List)
{
    NTSTATUS Status = AppendExecutive(List);

    return NT_SUCCESS(Status) ? AppendDrivers(List) : Status;
}

NTSTATUS ExpQueryModules(PEXP_OUTPUT Output)
{
    MODULE_LIST List = {.Output = Output};
    NTSTATUS Status;
    ULONG Count;

    Output->Needed = FIELD_OFFSET(RTL_PROCESS_MODULES, Modules);
    Status = AppendAll(&List);
    if (NT_SUCCESS(Status))
        Status = ExpEndAnswer(Output);
    Count = List.Count;
    return NT_SUCCESS(Status) ? MmCopyToClient(Output->Information, &Count, sizeof(Count)) : Status;
}

/* A 16-bit 0 ends the list. */
NTSTATUS ExpQueryExtendedModules(PEXP_OUTPUT Output)
{
    MODULE_LIST List = {.Output = Output, .Extended = TRUE};
    USHORT End = 0;
    NTSTATUS Status = AppendAll(&List);

    if (NT_SUCCESS(Status))
        Status = ExpAppend(Output, &End, sizeof(End));
    return NT_SUCCESS(Status) ? ExpEndAnswer(Output) : Status;
}
