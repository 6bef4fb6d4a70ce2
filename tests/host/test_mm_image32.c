// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/mm/image.c ntos/mm/protect.c
// sources: rtl/memory.c rtl/arch/x86_64/copy.c
// options: -DNEPTUNE_HOST_TEST -DNEPTUNE_HOST_PE32 -Iinclude -Intos/inc -Ilibsel4/include -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
/* The same for images of i386. */
#include "test_mm_image.c"
