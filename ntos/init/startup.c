/* SPDX-License-Identifier: BSD-2-Clause */
/* The Executive's start: the components, each after those that it needs, then the first NT
 * process. */
#include <cm.h>
#include <dbg.h>
#include <dbgk.h>
#include <ex.h>
#include <hal.h>
#include <io.h>
#include <ke.h>
#include <lpc.h>
#include <mm.h>
#include <ob.h>
#include <ps.h>
#include <se.h>

extern const char NtosImageStart[], NtosImageEnd[];

seL4_IPCBuffer *seL4_TheIPCBuffer;

void KiSystemStartup(seL4_BootInfo *BootInfo) __attribute__((noreturn));

/* The pages that the kernel has loaded behind this image, if any, are an archive of files that
 * tools/generate/addfiles.py has put there. */
static void FindAddedArchive(seL4_BootInfo *BootInfo)
{
    SIZE_T Frames = BootInfo->userImageFrames.end - BootInfo->userImageFrames.start;
    SIZE_T Own = (SIZE_T)(NtosImageEnd - NtosImageStart + PAGE_SIZE - 1) >> PAGE_SHIFT;

    if (Frames > Own)
        IoProvideAddedArchive(NtosImageStart + (Own << PAGE_SHIFT), (Frames - Own) << PAGE_SHIFT);
}

/* On a service stack, since these may wait. */
static void Phase1Initialization(PVOID Context)
{
    ObInitialize();
    SeInitialize();
    ExInitialize();
    MmInitializeSections();
    IoInitialize();
    LpcInitialize();
    CmInitialize();
    PsInitialize();
    DbgkInitialize();
    KeStartClock();
    PsStartFirstProcess();
}

void KiSystemStartup(seL4_BootInfo *BootInfo)
{
    seL4_TheIPCBuffer = BootInfo->ipcBuffer;
    MmInitialize(BootInfo);
    HalInitialize(BootInfo);
    DbgPrint("Neptune OS, NT 10.0.19045 native API on seL4\n");
    FindAddedArchive(BootInfo);
    ExInitializePool();
    KeInitialize();
    if (!NT_SUCCESS(KeCreateSystemThread(Phase1Initialization, NULL)))
        KeBugCheck("no memory for the first system thread");
    KiServiceLoop();
}
