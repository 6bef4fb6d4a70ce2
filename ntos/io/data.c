/* SPDX-License-Identifier: BSD-2-Clause */
/* The data of requests: a few bytes beside the request itself, or buffers (buffer.c). */
#include "iop.h"

NTSTATUS IopWriteData(PIO_REQUEST Request, ULONG Offset, const void *Source, ULONG Length)
{
    if (Request->System.Buffer)
        return MmWriteToSection(Request->System.Buffer->Section, Request->System.Offset + Offset,
                                Source, Length);
    if (Length)
        memcpy((PCHAR)Request->Buffer + Offset, Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS IopFillData(PIO_REQUEST Request, ULONG Offset, CLIENT(PCVOID) Source, ULONG Length)
{
    if (!Length)
        return STATUS_SUCCESS;
    if (Request->System.Buffer)
        return MmFillSection(Request->System.Buffer->Section, Request->System.Offset + Offset,
                             PsGetCurrentProcess(), Source, Length);
    return MmCopyFromClient((PCHAR)Request->Buffer + Offset, Source, Length);
}

/* Those of the Executive's own requests may lie elsewhere. Direct data are where they are wanted
 * already. */
NTSTATUS IopReturnData(PIO_REQUEST Request, PEPROCESS Process, CLIENT(PVOID) Destination)
{
    ULONG Length = IopOutputLength(Request);
    ULONG Offset = (ULONG)DriverOutputOffset(&Request->Parameters);

    if (!Length || Request->Direct.Buffer)
        return STATUS_SUCCESS;
    if (Request->System.Buffer)
        return MmReadSection(Request->System.Buffer->Section, Request->System.Offset + Offset,
                             Process, Destination, Length);
    return MmCopyToProcess(Process, Destination,
                           Request->Output ? Request->Output : (PCHAR)Request->Buffer + Offset,
                           Length);
}

NTSTATUS IopLockData(PIO_REQUEST Request, CLIENT(PVOID) Address, ULONG Length, BOOLEAN Write)
{
    NTSTATUS Status = IopLockBuffer(PsGetCurrentProcess(), (ULONG_PTR)Address, Length, Write,
                                    &Request->Direct.Buffer);

    if (!NT_SUCCESS(Status)) {
        Request->Direct.Buffer = NULL;
        return Status;
    }
    Request->Direct.Address = (ULONG_PTR)Address;
    Request->Direct.Offset = (ULONG_PTR)Address % PAGE_SIZE;
    Request->Parameters.Direct.Place = DriverDataPages;
    return IopChargeData(Request, Request->Direct.Buffer->Pages) ? STATUS_SUCCESS
                                                                 : STATUS_INSUFFICIENT_RESOURCES;
}

void IopDescribeData(PIO_REQUEST Request, PIO_HOST Host, DRIVER_DATA *System, DRIVER_DATA *Direct)
{
    ULONG_PTR Base;

    *System = *Direct = (DRIVER_DATA){.Place = DriverDataInline};
    if (Request->System.Buffer) {
        Base = IopBufferAddress(Request->System.Buffer, Host);
        System->Place = DriverDataPages;
        System->Address = Base ? Base + Request->System.Offset : 0;
        System->Offset = Request->System.Offset;
    }
    if (Request->Direct.Buffer) {
        Direct->Place = DriverDataPages;
        Direct->Address = Request->Direct.Address;
        Direct->Offset = Request->Direct.Offset;
    }
}

void IopReleaseDataAndWait(PIO_REQUEST Request)
{
    PIO_BUFFER System = Request->System.Buffer, Direct = Request->Direct.Buffer;

    Request->System.Buffer = Request->Direct.Buffer = NULL;
    if (System)
        IopDereferenceBufferAndWait(System);
    if (Direct)
        IopDereferenceBufferAndWait(Direct);
}

void IopReleaseData(PIO_REQUEST Request)
{
    if (Request->System.Buffer)
        IopDereferenceBuffer(Request->System.Buffer);
    if (Request->Direct.Buffer)
        IopDereferenceBuffer(Request->Direct.Buffer);
}
