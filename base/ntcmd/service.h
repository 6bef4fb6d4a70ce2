/* SPDX-License-Identifier: BSD-2-Clause */
/* Services: what the registry says of them, and which drivers run. */
#pragma once
#include <nt/nt.h>

#define SERVICE_KERNEL_DRIVER 1
#define SERVICE_FILE_SYSTEM_DRIVER 2
#define SERVICE_RECOGNIZER_DRIVER 8
#define SERVICE_DRIVER_TYPES 0xf

enum { ServiceBoot, ServiceSystem, ServiceAuto, ServiceDemand, ServiceDisabled };

BOOLEAN IsService(PCWSTR Name);       /* there is a key of that name */
BOOLEAN IsDriverService(PCWSTR Name); /* and its Type is a driver's */
/* Whether the driver is loaded, and what is known of it: NepDriverEnded when it is not. */
BOOLEAN FindRunningDriver(PCWSTR Name, NEP_DRIVER_INFORMATION *Driver);
/* The name of the key with that index, "" when it does not fit; FALSE: there are no more. */
BOOLEAN NameOfService(ULONG Index, PWSTR Name, ULONG Size);
/* A REG_DWORD of the service; Default when there is none. */
ULONG ServiceNumber(PCWSTR Name, PCWSTR Value, ULONG Default);
/* A string of the service, cut off at Size - 1 characters, the parts of several with '/' between
 * them; "" when there is none. */
void ServiceText(PCWSTR Name, PCWSTR Value, PWSTR Text, ULONG Size);
NTSTATUS DeleteService(PCWSTR Name); /* its key and all below */
/* NtLoadDriver or NtUnloadDriver of the service. */
NTSTATUS WithServicePath(PCWSTR Name, NTSTATUS(NTAPI *Routine)(PUNICODE_STRING Path));
