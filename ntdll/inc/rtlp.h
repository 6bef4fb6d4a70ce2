/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of ntdll/rtl share. */
#pragma once

#include <nt/nt.h>

/* What the process ends with, once RtlExitUserProcess has been called. */
extern NTSTATUS RtlpExitStatus;
