/* SPDX-License-Identifier: BSD-2-Clause */
/* What all drivers of the tests do with requests; after the DDK's header. */
#pragma once

static inline NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* The dispatch routine of what always succeeds. */
static inline NTSTATUS NTAPI CompleteWell(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* For IRP_MJ_CREATE, IRP_MJ_CLEANUP and IRP_MJ_CLOSE. */
static inline VOID ServeFiles(PDRIVER_OBJECT DriverObject, PDRIVER_DISPATCH Routine)
{
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Routine;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = Routine;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Routine;
}
