/* SPDX-License-Identifier: BSD-2-Clause */
/* The debug filter: which levels of which components go to the debug log. */
#include "exp.h"

#define ERRORS (1u << DPFLTR_ERROR_LEVEL)
#define TRACES (1u << DPFLTR_TRACE_LEVEL)

static ULONG SystemMask = ERRORS; /* of all components */
static ULONG WindowsMasks[DPFLTR_ENDOFTABLE_ID];
static ULONG ExecutiveMasks[NEP_DPFLTR_END_ID - NEP_DPFLTR_FIRST_ID] = {
#define INITIAL(component)                                                                         \
    [component - NEP_DPFLTR_FIRST_ID] =                                                            \
        (DBG_INITIAL_TRACE >> (component - NEP_DPFLTR_FIRST_ID) & 1) * TRACES
    INITIAL(NEP_DPFLTR_KE_ID), INITIAL(NEP_DPFLTR_MM_ID), INITIAL(NEP_DPFLTR_OB_ID),
    INITIAL(NEP_DPFLTR_PS_ID), INITIAL(NEP_DPFLTR_IO_ID), INITIAL(NEP_DPFLTR_HAL_ID),
    INITIAL(NEP_DPFLTR_EX_ID),
};

static PULONG FindMask(ULONG ComponentId)
{
    if (ComponentId == DPFLTR_ALL_ID)
        return &SystemMask;
    if (ComponentId < DPFLTR_ENDOFTABLE_ID)
        return &WindowsMasks[ComponentId];
    if (ComponentId >= NEP_DPFLTR_FIRST_ID && ComponentId < NEP_DPFLTR_END_ID)
        return &ExecutiveMasks[ComponentId - NEP_DPFLTR_FIRST_ID];
    return NULL;
}

static ULONG LevelMask(ULONG Level)
{
    return Level < 32 ? 1u << Level : Level;
}

/*
 * NtQueryDebugFilterState: TRUE when messages of the component at this level (a bit's number up to
 * 31, else a mask) are written, else FALSE. STATUS_INVALID_PARAMETER_1.  (Windows SDK: none;
 * ntdll's DbgPrintEx calls it)
 */
NTSTATUS NtQueryDebugFilterState(ULONG ComponentId, ULONG Level)
{
    PULONG Mask = FindMask(ComponentId);

    if (!Mask)
        return STATUS_INVALID_PARAMETER_1;
    return ((*Mask | SystemMask) & LevelMask(Level)) != 0;
}

/*
 * NtSetDebugFilterState: switches messages of the component at this level (as above) on or off;
 * component DPFLTR_ALL_ID stands for the whole system. STATUS_INVALID_PARAMETER_1.
 */
NTSTATUS NtSetDebugFilterState(ULONG ComponentId, ULONG Level, BOOLEAN State)
{
    PULONG Mask = FindMask(ComponentId);

    if (!Mask)
        return STATUS_INVALID_PARAMETER_1;
    if (State)
        *Mask |= LevelMask(Level);
    else
        *Mask &= ~LevelMask(Level);
    return STATUS_SUCCESS;
}
