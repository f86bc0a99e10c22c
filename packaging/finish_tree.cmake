# SPDX-License-Identifier: GPL-2.0-or-later
# CPack runs this on the trees of the Debian packages before it packs them: each gets its copyright
# and changelogs below share/doc, manual pages are compressed, and objects stripped, all as Debian's
# policy wants it.
string(TIMESTAMP OPSIG_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH where it is set
set(_packaging ${CPACK_OPSIG_SOURCE_DIR}/packaging)

# compress(FILE OUT): without the time.
function(compress file out)
  execute_process(COMMAND gzip -9nc ${file} OUTPUT_FILE ${out} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(strip_files files)
  if(files)
    execute_process(COMMAND strip -R .comment -R .note ${ARGN} ${files} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()

foreach(component ${CPACK_COMPONENTS_ALL})
  string(TOUPPER ${component} upper)
  set(package ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  set(tree ${CPACK_TEMPORARY_DIRECTORY}/${component}${CPACK_PACKAGING_INSTALL_PREFIX})

  set(documents ${tree}/share/doc/${package})
  file(COPY ${_packaging}/copyright DESTINATION ${documents})
  compress(${CPACK_OPSIG_SOURCE_DIR}/CHANGELOG.md ${documents}/changelog.gz)
  configure_file(${_packaging}/changelog.in ${documents}/changelog.Debian @ONLY)
  compress(${documents}/changelog.Debian ${documents}/changelog.Debian.gz)
  file(REMOVE ${documents}/changelog.Debian)
  file(GLOB_RECURSE pages ${tree}/share/man/*.[1-9])
  foreach(page ${pages})
    compress(${page} ${page}.gz)
    file(REMOVE ${page})
  endforeach()
  if(EXISTS ${_packaging}/${package}.lintian-overrides)
    configure_file(${_packaging}/${package}.lintian-overrides
                   ${tree}/share/lintian/overrides/${package} COPYONLY)
  endif()

  file(GLOB programs ${tree}/bin/*)
  file(GLOB_RECURSE libraries ${tree}/lib/*.so.*.*)
  file(GLOB_RECURSE archives ${tree}/lib/*.a)
  strip_files("${programs}" --strip-all)
  strip_files("${libraries}" --strip-unneeded)
  strip_files("${archives}" --strip-debug --enable-deterministic-archives)
endforeach()
