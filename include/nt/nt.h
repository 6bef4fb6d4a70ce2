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
#include <nt/ntpipe.h>
#include <nt/ntreg.h>
#include <nt/ntex.h>
#include <nt/ntkuser.h>
#include <nt/ntimage.h>
#include <nt/ntnls.h>
#include <nt/ntrtl.h>
#include <nt/nttable.h>
#include <nt/ntdigest.h>
#include <nt/ntse.h>
#include <nt/nttoken.h>
#include <nt/ntlpc.h>
#include <nt/ntalpc.h>
#include <nt/ntpath.h>
#include <nt/ntwin.h>
#include <nt/ntetw.h>
#include <nt/ntactctx.h>
#include <nt/ntxstate.h>
#include <nt/nttp.h>
#include <nt/ntdbg.h>
