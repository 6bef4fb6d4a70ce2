/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers by the names of their services: loading, what the registry says of them, where they are,
 * and the end of their processes. */
#pragma once
#include "waiting.h"

NTSTATUS LoadService(PCWSTR Name);
NTSTATUS UnloadService(PCWSTR Name);

/* A value of the service's key, which is made if it is not there; the text is NUL-terminated. */
NTSTATUS SetServiceText(PCWSTR Name, PCWSTR Value, PCWSTR Text);
NTSTATUS SetServiceNumber(PCWSTR Name, PCWSTR Value, ULONG Number);
NTSTATUS DeleteServiceValue(PCWSTR Name, PCWSTR Value);

/* What is known of a driver; NULL: it is not loaded. Valid until the next call. */
const NEP_DRIVER_INFORMATION *FindDriver(PCWSTR Name);
ULONG HostOf(PCWSTR Name); /* the number of its process; 0: none */
/* Whether it comes to be in that state soon. */
BOOLEAN ComesToBe(PCWSTR Name, NEP_DRIVER_STATE State);
/* Ends the driver's process, and waits until it is gone. STATUS_NOT_FOUND: it has none. */
NTSTATUS EndHostOf(PCWSTR Name, NTSTATUS ExitStatus);
