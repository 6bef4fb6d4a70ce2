/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Sizes and addresses that differ between the two word sizes. */

#include <types.h>

/* Object sizes, log2 bytes. */
#define SLOT_BITS 5
#define TCB_BITS 11
#define ENDPOINT_BITS 4
#define NOTIFICATION_BITS 5
#define IPC_BUFFER_BITS 10
#define MIN_UNTYPED_BITS 4
#define MAX_UNTYPED_BITS 47

/* Paging: level 0 is a page table, each level above resolves INDEX_BITS more. */
#define PAGE_BITS 12
#define INDEX_BITS 9
#define TOP_LEVEL 3
#define LARGE_PAGE_BITS 21
#define USER_TOP 0x7fffffffffff

#define ASID_LOW_BITS 9
#define ASID_HIGH_BITS 3

/* Physical memory from address 0 appears here, the kernel image at its link address. */
#define PHYS_WINDOW_BASE 0xffffff8000000000
#define PHYS_WINDOW_SIZE (510ul << 30)
#define KERNEL_IMAGE_BASE 0xffffffff80000000
#define KERNEL_DEVICE_BASE 0xffffffffffe00000

/* Boot may read physical memory up to here at boot_pointer(). */
#define BOOT_READABLE_END (4ull << 30)

/* Nothing above is a physical address that the ABI knows. */
#define PADDR_TOP (1ul << 47)

#define FXSAVE "fxsaveq"
#define FXRSTOR "fxrstorq"

enum arch_object_type {
    OBJECT_PDPT = 5,
    OBJECT_PML4,
    OBJECT_PAGE_4K,
    OBJECT_PAGE_LARGE,
    OBJECT_PAGE_TABLE,
    OBJECT_PAGE_DIRECTORY,
    OBJECT_COUNT,
};

enum arch_invocation_label {
    LABEL_PDPT_MAP = 33,
    LABEL_PDPT_UNMAP,
    LABEL_PAGE_DIRECTORY_MAP,
    LABEL_PAGE_DIRECTORY_UNMAP,
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
