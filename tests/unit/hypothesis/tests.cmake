foreach(noun cover coverage pairs ranking strongest wiring)
  opsig_unit_test(hypothesis/${noun} base onnx stats graph pattern corpus db rules mine scan hypothesis)
  target_sources(test_hypothesis_${noun} PRIVATE support/random_field.c support/all_sequences.c)
endforeach()

opsig_unit_test(hypothesis/study base onnx stats graph pattern corpus db rules mine scan hypothesis)
target_compile_definitions(test_hypothesis_study PRIVATE
  OPSIG_EXAMPLES="${PROJECT_SOURCE_DIR}/examples/corpus")
foreach(noun blocks compare paths reduce)
  opsig_unit_test(hypothesis/${noun} base onnx stats graph pattern corpus db rules mine scan hypothesis)
endforeach()
target_sources(test_hypothesis_compare PRIVATE support/model_maker.c)
target_sources(test_hypothesis_paths PRIVATE support/model_maker.c)

# Matching blocks as difflib finds them.
set(opsig_blocks ${PROJECT_BINARY_DIR}/difflib_blocks.txt)
opsig_script_test(hypothesis.blocks.script /usr/bin/python3
                  ${CMAKE_CURRENT_SOURCE_DIR}/difflib_blocks.py ${opsig_blocks})
set_tests_properties(hypothesis.blocks.script PROPERTIES FIXTURES_SETUP difflib_blocks)
set_tests_properties(unit.hypothesis.blocks PROPERTIES
  FIXTURES_REQUIRED difflib_blocks ENVIRONMENT OPSIG_DIFFLIB_BLOCKS=${opsig_blocks})
