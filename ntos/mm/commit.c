/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commitment: every page promised to a client is backed by RAM that is there, since there is no
 * paging file yet. What the system must remember about a client (tables, address ranges, sections)
 * counts like its pages, and so does what the system has taken for itself (pool that is nobody's,
 * stacks, kernel objects): neither may live on what the other has been promised.
 *
 * The memory that is there when the system starts is shared out from the top:
 *
 *   OVERHEAD_SHARE   what frames themselves need (database, slots, the window's tables), and what
 *                    is lost between blocks
 *   KEPT_PAGES       not for programs: the system, drivers, smss and what smss starts live on it
 *                    when programs have taken all the rest; a quarter of it is also for pages
 *                    that hold what processes are promised (mm/quota.c)
 *   OBJECT_SHARE     not for pages: what objects take beyond what is charged for them, and the
 *                    first pages of objects of each process (mm/quota.c); one half of it is for
 *                    processes that have few
 *   the rest         for programs' pages, and for the pool that is charged to them
 *
 * What a program has a driver do takes memory in the driver's process. It is charged to the program
 * when that asks (DriverPages), and what drivers' processes then commit is drawn from there first
 * (DrawnPages), so it is there whatever other programs take, and is not counted twice.
 */
#include <ps.h>
#include "mi.h"

#define OVERHEAD_SHARE 16 /* one part in so many */
#define KEPT_SHARE 8      /* at most one part in so many */
#define KEPT_PAGES 192
#define OBJECT_SHARE 32
#define OBJECT_PAGES 1024 /* at most */
#define FEW_PAGES 4       /* of a process in drivers */

SIZE_T MiCommittedPages, MiCommitLimit, MiPeakCommitment;
static SIZE_T SystemLimit = MAXULONG_PTR / 2, ProgramLimit = MAXULONG_PTR / 2, PagesAtStart;
static SIZE_T DriverPages, DrawnPages; /* DrawnPages <= DriverPages */

/* Clients' page tables are charged to their processes, and so is the pool that they have made the
 * system take. */
static SIZE_T AllSystemPages(void)
{
    return MiSystemPages + MiStackPages + (MiKernelObjectBytes >> PAGE_SHIFT) - MiClientTables -
           (MmChargedPool >> PAGE_SHIFT);
}

static SIZE_T Least(SIZE_T First, SIZE_T Second)
{
    return First < Second ? First : Second;
}

static SIZE_T Share(SIZE_T Pages, SIZE_T Part, SIZE_T AtMost)
{
    return Least(Pages / Part, AtMost);
}

void MiInitializeCommitment(void)
{
    SIZE_T Available = MiAvailablePages();

    PagesAtStart = AllSystemPages();
    SystemLimit = Available - Available / OVERHEAD_SHARE;
    ProgramLimit = SystemLimit - Share(Available, KEPT_SHARE, KEPT_PAGES);
    MiCommitLimit = ProgramLimit - Share(Available, OBJECT_SHARE, OBJECT_PAGES);
}

BOOLEAN MiIsProgramRunning(void)
{
    PETHREAD Thread = KeGetCurrentThread();

    return Thread && !Thread->Process->SystemProcess;
}

/* What was there at the start may since have been freed. Kept address spaces do not count, so they
 * go when what they take is promised. */
static BOOLEAN IsRoomFor(SIZE_T Pages, SIZE_T Limit)
{
    SIZE_T System = AllSystemPages();
    SIZE_T Used =
        MiCommittedPages - DrawnPages + (System > PagesAtStart ? System - PagesAtStart : 0);

    if (Used > Limit || Pages > Limit - Used)
        return FALSE;
    if (MiKeptPages > Limit - Used - Pages)
        MiDropKeptSpaces();
    return TRUE;
}

static SIZE_T LimitOf(SIZE_T Programs)
{
    return MiIsProgramRunning() ? Programs : SystemLimit;
}

/* For who is not among those with few objects. */
static SIZE_T LimitForMany(void)
{
    return MiCommitLimit + (ProgramLimit - MiCommitLimit) / 2;
}

/* A block that was promised may want a page of which the rest is nobody's yet. */
static SIZE_T LimitForObjects(void)
{
    if (MiIsWithinPromise())
        return ProgramLimit + (SystemLimit - ProgramLimit) / 4;
    return MmIsModest() ? ProgramLimit : LimitForMany();
}

BOOLEAN MiIsRoomForSystem(SIZE_T Pages)
{
    return IsRoomFor(Pages, LimitOf(LimitForObjects()));
}

/* A few large views take many slots and hardly any pool: who has little of that has no more room
 * for them than others. */
BOOLEAN MiIsRoomForSlots(SIZE_T Pages)
{
    return IsRoomFor(Pages, LimitOf(LimitForMany()));
}

static void Commit(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    MiCommittedPages += Pages;
    if (MiCommittedPages > MiPeakCommitment)
        MiPeakCommitment = MiCommittedPages;
    if (!Vm)
        return;
    Vm->CommitPages += Pages;
    if (Vm->CommitPages > Vm->PeakCommitPages)
        Vm->PeakCommitPages = Vm->CommitPages;
}

/* A driver asks for its own process: others, which may open it, draw nothing. */
static BOOLEAN IsDriverRunning(PMM_ADDRESS_SPACE Vm)
{
    PETHREAD Thread = KeGetCurrentThread();

    return Thread && Vm == &Thread->Process->Vm && Thread->Process->DriverHost;
}

/* Vm may be NULL. Drawn of the pages are there already. */
static BOOLEAN ChargeWithin(PMM_ADDRESS_SPACE Vm, SIZE_T Pages, SIZE_T Drawn, SIZE_T Limit)
{
    if (Pages > Drawn && !IsRoomFor(Pages - Drawn, LimitOf(Limit)))
        return FALSE;
    if (Vm && !PsChargeJobs(CONTAINING_RECORD(Vm, EPROCESS, Vm), Pages))
        return FALSE;
    Commit(Vm, Pages);
    return TRUE;
}

BOOLEAN MiChargeCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    SIZE_T Drawn;

    if (!Pages)
        return TRUE;
    Drawn = IsDriverRunning(Vm) ? Least(Pages, DriverPages - DrawnPages) : 0;
    if (!ChargeWithin(Vm, Pages, Drawn, MiCommitLimit))
        return FALSE;
    if (Drawn) {
        DrawnPages += Drawn;
        Vm->DrawnPages += Drawn;
    }
    return TRUE;
}

