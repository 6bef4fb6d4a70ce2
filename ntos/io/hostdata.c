/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How hosts come by the data of requests: they ask to see those of requests that they have been
 * sent, and name the data of requests that they send: data of a request of theirs, or pages of
 * their own.
 */
#include "iop.h"

#define IOP_FRAMES_A_TURN 32

typedef struct _IOP_LOCKED_DATA {
    LIST_ENTRY Links; /* IO_HOST.LockedData */
    UINT32 Id;
    PIO_HOST Host;
    IOP_DATA Data;
} IOP_LOCKED_DATA, *PIOP_LOCKED_DATA;

/* ---- Seeing data ---- */

static NTSTATUS IopFindData(PIO_HOST Host, CLIENT(PULONGLONG) RequestId, BOOLEAN Direct,
                            PIOP_DATA Data)
{
    PIO_REQUEST Request;
    ULONGLONG Id;
    NTSTATUS Status = MmReadClient(&Id, RequestId);

    if (!NT_SUCCESS(Status))
        return Status;
    Request = IopFindOutstanding(Host, Id);
    if (!Request)
        return STATUS_INVALID_PARAMETER;
    *Data = Direct ? Request->Direct : Request->System;
    return Data->Buffer ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/*
 * DrvMapData: the host sees the data of a request that it has been sent. STATUS_INVALID_PARAMETER
 * for no such request or data, STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NTAPI DrvMapData(CLIENT(PULONGLONG) RequestId, ULONG Direct, CLIENT(PULONGLONG) Address)
{
    PIO_HOST Host = IopCurrentHost();
    ULONGLONG Result = 0;
    IOP_DATA Data;
    NTSTATUS Status =
        Host ? IopFindData(Host, RequestId, Direct != 0, &Data) : STATUS_DEVICE_DOES_NOT_EXIST;

    if (!NT_SUCCESS(Status))
        return Status;
    IopReferenceBuffer(Data.Buffer);
    Status = IopMapBuffer(Data.Buffer, Host);
    if (NT_SUCCESS(Status))
        Result = IopBufferAddress(Data.Buffer, Host) + Data.Offset;
    IopDereferenceBuffer(Data.Buffer);
    return NT_SUCCESS(Status) ? MmWriteClient(Address, &Result) : Status;
}

static NTSTATUS IopQueryDataFrames(PIOP_DATA Data, ULONG First, ULONG Count,
                                   CLIENT(PULONGLONG) Frames)
{
    ULONGLONG Part[IOP_FRAMES_A_TURN];
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Index, Length;

    if (First > Data->Buffer->Pages || Count > Data->Buffer->Pages - First)
        return STATUS_INVALID_PARAMETER;
    while (Count && NT_SUCCESS(Status)) {
        Length = Count < IOP_FRAMES_A_TURN ? Count : IOP_FRAMES_A_TURN;
        for (Index = 0; Index < Length; Index++)
            Part[Index] = MmSectionFrame(Data->Buffer->Section, First + Index);
        Status = MmCopyToClient(Frames, Part, Length * sizeof(Part[0]));
        Frames += Length;
        First += Length;
        Count -= Length;
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
    }
    return Status;
}

static NTSTATUS IopQueryOwnFrames(ULONG_PTR Address, ULONG Count, CLIENT(PULONGLONG) Frames)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Index, Frame;

    for (Index = 0; Index < Count && NT_SUCCESS(Status); Index++) {
        ULONGLONG Number;

        Status =
            MmQueryFrame(PsGetCurrentProcess(), Address + (ULONG_PTR)Index * PAGE_SIZE, &Frame);
        Number = Frame;
        if (NT_SUCCESS(Status))
            Status = MmWriteClient(Frames + Index, &Number);
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
    }
    return Status;
}

/*
 * DrvQueryFrames: the numbers of physical pages, of a request's direct data from page First on, or
 * without a request of the host's own from Address on. STATUS_INVALID_PARAMETER,
 * STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NTAPI DrvQueryFrames(CLIENT(PULONGLONG) RequestId, CLIENT(PVOID) Address, ULONG First,
                              ULONG Count, CLIENT(PULONGLONG) Frames)
{
    PIO_HOST Host = IopCurrentHost();
    IOP_DATA Data;
    NTSTATUS Status;

    if (!Host)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (!RequestId)
        return IopQueryOwnFrames((ULONG_PTR)Address + (ULONG_PTR)First * PAGE_SIZE, Count, Frames);
    Status = IopFindData(Host, RequestId, TRUE, &Data);
    if (!NT_SUCCESS(Status))
        return Status;
    IopReferenceBuffer(Data.Buffer);
    Status = IopQueryDataFrames(&Data, First, Count, Frames);
    IopDereferenceBuffer(Data.Buffer);
    return Status;
}

/* ---- Naming data ---- */

static void IopFreeLockedData(PIOP_LOCKED_DATA Locked)
{
    RemoveEntryList(&Locked->Links);
    Locked->Host->LockedCount--;
    IopFreeId(Locked->Id);
    ExFreePool(Locked);
}

void IopDropLockedData(PIO_HOST Host)
{
    while (!IsListEmpty(&Host->LockedData)) {
        PIOP_LOCKED_DATA Locked = CONTAINING_RECORD(Host->LockedData.Flink, IOP_LOCKED_DATA, Links);

        IopDereferenceBuffer(Locked->Data.Buffer);
        IopFreeLockedData(Locked);
    }
}

static NTSTATUS IopNameLocked(PIO_HOST Host, PIOP_DATA Data, UINT32 *Id)
{
    PIOP_LOCKED_DATA Locked = ExAllocatePool(sizeof(*Locked));

    if (!Locked)
        return STATUS_INSUFFICIENT_RESOURCES;
    Locked->Id = IopAllocateId(IopIdBuffer, Locked);
    if (!Locked->Id) {
        ExFreePool(Locked);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Locked->Host = Host;
    Locked->Data = *Data;
    InsertTailList(&Host->LockedData, &Locked->Links);
    Host->LockedCount++;
    *Id = Locked->Id;
    return STATUS_SUCCESS;
}

/*
 * DrvLockData: names pages of the host for a request that it is about to send to another host.
 * STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI DrvLockData(CLIENT(PVOID) Address, ULONG Length, ULONG Write, CLIENT(PULONG) Name)
{
    PIO_HOST Host = IopCurrentHost();
    IOP_DATA Data = {.Offset = (ULONG_PTR)Address % PAGE_SIZE, .Address = (ULONG_PTR)Address};
    UINT32 Id = 0;
    NTSTATUS Status;

    if (!Host)
        return STATUS_DEVICE_DOES_NOT_EXIST;
    if (Host->LockedCount >= IOP_MAXIMUM_REQUESTS)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = IopLockBuffer(Host->Process, Data.Address, Length, Write != 0, &Data.Buffer);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Host->Channel ? IopNameLocked(Host, &Data, &Id) : STATUS_DEVICE_DOES_NOT_EXIST;
    if (!NT_SUCCESS(Status)) {
        IopDereferenceBuffer(Data.Buffer);
        return Status;
    }
    return MmWriteClient(Name, &Id); /* else nobody knows it, and it goes with the host */
}

static BOOLEAN IopAdoptLocked(PIO_HOST Origin, UINT64 Name, PIOP_DATA Data)
{
    PIOP_LOCKED_DATA Locked = Name <= MAXULONG ? IopLookupId(IopIdBuffer, (UINT32)Name) : NULL;

    if (!Locked || Locked->Host != Origin)
        return FALSE;
    *Data = Locked->Data;
    IopFreeLockedData(Locked);
    return TRUE;
}

static BOOLEAN IopAdoptOwned(PIO_HOST Origin, const DRIVER_DATA *Name, PIOP_DATA Data)
{
    PIO_REQUEST Owner = IopFindOutstanding(Origin, Name->Address);
    PIOP_DATA Owned;

    if (!Owner)
        return FALSE;
    Owned = Name->Place == DriverDataDirect ? &Owner->Direct : &Owner->System;
    if (!Owned->Buffer || Name->Offset > MAXULONG - Owned->Offset)
        return FALSE;
    *Data = *Owned;
    Data->Offset += Name->Offset;
    Data->Address += Name->Offset;
    IopReferenceBuffer(Data->Buffer);
    return TRUE;
}

static BOOLEAN IopAdopt(PIO_HOST Origin, const DRIVER_DATA *Name, UINT64 Length, BOOLEAN Write,
                        PIOP_DATA Data)
{
    switch (Name->Place) {
    case DriverDataInline:
        return TRUE;
    case DriverDataLocked:
        if (!IopAdoptLocked(Origin, Name->Address, Data))
            return FALSE;
        break;
    case DriverDataSystem:
    case DriverDataDirect:
        if (!IopAdoptOwned(Origin, Name, Data))
            return FALSE;
        break;
    default:
        return FALSE;
    }
    return Data->Offset + Length <= (UINT64)Data->Buffer->Pages * PAGE_SIZE &&
           (!Write || Data->Buffer->Writable);
}

/* Whether the driver returns output in the direct data, or among the system data. */
static BOOLEAN IopIsOutput(const DRIVER_REQUEST *Parameters)
{
    if (DRIVER_IS_CONTROL(Parameters->MajorFunction) && (Parameters->IoControlCode & 3) == 1)
        return FALSE; /* METHOD_IN_DIRECT */
    return Parameters->OutputLength != 0;
}

BOOLEAN IopAdoptData(PIO_HOST Origin, PIO_REQUEST Request, const DRIVER_REQUEST *Parameters)
{
    BOOLEAN Output = IopIsOutput(Parameters), Direct = Parameters->Direct.Place != DriverDataInline;

    return IopAdopt(Origin, &Parameters->System, DriverSystemLength(Parameters), Output && !Direct,
                    &Request->System) &&
           IopAdopt(Origin, &Parameters->Direct, DriverDirectLength(Parameters), Output,
                    &Request->Direct);
}
