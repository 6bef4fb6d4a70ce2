/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The debug log and its filter: a mask of levels for each component; a message is written when its
 * level is in its component's mask or in the mask of the whole system. (WDK: dpfilter.h,
 * DbgPrintEx)
 */
#pragma once

#include <nt/ntdef.h>

/* Levels: up to 31 the number of a bit, above a mask. */
#define DPFLTR_ERROR_LEVEL 0
#define DPFLTR_WARNING_LEVEL 1
#define DPFLTR_TRACE_LEVEL 2
#define DPFLTR_INFO_LEVEL 3
#define DPFLTR_MASK 0x80000000

/* Components: those of Windows, of which the last has number 154, and the Executive's parts. */
#define DPFLTR_SYSTEM_ID 0
#define DPFLTR_IHVDRIVER_ID 77
#define DPFLTR_DEFAULT_ID 101
#define DPFLTR_ENDOFTABLE_ID 155
#define DPFLTR_ALL_ID MAXULONG /* the mask of the whole system */

#define NEP_DPFLTR_FIRST_ID 0x100
#define NEP_DPFLTR_KE_ID 0x100
#define NEP_DPFLTR_MM_ID 0x101
#define NEP_DPFLTR_OB_ID 0x102
#define NEP_DPFLTR_PS_ID 0x103
#define NEP_DPFLTR_IO_ID 0x104
#define NEP_DPFLTR_HAL_ID 0x105
#define NEP_DPFLTR_EX_ID 0x106
#define NEP_DPFLTR_END_ID 0x107

/* TRUE or FALSE, or STATUS_INVALID_PARAMETER_1. */
NTSTATUS NTAPI NtQueryDebugFilterState(ULONG ComponentId, ULONG Level);
NTSTATUS NTAPI NtSetDebugFilterState(ULONG ComponentId, ULONG Level, BOOLEAN State);
NTSTATUS NTAPI DbgQueryDebugFilterState(ULONG ComponentId, ULONG Level);
NTSTATUS NTAPI DbgSetDebugFilterState(ULONG ComponentId, ULONG Level, BOOLEAN State);

/* Formatted text to the debug log; it is cut off at 512 bytes. DbgPrint's is written always. */
ULONG CDECL DbgPrint(PCSTR Format, ...);
ULONG CDECL DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...);
ULONG NTAPI vDbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, va_list Arguments);
