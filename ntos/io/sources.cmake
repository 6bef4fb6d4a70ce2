# SPDX-License-Identifier: BSD-2-Clause
# The I/O manager
set(NTOS_IO_SOURCES io/archive.c io/archivefs.c io/archivetable.c io/association.c io/buffer.c io/cancel.c io/channel.c io/charge.c io/client.c
        io/account.c
    io/completion.c io/connection.c io/console.c io/control.c io/create.c
    io/data.c
    io/device.c io/driver_services.c io/dirquery.c io/driver.c io/driverinfo.c io/file.c io/fileinfo.c io/forward.c io/id.c io/request.c
    io/message.c io/nametable.c io/notify.c io/open.c io/outstanding.c io/pattern.c io/pnp.c io/host.c io/hostchoice.c io/hostsignal.c io/hostdata.c io/readwrite.c io/reserve.c io/restart.c io/resource.c io/rootbus.c
    io/start.c io/volume.c io/waitpacket.c io/watchdog.c
    io/npfs/attribute.c io/npfs/control.c io/npfs/flush.c io/npfs/instance.c io/npfs/match.c io/npfs/npfs.c
    io/npfs/open.c io/npfs/peek.c io/npfs/pipe.c io/npfs/query.c io/npfs/queue.c io/npfs/read.c io/npfs/security.c
    io/npfs/server.c io/npfs/transceive.c io/npfs/wait.c io/npfs/write.c
    io/msfs/msfs.c io/msfs/open.c io/msfs/query.c io/msfs/slot.c io/msfs/transfer.c
    io/lock_services.c io/rangelock.c io/scatter.c)
