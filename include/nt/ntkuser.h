/* SPDX-License-Identifier: BSD-2-Clause */
/* KUSER_SHARED_DATA: the page at 0x7FFE0000 that every process reads. (WDK: ntddk.h,
 * KUSER_SHARED_DATA) */
#pragma once

#include <nt/ntdef.h>

#define PROCESSOR_FEATURE_MAX 64
#define PF_FLOATING_POINT_PRECISION_ERRATA 0
#define PF_FLOATING_POINT_EMULATED 1
#define PF_COMPARE_EXCHANGE_DOUBLE 2
#define PF_MMX_INSTRUCTIONS_AVAILABLE 3
#define PF_XMMI_INSTRUCTIONS_AVAILABLE 6
#define PF_RDTSC_INSTRUCTION_AVAILABLE 8
#define PF_PAE_ENABLED 9
#define PF_XMMI64_INSTRUCTIONS_AVAILABLE 10
#define PF_NX_ENABLED 12
#define PF_SSE3_INSTRUCTIONS_AVAILABLE 13
#define PF_COMPARE_EXCHANGE128 14
#define PF_XSAVE_ENABLED 17
#define PF_FASTFAIL_AVAILABLE 23
#define PF_SSSE3_INSTRUCTIONS_AVAILABLE 36
#define PF_SSE4_1_INSTRUCTIONS_AVAILABLE 37
#define PF_SSE4_2_INSTRUCTIONS_AVAILABLE 38
#define PF_AVX_INSTRUCTIONS_AVAILABLE 39
#define PF_AVX2_INSTRUCTIONS_AVAILABLE 40

#define PROCESSOR_ARCHITECTURE_INTEL 0
#define PROCESSOR_ARCHITECTURE_AMD64 9

typedef enum _NT_PRODUCT_TYPE {
    NtProductWinNt = 1,
    NtProductLanManNt,
    NtProductServer,
} NT_PRODUCT_TYPE;

#define XSTATE_MASK_LEGACY 3ull /* x87 and SSE */

typedef struct _XSTATE_FEATURE {
    ULONG Offset;
    ULONG Size;
} XSTATE_FEATURE;

typedef struct _XSTATE_CONFIGURATION {
    ULONGLONG EnabledFeatures;
    ULONGLONG EnabledVolatileFeatures;
    ULONG Size;
    ULONG ControlFlags;
    XSTATE_FEATURE Features[64];
    ULONGLONG EnabledSupervisorFeatures;
    ULONGLONG AlignedFeatures;
    ULONG AllFeatureSize;
    ULONG AllFeatures[64];
    ULONGLONG EnabledUserVisibleSupervisorFeatures DECLSPEC_ALIGN(8);
    ULONGLONG ExtendedFeatureDisableFeatures;
    ULONG AllNonLargeFeatureSize;
    ULONG Spare;
} XSTATE_CONFIGURATION;

