/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads that share the root task's image. */
#include "runtime.h"

static _Alignas(THREAD_AREA) char areas[MAX_THREADS][THREAD_AREA];
static unsigned used;

void arch_thread_start(void);

void thread_init(void)
{
    used = 0;
}

void thread_reset(void)
{
    used = 0;
}

struct thread *thread_new_in(seL4_Word priority, seL4_CPtr cspace, seL4_CPtr vspace,
                             seL4_CPtr fault_ep)
{
    char *area = areas[used];
    struct thread *thread = (struct thread *)(area + THREAD_RECORD);

    if (used++ == MAX_THREADS)
        panic("too many threads");
    memset(area, 0, PAGE_SIZE);
    thread->buffer = (seL4_IPCBuffer *)area;
    thread->fault_ep = fault_ep;
    thread->tcb = make(seL4_TCBObject, 0);
    if (seL4_TCB_Configure(thread->tcb, fault_ep, cspace, 0, vspace, 0, (seL4_Word)area,
                           image_frame(area)) ||
        seL4_TCB_SetSchedParams(thread->tcb, seL4_CapInitThreadTCB, 0, priority))
        panic("a thread cannot be configured");
    return thread;
}

struct thread *thread_new(seL4_Word priority)
{
    return thread_new_in(priority, ROOT, seL4_CapInitThreadVSpace, 0);
}

_Noreturn void thread_main(struct thread *self)
{
    self->entry(self->args[0], self->args[1]);
    self->done = true;
    seL4_TCB_Suspend(self->tcb);
    __builtin_trap(); /* no such cap in this thread's CSpace */
}

void thread_context(struct thread *thread, seL4_UserContext *context, thread_entry entry,
                    uintptr_t a, uintptr_t b)
{
    thread->entry = entry;
    thread->args[0] = a;
    thread->args[1] = b;
    thread->done = false;
    memset(context, 0, sizeof(*context));
#ifdef __x86_64__
    context->rip = (seL4_Word)arch_thread_start;
    context->rsp = (seL4_Word)thread->buffer + THREAD_AREA;
    context->rdi = (seL4_Word)thread;
#else
    context->eip = (seL4_Word)arch_thread_start;
    context->esp = (seL4_Word)thread->buffer + THREAD_AREA;
    context->edi = (seL4_Word)thread;
#endif
}

void thread_start(struct thread *thread, thread_entry entry, uintptr_t a, uintptr_t b)
{
    seL4_UserContext context;

    thread_context(thread, &context, entry, a, b);
    if (seL4_TCB_WriteRegisters(thread->tcb, true, 0, sizeof(context) / sizeof(seL4_Word),
                                &context))
        panic("a thread cannot be started");
}

struct thread *spawn(seL4_Word priority, thread_entry entry, uintptr_t a, uintptr_t b)
{
    struct thread *thread = thread_new(priority);

    thread_start(thread, entry, a, b);
    return thread;
}

void set_priority(seL4_Word priority)
{
    if (seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, priority))
        panic("own priority cannot be set");
}

void settle(void)
{
    set_priority(1);
    set_priority(seL4_MaxPrio);
}
