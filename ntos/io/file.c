/* SPDX-License-Identifier: BSD-2-Clause */
/* File objects: one for every open of a device or of what is on it. */
#include "iop.h"

/* A file on a driver's device has an id in its channel. The requests that will close it are made in
 * advance, so that closing cannot fail. */
NTSTATUS IopAllocateFile(PIO_DEVICE Device, PIOP_OPEN_PACKET Packet, PIO_FILE *Result)
{
    PIO_FILE File;
    NTSTATUS Status = ObCreateObject(IoFileType, sizeof(IO_FILE), (PVOID *)Result);

    if (!NT_SUCCESS(Status))
        return Status;
    File = *Result;
    KeInitializeDispatcherHeader(&File->Header, FileObjectObject, 0);
    ObReferenceObject(Device);
    File->Device = Device;
    File->Options = Packet->Options;
    File->Access = Packet->Access;
    InitializeListHead(&File->Notifications);
    Device->OpenCount++;
    if (Device->FileSystem)
        return STATUS_SUCCESS;
    File->Id = IopAllocateId(IopIdFile, Device);
    File->CleanupRequest = IopAllocateRequest(Device, NULL, IRP_MJ_CLEANUP, 0);
    File->CloseRequest = IopAllocateRequest(Device, NULL, IRP_MJ_CLOSE, 0);
    if (File->Id && File->CleanupRequest && File->CloseRequest)
        return STATUS_SUCCESS;
    ObDereferenceObject(File);
    return STATUS_INSUFFICIENT_RESOURCES;
}

static void IopEndClose(PIO_REQUEST Request)
{
    if (Request->Parameters.MajorFunction == IRP_MJ_CLOSE)
        IopFreeId(Request->Parameters.File);
    IopFreeRequest(Request);
}

/* Sends the prepared request to the top of the stack as it is now; nobody waits for it. */
static void IopSendFileRequest(PIO_FILE File, PIO_REQUEST *Prepared)
{
    PIO_DEVICE Top = IopTopDevice(File->Device);
    PIO_REQUEST Request = *Prepared;

    if (!Request)
        return;
    *Prepared = NULL;
    ObReferenceObject(Top);
    ObDereferenceObject(Request->Device);
    Request->Device = Top;
    Request->Parameters.Device = Top->Id;
    Request->Parameters.File = File->Id;
    Request->Complete = IopEndClose;
    IopSendRequest(Request);
}

static void IopEndSharing(PIO_FILE File)
{
    if (File->Device->FileSystem && File->Device->FileSystem->EndSharing)
        File->Device->FileSystem->EndSharing(File);
}

/* The last handle is gone. */
static void IopCloseFile(PVOID Object, PEPROCESS Process, ULONG Handles)
{
    PIO_FILE File = Object;

    if (Handles)
        return;
    File->CleanedUp = TRUE;
    IopEndSharing(File);
    IopEndNotifications(File);
    IopReleaseLocks(File, TRUE);
    if (File->Opened)
        IopSendFileRequest(File, &File->CleanupRequest);
    else if (IopStreamsOf(File))
        IopStreamsOf(File)->Cleanup(File);
}

static void IopDeleteFile(PVOID Object)
{
    PIO_FILE File = Object;

    IopEndSharing(File);          /* there never was a handle */
    IopReleaseLocks(File, FALSE); /* one that was waited for as the last handle went */
    if (IopStreamsOf(File))
        IopStreamsOf(File)->Close(File);
    if (File->Opened) {
        IopSendFileRequest(File, &File->CleanupRequest);
        IopSendFileRequest(File, &File->CloseRequest);
    } else {
        IopFreeId(File->Id);
    }
    if (File->CleanupRequest)
        IopFreeRequest(File->CleanupRequest);
    if (File->CloseRequest)
        IopFreeRequest(File->CloseRequest);
    if (File->Port)
        ObDereferenceObject(File->Port);
    ExFreeUnicodeString(&File->Name);
    ExFreeUnicodeString(&File->Pattern);
    File->Device->OpenCount--;
    ObDereferenceObject(File->Device);
}

