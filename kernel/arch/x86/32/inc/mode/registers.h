/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <arch/flags.h>
#include <mode/context.h>
#include <mode/types.h>

/* seL4_UserContext: the first FRAME_REGISTERS are the "frame", the others the "gp" registers. */
#define USER_CONTEXT_FRAME 10
#define USER_CONTEXT_COUNT 12

static const uint8_t user_context[USER_CONTEXT_COUNT] = {
    REG_FAULT_IP, REG_ESP, REG_FLAGS, REG_EAX, REG_EBX,     REG_ECX,
    REG_EDX,      REG_ESI, REG_EDI,   REG_EBP, REG_FS_BASE, REG_GS_BASE,
};

/* The registers of an UnknownSyscall and of a UserException message, in order. */
static const uint8_t syscall_message[] = {
    REG_EAX, REG_EBX, REG_ECX, REG_EDX, REG_ESI, REG_EDI, REG_EBP, REG_FAULT_IP, REG_ESP, REG_FLAGS,
};
static const uint8_t exception_message[] = {REG_FAULT_IP, REG_ESP, REG_FLAGS};

/* There are no addresses that the processor would not take. */
static inline bool is_canonical(word_t address)
{
    return true;
}

static inline word_t sanitise_register(word_t reg, word_t value)
{
    return reg == REG_FLAGS ? sanitise_flags(value) : value;
}
