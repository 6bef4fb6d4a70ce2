/* SPDX-License-Identifier: BSD-2-Clause */
/* The Executive's start: each component in the order in which it needs the others, then the first
 * NT process. */
#include <dbg.h>
#include <ex.h>
#include <hal.h>
#include <io.h>
#include <ke.h>
#include <mm.h>
#include <ob.h>
#include <ps.h>

seL4_IPCBuffer *seL4_TheIPCBuffer;

void KiSystemStartup(seL4_BootInfo *BootInfo) __attribute__((noreturn));

/* On a service stack, since these may wait. */
static void Phase1Initialization(PVOID Context)
{
    ObInitialize();
    ExInitialize();
    MmInitializeSections();
    IoInitialize();
    PsInitialize();
    KeStartClock();
    PsStartFirstProcess();
}

void KiSystemStartup(seL4_BootInfo *BootInfo)
{
    seL4_TheIPCBuffer = BootInfo->ipcBuffer;
    MmInitialize(BootInfo);
    HalInitialize(BootInfo);
    DbgPrint("Neptune OS, NT 10.0.19045 native API on seL4\n");
    ExInitializePool();
    KeInitialize();
    if (!NT_SUCCESS(KeCreateSystemThread(Phase1Initialization, NULL)))
        KeBugCheck("no memory for the first system thread");
    KiServiceLoop();
}
