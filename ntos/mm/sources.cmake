# SPDX-License-Identifier: BSD-2-Clause
set(NTOS_MM_SOURCES
    mm/arch/${NEPTUNE_ARCH_DIR}/map.c
    mm/cspace.c
    mm/device.c
    mm/frame.c
    mm/init.c
    mm/object.c
    mm/slot.c
    mm/system.c
    mm/untyped.c)
