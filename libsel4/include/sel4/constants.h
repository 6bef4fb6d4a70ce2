/* SPDX-License-Identifier: BSD-2-Clause */
/* Object types and sizes, syscall numbers, invocation labels, slots of the initial CNode. */
#pragma once

/* Syscall numbers (1.1 of the ABI); those from DebugPutChar on exist in debug kernels only. */
enum {
    seL4_SysCall = -1,
    seL4_SysReplyRecv = -2,
    seL4_SysSend = -3,
    seL4_SysNBSend = -4,
    seL4_SysRecv = -5,
    seL4_SysReply = -6,
    seL4_SysYield = -7,
    seL4_SysNBRecv = -8,
    seL4_SysDebugPutChar = -9,
    seL4_SysDebugDumpScheduler = -10,
    seL4_SysDebugHalt = -11,
    seL4_SysDebugCapIdentify = -12,
    seL4_SysDebugSnapshot = -13,
    seL4_SysDebugNameThread = -14,
};

/* Object types common to all architectures, as given to Untyped_Retype. */
enum {
    seL4_UntypedObject,
    seL4_TCBObject,
    seL4_EndpointObject,
    seL4_NotificationObject,
    seL4_CapTableObject,
    seL4_NonArchObjectTypeCount,
};

/* Invocation labels; those above DomainScheduleSetStart depend on the architecture. */
enum {
    InvalidInvocation,
    UntypedRetype,
    TCBReadRegisters,
    TCBWriteRegisters,
    TCBCopyRegisters,
    TCBConfigure,
    TCBSetPriority,
    TCBSetMCPriority,
    TCBSetSchedParams,
    TCBSetIPCBuffer,
    TCBSetSpace,
    TCBSuspend,
    TCBResume,
    TCBBindNotification,
    TCBUnbindNotification,
    TCBSetTLSBase,
    TCBSetFlags,
    CNodeRevoke,
    CNodeDelete,
    CNodeCancelBadgedSends,
    CNodeCopy,
    CNodeMint,
    CNodeMove,
    CNodeMutate,
    CNodeRotate,
    CNodeSaveCaller,
    IRQIssueIRQHandler,
    IRQAckIRQ,
    IRQSetIRQHandler,
    IRQClearIRQHandler,
    DomainSetSet,
    DomainScheduleConfigure,
    DomainScheduleSetStart,
    nInvocationLabels,
};

/* Slots of the initial CNode; each is also the CPtr of its capability. */
enum {
    seL4_CapNull = 0,
    seL4_CapInitThreadTCB = 1,
    seL4_CapInitThreadCNode = 2,
    seL4_CapInitThreadVSpace = 3,
    seL4_CapIRQControl = 4,
    seL4_CapASIDControl = 5,
    seL4_CapInitThreadASIDPool = 6,
    seL4_CapIOPortControl = 7,
    seL4_CapIOSpace = 8,
    seL4_CapBootInfoFrame = 9,
    seL4_CapInitThreadIPCBuffer = 10,
    seL4_CapDomain = 11,
    seL4_NumInitialCaps = 16,
};

enum {
    seL4_TCBFlag_NoFlag = 0,
    seL4_TCBFlag_fpuDisabled = 1,
};

/* Attributes of page mappings. */
#define seL4_X86_Default_VMAttributes 0
#define seL4_X86_WriteBack 0
#define seL4_X86_WriteThrough 1
#define seL4_X86_CacheDisabled 2
#define seL4_X86_Uncacheable 3
#define seL4_X86_WriteCombining 4
/* Ours: no instruction fetch from the page.  The genuine kernel ignores it, so it may serve as
 * defence in depth only. */
#define seL4_X86_ExecuteNever 8

/* Vectors as given to GetIOAPIC and GetMSI; the processor's are higher by IRQ_OFFSET. */
#define IRQ_OFFSET 0x30
#define VECTOR_MIN 0
#define VECTOR_MAX 107

#define seL4_MinPrio 0
#define seL4_MaxPrio 255
#define seL4_NumPriorities 256
#define seL4_RetypeFanOutLimit 256
#define seL4_MinUntypedBits 4

#if defined(__x86_64__)
#include <sel4/arch/x86_64/constants.h>
#else
#include <sel4/arch/ia32/constants.h>
#endif
