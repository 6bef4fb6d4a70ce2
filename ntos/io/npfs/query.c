/* SPDX-License-Identifier: BSD-2-Clause */
/* Information about pipes, and setting it. */
#include "npfsp.h"

static ULONG NpBytes(SIZE_T Bytes)
{
    return Bytes < MAXULONG ? (ULONG)Bytes : MAXULONG;
}

static void NpQueryLocal(PNP_END End, PFILE_PIPE_LOCAL_INFORMATION Local)
{
    PNP_QUEUE Queues = End->Instance->Queues, Out = NpWriteQueue(End);

    Local->NamedPipeType = End->Pipe->Type;
    Local->NamedPipeConfiguration = End->Pipe->Configuration;
    Local->MaximumInstances = End->Pipe->MaximumInstances;
    Local->CurrentInstances = End->Pipe->CurrentInstances;
    Local->InboundQuota = Queues[FILE_PIPE_INBOUND].Quota;
    Local->OutboundQuota = Queues[FILE_PIPE_OUTBOUND].Quota;
    Local->ReadDataAvailable = NpBytes(NpReadQueue(End)->Bytes);
    Local->WriteQuotaAvailable = Out->Bytes < Out->Quota ? Out->Quota - (ULONG)Out->Bytes : 0;
    Local->NamedPipeState = End->Instance->State;
    Local->NamedPipeEnd = End->Side;
}

/* What is there to be read is the size; the link is never counted, the file always to be deleted.
 */
static void NpQueryStandard(PNP_END End, PFILE_STANDARD_INFORMATION Standard)
{
    PNP_QUEUE Queues = End->Instance->Queues;

    Standard->AllocationSize.QuadPart =
        (LONGLONG)Queues[FILE_PIPE_INBOUND].Quota + Queues[FILE_PIPE_OUTBOUND].Quota;
    Standard->EndOfFile.QuadPart = (LONGLONG)NpReadQueue(End)->Bytes;
    Standard->NumberOfLinks = 1;
    Standard->DeletePending = TRUE;
}

static NTSTATUS NpQueryEnd(PNP_END End, FILE_INFORMATION_CLASS Class, PVOID Information)
{
    PFILE_PIPE_INFORMATION Pipe = Information;

    switch (Class) {
    case FileBasicInformation:
        ((PFILE_BASIC_INFORMATION)Information)->FileAttributes = FILE_ATTRIBUTE_NORMAL;
        return STATUS_SUCCESS;
    case FileStandardInformation:
        NpQueryStandard(End, Information);
        return STATUS_SUCCESS;
    case FileInternalInformation:
        ((PFILE_INTERNAL_INFORMATION)Information)->IndexNumber.QuadPart = End->Pipe->Named.Number;
        return STATUS_SUCCESS;
    case FileEaInformation: /* none */
        return STATUS_SUCCESS;
    case FilePipeInformation:
        Pipe->ReadMode = End->ReadMode;
        Pipe->CompletionMode = End->CompletionMode;
        return STATUS_SUCCESS;
    case FilePipeLocalInformation:
        NpQueryLocal(End, Information);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

/* The root is a directory. */
static NTSTATUS NpQueryRoot(FILE_INFORMATION_CLASS Class, PVOID Information)
{
    switch (Class) {
    case FileBasicInformation:
        ((PFILE_BASIC_INFORMATION)Information)->FileAttributes = FILE_ATTRIBUTE_DIRECTORY;
        return STATUS_SUCCESS;
    case FileStandardInformation:
        ((PFILE_STANDARD_INFORMATION)Information)->NumberOfLinks = 1;
        ((PFILE_STANDARD_INFORMATION)Information)->Directory = TRUE;
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

NTSTATUS NpQuery(PIO_FILE File, FILE_INFORMATION_CLASS Class, PVOID Information)
{
    PNP_END End = NpEndOf(File);

    if (End)
        return End->Instance ? NpQueryEnd(End, Class, Information) : STATUS_PIPE_DISCONNECTED;
    return File->FsContext == &NpRootContext ? NpQueryRoot(Class, Information)
                                             : STATUS_INVALID_PARAMETER;
}

/* Reads that wait already are not completed for a new mode. */
static NTSTATUS NpSetModes(PNP_END End, CLIENT(PFILE_PIPE_INFORMATION) Information)
{
    FILE_PIPE_INFORMATION Pipe;

    if (!NT_SUCCESS(MmReadClient(&Pipe, Information)))
        return STATUS_ACCESS_VIOLATION;
    if (!End->Instance)
        return STATUS_PIPE_DISCONNECTED;
    if (Pipe.ReadMode > FILE_PIPE_MESSAGE_MODE ||
        Pipe.CompletionMode > FILE_PIPE_COMPLETE_OPERATION)
        return STATUS_INVALID_PARAMETER;
    if (Pipe.ReadMode == FILE_PIPE_MESSAGE_MODE && End->Pipe->Type != FILE_PIPE_MESSAGE_TYPE)
        return STATUS_INVALID_PARAMETER;
    if (Pipe.CompletionMode == FILE_PIPE_COMPLETE_OPERATION &&
        (!IsListEmpty(&NpReadQueue(End)->Reads) || NpWriteQueue(End)->Waiting) &&
        End->CompletionMode == FILE_PIPE_QUEUE_OPERATION)
        return STATUS_PIPE_BUSY;
    End->ReadMode = Pipe.ReadMode;
    End->CompletionMode = Pipe.CompletionMode;
    return STATUS_SUCCESS;
}

NTSTATUS NpSet(PIO_FILE File, FILE_INFORMATION_CLASS Class, CLIENT(PVOID) Information)
{
    PNP_END End = NpEndOf(File);

    if (!End || (Class != FilePipeInformation && Class != FileBasicInformation))
        return STATUS_INVALID_PARAMETER;
    if (Class == FileBasicInformation) /* times and attributes have no effect */
        return End->Instance ? STATUS_SUCCESS : STATUS_PIPE_DISCONNECTED;
    return NpSetModes(End, (CLIENT(PFILE_PIPE_INFORMATION))Information);
}

/* The device has no name of its own. */
NTSTATUS NpCheckName(PIO_FILE File, BOOLEAN Full)
{
    PNP_END End = NpEndOf(File);

    if (Full)
        return End && !File->Name.Length ? STATUS_OBJECT_PATH_INVALID : STATUS_SUCCESS;
    if (End)
        return End->Instance ? STATUS_SUCCESS : STATUS_PIPE_DISCONNECTED;
    return File->Name.Length ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
