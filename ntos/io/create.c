/* SPDX-License-Identifier: BSD-2-Clause */
/* NtCreateFile and NtOpenFile: parameters checked in NT's order, then the object manager finds the
 * device. */
#include "iop.h"

#define IOP_VALID_ATTRIBUTES 0x00007fb7
#define IOP_VALID_SHARE (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
#define IOP_SYNCHRONOUS (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)
/* What may be asked for together with FILE_DIRECTORY_FILE */
#define IOP_DIRECTORY_OPTIONS                                                                      \
    (FILE_DIRECTORY_FILE | IOP_SYNCHRONOUS | FILE_WRITE_THROUGH | FILE_COMPLETE_IF_OPLOCKED |      \
     FILE_OPEN_FOR_BACKUP_INTENT | FILE_DELETE_ON_CLOSE | FILE_OPEN_FOR_FREE_SPACE_QUERY |         \
     FILE_OPEN_BY_FILE_ID | FILE_NO_COMPRESSION | FILE_OPEN_REPARSE_POINT |                        \
     FILE_OPEN_REMOTE_INSTANCE)

static BOOLEAN IopAreDirectoryOptionsValid(const IOP_OPEN_PACKET *Packet)
{
    if (!(Packet->Options & FILE_DIRECTORY_FILE))
        return TRUE;
    return !(Packet->Options & ~IOP_DIRECTORY_OPTIONS) &&
           (Packet->Disposition == FILE_CREATE || Packet->Disposition == FILE_OPEN ||
            Packet->Disposition == FILE_OPEN_IF);
}

static BOOLEAN IopIsPacketValid(const IOP_OPEN_PACKET *Packet, ACCESS_MASK DesiredAccess)
{
    ULONG Options = Packet->Options;

    if ((Packet->FileAttributes & ~IOP_VALID_ATTRIBUTES) ||
        (Packet->ShareAccess & ~IOP_VALID_SHARE) ||
        Packet->Disposition > FILE_MAXIMUM_DISPOSITION || (Options & ~FILE_VALID_OPTION_FLAGS))
        return FALSE;
    if ((Options & IOP_SYNCHRONOUS) && !(DesiredAccess & SYNCHRONIZE))
        return FALSE;
    if ((Options & FILE_DELETE_ON_CLOSE) && !(DesiredAccess & DELETE))
        return FALSE;
    if ((Options & IOP_SYNCHRONOUS) == IOP_SYNCHRONOUS)
        return FALSE;
    if ((Options & FILE_DIRECTORY_FILE) && (Options & FILE_NON_DIRECTORY_FILE))
        return FALSE;
    if ((Options & FILE_COMPLETE_IF_OPLOCKED) && (Options & FILE_RESERVE_OPFILTER))
        return FALSE;
    if ((Options & FILE_NO_INTERMEDIATE_BUFFERING) && (DesiredAccess & FILE_APPEND_DATA))
        return FALSE;
    return IopAreDirectoryOptionsValid(Packet);
}

/* The client's results; a file whose handle cannot be told is closed again. */
static NTSTATUS IopReturnFile(CLIENT(PHANDLE) FileHandle, HANDLE Handle,
                              CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, NTSTATUS OpenStatus,
                              ULONG_PTR Information)
{
    IO_STATUS_BLOCK Block = {.Status = OpenStatus, .Information = Information};
    NTSTATUS Status = MmWriteClient(FileHandle, &Handle);

    if (NT_SUCCESS(Status))
        Status = MmWriteClient(IoStatusBlock, &Block);
    if (NT_SUCCESS(Status))
        return OpenStatus;
    ObCloseHandle(PsGetCurrentProcess(), Handle);
    return Status;
}

/* The quality of service that the client names, if it does. */
static NTSTATUS IopCaptureQuality(CLIENT(POBJECT_ATTRIBUTES) ClientAttributes,
                                  PSECURITY_QUALITY_OF_SERVICE Quality)
{
    OBJECT_ATTRIBUTES Attributes;
    NTSTATUS Status = MmReadClient(&Attributes, ClientAttributes);

    Quality->Length = 0;
    if (!NT_SUCCESS(Status) || !Attributes.SecurityQualityOfService)
        return Status;
    Status = MmReadClient(
        Quality, (CLIENT(PSECURITY_QUALITY_OF_SERVICE))Attributes.SecurityQualityOfService);
    if (NT_SUCCESS(Status) && (Quality->Length != sizeof(*Quality) ||
                               (ULONG)Quality->ImpersonationLevel > SecurityDelegation))
        Status = STATUS_INVALID_PARAMETER;
    return Status;
}

