# SPDX-License-Identifier: BSD-2-Clause
# The hardware that the Executive uses itself
set(NTOS_HAL_SOURCES hal/acpi.c hal/acpi_tables.c hal/display.c hal/interrupt.c hal/pit.c hal/port.c hal/power.c hal/rtc.c
    hal/screen.c hal/serial.c hal/start.c hal/text.c)
