/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include_next <ntddk.h>

typedef __typeof__(*(PDRIVER_REINITIALIZE)0) DRIVER_REINITIALIZE;
