/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System services by number. For each service of services.def there is a small entry that picks up
 * its arguments and calls it with the types of its prototype: the conversion cuts off whatever a
 * hostile client has put into the upper bits. An argument in the IPC buffer is read once, since
 * other threads of the client can write there at any time.
 */
#include "kip.h"
#include <drv.h>
#include <hal.h>
#include <service_kinds.h>

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
#define KI_ARGUMENTS_12 KI_ARGUMENTS_11, KI_BUFFER_ARGUMENT(12)
#define KI_ARGUMENTS_13 KI_ARGUMENTS_12, KI_BUFFER_ARGUMENT(13)
#define KI_ARGUMENTS_14 KI_ARGUMENTS_13, KI_BUFFER_ARGUMENT(14)
#define KI_ARGUMENTS_15 KI_ARGUMENTS_14, KI_BUFFER_ARGUMENT(15)
#define KI_ARGUMENTS_16 KI_ARGUMENTS_15, KI_BUFFER_ARGUMENT(16)
#define KI_ARGUMENTS_17 KI_ARGUMENTS_16, KI_BUFFER_ARGUMENT(17)

#define KI_MAXIMUM_ARGUMENTS 17

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
        return PsGetCurrentProcess()->DriverHost ? name(KI_ARGUMENTS_##count)                      \
                                                 : STATUS_ACCESS_DENIED;                           \
    }
#define MISSING_SERVICE(name, count)
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
#undef MISSING_SERVICE

#pragma clang diagnostic pop

static NTSTATUS CallMissing(const seL4_Word *Words, const volatile seL4_Word *Buffer)
{
    (void)Words;
    (void)Buffer;
    return STATUS_NOT_IMPLEMENTED;
}

static const KI_SERVICE PlainServices[] = {
#define SERVICE(name, count) Call##name,
#define DRIVER_SERVICE(name, count) Call##name,
#define MISSING_SERVICE(name, count) CallMissing,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
#undef MISSING_SERVICE
};

/* While somebody is traced, each entry leads to one of these. */
enum {
#define SERVICE(name, count) Number##name,
#define DRIVER_SERVICE(name, count) Number##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};
static NTSTATUS CallTraced(ULONG Number, const seL4_Word *Words, const volatile seL4_Word *Buffer);
#define SERVICE(name, count)                                                                       \
    static NTSTATUS Traced##name(const seL4_Word *Words, const volatile seL4_Word *Buffer)         \
    {                                                                                              \
        return CallTraced(Number##name, Words, Buffer);                                            \
    }
#define DRIVER_SERVICE(name, count) SERVICE(name, count)
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE

static const KI_SERVICE TracedServices[] = {
#define SERVICE(name, count) Traced##name,
#define DRIVER_SERVICE(name, count) Traced##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

/* The table in use. */
static KI_SERVICE Services[ARRAYSIZE(PlainServices)];

void KiSelectServices(BOOLEAN Traced)
{
    memcpy(Services, Traced ? TracedServices : PlainServices, sizeof(Services));
}

static const struct {
    const char *Name, *Kinds;
} Descriptions[] = {
#define SERVICE(name, count) {#name, SERVICE_KINDS_##name},
#define DRIVER_SERVICE(name, count) {#name, SERVICE_KINDS_##name},
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

static void CollectArguments(const seL4_Word *Words, const volatile seL4_Word *Buffer,
                             seL4_Word Arguments[KI_MAXIMUM_ARGUMENTS])
{
    const seL4_Word All[KI_MAXIMUM_ARGUMENTS] = {KI_ARGUMENTS_17};

    memcpy(Arguments, All, sizeof(All));
}

/* The arguments are taken from the buffer before the call, whose own messages may go there. */
static NTSTATUS CallTraced(ULONG Number, const seL4_Word *Words, const volatile seL4_Word *Buffer)
{
    seL4_Word Arguments[KI_MAXIMUM_ARGUMENTS];
    ULONGLONG Start;
    NTSTATUS Status;

    if (!PsGetCurrentProcess()->Traced)
        return PlainServices[Number](Words, Buffer);
    CollectArguments(Words, Buffer, Arguments);
    Start = HalReadTsc();
    Status = PlainServices[Number](Words, Buffer);
    KiShowService(Descriptions[Number].Name, Descriptions[Number].Kinds, Arguments, Status,
                  HalReadTsc() - Start);
    return Status;
}

#if DBG
static void Trace(PETHREAD Thread, seL4_Word Number, NTSTATUS Status)
{
    DbgTrace(DBG_KE, "ke: thread %u: %s = %08x\n", (ULONG)(ULONG_PTR)Thread->UniqueThreadId,
             Descriptions[Number].Name, (ULONG)Status);
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
