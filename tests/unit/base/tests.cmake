opsig_unit_test(base/intern base)
