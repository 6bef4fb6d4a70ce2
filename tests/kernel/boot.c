/* SPDX-License-Identifier: BSD-2-Clause */
/* What the root task starts with: registers, boot information, capabilities, untyped memory. */
#include "probe.h"

#define WINDOW_END 0x1fc00000 /* of the kernel's window on ia32 */
#define DEVICE_END 0xffff0000 /* of its untypeds */
#define PAGES(bytes) (((bytes) + PAGE_SIZE - 1) / PAGE_SIZE)

static seL4_Word count_of(seL4_SlotRegion region)
{
    return region.end - region.start;
}

static seL4_Word frame_address(seL4_CPtr frame)
{
    return seL4_X86_Page_GetAddress(frame).paddr;
}

#ifdef __x86_64__
TEST(boot_registers)
{
    static const char *const names[] = {"RAX", "RBX", "RCX", "RDX", "RSI", "RBP", "RSP", "R8",
                                        "R9",  "R10", "R11", "R12", "R13", "R14", "R15"};
    unsigned i;

    check_eq("RDI is the boot information", start_registers[0], (seL4_Word)bootinfo);
    for (i = 0; i < ARRAY_SIZE(names); i++)
        check_eq(names[i], start_registers[1 + i], 0);
    check_eq("FLAGS", start_registers[16] & 0xfff, 0x202);
    check_eq("CS", start_registers[17], 0x2b);
    check_eq("SS", start_registers[18], 0x33);
    check_eq("DS", start_registers[19] & 0xffff, 0);
}
#else
TEST(boot_registers)
{
    static const char *const names[] = {"EAX", "ECX", "EDX", "ESI", "EDI", "EBP", "ESP"};
    unsigned i;

    check_eq("EBX is the boot information", start_registers[0], (seL4_Word)bootinfo);
    for (i = 0; i < ARRAY_SIZE(names); i++)
        check_eq(names[i], start_registers[1 + i], 0);
    check_eq("FLAGS", start_registers[8] & 0xfff, 0x202);
    check_eq("CS", start_registers[9] & 0xffff, 0x1b);
    check_eq("SS", start_registers[10] & 0xffff, 0x23);
    check_eq("DS", start_registers[11] & 0xffff, 0x23);
}
#endif

/* How many tables map the image and what follows it. */
static seL4_Word paging_structures(void)
{
    const seL4_Word start = (seL4_Word)image_start;
    const seL4_Word last = (seL4_Word)bootinfo + PAGE_SIZE + bootinfo->extraLen - 1;
    seL4_Word shift = seL4_PageBits, count = 0;

    for (shift += seL4_PageTableIndexBits; shift < (seL4_WordBits == 64 ? 48 : 32);
         shift += seL4_PageTableIndexBits)
        count += (last >> shift) - (start >> shift) + 1;
    return count;
}

TEST(boot_info)
{
    const seL4_Word image = PAGES((seL4_Word)(image_end - image_start));

    check_eq("IPC buffer after the image", (seL4_Word)bootinfo->ipcBuffer, (seL4_Word)image_end);
    check_eq("boot information after that", (seL4_Word)bootinfo, (seL4_Word)image_end + PAGE_SIZE);
    check_eq("node 0", bootinfo->nodeID, 0);
    check_eq("of 1", bootinfo->numNodes, 1);
    check_eq("no IO page tables", bootinfo->numIOPTLevels, ~(seL4_Word)0);
    check_eq("CNode of 2^16 slots", bootinfo->initThreadCNodeSizeBits, 16);
    check_eq("domain 0", bootinfo->initThreadDomain, 0);
    check_eq("no shared frames", bootinfo->sharedFrames.start | bootinfo->sharedFrames.end, 0);
    check_eq("no IO space caps", bootinfo->ioSpaceCaps.start | bootinfo->ioSpaceCaps.end, 0);
    check_eq("one frame cap for each page of the image", count_of(bootinfo->userImageFrames),
             image);
    check_eq("paging structures", count_of(bootinfo->userImagePaging), paging_structures());
    check_eq("paging caps come first", bootinfo->userImagePaging.start, seL4_NumInitialCaps);
    check_eq("then extra boot information", bootinfo->extraBIPages.start,
             bootinfo->userImagePaging.end);
    check_eq("then image frames", bootinfo->userImageFrames.start, bootinfo->extraBIPages.end);
    check_eq("then untypeds", bootinfo->untyped.start, bootinfo->userImageFrames.end);
    check_eq("then nothing", bootinfo->empty.start, bootinfo->untyped.end);
    check_eq("up to the last slot", bootinfo->empty.end, 1 << 16);
    check("pages of extra boot information",
          count_of(bootinfo->extraBIPages) >= PAGES(bootinfo->extraLen));
}

