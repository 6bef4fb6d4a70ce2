# SPDX-License-Identifier: BSD-2-Clause
set(NTOS_KE_SOURCES
    ke/arch/${NEPTUNE_ARCH_DIR}/context.c
    ke/arch/${NEPTUNE_ARCH_DIR}/privileged.c
    ke/arch/${NEPTUNE_ARCH_DIR}/switch.S
    ke/arch/x86/features.c
    ke/bugcheck.c
    ke/clock.c
    ke/dispatch.c
    ke/event.c
    ke/exception.c
    ke/fault.c
    ke/report.c
    ke/service.c
    ke/shareddata.c
    ke/stack.c
    ke/timer.c
    ke/wait.c)
