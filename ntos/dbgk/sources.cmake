# SPDX-License-Identifier: BSD-2-Clause
set(NTOS_DBGK_SOURCES
    dbgk/attach.c
    dbgk/object.c
    dbgk/queue.c
    dbgk/report.c
    dbgk/debug_services.c)
