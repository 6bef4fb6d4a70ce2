/* SPDX-License-Identifier: BSD-2-Clause */
/* SystemHandleInformation and SystemExtendedHandleInformation: all handles of all processes. Others
 * run after each block of a table. */
#include "sysinfo.h"

typedef struct _HANDLE_LIST {
    PEXP_OUTPUT Output;
    POB_HANDLE_FACTS Facts; /* of one block */
    ULONG Count;
    NTSTATUS (*Append)(PEXP_OUTPUT Output, ULONG_PTR ProcessId, const OB_HANDLE_FACTS *Facts);
} HANDLE_LIST, *PHANDLE_LIST;

/* Ids and handles have 16 bits in this older form. */
static NTSTATUS Append(PEXP_OUTPUT Output, ULONG_PTR ProcessId, const OB_HANDLE_FACTS *Facts)
{
    SYSTEM_HANDLE_TABLE_ENTRY_INFO Entry = {
        .UniqueProcessId = (USHORT)ProcessId,
        .ObjectTypeIndex = Facts->TypeIndex,
        .HandleAttributes = (UCHAR)Facts->Attributes,
        .HandleValue = (USHORT)(ULONG_PTR)Facts->Handle,
        .Object = Facts->Object,
        .GrantedAccess = Facts->Access,
    };

    return ExpAppend(Output, &Entry, sizeof(Entry));
}

static NTSTATUS AppendExtended(PEXP_OUTPUT Output, ULONG_PTR ProcessId,
                               const OB_HANDLE_FACTS *Facts)
{
    SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX Entry = {
        .Object = Facts->Object,
        .UniqueProcessId = ProcessId,
        .HandleValue = (ULONG_PTR)Facts->Handle,
        .GrantedAccess = Facts->Access,
        .ObjectTypeIndex = Facts->TypeIndex,
        .HandleAttributes = Facts->Attributes,
    };

    return ExpAppend(Output, &Entry, sizeof(Entry));
}

static NTSTATUS AppendProcess(PHANDLE_LIST List, PEPROCESS Process)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Block, Count, i;

    for (Block = 0; NT_SUCCESS(Status) && ObDescribeHandles(Process, Block, List->Facts, &Count);
         Block++) {
        for (i = 0; i < Count && NT_SUCCESS(Status); i++)
            Status =
                List->Append(List->Output, (ULONG_PTR)Process->UniqueProcessId, &List->Facts[i]);
        List->Count += Count;
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
    }
    return Status;
}

static NTSTATUS AppendAll(PHANDLE_LIST List)
{
    PEPROCESS Process = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    while (NT_SUCCESS(Status) && (Process = PsNextProcess(Process)) != NULL) {
        Status = AppendProcess(List, Process);
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
        if (!NT_SUCCESS(Status))
            ObDereferenceObject(Process);
    }
    return Status;
}

/* The header, of HeaderLength bytes, begins with the number of handles, in as many bytes as
 * CountLength says. */
static NTSTATUS QueryHandles(PHANDLE_LIST List, ULONG HeaderLength, ULONG CountLength)
{
    PEXP_OUTPUT Output = List->Output;
    ULONG_PTR Count;
    NTSTATUS Status;

    Output->Needed = HeaderLength;
    List->Facts = ExAllocatePool(OB_HANDLES_A_BLOCK * sizeof(*List->Facts));
    if (!List->Facts)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = AppendAll(List);
    ExFreePool(List->Facts);
    if (NT_SUCCESS(Status))
        Status = ExpEndAnswer(Output);
    Count = List->Count;
    return NT_SUCCESS(Status) ? MmCopyToClient(Output->Information, &Count, CountLength) : Status;
}

NTSTATUS ExpQueryHandles(PEXP_OUTPUT Output)
{
    HANDLE_LIST List = {.Output = Output, .Append = Append};

    return QueryHandles(&List, FIELD_OFFSET(SYSTEM_HANDLE_INFORMATION, Handles), sizeof(ULONG));
}

NTSTATUS ExpQueryExtendedHandles(PEXP_OUTPUT Output)
{
    HANDLE_LIST List = {.Output = Output, .Append = AppendExtended};

    return QueryHandles(&List, FIELD_OFFSET(SYSTEM_HANDLE_INFORMATION_EX, Handles),
                        sizeof(ULONG_PTR));
}
