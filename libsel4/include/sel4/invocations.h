/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Invocations of kernel objects.  Each returns the error code of the reply; those with results
 * return a structure of the error and the results.
 */
#pragma once

/*
 * Calls service with up to four words; words from the fifth on and extra caps are already in the
 * buffer.  Out: the first four words of the reply, where a pointer is given.
 */
SEL4_INLINE seL4_Error sel4_invoke(seL4_CPtr service, seL4_Word label, seL4_Word caps,
                                   seL4_Word length, seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                   seL4_Word *mr3)
{
    seL4_MessageInfo_t info = seL4_MessageInfo_new(label, 0, caps, length);

    info = seL4_CallWithMRs(service, info, mr0, mr1, mr2, mr3);
    return (seL4_Error)seL4_MessageInfo_get_label(info);
}

SEL4_INLINE seL4_Error sel4_invoke_words(seL4_CPtr service, seL4_Word label, seL4_Word caps,
                                         seL4_Word length, seL4_Word mr0, seL4_Word mr1,
                                         seL4_Word mr2, seL4_Word mr3)
{
    return sel4_invoke(service, label, caps, length, length > 0 ? &mr0 : NULL,
                       length > 1 ? &mr1 : NULL, length > 2 ? &mr2 : NULL,
                       length > 3 ? &mr3 : NULL);
}

/* Untyped memory */

/* Makes num_objects objects in consecutive slots from node_offset of the CNode found at
 * node_index, node_depth under root (depth 0: root itself). */
SEL4_INLINE seL4_Error seL4_Untyped_Retype(seL4_Untyped service, seL4_Word type,
                                           seL4_Word size_bits, seL4_CNode root,
                                           seL4_Word node_index, seL4_Word node_depth,
                                           seL4_Word node_offset, seL4_Word num_objects)
{
    seL4_SetCap(0, root);
    seL4_SetMR(4, node_offset);
    seL4_SetMR(5, num_objects);
    return sel4_invoke_words(service, UntypedRetype, 1, 6, type, size_bits, node_index, node_depth);
}

/* CNodes */

SEL4_INLINE seL4_Error seL4_CNode_Revoke(seL4_CNode service, seL4_Word index, seL4_Uint8 depth)
{
    return sel4_invoke_words(service, CNodeRevoke, 0, 2, index, depth, 0, 0);
}

SEL4_INLINE seL4_Error seL4_CNode_Delete(seL4_CNode service, seL4_Word index, seL4_Uint8 depth)
{
    return sel4_invoke_words(service, CNodeDelete, 0, 2, index, depth, 0, 0);
}

SEL4_INLINE seL4_Error seL4_CNode_CancelBadgedSends(seL4_CNode service, seL4_Word index,
                                                    seL4_Uint8 depth)
{
    return sel4_invoke_words(service, CNodeCancelBadgedSends, 0, 2, index, depth, 0, 0);
}

SEL4_INLINE seL4_Error seL4_CNode_SaveCaller(seL4_CNode service, seL4_Word index, seL4_Uint8 depth)
{
    return sel4_invoke_words(service, CNodeSaveCaller, 0, 2, index, depth, 0, 0);
}

SEL4_INLINE seL4_Error seL4_CNode_Copy(seL4_CNode service, seL4_Word dest_index,
                                       seL4_Uint8 dest_depth, seL4_CNode src_root,
                                       seL4_Word src_index, seL4_Uint8 src_depth,
                                       seL4_CapRights_t rights)
{
    seL4_SetCap(0, src_root);
    seL4_SetMR(4, rights.words[0]);
    return sel4_invoke_words(service, CNodeCopy, 1, 5, dest_index, dest_depth, src_index,
                             src_depth);
}

SEL4_INLINE seL4_Error seL4_CNode_Mint(seL4_CNode service, seL4_Word dest_index,
                                       seL4_Uint8 dest_depth, seL4_CNode src_root,
                                       seL4_Word src_index, seL4_Uint8 src_depth,
                                       seL4_CapRights_t rights, seL4_Word badge)
{
    seL4_SetCap(0, src_root);
    seL4_SetMR(4, rights.words[0]);
    seL4_SetMR(5, badge);
    return sel4_invoke_words(service, CNodeMint, 1, 6, dest_index, dest_depth, src_index,
                             src_depth);
}

