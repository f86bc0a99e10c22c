opsig_unit_test(graph/build base onnx graph)
target_sources(test_graph_build PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/model_maker.c)
