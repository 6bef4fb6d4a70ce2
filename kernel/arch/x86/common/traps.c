/* SPDX-License-Identifier: BSD-2-Clause */

/* From the entry code to the kernel proper, and what must be seen to before leaving. */

#include <arch/apic.h>
#include <arch/irq.h>
#include <arch/machine.h>
#include <arch/thread.h>
#include <arch/vspace.h>
#include <debug.h>
#include <latency.h>
#include <arch/traps.h>
#include <sched.h>
#include <syscall.h>

#define VECTOR_PAGE_FAULT 14
#define VECTOR_GENERAL_PROTECTION 13

static void handle_interrupt_entry(word_t vector)
{
    latency_set_path(PATH_INTERRUPT);
    handle_interrupt(vector);
    schedule();
    activate_thread();
}

static struct fault page_fault(word_t address, word_t error)
{
    error = user_page_fault_error(address, error);
    return (struct fault){
        .type = FAULT_VM, .a = address, .b = error & MASK(5), .c = (error >> 4) & 1};
}

static void handle_exception(word_t vector, word_t error)
{
    if (vector == VECTOR_PAGE_FAULT)
        current_fault = page_fault(read_cr2(), error);
    else
        current_fault = (struct fault){.type = FAULT_USER_EXCEPTION, .a = vector, .b = error};
    handle_user_fault();
}

/* An INT instruction of a user; the thread is to see itself stopped at the instruction. */
static void handle_int_syscall(word_t vector)
{
    struct tcb *thread = current_thread;
    uint32_t number = (uint32_t)vector << 24 | (thread->registers[REG_INT_NUMBER] & MASK(24));

    thread->registers[REG_FAULT_IP] -= 2;
    handle_unknown_syscall((word_t)(sword_t)(int32_t)number);
}

/* Halts until there is a thread to run. The timer stands still meanwhile: an idle machine is left
 * alone. */
static void idle(void)
{
    lapic_timer_stop();
    latency_end();
    do {
        word_t vector = wait_for_interrupt();

        latency_begin(PATH_INTERRUPT);
        if (vector)
            handle_interrupt_entry(vector);
        latency_end();
    } while (current_thread == idle_thread);
    lapic_timer_start();
}

/* After this the current thread can be left to by SYSRET or IRET without a fault in the kernel. */
static void prepare_to_leave(void)
{
    for (;;) {
        if (current_thread == idle_thread)
            idle();
        if (LIKELY(is_canonical(current_thread->registers[REG_NEXT_IP])))
            break;
        handle_exception(VECTOR_GENERAL_PROTECTION, 0);
    }
    latency_end();
    check_invariants();
}

void enter_syscall(sword_t number)
{
    latency_begin(number < 0 && number >= -8 ? PATH_SYSCALL - number : PATH_SYSCALL);
    handle_syscall(number);
    prepare_to_leave();
}

NORETURN void leave_kernel(void)
{
    prepare_to_leave();
    restore_current();
}

NORETURN void slow_call(struct cte *slot)
{
    latency_set_path(PATH_SYSCALL - SYS_CALL);
    handle_call(slot);
    leave_kernel();
}

void enter_trap(word_t vector, word_t error)
{
    latency_begin(PATH_EXCEPTION);
    if (vector < IRQ_VECTOR_BASE)
        handle_exception(vector, error);
    else if (vector >= VECTOR_FIRST_TRAP && vector != VECTOR_SPURIOUS)
        handle_int_syscall(vector);
    else
        handle_interrupt_entry(vector);
    prepare_to_leave();
}

void arch_handle_pending_irq(void)
{
    word_t vector;

    latency_end();
    vector = take_interrupt();
    latency_begin(PATH_PREEMPTED);
    if (vector)
        handle_interrupt(vector);
}

NORETURN void enter_first_thread(void)
{
    latency_begin(PATH_INTERRUPT);
    schedule();
    activate_thread();
    prepare_to_leave();
    restore_current();
}

NORETURN void kernel_exception_panic(const word_t *frame)
{
    fatal("kernel exception %lu, error %lx, at %lx, stack %lx, address %lx\n", frame[0], frame[1],
          frame[2], frame[5], read_cr2());
}