SEL4_INLINE seL4_Error seL4_CNode_Move(seL4_CNode service, seL4_Word dest_index,
                                       seL4_Uint8 dest_depth, seL4_CNode src_root,
                                       seL4_Word src_index, seL4_Uint8 src_depth)
{
    seL4_SetCap(0, src_root);
    return sel4_invoke_words(service, CNodeMove, 1, 4, dest_index, dest_depth, src_index,
                             src_depth);
}

SEL4_INLINE seL4_Error seL4_CNode_Mutate(seL4_CNode service, seL4_Word dest_index,
                                         seL4_Uint8 dest_depth, seL4_CNode src_root,
                                         seL4_Word src_index, seL4_Uint8 src_depth, seL4_Word badge)
{
    seL4_SetCap(0, src_root);
    seL4_SetMR(4, badge);
    return sel4_invoke_words(service, CNodeMutate, 1, 5, dest_index, dest_depth, src_index,
                             src_depth);
}

/* Moves the pivot's cap to dest and src's cap to the pivot; dest equal to src swaps the two. */
SEL4_INLINE seL4_Error seL4_CNode_Rotate(seL4_CNode service, seL4_Word dest_index,
                                         seL4_Uint8 dest_depth, seL4_Word dest_badge,
                                         seL4_CNode pivot_root, seL4_Word pivot_index,
                                         seL4_Uint8 pivot_depth, seL4_Word pivot_badge,
                                         seL4_CNode src_root, seL4_Word src_index,
                                         seL4_Uint8 src_depth)
{
    seL4_SetCap(0, pivot_root);
    seL4_SetCap(1, src_root);
    seL4_SetMR(4, pivot_depth);
    seL4_SetMR(5, pivot_badge);
    seL4_SetMR(6, src_index);
    seL4_SetMR(7, src_depth);
    return sel4_invoke_words(service, CNodeRotate, 2, 8, dest_index, dest_depth, dest_badge,
                             pivot_index);
}

/* Threads */

/* Reads the first count words of the context (any more than 4, on ia32 2, need a buffer). */
SEL4_INLINE seL4_Error seL4_TCB_ReadRegisters(seL4_TCB service, seL4_Bool suspend_source,
                                              seL4_Uint8 arch_flags, seL4_Word count,
                                              seL4_UserContext *regs)
{
    seL4_Word *words = (seL4_Word *)regs;
    seL4_Word mr[4] = {(seL4_Word)(suspend_source & 1) | (seL4_Word)arch_flags << 8, count, 0, 0};
    seL4_MessageInfo_t info = seL4_MessageInfo_new(TCBReadRegisters, 0, 0, 2);
    const seL4_Word *buffer = seL4_GetIPCBuffer()->msg;
    seL4_Word length, i;

    info = seL4_CallWithMRs(service, info, &mr[0], &mr[1], &mr[2], &mr[3]);
    if (seL4_MessageInfo_get_label(info) != seL4_NoError)
        return (seL4_Error)seL4_MessageInfo_get_label(info);
    length = seL4_MessageInfo_get_length(info);
    if (length > sizeof(*regs) / sizeof(*words))
        length = sizeof(*regs) / sizeof(*words);
    for (i = 0; i < 4 && i < length; i++)
        words[i] = mr[i];
    for (; i < length; i++)
        words[i] = buffer[i];
    return seL4_NoError;
}

SEL4_INLINE seL4_Error seL4_TCB_WriteRegisters(seL4_TCB service, seL4_Bool resume_target,
                                               seL4_Uint8 arch_flags, seL4_Word count,
                                               seL4_UserContext *regs)
{
    const seL4_Word *words = (const seL4_Word *)regs;
    seL4_Word i;

    if (count > sizeof(*regs) / sizeof(*words))
        count = sizeof(*regs) / sizeof(*words);
    for (i = 2; i < count; i++)
        seL4_SetMR((int)i + 2, words[i]);
    return sel4_invoke_words(service, TCBWriteRegisters, 0, count + 2,
                             (seL4_Word)(resume_target & 1) | (seL4_Word)arch_flags << 8, count,
                             count > 0 ? words[0] : 0, count > 1 ? words[1] : 0);
}

