foreach(noun cover coverage pairs ranking strongest wiring)
  opsig_unit_test(hypothesis/${noun} base onnx stats graph pattern corpus db mine scan hypothesis)
  target_sources(test_hypothesis_${noun} PRIVATE support/random_field.c support/all_sequences.c)
endforeach()

opsig_unit_test(hypothesis/study base onnx stats graph pattern corpus db mine scan hypothesis)
target_compile_definitions(test_hypothesis_study PRIVATE
  OPSIG_EXAMPLES="${PROJECT_SOURCE_DIR}/examples/corpus")
