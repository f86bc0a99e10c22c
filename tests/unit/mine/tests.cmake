foreach(noun explore frequent classes select)
  opsig_unit_test(mine/${noun} base onnx stats graph pattern corpus mine)
  target_sources(test_mine_${noun} PRIVATE support/random_field.c support/all_sequences.c)
endforeach()

opsig_unit_test(mine/mine base onnx stats graph pattern corpus db mine scan)
target_compile_definitions(test_mine_mine PRIVATE
  OPSIG_EXAMPLES="${PROJECT_SOURCE_DIR}/examples/corpus")
