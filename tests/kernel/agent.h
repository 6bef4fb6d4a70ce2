/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An agent is a thread that makes one system call, keeps what it returned, leaves its tag in the
 * trace and ends.
 */
#pragma once

#include "probe.h"

struct agent {
    struct thread *thread;
    char tag; /* 0: none */
    seL4_Word number, cap, info;
    seL4_Word mr[MAX_WORDS], caps[3];
    seL4_Word words; /* of mr to be put into the message */
    seL4_CPtr receive_slot;
    struct message result;
    volatile bool returned;
};

/* Prepares an agent: system call, capability, label and words.  Tag, caps and slot can follow. */
void agent_init(struct agent *agent, seL4_Word priority, seL4_Word number, seL4_CPtr cap,
                seL4_Word label, struct words words);
void agent_init_in(struct agent *agent, seL4_Word priority, seL4_CPtr vspace, seL4_Word number,
                   seL4_CPtr cap, seL4_Word label, struct words words);
void agent_caps(struct agent *agent, struct words caps);
void agent_start(struct agent *agent); /* makes it runnable; it runs at the next settle() */
void agent_run(struct agent *agent);   /* starts it and settles */
/* init, tag, start at once. */
void agent_go(struct agent *agent, char tag, seL4_Word priority, seL4_Word number, seL4_CPtr cap);
