/* SPDX-License-Identifier: BSD-2-Clause */
/* All of NT's native interface. */
#pragma once

#include <nt/ntdef.h>
#include <nt/ntob.h>
#include <nt/ntke.h>
#include <nt/ntmm.h>
#include <nt/ntxcapt.h>
#include <nt/ntldr.h>
#include <nt/ntps.h>
#include <nt/ntio.h>
#include <nt/ntex.h>
#include <nt/ntkuser.h>
#include <nt/ntimage.h>
#include <nt/ntrtl.h>
#include <nt/ntdbg.h>
