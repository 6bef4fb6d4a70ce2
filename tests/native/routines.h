/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the group routines. */
#pragma once
#include "tap.h"

void TestRoutineSecurity(void); /* routinesecurity.c */
void TestRoutineContexts(void);
