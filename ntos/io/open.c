/* SPDX-License-Identifier: BSD-2-Clause */
/* The parse method of devices: what follows a device's name, or nothing, becomes a file object. */
#include "iop.h"

#define IOP_READ_ACCESS (FILE_GENERIC_READ | FILE_GENERIC_EXECUTE)

static ACCESS_MASK IopResolveAccess(PDEVICE_OBJECT Device, ACCESS_MASK DesiredAccess)
{
    ACCESS_MASK Access = ObMapGenericAccess(IoFileType, DesiredAccess);

    if (Access & MAXIMUM_ALLOWED)
        Access |= Device->FileSystem ? IOP_READ_ACCESS : FILE_ALL_ACCESS;
    return Access & FILE_ALL_ACCESS;
}

/* As the driver gets it: with the backslash behind the device's name. */
static NTSTATUS IopSetDriverName(PFILE_OBJECT File, PCUNICODE_STRING Name)
{
    if (!Name->Length)
        return STATUS_SUCCESS;
    if (Name->Length > IOP_MAXIMUM_TRANSFER)
        return STATUS_OBJECT_NAME_INVALID;
    File->Name.Buffer = ExAllocatePool(Name->Length + sizeof(WCHAR));
    if (!File->Name.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(File->Name.Buffer, Name->Buffer, Name->Length);
    File->Name.Length = Name->Length;
    File->Name.MaximumLength = Name->Length + sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/* In our own file systems: one backslash before it, none after it. *Trailing: there was one. */
static NTSTATUS IopSetFileSystemName(PFILE_OBJECT File, PCUNICODE_STRING Name, BOOLEAN *Trailing)
{
    PCWCH Start = Name->Buffer;
    ULONG Length = Name->Length / sizeof(WCHAR);

    if (Length && *Start == '\\') {
        Start++;
        Length--;
    }
    *Trailing = Length && Start[Length - 1] == '\\';
    if (*Trailing)
        Length--;
    if (Length >= UNICODE_STRING_MAX_CHARS - 1)
        return STATUS_OBJECT_NAME_INVALID;
    File->Name.Buffer = ExAllocatePool((Length + 2) * sizeof(WCHAR));
    if (!File->Name.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    File->Name.Buffer[0] = '\\';
    memcpy(File->Name.Buffer + 1, Start, Length * sizeof(WCHAR));
    File->Name.Length = (USHORT)((Length + 1) * sizeof(WCHAR));
    File->Name.MaximumLength = (USHORT)((Length + 2) * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

static NTSTATUS IopOpenInFileSystem(PFILE_OBJECT File, PCUNICODE_STRING Name,
                                    PIOP_OPEN_PACKET Packet)
{
    const IOP_FILE_SYSTEM *FileSystem = File->Device->FileSystem;
    BOOLEAN Trailing;
    NTSTATUS Status = IopSetFileSystemName(File, Name, &Trailing);

    if (NT_SUCCESS(Status))
        Status = FileSystem->Create(File, Packet);
    if (NT_SUCCESS(Status) && Trailing && !FileSystem->IsDirectory(File->FsContext))
        Status = STATUS_OBJECT_NAME_INVALID;
    return Status;
}

/* IRP_MJ_CREATE to the top of the stack. If the caller does not live to see the answer, the file is
 * closed then. */
static NTSTATUS IopOpenOnDriver(PFILE_OBJECT File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    BOOLEAN Completed;
    NTSTATUS Status = IopSetDriverName(File, Name);
    PIRP Irp;

    if (!NT_SUCCESS(Status))
        return Status;
    Irp = IopAllocateIrp(IopTopDevice(File->Device), File, IRP_MJ_CREATE, File->Name.Length);
    if (!Irp)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (File->Name.Length)
        memcpy(Irp->Buffer, File->Name.Buffer, File->Name.Length);
    Irp->Request.InputLength = File->Name.Length;
    Irp->Request.RequestorMode = 1;
    Irp->Request.DesiredAccess = Packet->Access;
    Irp->Request.CreateOptions = Packet->Options | Packet->Disposition << 24;
    Irp->Request.ShareAccess = (USHORT)Packet->ShareAccess;
    Irp->Request.FileAttributes = (USHORT)Packet->FileAttributes;
    Status = IopCallAndWait(Irp, 0, &Completed);
    if (Completed) {
        Packet->Information = Irp->Information;
        IopFreeIrp(Irp);
    }
    return Status;
}

/* Without an open packet (a look-up by the Executive itself) the result is the device. */
NTSTATUS IopParseDevice(PVOID Object, PUNICODE_STRING RemainingName, ULONG Attributes,
                        ACCESS_MASK DesiredAccess, PVOID ParseContext, PVOID *Result)
{
    PDEVICE_OBJECT Device = Object;
    PIOP_OPEN_PACKET Packet = ParseContext;
    PFILE_OBJECT File;
    NTSTATUS Status;

    if (!Packet) {
        if (RemainingName->Length)
            return STATUS_OBJECT_TYPE_MISMATCH;
        ObReferenceObject(Device);
        *Result = Device;
        return STATUS_SUCCESS;
    }
    if (Device->Deleted)
        return STATUS_NO_SUCH_DEVICE;
    if ((Device->Flags & DO_EXCLUSIVE) && Device->OpenCount)
        return STATUS_ACCESS_DENIED;
    Packet->Access = IopResolveAccess(Device, DesiredAccess);
    Status = IopAllocateFile(Device, Packet, &File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Device->FileSystem ? IopOpenInFileSystem(File, RemainingName, Packet)
                                : IopOpenOnDriver(File, RemainingName, Packet);
    if (NT_SUCCESS(Status))
        *Result = File;
    else
        ObDereferenceObject(File);
    return Status;
}

/* For sections and process creation. Path is absolute; the file comes referenced, open for reading.
 */
NTSTATUS IoOpenFile(PUNICODE_STRING Path, PFILE_OBJECT *File)
{
    IOP_OPEN_PACKET Packet = {.Disposition = FILE_OPEN,
                              .Options = FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT,
                              .ShareAccess = FILE_SHARE_READ};

    return ObReferenceObjectByName(Path, IoFileType, FILE_GENERIC_READ | FILE_GENERIC_EXECUTE,
                                   &Packet, (PVOID *)File);
}

/* STATUS_INVALID_DEVICE_REQUEST for files that are a driver's. */
NTSTATUS IoQueryFileSize(PFILE_OBJECT File, PULONGLONG Size)
{
    IOP_FILE_FACTS Facts;

    if (!File->Device->FileSystem)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (File->Device->FileSystem->IsDirectory(File->FsContext))
        return STATUS_INVALID_FILE_FOR_SECTION;
    File->Device->FileSystem->QueryFacts(File->FsContext, &Facts);
    *Size = Facts.Size;
    return STATUS_SUCCESS;
}

NTSTATUS IoPageRead(PFILE_OBJECT File, PVOID Buffer, ULONG Length, ULONGLONG Offset, PULONG Read)
{
    ULONGLONG Available;
    const void *Data;
    NTSTATUS Status;

    *Read = 0;
    if (!File->Device->FileSystem)
        return STATUS_INVALID_DEVICE_REQUEST;
    Status = File->Device->FileSystem->Locate(File->FsContext, Offset, &Data, &Available);
    if (!NT_SUCCESS(Status))
        return Status;
    *Read = Available < Length ? (ULONG)Available : Length;
    memcpy(Buffer, Data, *Read);
    return STATUS_SUCCESS;
}
