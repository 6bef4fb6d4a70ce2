// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/i386/copy.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
/* The same with the routines of i386, which do not depend on the size of a pointer. */
#include "test_rtl_memory.c"
