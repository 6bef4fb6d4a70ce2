# SPDX-License-Identifier: BSD-2-Clause
set(NTOS_EX_SOURCES
    ex/capture.c
    ex/debugfilter.c
    ex/debugprint.c
    ex/event.c
    ex/pool.c
    ex/processinfo.c
    ex/shutdown.c
    ex/start.c
    ex/sysinfo.c
    ex/time.c
    ex/waitsvc.c)
