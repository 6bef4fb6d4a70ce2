/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections that the sides of a connection give each other. */
#include "lpcp.h"

NTSTATUS LpcpMapView(PLPCP_PORT Port, struct _MM_SECTION *Section, LARGE_INTEGER Offset,
                     PLPCP_VIEW View)
{
    NTSTATUS Status;

    View->Base = NULL;
    Status = MmMapViewOfSection(Section, Port->Process, &View->Base, 0, &Offset, &View->Size, 0,
                                PAGE_READWRITE);
    if (!NT_SUCCESS(Status))
        View->Base = NULL;
    return Status;
}

static void Unmap(PLPCP_PORT Port, PLPCP_VIEW View)
{
    if (View->Base && Port->Process->AddressSpace)
        MmUnmapViewOfSection(Port->Process, View->Base);
    View->Base = NULL;
}

void LpcpUnmapViews(PLPCP_PORT Port)
{
    Unmap(Port, &Port->OwnView);
    Unmap(Port, &Port->RemoteView);
}

NTSTATUS LpcpCaptureView(CLIENT(PPORT_VIEW) ClientView, PPORT_VIEW View,
                         struct _MM_SECTION **Section)
{
    NTSTATUS Status;

    *Section = NULL;
    if (!ClientView)
        return STATUS_SUCCESS;
    Status = MmProbeForWrite(ClientView, sizeof(*ClientView));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(View, ClientView);
    if (!NT_SUCCESS(Status))
        return Status;
    if (View->Length != sizeof(*View))
        return STATUS_INVALID_PARAMETER;
    return ObReferenceObjectByHandle(View->SectionHandle, SECTION_MAP_READ | SECTION_MAP_WRITE,
                                     MmSectionObjectType, (PVOID *)Section);
}

NTSTATUS LpcpCheckRemoteView(CLIENT(PREMOTE_PORT_VIEW) ClientView)
{
    REMOTE_PORT_VIEW View;
    NTSTATUS Status;

    if (!ClientView)
        return STATUS_SUCCESS;
    Status = MmProbeForWrite(ClientView, sizeof(*ClientView));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&View, ClientView);
    return NT_SUCCESS(Status) && View.Length != sizeof(View) ? STATUS_INVALID_PARAMETER : Status;
}

NTSTATUS LpcpReturnRemoteView(CLIENT(PREMOTE_PORT_VIEW) ClientView, const LPCP_VIEW *View)
{
    REMOTE_PORT_VIEW Remote = {sizeof(Remote), View->Base ? View->Size : 0, View->Base};

    return ClientView ? MmWriteClient(ClientView, &Remote) : STATUS_SUCCESS;
}
