/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of i386 threads: CONTEXT, the first frame of a service stack. */
#include "../../kip.h"

/* The selectors that the kernel gives every thread, at each of its entries anew. */
#define USER_CODE 0x1b
#define USER_DATA 0x23
#define USER_FS 0x33
#define USER_GS 0x3b

/* What KiSwitchStack pops: four registers and the address to go on at; above it a return address
 * that is never used. A function begins with the stack pointer 12 bytes over a multiple of 16. */
PVOID *KiMakeFirstFrame(PVOID *Top, void (*Start)(void))
{
    PVOID *Frame = Top - 10;
    ULONG i;

    for (i = 0; i < 6; i++)
        Frame[i] = NULL;
    Frame[4] = (PVOID)Start;
    return Frame;
}

#define HAS(flags, part) (((flags) & (part)) == (part))

void KeContextToRegisters(const CONTEXT *Context, seL4_UserContext *Registers)
{
    if (HAS(Context->ContextFlags, CONTEXT_CONTROL)) {
        Registers->eip = Context->Eip;
        Registers->esp = Context->Esp;
        Registers->ebp = Context->Ebp;
        Registers->eflags = Context->EFlags;
    }
    if (!HAS(Context->ContextFlags, CONTEXT_INTEGER))
        return;
    Registers->eax = Context->Eax;
    Registers->ebx = Context->Ebx;
    Registers->ecx = Context->Ecx;
    Registers->edx = Context->Edx;
    Registers->esi = Context->Esi;
    Registers->edi = Context->Edi;
}

void KeRegistersToContext(const seL4_UserContext *Registers, PCONTEXT Context)
{
    Context->ContextFlags = CONTEXT_FULL;
    Context->SegCs = USER_CODE;
    Context->SegSs = Context->SegDs = Context->SegEs = USER_DATA;
    Context->SegFs = USER_FS;
    Context->SegGs = USER_GS;
    Context->Eip = Registers->eip;
    Context->Esp = Registers->esp;
    Context->Ebp = Registers->ebp;
    Context->EFlags = Registers->eflags;
    Context->Eax = Registers->eax;
    Context->Ebx = Registers->ebx;
    Context->Ecx = Registers->ecx;
    Context->Edx = Registers->edx;
    Context->Esi = Registers->esi;
    Context->Edi = Registers->edi;
}

void KiPrintRegisters(const seL4_UserContext *r, PKI_PRINT Print)
{
    Print("    eax=%08x ebx=%08x ecx=%08x edx=%08x\n", r->eax, r->ebx, r->ecx, r->edx);
    Print("    esi=%08x edi=%08x ebp=%08x esp=%08x\n", r->esi, r->edi, r->ebp, r->esp);
    Print("    eip=%08x flags=%08x fs base=%08x\n", r->eip, r->eflags, r->fs_base);
}

void KiSetStart(seL4_UserContext *Registers, void (*Routine)(void), PVOID Top)
{
    *Registers = (seL4_UserContext){0};
    Registers->eip = (ULONG_PTR)Routine;
    Registers->esp = (ULONG_PTR)Top - sizeof(ULONG_PTR); /* as after a call */
    Registers->eflags = 0x202;
}
