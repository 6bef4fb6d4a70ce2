/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnport.sys is the port driver of a made-up adapter that counts: it has the dispatch routines,
 * queue, timer and DPC; a miniport driver (fgnmini.sys, fgnmini2.sys) imports FgnPortInitialize
 * from it and is called for what its adapter does.
 */
#pragma once

#ifdef FGN_PORT
#define FGNPORTAPI
#else
#define FGNPORTAPI DECLSPEC_IMPORT
#endif

typedef struct _FGN_REQUEST {
    PVOID PortReserved[2]; /* the port's */
    PUCHAR Data;
    ULONG Length;
    ULONG Done; /* the miniport's answer */
    NTSTATUS Status;
} FGN_REQUEST, *PFGN_REQUEST;

typedef BOOLEAN(NTAPI FGN_START_IO)(PVOID Adapter, PFGN_REQUEST Request);
typedef BOOLEAN(NTAPI FGN_INITIALIZE)(PVOID Adapter);
typedef VOID(NTAPI FGN_TIMER)(PVOID Adapter);

typedef struct _FGN_INITIALIZATION_DATA {
    ULONG Size; /* of this */
    ULONG AdapterExtensionSize;
    FGN_INITIALIZE *Initialize;
    FGN_START_IO *StartIo;
} FGN_INITIALIZATION_DATA, *PFGN_INITIALIZATION_DATA;

typedef enum { FgnRequestComplete, FgnNextRequest, FgnRequestTimer } FGN_NOTIFICATION;

/* Called by a miniport's DriverEntry, which returns what it gets. */
FGNPORTAPI NTSTATUS NTAPI FgnPortInitialize(PDRIVER_OBJECT DriverObject,
                                            PUNICODE_STRING RegistryPath,
                                            PFGN_INITIALIZATION_DATA Data, PCWSTR DeviceName);
/* FgnRequestComplete: a PFGN_REQUEST; FgnRequestTimer: a FGN_TIMER * and a ULONG of microseconds.
 * cdecl, with a list of arguments, as such routines of port drivers are. */
FGNPORTAPI VOID __cdecl FgnPortNotification(FGN_NOTIFICATION Type, PVOID Adapter, ...);
FGNPORTAPI ULONG NTAPI FgnPortAdapters(VOID);
