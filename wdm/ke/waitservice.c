/* SPDX-License-Identifier: BSD-2-Clause */
/* Services that wait, but not always, or for what is known in this process only. */
#include "ki.h"
#include "ntdll.h"
#include "ob.h"

#define ARGUMENT(Value) ((ULONG_PTR)(Value))

/* ZwWaitForSingleObject: also for handles to the driver's own threads. */
NTSTATUS NTAPI KxWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    const ULONG_PTR Arguments[] = {ARGUMENT(Handle), Alertable, ARGUMENT(Timeout)};
    PVOID Object = ObpHandleObject(Handle);

    return Object ? KeWaitForSingleObject(Object, UserRequest, KernelMode, FALSE, Timeout)
                  : KiCallService(NtWaitForSingleObject, 3, Arguments);
}

/* ZwWaitForMultipleObjects: either all handles are to the driver's own threads or none is, else
 * STATUS_NOT_SUPPORTED. */
NTSTATUS NTAPI KxWaitForMultipleObjects(ULONG Count, HANDLE Handles[], WAIT_TYPE WaitType,
                                        BOOLEAN Alertable, PLARGE_INTEGER Timeout)
{
    const ULONG_PTR Arguments[] = {Count, ARGUMENT(Handles), WaitType, Alertable,
                                   ARGUMENT(Timeout)};
    KWAIT_BLOCK Blocks[MAXIMUM_WAIT_OBJECTS];
    PVOID Objects[MAXIMUM_WAIT_OBJECTS];
    ULONG Own = 0;

    for (ULONG i = 0; i < Count && Count <= MAXIMUM_WAIT_OBJECTS; i++)
        if ((Objects[i] = ObpHandleObject(Handles[i])) != NULL)
            Own++;
    if (!Own)
        return KiCallService(NtWaitForMultipleObjects, 5, Arguments);
    if (Own < Count)
        return STATUS_NOT_SUPPORTED;
    return KeWaitForMultipleObjects(Count, Objects, WaitType, UserRequest, KernelMode, FALSE,
                                    Timeout, Blocks);
}

/* ZwNotifyChangeKey: one that does not wait is the main thread's, as it lasts as long as that. */
NTSTATUS NTAPI KxNotifyChangeKey(HANDLE Key, HANDLE Event, PIO_APC_ROUTINE Routine, PVOID Context,
                                 PIO_STATUS_BLOCK IoStatus, ULONG Filter, BOOLEAN WatchTree,
                                 PVOID Buffer, ULONG Length, BOOLEAN Asynchronous)
{
    const ULONG_PTR Arguments[] = {ARGUMENT(Key),     ARGUMENT(Event),    ARGUMENT(Routine),
                                   ARGUMENT(Context), ARGUMENT(IoStatus), Filter,
                                   WatchTree,         ARGUMENT(Buffer),   Length,
                                   Asynchronous};

    return Asynchronous ? NtNotifyChangeKey(Key, Event, Routine, Context, IoStatus, Filter,
                                            WatchTree, Buffer, Length, Asynchronous)
                        : KiCallService(NtNotifyChangeKey, 10, Arguments);
}

/* ZwNotifyChangeMultipleKeys: as ZwNotifyChangeKey. */
NTSTATUS NTAPI KxNotifyChangeMultipleKeys(HANDLE Key, ULONG Count, POBJECT_ATTRIBUTES Others,
                                          HANDLE Event, PIO_APC_ROUTINE Routine, PVOID Context,
                                          PIO_STATUS_BLOCK IoStatus, ULONG Filter,
                                          BOOLEAN WatchTree, PVOID Buffer, ULONG Length,
                                          BOOLEAN Asynchronous)
{
    const ULONG_PTR Arguments[] = {ARGUMENT(Key),
                                   Count,
                                   ARGUMENT(Others),
                                   ARGUMENT(Event),
                                   ARGUMENT(Routine),
                                   ARGUMENT(Context),
                                   ARGUMENT(IoStatus),
                                   Filter,
                                   WatchTree,
                                   ARGUMENT(Buffer),
                                   Length,
                                   Asynchronous};

    return Asynchronous
               ? NtNotifyChangeMultipleKeys(Key, Count, Others, Event, Routine, Context, IoStatus,
                                            Filter, WatchTree, Buffer, Length, Asynchronous)
               : KiCallService(NtNotifyChangeMultipleKeys, 12, Arguments);
}

/* ZwTerminateThread: the calling thread is one of the driver's, which know no other. */
NTSTATUS NTAPI KxTerminateThread(HANDLE Thread, NTSTATUS ExitStatus)
{
    if (!Thread || Thread == NtCurrentThread())
        KiExitThread();
    return ObpHandleObject(Thread) ? STATUS_ACCESS_DENIED : NtTerminateThread(Thread, ExitStatus);
}
