foreach(noun axis database html json page rules scan summary)
  opsig_unit_test(report/${noun} base onnx stats graph pattern corpus db rules mine scan hypothesis report)
  target_sources(test_report_${noun} PRIVATE support/report_fixture.c support/onnx_write.c)
endforeach()
