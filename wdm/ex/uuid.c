/* SPDX-License-Identifier: BSD-2-Clause */
/* New UUIDs: random ones, of version 4. (RFC 4122, 4.4) */
#include "ki.h"

typedef struct _EXP_DIGEST {
    ULONG State[4];
    ULONG Count[2];
    UCHAR Buffer[64];
    UCHAR Digest[16];
    UCHAR Spare[16];
} EXP_DIGEST;

VOID NTAPI MD5Init(EXP_DIGEST *Context);
VOID NTAPI MD5Update(EXP_DIGEST *Context, const VOID *Data, ULONG Length);
VOID NTAPI MD5Final(EXP_DIGEST *Context);

/* Of everything that differs between two calls, processes and starts of the system. */
static VOID ExpGatherNoise(EXP_DIGEST *Context)
{
    static ULONGLONG Calls;
    struct {
        ULONGLONG Call, Cycles, System, Interrupt;
        LARGE_INTEGER Counter;
        PVOID Process, Stack;
    } Noise = {++Calls,
               __rdtsc(),
               KiQuerySystemTime(),
               KiQueryInterruptTime(),
               KeQueryPerformanceCounter(NULL),
               PsGetCurrentProcessId(),
               &Noise};

    MD5Init(Context);
    MD5Update(Context, &Noise, sizeof(Noise));
    MD5Final(Context);
}

/* ExUuidCreate: STATUS_SUCCESS. */
NTSTATUS NTAPI ExUuidCreate(UUID *Uuid)
{
    static UCHAR Last[16];
    EXP_DIGEST Context;

    ExpGatherNoise(&Context);
    for (ULONG i = 0; i < sizeof(Last); i++)
        Last[i] ^= Context.Digest[i];
    RtlCopyMemory(Uuid, Last, sizeof(*Uuid));
    Uuid->Data3 = (Uuid->Data3 & 0x0FFF) | 0x4000;
    Uuid->Data4[0] = (Uuid->Data4[0] & 0x3F) | 0x80;
    return STATUS_SUCCESS;
}
