/* SPDX-License-Identifier: BSD-2-Clause */
/* Start and end of a root task. */
#include "runtime.h"

#define EXIT_PORT 0xf4

seL4_BootInfo *bootinfo;
uint64_t start_ticks;
_Alignas(THREAD_AREA) char root_area[THREAD_AREA];
static seL4_CPtr exit_cap;

void runtime_start(seL4_BootInfo *info)
{
    struct thread *root = thread_self();

    start_ticks = rdtsc();
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

const seL4_BootInfoHeader *boot_chunk(seL4_Word id)
{
    const char *chunk = (const char *)bootinfo + seL4_BootInfoFrameSize;
    const char *end = chunk + bootinfo->extraLen;
    const seL4_BootInfoHeader *header;

    for (; chunk < end; chunk += header->len) {
        header = (const seL4_BootInfoHeader *)chunk;
        if (header->id == id)
            return header;
    }
    return NULL;
}

seL4_Word tsc_mhz(void)
{
    const seL4_BootInfoHeader *header = boot_chunk(SEL4_BOOTINFO_HEADER_X86_TSC_FREQ);

    return header ? *(const seL4_Uint32 *)(header + 1) : 3000;
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