SEL4_INLINE seL4_Error seL4_TCB_CopyRegisters(seL4_TCB service, seL4_TCB source,
                                              seL4_Bool suspend_source, seL4_Bool resume_target,
                                              seL4_Bool transfer_frame, seL4_Bool transfer_integer,
                                              seL4_Uint8 arch_flags)
{
    seL4_Word flags = (seL4_Word)(suspend_source & 1) | (seL4_Word)(resume_target & 1) << 1 |
                      (seL4_Word)(transfer_frame & 1) << 2 |
                      (seL4_Word)(transfer_integer & 1) << 3 | (seL4_Word)arch_flags << 8;

    seL4_SetCap(0, source);
    return sel4_invoke_words(service, TCBCopyRegisters, 1, 1, flags, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_TCB_Configure(seL4_TCB service, seL4_Word fault_ep,
                                          seL4_CNode cspace_root, seL4_Word cspace_root_data,
                                          seL4_CPtr vspace_root, seL4_Word vspace_root_data,
                                          seL4_Word buffer, seL4_CPtr bufferFrame)
{
    seL4_SetCap(0, cspace_root);
    seL4_SetCap(1, vspace_root);
    seL4_SetCap(2, bufferFrame);
    return sel4_invoke_words(service, TCBConfigure, 3, 4, fault_ep, cspace_root_data,
                             vspace_root_data, buffer);
}

SEL4_INLINE seL4_Error seL4_TCB_SetSpace(seL4_TCB service, seL4_Word fault_ep,
                                         seL4_CNode cspace_root, seL4_Word cspace_root_data,
                                         seL4_CPtr vspace_root, seL4_Word vspace_root_data)
{
    seL4_SetCap(0, cspace_root);
    seL4_SetCap(1, vspace_root);
    return sel4_invoke_words(service, TCBSetSpace, 2, 3, fault_ep, cspace_root_data,
                             vspace_root_data, 0);
}

/* Buffer 0 takes the thread's IPC buffer away. */
SEL4_INLINE seL4_Error seL4_TCB_SetIPCBuffer(seL4_TCB service, seL4_Word buffer,
                                             seL4_CPtr bufferFrame)
{
    seL4_SetCap(0, bufferFrame);
    return sel4_invoke_words(service, TCBSetIPCBuffer, 1, 1, buffer, 0, 0, 0);
}

/* The authority's maximum controlled priority bounds what may be set. */
SEL4_INLINE seL4_Error seL4_TCB_SetPriority(seL4_TCB service, seL4_CPtr authority,
                                            seL4_Word priority)
{
    seL4_SetCap(0, authority);
    return sel4_invoke_words(service, TCBSetPriority, 1, 1, priority, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_TCB_SetMCPriority(seL4_TCB service, seL4_CPtr authority, seL4_Word mcp)
{
    seL4_SetCap(0, authority);
    return sel4_invoke_words(service, TCBSetMCPriority, 1, 1, mcp, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_TCB_SetSchedParams(seL4_TCB service, seL4_CPtr authority, seL4_Word mcp,
                                               seL4_Word priority)
{
    seL4_SetCap(0, authority);
    return sel4_invoke_words(service, TCBSetSchedParams, 1, 2, mcp, priority, 0, 0);
}

SEL4_INLINE seL4_Error seL4_TCB_Suspend(seL4_TCB service)
{
    return sel4_invoke_words(service, TCBSuspend, 0, 0, 0, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_TCB_Resume(seL4_TCB service)
{
    return sel4_invoke_words(service, TCBResume, 0, 0, 0, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_TCB_BindNotification(seL4_TCB service, seL4_CPtr notification)
{
    seL4_SetCap(0, notification);
    return sel4_invoke_words(service, TCBBindNotification, 1, 0, 0, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_TCB_UnbindNotification(seL4_TCB service)
{
    return sel4_invoke_words(service, TCBUnbindNotification, 0, 0, 0, 0, 0, 0);
}

/* FS base on x86_64, GS base on ia32. */
SEL4_INLINE seL4_Error seL4_TCB_SetTLSBase(seL4_TCB service, seL4_Word tls_base)
{
    return sel4_invoke_words(service, TCBSetTLSBase, 0, 1, tls_base, 0, 0, 0);
}

typedef struct seL4_TCB_SetFlags {
    int error;
    seL4_Word flags;
} seL4_TCB_SetFlags_t;

SEL4_INLINE seL4_TCB_SetFlags_t seL4_TCB_SetFlags(seL4_TCB service, seL4_Word clear, seL4_Word set)
{
    seL4_TCB_SetFlags_t result;

    result.error = (int)sel4_invoke(service, TCBSetFlags, 0, 2, &clear, &set, NULL, NULL);
    result.flags = clear;
    return result;
}

/* Interrupts */

SEL4_INLINE seL4_Error seL4_IRQControl_Get(seL4_IRQControl service, seL4_Word irq, seL4_CNode root,
                                           seL4_Word index, seL4_Uint8 depth)
{
    seL4_SetCap(0, root);
    return sel4_invoke_words(service, IRQIssueIRQHandler, 1, 3, irq, index, depth, 0);
}

/* level: 0 edge, 1 level; polarity: 0 active high, 1 active low; vector 0..VECTOR_MAX. */
SEL4_INLINE seL4_Error seL4_IRQControl_GetIOAPIC(seL4_IRQControl service, seL4_CNode root,
                                                 seL4_Word index, seL4_Uint8 depth,
                                                 seL4_Word ioapic, seL4_Word pin, seL4_Word level,
                                                 seL4_Word polarity, seL4_Word vector)
{
    seL4_SetCap(0, root);
    seL4_SetMR(4, level);
    seL4_SetMR(5, polarity);
    seL4_SetMR(6, vector);
    return sel4_invoke_words(service, X86IRQIssueIRQHandlerIOAPIC, 1, 7, index, depth, ioapic, pin);
}

SEL4_INLINE seL4_Error seL4_IRQControl_GetMSI(seL4_IRQControl service, seL4_CNode root,
                                              seL4_Word index, seL4_Uint8 depth, seL4_Word pci_bus,
                                              seL4_Word pci_dev, seL4_Word pci_func,
                                              seL4_Word handle, seL4_Word vector)
{
    seL4_SetCap(0, root);
    seL4_SetMR(4, pci_func);
    seL4_SetMR(5, handle);
    seL4_SetMR(6, vector);
    return sel4_invoke_words(service, X86IRQIssueIRQHandlerMSI, 1, 7, index, depth, pci_bus,
                             pci_dev);
}

SEL4_INLINE seL4_Error seL4_IRQHandler_Ack(seL4_IRQHandler service)
{
    return sel4_invoke_words(service, IRQAckIRQ, 0, 0, 0, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_IRQHandler_SetNotification(seL4_IRQHandler service,
                                                       seL4_CPtr notification)
{
    seL4_SetCap(0, notification);
    return sel4_invoke_words(service, IRQSetIRQHandler, 1, 0, 0, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_IRQHandler_Clear(seL4_IRQHandler service)
{
    return sel4_invoke_words(service, IRQClearIRQHandler, 0, 0, 0, 0, 0, 0);
}

/* Domains: the profile has one, so these can only fail or do nothing. */

SEL4_INLINE seL4_Error seL4_DomainSet_Set(seL4_DomainSet service, seL4_Uint8 domain,
                                          seL4_TCB thread)
{
    seL4_SetCap(0, thread);
    return sel4_invoke_words(service, DomainSetSet, 1, 1, domain, 0, 0, 0);
}

SEL4_INLINE seL4_Error seL4_DomainSet_ScheduleConfigure(seL4_DomainSet service, seL4_Word index,
                                                        seL4_Uint8 domain, seL4_Uint64 duration)
{
    if (seL4_WordBits == 64)
        return sel4_invoke_words(service, DomainScheduleConfigure, 0, 3, index, domain,
                                 (seL4_Word)duration, 0);
    return sel4_invoke_words(service, DomainScheduleConfigure, 0, 4, index, domain,
                             (seL4_Word)duration, (seL4_Word)(duration >> 32));
}

SEL4_INLINE seL4_Error seL4_DomainSet_ScheduleSetStart(seL4_DomainSet service, seL4_Word index)
{
    return sel4_invoke_words(service, DomainScheduleSetStart, 0, 1, index, 0, 0, 0);
}

#include <sel4/arch/x86/invocations.h>
#if defined(__x86_64__)
#include <sel4/arch/x86_64/invocations.h>
#else
#include <sel4/arch/ia32/invocations.h>
#endif
