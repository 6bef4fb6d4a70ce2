/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard: a read is always outstanding at the class driver, keys that arrive meanwhile are kept. */
#pragma once
#include "scancode.h"

/* Waits for the next key. When the keyboard's driver is gone it says so, shows the processes and waits for it to return. */
KEY_EVENT ReadKey(void);

/* Waits until Process has ended; Ctrl+C meanwhile ends it with STATUS_CONTROL_C_EXIT. Other keys are kept. */
void WaitForProcess(HANDLE Process);
