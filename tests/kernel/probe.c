/* SPDX-License-Identifier: BSD-2-Clause */
#include "probe.h"

void probe_init_in(struct probe *probe, seL4_CPtr vspace)
{
    seL4_CPtr badged;

    probe->fault_ep = make(seL4_EndpointObject, 0);
    badged = mint_of(probe->fault_ep, 0xf, PROBE_BADGE);
    probe->thread = thread_new_in(PROBE_PRIORITY, ROOT, vspace, badged);
    probe_fill(probe);
}

void probe_init(struct probe *probe)
{
    probe_init_in(probe, seL4_CapInitThreadVSpace);
}

void probe_fill(struct probe *probe)
{
    seL4_Word *words = (seL4_Word *)&probe->context;
    unsigned i;

    for (i = 0; i < CONTEXT_WORDS; i++)
        words[i] = 0x1010 + i * 0x0101;
    probe->context.FLAGS = 0x202;
    probe->context.SP = (seL4_Word)probe->thread->buffer + THREAD_AREA - 64;
    probe->context.fs_base = 0x123000;
    probe->context.gs_base = 0x456000;
}

void probe_read(struct probe *probe)
{
    must(!seL4_TCB_ReadRegisters(probe->thread->tcb, false, 0, CONTEXT_WORDS, &probe->context));
}

struct message probe_run(struct probe *probe, const char *code)
{
    struct message fault;

    probe->context.PC = (seL4_Word)code;
    must(!seL4_TCB_WriteRegisters(probe->thread->tcb, true, 0, CONTEXT_WORDS, &probe->context));
    settle();
    fault = poll(probe->fault_ep);
    probe_read(probe);
    return fault;
}

void probe_set_syscall(struct probe *probe, seL4_Word number, seL4_Word cap, seL4_Word info)
{
    probe_fill(probe);
    probe->context.PC = (seL4_Word)snippet_syscall;
    prepare_syscall(&probe->context);
    probe->context.SYSCALL_NUMBER = number;
    probe->context.CAP_REGISTER = cap;
    probe->context.INFO_REGISTER = info;
}

bool finished_at(const struct message *fault, const char *code)
{
    return arrived(fault) && fault->badge == PROBE_BADGE &&
           fault->label == seL4_Fault_UserException && fault->mr[0] == (seL4_Word)code &&
           fault->mr[seL4_UserException_Number] == 13;
}

bool probe_debug_kernel(void)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(DebugCapIdentify), ROOT, 0);
    fault = probe_run(&probe, snippet_syscall);
    return finished_at(&fault, snippet_syscall_end);
}

bool probe_has_execute_never(void)
{
    const seL4_Word vaddr = 0x10000000;
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    struct probe probe;
    struct message fault;

    map_tables(seL4_CapInitThreadVSpace, vaddr);
    must(!seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite,
                            seL4_X86_ExecuteNever));
    *(volatile unsigned char *)vaddr = *(const unsigned char *)snippet_hlt;
    probe_init(&probe);
    fault = probe_run(&probe, (const char *)vaddr);
    return arrived(&fault) && fault.label == seL4_Fault_VMFault;
}
