// SPDX-License-Identifier: BSD-2-Clause
/* Comparing versions by conditions of three bits each. (Win32: VerifyVersionInfo) */
#include <nt/ntwin.h>

#define CONDITION_BITS 3
#define CONDITION_MASK 7

/* The place of a type's condition is that of its highest bit. */
static ULONGLONG ConditionOf(ULONGLONG ConditionMask, ULONG Type)
{
    return ConditionMask >> CONDITION_BITS * __builtin_ctz(Type) & CONDITION_MASK;
}

ULONGLONG NTAPI VerSetConditionMask(ULONGLONG ConditionMask, ULONG TypeMask, UCHAR Condition)
{
    TypeMask &= 0xff;
    Condition &= CONDITION_MASK;
    if (!TypeMask || !Condition)
        return TypeMask ? ConditionMask : 0;
    return ConditionMask | (ULONGLONG)Condition << CONDITION_BITS * (31 - __builtin_clz(TypeMask));
}

static BOOLEAN Holds(ULONGLONG Condition, ULONG Actual, ULONG Wanted)
{
    switch (Condition) {
    case VER_EQUAL:
        return Actual == Wanted;
    case VER_GREATER:
        return Actual > Wanted;
    case VER_GREATER_EQUAL:
        return Actual >= Wanted;
    case VER_LESS:
        return Actual < Wanted;
    case VER_LESS_EQUAL:
        return Actual <= Wanted;
    default:
        return FALSE;
    }
}

/* Bits of a suite: all of those wanted, or any. */
static BOOLEAN SuiteHolds(ULONGLONG Condition, USHORT Actual, USHORT Wanted)
{
    if (Condition == VER_AND)
        return (Actual & Wanted) == Wanted;
    return Condition == VER_OR && (!Wanted || (Actual & Wanted));
}

/* Major, minor, service pack: the first that differs decides, by the condition of the first of them
 * that was asked for. */
static BOOLEAN VersionHolds(const RTL_OSVERSIONINFOEXW *Actual, const RTL_OSVERSIONINFOEXW *Wanted,
                            ULONG TypeMask, ULONGLONG ConditionMask)
{
    const struct {
        ULONG Type, Actual, Wanted;
    } Steps[] = {
        {VER_MAJORVERSION, Actual->dwMajorVersion, Wanted->dwMajorVersion},
        {VER_MINORVERSION, Actual->dwMinorVersion, Wanted->dwMinorVersion},
        {VER_SERVICEPACKMAJOR, Actual->wServicePackMajor, Wanted->wServicePackMajor},
        {VER_SERVICEPACKMINOR, Actual->wServicePackMinor, Wanted->wServicePackMinor},
    };
    ULONGLONG Condition = 0;

    for (ULONG i = 0; i < ARRAYSIZE(Steps); i++) {
        if (!(TypeMask & Steps[i].Type))
            continue;
        if (!Condition)
            Condition = ConditionOf(ConditionMask, Steps[i].Type);
        if (Steps[i].Actual != Steps[i].Wanted)
            return Holds(Condition, Steps[i].Actual, Steps[i].Wanted);
    }
    return !Condition || Holds(Condition, 0, 0);
}

NTSTATUS RtlpCompareVersions(const RTL_OSVERSIONINFOEXW *Actual, const RTL_OSVERSIONINFOEXW *Wanted,
                             ULONG TypeMask, ULONGLONG ConditionMask)
{
    BOOLEAN Same = TRUE;

    if (!(TypeMask & 0xff) || !ConditionMask)
        return STATUS_INVALID_PARAMETER;
    if (TypeMask & VER_PRODUCT_TYPE)
        Same &= Holds(ConditionOf(ConditionMask, VER_PRODUCT_TYPE), Actual->wProductType,
                      Wanted->wProductType);
    if (TypeMask & VER_SUITENAME)
        Same &= SuiteHolds(ConditionOf(ConditionMask, VER_SUITENAME), Actual->wSuiteMask,
                           Wanted->wSuiteMask);
    if (TypeMask & VER_PLATFORMID)
        Same &= Holds(ConditionOf(ConditionMask, VER_PLATFORMID), Actual->dwPlatformId,
                      Wanted->dwPlatformId);
    if (TypeMask & VER_BUILDNUMBER)
        Same &= Holds(ConditionOf(ConditionMask, VER_BUILDNUMBER), Actual->dwBuildNumber,
                      Wanted->dwBuildNumber);
    Same &= VersionHolds(Actual, Wanted, TypeMask, ConditionMask);
    return Same ? STATUS_SUCCESS : STATUS_REVISION_MISMATCH;
}
