foreach(noun cover coverage pairs wiring)
  opsig_unit_test(hypothesis/${noun} base onnx stats graph pattern corpus db mine scan hypothesis)
  target_sources(test_hypothesis_${noun} PRIVATE support/random_field.c support/all_sequences.c)
endforeach()
