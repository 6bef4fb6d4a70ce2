/* SPDX-License-Identifier: BSD-2-Clause */
#include "exp.h"

void ExInitialize(void)
{
    ExpInitializeEvents();
    ExpInitializeKeyedEvents();
    ExpInitializeMutants();
    ExpInitializeNls();
    ExpInitializeSemaphores();
    ExpInitializeTimers();
}
