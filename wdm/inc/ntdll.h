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
NTSTATUS NTAPI DrvMapData(UINT64 *Request, ULONG Direct, UINT64 *Address);
NTSTATUS NTAPI DrvLockData(PVOID Address, ULONG Length, ULONG Write, UINT32 *Name);
NTSTATUS NTAPI DrvQueryFrames(UINT64 *Request, PVOID Address, ULONG First, ULONG Count,
                              UINT64 *Frames);
NTSTATUS NTAPI DrvServeInterrupts(VOID);
NTSTATUS NTAPI DrvRequestDispatch(VOID);
NTSTATUS NTAPI DrvChargeThreads(PUINT64 Request, LONG Count);

/* The process heap, from the PEB. */
#ifndef RtlProcessHeap
#define RtlProcessHeap() (*(PVOID *)((PUCHAR)KiGetPeb() + 6 * sizeof(PVOID)))
#endif

NTSTATUS NTAPI RtlSetEnvironmentVariable(PVOID *Environment, PUNICODE_STRING Name,
                                         PUNICODE_STRING Value);
BOOLEAN NTAPI RtlValidateHeap(PVOID Heap, ULONG Flags, PVOID Block);
NTSTATUS NTAPI NtSetTimerResolution(ULONG DesiredTime, BOOLEAN SetResolution, PULONG ActualTime);
DECLSPEC_NORETURN VOID NTAPI RtlRaiseStatus(NTSTATUS Status);
int __cdecl _snprintf(char *Buffer, size_t Size, const char *Format, ...);
int __cdecl _vsnprintf(char *Buffer, size_t Size, const char *Format, va_list Arguments);
NTSTATUS NTAPI ZwQueryEvent(HANDLE Event, ULONG Class, PVOID Information, ULONG Length,
                            PULONG ReturnLength);
NTSTATUS NTAPI ZwResetEvent(HANDLE Event, PLONG PreviousState);
NTSTATUS NTAPI ZwPulseEvent(HANDLE Event, PLONG PreviousState);
NTSTATUS NTAPI NtAccessCheck(PSECURITY_DESCRIPTOR Descriptor, HANDLE Token, ACCESS_MASK Desired,
                             PGENERIC_MAPPING Mapping, PPRIVILEGE_SET Privileges, PULONG Length,
                             PACCESS_MASK Granted, PNTSTATUS Status);
NTSTATUS NTAPI NtPrivilegeCheck(HANDLE Token, PPRIVILEGE_SET Privileges, PBOOLEAN Result);
NTSTATUS NTAPI ZwOpenProcessToken(HANDLE Process, ACCESS_MASK Access, PHANDLE Token);

#define LDR_DLL_DONT_CALL_ENTRY 0x10000 /* in *Flags: binds imports and calls nothing */
NTSTATUS NTAPI LdrLoadDll(PWSTR SearchPath, PULONG Flags, PUNICODE_STRING Name, PVOID *Base);
NTSTATUS NTAPI LdrGetDllHandle(PWSTR SearchPath, PULONG Flags, PUNICODE_STRING Name, PVOID *Base);
NTSTATUS NTAPI LdrUnloadDll(PVOID Base);
NTSTATUS NTAPI LdrGetProcedureAddress(PVOID Base, PANSI_STRING Name, ULONG Ordinal, PVOID *Address);
NTSTATUS NTAPI RtlCreateUserThread(HANDLE Process, PSECURITY_DESCRIPTOR Security, BOOLEAN Suspended,
                                   ULONG ZeroBits, SIZE_T StackReserve, SIZE_T StackCommit,
                                   PVOID Start, PVOID Parameter, PHANDLE Thread,
                                   PCLIENT_ID ClientId);
#define KI_SKIP_THREAD_ATTACH 0x02 /* THREAD_CREATE_FLAGS_ … */
#define KI_SKIP_LOADER_INIT 0x20
NTSTATUS NTAPI NtCreateThreadEx(PHANDLE Thread, ACCESS_MASK Access, POBJECT_ATTRIBUTES Attributes,
                                HANDLE Process, PVOID Start, PVOID Parameter, ULONG Flags,
                                SIZE_T ZeroBits, SIZE_T StackCommit, SIZE_T StackReserve,
                                PVOID AttributeList);
NTSTATUS NTAPI NtTerminateThread(HANDLE Thread, NTSTATUS ExitStatus);
NTSTATUS NTAPI NtAlertThreadByThreadId(HANDLE ThreadId);
NTSTATUS NTAPI NtWaitForAlertByThreadId(PVOID Address, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtWaitForSingleObject(HANDLE Handle, BOOLEAN Alertable, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtNotifyChangeKey(HANDLE Key, HANDLE Event, PIO_APC_ROUTINE Routine, PVOID Context,
                                 PIO_STATUS_BLOCK IoStatus, ULONG Filter, BOOLEAN WatchTree,
                                 PVOID Buffer, ULONG Length, BOOLEAN Asynchronous);
NTSTATUS NTAPI NtQueryInformationThread(HANDLE Thread, ULONG Class, PVOID Information, ULONG Length,
                                        PULONG ReturnLength);
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG Count, HANDLE Handles[], WAIT_TYPE WaitType,
                                        BOOLEAN Alertable, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI NtNotifyChangeMultipleKeys(HANDLE Key, ULONG Count, POBJECT_ATTRIBUTES Others,
                                          HANDLE Event, PIO_APC_ROUTINE Routine, PVOID Context,
                                          PIO_STATUS_BLOCK IoStatus, ULONG Filter,
                                          BOOLEAN WatchTree, PVOID Buffer, ULONG Length,
                                          BOOLEAN Asynchronous);
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
