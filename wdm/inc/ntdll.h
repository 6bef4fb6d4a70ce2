/* SPDX-License-Identifier: BSD-2-Clause */
/* The exports of ntdll.dll that the runtime calls and the DDK does not declare. */
#pragma once
#include "ntoskrnl.h"
#include <arch.h>

NTSTATUS NTAPI DrvAttach(UINT64 *Channel);
NTSTATUS NTAPI DrvCreateDevice(UINT32 Driver, PUNICODE_STRING Name, ULONG DeviceType,
                               ULONG Characteristics, ULONG Flags, UINT32 *Device);
NTSTATUS NTAPI DrvDeleteDevice(UINT32 Device);
NTSTATUS NTAPI DrvAttachDevice(UINT32 Source, UINT32 Target, DRIVER_DEVICE_INFO *LowerDevice);
NTSTATUS NTAPI DrvDetachDevice(UINT32 LowerDevice);
NTSTATUS NTAPI DrvOpenDevice(PUNICODE_STRING Name, ACCESS_MASK Access, DRIVER_DEVICE_INFO *Device);
NTSTATUS NTAPI DrvConnectInterrupt(ULONG Vector, ULONG Latched, DRIVER_INTERRUPT *Info);
NTSTATUS NTAPI DrvDisconnectInterrupt(UINT32 HandlerCap);
NTSTATUS NTAPI DrvGetPort(ULONG First, ULONG Count, UINT32 *PortCap);
NTSTATUS NTAPI DrvMakeBeep(ULONG Frequency);
NTSTATUS NTAPI DrvSetTimer(PLARGE_INTEGER DueTime);
NTSTATUS NTAPI DrvServeInterrupts(VOID);
NTSTATUS NTAPI DrvRequestDispatch(VOID);

/* The process heap, from the PEB. */
#ifndef RtlProcessHeap
#define RtlProcessHeap() (*(PVOID *)((PUCHAR)KiGetPeb() + 6 * sizeof(PVOID)))
#endif

#define LDR_DLL_DONT_CALL_ENTRY 0x10000 /* in *Flags: binds imports and calls nothing */
NTSTATUS NTAPI LdrLoadDll(PWSTR SearchPath, PULONG Flags, PUNICODE_STRING Name, PVOID *Base);
NTSTATUS NTAPI LdrGetDllHandle(PWSTR SearchPath, PULONG Flags, PUNICODE_STRING Name, PVOID *Base);
NTSTATUS NTAPI LdrUnloadDll(PVOID Base);
NTSTATUS NTAPI LdrGetProcedureAddress(PVOID Base, PANSI_STRING Name, ULONG Ordinal, PVOID *Address);
NTSTATUS NTAPI RtlCreateUserThread(HANDLE Process, PSECURITY_DESCRIPTOR Security, BOOLEAN Suspended,
                                   ULONG ZeroBits, SIZE_T StackReserve, SIZE_T StackCommit,
                                   PVOID Start, PVOID Parameter, PHANDLE Thread,
                                   PCLIENT_ID ClientId);
PVOID NTAPI RtlAddVectoredExceptionHandler(ULONG First, LONG(NTAPI *Handler)(PEXCEPTION_POINTERS));
NTSTATUS NTAPI NtRaiseException(PEXCEPTION_RECORD Record, PCONTEXT Context, BOOLEAN FirstChance);
NTSTATUS NTAPI NtYieldExecution(VOID);
NTSTATUS NTAPI NtQueryPerformanceCounter(PLARGE_INTEGER Counter, PLARGE_INTEGER Frequency);
NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE Process, PVOID *Base, PSIZE_T Size, ULONG Protect,
                                      PULONG OldProtect);
NTSTATUS NTAPI NtReadVirtualMemory(HANDLE Process, PVOID Base, PVOID Buffer, SIZE_T Size,
                                   PSIZE_T Read);

typedef struct _MEMORY_BASIC_INFORMATION {
    PVOID BaseAddress;
    PVOID AllocationBase;
    ULONG AllocationProtect;
    SIZE_T RegionSize;
    ULONG State;
    ULONG Protect;
    ULONG Type;
} MEMORY_BASIC_INFORMATION;

#define MemoryBasicInformation 0
#ifndef MEM_IMAGE
#define MEM_IMAGE 0x1000000
#endif
NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE Process, PVOID Address, ULONG Class, PVOID Information,
                                    SIZE_T Size, PSIZE_T ReturnedSize);
NTSTATUS NTAPI NtTerminateProcess(HANDLE Process, NTSTATUS ExitStatus);
