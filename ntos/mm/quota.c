/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What pool a process may take. Each block that is allocated while a service of the process runs is
 * charged to its quota (ex/pool.c), and the quota is commitment, in whole pages: so the pool that
 * programs have made the system take is counted like their pages, once, and runs out for who asks.
 *
 * Each process is promised a few pages when it is made. They are its own, however much others take:
 * nobody else's pool may grow into them, and the last part of what there is for objects
 * (mm/commit.c) is open to processes that have little more than that. So a bystander gets its
 * requests beside a hog.
 *
 * Whoever has more than is kept for those with little gets pages of its own for its blocks
 * (ex/pool.c).
 *
 * A quota outlives its process as long as blocks are charged to it, which others may hold. Then its
 * bytes are counted together with those of all others that do.
 */
#include <ex.h>
#include <ps.h>
#include "mi.h"

#define PROMISE_PAGES 8
#define MODEST_PAGES 16 /* whoever has no more may still have what is kept for such */
#define INDICES_A_BLOCK 256
#define FIRST_INDEX 1 /* 0: nobody pays */

PMM_QUOTA *MmQuotaBlocks[MM_QUOTA_BLOCKS];
SIZE_T MmChargedPool;
static ULONG UsedIndices = FIRST_INDEX;
static USHORT FreeIndex; /* the first of those that were given back; each names the next */
static BOOLEAN Extending;
static SIZE_T OrphanBytes, OrphanPages;

static PMM_QUOTA *PlaceOf(ULONG Index)
{
    return &MmQuotaBlocks[Index / INDICES_A_BLOCK][Index % INDICES_A_BLOCK];
}

static BOOLEAN AreIndicesUsedUp(void)
{
    return !FreeIndex && UsedIndices == MM_QUOTA_BLOCKS * INDICES_A_BLOCK;
}

/* 0: no memory. */
static USHORT TakeIndex(void)
{
    PMM_QUOTA **Block = &MmQuotaBlocks[UsedIndices / INDICES_A_BLOCK];
    USHORT Index = FreeIndex;

    if (Index) {
        FreeIndex = (USHORT)(ULONG_PTR)*PlaceOf(Index);
        return Index;
    }
    if (!*Block)
        *Block = MmAllocateSystemPages(1); /* for good */
    return *Block ? (USHORT)UsedIndices++ : 0;
}

static void GiveIndexBack(USHORT Index)
{
    *PlaceOf(Index) = (PMM_QUOTA)(ULONG_PTR)FreeIndex;
    FreeIndex = Index;
}

static SIZE_T PagesFor(SIZE_T Bytes)
{
    return (Bytes + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

static void SetPages(PMM_QUOTA Quota, SIZE_T Pages)
{
    Quota->Pages = Pages;
    Quota->Limit = Pages << PAGE_SHIFT;
}

/* Nobody pays for the quota itself: if its maker did, the quotas of ended processes would hold each
 * other, and the end of a long row of them would take a long stack. While as many as can be told
 * apart have been left by processes that are gone, new ones have none, and nobody pays. */
NTSTATUS MiCreateQuota(PEPROCESS Process)
{
    PMM_QUOTA Quota;

    if (AreIndicesUsedUp())
        return STATUS_SUCCESS;
    Quota = ExAllocatePoolFor(NULL, sizeof(*Quota));
    if (!Quota)
        return STATUS_INSUFFICIENT_RESOURCES;
    Quota->Index = TakeIndex();
    if (!Quota->Index) {
        ExFreePool(Quota);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if (!MiChargeCommitment(&Process->Vm, PROMISE_PAGES)) {
        GiveIndexBack(Quota->Index);
        ExFreePool(Quota);
        return STATUS_COMMITMENT_LIMIT;
    }
    *PlaceOf(Quota->Index) = Quota;
    Quota->Process = Process;
    Quota->Promise = PROMISE_PAGES;
    SetPages(Quota, PROMISE_PAGES);
    Process->Quota = Quota;
    return STATUS_SUCCESS;
}

/* A job that forbids it tells its port, which takes pool as well: that message is lost. */
BOOLEAN MmExtendQuota(PMM_QUOTA Quota, SIZE_T Bytes)
{
    SIZE_T Pages = PagesFor(Bytes);
    BOOLEAN Charged;

    if (!Quota->Process || Extending)
        return FALSE;
    Extending = TRUE;
    Charged = MiChargeForObjects(&Quota->Process->Vm, Pages - Quota->Pages, Pages <= MODEST_PAGES);
    Extending = FALSE;
    if (!Charged)
        return FALSE;
    SetPages(Quota, Pages);
    if (Pages > MODEST_PAGES && !Quota->Slabs)
        Quota->Slabs = ExCreateSlabs();
    return TRUE;
}

static void FreeQuota(PMM_QUOTA Quota)
{
    GiveIndexBack(Quota->Index);
    ExFreePool(Quota->Slabs);
    ExFreePool(Quota);
}

static void CountOrphans(PMM_QUOTA Quota)
{
    SIZE_T Pages;

    OrphanBytes += Quota->Bytes - Quota->Orphaned;
    Quota->Orphaned = Quota->Bytes;
    Pages = PagesFor(OrphanBytes);
    if (Pages < OrphanPages)
        MiReturnCommitment(NULL, OrphanPages - Pages);
    else
        MiChargeOrphans(Pages - OrphanPages);
    OrphanPages = Pages;
    if (!Quota->Bytes)
        FreeQuota(Quota);
}

void MmShrinkQuota(PMM_QUOTA Quota)
{
    SIZE_T Pages = PagesFor(Quota->Bytes) + 1;

    if (!Quota->Process) {
        CountOrphans(Quota);
        return;
    }
    if (Pages < Quota->Promise)
        Pages = Quota->Promise;
    if (Pages >= Quota->Pages)
        return;
    MiReturnCommitment(&Quota->Process->Vm, Quota->Pages - Pages);
    SetPages(Quota, Pages);
}

void MmEndPromise(PEPROCESS Process)
{
    if (!Process->Quota)
        return;
    Process->Quota->Promise = 0;
    MmShrinkQuota(Process->Quota);
}

/* What is left is no longer its process's, nor its jobs', but committed all the same. */
void MmLeaveQuota(PEPROCESS Process)
{
    PMM_QUOTA Quota = Process->Quota;

    if (!Quota)
        return;
    Process->Quota = NULL;
    if (Quota->Slabs)
        ExTrimSlabs(Quota->Slabs);
    MiReturnCommitment(&Process->Vm, Quota->Pages);
    Quota->Process = NULL;
    Quota->Pages = 0;
    Quota->Limit = MAXULONG_PTR; /* so that every return looks whether it was the last one */
    CountOrphans(Quota);
}

BOOLEAN MiIsWithinPromise(void)
{
    PETHREAD Thread = KeGetCurrentThread();

    return Thread && Thread->Process->Quota &&
           Thread->Process->Quota->Bytes <= Thread->Process->Quota->Promise * PAGE_SIZE;
}

BOOLEAN MmIsModest(void)
{
    PETHREAD Thread = KeGetCurrentThread();

    return !MiIsProgramRunning() ||
           (Thread->Process->Quota && Thread->Process->Quota->Bytes <= MODEST_PAGES * PAGE_SIZE);
}
