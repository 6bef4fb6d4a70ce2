/* SPDX-License-Identifier: BSD-2-Clause */
/* What drivers want to do when one of their host stops it by a bug check. (WDK:
 * KeRegisterBugCheckCallback) */
#include "ki.h"

static LIST_ENTRY KiCallbacks = {&KiCallbacks, &KiCallbacks},
                  KiReasonCallbacks = {&KiReasonCallbacks, &KiReasonCallbacks};

/* The callbacks are not called again when one of them fails. */
VOID KiCallBugCheckCallbacks(VOID)
{
    while (!IsListEmpty(&KiCallbacks)) {
        PKBUGCHECK_CALLBACK_RECORD Record =
            CONTAINING_RECORD(RemoveHeadList(&KiCallbacks), KBUGCHECK_CALLBACK_RECORD, Entry);

        Record->State = BufferStarted;
        Record->CallbackRoutine(Record->Buffer, Record->Length);
        Record->State = BufferFinished;
    }
}

/* FALSE: it is registered already. */
BOOLEAN NTAPI KeRegisterBugCheckCallback(PKBUGCHECK_CALLBACK_RECORD Record,
                                         PKBUGCHECK_CALLBACK_ROUTINE Routine, PVOID Buffer,
                                         ULONG Length, PUCHAR Component)
{
    if (Record->State != BufferEmpty)
        return FALSE;
    Record->CallbackRoutine = Routine;
    Record->Buffer = Buffer;
    Record->Length = Length;
    Record->Component = Component;
    Record->Checksum = (ULONG_PTR)Routine + (ULONG_PTR)Buffer + Length + (ULONG_PTR)Component;
    Record->State = BufferInserted;
    InsertTailList(&KiCallbacks, &Record->Entry);
    return TRUE;
}

/* FALSE: it is not registered. */
BOOLEAN NTAPI KeDeregisterBugCheckCallback(PKBUGCHECK_CALLBACK_RECORD Record)
{
    if (Record->State != BufferInserted)
        return FALSE;
    RemoveEntryList(&Record->Entry);
    Record->State = BufferEmpty;
    return TRUE;
}

/* Reason callbacks add to a crash dump. None is made here, so they are kept and not called. */
BOOLEAN NTAPI KeRegisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD Record,
                                               PKBUGCHECK_REASON_CALLBACK_ROUTINE Routine,
                                               KBUGCHECK_CALLBACK_REASON Reason, PUCHAR Component)
{
    if (Record->State != BufferEmpty)
        return FALSE;
    Record->CallbackRoutine = Routine;
    Record->Reason = Reason;
    Record->Component = Component;
    Record->State = BufferInserted;
    InsertTailList(&KiReasonCallbacks, &Record->Entry);
    return TRUE;
}

BOOLEAN NTAPI KeDeregisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD Record)
{
    if (Record->State != BufferInserted)
        return FALSE;
    RemoveEntryList(&Record->Entry);
    Record->State = BufferEmpty;
    return TRUE;
}
