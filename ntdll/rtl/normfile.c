// SPDX-License-Identifier: BSD-2-Clause
/* The files of normalisation forms, each mapped when it is first asked for. */
#include "normalization.h"
#include <nt/nt.h>

#define FORMS 16
#define ABSENT ((PVOID)(LONG_PTR)-1)

static PVOID Bases[FORMS];
static ULONG Sizes[FORMS];

/* Two threads may map at once: the view of one of them goes. A file that is not there is not looked
 * for again. */
static PVOID Map(ULONG Form)
{
    PVOID Base, Expected = NULL;
    ULONG Size;

    if (!NT_SUCCESS(NtGetNlsSectionPtr(NLS_SECTION_NORMALIZE, Form, NULL, &Base, &Size)))
        Base = ABSENT;
    else
        __atomic_store_n(&Sizes[Form], Size, __ATOMIC_RELAXED); /* the same for all */
    if (!__atomic_compare_exchange_n(&Bases[Form], &Expected, Base, FALSE, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        if (Base != ABSENT)
            NtUnmapViewOfSection(NtCurrentProcess(), Base);
        Base = Expected;
    }
    return Base;
}

BOOLEAN RtlpFindNormalization(ULONG Form, PRTLP_NORMALIZATION Table)
{
    PVOID Base;

    if (Form >= FORMS)
        return FALSE;
    Base = __atomic_load_n(&Bases[Form], __ATOMIC_ACQUIRE);
    if (!Base)
        Base = Map(Form);
    return Base != ABSENT && RtlpOpenNormalization(Base, Sizes[Form], Form, Table);
}
