# SPDX-License-Identifier: BSD-2-Clause
# Local procedure calls
set(NTOS_LPC_SOURCES lpc/accept.c lpc/connect.c lpc/create.c lpc/data.c lpc/disconnect.c lpc/executive.c lpc/impersonate.c lpc/message.c lpc/pending.c
    lpc/port.c lpc/query.c lpc/queue.c lpc/reply.c lpc/request.c lpc/terminate.c lpc/view.c
    lpc/alpc_accept.c lpc/alpc_attributes.c lpc/alpc_cancel.c lpc/alpc_completion.c lpc/alpc_connect.c lpc/alpc_create.c lpc/alpc_deliver.c
    lpc/alpc_query.c lpc/alpc_receive.c lpc/alpc_reserve.c lpc/alpc_resource.c lpc/alpc_section.c lpc/alpc_security.c lpc/alpc_send.c
    lpc/alpc_sender.c)
