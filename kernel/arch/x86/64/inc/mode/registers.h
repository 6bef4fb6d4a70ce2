/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <arch/flags.h>
#include <mode/context.h>
#include <mode/types.h>

/* seL4_UserContext: the first FRAME_REGISTERS are the "frame", the others the "gp" registers. */
#define USER_CONTEXT_FRAME 18
#define USER_CONTEXT_COUNT 20

static const uint8_t user_context[USER_CONTEXT_COUNT] = {
    REG_FAULT_IP, REG_RSP, REG_FLAGS, REG_RAX, REG_RBX,     REG_RCX,     REG_RDX,
    REG_RSI,      REG_RDI, REG_RBP,   REG_R8,  REG_R9,      REG_R10,     REG_R11,
    REG_R12,      REG_R13, REG_R14,   REG_R15, REG_FS_BASE, REG_GS_BASE,
};

/* The registers of an UnknownSyscall and of a UserException message, in order. */
static const uint8_t syscall_message[] = {
    REG_RAX, REG_RBX, REG_RCX, REG_RDX, REG_RSI, REG_RDI, REG_RBP,      REG_R8,  REG_R9,
    REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_FAULT_IP, REG_RSP, REG_FLAGS,
};
static const uint8_t exception_message[] = {REG_FAULT_IP, REG_RSP, REG_FLAGS};

static inline bool is_canonical(word_t address)
{
    return (word_t)((sword_t)(address << 16) >> 16) == address;
}

static inline word_t sanitise_register(word_t reg, word_t value)
{
    switch (reg) {
    case REG_FLAGS:
        return sanitise_flags(value);
    case REG_FAULT_IP:
    case REG_NEXT_IP:
    case REG_FS_BASE:
    case REG_GS_BASE:
        return is_canonical(value) ? value : 0;
    default:
        return value;
    }
}
