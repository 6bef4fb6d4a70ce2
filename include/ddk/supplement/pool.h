/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pool as newer sources ask for it: ExAllocatePool2 (Windows 10, version 2004), the routines whose
 * names say whether memory is zeroed, and pool that holds no code. None of them is imported: all of
 * it is made of ExAllocatePoolWithTag and its relatives, so it runs wherever those are.
 */
#pragma once

typedef ULONG64 POOL_FLAGS;

#define POOL_FLAG_REQUIRED_START 0x0000000000000001ULL
#define POOL_FLAG_USE_QUOTA 0x0000000000000001ULL
#define POOL_FLAG_UNINITIALIZED 0x0000000000000002ULL
#define POOL_FLAG_SESSION 0x0000000000000004ULL
#define POOL_FLAG_CACHE_ALIGNED 0x0000000000000008ULL
#define POOL_FLAG_RESERVED1 0x0000000000000010ULL
#define POOL_FLAG_RAISE_ON_FAILURE 0x0000000000000020ULL
#define POOL_FLAG_NON_PAGED 0x0000000000000040ULL
#define POOL_FLAG_NON_PAGED_EXECUTE 0x0000000000000080ULL
#define POOL_FLAG_PAGED 0x0000000000000100ULL
#define POOL_FLAG_RESERVED2 0x0000000000000200ULL
#define POOL_FLAG_RESERVED3 0x0000000000000400ULL
#define POOL_FLAG_REQUIRED_END 0x0000000080000000ULL
#define POOL_FLAG_OPTIONAL_START 0x0000000100000000ULL
#define POOL_FLAG_SPECIAL_POOL 0x0000000100000000ULL
#define POOL_FLAG_OPTIONAL_END 0x8000000000000000ULL

#ifndef POOL_NX_ALLOCATION
#define POOL_NX_ALLOCATION 512
#endif

/* "#define POOL_NX_OPTIN 1" or ExInitializeDriverRuntime make NonPagedPool a pool without code. No
 * pool here holds code. */
#define DrvRtPoolNxOptIn 0x00000001

FORCEINLINE VOID ExInitializeDriverRuntime(ULONG RuntimeFlags)
{
    (VOID) RuntimeFlags;
}

FORCEINLINE POOL_TYPE ExpSupplementPoolType(POOL_FLAGS Flags)
{
    ULONG Type = Flags & POOL_FLAG_PAGED               ? PagedPool
                 : Flags & POOL_FLAG_NON_PAGED_EXECUTE ? NonPagedPool
                                                       : NonPagedPoolNx;

    if (Flags & POOL_FLAG_CACHE_ALIGNED)
        Type |= NonPagedPoolCacheAligned;
    return (POOL_TYPE)Type;
}

/* Exactly one kind of pool, and no flag that must be obeyed but is not known. */
FORCEINLINE BOOLEAN ExpSupplementPoolFlagsAreGood(POOL_FLAGS Flags)
{
    POOL_FLAGS Kind = Flags & (POOL_FLAG_NON_PAGED | POOL_FLAG_NON_PAGED_EXECUTE | POOL_FLAG_PAGED);

    return Kind && !(Kind & (Kind - 1)) &&
           !(Flags & 0xffffffffULL &
             ~(Kind | POOL_FLAG_USE_QUOTA | POOL_FLAG_UNINITIALIZED | POOL_FLAG_CACHE_ALIGNED |
               POOL_FLAG_RAISE_ON_FAILURE));
}

/*
 * ExAllocatePool2: zeroed unless POOL_FLAG_UNINITIALIZED. NULL, or with POOL_FLAG_RAISE_ON_FAILURE
 * an exception, when there is no memory, NumberOfBytes is 0, Tag is 0 or Flags do not name one
 * pool.
 */
FORCEINLINE PVOID ExpSupplementAllocatePool2(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag)
{
    PVOID Memory = NULL;

    if (Tag && NumberOfBytes && ExpSupplementPoolFlagsAreGood(Flags)) {
        if (Flags & POOL_FLAG_USE_QUOTA)
            Memory = ExAllocatePoolWithQuotaTag(
                (POOL_TYPE)(ExpSupplementPoolType(Flags) | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE),
                NumberOfBytes, Tag);
        else
            Memory = ExAllocatePoolWithTag(ExpSupplementPoolType(Flags), NumberOfBytes, Tag);
    }
    if (!Memory && Flags & POOL_FLAG_RAISE_ON_FAILURE)
        ExRaiseStatus(STATUS_INSUFFICIENT_RESOURCES);
    if (Memory && !(Flags & POOL_FLAG_UNINITIALIZED))
        RtlZeroMemory(Memory, NumberOfBytes);
    return Memory;
}
#define ExAllocatePool2 ExpSupplementAllocatePool2

