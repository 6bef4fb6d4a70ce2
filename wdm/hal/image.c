/* SPDX-License-Identifier: BSD-2-Clause */
/* hal.dll is made of its export list (hal.def) alone; an image needs one section of its own. */
const char HalDescription[] = "Hardware abstraction: see ntoskrnl.exe";
