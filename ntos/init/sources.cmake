# SPDX-License-Identifier: BSD-2-Clause
set(NTOS_INIT_SOURCES
    init/arch/${NEPTUNE_ARCH_DIR}/start.S
    init/startup.c)
