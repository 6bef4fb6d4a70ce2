/* SPDX-License-Identifier: BSD-2-Clause */
/* Microsoft's has the compiler refuse outdated routines of the C library. Nothing is refused here.
 */
#pragma once
