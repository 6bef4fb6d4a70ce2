/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to ps: programs whose services are shown from their first instruction on. */
#pragma once
#include "psp.h"

/* Reads the option; the registry is there. */
void PspInitializeBootTrace(void);
/* The process has been made, and none of its threads has run. */
void PspTraceFromStart(PEPROCESS Process);
