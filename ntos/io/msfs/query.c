/* SPDX-License-Identifier: BSD-2-Clause */
/* Information about mailslots, and setting it. */
#include "msfsp.h"

static void MsQuerySlot(PMS_SLOT Slot, PFILE_MAILSLOT_QUERY_INFORMATION Query)
{
    Query->MaximumMessageSize = Slot->MaximumMessage;
    Query->MailslotQuota = Slot->Quota;
    Query->NextMessageSize =
        IsListEmpty(&Slot->Messages)
            ? MAILSLOT_NO_MESSAGE
            : CONTAINING_RECORD(Slot->Messages.Flink, IOP_MESSAGE, Links)->Length;
    Query->MessagesAvailable = Slot->Count;
    Query->ReadTimeout = Slot->Timeout;
}

static NTSTATUS MsQueryStandard(PIO_FILE File, PFILE_STANDARD_INFORMATION Standard)
{
    PMS_SLOT Slot = MsSlotOf(File);

    Standard->NumberOfLinks = 1;
    Standard->Directory = File->FsContext == &MsRootContext;
    Standard->DeletePending = Slot != NULL;
    if (Slot)
        Standard->EndOfFile.QuadPart = (LONGLONG)Slot->Bytes;
    return STATUS_SUCCESS;
}

NTSTATUS MsQuery(PIO_FILE File, FILE_INFORMATION_CLASS Class, PVOID Information)
{
    PMS_SLOT Slot = MsSlotOf(File);

    switch (Class) {
    case FileBasicInformation:
        ((PFILE_BASIC_INFORMATION)Information)->FileAttributes =
            File->FsContext == &MsRootContext ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_NORMAL;
        return STATUS_SUCCESS;
    case FileStandardInformation:
        return MsQueryStandard(File, Information);
    case FileInternalInformation:
    case FileEaInformation:
        return STATUS_SUCCESS;
    case FileMailslotQueryInformation:
        if (!Slot)
            return STATUS_INVALID_PARAMETER;
        MsQuerySlot(Slot, Information);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

/* The time limit of reads that come; what is set is only pointed to. */
NTSTATUS MsSet(PIO_FILE File, FILE_INFORMATION_CLASS Class, CLIENT(PVOID) Information)
{
    PMS_SLOT Slot = MsSlotOf(File);
    FILE_MAILSLOT_SET_INFORMATION Set;
    LARGE_INTEGER Timeout;

    if (!Slot || Class != FileMailslotSetInformation)
        return STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(MmReadClient(&Set, (CLIENT(PFILE_MAILSLOT_SET_INFORMATION))Information)) ||
        !NT_SUCCESS(MmReadClient(&Timeout, (CLIENT(PLARGE_INTEGER))Set.ReadTimeout)))
        return STATUS_ACCESS_VIOLATION;
    Slot->Timeout = Timeout;
    return STATUS_SUCCESS;
}

/* The device has no name of its own. */
NTSTATUS MsCheckName(PIO_FILE File, BOOLEAN Full)
{
    return Full || File->Name.Length ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
