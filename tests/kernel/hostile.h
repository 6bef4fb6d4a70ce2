/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of hostile user code have in common. */
#pragma once

#include "probe.h"

/* Whether the message tells of an exception at that instruction. */
bool is_exception(const struct message *fault, const char *at);
/* After whatever it did, the thread can make a system call. */
bool is_well(struct probe *probe);
