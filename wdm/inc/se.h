/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens, for se/: the Executive has them, and these are handles to them. */
#pragma once
#include "ntoskrnl.h"

/* A handle to query and duplicate the primary token of a process, by the process' id; 0 is the
 * host. Close it with ZwClose. */
NTSTATUS SepOpenProcessToken(ULONG ProcessId, PHANDLE Token);

/* Who the context is about: a handle as above, its client's if it has one. */
NTSTATUS SepOpenSubjectToken(PSECURITY_SUBJECT_CONTEXT Context, PHANDLE Token);
