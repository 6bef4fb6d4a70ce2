/* SPDX-License-Identifier: BSD-2-Clause */
/* Its mingw-w64 version takes usages for known. */
#pragma once
#include <hidusage.h>
#include_next <hidpi.h>
