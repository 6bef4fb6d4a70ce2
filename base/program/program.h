/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs as other programs start them; compiled into each that does. */
#pragma once
#include <nt/nt.h>

/*
 * Makes a process of the image at a native path, with the standard handles of this one. Its first
 * thread is suspended: NtResumeThread starts it. The caller closes both handles in *Information.
 * What NtCreateUserProcess returns.
 */
NTSTATUS CreateProgram(PCWSTR Image, PCWSTR CommandLine, PRTL_USER_PROCESS_INFORMATION Information);

/* Of a process that has ended; STATUS_PENDING for one that has not. */
NTSTATUS ProgramExitStatus(HANDLE Process);
