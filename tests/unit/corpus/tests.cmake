foreach(noun artifact confine corpus csv gspan label load manifest paths strata)
  opsig_unit_test(corpus/${noun} base onnx graph corpus)
  target_compile_definitions(test_corpus_${noun} PRIVATE
    OPSIG_SHARED_DEFAULT="${PROJECT_SOURCE_DIR}/../shared")
endforeach()
foreach(noun artifact confine corpus load)
  target_sources(test_corpus_${noun} PRIVATE
    ${CMAKE_CURRENT_SOURCE_DIR}/support/onnx_write.c
    ${CMAKE_CURRENT_SOURCE_DIR}/support/temp_folder.c)
endforeach()
