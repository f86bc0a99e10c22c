opsig_unit_test(scan/scan base onnx stats graph pattern corpus db mine scan)
target_sources(test_scan_scan PRIVATE support/random_field.c support/field_graph.c)
