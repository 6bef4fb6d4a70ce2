/* SPDX-License-Identifier: BSD-2-Clause */
/* Entries of the error log. There is no event log: what is written goes to the debug log. */
#include "wdmio.h"
#include "ki.h"

/* The size lies in front of the entry. */
typedef struct DECLSPEC_ALIGN(16) _IOP_LOG_HEADER {
    UCHAR Size;
} IOP_LOG_HEADER, *PIOP_LOG_HEADER;

/* IoAllocateErrorLogEntry: zeroed. NULL for a size that is less than a packet or more than
 * ERROR_LOG_MAXIMUM_SIZE, for no object, and without memory. */
PVOID NTAPI IoAllocateErrorLogEntry(PVOID IoObject, UCHAR EntrySize)
{
    PIOP_LOG_HEADER Header;

    if (!IoObject || EntrySize < sizeof(IO_ERROR_LOG_PACKET) || EntrySize > ERROR_LOG_MAXIMUM_SIZE)
        return NULL;
    Header = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Header) + EntrySize, 'rrEI');
    if (!Header)
        return NULL;
    RtlZeroMemory(Header, sizeof(*Header) + EntrySize);
    Header->Size = EntrySize;
    return Header + 1;
}

VOID NTAPI IoFreeErrorLogEntry(PVOID Entry)
{
    ExFreePoolWithTag((PIOP_LOG_HEADER)Entry - 1, 'rrEI');
}

VOID NTAPI IoWriteErrorLogEntry(PVOID Entry)
{
    PIO_ERROR_LOG_PACKET Packet = Entry;
    ULONG Count = Packet->DumpDataSize / sizeof(ULONG);
    ULONG Room =
        ((PIOP_LOG_HEADER)Entry - 1)->Size - (ULONG)FIELD_OFFSET(IO_ERROR_LOG_PACKET, DumpData);

    DbgPrint("error log: code 0x%08x, status 0x%08x, unique %u, function %u\n", Packet->ErrorCode,
             Packet->FinalStatus, Packet->UniqueErrorValue, Packet->MajorFunctionCode);
    for (ULONG i = 0; i < min(Count, Room / sizeof(ULONG)); i++)
        DbgPrint("error log: data 0x%08x\n", Packet->DumpData[i]);
    IoFreeErrorLogEntry(Entry);
}
