// SPDX-License-Identifier: BSD-2-Clause
/* From NTSTATUS to Win32's error numbers. (WDK: RtlNtStatusToDosError) */
#include <nt/ntrtl.h>

#define ERROR_MR_MID_NOT_FOUND 317

static const struct DOS_ERROR {
    NTSTATUS Status;
    ULONG Error;
} DosErrors[] = {
#define DOS_ERROR(status, error) {status, error},
#include "doserror.def"
#undef DOS_ERROR
};

static ULONG Find(ULONG Status)
{
    ULONG Low = 0, High = ARRAYSIZE(DosErrors);

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;

        if ((ULONG)DosErrors[Middle].Status == Status)
            return DosErrors[Middle].Error;
        if ((ULONG)DosErrors[Middle].Status < Status)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return ERROR_MR_MID_NOT_FOUND;
}

/* Statuses of somebody's own come back as they are, and those that were made from a Win32 error
 * give that. */
ULONG NTAPI RtlNtStatusToDosErrorNoTeb(NTSTATUS Status)
{
    ULONG Value = (ULONG)Status;

    if (Value & 0x20000000) /* the customer's bit */
        return Value;
    if ((Value & 0xf0000000) == 0xd0000000) /* marked as an NTSTATUS among HRESULTs */
        Value &= ~0x10000000u;
    if (Value >> 16 == 0x8007 || Value >> 16 == 0xc007 || Value >> 16 == 0xc001)
        return Value & 0xffff;
    return Value ? Find(Value) : 0;
}
