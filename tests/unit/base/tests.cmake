foreach(noun arena bits buffer deadline error escape intern mem nearest number output reader rng sha256 sort vec)
  opsig_unit_test(base/${noun} base)
endforeach()
