/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every file of the driver runtime starts from: the DDK as ntoskrnl.exe itself sees it
 * (nothing imported), and the channel to the Executive.
 */
#pragma once
#define _NTOSKRNL_
#define _NTHALDLL_
#define _NTSYSTEM_
#include <ntifs.h>
#include <neptune/abi.h>
#include <neptune/driver.h>

/*
 * The DDK reads time from kernel addresses in macros of these names; the runtime exports functions.
 */
#undef KeQueryInterruptTime
#undef KeQuerySystemTime
#undef KeQueryTickCount
#undef SharedUserData
#define KiSharedData ((volatile KUSER_SHARED_DATA *)NEPTUNE_SHARED_USER_DATA)

#define KI_ARRAY_SIZE(Array) (sizeof(Array) / sizeof((Array)[0]))

/*
 * Debug output of one component: KI_TRACE(IO, ("text\n")) prints in debug builds when its switch
 * is 1.
 */
#ifndef DBG
#define DBG 0
#endif
#define KI_TRACE_IO 0
#define KI_TRACE_KE 0
#define KI_TRACE_PNP 0
#define KI_TRACE_ERROR 1
#define KI_TRACE(Component, Arguments)                                                             \
    do {                                                                                           \
        if (DBG && KI_TRACE_##Component)                                                           \
            DbgPrint Arguments;                                                                    \
    } while (0)
