# SPDX-License-Identifier: GPL-2.0-or-later
foreach(noun wire load expand)
  opsig_unit_test(onnx/${noun} base onnx)
  target_sources(test_onnx_${noun} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/onnx_write.c)
endforeach()
# The generated header, where the layer finds it.
target_include_directories(test_onnx_wire PRIVATE ${PROJECT_BINARY_DIR}/src/onnx)
target_link_libraries(test_onnx_load PRIVATE Threads::Threads)

# Against the reference implementation and against tables of known files.
add_executable(list_models ${CMAKE_CURRENT_SOURCE_DIR}/support/list_models.c)
target_link_libraries(list_models PRIVATE opsig_compile opsig_base opsig_onnx)
set(_scripts ${CMAKE_CURRENT_SOURCE_DIR}/unit/onnx)
find_program(OPSIG_PROTOC protoc)
if(OPSIG_PROTOC)
  opsig_script_test(onnx.schema /usr/bin/python3 -B ${_scripts}/compare_schema.py ${OPSIG_PROTOC}
                    ${PROJECT_SOURCE_DIR}/proto/onnx.proto)
endif()
opsig_script_test(onnx.reference /usr/bin/python3 -B ${_scripts}/compare_reference.py
                  $<TARGET_FILE:list_models>)
opsig_script_test(onnx.models /usr/bin/python3 -B ${_scripts}/check_models.py
                  $<TARGET_FILE:list_models>)
