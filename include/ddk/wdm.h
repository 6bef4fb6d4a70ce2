/* SPDX-License-Identifier: BSD-2-Clause */
/* mingw-w64's wdm.h (which ntddk.h and ntifs.h include), and what it lacks. */
#pragma once
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpragma-pack"
#endif
#ifdef __cplusplus /* which takes no second definition of these */
#include <excpt.h>
#include <ntdef.h>
#include <intrin.h>
#define InterlockedBitTestAndSet SupplementBitTestAndSet
#define InterlockedBitTestAndReset SupplementBitTestAndReset
#endif
#include_next <wdm.h>
#ifdef __cplusplus
#undef InterlockedBitTestAndSet
#undef InterlockedBitTestAndReset
#endif
#pragma GCC diagnostic pop

/* Sections by #pragma are Microsoft's: others ignore "#pragma alloc_text", and need not be told.
 * Nothing is paged out here. */
#undef ALLOC_PRAGMA
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#pragma GCC diagnostic ignored "-Wmultichar" /* tags of pool are such */

#include <driverspecs.h>
#include "supplement/versions.h"
#include "supplement/roles.h"
#include "supplement/pool.h"
#include "supplement/mdl.h"
#include "supplement/ordered.h"
#include "supplement/seh.h"
