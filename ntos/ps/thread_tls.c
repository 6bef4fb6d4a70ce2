/* SPDX-License-Identifier: BSD-2-Clause */
/* ThreadZeroTlsCell: a slot of thread-local storage that is given out anew is 0 in all threads of
 * the process.  (Win32: TlsAlloc, TlsFree) */
#include "pspinfo.h"

static void ZeroCell(PETHREAD Thread, CLIENT(PVOID *) Cell)
{
    PVOID Zero = NULL;

    MmCopyToProcess(Thread->Process, Cell, &Zero, sizeof(Zero));
}

/* A thread that has no expansion slots has nothing there. */
static void ZeroExpansionCell(PETHREAD Thread, ULONG Index)
{
    CLIENT(PTEB) Teb = (CLIENT(PTEB))Thread->Teb;
    PVOID *Slots = NULL;

    MmCopyFromProcess(Thread->Process, &Slots, &Teb->TlsExpansionSlots, sizeof(Slots));
    if (Slots)
        ZeroCell(Thread, (CLIENT(PVOID *))Slots + Index);
}

/* Of the calling thread only, which means its process. A bad address in another thread's TEB is
 * that thread's own concern. */
NTSTATUS PspZeroTlsCell(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PETHREAD Thread = NULL;
    ULONG Index = Value->Long;

    if (Object != PsGetCurrentThread() || Index >= TLS_MINIMUM_AVAILABLE + TLS_EXPANSION_SLOTS)
        return STATUS_INVALID_PARAMETER;
    while ((Thread = PsNextThread(PsGetCurrentProcess(), Thread)) != NULL) {
        if (Thread->Teb && Index < TLS_MINIMUM_AVAILABLE)
            ZeroCell(Thread, &((CLIENT(PTEB))Thread->Teb)->TlsSlots[Index]);
        else if (Thread->Teb)
            ZeroExpansionCell(Thread, Index - TLS_MINIMUM_AVAILABLE);
        KeGiveWay();
    }
    return STATUS_SUCCESS;
}
