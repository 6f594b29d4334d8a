# ONNX's own checker and its inference of shapes accept what is written.
find_library(BPTT_ONNX_CHECKER onnx)
mark_as_advanced(BPTT_ONNX_CHECKER)
target_link_libraries(test_onnx PRIVATE ${BPTT_ONNX_CHECKER} bptt::onnx)
catch_discover_tests(test_onnx TEST_PREFIX "onnx: " TEST_SPEC "[large]" PROPERTIES ${must_run} LABELS large) # 2.5 GB of memory

# ONNX Runtime computes what the models of every layer compute. It comes from npm, in the version that examples/web pins.
add_executable(write_cases onnx/write_cases.cpp)
bptt_own_target(write_cases)
target_link_libraries(write_cases PRIVATE bptt_test_options bptt_test_compiled bptt::onnx bptt::io)
set(cases ${CMAKE_CURRENT_BINARY_DIR}/onnx_cases)
add_test(NAME onnx:write_cases COMMAND write_cases ${cases})
add_test(NAME onnx:runtime COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/onnx/runtime.sh ${cases})
set_tests_properties(onnx:write_cases PROPERTIES FIXTURES_SETUP onnx_cases)
set_tests_properties(onnx:runtime PROPERTIES FIXTURES_REQUIRED onnx_cases COST 10 SKIP_REGULAR_EXPRESSION "skipped: there is no")
