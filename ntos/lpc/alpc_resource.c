/* SPDX-License-Identifier: BSD-2-Clause */
/* The things of a port that have handles of their own there. */
#include "alpcp.h"

NTSTATUS AlpcpCreateResource(PLPCP_PORT Port, ALPCP_KIND Kind, PALPCP_RESOURCE *Resource)
{
    PALPCP_RESOURCE New = NULL;

    if (Port->Alpc.ResourceCount < ALPCP_MAXIMUM_RESOURCES)
        New = ExAllocatePool(sizeof(*New));
    if (!New)
        return STATUS_INSUFFICIENT_RESOURCES;
    New->Kind = (UCHAR)Kind;
    do
        New->Handle = (Port->Alpc.LastResource += 0x10);
    while (!New->Handle || AlpcpFindResource(Port, Kind, (ALPC_HANDLE)(ULONG_PTR)New->Handle));
    InsertTailList(&Port->Alpc.Resources, &New->Links);
    Port->Alpc.ResourceCount++;
    *Resource = New;
    return STATUS_SUCCESS;
}

PALPCP_RESOURCE AlpcpFindResource(PLPCP_PORT Port, ALPCP_KIND Kind, ALPC_HANDLE Handle)
{
    PLIST_ENTRY Head = &Port->Alpc.Resources, Entry;

    for (Entry = Head->Flink; Entry != Head; Entry = Entry->Flink) {
        PALPCP_RESOURCE Resource = CONTAINING_RECORD(Entry, ALPCP_RESOURCE, Links);

        if (Resource->Kind == Kind && Resource->Handle == (ULONG_PTR)Handle)
            return Resource;
    }
    return NULL;
}

static void TakeOut(PLPCP_PORT Port, PALPCP_RESOURCE Resource)
{
    RemoveEntryList(&Resource->Links);
    Port->Alpc.ResourceCount--;
}

void AlpcpRemoveResource(PLPCP_PORT Port, PALPCP_RESOURCE Resource)
{
    TakeOut(Port, Resource);
    ExFreePool(Resource);
}

static void DeleteView(PALPCP_RESOURCE Resource)
{
    if (Resource->View.Process->AddressSpace)
        MmUnmapViewOfSection(Resource->View.Process, Resource->View.Base);
    ObDereferenceObject(Resource->View.Process);
    ObDereferenceObject(Resource->View.Section);
}

void AlpcpDeleteResource(PLPCP_PORT Port, PALPCP_RESOURCE Resource)
{
    TakeOut(Port, Resource);
    switch (Resource->Kind) {
    case AlpcpSection:
        Port->Alpc.SectionBytes -= Resource->Section.Size;
        ObDereferenceObject(Resource->Section.Section);
        break;
    case AlpcpView:
        DeleteView(Resource);
        break;
    case AlpcpReserve:
        AlpcpFreeReserve(Resource);
        break;
    default:
        AlpcpDereferenceSecurity(Resource->Security);
        break;
    }
    ExFreePool(Resource);
}
