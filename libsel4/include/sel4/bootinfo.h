/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel tells the root task; its address is in RDI (ia32 EBX) at the start. */
#pragma once

#define seL4_MaxNumBootInfoUntypedCaps 230

typedef seL4_Word seL4_SlotPos;

/* Slots start..end-1. */
typedef struct seL4_SlotRegion {
    seL4_SlotPos start;
    seL4_SlotPos end;
} seL4_SlotRegion;

typedef struct seL4_UntypedDesc {
    seL4_Word paddr;
    seL4_Uint8 sizeBits;
    seL4_Uint8 isDevice;
    seL4_Uint8 padding[sizeof(seL4_Word) - 2 * sizeof(seL4_Uint8)];
} seL4_UntypedDesc;

typedef struct seL4_BootInfo {
    seL4_Word extraLen; /* bytes of extra chunks, which start 4 KiB after this structure */
    seL4_NodeId nodeID;
    seL4_Word numNodes;
    seL4_Word numIOPTLevels;
    seL4_IPCBuffer *ipcBuffer;
    seL4_SlotRegion empty;
    seL4_SlotRegion sharedFrames;
    seL4_SlotRegion userImageFrames;
    seL4_SlotRegion userImagePaging;
    seL4_SlotRegion ioSpaceCaps;
    seL4_SlotRegion extraBIPages;
    seL4_Word initThreadCNodeSizeBits;
    seL4_Domain initThreadDomain;
    seL4_SlotRegion untyped;
    seL4_UntypedDesc untypedList[seL4_MaxNumBootInfoUntypedCaps];
} seL4_BootInfo;

_Static_assert(offsetof(seL4_BootInfo, untypedList) == 21 * sizeof(seL4_Word), "bootinfo");
_Static_assert(sizeof(seL4_BootInfo) == 481 * sizeof(seL4_Word), "bootinfo");

#define seL4_BootInfoFrameBits 12
#define seL4_BootInfoFrameSize 4096

/* Extra chunks are packed back to back, unaligned. */
typedef struct seL4_BootInfoHeader {
    seL4_Word id;
    seL4_Word len; /* of the chunk, this header included */
} seL4_BootInfoHeader;

enum {
    SEL4_BOOTINFO_HEADER_PADDING = 0,
    SEL4_BOOTINFO_HEADER_X86_VBE = 1,
    SEL4_BOOTINFO_HEADER_X86_MBMMAP = 2,
    SEL4_BOOTINFO_HEADER_X86_ACPI_RSDP = 3,
    SEL4_BOOTINFO_HEADER_X86_FRAMEBUFFER = 4,
    SEL4_BOOTINFO_HEADER_X86_TSC_FREQ = 5,
    SEL4_BOOTINFO_HEADER_FDT = 6,
};

#define SEL4_MULTIBOOT_MAX_MMAP_ENTRIES 50
#define SEL4_MULTIBOOT_RAM_REGION_TYPE 1

typedef struct seL4_X86_mb_mmap {
    seL4_Uint32 size; /* 20: of the rest of the entry */
    seL4_Uint64 base_addr;
    seL4_Uint64 length;
    seL4_Uint32 type;
} __attribute__((packed)) seL4_X86_mb_mmap_t;

typedef struct seL4_X86_BootInfo_mmap {
    seL4_BootInfoHeader header;
    seL4_Uint32 mmap_length; /* bytes of mmap in use */
    seL4_X86_mb_mmap_t mmap[SEL4_MULTIBOOT_MAX_MMAP_ENTRIES];
} __attribute__((packed)) seL4_X86_BootInfo_mmap_t;

typedef struct seL4_X86_BootInfo_fb {
    seL4_BootInfoHeader header;
    seL4_Uint64 addr;
    seL4_Uint32 pitch;
    seL4_Uint32 width;
    seL4_Uint32 height;
    seL4_Uint8 bpp;
    seL4_Uint8 type;
} __attribute__((packed)) seL4_X86_BootInfo_fb_t;

typedef struct seL4_X86_BootInfo_VBE {
    seL4_BootInfoHeader header;
    seL4_Uint8 vbeInfoBlock[512];
    seL4_Uint8 vbeModeInfoBlock[256];
    seL4_Uint32 vbeMode;
    seL4_Uint32 vbeInterfaceSeg;
    seL4_Uint32 vbeInterfaceOff;
    seL4_Uint32 vbeInterfaceLen;
} __attribute__((packed)) seL4_X86_BootInfo_VBE_t;

_Static_assert(sizeof(seL4_X86_BootInfo_mmap_t) == 2 * sizeof(seL4_Word) + 1204, "mmap chunk");
_Static_assert(sizeof(seL4_X86_BootInfo_VBE_t) == 2 * sizeof(seL4_Word) + 784, "VBE chunk");
