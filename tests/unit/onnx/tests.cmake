# SPDX-License-Identifier: GPL-2.0-or-later
foreach(noun wire load expand)
  opsig_unit_test(onnx/${noun} base onnx)
  target_sources(test_onnx_${noun} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/onnx_write.c)
endforeach()
# The generated header, where the layer finds it.
target_include_directories(test_onnx_wire PRIVATE ${PROJECT_BINARY_DIR}/src/onnx)
target_link_libraries(test_onnx_load PRIVATE Threads::Threads)
