/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who pays for what drivers hold. A request takes memory in the process of each driver that it goes
 * through: the runtime's own record, an IRP, a copy of the data (wdm/io/request.c, buffers.c). The
 * process that makes the request is charged for it then, and gets it back when the request is
 * freed; so it is refused what the drivers would have no memory for, and nobody else notices. An
 * open file is charged with the request that will close it.
 *
 * A host has threads when the routines of its drivers wait. A few are its own; for others it has
 * the process charged whose request is being served (wdm/ke/pool.c), which is charged for as long
 * as the thread works for it, and refused the request when it cannot pay. What a few threads take
 * is kept for those that have no others.
 *
 * What the Executive holds is pool, which is metered like all objects (mm/commit.c).
 */
#include "iop.h"

/*
 * Bytes in one driver's process, headers and what the heap loses between blocks included. On amd64
 * a WDM_REQUEST with a small IRP and a few data has 1,040, another IRP 208 and 72 for each
 * location, an MDL 48, a WDM_REMOTE_CALL 160, a FILE_OBJECT 216.
 */
#define IOP_REQUEST_COST 1152
#define IOP_LOCATION_COST 72 /* of the device stack */
#define IOP_PAGE_COST 24     /* of data: its number in an MDL, and what maps it */
#define IOP_FILE_COST 512    /* with what the driver remembers of the reader */
#define IOP_FEW_THREADS 2    /* of one process in drivers */

/* Of the device's stack: a request may go through all. */
static SIZE_T IopDriversIn(PIO_DEVICE Top)
{
    SIZE_T Count = 0;

    for (; Top; Top = Top->AttachedTo)
        Count += Top->Driver != NULL;
    return Count;
}

static BOOLEAN IopCharge(PIO_REQUEST Request, SIZE_T Bytes)
{
    if (!MmChargeDriverMemory(Request->Payer, Bytes))
        return FALSE;
    Request->Charge += Bytes;
    return TRUE;
}

/* The calling process pays for a request that has just been made. What the system does by itself,
 * and what drivers send each other in a process's name, costs nobody. FALSE: it cannot pay. */
BOOLEAN IopChargeRequest(PIO_REQUEST Request)
{
    PETHREAD Thread = PsGetCurrentThread();
    SIZE_T Bytes = IOP_REQUEST_COST;
    PIO_DEVICE Top;

    if (!Thread || !Request->Device)
        return TRUE;
    Top = IopTopDevice(Request->Device);
    Bytes += IOP_LOCATION_COST * Top->StackSize;
    if (Request->Parameters.MajorFunction == IRP_MJ_CLOSE)
        Bytes += IOP_FILE_COST;
    Request->Payer = Thread->Process;
    ObReferenceObject(Thread->Process);
    return IopCharge(Request, Bytes * IopDriversIn(Top));
}

/* The pages themselves are committed as those of a section are. */
BOOLEAN IopChargeData(PIO_REQUEST Request, ULONG Pages)
{
    if (!Request->Payer)
        return TRUE;
    return IopCharge(Request,
                     (SIZE_T)Pages * IOP_PAGE_COST * IopDriversIn(IopTopDevice(Request->Device)));
}

/* The drivers keep the file's name as long as the file is open. */
BOOLEAN IopChargeName(PIO_FILE File)
{
    SIZE_T Drivers = IopDriversIn(IopTopDevice(File->Device));

    return !File->CloseRequest->Payer || IopCharge(File->CloseRequest, File->Name.Length * Drivers);
}

static BOOLEAN IopChargeThread(PIO_REQUEST Request)
{
    PEPROCESS Payer = Request->Payer;

    if (!MmChargeDriverThread(Payer, DRIVER_THREAD_COST, Payer->DriverThreads < IOP_FEW_THREADS))
        return FALSE;
    Payer->DriverThreads++;
    Request->Threads++;
    Request->Charge += DRIVER_THREAD_COST;
    return TRUE;
}

static void IopReturnThreads(PIO_REQUEST Request, ULONG Count)
{
    SIZE_T Bytes;

    if (Count > Request->Threads)
        Count = Request->Threads;
    Bytes = (SIZE_T)Count * DRIVER_THREAD_COST;
    Request->Threads -= Count;
    Request->Payer->DriverThreads -= Count;
    Request->Charge -= Bytes;
    MmReturnDriverMemory(Request->Payer, Bytes);
}

/* DrvChargeThreads: see driver.h. STATUS_ACCESS_VIOLATION. */
NTSTATUS NTAPI DrvChargeThreads(CLIENT(PULONGLONG) Id, LONG Count)
{
    ULONGLONG Number;
    NTSTATUS Status = MmReadClient(&Number, Id);
    PIO_HOST Host = IopCurrentHost();
    PIO_REQUEST Request;

    if (!NT_SUCCESS(Status))
        return Status;
    Request = Host ? IopFindOutstanding(Host, Number) : NULL;
    if (!Request || !Request->Payer)
        return STATUS_NOT_FOUND;
    if (Count > 0)
        return IopChargeThread(Request) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    IopReturnThreads(Request, 0u - (ULONG)Count);
    return STATUS_SUCCESS;
}

void IopReturnCharge(PIO_REQUEST Request)
{
    if (!Request->Payer)
        return;
    if (Request->Threads)
        IopReturnThreads(Request, Request->Threads);
    MmReturnDriverMemory(Request->Payer, Request->Charge);
    ObDereferenceObject(Request->Payer);
}

/* A close is sent however many requests there are, and does not count. */
static BOOLEAN IopIsBounded(PIO_REQUEST Request)
{
    return Request->MessageType == DriverMessageRequest &&
           Request->Parameters.MajorFunction != IRP_MJ_CLOSE &&
           Request->Parameters.MajorFunction != IRP_MJ_CLEANUP;
}

/* It is to be sent. FALSE: too many of its process's are on their way. Their number is bounded so
 * that the end of a driver or of a thread is done with them soon. */
BOOLEAN IopCountRequest(PIO_REQUEST Request)
{
    PEPROCESS Payer = Request->Payer;

    if (!Payer || !IopIsBounded(Request))
        return TRUE;
    if (Payer->RequestCount >= IOP_MAXIMUM_REQUESTS)
        return FALSE;
    Payer->RequestCount++;
    Request->Counted = TRUE;
    return TRUE;
}

void IopUncountRequest(PIO_REQUEST Request)
{
    if (Request->Counted)
        Request->Payer->RequestCount--;
    Request->Counted = FALSE;
}
