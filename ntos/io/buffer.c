/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Buffers: pages that hold the data of a request, seen by each host that the request goes through.
 * The pages are the system's, and what a program writes is copied into them once; or they are pages
 * of the program itself (or of the host that has made the request), held as long as the request
 * lasts. Nothing is copied from host to host.
 *
 * A host sees a buffer from when it is first wanted until the buffer goes. Small buffers of the
 * system's own stay with their device when a request is over, for the next one, and so do the
 * hosts' views of them: making and mapping pages costs more than what most requests do.
 */
#include "iop.h"

#define IOP_KEPT_BUFFER_PAGES 16 /* at most, of one that is kept */
#define IOP_KEPT_DEVICE_PAGES 32 /* of one device */
#define IOP_KEPT_PAGES 128       /* of all devices */
#define IOP_PLENTY_PAGES 1024    /* available; nothing is kept below */

typedef struct _IOP_VIEW {
    struct _IOP_VIEW *Next;
    PIO_HOST Host; /* referenced */
    PVOID Address;
} IOP_VIEW, *PIOP_VIEW;

static ULONG IopKeptPages;
static LIST_ENTRY IopDeadBuffers = {&IopDeadBuffers, &IopDeadBuffers};
static KEVENT IopDeadBuffersEvent;

/* ---- Making ---- */

static ULONG IopPagesOf(ULONG Length)
{
    return (ULONG)(((ULONGLONG)Length + PAGE_SIZE - 1) / PAGE_SIZE);
}

/* So that the next request of about this size finds it large enough. */
static ULONG IopRoundPages(ULONG Pages)
{
    ULONG Rounded = 1;

    if (Pages > IOP_KEPT_BUFFER_PAGES)
        return Pages;
    while (Rounded < Pages)
        Rounded *= 2;
    return Rounded;
}

static PIO_BUFFER IopAllocateBuffer(ULONG Pages)
{
    PIO_BUFFER Buffer = ExAllocatePool(sizeof(*Buffer));

    if (!Buffer)
        return NULL;
    Buffer->References = 1;
    Buffer->Pages = Pages;
    return Buffer;
}

static PIO_BUFFER IopTakeKeptBuffer(PIO_DEVICE Device, ULONG Pages)
{
    PLIST_ENTRY Entry;

    for (Entry = Device->KeptBuffers.Flink; Entry != &Device->KeptBuffers; Entry = Entry->Flink) {
        PIO_BUFFER Buffer = CONTAINING_RECORD(Entry, IO_BUFFER, Links);

        if (Buffer->Pages != Pages)
            continue;
        RemoveEntryList(&Buffer->Links);
        Device->KeptPages -= Pages;
        IopKeptPages -= Pages;
        Buffer->References = 1;
        ObReferenceObject(Device);
        return Buffer;
    }
    return NULL;
}

/*
 * A buffer of the system's for Length bytes of a request to Device, or to none. What lies in it is
 * undefined, and may be another request's: *Fresh says that it is all zero. Gives way.
 */
