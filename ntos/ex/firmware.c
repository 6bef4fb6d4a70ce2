/* SPDX-License-Identifier: BSD-2-Clause */
/* SystemFirmwareTableInformation: tables of ACPI and of SMBIOS, listed and given. */
#include "sysinfo.h"
#include <firmware.h>

#define PROVIDER_ACPI 0x41435049 /* 'ACPI', as C compilers for Windows write it */
#define PROVIDER_SMBIOS 0x52534d42

typedef struct _RAW_SMBIOS_HEADER {
    UCHAR Used20CallingMethod, Major, Minor, DmiRevision;
    ULONG Length;
} RAW_SMBIOS_HEADER;

/* The answer stands behind the request, of which its length is told too. */
static NTSTATUS Begin(PEXP_OUTPUT Output, PSYSTEM_FIRMWARE_TABLE_INFORMATION Request, ULONG Length)
{
    NTSTATUS Status;

    Request->TableBufferLength = Length;
    Output->Needed = 0;
    Status = ExpAppend(Output, Request, sizeof(*Request));
    if (NT_SUCCESS(Status) && Output->Length - sizeof(*Request) < Length) {
        Output->Needed += Length;
        return STATUS_BUFFER_TOO_SMALL;
    }
    return Status;
}

static NTSTATUS ListAcpi(PEXP_OUTPUT Output, PSYSTEM_FIRMWARE_TABLE_INFORMATION Request)
{
    const HAL_FIRMWARE_TABLE *Tables;
    ULONG Count = HalQueryAcpiTables(&Tables);
    NTSTATUS Status = Begin(Output, Request, Count * sizeof(ULONG));

    for (ULONG i = 0; i < Count && Status == STATUS_SUCCESS; i++)
        Status = ExpAppend(Output, &Tables[i].Signature, sizeof(ULONG));
    return Status;
}

static NTSTATUS GetAcpi(PEXP_OUTPUT Output, PSYSTEM_FIRMWARE_TABLE_INFORMATION Request)
{
    const HAL_FIRMWARE_TABLE *Tables;
    ULONG Count = HalQueryAcpiTables(&Tables), i = 0;
    NTSTATUS Status;

    while (i < Count && Tables[i].Signature != Request->TableID)
        i++;
    if (i == Count)
        return STATUS_NOT_FOUND;
    Status = Begin(Output, Request, Tables[i].Length);
    return Status == STATUS_SUCCESS ? ExpAppend(Output, Tables[i].Table, Tables[i].Length) : Status;
}

/* Its one number is 0. */
static NTSTATUS ListSmbios(PEXP_OUTPUT Output, PSYSTEM_FIRMWARE_TABLE_INFORMATION Request)
{
    ULONG Zero = 0;
    NTSTATUS Status = Begin(Output, Request, sizeof(Zero));

    return Status == STATUS_SUCCESS ? ExpAppend(Output, &Zero, sizeof(Zero)) : Status;
}

static NTSTATUS GetSmbios(PEXP_OUTPUT Output, PSYSTEM_FIRMWARE_TABLE_INFORMATION Request)
{
    const HAL_SMBIOS *Smbios = HalQuerySmbios();
    RAW_SMBIOS_HEADER Header = {0, Smbios->Major, Smbios->Minor, 0, Smbios->Length};
    NTSTATUS Status;

    if (!Smbios->Length)
        return STATUS_NOT_FOUND;
    Status = Begin(Output, Request, (ULONG)sizeof(Header) + Smbios->Length);
    if (Status == STATUS_SUCCESS)
        Status = ExpAppend(Output, &Header, sizeof(Header));
    return Status == STATUS_SUCCESS ? ExpAppend(Output, Smbios->Table, Smbios->Length) : Status;
}

/* A provider that is not known, or asked for something else, is STATUS_NOT_IMPLEMENTED, as of
 * Windows. */
NTSTATUS ExpQueryFirmwareTable(PEXP_OUTPUT Output)
{
    static const struct {
        ULONG Provider;
        NTSTATUS (*Routines[2])(PEXP_OUTPUT, PSYSTEM_FIRMWARE_TABLE_INFORMATION);
    } Providers[] = {{PROVIDER_ACPI, {ListAcpi, GetAcpi}},
                     {PROVIDER_SMBIOS, {ListSmbios, GetSmbios}}};
    SYSTEM_FIRMWARE_TABLE_INFORMATION Request;
    NTSTATUS Status;

    Output->Needed = sizeof(Request);
    if (Output->Length < sizeof(Request))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyFromClient(&Request, Output->Information, sizeof(Request));
    if (!NT_SUCCESS(Status))
        return Status;
    for (ULONG i = 0; i < ARRAYSIZE(Providers); i++)
        if (Providers[i].Provider == Request.ProviderSignature &&
            Request.Action < ARRAYSIZE(Providers[i].Routines))
            return Providers[i].Routines[Request.Action](Output, &Request);
    return STATUS_NOT_IMPLEMENTED;
}
