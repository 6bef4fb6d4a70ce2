/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System services by number. For each service of services.def there is a small entry that picks up
 * its arguments and calls it with the types of its prototype: conversion to them cuts off what a
 * hostile client put into the upper bits. An argument in the IPC buffer is read once, since other
 * threads of the client can write there at any time.
 */
#include "kip.h"
#include <drv.h>

typedef NTSTATUS (*KI_SERVICE)(const seL4_Word *Words, const volatile seL4_Word *Buffer);

#define KI_BUFFER_ARGUMENT(n) Buffer[(n)-1]
#define KI_ARGUMENTS_0
#define KI_ARGUMENTS_1 KI_ARGUMENT_1
#define KI_ARGUMENTS_2 KI_ARGUMENTS_1, KI_ARGUMENT_2
#define KI_ARGUMENTS_3 KI_ARGUMENTS_2, KI_ARGUMENT_3
#define KI_ARGUMENTS_4 KI_ARGUMENTS_3, KI_ARGUMENT_4
#define KI_ARGUMENTS_5 KI_ARGUMENTS_4, KI_BUFFER_ARGUMENT(5)
#define KI_ARGUMENTS_6 KI_ARGUMENTS_5, KI_BUFFER_ARGUMENT(6)
#define KI_ARGUMENTS_7 KI_ARGUMENTS_6, KI_BUFFER_ARGUMENT(7)
#define KI_ARGUMENTS_8 KI_ARGUMENTS_7, KI_BUFFER_ARGUMENT(8)
#define KI_ARGUMENTS_9 KI_ARGUMENTS_8, KI_BUFFER_ARGUMENT(9)
#define KI_ARGUMENTS_10 KI_ARGUMENTS_9, KI_BUFFER_ARGUMENT(10)
#define KI_ARGUMENTS_11 KI_ARGUMENTS_10, KI_BUFFER_ARGUMENT(11)

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wint-conversion"

#define SERVICE(name, count)                                                                       \
    static NTSTATUS Call##name(const seL4_Word *Words, const volatile seL4_Word *Buffer)           \
    {                                                                                              \
        return name(KI_ARGUMENTS_##count);                                                         \
    }
#define DRIVER_SERVICE(name, count)                                                                \
    static NTSTATUS Call##name(const seL4_Word *Words, const volatile seL4_Word *Buffer)           \
    {                                                                                              \
        return PsGetCurrentProcess()->Driver ? name(KI_ARGUMENTS_##count) : STATUS_ACCESS_DENIED;  \
    }
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE

#pragma clang diagnostic pop

static const KI_SERVICE Services[] = {
#define SERVICE(name, count) Call##name,
#define DRIVER_SERVICE(name, count) Call##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

#if DBG
static const char *const ServiceNames[] = {
#define SERVICE(name, count) #name,
#define DRIVER_SERVICE(name, count) #name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

static void Trace(PETHREAD Thread, seL4_Word Number, NTSTATUS Status)
{
    DbgTrace(DBG_KE, "ke: thread %u: %s = %08x\n", (ULONG)(ULONG_PTR)Thread->UniqueThreadId,
             ServiceNames[Number], (ULONG)Status);
}
#else
#define Trace(thread, number, status) ((void)0)
#endif

NTSTATUS KiSystemService(PETHREAD Thread, seL4_Word Number, const seL4_Word *Words)
{
    NTSTATUS Status;

    if (Number >= ARRAYSIZE(Services))
        return STATUS_INVALID_SYSTEM_SERVICE;
    Status = Services[Number](Words, Thread->IpcBuffer->msg);
    Trace(Thread, Number, Status);
    return Status;
}