static NTSTATUS IopCreateFile(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                              CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                              CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, PIOP_OPEN_PACKET Packet)
{
    OB_ATTRIBUTES Attributes;
    HANDLE Handle;
    NTSTATUS Status = MmProbeForWrite(FileHandle, sizeof(HANDLE));

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));
    if (NT_SUCCESS(Status))
        Status = ObjectAttributes ? ObCaptureAttributes(&Attributes, ObjectAttributes)
                                  : STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopCaptureQuality(ObjectAttributes, &Packet->Quality);
    if (NT_SUCCESS(Status))
        Status = ObOpenObject(&Attributes, DesiredAccess, IoFileType, Packet, &Handle);
    ObFreeAttributes(&Attributes);
    if (!NT_SUCCESS(Status))
        return Status;
    return IopReturnFile(FileHandle, Handle, IoStatusBlock, Status, Packet->Information);
}

/* What has been made is its maker's; to what was there the descriptor says who may do what. */
static NTSTATUS IopMakeStreamHandle(PIO_FILE File, ACCESS_MASK DesiredAccess, ULONG Attributes,
                                    ULONG_PTR Information, PHANDLE Handle)
{
    if (!DesiredAccess)
        return STATUS_ACCESS_DENIED;
    return Information == FILE_CREATED
               ? ObCreateHandle(PsGetCurrentProcess(), File, DesiredAccess, Attributes, Handle)
               : ObOpenObjectByPointer(File, DesiredAccess, Attributes, Handle);
}

static NTSTATUS IopMakeStream(POB_ATTRIBUTES Attributes, ACCESS_MASK DesiredAccess,
                              PIOP_OPEN_PACKET Packet, PHANDLE Handle)
{
    PIO_FILE File;
    NTSTATUS Status;

    Packet->SecurityDescriptor = Attributes->SecurityDescriptor;
    Status = ObReferenceObjectByAttributes(Attributes, DesiredAccess, IoFileType, Packet,
                                           (PVOID *)&File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopMakeStreamHandle(File, DesiredAccess, Attributes->Attributes, Packet->Information,
                                 Handle);
    ObDereferenceObject(File);
    return Status;
}

NTSTATUS IopCreateStream(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                         CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                         CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, PIOP_OPEN_PACKET Packet)
{
    OB_ATTRIBUTES Attributes;
    HANDLE Handle;
    NTSTATUS Status = MmProbeForWrite(FileHandle, sizeof(HANDLE));

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));
    if (NT_SUCCESS(Status))
        Status = ObjectAttributes ? ObCaptureAttributes(&Attributes, ObjectAttributes)
                                  : STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(Status))
        return Status;
    Status = IopMakeStream(&Attributes, DesiredAccess, Packet, &Handle);
    ObFreeAttributes(&Attributes);
    if (!NT_SUCCESS(Status))
        return Status;
    return IopReturnFile(FileHandle, Handle, IoStatusBlock, Status, Packet->Information);
}

/*
 * NtCreateFile: opens a file or device, or creates a file. Synchronous options need SYNCHRONIZE in
 * DesiredAccess, FILE_DELETE_ON_CLOSE needs DELETE. IoStatusBlock->Information says what was done
 * (FILE_OPENED …). Extended attributes are refused. Returns STATUS_INVALID_PARAMETER,
 * STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_PATH_NOT_FOUND, STATUS_OBJECT_NAME_COLLISION,
 * STATUS_FILE_IS_A_DIRECTORY, STATUS_NOT_A_DIRECTORY, STATUS_MEDIA_WRITE_PROTECTED,
 * STATUS_EAS_NOT_SUPPORTED, or the device's driver's status.  (WDK: ZwCreateFile)
 */
NTSTATUS NTAPI NtCreateFile(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                            CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                            CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                            CLIENT(PLARGE_INTEGER) AllocationSize, ULONG FileAttributes,
                            ULONG ShareAccess, ULONG CreateDisposition, ULONG CreateOptions,
                            CLIENT(PVOID) EaBuffer, ULONG EaLength)
{
    IOP_OPEN_PACKET Packet = {.Disposition = CreateDisposition,
                              .Options = CreateOptions,
                              .FileAttributes = FileAttributes,
                              .ShareAccess = ShareAccess};
    LARGE_INTEGER Allocation = {.QuadPart = 0};

    if (!IopIsPacketValid(&Packet, DesiredAccess))
        return STATUS_INVALID_PARAMETER;
    if (AllocationSize && !NT_SUCCESS(MmReadClient(&Allocation, AllocationSize)))
        return STATUS_ACCESS_VIOLATION;
    if (Allocation.QuadPart < 0)
        return STATUS_INVALID_PARAMETER;
    if (EaBuffer && EaLength)
        return STATUS_EAS_NOT_SUPPORTED;
    return IopCreateFile(FileHandle, DesiredAccess, ObjectAttributes, IoStatusBlock, &Packet);
}

/* NtOpenFile: NtCreateFile of a file that is there.  (WDK: ZwOpenFile) */
NTSTATUS NTAPI NtOpenFile(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                          CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                          CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, ULONG ShareAccess,
                          ULONG OpenOptions)
{
    return NtCreateFile(FileHandle, DesiredAccess, ObjectAttributes, IoStatusBlock, NULL, 0,
                        ShareAccess, FILE_OPEN, OpenOptions, NULL, 0);
}