/* The parameters of ExAllocatePool3; of the kinds only the priority may be left out of account. */
typedef enum POOL_EXTENDED_PARAMETER_TYPE {
    PoolExtendedParameterInvalidType,
    PoolExtendedParameterPriority,
    PoolExtendedParameterSecurePool,
    PoolExtendedParameterNumaNode,
    PoolExtendedParameterMax
} POOL_EXTENDED_PARAMETER_TYPE;

typedef struct _POOL_EXTENDED_PARAMETER {
    struct {
        ULONG64 Type : 8;
        ULONG64 Optional : 1;
        ULONG64 Reserved : 64 - 9;
    };
    union {
        ULONG64 Reserved2;
        PVOID Reserved3;
        EX_POOL_PRIORITY Priority;
        PVOID SecurePoolParams;
        ULONG PreferredNode;
    };
} POOL_EXTENDED_PARAMETER, *PPOOL_EXTENDED_PARAMETER;
typedef const POOL_EXTENDED_PARAMETER *PCPOOL_EXTENDED_PARAMETER;

/* ExAllocatePool3: a secure pool, which is not there, fails unless the parameter is optional. */
FORCEINLINE PVOID ExpSupplementAllocatePool3(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag,
                                             PCPOOL_EXTENDED_PARAMETER Parameters, ULONG Count)
{
    ULONG i;

    for (i = 0; i < Count; i++) {
        BOOLEAN IsKnown = Parameters[i].Type == PoolExtendedParameterPriority ||
                          Parameters[i].Type == PoolExtendedParameterNumaNode;

        if (!IsKnown && !Parameters[i].Optional)
            return ExpSupplementAllocatePool2(
                (Flags & POOL_FLAG_RAISE_ON_FAILURE) | POOL_FLAG_PAGED, 0, Tag);
    }
    return ExpSupplementAllocatePool2(Flags, NumberOfBytes, Tag);
}
#define ExAllocatePool3 ExpSupplementAllocatePool3

/* ExFreePool2 and its parameters. */
FORCEINLINE VOID ExFreePool2(PVOID Memory, ULONG Tag, PCPOOL_EXTENDED_PARAMETER Parameters,
                             ULONG Count)
{
    (VOID) Parameters;
    (VOID) Count;
    ExFreePoolWithTag(Memory, Tag);
}

FORCEINLINE PVOID ExAllocatePoolUninitialized(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    return ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag);
}

FORCEINLINE PVOID ExAllocatePoolZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    PVOID Memory = ExAllocatePoolWithTag(PoolType, NumberOfBytes, Tag);

    if (Memory)
        RtlZeroMemory(Memory, NumberOfBytes);
    return Memory;
}

FORCEINLINE PVOID ExAllocatePoolQuotaUninitialized(POOL_TYPE PoolType, SIZE_T NumberOfBytes,
                                                   ULONG Tag)
{
    return ExAllocatePoolWithQuotaTag(PoolType, NumberOfBytes, Tag);
}

FORCEINLINE PVOID ExAllocatePoolQuotaZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
    PVOID Memory = ExAllocatePoolWithQuotaTag(PoolType, NumberOfBytes, Tag);

    if (Memory)
        RtlZeroMemory(Memory, NumberOfBytes);
    return Memory;
}

FORCEINLINE PVOID ExAllocatePoolPriorityUninitialized(POOL_TYPE PoolType, SIZE_T NumberOfBytes,
                                                      ULONG Tag, EX_POOL_PRIORITY Priority)
{
    return ExAllocatePoolWithTagPriority(PoolType, NumberOfBytes, Tag, Priority);
}

FORCEINLINE PVOID ExAllocatePoolPriorityZero(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag,
                                             EX_POOL_PRIORITY Priority)
{
    PVOID Memory = ExAllocatePoolWithTagPriority(PoolType, NumberOfBytes, Tag, Priority);

    if (Memory)
        RtlZeroMemory(Memory, NumberOfBytes);
    return Memory;
}
