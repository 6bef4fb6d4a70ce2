/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
/*
 * Ends the waits that the object's signal satisfies, first come first served, until the signal is
 * used up: those of everyone who waits when this is called, whatever becomes of the object's state
 * meanwhile if it GiveWay. Then the object must be referenced.
 */
void KiReleaseWaiters(PDISPATCHER_HEADER Header, BOOLEAN GiveWay);
/* At most Most of them. FALSE: some are left. */
BOOLEAN KiReleaseSomeWaiters(PDISPATCHER_HEADER Header, ULONG Most);
/* The wait of Thread, which owns the mutant already or finds it free, ends with it. 0, or
 * STATUS_ABANDONED_WAIT_0. */
NTSTATUS KiAcquireMutant(PKMUTANT Mutant, PETHREAD Thread);
/* queue.c: a thread with a queue begins and ends a wait. */
void KiBlockOnQueue(PETHREAD Thread);
void KiUnblockOnQueue(PETHREAD Thread);
