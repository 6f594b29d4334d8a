# The linear RNN of radius ρ makes the gradient ρ times as large with each step back, exactly; 1.5^200 = 1.7e35, 0.5^200 = 6.2e-61.
set(picture ${CMAKE_CURRENT_BINARY_DIR}/gradient_flow_test.svg)
set(table ${CMAKE_CURRENT_BINARY_DIR}/gradient_flow_test.csv)
add_test(NAME gradient_flow:compare COMMAND gradient_flow --svg ${picture} --csv ${table})
set_tests_properties(gradient_flow:compare PROPERTIES FIXTURES_SETUP gradient_flow_files PASS_REGULAR_EXPRESSION
    "tanh, radius 0.5: h .* vanishes .*LSTM, forget bias 0: c .* vanishes .*LSTM, forget bias 5: c .* lasts .*linear, radius 0.5: h +1.0e.00 .* 6.2e-61 +0.500 +vanishes .*linear, radius 1: h +1.0e.00 +1.0e.00 +1.0e.00 +1.0e.00 +1.000 +lasts .*linear, radius 1.5: h .* 1.7e.35 +1.500 +explodes +[0-9.]+e.3[0-9] +5.0e.00")
add_test(NAME gradient_flow:files COMMAND sh -c "grep -c '<title>RNN, linear, radius 1.5: h</title>' ${picture} && head -n 1 ${table} | grep '^step,\"RNN, tanh, radius 0.5: h\",' && [ $(wc -l <${table}) = 202 ]")
set_tests_properties(gradient_flow:files PROPERTIES FIXTURES_REQUIRED gradient_flow_files)
example_refuses(gradient_flow zero_steps "--steps" --steps 0)
example_refuses(gradient_flow other_picture "empty.txt exists and is no picture" --svg ${CMAKE_CURRENT_BINARY_DIR}/empty.txt)
example_refuses(gradient_flow other_table "empty.txt exists and is no table of gradients" --csv ${CMAKE_CURRENT_BINARY_DIR}/empty.txt)
