/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration manager: the registry. */
#pragma once
#include "ob.h"

struct _ETHREAD;

extern POBJECT_TYPE CmKeyType;

/* \Registry with what the boot archive's files say; after IoInitialize, on a service stack. */
void CmInitialize(void);

/* A string value of the key below \Registry, for the Executive itself, in pool. FALSE: there is
 * none.
 */
BOOLEAN CmQuerySetting(PCWSTR Key, PCWSTR Value, PUNICODE_STRING Text);

/* The same for a number. */
BOOLEAN CmQueryNumber(PCWSTR Key, PCWSTR Value, PULONG Number);

/* The thread ends: the changes that it waits for are not told any more, but the events are set. */
void CmCancelThreadNotifies(struct _ETHREAD *Thread, BOOLEAN GiveWay);
