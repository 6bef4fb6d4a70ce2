/* SPDX-License-Identifier: BSD-2-Clause */
/* What opening \Device\Mailslot and what is below it means; NtCreateMailslotFile. */
#include "msfsp.h"

MS_KIND MsDeviceContext = MsDeviceNode, MsRootContext = MsRootNode;

static NTSTATUS MsTakeContext(PIO_FILE File, PVOID FsContext, PIOP_OPEN_PACKET Packet,
                              ULONG Information)
{
    File->FsContext = FsContext;
    File->Header.SignalState = 1;
    Packet->Information = Information;
    return STATUS_SUCCESS;
}

static NTSTATUS MsOpenServer(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    PMS_SLOT Slot;
    NTSTATUS Status = IopSetFileName(File, Name);

    if (NT_SUCCESS(Status))
        Status = MsCreateSlot(Name, Packet, &Slot);
    return NT_SUCCESS(Status) ? MsTakeContext(File, Slot, Packet, FILE_CREATED) : Status;
}

static NTSTATUS MsCheckAccess(PMS_SLOT Slot, const IOP_OPEN_PACKET *Packet)
{
    ACCESS_MASK Granted;

    if (!PsGetCurrentThread())
        return STATUS_SUCCESS;
    return SeAccessCheck(Slot->Security, ObGetGenericMapping(IoFileType), FILE_ALL_ACCESS,
                         ObMapGenericAccess(IoFileType, Packet->DesiredAccess), &Granted);
}

/* Checking access gives way: the client holds the slot from before. */
static NTSTATUS MsOpenClient(PIO_FILE File, PMS_SLOT Slot, PIOP_OPEN_PACKET Packet)
{
    PMS_CLIENT Client = ExAllocatePool(sizeof(*Client));
    NTSTATUS Status;

    if (!Client)
        return STATUS_INSUFFICIENT_RESOURCES;
    Client->Kind = MsClientNode;
    Client->Slot = Slot;
    Slot->References++;
    Status = MsCheckAccess(Slot, Packet);
    if (NT_SUCCESS(Status))
        Status = IopSetFileName(File, &Slot->Named.Name);
    if (NT_SUCCESS(Status) && Slot->Closed)
        Status = STATUS_OBJECT_NAME_NOT_FOUND;
    if (NT_SUCCESS(Status))
        return MsTakeContext(File, Client, Packet, FILE_OPENED);
    MsDereferenceSlot(Slot);
    ExFreePool(Client);
    return Status;
}

/* The device or the root directory. */
static NTSTATUS MsOpenNode(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    ACCESS_MASK Granted;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Packet->New)
        return STATUS_OBJECT_NAME_INVALID;
    if (Packet->Disposition != FILE_OPEN && Packet->Disposition != FILE_OPEN_IF)
        return STATUS_ACCESS_DENIED;
    if (Packet->DesiredAccess)
        Status = ObCheckAccess(File->Device, Packet->DesiredAccess, &Granted);
    if (NT_SUCCESS(Status))
        Status = IopSetFileName(File, Name);
    if (!NT_SUCCESS(Status))
        return Status;
    return MsTakeContext(File, Name->Length ? &MsRootContext : &MsDeviceContext, Packet,
                         FILE_OPENED);
}

/* Name has its leading backslash. */
static NTSTATUS MsOpenNamed(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    PMS_SLOT Slot;

    if (Name->Length == sizeof(WCHAR))
        return MsOpenNode(File, Name, Packet);
    if (Name->Length > IOP_MAXIMUM_STREAM_NAME)
        return STATUS_OBJECT_NAME_INVALID;
    Slot = MsFindSlot(Name);
    if (Packet->New)
        return Slot ? STATUS_OBJECT_NAME_COLLISION : MsOpenServer(File, Name, Packet);
    return Slot ? MsOpenClient(File, Slot, Packet) : STATUS_OBJECT_NAME_NOT_FOUND;
}

static NTSTATUS MsOpenInRoot(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    WCHAR Buffer[IOP_MAXIMUM_STREAM_NAME / sizeof(WCHAR)];
    UNICODE_STRING Full = {Name->Length + sizeof(WCHAR), sizeof(Buffer), Buffer};

    if (Name->Length > IOP_MAXIMUM_STREAM_NAME - sizeof(WCHAR))
        return STATUS_OBJECT_NAME_INVALID;
    Buffer[0] = '\\';
    memcpy(Buffer + 1, Name->Buffer, Name->Length);
    return MsOpenNamed(File, &Full, Packet);
}

NTSTATUS MsOpen(PIO_FILE File, PCUNICODE_STRING Name, PIOP_OPEN_PACKET Packet)
{
    PIO_FILE Related = Packet->Related;

    if (Packet->New && !Packet->New->Mailslot)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (Related && Related->FsContext == &MsRootContext)
        return MsOpenInRoot(File, Name, Packet);
    if (Related && (Name->Length || Related->FsContext != &MsDeviceContext))
        return STATUS_OBJECT_NAME_INVALID;
    return Name->Length ? MsOpenNamed(File, Name, Packet) : MsOpenNode(File, Name, Packet);
}

/*
 * NtCreateMailslotFile: a new mailslot and its server's end, for reading. A message has at most
 * MaximumMessageSize bytes (0: any), all that nobody has read MailslotQuota (0: any). ReadTimeout
 * is how long a read waits, in 100 ns: -1 for ever, 0 not at all. Returns
 * STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_NAME_INVALID, STATUS_INVALID_PARAMETER,
 * STATUS_INVALID_DEVICE_REQUEST (not below `\Device\Mailslot\`), STATUS_ACCESS_VIOLATION,
 * STATUS_INSUFFICIENT_RESOURCES.  (Win32: CreateMailslot)
 */
NTSTATUS NTAPI NtCreateMailslotFile(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                                    CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                    CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, ULONG CreateOptions,
                                    ULONG MailslotQuota, ULONG MaximumMessageSize,
                                    CLIENT(PLARGE_INTEGER) ReadTimeout)
{
    IOP_NEW_STREAM New = {.Mailslot = TRUE,
                          .Quotas = {MailslotQuota},
                          .MaximumMessage = MaximumMessageSize,
                          .HasTimeout = ReadTimeout != NULL};
    IOP_OPEN_PACKET Packet = {.Disposition = FILE_CREATE,
                              .Options = CreateOptions,
                              .ShareAccess = FILE_SHARE_READ | FILE_SHARE_WRITE,
                              .New = &New};
    ULONG Synchronous = CreateOptions & (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT);

    if (ReadTimeout && !NT_SUCCESS(MmReadClient(&New.Timeout, ReadTimeout)))
        return STATUS_ACCESS_VIOLATION;
    if (!ReadTimeout || (CreateOptions & ~FILE_VALID_MAILSLOT_OPTION_FLAGS) ||
        Synchronous == (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT) ||
        (Synchronous && !(DesiredAccess & SYNCHRONIZE)))
        return STATUS_INVALID_PARAMETER;
    return IopCreateStream(FileHandle, DesiredAccess, ObjectAttributes, IoStatusBlock, &Packet);
}
