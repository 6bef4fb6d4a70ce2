/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where drivers go on whose privileged instruction is carried out (trap/trap.h). On the stack lie the address of the
 * KI_INSTRUCTION and that behind the call that stands for it: the rest of the KI_TRAP_FRAME is pushed here.
 */
    .text
    .globl _KiTrapStub
_KiTrapStub:
    pushfl
    pushal
    mov %esp, %ebp
    cld
    and $-16, %esp
    sub $16, %esp
    mov %ebp, (%esp)
    call _KiExecuteInstruction
    mov %ebp, %esp
    popal
    popfl
    lea 4(%esp), %esp
    ret

/*
 * VOID KiProbeElement(PKI_TRAP_FRAME Frame, PVOID Address, ULONG_PTR Size)
 * VOID KiStoreElement(PKI_TRAP_FRAME Frame, PVOID Address, ULONG_PTR Size, ULONG_PTR Value)
 * ULONG KiLoadElement(PKI_TRAP_FRAME Frame, PVOID Address, ULONG_PTR Size)
 * Memory of the driver, of 1, 2 or 4 bytes. In all of them the frame is in ECX when it is touched.
 */
    .macro arguments
    mov 4(%esp), %ecx
    mov 8(%esp), %edx
    mov 12(%esp), %eax
    .endm

    .globl _KiElementRoutines
_KiElementRoutines:
    .globl _KiProbeElement
_KiProbeElement:
    arguments
    lock orb $0, (%edx)
    lock orb $0, -1(%edx,%eax)
    ret
    .globl _KiStoreElement
_KiStoreElement:
    arguments
    cmp $2, %eax
    mov 16(%esp), %eax
    jb 1f
    je 2f
    mov %eax, (%edx)
    ret
1:  mov %al, (%edx)
    ret
2:  mov %ax, (%edx)
    ret
    .globl _KiLoadElement
_KiLoadElement:
    arguments
    cmp $2, %eax
    jb 1f
    je 2f
    mov (%edx), %eax
    ret
1:  movzbl (%edx), %eax
    ret
2:  movzwl (%edx), %eax
    ret
    .globl _KiElementRoutinesEnd
_KiElementRoutinesEnd:
    nop