BOOLEAN MiChargeForObjects(PMM_ADDRESS_SPACE Vm, SIZE_T Pages, BOOLEAN Few)
{
    return ChargeWithin(Vm, Pages, 0, Few ? ProgramLimit : MiCommitLimit);
}

/* Whoever returns a driver's pages: at its end the system does. */
static void ReturnDrawn(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    SIZE_T Drawn = Least(Pages, Vm->DrawnPages);

    Vm->DrawnPages -= Drawn;
    DrawnPages -= Least(Drawn, DrawnPages);
}

void MiReturnCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages)
{
    ASSERT(Pages <= MiCommittedPages);
    MiCommittedPages -= Pages;
    if (!Vm || !Pages)
        return;
    ReturnDrawn(Vm, Pages);
    PsReturnJobCharge(CONTAINING_RECORD(Vm, EPROCESS, Vm), Pages);
    Vm->CommitPages -= Pages;
}

void MiChargeOrphans(SIZE_T Pages)
{
    Commit(NULL, Pages);
}

static SIZE_T PagesFor(SIZE_T Bytes)
{
    return (Bytes + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/* In whole pages: most requests find room in the last one. */
static BOOLEAN ChargeDriverMemory(PEPROCESS Process, SIZE_T Bytes, BOOLEAN Few)
{
    SIZE_T Pages = PagesFor(Process->Vm.DriverBytes + Bytes) - PagesFor(Process->Vm.DriverBytes);

    if (Pages) {
        if (!MiChargeForObjects(&Process->Vm, Pages, Few))
            return FALSE;
        DriverPages += Pages;
    }
    Process->Vm.DriverBytes += Bytes;
    return TRUE;
}

/* A few pages count like objects, so that who holds all that can be promised leaves others a few
 * files and requests. */
BOOLEAN MmChargeDriverMemory(PEPROCESS Process, SIZE_T Bytes)
{
    return ChargeDriverMemory(Process, Bytes,
                              PagesFor(Process->Vm.DriverBytes + Bytes) <= FEW_PAGES);
}

BOOLEAN MmChargeDriverThread(PEPROCESS Process, SIZE_T Bytes, BOOLEAN Few)
{
    return ChargeDriverMemory(Process, Bytes, Few);
}

void MmReturnDriverMemory(PEPROCESS Process, SIZE_T Bytes)
{
    SIZE_T Pages = PagesFor(Process->Vm.DriverBytes) - PagesFor(Process->Vm.DriverBytes - Bytes);

    Process->Vm.DriverBytes -= Bytes;
    if (!Pages)
        return;
    DriverPages -= Pages;
    DrawnPages = Least(DrawnPages, DriverPages);
    MiReturnCommitment(&Process->Vm, Pages);
}
