/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How hosts call the Executive. Each has a bit of the Executive's notification, which has fewer
 * bits than there may be hosts: then several have the same, and all of these are looked at.
 */
#include "iop.h"

LIST_ENTRY IopHosts = {&IopHosts, &IopHosts};

typedef struct _IOP_SIGNAL {
    LIST_ENTRY Hosts; /* IO_HOST.SignalEntry */
    ULONG Count;
} IOP_SIGNAL, *PIOP_SIGNAL;

static IOP_SIGNAL IopSignals[KE_SIGNAL_BITS]; /* bit 0 is the clock's */

/* The bit that the fewest have. */
void IopAssignSignal(PIO_HOST Host)
{
    ULONG Best = 1, Bit;

    for (Bit = 2; Bit < KE_SIGNAL_BITS; Bit++)
        if (IopSignals[Bit].Count < IopSignals[Best].Count)
            Best = Bit;
    if (!IopSignals[Best].Hosts.Flink)
        InitializeListHead(&IopSignals[Best].Hosts);
    Host->SignalBit = Best;
    IopSignals[Best].Count++;
    InsertTailList(&IopSignals[Best].Hosts, &Host->SignalEntry);
    InsertTailList(&IopHosts, &Host->HostsEntry);
}

void IopReleaseSignal(PIO_HOST Host)
{
    if (!Host->SignalBit)
        return;
    IopSignals[Host->SignalBit].Count--;
    RemoveEntryList(&Host->SignalEntry);
    RemoveEntryList(&Host->HostsEntry);
    Host->SignalBit = 0;
}

/* What hosts have sent may end others of them, so each goes to the end of the list before it is
 * looked at. If some are gone then, others are looked at twice. */
static void IopServeSignal(PIOP_SIGNAL Signal)
{
    ULONG Left;

    for (Left = Signal->Count; Left && Signal->Count; Left--) {
        PIO_HOST Host = CONTAINING_RECORD(Signal->Hosts.Flink, IO_HOST, SignalEntry);

        RemoveEntryList(&Host->SignalEntry);
        InsertTailList(&Signal->Hosts, &Host->SignalEntry);
        IoReferenceHost(Host);
        IopDrainChannel(Host);
        IoDereferenceHost(Host);
    }
}

void IoHostSignal(seL4_Word Bits)
{
    for (; Bits; Bits &= Bits - 1)
        IopServeSignal(&IopSignals[__builtin_ctzl(Bits)]);
}
