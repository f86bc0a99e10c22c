# Models made in memory stand in for files.
function(opsig_graph_test noun)
  opsig_unit_test(graph/${noun} base onnx graph)
  foreach(source ${ARGN})
    target_sources(test_graph_${noun} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/${source})
  endforeach()
endfunction()

opsig_graph_test(alphabet model_maker.c)
opsig_graph_test(build model_maker.c)
opsig_graph_test(random model_maker.c naive_graph.c)
opsig_graph_test(snapshot model_maker.c)
