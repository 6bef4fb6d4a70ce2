/* SPDX-License-Identifier: BSD-2-Clause */
/* waiting.sys waits in its dispatch routines in all ways; tests/native/driverwaits.c asks it to. */
#pragma once
#include <ntifs.h>
#include <neptune/ioctl.h>

/* items.c */
extern PDEVICE_OBJECT WaitingObject;
VOID InitializeGate(VOID);
NTSTATUS WaitAtGate(VOID);
ULONG CountAtGate(VOID);
VOID OpenGate(VOID);
NTSTATUS WaitForItems(ULONG Count, BOOLEAN AtGate);

/* services.c */
NTSTATUS OpenSelf(PULONG Result);
NTSTATUS WaitInSelf(VOID);
NTSTATUS UseDevice(VOID);
NTSTATUS ReadImage(PULONG Result);
NTSTATUS WaitForTimeout(ULONG Milliseconds);
NTSTATUS WaitForThread(VOID);
NTSTATUS LeavePending(VOID);
NTSTATUS CloseRaised(VOID);
