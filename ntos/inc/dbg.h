/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Debug output on the serial port, in debug builds only. DbgPrint is for what every debug log
 * should have. DbgTrace is written when the component's traces are switched on: while the system
 * runs by NtSetDebugFilterState (ntcmd: "trace"), from its start by cmake -DNEPTUNE_TRACE=mask.
 */
#pragma once
#include <nt/nt.h>

/* Bits of NEPTUNE_TRACE, in the order of NEP_DPFLTR_KE_ID and so on. */
#define DBG_KE 0
#define DBG_MM 1
#define DBG_OB 2
#define DBG_PS 3
#define DBG_IO 4
#define DBG_HAL 5
#define DBG_EX 6

#ifndef DBG_INITIAL_TRACE
#define DBG_INITIAL_TRACE 0
#endif

#if DBG
#define DbgIsTracing(component)                                                                    \
    (NtQueryDebugFilterState(NEP_DPFLTR_FIRST_ID + (component), DPFLTR_TRACE_LEVEL) == TRUE)
#define DbgTrace(component, ...) (DbgIsTracing(component) ? (void)DbgPrint(__VA_ARGS__) : (void)0)
#else
#define DbgPrint(...) ((void)0)
#define DbgTrace(component, ...) ((void)0)
#endif