TEST(boot_chunks)
{
    static const seL4_Word order[] = {1, 3, 4, 2, 5};
    const char *chunk = (const char *)bootinfo + PAGE_SIZE;
    const seL4_X86_BootInfo_mmap_t *map;
    const seL4_BootInfoHeader *header;
    seL4_Word total = 0, place = 0;

    while (total < bootinfo->extraLen) {
        header = (const seL4_BootInfoHeader *)(chunk + total);
        while (place < ARRAY_SIZE(order) && order[place] != header->id)
            place++;
        check("a known chunk in its place", place < ARRAY_SIZE(order));
        must(header->len >= sizeof(*header));
        total += header->len;
    }
    check_eq("lengths add up", total, bootinfo->extraLen);
    map = (const seL4_X86_BootInfo_mmap_t *)boot_chunk(SEL4_BOOTINFO_HEADER_X86_MBMMAP);
    header = boot_chunk(SEL4_BOOTINFO_HEADER_X86_ACPI_RSDP);
    must(map && header);
    check_eq("memory map, always of full size", map->header.len, sizeof(*map));
    check("with entries of 20 bytes", map->mmap_length == 0 || map->mmap[0].size == 20);
    check("entries within the chunk", map->mmap_length <= sizeof(map->mmap));
    check("RSDP", !memcmp(header + 1, "RSD PTR ", 8));
    check_eq("36 bytes of it", header->len, sizeof(*header) + 36);
    header = boot_chunk(SEL4_BOOTINFO_HEADER_X86_TSC_FREQ);
    must(header);
    check_eq("TSC frequency, 4 bytes", header->len, sizeof(*header) + 4);
    check("in MHz", tsc_mhz() > 100 && tsc_mhz() < 100000);
}

TEST(boot_empty_slots)
{
    static const seL4_CPtr empty[] = {0, 8, 12, 13, 14, 15};
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(empty); i++)
        check("null cap", !occupied(empty[i]));
    for (i = 1; i < seL4_NumInitialCaps; i++)
        if (i != 8 && i < 12)
            check("initial cap", occupied(i));
    check("first empty slot after our own", !occupied(bootinfo->empty.start + 7));
    check("last slot", !occupied(bootinfo->empty.end - 1));
}

TEST(boot_frames)
{
    seL4_Word i, first = frame_address(bootinfo->userImageFrames.start), stray = 0;

    for (i = 0; i < count_of(bootinfo->userImageFrames); i++)
        stray += frame_address(bootinfo->userImageFrames.start + i) != first + i * PAGE_SIZE;
    check_eq("the image is one physical block", stray, 0);
    check("boot information is a frame", frame_address(seL4_CapBootInfoFrame) > 0x100000);
    check("so is the IPC buffer", frame_address(seL4_CapInitThreadIPCBuffer) > 0x100000);
    check("and the extra pages", frame_address(bootinfo->extraBIPages.start) > 0x100000);
    expect("image frames know where they are mapped",
           invoke(bootinfo->userImageFrames.start, X86PageMap, CAPS(seL4_CapInitThreadVSpace),
                  ARGS(0x10000000, 3, 0)),
           seL4_InvalidArgument, 0);
    succeeds("mapping one again in place",
             invoke(bootinfo->userImageFrames.start, X86PageMap, CAPS(seL4_CapInitThreadVSpace),
                    ARGS((seL4_Word)image_start, 3, 0)));
    expect("the image's table is mapped",
           invoke(bootinfo->userImagePaging.end - 1, X86PageTableMap,
                  CAPS(seL4_CapInitThreadVSpace), ARGS(0x10000000, 0)),
           seL4_InvalidCapability, 0);
}

