foreach(noun explore frequent classes select)
  opsig_unit_test(mine/${noun} base onnx stats graph pattern corpus mine)
  target_sources(test_mine_${noun} PRIVATE support/random_field.c support/all_sequences.c)
endforeach()

opsig_unit_test(mine/mine base onnx stats graph pattern corpus db rules mine scan)
target_compile_definitions(test_mine_mine PRIVATE
  OPSIG_EXAMPLES="${PROJECT_SOURCE_DIR}/examples/corpus")

opsig_unit_test(mine/subgraph base onnx stats graph pattern corpus mine)
target_sources(test_mine_subgraph PRIVATE support/all_subgraphs.c)

opsig_unit_test(mine/reference base onnx stats graph pattern corpus mine)
target_sources(test_mine_reference PRIVATE support/csv_table.c)
target_compile_definitions(test_mine_reference PRIVATE
  OPSIG_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data/subgraph"
  OPSIG_SHARED_DEFAULT="${PROJECT_SOURCE_DIR}/../shared")

opsig_unit_test(mine/pool base onnx stats graph pattern corpus mine)
