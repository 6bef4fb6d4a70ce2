/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Sizes and addresses that differ between the two word sizes. */

#include <types.h>

/* Object sizes, log2 bytes. */
#define SLOT_BITS 4
#define TCB_BITS 11
#define ENDPOINT_BITS 4
#define NOTIFICATION_BITS 4
#define IPC_BUFFER_BITS 9
#define MIN_UNTYPED_BITS 4
#define MAX_UNTYPED_BITS 29

/* Paging: level 0 is a page table, each level above resolves INDEX_BITS more. */
#define PAGE_BITS 12
#define INDEX_BITS 10
#define TOP_LEVEL 1
#define LARGE_PAGE_BITS 22
#define USER_TOP 0xe0000000

#define ASID_LOW_BITS 10
#define ASID_HIGH_BITS 2

/* Physical memory from address 0 appears here, the kernel image with it; what lies beyond the
 * window is for the kernel like device memory. */
#define PHYS_WINDOW_BASE 0xe0000000
#define PHYS_WINDOW_SIZE 0x1fc00000
#define KERNEL_IMAGE_BASE PHYS_WINDOW_BASE
#define KERNEL_DEVICE_BASE 0xffc00000

/* Boot may read physical memory up to here at boot_pointer(). */
#define BOOT_READABLE_END USER_TOP

/* Nothing above is a physical address that the ABI knows. */
#define PADDR_TOP 0xffff0000

#define FXSAVE "fxsave"
#define FXRSTOR "fxrstor"

enum arch_object_type {
    OBJECT_PAGE_4K = 5,
    OBJECT_PAGE_LARGE,
    OBJECT_PAGE_TABLE,
    OBJECT_PAGE_DIRECTORY,
    OBJECT_COUNT,
};

enum arch_invocation_label {
    LABEL_PAGE_DIRECTORY_MAP = 33,
    LABEL_PAGE_DIRECTORY_UNMAP,
    LABEL_PAGE_DIRECTORY_GET_STATUS_BITS,
    LABEL_PAGE_TABLE_MAP,
    LABEL_PAGE_TABLE_UNMAP,
    LABEL_PAGE_MAP,
    LABEL_PAGE_UNMAP,
    LABEL_PAGE_GET_ADDRESS,
    LABEL_ASID_CONTROL_MAKE_POOL,
    LABEL_ASID_POOL_ASSIGN,
    LABEL_IO_PORT_CONTROL_ISSUE,
    LABEL_IO_PORT_IN8,
    LABEL_IO_PORT_IN16,
    LABEL_IO_PORT_IN32,
    LABEL_IO_PORT_OUT8,
    LABEL_IO_PORT_OUT16,
    LABEL_IO_PORT_OUT32,
    LABEL_IRQ_GET_IOAPIC,
    LABEL_IRQ_GET_MSI,
};