typedef struct _KUSER_SHARED_DATA {
    ULONG TickCountLowDeprecated;
    ULONG TickCountMultiplier; /* milliseconds = (TickCount * TickCountMultiplier) >> 24 */
    volatile KSYSTEM_TIME InterruptTime;
    volatile KSYSTEM_TIME SystemTime;
    volatile KSYSTEM_TIME TimeZoneBias;
    USHORT ImageNumberLow;
    USHORT ImageNumberHigh;
    WCHAR NtSystemRoot[260];
    ULONG MaxStackTraceDepth;
    ULONG CryptoExponent;
    ULONG TimeZoneId;
    ULONG LargePageMinimum;
    ULONG AitSamplingValue;
    ULONG AppCompatFlag;
    ULONGLONG RNGSeedVersion;
    ULONG GlobalValidationRunlevel;
    LONG TimeZoneBiasStamp;
    ULONG NtBuildNumber;
    NT_PRODUCT_TYPE NtProductType;
    BOOLEAN ProductTypeIsValid;
    BOOLEAN Reserved0[1];
    USHORT NativeProcessorArchitecture;
    ULONG NtMajorVersion;
    ULONG NtMinorVersion;
    BOOLEAN ProcessorFeatures[PROCESSOR_FEATURE_MAX];
    ULONG Reserved1;
    ULONG Reserved3;
    ULONG TimeSlip;
    ULONG AlternativeArchitecture;
    ULONG BootId;
    LARGE_INTEGER SystemExpirationDate DECLSPEC_ALIGN(8);
    ULONG SuiteMask;
    BOOLEAN KdDebuggerEnabled;
    UCHAR MitigationPolicies;
    USHORT CyclesPerYield;
    ULONG ActiveConsoleId;
    ULONG DismountCount;
    ULONG ComPlusPackage;
    ULONG LastSystemRITEventTickCount;
    ULONG NumberOfPhysicalPages;
    BOOLEAN SafeBootMode;
    UCHAR VirtualizationFlags;
    UCHAR Reserved12[2];
    ULONG SharedDataFlags;
    ULONG DataFlagsPad[1];
    ULONGLONG TestRetInstruction;
    LONGLONG QpcFrequency;
    ULONG SystemCall;
    ULONG Reserved2;
    ULONGLONG SystemCallPad[2];
    union {
        volatile KSYSTEM_TIME TickCount;
        volatile ULONG64 TickCountQuad;
    } DECLSPEC_ALIGN(8);
    ULONG Cookie;
    ULONG CookiePad[1];
    LONGLONG ConsoleSessionForegroundProcessId;
    ULONGLONG TimeUpdateLock;
    ULONGLONG BaselineSystemTimeQpc;
    ULONGLONG BaselineInterruptTimeQpc;
    ULONGLONG QpcSystemTimeIncrement;
    ULONGLONG QpcInterruptTimeIncrement;
    UCHAR QpcSystemTimeIncrementShift;
    UCHAR QpcInterruptTimeIncrementShift;
    USHORT UnparkedProcessorCount;
    ULONG EnclaveFeatureMask[4];
    ULONG TelemetryCoverageRound;
    USHORT UserModeGlobalLogger[16];
    ULONG ImageFileExecutionOptions;
    ULONG LangGenerationCount;
    ULONGLONG Reserved4;
    volatile ULONGLONG InterruptTimeBias;
    volatile ULONGLONG QpcBias;
    ULONG ActiveProcessorCount;
    volatile UCHAR ActiveGroupCount;
    UCHAR Reserved9;
    union {
        USHORT QpcData;
        struct {
            volatile UCHAR QpcBypassEnabled;
            UCHAR QpcShift;
        };
    };
    LARGE_INTEGER TimeZoneBiasEffectiveStart;
    LARGE_INTEGER TimeZoneBiasEffectiveEnd;
    XSTATE_CONFIGURATION XState;
    KSYSTEM_TIME FeatureConfigurationChangeStamp;
    ULONG Spare;
} KUSER_SHARED_DATA, *PKUSER_SHARED_DATA;

/* Host tests bring their own. */
#if defined(NEPTUNE_HOST_TEST)
extern KUSER_SHARED_DATA TestSharedUserData;
#define SharedUserData ((const KUSER_SHARED_DATA *)&TestSharedUserData)
#else
#define SharedUserData ((const KUSER_SHARED_DATA *)(ULONG_PTR)0x7ffe0000)
#endif

#define ASSERT_SHARED(field, offset)                                                               \
    _Static_assert(offsetof(KUSER_SHARED_DATA, field) == (offset), "KUSER_SHARED_DATA." #field)
ASSERT_SHARED(InterruptTime, 0x8);
ASSERT_SHARED(SystemTime, 0x14);
ASSERT_SHARED(TimeZoneBias, 0x20);
ASSERT_SHARED(NtSystemRoot, 0x30);
ASSERT_SHARED(NtBuildNumber, 0x260);
ASSERT_SHARED(NtMajorVersion, 0x26c);
ASSERT_SHARED(ProcessorFeatures, 0x274);
ASSERT_SHARED(SystemExpirationDate, 0x2c8);
ASSERT_SHARED(KdDebuggerEnabled, 0x2d4);
ASSERT_SHARED(NumberOfPhysicalPages, 0x2e8);
ASSERT_SHARED(QpcFrequency, 0x300);
ASSERT_SHARED(SystemCall, 0x308);
ASSERT_SHARED(TickCount, 0x320);
ASSERT_SHARED(Cookie, 0x330);
ASSERT_SHARED(InterruptTimeBias, 0x3b0);
ASSERT_SHARED(ActiveProcessorCount, 0x3c0);
ASSERT_SHARED(XState, 0x3d8);
ASSERT_SHARED(FeatureConfigurationChangeStamp, 0x720);
#undef ASSERT_SHARED
