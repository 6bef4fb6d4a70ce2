/* SPDX-License-Identifier: BSD-2-Clause */
/* The parameter byte of the keyboard's Set Typematic command. Pure code, tested on the host. */
#pragma once
#include <stdint.h>

#define I8X_RATE_MINIMUM 2 /* repeats a second */
#define I8X_RATE_MAXIMUM 30
#define I8X_DELAY_MINIMUM 250 /* milliseconds before the first repeat */
#define I8X_DELAY_MAXIMUM 1000

/* The byte for the nearest rate that is not slower, and the nearest delay that is not shorter. */
uint8_t I8xTypematicByte(uint16_t Rate, uint16_t Delay);
