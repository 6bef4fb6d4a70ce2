// SPDX-License-Identifier: BSD-2-Clause
/* The loader lock in the hands of programs. The cookie tells whose it is. (phnt: ntldr.h) */
#include "ldrp.h"

#define COOKIE_TAG 0x4e000000u
#define THREAD_MASK 0x00ffffffu

static ULONG_PTR OwnCookie(void)
{
    return COOKIE_TAG | ((ULONG)(ULONG_PTR)NtCurrentTeb()->ClientId.UniqueThread & THREAD_MASK);
}

static NTSTATUS Refuse(ULONG Flags, NTSTATUS Status)
{
    if (Flags & LDR_LOCK_LOADER_LOCK_FLAG_RAISE_ON_ERRORS)
        RtlRaiseStatus(Status);
    return Status;
}

NTSTATUS NTAPI LdrLockLoaderLock(ULONG Flags, PULONG Disposition, PULONG_PTR Cookie)
{
    BOOLEAN TryOnly = (Flags & LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY) != 0;

    if (Disposition)
        *Disposition = LDR_LOCK_LOADER_LOCK_DISPOSITION_INVALID;
    if (Cookie)
        *Cookie = 0;
    if (Flags & ~(LDR_LOCK_LOADER_LOCK_FLAG_RAISE_ON_ERRORS | LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY))
        return Refuse(Flags, STATUS_INVALID_PARAMETER_1);
    if (!Cookie)
        return Refuse(Flags, STATUS_INVALID_PARAMETER_3);
    if (TryOnly && !Disposition)
        return Refuse(Flags, STATUS_INVALID_PARAMETER_2);
    if (TryOnly && !RtlTryEnterCriticalSection(&LdrpLoaderLock)) {
        *Disposition = LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_NOT_ACQUIRED;
        return STATUS_SUCCESS;
    }
    if (!TryOnly)
        RtlEnterCriticalSection(&LdrpLoaderLock);
    if (Disposition)
        *Disposition = LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_ACQUIRED;
    *Cookie = OwnCookie();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrUnlockLoaderLock(ULONG Flags, ULONG_PTR Cookie)
{
    if (Flags & ~LDR_LOCK_LOADER_LOCK_FLAG_RAISE_ON_ERRORS)
        return Refuse(Flags, STATUS_INVALID_PARAMETER_1);
    if (!Cookie)
        return STATUS_SUCCESS;
    if (Cookie != OwnCookie())
        return Refuse(Flags, STATUS_INVALID_PARAMETER_2);
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return STATUS_SUCCESS;
}