/* The untyped that holds the address, or NULL. */
static const seL4_UntypedDesc *untyped_at(seL4_Word paddr)
{
    seL4_Word i, count = count_of(bootinfo->untyped);

    for (i = 0; i < count; i++) {
        const seL4_UntypedDesc *d = &bootinfo->untypedList[i];

        if (paddr >= d->paddr && paddr - d->paddr < (seL4_Word)1 << d->sizeBits)
            return d;
    }
    return NULL;
}

/* Where RAM ends that a word can address, by the memory map. */
static uint64_t memory_end(void)
{
    const seL4_X86_BootInfo_mmap_t *map =
        (const seL4_X86_BootInfo_mmap_t *)boot_chunk(SEL4_BOOTINFO_HEADER_X86_MBMMAP);
    uint64_t end = 0;
    unsigned i;

    for (i = 0; map && i < map->mmap_length / sizeof(map->mmap[0]); i++)
        if (map->mmap[i].type == 1 && map->mmap[i].base_addr + map->mmap[i].length > end)
            end = map->mmap[i].base_addr + map->mmap[i].length;
    return seL4_WordBits == 32 && end > DEVICE_END ? DEVICE_END : end;
}

/* RAM beyond 4 GiB, and on ia32 beyond the kernel's window, where it counts as device memory. */
TEST(boot_high_memory)
{
    const seL4_Word beyond = seL4_WordBits == 64 ? (seL4_Word)((uint64_t)1 << 32) : WINDOW_END;
    const seL4_UntypedDesc *d = untyped_at(beyond);

    if (memory_end() <= beyond) {
        skip("RAM far up", "the machine has none");
        return;
    }
    must(d);
    check_eq("an untyped begins there", d->paddr, beyond);
    check_eq("of device memory on ia32", d->isDevice, seL4_WordBits == 32);
    d = untyped_at((seL4_Word)memory_end() - PAGE_SIZE);
    check("and RAM's last page", d != NULL);
}

TEST(boot_authority)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0);

    succeeds("priority 255 can be given",
             invoke(tcb, TCBSetSchedParams, CAPS(seL4_CapInitThreadTCB), ARGS(255, 255)));
    succeeds("the root task can wait on what it makes, and bind",
             invoke(seL4_CapInitThreadTCB, TCBBindNotification,
                    CAPS(make(seL4_NotificationObject, 0)), ARGS()));
    succeeds("and unbind", invoke(seL4_CapInitThreadTCB, TCBUnbindNotification, CAPS(), ARGS()));
}

/* The kernel window of x86_64 counts alignment from its own start. */
static seL4_Word kernel_alignment(seL4_Word paddr)
{
    return seL4_WordBits == 64 ? paddr + (seL4_Word)0xffffff8000000000ull : paddr;
}

static bool covers(seL4_Word paddr)
{
    return untyped_at(paddr) != NULL;
}

