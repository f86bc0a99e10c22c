opsig_unit_test(rules/parse base onnx graph pattern rules)
opsig_unit_test(rules/version base onnx graph pattern rules)
