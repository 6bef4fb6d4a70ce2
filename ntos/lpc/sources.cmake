# SPDX-License-Identifier: BSD-2-Clause
# Local procedure calls
set(NTOS_LPC_SOURCES lpc/accept.c lpc/connect.c lpc/create.c lpc/data.c lpc/disconnect.c lpc/impersonate.c lpc/message.c lpc/pending.c
    lpc/port.c lpc/query.c lpc/queue.c lpc/reply.c lpc/request.c lpc/terminate.c lpc/view.c)
