/* SPDX-License-Identifier: BSD-2-Clause */
/* Alerts by thread id: each thread has one, which another of its process sets and it waits for.
 * ntdll's locks are made of them. */
#include "psp.h"

/*
 * NtAlertThreadByThreadId: ends the thread's wait for its alert, or its next one. Returns
 * STATUS_INVALID_CID, STATUS_ACCESS_DENIED (a thread of another process).
 */
NTSTATUS NtAlertThreadByThreadId(HANDLE ThreadId)
{
    PETHREAD Thread = PspFindThread(ThreadId);

    if (!Thread)
        return STATUS_INVALID_CID;
    if (Thread->Process != PsGetCurrentProcess())
        return STATUS_ACCESS_DENIED;
    KeSetEvent(&Thread->AlertByThreadId);
    return STATUS_SUCCESS;
}

/*
 * NtWaitForAlertByThreadId: waits until the calling thread is alerted; Address says to debuggers
 * what for. Returns STATUS_ALERTED, STATUS_TIMEOUT, STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NtWaitForAlertByThreadId(PVOID Address, CLIENT(PLARGE_INTEGER) Timeout)
{
    LARGE_INTEGER Limit;
    NTSTATUS Status = Timeout ? MmReadClient(&Limit, Timeout) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = KeWaitForSingleObject(&PsGetCurrentThread()->AlertByThreadId, FALSE,
                                   Timeout ? &Limit : NULL);
    return Status == STATUS_SUCCESS ? STATUS_ALERTED : Status;
}
