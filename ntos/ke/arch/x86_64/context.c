/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of AMD64 threads: exceptions by vector, CONTEXT, the first frame of a service
 * stack. */
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

void KiPrintRegisters(const seL4_UserContext *r)
{
    DbgPrint("    rax=%016llx rbx=%016llx rcx=%016llx rdx=%016llx\n", r->rax, r->rbx, r->rcx,
             r->rdx);
    DbgPrint("    rsi=%016llx rdi=%016llx rbp=%016llx rsp=%016llx\n", r->rsi, r->rdi, r->rbp,
             r->rsp);
    DbgPrint("    r8 =%016llx r9 =%016llx r10=%016llx r11=%016llx\n", r->r8, r->r9, r->r10, r->r11);
    DbgPrint("    r12=%016llx r13=%016llx r14=%016llx r15=%016llx\n", r->r12, r->r13, r->r14,
             r->r15);
    DbgPrint("    rip=%016llx flags=%08llx gs base=%016llx\n", r->rip, r->rflags, r->gs_base);
}

static const struct {
    UCHAR Vector;
    NTSTATUS Status;
} VectorStatus[] = {
    {0, STATUS_INTEGER_DIVIDE_BY_ZERO},
    {1, STATUS_SINGLE_STEP},
    {3, STATUS_BREAKPOINT},
    {4, STATUS_INTEGER_OVERFLOW},
    {5, STATUS_ARRAY_BOUNDS_EXCEEDED},
    {12, STATUS_ACCESS_VIOLATION}, /* stack addresses that are not canonical */
    {16, STATUS_FLOAT_INVALID_OPERATION},
    {17, STATUS_DATATYPE_MISALIGNMENT},
    {19, STATUS_FLOAT_MULTIPLE_TRAPS},
};

/* The software interrupts of Windows, which the kernel refuses like any other (general protection,
 * at the INT). */
static NTSTATUS SoftwareInterruptStatus(const UCHAR Code[2])
{
    if (Code[0] != 0xcd)
        return STATUS_SUCCESS;
    switch (Code[1]) {
    case 0x29:
        return STATUS_STACK_BUFFER_OVERRUN; /* __fastfail */
    case 0x2c:
        return STATUS_ASSERTION_FAILURE;
    case 0x2d:
        return STATUS_BREAKPOINT; /* debug service, without a debugger */
    default:
        return STATUS_ACCESS_VIOLATION;
    }
}

static BOOLEAN IsPrivileged(const UCHAR *Code, ULONG Length)
{
    while (Length > 1 &&
           (*Code == 0x66 || *Code == 0xf3 || *Code == 0xf2 || (*Code & 0xf0) == 0x40)) {
        Code++;
        Length--;
    }
    switch (Code[0]) {
    case 0xe4 ... 0xe7: /* IN, OUT */
    case 0xec ... 0xef:
    case 0x6c ... 0x6f: /* INS, OUTS */
    case 0xf4:          /* HLT */
    case 0xfa:          /* CLI */
    case 0xfb:          /* STI */
        return TRUE;
    case 0x0f: /* descriptor tables, control and debug registers, MSRs, caches */
        return Length > 1 &&
               (Code[1] <= 0x01 || Code[1] == 0x06 || Code[1] == 0x08 || Code[1] == 0x09 ||
                (Code[1] >= 0x20 && Code[1] <= 0x23) || Code[1] == 0x30 || Code[1] == 0x32 ||
                Code[1] == 0x33 || Code[1] == 0x07 || Code[1] == 0x35);
    default:
        return FALSE;
    }
}

/* As much of the instruction as can be read. */
static ULONG FetchCode(PEPROCESS Process, ULONG_PTR Address, UCHAR *Code, ULONG Length)
{
    ULONG i;

    for (i = 0; i < Length; i++)
        if (!NT_SUCCESS(MmCopyFromProcess(Process, &Code[i], (PVOID)(Address + i), 1)))
            break;
    return i;
}

/* Whatever is no software interrupt or privileged instruction used an address that is not
 * canonical. */
static void GeneralProtection(PETHREAD Thread, const seL4_UserContext *Registers,
                              PEXCEPTION_RECORD Record)
{
    UCHAR Code[4] = {0};
    ULONG Length = FetchCode(Thread->Process, Registers->rip, Code, sizeof(Code));

    Record->ExceptionCode = Length >= 2 ? SoftwareInterruptStatus(Code) : STATUS_SUCCESS;
    if (Record->ExceptionCode == STATUS_STACK_BUFFER_OVERRUN) {
        Record->NumberParameters = 1;
        Record->ExceptionInformation[0] = Registers->rcx;
    }
    if (Record->ExceptionCode == STATUS_SUCCESS)
        Record->ExceptionCode = Length && IsPrivileged(Code, Length) ? STATUS_PRIVILEGED_INSTRUCTION
                                                                     : STATUS_ACCESS_VIOLATION;
}

void KiVectorToException(PETHREAD Thread, ULONG Vector, const seL4_UserContext *Registers,
                         PEXCEPTION_RECORD Record)
{
    ULONG i;

    Record->ExceptionAddress = (PVOID)Registers->rip;
    Record->ExceptionCode = STATUS_ILLEGAL_INSTRUCTION;
    for (i = 0; i < ARRAYSIZE(VectorStatus); i++)
        if (VectorStatus[i].Vector == Vector)
            Record->ExceptionCode = VectorStatus[i].Status;
    if (Vector == 3) /* reported at the INT3, the processor says behind it */
        Record->ExceptionAddress = (PVOID)(Registers->rip - 1);
    if (Vector == KI_VECTOR_GENERAL_PROTECTION)
        GeneralProtection(Thread, Registers, Record);
    if (Record->ExceptionCode == STATUS_ACCESS_VIOLATION) {
        Record->NumberParameters = 2;
        Record->ExceptionInformation[1] = MAXULONG_PTR; /* the address is not known */
    }
}
