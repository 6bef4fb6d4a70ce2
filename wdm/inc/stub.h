/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls that leave the process: seL4 operations on the capabilities of a driver process
 * (wdm/sel4/stub.c, the only file that knows seL4) and the services that ntdll exports to the
 * runtime.
 */
#pragma once

void KxSignalExecutive(void);
void KxWaitMainThread(void);
void KxSignalMainThread(void);

/* Returns the badge bits of the interrupts that fired. */
unsigned long long KxWaitInterrupt(void);
void KxAcknowledgeInterrupt(unsigned HandlerCap);

void KxSignalLock(void);
void KxWaitLock(void);

/* Size is 1, 2 or 4 bytes. Reading returns all ones if the capability does not cover the port. */
unsigned KxReadPort(unsigned PortCap, unsigned Port, unsigned Size);
void KxWritePort(unsigned PortCap, unsigned Port, unsigned Size, unsigned Value);
