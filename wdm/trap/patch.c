/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replaces an instruction by a call, with one store: the host's other threads find the one or the
 * other. Code that may be written to is left alone, since the call depends on the bytes behind it.
 */
#include "ntdll.h"
#include "trap.h"

#define KI_CALL_OPCODE 0xE8
#define KI_STORE_LENGTH 8

/* What a call would be that begins with the Own bytes of Code; the others are as they are. */
typedef struct _KI_CALL {
    UCHAR Code[KI_CALL_LENGTH];
    ULONG Own;
} KI_CALL, *PKI_CALL;

static BOOLEAN KiIsConstant(PUCHAR Address, PUCHAR *End)
{
    MEMORY_BASIC_INFORMATION Region;

    if (!NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), Address, MemoryBasicInformation,
                                         &Region, sizeof(Region), NULL)))
        return FALSE;
    *End = (PUCHAR)Region.BaseAddress + Region.RegionSize;
    return Region.State == MEM_COMMIT && Region.Type == MEM_IMAGE &&
           (Region.Protect == PAGE_EXECUTE || Region.Protect == PAGE_EXECUTE_READ ||
            Region.Protect == PAGE_READONLY);
}

static BOOLEAN KiIsConstantRange(PUCHAR Address, ULONG Length)
{
    for (PUCHAR Next = Address; Next < Address + Length;)
        if (!KiIsConstant(Next, &Next))
            return FALSE;
    return TRUE;
}

static PUCHAR KiCallTarget(PUCHAR Address, const UCHAR Code[KI_CALL_LENGTH])
{
    LONG Displacement;

    RtlCopyMemory(&Displacement, Code + 1, sizeof(Displacement));
    return Address + KI_CALL_LENGTH + Displacement;
}

/* Finds a trampoline for the call, whose own bytes of the displacement are free. */
static BOOLEAN KiAimCall(PKI_SITE Site, PKI_CALL Call)
{
    ULONG Free = Call->Own - 1;
    ULONG_PTR Count = (ULONG_PTR)1 << 8 * (Free < sizeof(LONG) ? Free : sizeof(LONG) - 1);
    PUCHAR Target;
    LONG Displacement;

    if (Free == sizeof(LONG))
        Call->Code[Free] = 0; /* any is as good: within 16 MB behind it */
    RtlZeroMemory(Call->Code + 1, Free);
    Target = KiMakeTrampoline(KiCallTarget(Site->Address, Call->Code), Count, &Site->Instruction,
                              Site->Traps >= KI_MANY_TRAPS);
    if (!Target)
        return FALSE;
    Displacement = (LONG)(Target - Site->Address - KI_CALL_LENGTH);
    RtlCopyMemory(Call->Code + 1, &Displacement, sizeof(Displacement));
    return TRUE;
}

/* A call before this one, whose displacement it is a part of, will aim elsewhere: there must be a
 * trampoline for it too. */
static BOOLEAN KiAimNeighbour(PKI_SITE Neighbour, PUCHAR Address, const KI_CALL *Call)
{
    ULONG Distance = (ULONG)(Address - Neighbour->Address), Length = KI_CALL_LENGTH - Distance;
    UCHAR Code[KI_CALL_LENGTH];

    RtlCopyMemory(Code, Neighbour->Address, sizeof(Code));
    RtlCopyMemory(Code + Distance, Call->Code, Length < Call->Own ? Length : Call->Own);
    return KiMakeTrampoline(KiCallTarget(Neighbour->Address, Code), 1, &Neighbour->Instruction,
                            TRUE) != NULL;
}

static BOOLEAN KiAimNeighbours(PUCHAR Address, const KI_CALL *Call)
{
    for (ULONG Distance = 1; Distance < KI_CALL_LENGTH; Distance++) {
        PKI_SITE Neighbour = KiFindSite(Address - Distance);

        if (Neighbour && Neighbour->Patched && !KiAimNeighbour(Neighbour, Address, Call))
            return FALSE;
    }
    return TRUE;
}

/* Where eight bytes lie that have the Length bytes at Address among them, and no further page. */
static PUCHAR KiStoreAddress(PUCHAR Address, ULONG Length)
{
    PUCHAR Last = Address + Length - 1;

    if ((ULONG_PTR)Last / PAGE_SIZE == (ULONG_PTR)(Address + KI_STORE_LENGTH - 1) / PAGE_SIZE)
        return Address;
    return Last + 1 - KI_STORE_LENGTH;
}

/* Locked, it is one store even where it crosses a boundary. */
static VOID KiStoreAtOnce(PUCHAR Address, const UCHAR *Code, ULONG Length)
{
    PUCHAR Where = KiStoreAddress(Address, Length);
    UINT64 Old, New;

    RtlCopyMemory(&Old, Where, sizeof(Old));
    do {
        New = Old;
        RtlCopyMemory((PUCHAR)&New + (Address - Where), Code, Length);
    } while (!KiCompareExchange64(Where, &Old, New));
}

static BOOLEAN KiProtectCode(PUCHAR Address, SIZE_T Length, ULONG Protection, PULONG Old)
{
    PVOID Base = Address;

    return NT_SUCCESS(NtProtectVirtualMemory(NtCurrentProcess(), &Base, &Length, Protection, Old));
}

BOOLEAN KiWriteCode(PUCHAR Address, const UCHAR *Code, SIZE_T Length)
{
    ULONG Protection;

    if (!KiProtectCode(Address, Length, PAGE_EXECUTE_READWRITE, &Protection))
        return FALSE;
    RtlCopyMemory(Address, Code, Length);
    KiProtectCode(Address, Length, Protection, &Protection);
    return TRUE;
}

static BOOLEAN KiWriteCall(PUCHAR Address, const KI_CALL *Call)
{
    ULONG Protection;

    if (!KiProtectCode(Address, Call->Own, PAGE_EXECUTE_READWRITE, &Protection))
        return FALSE;
    KiStoreAtOnce(Address, Call->Code, Call->Own);
    KiProtectCode(Address, Call->Own, Protection, &Protection);
    return TRUE;
}

BOOLEAN KiPatchSite(PKI_SITE Site)
{
    KI_CALL Call = {.Own = min(Site->Instruction.Length, KI_CALL_LENGTH)};

    if (!KiIsConstantRange(Site->Address, max(Site->Instruction.Length, KI_CALL_LENGTH)) ||
        KiOverlapsSite(Site->Address, Site->Instruction.Length))
        return FALSE;
    RtlCopyMemory(Call.Code, Site->Address, sizeof(Call.Code));
    Call.Code[0] = KI_CALL_OPCODE;
    if (!KiAimCall(Site, &Call) || !KiAimNeighbours(Site->Address, &Call) ||
        !KiWriteCall(Site->Address, &Call))
        return FALSE;
    Site->Patched = TRUE;
    return TRUE;
}
