/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Debug output on the serial port, in debug builds only. A component's trace is compiled in when
 * its bit is in DBG_COMPONENTS (cmake -DNEPTUNE_TRACE=...); DbgPrint is for what every debug log
 * should have.
 */
#pragma once
#include <nt/nt.h>

#define DBG_KE 0x01
#define DBG_MM 0x02
#define DBG_OB 0x04
#define DBG_PS 0x08
#define DBG_IO 0x10
#define DBG_HAL 0x20
#define DBG_EX 0x40

#ifndef DBG_COMPONENTS
#define DBG_COMPONENTS 0
#endif

#if DBG
ULONG CDECL DbgPrint(PCSTR Format, ...);
#define DbgTrace(component, ...)                                                                   \
    ((DBG_COMPONENTS & (component)) ? (void)DbgPrint(__VA_ARGS__) : (void)0)
#else
#define DbgPrint(...) ((void)0)
#define DbgTrace(component, ...) ((void)0)
#endif