/* The device's name, then the file's own, in one pool block. */
static NTSTATUS IopQueryFileName(PVOID Object, PUNICODE_STRING Name)
{
    PIO_FILE File = Object;
    UNICODE_STRING Device;
    ULONG Separator = File->Name.Length && File->Name.Buffer[0] != '\\' ? sizeof(WCHAR) : 0;
    SIZE_T Length;
    NTSTATUS Status =
        IopStreamsOf(File) ? IopStreamsOf(File)->CheckName(File, TRUE) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = ObQueryName(File->Device, &Device);
    *Name = (UNICODE_STRING){0};
    if (!NT_SUCCESS(Status))
        return Status;
    Length = (SIZE_T)Device.Length + Separator + File->Name.Length;
    if (Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        Status = STATUS_NAME_TOO_LONG;
    else if (!(Name->Buffer = ExAllocatePool(Length + sizeof(WCHAR))))
        Status = STATUS_INSUFFICIENT_RESOURCES;
    if (NT_SUCCESS(Status)) {
        Name->Length = (USHORT)Length;
        Name->MaximumLength = (USHORT)(Length + sizeof(WCHAR));
        memcpy(Name->Buffer, Device.Buffer, Device.Length);
        Name->Buffer[Device.Length / sizeof(WCHAR)] = '\\';
        memcpy((PUCHAR)Name->Buffer + Device.Length + Separator, File->Name.Buffer,
               File->Name.Length);
        Name->Buffer[Length / sizeof(WCHAR)] = 0;
    }
    ExFreeUnicodeString(&Device);
    return Status;
}

/* What the Executive's own file systems hold cannot be written. */
static ACCESS_MASK IopMaximumFileAccess(PVOID Object)
{
    return ((PIO_FILE)Object)->Access;
}

/* What a name means that is relative to a pipe is for pipes to say. */
static NTSTATUS IopParseRelative(PIO_FILE File, PUNICODE_STRING RemainingName, ULONG Attributes,
                                 ACCESS_MASK DesiredAccess, PIOP_OPEN_PACKET Packet, PVOID *Result)
{
    NTSTATUS Status;

    Packet->Related = File;
    Status = IopParseDevice(File->Device, RemainingName, Attributes, DesiredAccess, Packet, Result);
    Packet->Related = NULL;
    return Status;
}

static BOOLEAN IopIsOpenByIndex(PIO_FILE File, const IOP_OPEN_PACKET *Packet)
{
    const IOP_FILE_SYSTEM *FileSystem = File->Device->FileSystem;

    return Packet && (Packet->Options & FILE_OPEN_BY_FILE_ID) && FileSystem &&
           FileSystem->NameOfIndex;
}

/* A name relative to an open directory, or an open of the same file again. Which file of the volume
 * an id is relative to does not matter. */
static NTSTATUS IopParseFile(PVOID Object, PUNICODE_STRING RemainingName, ULONG Attributes,
                             ACCESS_MASK DesiredAccess, PVOID ParseContext, PVOID *Result)
{
    PIO_FILE File = Object;
    ULONG Last = File->Name.Length / sizeof(WCHAR) - 1;
    BOOLEAN Join = File->Name.Length && RemainingName->Length && File->Name.Buffer[Last] != '\\';
    SIZE_T Length = (SIZE_T)File->Name.Length + (Join ? sizeof(WCHAR) : 0) + RemainingName->Length;
    UNICODE_STRING Name;
    NTSTATUS Status;

    if (IopStreamsOf(File) && ParseContext)
        return IopParseRelative(File, RemainingName, Attributes, DesiredAccess, ParseContext,
                                Result);
    if ((!File->Device->FileSystem && !Length) || IopIsOpenByIndex(File, ParseContext))
        return IopParseDevice(File->Device, RemainingName, Attributes, DesiredAccess, ParseContext,
                              Result);
    if (Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    Name.Buffer = ExAllocatePool(Length + sizeof(WCHAR));
    if (!Name.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Name.Length = (USHORT)Length;
    Name.MaximumLength = (USHORT)(Length + sizeof(WCHAR));
    memcpy(Name.Buffer, File->Name.Buffer, File->Name.Length);
    if (Join)
        Name.Buffer[File->Name.Length / sizeof(WCHAR)] = '\\';
    memcpy((PUCHAR)Name.Buffer + Length - RemainingName->Length, RemainingName->Buffer,
           RemainingName->Length);
    Status = IopParseDevice(File->Device, &Name, Attributes, DesiredAccess, ParseContext, Result);
    ExFreeUnicodeString(&Name);
    return Status;
}

/* Most files have the descriptor of their device. */
static PSE_DESCRIPTOR *IopFileSecurity(PVOID Object)
{
    PIO_FILE File = Object;

    return IopStreamsOf(File) ? IopStreamsOf(File)->Security(File) : ObGetSecurity(File->Device);
}

static BOOLEAN IopFileChecksParse(PVOID Object)
{
    return IopStreamsOf(Object) != NULL;
}

const OBJECT_TYPE_INITIALIZER IopFileTypeInitializer = {
    .Name = u"File",
    .Mapping = {FILE_GENERIC_READ, FILE_GENERIC_WRITE, FILE_GENERIC_EXECUTE, FILE_ALL_ACCESS},
    .ValidAccess = FILE_ALL_ACCESS,
    .CaseInsensitive = TRUE,
    .Waitable = TRUE,
    .Parse = IopParseFile,
    .CheckParse = TRUE,
    .ChecksItself = IopFileChecksParse,
    .ParsedType = &IoFileType,
    .Close = IopCloseFile,
    .Delete = IopDeleteFile,
    .QueryName = IopQueryFileName,
    .MaximumAccess = IopMaximumFileAccess,
    .Security = IopFileSecurity,
};
