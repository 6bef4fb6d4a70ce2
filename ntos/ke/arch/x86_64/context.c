/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of AMD64 threads: CONTEXT, the first frame of a service stack. */
#include "../../kip.h"

/* What KiSwitchStack pops: six registers and the address to go on at; above it a return address
 * that is never used. */
PVOID *KiMakeFirstFrame(PVOID *Top, void (*Start)(void))
{
    PVOID *Frame = Top - 8;
    ULONG i;

    for (i = 0; i < 8; i++)
        Frame[i] = NULL;
    Frame[6] = (PVOID)Start;
    return Frame;
}

#define HAS(flags, part) (((flags) & (part)) == (part))

void KeContextToRegisters(const CONTEXT *Context, seL4_UserContext *Registers)
{
    if (HAS(Context->ContextFlags, CONTEXT_CONTROL)) {
        Registers->rip = Context->Rip;
        Registers->rsp = Context->Rsp;
        Registers->rflags = Context->EFlags;
    }
    if (!HAS(Context->ContextFlags, CONTEXT_INTEGER))
        return;
    Registers->rax = Context->Rax;
    Registers->rbx = Context->Rbx;
    Registers->rcx = Context->Rcx;
    Registers->rdx = Context->Rdx;
    Registers->rsi = Context->Rsi;
    Registers->rdi = Context->Rdi;
    Registers->rbp = Context->Rbp;
    Registers->r8 = Context->R8;
    Registers->r9 = Context->R9;
    Registers->r10 = Context->R10;
    Registers->r11 = Context->R11;
    Registers->r12 = Context->R12;
    Registers->r13 = Context->R13;
    Registers->r14 = Context->R14;
    Registers->r15 = Context->R15;
}

void KeRegistersToContext(const seL4_UserContext *Registers, PCONTEXT Context)
{
    Context->ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER;
    Context->SegCs = 0x33;
    Context->SegSs = 0x2b;
    Context->Rip = Registers->rip;
    Context->Rsp = Registers->rsp;
    Context->EFlags = (ULONG)Registers->rflags;
    Context->Rax = Registers->rax;
    Context->Rbx = Registers->rbx;
    Context->Rcx = Registers->rcx;
    Context->Rdx = Registers->rdx;
    Context->Rsi = Registers->rsi;
    Context->Rdi = Registers->rdi;
    Context->Rbp = Registers->rbp;
    Context->R8 = Registers->r8;
    Context->R9 = Registers->r9;
    Context->R10 = Registers->r10;
    Context->R11 = Registers->r11;
    Context->R12 = Registers->r12;
    Context->R13 = Registers->r13;
    Context->R14 = Registers->r14;
    Context->R15 = Registers->r15;
}

void KiPrintRegisters(const seL4_UserContext *r, PKI_PRINT Print)
{
    Print("    rax=%016llx rbx=%016llx rcx=%016llx rdx=%016llx\n", r->rax, r->rbx, r->rcx, r->rdx);
    Print("    rsi=%016llx rdi=%016llx rbp=%016llx rsp=%016llx\n", r->rsi, r->rdi, r->rbp, r->rsp);
    Print("    r8 =%016llx r9 =%016llx r10=%016llx r11=%016llx\n", r->r8, r->r9, r->r10, r->r11);
    Print("    r12=%016llx r13=%016llx r14=%016llx r15=%016llx\n", r->r12, r->r13, r->r14, r->r15);
    Print("    rip=%016llx flags=%08llx gs base=%016llx\n", r->rip, r->rflags, r->gs_base);
}

void KiSetStart(seL4_UserContext *Registers, void (*Routine)(void), PVOID Top)
{
    *Registers = (seL4_UserContext){0};
    Registers->rip = (ULONG_PTR)Routine;
    Registers->rsp = (ULONG_PTR)Top - sizeof(ULONG_PTR); /* as after a call */
    Registers->rflags = 0x202;
}
