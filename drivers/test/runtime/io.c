/* SPDX-License-Identifier: BSD-2-Clause */
/* Share access, IRPs of special kinds, the error log. */
#include "runtime.h"

static NTSTATUS Open(PSHARE_ACCESS Access, PFILE_OBJECT File, ACCESS_MASK Desired, ULONG Share)
{
    RtlZeroMemory(File, sizeof(*File));
    return IoCheckShareAccess(Desired, Share, File, Access, TRUE);
}

VOID TestShareAccess(VOID)
{
    static FILE_OBJECT First, Second, Third;
    SHARE_ACCESS Access;

    IoSetShareAccess(FILE_READ_DATA, FILE_SHARE_READ, &First, &Access);
    CHECK(Access.OpenCount == 1 && Access.Readers == 1 && Access.SharedRead == 1);
    CHECK(First.ReadAccess && First.SharedRead && !First.WriteAccess && !First.SharedWrite);
    CHECK_STATUS(Open(&Access, &Second, FILE_READ_DATA, FILE_SHARE_READ), STATUS_SUCCESS);
    CHECK(Access.OpenCount == 2 && Access.Readers == 2);
    CHECK_STATUS(Open(&Access, &Third, FILE_WRITE_DATA, FILE_SHARE_READ), STATUS_SHARING_VIOLATION);
    CHECK_STATUS(Open(&Access, &Third, FILE_READ_DATA, 0), STATUS_SHARING_VIOLATION);
    CHECK_STATUS(Open(&Access, &Third, DELETE, FILE_SHARE_READ), STATUS_SHARING_VIOLATION);
    CHECK_STATUS(Open(&Access, &Third, FILE_READ_ATTRIBUTES, 0), STATUS_SUCCESS);
    CHECK(Access.OpenCount == 2); /* that one does not count */
    IoRemoveShareAccess(&Third, &Access);
    IoRemoveShareAccess(&First, &Access);
    IoRemoveShareAccess(&Second, &Access);
    CHECK(!Access.OpenCount && !Access.Readers && !Access.SharedRead);
    CHECK_STATUS(Open(&Access, &First, FILE_WRITE_DATA | DELETE, 7), STATUS_SUCCESS);
    CHECK(Access.Writers == 1 && Access.Deleters == 1 && Access.SharedDelete == 1);
    RtlZeroMemory(&Second, sizeof(Second));
    CHECK_STATUS(IoCheckShareAccess(FILE_READ_DATA, 7, &Second, &Access, FALSE), STATUS_SUCCESS);
    CHECK(Access.OpenCount == 1);
    IoUpdateShareAccess(&Second, &Access);
    CHECK(Access.OpenCount == 2 && Access.Readers == 1);
    CHECK(IoGetFileObjectGenericMapping()->GenericAll == FILE_ALL_ACCESS);
    CHECK(IoGetFileObjectGenericMapping()->GenericRead == FILE_GENERIC_READ);
}

static ULONG Completions;

static NTSTATUS NTAPI MasterDone(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    Completions++;
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID TestAssociated(VOID)
{
    PIRP Master = IoAllocateIrp(2, FALSE), Parts[3];

    Completions = 0;
    IoSetNextIrpStackLocation(Master);
    IoSetCompletionRoutine(Master, MasterDone, NULL, TRUE, TRUE, TRUE);
    IoSetNextIrpStackLocation(Master);
    Master->IoStatus.Status = STATUS_SUCCESS;
    for (int i = 0; i < 3; i++) {
        Parts[i] = IoMakeAssociatedIrp(Master, 1);
        CHECK(Parts[i] && (Parts[i]->Flags & IRP_ASSOCIATED_IRP));
        CHECK(Parts[i]->AssociatedIrp.MasterIrp == Master);
    }
    Master->AssociatedIrp.IrpCount = 3;
    for (int i = 0; i < 3; i++) {
        CHECK(Completions == 0);
        IoCompleteRequest(Parts[i], IO_NO_INCREMENT);
    }
    CHECK(Completions == 1 && Master->AssociatedIrp.IrpCount == 0);
    IoFreeIrp(Master);
}

VOID TestIrpKinds(VOID)
{
    static FILE_OBJECT File;
    PCONFIGURATION_INFORMATION Configuration = IoGetConfigurationInformation();
    PIRP Irp = IoAllocateIrp(1, FALSE);
    VOID(NTAPI * SetMasterStatus)(PIRP, NTSTATUS) = Routine(L"IoSetMasterIrpStatus");
    KIRQL Irql;

    TestAssociated();
    IoSetNextIrpStackLocation(Irp);
    IoGetCurrentIrpStackLocation(Irp)->FileObject = &File;
    CHECK(!IoIsOperationSynchronous(Irp));
    File.Flags = FO_SYNCHRONOUS_IO;
    CHECK(IoIsOperationSynchronous(Irp));
    Irp->Flags = IRP_PAGING_IO;
    CHECK(!IoIsOperationSynchronous(Irp));
    Irp->Flags = IRP_PAGING_IO | IRP_SYNCHRONOUS_PAGING_IO;
    CHECK(IoIsOperationSynchronous(Irp));
    File.Flags = 0;
    Irp->Flags = IRP_SYNCHRONOUS_API;
    CHECK(IoIsOperationSynchronous(Irp));
    Irp->Flags = 0;
    CHECK(IoGetRequestorProcess(Irp) == NULL && IoGetRequestorProcessId(Irp) == 0);
    SetMasterStatus(Irp, STATUS_IO_DEVICE_ERROR);
    CHECK(Irp->IoStatus.Status == STATUS_IO_DEVICE_ERROR);
    SetMasterStatus(Irp, STATUS_ACCESS_DENIED);
    CHECK(Irp->IoStatus.Status == STATUS_IO_DEVICE_ERROR);
    IoFreeIrp(Irp);
    CHECK(Configuration && Configuration->Version >= sizeof(CONFIGURATION_INFORMATION) - 8);
    Configuration->SerialCount++;
    CHECK(IoGetConfigurationInformation()->SerialCount == 1);
    Configuration->SerialCount--;
    IoAcquireVpbSpinLock(&Irql);
    CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
    IoReleaseVpbSpinLock(Irql);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
}

VOID TestErrorLog(VOID)
{
    PIO_ERROR_LOG_PACKET Packet =
        IoAllocateErrorLogEntry(TestDriver, sizeof(*Packet) + 3 * sizeof(ULONG));

    CHECK(Packet && !Packet->ErrorCode);
    Packet->ErrorCode = (NTSTATUS)0xC0040001;
    Packet->DumpDataSize = 2 * sizeof(ULONG);
    Packet->DumpData[0] = 1;
    IoWriteErrorLogEntry(Packet);
    Packet = IoAllocateErrorLogEntry(TestDriver->DeviceObject, sizeof(*Packet));
    CHECK(Packet);
    Packet->DumpDataSize = 60000; /* more than there is */
    IoWriteErrorLogEntry(Packet);
    Packet = IoAllocateErrorLogEntry(TestDriver, sizeof(*Packet));
    CHECK(Packet);
    IoFreeErrorLogEntry(Packet);
    CHECK(!IoAllocateErrorLogEntry(TestDriver, sizeof(*Packet) - 1));
    CHECK(!IoAllocateErrorLogEntry(TestDriver, 255));
    CHECK(!IoAllocateErrorLogEntry(NULL, sizeof(*Packet)));
}
