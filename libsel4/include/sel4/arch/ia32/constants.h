/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#define seL4_FastMessageRegisters 2

enum {
    seL4_X86_4K = 5,
    seL4_X86_LargePageObject,
    seL4_X86_PageTableObject,
    seL4_X86_PageDirectoryObject,
    seL4_ObjectTypeCount,
};
#define seL4_VSpaceObject seL4_X86_PageDirectoryObject

#define seL4_SlotBits 4
#define seL4_TCBBits 11
#define seL4_EndpointBits 4
#define seL4_NotificationBits 4
#define seL4_PageBits 12
#define seL4_LargePageBits 22
#define seL4_PageTableBits 12
#define seL4_PageTableIndexBits 10
#define seL4_PageDirBits 12
#define seL4_PageDirIndexBits 10
#define seL4_VSpaceBits seL4_PageDirBits
#define seL4_VSpaceIndexBits seL4_PageDirIndexBits
#define seL4_ASIDPoolBits 12
#define seL4_ASIDPoolIndexBits 10
#define seL4_NumASIDPoolsBits 2
#define seL4_IPCBufferSizeBits 9
#define seL4_MaxUntypedBits 29
#define seL4_UserTop 0xe0000000u

enum {
    X86PageDirectoryMap = nInvocationLabels,
    X86PageDirectoryUnmap,
    X86PageDirectoryGetStatusBits,
    X86PageTableMap,
    X86PageTableUnmap,
    X86PageMap,
    X86PageUnmap,
    X86PageGetAddress,
    X86ASIDControlMakePool,
    X86ASIDPoolAssign,
    X86IOPortControlIssue,
    X86IOPortIn8,
    X86IOPortIn16,
    X86IOPortIn32,
    X86IOPortOut8,
    X86IOPortOut16,
    X86IOPortOut32,
    X86IRQIssueIRQHandlerIOAPIC,
    X86IRQIssueIRQHandlerMSI,
    nArchInvocationLabels,
};

/* Message registers of an unknown-syscall fault; a reply takes all but the last. */
enum {
    seL4_UnknownSyscall_EAX,
    seL4_UnknownSyscall_EBX,
    seL4_UnknownSyscall_ECX,
    seL4_UnknownSyscall_EDX,
    seL4_UnknownSyscall_ESI,
    seL4_UnknownSyscall_EDI,
    seL4_UnknownSyscall_EBP,
    seL4_UnknownSyscall_FaultIP,
    seL4_UnknownSyscall_SP,
    seL4_UnknownSyscall_FLAGS,
    seL4_UnknownSyscall_Syscall,
    seL4_UnknownSyscall_Length,
};
