/* SPDX-License-Identifier: BSD-2-Clause */
/* As much of the DDK as the hardware's part of i8042prt.sys needs, for test_i8042prt_start.c. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NTAPI
#define TRUE 1
#define FALSE 0
#define VOID void
typedef unsigned char UCHAR, *PUCHAR, BOOLEAN, KIRQL;
typedef uint16_t USHORT;
typedef int32_t NTSTATUS;
typedef uint32_t ULONG, *PULONG;
typedef uint64_t ULONGLONG;
typedef uintptr_t KAFFINITY, ULONG_PTR;
typedef void *PVOID;
typedef union _LARGE_INTEGER {
    int64_t QuadPart;
} LARGE_INTEGER;

#define NT_SUCCESS(Status) ((Status) >= 0)
#define STATUS_SUCCESS 0
#define STATUS_IO_TIMEOUT ((NTSTATUS)0xC00000B5)
#define STATUS_NO_SUCH_DEVICE ((NTSTATUS)0xC000000E)
#define STATUS_IO_DEVICE_ERROR ((NTSTATUS)0xC0000185)
#define APC_LEVEL 1
#define KernelMode 0
#define min(a, b) ((a) < (b) ? (a) : (b))
#define RtlZeroMemory(Address, Length) memset(Address, 0, Length)

typedef struct _DEVICE_OBJECT *PDEVICE_OBJECT;
typedef struct _DRIVER_OBJECT *PDRIVER_OBJECT;
typedef struct _IRP *PIRP;
typedef struct _CM_RESOURCE_LIST *PCM_RESOURCE_LIST;
typedef struct _KINTERRUPT *PKINTERRUPT;
typedef enum { LevelSensitive, Latched } KINTERRUPT_MODE;
typedef struct {
    int Unused;
} IO_REMOVE_LOCK, KTIMER;
typedef struct {
    bool Queued;
} KDPC, *PKDPC;
typedef BOOLEAN (*PKSERVICE_ROUTINE)(PKINTERRUPT, PVOID);

UCHAR READ_PORT_UCHAR(PUCHAR Port);
VOID WRITE_PORT_UCHAR(PUCHAR Port, UCHAR Value);
ULONGLONG KeQueryInterruptTime(VOID);
KIRQL KeGetCurrentIrql(VOID);
VOID KeStallExecutionProcessor(ULONG Microseconds);
NTSTATUS KeDelayExecutionThread(int Mode, BOOLEAN Alertable, LARGE_INTEGER *Interval);
BOOLEAN KeInsertQueueDpc(PKDPC Dpc, PVOID Argument1, PVOID Argument2);
BOOLEAN KeSetTimer(KTIMER *Timer, LARGE_INTEGER DueTime, PKDPC Dpc);
BOOLEAN KeCancelTimer(KTIMER *Timer);
KIRQL KeAcquireInterruptSpinLock(PKINTERRUPT Interrupt);
VOID KeReleaseInterruptSpinLock(PKINTERRUPT Interrupt, KIRQL Irql);
BOOLEAN KeSynchronizeExecution(PKINTERRUPT Interrupt, BOOLEAN (*Routine)(PVOID), PVOID Context);
NTSTATUS IoConnectInterrupt(PKINTERRUPT *Interrupt, PKSERVICE_ROUTINE Routine, PVOID Context,
                            PVOID Lock, ULONG Vector, KIRQL Irql, KIRQL SynchronizeIrql,
                            KINTERRUPT_MODE Mode, BOOLEAN Share, KAFFINITY Affinity, BOOLEAN Save);
VOID IoDisconnectInterrupt(PKINTERRUPT Interrupt);
ULONG DbgPrint(const char *Format, ...);
