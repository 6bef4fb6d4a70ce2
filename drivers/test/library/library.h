/* SPDX-License-Identifier: BSD-2-Clause */
/* What testlib.sys exports to the drivers that use it, and what these tell of it. */
#pragma once

#ifndef TESTLIB_API
#define TESTLIB_API DECLSPEC_IMPORT
#endif

/* How often DllInitialize has been called, and whether with the library's own key. */
TESTLIB_API ULONG NTAPI TestLibInitialized(VOID);
TESTLIB_API BOOLEAN NTAPI TestLibKnowsItsKey(VOID);

/* One number for all users in the host; returns what it is now. */
TESTLIB_API ULONG NTAPI TestLibAdd(ULONG Number);
