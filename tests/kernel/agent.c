/* SPDX-License-Identifier: BSD-2-Clause */
#include "agent.h"

static void agent_main(uintptr_t address, uintptr_t unused)
{
    struct agent *agent = (struct agent *)address;
    seL4_IPCBuffer *buffer = thread_self()->buffer;
    seL4_Word badge, info, mr[4] = {agent->mr[0], agent->mr[1], agent->mr[2], agent->mr[3]};
    unsigned i;

    info = sel4_sys_send_recv(agent->number, agent->cap, &badge, agent->info, &mr[0], &mr[1],
                              &mr[2], &mr[3]);
    agent->result.badge = badge;
    agent->result.label = info >> 12;
    agent->result.length = info & 0x7f;
    agent->result.extra_caps = info >> 7 & 3;
    agent->result.unwrapped = info >> 9 & 7;
    for (i = 0; i < MAX_WORDS; i++)
        agent->result.mr[i] = i < seL4_FastMessageRegisters ? mr[i] : buffer->msg[i];
    agent->returned = true;
    if (agent->tag)
        trace(agent->tag);
}

void agent_init_in(struct agent *agent, seL4_Word priority, seL4_CPtr vspace, seL4_Word number,
                   seL4_CPtr cap, seL4_Word label, struct words words)
{
    memset(agent, 0, sizeof(*agent));
    agent->thread = thread_new_in(priority, ROOT, vspace, 0);
    agent->number = number;
    agent->cap = cap;
    agent->info = label << 12 | words.count;
    agent->words = words.count;
    memcpy(agent->mr, words.list, words.count * sizeof(seL4_Word));
}

void agent_init(struct agent *agent, seL4_Word priority, seL4_Word number, seL4_CPtr cap,
                seL4_Word label, struct words words)
{
    agent_init_in(agent, priority, seL4_CapInitThreadVSpace, number, cap, label, words);
}

void agent_caps(struct agent *agent, struct words caps)
{
    agent->info |= caps.count << 7;
    memcpy(agent->caps, caps.list, caps.count * sizeof(seL4_Word));
}

void agent_start(struct agent *agent)
{
    seL4_IPCBuffer *buffer = agent->thread->buffer;

    memcpy(buffer->msg, agent->mr, sizeof(agent->mr));
    memcpy(buffer->caps_or_badges, agent->caps, sizeof(agent->caps));
    buffer->receiveCNode = ROOT;
    buffer->receiveIndex = agent->receive_slot;
    buffer->receiveDepth = DEPTH;
    thread_start(agent->thread, agent_main, (uintptr_t)agent, 0);
}

void agent_run(struct agent *agent)
{
    agent_start(agent);
    settle();
}

void agent_go(struct agent *agent, char tag, seL4_Word priority, seL4_Word number, seL4_CPtr cap)
{
    agent_init(agent, priority, number, cap, 0, WORDS());
    agent->tag = tag;
    agent_start(agent);
}
