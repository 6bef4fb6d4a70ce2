/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <invocation.h>

exception_t decode_io_port_control_invocation(const struct invocation *inv);
exception_t decode_io_port_invocation(const struct invocation *inv);
/* The last capability to a range of ports is gone: it may be issued again. */
void io_port_release(cap_t cap);
/* For checks: how many ports there are capabilities to. */
word_t io_ports_issued(void);
