# The effect is the model's stream and comes close to the distortion; it needs nothing but memset, which GCC calls by itself.
add_test(NAME embedded:plays COMMAND embedded)
set_tests_properties(embedded:plays PROPERTIES PASS_REGULAR_EXPRESSION
    "the effect: [0-9]+ bytes of constants, [0-9]+ of memory\noff the distortion: error-to-signal 0\\.00[0-9] %\noff the model's stream: [0-9.]+e[+-]0[06-9] at most, of 480000 samples")
add_test(NAME embedded:size COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/embedded/size.sh ${embedded})
set_tests_properties(embedded:size PROPERTIES FAIL_REGULAR_EXPRESSION "needs U (m[^e]|[^m])" PASS_REGULAR_EXPRESSION "[0-9]+ bytes of stack: effect.cpp")
example_refuses(embedded other_model "is not a model of live_audio" --load ${CMAKE_CURRENT_BINARY_DIR}/char_lm_test.safetensors)
set_tests_properties(embedded:other_model PROPERTIES FIXTURES_REQUIRED char_lm_model)

example_refuses(export_header over_source "main.cpp exists and is no header of export_header" ${distortion} ${CMAKE_CURRENT_SOURCE_DIR}/embedded/main.cpp)
example_refuses(export_header over_model "is an input" ${distortion} ${distortion})
example_refuses(export_header no_model "CMakeLists.txt" ${CMAKE_CURRENT_SOURCE_DIR}/CMakeLists.txt ${embedded}/none.hpp)
example_refuses(export_header word_of_cpp "\"int\" is no name in C++" ${distortion} ${embedded}/none.hpp --namespace int)
example_refuses(export_header no_namespace "--namespace: 4 is no name of a namespace" ${distortion} ${embedded}/none.hpp --namespace 4)
