/* SPDX-License-Identifier: BSD-2-Clause */
#include "exp.h"

/*
 * NtShutdownSystem: ShutdownPowerOff and ShutdownNoReboot switch the machine off (or halt it where
 * that is not possible), ShutdownReboot starts it again. Does not return when the action is one of
 * these, else STATUS_INVALID_PARAMETER or, without SeShutdownPrivilege,
 * STATUS_PRIVILEGE_NOT_HELD. Nothing is cached that would have to be written first.
 */
NTSTATUS NtShutdownSystem(SHUTDOWN_ACTION Action)
{
    DbgTrace(DBG_EX, "ex: shutdown, action %u\n", (ULONG)Action);
    if ((ULONG)Action > ShutdownPowerOff)
        return STATUS_INVALID_PARAMETER;
    if (!SeSinglePrivilegeCheck(SE_SHUTDOWN_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    switch (Action) {
    case ShutdownNoReboot:
    case ShutdownPowerOff:
        HalShutdown();
    case ShutdownReboot:
        HalReboot();
    default:
        return STATUS_INVALID_PARAMETER;
    }
}
