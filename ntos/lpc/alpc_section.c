/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections of ports, and views of them that go with messages. */
#include "alpcp.h"

#define GRANULARITY ((SIZE_T)0x10000) /* of views in a section */

/* ---- Sections ---- */

static NTSTATUS CheckSize(PLPCP_PORT Port, SIZE_T Size)
{
    SIZE_T All = Port->Alpc.MaximumSections, One = Port->Alpc.MaximumSection;

    if ((One && Size > One) || (All && (Size > All || Port->Alpc.SectionBytes > All - Size)))
        return STATUS_SECTION_TOO_BIG;
    return STATUS_SUCCESS;
}

static NTSTATUS MakeSection(SIZE_T Size, struct _MM_SECTION **Section)
{
    LARGE_INTEGER Maximum = {.QuadPart = (LONGLONG)Size};

    if (Maximum.QuadPart < 0)
        return STATUS_SECTION_TOO_BIG;
    return MmCreateSection(Section, NULL, &Maximum, PAGE_READWRITE, SEC_COMMIT);
}

static NTSTATUS GetSection(HANDLE Handle, SIZE_T Size, struct _MM_SECTION **Section)
{
    NTSTATUS Status;

    if (!Handle)
        return MakeSection(Size, Section);
    Status = ObReferenceObjectByHandle(Handle, SECTION_MAP_READ | SECTION_MAP_WRITE,
                                       MmSectionObjectType, (PVOID *)Section);
    if (!NT_SUCCESS(Status) || MmIsWholeSection(*Section))
        return Status;
    ObDereferenceObject(*Section);
    return STATUS_INVALID_PARAMETER;
}

static NTSTATUS ReturnSection(PALPCP_RESOURCE Resource, CLIENT(PALPC_HANDLE) Handle,
                              CLIENT(PSIZE_T) ActualSize)
{
    ALPC_HANDLE Value = (ALPC_HANDLE)(ULONG_PTR)Resource->Handle;
    SIZE_T Size = Resource->Section.Size;
    NTSTATUS Status = MmWriteClient(Handle, &Value);

    return NT_SUCCESS(Status) ? MmWriteClient(ActualSize, &Size) : Status;
}

/* The section's reference is the port's if it succeeds. */
static NTSTATUS AddSection(PLPCP_PORT Port, struct _MM_SECTION *Section, SIZE_T Size,
                           CLIENT(PALPC_HANDLE) Handle, CLIENT(PSIZE_T) ActualSize)
{
    PALPCP_RESOURCE Resource;
    NTSTATUS Status = CheckSize(Port, Size);

    if (NT_SUCCESS(Status))
        Status = AlpcpCreateResource(Port, AlpcpSection, &Resource);
    if (!NT_SUCCESS(Status)) {
        ObDereferenceObject(Section);
        return Status;
    }
    Resource->Section.Section = Section;
    Resource->Section.Size = Size;
    Port->Alpc.SectionBytes += Size;
    return ReturnSection(Resource, Handle, ActualSize);
}

static NTSTATUS CreatePortSection(PLPCP_PORT Port, HANDLE SectionHandle, SIZE_T Size,
                                  CLIENT(PALPC_HANDLE) Handle, CLIENT(PSIZE_T) ActualSize)
{
    struct _MM_SECTION *Section;
    NTSTATUS Status = CheckSize(Port, Size);

    if (NT_SUCCESS(Status))
        Status = GetSection(SectionHandle, Size, &Section);
    return NT_SUCCESS(Status) ? AddSection(Port, Section, Size, Handle, ActualSize) : Status;
}

/*
 * NtAlpcCreatePortSection: a section of SectionSize bytes, or the one of SectionHandle (of which
 * SectionSize bytes are used), for views that are sent through the port. *AlpcSectionHandle
 * receives its handle there, *ActualSectionSize its size in whole pages. Returns
 * STATUS_INVALID_PARAMETER (no size, flags, a section of an image or one that is only reserved),
 * STATUS_NOT_IMPLEMENTED (ALPC_CREATEPORTSECTIONFLG_SECURE), STATUS_SECTION_TOO_BIG (the port's
 * attributes allow less), STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_VIOLATION, and what sections
 * and handles may give.
 */