TEST(boot_untyped_list)
{
    seL4_Word i, count = count_of(bootinfo->untyped), misaligned = 0, odd = 0, order = 0;
    seL4_Word devices = 0, ram = 0;
    uint64_t end = memory_end();
    const seL4_UntypedDesc *d = bootinfo->untypedList;

    must(count && count <= seL4_MaxNumBootInfoUntypedCaps);
    for (i = 0; i < count; i++) {
        misaligned += kernel_alignment(d[i].paddr) % ((seL4_Word)1 << d[i].sizeBits) != 0;
        odd += d[i].sizeBits < seL4_MinUntypedBits || d[i].sizeBits > seL4_MaxUntypedBits ||
               d[i].isDevice > 1;
        if (i && d[i].isDevice && (!d[i - 1].isDevice || d[i].paddr <= d[i - 1].paddr))
            order++;
        devices += d[i].isDevice;
        ram += d[i].isDevice ? 0 : (seL4_Word)1 << d[i].sizeBits;
    }
    check_eq("all aligned to their size", misaligned, 0);
    check_eq("sizes in range", odd, 0);
    check_eq("devices first, ascending", order, 0);
    check("some of each", devices && devices < count);
    if (seL4_WordBits == 32 && end > WINDOW_END)
        end = WINDOW_END;
    check("most of the RAM is there", ram > end / 2);
    check_eq("first device untyped: at 0", d[0].paddr, 0);
    check_eq("of 1 MiB", d[0].sizeBits, 20);
    check("local APIC withheld", !covers(0xfee00000) && !covers(0xfee00fff));
    check("IOAPIC withheld", !covers(0xfec00000) && !covers(0xfec00fff));
    check("beside them not", covers(0xfedff000) && covers(0xfee01000) && covers(0xfec01000));
    check("HPET is there", covers(0xfed00000));
#ifdef __x86_64__
    check("last bytes below 4 GiB withheld", !covers(0xfffffff8) && covers(0xffffffef));
    check("and 4 GiB is not", covers(0x100000000));
    check("up to 2^47", covers(0x7fffffffffff) && !covers(0x800000000000));
    check("a piece beyond 512 GiB", covers(0x8000000000));
#else
    check("up to 0xffff0000", covers(0xfffeffff) && !covers(0xffff0000));
#endif
}

TEST(boot_untyped_are_full)
{
    seL4_Word i, count = count_of(bootinfo->untyped), wrong = 0;
    seL4_CPtr slot = slot_new();
    struct message reply;

    for (i = 0; i < count; i++) {
        const seL4_UntypedDesc *d = &bootinfo->untypedList[i];

        if (d->sizeBits >= 12 || d->isDevice)
            continue;
        reply = retype(bootinfo->untyped.start + i, seL4_UntypedObject, d->sizeBits, slot, 1);
        wrong += reply.label != 0;
        wrong += revoke(bootinfo->untyped.start + i).label != 0;
    }
    check_eq("each small untyped holds one object of its size", wrong, 0);
    for (i = 0; i < count; i++) {
        const seL4_UntypedDesc *d = &bootinfo->untypedList[i];

        if (!d->isDevice || d->sizeBits < 12)
            continue;
        must(retype(bootinfo->untyped.start + i, seL4_X86_4K, 0, slot, 1).label == 0);
        wrong += frame_address(slot) != d->paddr;
        must(revoke(bootinfo->untyped.start + i).label == 0);
    }
    check_eq("device frames start where the list says", wrong, 0);
}

static seL4_CPtr restore_buffer_by;

/* Runs while the root thread, without a buffer, waits on the endpoint. */
static void restore_buffer(uintptr_t ep, uintptr_t ntfn)
{
    seL4_Word badge;

    seL4_Wait(ntfn, &badge);
    seL4_TCB_SetIPCBuffer(seL4_CapInitThreadTCB, (seL4_Word)bootinfo->ipcBuffer, restore_buffer_by);
    seL4_NBSend(ep, seL4_MessageInfo_new(7, 0, 0, 0));
}

/* The root TCB holds a child of the buffer's cap: Revoke takes the buffer away. */
TEST(boot_buffer_is_a_child)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr badged = mint_of(ntfn, 0xf, 1);
    struct message cut;

    restore_buffer_by = seL4_CapInitThreadIPCBuffer;
    spawn(254, restore_buffer, ep, ntfn);
    settle();
    must(revoke(seL4_CapInitThreadIPCBuffer).label == 0);
    cut = retype(arena, seL4_EndpointObject, 0, 0, 1);
    seL4_Signal(badged);
    check_eq("and back", receive(ep).label, 7);
    check_eq("without, messages are cut", cut.label, seL4_TruncatedMessage);
    expect("with it they are whole", retype(arena, 99, 0, 0, 1), seL4_InvalidArgument, 0);
}

