/* SPDX-License-Identifier: BSD-2-Clause */
/* ProcessHandleInformation, ProcessHandleTable: all handles of a process, with what they are or as
 * numbers alone. */
#include "pspinfo.h"

typedef struct _HANDLE_LIST {
    PPSP_OUTPUT Output;
    BOOLEAN Numbers;         /* alone */
    POB_HANDLE_FACTS Facts;  /* of one block */
    ULONG_PTR Count, Fitted; /* handles; those that there was room for */
} HANDLE_LIST, *PHANDLE_LIST;

static CLIENT(PPROCESS_HANDLE_TABLE_ENTRY_INFO) EntryAt(PPSP_OUTPUT Output, ULONG_PTR Index)
{
    return &((CLIENT(PPROCESS_HANDLE_SNAPSHOT_INFORMATION))Output->Information)->Handles[Index];
}

static ULONG LengthFor(PHANDLE_LIST List, ULONG_PTR Count)
{
    if (List->Numbers)
        return (ULONG)(Count * sizeof(ULONG));
    return (ULONG)(FIELD_OFFSET(PROCESS_HANDLE_SNAPSHOT_INFORMATION, Handles) +
                   Count * sizeof(PROCESS_HANDLE_TABLE_ENTRY_INFO));
}

static NTSTATUS Append(PHANDLE_LIST List, const OB_HANDLE_FACTS *Facts)
{
    PROCESS_HANDLE_TABLE_ENTRY_INFO Entry = {
        .HandleValue = Facts->Handle,
        .HandleCount = Facts->HandleCount,
        .PointerCount = Facts->PointerCount,
        .GrantedAccess = Facts->Access,
        .ObjectTypeIndex = Facts->TypeIndex,
        .HandleAttributes = Facts->Attributes,
    };

    ULONG Number = (ULONG)(ULONG_PTR)Facts->Handle;

    List->Count++;
    if (LengthFor(List, List->Count) > List->Output->Length)
        return STATUS_SUCCESS;
    List->Fitted = List->Count;
    if (List->Numbers)
        return MmWriteClient((CLIENT(PULONG))List->Output->Information + List->Count - 1, &Number);
    return MmWriteClient(EntryAt(List->Output, List->Count - 1), &Entry);
}

static NTSTATUS AppendAll(PEPROCESS Process, PHANDLE_LIST List)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Block, Count, i;

    for (Block = 0; NT_SUCCESS(Status) && ObDescribeHandles(Process, Block, List->Facts, &Count);
         Block++) {
        for (i = 0; i < Count && NT_SUCCESS(Status); i++)
            Status = Append(List, &List->Facts[i]);
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
    }
    return Status;
}

/* STATUS_INFO_LENGTH_MISMATCH with the length needed. */
static NTSTATUS ListHandles(PEPROCESS Process, PHANDLE_LIST List)
{
    NTSTATUS Status;

    List->Facts = ExAllocatePool(OB_HANDLES_A_BLOCK * sizeof(*List->Facts));
    if (!List->Facts)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = AppendAll(Process, List);
    ExFreePool(List->Facts);
    if (!NT_SUCCESS(Status))
        return Status;
    List->Output->Needed = LengthFor(List, List->Count);
    return List->Fitted < List->Count || List->Output->Length < List->Output->Needed
               ? STATUS_INFO_LENGTH_MISMATCH
               : STATUS_SUCCESS;
}

NTSTATUS PspQueryHandleTable(PVOID Object, PPSP_OUTPUT Output)
{
    HANDLE_LIST List = {.Output = Output, .Numbers = TRUE};

    return ListHandles(Object, &List);
}

NTSTATUS PspQueryProcessHandles(PVOID Object, PPSP_OUTPUT Output)
{
    HANDLE_LIST List = {.Output = Output};
    PROCESS_HANDLE_SNAPSHOT_INFORMATION Header = {0};
    NTSTATUS Status = ListHandles(Object, &List);

    if (!NT_SUCCESS(Status))
        return Status;
    Header.NumberOfHandles = List.Count;
    return MmCopyToClient(Output->Information, &Header,
                          FIELD_OFFSET(PROCESS_HANDLE_SNAPSHOT_INFORMATION, Handles));
}
