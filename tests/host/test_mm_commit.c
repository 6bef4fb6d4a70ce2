// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/mm/commit.c
// options: -DNEPTUNE_HOST_TEST -Iinclude -Intos/inc -Ilibsel4/include -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
/* What drivers draw from the charges of those who ask them, and what the system still promises. */
#include "test.h"
#include <ps.h>
#include "../../ntos/mm/mi.h"

#define AVAILABLE 16384
#define DRAWN 1000

struct _ETHREAD *KiCurrentThread;
SIZE_T MiSystemPages, MiStackPages, MiKernelObjectBytes, MiClientTables, MiKeptPages, MmChargedPool;
static int DriverObject;
static EPROCESS Program, Driver = {.DriverHost = (struct _IO_HOST *)&DriverObject};
static ETHREAD ProgramThread = {.Process = &Program}, DriverThread = {.Process = &Driver};

void KeBugCheck(const char *What)
{
    FAIL("%s", What);
    __builtin_trap();
}

SIZE_T MiAvailablePages(void)
{
    return AVAILABLE;
}

void MiDropKeptSpaces(void)
{
    MiKeptPages = 0;
}

BOOLEAN MmIsModest(void)
{
    return TRUE;
}

static BOOLEAN WithinPromise;

BOOLEAN MiIsWithinPromise(void)
{
    return WithinPromise;
}

/* No process is in a job. */
BOOLEAN PsChargeJobs(PEPROCESS Process, SIZE_T Pages)
{
    return TRUE;
}

void PsReturnJobCharge(PEPROCESS Process, SIZE_T Pages)
{
}

static BOOLEAN ChargeDriver(SIZE_T Pages)
{
    BOOLEAN Charged;

    KiCurrentThread = &DriverThread;
    Charged = MiChargeCommitment(&Driver.Vm, Pages);
    KiCurrentThread = &ProgramThread;
    return Charged;
}

/* How much the program can commit; it commits nothing. */
static SIZE_T Promisable(void)
{
    SIZE_T Pages = 0;

    while (MiChargeCommitment(&Program.Vm, 1))
        Pages++;
    MiReturnCommitment(&Program.Vm, Pages);
    return Pages;
}

TEST(what_a_driver_draws_is_not_counted_twice)
{
    SIZE_T Before;

    MiInitializeCommitment();
    KiCurrentThread = &ProgramThread;
    CHECK(MmChargeDriverMemory(&Program, DRAWN * PAGE_SIZE));
    Before = Promisable();
    CHECK(ChargeDriver(DRAWN));
    CHECK_EQUAL(Promisable(), Before);
}

/* The files are still open, but the memory that was drawn for them has gone with the process. */
TEST(what_a_driver_has_drawn_goes_with_its_process)
{
    SIZE_T Before = Promisable();

    KiCurrentThread = NULL;
    MiReturnCommitment(&Driver.Vm, DRAWN);
    KiCurrentThread = &ProgramThread;
    CHECK_EQUAL(Promisable(), Before);
    CHECK(ChargeDriver(DRAWN));
    CHECK_EQUAL(Promisable(), Before);
}

TEST(charges_that_end_leave_the_drivers_memory_counted)
{
    SIZE_T Before = Promisable();

    MmReturnDriverMemory(&Program, DRAWN * PAGE_SIZE);
    CHECK_EQUAL(Promisable(), Before);
    KiCurrentThread = NULL;
    MiReturnCommitment(&Driver.Vm, DRAWN);
    KiCurrentThread = &ProgramThread;
    CHECK_EQUAL(Promisable(), Before + DRAWN);
    CHECK_EQUAL(MiCommittedPages, 0);
}

/* A page more is refused, but not to who has few objects. */
TEST(objects_of_who_has_few_fit_beside_all_that_is_promised)
{
    SIZE_T Pages = Promisable();

    CHECK(MiChargeCommitment(&Program.Vm, Pages));
    CHECK(!MiChargeForObjects(&Program.Vm, 1, FALSE));
    CHECK(MiChargeForObjects(&Program.Vm, 1, TRUE));
    MiReturnCommitment(&Program.Vm, Pages + 1);
    CHECK_EQUAL(MiCommittedPages, 0);
}

/* For a block that was promised, whose page is still to be had. */
TEST(pages_for_what_was_promised_are_there_when_those_for_objects_are_used_up)
{
    SIZE_T Pages = 0;

    while (MiChargeForObjects(&Program.Vm, 1, TRUE))
        Pages++;
    CHECK(!MiIsRoomForSystem(1));
    WithinPromise = TRUE;
    CHECK(MiIsRoomForSystem(1));
    CHECK(!MiIsRoomForSystem(AVAILABLE / 16));
    WithinPromise = FALSE;
    MiReturnCommitment(&Program.Vm, Pages);
    CHECK_EQUAL(MiCommittedPages, 0);
}
