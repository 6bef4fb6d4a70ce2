/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyboard: a read is always outstanding at the class driver, keys that arrive meanwhile are
 * kept. */
#pragma once
#include "scancode.h"

/* Waits for the next key. When the keyboard's driver is gone it says so and waits for it to return:
 * then comes KeyRefresh. */
KEY_EVENT ReadKey(void);

/* Hands the keyboard to a process, which gets the keys as long as it has the keyboard open, if this
 * one got them so far; 0: back to this one. */
void HandOverKeyboard(HANDLE ProcessId);

/* Waits until Process has ended; Ctrl+C meanwhile ends it with STATUS_CONTROL_C_EXIT, unless it is
 * a critical one. Other keys are kept. */
void WaitForProcess(HANDLE Process);

/* When this process ends, the prompt that waits for a key is shown anew. Takes the handle over. */
void WatchProcess(HANDLE Process);
