/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of the drivers, for those who show them. */
#include "iop.h"

LIST_ENTRY IopDrivers = {&IopDrivers, &IopDrivers};

void IoNoteHostFault(PEPROCESS Process, ULONG_PTR Address)
{
    IOP_FAULT *Fault = &Process->DriverHost->Fault;
    ULONG_PTR Base = 0;

    if (!MmFindImageAt(Process, Address, &Base, Fault->Module))
        Fault->Module[0] = 0;
    Fault->Offset = Address - Base;
}

static PIO_DRIVER IopDriverAt(ULONG Index)
{
    PLIST_ENTRY Entry;

    for (Entry = IopDrivers.Flink; Entry != &IopDrivers; Entry = Entry->Flink) {
        PIO_DRIVER Driver = CONTAINING_RECORD(Entry, IO_DRIVER, ListEntry);

        if (!Driver->Forgotten && !Index--)
            return Driver;
    }
    return NULL;
}

static NEP_DRIVER_STATE IopShownState(PIO_DRIVER Driver)
{
    switch (Driver->State) {
    case IopDriverStarting:
        return NepDriverStarting;
    case IopDriverRunning:
        return NepDriverRunning;
    case IopDriverUnloading:
        return NepDriverUnloading;
    default:
        return Driver->Restarting ? NepDriverRestarting : NepDriverEnded;
    }
}

/* NepQueryDriver: STATUS_NO_MORE_ENTRIES (there are not so many), STATUS_ACCESS_VIOLATION.
 * (Neptune's own) */
NTSTATUS NTAPI NepQueryDriver(ULONG Index, CLIENT(PNEP_DRIVER_INFORMATION) Information)
{
    PIO_DRIVER Driver = IopDriverAt(Index);
    NEP_DRIVER_INFORMATION Known = {0};

    if (!Driver)
        return STATUS_NO_MORE_ENTRIES;
    memcpy(Known.Name, Driver->Name, sizeof(Known.Name));
    Known.State = IopShownState(Driver);
    if (Driver->Id)
        Known.HostProcess = (ULONG)(ULONG_PTR)Driver->Host->Process->UniqueProcessId;
    Known.Devices = Driver->DeviceCount;
    Known.Restarts = Driver->Starts > 1 ? Driver->Starts - 1 : 0;
    Known.LastStatus = Driver->LastStatus;
    memcpy(Known.LastModule, Driver->LastFault.Module, sizeof(Known.LastModule));
    Known.LastOffset = Driver->LastFault.Offset;
    return MmWriteClient(Information, &Known);
}
