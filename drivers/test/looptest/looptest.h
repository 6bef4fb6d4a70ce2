/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * looptest.sys keeps the processor in every way that a driver can. The device that it gets from
 * plug and play is the second serial port, for its interrupt.
 */
#pragma once
#include <wdm.h>
#include <neptune/ioctl.h>

/* loops.c: does not return */
VOID LoopIn(LOOPTEST_KIND Kind, PDEVICE_OBJECT Device);

/* port.c */
NTSTATUS PortStart(PCM_RESOURCE_LIST Resources);
VOID PortInterruptOnce(VOID); /* its service routine does not return */

/* arch/: signals the Executive, without the driver runtime's help */
VOID SignalExecutive(VOID);
