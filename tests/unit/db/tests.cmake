foreach(noun database file refuse text migrate memory)
  opsig_unit_test(db/${noun} base onnx stats graph pattern rules db)
  target_sources(test_db_${noun} PRIVATE support/random_database.c support/temp_folder.c)
endforeach()
target_compile_definitions(test_db_refuse PRIVATE
  OPSIG_SHARED_DEFAULT="${PROJECT_SOURCE_DIR}/../shared")
target_compile_definitions(test_db_text PRIVATE OPSIG_DOCS="${PROJECT_SOURCE_DIR}/docs")
