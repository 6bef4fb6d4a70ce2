/* SPDX-License-Identifier: BSD-2-Clause */
/* Starting programs: see program.h. */
#include "program.h"

NTSTATUS CreateProgram(PCWSTR Image, PCWSTR CommandLine, PRTL_USER_PROCESS_INFORMATION Information)
{
    const RTL_USER_PROCESS_PARAMETERS *Own = NtCurrentPeb()->ProcessParameters;
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    UNICODE_STRING Path, Line;
    NTSTATUS Status;

    RtlInitUnicodeString(&Path, Image);
    RtlInitUnicodeString(&Line, CommandLine);
    Status = RtlCreateProcessParametersEx(&Parameters, &Path, NULL, NULL, &Line, NULL, NULL, NULL,
                                          NULL, NULL, RTL_USER_PROC_PARAMS_NORMALIZED);
    if (!NT_SUCCESS(Status))
        return Status;
    Parameters->StandardInput = Own->StandardInput;
    Parameters->StandardOutput = Own->StandardOutput;
    Parameters->StandardError = Own->StandardError;
    Status = RtlCreateUserProcess(&Path, OBJ_CASE_INSENSITIVE, Parameters, NULL, NULL, NULL,
                                  Own->StandardOutput != NULL, NULL, NULL, Information);
    RtlDestroyProcessParameters(Parameters);
    return Status;
}

NTSTATUS ProgramExitStatus(HANDLE Process)
{
    PROCESS_BASIC_INFORMATION Basic;
    NTSTATUS Status =
        NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);

    return NT_SUCCESS(Status) ? Basic.ExitStatus : Status;
}
