/* SPDX-License-Identifier: BSD-2-Clause */
/* The device \Device\NamedPipe, also \??\PIPE, and its root directory. */
#include "npfsp.h"

static void NpCleanup(PIO_FILE File)
{
    if (File->FsContext && NpEndOf(File))
        NpCloseEnd(NpEndOf(File));
}

static void NpClose(PIO_FILE File)
{
    if (!File->FsContext || !NpEndOf(File))
        return;
    NpCloseEnd(NpEndOf(File)); /* without a handle, if there has never been one */
    NpFreeEnd(NpEndOf(File));
    File->FsContext = NULL;
}

static PSE_DESCRIPTOR *NpSecurity(PIO_FILE File)
{
    PNP_END End = File->FsContext ? NpEndOf(File) : NULL;

    return End ? &End->Pipe->Security : ObGetSecurity(File->Device);
}

/* Of what the root directory lists: a pipe's size is the number of its instances. */
static void NpQueryFacts(PVOID FsContext, PIOP_FILE_FACTS Facts)
{
    PNP_PIPE Pipe = FsContext;

    *Facts = (IOP_FILE_FACTS){.Attributes = FILE_ATTRIBUTE_NORMAL};
    if (Pipe->Kind != NpPipeNode)
        return;
    Facts->Size = Pipe->CurrentInstances;
    Facts->Allocation = Pipe->MaximumInstances;
    Facts->Index = Pipe->Named.Number;
}

static PVOID NpNextEntry(PVOID FsContext, PULONG Position, PUNICODE_STRING Name)
{
    PNP_PIPE Pipe = NpNextPipe(*Position);

    if (!Pipe)
        return NULL;
    IopCopyNamed(&Pipe->Named, Position, Name);
    return Pipe;
}

static BOOLEAN NpIsDirectory(PVOID FsContext)
{
    return FsContext == &NpRootContext;
}

static const IOP_STREAM_SYSTEM NpStreams = {
    .Open = NpOpen,
    .Cleanup = NpCleanup,
    .Close = NpClose,
    .Read = NpRead,
    .Write = NpWrite,
    .Control = NpControl,
    .Flush = NpFlush,
    .Query = NpQuery,
    .Set = NpSet,
    .CheckName = NpCheckName,
    .Security = NpSecurity,
};

static const IOP_FILE_SYSTEM NpFileSystem = {
    .Streams = &NpStreams,
    .QueryFacts = NpQueryFacts,
    .NextEntry = NpNextEntry,
    .IsDirectory = NpIsDirectory,
};

NTSTATUS NpCreateDevice(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\NamedPipe"),
                   Link = RTL_CONSTANT_STRING(u"\\GLOBAL??\\PIPE");

    return IopCreateStreamDevice(&Name, &Link, FILE_DEVICE_NAMED_PIPE, &NpFileSystem);
}
