/* SPDX-License-Identifier: BSD-2-Clause */
/* The ports of the HAL, for the runtime's other components. */
#pragma once
#include "ntoskrnl.h"
#include "stub.h"

/* hal/port.c: the capability for Size bytes from Port on. 0: they are not the host's. */
ULONG HalFindPort(USHORT Port, UCHAR Size);
