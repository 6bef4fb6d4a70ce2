/* SPDX-License-Identifier: BSD-2-Clause */

#include <abi.h>
#include <mode/traps.h>

NORETURN void fastpath_call(cptr_t cptr, word_t info)
{
    slowpath(cptr, info, (word_t)SYS_CALL);
}

NORETURN void fastpath_reply_recv(cptr_t cptr, word_t info)
{
    slowpath(cptr, info, (word_t)SYS_REPLY_RECV);
}
