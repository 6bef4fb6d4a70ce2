/* SPDX-License-Identifier: BSD-2-Clause */

/* Finding the interrupt controllers through ACPI: RSDP, RSDT or XSDT, MADT. */

#include <boot.h>
#include <debug.h>
#include <memory.h>

#define BIOS_ROM_START 0xe0000
#define BIOS_ROM_END 0x100000
#define BDA_EBDA_SEGMENT 0x40e
#define EBDA_SEARCH_SIZE 1024
#define RSDP_ALIGNMENT 16
#define RSDP_V1_SIZE 20

#define MADT_TYPE_IOAPIC 1
#define MADT_TYPE_LAPIC_OVERRIDE 5

#define MSI_REGION_START 0xfffffff8
#define MSI_REGION_END 0x100000000

struct acpi_rsdp {
    char signature[8];
    uint8_t checksum;
    char oem[6];
    uint8_t revision;
    uint32_t rsdt;
    uint32_t length;
    uint64_t xsdt;
    uint8_t extended_checksum;
    uint8_t reserved[3];
} PACKED;

struct acpi_header {
    char signature[4];
    uint32_t length;
    uint8_t revision;
    uint8_t checksum;
    char oem[6];
    char oem_table[8];
    uint32_t oem_revision;
    uint32_t creator;
    uint32_t creator_revision;
} PACKED;

struct acpi_madt {
    struct acpi_header header;
    uint32_t lapic;
    uint32_t flags;
} PACKED;

struct madt_entry {
    uint8_t type;
    uint8_t length;
} PACKED;

struct madt_ioapic {
    struct madt_entry entry;
    uint8_t id;
    uint8_t reserved;
    uint32_t address;
    uint32_t gsi_base;
} PACKED;

struct madt_lapic_override {
    struct madt_entry entry;
    uint16_t reserved;
    uint64_t address;
} PACKED;

_Static_assert(sizeof(struct acpi_rsdp) == RSDP_SIZE, "as bootinfo has it");

static BOOT_CODE bool has_checksum(const void *table, word_t length)
{
    const uint8_t *bytes = table;
    uint8_t sum = 0;

    for (word_t i = 0; i < length; i++)
        sum += bytes[i];
    return sum == 0;
}

static BOOT_CODE bool is_rsdp(const struct acpi_rsdp *rsdp)
{
    return memcmp(rsdp->signature, "RSD PTR ", sizeof(rsdp->signature)) == 0 &&
           has_checksum(rsdp, RSDP_V1_SIZE);
}

static BOOT_CODE bool search_rsdp(paddr_t start, paddr_t end)
{
    for (paddr_t paddr = start; paddr + RSDP_SIZE <= end; paddr += RSDP_ALIGNMENT) {
        const struct acpi_rsdp *rsdp = paddr_to_window(paddr);

        if (is_rsdp(rsdp)) {
            memcpy(boot_env.rsdp, rsdp, RSDP_SIZE);
            boot_env.has_rsdp = true;
            return true;
        }
    }
    return false;
}

/* UEFI firmware has no copy in low memory; multiboot 2 has then given one. */
static BOOT_CODE void find_rsdp(void)
{
    paddr_t ebda = (paddr_t) * (uint16_t *)paddr_to_window(BDA_EBDA_SEGMENT) << 4;

    if (boot_env.has_rsdp && is_rsdp((const struct acpi_rsdp *)boot_env.rsdp))
        return;
    if (ebda && search_rsdp(ebda, ebda + EBDA_SEARCH_SIZE))
        return;
    if (!search_rsdp(BIOS_ROM_START, BIOS_ROM_END))
        boot_fail("no ACPI tables (on UEFI, multiboot 2 is needed)");
}

/* NULL unless all of the table can be read. */
static BOOT_CODE const struct acpi_header *table_at(uint64_t paddr)
{
    const struct acpi_header *table = boot_pointer(paddr);

    if (!paddr || paddr > BOOT_READABLE_END - sizeof(*table) || table->length < sizeof(*table) ||
        table->length > BOOT_READABLE_END - paddr)
        return NULL;
    return table;
}

/* Looks through the RSDT (4-byte entries) or XSDT (8-byte entries). */
static BOOT_CODE const struct acpi_header *find_in(const struct acpi_header *list,
                                                   word_t entry_size, const char *signature)
{
    const uint8_t *entries = (const uint8_t *)(list + 1);
    word_t count = list ? (list->length - sizeof(*list)) / entry_size : 0;

    for (word_t i = 0; i < count; i++) {
        const struct acpi_header *table;
        uint64_t paddr = 0;

        memcpy(&paddr, entries + i * entry_size, entry_size);
        table = table_at(paddr);
        if (table && memcmp(table->signature, signature, sizeof(table->signature)) == 0)
            return table;
    }
    return NULL;
}

static BOOT_CODE const struct acpi_header *find_table(const char *signature)
{
    const struct acpi_rsdp *rsdp = (const struct acpi_rsdp *)boot_env.rsdp;
    const struct acpi_header *table = NULL;

    if (rsdp->revision >= 2)
        table = find_in(table_at(rsdp->xsdt), sizeof(uint64_t), signature);
    return table ? table : find_in(table_at(rsdp->rsdt), sizeof(uint32_t), signature);
}

static BOOT_CODE void read_madt_entry(const struct madt_entry *entry)
{
    if (entry->type == MADT_TYPE_IOAPIC && !boot_env.ioapic)
        boot_env.ioapic = ((const struct madt_ioapic *)entry)->address;
    if (entry->type == MADT_TYPE_LAPIC_OVERRIDE)
        boot_env.lapic = ((const struct madt_lapic_override *)entry)->address;
}

static BOOT_CODE word_t smallest_entry(uint8_t type)
{
    if (type == MADT_TYPE_IOAPIC)
        return sizeof(struct madt_ioapic);
    if (type == MADT_TYPE_LAPIC_OVERRIDE)
        return sizeof(struct madt_lapic_override);
    return sizeof(struct madt_entry);
}

BOOT_CODE void plat_find_apics(void)
{
    const struct acpi_madt *madt;
    word_t offset = sizeof(*madt);

    find_rsdp();
    madt = (const struct acpi_madt *)find_table("APIC");
    if (!madt || madt->header.length < sizeof(*madt))
        boot_fail("no ACPI MADT, which names the interrupt controllers");
    boot_env.lapic = madt->lapic;
    while (offset + sizeof(struct madt_entry) <= madt->header.length) {
        const struct madt_entry *entry =
            (const struct madt_entry *)((const uint8_t *)madt + offset);

        if (entry->length < smallest_entry(entry->type) ||
            entry->length > madt->header.length - offset)
            break;
        read_madt_entry(entry);
        offset += entry->length;
    }
    if (!boot_env.lapic || !is_aligned(boot_env.lapic, PAGE_BITS))
        boot_fail("no local APIC");
    if (!boot_env.ioapic || !is_aligned(boot_env.ioapic, PAGE_BITS))
        boot_fail("no IOAPIC");
    boot_env.withheld[0] = (struct region){boot_env.lapic, boot_env.lapic + BIT(PAGE_BITS)};
    boot_env.withheld[1] = (struct region){boot_env.ioapic, boot_env.ioapic + BIT(PAGE_BITS)};
    boot_env.withheld[2] = (struct region){MSI_REGION_START, MSI_REGION_END};
}
