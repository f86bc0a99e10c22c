opsig_unit_test(mine/explore base onnx stats graph pattern corpus mine)
target_sources(test_mine_explore PRIVATE support/random_field.c)
