/* SPDX-License-Identifier: BSD-2-Clause */
/* Work items, for the event loop. */
#pragma once
#include "ntoskrnl.h"

/*
 * Starts the next queued work item on a pooled thread. FALSE if there is none or no thread is free.
 */
BOOLEAN ExpStartWorkItem(VOID);
