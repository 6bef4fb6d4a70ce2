/* SPDX-License-Identifier: BSD-2-Clause */
/* NTDDI_VERSION: the versions of Windows that mingw-w64's sdkddkver.h does not know. */
#pragma once

#ifndef NTDDI_WIN10_VB
#define NTDDI_WIN10_VB 0x0A000008
#endif
#ifndef NTDDI_WIN10_MN
#define NTDDI_WIN10_MN 0x0A000009
#endif
#ifndef NTDDI_WIN10_FE
#define NTDDI_WIN10_FE 0x0A00000A
#endif
#ifndef NTDDI_WIN10_CO
#define NTDDI_WIN10_CO 0x0A00000B
#endif
#ifndef NTDDI_WIN10_NI
#define NTDDI_WIN10_NI 0x0A00000C
#endif
#ifndef NTDDI_WIN10_CU
#define NTDDI_WIN10_CU 0x0A00000D
#endif
#ifndef NTDDI_WIN11_ZN
#define NTDDI_WIN11_ZN 0x0A00000E
#endif
#ifndef NTDDI_WIN11_GA
#define NTDDI_WIN11_GA 0x0A00000F
#endif
#ifndef NTDDI_WIN11_GE
#define NTDDI_WIN11_GE 0x0A000010
#endif

#ifndef DECLSPEC_NOINITALL
#define DECLSPEC_NOINITALL
#endif
#ifndef DECLARE_GLOBAL_CONST_UNICODE_STRING
#define DECLARE_GLOBAL_CONST_UNICODE_STRING(Name, Text)                                            \
    extern const DECLSPEC_SELECTANY UNICODE_STRING Name = RTL_CONSTANT_STRING(Text)
#endif
