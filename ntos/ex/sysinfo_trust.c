/* SPDX-License-Identifier: BSD-2-Clause */
/* What the system says of debuggers, of how it was booted, and of what it trusts. */
#include "sysinfo.h"

/* What the structure was before BootFlags */
#define OLDER_BOOT_ENVIRONMENT                                                                     \
    (FIELD_OFFSET(SYSTEM_BOOT_ENVIRONMENT_INFORMATION, FirmwareType) + sizeof(ULONG))

NTSTATUS ExpQueryKernelDebugger(PEXP_OUTPUT Output)
{
    SYSTEM_KERNEL_DEBUGGER_INFORMATION Debugger = {.KernelDebuggerNotPresent = TRUE};

    return ExpAnswer(Output, &Debugger, sizeof(Debugger), sizeof(Debugger));
}

NTSTATUS ExpQueryKernelDebuggerEx(PEXP_OUTPUT Output)
{
    SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX Debugger = {0};

    return ExpAnswer(Output, &Debugger, sizeof(Debugger), sizeof(Debugger));
}

/* The boot loader does not tell the firmware's kind. */
NTSTATUS ExpQueryBootEnvironment(PEXP_OUTPUT Output)
{
    SYSTEM_BOOT_ENVIRONMENT_INFORMATION Environment = {0};

    return ExpAnswer(Output, &Environment, sizeof(Environment), OLDER_BOOT_ENVIRONMENT);
}

/* Nobody checks signatures: no option is on. */
NTSTATUS ExpQueryCodeIntegrity(PEXP_OUTPUT Output)
{
    SYSTEM_CODEINTEGRITY_INFORMATION Integrity;
    NTSTATUS Status;

    Output->Needed = sizeof(Integrity);
    if (Output->Length != sizeof(Integrity))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyFromClient(&Integrity, Output->Information, sizeof(Integrity));
    if (!NT_SUCCESS(Status))
        return Status;
    if (Integrity.Length != sizeof(Integrity))
        return STATUS_INFO_LENGTH_MISMATCH;
    Integrity.CodeIntegrityOptions = 0;
    return ExpAnswerExactly(Output, &Integrity, sizeof(Integrity));
}

NTSTATUS ExpQuerySecureBoot(PEXP_OUTPUT Output)
{
    SYSTEM_SECUREBOOT_INFORMATION Secure = {0};

    return ExpAnswer(Output, &Secure, sizeof(Secure), sizeof(Secure));
}
