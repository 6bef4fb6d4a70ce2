/* SPDX-License-Identifier: BSD-2-Clause */

/* Printing to a serial port, in debug builds; and last words, in all, on the screen too. */

#include <arch/machine.h>
#include <boot.h>
#include <debug.h>
#include <latency.h>
#include <memory.h>
#include <stdarg.h>

#define BDA_COM1_PORT 0x400
#define DEFAULT_PORT 0x3f8
#define LINE_CONTROL 3
#define MODEM_CONTROL 4
#define LINE_STATUS 5
#define INTERRUPT_ENABLE 1
#define DIVISOR_LATCH 0x80
#define EIGHT_BITS 3
#define READY_TO_SEND 0x20
#define MAX_POLLS 1000000 /* where there is no port, or nobody who reads */

#define TEXT_SCREEN 0xb8000
#define TEXT_CELLS (2 * 80) /* for last words: two rows */
#define WHITE_ON_RED 0x4f00

static uint16_t console_port;
static word_t screen_cell = TEXT_CELLS; /* the next one; TEXT_CELLS: none */

static void put_raw(char c)
{
    for (word_t polls = 0; polls < MAX_POLLS; polls++)
        if (in8(console_port + LINE_STATUS) & READY_TO_SEND)
            break;
    out8(console_port, (uint8_t)c);
}

static void put_on_screen(char c)
{
    uint16_t *screen = paddr_to_window(TEXT_SCREEN);

    if (c != '\n' && screen_cell < TEXT_CELLS)
        screen[screen_cell++] = WHITE_ON_RED | (uint8_t)c;
}

void console_put(char c)
{
    put_on_screen(c);
    if (!console_port)
        return;
    if (c == '\n')
        put_raw('\r');
    put_raw(c);
}

static void put_string(const char *text)
{
    while (*text)
        console_put(*text++);
}

static void put_number(word_t value, word_t base)
{
    char digits[24];
    word_t i = sizeof(digits);

    digits[--i] = 0;
    do {
        digits[--i] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    put_string(&digits[i]);
}

/* Knows %s, %d, %lu, %lx and %p. */
static void print(const char *format, va_list args)
{
    for (; *format; format++) {
        if (*format != '%') {
            console_put(*format);
            continue;
        }
        format++;
        if (*format == 'l')
            format++;
        if (*format == 's')
            put_string(va_arg(args, const char *));
        else if (*format == 'd')
            put_number((word_t)va_arg(args, int), 10);
        else
            put_number(va_arg(args, word_t), *format == 'u' ? 10 : 16);
    }
}

/* Where there is no BIOS, anything may be in its data area. */
static uint16_t bios_port(void)
{
    uint16_t port = *(const uint16_t *)paddr_to_window(BDA_COM1_PORT);

    return port == 0x2f8 || port == 0x3e8 || port == 0x2e8 ? port : DEFAULT_PORT;
}

NORETURN void fatal(const char *format, ...)
{
    uint16_t *screen = paddr_to_window(TEXT_SCREEN);
    va_list args;

    if (!console_port)
        console_port = bios_port();
    for (screen_cell = TEXT_CELLS; screen_cell > 0; screen_cell--)
        screen[screen_cell - 1] = WHITE_ON_RED | ' ';
    va_start(args, format);
    print(format, args);
    va_end(args);
    halt_machine();
}

#if DBG

void kprintf(const char *format, ...)
{
    va_list args;

    latency_pause();
    va_start(args, format);
    print(format, args);
    va_end(args);
    latency_continue();
}

static BOOT_CODE word_t parse_hex(const char *text)
{
    word_t value = 0;

    if (text[0] == '0' && text[1] == 'x')
        text += 2;
    for (;; text++) {
        if (*text >= '0' && *text <= '9')
            value = value * 16 + (word_t)(*text - '0');
        else if (*text >= 'a' && *text <= 'f')
            value = value * 16 + (word_t)(*text - 'a') + 10;
        else
            return value;
    }
}

static BOOT_CODE uint16_t choose_port(void)
{
    static const char option[] = "console_port=";

    for (const char *at = boot_env.command_line; *at; at++)
        if (memcmp(at, option, sizeof(option) - 1) == 0)
            return (uint16_t)parse_hex(at + sizeof(option) - 1);
    return bios_port();
}

BOOT_CODE void console_init(void)
{
    console_port = choose_port();
    if (!console_port)
        return;
    out8(console_port + INTERRUPT_ENABLE, 0);
    out8(console_port + LINE_CONTROL, DIVISOR_LATCH | EIGHT_BITS);
    out8(console_port, 1);
    out8(console_port + INTERRUPT_ENABLE, 0);
    out8(console_port + LINE_CONTROL, EIGHT_BITS);
    out8(console_port + MODEM_CONTROL, 3);
}

#else

BOOT_CODE void console_init(void)
{
}

#endif
