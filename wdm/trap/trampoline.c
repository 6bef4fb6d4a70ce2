/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trampolines: what is called in place of an instruction. Each passes its instruction on to
 * KiTrapStub. Mostly there is one address only where it can be, anywhere within 2 GB of the driver;
 * so each may cost a page, and a page table. The first ones get that at once, later ones when their
 * instruction has trapped often. They stay when a driver goes: it finds them when it comes again.
 */
#include "ntdll.h"
#include "trap.h"

#define KI_ROOM_SIZE 0x10000 /* what the address space is given out by */
#define KI_MAXIMUM_ROOMS 64
#define KI_ROOMS_AT_ONCE 16
#define KI_TRAMPOLINE_STEP 32
#define KI_MAXIMUM_TRIES 64

C_ASSERT(KI_TRAMPOLINE_LENGTH <= KI_TRAMPOLINE_STEP);

typedef struct _KI_ROOM {
    PUCHAR Base;
    USHORT Committed; /* a bit a page */
} KI_ROOM, *PKI_ROOM;

static KI_ROOM KiRooms[KI_MAXIMUM_ROOMS];
static ULONG KiRoomCount;
static PUCHAR KiReserve; /* addresses that are kept free for rooms */
static SIZE_T KiReserveSize;

/* Drivers that are relocated are put as high as possible; so that is made 2 GB below the highest
 * address, for half of all calls aim at what is above the driver. */
VOID KiReserveRooms(VOID)
{
    PVOID Base = NULL;
    SIZE_T Size = KI_ROOM_RESERVE;

    if (!Size ||
        !NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                            MEM_RESERVE | MEM_TOP_DOWN, PAGE_EXECUTE_READ)))
        return;
    KiReserve = Base;
    KiReserveSize = Size;
}

static BOOLEAN KiReserveAddresses(PVOID Wanted)
{
    PVOID Base = Wanted;
    SIZE_T Size = KI_ROOM_SIZE;

    if ((SIZE_T)((PUCHAR)Wanted - KiReserve) < KiReserveSize)
        return TRUE;
    if (!NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE,
                                            PAGE_EXECUTE_READ)))
        return FALSE;
    if (Base == Wanted)
        return TRUE;
    Size = 0;
    ZwFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
    return FALSE;
}

static PKI_ROOM KiFindRoom(PUCHAR Address)
{
    for (ULONG i = 0; i < KiRoomCount; i++)
        if ((SIZE_T)(Address - KiRooms[i].Base) < KI_ROOM_SIZE)
            return &KiRooms[i];
    return NULL;
}

/* NULL: something else is there. */
static PKI_ROOM KiNewRoom(PUCHAR Address)
{
    PVOID Base = (PVOID)((ULONG_PTR)Address & ~(ULONG_PTR)(KI_ROOM_SIZE - 1));

    if (!Base || KiRoomCount == KI_MAXIMUM_ROOMS || !KiReserveAddresses(Base))
        return NULL;
    KiRooms[KiRoomCount] = (KI_ROOM){.Base = Base};
    return &KiRooms[KiRoomCount++];
}

/* FALSE: the page is not there and cannot be had. */
static BOOLEAN KiCommitPage(PKI_ROOM Room, ULONG_PTR Page, BOOLEAN New)
{
    PVOID Base = Room->Base + Page * PAGE_SIZE;
    SIZE_T Size = PAGE_SIZE;

    if (Room->Committed >> Page & 1)
        return TRUE;
    if (!New || !NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_COMMIT,
                                                    PAGE_EXECUTE_READ)))
        return FALSE;
    Room->Committed |= 1 << Page;
    return TRUE;
}

static BOOLEAN KiMayTakeRoom(BOOLEAN Hot)
{
    return KiRoomCount < (Hot ? KI_MAXIMUM_ROOMS : KI_ROOMS_AT_ONCE);
}

static BOOLEAN KiCommit(PUCHAR Address, BOOLEAN New, BOOLEAN Hot)
{
    PKI_ROOM Room = KiFindRoom(Address);
    ULONG_PTR First, Last;

    if (!Room && (!New || !KiMayTakeRoom(Hot) || !(Room = KiNewRoom(Address))))
        return FALSE;
    First = (ULONG_PTR)(Address - Room->Base) / PAGE_SIZE;
    Last = (ULONG_PTR)(Address + KI_TRAMPOLINE_LENGTH - 1 - Room->Base) / PAGE_SIZE;
    return Last < KI_ROOM_SIZE / PAGE_SIZE && KiCommitPage(Room, First, New) &&
           KiCommitPage(Room, Last, New);
}

static BOOLEAN KiIsFree(const UCHAR *Code)
{
    for (ULONG i = 0; i < KI_TRAMPOLINE_LENGTH; i++)
        if (Code[i])
            return FALSE;
    return TRUE;
}

/* The first and the last byte of a trampoline are not zero, so two never overlap. */
static BOOLEAN KiPlaceTrampoline(PUCHAR Address, const KI_INSTRUCTION *Instruction, BOOLEAN New,
                                 BOOLEAN Hot)
{
    UCHAR Code[KI_TRAMPOLINE_LENGTH];

    if (!KiCommit(Address, New, Hot))
        return FALSE;
    KiEncodeTrampoline(Code, Address, Instruction);
    if (RtlEqualMemory(Address, Code, sizeof(Code)))
        return TRUE; /* there already, for another place with this instruction */
    return KiIsFree(Address) && KiWriteCode(Address, Code, sizeof(Code));
}

/* In the rooms that there are */
static PUCHAR KiReuseRoom(PUCHAR Lowest, ULONG_PTR Count, const KI_INSTRUCTION *Instruction)
{
    for (ULONG i = 0; i < KiRoomCount; i++) {
        PUCHAR Base = KiRooms[i].Base;
        ULONG_PTR First = (ULONG_PTR)(Base - Lowest) < Count ? 0 : (ULONG_PTR)(Lowest - Base);

        for (ULONG_PTR Offset = First; Offset < KI_ROOM_SIZE; Offset += KI_TRAMPOLINE_STEP) {
            if (!(KiRooms[i].Committed >> Offset / PAGE_SIZE & 1)) {
                Offset = (Offset | (PAGE_SIZE - 1)) + 1 - KI_TRAMPOLINE_STEP;
                continue;
            }
            if ((ULONG_PTR)(Base + Offset - Lowest) >= Count)
                break;
            if (KiPlaceTrampoline(Base + Offset, Instruction, FALSE, FALSE))
                return Base + Offset;
        }
    }
    return NULL;
}

PUCHAR KiMakeTrampoline(PUCHAR Lowest, ULONG_PTR Count, const KI_INSTRUCTION *Instruction,
                        BOOLEAN Hot)
{
    ULONG_PTR Step = Count / KI_MAXIMUM_TRIES ? Count / KI_MAXIMUM_TRIES : 1;
    PUCHAR Found = Count > 1 ? KiReuseRoom(Lowest, Count, Instruction) : NULL;

    for (ULONG_PTR Offset = 0; !Found && Offset < Count; Offset += Step)
        if (KiPlaceTrampoline(Lowest + Offset, Instruction, TRUE, Hot))
            Found = Lowest + Offset;
    return Found;
}
