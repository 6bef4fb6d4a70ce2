/* SPDX-License-Identifier: BSD-2-Clause */
/* setjmp and longjmp of ntdll, which is given the frame that handlers of the caller would be. */
#pragma once

#define SETJMP(Buffer) _setjmpex(Buffer, __builtin_frame_address(0))
