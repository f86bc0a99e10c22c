foreach(noun exact interval logistic multiple roc)
  opsig_unit_test(stats/${noun} stats base)
  target_compile_definitions(test_stats_${noun} PRIVATE
    OPSIG_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data/stats")
endforeach()
