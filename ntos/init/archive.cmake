# SPDX-License-Identifier: BSD-2-Clause
#
# The boot archive, bootarchive.cpio: every PE image that the build makes, drivers in drivers/, what comes from tests/
# and bench/ in tests/, and readme.txt. The last folders to be configured add images too, so the rule is made at the end.
function(ntos_boot_archive)
    set(entries "readme.txt=${CMAKE_SOURCE_DIR}/ntos/init/readme.txt")
    set(files ${CMAKE_SOURCE_DIR}/ntos/init/readme.txt)
    get_property(images GLOBAL PROPERTY NEPTUNE_PE_TARGETS)
    foreach(image ${images})
        get_target_property(file ${image} NEPTUNE_FILE)
        get_target_property(kind ${image} NEPTUNE_KIND)
        get_target_property(source ${image} SOURCE_DIR)
        set(folder)
        if(source MATCHES "^${CMAKE_SOURCE_DIR}/(tests|bench)/")
            set(folder tests/)
        elseif(kind STREQUAL "sys")
            set(folder drivers/)
        endif()
        list(APPEND entries "${folder}${file}=${NEPTUNE_IMAGES}/${file}")
        list(APPEND files ${NEPTUNE_IMAGES}/${file})
    endforeach()
    set(archive ${CMAKE_BINARY_DIR}/bootarchive.cpio)
    set(maker ${CMAKE_SOURCE_DIR}/ntos/init/mkarchive.py)
    add_custom_command(OUTPUT ${archive} COMMAND python3 ${maker} ${archive} ${entries}
        DEPENDS ${maker} ${files} ${images} VERBATIM)
    add_custom_target(boot_archive DEPENDS ${archive})
endfunction()
