# SPDX-License-Identifier: BSD-2-Clause
# The hardware that the Executive uses itself
set(NTOS_HAL_SOURCES hal/acpi.c hal/acpi_tables.c hal/display.c hal/firmware.c hal/framebuffer.c hal/interrupt.c hal/linear.c hal/pit.c
    hal/port.c hal/power.c hal/rtc.c hal/screen.c hal/serial.c hal/start.c hal/text.c hal/vga.c)

# The font of screens without text mode: VGA's, from Debian's console fonts (made for the X Window System; MIT licence).
set(font ${CMAKE_BINARY_DIR}/font.c)
set(font_sources /usr/share/consolefonts/Uni2-VGA16.psf.gz /usr/share/consolefonts/FullGreek-VGA16.psf.gz)
add_custom_command(OUTPUT ${font}
    COMMAND python3 ${CMAKE_SOURCE_DIR}/tools/generate/mkfont.py ${font} ${font_sources}
    DEPENDS ${CMAKE_SOURCE_DIR}/tools/generate/mkfont.py ${font_sources} VERBATIM)
list(APPEND NTOS_HAL_SOURCES ${font})
