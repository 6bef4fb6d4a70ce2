/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver runtime is compiled with the stock DDK headers, so that its structures are those that
 * drivers see. When a header shared with the Executive asks for the NT types, they come from there
 * too.
 */
#pragma once
#include <ntdef.h>
#include <basetsd.h>