NTSTATUS NtAlpcCreatePortSection(HANDLE PortHandle, ULONG Flags, HANDLE SectionHandle,
                                 SIZE_T SectionSize, CLIENT(PALPC_HANDLE) AlpcSectionHandle,
                                 CLIENT(PSIZE_T) ActualSectionSize)
{
    SIZE_T Size = ALIGN_UP_BY(SectionSize, PAGE_SIZE);
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags == ALPC_CREATEPORTSECTIONFLG_SECURE)
        return STATUS_NOT_IMPLEMENTED;
    if (Flags || !Size)
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(AlpcSectionHandle, sizeof(*AlpcSectionHandle));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(ActualSectionSize, sizeof(*ActualSectionSize));
    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CreatePortSection(Port, SectionHandle, Size, AlpcSectionHandle, ActualSectionSize);
    ObDereferenceObject(Port);
    return Status;
}

/*
 * NtAlpcDeletePortSection: the port forgets the section; views that there are stay. Returns
 * STATUS_INVALID_PARAMETER (flags), STATUS_INVALID_HANDLE, and what handles may give.
 */
NTSTATUS NtAlpcDeletePortSection(HANDLE PortHandle, ULONG Flags, ALPC_HANDLE SectionHandle)
{
    PALPCP_RESOURCE Section;
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags)
        return STATUS_INVALID_PARAMETER;
    Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Section = AlpcpFindResource(Port, AlpcpSection, SectionHandle);
    if (Section)
        AlpcpDeleteResource(Port, Section);
    ObDereferenceObject(Port);
    return Section ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

/* ---- Views ---- */

PALPCP_RESOURCE AlpcpFindView(PLPCP_PORT Port, PVOID Base)
{
    PLIST_ENTRY Head = &Port->Alpc.Resources, Entry;

    for (Entry = Head->Flink; Base && Entry != Head; Entry = Entry->Flink) {
        PALPCP_RESOURCE Resource = CONTAINING_RECORD(Entry, ALPCP_RESOURCE, Links);

        if (Resource->Kind == AlpcpView && Resource->View.Base == Base &&
            Resource->View.Process == PsGetCurrentProcess())
            return Resource;
    }
    return NULL;
}

/* A record is made first, which nobody finds yet: others run while the view is mapped, and must see
 * that its place is taken. Owner: of one's own section. */
static NTSTATUS MapView(PLPCP_PORT Port, struct _MM_SECTION *Section, LARGE_INTEGER Offset,
                        SIZE_T Size, ULONG Owner, PALPCP_RESOURCE *View)
{
    PEPROCESS Process = PsGetCurrentProcess();
    PALPCP_RESOURCE Resource;
    PVOID Base = NULL;
    NTSTATUS Status = AlpcpCreateResource(Port, AlpcpView, &Resource);

    if (!NT_SUCCESS(Status))
        return Status;
    Resource->View.Section = Section;
    ObReferenceObject(Section);
    Resource->View.Offset = Offset;
    Resource->View.Size = Size;
    Resource->View.Owner = Owner;
    Status = MmMapViewOfSection(Section, Process, &Base, 0, &Offset, &Size, 0, PAGE_READWRITE);
    if (!NT_SUCCESS(Status)) {
        AlpcpRemoveResource(Port, Resource);
        ObDereferenceObject(Section);
        return Status;
    }
    Resource->View.Process = Process;
    ObReferenceObject(Process);
    Resource->View.Base = Base;
    *View = Resource;
    return STATUS_SUCCESS;
}

NTSTATUS AlpcpMapReceivedView(PLPCP_PORT Port, PALPCP_ATTRIBUTES Attributes)
{
    PALPCP_RESOURCE View;
    NTSTATUS Status = MapView(Port, Attributes->ViewSection, Attributes->ViewOffset,
                              Attributes->ViewSize, 0, &View);

    if (NT_SUCCESS(Status))
        Attributes->ReceivedView = View->View.Base;
    return Status;
}

/* The first view of the port's that lies in this part of the section; NULL: it is free. */
static PALPCP_RESOURCE Overlapping(PLPCP_PORT Port, struct _MM_SECTION *Section, SIZE_T Offset,
                                   SIZE_T Size)
{
    PLIST_ENTRY Head = &Port->Alpc.Resources, Entry;

    for (Entry = Head->Flink; Entry != Head; Entry = Entry->Flink) {
        PALPCP_RESOURCE View = CONTAINING_RECORD(Entry, ALPCP_RESOURCE, Links);
        SIZE_T Start = (SIZE_T)View->View.Offset.QuadPart;

        if (View->Kind == AlpcpView && View->View.Section == Section && View->View.Owner &&
            Start < Offset + Size && Offset < Start + View->View.Size)
            return View;
    }
    return NULL;
}

