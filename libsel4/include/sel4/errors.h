/* SPDX-License-Identifier: BSD-2-Clause */
/* Error codes (label of an error reply), lookup failures and fault messages. */
#pragma once

typedef enum {
    seL4_NoError = 0,
    seL4_InvalidArgument,   /* MR0 argument number */
    seL4_InvalidCapability, /* MR0: 0 the invoked cap, n the n-th extra cap */
    seL4_IllegalOperation,
    seL4_RangeError, /* MR0 minimum, MR1 maximum */
    seL4_AlignmentError,
    seL4_FailedLookup, /* MR0 1 if of a source; from MR1 the lookup failure */
    seL4_TruncatedMessage,
    seL4_DeleteFirst,
    seL4_RevokeFirst,
    seL4_NotEnoughMemory, /* MR0 bytes available */
    seL4_NumErrors
} seL4_Error;

/* First word of a lookup failure; the words after it depend on the type. */
typedef enum {
    seL4_NoFailure = 0,
    seL4_InvalidRoot,
    seL4_MissingCapability, /* bits left */
    seL4_DepthMismatch,     /* bits left, bits found */
    seL4_GuardMismatch,     /* bits left, guard found, bits found */
} seL4_LookupFailureType;

/* Label of a fault message. */
enum {
    seL4_Fault_NullFault = 0,
    seL4_Fault_CapFault = 1,
    seL4_Fault_UnknownSyscall = 2,
    seL4_Fault_UserException = 3,
    seL4_Fault_DebugException = 4,
    seL4_Fault_VMFault = 5,
};

/* Message registers of a cap fault; from LookupFailureType on as the type says. */
enum {
    seL4_CapFault_IP,
    seL4_CapFault_Addr,
    seL4_CapFault_InRecvPhase,
    seL4_CapFault_LookupFailureType,
    seL4_CapFault_BitsLeft,
    seL4_CapFault_DepthMismatch_BitsFound,
    seL4_CapFault_GuardMismatch_GuardFound = seL4_CapFault_DepthMismatch_BitsFound,
    seL4_CapFault_GuardMismatch_BitsFound,
    seL4_CapFault_MaxLength,
};

/* Message registers of a VM fault; FSR is the low five bits of the page-fault error code. */
enum {
    seL4_VMFault_IP,
    seL4_VMFault_Addr,
    seL4_VMFault_PrefetchFault,
    seL4_VMFault_FSR,
    seL4_VMFault_Length,
};

/* Message registers of a processor exception; a reply takes the first three. */
enum {
    seL4_UserException_FaultIP,
    seL4_UserException_SP,
    seL4_UserException_FLAGS,
    seL4_UserException_Number,
    seL4_UserException_Code,
    seL4_UserException_Length,
};
