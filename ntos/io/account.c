/* SPDX-License-Identifier: BSD-2-Clause */
/* What processes have read, written and otherwise done to files: the figures of ProcessIoCounters.
 * Operations are counted when they are over without an error. */
#include "iop.h"

void IopCountTransfer(PEPROCESS Process, UCHAR Function, ULONG_PTR Bytes)
{
    PIO_COUNTERS Counters = &Process->IoCounters;

    switch (Function) {
    case IRP_MJ_READ:
        Counters->ReadOperationCount++;
        Counters->ReadTransferCount += Bytes;
        break;
    case IRP_MJ_WRITE:
        Counters->WriteOperationCount++;
        Counters->WriteTransferCount += Bytes;
        break;
    default:
        Counters->OtherOperationCount++;
        Counters->OtherTransferCount += Bytes;
        break;
    }
}
