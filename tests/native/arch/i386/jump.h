/* SPDX-License-Identifier: BSD-2-Clause */
/* setjmp and longjmp, which programs of i386 bring with them: handler3.c, setjmp3.S. */
#pragma once

typedef struct _JUMP_BUFFER {
    ULONG Ebp;
    ULONG Ebx;
    ULONG Edi;
    ULONG Esi;
    ULONG Esp;
    ULONG Eip;
    PEXCEPTION_REGISTRATION_RECORD Registration;
    LONG TryLevel;
    ULONG Cookie;
    PVOID UnwindFunc; /* NULL: the function that called setjmp has no __try */
    ULONG UnwindData[6];
} JUMP_BUFFER, *PJUMP_BUFFER;

/* The compiler adds the arguments that a function with __try has to give. */
int CDECL _setjmp3(PJUMP_BUFFER Buffer, ULONG Count, ...) __attribute__((returns_twice));
DECLSPEC_NORETURN void CDECL longjmp(PJUMP_BUFFER Buffer, int Value);

#define SETJMP(Buffer) _setjmp3(Buffer, 0)
