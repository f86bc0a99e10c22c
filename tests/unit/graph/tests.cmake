# Models made in memory stand in for files.
function(opsig_graph_test noun)
  opsig_unit_test(graph/${noun} base onnx graph)
  foreach(source ${ARGN})
    target_sources(test_graph_${noun} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/${source})
  endforeach()
endfunction()

opsig_graph_test(alphabet model_maker.c)
opsig_graph_test(build model_maker.c)
opsig_graph_test(export model_maker.c)
opsig_graph_test(random model_maker.c naive_graph.c)
opsig_graph_test(snapshot model_maker.c)

# Graphs of real models, counted once more by a script.
set(opsig_counts ${PROJECT_BINARY_DIR}/onnx_counts.csv)
if(DEFINED ENV{OPSIG_SHARED})
  set(opsig_shared $ENV{OPSIG_SHARED})
else()
  cmake_path(ABSOLUTE_PATH PROJECT_SOURCE_DIR OUTPUT_VARIABLE opsig_shared)
  cmake_path(APPEND opsig_shared .. shared)
  cmake_path(NORMAL_PATH opsig_shared)
endif()
opsig_graph_test(counts)
add_test(NAME graph.counts.script
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/onnx_counts.py ${opsig_counts}
    ${opsig_shared}/models)
set_tests_properties(graph.counts.script PROPERTIES
  FIXTURES_SETUP onnx_counts SKIP_RETURN_CODE 77)
set_tests_properties(unit.graph.counts PROPERTIES
  FIXTURES_REQUIRED onnx_counts ENVIRONMENT OPSIG_COUNTS=${opsig_counts})

opsig_graph_test(malformed)
target_compile_definitions(test_graph_malformed PRIVATE OPSIG_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

# The table of semantic attributes against the schemas of an installed onnx package.
set(opsig_defaults ${PROJECT_BINARY_DIR}/onnx_defaults.csv)
opsig_graph_test(defaults model_maker.c)
add_test(NAME graph.defaults.script
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/onnx_defaults.py ${opsig_defaults})
set_tests_properties(graph.defaults.script PROPERTIES
  FIXTURES_SETUP onnx_defaults SKIP_RETURN_CODE 77)
set_tests_properties(unit.graph.defaults PROPERTIES
  FIXTURES_REQUIRED onnx_defaults ENVIRONMENT OPSIG_DEFAULTS=${opsig_defaults})
