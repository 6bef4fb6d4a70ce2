/* SPDX-License-Identifier: BSD-2-Clause */
/* Formatted text on COM1, through an IO port capability so that release kernels do as well. */
#include "runtime.h"

seL4_CPtr serial_cap;

static void put(char c)
{
    if (c == '\n')
        put('\r');
    while (!(seL4_X86_IOPort_In8(serial_cap, SERIAL_PORT + 5).result & 0x20))
        ;
    seL4_X86_IOPort_Out8(serial_cap, SERIAL_PORT, (unsigned char)c);
}

static void put_text(const char *text)
{
    while (*text)
        put(*text++);
}

static void put_number(seL4_Word value, unsigned base)
{
    char digits[24];
    unsigned n = sizeof(digits);

    digits[--n] = 0;
    do {
        digits[--n] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    put_text(digits + n);
}

static void put_signed(int value)
{
    if (value < 0)
        put('-');
    put_number(value < 0 ? -(seL4_Word)value : (seL4_Word)value, 10);
}

void print_list(const char *format, __builtin_va_list list)
{
    for (; *format; format++) {
        if (*format != '%') {
            put(*format);
            continue;
        }
        switch (*++format) {
        case 's':
            put_text(__builtin_va_arg(list, const char *));
            break;
        case 'c':
            put((char)__builtin_va_arg(list, int));
            break;
        case 'd':
            put_signed(__builtin_va_arg(list, int));
            break;
        case 'u':
            put_number(__builtin_va_arg(list, unsigned), 10);
            break;
        case 'x':
            put_number(__builtin_va_arg(list, seL4_Word), 16);
            break;
        case 'w':
            put_number(__builtin_va_arg(list, seL4_Word), 10);
            break;
        default:
            put('%');
        }
    }
}

void print(const char *format, ...)
{
    __builtin_va_list list;

    __builtin_va_start(list, format);
    print_list(format, list);
    __builtin_va_end(list);
}
