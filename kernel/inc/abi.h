/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Numbers of the seL4 ABI that are the same on every architecture. */

enum syscall_number {
    SYS_CALL = -1,
    SYS_REPLY_RECV = -2,
    SYS_SEND = -3,
    SYS_NB_SEND = -4,
    SYS_RECV = -5,
    SYS_REPLY = -6,
    SYS_YIELD = -7,
    SYS_NB_RECV = -8,
    SYS_DEBUG_PUT_CHAR = -9,
    SYS_DEBUG_DUMP_SCHEDULER = -10,
    SYS_DEBUG_HALT = -11,
    SYS_DEBUG_CAP_IDENTIFY = -12,
    SYS_DEBUG_SNAPSHOT = -13,
    SYS_DEBUG_NAME_THREAD = -14,
    SYS_SET_TLS_BASE = -30,
};

enum seL4_error {
    seL4_NoError,
    seL4_InvalidArgument,
    seL4_InvalidCapability,
    seL4_IllegalOperation,
    seL4_RangeError,
    seL4_AlignmentError,
    seL4_FailedLookup,
    seL4_TruncatedMessage,
    seL4_DeleteFirst,
    seL4_RevokeFirst,
    seL4_NotEnoughMemory,
};

enum lookup_fault_type {
    LOOKUP_INVALID_ROOT = 1,
    LOOKUP_MISSING_CAPABILITY,
    LOOKUP_DEPTH_MISMATCH,
    LOOKUP_GUARD_MISMATCH,
};

enum fault_type {
    FAULT_NONE,
    FAULT_CAP,
    FAULT_UNKNOWN_SYSCALL,
    FAULT_USER_EXCEPTION,
    FAULT_VM = 5,
};

enum object_type {
    OBJECT_UNTYPED,
    OBJECT_TCB,
    OBJECT_ENDPOINT,
    OBJECT_NOTIFICATION,
    OBJECT_CNODE,
    OBJECT_FIRST_ARCH,
};

enum invocation_label {
    LABEL_INVALID,
    LABEL_UNTYPED_RETYPE,
    LABEL_TCB_READ_REGISTERS,
    LABEL_TCB_WRITE_REGISTERS,
    LABEL_TCB_COPY_REGISTERS,
    LABEL_TCB_CONFIGURE,
    LABEL_TCB_SET_PRIORITY,
    LABEL_TCB_SET_MC_PRIORITY,
    LABEL_TCB_SET_SCHED_PARAMS,
    LABEL_TCB_SET_IPC_BUFFER,
    LABEL_TCB_SET_SPACE,
    LABEL_TCB_SUSPEND,
    LABEL_TCB_RESUME,
    LABEL_TCB_BIND_NOTIFICATION,
    LABEL_TCB_UNBIND_NOTIFICATION,
    LABEL_TCB_SET_TLS_BASE,
    LABEL_TCB_SET_FLAGS,
    LABEL_CNODE_REVOKE,
    LABEL_CNODE_DELETE,
    LABEL_CNODE_CANCEL_BADGED_SENDS,
    LABEL_CNODE_COPY,
    LABEL_CNODE_MINT,
    LABEL_CNODE_MOVE,
    LABEL_CNODE_MUTATE,
    LABEL_CNODE_ROTATE,
    LABEL_CNODE_SAVE_CALLER,
    LABEL_IRQ_ISSUE_HANDLER,
    LABEL_IRQ_ACK,
    LABEL_IRQ_SET_NOTIFICATION,
    LABEL_IRQ_CLEAR,
    LABEL_DOMAIN_SET,
    LABEL_DOMAIN_SCHEDULE_CONFIGURE,
    LABEL_DOMAIN_SCHEDULE_SET_START,
    LABEL_FIRST_ARCH,
};

/* Message info word: length 6..0, extra caps 8..7, caps unwrapped 11..9, label above. */
#define MSG_MAX_LENGTH 120
#define MSG_MAX_EXTRA_CAPS 3
#define MSG_LENGTH_BITS 7
#define MSG_EXTRA_CAPS_SHIFT 7
#define MSG_UNWRAPPED_SHIFT 9
#define MSG_LABEL_SHIFT 12

/* IPC buffer, counted in words. */
#define BUFFER_MSG 1
#define BUFFER_CAPS 122
#define BUFFER_RECEIVE_CNODE 125
#define BUFFER_RECEIVE_INDEX 126
#define BUFFER_RECEIVE_DEPTH 127
#define BUFFER_WORDS 128

/* Rights as they stand in messages and endpoint capabilities. */
#define RIGHT_WRITE 1
#define RIGHT_READ 2
#define RIGHT_GRANT 4
#define RIGHT_GRANT_REPLY 8
#define RIGHTS_ALL 15

#define TCB_FLAG_FPU_DISABLED 1

/* Slots of the root task's CNode. */
enum root_slot {
    ROOT_NULL,
    ROOT_TCB,
    ROOT_CNODE,
    ROOT_VSPACE,
    ROOT_IRQ_CONTROL,
    ROOT_ASID_CONTROL,
    ROOT_ASID_POOL,
    ROOT_IO_PORT_CONTROL,
    ROOT_IO_SPACE,
    ROOT_BOOTINFO,
    ROOT_IPC_BUFFER,
    ROOT_DOMAIN,
    ROOT_FIRST_FREE = 16,
};
