foreach(noun match match_random parse version)
  opsig_unit_test(rules/${noun} base onnx graph pattern rules)
  target_compile_definitions(test_rules_${noun} PRIVATE
    OPSIG_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
endforeach()
target_sources(test_rules_match PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/temp_folder.c)
