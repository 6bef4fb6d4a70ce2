/* SPDX-License-Identifier: BSD-2-Clause */
/* The parse method of devices: what follows a device's name, or nothing, becomes a file object. */
#include "iop.h"

#define CHARACTERS_A_TURN 512
#define IOP_READ_ACCESS (FILE_GENERIC_READ | FILE_GENERIC_EXECUTE)

static ACCESS_MASK IopResolveAccess(PIO_DEVICE Device, ACCESS_MASK DesiredAccess)
{
    ACCESS_MASK Access = ObMapGenericAccess(IoFileType, DesiredAccess);

    if (Access & MAXIMUM_ALLOWED)
        Access |= Device->FileSystem && !Device->FileSystem->Write && !Device->FileSystem->Streams
                      ? IOP_READ_ACCESS
                      : FILE_ALL_ACCESS;
    return Access & FILE_ALL_ACCESS;
}

NTSTATUS IopSetFileName(PIO_FILE File, PCUNICODE_STRING Name)
{
    if (!Name->Length)
        return STATUS_SUCCESS;
    File->Name.Buffer = ExAllocatePool(Name->Length + sizeof(WCHAR));
    if (!File->Name.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(File->Name.Buffer, Name->Buffer, Name->Length);
    File->Name.Length = Name->Length;
    File->Name.MaximumLength = Name->Length + sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/* The rest of the name in our own file systems: one backslash before it, none after it. *Trailing:
 * there was one after it. */
static NTSTATUS IopSetFileSystemName(PIO_FILE File, PCUNICODE_STRING Name, BOOLEAN *Trailing)
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
    File->Name.Buffer = ExAllocatePoolGivingWay((Length + 2) * sizeof(WCHAR));
    if (!File->Name.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    File->Name.Buffer[0] = '\\';
    memcpy(File->Name.Buffer + 1, Start, Length * sizeof(WCHAR));
    File->Name.Length = (USHORT)((Length + 1) * sizeof(WCHAR));
    File->Name.MaximumLength = (USHORT)((Length + 2) * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

/* Each component has at least one character, and no wildcards, foreign separators or control
 * characters. Name begins with a backslash; the root is that alone. */
static BOOLEAN IopIsFileName(PCUNICODE_STRING Name)
{
    ULONG Count = Name->Length / sizeof(WCHAR), i;
    BOOLEAN Empty = FALSE;

    for (i = 1; i < Count; i++) {
        WCHAR Character = Name->Buffer[i];

        if (Character < ' ' || Character == '*' || Character == '?' || Character == '<' ||
            Character == '>' || Character == '"' || Character == '|' || Character == '/')
            return FALSE;
        if (Character == '\\' && (Empty || i == 1))
            return FALSE;
        Empty = Character == '\\';
        if (i % CHARACTERS_A_TURN == 1)
            KeGiveWay();
    }
    return TRUE;
}

/* Name is an id of 8 or 16 bytes, perhaps after the backslash that follows the device's name: no
 * index has the code of one in its place. */
static NTSTATUS IopSetNameByIndex(PIO_FILE File, PCUNICODE_STRING Name)
{
    ULONG Separator = Name->Length && Name->Buffer[0] == '\\' ? sizeof(WCHAR) : 0;
    ULONG Length = Name->Length - Separator;
    ULONGLONG Id[2] = {0, 0};

    if (Length != sizeof(Id[0]) && Length != sizeof(Id))
        return STATUS_INVALID_PARAMETER;
    memcpy(Id, (PUCHAR)Name->Buffer + Separator, Length);
    return Id[1] ? STATUS_INVALID_PARAMETER
                 : File->Device->FileSystem->NameOfIndex(Id[0], &File->Name);
}

static NTSTATUS IopOpenInFileSystem(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    const IOP_FILE_SYSTEM *FileSystem = File->Device->FileSystem;
    BOOLEAN Trailing = FALSE;
    NTSTATUS Status;

    if (FileSystem->Streams)
        return FileSystem->Streams->Open(File, Name, Packet);
    Status = (Packet->Options & FILE_OPEN_BY_FILE_ID) && FileSystem->NameOfIndex
                 ? IopSetNameByIndex(File, Name)
                 : IopSetFileSystemName(File, Name, &Trailing);
    if (NT_SUCCESS(Status) && !IopIsFileName(&File->Name))
        Status = STATUS_OBJECT_NAME_INVALID;
    if (NT_SUCCESS(Status))
        Status = FileSystem->Create(File, Packet);
    if (NT_SUCCESS(Status) && Trailing && !FileSystem->IsDirectory(File->FsContext))
        Status = STATUS_OBJECT_NAME_INVALID;
    return Status;
}

/* IRP_MJ_CREATE to the top of the stack. If the caller does not live to see the answer, the file is
 * closed then. */
static NTSTATUS IopOpenOnDriver(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    BOOLEAN Completed;
    NTSTATUS Status = IopSetFileName(File, Name); /* with the backslash after the device's name */
    PIO_REQUEST Request;

    if (!NT_SUCCESS(Status))
        return Status;
    if (!IopChargeName(File))
        return STATUS_INSUFFICIENT_RESOURCES;
    Request =
        IopAllocateRequest(IopTopDevice(File->Device), File, IRP_MJ_CREATE, File->Name.Length);
    if (!Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = IopWriteData(Request, 0, File->Name.Buffer, File->Name.Length);
    if (!NT_SUCCESS(Status)) {
        IopFreeRequest(Request);
        return Status;
    }
    Request->Parameters.InputLength = File->Name.Length;
    Request->Parameters.RequestorMode = 1;
    Request->Parameters.Process = IopCurrentProcessId();
    Request->Parameters.DesiredAccess = Packet->Access;
    Request->Parameters.CreateOptions = Packet->Options | Packet->Disposition << 24;
    Request->Parameters.ShareAccess = (USHORT)Packet->ShareAccess;
    Request->Parameters.FileAttributes = (USHORT)Packet->FileAttributes;
    Status = IopCallAndWait(Request, 0, &Completed);
    if (Completed) {
        Packet->Information = Request->Information;
        IopFreeRequest(Request);
    }
    return Status;
}

/* Without an open packet (a look-up by the Executive itself) the result is the device. */
NTSTATUS IopParseDevice(PVOID Object, PUNICODE_STRING RemainingName, ULONG Attributes,
                        ACCESS_MASK DesiredAccess, PVOID ParseContext, PVOID *Result)
{
    PIO_DEVICE Device = Object;
    PIOP_OPEN_PACKET Packet = ParseContext;
    PIO_FILE File;
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
    if (Packet->New && (!Device->FileSystem || !Device->FileSystem->Streams))
        return STATUS_INVALID_DEVICE_REQUEST;
    Packet->DesiredAccess = DesiredAccess;
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

/* For sections and process creation. Path is absolute; the file comes referenced, open for
 * reading. */
NTSTATUS IoOpenFile(PUNICODE_STRING Path, PIO_FILE *File)
{
    IOP_OPEN_PACKET Packet = {.Disposition = FILE_OPEN,
                              .Options = FILE_NON_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_NONALERT,
                              .ShareAccess = FILE_SHARE_READ,
                              .Internal = TRUE};

    return ObReferenceObjectByName(Path, IoFileType, FILE_GENERIC_READ | FILE_GENERIC_EXECUTE,
                                   &Packet, (PVOID *)File);
}

/* Another file object for what File is open on; none for files on a driver's device. */
NTSTATUS IoReopenFile(PIO_FILE File, PIO_FILE *Copy)
{
    UNICODE_STRING Name;
    NTSTATUS Status = File->Device->FileSystem && !IopStreamsOf(File)
                          ? ObQueryName(File, &Name)
                          : STATUS_INVALID_DEVICE_REQUEST;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = IoOpenFile(&Name, Copy);
    ExFreeUnicodeString(&Name);
    return Status;
}

/* STATUS_INVALID_DEVICE_REQUEST for files on a driver's device. */
NTSTATUS IoQueryFileSize(PIO_FILE File, PULONGLONG Size)
{
    IOP_FILE_FACTS Facts;

    if (!File->Device->FileSystem || !File->Device->FileSystem->QueryFacts || IopStreamsOf(File))
        return STATUS_INVALID_DEVICE_REQUEST;
    if (File->Device->FileSystem->IsDirectory(File->FsContext))
        return STATUS_INVALID_FILE_FOR_SECTION;
    File->Device->FileSystem->QueryFacts(File->FsContext, &Facts);
    *Size = Facts.Size;
    return STATUS_SUCCESS;
}

NTSTATUS IoPageRead(PIO_FILE File, PVOID Buffer, ULONG Length, ULONGLONG Offset, PULONG Read)
{
    ULONGLONG Available;
    const void *Data;
    NTSTATUS Status;

    *Read = 0;
    if (!File->Device->FileSystem || IopStreamsOf(File))
        return STATUS_INVALID_DEVICE_REQUEST;
    Status = File->Device->FileSystem->Locate(File->FsContext, Offset, &Data, &Available);
    if (!NT_SUCCESS(Status))
        return Status;
    *Read = Available < Length ? (ULONG)Available : Length;
    memcpy(Buffer, Data, *Read);
    return STATUS_SUCCESS;
}
