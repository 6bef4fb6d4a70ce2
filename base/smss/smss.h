/* SPDX-License-Identifier: BSD-2-Clause */
/* smss.exe, the session manager: what its files offer each other. */
#pragma once
#include <nt/nt.h>

/* keep.c: starts the command prompt, and again when it ends. Does not return. */
DECLSPEC_NORETURN void KeepSessionAlive(void);

/* harderror.c: from here on smss shows the hard errors of all processes. */
void HandleHardErrors(void);

/* environment.c: DOS devices, console, environment, \KnownDlls. */
void PrepareForPrograms(void);

void Display(PCWSTR Text);
void DisplayFailure(PCWSTR What, PCWSTR Name, NTSTATUS Status);
