/* SPDX-License-Identifier: BSD-2-Clause */
/* Start and end of a root task. */
#include "runtime.h"

#define EXIT_PORT 0xf4

seL4_BootInfo *bootinfo;
_Alignas(THREAD_AREA) char root_area[THREAD_AREA];
static seL4_CPtr exit_cap;

void runtime_start(seL4_BootInfo *info)
{
    struct thread *root = thread_self();

    bootinfo = info;
    root->buffer = info->ipcBuffer;
    root->tcb = seL4_CapInitThreadTCB;
    serial_cap = info->empty.start;
    exit_cap = info->empty.start + 1;
    seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, SERIAL_PORT, SERIAL_PORT + 7, ROOT,
                                 serial_cap, DEPTH);
    seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, EXIT_PORT, EXIT_PORT + 3, ROOT, exit_cap,
                                 DEPTH);
    arena_init();
    thread_init();
    stop(main());
}

void stop(int status)
{
    seL4_X86_IOPort_Out8(exit_cap, EXIT_PORT, (seL4_Word)status);
    for (;;)
        seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}

void panic(const char *format, ...)
{
    __builtin_va_list list;

    __builtin_va_start(list, format);
    print("Bail out! ");
    print_list(format, list);
    print("\n");
    __builtin_va_end(list);
    stop(2);
}
