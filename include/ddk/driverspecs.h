/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include_next <driverspecs.h>
#include "supplement/annotations.h"
