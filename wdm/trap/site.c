/* SPDX-License-Identifier: BSD-2-Clause */
/* The privileged instructions that have trapped, by their addresses. */
#include "ntdll.h"
#include "trap.h"

#define KI_SITE_BUCKETS 64
#define KI_FIRST_SITES 32 /* most drivers have fewer */

static PKI_SITE KiSites[KI_SITE_BUCKETS];
static KI_SITE KiFirstSites[KI_FIRST_SITES];
static PKI_SITE KiFreeSites;
static BOOLEAN KiFirstSitesUsed;

static PKI_SITE *KiSiteBucket(PUCHAR Address)
{
    return &KiSites[((ULONG_PTR)Address ^ (ULONG_PTR)Address >> 6) % KI_SITE_BUCKETS];
}

PKI_SITE KiFindSite(PUCHAR Address)
{
    PKI_SITE Site = *KiSiteBucket(Address);

    while (Site && Site->Address != Address)
        Site = Site->Next;
    return Site;
}

static VOID KiFreeSitesFrom(PKI_SITE Sites, ULONG Count)
{
    while (Count--) {
        Sites->Next = KiFreeSites;
        KiFreeSites = Sites++;
    }
}

/* Not from the pool: an interrupt's routine may have trapped while that was in use. */
static PKI_SITE KiAllocateSite(VOID)
{
    PKI_SITE Site;

    if (!KiFreeSites && !KiFirstSitesUsed) {
        KiFirstSitesUsed = TRUE;
        KiFreeSitesFrom(KiFirstSites, KI_FIRST_SITES);
    }
    if (!KiFreeSites) {
        PVOID Page = NULL;
        SIZE_T Size = PAGE_SIZE;

        if (!NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Page, 0, &Size,
                                                MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)))
            return NULL;
        KiFreeSitesFrom(Page, PAGE_SIZE / sizeof(KI_SITE));
    }
    Site = KiFreeSites;
    KiFreeSites = Site->Next;
    return Site;
}

PKI_SITE KiAddSite(PUCHAR Address, const KI_INSTRUCTION *Instruction)
{
    PKI_SITE Site = KiAllocateSite(), *Bucket = KiSiteBucket(Address);

    if (!Site)
        return NULL;
    *Site = (KI_SITE){.Address = Address, .Instruction = *Instruction, .Next = *Bucket};
    *Bucket = Site;
    return Site;
}

/* What is at those addresses is about to go. */
VOID KiRemoveSites(PUCHAR Base, SIZE_T Size)
{
    for (ULONG i = 0; i < KI_SITE_BUCKETS; i++) {
        PKI_SITE *Link = &KiSites[i];

        while (*Link) {
            PKI_SITE Site = *Link;

            if ((SIZE_T)(Site->Address - Base) >= Size) {
                Link = &Site->Next;
                continue;
            }
            *Link = Site->Next;
            KiFreeSitesFrom(Site, 1);
        }
    }
}

BOOLEAN KiOverlapsSite(PUCHAR Address, ULONG Length)
{
    for (PUCHAR Other = Address - KI_LONGEST_INSTRUCTION; Other < Address + Length; Other++) {
        PKI_SITE Site = Other == Address ? NULL : KiFindSite(Other);

        if (Site && (Other > Address || Other + Site->Instruction.Length > Address))
            return TRUE;
    }
    return FALSE;
}
