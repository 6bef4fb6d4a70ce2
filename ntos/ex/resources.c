/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in use in the whole system, for those who look for leaks. */
#include "exp.h"

/*
 * NepQueryResources: *Resources receives the counts of this moment. STATUS_ACCESS_VIOLATION.
 * (Neptune's own)
 */
NTSTATUS NepQueryResources(CLIENT(PNEP_RESOURCES) Resources)
{
    NEP_RESOURCES Now = {0};
    MM_STATISTICS Statistics;

    MmQueryStatistics(&Statistics);
    Now.AvailablePages = Statistics.AvailablePages;
    Now.CommittedPages = Statistics.CommittedPages;
    Now.PoolPages = Statistics.PoolPages;
    Now.KernelObjectBytes = Statistics.KernelObjectBytes;
    Now.PromisedSlots = Statistics.PromisedSlots;
    KeQueryStacks(&Now.PromisedStacks, &Now.OwnedStacks);
    return MmWriteClient(Resources, &Now);
}