seL4_CPtr device_frame(seL4_Word paddr)
{
    seL4_CPtr untyped = device_untyped(paddr), slot;
    seL4_Word at, step;

    must(untyped);
    at = bootinfo->untypedList[untyped - bootinfo->untyped.start].paddr;
    while (at < paddr) {
        for (step = 12; at + ((seL4_Word)2 << step) <= paddr &&
                        kernel_alignment(at) % ((seL4_Word)2 << step) == 0;)
            step++;
        must(retype(untyped, seL4_UntypedObject, step, slot_new(), 1).label == 0);
        at += (seL4_Word)1 << step;
    }
    slot = slot_new();
    must(retype(untyped, seL4_X86_4K, 0, slot, 1).label == 0);
    check_eq("address of a device frame", frame_address(slot), paddr);
    return slot;
}

TEST(boot_device_memory)
{
    const seL4_Word vaddr = 0x10000000;
    seL4_CPtr hpet = device_frame(0xfed00000);

    map_tables(seL4_CapInitThreadVSpace, vaddr);
    must(!seL4_X86_Page_Map(hpet, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite,
                            seL4_X86_CacheDisabled));
    check("the HPET's identity", (*(volatile uint32_t *)vaddr & 0xffff0000) == 0x80860000);
    must(revoke(device_untyped(0xfed00000)).label == 0);
    check("Revoke of the device untyped takes the frame", !occupied(hpet));
}

#define BIOS_PAGES 0x100 /* the first megabyte */

TEST(boot_bios_memory)
{
    const seL4_Word vaddr = 0x10000000;
    const seL4_BootInfoHeader *rsdp = boot_chunk(SEL4_BOOTINFO_HEADER_X86_ACPI_RSDP);
    unsigned page, offset, found = 0;
    seL4_CPtr untyped = device_untyped(0), frames = slots_new(BIOS_PAGES);

    must(rsdp && untyped);
    map_tables(seL4_CapInitThreadVSpace, vaddr);
    must(retype(untyped, seL4_X86_4K, 0, frames, BIOS_PAGES).label == 0);
    for (page = 0xe0; page < BIOS_PAGES; page++) {
        must(!seL4_X86_Page_Map(frames + page, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite, 0));
        for (offset = 0; offset < PAGE_SIZE - 20; offset += 16)
            found += !memcmp((char *)vaddr + offset, rsdp + 1, 20);
        must(!seL4_X86_Page_Unmap(frames + page));
    }
    check_eq("the RSDP of the boot information lies in BIOS memory", found, 1);
    must(revoke(untyped).label == 0);
}

/* Memory that boot has used is clear when it is retyped: no code or data of the kernel is left. */
TEST(boot_memory_is_cleared)
{
    const seL4_Word vaddr = 0x10000000;
    seL4_Word i, page, word, dirty = 0, pages = 0, count = count_of(bootinfo->untyped);
    seL4_CPtr frames = slots_new(seL4_RetypeFanOutLimit);

    map_tables(seL4_CapInitThreadVSpace, vaddr);
    for (i = 0; i < count; i++) {
        const seL4_UntypedDesc *d = &bootinfo->untypedList[i];

        if (d->isDevice || d->sizeBits < 12 ||
            (seL4_Word)1 << d->sizeBits > seL4_RetypeFanOutLimit * PAGE_SIZE)
            continue;
        must(retype(bootinfo->untyped.start + i, seL4_X86_4K, 0, frames,
                    (seL4_Word)1 << (d->sizeBits - 12))
                 .label == 0);
        for (page = 0; page < (seL4_Word)1 << (d->sizeBits - 12); page++, pages++) {
            must(!seL4_X86_Page_Map(frames + page, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite,
                                    0));
            for (word = 0; word < PAGE_SIZE / sizeof(seL4_Word); word++)
                dirty += ((volatile seL4_Word *)vaddr)[word] != 0;
        }
        must(revoke(bootinfo->untyped.start + i).label == 0);
    }
    check("some small untypeds of a page or more", pages > 0);
    check_eq("words that are not zero", dirty, 0);
}