/* The first place in the section where no view of the port is. */
static NTSTATUS FindPlace(PLPCP_PORT Port, PALPCP_RESOURCE Section, SIZE_T Size, PSIZE_T Offset)
{
    PALPCP_RESOURCE View;

    *Offset = 0;
    for (;;) {
        if (*Offset > Section->Section.Size || Size > Section->Section.Size - *Offset)
            return STATUS_INSUFFICIENT_RESOURCES;
        View = Overlapping(Port, Section->Section.Section, *Offset, Size);
        if (!View)
            return STATUS_SUCCESS;
        *Offset = ALIGN_UP_BY((SIZE_T)View->View.Offset.QuadPart + View->View.Size, GRANULARITY);
    }
}

static NTSTATUS CreateSectionView(PLPCP_PORT Port, PALPC_DATA_VIEW_ATTR Attribute)
{
    PALPCP_RESOURCE Section = AlpcpFindResource(Port, AlpcpSection, Attribute->SectionHandle), View;
    SIZE_T Size = ALIGN_UP_BY(Attribute->ViewSize, PAGE_SIZE), Place;
    LARGE_INTEGER Offset;
    NTSTATUS Status;

    if (!Section)
        return STATUS_INVALID_HANDLE;
    if (!Size || Size > Section->Section.Size ||
        (Port->Alpc.MaximumView && Size > Port->Alpc.MaximumView))
        return STATUS_INVALID_VIEW_SIZE;
    Status = FindPlace(Port, Section, Size, &Place);
    if (!NT_SUCCESS(Status))
        return Status;
    Offset.QuadPart = (LONGLONG)Place;
    Status = MapView(Port, Section->Section.Section, Offset, Size, Section->Handle, &View);
    if (!NT_SUCCESS(Status))
        return Status;
    Attribute->ViewBase = View->View.Base;
    Attribute->ViewSize = Size;
    return STATUS_SUCCESS;
}

/*
 * NtAlpcCreateSectionView: maps ViewSize bytes of one of the port's sections that no other view of
 * the port has, to be sent with a message. ViewBase is NULL and receives where it is, ViewSize how
 * long in whole pages. Returns STATUS_INVALID_PARAMETER (flags, ViewBase), STATUS_INVALID_HANDLE
 * (the section), STATUS_INVALID_VIEW_SIZE, STATUS_INSUFFICIENT_RESOURCES (the section is full; too
 * many), STATUS_ACCESS_VIOLATION, and what views and handles may give.
 */
NTSTATUS NtAlpcCreateSectionView(HANDLE PortHandle, ULONG Flags,
                                 CLIENT(PALPC_DATA_VIEW_ATTR) ViewAttributes)
{
    ALPC_DATA_VIEW_ATTR Attribute;
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags)
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(ViewAttributes, sizeof(*ViewAttributes));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Attribute, ViewAttributes);
    if (NT_SUCCESS(Status) && (Attribute.ViewBase || Attribute.Flags))
        Status = STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CreateSectionView(Port, &Attribute);
    ObDereferenceObject(Port);
    return NT_SUCCESS(Status) ? MmWriteClient(ViewAttributes, &Attribute) : Status;
}

/*
 * NtAlpcDeleteSectionView: unmaps a view of the calling process's that belongs to the port: made
 * there, or come with a message. Returns STATUS_INVALID_PARAMETER (flags), STATUS_NOT_MAPPED_VIEW,
 * and what handles may give.
 */
NTSTATUS NtAlpcDeleteSectionView(HANDLE PortHandle, ULONG Flags, PVOID ViewBase)
{
    PALPCP_RESOURCE View = NULL;
    PLPCP_PORT Port;
    NTSTATUS Status;

    if (Flags)
        return STATUS_INVALID_PARAMETER;
    Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    if (ViewBase)
        View = AlpcpFindView(Port, ViewBase);
    if (View)
        AlpcpDeleteResource(Port, View);
    ObDereferenceObject(Port);
    return View ? STATUS_SUCCESS : STATUS_NOT_MAPPED_VIEW;
}
