# SPDX-License-Identifier: GPL-2.0-or-later
# opsig_graph_test(NOUN SOURCE...): a unit test with sources of tests/support.
function(opsig_graph_test noun)
  opsig_unit_test(graph/${noun} base onnx graph)
  foreach(source ${ARGN})
    target_sources(test_graph_${noun} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/${source})
  endforeach()
endfunction()

# Models made in memory stand in for files.
opsig_graph_test(alphabet model_maker.c)
opsig_graph_test(build model_maker.c)
opsig_graph_test(export model_maker.c)
opsig_graph_test(layout)
opsig_graph_test(neighbourhood model_maker.c)
opsig_graph_test(random model_maker.c naive_graph.c)
opsig_graph_test(snapshot model_maker.c)
opsig_graph_test(slice onnx_write.c temp_folder.c)
opsig_graph_test(topology)

# Files, and what their lists say of them.
foreach(noun malformed models)
  opsig_graph_test(${noun} csv_table.c)
  target_compile_definitions(test_graph_${noun} PRIVATE
    OPSIG_SHARED_DEFAULT="${PROJECT_SOURCE_DIR}/../shared")
endforeach()

# Graphs of real models, counted once more by a script.
set(opsig_counts ${PROJECT_BINARY_DIR}/onnx_counts.csv)
opsig_graph_test(counts csv_table.c)
opsig_script_test(graph.counts.script /usr/bin/python3
                  ${CMAKE_CURRENT_SOURCE_DIR}/onnx_counts.py ${opsig_counts})
set_tests_properties(graph.counts.script PROPERTIES FIXTURES_SETUP onnx_counts)
set_tests_properties(unit.graph.counts PROPERTIES
  FIXTURES_REQUIRED onnx_counts ENVIRONMENT OPSIG_COUNTS=${opsig_counts})

# The table of operators, and that of semantic attributes, against the schemas of an installed onnx
# package.
set(opsig_operators ${PROJECT_BINARY_DIR}/onnx_operators.csv)
set(opsig_attributes ${PROJECT_BINARY_DIR}/onnx_attributes.csv)
opsig_script_test(graph.schemas.script /usr/bin/python3
                  ${CMAKE_CURRENT_SOURCE_DIR}/onnx_schemas.py ${opsig_operators}
                  ${opsig_attributes})
set_tests_properties(graph.schemas.script PROPERTIES FIXTURES_SETUP onnx_schemas)
opsig_graph_test(defaults csv_table.c model_maker.c)
opsig_graph_test(operators csv_table.c)
set_tests_properties(unit.graph.defaults unit.graph.operators PROPERTIES
  FIXTURES_REQUIRED onnx_schemas
  ENVIRONMENT "OPSIG_OPERATORS=${opsig_operators};OPSIG_ATTRIBUTES=${opsig_attributes}")

# Types and shapes against what python3-onnx infers.
add_executable(list_facts ${CMAKE_CURRENT_SOURCE_DIR}/support/list_facts.c)
target_link_libraries(list_facts PRIVATE opsig_compile opsig_base opsig_onnx opsig_graph m)
opsig_script_test(graph.inference /usr/bin/python3 -B
                  ${CMAKE_CURRENT_SOURCE_DIR}/unit/graph/compare_inference.py
                  $<TARGET_FILE:list_facts>)
