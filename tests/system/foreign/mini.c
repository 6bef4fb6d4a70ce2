/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnmini.sys: a miniport driver. It imports from its port driver and from nothing else, not even
 * from the system. Written bytes are answered at once, or, when they start with 't' or 's', from a
 * timer (soon, or after 0.8 s); 'x' is refused, 'f' fails. What is read is how many requests there
 * were and how many adapters the port has.
 */
#include <ntddk.h>
#include "port.h"

typedef struct _ADAPTER {
    ULONG Requests;
    PFGN_REQUEST Waiting;
} ADAPTER, *PADAPTER;

static FGN_INITIALIZE MiniInitialize;
static FGN_START_IO MiniStartIo;
static FGN_TIMER MiniTimer;
DRIVER_INITIALIZE DriverEntry;

static BOOLEAN NTAPI MiniInitialize(PVOID Extension)
{
    PADAPTER Adapter = Extension;

    Adapter->Requests = 0;
    Adapter->Waiting = NULL;
    return TRUE;
}

static VOID MiniFinish(PADAPTER Adapter, PFGN_REQUEST Request, NTSTATUS Status)
{
    Request->Status = Status;
    Request->Done = Request->Length;
    FgnPortNotification(FgnRequestComplete, Adapter, Request);
}

static VOID NTAPI MiniTimer(PVOID Extension)
{
    PADAPTER Adapter = Extension;
    PFGN_REQUEST Request = Adapter->Waiting;

    Adapter->Waiting = NULL;
    if (Request)
        MiniFinish(Adapter, Request, STATUS_SUCCESS);
}

static BOOLEAN NTAPI MiniStartIo(PVOID Extension, PFGN_REQUEST Request)
{
    PADAPTER Adapter = Extension;

    Adapter->Requests++;
    switch (Request->Data[0]) {
    case 'x':
        return FALSE;
    case 's':
    case 't':
        Adapter->Waiting = Request;
        FgnPortNotification(FgnRequestTimer, Adapter, MiniTimer,
                            Request->Data[0] == 's' ? 800000 : 30000);
        return TRUE;
    case 'f':
        MiniFinish(Adapter, Request, STATUS_IO_DEVICE_ERROR);
        return TRUE;
    default:
        if (Request->Length >= 2) {
            Request->Data[0] = (UCHAR)Adapter->Requests;
            Request->Data[1] = (UCHAR)FgnPortAdapters();
        }
        MiniFinish(Adapter, Request, STATUS_SUCCESS);
        return TRUE;
    }
}

#ifdef SECOND /* fgnmini2.sys */
#define MINI_DEVICE L"\\Device\\FgnMini2"
#else
#define MINI_DEVICE L"\\Device\\FgnMini"
#endif

NTSTATUS DriverEntry(_In_ PDRIVER_OBJECT DriverObject, _In_ PUNICODE_STRING RegistryPath)
{
    FGN_INITIALIZATION_DATA Data = {.Size = sizeof(Data),
                                    .AdapterExtensionSize = sizeof(ADAPTER),
                                    .Initialize = MiniInitialize,
                                    .StartIo = MiniStartIo};

    return FgnPortInitialize(DriverObject, RegistryPath, &Data, MINI_DEVICE);
}
