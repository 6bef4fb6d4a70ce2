/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
/* Ends the waits that the object's state satisfies, first come first served, until the state is
 * used up. */
void KiReleaseWaiters(PDISPATCHER_HEADER Header);
