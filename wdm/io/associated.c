/* SPDX-License-Identifier: BSD-2-Clause */
/* IRPs that do part of what another, their master, is to do: it is completed with the last. */
#include "wdmio.h"
#include "ki.h"

/* IoMakeAssociatedIrp: the caller sets the master's IrpCount. NULL: no memory. */
PIRP NTAPI IoMakeAssociatedIrp(PIRP Irp, CCHAR StackSize)
{
    PIRP Associated = IoAllocateIrp(StackSize, FALSE);

    if (!Associated)
        return NULL;
    Associated->Flags |= IRP_ASSOCIATED_IRP;
    Associated->AssociatedIrp.MasterIrp = Irp;
    Associated->Tail.Overlay.Thread = Irp->Tail.Overlay.Thread;
    return Associated;
}

VOID WdmFinishAssociatedIrp(PIRP Irp)
{
    PIRP Master = Irp->AssociatedIrp.MasterIrp;
    BOOLEAN Last = InterlockedDecrement(&Master->AssociatedIrp.IrpCount) == 0;

    for (PMDL Mdl = Irp->MdlAddress, Next; Mdl; Mdl = Next) {
        Next = Mdl->Next;
        IoFreeMdl(Mdl);
    }
    IoFreeIrp(Irp);
    if (Last)
        IoCompleteRequest(Master, IO_NO_INCREMENT);
}

/* IoSetMasterIrpStatus: a failure stays, and of failures the first. */
VOID NTAPI IoSetMasterIrpStatus(PIRP MasterIrp, NTSTATUS Status)
{
    if (NT_SUCCESS(MasterIrp->IoStatus.Status))
        MasterIrp->IoStatus.Status = Status;
}

/* IoIsOperationSynchronous: whether who has made the IRP waits for it. (WDK) */
BOOLEAN NTAPI IoIsOperationSynchronous(PIRP Irp)
{
    PFILE_OBJECT File = IoGetCurrentIrpStackLocation(Irp)->FileObject;

    if (Irp->Flags & (IRP_PAGING_IO | IRP_SYNCHRONOUS_PAGING_IO))
        return (Irp->Flags & IRP_SYNCHRONOUS_PAGING_IO) != 0;
    if (File && (File->Flags & FO_SYNCHRONOUS_IO))
        return TRUE;
    return (Irp->Flags & IRP_SYNCHRONOUS_API) != 0;
}
