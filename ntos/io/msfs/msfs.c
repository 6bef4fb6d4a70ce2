/* SPDX-License-Identifier: BSD-2-Clause */
/* The device \Device\Mailslot, also \??\MAILSLOT, and its root directory. */
#include "msfsp.h"

static void MsCleanup(PIO_FILE File)
{
    if (File->FsContext && MsSlotOf(File))
        MsCloseSlot(MsSlotOf(File));
}

static void MsClose(PIO_FILE File)
{
    PVOID FsContext = File->FsContext;

    if (!FsContext)
        return;
    if (MsSlotOf(File)) {
        MsCloseSlot(FsContext);
        MsDereferenceSlot(FsContext);
    } else if (MsClientOf(File)) {
        MsDereferenceSlot(MsClientOf(File)->Slot);
        ExFreePool(FsContext);
    }
    File->FsContext = NULL;
}

static PSE_DESCRIPTOR *MsSecurity(PIO_FILE File)
{
    if (File->FsContext && MsSlotOf(File))
        return &MsSlotOf(File)->Security;
    if (File->FsContext && MsClientOf(File))
        return &MsClientOf(File)->Slot->Security;
    return ObGetSecurity(File->Device);
}

static NTSTATUS MsControl(PIO_FILE File, const IOP_CONTROL *Control, PIOP_CLIENT Client)
{
    return IopFinishStream(File, Client, STATUS_INVALID_DEVICE_REQUEST, 0);
}

/* What was written is where it was meant to be. */
static NTSTATUS MsFlush(PIO_FILE File)
{
    return STATUS_SUCCESS;
}

static void MsQueryFacts(PVOID FsContext, PIOP_FILE_FACTS Facts)
{
    PMS_SLOT Slot = FsContext;

    *Facts = (IOP_FILE_FACTS){.Attributes = FILE_ATTRIBUTE_NORMAL};
    if (Slot->Kind == MsSlotNode)
        Facts->Index = Slot->Named.Number;
}

static PVOID MsNextEntry(PVOID FsContext, PULONG Position, PUNICODE_STRING Name)
{
    PMS_SLOT Slot = MsNextSlot(*Position);

    if (Slot)
        IopCopyNamed(&Slot->Named, Position, Name);
    return Slot;
}

static BOOLEAN MsIsDirectory(PVOID FsContext)
{
    return FsContext == &MsRootContext;
}

static const IOP_STREAM_SYSTEM MsStreams = {
    .Open = MsOpen,
    .Cleanup = MsCleanup,
    .Close = MsClose,
    .Read = MsRead,
    .Write = MsWrite,
    .Control = MsControl,
    .Flush = MsFlush,
    .Query = MsQuery,
    .Set = MsSet,
    .CheckName = MsCheckName,
    .Security = MsSecurity,
};

static const IOP_FILE_SYSTEM MsFileSystem = {
    .Streams = &MsStreams,
    .QueryFacts = MsQueryFacts,
    .NextEntry = MsNextEntry,
    .IsDirectory = MsIsDirectory,
};

NTSTATUS MsCreateDevice(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\Mailslot"),
                   Link = RTL_CONSTANT_STRING(u"\\GLOBAL??\\MAILSLOT");

    return IopCreateStreamDevice(&Name, &Link, FILE_DEVICE_MAILSLOT, &MsFileSystem);
}
