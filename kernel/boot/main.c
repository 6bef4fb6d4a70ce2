/* SPDX-License-Identifier: BSD-2-Clause */

/* The order in which things come to life. */

#include <boot.h>
#include <debug.h>
#include <memory.h>
#include <mode/cpu.h>
#include <arch/traps.h>
#include <sched.h>

struct boot_env boot_env;

extern char boot_start[], kernel_end[];

static struct tcb idle_tcb;

BOOT_CODE NORETURN void boot_fail(const char *text)
{
    console_init(); /* it may not have come to that */
    fatal("Neptune kernel: boot failed: %s\n", text);
}

static BOOT_CODE void create_idle_thread(void)
{
    idle_tcb.state = THREAD_IDLE;
    idle_thread = &idle_tcb;
    current_thread = idle_thread;
#if DBG
    memcpy(idle_tcb.name, "idle_thread", sizeof("idle_thread"));
#endif
}

BOOT_CODE NORETURN void boot_main(word_t magic, paddr_t info)
{
    cpu_init();
    plat_read_boot_info(magic, info);
    console_init();
    free_memory = boot_env.ram;
    region_subtract(&free_memory, KERNEL_PADDR(boot_start), KERNEL_PADDR(kernel_end));
    region_subtract(&free_memory, round_down(boot_env.module.start, PAGE_BITS),
                    round_up(boot_env.module.end, PAGE_BITS));
    arch_boot_map_window();
    plat_find_apics();
    create_idle_thread();
    plat_init_devices();
    create_root_task();
    create_root_untypeds();
    arch_boot_done();
    kprintf("Neptune kernel: booted, %lu initial untypeds\n",
            root_task.bootinfo->untyped.end - root_task.bootinfo->untyped.start);
    enter_first_thread();
}