NTSTATUS IopCreateBuffer(PIO_DEVICE Device, ULONG Length, BOOLEAN *Fresh, PIO_BUFFER *Result)
{
    ULONG Pages = IopRoundPages(IopPagesOf(Length));
    LARGE_INTEGER Size = {.QuadPart = (LONGLONG)Pages * PAGE_SIZE};
    NTSTATUS Status;

    if (Device && !Device->Driver)
        Device = NULL; /* no host sees it */
    *Result = Device ? IopTakeKeptBuffer(Device, Pages) : NULL;
    *Fresh = *Result == NULL;
    if (*Result)
        return STATUS_SUCCESS;
    *Result = IopAllocateBuffer(Pages);
    if (!*Result)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCreateSection(&(*Result)->Section, NULL, &Size, PAGE_READWRITE, SEC_COMMIT);
    if (!NT_SUCCESS(Status)) {
        ExFreePool(*Result);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    (*Result)->Writable = TRUE;
    if (Device && Pages <= IOP_KEPT_BUFFER_PAGES) {
        ObReferenceObject(Device);
        (*Result)->Keeper = Device;
    }
    return STATUS_SUCCESS;
}

/* A buffer of a process's pages, which drivers may write to if Write. Gives way. */
NTSTATUS IopLockBuffer(PEPROCESS Process, ULONG_PTR Address, ULONG Length, BOOLEAN Write,
                       PIO_BUFFER *Result)
{
    NTSTATUS Status;

    *Result = IopAllocateBuffer(0);
    if (!*Result)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmLockPagesInSection(Process, Address, Length, Write, &(*Result)->Section);
    if (!NT_SUCCESS(Status)) {
        ExFreePool(*Result);
        return Status == STATUS_COMMITMENT_LIMIT ? STATUS_INSUFFICIENT_RESOURCES : Status;
    }
    (*Result)->Pages = IopPagesOf((ULONG)(Address % PAGE_SIZE) + Length);
    (*Result)->Writable = Write;
    return STATUS_SUCCESS;
}

void IopReferenceBuffer(PIO_BUFFER Buffer)
{
    Buffer->References++;
}

/* ---- Views ---- */

static PIOP_VIEW IopFindView(PIO_BUFFER Buffer, PIO_HOST Host)
{
    PIOP_VIEW View;

    for (View = Buffer->Views; View && View->Host != Host; View = View->Next)
        ;
    return View;
}

/* Where the host sees the buffer; 0: nowhere yet. */
ULONG_PTR IopBufferAddress(PIO_BUFFER Buffer, PIO_HOST Host)
{
    PIOP_VIEW View = IopFindView(Buffer, Host);

    return View ? (ULONG_PTR)View->Address : 0;
}

static NTSTATUS IopMapView(PIO_BUFFER Buffer, PEPROCESS Process, PVOID *Address)
{
    SIZE_T Size = 0;

    *Address = NULL;
    return MmMapViewOfSection(Buffer->Section, Process, Address, 0, NULL, &Size, 0,
                              Buffer->Writable ? PAGE_READWRITE : PAGE_READONLY);
}

static void IopUnmapView(PIOP_VIEW View)
{
    PEPROCESS Process = View->Host->Process;

    if (Process) {
        ObReferenceObject(Process);
        MmUnmapViewOfSection(Process, View->Address);
        ObDereferenceObject(Process);
    }
    IoDereferenceHost(View->Host);
    ExFreePool(View);
}

/* Hosts that have ended, whose views went with them. */
static void IopForgetViews(PIO_BUFFER Buffer)
{
    PIOP_VIEW *Link = &Buffer->Views, View;

    while ((View = *Link) != NULL) {
        if (View->Host->Process) {
            Link = &View->Next;
            continue;
        }
        *Link = View->Next;
        IoDereferenceHost(View->Host);
        ExFreePool(View);
    }
}

/* The host will see the buffer, which the caller has referenced. May wait; another may map it
 * meanwhile, and the first view counts. */
NTSTATUS IopMapBuffer(PIO_BUFFER Buffer, PIO_HOST Host)
{
    PIOP_VIEW View;
    NTSTATUS Status;

    if (IopFindView(Buffer, Host))
        return STATUS_SUCCESS;
    if (!Host->Process)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    IopForgetViews(Buffer);
    View = ExAllocatePool(sizeof(*View));
    if (!View)
        return STATUS_INSUFFICIENT_RESOURCES;
    IoReferenceHost(Host);
    View->Host = Host;
    Status = IopMapView(Buffer, Host->Process, &View->Address);
    if (!NT_SUCCESS(Status)) {
        IoDereferenceHost(Host);
        ExFreePool(View);
    } else if (IopFindView(Buffer, Host)) {
        IopUnmapView(View);
    } else {
        View->Next = Buffer->Views;
        Buffer->Views = View;
    }
    return Status;
}

/* ---- The end ---- */

static BOOLEAN IopMayKeep(PIO_BUFFER Buffer)
{
    PIO_DEVICE Device = Buffer->Keeper;
    MM_STATISTICS Statistics;

    if (!Device || Device->Deleted || Device->KeptPages + Buffer->Pages > IOP_KEPT_DEVICE_PAGES ||
        IopKeptPages + Buffer->Pages > IOP_KEPT_PAGES)
        return FALSE;
    MmQueryStatistics(&Statistics);
    return Statistics.AvailablePages > IOP_PLENTY_PAGES;
}

static void IopDestroyBuffer(PIO_BUFFER Buffer)
{
    while (Buffer->Views) {
        PIOP_VIEW View = Buffer->Views;

        Buffer->Views = View->Next;
        IopUnmapView(View);
    }
    if (Buffer->Keeper)
        ObDereferenceObject(Buffer->Keeper);
    ObDereferenceObject(Buffer->Section);
    ExFreePool(Buffer);
}

/* The last reference's end may be where nobody can wait, so a system thread takes the rest. */
static void IopBuryBuffer(PIO_BUFFER Buffer)
{
    InsertTailList(&IopDeadBuffers, &Buffer->Links);
    KeSetEvent(&IopDeadBuffersEvent);
}

void IopDereferenceBuffer(PIO_BUFFER Buffer)
{
    PIO_DEVICE Device = Buffer->Keeper;

    if (--Buffer->References)
        return;
    if (!IopMayKeep(Buffer)) {
        IopBuryBuffer(Buffer);
        return;
    }
    Device->KeptPages += Buffer->Pages;
    IopKeptPages += Buffer->Pages;
    InsertHeadList(&Device->KeptBuffers, &Buffer->Links);
    ObDereferenceObject(Device); /* which gives up what it keeps before it goes */
}

/* The same for who may wait: what the buffer takes is free afterwards. */
void IopDereferenceBufferAndWait(PIO_BUFFER Buffer)
{
    if (Buffer->References > 1 || IopMayKeep(Buffer)) {
        IopDereferenceBuffer(Buffer);
        return;
    }
    Buffer->References = 0;
    IopDestroyBuffer(Buffer);
}

/* The device is going: what it keeps goes too. */
void IopDropBuffers(PIO_DEVICE Device)
{
    while (!IsListEmpty(&Device->KeptBuffers)) {
        PIO_BUFFER Buffer =
            CONTAINING_RECORD(RemoveHeadList(&Device->KeptBuffers), IO_BUFFER, Links);

        Device->KeptPages -= Buffer->Pages;
        IopKeptPages -= Buffer->Pages;
        Buffer->Keeper = NULL;
        IopBuryBuffer(Buffer);
    }
}

static void IopBufferThread(PVOID Context)
{
    for (;;) {
        KeWaitForSingleObject(&IopDeadBuffersEvent, FALSE, NULL);
        while (!IsListEmpty(&IopDeadBuffers)) {
            IopDestroyBuffer(CONTAINING_RECORD(RemoveHeadList(&IopDeadBuffers), IO_BUFFER, Links));
            KeGiveWay();
        }
    }
}

void IopInitializeBuffers(void)
{
    KeInitializeEvent(&IopDeadBuffersEvent, SynchronizationEvent, FALSE);
    if (!NT_SUCCESS(KeCreateSystemThread(IopBufferThread, NULL)))
        KeBugCheck("no thread for buffers");
}
