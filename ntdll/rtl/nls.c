// SPDX-License-Identifier: BSD-2-Clause
/* The tables of national languages that a process has: what the PEB points to is in this image
 * (nlsdata.S), the locales' are mapped when somebody asks. */
#include "rtlp.h"

extern const UCHAR RtlpAnsiCodePage[] __asm__("RtlpAnsiCodePage");
extern const UCHAR RtlpOemCodePage[] __asm__("RtlpOemCodePage");
extern const UCHAR RtlpCaseTables[] __asm__("RtlpCaseTables");

static PVOID Locales;
static LCID LocalesDefault;
static LARGE_INTEGER LocalesSize;

void RtlpInitializeNls(PPEB Peb)
{
    Peb->AnsiCodePageData = (PVOID)RtlpAnsiCodePage;
    Peb->OemCodePageData = (PVOID)RtlpOemCodePage;
    Peb->UnicodeCaseTableData = (PVOID)RtlpCaseTables;
}

static NTSTATUS MapLocales(void)
{
    LARGE_INTEGER Size = {.QuadPart = 0};
    PVOID Base, Expected = NULL;
    LCID Locale;
    NTSTATUS Status = NtInitializeNlsFiles(&Base, &Locale, &Size);

    if (!NT_SUCCESS(Status))
        return Status;
    LocalesDefault = Locale;
    LocalesSize = Size;
    if (!__atomic_compare_exchange_n(&Locales, &Expected, Base, FALSE, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        NtUnmapViewOfSection(NtCurrentProcess(), Base);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetLocaleFileMappingAddress(PVOID *BaseAddress, LCID *DefaultLocaleId,
                                              PLARGE_INTEGER DefaultCasingTableSize)
{
    NTSTATUS Status = STATUS_SUCCESS;

    if (!__atomic_load_n(&Locales, __ATOMIC_ACQUIRE))
        Status = MapLocales();
    if (!NT_SUCCESS(Status))
        return Status;
    *BaseAddress = Locales;
    *DefaultLocaleId = LocalesDefault;
    *DefaultCasingTableSize = LocalesSize;
    return STATUS_SUCCESS;
}
