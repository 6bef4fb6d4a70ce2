/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver runtime's services (services.def: DRIVER_SERVICE), as described in
 * include/neptune/driver.h. All are io's. */
#pragma once
#include <neptune/driver.h>
#include <nt/nt.h>

NTSTATUS NTAPI DrvAttach(CLIENT(PULONGLONG) Channel);
NTSTATUS NTAPI DrvCreateDevice(ULONG Driver, CLIENT(PUNICODE_STRING) Name, ULONG DeviceType,
                               ULONG Characteristics, ULONG Flags, CLIENT(PULONG) Device);
NTSTATUS NTAPI DrvDeleteDevice(ULONG Device);
NTSTATUS NTAPI DrvAttachDevice(ULONG Source, ULONG Target,
                               CLIENT(DRIVER_DEVICE_INFO *) LowerDevice);
NTSTATUS NTAPI DrvDetachDevice(ULONG LowerDevice);
NTSTATUS NTAPI DrvOpenDevice(CLIENT(PUNICODE_STRING) Name, ACCESS_MASK Access,
                             CLIENT(DRIVER_DEVICE_INFO *) Device);
NTSTATUS NTAPI DrvConnectInterrupt(ULONG Vector, ULONG Latched, CLIENT(DRIVER_INTERRUPT *) Info);
NTSTATUS NTAPI DrvDisconnectInterrupt(ULONG HandlerCap);
NTSTATUS NTAPI DrvGetPort(ULONG First, ULONG Count, CLIENT(PULONG) PortCap);
NTSTATUS NTAPI DrvMakeBeep(ULONG Frequency);
NTSTATUS NTAPI DrvSetTimer(CLIENT(PLARGE_INTEGER) DueTime);
NTSTATUS NTAPI DrvMapData(CLIENT(PULONGLONG) Request, ULONG Direct, CLIENT(PULONGLONG) Address);
NTSTATUS NTAPI DrvLockData(CLIENT(PVOID) Address, ULONG Length, ULONG Write, CLIENT(PULONG) Name);
NTSTATUS NTAPI DrvQueryFrames(CLIENT(PULONGLONG) Request, CLIENT(PVOID) Address, ULONG First,
                              ULONG Count, CLIENT(PULONGLONG) Frames);
NTSTATUS NTAPI DrvServeInterrupts(void);
NTSTATUS NTAPI DrvRequestDispatch(void);
NTSTATUS NTAPI DrvChargeThreads(CLIENT(PULONGLONG) Request, LONG Count);
